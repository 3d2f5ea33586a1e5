"""Where increments meet blocks, and the persons that each expects there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.delay import discrete_cdf
from detcount._numerics.process.increments import Increments
from detcount._numerics.process.matrices import Array, multiply

__all__ = ["Pattern", "pattern_of", "weights_of"]


_NOTHING = 1e-12  # share of a release: what is left of differences that cancel


@dataclass(frozen=True)
class Pattern:
    """Where increments meet blocks: the few places of an (n, D) matrix that are not zero."""

    row: NDArray[np.intp]  # sorted
    column: NDArray[np.intp]
    first: NDArray[np.intp]  # of each row
    by_column: NDArray[np.intp]  # order by column
    columns: NDArray[np.intp]  # that occur
    first_by_column: NDArray[np.intp]
    shape: tuple[int, int]

    def times(self, values: Array, x: Array) -> Array:
        """Matrices of shape (B, n, D) times x of shape (B, D)."""
        return np.asarray(np.add.reduceat(values * x[:, self.column], self.first, axis=1))

    def transposed_times(self, values: Array, y: Array) -> Array:
        """Transposed matrices times y of shape (B, n)."""
        product = (values * y[:, self.row])[:, self.by_column]
        result = np.zeros((len(values), self.shape[1]))
        result[:, self.columns] = np.add.reduceat(product, self.first_by_column, axis=1)
        return result

    def dense(self, values: Array) -> Array:
        """The matrices in full."""
        full = np.zeros((len(values), *self.shape))
        full[:, self.row, self.column] = values
        return full

    def cross(self, values: Array, covariance: Array) -> Array:
        """J C J' for one matrix C."""
        full = self.dense(values)
        return multiply(multiply(full, covariance), full.transpose(0, 2, 1))

    def cross_diagonal(self, values: Array, variance: Array) -> Array:
        """J diag(v) J' for v of shape (B, D)."""
        full = self.dense(values)
        return multiply(full * variance[:, None, :], full.transpose(0, 2, 1))


def pattern_of(data: Increments) -> Pattern:
    """Places where an increment gains something, whatever the delay."""
    own = (data.far > data.near) | (data.fixed > 0)
    row, column = np.nonzero(own[data.report])
    everywhere = _pattern(row, column, (len(data.report), data.near.shape[1]))
    # two delays tell apart what cancels always from what does so by chance
    trial = weights_of(data, everywhere, np.array([[0.7, 2.0], [0.4, 5.0]]), "weibull").max(axis=0)
    some = trial > _NOTHING
    some[everywhere.first] |= np.add.reduceat(some, everywhere.first) == 0
    return _pattern(row[some], column[some], everywhere.shape)


def _pattern(row: NDArray[np.intp], column: NDArray[np.intp], shape: tuple[int, int]) -> Pattern:
    """Index places that are sorted by row, with no row left out."""
    by_column = np.argsort(column, kind="stable")
    columns, first_by_column = np.unique(column[by_column], return_index=True)
    first = np.searchsorted(row, np.arange(shape[0]))
    return Pattern(row, column, first, by_column, columns, first_by_column, shape)


def weights_of(data: Increments, pattern: Pattern, delay: Array, family: str) -> Array:
    """Persons each increment expects for one release a day in each block, at the places of a pattern."""
    most = int(data.far.max(initial=0))
    reached = discrete_cdf(family, delay, np.arange(most + 1))
    summed = np.concatenate([np.zeros((len(reached), 1)), np.cumsum(reached, axis=1)], axis=1)
    report, column = data.report[pattern.row], pattern.column
    weights = summed[:, data.far[report, column]] - summed[:, data.near[report, column]]
    weights += data.fixed[report, column]
    for below in data.below.T:
        some = np.flatnonzero(below[pattern.row] >= 0)
        report, column = below[pattern.row[some]], pattern.column[some]
        weights[:, some] -= summed[:, data.far[report, column]] - summed[:, data.near[report, column]]
        weights[:, some] -= data.fixed[report, column]
    return np.asarray(np.maximum(weights, 0.0), dtype=np.float64)
