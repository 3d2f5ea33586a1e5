"""Forecasts of a monitor's next figures that need no model of releases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.forecasting import (
    added_draws,
    increment_draws,
    ladder_draws,
    log_time,
    near_powers,
)
from detcount._numerics.forecasting.increments import daily_increments
from detcount.releases.forecasting.elsewhere import Growth
from detcount.releases.forecasting.figures import Figures

__all__ = ["GrowthShape", "chain_ladder", "growth_elsewhere", "own_increments"]

_RECENT = 21  # days of increments that are drawn from
_BLOCK = 3  # days drawn together
_FEWEST_FIGURES = 3  # with fewer a series has no increments to draw from
_FEWEST_INTERVALS = 3  # with fewer there are no factors of growth
_UNKNOWN = np.log(2)  # standard deviation of the log factor where nothing is known
_EVERY_DAY = 30  # days ahead up to which each is looked at; beyond, one in so many
_BANDWIDTHS = (0.7, 1.4)  # twice as many days, or four times as many persons, is one bandwidth away
_BESIDES = 0.1  # share of an announcement: whom a monitor counts and the announcement does not
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


@dataclass(frozen=True)
class GrowthShape:
    """Constants of growth elsewhere: two learned on campaigns, and one stated.

    Parameters
    ----------
    lasting : float
        Days after which two thirds of what is still to come has come.
    offset : float
        Days added to the age of a window.
    smoothing : float
        Scale of the log-normal factor beside each power drawn; stated.
    """

    lasting: float = 2.0
    offset: float = 4.0
    smoothing: float = 0.2


def growth_elsewhere(
    figures: Figures,
    ahead: int,
    elsewhere: Growth,
    shape: GrowthShape,
    announced: int | None,
    n_draws: int,
    random: np.random.Generator,
) -> NDArray[np.float64] | None:
    """Draw the total from the growth in other campaigns, of like totals over like numbers of days above all.

    A total grows by a power of the days of its window: 0 where nothing more comes, 1 where releases go on
    at their rate so far. Where a number was announced the total runs out there, or above it by the people
    whom the monitor counts besides: exponential, a tenth on average. No quantile of a running total is below
    that of a day before. None if nothing is known of other campaigns.
    """
    if not len(elsewhere.growth):
        return None
    seed = int(random.integers(2**63))
    highest = np.full(n_draws, -np.inf)
    for days in (*range(1, min(ahead, _EVERY_DAY)), *range(_EVERY_DAY, ahead, _EVERY_DAY), ahead):
        total = _grown_by(figures, days, elsewhere, shape, announced, n_draws, np.random.default_rng(seed))
        highest = np.maximum(highest, np.sort(total))
    return random.permutation(highest)


def _grown_by(
    figures: Figures,
    ahead: int,
    elsewhere: Growth,
    shape: GrowthShape,
    announced: int | None,
    n_draws: int,
    random: np.random.Generator,
) -> NDArray[np.float64]:
    """Draw the total a number of days ahead, from growth over like numbers of days."""
    powers, chances = near_powers(
        elsewhere.growth,
        log_time(elsewhere.ages, elsewhere.ahead, shape.lasting, shape.offset),
        np.log1p(np.column_stack([elsewhere.ahead, elsewhere.totals])),
        np.log1p([ahead, figures.latest]),
        _BANDWIDTHS,
        elsewhere.weights,
    )
    time = float(log_time(figures.ages[-1], ahead, shape.lasting, shape.offset))
    besides = random.exponential(_BESIDES, size=n_draws)
    added = added_draws(powers, chances, figures.latest, time, shape.smoothing, n_draws, random)
    if announced is not None:
        added = np.minimum(added, announced * (1 + besides) - figures.latest)
    return _whole(figures.latest + added)


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


def _grown(latest: int, growth: NDArray[np.float64]) -> NDArray[np.float64]:
    """A total after a growth of log(1 + total)."""
    return _whole(np.exp(np.minimum(np.log1p(latest) + growth, _MOST)) - 1)


def _whole(total: NDArray[np.float64]) -> NDArray[np.float64]:
    """Whole persons, none fewer than nobody."""
    return np.maximum(np.rint(total), 0)
