"""Baselines that any forecaster has to beat: a series' own increments drawn again, and the chain-ladder."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from detcount.releases.totals import Figures

_RECENT = 21  # days of increments that are drawn from
_BLOCK = 3  # days drawn together
_FEWEST_FIGURES = 3  # with fewer a series has no increments to draw from
_FEWEST_INTERVALS = 3  # with fewer there are no factors of growth
_UNKNOWN = np.log(2)  # standard deviation of the log factor where nothing is known
_LAST_AGES = 7  # days of age; beyond the oldest age reached, growth is that of the last of them
_MOST = 20.0  # log of a total: beyond, numbers are cut off


def own_increments(
    figures: Figures, ahead: int, n_draws: int, random: np.random.Generator
) -> NDArray[np.float64] | None:
    """Draw the total from the monitor's own daily increments of three weeks, in blocks of three days.

    None if there are fewer than three figures: one increment has no spread.
    """
    if len(figures.days) < _FEWEST_FIGURES:
        return None
    daily = daily_increments(figures.numbers, figures.counts, _RECENT)
    block = max(1, min(_BLOCK, len(daily) // _BLOCK))
    return _whole(figures.latest + increment_draws(daily, ahead, block, n_draws, random))


def daily_increments(days: NDArray[np.int64], totals: NDArray[np.int64], most: int) -> NDArray[np.float64]:
    """Increments of the last `most` days, oldest first; what came between two figures is spread evenly.

    `days` are distinct and increase.
    """
    gaps = np.diff(days)
    daily = np.repeat(np.diff(totals) / gaps, gaps)
    return daily[-most:]


def increment_draws(
    daily: NDArray[np.float64], ahead: int, block: int, n_draws: int, random: np.random.Generator
) -> NDArray[np.float64]:
    """Sums of `ahead` daily increments, drawn in blocks of `block` successive days.

    Every day begins a block with the same chance; blocks run on from the last day to the first
    (Politis and Romano 1992), so that each day counts as often as any other.
    """
    n_blocks = -(-ahead // block)
    first = random.integers(0, len(daily), size=(n_draws, n_blocks))
    places = (first[:, :, None] + np.arange(min(block, ahead))) % len(daily)
    return np.asarray(daily[places].reshape(n_draws, -1)[:, :ahead].sum(axis=1))


def chain_ladder(
    figures: Figures, ahead: int, known: Sequence[Figures], n_draws: int, random: np.random.Generator
) -> NDArray[np.float64]:
    """Draw the total from factors of growth by days of age, of every series known by then.

    With fewer than three intervals known the log factor is half-normal with standard deviation log 2,
    whatever the days ahead.
    """
    intervals = [
        (one.ages[0 + k] - one.ages[0], one.ages[k + 1] - one.ages[0], np.log1p(b) - np.log1p(a), 1.0 + a)
        for one in known
        for k, (a, b) in enumerate(pairwise(one.counts))
    ]
    if len(intervals) < _FEWEST_INTERVALS:
        return _grown(figures.latest, np.abs(random.normal(0.0, _UNKNOWN, n_draws)))
    if ahead == 0:
        return np.full(1, float(figures.latest))
    starts, ends, logs, weights = np.array(intervals, dtype=np.float64).T
    age = int(figures.ages[-1] - figures.ages[0])
    return ladder_draws(starts, ends, logs, weights, age, figures.latest, ahead, n_draws, random)


def ladder_draws(
    starts: NDArray[np.float64],
    ends: NDArray[np.float64],
    logs: NDArray[np.float64],
    weights: NDArray[np.float64],
    age: int,
    latest: int,
    ahead: int,
    n_draws: int,
    random: np.random.Generator,
) -> NDArray[np.float64]:
    """Draws of the total `ahead` days on, from intervals of age and their growth of log(1 + total).

    Factors are made again from intervals drawn with replacement, ten draws each; a residual drawn at
    random is added, of an interval against factors estimated without it, scaled by Mack's variance.
    """
    n = len(logs)
    days = ends - starts
    without = [
        ladder_growth(starts, ends, logs, np.where(np.arange(n) == i, 0, weights), starts[i], ends[i])
        for i in range(n)
    ]
    residuals = (logs - without) * np.sqrt(weights / days)
    resampled = random.multinomial(n, np.full(n, 1 / n), size=n_draws // 10)
    means = np.array(
        [ladder_growth(starts, ends, logs, times * weights, age, age + ahead) for times in resampled]
    )
    noise = np.sqrt(ahead / (1.0 + latest)) * random.choice(residuals, n_draws)
    growth = np.repeat(means, 10) + noise
    return _grown(latest, growth)


def ladder_growth(
    starts: NDArray[np.float64],
    ends: NDArray[np.float64],
    logs: NDArray[np.float64],
    weights: NDArray[np.float64],
    age: float,
    until: float,
) -> float:
    """Growth of log(1 + total) from one age to another: the sum of the daily factors of the ages between.

    Growth over an interval is spread evenly over its days; the factor of a day of age is the mean over all
    intervals that cover it, by weight. Ages that no interval covers take the mean of the intervals that
    end in the last 7 days of age.
    """
    daily = logs / (ends - starts)
    used = weights > 0
    oldest = ends[used].max()
    recent = used & (ends > oldest - _LAST_AGES)
    beyond = np.average(daily[recent], weights=weights[recent])
    total = 0.0
    for day in np.arange(age, until):
        covers = used & (starts <= day) & (day < ends)
        total += np.average(daily[covers], weights=weights[covers]) if covers.any() else beyond
    return float(total)


def _grown(latest: int, growth: NDArray[np.float64]) -> NDArray[np.float64]:
    """A total after a growth of log(1 + total)."""
    return _whole(np.exp(np.minimum(np.log1p(latest) + growth, _MOST)) - 1)


def _whole(total: NDArray[np.float64]) -> NDArray[np.float64]:
    """Whole persons, none fewer than nobody."""
    return np.maximum(np.rint(total), 0)
