"""Published counts of arrests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from detcount.definition import Definition
from detcount.frames import RowNames
from detcount.published.days import as_date
from detcount.published.rows import Column
from detcount.published.windowed import WINDOWED, Windowed, check_windows
from detcount.words import Message

__all__ = ["PublishedArrests"]


@dataclass(frozen=True, eq=False, repr=False)
class PublishedArrests(Windowed):
    """Published counts of arrests, one row a count, in the order they became known.

    A count covers the arrests of its window. A running total is an event whose window always starts
    on the same day: what it grows by is what was entered in between, late entries among it.

    Parameters
    ----------
    published : ndarray of datetime64[D], shape (n_rows,)
        Day on which the source published the count. Kept sorted; rows of one day keep their order.
    source : tuple of str
        Who published it; never empty.
    role : tuple of str
        ``"announced"``, ``"verified"`` or ``"reported"``, as for releases.
    start, end : ndarray of datetime64[D], shape (n_rows,)
        First and last day of the arrests that the count covers; NaT where the source did not say.
    count : ndarray of int64, shape (n_rows,)
        Arrests; 0 or more.
    at_least : ndarray of bool, shape (n_rows,)
        The source said "at least" or "more than".
    event : tuple of str
        Name of what was counted; empty where there is none.
    measure : tuple of str
        What an arrest is in this count; empty where the source did not say.
    note : tuple of str
        A remark.
    definition : Definition, optional
        Who is counted, where every row counts the same. It is no part of equality or of the digest.

    Raises
    ------
    InputError
        If a cell is not as described, a window ends before it starts, a verified count was published
        before its window starts, or a name is spelled in two ways.

    See Also
    --------
    PublishedReleases : Published counts of releases.

    Examples
    --------
    >>> from detcount import datasets
    >>> arrests = datasets.load("venezuela_arrests")
    >>> total = arrests.select(event="political arrests since 2014")
    >>> int(total.count[-1] - total.count[0])
    1253
    """

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

    _columns: ClassVar[tuple[Column, ...]] = WINDOWED
    _day: ClassVar[str] = "published"
    _what: ClassVar[str] = Message("published arrests")

    @classmethod
    def _check(cls, values: dict[str, Any], rows: RowNames) -> None:
        check_windows(values, Message("arrests"), rows)

    @classmethod
    def from_frame(
        cls,
        frame: Any,
        *,
        definition: Definition | None = None,
        allow_future: bool = False,
        dayfirst: bool = False,
    ) -> PublishedArrests:
        """Read a frame with a row for each published count.

        Parameters
        ----------
        frame : pandas, polars or pyarrow frame, or mapping of str to array
            The columns that `PublishedReleases.from_frame` reads.
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
        PublishedArrests
            The counts, by day of publication.

        Raises
        ------
        InputError
            If a column is absent or seems misspelt, or a cell cannot mean what it says.
        """
        return cls._from_frame(frame, definition, allow_future, dayfirst)

    @property
    def last_published(self) -> dt.date:
        """Day of the last count."""
        return as_date(self.published[-1])

    def where(self, rows: Any) -> PublishedArrests:
        """Keep some rows, by a mask or by numbers."""
        return self._kept(rows)

    def select(
        self,
        *,
        source: str | Sequence[str] | None = None,
        role: str | Sequence[str] | None = None,
        event: str | Sequence[str] | None = None,
    ) -> PublishedArrests:
        """Keep the counts of some sources, roles or events, each a name or several."""
        return self._selected(source=source, role=role, event=event)
