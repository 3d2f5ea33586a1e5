"""Limits of N from a point and its spread."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

__all__ = ["bca_bounds", "bca_probabilities", "log_normal_bounds", "percentile_bounds"]


def log_normal_bounds(
    *, n_unobserved: float, variance: float, n_observed: int, level: float
) -> tuple[float, float]:
    """Limits of N when log(N - n) is taken as normal (Chao 1987)."""
    z = float(ndtri(0.5 + level / 2))
    spread = np.exp(z * np.sqrt(np.log1p(variance / n_unobserved**2)))
    return n_observed + n_unobserved / spread, n_observed + n_unobserved * spread


def percentile_bounds(draws: NDArray[np.float64], level: float) -> tuple[float, float]:
    """Equal-tailed limits of the draws; an infinite draw counts as above every number."""
    tail = (1 - level) / 2
    low, high = quantiles(draws, np.array([tail, 1 - tail]))
    return float(low), float(high)


def bca_probabilities(
    draws: NDArray[np.float64], point: float, acceleration: float, level: float
) -> tuple[float, float]:
    """Probabilities at which the draws are read for bias-corrected accelerated limits (Efron 1987).

    Draws equal to the point count half: a selected model often returns the point itself.
    """
    below = ((draws < point).sum() + 0.5 * (draws == point).sum()) / len(draws)
    smallest = 0.5 / len(draws)
    bias = float(ndtri(min(max(below, smallest), 1 - smallest)))
    z = float(ndtri(0.5 + level / 2))
    low, high = (float(ndtr(bias + (bias + q) / (1 - acceleration * (bias + q)))) for q in (-z, z))
    return low, high


def bca_bounds(
    draws: NDArray[np.float64], point: float, acceleration: float, level: float
) -> tuple[float, float]:
    """Bias-corrected accelerated limits."""
    low, high = quantiles(draws, np.array(bca_probabilities(draws, point, acceleration, level)))
    return float(low), float(high)


def quantiles(draws: NDArray[np.float64], probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Linear quantiles; where the neighbours are infinite the quantile is infinite, not undefined."""
    ordered = np.sort(draws)
    position = probabilities * (len(ordered) - 1)
    left = np.floor(position).astype(np.int64)
    right = np.minimum(left + 1, len(ordered) - 1)
    share = position - left
    with np.errstate(invalid="ignore"):
        value = ordered[left] + share * (ordered[right] - ordered[left])
    return np.where(
        np.isinf(ordered[right]) & (share > 0), np.inf, np.where(share == 0, ordered[left], value)
    )
