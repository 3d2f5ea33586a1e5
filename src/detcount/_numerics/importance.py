"""Weighted draws: their effective size, drawing by weight, and how far a likelihood can be let in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

ENOUGH_DRAWS = 400  # effective; below, limits move by a tenth of their width from seed to seed
TRUSTED_SHAPE = 0.7  # Pareto shape up to which importance weights can be trusted (Vehtari et al. 2024)
_TAIL_SHARE = 0.2  # share of the weights, at most, that the Pareto shape is read from
_HALVINGS = 40


def effective_size(log_weights: NDArray[np.float64]) -> float:
    """Independent draws that say as much as the weighted ones, (sum w)^2 / sum w^2; 0 where none counts."""
    if len(log_weights) == 0 or not np.isfinite(log_weights.max()):
        return 0.0
    weights = np.exp(log_weights - log_weights.max())
    return float(weights.sum() ** 2 / (weights**2).sum())


def pareto_shape(log_weights: NDArray[np.float64]) -> float:
    """Shape of a generalised Pareto distribution of the largest weights; above 0.7 they cannot be trusted.

    The estimate of Zhang and Stephens (2009), pulled towards 1/2 as in Vehtari et al. (2024).
    """
    n_draws = len(log_weights)
    n_tail = int(min(_TAIL_SHARE * n_draws, 3 * np.sqrt(n_draws)))
    weights = np.sort(np.exp(log_weights - log_weights.max()))
    excess = weights[-n_tail:] - weights[-n_tail - 1]
    if excess[-1] <= 0 or excess[n_tail // 4] <= 0:
        return -np.inf
    n_points = 30 + int(np.sqrt(n_tail))
    places = np.arange(1, n_points + 1) - 0.5
    theta = 1 / excess[-1] + (1 - np.sqrt(n_points / places)) / (3 * excess[int(n_tail / 4 + 0.5) - 1])
    shape = np.log1p(-theta[:, None] * excess).mean(axis=1)
    profile = n_tail * (np.log(-theta / shape) - shape - 1)
    share = np.exp(profile - profile.max())
    centre = (theta * share).sum() / share.sum()
    estimate = np.log1p(-centre * excess).mean()
    return float((n_tail * estimate + 10 * 0.5) / (n_tail + 10))


def positions(weights: NDArray[np.float64], n_draws: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Positions drawn by weight at even steps, in increasing order: each as often as its share says."""
    shares = np.cumsum(weights)
    places = (np.arange(n_draws) + random.random()) / n_draws * shares[-1]
    return np.asarray(np.minimum(np.searchsorted(shares, places, side="right"), len(weights) - 1))


def rows_by_weight(
    log_weights: NDArray[np.float64], n_draws: int, random: np.random.Generator
) -> NDArray[np.int64]:
    """Positions drawn by weight at even steps, in random order."""
    return random.permutation(positions(np.exp(log_weights - log_weights.max()), n_draws, random))


def resample(
    values: NDArray[np.float64],
    log_weights: NDArray[np.float64],
    n_draws: int,
    random: np.random.Generator,
) -> NDArray[np.float64]:
    """Draw values by weight, at even steps along the sorted values, in random order.

    The quantiles of the draws are those of the weighted values, give or take one draw.
    """
    order = np.argsort(values, kind="stable")
    return np.asarray(values[order][rows_by_weight(log_weights[order], n_draws, random)])


def largest_power(
    log_weights: Callable[[float], NDArray[np.float64]],
    least: float,
    low: float,
    high: float,
    halvings: int = _HALVINGS,
) -> float:
    """Largest power at which weights keep an effective size; they do at `low`, and do not at `high`."""
    for _ in range(halvings):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if effective_size(log_weights(middle)) >= least else (low, middle)
    return low
