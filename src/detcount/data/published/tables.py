"""The tables of published counts: releases, arrests, and persons held."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from detcount.contract.definition import Definition
from detcount.data.published.conflicts import conflict_frame
from detcount.data.published.counts import checked_mapping
from detcount.data.published.reading import Column, as_date, read_day
from detcount.data.published.rows import WINDOWED, Rows, Windowed
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd


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
    notes : tuple of str, optional
        Which words of the frame were read as which columns and roles. It is no part of either.

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

    _what: ClassVar[str] = Message("published arrests")
    _kind: ClassVar[str] = "arrests"
    _things: ClassVar[str] = Message("arrests")


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
        Which words of the frame were read as which columns and roles. It is no part of either.

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
        Column("role", "roles", in_frame=False),
        Column("count", "count"),
        Column("at_least", "flag", in_frame=False),
        Column("entered_in_week", "optional count", in_frame=False),
        Column("released_in_week", "optional count", in_frame=False),
        Column("note", "text", in_frame=False, filled=False),
    )
    _day: ClassVar[str] = "date"
    _what: ClassVar[str] = Message("published stocks")
    _kind: ClassVar[str] = "stock"

    @property
    def last_date(self) -> dt.date:
        """Day of the last count."""
        return as_date(self.date[-1])

    def on(self, day: Any) -> tuple[int, ...]:
        """Give every count for one day, persons: none, one, or several that may differ."""
        wanted = read_day(day, "day")
        return tuple(self.count[self.date == wanted].tolist())

    def select(
        self, *, source: str | Sequence[str] | None = None, role: str | Sequence[str] | None = None
    ) -> PublishedStock:
        """Keep the counts of some sources or roles, each a name or several."""
        return self._selected(source=source, role=role)


@dataclass(frozen=True, eq=False, repr=False)
class PublishedReleases(Windowed):
    """Published counts of releases, one row a count, in the order they became known.

    Nothing is dropped, merged or mended on the way in: several totals a day, totals that fall and
    windows that move are kept as published, and `conflicts` lists them. A count that cannot mean what
    it says is refused. An announcement may come before the first day it speaks of; a verified count
    may not.

    Parameters
    ----------
    published : ndarray of datetime64[D], shape (n_rows,)
        Day on which the source published the count. Kept sorted; rows of one day keep their order.
    source : tuple of str
        Who published it; never empty.
    role : tuple of str
        ``"announced"`` (a body of the state), ``"verified"`` (a monitor that confirmed case by case)
        or ``"reported"`` (passed on without that claim).
    start, end : ndarray of datetime64[D], shape (n_rows,)
        First and last day of the releases that the count covers; NaT where the source did not say.
    count : ndarray of int64, shape (n_rows,)
        Releases, persons; 0 or more.
    at_least : ndarray of bool, shape (n_rows,)
        The source said "at least" or "more than".
    event : tuple of str
        Name of what was counted; rows of one source and one event are successive counts of one thing.
        Empty where there is none.
    measure : tuple of str
        What a release is in this count. Empty where the source did not say.
    note : tuple of str
        A remark.
    definition : Definition, optional
        Who is counted, where every row counts the same. It is no part of equality or of the digest.
    notes : tuple of str, optional
        Which words of the frame were read as which columns and roles. It is no part of either.
    partial : ndarray of bool, shape (n_rows,), optional
        Whether the count is of a part alone, so that it is set against nothing. A note that says "partial"
        says the same.
    date_basis : tuple of str, optional
        How the day of publication is known: ``"stated"``, ``"weekday"`` (the source names the day of the
        week), ``"page"`` or ``"inferred"``. Of any but the first two reports say "by" that day. Empty where
        the day is that of the source. It is no part of equality or of the digest either.

    Raises
    ------
    InputError
        If a day, a role or a count is not as described, a window ends before it starts, a verified
        count was published before its window starts, or a name is spelled in two ways.

    See Also
    --------
    PublishedStock : Published counts of persons held.
    PublishedArrests : Published counts of arrests.

    Examples
    --------
    >>> from detcount import PublishedReleases
    >>> reports = PublishedReleases.from_frame(
    ...     {
    ...         "published": ["2026-01-12", "2026-01-12", "2026-01-14"],
    ...         "source": ["ministry", "monitor", "monitor"],
    ...         "role": ["announced", "verified", "verified"],
    ...         "start": ["2026-01-12", "2026-01-12", "2026-01-12"],
    ...         "end": [None, "2026-01-12", "2026-01-14"],
    ...         "count": [116, 56, 84],
    ...     }
    ... )
    >>> reports
    <PublishedReleases: 3 counts by 2 sources, 2026-01-12 to 2026-01-14 (1 announced, 2 verified)>
    >>> reports.as_of("2026-01-13").count.tolist()
    [116, 56]
    """

    partial: NDArray[np.bool_] | tuple[bool, ...] = ()
    date_basis: tuple[str, ...] = ()

    _columns: ClassVar[tuple[Column, ...]] = (
        *WINDOWED,
        Column("partial", "flag", in_frame=False),
        Column("date_basis", "text", in_frame=False, filled=False),
    )
    _what: ClassVar[str] = Message("published releases")
    _kind: ClassVar[str] = "releases"
    _things: ClassVar[str] = Message("releases")

    def __post_init__(self) -> None:
        for name, nothing in (("partial", False), ("date_basis", "")):
            if isinstance(given := getattr(self, name), Sized) and not len(given):
                object.__setattr__(self, name, (nothing,) * len(self.source))
        super().__post_init__()

    @property
    def events(self) -> tuple[str, ...]:
        """Events counted, in the order in which they were first published."""
        return tuple(dict.fromkeys(self.event))

    def conflicts(self) -> pd.DataFrame:
        """List the counts that do not stand together: updates, corrections and contradictions.

        Returns
        -------
        pandas.DataFrame
            A row for each pair: ``kind``, ``how``, ``event``, ``first_row`` and ``second_row`` (row numbers
            of `to_frame`), ``first_source``, ``second_source``, ``first_published``, ``second_published``,
            ``first_count``, ``second_count`` and ``what``, a sentence. The kinds, and how:

            ``"update"``: a source raised its own figure for the same days and measure on one day
            (``"raised"``); on a later day more has been verified, which is no conflict.

            ``"correction"``: a later figure of one source is lower although its window is no smaller
            (``"fell"``), a body restated what it had announced for the same days (``"restated"``), or a
            window has more than a wider one that the source published later (``"part above whole"``).

            ``"contradiction"``: two figures that cannot both be true, and neither takes the place of the
            other: announced by two bodies for one event (``"announcements differ"``), more verified than was
            announced for no fewer days (``"verified above announced"``), or a part above its whole published
            on one day.

        Notes
        -----
        Rows of one day stand in the order of their hours, or else of the frame. A total that said "at
        least" contradicts no higher one. A window without an end is taken to end on the day of publication;
        one without a start is compared with nothing but itself. Counts that say that they count different
        people, and promises beside what was completed, contradict nothing.
        """
        return conflict_frame(self)

    def with_measures(self, stated: Mapping[str, str]) -> PublishedReleases:
        """State what the measures of the sources are, where their words leave it open.

        Parameters
        ----------
        stated : mapping of str to str
            For texts of the column ``measure`` one of ``"all prisoners"``, ``"political prisoners"`` and
            ``"reviews of custody"``.

        Returns
        -------
        PublishedReleases
            The same counts with these measures in the place of the words of the sources.

        Raises
        ------
        InputError
            If a text does not stand in the column, or what is stated is none of the three.
        """
        known = checked_mapping(stated, self.measure)
        return replace(self, measure=tuple(known.get(words, words) for words in self.measure))
