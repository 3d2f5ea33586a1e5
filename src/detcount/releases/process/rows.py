"""The counts set out as increments, and the announcements as lots, for the numbers."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from detcount._numerics.process import Register
from detcount.releases.process.layout import Layout
from detcount.releases.process.lots import Lots
from detcount.releases.process.series import Days, Series

__all__ = ["excess", "monitors_of", "register_of"]

_EXACT = 0.03  # relative error of a verified increment, at least: of thousands no single person is known
_EXCESS = 0.1  # share by which a figure said to be a lower bound is too low, on average


class Options(Protocol):
    """What of the specification the numbers need."""

    @property
    def reported_error(self) -> float:
        """Relative error of a single figure that was passed on."""
        ...

    @property
    def announced_share(self) -> tuple[float, float]:
        """Beta prior of the share of a lot that is verified in the end."""
        ...

    @property
    def wider_share(self) -> tuple[float, float]:
        """The same for a lot of all prisoners."""
        ...


def monitors_of(series: list[Series]) -> list[int]:
    """Positions of the series whose totals are counts of a register, in order."""
    return [k for k, one in enumerate(series) if one.role != "announced"]


def register_of(series: list[Series], layout: Layout, lots: Lots, options: Options) -> Register:
    """Set the reports out as increments, and the lots as profiles over blocks."""
    first_days = layout.first + layout.starts
    last_days = first_days + layout.widths - 1
    near: list[Days] = []
    far: list[Days] = []
    position: dict[tuple[int, int], int] = {}
    monitors = monitors_of(series)
    report, stands_on, whose, count, error, least, keys = [], [], [], [], [], [], []
    for number, k in enumerate(monitors):
        one = series[k]
        for row in one.plan.rows:
            position[k, row] = len(near)
            start, end, published = int(one.start[row]), int(one.end[row]), int(one.published[row])
            low, high = np.maximum(first_days, start), np.minimum(last_days, end)
            inside = low <= high
            near.append(np.where(inside, published - high, 0))
            far.append(np.where(inside, published - low + 1, 0))
        for row in one.plan.rows:
            below = list(one.plan.bases[row])
            increment = int(one.count[row] - one.count[below].sum())
            if one.role != "verified" and increment == 0:
                continue  # the same figure again: passed on, it says nothing of the days between
            report.append(position[k, row])
            stands_on.append([position[k, base] for base in below])
            whose.append(number)
            keys.append((k, row))
            count.append(increment)
            error.append(excess(int(one.count[row])) if one.at_least[row] else 0.0)
            error_squared = _EXACT**2 if one.role == "verified" else options.reported_error**2
            least.append(error_squared * increment)
    following = np.full(len(count), -1)
    taken: set[int] = set()
    for i, (k, row) in enumerate(keys):
        if not error[i]:
            continue
        for other, (whom, later) in enumerate(keys):
            if whom == k and not error[other] and row in series[k].plan.bases[later]:
                if other not in taken:
                    following[i] = other
                    taken.add(other)
                else:
                    error[i] = 0.0
                break
    most = max((len(line) for line in stands_on), default=0)
    by_day = lots.shares(layout.first, layout.today)
    opens = np.zeros(len(first_days), dtype=bool)
    if len(lots):
        begun = lots.start[lots.start <= layout.today]
        opens[layout.block(np.maximum(begun, layout.first))] = True
    return Register(
        near=np.array(near),
        far=np.array(far),
        report=np.array(report, dtype=np.int64),
        below=np.array([line + [-1] * (most - len(line)) for line in stands_on], dtype=np.int64),
        width=layout.widths.astype(np.float64),
        series=np.array(whose, dtype=np.int64),
        n_series=len(monitors),
        count=np.array(count, dtype=np.int64),
        least_spread=np.array(least),
        excess=np.array(error),
        following=following,
        announced=lots.count.astype(np.float64),
        profiles=np.add.reduceat(by_day, layout.starts, axis=2)
        if len(lots)
        else np.zeros((0, 5, len(first_days))),
        speeds=lots.speeds,
        opens=opens,
        shares=np.where(lots.wider[:, None], options.wider_share, options.announced_share),
    )


def excess(count: int) -> float:
    """Persons by which a figure said to be a lower bound is too low, on average."""
    return _EXCESS * count + 1
