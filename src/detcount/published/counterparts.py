"""Which verified figure stands against which announced one: a rule that looks at days and never at size."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from detcount.published.announcements import Announcement, announcements
from detcount.published.comparable import Comparison, compared, follows
from detcount.published.compare import frame_of, stamp
from detcount.published.figures import StandingFigure, figure_at, standing_rows
from detcount.published.measures import Measure, measures, same_people
from detcount.published.relations import MATCH_DAYS, days_apart, end_of, same_window
from detcount.published.windowed import Windowed
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RULE", "Counterpart", "counterpart", "counterpart_frame", "counterparts", "nearest_first"]

RULE = Message(
    "Against each announced number stands the verified figure that counts the same people, then the one "
    "whose first and last days are nearest to those announced (named for the same announcement and within "
    "{n} days counts as the same days), then an exact one before one of “at least”, then the most recent, "
    "then that of the monitor with the most figures. Of a monitor that follows the announcement its last "
    "figure counts; a figure that its source lowered later does not. The size of a figure plays no part.",
    n=MATCH_DAYS,
)
_COLUMNS = (
    *("event", "kind"),
    *(f"announced_{name}" for name in ("row", "source", "count", "at_least", "start", "end", "published")),
    *(f"verified_{name}" for name in ("row", "source", "count", "at_least", "start", "end", "published")),
    *("silent_days", "start_apart", "end_apart", "definitions", "comparable", "why_not", "to_say"),
)
_NUMBERS = ("verified_row", "verified_count", "silent_days", "start_apart", "end_apart")
_ORDER = {"same": 0, "unknown": 1, "different": 2}


@dataclass(frozen=True)
class Counterpart:
    """An announced number and the verified figure that stands against it.

    Parameters
    ----------
    announced : StandingFigure
        The announced number.
    announcement : Announcement
        What it speaks of: releases to come, of past days, or a total that runs on.
    verified : StandingFigure or None
        The verified figure; None where no monitor counted any of its days.
    comparison : Comparison or None
        How far the two can be compared.
    others : tuple of StandingFigure
        The figures of the other monitors, the nearest first.
    """

    announced: StandingFigure
    announcement: Announcement
    verified: StandingFigure | None
    comparison: Comparison | None
    others: tuple[StandingFigure, ...]


def counterparts(reports: Windowed, *, as_of: object = None) -> tuple[Counterpart, ...]:
    """Set the last announced number of each source and event against the verified figure of its days.

    With `as_of` later counts are not known, and silence is counted up to that day.
    """
    if as_of is not None:
        reports = reports.as_of(as_of)
    last: dict[object, Announcement] = {}
    for found in announcements(reports):
        row = found.row
        days = reports.event[row] or (str(reports.start[row]), str(end_of(reports, row)))
        last[reports.source[row], days] = found
    read = measures(reports)
    standing = standing_rows(reports)
    return tuple(
        counterpart(reports, found, as_of=as_of, rows=standing, read=read)
        for found in sorted(last.values(), key=lambda found: found.row)
    )


def counterpart(
    reports: Windowed,
    announcement: Announcement,
    *,
    as_of: object = None,
    rows: list[int] | None = None,
    read: tuple[Measure, ...] | None = None,
) -> Counterpart:
    """Set one announced number against the verified figure of its days, chosen among `rows`."""
    read = measures(reports) if read is None else read
    candidates = [
        row
        for row in (standing_rows(reports) if rows is None else rows)
        if _shares_days(reports, announcement, row)
    ]
    chosen = nearest_first(reports, announcement, candidates, read=read)
    figures = [_figure(reports, announcement.row, row, as_of) for row in chosen]
    open_end = announcement.kind == "prospective"
    return Counterpart(
        announced=figure_at(reports, announcement.row, as_of=as_of),
        announcement=announcement,
        verified=figures[0] if figures else None,
        comparison=(
            compared(reports, announcement.row, chosen[0], open_end=open_end, read=read) if chosen else None
        ),
        others=tuple(figures[1:]),
    )


def counterpart_frame(reports: Windowed, as_of: object = None) -> pd.DataFrame:
    """Announced numbers and the verified figures that stand against them, as a frame."""
    lines = []
    for pair in counterparts(reports, as_of=as_of):
        said, seen, both = pair.announced, pair.verified, pair.comparison
        line: dict[str, Any] = {
            "event": reports.event[said.row],
            "kind": pair.announcement.kind,
            "announced_row": said.row,
            "announced_source": said.source,
            "announced_count": said.count,
            "announced_at_least": said.at_least,
            "announced_start": stamp(reports.start[said.row]),
            "announced_end": stamp(reports.end[said.row]),
            "announced_published": stamp(reports.published[said.row]),
        }
        if seen is not None and both is not None:
            line |= {
                "verified_row": seen.row,
                "verified_source": seen.source,
                "verified_count": seen.count,
                "verified_at_least": seen.at_least,
                "verified_start": stamp(reports.start[seen.row]),
                "verified_end": stamp(reports.end[seen.row]),
                "verified_published": stamp(reports.published[seen.row]),
                "silent_days": seen.silent_days,
                "start_apart": both.start_apart,
                "end_apart": both.end_apart,
                "definitions": both.definitions,
                "comparable": both.comparable,
                "why_not": Message.together(both.why_not),
                "to_say": Message.together(both.to_say),
            }
        lines.append(line)
    return frame_of(lines, _COLUMNS, _NUMBERS)


def nearest_first(
    reports: Windowed,
    announcement: Announcement,
    rows: list[int],
    *,
    read: tuple[Measure, ...] | None = None,
) -> list[int]:
    """Order verified figures by `RULE`, one a monitor: the first stands against the announcement."""
    read = measures(reports) if read is None else read
    figures = Counter(
        source for source, role in zip(reports.source, reports.role, strict=True) if role == "verified"
    )
    said = announcement.row
    event, defined = reports.event[said], reports.definition is not None

    def rank(row: int) -> tuple[Any, ...]:
        first, last = days_apart(reports, said, row)
        start, end = abs(first or 0), 0 if announcement.kind == "prospective" else abs(last)
        near = bool(event) and reports.event[row] == event and max(start, end) <= MATCH_DAYS
        return (
            _ORDER[same_people(read[said], read[row], defined=defined)],
            first is None,
            0 if near else start + end,
            bool(reports.at_least[row]),
            -int(reports.published[row].astype(np.int64)),
            -figures[reports.source[row]],
            reports.source[row],
            -row,
        )

    last_following = {reports.source[row]: row for row in sorted(rows) if follows(reports, said, row)}
    best: dict[str, int] = {}
    for row in sorted(rows, key=rank):
        best.setdefault(reports.source[row], row)
    for source, row in last_following.items():
        if end_of(reports, row) >= end_of(reports, best[source]):
            best[source] = row
    return sorted(best.values(), key=rank)


def _figure(reports: Windowed, said: int, row: int, as_of: object) -> StandingFigure:
    """A figure for an announcement: silence is that about these days, whatever its source counts besides."""
    about = [
        other
        for other in range(len(reports))
        if (reports.source[other], reports.role[other]) == (reports.source[row], reports.role[row])
        and (same_window(reports, other, row) or follows(reports, said, other))
    ]
    return figure_at(reports, row, as_of=as_of, about=about)


def _shares_days(reports: Windowed, announcement: Announcement, row: int) -> bool:
    """Whether a verified figure is named for an announcement, or has days in common with it."""
    said = announcement.row
    if reports.event[row] and reports.event[row] == reports.event[said]:
        return True
    first = end_of(reports, said) if np.isnat(reports.start[said]) else reports.start[said]
    start = end_of(reports, row) if np.isnat(reports.start[row]) else reports.start[row]
    later = np.timedelta64(MATCH_DAYS if announcement.kind == "prospective" else 0, "D")
    return bool(start <= end_of(reports, said) + later and end_of(reports, row) >= first)
