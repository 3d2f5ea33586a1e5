"""Days and statuses of persons on lists: the first and the last day that each cell can mean, since 1970."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Ints
from detcount._numerics.stock.spells import LONG_AGO, NEVER
from detcount.contract import arguments
from detcount.errors import InputError, InputTypeError
from detcount.reading.cells import Status, read_status
from detcount.reading.days import (
    DAY_FIRST,
    MONTH_FIRST,
    has_year_last,
    is_unknown,
    number_of,
    orders_shown,
    read_span,
)
from detcount.reading.frames import RowNames, missing
from detcount.words import Message

_ZONE = re.compile(r"\d:\d{2}\S*\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})", re.ASCII | re.IGNORECASE)
_HOW = Message("Write 2024-08-15, 2024-08, 2024, before 2024-08, after 2024-08, or two days with / between")


def read_spans(cells: Iterable[Any], where: str, rows: RowNames) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """First and last possible day of each cell, since 1970, and whether something is written.

    An end that nobody knows is `LONG_AGO` or `NEVER`. Days that end with the year are read in the order that
    the column shows, and refused where no row shows it. No cell is ever shown.
    """
    values = list(cells)
    texts = dict.fromkeys(cell for cell in values if isinstance(cell, str))
    day_leads, month_leads = orders_shown(texts)
    order = (DAY_FIRST if day_leads else MONTH_FIRST) if bool(day_leads) != bool(month_leads) else None
    got = Message("the year last, and no row shows whether the day or the month comes first")
    if day_leads and month_leads:
        got = Message("the day first in some rows and the month in others")
    stated = [not missing(cell) for cell in values]
    known: dict[Any, tuple[int, int]] = {}
    spans: list[tuple[int, int]] = []
    for row, cell in enumerate(values):
        key = (type(cell), cell) if isinstance(cell, (str, dt.date, np.datetime64)) else None
        span = known.get(key) if stated[row] else (LONG_AGO, NEVER)
        if span is None:
            place = Message("{where}, {row}", where=where, row=rows(row))
            span = _span(cell, place, order, got)
            if key is not None:
                known[key] = span
        spans.append(span)
    both = np.array(spans, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1], np.array(stated, dtype=bool)


def _span(cell: Any, where: str, order: str | None, got: str) -> tuple[int, int]:
    """First and last day that a cell can mean; `got` is said where no order of days is known."""
    number = isinstance(cell, (int, float, np.integer, np.floating)) and not isinstance(cell, bool)
    if number and cell == cell // 1:  # a year, or a day as spreadsheets count them
        cell = str(int(cell))
    if getattr(cell, "tzinfo", None) is not None or (isinstance(cell, str) and _ZONE.search(cell)):
        raise InputError(
            Message(
                "{where}: expected a day, got a time with a time zone, which is another day elsewhere. Write "
                "the day where people are held, and no time",
                where=where,
            )
        )
    if not isinstance(cell, str):
        return (number_of(arguments.day(where, cell)),) * 2
    if is_unknown(cell):
        return LONG_AGO, NEVER
    if order is None and has_year_last([cell]):
        raise InputError(
            Message(
                "{where}: expected a day as in 2026-01-31, got {got}. {remedy}",
                where=where,
                got=got,
                remedy=_HOW,
            )
        )
    span, expected = read_span(cell, order or "")
    if span is None:
        raise InputError(
            Message(
                "{where}: expected {what}, got text in another form. {how}",
                where=where,
                what=expected or Message("a day"),
                how=_HOW,
            )
        )
    return (LONG_AGO if span.open == "before" else span.first, NEVER if span.open == "after" else span.last)


STATUSES: tuple[Status, ...] = get_args(Status)
INSIDE, UNKNOWN = STATUSES.index("inside"), STATUSES.index("unknown")
_MOVABLE: tuple[Status, ...] = (
    "transferred",
    "house arrest",
)  # statuses of which a definition may say that people are held


def read_statuses(cells: Iterable[Any], where: str, rows: RowNames) -> Ints:
    """Positions of the statuses in `STATUSES`; a blank cell is unknown, and text is never shown."""
    found = []
    for row, cell in enumerate(cells):
        if missing(cell):
            found.append(UNKNOWN)
            continue
        status, expected = read_status(cell) if isinstance(cell, str) else (None, INSIDE)
        if status is None and expected is not None:
            raise InputError(
                Message(
                    "{where}, {row}: expected {known!r:or}, got something else. Recode the column first",
                    where=where,
                    row=rows(row),
                    known=STATUSES,
                )
            )
        found.append(UNKNOWN if status is None else STATUSES.index(status))
    return np.array(found, dtype=np.int64)


def checked_held(held: Any) -> tuple[Status, ...]:
    """Statuses besides "inside" of which the definition says that people are held."""
    if isinstance(held, str) or not isinstance(held, Iterable):
        raise InputTypeError(
            Message("held: expected a tuple of statuses, got {kind}", kind=type(held).__name__)
        )
    given = tuple(held)
    wrong = [status for status in given if status not in _MOVABLE]
    if wrong:
        raise InputError(
            Message(
                "held: expected statuses among {known!r:,}, got {got}. Whoever is inside counts as held, and "
                "who was released or died does not",
                known=_MOVABLE,
                got=repr(given),
            )
        )
    return tuple(status for status in _MOVABLE if status in given)
