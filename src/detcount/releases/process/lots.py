"""Announcements as finite lots: who was to be freed, or was said to have been, and over which days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.process.reports import plan_reports
from detcount.published import PublishedReleases
from detcount.published.announcements import announcements
from detcount.published.measures import measures
from detcount.published.relations import MATCH_DAYS
from detcount.releases.process.series import Array, Days

__all__ = ["Lots", "read_lots"]

_PROGRESS = 90  # days after an announcement in which counts may be of it
_RANK = {"all": 0, "unknown": 1, "political": 2}  # whose announcement says more of what monitors count
# Ways to carry a lot out: days by which it begins late, days until two thirds are out, and the prior.
_PROSPECTIVE = ((0, 0.5, 0.2), (1, 0.5, 0.25), (1, 3.0, 0.25), (3, 2.0, 0.15), (0, 20.0, 0.15))
_RETROSPECTIVE = ((0, 0.1, 0.4), (0, 2.0, 0.25), (1, 0.1, 0.15), (1, 2.0, 0.15), (1, 6.0, 0.05))


@dataclass(frozen=True)
class Lots:
    """Lots that share no person: increments of what all authorities announced.

    Parameters
    ----------
    start, end : ndarray of int64, shape (L,)
        First and last day that each lot is of.
    count : ndarray of int64, shape (L,)
        Persons.
    prospective : ndarray of bool, shape (L,)
        Whether it speaks of releases to come, so that its end is open.
    days : tuple of ndarray of int64
        The days of each lot outside those of the announcements that it contains.
    wider : ndarray of bool, shape (L,)
        Whether it is said to be of all prisoners, and not of political ones alone.
    """

    start: Days
    end: Days
    count: Days
    prospective: NDArray[np.bool_]
    days: tuple[Days, ...]
    wider: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.count)

    @property
    def speeds(self) -> Array:
        """Prior of the ways each lot may be carried out, shape (L, T)."""
        priors = np.array([[way[-1] for way in ways] for ways in (_RETROSPECTIVE, _PROSPECTIVE)])
        return np.asarray(priors[self.prospective.astype(int)])

    def shares(self, first: int, last: int) -> Array:
        """Share of each lot that is released on each day, by way: shape (L, T, n_days)."""
        wanted = np.arange(first, last + 1)
        found = np.zeros((len(self), len(_PROSPECTIVE), len(wanted)))
        for lot in range(len(self)):
            ways = _PROSPECTIVE if self.prospective[lot] else _RETROSPECTIVE
            own = self.start[lot : lot + 1] if self.prospective[lot] else self.days[lot]
            for way, (late, days, _) in enumerate(ways):
                lag = np.maximum(np.append(wanted, last + 1)[:, None] - (own + late)[None, :], 0)
                found[lot, way] = np.diff(-np.expm1(-lag / days), axis=0).mean(axis=1)
        return found


def read_lots(reports: PublishedReleases) -> Lots:
    """Write what all authorities announced as lots, none of them counted twice.

    A later figure that contains an earlier one stands on it, whoever published them; what it adds is a lot.
    Of figures that contradict each other the later counts. What is reported of the progress of an
    announcement with an open end is a part of it.
    """
    rows = [found for found in announcements(reports) if not np.isnat(reports.start[found.row])]
    published = reports.published.astype(np.int64)
    start = np.where(np.isnat(reports.start), 0, reports.start.astype(np.int64))
    end = np.where(np.isnat(reports.end), published, reports.end.astype(np.int64))
    who = measures(reports)
    # what is announced for days that are named is carried out in these, as what is past is
    named = ~np.isnat(reports.end) & (end > published)
    to_come = {found.row for found in rows if found.kind == "prospective" and not named[found.row]}
    end = np.where([row in to_come for row in range(len(reports))], start, np.maximum(end, start))
    kept: list[int] = []
    for row in sorted(
        (found.row for found in rows), key=lambda row: (published[row], reports.source[row], row)
    ):
        same = [old for old in kept if _near(start, end, old, row)]
        if any(_RANK[who[old].who] > _RANK[who[row].who] for old in same):
            continue  # all prisoners, where the same days are known for political ones
        if row not in to_come and any(_progress(reports, start, old, row) for old in kept if old in to_come):
            continue
        for old in same:
            if _RANK[who[old].who] < _RANK[who[row].who] or {old, row} <= to_come:
                kept.remove(old)
        kept.append(row)
    at = np.array(kept, dtype=np.int64)
    plan = plan_reports(
        start[at], end[at], np.maximum(published, start)[at], reports.count[at], reports.at_least[at]
    )
    lots = []
    for k in plan.rows:
        row, below = int(at[k]), at[list(plan.bases[k])]
        increment = int(reports.count[row] - reports.count[below].sum())
        if increment <= 0:
            continue
        own = np.arange(start[row], end[row] + 1)
        covered = np.zeros(len(own), dtype=bool)
        for base in below:
            covered |= (own >= start[base]) & (own <= end[base])
        lots.append((row, increment, own if covered.all() else own[~covered]))
    return Lots(
        start=np.array([start[row] for row, _, _ in lots], dtype=np.int64),
        end=np.array([end[row] for row, _, _ in lots], dtype=np.int64),
        count=np.array([increment for _, increment, _ in lots], dtype=np.int64),
        prospective=np.array([row in to_come for row, _, _ in lots], dtype=bool),
        days=tuple(days for _, _, days in lots),
        wider=np.array([who[row].who == "all" for row, _, _ in lots], dtype=bool),
    )


def _near(start: Days, end: Days, one: int, other: int) -> bool:
    """Whether two windows are the same but for two days at each end."""
    return bool(abs(start[one] - start[other]) <= MATCH_DAYS and abs(end[one] - end[other]) <= MATCH_DAYS)


def _progress(reports: PublishedReleases, start: Days, promise: int, row: int) -> bool:
    """Whether a count of releases says how far an announcement with an open end has been carried out."""
    named = reports.event[row] in ("", reports.event[promise])
    soon = -MATCH_DAYS <= start[row] - start[promise] <= _PROGRESS
    return bool(named and soon and reports.count[row] <= reports.count[promise])
