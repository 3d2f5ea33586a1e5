"""The rules by which a language writes numbers, days and lists, from its folder; texts as they are shown."""

from __future__ import annotations

import datetime as dt
import math
import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal, SupportsFloat, SupportsIndex

FOLDERS = "DETCOUNT_LOCALES"
"""Environment variable that names more folders of locales, as a translator has them before they ship."""

# C0 and C1, what turns text around, ends of lines and paragraphs, halves of characters, no characters; the
# marks of direction that Arabic and Hebrew need (U+200E, U+200F, U+061C) turn nothing
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
_BLANKS = frozenset("\t\n\r\u2028\u2029")

Joint = Literal["and", "or", "with", ",", ";", "+"]


@dataclass(frozen=True, kw_only=True)
class Locale:
    """The rules of one language, or of one region of it.

    Parameters
    ----------
    code : str
        Its code, as ``lang`` names it: ``"es"``, ``"es-MX"``.
    name : str
        Its name, in itself.
    lineage : tuple of str
        Its code, then those of the locales that it takes the rest of its rules and words from.
    point : str
        Decimal sign.
    group : str
        Separator of thousands.
    group_from : int
        Fewest digits of a whole number at which thousands are separated.
    percent : str
        The sign of percent, with the space that goes before it.
    months, months_short : tuple of str
        Names of the months and their abbreviations, January first.
    days : dict of str to str
        Patterns of a day: "day", "day_of_year", "month_of_year", "short", "short_of_year".
    joints : dict of str to tuple of (str, str)
        For "and", "or" and "with": patterns of what follows, each with the word that goes before it; the
        first that fits.
    """

    code: str
    name: str
    lineage: tuple[str, ...]
    point: str
    group: str
    group_from: int
    percent: str
    months: tuple[str, ...]
    months_short: tuple[str, ...]
    days: Mapping[str, str]
    joints: Mapping[str, tuple[tuple[str, str], ...]]


def languages() -> tuple[str, ...]:
    """Give the codes of all locales: the folders with their rules.

    Returns
    -------
    tuple of str
        The codes in alphabetical order, what ``lang`` can be.

    Examples
    --------
    >>> from detcount.words import languages
    >>> languages()
    ('en', 'es', 'es-MX', 'es-VE')
    """
    return tuple(sorted(_folders(os.environ.get(FOLDERS, ""))))


def locale_of(code: str) -> Locale:
    """Give the rules of a language.

    Parameters
    ----------
    code : str
        Its code, one of `languages`.

    Returns
    -------
    Locale
        The rules. What the folder of a region does not say is as in its parent.

    Examples
    --------
    >>> from detcount.words import locale_of
    >>> locale_of("es").code
    'es'
    """
    return _read(code, os.environ.get(FOLDERS, ""))


def folder_of(code: str) -> Traversable:
    """Give the folder of a language.

    Parameters
    ----------
    code : str
        Its code.

    Returns
    -------
    Traversable
        The folder, with ``locale.toml`` and, where it has words of its own, ``messages.po``.
    """
    return _folders(os.environ.get(FOLDERS, ""))[code]


@cache
def _folders(others: str) -> dict[str, Traversable]:
    """Folders by code: those that ship, then those of the environment."""
    places: list[Traversable] = [files("detcount.words").joinpath("locales")]
    places += [Path(place) for place in others.split(os.pathsep) if place]
    return {
        folder.name: folder
        for place in places
        for folder in place.iterdir()
        if folder.joinpath("locale.toml").is_file()
    }


@cache
def _read(code: str, others: str) -> Locale:
    """The rules of a language, with those of its parents."""
    rules, lineage = _rules(code, _folders(others))
    numbers, days = rules["numbers"], dict(rules["days"])
    return Locale(
        code=code,
        name=rules["name"],
        lineage=lineage,
        point=numbers["point"],
        group=numbers["group"],
        group_from=numbers["group_from"],
        percent=numbers["percent"],
        months=tuple(days.pop("months")),
        months_short=tuple(days.pop("months_short")),
        days=days,
        joints={
            joint: tuple((each["before"], each["word"]) for each in words)
            for joint, words in rules["lists"].items()
        },
    )


def _rules(code: str, folders: Mapping[str, Traversable]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Read the rules of a folder, over those of its parent; and the codes from it upwards."""
    import tomllib

    own = tomllib.loads(folders[code].joinpath("locale.toml").read_text(encoding="utf-8"))
    if "parent" not in own:
        return own, (code,)
    rules, above = _rules(own["parent"], folders)
    for part, value in own.items():
        rules[part] = {**rules.get(part, {}), **value} if isinstance(value, dict) else value
    return rules, (code, *above)


def number(value: SupportsFloat | SupportsIndex, spec: str, lang: str) -> str:
    """Write a number: formatted by Python's format specification, separated as the language does.

    Parameters
    ----------
    value : number
        Any real number; infinity is written as its sign.
    spec : str
        Format specification, such as ``",.0f"`` or ``".0%"``.
    lang : str
        Code of the language.

    Returns
    -------
    str
        The number in words of that language.

    Examples
    --------
    >>> from detcount.words import number
    >>> number(1234.5, ".1f", "en"), number(0.25, ".2f", "es")
    ('1234.5', '0,25')
    """
    if math.isinf(value):
        return "∞" if float(value) > 0 else "-∞"
    text, rules = format(value, spec), locale_of(lang)
    whole, point, fraction = text.partition(".")
    grouped = len(re.sub(r"\D", "", whole)) >= rules.group_from
    whole = whole.replace(",", rules.group if grouped else "")
    return (f"{whole}{rules.point}{fraction}" if point else whole).replace("%", rules.percent)


def day(value: dt.date, lang: str, *, year: bool = True, short: bool = False, month: bool = False) -> str:
    """Write a day: 12 January 2026, 12 de enero de 2026; short, for figures: 12 Jan, 12 ene.

    Parameters
    ----------
    value : datetime.date
        The day.
    lang : str
        Code of the language.
    year : bool, optional
        Whether its year is written.
    short : bool, optional
        Whether the month is abbreviated.
    month : bool, optional
        Whether the month is written alone, with its year.

    Returns
    -------
    str
        The day in words.

    Examples
    --------
    >>> import datetime as dt
    >>> from detcount.words import day
    >>> day(dt.date(2026, 1, 12), "es")
    '12 de enero de 2026'
    """
    rules = locale_of(lang)
    names = rules.months_short if short and not month else rules.months
    form = "month_of_year" if month else ("short" if short else "day") + ("" if year else "_of_year")
    return rules.days[form].format(day=value.day, month=names[value.month - 1], year=value.year)


def join(items: Sequence[str], lang: str, joint: Joint = "and") -> str:
    """List some words: a, b and c.

    Parameters
    ----------
    items : sequence of str
        The words, left as they are.
    lang : str
        Code of the language.
    joint : {"and", "or", "with", ",", ";", "+"}, optional
        What stands between them; "and" and "or" before the last alone.

    Returns
    -------
    str
        The list.

    Examples
    --------
    >>> from detcount.words import join
    >>> join(["press", "court", "families"], "en"), join(["prensa", "iglesia"], "es")
    ('press, court and families', 'prensa e iglesia')
    """
    if joint == "+":
        return " + ".join(items)
    if joint == "with":
        return f" {locale_of(lang).joints[joint][0][1]} ".join(items)
    if joint in {",", ";"} or len(items) < 2:
        return f"{joint if joint == ';' else ','} ".join(items)
    *before, last = items
    sound = re.sub(r"^\W+", "", last.lower())
    word = next(word for pattern, word in locale_of(lang).joints[joint] if re.match(pattern, sound))
    return f"{', '.join(before)} {word} {last}"


def quoted(name: str) -> str:
    """Put a name in quotation marks, as Python does, but keep the characters that some scripts need.

    Parameters
    ----------
    name : str
        The name.

    Returns
    -------
    str
        The name in single quotation marks, or in double ones where it holds single ones alone; control
        characters are written by their codes.

    Examples
    --------
    >>> from detcount.words import quoted
    >>> print(quoted("court"))
    'court'
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


def visible(text: str) -> str:
    """Write text in one line, with a sign in place of each invisible character.

    Parameters
    ----------
    text : str
        Text that may be somebody's data: the name of a list, a column or a file.

    Returns
    -------
    str
        The text. Tabulators and ends of lines are blanks; other control characters, those that change the
        direction of text, and bytes of a file's name that are no text, are U+FFFD.

    Examples
    --------
    >>> from detcount.words import visible
    >>> visible("press")
    'press'
    """
    return text if text.isprintable() else _UNSEEN.sub(_instead, text)


def escaped_controls(json: str) -> str:
    """Write invisible characters of a JSON text as their codes; its meaning stays the same.

    Parameters
    ----------
    json : str
        Text in JSON, whose lines end by U+000A.

    Returns
    -------
    str
        The text.
    """
    return _UNSEEN.sub(lambda found: found[0] if found[0] == "\n" else f"\\u{ord(found[0]):04x}", json)


def _instead(found: re.Match[str]) -> str:
    """Give a substitute for a character."""
    return " " if found[0] in _BLANKS else "\ufffd"
