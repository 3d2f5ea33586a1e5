"""How long work will take, from a few of its tasks that are timed.

Tasks fall into groups of like cost, which grows with the number of a group. In group g the seconds of task
i are predicted as b_g s_i^p, with s_i a size of the task, p one power for all groups (0 unless a size
explains at least half of what is left) and b_g the seconds of the timed tasks over the sum of their s_i^p.
With c the root mean square of what single tasks deviate from that, relative to it, the variance of the sum
over the tasks that were not timed is

    sum over g of T_g^2 c^2 / k_g + sum over tasks of (c b_g s_i^p)^2,

T_g the predicted sum of the group and k_g its timed tasks. The range is the forecast times and divided by
exp(t sd / T), t a quantile of Student's distribution, and by a factor for the clock of a busy machine.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import frozen

_MOST = 16  # timed tasks
_SHARE = 0.1  # of the forecast that timing may take, where it is not short
_SHORT = 1.0  # seconds
_GROWTH = 8.0  # of the seconds from a group to the next, before two are known
_UNKNOWN = 0.6  # relative deviation of a task where each group has one timed task
_LARGE = 1000  # degrees of freedom of what is taken as known
_CLOCK = 1.2  # between seconds of one work at two moments
_EXPLAINED = 0.5  # of the sum of squares, so that a size is used
_TO_START = 1.0  # seconds until workers of one machine stand
_STEEPEST = 2.0  # power of a size: a steeper one from few tasks would be chance


@dataclass(frozen=True)
class Forecast:
    """Seconds that tasks will take.

    Parameters
    ----------
    seconds : ndarray of float64, shape (n,)
        Of each task; those timed as measured. A task whose group was too dear to time has those of the
        dearest group that was.
    timed : tuple of int
        The tasks that were timed.
    low, high : float
        Range of the sum, about 95%; `high` is infinite where groups are not timed.
    """

    seconds: NDArray[np.float64]
    timed: tuple[int, ...]
    low: float
    high: float


def forecast(
    groups: NDArray[np.int64],
    sizes: NDArray[np.float64],
    run: Callable[[int], float],
    *,
    most_seconds: float,
) -> Forecast:
    """Time some tasks, and forecast the others.

    `groups` is (n,), `sizes` (n, d) and positive; `run` does a task and gives its seconds. The timing ends
    before a task that by what is known would take the sum above `most_seconds`; the first is timed always.
    """
    pilots = _Pilots(groups, sizes, run, most_seconds)
    pilots.first_of_each_group()
    pilots.more()
    return pilots.forecast()


def seconds_on(n_workers: int, seconds: NDArray[np.float64]) -> float:
    """Seconds that one waits for tasks on so many workers; work too small to share stays where it is."""
    total = float(seconds.sum())
    if n_workers < 2 or len(seconds) == 0:
        return total
    return min(total, _TO_START + max(float(seconds.max()), total / n_workers))


class _Pilots:
    """Tasks that were timed, group by group."""

    def __init__(
        self,
        groups: NDArray[np.int64],
        sizes: NDArray[np.float64],
        run: Callable[[int], float],
        most_seconds: float,
    ) -> None:
        self._groups, self._run, self._most = groups, run, most_seconds
        self._log_sizes = np.log(np.maximum(sizes, 1.0))
        self._seconds: dict[int, float] = {}
        self._spent = 0.0
        self._queues = {
            int(group): _spread(np.flatnonzero(groups == group), sizes) for group in np.unique(groups)
        }
        self._known: list[int] = []

    def first_of_each_group(self) -> None:
        """One task of each group, from the cheapest up, until the next would take too long."""
        for group in self._queues:
            if self._known and self._spent + self._expected(group) > self._most:
                return
            first = self._queues[group][0]
            self._time(group)
            if len(self._known) == 1 and self._spent + self._seconds[first] <= self._most:
                self._seconds[first] = self._timed(first)  # again: the first pays for what is loaded once

    def more(self) -> None:
        """Further tasks where most of the seconds are."""
        while len(self._seconds) < _MOST:
            left = {group: self._left(group) for group in self._known if self._queues[group]}
            if not left:
                return
            group = max(left, key=lambda one: left[one] / self._n_timed(one))
            known = sum(self._seconds.values()) + sum(left.values())
            most = min(self._most, max(_SHORT, _SHARE * known))
            if self._spent + self._mean(group) > most:
                return
            self._time(group)

    def forecast(self) -> Forecast:
        """Seconds of every task, and the range of their sum."""
        timed = np.array(sorted(self._seconds), dtype=np.intp)
        measured = np.array([self._seconds[int(place)] for place in timed])
        weights, spread, freedom = self._fitted(timed, measured)
        seconds = np.zeros(len(self._groups))
        variance = 0.0
        for group in self._known:
            members = np.flatnonzero(self._groups == group)
            mine = self._groups[timed] == group
            rate = measured[mine].sum() / weights[timed[mine]].sum()
            seconds[members] = rate * weights[members]
            rest = np.setdiff1d(members, timed)
            variance += seconds[rest].sum() ** 2 * spread**2 / mine.sum()
            variance += float(((spread * seconds[rest]) ** 2).sum())
        dearest = max(float(seconds.max(initial=0.0)), 1e-12)
        unknown = ~np.isin(self._groups, self._known)
        seconds[unknown] = dearest
        seconds[timed] = measured
        total = max(float(seconds.sum()), 1e-12)
        wide = _CLOCK * math.exp(_student(freedom) * math.sqrt(variance) / total)
        return Forecast(
            frozen(seconds),
            tuple(int(place) for place in timed),
            total / wide,
            math.inf if unknown.any() else total * wide,
        )

    def _fitted(
        self, timed: NDArray[np.intp], measured: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], float, int]:
        """Weight of each task in its group, what tasks deviate from it, and the degrees of freedom."""
        log_seconds = np.log(np.maximum(measured, 1e-9))
        groups = self._groups[timed]
        freedom = len(timed) - len(self._known)
        weights = np.ones(len(self._groups))
        if freedom < 1:
            return weights, _UNKNOWN, _LARGE
        y = _centred(log_seconds, groups)
        least, power, column = float(y @ y) * _EXPLAINED, 0.0, -1
        if freedom >= 3:
            for k in range(self._log_sizes.shape[1]):
                x = _centred(self._log_sizes[timed, k], groups)
                slope = min(float(x @ y) / max(float(x @ x), 1e-9), _STEEPEST)
                residual = y - slope * x
                if slope > 0 and float(residual @ residual) < least:
                    least, power, column = float(residual @ residual), slope, k
        if column >= 0:
            weights = np.exp(power * (self._log_sizes[:, column] - self._log_sizes[:, column].max()))
            freedom -= 1
        ratios = np.empty(len(timed))
        for group in self._known:
            mine = groups == group
            expected = weights[timed[mine]] * measured[mine].sum() / weights[timed[mine]].sum()
            ratios[mine] = measured[mine] / np.maximum(expected, 1e-12) - 1.0
        return weights, math.sqrt(float(ratios @ ratios) / freedom), freedom

    def _time(self, group: int) -> None:
        """Time the next task of a group."""
        place = self._queues[group].pop(0)
        self._seconds[place] = self._timed(place)
        if group not in self._known:
            self._known.append(group)

    def _timed(self, place: int) -> float:
        """Seconds of a task."""
        seconds = max(self._run(place), 0.0)
        self._spent += seconds
        return seconds

    def _expected(self, group: int) -> float:
        """Seconds that a task of a group may take of which none is timed, by those before it."""
        last = self._known[-1]
        growth = _GROWTH
        if len(self._known) > 1:
            before = self._known[-2]
            ratio = self._mean(last) / max(self._mean(before), 1e-12)
            growth = max(ratio, 1.0) ** (1 / (last - before))
        return self._mean(last) * growth ** (group - last)

    def _mean(self, group: int) -> float:
        """Seconds of the timed tasks of a group, on average."""
        found = [seconds for place, seconds in self._seconds.items() if self._groups[place] == group]
        return sum(found) / len(found)

    def _n_timed(self, group: int) -> int:
        """Timed tasks of a group."""
        return sum(self._groups[place] == group for place in self._seconds)

    def _left(self, group: int) -> float:
        """Seconds of the tasks of a group that are not timed."""
        return self._mean(group) * len(self._queues[group])


def _spread(places: NDArray[np.intp], sizes: NDArray[np.float64]) -> list[int]:
    """Tasks of a group in an order of which every beginning covers the range of sizes."""
    by_size = places[np.lexsort(sizes[places].T[::-1])]
    n = len(by_size)
    order: dict[int, None] = {}
    for k in range(1, 2 * _MOST):
        order[min(int(_halving(k) * n), n - 1)] = None
    return [int(by_size[place]) for place in (*order, *(k for k in range(n) if k not in order))]


def _halving(k: int) -> float:
    """The k-th of 1/2, 1/4, 3/4, 1/8, 5/8 and so on (van der Corput)."""
    value, base = 0.0, 0.5
    while k:
        value += base * (k & 1)
        k >>= 1
        base /= 2
    return value


def _centred(values: NDArray[np.float64], groups: NDArray[np.int64]) -> NDArray[np.float64]:
    """Values less the mean of their group."""
    centred = values.astype(np.float64)
    for group in np.unique(groups):
        centred[groups == group] -= values[groups == group].mean()
    return centred


def _student(freedom: int) -> float:
    """The 97.5% quantile of Student's distribution."""
    from scipy.special import stdtrit

    return float(stdtrit(max(freedom, 2), 0.975))
