"""Draws: whether they have converged, what error they leave, resampled tables, and weights."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import betaincinv, ndtr

from detcount._numerics.arrays import LARGEST, Floats, Ints
from detcount._numerics.intervals import (
    bca_bias,
    bca_probabilities,
    bca_share,
    corrected_probabilities,
    normal_quantile,
    quantiles,
)


def split_r_hat(draws: Floats) -> float:
    """Potential scale reduction of half chains; draws have shape (n_chains, n_draws).

    Near 1 when every half of every chain has the same mean and spread (Gelman et al. 2013, 11.4).
    """
    halves = _split(draws)
    n_draws = halves.shape[1]
    within = halves.var(axis=1, ddof=1).mean()
    between = n_draws * halves.mean(axis=1).var(ddof=1)
    if within == 0:
        return 1.0 if between == 0 else np.inf
    return float(np.sqrt((n_draws - 1) / n_draws + between / (n_draws * within)))


def effective_sample_size(draws: Floats) -> float:
    """Independent draws that estimate the mean as well as these; shape (n_chains, n_draws).

    Autocorrelations of half chains, added up while their pair sums are positive and fall (Geyer 1992),
    with the spread between chains in the denominator, so that chains which disagree are worth little.
    """
    halves = _split(draws)
    n_chains, n_draws = halves.shape
    centred = halves - halves.mean(axis=1, keepdims=True)
    size = 1 << (2 * n_draws - 1).bit_length()
    spectrum = np.fft.rfft(centred, size, axis=1)
    covariance = np.fft.irfft(np.abs(spectrum) ** 2, size, axis=1)[:, :n_draws] / n_draws
    within = covariance[:, 0].mean() * n_draws / (n_draws - 1)
    total = within * (n_draws - 1) / n_draws + halves.mean(axis=1).var(ddof=1)
    if total == 0:
        return float(draws.size)
    correlation = 1 - (within - covariance.mean(axis=0)) / total
    correlation[0] = 1.0
    even = n_draws - n_draws % 2
    pairs = correlation[0:even:2] + correlation[1:even:2]
    negative = np.flatnonzero(pairs < 0)
    last = int(negative[0]) if len(negative) else len(pairs)
    time = -1 + 2 * np.minimum.accumulate(pairs[: max(last, 1)]).sum()
    largest = n_chains * n_draws * np.log10(n_chains * n_draws)
    return float(min(n_chains * n_draws / max(time, 1e-12), largest))


def _split(draws: Floats) -> Floats:
    """First and second half of each chain as chains of their own."""
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, draws.shape[1] - half :]])


@dataclass(frozen=True)
class Tuning:
    """Monte Carlo error and importance weights.

    Parameters
    ----------
    step : float, standard errors
        Step of the finite difference of a quantile. Convention: two standard errors.
    enough : int, effective draws
        Effective size below which a warning is given. Convention: limits then move by a tenth of their width.
    trusted_shape : float, Pareto shape
        Largest shape of trusted importance weights. Threshold of the authors (Vehtari 2024).
    tail_share : float, share
        Largest share of weights whose Pareto shape is fitted. Rule of the authors (Vehtari 2024).
    draws : int, draws
        Draws of N where no option says how many. Convention: limits at 95% rest on 100 on each side, and
        their error is 4% of the standard deviation of a normal.
    halvings : int, steps
        Bisections of a power. Computational (`test_numbers`).
    """

    step: float = 2.0
    enough: int = 400
    trusted_shape: float = 0.7
    tail_share: float = 0.2
    draws: int = 4000
    halvings: int = 40


TUNING = Tuning()
ENOUGH_DRAWS = TUNING.enough
N_DRAWS = TUNING.draws
TRUSTED_SHAPE = TUNING.trusted_shape


def quantile_error(draws: Floats, probability: float, size: float) -> float:
    """Monte Carlo standard error of a quantile of draws worth `size` independent ones.

    Half the distance between the draws a standard deviation to either side of the order statistic, whose
    rank is Beta (Vehtari et al. 2021). Twice the lower distance where the upper draw is infinite.
    """
    rank = np.array([size * probability + 1, size * (1 - probability) + 1])
    ends = betaincinv(rank[0], rank[1], np.array([ndtr(-1.0), probability, 1 - ndtr(-1.0)]))
    ends[1] = probability
    low, middle, high = map(float, quantiles(draws, ends))
    if math.isfinite(high):
        return 0.5 * (high - low)
    return middle - low if math.isfinite(middle) else math.inf


def quantile_size(chains: Floats, probability: float) -> float:
    """Independent draws that give a quantile as well as chains of draws, shape (n_chains, n_draws).

    The effective size of being at most the quantile.
    """
    value = quantiles(chains.ravel(), np.array([probability]))[0]
    return effective_sample_size((chains <= value).astype(np.float64))


def mean_error(draws: Floats, size: float) -> float:
    """Monte Carlo standard error of a mean of draws worth `size` independent ones."""
    return float(np.std(draws, ddof=1)) / math.sqrt(size) if len(draws) > 1 else 0.0


def bca_errors(draws: Floats, point: float, acceleration: float, level: float) -> tuple[float, float]:
    """Monte Carlo standard errors of bias-corrected accelerated limits.

    With the share b of draws below the point and a limit at probability p(b), the limit errs by
    (p'(b) d - d_p) / density, d and d_p being the errors of b and of the distribution function there.
    """
    n_draws = len(draws)
    share = bca_share(draws, point)
    step = math.sqrt(share * (1 - share) / n_draws)
    z = normal_quantile(level) * np.array([-1.0, 1.0])
    below, above = (
        corrected_probabilities(z, bca_bias(share + sign * step, n_draws), acceleration) for sign in (-1, 1)
    )
    found = []
    for position, probability in enumerate(bca_probabilities(draws, point, acceleration, level)):
        slope = float(above[position] - below[position]) / (2 * step) if step else 0.0
        own = probability * (1 - probability)
        joint = min(share, probability) - share * probability
        variance = slope**2 * share * (1 - share) + own - 2 * slope * joint
        size = n_draws * own / variance if variance > 0 < own else n_draws
        found.append(quantile_error(draws, probability, size))
    return found[0], found[1]


def printed_step(error: float | None) -> float:
    """Step in which a number with a Monte Carlo error is printed: 1, 2, 5, 10, 20, 50 and so on.

    The least of them that is at least twice the Monte Carlo standard error m. Two runs differ by a normal
    value with standard deviation m sqrt(2); rounded to a step u they differ by more than one step with
    probability 2 (phi(t) / t - 1 + Phi(t)), t = u / (m sqrt(2)), which is 0.05 for u = 2 m and less beyond.
    """
    if error is None or not math.isfinite(error) or TUNING.step * error <= 1:
        return 1.0
    least = TUNING.step * error
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in (1.0, 2.0, 5.0, 10.0) if step * power >= least)


def rounded(
    value: float, error: float | None, *, towards: Literal["nearest", "down", "up"] = "nearest"
) -> float:
    """A number in the steps that its Monte Carlo error supports; infinite where it is.

    In steps of 1 it is rounded to the nearest whatever is asked for.
    """
    if not math.isfinite(value):
        return value
    step = printed_step(error)
    steps = value / step
    if step == 1 or towards == "nearest":
        return step * round(steps)
    return step * (math.floor(steps) if towards == "down" else math.ceil(steps))


def multinomial_resamples(counts: Ints, n_resamples: int, seed: int) -> Ints:
    """Redraw all persons with replacement; shape (n_resamples, n_patterns), each row of the same total.

    Persons are redrawn over the histories that somebody has: a history nobody has stays empty.
    """
    n_persons = int(counts.sum())
    rng = np.random.default_rng(seed)
    return rng.multinomial(n_persons, counts / n_persons, size=n_resamples).astype(np.int64, copy=False)


def population_resamples(counts: Ints, n_total: float, n_resamples: int, seed: int) -> Ints:
    """Redraw who is listed, of a population of `n_total`; shape (n_resamples, n_patterns).

    How many are listed is binomial, and their histories are redrawn with replacement (Buckland and
    Garthwaite 1991). With the number listed held fixed, an estimate of `n_total` would seem to vary
    less than it does, by the variance of that number.
    """
    n_persons = int(counts.sum())
    rng = np.random.default_rng(seed)
    listed = rng.binomial(min(round(n_total), LARGEST), min(n_persons / n_total, 1.0), size=n_resamples)
    drawn = rng.multinomial(np.maximum(listed, 1), counts / n_persons)
    return np.asarray(drawn.astype(np.int64, copy=False))


def jackknife_tables(counts: Ints) -> Ints:
    """Leave one person out, once for each history; shape (n_patterns, n_patterns).

    Row i has one person fewer with history i. Persons with the same history leave the same table, so
    row i stands for counts[i] of the n leave-one-out tables.
    """
    return counts[None, :] - np.eye(len(counts), dtype=np.int64)


def jackknife_acceleration(values: Floats, weights: Floats) -> float:
    """Acceleration of Efron (1987), sum(d**3) / (6 sum(d**2)**1.5) with d = mean - value, over persons.

    `values` has the estimate without one person of each history, `weights` the persons with that
    history. Values that are not finite (no estimate without that person) are left out. An estimate
    that no single person moves has acceleration 0.
    """
    usable = np.isfinite(values) & (weights > 0)
    if not usable.any():
        return 0.0
    kept, persons = values[usable], weights[usable].astype(np.float64)
    difference = np.average(kept, weights=persons) - kept
    scale = np.abs(difference).max()
    if scale <= 1e-12 * np.abs(kept).max():
        return 0.0
    unit = difference / scale
    return float((persons * unit**3).sum() / (6 * (persons * unit**2).sum() ** 1.5))


def effective_size(log_weights: Floats) -> float:
    """Independent draws that say as much as the weighted ones, (sum w)^2 / sum w^2; 0 where none counts."""
    if len(log_weights) == 0 or not np.isfinite(log_weights.max()):
        return 0.0
    weights = np.exp(log_weights - log_weights.max())
    return float(weights.sum() ** 2 / (weights**2).sum())


def pareto_shape(log_weights: Floats) -> float:
    """Shape of a generalised Pareto distribution of the largest weights; above 0.7 they cannot be trusted.

    The estimate of Zhang and Stephens (2009), pulled towards 1/2 as in Vehtari et al. (2024).
    """
    n_draws = len(log_weights)
    n_tail = int(min(TUNING.tail_share * n_draws, 3 * np.sqrt(n_draws)))
    weights = np.sort(np.exp(log_weights - log_weights.max()))
    excess = weights[-n_tail:] - weights[-n_tail - 1]
    if excess[-1] <= 0 or excess[n_tail // 4] <= 0:
        return -np.inf
    n_points = 30 + int(np.sqrt(n_tail))
    places = np.arange(1, n_points + 1) - 0.5
    theta = 1 / excess[-1] + (1 - np.sqrt(n_points / places)) / (3 * excess[int(n_tail / 4 + 0.5) - 1])
    shape = np.log1p(-theta[:, None] * excess).mean(axis=1)
    profile = n_tail * (np.log(-theta / shape) - shape - 1)
    share = np.exp(profile - profile.max())
    centre = (theta * share).sum() / share.sum()
    estimate = np.log1p(-centre * excess).mean()
    return float((n_tail * estimate + 10 * 0.5) / (n_tail + 10))


def positions(weights: Floats, n_draws: int, random: np.random.Generator) -> Ints:
    """Positions drawn by weight at even steps, in increasing order: each as often as its share says."""
    shares = np.cumsum(weights)
    places = (np.arange(n_draws) + random.random()) / n_draws * shares[-1]
    return np.asarray(np.minimum(np.searchsorted(shares, places, side="right"), len(weights) - 1))


def rows_by_weight(log_weights: Floats, n_draws: int, random: np.random.Generator) -> Ints:
    """Positions drawn by weight at even steps, in random order."""
    return random.permutation(positions(np.exp(log_weights - log_weights.max()), n_draws, random))


def resample(values: Floats, log_weights: Floats, n_draws: int, random: np.random.Generator) -> Floats:
    """Draw values by weight, at even steps along the sorted values, in random order.

    The quantiles of the draws are those of the weighted values, give or take one draw.
    """
    order = np.argsort(values, kind="stable")
    return np.asarray(values[order][rows_by_weight(log_weights[order], n_draws, random)])


def largest_power(log_weights: Callable[[float], Floats], least: float, high: float) -> float:
    """Largest power at which weights keep an effective size; they do at 0, and do not at `high`."""
    low = 0.0
    for _ in range(TUNING.halvings):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if effective_size(log_weights(middle)) >= least else (low, middle)
    return low


def next_power(power: float, gain: Floats, least: float = 1e-12) -> tuple[float, float]:
    """Next power of the weights, at which half of the draws still count, and the step to it."""
    rest = 1.0 - power
    if effective_size(rest * gain) >= 0.5 * len(gain):
        return 1.0, rest
    step = largest_power(lambda part: part * gain, 0.5 * len(gain), rest)
    step = min(max(step, least), rest)
    return power + step, step
