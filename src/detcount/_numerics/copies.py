"""Whether two lists name the same people more than lists that were made apart do."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtr

_MOST_EXACT = 200_000  # tables that are added up one by one; a normal approximation beyond


def pair_overlaps(histories: NDArray[np.uint8], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Persons on both lists of each pair, shape (n_lists, n_lists); list sizes on the diagonal."""
    marks = histories.astype(np.int64)
    return np.asarray(marks.T @ (marks * counts[:, None]))


def split_by_pair(
    histories: NDArray[np.uint8], counts: NDArray[np.int64], first: int, second: int
) -> tuple[int, int, int, int]:
    """Persons whom the other lists name: on both of a pair, the first only, the second only, neither."""
    marks = histories.astype(bool)
    elsewhere = np.delete(marks, [first, second], axis=1).any(axis=1)
    one, other = marks[elsewhere, first], marks[elsewhere, second]
    persons = counts[elsewhere]
    both, only_first, only_second, neither = (
        int(persons[cell].sum()) for cell in (one & other, one & ~other, ~one & other, ~one & ~other)
    )
    return both, only_first, only_second, neither


def tails_of_shared(cells: tuple[int, int, int, int], odds_ratio: float) -> tuple[float, float]:
    """Chance of at least, and of at most, as many persons on both lists at an odds ratio.

    The sizes of both lists and of the whole are taken as given (the noncentral hypergeometric distribution of
    Fisher). The cells are: on both, on the first only, on the second only, on neither.
    """
    both, only_first, only_second, _ = cells
    first, second, total = both + only_first, both + only_second, sum(cells)
    least, most = max(0, first + second - total), min(first, second)
    if most == least:
        return 1.0, 1.0
    if most - least > _MOST_EXACT:
        return _normal_tails(cells, odds_ratio)
    shared = np.arange(least, most + 1, dtype=np.float64)
    logs = shared * math.log(odds_ratio) - (
        gammaln(shared + 1)
        + gammaln(first - shared + 1)
        + gammaln(second - shared + 1)
        + gammaln(total - first - second + shared + 1)
    )
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    place = both - least
    return float(weights[place:].sum()), float(weights[: place + 1].sum())


def _normal_tails(cells: tuple[int, int, int, int], odds_ratio: float) -> tuple[float, float]:
    """The same from the logarithm of the odds ratio, half a person added to each cell."""
    both, only_first, only_second, neither = (cell + 0.5 for cell in cells)
    log_ratio = math.log(both) + math.log(neither) - math.log(only_first) - math.log(only_second)
    error = math.sqrt(1 / both + 1 / only_first + 1 / only_second + 1 / neither)
    z = (log_ratio - math.log(odds_ratio)) / error
    return float(ndtr(-z)), float(ndtr(z))
