"""Published counts sorted by source and role, each series with what its totals stand on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.process.reports import Plan, best_cover, cover_weight, plan_reports
from detcount.published import PublishedReleases
from detcount.published.days import as_date
from detcount.releases.process.notes import (
    NOTE_CORRECTION,
    NOTE_EARLY,
    NOTE_NO_END,
    NOTE_NO_NEWS,
    NOTE_NO_START,
    NOTE_OVERLAP,
    NOTE_SAME_DAY,
    NOTE_THINNED,
)
from detcount.words import Message

__all__ = ["Array", "Days", "Series", "newness", "read_series"]

Array = NDArray[np.float64]
Days = NDArray[np.int64]
_SETTLES = 4.0  # days in which the chance that a figure is lowered falls by half
_MOST_COUNTS = 150  # beyond, older counts are thinned
_THINNED = ((60, 7), (30, 7), (14, 14), (7, 28), (2, 56))  # days all are kept of, days one is kept of before


@dataclass(frozen=True)
class Series:
    """The counts of one source in one role, days as whole numbers since 1970."""

    source: str
    role: str
    start: Days
    end: Days
    published: Days
    count: Days
    at_least: NDArray[np.bool_]
    plan: Plan

    @property
    def total(self) -> int:
        """Largest total that counts, persons."""
        return int(self.count[list(self.plan.rows)].max(initial=0))

    @property
    def corrections(self) -> tuple[int, float]:
        """How many figures the source lowered later, and how many it might have, by how new they were."""
        plan = self.plan
        lowered = {gone.new: gone.old for gone in plan.superseded if gone.why == "correction"}
        looked_at = [base for row in plan.rows for base in plan.bases[row]] + list(lowered.values())
        return len(lowered), float(sum(newness(self.age(row)) for row in looked_at))

    def age(self, row: int) -> int:
        """Days from the first day of a figure to its publication."""
        return int(self.published[row] - self.start[row])

    def cover(self, start: int, end: int, on: int) -> tuple[int, ...]:
        """Reports inside a window, published by a day, on disjoint days."""
        rows = np.array(
            [
                row
                for row in self.plan.rows
                if self.start[row] >= start and self.end[row] <= end and self.published[row] <= on
            ],
            dtype=np.int64,
        )
        weight = cover_weight(self.start[rows], self.end[rows], self.published[rows], self.count[rows])
        return tuple(int(rows[k]) for k in best_cover(self.start[rows], self.end[rows], weight))


def newness(age: int) -> float:
    """How much of the chance that a first figure is lowered is left for one of some days."""
    return float(0.5 ** (max(age, 0) / _SETTLES))


def read_series(reports: PublishedReleases) -> tuple[list[Series], list[str]]:
    """Sort the counts by source and role; say what was left out and what was corrected."""
    published = reports.published.astype(np.int64)
    unknown = np.isnat(reports.start)
    open_end = np.isnat(reports.end) & ~unknown
    start = np.where(unknown, 0, reports.start.astype(np.int64))
    end = np.where(np.isnat(reports.end), published, reports.end.astype(np.int64))
    notes: list[str] = []
    if unknown.any():
        sources = sorted({reports.source[k] for k in np.flatnonzero(unknown)})
        notes.append(Message(NOTE_NO_START, n=int(unknown.sum()), sources=sources))
    if open_end.any():
        notes.append(Message(NOTE_NO_END, n=int(open_end.sum())))
    early = int((~unknown & (start > published)).sum())
    if early:
        notes.append(Message(NOTE_EARLY, n=early))
    found: dict[tuple[str, str], list[int]] = {}
    used, recent = _thinned(reports, np.flatnonzero(~unknown & (start <= published)), start, published)
    if recent is not None:
        notes.append(Message(NOTE_THINNED, days=recent))
    for k in used:
        found.setdefault((reports.source[k], reports.role[k]), []).append(int(k))
    series = []
    for (source, role), rows in sorted(found.items()):
        at = np.array(rows)
        stop = np.minimum(end[at], published[at])
        fits = stop >= start[at]
        at, stop = at[fits], stop[fits]
        if not len(at):
            continue
        plan = plan_reports(start[at], stop, published[at], reports.count[at], reports.at_least[at])
        one = Series(
            source,
            role,
            start[at],
            stop,
            published[at],
            reports.count[at],
            reports.at_least[at],
            plan,
        )
        series.append(one)
        for gone in plan.superseded:
            old, new = int(one.count[gone.old]), int(one.count[gone.new])
            day = as_date(int(one.published[gone.old]))
            if gone.why == "correction":
                notes.append(
                    Message(
                        NOTE_CORRECTION,
                        source=source,
                        old=old,
                        old_day=day,
                        new=new,
                        new_day=as_date(int(one.published[gone.new])),
                        withdrawn=max(old - new, 0),
                    )
                )
            elif gone.why == "same day":
                notes.append(Message(NOTE_SAME_DAY, source=source, old=old, new=new, day=day))
            else:
                notes.append(Message(NOTE_NO_NEWS, source=source, old=old, day=day))
        if plan.n_overlapping:
            notes.append(Message(NOTE_OVERLAP, source=source, n=plan.n_overlapping))
    return series, notes


def _thinned(reports: PublishedReleases, rows: Days, start: Days, published: Days) -> tuple[Days, int | None]:
    """Of many counts keep the recent ones, and of the older the last of each week or month."""
    today = published[-1]
    recent = None
    for days, period in _THINNED:
        if len(rows) <= _MOST_COUNTS:
            break
        recent = days
        last = {}
        for k in rows:
            age = int(today - published[k])
            bucket = -1 - int(k) if age < days else age // period
            last[reports.source[k], reports.role[k], int(start[k]), bucket] = int(k)
        rows = np.array(sorted(last.values()), dtype=np.int64)
    return rows, recent
