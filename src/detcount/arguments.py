"""The checks of arguments, each once. What comes back is plain Python; a wrong kind is a TypeError."""

from __future__ import annotations

import datetime as dt
import math
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from numbers import Real
from typing import Any

from detcount.errors import InputError
from detcount.words import Message, languages

__all__ = [
    "FIRST_YEAR",
    "HOW_TO_WRITE_A_DAY",
    "LAST_YEAR",
    "TWO_SPELLINGS",
    "day",
    "different_names",
    "language",
    "level",
    "number",
    "one_of",
    "one_spelling",
    "plain",
    "positive",
    "positive_pair",
    "seed",
    "share",
    "true_or_false",
    "whole_number",
    "workers",
]

TWO_SPELLINGS = Message(
    "one name in two spellings, which differ in spaces, capitals or accents only, so that one would count as "
    "two. Write it one way"
)
FIRST_YEAR, LAST_YEAR = 1900, 2199
HOW_TO_WRITE_A_DAY = Message("Write year, month and day, as in 2026-01-31")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}.*)?", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d{1,2}", re.ASCII)
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)", re.ASCII)
_FEWEST_WORKERS = 32  # that may be asked for on any machine
_WORKERS_PER_PROCESSOR = 4  # beyond it workers wait for each other, and each holds the library in memory


def whole_number(
    name: str, value: Any, *, least: int = 0, most: int | None = None, unit: str = "", remedy: str = ""
) -> int:
    """Give a whole number as ``int``; numpy's integers and floats without a fraction are whole numbers too.

    `unit` follows "a whole number", as in "of persons"; `remedy` is the last sentence of the refusals.
    """
    what = f"a whole number {unit}".rstrip()
    if most is not None:
        wanted = f"{what} from {least:,} to {most:,}"
    elif unit:
        wanted = f"{what}, {least:,} or more"
    else:
        wanted = f"{what} of 0 or more" if least == 0 else f"{what} of at least {least:,}"
    end = f". {remedy}" if remedy else ""
    if not _is_number(value):
        raise TypeError(f"{name}: expected {wanted}, got {_kind(value)}{end}")
    if value % 1 != 0:  # of infinity and nan too
        raise InputError(f"{name}: expected {wanted}, got {float(value):g}{end}")
    number = int(value)
    if number < least or (most is not None and number > most):
        raise InputError(f"{name}: expected {wanted}, got {number:,}{end}")
    return number


def seed(value: Any) -> int:
    """Give the seed of random numbers as ``int``."""
    return whole_number("seed", value)


def level(value: Any, name: str = "level") -> float:
    """Give a level of confidence or credibility, between 0 and 1."""
    if not _is_number(value):
        raise TypeError(f"{name}: expected a number between 0 and 1, got {_kind(value)}. 0.95 means 95%")
    if not 0 < value < 1:
        raise InputError(f"{name}: expected a number between 0 and 1, got {float(value):g}. 0.95 means 95%")
    return float(value)


def language(value: Any) -> str:
    """Give the code of a language that there is."""
    known = languages()
    if value not in known:
        got = repr(value) if isinstance(value, str) else _kind(value)
        raise InputError(Message("lang: expected {known!r:or}, got {got}", known=known, got=got))
    return str(value)


def share(name: str, value: Any, *, remedy: str = "") -> float:
    """Give a number from 0 to 1, both of which it may be."""
    return number(name, value, least=0, most=1, remedy=remedy)


def positive(name: str, value: Any, *, unit: str = "", remedy: str = "") -> float:
    """Give a finite number above 0; `unit` follows "number", as in "of persons"."""
    what = f"number {unit}".rstrip()
    end = f". {remedy}" if remedy else ""
    if not _is_number(value):
        raise TypeError(f"{name}: expected a {what} above 0, got {_kind(value)}{end}")
    number = float(value)
    if not 0 < number < math.inf:
        raise InputError(f"{name}: expected a finite {what} above 0, got {number:g}{end}")
    return number


def number(name: str, value: Any, *, least: float, most: float = math.inf, remedy: str = "") -> float:
    """Give a finite number of a closed range."""
    what = (
        f"a number from {least:g} to {most:g}" if most < math.inf else f"a finite number of {least:g} or more"
    )
    end = f". {remedy}" if remedy else ""
    if not _is_number(value):
        raise TypeError(f"{name}: expected {what}, got {_kind(value)}{end}")
    if not (math.isfinite(value) and least <= value <= most):
        raise InputError(f"{name}: expected {what}, got {float(value):g}{end}")
    return float(value)


def positive_pair(name: str, value: Any) -> tuple[float, float]:
    """Give two finite numbers above 0, such as those of a Beta distribution."""
    if isinstance(value, (str, Mapping)) or not isinstance(value, Iterable):
        raise TypeError(f"{name}: expected two numbers above 0, got {_kind(value)}")
    pair = tuple(value)
    if len(pair) != 2:
        raise InputError(f"{name}: expected two numbers above 0, got {len(pair)} values")
    return positive(name, pair[0]), positive(name, pair[1])


def day(name: str, value: Any) -> dt.date:
    """Give a day of text, a date, a time or a numpy day, in a year of our times; text is never shown."""
    found = _date_of(name, value)
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        got = "a year far from it" if found is None else found.year
        raise InputError(
            f"{name}: expected a year from {FIRST_YEAR} to {LAST_YEAR}, got {got}. "
            "Write the year in four digits"
        )
    return found


def _date_of(name: str, value: Any) -> dt.date | None:
    """The day of a value; None of a numpy day in a year that a date cannot have."""
    if value is None or value != value:  # as no time equals itself
        raise InputError(f"{name}: the day is missing. {HOW_TO_WRITE_A_DAY}")
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if type(value).__name__ == "datetime64":
        made = value.astype("datetime64[D]").astype(object)
        return made if isinstance(made, dt.date) else None
    if not isinstance(value, str):
        kind = "a number" if _is_number(value) else _kind(value)
        raise InputError(f"{name}: expected a day, got {kind}. {HOW_TO_WRITE_A_DAY}")
    parts = _ISO.fullmatch(value.strip())
    if parts is None:
        if _MONTH.fullmatch(value.strip()):
            what = "a month without a day"
        else:
            what = "text in another form" if _YEAR.search(value) else "text without a year in four digits"
        raise InputError(f"{name}: expected a day as in 2026-01-31, got {what}. {HOW_TO_WRITE_A_DAY}")
    try:
        return dt.date(*map(int, parts.groups()))
    except ValueError:
        raise InputError(
            f"{name}: expected a day of the calendar, got a month or day that does not exist. "
            f"{HOW_TO_WRITE_A_DAY}"
        ) from None


def true_or_false(name: str, value: Any) -> bool:
    """Give True or False; nothing else stands for one of them."""
    if type(value).__name__ not in ("bool", "bool_"):
        raise TypeError(f"{name}: expected True or False, got {_kind(value)}")
    return bool(value)


def one_of(name: str, value: Any, known: Sequence[str]) -> None:
    """Refuse what is not one of the words that are known."""
    if value not in known:
        raise InputError(
            Message("{name}: expected {known!r:or}, got {got}", name=name, known=known, got=repr(value))
        )


def different_names(name: str, value: Any) -> tuple[str, ...]:
    """Give different names, at least one; one text is not taken for the names of its letters."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise TypeError(f"{name}: expected a tuple of names, got {_kind(value)}")
    names = tuple(value)
    if not all(isinstance(each, str) for each in names):
        raise TypeError(f"{name}: expected a tuple of names, got something else in it")
    if not names or len(set(names)) < len(names):
        raise InputError(f"{name}: expected different names, at least one, got {names!r}")
    two = one_spelling(names)
    if two is not None:
        raise InputError(f"{name}, positions {two[0] + 1} and {two[1] + 1}: {TWO_SPELLINGS}")
    return names


def plain(name: str) -> str:
    """A name without what two spellings of one name differ in: spaces, capitals, accents."""
    letters = unicodedata.normalize("NFKD", " ".join(name.split()).casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def one_spelling(names: Sequence[str]) -> tuple[int, int] | None:
    """Positions of two spellings of one name, or None: one body would count as two."""
    first: dict[str, int] = {}
    for position, name in enumerate(names):
        earlier = first.setdefault(plain(name), position)
        if names[earlier] != name:
            return earlier, position
    return None


def workers(value: Any) -> int | None:
    """Give a number of workers as joblib counts them: None, from 1, or from -1 down."""
    if value is None:
        return None
    wanted = "n_jobs: expected a whole number of workers other than 0, or None"
    remedy = "-1 is one for each processor"
    if not _is_number(value):
        raise TypeError(f"{wanted}, got {_kind(value)}. {remedy}")
    if value == 0 or value % 1 != 0:
        raise InputError(f"{wanted}, got {float(value):g}. {remedy}")
    most = max(_FEWEST_WORKERS, _WORKERS_PER_PROCESSOR * (os.cpu_count() or 1))
    if value > most:
        raise InputError(
            f"n_jobs: expected at most {most} workers on this machine, got {int(value):,}. "
            f"{remedy}; more than that makes nothing faster"
        )
    return int(value)


def _is_number(value: Any) -> bool:
    """Whether a value is a real number, of Python or numpy; True and False are none."""
    return isinstance(value, Real) and not isinstance(value, bool)


def _kind(value: Any) -> str:
    """What a value is, without its content."""
    return "None" if value is None else type(value).__name__
