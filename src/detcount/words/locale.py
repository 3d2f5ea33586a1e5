"""How numbers, percentages, days and lists are written in each language, the rules as data."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, SupportsFloat, SupportsIndex, get_args

__all__ = [
    "LANGUAGES",
    "LOCALES",
    "NO_BREAK",
    "Joint",
    "Language",
    "Locale",
    "day",
    "join",
    "number",
    "quoted",
]

Language = Literal["en", "es"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
Joint = Literal["and", "or", "with", ",", ";", "+"]

NO_BREAK = "\u00a0"  # sets thousands apart in Spanish; every encoding that has accents has it


@dataclass(frozen=True, kw_only=True)
class Locale:
    """The rules of one language.

    Parameters
    ----------
    point : str
        Decimal sign.
    group : str
        What sets thousands apart.
    group_from : int
        Digits from which they are set apart.
    percent : str
        The sign of percent, with the space that goes before it.
    months : tuple of str
        Names of the months, January first.
    day, day_of_year, month_of_year : str
        A day, with and without its year, and a month with it.
    joints : dict of str to tuple of (str, str)
        For "and", "or" and "with": patterns of what follows, each with the word that goes before it; the "
        "first that
        fits.
    """

    point: str
    group: str
    group_from: int
    percent: str
    months: tuple[str, ...]
    day: str
    day_of_year: str
    month_of_year: str
    joints: dict[str, tuple[tuple[str, str], ...]]


LOCALES: dict[Language, Locale] = {
    "en": Locale(
        point=".",
        group=",",
        group_from=4,
        percent="%",
        months=(
            *("January", "February", "March", "April", "May", "June"),
            *("July", "August", "September", "October", "November", "December"),
        ),
        day="{day} {month} {year}",
        day_of_year="{day} {month}",
        month_of_year="{month} {year}",
        joints={"and": (("", "and"),), "or": (("", "or"),), "with": (("", "with"),)},
    ),
    # as the Real Academia Española asks: "e" before the sound i, "u" before the sound o, also in numerals
    "es": Locale(
        point=",",
        group=NO_BREAK,
        group_from=5,
        percent=f"{NO_BREAK}%",
        months=(
            *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
            *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
        ),
        day="{day} de {month} de {year}",
        day_of_year="{day} de {month}",
        month_of_year="{month} de {year}",
        joints={
            "and": ((r"h?[ií](?![aeoáéó])", "e"), ("", "y")),
            "or": ((r"h?[oó]|8|11(?!\d)", "u"), ("", "o")),
            "with": (("", "con"),),
        },
    ),
}


def number(value: SupportsFloat | SupportsIndex, spec: str, lang: Language) -> str:
    """Write a number: formatted by Python's format specification, separated as the language does.

    Parameters
    ----------
    value : number
        Any real number; infinity is written as its sign.
    spec : str
        Format specification, such as ``",.0f"`` or ``".0%"``.
    lang : {"en", "es"}
        Language.

    Returns
    -------
    str
        The number in words of that language.
    """
    if math.isinf(value):
        return "∞" if float(value) > 0 else "-∞"
    text, rules = format(value, spec), LOCALES[lang]
    whole, point, fraction = text.partition(".")
    grouped = len(re.sub(r"\D", "", whole)) >= rules.group_from
    whole = whole.replace(",", rules.group if grouped else "")
    return (f"{whole}{rules.point}{fraction}" if point else whole).replace("%", rules.percent)


def day(
    value: dt.date, lang: Language, *, year: bool = True, short: bool = False, month: bool = False
) -> str:
    """Write a day: 12 January 2026, 12 de enero de 2026; short, for figures: 12 Jan, 12 ene.

    Parameters
    ----------
    value : datetime.date
        The day.
    lang : {"en", "es"}
        Language.
    year : bool, optional
        Whether its year is written.
    short : bool, optional
        Whether the month is cut to three letters and nothing joins the parts.
    month : bool, optional
        Whether the month is written alone, with its year.

    Returns
    -------
    str
        The day in words.
    """
    rules = LOCALES[lang]
    name = rules.months[value.month - 1]
    if month:
        return rules.month_of_year.format(month=name, year=value.year)
    if short:
        text = f"{value.day} {name[:3]}"
        return f"{text} {value.year}" if year else text
    form = rules.day if year else rules.day_of_year
    return form.format(day=value.day, month=name, year=value.year)


def join(items: Sequence[str], lang: Language, joint: Joint = "and") -> str:
    """List some words: a, b and c.

    Parameters
    ----------
    items : sequence of str
        The words, left as they are.
    lang : {"en", "es"}
        Language.
    joint : {"and", "or", "with", ",", ";", "+"}, optional
        What stands between them; "and" and "or" before the last alone.

    Returns
    -------
    str
        The list.
    """
    if joint == "+":
        return " + ".join(items)
    if joint == "with":
        return f" {LOCALES[lang].joints[joint][0][1]} ".join(items)
    if joint in {",", ";"} or len(items) < 2:
        return f"{joint if joint == ';' else ','} ".join(items)
    *before, last = items
    sound = re.sub(r"^\W+", "", last.lower())
    word = next(word for pattern, word in LOCALES[lang].joints[joint] if re.match(pattern, sound))
    return f"{', '.join(before)} {word} {last}"


def quoted(name: str) -> str:
    """Put a name in quotation marks, as Python does, but leave the signs that some scripts need.

    Parameters
    ----------
    name : str
        The name.

    Returns
    -------
    str
        The name in single quotation marks, or in double ones where it holds single ones alone; control
        characters are written by their codes.
    """
    mark = '"' if "'" in name and '"' not in name else "'"
    held = "".join(_visible(letter, mark) for letter in name)
    return f"{mark}{held}{mark}"


def _visible(letter: str, mark: str) -> str:
    """A character of a name, in quotation marks."""
    if letter in {"\\", mark}:
        return f"\\{letter}"
    if letter.isprintable() or unicodedata.category(letter) in {"Cf", "Zs"}:
        return letter
    return repr(letter)[1:-1]
