"""Delays of verification in whole days: distributions, likelihoods, and verifications still to come.

A release of day t verified on day t + d has delay d. With T the last day that the data could know, y[t, d]
verified releases are seen for t + d <= T only, so a case of day t is seen with probability f(d)/F(T - t).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc, gammaln, ndtr

from detcount._numerics.arrays import TINY, Floats, Ints, bincount

FAMILIES = ("weibull", "log-normal")
_LOG_TWO = float(np.log(2.0))


@dataclass(frozen=True)
class Tuning:
    """Grids of the negative binomial of daily releases.

    Parameters
    ----------
    means : tuple of float, log, log, nodes
        Grid of the log mean, around the one that the counts suggest. Scored in
        benchmarks/results/monitored_coverage.csv.
    sizes : tuple of float, -, -, nodes
        Geometric grid of the size: far from Poisson to Poisson. Scored in
        benchmarks/results/monitored_coverage.csv.
    cells : int, numbers
        Numbers held at a time. Computational (`test_numbers`).
    budget : int, numbers
        Numbers computed for the rates of a day. Computational (`test_numbers`).
    few : int, persons
        Mean up to which quantiles are counted up from 0. Computational (`test_numbers`).
    least_log : float, log
        Log probability below which counting from 0 underflows. Computational (`test_numbers`).
    settled : float, share
        Change of a share between draws that is passed over. Computational (`test_numbers`).
    """

    means: tuple[float, float, int] = (-3.0, 3.0, 17)
    sizes: tuple[float, float, int] = (0.05, 60.0, 13)
    cells: int = 4_000_000
    budget: int = 5_000_000
    few: int = 300
    least_log: float = -600.0
    settled: float = 1e-5


TUNING = Tuning()


def discrete_cdf(family: str, parameters: ArrayLike, days: ArrayLike) -> Floats:
    """Probability of a delay of at most so many whole days, F(d) = cdf(d + 1); 0 for negative days.

    Parameters of "weibull" are shape and scale (days), cdf(x) = 1 - exp(-(x/scale)^shape); of
    "log-normal" mean and standard deviation of log days, cdf(x) = Phi((log x - mean)/sd).
    Parameters of shape (..., 2) and days of shape (n,) give shape (..., n).
    """
    pair = np.asarray(parameters, dtype=np.float64)[..., None, :]
    first, second = pair[..., 0], pair[..., 1]
    whole = np.asarray(days, dtype=np.float64)
    log_x = np.log(np.maximum(whole, 0.0) + 1.0)
    if family == "weibull":
        # beyond exp(50) the probability left is 0 to the last bit
        power = np.exp(np.minimum(first * (log_x - np.log(second)), 50.0))
        below: Floats = -np.expm1(-power)
    elif family == "log-normal":
        below = ndtr((log_x - first) / second)
    else:
        raise ValueError(f"no delay family {family!r}: expected one of {FAMILIES}")
    return np.where(whole >= 0, below, 0.0)


def discrete_pmf(family: str, parameters: ArrayLike, longest: int) -> Floats:
    """Probability of each delay from 0 to the longest, F(d) - F(d - 1)."""
    cdf = discrete_cdf(family, parameters, np.arange(-1, longest + 1))
    return np.maximum(np.diff(cdf, axis=-1), TINY)


def with_median(family: str, median: Floats, shape: Floats) -> Floats:
    """Parameters of a family from its median (days) and shape; log-normal: shape is 1/sd of log days."""
    if family == "weibull":
        return np.stack([shape, median / np.log(2) ** (1 / shape)], axis=-1)
    return np.stack([np.log(median), 1 / shape], axis=-1)


def from_median(family: str, coordinates: ArrayLike) -> Floats:
    """Parameters of a family from (log median in days, log shape or log standard deviation)."""
    values = np.asarray(coordinates, dtype=np.float64)
    log_median, log_second = values[..., 0], values[..., 1]
    second = np.exp(np.clip(log_second, -30.0, 30.0))
    if family == "weibull":
        log_scale = log_median - np.log(_LOG_TWO) / second
        return np.stack([second, np.exp(np.clip(log_scale, -600.0, 600.0))], axis=-1)
    return np.stack([log_median, second], axis=-1)


@dataclass(frozen=True)
class Triangle:
    """Verified releases by day of release and delay, as known on one day.

    Parameters
    ----------
    counts : ndarray of int64, shape (n_days, D + 1)
        Verified releases; 0 where they cannot be known yet.
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


def daily_rates(verified: Ints, shares: Floats, random: np.random.Generator) -> Floats:
    """Draw the size and the mean of the negative binomial that the releases of a day come from.

    Y[t] of day t were verified, a share F[t] of its releases. Their numbers are negative binomial with one
    mean and one size for all days; both have a flat prior on a grid of logarithms.

    Parameters
    ----------
    verified : ndarray of int64, shape (n_days,)
        Verified so far, persons.
    shares : ndarray of float64, shape (n_draws, n_days)
        Share verified, a row for each draw of the delay.
    random : numpy.random.Generator
        Source of the draws.

    Returns
    -------
    ndarray of float64, shape (n_draws, 2)
        Size and mean.
    """
    n_draws = len(shares)
    fixed = np.ptp(shares, axis=0) < TUNING.settled
    start = np.log((verified.sum() + 0.5) / shares.mean(axis=0).sum())
    nodes = start + np.linspace(*TUNING.means), np.log(np.geomspace(*TUNING.sizes))
    log_mean, log_size = (grid.ravel() for grid in np.meshgrid(*nodes, indexing="ij"))
    size = np.exp(log_size)

    mean = np.exp(log_mean)

    def terms(y: Floats, share: Floats) -> Floats:
        """Log probabilities summed over days, less what nodes share; (n,), (b, n) -> (b, nodes)."""
        free = gammaln(size + y[:, None]) - gammaln(size) + size * log_size + y[:, None] * log_mean
        both = mean * share[..., None]
        both += size
        np.log(both, out=both)
        return np.asarray(free.sum(axis=0) - np.einsum("tn,btn->bn", size + y[:, None], both))

    y = verified.astype(np.float64)
    base = terms(y[fixed], shares[:, fixed].mean(axis=0, keepdims=True))[0]
    moving = shares[:, ~fixed]
    # draws with about the same shares in common, where they are many
    n_groups = max(1, min(n_draws, TUNING.budget // max(1, moving.shape[1] * len(size))))
    group = np.empty(n_draws, dtype=np.int64)
    group[np.argsort(moving.sum(axis=1), kind="stable")] = np.arange(n_draws) * n_groups // n_draws
    means = np.zeros((n_groups, moving.shape[1]))
    np.add.at(means, group, moving)
    means /= bincount(group, minlength=n_groups)[:, None]
    log_weights = np.empty((n_groups, len(size)))
    step = max(1, TUNING.cells // max(1, means.shape[1] * len(size)))
    for k in range(0, n_groups, step):
        log_weights[k : k + step] = base + terms(y[~fixed], means[k : k + step])
    log_weights = log_weights[group]
    weights = np.exp(log_weights - log_weights.max(axis=1, keepdims=True))
    below = np.cumsum(weights, axis=1)
    chosen = (below < random.random(n_draws)[:, None] * below[:, -1:]).sum(axis=1)
    chosen = np.minimum(chosen, len(size) - 1)
    return np.stack([size[chosen], mean[chosen]], axis=1)


def pending_law(verified: Ints, shares: Floats, rates: Floats) -> tuple[Floats, Floats]:
    """Size and success probability of the negative binomial of those still to come."""
    inverse = (rates[:, 0] / rates[:, 1])[:, None]
    return rates[:, :1] + verified, (inverse + shares) / (inverse + 1.0)


def draw_pending(verified: Ints, shares: Floats, rates: Floats, random: np.random.Generator) -> Ints:
    """Draw, for each draw of the delay and each day, the releases not verified so far."""
    size, success = pending_law(verified, shares, rates)
    return np.asarray(random.negative_binomial(size, np.minimum(success, 1.0)), dtype=np.int64)


def pending_mean(verified: Ints, shares: Floats, rates: Floats) -> Floats:
    """Mean of the releases not verified so far, by day."""
    size, success = pending_law(verified, shares, rates)
    return np.asarray((size * (1 - success) / success).mean(axis=0))


def pending_quantiles(verified: Ints, shares: Floats, rates: Floats, levels: ArrayLike) -> Ints:
    """Quantiles by day of the releases not verified so far: smallest numbers that reach the levels.

    The distribution is the exact mixture over the draws of the delay; shape (n_levels, n_days).
    """
    size, success = pending_law(verified, shares, rates)
    success = np.minimum(success, 1.0)
    wanted = np.atleast_1d(np.asarray(levels, dtype=np.float64))
    found = np.zeros((len(wanted), len(verified)), dtype=np.int64)
    open_days = np.flatnonzero((success < 1).any(axis=0))
    n, p = size[:, open_days], success[:, open_days]
    few = (n * (1 - p) / p).mean(axis=0) <= TUNING.few
    few &= (n * np.log(p)).min(axis=0) > TUNING.least_log
    found[:, open_days[few]] = _counted_up(n[:, few], p[:, few], wanted)
    for t in np.flatnonzero(~few):
        found[:, open_days[t]] = [_bisected(n[:, t], p[:, t], level) for level in wanted]
    return found


def _counted_up(size: Floats, success: Floats, levels: Floats) -> Ints:
    """Quantiles of mixed negative binomials, adding probabilities from 0 on; shape (n_levels, n_days)."""
    found = np.zeros((len(levels), size.shape[1]), dtype=np.int64)
    size, failure = np.asfortranarray(size), np.asfortranarray(1 - success)
    term = np.asfortranarray(success) ** size
    below = term.mean(axis=0)
    day, k, highest = np.arange(size.shape[1]), 0, levels.max()
    while len(day):
        found[:, day] += levels[:, None] > below
        left = below < highest
        if not left.all():
            day, below = day[left], below[left]
            size, failure, term = size[:, left], failure[:, left], term[:, left]
        term *= failure
        term *= (size + k) / (k + 1)
        k += 1
        below = below + term.mean(axis=0)
    return found


def _bisected(size: Floats, success: Floats, level: float) -> int:
    """Quantile of mixed negative binomials whose numbers are large."""

    def below(k: int) -> float:
        return float(betainc(size, k + 1.0, success).mean())

    if below(0) >= level:
        return 0
    low, high = 0, 1
    while below(high) < level:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if below(middle) >= level else (middle, high)
    return high
