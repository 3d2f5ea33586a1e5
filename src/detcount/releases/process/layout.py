"""The days of the process in blocks: single where counts tell them apart, longer elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount.releases.process.series import Days, Series

__all__ = ["Layout", "lay_out"]

_NEAR = 10  # days before a count within which each day stands for itself
_BLOCKS = (7, 14, 28, 56, 112)  # days taken together where nothing tells them apart
_MOST_BLOCKS = 260
_RECENT = 90  # days that stay single however many counts there are


@dataclass(frozen=True)
class Layout:
    """Days from the first release day to the last count, in blocks."""

    first: int
    today: int
    starts: Days  # first day of each block, from 0

    @property
    def n_days(self) -> int:
        """Days from the first to the last."""
        return self.today - self.first + 1

    @property
    def widths(self) -> Days:
        """Days of each block."""
        return np.diff(np.append(self.starts, self.n_days))

    def block(self, days: Days) -> Days:
        """Block of each day since 1970."""
        return np.searchsorted(self.starts, days - self.first, side="right") - 1


def lay_out(series: list[Series], today: int) -> Layout:
    """Lay the days out in blocks: single where counts tell them apart, longer elsewhere."""
    first = min(int(one.start[row]) for one in series for row in one.plan.rows)
    n_days = today - first + 1
    single = np.zeros(n_days + 1, dtype=bool)
    edge = np.zeros(n_days + 1, dtype=bool)
    single[max(today - _NEAR - first, 0) :] = True
    edge[0] = True
    for one in series:
        for row in one.plan.rows:
            start, end, published = (int(part[row]) - first for part in (one.start, one.end, one.published))
            edge[[start, min(end + 1, n_days)]] = True
            if one.role == "announced":
                single[max(end - 1, start) : end + 3] = True
                single[start : min(start + 3, end + 1)] = True
            else:
                single[max(start, published - _NEAR) : end + 1] = True
    for longest in _BLOCKS:
        starts = _blocks(single, edge, n_days, longest)
        if len(starts) <= _MOST_BLOCKS:
            break
        old = max(n_days - _RECENT, 0)
        single[:old] = False
        edge[1:old] = False
    return Layout(first, today, starts)


def _blocks(single: NDArray[np.bool_], edge: NDArray[np.bool_], n_days: int, longest: int) -> Days:
    """First days of the blocks."""
    starts = []
    length = 0
    for day in range(n_days):
        if day == 0 or edge[day] or single[day] or single[day - 1] or length >= longest:
            starts.append(day)
            length = 0
        length += 1
    return np.array(starts, dtype=np.int64)
