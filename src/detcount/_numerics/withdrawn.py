"""Entries that do not belong: samples that were checked, and the range of what was withdrawn."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from detcount._numerics.arrays import Floats, Ints


@dataclass(frozen=True)
class Tuning:
    """Limits of the test of wrong entries.

    Parameters
    ----------
    many : int, entries
        Entries beyond which sampling without return is as with it. Convention: difference below a printed
        digit.
    fewest : int, entries
        Checked entries of a history below which histories of several lists are pooled. Convention: thirty.
    """

    many: int = 50_000
    fewest: int = 30


TUNING = Tuning()


def range_of_next(values: Floats, level: float) -> tuple[float, float, float]:
    """Limits of the next of exchangeable values, and the probability that it lies within them.

    The limits are order statistics of the values so far. Every rank of the next of k + 1 exchangeable values
    is equally likely. It lies between the r-th lowest and the r-th highest of k with a probability of at
    least (k + 1 - 2 r) / (k + 1), whatever their law (Wilks 1941). r is the largest for which that is
    at least the level, and 1 where k values allow no such level.

    Parameters
    ----------
    values : ndarray of float64, shape (k,)
        Values so far, one or more.
    level : float
        Probability asked for.

    Returns
    -------
    low, high, probability : float
        The limits, and the probability of the next within them.
    """
    k = len(values)
    rank = max(int((1 - level) / 2 * (k + 1) + 1e-9), 1)  # 1e-9: (1 - 0.8) / 2 is a little below 0.1
    ordered = np.sort(values)
    return float(ordered[rank - 1]), float(ordered[k - rank]), (k + 1 - 2 * rank) / (k + 1)


@dataclass(frozen=True)
class Samples:
    """Results of checks of the persons of each history; 0 where nobody was checked.

    Parameters
    ----------
    counts : ndarray of int64, shape (n_histories,)
        Persons.
    several : ndarray of bool, shape (n_histories,)
        Whether they are on several lists.
    checked, wrong : ndarray of float64, shape (n_histories,)
        Persons who were checked, and who of them do not belong.
    prior : ndarray of float64, shape (2, n_histories)
        Beta law of the share that does not belong.
    rate : ndarray of float64, shape (n_histories,)
        Share that was checked of those who may not belong; 0 where these are all.
    """

    counts: Ints
    several: NDArray[np.bool_]
    checked: Floats
    wrong: Floats
    prior: Floats
    rate: Floats

    def belonging(self, rng: np.random.Generator) -> Ints:
        """Draw the persons of each history who belong."""
        few = self.several & (self.checked < TUNING.fewest)
        checked, wrong, exposed = (
            np.where(few, values[few].sum(), values)
            for values in (self.checked, self.wrong, self.rate * self.counts)
        )
        share = rng.beta(self.prior[0] + wrong, self.prior[1] + checked - wrong)
        part = np.where(exposed > 0, rng.gamma(checked + 0.5) / np.maximum(exposed, 1e-9), 1).clip(max=1)
        for drawn in (share, part):
            drawn[few] = drawn[few][:1]
        others = np.maximum(np.rint(part * self.counts) - np.rint(self.checked), 0).astype(np.int64)
        leave = np.rint(self.wrong).astype(np.int64) + rng.binomial(others, share)
        return self.counts - np.where(checked > 0, leave, 0)


def sample_limits(n: int | None, checked: int, found: int, level: float) -> tuple[float, float]:
    """Exact limits of the share of a kind among n, from how many a random sample without return found.

    A number is within the limits if finding so few, and finding so many, each have a probability above (1 -
    level) / 2. Without n, or where it is large, the limits are those of Clopper and Pearson.
    """
    tail = (1 - level) / 2
    if n is None or n > TUNING.many:
        low = betaincinv(found, checked - found + 1, tail) if found else 0.0
        return float(low), float(betaincinv(found + 1, checked - found, 1 - tail) if found < checked else 1.0)
    from scipy.stats import hypergeom

    low, high = exact_limits(
        range(found, n - checked + found + 1),
        at_least=lambda number: float(hypergeom.sf(found - 1, n, number, checked)),
        at_most=lambda number: float(hypergeom.cdf(found, n, number, checked)),
        tail=tail,
    )
    return low / n, high / n


def exact_limits(
    numbers: range, *, at_least: Callable[[int], float], at_most: Callable[[int], float], tail: float
) -> tuple[int, int]:
    """The first and the last number under which finding so many, and so few, is more probable than a tail.

    The probability of finding at least as many grows with the number, that of at most as many falls.
    """
    first = bisect_left(numbers, True, key=lambda number: at_least(number) > tail)
    after = bisect_left(numbers, True, key=lambda number: at_most(number) <= tail)
    return numbers[first], numbers[after - 1]
