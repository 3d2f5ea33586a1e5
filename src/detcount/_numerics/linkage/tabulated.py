"""Partitions of rows as counts of capture histories, and what one pair more or less does to them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Floats, Ints

MOST_LISTS = 60
"""Lists that one code can hold."""


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
    """What putting the persons of a pair together does to a number, on average over partitions that do not.

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
        What one person more with a history does to the number, by its code; 0 for others.

    Returns
    -------
    ndarray of float64, shape (n_pairs,)
        Mean change; 0 where every partition puts the pair together.
    """
    total, apart = np.zeros(len(first)), np.zeros(len(first))
    keys = np.array(sorted(gradient), dtype=np.int64)
    values = np.array([gradient[key] for key in keys.tolist()])

    def of(codes: Ints) -> Floats:
        at = np.minimum(np.searchsorted(keys, codes), max(len(keys) - 1, 0))
        if not len(keys):
            return np.zeros(len(codes))
        return np.where(keys[at] == codes, values[at], 0.0)

    for labels in draws:
        differ = labels[first] != labels[second]
        codes = codes_of(labels, list_of, counts)
        one, two = codes[labels[first[differ]]], codes[labels[second[differ]]]
        total[differ] += of(one | two) - of(one) - of(two)
        apart += differ
    return np.divide(total, apart, out=np.zeros(len(first)), where=apart > 0)
