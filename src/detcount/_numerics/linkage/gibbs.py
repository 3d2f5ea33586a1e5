"""One sweep over partitions by splits and merges around two rows, many of them at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.linkage.keys import Keys

FREE = 3  # rows besides the two that are placed anew in one move

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
    turn = random.permutation(len(first))
    one, two = labels[first], labels[second]
    earliest = np.full(len(labels), len(first))
    np.minimum.at(earliest, one, turn)
    np.minimum.at(earliest, two, turn)
    moving = np.flatnonzero((earliest[one] == turn) & (earliest[two] == turn))
    if not len(moving):
        return labels
    one, two = first[moving], second[moving]
    others = _others(labels, one, two, random)
    held = others[:, FREE:]
    with_one, log_side = _sides(labels, one, two, held, random)
    rows = np.concatenate([one[:, None], two[:, None], others], axis=1)  # -1 where there is none
    key = np.append(keys, np.uint64(0))[rows]
    ways = (np.arange(1 << FREE)[:, None] >> np.arange(FREE)) & 1 > 0
    of_one = key[:, :1] + (with_one * key[:, 2 + FREE :]).sum(axis=1, dtype=np.uint64)[:, None]
    of_one = of_one + (key[:, None, 2 : 2 + FREE] * ways).sum(axis=2, dtype=np.uint64)
    whole = key.sum(axis=1, dtype=np.uint64)[:, None]
    real = np.arange(len(ways)) < 1 << (others[:, :FREE] >= 0).sum(axis=1)[:, None]
    asked = np.concatenate([np.ones_like(whole, dtype=np.bool_), real, real], axis=1)
    union_asked, place_asked = np.nonzero(asked)

    def side(union: Ints, way: Ints) -> np.ndarray:
        """Which rows of a union are with the first chaperone."""
        ends = np.broadcast_to([True, False], (len(way), 2))
        return np.concatenate([ends, ways[way], with_one[union]], axis=1)

    def members(which: Ints) -> tuple[Ints, Ints]:
        union, place = union_asked[which], place_asked[which]
        inside = side(union, (place - 1) % len(ways)) == (place <= len(ways))[:, None]
        inside = (inside | (place == 0)[:, None]) & (rows[union] >= 0)
        return rows[union][inside], inside.sum(axis=1)

    weight = np.full(asked.shape, -np.inf)
    weight[asked] = log_weight(np.concatenate([whole, of_one, whole - of_one], axis=1)[asked], members)
    options = weight[:, : 1 + len(ways)]
    options[:, 0] += log_side
    options[:, 1:] += weight[:, 1 + len(ways) :]
    drawn = np.argmax(options + random.gumbel(size=options.shape), axis=1)
    stays = side(np.arange(len(drawn)), drawn - 1) | (drawn == 0)[:, None]
    labels[rows[rows >= 0]] = np.where(stays, rows[:, :1], rows[:, 1:2])[rows >= 0]
    return labels


def _others(labels: Ints, one: Ints, two: Ints, random: np.random.Generator) -> Ints:
    """Rows of the clusters of each pair besides the two, -1 where there are no more.

    In a large union the rows that move are drawn; else they stand in order.
    """
    order = np.argsort(labels, kind="stable")
    sizes = np.bincount(labels, minlength=len(labels))
    starts = np.cumsum(sizes) - sizes
    apart = np.flatnonzero(labels[one] != labels[two])
    names = np.concatenate([labels[one], labels[two[apart]]])
    length = sizes[names]
    pair = np.repeat(np.concatenate([np.arange(len(one)), apart]), length)
    run = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
    rows = order[np.repeat(starts[names], length) + run]
    others = (rows != one[pair]) & (rows != two[pair])
    pair, rows = pair[others], rows[others]
    count = np.bincount(pair, minlength=len(one))
    drawn = np.where(count[pair] > FREE, random.random(len(labels))[rows], rows)
    by_pair = np.lexsort((drawn, pair))
    pair, rows = pair[by_pair], rows[by_pair]
    table = np.full((len(one), max(int(count.max()), FREE)), -1)
    table[pair, np.arange(len(pair)) - (np.cumsum(count) - count)[pair]] = rows
    return table


def _sides(
    labels: Ints, one: Ints, two: Ints, held: Ints, random: np.random.Generator
) -> tuple[np.ndarray, Floats]:
    """Sides of the rows that are not placed anew, and their log probability if all were together."""
    drawn = random.random(held.shape) < 0.5
    drawn[random.random(len(held)) < 0.5] = False
    together = labels[one] == labels[two]
    with_one = np.where(together[:, None], drawn, labels[held] == labels[one][:, None]) & (held >= 0)
    none = ~with_one.any(axis=1)
    return with_one, np.log(0.5 * none + 0.5 * 0.5 ** (held >= 0).sum(axis=1))
