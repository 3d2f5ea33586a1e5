"""Figures said to be lower bounds: whole numbers among which the excess above each is drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from detcount._numerics.process.clusters import log_excess
from detcount._numerics.process.register import Array, Register

__all__ = ["LowerBounds", "lower_bounds_of"]

_NODES = 24  # points over which the excess above a lower bound is drawn


@dataclass(frozen=True)
class LowerBounds:
    """R lower bounds, K numbers each by which they may be too low.

    Parameters
    ----------
    rows : ndarray of int64, shape (R,)
        Their increments.
    follows : ndarray of int64, shape (F,)
        Positions among them that another increment makes up for.
    following : ndarray of int64, shape (F,)
        Those increments.
    nodes : ndarray of int64, shape (R, K)
        By how much.
    weight : ndarray of float64, shape (R, K, 1)
        Log prior of each, less the log factorials of the counts that follow; minus infinity where there are
        fewer than K.
    high : ndarray of float64, shape (R, K, 1)
        Counts of the increments.
    rest : ndarray of float64, shape (F, K, 1)
        Counts of the following ones.
    """

    rows: NDArray[np.int64]
    follows: NDArray[np.int64]
    following: NDArray[np.int64]
    nodes: NDArray[np.int64]
    weight: Array
    high: Array
    rest: Array


def lower_bounds_of(data: Register) -> LowerBounds | None:
    """Find them; None if no figure is a lower bound."""
    rows = np.flatnonzero(data.excess > 0)
    if not len(rows):
        return None
    found = [_nodes(data, int(row)) for row in rows]
    most = max(len(nodes) for nodes in found)
    nodes = np.zeros((len(rows), most), dtype=np.int64)
    weight = np.full((len(rows), most), -np.inf)
    for k, (row, own) in enumerate(zip(rows, found, strict=True)):
        nodes[k, : len(own)] = own
        prior = log_excess(own.astype(np.float64), data.excess[row]) + np.log(_spacing(own))
        weight[k, : len(own)] = prior - gammaln(data.count[row] + own + 1)
    follows = np.flatnonzero(data.following[rows] >= 0)
    following = data.following[rows[follows]]
    high = data.count[rows][:, None] + nodes
    rest = data.count[following][:, None] - nodes[follows]
    weight[follows] -= gammaln(rest + 1)
    return LowerBounds(
        rows=rows,
        follows=follows,
        following=following,
        nodes=nodes,
        weight=weight[:, :, None],
        high=high[:, :, None].astype(np.float64),
        rest=rest[:, :, None].astype(np.float64),
    )


def _nodes(data: Register, row: int) -> NDArray[np.int64]:
    """Whole numbers among which the excess above a lower bound is drawn."""
    most = int(5 * data.excess[row]) + 2
    following = int(data.following[row])
    if following >= 0:
        most = min(most, int(data.count[following]))
    return np.unique(np.linspace(0, most, min(_NODES, most + 1)).astype(np.int64))


def _spacing(nodes: NDArray[np.int64]) -> Array:
    """Whole numbers that each node stands for."""
    return np.gradient(nodes.astype(np.float64)) if len(nodes) > 1 else np.ones(1)
