"""How far a point lies from points that come in groups: the mean distance to the two nearest groups.

The distance to a group is that to its nearest point. Two groups and not one, so that a single odd group does
not make a place familiar. Coordinates are first turned to uncorrelated ones of unit variance, groups counting
alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_NEAREST = 2  # groups
_RIDGE = 0.1  # of correlation that is not believed: few groups show little of it


@dataclass(frozen=True, eq=False)
class Scattered:
    """Points that come in groups, and the way in which they vary.

    Parameters
    ----------
    points : ndarray of float64, shape (n_points, n_coordinates)
        The points.
    groups : ndarray of int64, shape (n_points,)
        Number of the group of each.
    scales : ndarray of float64, shape (n_coordinates,)
        Standard deviation of each coordinate, groups counting alike.
    whitening : ndarray of float64, shape (n_coordinates, n_coordinates)
        What a difference in scales is multiplied with, so that its length is the distance.
    """

    points: Floats
    groups: NDArray[np.int64]
    scales: Floats
    whitening: Floats


def scattered(points: Floats, groups: NDArray[np.int64], weights: Floats) -> Scattered:
    """Measure how points vary; a coordinate that does not has the scale 1."""
    share = weights / weights.sum()
    centred = points - share @ points
    variance = share @ centred**2
    scales = np.sqrt(np.where(variance > 0, variance, 1.0))
    units = centred / scales
    correlation = (1 - _RIDGE) * (units.T * share) @ units
    np.fill_diagonal(correlation, 1.0)
    values, vectors = np.linalg.eigh(correlation)
    return Scattered(points, groups, scales, np.asarray(vectors / np.sqrt(values)))


def distance(point: Floats, among: Scattered, without: int | None = None) -> tuple[float, int]:
    """Mean distance to the nearest point of each of the two nearest groups, and the nearest point of all."""
    lengths = np.linalg.norm((point - among.points) / among.scales @ among.whitening, axis=1)
    nearest = [
        (float(lengths[among.groups == group].min()), group)
        for group in np.unique(among.groups).tolist()
        if group != without
    ]
    nearest.sort()
    allowed = np.flatnonzero(among.groups == nearest[0][1])
    closest = int(allowed[np.argmin(lengths[allowed])])
    return float(np.mean([length for length, _ in nearest[:_NEAREST]])), closest


def distances_left_out(among: Scattered) -> Floats:
    """Distance of every point from those of the other groups."""
    return np.array(
        [
            distance(point, among, int(group))[0]
            for point, group in zip(among.points, among.groups, strict=True)
        ]
    )
