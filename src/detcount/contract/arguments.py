"""The checks of arguments, each once. What comes back is plain Python; a wrong kind is refused as such."""

from __future__ import annotations

import datetime as dt
import math
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from numbers import Real
from typing import TYPE_CHECKING, Annotated, Any, Literal

from detcount.errors import InputError, InputTypeError
from detcount.words import Message, languages

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

FIRST_YEAR, LAST_YEAR = 1900, 2199
HOW_TO_WRITE_A_DAY = Message("Write year, month and day, as in 2026-01-31")
Unit = Literal["", "of persons", "of days"]
"""What is counted, in the words of a refusal."""
_WHOLE: dict[Unit, Message] = {
    "": Message("a whole number"),
    "of persons": Message("a whole number of persons"),
    "of days": Message("a whole number of days"),
}
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}.*)?", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d{1,2}", re.ASCII)
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)", re.ASCII)
_FEWEST_WORKERS = 32  # that may be asked for on any machine
_WORKERS_PER_PROCESSOR = 4  # beyond it workers wait for each other, and each holds the library in memory


TWO_SPELLINGS = Message(
    "one name in two spellings, which differ in spaces, capitals or accents only, so that one would count as "
    "two. Write it one way"
)


def whole_number(
    name: str, value: Any, *, least: int = 0, most: int | None = None, unit: Unit = "", remedy: str = ""
) -> int:
    """Give a whole number as ``int``; numpy's integers and floats without a fraction are whole numbers too.

    `unit` follows "a whole number"; `remedy` is the last sentence of the refusals.
    """
    if type(value) is int and least <= value and (most is None or value <= most):
        return value  # before any words are made: this is asked of every estimate
    what = _WHOLE[unit]
    if most is not None:
        wanted = Message("{what} from {least:,} to {most:,}", what=what, least=least, most=most)
    elif unit:
        wanted = Message("{what}, {least:,} or more", what=what, least=least)
    elif least == 0:
        wanted = Message("{what} of 0 or more", what=what)
    else:
        wanted = Message("{what} of at least {least:,}", what=what, least=least)
    if not is_number(value):
        raise InputTypeError(refusal(name, wanted, kind_of(value), remedy))
    if value % 1 != 0:  # of infinity and nan too
        raise InputError(refusal(name, wanted, _as_given(value), remedy))
    number = int(value)
    if number < least or (most is not None and number > most):
        raise InputError(refusal(name, wanted, Message("{number:,}", number=number), remedy))
    return number


def seed(value: Any) -> int:
    """Give the seed of random numbers as ``int``."""
    return whole_number("seed", value)


def level(value: Any, name: str = "level") -> float:
    """Give a level of confidence or credibility, between 0 and 1."""
    if type(value) is float and 0 < value < 1:
        return value
    wanted, remedy = Message("a number between 0 and 1"), Message("0.95 means 95%")
    if not is_number(value):
        raise InputTypeError(refusal(name, wanted, kind_of(value), remedy))
    if not 0 < value < 1:
        raise InputError(refusal(name, wanted, _as_given(value), remedy))
    return float(value)


def language(value: Any) -> str:
    """Give the code of a language that there is."""
    known = languages()
    if not isinstance(value, str) or value not in known:
        got = repr(value) if isinstance(value, str) else kind_of(value)
        raise InputError(Message("lang: expected {known!r:or}, got {got}", known=known, got=got))
    return str(value)


def share(name: str, value: Any, *, remedy: str = "") -> float:
    """Give a number from 0 to 1, both included."""
    return number(name, value, least=0, most=1, remedy=remedy)


def positive(name: str, value: Any, *, unit: Literal["", "of persons"] = "", remedy: str = "") -> float:
    """Give a finite number above 0; `unit` follows "number"."""
    if not is_number(value):
        wanted = Message("a number of persons above 0") if unit else Message("a number above 0")
        raise InputTypeError(refusal(name, wanted, kind_of(value), remedy))
    number = float(value)
    if not 0 < number < math.inf:
        wanted = Message("a finite number of persons above 0") if unit else Message("a finite number above 0")
        raise InputError(refusal(name, wanted, _as_given(number), remedy))
    return number


def number(name: str, value: Any, *, least: float, most: float = math.inf, remedy: str = "") -> float:
    """Give a finite number of a closed range."""
    if most < math.inf:
        wanted = Message("a number from {least:g} to {most:g}", least=least, most=most)
    else:
        wanted = Message("a finite number of {least:g} or more", least=least)
    if not is_number(value):
        raise InputTypeError(refusal(name, wanted, kind_of(value), remedy))
    if not (math.isfinite(value) and least <= value <= most):
        raise InputError(refusal(name, wanted, _as_given(value), remedy))
    return float(value)


def numbers(name: str, value: Any, kind: DTypeLike | None = float) -> NDArray[Any]:
    """Give an array of numbers of a kind."""
    import numpy as np  # here, as the help of the command needs none of it

    try:
        if value is not None:
            return np.asarray(value, dtype=kind)
    except (OverflowError, TypeError, ValueError):
        pass
    raise InputTypeError(refusal(name, Message("an array of numbers"), kind_of(value)))


def positive_pair(name: str, value: Any) -> tuple[float, float]:
    """Give two finite numbers above 0, such as those of a Beta distribution."""
    wanted = Message("two numbers above 0")
    if isinstance(value, (str, Mapping)) or not isinstance(value, Iterable):
        raise InputTypeError(refusal(name, wanted, kind_of(value)))
    pair = tuple(value)
    if len(pair) != 2:
        raise InputError(refusal(name, wanted, Message("{n} values", n=len(pair))))
    return positive(name, pair[0]), positive(name, pair[1])


def day(name: str, value: Any) -> dt.date:
    """Read a day from text, a date, a time or a numpy day, from 1900 to 2199; errors never show the text."""
    found = _date_of(name, value)
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise InputError(
            Message(
                "{name}: expected a year from {first} to {last}, got {got}. Write the year in four digits",
                name=name,
                first=FIRST_YEAR,
                last=LAST_YEAR,
                got=Message("a year far from it") if found is None else found.year,
            )
        )
    return found


def _date_of(name: str, value: Any) -> dt.date | None:
    """The day of a value; None of a numpy day in a year that a date cannot have."""
    if value is None or (not getattr(value, "shape", ()) and value != value):  # as no time equals itself
        raise InputError(
            Message("{name}: the day is missing. {remedy}", name=name, remedy=HOW_TO_WRITE_A_DAY)
        )
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if type(value).__name__ == "datetime64":
        made = value.astype("datetime64[D]").astype(object)
        return made if isinstance(made, dt.date) else None
    if not isinstance(value, str):
        kind = Message("a number") if is_number(value) else kind_of(value)
        raise InputError(refusal(name, Message("a day"), kind, HOW_TO_WRITE_A_DAY))
    parts = _ISO.fullmatch(value.strip())
    if parts is None:
        if _MONTH.fullmatch(value.strip()):
            got = Message("a month without a day")
        elif _YEAR.search(value):
            got = Message("text in another form")
        else:
            got = Message("text without a year in four digits")
        raise InputError(refusal(name, Message("a day as in 2026-01-31"), got, HOW_TO_WRITE_A_DAY))
    try:
        return dt.date(*map(int, parts.groups()))
    except ValueError:
        got = Message("a month or day that does not exist")
        raise InputError(refusal(name, Message("a day of the calendar"), got, HOW_TO_WRITE_A_DAY)) from None


def true_or_false(name: str, value: Any) -> bool:
    """Give True or False; nothing else stands for one of them."""
    if type(value).__name__ not in ("bool", "bool_"):
        raise InputTypeError(refusal(name, Message("True or False"), kind_of(value)))
    return bool(value)


def one_of(name: str, value: Any, known: Sequence[str]) -> Any:
    """Give one of the words that are known."""
    if not any(isinstance(value, type(word)) and value == word for word in known):
        got = repr(value) if isinstance(value, str) or is_number(value) else kind_of(value)
        raise InputError(Message("{name}: expected {known!r:or}, got {got}", name=name, known=known, got=got))
    return value


def instance_of(name: str, value: Any, kinds: tuple[type, ...]) -> Any:
    """Give an object of one of some classes."""
    if not isinstance(value, kinds):
        wanted = Message("{known:or}", known=[f"{kind.__name__}()" for kind in kinds])
        raise InputTypeError(refusal(name, wanted, kind_of(value)))
    return value


def different_names(name: str, value: Any) -> tuple[str, ...]:
    """Give different names, at least one; one text is not taken for the names of its letters."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise InputTypeError(refusal(name, Message("a tuple of names"), kind_of(value)))
    names = tuple(value)
    if not all(isinstance(each, str) for each in names):
        raise InputTypeError(refusal(name, Message("a tuple of names"), Message("something else in it")))
    if not names or len(set(names)) < len(names):
        raise InputError(refusal(name, Message("different names, at least one"), repr(names)))
    two = one_spelling(names)
    if two is not None:
        raise InputError(
            Message(
                "{name}, positions {first} and {second}: {why}",
                name=name,
                first=two[0] + 1,
                second=two[1] + 1,
                why=TWO_SPELLINGS,
            )
        )
    return names


def plain(name: str) -> str:
    """Text without what two spellings of one name differ in: spaces, capitals, accents."""
    if name.isascii():
        return " ".join(name.lower().split())
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
    wanted = Message("a whole number of workers other than 0, or None")
    remedy = Message("-1 is one for each processor")
    if not is_number(value):
        raise InputTypeError(refusal("n_jobs", wanted, kind_of(value), remedy))
    if value == 0 or value % 1 != 0:
        raise InputError(refusal("n_jobs", wanted, _as_given(value), remedy))
    most = max(_FEWEST_WORKERS, _WORKERS_PER_PROCESSOR * (os.cpu_count() or 1))
    if value > most:
        raise InputError(
            Message(
                "n_jobs: expected at most {most} workers on this machine, got {n:,}. {remedy}; more than "
                "that makes nothing faster",
                most=most,
                n=int(value),
                remedy=remedy,
            )
        )
    return int(value)


AtLeast1 = Annotated[int, partial(whole_number, least=1)]
AtLeast100 = Annotated[int, partial(whole_number, least=100)]
AtLeast0 = Annotated[float, partial(number, least=0)]
Positive = Annotated[float, positive]
PositivePair = Annotated[tuple[float, float], positive_pair]
Proportion = Annotated[float, share]
TrueOrFalse = Annotated[bool, true_or_false]


def refusal(name: str, wanted: Message, got: str, remedy: str = "") -> Message:
    """Write a refusal: what was expected, what was found, and `remedy` as the last sentence."""
    if remedy:
        return Message(
            "{name}: expected {wanted}, got {got}. {remedy}", name=name, wanted=wanted, got=got, remedy=remedy
        )
    return Message("{name}: expected {wanted}, got {got}", name=name, wanted=wanted, got=got)


def _as_given(value: Any) -> str:
    """A number in its shortest form; "inf" where no float holds it. "inf" and "nan" are as in Python."""
    try:
        number = float(value)
    except OverflowError:
        number = math.inf if value > 0 else -math.inf
    return Message("{number:g}", number=number) if math.isfinite(number) else f"{number:g}"


def is_number(value: Any) -> bool:
    """Check whether a value is a real number, of Python or numpy; True and False are none."""
    return isinstance(value, Real) and not isinstance(value, bool)


def kind_of(value: Any) -> str:
    """Describe a value without its content."""
    if isinstance(value, type):
        return Message("the class {name}", name=value.__name__)
    return "None" if value is None else type(value).__name__
