"""Pairs of rows without which a person would fall into two, and persons put together in their stead."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.linkage.agreement import codes_of


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
    size = np.bincount(labels)[persons]
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
    seen = np.bincount(cell, minlength=pairs.shape[1])
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
