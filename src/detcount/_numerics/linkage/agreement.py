"""Partitions compared pair by pair, counted as capture histories, and joined where pairs were missed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, expit, logit, ndtri

from detcount._numerics.arrays import Floats, Ints, bincount


def numbered(labels: Ints) -> Ints:
    """The same partition, its parts numbered from 0 in the order of their first rows."""
    rows = np.arange(len(labels))
    first = np.empty(int(labels.max(initial=-1)) + 1, dtype=np.int64)
    first[labels[::-1]] = rows[::-1]  # of equal labels the first row is written last
    return np.asarray((np.cumsum(first[labels] == rows) - 1)[first[labels]])


def pairs_within(labels: Ints) -> int:
    """Pairs of rows that a partition puts together."""
    sizes = bincount(labels).astype(np.int64)
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


@dataclass(frozen=True)
class Counts:
    """Pairs of each true cluster; one entry a cluster.

    Parameters
    ----------
    right : ndarray of float64, shape (n_clusters,)
        Pairs within the cluster that were put together.
    true : ndarray of float64, shape (n_clusters,)
        Pairs within the cluster.
    kept : ndarray of float64, shape (n_clusters,)
        Pairs put together that belong to the cluster: all within it, and half of those that cross its border.
    """

    right: Floats
    true: Floats
    kept: Floats


def count_pairs(point: Ints, rows: Ints, cluster: Ints) -> Counts:
    """Count the pairs of labelled clusters under a partition of all rows.

    Parameters
    ----------
    point : ndarray of int64, shape (n,)
        The partition.
    rows : ndarray of int64, shape (m,)
        Labelled rows.
    cluster : ndarray of int64, shape (m,)
        True cluster of each, numbered from 0; every row of it is there.

    Returns
    -------
    Counts
        Pairs by cluster.
    """
    n = int(cluster.max(initial=-1)) + 1
    sizes = bincount(cluster, minlength=n).astype(np.float64)
    both = cluster.astype(np.int64) * (int(point.max(initial=0)) + 1) + point[rows]
    found, together = np.unique(both, return_counts=True)
    right = bincount(found // (int(point.max(initial=0)) + 1), together * (together - 1) / 2, minlength=n)
    partners = bincount(point)[point[rows]] - 1.0
    within = bincount(cluster, partners, minlength=n)  # each pair within twice, each crossing once
    return Counts(right=right.astype(np.float64), true=sizes * (sizes - 1) / 2, kept=within / 2)


def ratio(top: Floats, bottom: Floats) -> float:
    """Ratio of two sums; 1 where there is nothing below."""
    below = float(bottom.sum())
    return float(top.sum()) / below if below > 0 else 1.0


def ratio_limits(top: Floats, bottom: Floats, level: float) -> tuple[float, float]:
    """Limits of a share estimated as a ratio of sums over clusters.

    The variance is that of the linearised ratio, and the limits are normal on the logit scale. Where the
    ratio is 0 or 1 the limits are those of Clopper and Pearson for as many independent clusters as have
    something below.
    """
    share = ratio(top, bottom)
    clusters = int((bottom > 0).sum())
    if not clusters:
        return 0.0, 1.0
    tail = (1 - level) / 2
    if share >= 1:
        return float(betaincinv(clusters, 1, tail)), 1.0
    if share <= 0:
        return 0.0, float(betaincinv(1, clusters, 1 - tail))
    if clusters == 1:
        return 0.0, 1.0
    parts = (top - share * bottom) / bottom.mean()
    error = float(np.sqrt(parts.var(ddof=1) / len(top)))
    half = -float(ndtri(tail)) * error / (share * (1 - share))
    middle = float(logit(share))
    return float(expit(middle - half)), float(expit(middle + half))


def codes_of(labels: Ints, list_of: Ints, counts: NDArray[np.bool_]) -> Ints:
    """Capture history of each part of a partition, bit k for list k, of the rows that count."""
    codes = np.zeros(int(labels.max(initial=-1)) + 1, dtype=np.int64)
    np.bitwise_or.at(codes, labels[counts], np.left_shift(np.int64(1), list_of[counts]))
    return codes


def counted(codes: Ints) -> tuple[Ints, Ints]:
    """Capture histories that somebody has, and how many persons have each."""
    found, persons = np.unique(codes[codes > 0], return_counts=True)
    return found, persons.astype(np.int64)


def mean_effects(
    draws: Ints,
    list_of: Ints,
    counts: NDArray[np.bool_],
    first: Ints,
    second: Ints,
    gradient: dict[int, float],
) -> Floats:
    """Mean change of a number when the persons of a pair are joined, over partitions that keep them apart.

    Parameters
    ----------
    draws : ndarray of int64, shape (n_draws, n)
        Partitions.
    list_of : ndarray of int64, shape (n,)
        List of each row.
    counts : ndarray of bool, shape (n,)
        Rows that count as captures.
    first, second : ndarray of int64, shape (n_pairs,)
        The pairs.
    gradient : dict of int to float
        Change of the number by one person more with each history, by its code; 0 for others.

    Returns
    -------
    ndarray of float64, shape (n_pairs,)
        Mean change; 0 where every partition puts the pair together.
    """
    total, apart = np.zeros(len(first)), np.zeros(len(first))

    def of(codes: Ints) -> Floats:
        found, place = np.unique(codes, return_inverse=True)
        return np.array([gradient.get(code, 0.0) for code in found.tolist()])[place]

    for labels in draws:
        differ = labels[first] != labels[second]
        codes = codes_of(labels, list_of, counts)
        one, two = codes[labels[first[differ]]], codes[labels[second[differ]]]
        total[differ] += of(one | two) - of(one) - of(two)
        apart += differ
    return np.divide(total, apart, out=np.zeros(len(first)), where=apart > 0)


def bridges(labels: Ints, list_of: Ints, first: Ints, second: Ints) -> tuple[Ints, Floats]:
    """Lists of the two parts into which the person of each pair falls without it.

    Parameters
    ----------
    labels : ndarray of int64, shape (n,)
        Person of each row.
    list_of : ndarray of int64, shape (n,)
        List of each row.
    first, second : ndarray of int64, shape (p,)
        Different pairs of rows that were compared and are one person.

    Returns
    -------
    parts : ndarray of int64, shape (p, 2)
        Bits of the lists of each part, the smaller first; 0 where other pairs hold the person together.
    weight : ndarray of float64, shape (p,)
        One over the pairs between the two parts: a person stands as two where all of them are missed, and
        is one person too many, not one for each.
    """
    weight = np.ones(len(first))
    parts = np.zeros((len(first), 2), dtype=np.int64)
    persons = labels[first]
    size = bincount(labels)[persons]
    two = size == 2
    parts[two] = np.left_shift(np.int64(1), np.stack([list_of[first[two]], list_of[second[two]]], axis=1))
    more = np.flatnonzero(~two)
    more = more[np.argsort(persons[more], kind="stable")]
    starts = np.flatnonzero(np.diff(persons[more], prepend=-1))
    for mine in np.split(more, starts[1:]) if len(more) else []:
        rows, local = np.unique(np.concatenate([first[mine], second[mine]]), return_inverse=True)
        edges = tuple(zip(local[: len(mine)].tolist(), local[len(mine) :].tolist(), strict=True))
        bits = np.left_shift(np.int64(1), list_of[rows])
        for pair, side in zip(mine.tolist(), _sides(len(rows), edges), strict=True):
            if side:
                inside = np.array(side)
                weight[pair] = 1.0 / (len(side) * (len(rows) - len(side)))
                parts[pair] = (
                    np.bitwise_or.reduce(bits[inside]),
                    np.bitwise_or.reduce(np.delete(bits, inside)),
                )
    return np.sort(parts, axis=1), weight


@lru_cache(maxsize=10_000)
def _sides(n: int, edges: tuple[tuple[int, int], ...]) -> tuple[tuple[int, ...], ...]:
    """Rows on the side of the first row of each edge without it; none where they are all."""
    near: list[set[int]] = [set() for _ in range(n)]
    for one, two in edges:
        near[one].add(two)
        near[two].add(one)
    found = []
    for one, two in edges:
        reached, waiting = {one}, [one]
        while waiting:
            here = waiting.pop()
            fresh = {other for other in near[here] - reached if (here, other) != (one, two)}
            reached |= fresh
            waiting.extend(fresh)
        found.append(() if two in reached else tuple(sorted(reached)))
    return tuple(found)


def kinds_of_merges(cell: Ints, parts: Ints, weight: Floats, pairs: Floats) -> tuple[Ints, Floats]:
    """Kinds of persons that pairs never seen leave in two, and how many of each kind are expected.

    A pair never seen is like one of the pairs of the same two lists that were seen, each as likely.

    Parameters
    ----------
    cell : ndarray of int64, shape (p,)
        Two lists of each pair that was seen.
    parts : ndarray of int64, shape (p, 2)
        Lists of the two parts of its person without it; 0 where it falls into none.
    weight : ndarray of float64, shape (p,)
        Persons too many for each such pair.
    pairs : ndarray of float64, shape (n_draws, n_cells)
        Expected number of pairs that were not seen, by their two lists.

    Returns
    -------
    kinds : ndarray of int64, shape (n_kinds, 2)
        Lists of the two parts.
    expected : ndarray of float64, shape (n_draws, n_kinds)
        Expected number of persons.
    """
    seen = bincount(cell, minlength=pairs.shape[1])
    fallen = parts[:, 0] > 0
    kinds, which = np.unique(parts[fallen], axis=0, return_inverse=True)
    share = np.zeros((pairs.shape[1], len(kinds)))
    np.add.at(share, (cell[fallen], which.reshape(-1)), weight[fallen])
    share /= np.maximum(seen, 1)[:, None]
    return kinds.reshape(-1, 2), np.asarray(pairs @ share)


def merged_at_random(
    labels: Ints, list_of: Ints, kinds: Ints, number: Ints, random: np.random.Generator
) -> Ints:
    """Put random persons together, so many of each kind as far as there are any.

    Parameters
    ----------
    labels : ndarray of int64, shape (n,)
        Person of each row.
    list_of : ndarray of int64, shape (n,)
        List of each row.
    kinds : ndarray of int64, shape (n_kinds, 2)
        Bits of the lists of the two persons.
    number : ndarray of int64, shape (n_kinds,)
        Persons to be made of two.
    random : numpy.random.Generator
        Source of randomness.
    """
    if not number.any():
        return labels
    codes = codes_of(labels, list_of, np.ones(len(labels), dtype=bool))
    name = np.arange(len(codes))
    left = {
        code: random.permutation(np.flatnonzero(codes == code)).tolist() for code in np.unique(kinds).tolist()
    }
    for (one, two), times in zip(kinds.tolist(), number.tolist(), strict=True):
        for _ in range(times):
            if len(left[one]) < 1 + (one == two) or not left[two]:
                break
            name[left[two].pop()] = left[one].pop()
    return np.asarray(name[labels])
