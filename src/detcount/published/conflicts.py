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
                yield "stands twice", before, row, f"{who}: the same count stands twice"
                continue
            if fell(reports, before, row):
                yield (
                    "fell",
                    before,
                    row,
                    f"{who}: {counts[0]:,} on {days[0]}, then {counts[1]:,} on {days[1]}",
                )
            elif days[0] == days[1] and same_window(reports, before, row) and differ(reports, before, row):
                yield (
                    "two totals",
                    before,
                    row,
                    f"{who}: {counts[0]:,} and {counts[1]:,} on {days[0]} for one window",
                )
            if moved_back(reports, before, row):
                yield (
                    "window moved back",
                    before,
                    row,
                    f"{who}: the window was {_window(reports, before)}, then {_window(reports, row)}",
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
                    f"{_said(reports, first)}, {_said(reports, second)}, for one event",
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
                        f"{_said(reports, verified)}, above {_said(reports, official)}",
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
                    f"{reports.source[part]}: {reports.count[part]:,} for {_window(reports, part)}, but "
                    f"{reports.count[whole]:,} for {_window(reports, whole)}",
                )


def _said(reports: Windowed, row: int) -> str:
    """Who said how many."""
    return f"{reports.source[row]} {reports.count[row]:,} on {reports.published[row]}"


def _window(reports: Windowed, row: int) -> str:
    """A window in words."""
    start, end = reports.start[row], reports.end[row]
    return (
        f"{'from an unknown day' if np.isnat(start) else start} to "
        f"{'a day not said' if np.isnat(end) else end}"
    )
