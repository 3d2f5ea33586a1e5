"""The steps of a running total continued: a gamma process whose rate drifts, and whose scale is learned."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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
