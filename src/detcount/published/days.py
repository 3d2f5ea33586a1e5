"""Days of published counts: reading them, and refusing those that have not come."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount import arguments
from detcount.arguments import FIRST_YEAR, HOW_TO_WRITE_A_DAY, LAST_YEAR
from detcount.errors import InputError
from detcount.frames import DATA_ROWS, RowNames, how_to_ask, missing, one_a_row
from detcount.published.reading import place
from detcount.words import Message

# figures that end with the year: 31/01/2026, 31-1-2026, 31.01.2026 14:30
_YEAR_LAST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:[T ]\d{1,2}:\d{2}.*)?", re.ASCII)
_HOUR = re.compile(r"\d[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
_MONTHS = 12
_NO_DAY: np.datetime64 = np.datetime64("NaT", "D")


def read_days(
    values: Any, where: str, *, required: bool, rows: RowNames = DATA_ROWS, dayfirst: bool | None = None
) -> NDArray[np.datetime64]:
    """Days; NaT where there is none, if that is allowed.

    With `dayfirst` 31/01/2026 is a day too; where it is False, the refusal says how to ask for it.
    """
    if isinstance(values, np.ndarray) and values.dtype.kind == "M":
        days = values.astype("datetime64[D]")
    else:
        known: dict[str, np.datetime64] = {}
        read: list[np.datetime64] = []
        cells = one_a_row(values, where)
        for row, value in enumerate(cells):
            if missing(value):
                read.append(_NO_DAY)
                continue
            text = value if isinstance(value, str) else None
            if text in known:
                read.append(known[text])
                continue
            year_last = _year_last(value)
            if year_last is not None and dayfirst is not None:
                if not dayfirst:
                    raise _order_not_asked_for(place(where, rows(row)), cells)
                value = day_first(value)
            try:
                day = np.datetime64(arguments.day(where, value), "D")
            except InputError:  # once more, as the message names the row
                day = np.datetime64(arguments.day(place(where, rows(row)), value), "D")
            if text is not None:
                known[text] = day
            read.append(day)
        days = np.array(read, dtype="datetime64[D]")
    if days.ndim != 1:
        raise InputError(
            Message("{where}: expected one day a row, got shape {shape}", where=where, shape=str(days.shape))
        )
    absent = np.isnat(days)
    if required and absent.any():
        row = int(np.flatnonzero(absent)[0])
        raise InputError(_missing(place(where, rows(row))))
    years = days.astype("datetime64[Y]").astype(np.int64) + 1970
    outside = ~absent & ((years < FIRST_YEAR) | (years > LAST_YEAR))
    if outside.any():
        row = int(np.flatnonzero(outside)[0])
        raise InputError(
            Message(
                "{where}: expected a year from {first} to {last}, got {got}. Write the year in four digits",
                where=place(where, rows(row)),
                first=FIRST_YEAR,
                last=LAST_YEAR,
                got=str(years[row]),
            )
        )
    return days


def by_hour(values: Any, days: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Order of the rows in which those of one day that carry an hour follow each other by it.

    A row without an hour keeps its place. Midnight is none: tables of days without hours are full of it.
    """
    hours = _hours(values)
    timed = np.flatnonzero(~np.isnan(hours))
    order = np.arange(len(hours))
    for day in np.unique(days[timed]):
        places = timed[days[timed] == day]
        order[places] = places[np.argsort(hours[places], kind="stable")]
    return order


def _hours(values: Any) -> NDArray[np.float64]:
    """Seconds since midnight of each row; NaN where there is no hour."""
    if isinstance(values, np.ndarray) and values.dtype.kind == "M":
        seconds = (values.astype("datetime64[s]") - values.astype("datetime64[D]")).astype(np.float64)
        seconds[np.isnat(values)] = np.nan
    else:
        seconds = np.array([_seconds(value) for value in values], dtype=np.float64)
    return np.where(seconds == 0, np.nan, seconds)


def _seconds(value: Any) -> float:
    """Seconds since midnight of one cell; NaN where it has no hour."""
    if isinstance(value, np.datetime64):
        since = value.astype("datetime64[s]") - value.astype("datetime64[D]")
        return float("nan") if np.isnat(since) else float(since.astype(np.int64))
    if isinstance(value, dt.datetime):
        return value.hour * 3600 + value.minute * 60 + value.second
    found = _HOUR.search(value) if isinstance(value, str) else None
    return (
        float("nan")
        if found is None
        else sum(int(part or 0) * scale for part, scale in zip(found.groups(), (3600, 60, 1), strict=True))
    )


def day_first(text: str) -> str:
    """Write 31/01/2026 as 2026-01-31; any other text stays as it is."""
    found = _year_last(text)
    return text if found is None else "{2}-{1:0>2}-{0:0>2}".format(*found)


def _year_last(value: Any) -> tuple[str, str, str] | None:
    """Figures of a text that ends with the year, in their order."""
    parts = _YEAR_LAST.fullmatch(value.strip()) if isinstance(value, str) else None
    return None if parts is None else (parts[1], parts[3], parts[4])


def _order_not_asked_for(where: str, cells: Sequence[Any]) -> InputError:
    """Error for days that end with the year, with what the whole column tells of their order."""
    found = [figures for cell in cells if (figures := _year_last(cell)) is not None]
    day_leads = any(int(first) > _MONTHS for first, _, _ in found)
    month_leads = any(int(second) > _MONTHS for _, second, _ in found)
    ask_for = {"dayfirst": True}
    if day_leads and month_leads:
        got, remedy = Message("the day first in some rows and the month in others"), HOW_TO_WRITE_A_DAY
    elif month_leads:
        got, remedy = Message("the month first, then the day and the year"), HOW_TO_WRITE_A_DAY
    elif day_leads:
        got = Message("the day first, then the month and the year")
        remedy = Message("Rewrite it, or {ask}", ask=how_to_ask(ask_for))
    else:
        got = Message("the year last, and no row shows whether the day or the month comes first")
        remedy = Message("If it is the day, {ask}", ask=how_to_ask(ask_for))
    return InputError(
        Message(
            "{where}: expected a day as in 2026-01-31, got {got}. {remedy}",
            where=where,
            got=got,
            remedy=remedy,
        ),
        ask_for=ask_for if day_leads and not month_leads else {},
    )


def _missing(where: str) -> Message:
    """Say that a day is missing."""
    return Message("{where}: the day is missing. {remedy}", where=where, remedy=HOW_TO_WRITE_A_DAY)


def read_day(value: Any, where: str) -> np.datetime64:
    """One day given as an argument."""
    if missing(value):
        raise InputError(_missing(where))
    return np.datetime64(arguments.day(where, value), "D")


def as_date(day: Any) -> dt.date:
    """A numpy day as a date of the standard library."""
    date: dt.date = np.datetime64(day, "D").astype(object)
    return date


def check_order(
    release: NDArray[np.datetime64],
    verification: NDArray[np.datetime64],
    where: str,
    rows: RowNames = DATA_ROWS,
) -> None:
    """Refuse a verification before its release."""
    early = verification < release  # never of NaT
    if early.any():
        row = int(np.flatnonzero(early)[0])
        raise InputError(
            Message(
                "{where}: expected a day on or after the release, got {got}, before {release}. "
                "Correct one of the two days, or leave the row out",
                where=place(where, rows(row)),
                got=str(verification[row]),
                release=str(release[row]),
            )
        )


def days_between(first: np.datetime64, last: np.datetime64) -> int:
    """Days from one day to another."""
    return int((last - first).astype("timedelta64[D]").astype(np.int64))
