"""Published counts that contradict each other, or themselves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import numpy as np

from detcount.published.compare import frame_of, stamp
from detcount.published.relations import (
    differ,
    ends,
    fell,
    grown,
    latest,
    moved_back,
    same_row,
    same_window,
    series,
    within,
)
from detcount.published.windowed import Windowed
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["conflicts"]

_CONFLICTS = (
    "kind",
    "event",
    "first_row",
    "second_row",
    "first_source",
    "second_source",
    "first_published",
    "second_published",
    "first_count",
    "second_count",
    "what",
)


def conflicts(reports: Windowed) -> pd.DataFrame:
    """Counts that contradict each other."""
    pairs = [
        *_within_series(reports),
        *_announcements(reports),
        *_verified_above(reports),
        *_part_above_whole(reports),
    ]
    found = []
    for kind, first, second, what in pairs:
        found.append(
            {
                "kind": kind,
                "event": reports.event[first],
                "first_row": first,
                "second_row": second,
                "first_source": reports.source[first],
                "second_source": reports.source[second],
                "first_published": stamp(reports.published[first]),
                "second_published": stamp(reports.published[second]),
                "first_count": int(reports.count[first]),
                "second_count": int(reports.count[second]),
                "what": what,
            }
        )
    found.sort(key=lambda line: (line["second_row"], line["first_row"]))
    return frame_of(found, _CONFLICTS, ())


def _within_series(reports: Windowed) -> Iterator[tuple[str, int, int, str]]:
    """What one source contradicts of its own, on one event."""
    for rows in series(reports).values():
        for before, row in pairwise(rows):
            days = reports.published[[before, row]]
            counts = reports.count[[before, row]]
            who = reports.source[row]
            if same_row(reports, before, row):
                yield "stands twice", before, row, Message("{who}: the same count stands twice", who=who)
                continue
            if fell(reports, before, row):
                yield (
                    "fell",
                    before,
                    row,
                    Message(
                        "{who}: {first:,} on {day}, then {second:,} on {later}",
                        who=who,
                        first=counts[0],
                        day=str(days[0]),
                        second=counts[1],
                        later=str(days[1]),
                    ),
                )
            elif days[0] == days[1] and same_window(reports, before, row) and differ(reports, before, row):
                yield (
                    "two totals",
                    before,
                    row,
                    Message(
                        "{who}: {first:,} and {second:,} on {day} for one window",
                        who=who,
                        first=counts[0],
                        second=counts[1],
                        day=str(days[0]),
                    ),
                )
            if moved_back(reports, before, row):
                yield (
                    "window moved back",
                    before,
                    row,
                    Message(
                        "{who}: the window was {before}, then {after}",
                        who=who,
                        before=_window(reports, before),
                        after=_window(reports, row),
                    ),
                )


def _announcements(reports: Windowed) -> Iterator[tuple[str, int, int, str]]:
    """Announced figures of two sources for one event that growth does not explain."""
    for rows in latest(reports, "announced").values():
        for first, second in combinations(sorted(rows), 2):
            if not (grown(reports, first, second) or grown(reports, second, first)):
                yield (
                    "announcements differ",
                    first,
                    second,
                    Message(
                        "{first}, {second}, for one event",
                        first=_said(reports, first),
                        second=_said(reports, second),
                    ),
                )


def _verified_above(reports: Windowed) -> Iterator[tuple[str, int, int, str]]:
    """More verified than announced, within the announced window."""
    announced = latest(reports, "announced")
    for event, rows in latest(reports, "verified").items():
        for verified in rows:
            for official in announced.get(event, []):
                if (
                    within(reports, verified, official)
                    and reports.count[verified] > reports.count[official]
                    and not reports.at_least[official]
                ):
                    yield (
                        "verified above announced",
                        min(verified, official),
                        max(verified, official),
                        Message(
                            "{verified}, above {announced}",
                            verified=_said(reports, verified),
                            announced=_said(reports, official),
                        ),
                    )


def _part_above_whole(reports: Windowed) -> Iterator[tuple[str, int, int, str]]:
    """A window of one source with more than a wider one that it published no earlier."""
    groups: dict[tuple[str, str], list[int]] = {}
    for row, key in enumerate(zip(reports.source, reports.role, strict=True)):
        groups.setdefault(key, []).append(row)
    end = ends(reports)
    for members in groups.values():
        rows = np.array(members)
        for part in members:
            later = rows[rows >= part]
            above = (
                (reports.start[later] <= reports.start[part])
                & (end[later] >= end[part])
                & (reports.count[later] < reports.count[part])
                & ~reports.at_least[later]
            )
            wholes = [row for row in later[above].tolist() if reports.event[row] != reports.event[part]]
            if wholes:
                whole = wholes[0]
                yield (
                    "part above whole",
                    part,
                    whole,
                    Message(
                        "{who}: {part:,} for {window}, but {whole:,} for {wider}",
                        who=reports.source[part],
                        part=reports.count[part],
                        window=_window(reports, part),
                        whole=reports.count[whole],
                        wider=_window(reports, whole),
                    ),
                )


def _said(reports: Windowed, row: int) -> Message:
    """Who said how many."""
    return Message(
        "{source} {n:,} on {day}",
        source=reports.source[row],
        n=reports.count[row],
        day=str(reports.published[row]),
    )


def _window(reports: Windowed, row: int) -> Message:
    """A window in words."""
    start, end = reports.start[row], reports.end[row]
    return Message(
        "{start} to {end}",
        start=Message("from an unknown day") if np.isnat(start) else str(start),
        end=Message("a day not said") if np.isnat(end) else str(end),
    )
