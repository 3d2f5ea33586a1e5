"""Published counts of releases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from detcount.published import conflicts, measures
from detcount.published.rows import Column
from detcount.published.windowed import WINDOWED, Windowed
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd


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
        Which words of the frame were read as which columns and roles. It is no part of either, too.
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
    _things: ClassVar[str] = Message("releases")

    def __post_init__(self) -> None:
        for name, nothing in (("partial", False), ("date_basis", "")):
            if not len(getattr(self, name)):
                object.__setattr__(self, name, (nothing,) * len(self.source))
        super().__post_init__()

    @property
    def events(self) -> tuple[str, ...]:
        """What was counted, in the order in which it was first published."""
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
        people, and promises beside what was carried out, contradict nothing.
        """
        return conflicts.conflict_frame(self)

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


def require_releases(asker: str, value: Any) -> None:
    """Refuse what is no `PublishedReleases`."""
    if not isinstance(value, PublishedReleases):
        raise TypeError(
            Message(
                "{name}: expected PublishedReleases, got {kind}. Use PublishedReleases.from_frame(frame)",
                name=asker,
                kind=type(value).__name__,
            )
        )
