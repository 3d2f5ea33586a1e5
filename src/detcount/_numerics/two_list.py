"""Closed forms for two lists: n1 and n2 persons on each, m on both."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

_LARGEST = 1 << 62  # no population of persons comes near


def lincoln_petersen(n1: int, n2: int, m: int) -> tuple[float, float]:
    """N = n1 n2 / m and its variance (Seber 1982, p. 60: delta method on the multinomial)."""
    return n1 * n2 / m, n1 * n2 * (n1 - m) * (n2 - m) / m**3


def chapman(n1: int, n2: int, m: int) -> tuple[float, float]:
    """N = (n1+1)(n2+1)/(m+1) - 1 and its variance (Chapman 1951; Seber 1982, p. 60)."""
    point = (n1 + 1) * (n2 + 1) / (m + 1) - 1
    variance = (n1 + 1) * (n2 + 1) * (n1 - m) * (n2 - m) / ((m + 1) ** 2 * (m + 2))
    return point, variance


def odds_ratio_adjusted(first: int, second: int, both: int, odds_ratio: float) -> tuple[float, float]:
    """Persons on neither list, OR n10 n01 / n11, and the variance of N (delta method).

    `first` and `second` count the persons on one of the lists only. With N persons multinomial over the
    four cells the variance is n_0 + n_0^2 (1/n10 + 1/n01 + 1/n11), which at OR = 1 is Seber's.
    """
    n_unobserved = odds_ratio * (first * second / both)
    return n_unobserved, n_unobserved + n_unobserved**2 * (1 / first + 1 / second + 1 / both)


def hypergeometric_bounds(n1: int, n2: int, m: int, level: float) -> tuple[float, float]:
    """Least and greatest N that an exact test of the overlap does not reject.

    Given N the overlap is hypergeometric. Each limit inverts a one-sided test at (1 - level) / 2:
    at the lower one P(overlap <= m) still exceeds that, at the upper one P(overlap >= m) does. The
    upper limit is infinite when the lists share nobody.
    """
    tail = (1 - level) / 2
    smallest = n1 + n2 - m
    low = _first(lambda total: _probability(total, n1, n2, 0, m) > tail, smallest)
    if m == 0:
        return float(low), np.inf
    above = _first(lambda total: _probability(total, n1, n2, m, min(n1, n2)) <= tail, smallest)
    return float(low), float(max(above - 1, low))


def _first(holds: Callable[[int], bool], start: int) -> int:
    """Smallest integer from `start` for which a condition holds that stays true once it is."""
    if holds(start):
        return start
    step = 1
    while not holds(start + step) and start + step < _LARGEST:
        step *= 2
    low, high = start + step // 2, start + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _probability(total: int, n1: int, n2: int, first: int, last: int) -> float:
    """P(first <= overlap <= last) when two lists are drawn from `total` persons.

    Ratios of neighbouring probabilities, multiplied up from near the mean and normalised by their sum:
    binomial coefficients of many persons would cancel to nothing. Terms beyond 15 standard deviations
    and 80 are below 1e-40 and left out.
    """
    mean = n1 * n2 / total
    spread = (mean * (1 - n1 / total) * (1 - n2 / total)) ** 0.5
    least, most = max(n1 + n2 - total, 0), min(n1, n2)
    low = max(least, int(mean - 15 * spread - 80))
    high = min(most, int(mean + 15 * spread + 80))
    overlap = np.arange(low, high + 1, dtype=np.float64)
    k = overlap[:-1]
    ratios = (n1 - k) * (n2 - k) / ((k + 1) * (float(total - n1 - n2) + k + 1))
    log_terms = np.concatenate(([0.0], np.cumsum(np.log(ratios))))
    terms = np.exp(log_terms - log_terms.max())
    return float(terms[(overlap >= first) & (overlap <= last)].sum() / terms.sum())
