"""What a list says of where somebody is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

import numpy as np

from detcount._numerics.arrays import Ints
from detcount.errors import InputError
from detcount.frames import RowNames, missing
from detcount.persons.dates import message
from detcount.reading.marks import Status, read_status
from detcount.words import Message

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
            raise InputError(message("status", where=where, row=rows(row), known=STATUSES))
        found.append(UNKNOWN if status is None else STATUSES.index(status))
    return np.array(found, dtype=np.int64)


def checked_held(held: Any) -> tuple[Status, ...]:
    """Statuses besides "inside" of which the definition says that people are held."""
    if isinstance(held, str) or not isinstance(held, Iterable):
        raise TypeError(Message("held: expected a tuple of statuses, got {kind}", kind=type(held).__name__))
    given = tuple(held)
    wrong = [status for status in given if status not in _MOVABLE]
    if wrong:
        raise InputError(message("held", known=_MOVABLE, got=repr(given)))
    return tuple(status for status in _MOVABLE if status in given)
