"""Days, months, years and "before 2024-08" as the first and the last day that they can mean."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount import arguments
from detcount._numerics.arrays import Ints
from detcount._numerics.stock.spells import LONG_AGO, NEVER
from detcount.arguments import FIRST_YEAR, LAST_YEAR, plain
from detcount.errors import InputError
from detcount.frames import RowNames, missing
from detcount.words import Message

_EPOCH = dt.date(1970, 1, 1).toordinal()
_MONTH = re.compile(r"(\d{4})-(\d{1,2})", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_ZONE = re.compile(r"\d:\d{2}\S*\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})", re.ASCII | re.IGNORECASE)
# as they are written after `plain`, which takes the accents away
_BEFORE = re.compile(r"(?:before|antes de(?:l)?|<)\s*(.+)")
_AFTER = re.compile(r"(?:after|despues de(?:l)?|>)\s*(.+)")
_UNKNOWN = frozenset(("unknown", "desconocido", "desconocida", "se desconoce", "?"))
_HOW = Message("Write 2024-08-15, 2024-08, 2024, before 2024-08, after 2024-08, or two days with / between")


def read_spans(cells: Iterable[Any], where: str, rows: RowNames) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """First and last possible day of each cell, since 1970, and whether something is written.

    An end that nobody knows is `LONG_AGO` or `NEVER`. No cell is ever shown.
    """
    known: dict[Any, tuple[int, int]] = {}
    spans: list[tuple[int, int]] = []
    said: list[bool] = []
    for row, cell in enumerate(cells):
        if missing(cell):
            spans.append((LONG_AGO, NEVER))
            said.append(False)
            continue
        key = (type(cell), cell) if isinstance(cell, (str, dt.date, np.datetime64)) else None
        span = known.get(key)
        if span is None:
            span = _span(cell, Message("{where}, {row}", where=where, row=rows(row)))
            if key is not None:
                known[key] = span
        spans.append(span)
        said.append(True)
    both = np.array(spans, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1], np.array(said, dtype=bool)


def number_of(day: dt.date) -> int:
    """Days since 1970."""
    return day.toordinal() - _EPOCH


def as_day(number: int) -> dt.date:
    """The day of a number of days since 1970."""
    return dt.date.fromordinal(int(number) + _EPOCH)


def _span(cell: Any, where: str) -> tuple[int, int]:
    """First and last day that a cell can mean."""
    if isinstance(cell, str):
        return _written(cell.strip(), where)
    number = isinstance(cell, (int, float, np.integer, np.floating)) and not isinstance(cell, bool)
    if number and FIRST_YEAR <= cell <= LAST_YEAR and cell == int(cell):
        return _year(int(cell))
    if getattr(cell, "tzinfo", None) is not None:
        raise _in_a_zone(where)
    return (number_of(arguments.day(where, cell)),) * 2


def _written(text: str, where: str) -> tuple[int, int]:
    """First and last day of what is written."""
    words = plain(text)
    if words in _UNKNOWN:
        return LONG_AGO, NEVER
    before, after = _BEFORE.fullmatch(words), _AFTER.fullmatch(words)
    if before is not None:
        return LONG_AGO, _point(before[1], where)[0] - 1
    if after is not None:
        return _point(after[1], where)[1] + 1, NEVER
    first, between, last = text.partition("/")
    if between and _YEAR.match(first) and _YEAR.match(last.strip()):
        begin, end = _point(first.strip(), where)[0], _point(last.strip(), where)[1]
        if end < begin:
            raise InputError(
                Message("{where}: the second day is before the first. Swap the two", where=where)
            )
        return begin, end
    return _point(text, where)


def _point(text: str, where: str) -> tuple[int, int]:
    """First and last day of a day, a month or a year."""
    month = _MONTH.fullmatch(text)
    if month is not None:
        year, number = int(month[1]), int(month[2])
        if FIRST_YEAR <= year <= LAST_YEAR and 1 <= number <= 12:
            last = monthrange(year, number)[1]
            return number_of(dt.date(year, number, 1)), number_of(dt.date(year, number, last))
        raise InputError(
            Message("{where}: expected a month of the calendar, got another. {how}", where=where, how=_HOW)
        )
    if _YEAR.fullmatch(text) and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return _year(int(text))
    if _ZONE.search(text):
        raise _in_a_zone(where)
    try:
        return (number_of(arguments.day(where, text)),) * 2
    except InputError as error:
        raise InputError(Message("{fault}. {how}", fault=error.args[0], how=_HOW)) from None


def _year(year: int) -> tuple[int, int]:
    """First and last day of a year."""
    return number_of(dt.date(year, 1, 1)), number_of(dt.date(year, 12, 31))


def _in_a_zone(where: str) -> InputError:
    """Error for a time with a time zone."""
    return InputError(
        Message(
            "{where}: expected a day, got a time with a time zone, which is another day elsewhere. Write the "
            "day where people are held, and no time",
            where=where,
        )
    )
