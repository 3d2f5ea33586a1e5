"""Forecasts of a running total: from the growth of others, from its own steps, and pools of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

_LEAST = 0.02  # of log time: of shorter steps a power says nothing
_MOST_GROWTH = 8.0  # log of growth: beyond, numbers are cut off
_STANDSTILL = 0.3  # persons expected where nothing came elsewhere: single ones still come
_TOGETHER = 4.0  # variance of what is added over its mean, less one: people are verified in groups


def log_time(ages: ArrayLike, ahead: ArrayLike, lasting: float, offset: float) -> NDArray[np.float64]:
    """Log of the time of a window at a later figure over that at an earlier one.

    Time ahead is discounted: `ahead` days count as lasting (1 - exp(-ahead / lasting)). Time so far is the
    age plus `offset` days, so that it is not near 0 on the first day.
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
    """Powers of time with which totals grew elsewhere, and the probability of each.

    Pairs of figures similar to `here` get more probability: Gaussian in their features, shape (n_pairs,
    n_features), each with its bandwidth. A power is 0 where nothing was added.
    """
    far = (((features - np.asarray(here)) / np.asarray(bandwidths)) ** 2).sum(axis=1)
    probabilities = weights * np.exp((far.min() - far) / 2)
    return np.asarray(growth / np.maximum(time, _LEAST)), np.asarray(probabilities / probabilities.sum())


def added_draws(
    powers: NDArray[np.float64],
    probabilities: NDArray[np.float64],
    latest: int,
    time: float,
    smoothing: float,
    n_draws: int,
    random: np.random.Generator,
) -> NDArray[np.float64]:
    """Draws of what is added to the latest total, by powers of time drawn from those seen elsewhere.

    Each power drawn is multiplied by a log-normal factor of mean 1 and scale `smoothing`, and what is
    added is negative binomial about its mean. A power below 0 is a correction.
    """
    drawn = random.choice(powers, size=n_draws, p=probabilities)
    drawn = drawn * np.exp(smoothing * random.standard_normal(n_draws) - smoothing**2 / 2)
    mean = (1.0 + latest) * np.expm1(np.minimum(drawn * time, _MOST_GROWTH))
    counted = random.negative_binomial(np.maximum(mean, _STANDSTILL) / _TOGETHER, 1 / (1 + _TOGETHER))
    return np.where(mean >= 0, counted, mean)


def pooled_draws(members: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quantiles of the mixture of the members, in increasing order, at n_draws levels.

    `members` are draws, shape (n_members, n_draws), and `weights` has one for each member.
    """
    n_draws = members.shape[1]
    order = np.argsort(members, axis=None, kind="stable")
    reached = np.cumsum(np.repeat(weights / weights.sum() / n_draws, n_draws)[order])
    levels = (np.arange(n_draws) + 0.5) / n_draws
    return np.asarray(members.ravel()[order[np.minimum(np.searchsorted(reached, levels), len(order) - 1)]])


Floats = NDArray[np.float64]

_LOOK_BACK = 7.0  # days, and as many as are asked about: how far back a rate is read, by falling weights
_SCALE, _SCALE_STEPS = 12.0, 3.0  # persons who come together, and how many steps that is worth
_MOST_SCALE = 60.0
_PRIOR = 0.5  # groups of persons: what the rate since the first day is worth
_DRIFT, _DRIFT_BY_DAY = 0.25, 0.05  # standard deviation of the log rate, and how it grows with sqrt(days)
_LASTS = 80.0  # days until releases end, mean
_LEAST_RATE = 0.05  # persons a day
_MOST = 1e8


def cluster_scale(steps: Floats, days: Floats) -> float:
    """Variance of what a step adds over its mean, from successive steps and a prior of 12.

    Of two steps of a and b days with n in all, the second has (x - n b/(a + b))^2 about scale n ab/(a + b)^2.
    """
    total, length = steps[1:] + steps[:-1], days[1:] + days[:-1]
    expected = total * days[1:] * days[:-1] / length**2
    ratio = (steps[1:] - total * days[1:] / length) ** 2 / np.maximum(expected, 0.3)
    added = np.minimum(ratio, _MOST_SCALE).sum()
    return float(max((_SCALE_STEPS * _SCALE + added) / (_SCALE_STEPS + len(ratio)), 1.1))


def stepped_draws(
    ages: NDArray[np.int64], counts: NDArray[np.int64], ahead: int, n_draws: int, random: np.random.Generator
) -> Floats:
    """Draw what is added in so many days, from what each step of a total added.

    The first figure is a step from the first day of the window. A step that fell counts as none. The rate is
    gamma, of steps weighed by exp(-days ago / (7 + ahead)); it drifts by a log-normal factor, and releases
    end at a random day. What is added is negative binomial with the scale of the steps.

    Parameters
    ----------
    ages, counts : ndarray of int64, shape (n_figures,)
        Days of the window at each figure, 1 on its first day, and the total, persons.
    ahead : int
        Days.
    n_draws : int
        Draws.
    random : numpy.random.Generator
        Source of randomness.
    """
    days = np.diff(ages.astype(np.float64), prepend=0.0)
    steps = np.maximum(np.diff(counts.astype(np.float64), prepend=0.0), 0.0)
    scale = cluster_scale(steps, days)
    back = _LOOK_BACK + ahead
    weights = np.exp((ages - ages[-1]) / back) * -np.expm1(-days / back) * back / days
    overall = max(steps.sum() / days.sum(), _LEAST_RATE)
    shape = _PRIOR + (weights * steps).sum() / scale
    rate = random.standard_gamma(shape, n_draws) / (_PRIOR / overall + (weights * days).sum() / scale)
    rate *= np.exp((_DRIFT + _DRIFT_BY_DAY * np.sqrt(ahead)) * random.standard_normal(n_draws))
    lasts = np.minimum(_LASTS * random.standard_exponential(n_draws), ahead)
    mean = np.minimum(rate * lasts, _MOST)
    gathered = random.standard_gamma(np.maximum(mean, 1e-3) / (scale - 1)) * (scale - 1)
    return np.asarray(random.poisson(np.minimum(gathered, _MOST)), dtype=np.float64)
