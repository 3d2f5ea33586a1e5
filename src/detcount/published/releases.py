"""Published counts of releases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from detcount.definition import Definition
from detcount.frames import RowNames
from detcount.published import announcements, compare, conflicts, counterparts, measures
from detcount.published.days import as_date
from detcount.published.reading import no_such
from detcount.published.rows import Column
from detcount.published.windowed import WINDOWED, Windowed, check_windows
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PublishedReleases"]


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
    _what: ClassVar[str] = Message("published releases")

    @classmethod
    def _check(cls, values: dict[str, Any], rows: RowNames) -> None:
        check_windows(values, Message("releases"), rows)

    @classmethod
    def from_frame(
        cls,
        frame: Any,
        *,
        definition: Definition | None = None,
        allow_future: bool = False,
        dayfirst: bool = False,
    ) -> PublishedReleases:
        """Read a frame with a row for each published count.

        Parameters
        ----------
        frame : pandas, polars or pyarrow frame, or mapping of str to array
            Columns ``published``, ``source``, ``role``, ``start``, ``end``, ``count`` and, if there,
            ``at_least``, ``event``, ``measure``, ``note``; others are not read. Days as text (year,
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
        PublishedReleases
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

    @property
    def events(self) -> tuple[str, ...]:
        """What was counted, in the order in which it was first published."""
        return tuple(dict.fromkeys(self.event))

    def as_of(self, day: Any) -> Self:
        """Give what was known on a day: the counts published by then.

        Parameters
        ----------
        day : str, datetime.date, datetime.datetime or numpy.datetime64
            The last day that may be known.

        Returns
        -------
        PublishedReleases
            Counts published on that day or before.

        Raises
        ------
        InputError
            If nothing had been published yet; the message says when the first count was.
        """
        return super().as_of(day)

    def where(self, rows: Any) -> PublishedReleases:
        """Keep some rows, by a mask or by numbers.

        Parameters
        ----------
        rows : array of bool, shape (n_rows,), or sequence of int
            A mask, or row numbers from 0.

        Returns
        -------
        PublishedReleases
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
    ) -> PublishedReleases:
        """Keep the counts of some sources, roles or events, each a name or several.

        Parameters
        ----------
        source, role, event : str or sequence of str, optional
            Names to keep; all when left out.

        Returns
        -------
        PublishedReleases
            The rows that have one of each.

        Raises
        ------
        InputError
            If a name is not there, or no row has all.
        """
        return self._selected(source=source, role=role, event=event)

    def windows(self) -> pd.DataFrame:
        """List what was counted: a row for each event and window.

        Returns
        -------
        pandas.DataFrame
            Columns ``event``, ``start``, ``end`` (missing where nobody said), ``days`` (length of the
            window), ``n_counts``, ``first_published``, ``last_published``, ``sources`` (joined by ";"),
            ``at_least`` (somebody said so) and, for each role, the smallest and largest count in
            persons: ``announced_least``, ``announced_most``, ``verified_least`` and so on.
        """
        return compare.windows(self)

    def successive(self, source: str) -> pd.DataFrame:
        """Follow the totals of one source, event by event, in the order they were published.

        Parameters
        ----------
        source : str
            One of `sources`.

        Returns
        -------
        pandas.DataFrame
            Rows of `to_frame` for that source, grouped by ``event`` and ``role``: ``row`` (its number),
            ``published``, ``start``, ``end``, ``count``, ``at_least``, and against the total before it
            ``increment`` (persons), ``days`` (between the two publications), ``increment_is``
            (``"exact"``, or ``"at least"``, ``"at most"``, ``"unknown"`` when one of the two is an "at
            least"), ``fell`` (a later total, of no smaller a window, is lower), ``window_moved_back``
            and ``measure_changed``. The first total of each group has no increment.

        Raises
        ------
        InputError
            If there is no such source; the message names those with a similar name.
        """
        if source not in self.source:
            raise no_such("source", source, self.source)
        return compare.successive(self, source)

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

        See Also
        --------
        restatements : Counts that repeat an earlier one, which is no contradiction.

        Notes
        -----
        Rows of one day stand in the order of their hours, or else of the frame. A total that said "at
        least" contradicts no higher one. A window without an end is taken to end on the day of publication;
        one without a start is compared with nothing but itself. Counts that say that they count different
        people, and promises beside what was carried out, contradict nothing.
        """
        return conflicts.conflict_frame(self)

    def announcements(self) -> pd.DataFrame:
        """Say of every announced count whether its releases are to come, have come, or are a running total.

        Returns
        -------
        pandas.DataFrame
            A row for each announced count: ``event``, ``row``, ``source``, ``published``, ``start``,
            ``end``, ``count``, ``at_least``, ``kind`` (``"prospective"``, ``"retrospective"`` or ``"running
            total"``) and ``why``, a sentence.

        Notes
        -----
        A note that holds one of the three words decides. Otherwise a total of one event that rose while its
        last day moved on is a running total; a window that reaches beyond its publication, or names no last
        day when it has just begun, and reviews of custody, are of releases to come; the rest is of past days.
        """
        return announcements.announcement_frame(self)

    def counterparts(self, as_of: Any = None) -> pd.DataFrame:
        """Set the last announced number of each source and event against the verified figure of its days.

        Parameters
        ----------
        as_of : str or datetime.date, optional
            The day on which they are looked at; by default that of the last count.

        Returns
        -------
        pandas.DataFrame
            A row for each: ``event``, ``kind``, the two counts (``announced_row``, ``announced_source``,
            ``announced_count``, ``announced_at_least``, ``announced_start``, ``announced_end``,
            ``announced_published`` and the same of ``verified_``; missing where no monitor counted any of the
            days), ``silent_days`` (since the monitor last published a figure of the same), ``start_apart``
            and ``end_apart`` (days by which the verified window starts and ends later), ``definitions``
            (``"same"``, ``"unknown"``, ``"different"``), ``comparable``, ``why_not`` and ``to_say``.

        Notes
        -----
        The figure is chosen by a rule that looks at definitions and days and never at the size of the count:
        ``detcount.published.counterparts.RULE`` says it.
        """
        return counterparts.counterpart_frame(self, as_of)

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
        known = measures.checked_mapping(stated, self.measure)
        return replace(self, measure=tuple(known.get(words, words) for words in self.measure))

    def restatements(self) -> pd.DataFrame:
        """List counts that repeat an earlier one of another source: they may be no look of their own.

        Returns
        -------
        pandas.DataFrame
            Columns ``event``, ``count``, ``first_row``, ``first_source``, ``first_published``, ``row``,
            ``source``, ``role``, ``published``, ``days`` (between the two). The same number for the same
            event is no proof: two monitors can agree. A row that stands twice, its note aside, is listed
            beside itself.
        """
        return compare.restatements(self)
