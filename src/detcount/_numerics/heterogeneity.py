"""Designs and closed forms of the closed-population models M0, Mt, Mh and Mth."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Form = Literal["Chao", "Poisson", "Darroch", "Gamma"]


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
