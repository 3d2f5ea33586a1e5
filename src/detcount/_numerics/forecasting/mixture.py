"""Forecasts as quantiles at fixed levels, and pools of them by probabilities or by quantiles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["mixture_quantiles", "quantile_grid"]


def quantile_grid(draws: NDArray[np.float64], n_levels: int) -> NDArray[np.float64]:
    """Quantiles of draws at (i + 1/2) / n_levels: the smallest draw that has so many at or below it."""
    ordered = np.sort(draws)
    levels = (np.arange(n_levels) + 0.5) / n_levels
    places = np.ceil(levels * len(ordered) - 1e-9).astype(np.int64) - 1
    return np.asarray(ordered[np.clip(places, 0, len(ordered) - 1)])


def mixture_quantiles(grids: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quantile grid of the linear pool: of the mixture of the rows of `grids` by `weights`."""
    n_levels = grids.shape[1]
    values = grids.ravel()
    mass = np.repeat(weights / weights.sum(), n_levels) / n_levels
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(mass[order])
    levels = (np.arange(n_levels) + 0.5) / n_levels
    places = np.searchsorted(reached, levels - 1e-9)
    return np.asarray(values[order][np.minimum(places, len(values) - 1)])
