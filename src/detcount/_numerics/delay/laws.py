"""Distributions of delays in whole days, by family."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from detcount._numerics.arrays import TINY, Floats

FAMILIES = ("weibull", "log-normal")
_LOG_TWO = float(np.log(2.0))


def discrete_cdf(family: str, parameters: ArrayLike, days: ArrayLike) -> Floats:
    """Probability of a delay of at most so many whole days, F(d) = cdf(d + 1); 0 for negative days.

    Parameters of "weibull" are shape and scale (days), cdf(x) = 1 - exp(-(x/scale)^shape); of
    "log-normal" mean and standard deviation of log days, cdf(x) = Phi((log x - mean)/sd).
    Parameters of shape (..., 2) and days of shape (n,) give shape (..., n).
    """
    pair = np.asarray(parameters, dtype=np.float64)[..., None, :]
    first, second = pair[..., 0], pair[..., 1]
    whole = np.asarray(days, dtype=np.float64)
    log_x = np.log(np.maximum(whole, 0.0) + 1.0)
    if family == "weibull":
        # beyond exp(50) the probability left is 0 to the last bit
        power = np.exp(np.minimum(first * (log_x - np.log(second)), 50.0))
        below: Floats = -np.expm1(-power)
    elif family == "log-normal":
        below = ndtr((log_x - first) / second)
    else:
        raise ValueError(f"no delay family {family!r}: expected one of {FAMILIES}")
    return np.where(whole >= 0, below, 0.0)


def discrete_pmf(family: str, parameters: ArrayLike, longest: int) -> Floats:
    """Probability of each delay from 0 to the longest, F(d) - F(d - 1)."""
    cdf = discrete_cdf(family, parameters, np.arange(-1, longest + 1))
    return np.maximum(np.diff(cdf, axis=-1), TINY)


def with_median(family: str, median: Floats, shape: Floats) -> Floats:
    """Parameters of a family from its median (days) and its shape: of log days, 1/standard deviation."""
    if family == "weibull":
        return np.stack([shape, median / np.log(2) ** (1 / shape)], axis=-1)
    return np.stack([np.log(median), 1 / shape], axis=-1)


def from_median(family: str, coordinates: ArrayLike) -> Floats:
    """Parameters of a family from (log median in days, log shape or log standard deviation)."""
    values = np.asarray(coordinates, dtype=np.float64)
    log_median, log_second = values[..., 0], values[..., 1]
    second = np.exp(np.clip(log_second, -30.0, 30.0))
    if family == "weibull":
        log_scale = log_median - np.log(_LOG_TWO) / second
        return np.stack([second, np.exp(np.clip(log_scale, -600.0, 600.0))], axis=-1)
    return np.stack([log_median, second], axis=-1)
