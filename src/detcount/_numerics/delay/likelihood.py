"""Likelihoods of right-truncated delays, from dated cases and from successive totals.

A release of day t verified on day t + d has delay d. With T the last day that the data could know, y[t, d]
verified releases are seen for t + d <= T only, so a case of day t is seen with probability f(d)/F(T - t).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import TINY, Floats, Ints
from detcount._numerics.delay.laws import discrete_cdf, discrete_pmf


@dataclass(frozen=True)
class Triangle:
    """Verified releases by day of release and delay, as known on one day.

    Parameters
    ----------
    counts : ndarray of int64, shape (n_days, D + 1)
        Verified releases; those that can not yet be known are 0.
    ages : ndarray of int64, shape (n_days,)
        Days from each release day to the last day known, T - t.
    """

    counts: Ints
    ages: Ints

    @property
    def verified(self) -> Ints:
        """Verified so far by day of release, persons."""
        return np.asarray(self.counts.sum(axis=1), dtype=np.int64)

    @property
    def longest(self) -> int:
        """Longest delay that has a column."""
        return int(self.counts.shape[1]) - 1


def triangle(release: Ints, delay: Ints, *, n_days: int, longest: int) -> Triangle:
    """Count cases by day of release (0 to n_days - 1, the last day known) and delay.

    Delays beyond the longest are counted there.
    """
    counts = np.zeros((n_days, longest + 1), dtype=np.int64)
    np.add.at(counts, (release, np.minimum(delay, longest)), 1)
    return Triangle(counts, np.arange(n_days, dtype=np.int64)[::-1].copy())


def log_likelihood(family: str, parameters: Floats, data: Triangle) -> Floats:
    """Log likelihood of right-truncated delays in whole days, for parameters of shape (..., 2)."""
    by_delay = data.counts.sum(axis=0)
    verified = data.verified
    pmf = discrete_pmf(family, parameters, data.longest)
    reached = np.maximum(discrete_cdf(family, parameters, data.ages[verified > 0]), TINY)
    seen: Floats = np.log(pmf) @ by_delay - np.log(reached) @ verified[verified > 0]
    return seen


@dataclass(frozen=True)
class FromTotals:
    """Successive totals of one window of release days, by one monitor.

    Parameters
    ----------
    delays : ndarray of int64, shape (n_totals, n_days)
        Days from each release day of the window to each total, negative before it.
    increments : ndarray of int64, shape (n_totals,)
        Verified since the total before, persons; the first since the beginning.
    """

    delays: Ints
    increments: Ints


def log_likelihood_of_totals(family: str, parameters: Floats, windows: list[FromTotals]) -> Floats:
    """Log likelihood of the increments given the last total of each window.

    Release days within a window are equally likely.
    """
    total = np.zeros(np.shape(parameters)[:-1])
    for window in windows:
        n_totals, n_days = window.delays.shape
        share = discrete_cdf(family, parameters, window.delays.ravel())
        share = share.reshape(*np.shape(parameters)[:-1], n_totals, n_days).mean(axis=-1)
        steps = np.diff(share, axis=-1, prepend=0.0)
        total = total + np.log(np.maximum(steps, TINY)) @ window.increments
        total = total - np.log(np.maximum(share[..., -1], TINY)) * window.increments.sum()
    return np.asarray(total)
