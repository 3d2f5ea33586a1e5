"""Delays in whole days: their distributions, right-truncated likelihoods, and reverse hazards."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

__all__ = ["FAMILIES", "discrete_cdf"]

FAMILIES = ("weibull", "log-normal")


def discrete_cdf(family: str, parameters: ArrayLike, days: ArrayLike) -> NDArray[np.float64]:
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
        below: NDArray[np.float64] = -np.expm1(-power)
    elif family == "log-normal":
        below = ndtr((log_x - first) / second)
    else:
        raise ValueError(f"no delay family {family!r}: expected one of {FAMILIES}")
    return np.where(whole >= 0, below, 0.0)
