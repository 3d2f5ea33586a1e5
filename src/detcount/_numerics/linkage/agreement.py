"""How far two partitions of the same rows agree, in pairs of rows."""

from __future__ import annotations

import numpy as np

from detcount._numerics.arrays import Floats, Ints


def numbered(labels: Ints) -> Ints:
    """The same partition, its parts numbered from 0 in the order of their first rows."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    order = np.empty(len(first), dtype=np.int64)
    order[np.argsort(first, kind="stable")] = np.arange(len(first))
    return np.asarray(order[inverse], dtype=np.int64)


def pairs_within(labels: Ints) -> int:
    """Pairs of rows that a partition puts together."""
    sizes = np.bincount(labels).astype(np.int64)
    return int((sizes * (sizes - 1) // 2).sum())


def shared_pairs(one: Ints, other: Ints) -> int:
    """Pairs of rows that both partitions put together."""
    both = one.astype(np.int64) * (int(other.max(initial=0)) + 1) + other
    sizes = np.unique(both, return_counts=True)[1].astype(np.int64)
    return int((sizes * (sizes - 1) // 2).sum())


def agreement(point: Ints, draws: Ints) -> tuple[Floats, Floats, Floats]:
    """Precision, recall and F1 of the pairs of a partition, were each of the draws the truth.

    Parameters
    ----------
    point : ndarray of int64, shape (n,)
        A partition.
    draws : ndarray of int64, shape (n_draws, n)
        Partitions.

    Returns
    -------
    tuple of ndarray of float64, shape (n_draws,)
        Precision, recall and F1; 1 where there is nothing to be wrong about.
    """
    kept = pairs_within(point)
    true = np.array([pairs_within(draw) for draw in draws], dtype=np.float64)
    right = np.array([shared_pairs(point, draw) for draw in draws], dtype=np.float64)
    precision = right / kept if kept else np.ones(len(draws))
    recall = np.divide(right, true, out=np.ones(len(draws)), where=true > 0)
    f1 = np.divide(2 * right, kept + true, out=np.ones(len(draws)), where=kept + true > 0)
    return precision, recall, f1


def connected(n: int, first: Ints, second: Ints) -> Ints:
    """Rows that pairs connect, one way or another, as a partition."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(first), dtype=np.int8), (first, second)), shape=(n, n))
    return numbered(connected_components(graph, directed=False)[1].astype(np.int64))
