"""The counts set out as increments, for the numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from detcount._numerics.process import EXACT, LEAST, ROBUST, ROBUST_LEAST, Increments
from detcount.releases.process.layout import Layout
from detcount.releases.process.series import Array, Days, Series

__all__ = ["Errors", "excess", "increments_of"]

_EXCESS = 0.1  # share by which a figure said to be a lower bound is too low, on average
_CARRIED_OUT = (
    0.75  # of the releases on a day after an announcement, what still follows from it: falls by this
)


@dataclass(frozen=True)
class Errors:
    """How far figures of different sources may lie apart: options of the specification."""

    announced: float
    reported: float
    announced_ratio: tuple[float, float]
    monitor_ratio: float


def increments_of(series: list[Series], layout: Layout, errors: Errors) -> Increments:
    """Set the reports out as increments."""
    days = np.arange(layout.first, layout.last + 1)
    first_days = layout.first + layout.starts
    last_days = first_days + layout.widths - 1
    near: list[Days] = []
    far: list[Days] = []
    fixed: list[Array] = []
    position: dict[tuple[int, int], int] = {}
    for k, one in enumerate(series):
        for row in one.plan.rows:
            position[k, row] = len(near)
            start, end, published = int(one.start[row]), int(one.end[row]), int(one.published[row])
            if one.role == "announced":
                by_day = np.where(days >= start, _follow(days - end), 0.0)
                near.append(np.zeros(len(first_days), dtype=np.int64))
                far.append(np.zeros(len(first_days), dtype=np.int64))
                fixed.append(np.add.reduceat(by_day, layout.starts))
            else:
                low, high = np.maximum(first_days, start), np.minimum(last_days, end)
                inside = low <= high
                near.append(np.where(inside, published - high, 0))
                far.append(np.where(inside, published - low + 1, 0))
                fixed.append(np.zeros(len(first_days)))
    report, stands_on, whose, kind, count, error, keys = [], [], [], [], [], [], []
    for k, one in enumerate(series):
        for row in one.plan.rows:
            below = list(one.plan.bases[row])
            increment = int(one.count[row] - one.count[below].sum())
            if one.role != "verified" and increment == 0:
                continue  # the same figure again: passed on, it says nothing of the days between
            report.append(position[k, row])
            stands_on.append([position[k, base] for base in below])
            whose.append(k)
            keys.append((k, row))
            count.append(increment)
            if one.role == "verified":
                kind.append(LEAST if one.at_least[row] else EXACT)
                error.append(excess(int(one.count[row])))
            else:
                kind.append(ROBUST_LEAST if one.at_least[row] else ROBUST)
                error.append(errors.announced if one.role == "announced" else errors.reported)
    following = np.full(len(count), -1)
    taken: set[int] = set()
    for i, (k, row) in enumerate(keys):
        if kind[i] != LEAST:
            continue
        for other, (whom, later) in enumerate(keys):
            if whom == k and kind[other] == EXACT and row in series[k].plan.bases[later]:
                if other not in taken:
                    following[i] = other
                    taken.add(other)
                else:
                    kind[i] = EXACT
                break
    most = max((len(line) for line in stands_on), default=0)
    announced = np.array([one.role == "announced" for one in series])
    covariance = np.diag(np.where(announced, (0.6 * errors.announced_ratio[1]) ** 2, errors.monitor_ratio**2))
    covariance += np.outer(announced, announced) * (0.8 * errors.announced_ratio[1]) ** 2
    jumps = sorted(
        {int(day) for one in series if one.role == "announced" for day in one.start[list(one.plan.rows)]}
    )
    return Increments(
        near=np.array(near),
        far=np.array(far),
        fixed=np.array(fixed),
        report=np.array(report, dtype=np.int64),
        below=np.array([line + [-1] * (most - len(line)) for line in stands_on], dtype=np.int64),
        centre=layout.first + layout.starts + (layout.widths - 1) / 2,
        width=layout.widths.astype(np.float64),
        series=np.array(whose, dtype=np.int64),
        kind=np.array(kind, dtype=np.int64),
        count=np.array(count, dtype=np.float64),
        following=following,
        error=np.array(error),
        ratio_mean=np.where(announced, math.log(errors.announced_ratio[0]), 0.0),
        ratio_covariance=covariance,
        jumps=np.array(jumps, dtype=np.float64),
    )


def _follow(days: Days) -> Array:
    """Share of the releases of a day, days after an announcement, that still follow from it."""
    return np.where(days > 0, _CARRIED_OUT ** np.maximum(days, 0), 1.0)


def excess(count: int) -> float:
    """Persons by which a figure said to be a lower bound is too low, on average."""
    return _EXCESS * count + 1
