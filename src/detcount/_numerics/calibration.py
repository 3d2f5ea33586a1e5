"""Errors on populations of known size, applied to the next one: scores, mixtures and distances."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from scipy.special import ndtr, stdtr

from detcount._numerics.arrays import Floats, Ints, bincount

# Scores of intervals and of probabilities: weighted interval scores, averages over groups, a slope.
#
# Averages are sums of weighted values over sums of weights, so that groups can be drawn again with
# replacement.


class Slope(NamedTuple):
    """Slope of a density on 0 to 1, its standard error, and the p-value of a uniform density."""

    slope: float
    standard_error: float
    p_value: float


def weighted_interval_score(low: Floats, high: Floats, middle: float, truth: float, levels: Floats) -> float:
    """Weighted interval score: twice the mean quantile loss of limits and median, all on one scale.

    With K intervals it is (|y - m| / 2 + sum of alpha / 2 times their interval scores) / (K + 1/2).
    """
    with np.errstate(invalid="ignore"):
        scores = np.array(
            [
                interval_score(np.asarray(a), np.asarray(b), np.asarray(truth), level)
                for a, b, level in zip(low, high, levels, strict=True)
            ]
        )
    total = 0.5 * abs(truth - middle) + float(((1 - levels) / 2 * scores).sum())
    return total / (len(levels) + 0.5)


def group_means(values: Floats, weights: Floats, groups: Ints) -> Floats:
    """Weighted mean of every group, in the order of their numbers."""
    n_groups = int(groups.max()) + 1
    total = bincount(groups, weights=weights * values, minlength=n_groups)
    return np.asarray(total / bincount(groups, weights=weights, minlength=n_groups))


def mean_and_error(values: Floats) -> tuple[float, float]:
    """Mean, and its standard error; nan for one value, which shows no spread."""
    if len(values) < 2:
        return float(values.mean()), math.nan
    return float(values.mean()), float(values.std(ddof=1) / math.sqrt(len(values)))


def slope_of_uniform(values: Floats) -> Slope:
    """Estimate the slope b of the density 1 + b (u - 1/2) from independent values between 0 and 1.

    A mean of such a density is 1/2 + b / 12. The test is Student's, of the mean against a half.
    """
    mean, error = mean_and_error(values - 0.5)
    if not error > 0:
        return Slope(12 * mean, math.nan, math.nan)
    p_value = 2 * float(stdtr(len(values) - 1, -abs(mean / error)))
    return Slope(12 * mean, 12 * error, p_value)


# How far a point lies from points that come in groups: the mean distance to the two nearest groups.
#
# The distance to a group is that to its nearest point. Two groups and not one, so that a single odd
# group does not make a place familiar. Coordinates are first turned to uncorrelated ones of unit
# variance, groups counting alike.


@dataclass(frozen=True)
class Priors:
    """Priors of discrepancies and of distances from training cases.

    Parameters
    ----------
    nearest : int, groups
        Nearest groups of training cases whose distances are averaged. Scored in
        benchmarks/results/known_truth.md.
    ridge : float, correlation
        Shrinkage of correlations, of which few groups show little. Scored in
        benchmarks/results/known_truth.md.
    spread : float, log
        Prior standard deviation of the mean discrepancy, and scale of both spreads. Convention: a factor of e
        either way.
    """

    nearest: int = 2
    ridge: float = 0.1
    spread: float = 1.0


PRIORS = Priors()


@dataclass(frozen=True, eq=False)
class Scattered:
    """Points that come in groups, and the way in which they vary.

    Parameters
    ----------
    points : ndarray of float64, shape (n_points, n_coordinates)
        The points.
    groups : ndarray of int64, shape (n_points,)
        Number of the group of each.
    scales : ndarray of float64, shape (n_coordinates,)
        Standard deviation of each coordinate, groups counting alike.
    whitening : ndarray of float64, shape (n_coordinates, n_coordinates)
        Matrix by which a difference, in scales, is multiplied, so that its length is the distance.
    """

    points: Floats
    groups: Ints
    scales: Floats
    whitening: Floats


def scattered(points: Floats, groups: Ints, weights: Floats) -> Scattered:
    """Measure how points vary; a coordinate that does not has the scale 1."""
    share = weights / weights.sum()
    centred = points - share @ points
    variance = share @ centred**2
    scales = np.sqrt(np.where(variance > 0, variance, 1.0))
    units = centred / scales
    correlation = (1 - PRIORS.ridge) * (units.T * share) @ units
    np.fill_diagonal(correlation, 1.0)
    values, vectors = np.linalg.eigh(correlation)
    return Scattered(points, groups, scales, np.asarray(vectors / np.sqrt(values)))


def distance(point: Floats, among: Scattered, without: int | None = None) -> tuple[float, int]:
    """Mean distance to the nearest point of each of the two nearest groups, and the nearest point of all."""
    lengths = np.linalg.norm((point - among.points) / among.scales @ among.whitening, axis=1)
    nearest = [
        (float(lengths[among.groups == group].min()), group)
        for group in np.unique(among.groups).tolist()
        if group != without
    ]
    nearest.sort()
    allowed = np.flatnonzero(among.groups == nearest[0][1])
    closest = int(allowed[np.argmin(lengths[allowed])])
    return float(np.mean([length for length, _ in nearest[: PRIORS.nearest]])), closest


def distances_left_out(among: Scattered) -> Floats:
    """Distance of every point from those of the other groups."""
    return np.array(
        [
            distance(point, among, int(group))[0]
            for point, group in zip(among.points, among.groups, strict=True)
        ]
    )


# How far estimates missed populations of known size, and how far the next one may.
#
# A discrepancy is e = log(true n_0 / estimated n_0). Cases of one group (data sets that share people)
# have a centre in common:
#
#     e_i = c_g(i) + d_i,   d_i ~ Normal(0, sigma**2 + chance_i),   c_g ~ Normal(mu, tau**2),
#     mu ~ Normal(0, 1),    tau, sigma ~ half-Normal(1).
#
# mu and the centres are integrated in closed form, tau and sigma on a grid. The next case, from a new
# group, has the mixture of normals that results: not knowing mu, tau and sigma is in its spread, and
# few groups mean heavy tails.


@dataclass(frozen=True)
class Tuning:
    """Grid on which spreads of discrepancies are integrated.

    Parameters
    ----------
    nodes : int, nodes
        Grid points of each spread. Computational (`test_numbers`).
    farthest : float, log
        Largest spread on the grid. Computational (`test_numbers`).
    negligible : float, probability
        Weight below which a component is dropped. Computational (`test_numbers`).
    """

    nodes: int = 80
    farthest: float = 4.0
    negligible: float = 1e-9


TUNING = Tuning()


@dataclass(frozen=True, eq=False)
class Discrepancies:
    """Errors of an estimator on cases of known size.

    Parameters
    ----------
    values : ndarray of float64, shape (n_cases,)
        log(true n_0 / estimated n_0).
    groups : ndarray of int64, shape (n_cases,)
        Number of the group that a case belongs to.
    sampling_variance : ndarray of float64, shape (n_cases,)
        Variance of log n_0 due to chance: which persons happened to be on several lists.
    """

    values: Floats
    groups: Ints
    sampling_variance: Floats


@dataclass(frozen=True, eq=False)
class Mixture:
    """A mixture of normal distributions.

    Parameters
    ----------
    weights, centres, scales : ndarray of float64, shape (n,)
        Of its components; the weights add up to 1.
    """

    weights: Floats
    centres: Floats
    scales: Floats

    def cumulative(self, value: float) -> float:
        """Probability of at most a value."""
        return float(self.weights @ ndtr((value - self.centres) / self.scales))

    def draws(self, size: int, random: np.random.Generator) -> Floats:
        """Values drawn at random."""
        steps = np.cumsum(self.weights)
        chosen = np.minimum(np.searchsorted(steps, random.random(size) * steps[-1]), len(steps) - 1)
        return np.asarray(self.centres[chosen] + self.scales[chosen] * random.standard_normal(size))

    def widened(self, variance: float) -> Mixture:
        """Each component wider by a variance."""
        return Mixture(self.weights, self.centres, np.sqrt(self.scales**2 + variance))

    def shifted(self, distance: float) -> Mixture:
        """Each component further up by a distance."""
        return Mixture(self.weights, self.centres + distance, self.scales)


class Distribution(Protocol):
    """The distribution of one number: cumulative probabilities, and draws."""

    def cumulative(self, value: float) -> float:
        """Probability of at most a value."""
        ...

    def draws(self, size: int, random: np.random.Generator) -> Floats:
        """Values drawn at random."""
        ...


def quantile(distribution: Distribution, probability: float) -> float:
    """Quantile of a distribution, by bisection to the last bit."""
    low, high = -1.0, 1.0
    while distribution.cumulative(low) > probability:
        low *= 2
    while distribution.cumulative(high) < probability:
        high *= 2
    while True:
        middle = 0.5 * (low + high)
        if not low < middle < high:
            return high
        if distribution.cumulative(middle) < probability:
            low = middle
        else:
            high = middle


def numbered(labels: Sequence[str]) -> Ints:
    """Labels as numbers, in the order in which they appear."""
    numbers = {label: number for number, label in enumerate(dict.fromkeys(labels))}
    return np.array([numbers[label] for label in labels], dtype=np.int64)


def stacked(unobserved: Floats) -> float:
    """One n_0 from several estimates of it: the geometric mean of n_0 + 1/2, less 1/2.

    It is 0 only where every one is, and close to the geometric mean wherever none is near 0.
    """
    if len(unobserved) == 1:
        return float(unobserved[0])
    return max(float(np.exp(np.log(unobserved + 0.5).mean()) - 0.5), 0.0)


def log_discrepancies(true_unobserved: Floats, unobserved: Floats) -> Floats:
    """Discrepancies of estimates of n_0; less than half a person counts as half a person."""
    return np.asarray(np.log(np.maximum(true_unobserved, 0.5)) - np.log(np.maximum(unobserved, 0.5)))


def balanced_weights(labels: Ints) -> Floats:
    """Weights of cases that add up to 1 and count every label the same."""
    _, inverse, counts = np.unique(labels, return_inverse=True, return_counts=True)
    return np.asarray(1 / (counts[inverse] * len(counts)))


@dataclass(frozen=True, eq=False)
class _Posterior:
    """Posterior of tau and sigma on a grid, and of mu given these."""

    weights: Floats
    tau2: Floats
    sigma2: Floats
    precision: Floats
    moment: Floats


def _posterior(seen: Discrepancies) -> _Posterior:
    """Posterior on the grid, mu and the centres integrated out."""
    # midpoints of even steps of the square root: small spreads are read closely, and none is left out
    roots = (np.arange(TUNING.nodes) + 0.5) / TUNING.nodes
    nodes = TUNING.farthest * roots**2
    tau2, sigma2 = (nodes**2)[:, None], (nodes**2)[None, :]
    log_weight = np.log(roots)[:, None] + np.log(roots)[None, :]
    log_weight = log_weight - 0.5 * (tau2 + sigma2) / PRIORS.spread**2
    precision = np.full(log_weight.shape, 1 / PRIORS.spread**2)
    moment = np.zeros(log_weight.shape)
    for label in np.unique(seen.groups):
        members = seen.groups == label
        values = seen.values[members]
        variance = sigma2[..., None] + seen.sampling_variance[members]
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
    return _Posterior(weights / weights.sum(), tau2, sigma2, precision, moment)


def hierarchical(seen: Discrepancies) -> tuple[Mixture, float]:
    """Distribution of the next discrepancy, without its sampling variance, and the share between groups.

    The share is the posterior mean of tau**2 / (tau**2 + sigma**2).
    """
    known = _posterior(seen)
    share = float((known.weights * known.tau2 / (known.tau2 + known.sigma2)).sum())
    kept = known.weights > TUNING.negligible
    scales = np.sqrt(1 / known.precision + known.tau2 + known.sigma2)
    mixture = Mixture(
        known.weights[kept] / known.weights[kept].sum(), (known.moment / known.precision)[kept], scales[kept]
    )
    return mixture, share


def variances(seen: Discrepancies) -> tuple[float, float]:
    """Variance of the next discrepancies of a new group: what all share, and what each has for itself.

    Shared are the centre of the group and the uncertainty of mu; a case's own is sigma**2, its sampling
    variance left out. Both are posterior means, so that shared / (shared + own + sampling variance) is the
    correlation of two cases of the group if both have that sampling variance.
    """
    known = _posterior(seen)
    centre = known.moment / known.precision
    mean = float((known.weights * centre).sum())
    shared = known.weights * (1 / known.precision + known.tau2 + (centre - mean) ** 2)
    return float(shared.sum()), float((known.weights * known.sigma2).sum())


def interval_score(low: Floats, high: Floats, truth: Floats, level: float) -> Floats:
    """Width of intervals plus 2/alpha times the distance by which they miss, all on one scale."""
    miss = np.maximum(low - truth, 0.0) + np.maximum(truth - high, 0.0)
    return np.asarray(high - low + 2 / (1 - level) * miss)
