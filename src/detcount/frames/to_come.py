"""Days that have not come, which are slips of the pen in data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from detcount.errors import InputError
from detcount.words import Message

ALLOW_FUTURE = Message(
    "Mend the day, or say allow_future=True, --allow-future on the command line, if it is meant"
)
"""What to do about a day that has not come."""


def refuse_to_come(
    days: Sequence[dt.date] | NDArray[np.datetime64],
    where: str,
    *,
    remedy: str,
    rows: Callable[[int], Message] | None,
    told: bool = True,
) -> None:
    """Refuse days that have begun nowhere on Earth yet: such a day is a slip of the pen.

    It is the one place that reads the clock, and it can only refuse: no number depends on it. `told` says
    whether the day may be shown, which of a person it may not.
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
                where=where if rows is None else Message("{where}, {row}", where=where, row=rows(row)),
                got=str(days[row]) if told else Message("a later one"),
                today=str(latest - 1),
                remedy=remedy,
            )
        )
