"""Days of published counts: reading them, and refusing those that have not come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount import arguments
from detcount.arguments import FIRST_YEAR, HOW_TO_WRITE_A_DAY, LAST_YEAR
from detcount.errors import InputError
from detcount.frames import DATA_ROWS, RowNames, missing, one_a_row
from detcount.published.reading import place
from detcount.words import Message

__all__ = ["as_date", "check_order", "days_between", "read_day", "read_days", "refuse_to_come"]

_NO_DAY: np.datetime64 = np.datetime64("NaT", "D")


def read_days(
    values: Any, where: str, *, required: bool, rows: RowNames = DATA_ROWS
) -> NDArray[np.datetime64]:
    """Days; NaT where there is none, if that is allowed."""
    if isinstance(values, np.ndarray) and values.dtype.kind == "M":
        days = values.astype("datetime64[D]")
    else:
        known: dict[str, np.datetime64] = {}
        read: list[np.datetime64] = []
        for row, value in enumerate(one_a_row(values, where)):
            if missing(value):
                read.append(_NO_DAY)
                continue
            if isinstance(value, str) and value in known:
                read.append(known[value])
                continue
            try:
                day = np.datetime64(arguments.day(where, value), "D")
            except InputError:  # once more, as the message names the row
                day = np.datetime64(arguments.day(place(where, rows(row)), value), "D")
            if isinstance(value, str):
                known[value] = day
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


def _missing(where: str) -> Message:
    """Say that a day is missing."""
    return Message("{where}: the day is missing. {remedy}", where=where, remedy=HOW_TO_WRITE_A_DAY)


def refuse_to_come(
    days: Sequence[dt.date] | NDArray[np.datetime64], where: str, *, remedy: str, rows: RowNames | None
) -> None:
    """Refuse days that have begun nowhere on Earth yet: a count of them is a slip of the pen.

    It is the one place that reads the clock, and it can only refuse: no number depends on it.
    """
    latest = np.datetime64(dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1), "D")
    days = np.asarray(days, dtype="datetime64[D]")
    later = np.flatnonzero(days > latest)
    if len(later):
        row = int(later[0])
        raise InputError(
            Message(
                "{where}: expected a day that has come, got {got}, and the clock of this computer says "
                "{today}. {remedy}",
                where=where if rows is None else place(where, rows(row)),
                got=str(days[row]),
                today=str(latest - 1),
                remedy=remedy,
            )
        )


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
