"""Counts that cover a window of days: their columns, and what such a window cannot be."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from detcount.errors import InputError
from detcount.frames import RowNames
from detcount.published.rows import Column, Rows
from detcount.words import Message

__all__ = ["WINDOWED", "Windowed", "check_windows"]

WINDOWED = (
    Column("published", "day"),
    Column("source", "text", one_spelling=True),
    Column("role", "role"),
    Column("start", "day", filled=False),
    Column("end", "day", filled=False),
    Column("count", "count"),
    Column("at_least", "flag", in_frame=False),
    Column("event", "text", in_frame=False, filled=False, one_spelling=True),
    Column("measure", "text", in_frame=False, filled=False),
    Column("note", "text", in_frame=False, filled=False),
)


class Windowed(Rows):
    """Rows of published counts, each of a window of days."""

    published: NDArray[np.datetime64]
    start: NDArray[np.datetime64]
    end: NDArray[np.datetime64]
    at_least: NDArray[np.bool_]
    event: tuple[str, ...]
    measure: tuple[str, ...]
    note: tuple[str, ...]

    def as_of(self, day: Any) -> Self:
        """Keep the counts published by a day; an error says when the first was."""
        return self._known_on(day, "as_of")


def check_windows(values: dict[str, Any], what: str, rows: RowNames) -> None:
    """Refuse a window that ends before it starts, or was verified before it."""
    start, end, published = (values[name] for name in ("start", "end", "published"))
    backwards = np.flatnonzero(end < start)
    if len(backwards):
        row = int(backwards[0])
        raise InputError(
            Message(
                "{row}: the window ends on {end}, before it starts on {start}. "
                "Swap the two, or mend the one that is wrong",
                row=rows(row),
                end=str(end[row]),
                start=str(start[row]),
            )
        )
    early = [row for row in np.flatnonzero(published < start).tolist() if values["role"][row] == "verified"]
    if early:
        row = early[0]
        raise InputError(
            Message(
                "{row}: verified {what} from {start} on were published before that, on {published}. "
                "Mend the day that is wrong; what is yet to come can only be announced",
                row=rows(row),
                what=what,
                start=str(start[row]),
                published=str(published[row]),
            )
        )
