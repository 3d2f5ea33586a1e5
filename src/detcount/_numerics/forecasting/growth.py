"""The growth of running totals elsewhere, drawn again for a total of another age."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

_LEAST = 0.02  # of log time: of shorter steps a power says nothing
_MOST = 8.0  # log of growth: beyond, numbers are cut off
_STANDSTILL = 0.3  # persons expected where nothing came elsewhere: single ones still come
_TOGETHER = 4.0  # variance of what is added over its mean, less one: people are verified in groups


def log_time(ages: ArrayLike, ahead: ArrayLike, lasting: float, offset: float) -> NDArray[np.float64]:
    """Log of the time of a window at a later figure over that at an earlier one.

    Time ahead runs out: of `ahead` days it has lasting (1 - exp(-ahead / lasting)). Time so far is the
    age and `offset` days besides, so that a first day is no beginning from nothing.
    """
    reached = -lasting * np.expm1(-np.asarray(ahead, dtype=np.float64) / lasting)
    return np.asarray(np.log1p(reached / (np.asarray(ages, dtype=np.float64) + offset)))


def near_powers(
    growth: NDArray[np.float64],
    time: NDArray[np.float64],
    features: NDArray[np.float64],
    here: ArrayLike,
    bandwidths: ArrayLike,
    weights: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Powers of time with which totals grew elsewhere, and the chance of each.

    Pairs of figures that are like the one `here` have more of it: Gaussian in their features, shape
    (n_pairs, n_features), each with its bandwidth. A power is 0 where nothing came.
    """
    far = (((features - np.asarray(here)) / np.asarray(bandwidths)) ** 2).sum(axis=1)
    chances = weights * np.exp((far.min() - far) / 2)
    return np.asarray(growth / np.maximum(time, _LEAST)), np.asarray(chances / chances.sum())


def added_draws(
    powers: NDArray[np.float64],
    chances: NDArray[np.float64],
    latest: int,
    time: float,
    smoothing: float,
    n_draws: int,
    random: np.random.Generator,
) -> NDArray[np.float64]:
    """Draws of what is added to the latest total: its growth with a power drawn from those elsewhere.

    Each power drawn is multiplied by a log-normal factor of mean 1 and scale `smoothing`, and what is
    added is negative binomial about its mean. A power below 0 is a correction.
    """
    drawn = random.choice(powers, size=n_draws, p=chances)
    drawn = drawn * np.exp(smoothing * random.standard_normal(n_draws) - smoothing**2 / 2)
    mean = (1.0 + latest) * np.expm1(np.minimum(drawn * time, _MOST))
    counted = random.negative_binomial(np.maximum(mean, _STANDSTILL) / _TOGETHER, 1 / (1 + _TOGETHER))
    return np.where(mean >= 0, counted, mean)
