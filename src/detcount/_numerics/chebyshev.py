"""Polynomials through Chebyshev's points: their values and slopes elsewhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["differentiation", "interpolation", "points"]

Floats = NDArray[np.float64]


def points(low: float, high: float, n_points: int) -> Floats:
    """Chebyshev's points between two ends, ascending."""
    angles = (np.arange(n_points) + 0.5) * np.pi / n_points
    return np.asarray(low + (high - low) * (1 - np.cos(angles)) / 2)


def interpolation(places: Floats, nodes: Floats) -> Floats:
    """From values at Chebyshev's points to those of their polynomial at places, a row each."""
    weights = _barycentric(len(nodes))
    apart = places[:, None] - nodes
    met = apart == 0
    parts = weights / np.where(met, 1.0, apart)
    parts = np.where(met.any(axis=1, keepdims=True), met.astype(np.float64), parts)
    return np.asarray(parts / parts.sum(axis=1, keepdims=True))


def differentiation(nodes: Floats) -> Floats:
    """From values at Chebyshev's points to the slope of their polynomial there."""
    weights = _barycentric(len(nodes))
    apart = nodes[:, None] - nodes + np.eye(len(nodes))
    slopes = weights / weights[:, None] / apart
    np.fill_diagonal(slopes, 0.0)
    np.fill_diagonal(slopes, -slopes.sum(axis=1))
    return np.asarray(slopes)


def _barycentric(n_points: int) -> Floats:
    """Weights of Chebyshev's points in Lagrange's formula, up to a factor."""
    numbers = np.arange(n_points)
    return np.asarray((-1.0) ** numbers * np.sin((numbers + 0.5) * np.pi / n_points))
