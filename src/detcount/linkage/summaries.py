"""Summaries of draws: probabilities of pairs, the point partition, and bounds for nearly identical rows.

A person who stands forty times in a list, spelt in many ways, has 2**40 sets of rows that could be weighed.
Rows that are surely one person are joined before anything is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from detcount._numerics.arrays import Floats, Ints, bincount, repeat, runs, twos
from detcount._numerics.linkage.agreement import connected
from detcount._numerics.linkage.partitions import PartitionTable, merged_from, threshold_of_f1
from detcount._numerics.linkage.settings import TUNING
from detcount.linkage.cluster_weights import ClusterWeights, Parameters, Problem
from detcount.linkage.groups import Groups
from detcount.linkage.partitions import PairCounts, Sampled, expensive
from detcount.words import Message


def pair_probabilities(groups: Groups, sampled: Sampled, n: int) -> tuple[Ints, Floats]:
    """Pairs of units that can be one person, as keys in order, and the probability of each."""
    table = groups.table
    lengths = np.diff(np.append(table.start, len(table.cluster)))
    every = repeat(sampled.partition, lengths)
    share = np.asarray(bincount(table.cluster, every, len(groups.cluster_sizes)), dtype=np.float64)
    one, two, owner = _within(groups)
    drawn = sampled.large_pairs[:, 0].astype(np.int64) * n + sampled.large_pairs[:, 1]
    keys = [one * n + two, drawn, groups.large_first.astype(np.int64) * n + groups.large_second]
    values = [share[owner], sampled.large_share, np.zeros(len(groups.large_first))]
    known, where = np.unique(np.concatenate(keys), return_inverse=True)
    return known, np.minimum(bincount(where, np.concatenate(values), minlength=len(known)), 1.0)


def _within(groups: Groups) -> tuple[Ints, Ints, Ints]:
    """Pairs of units of the clusters of small groups, and the cluster of each pair."""
    one, two = twos(groups.cluster_sizes)
    owner = repeat(np.arange(len(groups.cluster_sizes)), groups.cluster_sizes)
    units = groups.cluster_units.astype(np.int64)
    return units[one], units[two], owner[one]


def point_partition(groups: Groups, pairs: Ints, probability: Floats, n: int) -> Ints:
    """The partition of units with the greatest expected F1."""
    table: PartitionTable = groups.table
    n_clusters = len(groups.cluster_sizes)
    one, two, owner = _within(groups)
    within = bincount(owner, minlength=n_clusters)
    right = bincount(owner, probability[np.searchsorted(pairs, one * n + two)], minlength=n_clusters)
    large = np.zeros(n, dtype=bool)
    large[groups.large] = True
    first, second = pairs // n, pairs % n
    mine = large[first] & large[second]
    first, second, of_pair = first[mine], second[mine], probability[mine]
    labels, start = np.arange(n), groups.cluster_start

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
    inner = np.flatnonzero(piece[first] == piece[second])
    inner = inner[np.argsort(piece[first[inner]], kind="stable")]
    ends = np.searchsorted(piece[first[inner]], np.arange(n + 1))
    order = large[np.argsort(piece[large], kind="stable")]
    for names in np.split(order, np.flatnonzero(np.diff(piece[order])) + 1):
        if len(names) > 1:
            places = inner[ends[piece[names[0]]] : ends[piece[names[0]] + 1]]
            gain = np.full((len(names), len(names)), -threshold)
            one, two = np.searchsorted(names, first[places]), np.searchsorted(names, second[places])
            gain[one, two] = gain[two, one] = of_pair[places] - threshold
            start = np.arange(len(names))
            labels[names] = names[merged_from(start, gain, lambda _: True, len(names))[-1]]
    sizes = bincount(labels[large], minlength=n).astype(np.float64)
    together = labels[first] == labels[second]
    return float((sizes * (sizes - 1.0)).sum() / 2.0), float(of_pair[together].sum())


def row_pairs(
    problem: Problem, pairs: Ints, probability: Floats, looked_at: Ints
) -> tuple[Ints, Ints, Floats, Ints]:
    """Pairs of rows, their probabilities, and which of them those are that were looked at."""
    n, n_units = len(problem.unit), len(problem.units)
    sizes = np.array([len(rows) for rows in problem.units], dtype=np.int64)
    flat = np.concatenate([*problem.units, np.empty(0, dtype=np.int64)])
    start = np.cumsum(sizes) - sizes
    one, two = pairs // n_units, pairs % n_units
    times = sizes[one] * sizes[two]
    owner, run = repeat(np.arange(len(pairs)), times), runs(np.zeros_like(times), times)
    between = [
        flat[start[one[owner]] + run // sizes[two[owner]]],
        flat[start[two[owner]] + run % sizes[two[owner]]],
    ]
    inside = flat[np.stack(twos(sizes))]
    first, second = np.concatenate([between, inside, looked_at], axis=1)
    n_looked_at = looked_at.shape[1]
    value = np.concatenate([probability[owner], np.ones(inside.shape[1]), np.zeros(n_looked_at)])
    keys, where = np.unique(np.minimum(first, second) * n + np.maximum(first, second), return_inverse=True)
    total = np.zeros(len(keys))
    np.maximum.at(total, where.reshape(-1), value)
    return keys // n, keys % n, total, where.reshape(-1)[len(value) - n_looked_at :]


Bounds = tuple[int, int, int]
"""Nearly identical rows that could not be drawn, and the fewest and the most persons they may be."""


def with_bounds(
    sampled: Sampled, weights: ClusterWeights, groups: Groups, unit_size: Ints, random: np.random.Generator
) -> tuple[Sampled, Bounds | None, Floats, int]:
    """Give bounds to groups of nearly identical rows that could not be drawn; leave all others.

    The bounds run from the draw with the most persons, put together two by two as long as what two persons
    write is on average not against it, to that draw itself. Draws are spread evenly over the numbers between.

    Parameters
    ----------
    sampled : Sampled
        Draws of all chains.
    weights : ClusterWeights
        Log weights of clusters.
    groups : Groups
        Groups of units that may be one person.
    unit_size : ndarray of int64, shape (n_units,)
        Rows of each unit.
    random : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    sampled : Sampled
        The draws with these groups spread over their bounds, and the pairs of units in them.
    bounds : Bounds or None
        Rows, and persons together; None where chains agree.
    people : ndarray of float64, shape (n_chains, n_sweeps)
        Persons of all other groups, sweep by sweep.
    unlike : int
        Rows of groups without bounds on which chains do not agree.
    """
    people = sampled.people.copy()
    labels = sampled.labels.copy()
    rows, low, high, unlike = 0, 0, 0, 0
    apart = sampled.disagreeing
    touched = np.zeros(labels.shape[1], dtype=bool)
    for number in range(sampled.large_people.shape[2]):
        counts = sampled.large_people[:, :, number].astype(np.float64)
        units = groups.large[sampled.large_group == number]
        path = _path(sampled.labels[:, units], units, groups, weights) if expensive(sampled, units) else None
        if path is None:
            unlike += int(unit_size[units].sum()) if apart[number] else 0
            continue
        n_draws = len(labels)
        even = (random.permutation(n_draws) + random.random(n_draws)) / n_draws
        place = np.clip((1.0 + 2.0 * TUNING.bounded_ends) * even - TUNING.bounded_ends, 0.0, 1.0 - 1e-9)
        labels[:, units] = units[path][np.floor(place * len(path)).astype(np.int64)]
        people -= counts
        touched[units] = True
        rows += int(unit_size[units].sum())
        persons = [len(np.unique(step)) for step in (path[0], path[-1])]
        low, high = low + min(persons), high + max(persons)
    if not rows:
        return sampled, None, people, unlike
    return _with_pairs(replace(sampled, labels=labels), touched), (rows, low, high), people, unlike


def _path(drawn: np.ndarray, units: Ints, groups: Groups, weights: ClusterWeights) -> Ints | None:
    """Partitions of a group from the draw with the most persons to the one with the fewest."""
    n = len(units)
    persons = np.array([len(np.unique(mine)) for mine in drawn])
    finest = drawn[int(np.argmax(persons))]
    if persons.max() > TUNING.bounded_persons:
        return None
    inside = np.isin(groups.large_first, units)
    one, two = groups.large_first[inside], groups.large_second[inside]
    ids = weights.lookup(np.stack([one, two], axis=1).ravel(), np.full(len(one), 2))
    gain = np.full((n, n), TUNING.bounded_other)
    a, b = np.searchsorted(units, one), np.searchsorted(units, two)
    gain[a, b] = gain[b, a] = weights.by_field(ids).sum(axis=1)  # the coarsest: as if nobody were related

    def allowed(members: Ints) -> bool:
        return weights.allows(units[members])

    _, start = np.unique(finest, return_inverse=True)
    start = start.reshape(-1)
    return merged_from(start, gain, allowed, int(persons.min()), TUNING.bounded_pair)


def _with_pairs(sampled: Sampled, touched: np.ndarray) -> Sampled:
    """Pairs of units in these groups by the share of the draws in which they are one person."""
    others = ~touched[sampled.large_pairs[:, 0]]
    pairs = PairCounts(len(touched))
    for labels in sampled.labels:
        pairs.add(labels, np.flatnonzero(touched))
    found, count = pairs.result()
    return replace(
        sampled,
        large_pairs=np.concatenate([sampled.large_pairs[others], found]),
        large_share=np.concatenate([sampled.large_share[others], count / len(sampled.labels)]),
    )


def certain_clusters(
    n: int, first: Ints, second: Ints, weights: ClusterWeights, parameters: Parameters
) -> list[Ints]:
    """Units of large groups that are one person beyond doubt.

    Every two of them are alike, and no field speaks against it. The cluster is a million times likelier than
    its parts are: where any one unit is left out, and where it is divided around the two units that are least
    alike. All these ways are taken together.

    Parameters
    ----------
    n : int
        Number of units.
    first, second : ndarray of int64
        Pairs of units that may be one person.
    weights : ClusterWeights
        Log weights of clusters.
    parameters : Parameters
        Parameters of the weights.

    Returns
    -------
    list of ndarray of int64
        Units of each certain cluster, in order.
    """
    group = connected(n, first, second)
    size = bincount(group)
    found: list[Ints] = []
    for number in np.flatnonzero((size > TUNING.listed_rows) & (size <= TUNING.certain_searched)).tolist():
        units = np.flatnonzero(group == number)
        mine = group[first] == number
        found.extend(_of_group(units, first[mine], second[mine], weights, parameters))
    return found


def _of_group(
    units: Ints, first: Ints, second: Ints, weights: ClusterWeights, parameters: Parameters
) -> list[Ints]:
    """Certain clusters of one group."""
    ids = weights.lookup(np.stack([first, second], axis=1).ravel(), np.full(len(first), 2))
    fields = weights.by_field(ids)
    gain = fields.sum(axis=1)
    agree = (gain > TUNING.certain_pair) & (fields > TUNING.certain_field).all(axis=1)
    one, two = np.searchsorted(units, first), np.searchsorted(units, second)
    alike = np.zeros((len(units), len(units)))
    for a, b in ((one, two), (two, one)):
        alike[a[agree], b[agree]] = gain[agree]
    left = np.ones(len(units), dtype=bool)
    found: list[Ints] = []
    while True:
        degree = np.where(left, (alike[:, left] > 0).sum(axis=1), -1)
        seed = int(np.argmax(degree))
        if degree[seed] < TUNING.certain_rows - 1:
            return found
        cluster = _grown(alike, seed, left)
        left[cluster if len(cluster) >= TUNING.certain_rows else [seed]] = False
        cluster = _checked(cluster, alike, units, weights, parameters)
        if len(cluster) >= TUNING.certain_rows:
            found.append(units[cluster])


def _grown(alike: Floats, seed: int, left: np.ndarray) -> Ints:
    """Units that are all alike, one after the other, the one most like those before it first."""
    cluster = [seed]
    free = left & (alike[seed] > 0)
    total = alike[seed].copy()
    while free.any():
        best = int(np.argmax(np.where(free, total, -np.inf)))
        cluster.append(best)
        free &= alike[best] > 0
        total += alike[best]
    return np.sort(np.array(cluster, dtype=np.int64))


def _checked(
    cluster: Ints, alike: Floats, units: Ints, weights: ClusterWeights, parameters: Parameters
) -> Ints:
    """The cluster without units that are not beyond doubt, or nothing."""
    while len(cluster) >= TUNING.certain_rows:
        n = len(cluster)
        without = np.array([np.delete(cluster, k) for k in range(n)])
        whole = _weigh([cluster], units, weights, parameters)[0]
        rest = _weigh(without, units, weights, parameters)
        alone = _weigh(cluster[:, None], units, weights, parameters)
        sure = whole - rest - alone - np.log(n) > TUNING.certain_ratio
        if not sure.all():
            cluster = cluster[sure]
            continue
        inside = alike[np.ix_(cluster, cluster)] + np.diag(np.full(n, np.inf))
        a, b = divmod(int(np.argmin(inside)), n)
        side = np.where(np.isinf(inside[:, a]), True, inside[:, a] >= inside[:, b])
        side[a], side[b] = True, False
        parts = _weigh([cluster[side], cluster[~side]], units, weights, parameters)
        ways = math.log(math.comb(n, int(side.sum())))
        return cluster if whole - parts.sum() - ways > TUNING.certain_ratio else cluster[:0]
    return cluster[:0]


def _weigh(
    clusters: Sequence[Ints] | np.ndarray, units: Ints, weights: ClusterWeights, parameters: Parameters
) -> Floats:
    sizes = np.array([len(cluster) for cluster in clusters], dtype=np.int64)
    ids = weights.lookup(units[np.concatenate(list(clusters))], sizes)
    return weights.log_weights(parameters, ids)


def approximated(found: Sequence[Ints], n_large: int, moved: float) -> tuple[str, ...]:
    """Say what was done with many rows that resemble each other but have no bounds."""
    notes = []
    if found:
        notes.append(
            Message.counted(
                "{rows:,} rows that nearly say the same were taken for 1 person before all draws, as any of "
                "them apart is less likely by a factor of a million. Are they double entries?",
                "{rows:,} rows that nearly say the same were taken for {n:,} persons before all draws, as "
                "any of them apart is less likely by a factor of a million. Are they double entries?",
                n=len(found),
                rows=sum(len(cluster) for cluster in found),
            )
        )
    if n_large and moved < TUNING.all_moved:
        notes.append(
            Message(
                "very many rows resemble each other: who is who among {rows:,} rows was drawn anew in "
                "{share:.0%} of the steps only, and is less certain than stated. Take out double entries, or "
                "decide them in a review",
                rows=n_large,
                share=moved,
            )
        )
    return tuple(notes)
