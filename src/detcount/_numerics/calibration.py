"""How far estimates missed populations of known size, and how far the next one may.

A discrepancy is e = log(true n_0 / estimated n_0). Cases of one group (data sets that share people) have
a centre in common:

    e_i = c_g(i) + d_i,   d_i ~ Normal(0, sigma**2 + chance_i),   c_g ~ Normal(mu, tau**2),
    mu ~ Normal(0, 1),    tau, sigma ~ half-Normal(1).

mu and the centres are integrated in closed form, tau and sigma on a grid. The next case, from a new group,
has the mixture of normals that results: not knowing mu, tau and sigma is in its spread, and few groups
mean heavy tails.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtr

__all__ = [
    "Discrepancies",
    "Mixture",
    "balanced_weights",
    "hierarchical",
    "interval_score",
    "log_discrepancies",
    "stacked",
    "student_t",
]

Floats = NDArray[np.float64]

_PRIOR_SD = 1.0  # of mu, tau and sigma: a factor of e either way is nothing unusual
# Midpoints of even steps of the square root: small spreads are read closely, and none is left out.
_ROOTS = (np.arange(80) + 0.5) / 80
_NODES = 4.0 * _ROOTS**2  # of tau and of sigma; the priors leave 6e-5 beyond
_LEAST_SCALE = 0.02  # of the Student-t; cases that all agree do not make its intervals a point
_NEGLIGIBLE = 1e-9  # all components below it together weigh less than 1e-5
_HALF = 0.5
_STUDENT_DEGREES = 7.0
_MOST_ROUNDS = 10_000


@dataclass(frozen=True, eq=False)
class Discrepancies:
    """What cases of known size show of an estimator.

    Parameters
    ----------
    values : ndarray of float64, shape (n_cases,)
        log(true n_0 / estimated n_0).
    groups : ndarray of int64, shape (n_cases,)
        Number of the group that a case belongs to.
    chance : ndarray of float64, shape (n_cases,)
        Variance of log n_0 from which persons happened to be on several lists.
    """

    values: Floats
    groups: NDArray[np.int64]
    chance: Floats


@dataclass(frozen=True, eq=False)
class Mixture:
    """A mixture of normal or Student-t distributions.

    Parameters
    ----------
    weights, centres, scales : ndarray of float64, shape (n,)
        Of its components; the weights add up to 1.
    degrees : float
        Degrees of freedom of all; infinite for the normal.
    """

    weights: Floats
    centres: Floats
    scales: Floats
    degrees: float = np.inf

    def cumulative(self, value: float) -> float:
        """Probability of at most a value."""
        standard = (value - self.centres) / self.scales
        return float(
            self.weights @ (ndtr(standard) if np.isinf(self.degrees) else stdtr(self.degrees, standard))
        )

    def quantile(self, probability: float) -> float:
        """Value that is not passed with a probability, by bisection until the halves are one number."""
        low, high = -1.0, 1.0
        while self.cumulative(low) > probability:
            low *= 2
        while self.cumulative(high) < probability:
            high *= 2
        while True:
            middle = 0.5 * (low + high)
            if not low < middle < high:
                return high
            if self.cumulative(middle) < probability:
                low = middle
            else:
                high = middle

    def draws(self, size: int, random: np.random.Generator) -> Floats:
        """Values drawn at random."""
        steps = np.cumsum(self.weights)
        chosen = np.minimum(np.searchsorted(steps, random.random(size) * steps[-1]), len(steps) - 1)
        standard = (
            random.standard_normal(size) if np.isinf(self.degrees) else random.standard_t(self.degrees, size)
        )
        return np.asarray(self.centres[chosen] + self.scales[chosen] * standard)

    def widened(self, variance: float) -> Mixture:
        """Each component wider by a variance."""
        return Mixture(self.weights, self.centres, np.sqrt(self.scales**2 + variance), self.degrees)


def stacked(unobserved: Floats) -> float:
    """One n_0 from several estimates of it: the geometric mean of n_0 + 1/2, less 1/2.

    It is 0 only where every one is, and close to the geometric mean wherever none is near 0.
    """
    if len(unobserved) == 1:
        return float(unobserved[0])
    return max(float(np.exp(np.log(unobserved + _HALF).mean()) - _HALF), 0.0)


def log_discrepancies(true_unobserved: Floats, unobserved: Floats) -> Floats:
    """Discrepancies of estimates of n_0; less than half a person counts as half a person."""
    return np.asarray(np.log(np.maximum(true_unobserved, _HALF)) - np.log(np.maximum(unobserved, _HALF)))


def balanced_weights(labels: NDArray[np.int64]) -> Floats:
    """Weights of cases, one in all, with which every label counts the same."""
    _, inverse, counts = np.unique(labels, return_inverse=True, return_counts=True)
    return np.asarray(1 / (counts[inverse] * len(counts)))


def hierarchical(seen: Discrepancies) -> tuple[Mixture, float]:
    """Distribution of the next discrepancy, its own chance left out, and the share of spread between groups.

    The share is the posterior mean of tau**2 / (tau**2 + sigma**2).
    """
    tau2, sigma2 = (_NODES**2)[:, None], (_NODES**2)[None, :]
    log_weight = np.log(_ROOTS)[:, None] + np.log(_ROOTS)[None, :]
    log_weight = log_weight - 0.5 * (tau2 + sigma2) / _PRIOR_SD**2
    precision = np.full(log_weight.shape, 1 / _PRIOR_SD**2)
    moment = np.zeros(log_weight.shape)
    for label in np.unique(seen.groups):
        members = seen.groups == label
        values = seen.values[members]
        variance = sigma2[..., None] + seen.chance[members]
        group_precision = (1 / variance).sum(axis=-1)
        mean = (values / variance).sum(axis=-1) / group_precision
        residual = ((values - mean[..., None]) ** 2 / variance).sum(axis=-1)
        spread = tau2 + 1 / group_precision
        log_weight = log_weight - 0.5 * (np.log(variance).sum(axis=-1) + residual + np.log(group_precision))
        log_weight = log_weight - 0.5 * (np.log(spread) + mean**2 / spread)
        precision = precision + 1 / spread
        moment = moment + mean / spread
    log_weight = log_weight + 0.5 * (moment**2 / precision - np.log(precision))
    weights = np.exp(log_weight - log_weight.max())
    weights /= weights.sum()
    share = float((weights * tau2 / (tau2 + sigma2)).sum())
    kept = weights > _NEGLIGIBLE
    scales = np.sqrt(1 / precision + tau2 + sigma2)
    return Mixture(weights[kept] / weights[kept].sum(), (moment / precision)[kept], scales[kept]), share


def student_t(seen: Discrepancies, weights: Floats) -> Mixture:
    """Student-t of greatest weighted likelihood, found by reweighting until nothing moves.

    Simpler than `hierarchical`: that cases of a group resemble each other, that location and scale are
    estimated, and chance are not in its spread.
    """
    values = seen.values
    share = weights / weights.sum()
    location = float(share @ values)
    variance = max(float(share @ (values - location) ** 2), _LEAST_SCALE**2)
    for _ in range(_MOST_ROUNDS):
        before = location, variance
        pull = share * (_STUDENT_DEGREES + 1) / (_STUDENT_DEGREES + (values - location) ** 2 / variance)
        location = float(pull @ values / pull.sum())
        variance = max(float(pull @ (values - location) ** 2), _LEAST_SCALE**2)
        if abs(location - before[0]) + abs(variance - before[1]) < 1e-13 * (1 + variance):
            break
    return Mixture(np.ones(1), np.array([location]), np.array([np.sqrt(variance)]), _STUDENT_DEGREES)


def interval_score(low: Floats, high: Floats, truth: Floats, level: float) -> Floats:
    """Width of intervals plus 2/alpha times the distance by which they miss, all on one scale."""
    miss = np.maximum(low - truth, 0.0) + np.maximum(truth - high, 0.0)
    return np.asarray(high - low + 2 / (1 - level) * miss)
