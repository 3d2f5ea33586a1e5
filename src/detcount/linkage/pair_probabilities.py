"""Probabilities of pairs of rows, and the partition to show, from draws and listed partitions."""

from __future__ import annotations

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.linkage.agreement import connected
from detcount._numerics.linkage.partitions import PartitionTable, grow_clusters, threshold_of_f1
from detcount.linkage.candidates import Candidates
from detcount.linkage.cluster_weights import Problem
from detcount.linkage.groups import Groups
from detcount.linkage.partitions import Sampled


def pair_probabilities(groups: Groups, sampled: Sampled, n: int) -> tuple[Ints, Floats]:
    """Pairs of units that can be one person, as keys in order, and the probability of each."""
    table = groups.table
    share: Floats = np.empty(0)
    if len(table.start):
        lengths = np.diff(np.append(table.start, len(table.cluster)))
        every = np.repeat(sampled.partition, lengths)
        share = np.asarray(np.bincount(table.cluster, every, len(groups.cluster_sizes)), dtype=np.float64)
    keys: list[Ints] = []
    values: list[Floats] = []
    for one, two, owner in _within(groups):
        keys.append(one * n + two)
        values.append(share[owner])
    keys.append(sampled.large_pairs[:, 0] * n + sampled.large_pairs[:, 1])
    values.append(sampled.large_share)
    keys.append(groups.large_first * n + groups.large_second)
    values.append(np.zeros(len(groups.large_first)))
    known, where = np.unique(np.concatenate(keys), return_inverse=True)
    return known, np.minimum(np.bincount(where, np.concatenate(values), minlength=len(known)), 1.0)


def _within(groups: Groups) -> list[tuple[Ints, Ints, Ints]]:
    """Pairs of units of the clusters of small groups, and the cluster of each pair."""
    start = np.cumsum(groups.cluster_sizes) - groups.cluster_sizes
    found: list[tuple[Ints, Ints, Ints]] = []
    for size in np.unique(groups.cluster_sizes).tolist():
        chosen = np.flatnonzero(groups.cluster_sizes == size)
        members = groups.cluster_units[start[chosen][:, None] + np.arange(size)]
        for one in range(size):
            found.extend((members[:, one], members[:, two], chosen) for two in range(one + 1, size))
    return found


def point_partition(groups: Groups, pairs: Ints, probability: Floats, n: int) -> Ints:
    """The partition of units with the greatest expected F1."""
    table: PartitionTable = groups.table
    n_clusters = len(groups.cluster_sizes)
    within, right = np.zeros(n_clusters), np.zeros(n_clusters)
    for one, two, owner in _within(groups):
        at = np.searchsorted(pairs, one * n + two)
        within += np.bincount(owner, minlength=n_clusters)
        right += np.bincount(owner, probability[at], minlength=n_clusters)
    large = np.zeros(n, dtype=bool)
    large[groups.large] = True
    first, second = pairs // n, pairs % n
    mine = large[first] & large[second]
    first, second, of_pair = first[mine], second[mine], probability[mine]
    labels = np.arange(n)
    start = np.cumsum(groups.cluster_sizes) - groups.cluster_sizes

    def decide(threshold: float) -> tuple[float, float]:
        labels[:] = np.arange(n)
        chosen = table.chosen_clusters(table.best(table.totals(right - threshold * within)))
        for cluster in chosen[groups.cluster_sizes[chosen] > 1].tolist():
            units = groups.cluster_units[start[cluster] : start[cluster] + groups.cluster_sizes[cluster]]
            labels[units] = units[0]
        kept, good = float(within[chosen].sum()), float(right[chosen].sum())
        if len(groups.large):
            more, better = _large_point(labels, groups.large, first, second, of_pair, threshold)
            kept, good = kept + more, good + better
        return kept, good

    threshold = threshold_of_f1(decide, float(probability.sum()))
    decide(threshold)
    return labels


def _large_point(
    labels: Ints, large: Ints, first: Ints, second: Ints, of_pair: Floats, threshold: float
) -> tuple[float, float]:
    """Decide in large groups, piece by piece; the pairs put together and how many are expected right."""
    likely = of_pair > 0.05
    n = len(labels)
    piece = connected(n, first[likely], second[likely])
    by_piece: dict[int, list[int]] = {}
    for unit in large.tolist():
        by_piece.setdefault(int(piece[unit]), []).append(unit)
    pairs: dict[int, list[int]] = {}
    for place in np.flatnonzero(piece[first] == piece[second]).tolist():
        pairs.setdefault(int(piece[first[place]]), []).append(place)
    for number, units in by_piece.items():
        if len(units) > 1:
            places = np.array(pairs[number], dtype=np.int64)
            names = np.array(units, dtype=np.int64)
            found = grow_clusters(
                len(names),
                np.searchsorted(names, first[places]),
                np.searchsorted(names, second[places]),
                of_pair[places] - threshold,
            )
            labels[names] = names[found]
    sizes = np.bincount(labels[large], minlength=n).astype(np.float64)
    together = labels[first] == labels[second]
    return float((sizes * (sizes - 1.0)).sum() / 2.0), float(of_pair[together].sum())


def row_pairs(
    problem: Problem, pairs: Ints, probability: Floats, order: Ints, candidates: Candidates
) -> tuple[Ints, Ints, Floats, Ints]:
    """Pairs of rows as they were given, their probabilities, and which of the pairs the candidates are."""
    n, n_units = len(order), len(problem.units)
    sizes = np.array([len(rows) for rows in problem.units], dtype=np.int64)
    flat = np.concatenate([*problem.units, np.empty(0, dtype=np.int64)])
    start = np.cumsum(sizes) - sizes
    one, two = pairs // n_units, pairs % n_units
    times = sizes[one] * sizes[two]
    owner = np.repeat(np.arange(len(pairs)), times)
    run = np.arange(len(owner)) - np.repeat(np.cumsum(times) - times, times)
    first = flat[start[one[owner]] + run // sizes[two[owner]]]
    second = flat[start[two[owner]] + run % sizes[two[owner]]]
    value = probability[owner]
    for rows in problem.units:
        if len(rows) > 1:
            a, b = np.triu_indices(len(rows), 1)
            first, second = np.concatenate([first, rows[a]]), np.concatenate([second, rows[b]])
            value = np.concatenate([value, np.ones(len(a))])
    first, second = order[first], order[second]
    first = np.concatenate([first, candidates.first])
    second = np.concatenate([second, candidates.second])
    value = np.concatenate([value, np.zeros(len(candidates.first))])
    keys, where = np.unique(np.minimum(first, second) * n + np.maximum(first, second), return_inverse=True)
    where = where.reshape(-1)
    total = np.zeros(len(keys))
    np.maximum.at(total, where, value)
    return keys // n, keys % n, total, where[len(where) - len(candidates.first) :]
