"""Releases of a day that are still to be verified, given the share verified so far."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc, gammaln

from detcount._numerics.arrays import Floats, Ints

_MU_NODES = np.linspace(-3.0, 3.0, 17)  # log mean releases a day, around the one that the counts suggest
_SIZE_NODES = np.log(np.geomspace(0.05, 60.0, 13))  # spread between days: far from Poisson to Poisson
_CELLS = 4_000_000  # numbers held at a time
_BUDGET = 5_000_000  # numbers worked on for the rates of a day
_FEW = 300  # mean number up to which counting up from 0 is quicker than bisection
_LEAST_LOG = (
    -600.0
)  # log probabilities below this are 0 in double precision, and counting from there stays at 0
_SETTLED = 1e-5  # a share that moves by less between draws is taken as known


def negative_binomial(mean: float, variance: float) -> tuple[float, float]:
    """Size and mean of a negative binomial distribution with a variance above its mean."""
    return mean**2 / (variance - mean), mean


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
    fixed = np.ptp(shares, axis=0) < _SETTLED
    start = np.log((verified.sum() + 0.5) / shares.mean(axis=0).sum())
    log_mean, log_size = (grid.ravel() for grid in np.meshgrid(start + _MU_NODES, _SIZE_NODES, indexing="ij"))
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
    n_groups = max(1, min(n_draws, _BUDGET // max(1, moving.shape[1] * len(size))))
    group = np.empty(n_draws, dtype=np.int64)
    group[np.argsort(moving.sum(axis=1), kind="stable")] = np.arange(n_draws) * n_groups // n_draws
    means = np.zeros((n_groups, moving.shape[1]))
    np.add.at(means, group, moving)
    means /= np.bincount(group, minlength=n_groups)[:, None]
    log_weights = np.empty((n_groups, len(size)))
    step = max(1, _CELLS // max(1, means.shape[1] * len(size)))
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
    """Smallest number that those not verified so far exceed with at most the probability left, by day.

    The distribution is that of the draws of the delay, mixed exactly; shape (n_levels, n_days).
    """
    size, success = pending_law(verified, shares, rates)
    success = np.minimum(success, 1.0)
    wanted = np.atleast_1d(np.asarray(levels, dtype=np.float64))
    found = np.zeros((len(wanted), len(verified)), dtype=np.int64)
    open_days = np.flatnonzero((success < 1).any(axis=0))
    n, p = size[:, open_days], success[:, open_days]
    few = (n * (1 - p) / p).mean(axis=0) <= _FEW
    few &= (n * np.log(p)).min(axis=0) > _LEAST_LOG
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
