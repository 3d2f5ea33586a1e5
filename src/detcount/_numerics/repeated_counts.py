"""Repeated counts of one list: zero-truncated counts, and the persons never named.

Arrays of frequencies f hold the persons named 1, 2, ... times; entry j - 1 is f_j.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Floats
from detcount._numerics.roots import newton_in_bracket

Frequencies = Floats
Form = Literal["ACE", "ACE-1"]


@dataclass(frozen=True)
class Tuning:
    """Search for the dispersion of repeated counts.

    Parameters
    ----------
    reach : tuple of float, log
        Range of the dispersion: from nearly Poisson to nearly logarithmic. Computational (`test_numbers`).
    grid : int, points
        Grid points at which the search begins. Computational (`test_numbers`).
    """

    reach: tuple[float, float] = (-12.0, 16.0)
    grid: int = 113


TUNING = Tuning()


_GOLDEN = (math.sqrt(5) - 1) / 2


def delta_variance(weights: Frequencies, derivative: Frequencies, point: float) -> float:
    """Variance of N when N persons are multinomial over how often each is named, 0 included."""
    return float(np.sum(weights * derivative**2) - np.sum(weights * derivative) ** 2 / point)


def poisson(n: int, n_times: int) -> tuple[float, float, float]:
    """Rate of the zero-truncated Poisson, N and its variance, from n persons named n_times in all.

    The variance of van der Heijden et al. (2003), of n given the rate plus of the rate, adds up to
    N / (exp(rate) - 1 - rate).
    """
    mean = n_times / n
    rate = mean
    for _ in range(100):  # convex and rising: Newton from the right never overshoots
        seen = -math.expm1(-rate)
        slope = (seen - rate * math.exp(-rate)) / seen**2
        step = (rate / seen - mean) / slope
        rate -= step
        if abs(step) <= 1e-15 * rate:
            break
    point = n / -math.expm1(-rate)
    return rate, point, point / _exp_less_two_terms(rate)


def chao(n: int, f1: int, f2: int) -> tuple[float, float]:
    """N >= n + f1^2 / (2 f2) and its variance (Chao 1984, 1987)."""
    ratio = f1 / f2
    return n + f1 * ratio / 2, f2 * (ratio**4 / 4 + ratio**3 + ratio**2 / 2)


def chao_bias_corrected(n: int, f1: int, f2: int) -> tuple[float, float]:
    """N >= n + f1 (f1 - 1) / (2 (f2 + 1)) and its variance (Chao 2005)."""
    variance = (
        f1 * (f1 - 1) / (2 * (f2 + 1))
        + f1 * (2 * f1 - 1) ** 2 / (4 * (f2 + 1) ** 2)
        + f1**2 * f2 * (f1 - 1) ** 2 / (4 * (f2 + 1) ** 4)
    )
    return n + f1 * (f1 - 1) / (2 * (f2 + 1)), variance


def chao_lee(f: Frequencies, form: Form, cutoff: int) -> tuple[float, float, float, float]:
    """N by sample coverage, its variance, the coverage C and the squared coefficient of variation.

    With D persons named at most `cutoff` times, in all T times, N = D/C + f1 g/C plus the others; g is
    D/C sum k(k-1) f_k / (T(T-1)) - 1, or for ACE-1 that times 1 + f1 sum k(k-1) f_k / ((T-1) T C).
    Below zero g is cut to zero in N, but not in the derivatives, so that its own spread counts.
    """
    times = np.arange(1, len(f) + 1, dtype=np.float64)
    rare = times <= cutoff
    k, fk = times[rare], f[rare]
    persons, named, pairs = fk.sum(), np.sum(k * fk), np.sum(k * (k - 1) * fk)
    f1 = fk[0]
    coverage = 1 - f1 / named
    spread = persons / coverage * pairs / (named * (named - 1)) - 1
    d_coverage = f1 * k / named**2 - (k == 1) / named
    d_log_pairs = k * (k - 1) / pairs
    d_log_named = k / named + k / (named - 1)
    d_spread = (spread + 1) * (1 / persons - d_coverage / coverage + d_log_pairs - d_log_named)
    if form == "ACE-1":
        extra = f1 * pairs / (named * (named - 1) * coverage)
        d_extra = extra * ((k == 1) / f1 - d_coverage / coverage + d_log_pairs - d_log_named)
        d_spread = d_spread * (1 + extra) + spread * d_extra
        spread = spread * (1 + extra)
    derivative = np.ones_like(times)
    derivative[rare] = (
        1 / coverage
        - (persons + f1 * spread) / coverage**2 * d_coverage
        + ((k == 1) * spread + f1 * d_spread) / coverage
    )
    kept = max(float(spread), 0.0)
    point = float(f[~rare].sum() + persons / coverage + f1 * kept / coverage)
    return point, delta_variance(f, derivative, point), float(coverage), kept


def negative_binomial_score_at_poisson(f: Frequencies, rate: float) -> float:
    """Slope of the log likelihood in the dispersion at 0; positive where counts vary more than Poisson."""
    k = np.arange(1, len(f) + 1, dtype=np.float64)
    seen = -math.expm1(-rate)
    return float((np.sum(k * (k - 1) * f) - f.sum() * rate**2 / seen) / 2)


def negative_binomial_fit(f: Frequencies) -> tuple[float, float, bool]:
    """Mean and dispersion at the greatest zero-truncated likelihood, and whether it lies inside.

    Variance is mean + dispersion mean^2. For each dispersion the mean solves mean/(1 - p0) = average, so
    the search is over one number: a grid, then golden section.
    """
    k = np.arange(1, len(f) + 1, dtype=np.float64)
    n, n_times = float(f.sum()), float(np.sum(k * f))
    above = f.sum() - np.cumsum(f)  # persons named more than j times, j = 1, 2, ...
    steps = k[above > 0]
    tail = above[above > 0]

    def profile(log_dispersion: float) -> tuple[float, float]:
        dispersion = math.exp(log_dispersion)
        mean = _truncated_mean(dispersion, n_times / n)
        log_zero = -math.log1p(dispersion * mean) / dispersion
        value = (
            float(np.sum(tail * np.log1p(dispersion * steps)))
            + n_times * (math.log(mean) - math.log1p(dispersion * mean))
            + n * log_zero
            - n * math.log(-math.expm1(log_zero))
        )
        return value, mean

    grid = np.linspace(*TUNING.reach, TUNING.grid)
    best = int(np.argmax([profile(x)[0] for x in grid]))
    if best in (0, TUNING.grid - 1):
        return profile(grid[best])[1], math.exp(grid[best]), False
    low, high = float(grid[best - 1]), float(grid[best + 1])
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = profile(left)[0], profile(right)[0]
    while high - low > 1e-9:
        if at_left >= at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = profile(left)[0]
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = profile(right)[0]
    log_dispersion = _polished((low + high) / 2, n, n_times, steps, tail)
    dispersion = math.exp(log_dispersion)
    return _truncated_mean(dispersion, n_times / n), dispersion, True


def negative_binomial_size(f: Frequencies, mean: float, dispersion: float) -> tuple[float, float]:
    """N = n/(1 - p0) and its variance: of n given the parameters, plus of the parameters.

    The latter from the observed information; infinite where that is not positive definite.
    """
    k = np.arange(1, len(f) + 1, dtype=np.float64)
    n, n_times = float(f.sum()), float(np.sum(k * f))
    above = f.sum() - np.cumsum(f)
    parameters = np.array([mean, dispersion], dtype=np.complex128)
    information = np.empty((2, 2))
    step = 1e-30  # complex step: exact to rounding, no difference is taken
    for i in range(2):
        shifted = parameters.copy()
        shifted[i] += 1j * step * abs(parameters[i])
        score = _negative_binomial_score(shifted, n, n_times, k[above > 0], above[above > 0])
        information[i] = -score.imag / (step * abs(parameters[i]))
    never = math.exp(-math.log1p(dispersion * mean) / dispersion)
    q = -math.log1p(dispersion * mean) / dispersion**2 + mean / (dispersion * (1 + dispersion * mean))
    slope = n / (1 - never) ** 2 * np.array([-never / (1 + dispersion * mean), -never * q])
    information = (information + information.T) / 2
    if np.linalg.det(information) <= 0:
        return n / (1 - never), math.inf
    spread = float(slope @ np.linalg.solve(information, slope))
    return n / (1 - never), n * never / (1 - never) ** 2 + spread


def _negative_binomial_score(
    parameters: NDArray[np.complex128], n: float, n_times: float, steps: Frequencies, tail: Frequencies
) -> NDArray[np.complex128]:
    """Derivatives of the zero-truncated log likelihood in mean and dispersion."""
    mean, a = parameters
    log_term = np.log1p(a * mean)
    zero = np.exp(-log_term / a)
    q = -log_term / a**2 + mean / (a * (1 + a * mean))
    by_mean = n_times / mean - (n_times * a + n) / (1 + a * mean) - n * zero / ((1 - zero) * (1 + a * mean))
    by_dispersion = (
        np.sum(tail * steps / (1 + a * steps)) - n_times * mean / (1 + a * mean) - n * q / (1 - zero)
    )
    return np.array([by_mean, by_dispersion])


def _polished(
    log_dispersion: float, n: float, n_times: float, steps: Frequencies, tail: Frequencies
) -> float:
    """Bisect the slope of the profile near its maximum, where its values alone are flat to rounding."""

    def slope(x: float) -> float:
        a = math.exp(x)
        parameters = np.array([_truncated_mean(a, n_times / n), a], dtype=np.complex128)
        return float(_negative_binomial_score(parameters, n, n_times, steps, tail)[1].real)

    low, high = log_dispersion - 1e-3, log_dispersion + 1e-3
    if not slope(low) > 0 > slope(high):
        return log_dispersion
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) > 0 else (low, middle)
    return (low + high) / 2


def _truncated_mean(dispersion: float, average: float) -> float:
    """Mean m of a negative binomial whose average over those named at all, m/(1 - p0), is as given."""

    def gap(mean: float) -> tuple[float, float]:
        seen = -math.expm1(-math.log1p(dispersion * mean) / dispersion)
        slope = 1 / seen - mean * (1 - seen) / ((1 + dispersion * mean) * seen**2)
        return mean / seen - average, slope

    return newton_in_bracket(
        gap, 0.0, average, start=average, at_zero="high", relative=1e-15, most_steps=200
    )[0]


def _exp_less_two_terms(x: float) -> float:
    """exp(x) - 1 - x, without cancellation near zero."""
    if x > 0.1:
        return math.expm1(x) - x if x < 700 else math.inf
    term = total = x * x / 2
    for power in range(3, 20):
        term *= x / power
        total += term
    return total
