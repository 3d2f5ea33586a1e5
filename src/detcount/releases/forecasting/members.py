"""A forecast of a monitor's next figure from how totals grew in other campaigns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.forecasting import added_draws, log_time, near_powers
from detcount.releases.forecasting.elsewhere import Growth
from detcount.releases.forecasting.figures import Figures

__all__ = ["GrowthShape", "growth_elsewhere"]

_EVERY_DAY = 30  # days ahead up to which each is looked at; beyond, one in so many
_BANDWIDTHS = (0.7, 1.4)  # twice as many days, or four times as many persons, is one bandwidth away
_BESIDES = 0.1  # share of an announcement: whom a monitor counts and the announcement does not


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
    times = log_time(elsewhere.ages, elsewhere.ahead, shape.lasting, shape.offset)
    features = np.log1p(np.column_stack([elsewhere.ahead, elsewhere.totals]))
    seed = int(random.integers(2**63))
    highest = np.full(n_draws, -np.inf)
    for days in (*range(1, min(ahead, _EVERY_DAY)), *range(_EVERY_DAY, ahead, _EVERY_DAY), ahead):
        here = np.log1p([days, figures.latest])
        powers, chances = near_powers(elsewhere.growth, times, features, here, _BANDWIDTHS, elsewhere.weights)
        time = float(log_time(figures.ages[-1], days, shape.lasting, shape.offset))
        same = np.random.default_rng(seed)  # for every day, so that days do not differ by chance
        besides = same.exponential(_BESIDES, size=n_draws)
        added = added_draws(powers, chances, figures.latest, time, shape.smoothing, n_draws, same)
        if announced is not None:
            added = np.minimum(added, announced * (1 + besides) - figures.latest)
        highest = np.maximum(highest, np.sort(_whole(figures.latest + added)))
    return random.permutation(highest)


def _whole(total: NDArray[np.float64]) -> NDArray[np.float64]:
    """Whole persons, none fewer than nobody."""
    return np.maximum(np.rint(total), 0)
