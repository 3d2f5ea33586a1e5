"""One sweep over partitions by splits and merges around two rows, many of them at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.linkage.keys import Keys

FREE = 3  # rows besides the two that are placed anew in one move
_FEW = 3  # and in a move of many rows, where each way to divide them is dear to weigh
_MANY = 12

LogWeight = Callable[[Keys, Callable[[Ints], tuple[Ints, Ints]]], Floats]
"""Log weights of clusters, given the sum of the keys of their rows, and what gives the rows of some of them
one after the other, with the size of each."""


def chaperone_step(
    labels: Ints,
    first: Ints,
    second: Ints,
    keys: Keys,
    log_weight: LogWeight,
    random: np.random.Generator,
) -> Ints:
    """Draw anew how pairs of clusters are divided, for pairs that have nothing in common.

    Two rows of an edge are the chaperones (Miller et al. 2015; Betancourt, Zanella & Steorts 2022). The
    union of their clusters is drawn anew from its conditional distribution over one cluster or two with a
    chaperone in each. Edges take turns in random order; one that touches the clusters of an earlier one
    waits. Which edges move does not depend on how a union is divided, so that moves together leave the
    posterior unchanged. In a large union only some rows move, and the others keep their side; when all are
    together, their sides are drawn first: half of the time all with the second chaperone, else at random.

    Parameters
    ----------
    labels : ndarray of int64, shape (n,)
        Cluster of each row.
    first, second : ndarray of int64, shape (n_edges,)
        Rows that may be one person.
    keys : ndarray of uint64, shape (n,)
        Keys of rows; the sum of those of its rows is the key of a cluster.
    log_weight : callable
        Log weights of clusters.
    random : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    ndarray of int64, shape (n,)
        New clusters; a label is a row of the cluster.
    """
    labels = labels.copy()
    n = len(labels)
    turn = random.permutation(len(first))
    one, two = labels[first], labels[second]
    earliest = np.full(n, len(first))
    np.minimum.at(earliest, one, turn)
    np.minimum.at(earliest, two, turn)
    moving = np.flatnonzero((earliest[one] == turn) & (earliest[two] == turn))
    if not len(moving):
        return labels
    order = np.argsort(labels, kind="stable")
    sizes = np.bincount(labels, minlength=n)
    starts = np.cumsum(sizes) - sizes
    i, j = first[moving], second[moving]
    one, two = labels[i], labels[j]
    block, rows = _blocks(order, starts, sizes, one, two, one != two)
    others = (rows != i[block]) & (rows != j[block])
    block, rows = block[others], rows[others]
    count = np.bincount(block, minlength=len(moving))
    # in a large union the rows that move are drawn; else they stand in order
    turn_of = np.where(count[block] > FREE, random.random(n)[rows], rows)
    rows = rows[np.lexsort((turn_of, block))]
    begin = np.cumsum(count) - count
    unions = []
    for size in np.unique(count).tolist():
        mine = np.flatnonzero(count == size)
        others = rows[begin[mine][:, None] + np.arange(size)]
        unions.append(_union(labels, i[mine], j[mine], others, keys, random))
    ends = np.cumsum([union.keys.size for union in unions])

    def members(which: Ints) -> tuple[Ints, Ints]:
        at = np.searchsorted(ends, which, side="right")
        parts = [
            union.members(which[at == k] - (ends[k] - union.keys.size)) for k, union in enumerate(unions)
        ]
        return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])

    weight = log_weight(np.concatenate([union.keys.ravel() for union in unions]), members)
    for union, its in zip(unions, np.split(weight, ends[:-1]), strict=True):
        union.divide(labels, its.reshape(union.keys.shape), random)
    return labels


def _blocks(
    order: Ints, starts: Ints, sizes: Ints, one: Ints, two: Ints, apart: np.ndarray
) -> tuple[Ints, Ints]:
    """Rows of the clusters of each pair, and the pair of each row."""
    names = np.concatenate([one, two[apart]])
    pair = np.concatenate([np.arange(len(one)), np.flatnonzero(apart)])
    length = sizes[names]
    run = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
    return np.repeat(pair, length), order[np.repeat(starts[names], length) + run]


@dataclass(frozen=True, eq=False)
class _Union:
    """Unions of equal size, and all ways to divide them that are weighed.

    Parameters
    ----------
    rows : ndarray of int64, shape (n, 2 + n_free + n_held)
        The two chaperones, the rows that are placed anew, and those that keep their side.
    with_one : ndarray of bool, shape (n, n_held)
        Which of the last are with the first chaperone.
    log_side : ndarray of float64, shape (n,)
        Log probability of these sides if all were together.
    n_free : int
        Rows that are placed anew.
    keys : ndarray of uint64, shape (n, 1 + 2 * ways)
        Keys of the whole, of the sides of the first chaperone, and of those of the second.
    """

    rows: Ints
    with_one: np.ndarray
    log_side: Floats
    n_free: int
    keys: Keys

    def _side(self, union: Ints, way: Ints) -> np.ndarray:
        """Which of the rows are with the first chaperone."""
        free = (way[:, None] >> np.arange(self.n_free)) & 1
        ends = np.broadcast_to([True, False], (len(way), 2))
        return np.concatenate([ends, free.astype(np.bool_), self.with_one[union]], axis=1)

    def members(self, which: Ints) -> tuple[Ints, Ints]:
        """Rows of some of the clusters."""
        union, place = np.divmod(which, self.keys.shape[1])
        first, way = place <= 1 << self.n_free, (place - 1) % (1 << self.n_free)
        inside = (self._side(union, way) == first[:, None]) | (place == 0)[:, None]
        return self.rows[union][inside], inside.sum(axis=1)

    def divide(self, labels: Ints, weight: Floats, random: np.random.Generator) -> None:
        """Draw how each union is divided."""
        ways = 1 << self.n_free
        options = weight[:, : 1 + ways].copy()
        options[:, 0] += self.log_side
        options[:, 1:] += weight[:, 1 + ways :]
        drawn = np.argmax(options + random.gumbel(size=options.shape), axis=1)
        merged = drawn == 0
        side = self._side(np.arange(len(drawn)), drawn - 1) | merged[:, None]
        labels[self.rows] = np.where(side, self.rows[:, :1], self.rows[:, 1:2])


def _union(
    labels: Ints, one: Ints, two: Ints, others: Ints, keys: Keys, random: np.random.Generator
) -> _Union:
    """Unions of equal size."""
    n_free = min(others.shape[1], FREE if others.shape[1] <= _MANY else _FEW)
    held = others[:, n_free:]
    with_one, log_side = _sides(labels, one, two, held, random)
    of_one = keys[one][:, None] + (with_one * keys[held]).sum(axis=1, dtype=np.uint64)[:, None]
    for place in range(n_free):
        of_one = np.concatenate([of_one, of_one + keys[others[:, place]][:, None]], axis=1)
    rows = np.concatenate([one[:, None], two[:, None], others], axis=1)
    whole = keys[rows].sum(axis=1, dtype=np.uint64)[:, None]
    return _Union(rows, with_one, log_side, n_free, np.concatenate([whole, of_one, whole - of_one], axis=1))


def _sides(
    labels: Ints, one: Ints, two: Ints, held: Ints, random: np.random.Generator
) -> tuple[np.ndarray, Floats]:
    """Sides of the rows that are not placed anew, and their log probability if all were together."""
    n, n_held = held.shape
    if not n_held:
        return np.empty((n, 0), dtype=bool), np.zeros(n)
    together = labels[one] == labels[two]
    drawn = random.random((n, n_held)) < 0.5
    drawn[random.random(n) < 0.5] = False
    with_one = np.where(together[:, None], drawn, labels[held] == labels[one][:, None])
    none = ~with_one.any(axis=1)
    return with_one, np.log(0.5 * none + 0.5 * 0.5**n_held)
