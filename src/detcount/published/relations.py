"""How two counts stand to each other, by their windows; and counts as words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detcount.published.days import days_between
from detcount.published.windowed import Windowed
from detcount.words import Message, Number

MATCH_DAYS = 2
"""Days by which the first and the last days of two windows may differ where they are still compared."""


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


def days_apart(reports: Windowed, one: int, other: int) -> tuple[int | None, int]:
    """Days by which the second window starts after the first, None where nobody said, and ends after it."""
    start = reports.start[one], reports.start[other]
    unknown = bool(np.isnat(start[0]) or np.isnat(start[1]))
    return (
        None if unknown else days_between(*start),
        days_between(end_of(reports, one), end_of(reports, other)),
    )


def windows_match(reports: Windowed, one: int, other: int, *, within_days: int = MATCH_DAYS) -> bool:
    """Whether the first and last days of two windows are said, and at most some days apart."""
    start, end = days_apart(reports, one, other)
    return start is not None and abs(start) <= within_days and abs(end) <= within_days


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


def differ(reports: Windowed, one: int, other: int) -> bool:
    """Whether two counts of one window cannot both be true."""
    low, high = sorted((one, other), key=lambda row: int(reports.count[row]))
    return bool(reports.count[low] < reports.count[high] and not reports.at_least[low])


def fell(reports: Windowed, before: int, after: int) -> bool:
    """Whether a later total is lower although its window is known to be no smaller."""
    no_smaller = within(reports, before, after) or same_window(reports, before, after)
    lower = reports.count[after] < reports.count[before]
    return bool(lower and not reports.at_least[after] and no_smaller)


def number_words(count: int, *, at_least: bool) -> str:
    """Say a number, and where the source did "at least"."""
    number = Number(count)
    return Message("at least {number}", number=number) if at_least else number
