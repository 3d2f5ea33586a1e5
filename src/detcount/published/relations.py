"""How two counts stand to each other: their windows, and whether one can be the other with more days."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detcount.published.windowed import Windowed

__all__ = [
    "differ",
    "end_of",
    "ends",
    "fell",
    "grown",
    "latest",
    "moved_back",
    "same_row",
    "same_window",
    "series",
    "within",
]


def series(reports: Windowed) -> dict[tuple[str, str, str], list[int]]:
    """Rows of each source, event and role, in the order they became known."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for row, key in enumerate(zip(reports.source, reports.event, reports.role, strict=True)):
        found.setdefault(key, []).append(row)
    return found


def latest(reports: Windowed, role: str) -> dict[str, list[int]]:
    """Last row of each source with a role, by event; events without a name are left out."""
    found: dict[str, dict[str, int]] = {}
    for row, event in enumerate(reports.event):
        if reports.role[row] == role and event:
            found.setdefault(event, {})[reports.source[row]] = row
    return {event: list(rows.values()) for event, rows in found.items()}


def ends(reports: Windowed) -> NDArray[np.datetime64]:
    """Last day of each window; the day of publication where nobody said."""
    return np.where(np.isnat(reports.end), reports.published, reports.end)


def end_of(reports: Windowed, row: int) -> np.datetime64:
    """Last day of one window."""
    end: np.datetime64 = reports.end[row]
    published: np.datetime64 = reports.published[row]
    return published if np.isnat(end) else end


def within(reports: Windowed, inner: int, outer: int) -> bool:
    """Whether one window lies in another; one whose start nobody said lies in none."""
    return bool(
        reports.start[inner] >= reports.start[outer] and end_of(reports, inner) <= end_of(reports, outer)
    )


def same_window(reports: Windowed, one: int, other: int) -> bool:
    """Whether two windows are the same, as far as anybody said."""
    return str(reports.start[one]) == str(reports.start[other]) and str(reports.end[one]) == str(
        reports.end[other]
    )


def grown(reports: Windowed, before: int, after: int) -> bool:
    """Whether the second count can be the first with more days in it."""
    contained = within(reports, before, after) or same_window(reports, before, after)
    high_enough = reports.count[after] >= reports.count[before] or reports.at_least[after]
    if same_window(reports, before, after):
        return not differ(reports, before, after)
    return bool(contained and high_enough)


def differ(reports: Windowed, one: int, other: int) -> bool:
    """Whether two counts of one window contradict each other."""
    low, high = sorted((one, other), key=lambda row: int(reports.count[row]))
    return bool(reports.count[low] < reports.count[high] and not reports.at_least[low])


def fell(reports: Windowed, before: int, after: int) -> bool:
    """Whether a later total is lower although its window is no smaller."""
    narrower = reports.start[after] > reports.start[before] or end_of(reports, after) < end_of(
        reports, before
    )
    lower = reports.count[after] < reports.count[before]
    return bool(lower and not reports.at_least[after] and not narrower)


def moved_back(reports: Windowed, before: int, after: int) -> bool:
    """Whether a later window starts or ends on an earlier day; days nobody said do not count."""
    return bool(reports.start[after] < reports.start[before] or reports.end[after] < reports.end[before])


def same_row(reports: Windowed, one: int, other: int) -> bool:
    """Whether two rows of one source, event and role say the same, their notes aside."""
    return bool(
        reports.published[one] == reports.published[other]
        and reports.count[one] == reports.count[other]
        and reports.at_least[one] == reports.at_least[other]
        and reports.measure[one] == reports.measure[other]
        and same_window(reports, one, other)
    )
