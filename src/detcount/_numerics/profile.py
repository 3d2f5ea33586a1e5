"""Multinomial profile likelihood of the population size N under a log-linear model.

Given N, the listed cells and the N - n persons on no list are multinomial with probabilities
proportional to exp(x_w b + o_w). Subtracting the row of the unseen cell from every row removes the
intercept and leaves, with S = sum over listed cells of exp(z_w b + o_w),

    l(N) = log N! - log (N - n)! + max over b of [sum n_w (z_w b + o_w) - N log(1 + S)] - sum log n_w!,
    l'(N) = psi(N + 1) - psi(N - n + 1) - log(1 + S),

N taken as real (Cormack 1992). All terms stay of the size of n however large N is: differences of
log-factorials are taken in a form that does not cancel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri, gammaln, polygamma, psi

from detcount._numerics.arrays import Bools, Floats
from detcount._numerics.regression import fit_nonnegative, solve_symmetric
from detcount._numerics.roots import newton_in_bracket
from detcount.errors import ConvergenceError
from detcount.words import Message


@dataclass(frozen=True)
class Tuning:
    """Tolerances of profile likelihood limits.

    Parameters
    ----------
    least : float, persons
        Unlisted persons that count as none. Computational (`test_numbers`).
    most : float, multiple of n
        Unlisted persons that count as without end. Computational (`test_numbers`).
    precise : float, relative
        Precision of a limit on the log scale. Computational (`test_numbers`).
    step : float
        Newton step at which the next is at rounding. Computational (`test_numbers`).
    slack : float, persons
        Gradient at 0 that counts as none. Computational (`test_numbers`).
    steps : int, steps
        Most Newton steps. Computational (`test_numbers`).
    """

    least: float = 1e-7
    most: float = 1e10
    precise: float = 1e-12
    step: float = 1e-9
    slack: float = 1e-8
    steps: int = 200


TUNING = Tuning()


ProfileFunction = Callable[[float], tuple[float, float, float]]
"""From N - n to the profile log-likelihood and its first two derivatives in N."""


@dataclass(frozen=True)
class ProfileMaximum:
    """Where the profile likelihood of N is greatest.

    Parameters
    ----------
    n_unobserved : float
        N - n at the maximum: zero at the boundary, infinite when the likelihood rises for ever.
    log_likelihood : float
        Value there (its limit, at infinity).
    """

    n_unobserved: float
    log_likelihood: float


class LogLinearProfile:
    """Profile log-likelihood of N for a log-linear design; remembers its last fit as the next start.

    `design` is (cells, p) over the listed cells, and spans a constant; `unseen_row` is its row for the
    persons on no list (the intercept alone, in the first column, unless given). Coefficients of the
    columns `nonnegative`, zero in that row, are kept from falling below zero.
    """

    def __init__(
        self,
        design: Floats,
        counts: Floats,
        *,
        offset: Floats | None = None,
        unseen_row: Floats | None = None,
        unseen_offset: float = 0.0,
        nonnegative: Sequence[int] = (),
    ) -> None:
        design = np.asarray(design, dtype=np.float64)
        counts = np.asarray(counts, dtype=np.float64)
        shift = np.zeros(len(counts)) if offset is None else np.asarray(offset, dtype=np.float64)
        if unseen_row is None:
            unseen_row = np.zeros(design.shape[1])
            unseen_row[0] = 1.0
        slopes = design - unseen_row
        kept = np.abs(slopes).max(axis=0) > 0
        self._slopes = np.ascontiguousarray(slopes[:, kept])
        bounded = np.zeros(design.shape[1], dtype=bool)
        bounded[list(nonnegative)] = True
        self._bounded = bounded[kept]
        self._shift = shift - unseen_offset
        self._counts = counts
        self.n_observed = float(counts.sum())
        self._totals = self._slopes.T @ counts
        self._constant = float(counts @ self._shift - gammaln(counts + 1.0).sum())
        poisson = fit_nonnegative(design, counts, nonnegative, offset=shift)
        log_unseen = float(unseen_row @ poisson.coefficients + unseen_offset)
        # the slopes of the Poisson fit, whatever columns the intercept is made of
        target = np.log(np.maximum(poisson.fitted, 1e-300)) - log_unseen
        self._free = ~self._bounded | (poisson.free & (poisson.coefficients > 0))[kept]
        self._beta = np.zeros(self._slopes.shape[1])
        self.start = self.n_observed
        if poisson.finite and np.abs(target).max() < 300.0 and log_unseen < 300.0:
            weight = np.sqrt(poisson.fitted)
            self._beta[self._free] = np.linalg.lstsq(
                self._slopes[:, self._free] * weight[:, None], (target - self._shift) * weight, rcond=None
            )[0]
            self._beta[self._bounded] = np.maximum(self._beta[self._bounded], 0.0)
            self.start = float(np.exp(log_unseen))
        self._first = (self._beta, self._free)

    def __call__(self, n_unobserved: float) -> tuple[float, float, float]:
        """Profile log-likelihood at N - n, and its first and second derivatives in N."""
        total = self.n_observed + n_unobserved
        value, log_unseen, curvature = self._maximise(total)
        return (
            value + self._constant + log_factorial_ratio(self.n_observed, n_unobserved),
            psi_difference(self.n_observed, n_unobserved) + log_unseen,
            float(polygamma(1, total + 1.0) - polygamma(1, n_unobserved + 1.0)) + curvature,
        )

    def limits(self, level: float) -> tuple[float, float]:
        """Limits of N: every N whose value is within chi2(1, level) / 2 of the greatest.

        The upper limit is infinite when the profile never falls below the cut; the lower one is at least n.
        """
        return profile_limits(self, self.n_observed, level=level, start=self.start)

    def maximum(self) -> float:
        """N at the greatest value, at least n; infinite if it rises for ever."""
        return self.n_observed + maximum_of(self, self.n_observed, start=self.start).n_unobserved

    def _maximise(self, total: float) -> tuple[float, float, float]:
        """Best value over the slopes, log of the unseen probability, its derivative in N."""
        nothing = (np.zeros_like(self._beta), ~self._bounded)
        for beta, free in ((self._beta, self._free), self._first, nothing):
            result = self._maximize(beta, free, total)
            if result is not None:
                return result
        raise ConvergenceError(
            Message(
                "the profile likelihood: expected Newton's method to converge for a given N, but it did not. "
                "Use another interval, and check that the model has a finite maximum"
            )
        )

    def _maximize(self, beta: NDArray[Any], free: Bools, total: float) -> tuple[float, float, float] | None:
        """Newton on the free slopes, then free a held slope that would rise; every turn raises the value."""
        for _ in range(3 * int(self._bounded.sum()) + 1):
            result = self._newton(beta, free, total)
            if result is None:
                return None
            beta, free, gradient, answer = result
            wanting = np.where(free, 0.0, gradient / (1.0 + np.abs(self._totals)))
            best = int(wanting.argmax())
            if wanting[best] < TUNING.slack:
                self._beta, self._free = beta, free
                return answer
            free = free.copy()
            free[best] = True
        return None

    def _newton(
        self, beta: NDArray[Any], free: Bools, total: float
    ) -> tuple[Floats, Bools, Floats, tuple[float, float, float]] | None:
        """Newton on the free slopes, holding at zero a bounded one that reaches it; None if it fails.

        Gives the slopes, those still free, the gradient, and what `_maximise` gives.
        """
        totals, beta = self._totals, np.where(free, beta, 0.0)
        eta = self._slopes @ beta + self._shift
        value, probability, log_unseen = _conditional(eta, beta, totals, total)
        if not np.isfinite(value):
            return None
        slopes = self._slopes if free.all() else self._slopes[:, free]
        for _ in range(TUNING.steps):
            mean = probability @ slopes
            hessian = slopes.T @ (probability[:, None] * slopes) - np.outer(mean, mean)
            solved = solve_symmetric(hessian, np.column_stack([totals[free] / total - mean, mean]))
            if solved is None:
                return None
            step = np.zeros_like(beta)
            step[free] = solved[:, 0]
            d_eta = slopes @ solved[:, 0]
            size = float((np.abs(d_eta) / (1.0 + np.abs(eta))).max(initial=0.0))
            longest, blocking = 1.0, -1
            falling = np.flatnonzero(self._bounded & free & (beta + step < 0))
            if len(falling):
                ratios = beta[falling] / -step[falling]
                blocking = int(falling[ratios.argmin()])
                longest = float(ratios.min())
            if size < TUNING.step and blocking < 0:
                # the last step is taken, and what it changes at first order with it
                gradient = totals - total * (probability @ self._slopes)
                unseen = log_unseen - float(mean @ solved[:, 0])
                answer = (value, unseen, float(mean @ solved[:, 1]) / total)
                return beta + step, free, gradient, answer
            scale = longest
            slack = 1e-13 * (abs(value) + 1.0)
            while True:
                trial = beta + scale * step
                trial_eta = eta + scale * d_eta
                new = _conditional(trial_eta, trial, totals, total)
                if new[0] >= value - slack:
                    break
                scale /= 2
                if scale < 1e-10:
                    return None
            beta, eta = trial, trial_eta
            value, probability, log_unseen = new
            if blocking >= 0 and scale == longest:
                free = free.copy()
                free[blocking] = False
                beta[blocking] = 0.0
                slopes = self._slopes[:, free]
        return None


def maximum_of(profile: ProfileFunction, n_observed: float, *, start: float) -> ProfileMaximum:
    """Find the greatest value of a profile over N - n from 0 to infinity."""
    x = min(max(start, 2 * TUNING.least), n_observed * TUNING.most / 2)
    value, slope, _ = profile(x)
    low = high = x
    if slope > 0:
        while slope > 0:
            low, high = high, high * 4
            if high > n_observed * TUNING.most:
                return ProfileMaximum(np.inf, value)
            value, slope, _ = profile(high)
    else:
        while slope <= 0:
            low, high = low / 4, low
            if low < TUNING.least:
                return ProfileMaximum(0.0, profile(TUNING.least)[0])
            value, slope, _ = profile(low)

    def rising(log_x: float) -> tuple[float, float]:
        _, slope, curvature = profile(float(np.exp(log_x)))
        return slope, curvature * float(np.exp(log_x))

    best = float(np.exp(_root_of(rising, low, high, increasing=False)))
    value = profile(best)[0]
    edge = profile(TUNING.least)[0]
    return ProfileMaximum(0.0, edge) if edge > value else ProfileMaximum(best, value)


def profile_limits(
    profile: ProfileFunction, n_observed: float, *, level: float, start: float
) -> tuple[float, float]:
    """Lower and upper limits of N where the profile falls below the cut, on either side of its maximum."""
    best = maximum_of(profile, n_observed, start=start)
    cut = best.log_likelihood - float(chdtri(1, 1 - level)) / 2

    def above(log_x: float) -> tuple[float, float]:
        x = float(np.exp(log_x))
        value, slope, _ = profile(x)
        return value - cut, slope * x

    high = np.inf
    if np.isfinite(best.n_unobserved):
        inner, outer = max(best.n_unobserved, TUNING.least), max(2 * best.n_unobserved, 1.0)
        while outer <= n_observed * TUNING.most and profile(outer)[0] > cut:
            inner, outer = outer, outer * 4
        if outer <= n_observed * TUNING.most:
            high = n_observed + float(np.exp(_root_of(above, inner, outer, increasing=False)))
    inner = min(best.n_unobserved, n_observed * TUNING.most)
    outer = inner / 2
    while outer > TUNING.least and profile(outer)[0] > cut:
        inner, outer = outer, outer / 4
    if outer <= TUNING.least:
        return n_observed, high
    low = n_observed + float(np.exp(_root_of(above, outer, inner, increasing=True)))
    return low, high


def log_factorial_ratio(n: float, x: float) -> float:
    """Give log (n + x)! - log x!, without cancellation when x is far above n."""
    total = n + x
    return float(
        n * np.log(total) - (x + 0.5) * np.log1p(-n / total) - n + _stirling_rest(total) - _stirling_rest(x)
        if x > 0
        else gammaln(total + 1.0)
    )


def psi_difference(n: float, x: float) -> float:
    """psi(n + x + 1) - psi(x + 1), without cancellation when x is far above n."""
    if x < 50.0:
        return float(psi(n + x + 1.0) - psi(x + 1.0))
    total = n + x
    return float(-np.log1p(-n / total) + _psi_rest(total) - _psi_rest(x))


def _stirling_rest(x: float) -> float:
    """Give log x! less (x + 1/2) log x - x + log(2 pi)/2."""
    if x < 50.0:
        return float(gammaln(x + 1.0) - (x + 0.5) * np.log(x) + x - 0.5 * np.log(2 * np.pi))
    inverse = 1.0 / (x * x)
    return (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / x


def _psi_rest(x: float) -> float:
    """psi(x + 1) less log x."""
    inverse = 1.0 / (x * x)
    return 0.5 / x - inverse * (1 / 12 - inverse * (1 / 120 - inverse / 252))


def _conditional(eta: Floats, beta: Floats, totals: Floats, total: float) -> tuple[float, Floats, float]:
    """Value of sum n_w z_w b - N log(1 + S), cell probabilities, log of the unseen probability."""
    top = max(float(eta.max(initial=0.0)), 0.0)
    if not top < 1e300:
        return -np.inf, eta, 0.0
    odds = np.exp(eta - top)
    if top == 0.0:
        log_sum = float(np.log1p(odds.sum()))
        probability = odds / (1.0 + odds.sum())
    else:
        whole = np.exp(-top) + odds.sum()
        log_sum = top + float(np.log(whole))
        probability = odds / whole
    return float(totals @ beta) - total * log_sum, probability, -log_sum


def _root_of(
    function: Callable[[float], tuple[float, float]], low: float, high: float, *, increasing: bool
) -> float:
    """Logarithm of the number of persons, between two such numbers, at which a function of it is zero."""
    return newton_in_bracket(
        function, float(np.log(low)), float(np.log(high)), increasing=increasing, absolute=TUNING.precise
    )[0]
