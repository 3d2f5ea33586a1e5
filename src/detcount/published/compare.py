"""Published counts of releases beside each other: windows, successive totals, conflicts, restatements."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detcount.published.reading import ROLES
from detcount.published.windowed import Windowed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["conflicts", "restatements", "successive", "windows"]

_SUCCESSIVE = (
    "event",
    "role",
    "row",
    "published",
    "start",
    "end",
    "count",
    "at_least",
    "increment",
    "days",
    "increment_is",
    "fell",
    "window_moved_back",
    "measure_changed",
)

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

_RESTATEMENTS = (
    "event",
    "count",
    "first_row",
    "first_source",
    "first_published",
    "row",
    "source",
    "role",
    "published",
    "days",
)


def windows(reports: Windowed) -> pd.DataFrame:
    """One row for each event and window."""
    groups: dict[Any, list[int]] = {}
    for row in range(len(reports)):
        key = (reports.event[row], str(reports.start[row]), str(reports.end[row]))
        groups.setdefault(key, []).append(row)
    found = []
    for rows in groups.values():
        first, last = rows[0], rows[-1]
        start, end = reports.start[first], reports.end[first]
        line: dict[str, Any] = {
            "event": reports.event[first],
            "start": _stamp(start),
            "end": _stamp(end),
            "days": None if np.isnat(end - start) else int((end - start).astype(int)) + 1,
            "n_counts": len(rows),
            "first_published": _stamp(reports.published[first]),
            "last_published": _stamp(reports.published[last]),
            "sources": "; ".join(dict.fromkeys(reports.source[row] for row in rows)),
            "at_least": bool(reports.at_least[rows].any()),
        }
        for role in ROLES:
            counts = [int(reports.count[row]) for row in rows if reports.role[row] == role]
            line[f"{role}_least"] = min(counts, default=None)
            line[f"{role}_most"] = max(counts, default=None)
        found.append(line)
    numbers = ["days", *(f"{role}_{end}" for role in ROLES for end in ("least", "most"))]
    return _frame(found, tuple(found[0]), numbers)


def successive(reports: Windowed, source: str) -> pd.DataFrame:
    """Totals of one source, by event and role."""
    found = []
    for (of, event, role), rows in _series(reports).items():
        if of != source:
            continue
        for before, row in [(None, rows[0]), *pairwise(rows)]:
            line: dict[str, Any] = {
                "event": event,
                "role": role,
                "row": row,
                "published": _stamp(reports.published[row]),
                "start": _stamp(reports.start[row]),
                "end": _stamp(reports.end[row]),
                "count": int(reports.count[row]),
                "at_least": bool(reports.at_least[row]),
                "increment": None,
                "days": None,
                "increment_is": "",
                "fell": False,
                "window_moved_back": False,
                "measure_changed": False,
            }
            if before is not None:
                line |= {
                    "increment": int(reports.count[row] - reports.count[before]),
                    "days": int((reports.published[row] - reports.published[before]).astype(int)),
                    "increment_is": _increment(bool(reports.at_least[before]), bool(reports.at_least[row])),
                    "fell": _fell(reports, before, row),
                    "window_moved_back": _moved_back(reports, before, row),
                    "measure_changed": reports.measure[before] != reports.measure[row],
                }
            found.append(line)
    return _frame(found, _SUCCESSIVE, ("increment", "days"))


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
                "first_published": _stamp(reports.published[first]),
                "second_published": _stamp(reports.published[second]),
                "first_count": int(reports.count[first]),
                "second_count": int(reports.count[second]),
                "what": what,
            }
        )
    found.sort(key=lambda line: (line["second_row"], line["first_row"]))
    return _frame(found, _CONFLICTS, ())


def restatements(reports: Windowed) -> pd.DataFrame:
    """Counts that repeat those of another source."""
    first: dict[tuple[str, int], int] = {}
    found = []
    for row, key in enumerate(zip(reports.event, reports.count.tolist(), strict=True)):
        earlier = first.setdefault(key, row)
        if reports.source[earlier] == reports.source[row]:
            continue
        found.append(
            {
                "event": key[0],
                "count": key[1],
                "first_row": earlier,
                "first_source": reports.source[earlier],
                "first_published": _stamp(reports.published[earlier]),
                "row": row,
                "source": reports.source[row],
                "role": reports.role[row],
                "published": _stamp(reports.published[row]),
                "days": int((reports.published[row] - reports.published[earlier]).astype(int)),
            }
        )
    return _frame(found, _RESTATEMENTS, ())


def _series(reports: Windowed) -> dict[tuple[str, str, str], list[int]]:
    """Rows of each source, event and role, in the order they became known."""
    series: dict[tuple[str, str, str], list[int]] = {}
    for row, key in enumerate(zip(reports.source, reports.event, reports.role, strict=True)):
        series.setdefault(key, []).append(row)
    return series


def _within_series(reports: Windowed) -> Iterator[tuple[str, int, int, str]]:
    """What one source contradicts of its own, on one event."""
    for rows in _series(reports).values():
        for before, row in pairwise(rows):
            days = reports.published[[before, row]]
            counts = reports.count[[before, row]]
            who = reports.source[row]
            if _same_row(reports, before, row):
                yield "stands twice", before, row, f"{who}: the same count stands twice"
                continue
            if _fell(reports, before, row):
                yield (
                    "fell",
                    before,
                    row,
                    f"{who}: {counts[0]:,} on {days[0]}, then {counts[1]:,} on {days[1]}",
                )
            elif days[0] == days[1] and _same_window(reports, before, row) and _differ(reports, before, row):
                yield (
                    "two totals",
                    before,
                    row,
                    f"{who}: {counts[0]:,} and {counts[1]:,} on {days[0]} for one window",
                )
            if _moved_back(reports, before, row):
                yield (
                    "window moved back",
                    before,
                    row,
                    f"{who}: the window was {_window(reports, before)}, then {_window(reports, row)}",
                )


def _announcements(reports: Windowed) -> Iterator[tuple[str, int, int, str]]:
    """Announced figures of two sources for one event that growth does not explain."""
    for rows in _latest(reports, "announced").values():
        for first, second in combinations(sorted(rows), 2):
            if not (_grown(reports, first, second) or _grown(reports, second, first)):
                yield (
                    "announcements differ",
                    first,
                    second,
                    f"{_said(reports, first)}, {_said(reports, second)}, for one event",
                )


def _verified_above(reports: Windowed) -> Iterator[tuple[str, int, int, str]]:
    """More verified than announced, within the announced window."""
    announced = _latest(reports, "announced")
    for event, rows in _latest(reports, "verified").items():
        for verified in rows:
            for official in announced.get(event, []):
                if (
                    _within(reports, verified, official)
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
    end = _ends(reports)
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


def _latest(reports: Windowed, role: str) -> dict[str, list[int]]:
    """Last row of each source with a role, by event; events without a name are left out."""
    found: dict[str, dict[str, int]] = {}
    for row, event in enumerate(reports.event):
        if reports.role[row] == role and event:
            found.setdefault(event, {})[reports.source[row]] = row
    return {event: list(rows.values()) for event, rows in found.items()}


def _ends(reports: Windowed) -> NDArray[np.datetime64]:
    """Last day of each window; the day of publication where nobody said."""
    return np.where(np.isnat(reports.end), reports.published, reports.end)


def _end(reports: Windowed, row: int) -> np.datetime64:
    """Last day of one window."""
    end: np.datetime64 = reports.end[row]
    published: np.datetime64 = reports.published[row]
    return published if np.isnat(end) else end


def _within(reports: Windowed, inner: int, outer: int) -> bool:
    """Whether one window lies in another; one whose start nobody said lies in none."""
    return bool(reports.start[inner] >= reports.start[outer] and _end(reports, inner) <= _end(reports, outer))


def _same_window(reports: Windowed, one: int, other: int) -> bool:
    """Whether two windows are the same, as far as anybody said."""
    return str(reports.start[one]) == str(reports.start[other]) and str(reports.end[one]) == str(
        reports.end[other]
    )


def _grown(reports: Windowed, before: int, after: int) -> bool:
    """Whether the second count can be the first with more days in it."""
    contained = _within(reports, before, after) or _same_window(reports, before, after)
    high_enough = reports.count[after] >= reports.count[before] or reports.at_least[after]
    if _same_window(reports, before, after):
        return not _differ(reports, before, after)
    return bool(contained and high_enough)


def _differ(reports: Windowed, one: int, other: int) -> bool:
    """Whether two counts of one window contradict each other."""
    low, high = sorted((one, other), key=lambda row: int(reports.count[row]))
    return bool(reports.count[low] < reports.count[high] and not reports.at_least[low])


def _fell(reports: Windowed, before: int, after: int) -> bool:
    """Whether a later total is lower although its window is no smaller."""
    narrower = reports.start[after] > reports.start[before] or _end(reports, after) < _end(reports, before)
    lower = reports.count[after] < reports.count[before]
    return bool(lower and not reports.at_least[after] and not narrower)


def _moved_back(reports: Windowed, before: int, after: int) -> bool:
    """Whether a later window starts or ends on an earlier day; days nobody said do not count."""
    return bool(reports.start[after] < reports.start[before] or reports.end[after] < reports.end[before])


def _same_row(reports: Windowed, one: int, other: int) -> bool:
    """Whether two rows of one source, event and role say the same, their notes aside."""
    return bool(
        reports.published[one] == reports.published[other]
        and reports.count[one] == reports.count[other]
        and reports.at_least[one] == reports.at_least[other]
        and reports.measure[one] == reports.measure[other]
        and _same_window(reports, one, other)
    )


def _increment(before: bool, after: bool) -> str:
    """What an increment is when one of the totals said "at least"."""
    if before and after:
        return "unknown"
    return "at least" if after else "at most" if before else "exact"


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


def _stamp(day: Any) -> np.datetime64:
    """A day as frames keep it."""
    return np.datetime64(day, "s")


def _frame(lines: list[dict[str, Any]], names: tuple[str, ...], numbers: Any) -> pd.DataFrame:
    """Frame with its columns in order, also when there is no row; `numbers` may be missing."""
    import pandas as pd

    frame = pd.DataFrame(lines, columns=list(names))
    for name in names:
        if name in numbers:
            frame[name] = frame[name].astype("Int64")
        elif name in {"published", "start", "end"} or name.endswith("_published"):
            frame[name] = frame[name].astype("datetime64[s]")
        elif name in {"count", "row", "n_counts"} or name.endswith(("_row", "_count")) or name == "days":
            frame[name] = frame[name].astype("int64")
        elif name in {"at_least", "fell", "window_moved_back", "measure_changed"}:
            frame[name] = frame[name].astype(bool)
    return frame
