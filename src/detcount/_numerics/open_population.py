"""Closed forms for open populations: who is there on some days, from rosters that are taken anew each time.

A roster i of K names n_i persons, m_i of them named before and r_i named again later; z_i were named before
and after, and not on it. Arrays have an entry a roster, and are nan where nothing can be said.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.mantel_haenszel import CommonOddsRatio, mantel_haenszel

__all__ = [
    "JollySeberForms",
    "Sightings",
    "carried_over",
    "entries_with_variance",
    "jolly_seber",
    "marked",
    "sightings",
    "survival_with_variance",
]


@dataclass(frozen=True)
class Sightings:
    """How often persons are named, roster by roster; each an array of shape (K,).

    Parameters
    ----------
    named : ndarray of float64
        n, persons on the roster.
    before : ndarray of float64
        m, those on it who are on an earlier one.
    again : ndarray of float64
        r, those on it who are on a later one.
    passed_over : ndarray of float64
        z, persons on an earlier and on a later one, and not on it.
    between : ndarray of float64
        Those on it who are on an earlier and on a later one.
    """

    named: Floats
    before: Floats
    again: Floats
    passed_over: Floats
    between: Floats

    @property
    def known(self) -> Floats:
        """Persons certainly there: on the roster, or on one before and on one after it."""
        return self.named + self.passed_over


@dataclass(frozen=True)
class JollySeberForms:
    """What the formulas give, roster by roster; each an array of shape (K,), nan where there is nothing.

    Parameters
    ----------
    marked, stock, survival, entries : ndarray of float64
        M, persons there who were named before; N, all persons there; share of those there who are there at
        the next roster; persons there at the next roster who were not there at this one.
    stock_variance, survival_variance, entries_variance : ndarray of float64
        Variances of the estimates, given the numbers there.
    """

    marked: Floats
    stock: Floats
    survival: Floats
    entries: Floats
    stock_variance: Floats
    survival_variance: Floats
    entries_variance: Floats


def sightings(histories: Ints, counts: Ints) -> Sightings:
    """Count who is named before, again and around each roster, from histories of shape (n_patterns, K)."""
    on = histories.astype(np.float64)
    weights = counts.astype(np.float64)
    up_to = np.maximum.accumulate(on, axis=1)
    from_here = np.maximum.accumulate(on[:, ::-1], axis=1)[:, ::-1]
    earlier = np.concatenate([np.zeros((len(on), 1)), up_to[:, :-1]], axis=1)
    later = np.concatenate([from_here[:, 1:], np.zeros((len(on), 1))], axis=1)
    return Sightings(
        named=weights @ on,
        before=weights @ (on * earlier),
        again=weights @ (on * later),
        passed_over=weights @ ((1 - on) * earlier * later),
        between=weights @ (on * earlier * later),
    )


def carried_over(histories: Ints, counts: Ints) -> CommonOddsRatio:
    """Odds ratio of being on a roster and on the next one, among those known to be there at both.

    Whoever was named before and is named after the first of two rosters is there at it; of those who come
    again at all, the next roster has some. Rosters taken anew have a ratio of about 1, a list that goes on
    from the one before a large one (Pradel 1993).
    """
    on = histories.astype(bool)
    n_rosters = on.shape[1]
    tables = []
    for i in range(1, n_rosters - 2):
        there = on[:, :i].any(axis=1) & on[:, i + 1 :].any(axis=1)
        cells = [
            counts[there & (on[:, i] == here) & (on[:, i + 1] == following)].sum()
            for here in (True, False)
            for following in (True, False)
        ]
        tables.append(np.array(cells).reshape(2, 2))
    return mantel_haenszel(np.array(tables).reshape(-1, 2, 2))


def marked(seen: Sightings, *, bias_corrected: bool) -> Floats:
    """M, persons there who were named before: 0 at the first roster, nan at the last and without r.

    m + n z / r, or with Seber's 1s m + (n + 1) z / (r + 1).
    """
    one = float(bias_corrected)
    with np.errstate(divide="ignore", invalid="ignore"):
        there = seen.before + (seen.named + one) * seen.passed_over / (seen.again + one)
    there[seen.again == 0] = np.nan
    there[0], there[-1] = 0.0, np.nan
    return there


def survival_with_variance(seen: Sightings, there: Floats, last: float = np.nan) -> tuple[Floats, Floats]:
    """Share of those there at a roster who are there at the next, and the variance of its estimate.

    M_(i+1) / (M_i - m_i + n_i), as the estimate of a chance (Seber 1982, p. 202). `last` is the variance of M
    at the last roster, where it comes from elsewhere.
    """
    n, m, r = seen.named, seen.before, seen.again
    pool = there - m + n
    n_rosters = len(n)
    share, variance = np.full(n_rosters, np.nan), np.full(n_rosters, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        share[:-1] = there[1:] / pool[:-1]
        missed = 1 / r - 1 / n
        relative = (there - m) * pool / there**2 * missed
        if n_rosters > 1 and np.isfinite(last):
            relative[-1] = last / there[-1] ** 2
        unmarked = np.where(there > m, (there - m) / pool, 0.0) * missed
        unmarked = np.where(there == m, 0.0, unmarked)
        by_chance = np.maximum(1 - share[:-1], 0.0) / there[1:]
        variance[:-1] = share[:-1] ** 2 * (relative[1:] + unmarked[:-1] + by_chance)
    return share, variance


def jolly_seber(seen: Sightings, *, bias_corrected: bool) -> JollySeberForms:
    """Jolly's estimates, and their variances given the numbers there (Seber 1982, pp. 200 to 205)."""
    one = float(bias_corrected)
    n, m, r = seen.named, seen.before, seen.again
    there = marked(seen, bias_corrected=bias_corrected)
    share, share_variance = survival_with_variance(seen, there)
    with np.errstate(divide="ignore", invalid="ignore"):
        stock = there * (n + one) / (m + one)
        stock[m == 0] = np.nan
        listed = m / n
        pool = there - m + n
        missed = 1 / r - 1 / n
        stock_variance = stock * (stock - n) * (pool / there * missed + (1 - listed) / m)
    stock_variance = np.maximum(stock_variance, 0.0)
    entries, entries_variance = entries_with_variance(seen, there, stock, share)
    return JollySeberForms(there, stock, share, entries, stock_variance, share_variance, entries_variance)


def entries_with_variance(
    seen: Sightings, there: Floats, stock: Floats, share: Floats
) -> tuple[Floats, Floats]:
    """Persons there at the next roster and not at this one, and the variance of the estimate.

    N_(i+1) - phi_i N_i, with the variance of Seber (1982, p. 202).
    """
    n, m, r = seen.named, seen.before, seen.again
    n_rosters = len(n)
    entries, variance = np.full(n_rosters, np.nan), np.full(n_rosters, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        entries[:-1] = stock[1:] - share[:-1] * stock[:-1]
        pool, listed, missed = there - m + n, m / n, 1 / r - 1 / n
        of_marked = (there - m) * pool / there**2 * missed
        of_pool = (there - m) / pool * (share * n * (1 - listed) / listed) ** 2 * missed
        of_list = stock * (stock - n) * (1 - listed) / m
        leaving = np.maximum((stock - n) * (1 - listed) * (1 - share) / pool, 0.0)
        variance[:-1] = (
            entries[:-1] ** 2 * of_marked[1:]
            + of_pool[:-1]
            + leaving[:-1] * np.maximum(stock[1:] - entries[:-1], 0.0)
            + of_list[1:]
            + share[:-1] ** 2 * of_list[:-1]
        )
    return entries, variance
