"""Published counts of releases beside each other: windows, successive totals, restatements."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from detcount.published.reading import ROLES
from detcount.published.relations import fell, moved_back, series
from detcount.published.windowed import Windowed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["frame_of", "restatements", "stamp", "successive", "windows"]

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
            "start": stamp(start),
            "end": stamp(end),
            "days": None if np.isnat(end - start) else int((end - start).astype(int)) + 1,
            "n_counts": len(rows),
            "first_published": stamp(reports.published[first]),
            "last_published": stamp(reports.published[last]),
            "sources": "; ".join(dict.fromkeys(reports.source[row] for row in rows)),
            "at_least": bool(reports.at_least[rows].any()),
        }
        for role in ROLES:
            counts = [int(reports.count[row]) for row in rows if reports.role[row] == role]
            line[f"{role}_least"] = min(counts, default=None)
            line[f"{role}_most"] = max(counts, default=None)
        found.append(line)
    numbers = ["days", *(f"{role}_{end}" for role in ROLES for end in ("least", "most"))]
    return frame_of(found, tuple(found[0]), numbers)


def successive(reports: Windowed, source: str) -> pd.DataFrame:
    """Totals of one source, by event and role."""
    found = []
    for (of, event, role), rows in series(reports).items():
        if of != source:
            continue
        for before, row in [(None, rows[0]), *pairwise(rows)]:
            line: dict[str, Any] = {
                "event": event,
                "role": role,
                "row": row,
                "published": stamp(reports.published[row]),
                "start": stamp(reports.start[row]),
                "end": stamp(reports.end[row]),
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
                    "fell": fell(reports, before, row),
                    "window_moved_back": moved_back(reports, before, row),
                    "measure_changed": reports.measure[before] != reports.measure[row],
                }
            found.append(line)
    return frame_of(found, _SUCCESSIVE, ("increment", "days"))


def restatements(reports: Windowed) -> pd.DataFrame:
    """Counts that repeat those of another source, and rows of one source that stand twice."""
    first: dict[tuple[str, int], int] = {}
    own: dict[tuple[Any, ...], int] = {}
    found = []
    for row, key in enumerate(zip(reports.event, reports.count.tolist(), strict=True)):
        earlier = first.setdefault(key, row)
        if reports.source[earlier] == reports.source[row]:
            earlier = own.setdefault(_all_but_the_note(reports, row), row)
            if earlier == row:
                continue
        found.append(
            {
                "event": key[0],
                "count": key[1],
                "first_row": earlier,
                "first_source": reports.source[earlier],
                "first_published": stamp(reports.published[earlier]),
                "row": row,
                "source": reports.source[row],
                "role": reports.role[row],
                "published": stamp(reports.published[row]),
                "days": int((reports.published[row] - reports.published[earlier]).astype(int)),
            }
        )
    return frame_of(found, _RESTATEMENTS, ())


def _all_but_the_note(reports: Windowed, row: int) -> tuple[Any, ...]:
    """Cells of a row, its note aside."""
    days = (reports.published[row], reports.start[row], reports.end[row])
    words = (reports.source[row], reports.role[row], reports.event[row], reports.measure[row])
    return (*map(str, days), *words, int(reports.count[row]), bool(reports.at_least[row]))


def _increment(before: bool, after: bool) -> str:
    """What an increment is when one of the totals said "at least"."""
    if before and after:
        return "unknown"
    return "at least" if after else "at most" if before else "exact"


def stamp(day: Any) -> np.datetime64:
    """A day as frames keep it."""
    return np.datetime64(day, "s")


def frame_of(lines: list[dict[str, Any]], names: tuple[str, ...], numbers: Any) -> pd.DataFrame:
    """Frame with its columns in order, also when there is no row; `numbers` may be missing."""
    import pandas as pd

    frame = pd.DataFrame(lines, columns=list(names))
    for name in names:
        if name in numbers:
            frame[name] = frame[name].astype("Int64")
        elif name in {"published", "start", "end"} or name.endswith(("_published", "_start", "_end")):
            frame[name] = frame[name].astype("datetime64[s]")
        elif name in {"count", "row", "n_counts"} or name.endswith(("_row", "_count")) or name == "days":
            frame[name] = frame[name].astype("int64")
        elif name in {"at_least", "fell", "window_moved_back", "measure_changed"}:
            frame[name] = frame[name].astype(bool)
    return frame
