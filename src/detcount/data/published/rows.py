"""Base of every table of published counts: reading, checking, selecting, and showing.

One chapter: rows of any table, and those that cover a window of days.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import ReadOnly, frozen
from detcount.contract import arguments
from detcount.contract.definition import NOT_DEFINED, Definition, checked
from detcount.data.published.reading import (
    ROLES,
    Column,
    as_date,
    by_hour,
    no_such,
    read_columns,
    read_day,
)
from detcount.errors import InputError
from detcount.reading.frames import DATA_ROWS, RowNames
from detcount.reading.frames.places import refuse_to_come
from detcount.reports.printing import Columns, Summary
from detcount.reports.shown import Shown
from detcount.words import Message, Number

if TYPE_CHECKING:
    import pandas as pd

_ROLES = {"announced": Message("announced"), "verified": Message("verified"), "reported": Message("reported")}
_MOST_ROWS = 20  # of a table in a summary


def _chosen(cells: Any, rows: NDArray[np.int64]) -> Any:
    """Cells of some rows, in their order."""
    return cells[rows] if isinstance(cells, np.ndarray) else tuple(cells[row] for row in rows)


class Rows(ReadOnly, Shown):
    """Rows of published counts, kept in the order they became known.

    The classes that are built on it are frozen dataclasses whose fields are `_columns`.
    """

    _columns: ClassVar[tuple[Column, ...]]
    _not_each_other: ClassVar = Message(
        "A stock counts the people held on a day, a flow those who come or go in a window; they do not stand "
        "in for each other"
    )
    _day: ClassVar[str]  # the column by which rows are kept and cut off
    _what: ClassVar[str]
    _kind: ClassVar[str]  # of the table, whose columns have words of their own

    source: tuple[str, ...]
    role: tuple[str, ...]
    count: NDArray[np.int64]
    definition: Definition | None
    notes: tuple[Message, ...]

    def __post_init__(self) -> None:
        checked(self.definition)
        values = {
            column.name: column.read(getattr(self, column.name), DATA_ROWS, column.name)
            for column in self._columns
        }
        lengths = {len(cells) for cells in values.values()}
        if len(lengths) > 1:
            raise InputError(
                Message("the columns have different lengths, {lengths}", lengths=str(sorted(lengths)))
            )
        if not len(values[self._day]):
            raise InputError(Message("{what} need at least one count, got none", what=self._what))
        self._check(values, DATA_ROWS)
        order = np.argsort(values[self._day], kind="stable")
        for name, cells in values.items():
            kept = _chosen(cells, order)
            object.__setattr__(self, name, frozen(kept) if isinstance(kept, np.ndarray) else kept)

    @classmethod
    def _check(cls, values: dict[str, Any], rows: RowNames) -> None:
        """Refuse cells that contradict each other within a row."""

    @classmethod
    def from_frame(
        cls,
        frame: Any,
        *,
        definition: Definition | None = None,
        allow_future: bool = False,
        dayfirst: bool | None = None,
    ) -> Self:
        """Read a frame with a row for each published count.

        Parameters
        ----------
        frame : pandas, polars or pyarrow frame, or mapping of str to array
            The columns that the class names; of people held ``date``, ``source`` and ``count`` are needed
            (without ``role`` all are read as reported), of releases and arrests ``published``, ``source``,
            ``role``, ``start``, ``end`` and ``count``, or words that mean the same, and others are not read.
            Days as people write them (2026-01-31, 31 January 2026), dates or times; counts as numbers or
            text.
            Rows of one day are kept in the order of their hours where the day carries these, and else in
            that of the frame; the hour is not kept. ``start`` and ``end`` may be empty; an empty
            ``at_least`` is False.
        definition : Definition, optional
            Who is counted.
        allow_future : bool, optional
            Keep counts of days that have not come. They are slips of the pen, and refused, unless they are
            meant; only this refusal looks at the clock.
        dayfirst : bool, optional
            Whether days such as 31/01/2026 begin with the day (True) or the month (False). Without it a row
            that can only be read in one order shows it for all; where none does, they are refused.

        Returns
        -------
        PublishedReleases, PublishedArrests or PublishedStock
            The counts, by day.

        Raises
        ------
        InputError
            If a column is absent or seems misspelt, or a cell cannot mean what it says. Rows are named
            by number from 1, and by their line where the frame was read from a file; no text of the
            frame is shown.
        """
        if dayfirst is not None:
            dayfirst = arguments.true_or_false("dayfirst", dayfirst)
        read = read_columns(frame, cls._columns, cls._kind, dayfirst=dayfirst)
        cls._check(read.values, read.rows)
        for column in cls._columns if not allow_future else ():
            if column.kind == "day":
                refuse_to_come(read.values[column.name], read.called[column.name], rows=read.rows)
        order = by_hour(read.cells[cls._day], read.values[cls._day])
        fields = {name: _chosen(column, order) for name, column in read.values.items()}
        fields["definition"] = definition
        fields["notes"] = (
            *read.notes,
            *(
                []
                if "role" in read.cells
                else [Message("no column says who verified: every count is read as reported")]
            ),
        )
        return cls(**fields)

    def as_of(self, day: Any) -> Self:
        """Give what was known on a day: the counts published by then; of people held, those of days up to it.

        Parameters
        ----------
        day : str, datetime.date, datetime.datetime or numpy.datetime64
            The last day that may be known.

        Returns
        -------
        PublishedReleases, PublishedArrests or PublishedStock
            Counts of that day or before.

        Raises
        ------
        InputError
            If nothing had been published yet; the message says when the first count was.
        """
        cut = read_day(day, "as_of")
        days = getattr(self, self._day)
        if cut < days[0]:
            raise InputError(
                Message(
                    "{where} {day}: nothing was known yet, as the first count is of {first}. Choose that day "
                    "or a later one",
                    where="as_of",
                    day=str(cut),
                    first=str(days[0]),
                )
            )
        return self.where(days <= cut)

    def where(self, rows: Any) -> Self:
        """Keep some rows, by a mask or by numbers.

        Parameters
        ----------
        rows : array of bool, shape (n_rows,), or sequence of int
            A mask, or row numbers from 0.

        Returns
        -------
        PublishedReleases, PublishedArrests or PublishedStock
            The rows kept.

        Raises
        ------
        InputError
            If no row is left, or the mask has another length.
        """
        chosen = np.asarray(rows)
        if chosen.dtype.kind == "b":
            if chosen.shape != (len(self),):
                raise InputError(
                    Message(
                        "rows: expected a mask of {n} values, got shape {shape}",
                        n=len(self),
                        shape=str(chosen.shape),
                    )
                )
            chosen = np.flatnonzero(chosen)
        elif chosen.size == 0:
            chosen = np.empty(0, dtype=np.int64)
        elif chosen.dtype.kind not in "iu" or chosen.ndim != 1:
            raise InputError(Message("rows: expected a mask or row numbers, got something else"))
        elif chosen.min() < -len(self) or chosen.max() >= len(self):
            raise InputError(
                Message("rows: expected numbers below {n}, the number of rows, got another", n=len(self))
            )
        if not len(chosen):
            raise InputError(
                Message("no row is left of the {what}. Choose with another condition", what=self._what)
            )
        kept: dict[str, Any] = {"definition": self.definition, "notes": self.notes}
        for column in self._columns:
            kept[column.name] = _chosen(getattr(self, column.name), chosen)
        return type(self)(**kept)

    def _selected(self, **wanted: str | Sequence[str] | None) -> Self:
        """Keep the rows with these values."""
        mask = np.ones(len(self), dtype=bool)
        for name, value in wanted.items():
            if value is None:
                continue
            choices = (value,) if isinstance(value, str) else tuple(value)
            cells = getattr(self, name)
            for choice in choices:
                if choice not in cells:
                    raise no_such(name, choice, cells)
            mask &= np.array([cell in choices for cell in cells])
        return self.where(mask)

    def __len__(self) -> int:
        return len(self.count)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of every field: the same counts, the same digest."""
        content: dict[str, list[Any]] = {}
        for column in self._columns:
            cells = getattr(self, column.name)
            if column.name == "date_basis" or (column.name == "partial" and not any(cells)):
                continue  # what tables once lacked leaves their digest as it was
            if column.kind == "day":
                cells = cells.astype(str)
            listed = cells.tolist() if isinstance(cells, np.ndarray) else list(cells)
            content[column.name] = [None if cell != cell else cell for cell in listed]
        return hashlib.sha256(json.dumps([type(self).__name__, content]).encode()).hexdigest()

    @property
    def sources(self) -> tuple[str, ...]:
        """Who published the counts, in the order in which they first did."""
        return tuple(dict.fromkeys(self.source))

    def to_frame(self) -> pd.DataFrame:
        """Give a pandas frame with a column for each field; `from_frame` reads it back."""
        import pandas as pd

        columns: dict[str, Any] = {}
        for column in self._columns:
            cells = getattr(self, column.name)
            if column.kind == "day":
                columns[column.name] = pd.Series(cells.astype("datetime64[s]"))
            elif column.kind == "optional count":
                columns[column.name] = pd.Series(cells).astype("Int64")
            else:
                columns[column.name] = cells.copy() if isinstance(cells, np.ndarray) else list(cells)
        return pd.DataFrame(columns)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.digest == getattr(other, "digest", None)

    def __hash__(self) -> int:
        return hash(self.digest)

    def headline(self) -> Message:
        """Say how many counts there are, by how many sources, and of what days, in one line."""
        days = getattr(self, self._day)
        n, k = len(self), len(self.sources)
        return Message(
            "{counts} by {sources}, {first} to {last} ({roles:,})",
            counts=Message.counted("1 count", "{n:,} counts", n=n),
            sources=Message.counted("1 source", "{n} sources", n=k),
            first=str(days[0]),
            last=str(days[-1]),
            roles=[
                Message("{n} {role}", n=self.role.count(role), role=_ROLES[role])
                for role in ROLES
                if role in self.role
            ],
        )

    def sentence(self) -> Message:
        """Say who published the counts, and who is counted."""
        noted = Message("These counts were published by {sources}.", sources=self.sources)
        who = NOT_DEFINED if self.definition is None else self.definition.sentence()
        return Message.together((noted, who))

    def summary(self) -> Summary:
        """Give the whole: the counts as published, the last of them where there are many."""
        first = max(0, len(self) - _MOST_ROWS)
        rows = tuple(
            (str(getattr(self, self._day)[k]), self.source[k], _ROLES[self.role[k]], Number(self.count[k]))
            for k in range(first, len(self))
        )
        head = (Message("Day"), Message("Source"), Message("Kind"), Message("Count"))
        last = Message("The last {k} of {n:,} counts stand here.", k=len(rows), n=len(self))
        return Summary(
            self.headline(),
            self.sentence(),
            Columns(head, rows, left=(0, 1, 2)),
            notes=(*self.notes, *([last] if first else [])),
        )

    def __str__(self) -> str:
        return repr(self)


WINDOWED = (
    Column("published", "day"),
    Column("source", "text", one_spelling=True),
    Column("role", "roles"),
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

    @property
    def first_published(self) -> dt.date:
        """Day of the first count."""
        return as_date(self.published[0])

    @property
    def last_published(self) -> dt.date:
        """Day of the last count."""
        return as_date(self.published[-1])

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
                "{row}: the window ends on {end}, before it starts on {start}. Swap the two, or mend the one "
                "that is wrong",
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
                "{row}: verified {what} from {start} on were published before that, on {published}. Mend the "
                "day that is wrong; what is yet to come can only be announced",
                row=rows(row),
                what=what,
                start=str(start[row]),
                published=str(published[row]),
            )
        )
