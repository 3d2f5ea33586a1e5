"""One sweep over partitions by splits and merges around two rows, many of them at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from detcount._numerics.arrays import Floats, Ints

FREE = 6  # rows besides the two that are placed anew in one move
_FEW = 3  # and in a move of many rows, where each way to divide them is dear to weigh
_MANY = 12


def chaperone_step(
    labels: Ints,
    first: Ints,
    second: Ints,
    log_weight: Callable[[Ints, Ints], Floats],
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
    log_weight : callable
        Log weights of clusters, given their rows one after the other and the size of each.
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
    apart = one != two
    block, rows = _blocks(order, starts, sizes, one, two, apart)
    others = (rows != i[block]) & (rows != j[block])
    block, rows = block[others], rows[others]
    count = np.bincount(block, minlength=len(moving))
    # in a large union the rows that move are drawn; else they stand in order
    turn_of = np.where(count[block] > FREE, random.random(n)[rows], rows)
    rows = rows[np.lexsort((turn_of, block))]
    begin = np.cumsum(count) - count
    for size in np.unique(count).tolist():
        chosen = np.flatnonzero(count == size)
        others = rows[begin[chosen][:, None] + np.arange(size)]
        n_free = FREE if size <= _MANY else _FEW
        free, held = others[:, :n_free], others[:, n_free:]
        _divide(labels, i[chosen], j[chosen], free, held, log_weight, random)
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


def _divide(
    labels: Ints,
    one: Ints,
    two: Ints,
    free: Ints,
    held: Ints,
    log_weight: Callable[[Ints, Ints], Floats],
    random: np.random.Generator,
) -> None:
    """Draw anew the unions of equal size."""
    n, n_free = free.shape
    n_held = held.shape[1]
    with_one, log_side = _sides(labels, one, two, held, random)
    ways = 1 << n_free
    choice = ((np.arange(ways)[:, None] >> np.arange(n_free)) & 1).astype(bool)  # with the first chaperone
    side = np.concatenate(
        [
            np.broadcast_to(choice[None], (n, ways, n_free)),
            np.broadcast_to(with_one[:, None, :], (n, ways, n_held)),
        ],
        axis=2,
    )
    others = np.concatenate([free, held], axis=1)
    everyone = np.broadcast_to(others[:, None, :], side.shape)
    rows, sizes = [], []
    for chaperone, chosen in ((one, side), (two, ~side)):
        taken = np.concatenate([np.ones((n, ways, 1), dtype=bool), chosen], axis=2)
        names = np.concatenate([np.broadcast_to(chaperone[:, None, None], (n, ways, 1)), everyone], axis=2)
        rows.append(names[taken])
        sizes.append(taken.sum(axis=2).ravel())
    together = np.concatenate([one[:, None], two[:, None], others], axis=1)
    rows.append(together.ravel())
    sizes.append(np.full(n, together.shape[1]))
    weight = log_weight(np.concatenate(rows), np.concatenate(sizes))
    parts = weight[: 2 * n * ways].reshape(2, n, ways).sum(axis=0)
    whole = weight[2 * n * ways :] + log_side
    options = np.concatenate([whole[:, None], parts], axis=1)
    drawn = np.argmax(options + random.gumbel(size=options.shape), axis=1)
    merged = drawn == 0
    labels[together[merged].ravel()] = np.repeat(one[merged], together.shape[1])
    apart = np.flatnonzero(~merged)
    placed = side[apart, drawn[apart] - 1]
    labels[one[apart]] = one[apart]
    labels[two[apart]] = two[apart]
    labels[others[apart].ravel()] = np.where(placed, one[apart, None], two[apart, None]).ravel()


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
