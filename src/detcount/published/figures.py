"""The figure of a source that stands on a day: of which day it is, and the silence of the source since."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from detcount import arguments
from detcount.published.days import as_date
from detcount.published.relations import MATCH_DAYS, end_of, ends, fell, windows_match
from detcount.published.windowed import Windowed
from detcount.words import Message, Number

__all__ = ["StandingFigure", "figure_at", "number_words", "standing_figure", "standing_rows"]


@dataclass(frozen=True)
class StandingFigure:
    """A published count as it stands on a day.

    Parameters
    ----------
    row : int
        Its row.
    source : str
        Who published it.
    count : int
        Persons.
    at_least : bool
        Whether the source said "at least".
    start, end : datetime.date or None
        First and last day of its window, as far as said.
    refers_to : datetime.date
        The last day that it can speak of: the last of its window, but none after its publication.
    published : datetime.date
        When it was published.
    as_of : datetime.date
        The day on which it is looked at.
    silent_days : int
        Days since the source last published a count of the same, this one or one that repeats it.
    source_silent_days : int
        Days since the source last published any count.
    """

    row: int
    source: str
    count: int
    at_least: bool
    start: dt.date | None
    end: dt.date | None
    refers_to: dt.date
    published: dt.date
    as_of: dt.date
    silent_days: int
    source_silent_days: int

    def sentence(self) -> Message:
        """Say the figure with its day, and the silence since."""
        number = number_words(self.count, at_least=self.at_least)
        if not self.silent_days:
            return Message(
                "{source}: {number}, published on {day}.",
                source=self.source,
                number=number,
                day=self.published,
            )
        return Message.counted(
            "{source}: {number}, published on {day}; no further figure of the same in the 1 day since.",
            "{source}: {number}, published on {day}; no further figure of the same in the {n:,} days since.",
            n=self.silent_days,
            source=self.source,
            number=number,
            day=self.published,
        )


def number_words(count: int, *, at_least: bool) -> str:
    """Say a number, and where the source did "at least"."""
    number = Number(count)
    return Message("at least {number}", number=number) if at_least else number


def figure_at(
    reports: Windowed, row: int, *, as_of: Any = None, about: list[int] | None = None
) -> StandingFigure:
    """Tell of the count in one row which day it is of, and how long its source is silent.

    `about` are the rows that speak of the same; by default those of the same source, role and event, and
    where the event has no name those of a window that matches. `as_of` is the day of the last count.
    """
    day = np.datetime64(reports.published[-1] if as_of is None else arguments.day("as_of", as_of), "D")
    own = [k for k, name in enumerate(reports.source) if name == reports.source[row]]
    same = _about(reports, row, own) if about is None else [*about, row]

    def silence(rows: list[int]) -> int:
        known = [reports.published[k] for k in rows if reports.published[k] <= day]
        return int((day - max(known)).astype(np.int64)) if known else 0

    start, end = reports.start[row], reports.end[row]
    return StandingFigure(
        row=row,
        source=reports.source[row],
        count=int(reports.count[row]),
        at_least=bool(reports.at_least[row]),
        start=None if np.isnat(start) else as_date(start),
        end=None if np.isnat(end) else as_date(end),
        refers_to=as_date(min(end_of(reports, row), reports.published[row])),
        published=as_date(reports.published[row]),
        as_of=as_date(day),
        silent_days=silence(same),
        source_silent_days=silence(own),
    )


def standing_figure(
    reports: Windowed,
    source: str,
    *,
    event: str | None = None,
    start: Any = None,
    end: Any = None,
    role: str = "verified",
    as_of: Any = None,
) -> StandingFigure | None:
    """Give the last figure of a source, for an event or for days from one to another, as of a day.

    The days may differ by two. Figures that the source lowered later are passed over. None where there is
    no figure.
    """
    known = reports if as_of is None else reports.as_of(as_of)
    fits = np.ones(len(known), dtype=bool)
    for name, day, days in (("start", start, known.start), ("end", end, ends(known))):
        if day is not None:
            apart = np.abs((days - np.datetime64(arguments.day(name, day), "D")).astype(np.int64))
            fits &= ~np.isnat(days) & (apart <= MATCH_DAYS)
    rows = [
        row
        for row in standing_rows(known, role)
        if fits[row] and known.source[row] == source and (event is None or known.event[row] == event)
    ]
    return figure_at(known, rows[-1], as_of=as_of, about=rows) if rows else None


def standing_rows(reports: Windowed, role: str = "verified") -> list[int]:
    """Rows of a role that their source did not lower later, in its counts of the same event and measure."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for row, key in enumerate(zip(reports.source, reports.event, reports.measure, strict=True)):
        if reports.role[row] == role:
            groups.setdefault(key, []).append(row)
    standing = [
        row
        for rows in groups.values()
        for place, row in enumerate(rows)
        if not any(fell(reports, row, later) for later in rows[place + 1 :])
    ]
    return sorted(standing)


def _about(reports: Windowed, row: int, own: list[int]) -> list[int]:
    """Rows of one source that speak of what one row speaks of."""
    return [
        k
        for k in own
        if reports.role[k] == reports.role[row]
        and (
            reports.event[k] == reports.event[row]
            if reports.event[row]
            else k == row or windows_match(reports, row, k)
        )
    ]
