"""Clusters that are grown or put together, the partition to show, and the largest tree of a cluster."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from detcount._numerics.arrays import Floats, Ints


def expected_f1(kept: float, right: float, all_right: float) -> float:
    """Expected F1 of pairs, as the ratio of expectations; 1 where there is nothing to find."""
    return 1.0 if kept + all_right <= 0 else 2.0 * right / (kept + all_right)


def threshold_of_f1(decide: Callable[[float], tuple[float, float]], all_right: float) -> float:
    """Least probability at which a pair is worth putting together: half of the best F1 (Dinkelbach).

    `decide` takes a threshold and gives the number of pairs put together, and how many of them are expected
    to be right.
    """
    threshold = 0.5
    for _ in range(20):
        kept, right = decide(threshold)
        better = max(0.5 * expected_f1(kept, right, all_right), 0.05)
        if abs(better - threshold) < 1e-6:
            break
        threshold = better
    return threshold


def grow_clusters(n: int, first: Ints, second: Ints, gain: Floats) -> Ints:
    """Put rows together as long as the sum of gains over pairs within a cluster rises; others gain -1/2.

    Two clusters with the greatest gain come first; equal gains by the order of rows. Then single rows move
    while that is better.
    """
    labels = list(range(n))
    clusters: dict[int, set[int]] = {row: {row} for row in range(n)}
    pairs: dict[int, dict[int, float]] = {row: {} for row in range(n)}
    for i, j, value in zip(first.tolist(), second.tolist(), gain.tolist(), strict=True):
        pairs[i][j] = pairs[j][i] = value

    def between(one: int, two: int) -> float:
        return sum(pairs[i].get(j, -0.5) for i in clusters[one] for j in clusters[two])

    touching = {
        (min(i, j), max(i, j)) for i, row in pairs.items() for j, value in row.items() if value > -0.5
    }
    values = {pair: between(*pair) for pair in touching}
    while values:
        best = max(values, key=lambda pair: (round(values[pair], 9), -pair[0], -pair[1]))
        if values[best] <= 1e-9:
            break
        kept, gone = best
        clusters[kept] |= clusters.pop(gone)
        for row in clusters[kept]:
            labels[row] = kept
        changed = {other for pair in values if gone in pair or kept in pair for other in pair}
        values = {pair: value for pair, value in values.items() if gone not in pair and kept not in pair}
        for other in sorted(changed - {kept, gone}):
            values[min(kept, other), max(kept, other)] = between(kept, other)
    for _ in range(10):
        moved = False
        for row in range(n):
            home = labels[row]
            options = sorted({labels[other] for other in pairs[row]} | {home})
            worth = {
                label: sum(pairs[row].get(other, -0.5) for other in clusters[label] if other != row)
                for label in options
            }
            best_label = max(options, key=lambda label: (round(worth[label], 9), label == home, -label))
            if worth[best_label] < -1e-9:
                best_label = -1
            if best_label == home or (best_label == -1 and len(clusters[home]) == 1):
                continue
            clusters[home].discard(row)
            if best_label == -1:
                best_label = next(label for label in range(n) if not clusters.get(label))
            clusters.setdefault(best_label, set()).add(row)
            labels[row] = best_label
            moved = True
        if not moved:
            break
    return np.array(labels, dtype=np.int64)


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
