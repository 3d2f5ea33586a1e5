"""Designs and closed forms of the closed-population models M0, Mt, Mh, Mth, Mb and Mbh."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, polygamma, xlogy

from detcount._numerics.profile import log_factorial_ratio, psi_difference
from detcount._numerics.roots import newton_in_bracket

Form = Literal["Chao", "Poisson", "Darroch", "Gamma"]

_LEAST_LOG_Q = -745.0  # below, exp gives 0
_PRECISE = 1e-15
_MAX_STEPS = 200


def form_columns(times: NDArray[np.float64], n_lists: int, form: Form, theta: float) -> NDArray[np.float64]:
    """Columns for heterogeneity, by the number of lists that name a person; zero at zero lists.

    Poisson theta^k - 1, Darroch k^2/2, Gamma log(theta) - log(theta + k), and for Chao's lower bound
    max(k - j + 1, 0) for j = 3, ..., K: with coefficients of at least zero the log of the expected counts
    then is convex in k, whatever the distribution of catchability (Rivest & Baillargeon 2007).
    """
    if form == "Poisson":
        return (theta**times - 1.0)[:, None]
    if form == "Darroch":
        return (times**2 / 2.0)[:, None]
    if form == "Gamma":
        return -np.log1p(times / theta)[:, None]
    return np.maximum(times[:, None] - np.arange(2.0, n_lists), 0.0)


def log_choose(n: float, k: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log of the binomial coefficient."""
    return np.asarray(gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0))


def correct_m0(frequencies: NDArray[np.float64]) -> NDArray[np.float64]:
    """Counts of persons on 1, 2, ... lists, changed to take the bias out of M0 (Rivest & Levesque 2001)."""
    corrected = frequencies.copy()
    corrected[0] -= 0.5
    corrected[1] += 1.0
    return corrected


def correct_mt(counts: NDArray[np.float64], times: NDArray[np.float64], n_lists: int) -> NDArray[np.float64]:
    """Counts by capture history, changed to take the bias out of Mt and Mth (Rivest & Levesque 2001).

    (K - 2)/2 persons are spread over the histories with one list, and one person over those with two;
    with two lists this is Chapman's estimator.
    """
    single = (n_lists - 2) / (2.0 * n_lists)
    double = 2.0 / (n_lists * (n_lists - 1))
    return np.asarray(counts + single * (times == 1) + double * (times == 2))


def chao_bound(f1: float, f2: float, n_lists: int, *, bias_corrected: bool) -> tuple[float, float]:
    """Chao's bound for the persons on no list and its variance (Chao 1987, 1989; Rivest & Levesque 2001).

    With a = (K - 1)/K the bound is a f1^2/(2 f2) with variance x + x^2 (4/f1 + 1/f2), or bias-corrected
    a f1 (f1 - 1)/(2 (f2 + 1)) with variance x + x^2 - a^2 f1(f1-1)(f1-2)(f1-3)/(4 (f2+1)(f2+2)), in which
    the last term has for its mean the square of the mean of x when f1 and f2 are Poisson.
    """
    share = (n_lists - 1) / n_lists
    if not bias_corrected:
        unseen = share * f1**2 / (2 * f2)
        return unseen, unseen + unseen**2 * (4 / f1 + 1 / f2)
    unseen = share * f1 * (f1 - 1) / (2 * (f2 + 1))
    squared_mean = share**2 * f1 * (f1 - 1) * (f1 - 2) * (f1 - 3) / (4 * (f2 + 1) * (f2 + 2))
    return unseen, unseen + unseen**2 - squared_mean


@dataclass(frozen=True)
class RemovalFit:
    """First captures that fall geometrically from list to list.

    Parameters
    ----------
    n_unobserved : float
        Persons named by no list, expected.
    variance : float
        Variance of the estimate of N.
    escape : float
        Chance that a list does not name a person whom no list before it has named.
    """

    n_unobserved: float
    variance: float
    escape: float


def fit_removal(total: float, positions: float, n_lists: int) -> RemovalFit | None:
    """Fit Poisson first captures u_j = N (1 - q) q^(j - 1), j = 1, ..., T; None unless 0 < q < 1.

    `total` is sum u_j and `positions` sum j u_j, which suffice. N = total/(1 - q^T), and its variance
    given N is that of the Poisson fit less N (Rivest & Levesque 2001).
    """
    if total <= 0:
        return None
    mean = positions / total
    if not 1.0 < mean < (n_lists + 1) / 2:
        return None
    steps = np.arange(n_lists, dtype=np.float64)

    def gap(log_q: float) -> tuple[float, float]:
        weight = np.exp(log_q * steps)
        weight /= weight.sum()
        average = float(weight @ steps)
        return average + 1.0 - mean, float(weight @ (steps - average) ** 2)

    start = float(np.log1p(-1 / mean))  # of the geometric that is not cut short
    log_q, spread = newton_in_bracket(
        gap, _LEAST_LOG_Q, 0.0, start=start, at_zero="low", relative=_PRECISE, most_steps=_MAX_STEPS
    )
    listed = -float(np.expm1(n_lists * log_q))  # 1 - q^T
    unseen = total * (1 - listed) / listed
    if not (spread > 0 and listed > 0 and unseen > 0):
        return None
    variance = unseen / listed + (n_lists * unseen / listed) ** 2 / (total * spread)
    return RemovalFit(unseen, variance, float(np.exp(log_q)))


class RemovalProfile:
    """Multinomial profile log-likelihood of N for first captures, on its own or after a first list.

    `first` persons are named by a list whose chance is free (Mbh; none for Mb); of the rest, list j of T
    names `counts[j]` whom none before it has named, each with the same chance.
    """

    def __init__(self, counts: NDArray[np.float64], *, first: float = 0.0) -> None:
        self._counts = counts
        self._first = first
        self._total = float(counts.sum())
        self._positions = float(counts @ np.arange(1.0, len(counts) + 1))
        self.n_observed = self._total + first

    def __call__(self, n_unobserved: float) -> tuple[float, float, float]:
        """Profile log-likelihood at N - n, and its first and second derivatives in N."""
        n, lists = self.n_observed, len(self._counts)
        people = n + n_unobserved
        trials = self._positions + lists * n_unobserved
        chance = self._total / trials
        log_escape = float(np.log1p(-chance))
        value = (
            log_factorial_ratio(n, n_unobserved)
            + float(self._total * np.log(chance))
            + (trials - self._total) * log_escape
            - float(gammaln(self._counts + 1.0).sum())
        )
        slope = psi_difference(n, n_unobserved) + lists * log_escape
        curvature = float(
            polygamma(1, people + 1.0) - polygamma(1, n_unobserved + 1.0)
        ) + lists**2 * chance / (trials * (1 - chance))
        if self._first > 0:
            log_rest = float(np.log1p(-self._first / people))
            value += (
                float(self._first * np.log(self._first / people))
                + (people - self._first) * log_rest
                - float(gammaln(self._first + 1.0))
            )
            slope += log_rest
            curvature += self._first / (people * (people - self._first))
        return value, slope, curvature


def recapture_log_likelihood(recaptures: float, opportunities: float) -> float:
    """Binomial log-likelihood of being named again, at its maximum, without the coefficient."""
    if opportunities == 0:
        return 0.0
    again = recaptures / opportunities
    return float(xlogy(recaptures, again) + xlogy(opportunities - recaptures, 1 - again))
