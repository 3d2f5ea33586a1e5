"""The tree with the largest sum that joins a few rows, for many clusters at once."""

from __future__ import annotations

import numpy as np

from detcount._numerics.arrays import Floats


def largest_tree(pairs: Floats, size: int) -> Floats:
    """Sum along the spanning tree of `size` rows with the largest sum (Prim 1957).

    Parameters
    ----------
    pairs : ndarray of float64, shape (n_clusters, size * (size - 1) / 2)
        Values of pairs of rows, in the order of ``numpy.triu_indices(size, 1)``.
    size : int
        Rows of each cluster, at least 2.
    """
    if size == 3:
        return np.asarray(pairs.sum(axis=1) - pairs.min(axis=1))
    n = len(pairs)
    one, two = np.triu_indices(size, 1)
    table = np.full((n, size, size), -np.inf)
    table[:, one, two] = pairs
    table[:, two, one] = pairs
    reach = table[:, 0].copy()  # best pair of each row with the tree
    outside = np.ones((n, size), dtype=bool)
    outside[:, 0] = False
    total = np.zeros(n)
    rows = np.arange(n)
    for _ in range(size - 1):
        open_rows = np.where(outside, reach, -np.inf)
        joined = np.argmax(open_rows, axis=1)
        total += open_rows[rows, joined]
        outside[rows, joined] = False
        reach = np.maximum(reach, table[rows, joined])
    return total
