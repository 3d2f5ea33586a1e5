"""One partition to show: the greatest expected F1 of pairs."""

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
