"""Published counts of persons held."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from detcount.definition import Definition
from detcount.published.days import as_date, read_day
from detcount.published.rows import Column, Rows
from detcount.words import Message


@dataclass(frozen=True, eq=False, repr=False)
class PublishedStock(Rows):
    """Published counts of persons held at the end of a day, one row a count.

    Two counts for one day are both kept. A stock has no total: the same persons recur day after day.

    Parameters
    ----------
    date : ndarray of datetime64[D], shape (n_rows,)
        Day the count refers to. Kept sorted; rows of one day keep their order.
    source : tuple of str
        Who published it; never empty.
    role : tuple of str
        ``"announced"`` (a body of the state), ``"verified"`` (a monitor that confirmed case by case)
        or ``"reported"`` (passed on without that claim).
    count : ndarray of int64, shape (n_rows,)
        Persons held, 0 or more.
    at_least : ndarray of bool, shape (n_rows,)
        The source said "at least" or "more than".
    entered_in_week, released_in_week : ndarray of float64, shape (n_rows,)
        Persons newly held, and let out, since the bulletin before, as the same bulletin prints them;
        NaN where it does not.
    note : tuple of str
        A remark.
    definition : Definition, optional
        Who is counted, where every row counts the same. It is no part of equality or of the digest.
    notes : tuple of str, optional
        Which words of the frame were read as which columns and roles. It is no part of either, too.

    Raises
    ------
    InputError
        If a day, a role or a count is not as described, or a name is spelled in two ways.

    See Also
    --------
    PublishedReleases : Published counts of releases.

    Examples
    --------
    >>> from detcount import datasets
    >>> stock = datasets.load("venezuela_stock").select(source="Foro Penal")
    >>> stock.on("2025-03-31")
    (903,)
    """

    date: NDArray[np.datetime64]
    source: tuple[str, ...]
    role: tuple[str, ...]
    count: NDArray[np.int64]
    at_least: NDArray[np.bool_]
    entered_in_week: NDArray[np.float64]
    released_in_week: NDArray[np.float64]
    note: tuple[str, ...]
    definition: Definition | None = None
    notes: tuple[Message, ...] = ()

    _columns: ClassVar[tuple[Column, ...]] = (
        Column("date", "day"),
        Column("source", "text", one_spelling=True),
        Column("role", "role"),
        Column("count", "count"),
        Column("at_least", "flag", in_frame=False),
        Column("entered_in_week", "optional count", in_frame=False),
        Column("released_in_week", "optional count", in_frame=False),
        Column("note", "text", in_frame=False, filled=False),
    )
    _day: ClassVar[str] = "date"
    _what: ClassVar[str] = Message("published stocks")

    @classmethod
    def from_frame(
        cls,
        frame: Any,
        *,
        definition: Definition | None = None,
        allow_future: bool = False,
        dayfirst: bool = False,
    ) -> PublishedStock:
        """Read a frame with a row for each published count.

        Parameters
        ----------
        frame : pandas, polars or pyarrow frame, or mapping of str to array
            Columns ``date``, ``source``, ``role``, ``count`` and, if there, ``at_least``,
            ``entered_in_week``, ``released_in_week``, ``note``; others are not read.
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
        PublishedStock
            The counts, by day.

        Raises
        ------
        InputError
            If a column is absent or seems misspelt, or a cell cannot mean what it says.
        """
        return cls._from_frame(frame, definition, allow_future, dayfirst)

    @property
    def last_date(self) -> dt.date:
        """Day of the last count."""
        return as_date(self.date[-1])

    def as_of(self, day: Any) -> PublishedStock:
        """Keep the counts that refer to a day or to one before it; an error says when the first was."""
        return self._known_on(day, "as_of")

    def on(self, day: Any) -> tuple[int, ...]:
        """Give every count for one day, persons: none, one, or several that may differ."""
        wanted = read_day(day, "day")
        return tuple(self.count[self.date == wanted].tolist())

    def where(self, rows: Any) -> PublishedStock:
        """Keep some rows, by a mask or by numbers."""
        return self._kept(rows)

    def select(
        self, *, source: str | Sequence[str] | None = None, role: str | Sequence[str] | None = None
    ) -> PublishedStock:
        """Keep the counts of some sources or roles, each a name or several."""
        return self._selected(source=source, role=role)
