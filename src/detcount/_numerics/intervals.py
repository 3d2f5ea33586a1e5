"""Limits of N from a point and its spread."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from detcount._numerics.arrays import Floats


@dataclass(frozen=True)
class Tuning:
    """Limits of closed forms of intervals.

    Parameters
    ----------
    large_ratio : float, ratio
        Ratio beyond which its square absorbs 1. Computational (`test_numbers`).
    """

    large_ratio: float = 1e8


TUNING = Tuning()


def log_normal_bounds(
    *, n_unobserved: float, variance: float, n_observed: int, level: float
) -> tuple[float, float]:
    """Limits of N when log(N - n) is taken as normal (Chao 1987).

    As the estimate of N - n goes to zero both limits go to n, which is what zero gives.
    """
    if n_unobserved <= 0:
        return float(n_observed), float(n_observed)
    ratio = math.sqrt(variance) / n_unobserved
    log_variance = math.log1p(ratio * ratio) if ratio < TUNING.large_ratio else 2 * math.log(ratio)
    half_width = normal_quantile(level) * math.sqrt(log_variance)
    with np.errstate(over="ignore"):
        spread = float(np.exp(half_width))
    return n_observed + n_unobserved / spread, n_observed + n_unobserved * spread


def normal_quantile(level: float) -> float:
    """Standard normal value that a two-sided level reaches; from the tail, so that it stays finite."""
    return -float(ndtri((1 - level) / 2))


def percentile_bounds(draws: Floats, level: float) -> tuple[float, float]:
    """Equal-tailed limits of the draws; an infinite draw counts as above every number."""
    tail = (1 - level) / 2
    low, high = quantiles(draws, np.array([tail, 1 - tail]))
    return float(low), float(high)


def bca_probabilities(draws: Floats, point: float, acceleration: float, level: float) -> tuple[float, float]:
    """Probabilities at which the draws are read for bias-corrected accelerated limits (Efron 1987)."""
    bias = bca_bias(bca_share(draws, point), len(draws))
    z = normal_quantile(level)
    low, high = corrected_probabilities(np.array([-z, z]), bias, acceleration)
    return float(low), float(high)


def bca_share(draws: Floats, point: float) -> float:
    """Share of draws below the point; equal ones count half, as a selected model often repeats the point."""
    return float(((draws < point).sum() + 0.5 * (draws == point).sum()) / len(draws))


def bca_bias(share: float, n_draws: int) -> float:
    """Normal score of the share of draws below the point, kept off 0 and 1."""
    smallest = 0.5 / n_draws
    return float(ndtri(min(max(share, smallest), 1 - smallest)))


def corrected_probabilities(scores: Floats, bias: float, acceleration: float) -> Floats:
    """Probabilities at which draws are read for normal scores; past the pole of the correction 0 or 1."""
    values = bias + scores
    scale = 1 - acceleration * values
    with np.errstate(divide="ignore", invalid="ignore"):
        corrected = ndtr(bias + values / scale)
    return np.asarray(np.where(scale > 0, corrected, np.where(values > 0, 1.0, 0.0)))


def bca_bounds(draws: Floats, point: float, acceleration: float, level: float) -> tuple[float, float]:
    """Bias-corrected accelerated limits."""
    low, high = quantiles(draws, np.array(bca_probabilities(draws, point, acceleration, level)))
    return float(low), float(high)


def quantiles(draws: Floats, probabilities: Floats) -> Floats:
    """Linear quantiles; next to an infinite draw the quantile is infinite, not undefined."""
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
