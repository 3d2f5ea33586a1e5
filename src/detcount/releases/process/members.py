"""Forecasts of a monitor's next figure: how totals grew in other campaigns, its own steps, and both."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.forecasting import added_draws, log_time, near_powers, pooled_draws, stepped_draws
from detcount.releases.process.elsewhere import Growth
from detcount.releases.process.figures import Figures

_EVERY_DAY = 30  # days ahead up to which each is looked at; beyond, one in so many
_BANDWIDTHS = (0.7, 1.4)  # twice as many days, or four times as many persons, is one bandwidth away
_LASTING, _OFFSET = 2.0, 4.0  # days: two thirds of what is to come have come; added to the age of a window
_SMOOTHING = 0.2  # scale of the log-normal factor beside each power drawn
_STEPS = 6.0  # figures after the first, with which own steps weigh as much as growth elsewhere a day ahead
_WEEK = 7.0  # days ahead that count as much as another step
_BESIDES = 0.1  # share of an announcement: whom a monitor counts and the announcement does not


def growth_elsewhere(
    figures: Figures,
    ahead: int,
    elsewhere: Growth,
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
    times = log_time(elsewhere.ages, elsewhere.ahead, _LASTING, _OFFSET)
    features = np.log1p(np.column_stack([elsewhere.ahead, elsewhere.totals]))
    seed = int(random.integers(2**63))
    highest = np.full(n_draws, -np.inf)
    for days in (*range(1, min(ahead, _EVERY_DAY)), *range(_EVERY_DAY, ahead, _EVERY_DAY), ahead):
        here = np.log1p([days, figures.latest])
        powers, chances = near_powers(elsewhere.growth, times, features, here, _BANDWIDTHS, elsewhere.weights)
        time = float(log_time(figures.ages[-1], days, _LASTING, _OFFSET))
        same = np.random.default_rng(seed)  # for every day, so that days do not differ by their draws
        besides = same.exponential(_BESIDES, size=n_draws)
        added = added_draws(powers, chances, figures.latest, time, _SMOOTHING, n_draws, same)
        if announced is not None:
            added = np.minimum(added, announced * (1 + besides) - figures.latest)
        highest = np.maximum(highest, np.sort(_whole(figures.latest + added)))
    return random.permutation(highest)


def own_steps(figures: Figures, ahead: int, n_draws: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Draw the total from the monitor's own steps, the first from the first day of the window."""
    return figures.latest + stepped_draws(figures.ages, figures.counts, ahead, n_draws, random)


def own_share(figures: Figures, ahead: int) -> float:
    """Weight of own steps beside growth elsewhere: with the steps there are, and with the days ahead."""
    weight = (len(figures.days) - 1) * (1 + ahead / _WEEK)
    return weight / (weight + _STEPS)


def pooled(
    figures: Figures,
    ahead: int,
    elsewhere: Growth,
    announced: int | None,
    n_draws: int,
    random: np.random.Generator,
) -> NDArray[np.float64]:
    """Draw the total from the linear pool of own steps and growth elsewhere."""
    steps = own_steps(figures, ahead, n_draws, random)
    grown = growth_elsewhere(figures, ahead, elsewhere, announced, n_draws, random)
    if grown is None:
        return steps
    share = own_share(figures, ahead)
    return pooled_draws(np.array([steps, grown]), np.array([share, 1 - share]))


def _whole(total: NDArray[np.float64]) -> NDArray[np.float64]:
    """Whole persons, none fewer than nobody."""
    return np.maximum(np.rint(total), 0)
