"""Clusters put together one after the other, the most alike on average first."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from detcount._numerics.arrays import Floats, Ints


def merged_from(
    start: Ints, gain: Floats, allowed: Callable[[Ints], bool], fewest: int, least: float = 0.0
) -> Ints:
    """Put clusters together while two of them are alike on average, or until there are few.

    Parameters
    ----------
    start : ndarray of int64, shape (n,)
        Cluster of each unit, from 0, to begin with.
    gain : ndarray of float64, shape (n, n)
        How alike two units are: above 0 they speak for being one person.
    allowed : callable
        Whether some units may be one cluster.
    fewest : int
        Number of clusters down to which they are put together even if they are not alike.
    least : float, optional
        Mean from which two clusters are alike.

    Returns
    -------
    ndarray of int64, shape (n_steps + 1, n)
        First unit of the cluster of each unit, after each step.
    """
    n_clusters = int(start.max(initial=-1)) + 1
    member = np.zeros((n_clusters, len(start)))
    member[start, np.arange(len(start))] = 1.0
    total = member @ gain @ member.T
    size = member.sum(axis=1)
    np.fill_diagonal(total, -np.inf)
    first = np.array([np.flatnonzero(start == k)[0] for k in range(n_clusters)], dtype=np.int64)
    labels = first[start]
    path = [labels]
    left = n_clusters
    while left > 1:
        mean = total / (size[:, None] * size)
        a, b = sorted(divmod(int(np.argmax(mean)), n_clusters))
        if not np.isfinite(mean[a, b]) or (mean[a, b] <= least and left <= fewest):
            break
        together = np.flatnonzero((labels == first[a]) | (labels == first[b]))
        if not allowed(together):
            total[a, b] = total[b, a] = -np.inf
            continue
        first[a] = min(first[a], first[b])
        labels = labels.copy()
        labels[together] = first[a]
        total[a] += total[b]
        total[:, a] = total[a]
        size[a] += size[b]
        total[a, a] = -np.inf
        total[b] = total[:, b] = -np.inf
        left -= 1
        path.append(labels)
    return np.array(path)
