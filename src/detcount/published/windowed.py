"""Counts that cover a window of days: their columns, and what such a window cannot be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from detcount.definition import Definition
from detcount.errors import InputError
from detcount.frames import RowNames
from detcount.published.days import as_date
from detcount.published.rows import Column, Rows
from detcount.words import Message

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


@dataclass(frozen=True, eq=False, repr=False)
class Windowed(Rows):
    """Rows of published counts, each of a window of days."""

    published: NDArray[np.datetime64]
    source: tuple[str, ...]
    role: tuple[str, ...]
    start: NDArray[np.datetime64]
    end: NDArray[np.datetime64]
    count: NDArray[np.int64]
    at_least: NDArray[np.bool_]
    event: tuple[str, ...]
    measure: tuple[str, ...]
    note: tuple[str, ...]
    definition: Definition | None = None
    notes: tuple[Message, ...] = ()

    _columns: ClassVar[tuple[Column, ...]] = WINDOWED
    _day: ClassVar[str] = "published"
    _things: ClassVar[str]  # what is counted, as errors name it

    @classmethod
    def _check(cls, values: dict[str, Any], rows: RowNames) -> None:
        _check_windows(values, cls._things, rows)

    @classmethod
    def from_frame(
        cls,
        frame: Any,
        *,
        definition: Definition | None = None,
        allow_future: bool = False,
        dayfirst: bool = False,
    ) -> Self:
        """Read a frame with a row for each published count.

        Parameters
        ----------
        frame : pandas, polars or pyarrow frame, or mapping of str to array
            Columns ``published``, ``source``, ``role``, ``start``, ``end``, ``count`` and, if there,
            ``at_least``, ``event``, ``measure``, ``note`` and, of releases, ``partial`` and ``date_basis``;
            others are not read. Days as text (year,
            month, day: 2026-01-31), dates or times. Rows of one day are kept in the order of their hours
            where ``published`` carries these, and else in that of the frame; the hour is not kept.
            ``start`` and ``end`` may be empty; an empty ``at_least`` is False.
        definition : Definition, optional
            Who is counted.
        allow_future : bool, optional
            Keep counts of days that have not come. They are slips of the pen, and refused, unless they are
            meant; only this refusal looks at the clock.
        dayfirst : bool, optional
            Read text such as 31/01/2026 as day, month and year. Without it such text is refused, and the
            error says what the column shows of their order.

        Returns
        -------
        PublishedReleases or PublishedArrests
            The counts, by day of publication.

        Raises
        ------
        InputError
            If a column is absent or seems misspelt, or a cell cannot mean what it says. Rows are named
            by number from 1, and by their line where the frame was read from a file; no text of the
            frame is shown.
        """
        return cls._from_frame(frame, definition, allow_future, dayfirst)

    @property
    def first_published(self) -> dt.date:
        """Day of the first count."""
        return as_date(self.published[0])

    @property
    def last_published(self) -> dt.date:
        """Day of the last count."""
        return as_date(self.published[-1])

    def as_of(self, day: Any) -> Self:
        """Give what was known on a day: the counts published by then.

        Parameters
        ----------
        day : str, datetime.date, datetime.datetime or numpy.datetime64
            The last day that may be known.

        Returns
        -------
        PublishedReleases or PublishedArrests
            Counts published on that day or before.

        Raises
        ------
        InputError
            If nothing had been published yet; the message says when the first count was.
        """
        return self._known_on(day, "as_of")

    def where(self, rows: Any) -> Self:
        """Keep some rows, by a mask or by numbers.

        Parameters
        ----------
        rows : array of bool, shape (n_rows,), or sequence of int
            A mask, or row numbers from 0.

        Returns
        -------
        PublishedReleases or PublishedArrests
            The rows kept.

        Raises
        ------
        InputError
            If no row is left, or the mask has another length.
        """
        return self._kept(rows)

    def select(
        self,
        *,
        source: str | Sequence[str] | None = None,
        role: str | Sequence[str] | None = None,
        event: str | Sequence[str] | None = None,
    ) -> Self:
        """Keep the counts of some sources, roles or events, each a name or several.

        Parameters
        ----------
        source, role, event : str or sequence of str, optional
            Names to keep; all when left out.

        Returns
        -------
        PublishedReleases or PublishedArrests
            The rows that have one of each.

        Raises
        ------
        InputError
            If a name is not there, or no row has all.
        """
        return self._selected(source=source, role=role, event=event)


def _check_windows(values: dict[str, Any], what: str, rows: RowNames) -> None:
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
