"""What the reports say, as increments of series over blocks of days."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.process.matrices import Array

__all__ = ["EXACT", "LEAST", "ROBUST", "ROBUST_LEAST", "Increments", "indicator"]

EXACT, LEAST, ROBUST, ROBUST_LEAST = range(4)
_NODES = 24  # points over which the excess above a lower bound is summed


@dataclass(frozen=True)
class Increments:
    """What the reports say, as increments (n) of series (S) over blocks (D) of days (T).

    Parameters
    ----------
    near, far : ndarray of int64, shape (n_reports, D)
        Days from the last release day of each block that lies in the window to publication, and from the
        day before the first: the block's weight is the sum of F over near <= lag < far.
    fixed : ndarray of float64, shape (n_reports, D)
        Weights of reports without a delay of verification; 0 for the others.
    report : ndarray of int64, shape (n,)
        The report that each increment ends with.
    below : ndarray of int64, shape (n, most)
        The reports that it stands on, filled up with -1.
    centre, width : ndarray of float64, shape (D,)
        Middle day of each block, and its days.
    series : ndarray of int64, shape (n,)
        Whose increment.
    kind : ndarray of int64, shape (n,)
        EXACT, LEAST (a lower bound), ROBUST (a figure with its own error), ROBUST_LEAST.
    count : ndarray of float64, shape (n,)
        Increment, persons.
    following : ndarray of int64, shape (n,)
        For LEAST, the increment that is smaller by what the figure was too low; -1 if none.
    error : ndarray of float64, shape (n,)
        For LEAST the mean excess in persons, for ROBUST the scale of the log error.
    ratio_mean, ratio_covariance : ndarray of float64, shapes (S,) and (S, S)
        Prior of the log ratio of each series to the reference register.
    jumps : ndarray of float64, shape (n_jumps,)
        Days of announcements.
    """

    near: NDArray[np.int64]
    far: NDArray[np.int64]
    fixed: Array
    report: NDArray[np.int64]
    below: NDArray[np.int64]
    centre: Array
    width: Array
    series: NDArray[np.int64]
    kind: NDArray[np.int64]
    count: Array
    following: NDArray[np.int64]
    error: Array
    ratio_mean: Array
    ratio_covariance: Array
    jumps: Array

    @cached_property
    def nodes(self) -> dict[int, tuple[Array, Array]]:
        """For each lower bound, the excesses summed over, and the log of the persons each stands for."""
        return {int(row): _nodes(self, int(row)) for row in np.flatnonzero(self.kind == LEAST)}


def indicator(data: Increments) -> Array:
    """Whose increment each is, shape (n, S)."""
    indicator = np.zeros((len(data.count), len(data.ratio_mean)))
    indicator[np.arange(len(data.count)), data.series] = 1
    return indicator


def _nodes(data: Increments, row: int) -> tuple[Array, Array]:
    """Whole numbers that the excess above a lower bound is summed over, and log persons each stands for."""
    most = int(5 * data.error[row]) + 2
    following = data.following[row]
    if following >= 0:
        most = min(most, int(data.count[following]))
    edges = np.unique(np.linspace(0, most + 1, min(_NODES, most + 1) + 1).astype(int))
    return (edges[:-1] + edges[1:] - 1) // 2 * 1.0, np.log(np.diff(edges))
