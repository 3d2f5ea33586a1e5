"""The days of release that are asked for, and their name."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount.errors import InputError
from detcount.published.days import as_date, read_day
from detcount.words import Message, Name


def window_of(
    days: NDArray[np.datetime64], start: Any, end: Any
) -> tuple[dt.date, dt.date, NDArray[np.bool_]]:
    """First and last day asked for, and which of the days they are; all of them by default."""
    first = days[0] if start is None else read_day(start, "start")
    last = days[-1] if end is None else read_day(end, "end")
    chosen = (days >= first) & (days <= last)
    if not chosen.any():
        raise InputError(
            Message(
                "start and end: expected days between {least} and {most}, got {first} to {last}",
                least=str(days[0]),
                most=str(days[-1]),
                first=str(first),
                last=str(last),
            )
        )
    return as_date(first), as_date(last), chosen


def name_of_days(first: dt.date, last: dt.date) -> Name:
    """Name of the releases of some days."""
    words = Message("releases of {first} to {second}", first=first, second=last)
    return Name(f"releases of {first} to {last}", words)
