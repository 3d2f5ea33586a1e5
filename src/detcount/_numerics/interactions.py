"""Log-linear models with every interaction, whose sizes come from populations of known size.

With K lists there are 2**K cells, that of the unlisted among them. Their logarithms of expected persons are

    log mu(w) = sum over sets T of lists of b(T) * prod over a in T of z_a(w),

z_a(w) being 1/2 where list a names the person and -1/2 where it does not. So b(ab) is the log odds ratio of
lists a and b, averaged evenly over what the other lists say, and b(abc) how far that of two differs between
the named and the unnamed of the third. All are normal: the constant and the single lists with wide spreads;
pairs around `mean` with standard deviation `pairs`; sets of three with `triples` and of more with `higher`,
around 0. Cells are Poisson. The normal is integrated by Laplace's method.

A population of known size shows all its cells, and so how likely `Sizes` are; of any other one cell is not
seen, and given sizes every count of it has its evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from math import comb

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtri, xlogy

from detcount.errors import ConvergenceError
from detcount.words import Message

__all__ = ["LearnedSizes", "Sizes", "Tabulated", "learn_sizes", "log_evidence", "unlisted"]

Floats = NDArray[np.float64]

_CONSTANT_SD, _LIST_MEAN, _LIST_SD = 10.0, -1.5, 3.0  # of b of no list, and of one: they say next to nothing
_MEAN_SD = 1.0  # of `mean`: odds ratios of a factor e either way are nothing unusual
_LOG_CENTRE, _LOG_SD = np.log(0.5), 1.0  # of log `pairs`, log `triples`, log `higher`
_N_SIZES = 4
_N_NODES = 48  # of the posterior of the sizes; a thousand move the limits of an estimate by a percent
_DIFFERENCE = 0.01  # of a size's logarithm, for derivatives
_FLAT = 1e-5  # slope of the log posterior at which the search ends: so near that platforms agree
_STEPS = 200  # of Newton's method; eight are usual
_GAIN = 1e-10  # of a Newton step, relative to the log posterior: less is the end
_LEAST_STEP, _ROUNDING = 1e-12, 1e-13
_HALF = 0.5
_STIRLING = 1000.0  # the next term of Stirling's series is 3e-12 there
_N_WHOLE = 32  # persons below which every number is added up
_COARSE = 1.0  # steps of log n_0 in the search for where its posterior lies
_NEGLIGIBLE = 25.0  # on the log scale: e-11 of the greatest density
_N_GRID, _N_FINE = 48, 4001
_FARTHEST = 60.0  # log n_0 - log n beyond which no posterior reaches


@dataclass(frozen=True)
class Sizes:
    """How large interactions are.

    Parameters
    ----------
    mean : float
        Mean log odds ratio of two lists.
    pairs, triples, higher : float
        Standard deviations of interactions of two lists, of three, and of more.
    """

    mean: float
    pairs: float
    triples: float
    higher: float


@dataclass(frozen=True, eq=False)
class LearnedSizes:
    """Posterior of the sizes of interactions, as weighted points.

    Parameters
    ----------
    points : tuple of Sizes
        Where the posterior is read.
    log_weights : ndarray of float64, shape (n_points,)
        Logarithms of their weights, which add up to 1.
    """

    points: tuple[Sizes, ...]
    log_weights: Floats

    @property
    def mean(self) -> Sizes:
        """Posterior mean of each size."""
        weights = np.exp(self.log_weights)
        values = np.array([(each.mean, each.pairs, each.triples, each.higher) for each in self.points])
        return Sizes(*(weights @ values).tolist())


@dataclass(frozen=True, eq=False)
class Tabulated:
    """A distribution of log n_0 by its distribution function at points.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        Increasing. The first stands for nobody, and may have probability.
    cumulatives : ndarray of float64, shape (n,)
        Probability of at most each value; linear between them.
    """

    values: Floats
    cumulatives: Floats

    def cumulative(self, value: float) -> float:
        """Probability of at most a value."""
        return float(np.interp(value, self.values, self.cumulatives, left=0.0))

    def draws(self, size: int, random: np.random.Generator) -> Floats:
        """Values drawn at random."""
        return np.asarray(np.interp(random.random(size), self.cumulatives, self.values))


@dataclass(frozen=True, eq=False)
class _Geometry:
    """What tables of K lists have in common: sums, over the sets of lists of each size, of products of z."""

    singles: Floats  # (2**K,), in each cell
    pairs: Floats  # (2**K,)
    projectors: Floats  # (K + 1, 2**K, 2**K), between cells, onto the interactions of each order


@cache
def _geometry(n_lists: int) -> _Geometry:
    """Elementary symmetric sums, of z in each cell and of its products between cells."""
    cells = np.arange(1 << n_lists)
    signs = (cells[:, None] >> np.arange(n_lists) & 1) - 0.5
    products = 4 * signs[:, None, :] * signs[None, :, :]
    sums = np.zeros((n_lists + 1, len(cells), len(cells)))
    sums[0] = 1.0
    for k in range(n_lists):
        for order in range(k + 1, 0, -1):
            sums[order] += products[:, :, k] * sums[order - 1]
    total = signs.sum(axis=1)
    return _Geometry(total, (total**2 - n_lists / 4) / 2, sums / len(cells))


def _prior(n_lists: int, sizes: Sizes) -> tuple[Floats, Floats, float]:
    """Mean of log expected persons, the constant around 0, their precision, and half its log determinant.

    Interactions of one order are an eigenspace: their products of z have length 2**K / 4**order.
    """
    geometry = _geometry(n_lists)
    spreads = [_CONSTANT_SD, _LIST_SD, sizes.pairs, sizes.triples][: n_lists + 1]
    spreads += [sizes.higher] * (n_lists - 3)
    orders = np.arange(n_lists + 1)
    variances = np.square(spreads) * 2.0 ** (n_lists - 2 * orders)
    precision = np.einsum("k,kij->ij", 1 / variances, geometry.projectors)
    half = -0.5 * float(np.log(variances) @ [comb(n_lists, order) for order in orders])
    return _LIST_MEAN * geometry.singles + sizes.mean * geometry.pairs, precision, half


def log_evidence(counts: Floats, sizes: Sizes, n_persons: Floats) -> Floats:
    """Logarithm of the probability of whole tables, up to Laplace's method.

    Parameters
    ----------
    counts : ndarray of float64, shape (n_tables, 2**K)
        Persons by capture history, the unlisted first, list k having bit k.
    sizes : Sizes
        Of the interactions.
    n_persons : ndarray of float64, shape (n_tables,)
        Where the constant of each is centred, persons; a power of ten more or less hardly matters.

    Returns
    -------
    ndarray of float64, shape (n_tables,)

    Raises
    ------
    ConvergenceError
        If Newton's method does not end.
    """
    n_cells = counts.shape[1]
    shape, precision, half = _prior(n_cells.bit_length() - 1, sizes)
    mean = np.log(n_persons)[:, None] + shape
    logs = np.log(counts + _HALF)
    best = _log_posterior(logs, counts, mean, precision)
    left = np.arange(len(counts))
    for _ in range(_STEPS):
        # The log posterior is concave: a step that goes down is halved.
        step = _newton_step(logs[left], counts[left], mean[left], precision)
        waiting, scale, gains = np.arange(len(left)), 1.0, np.zeros(len(left))
        while len(waiting) and scale > _LEAST_STEP:
            rows = left[waiting]
            trial_logs = logs[rows] + scale * step[waiting]
            trial = _log_posterior(trial_logs, counts[rows], mean[rows], precision)
            good = trial >= best[rows] - _ROUNDING * np.abs(best[rows])
            found = rows[good]
            gains[waiting[good]] = trial[good] - best[found]
            logs[found], best[found] = trial_logs[good], trial[good]
            waiting, scale = waiting[~good], scale / 2
        left = left[gains > _GAIN * (1 + np.abs(best[left]))]
        if len(left) == 0:
            saturated = _at_own_mean(counts).sum(axis=1)  # which the log posterior leaves out
            curvature = np.linalg.slogdet(_curvature(np.exp(logs), precision))[1]
            return np.asarray(best + saturated + half - 0.5 * curvature)
    raise ConvergenceError(Message("the interactions of a table: Newton's method did not end"), last=logs)


def _at_own_mean(counts: Floats) -> Floats:
    """Log probability of Poisson counts whose mean they are; by Stirling where the terms would cancel."""
    large = np.maximum(counts, _STIRLING)
    by_stirling = -0.5 * np.log(2 * np.pi * large) - 1 / (12 * large)
    return np.where(counts < _STIRLING, xlogy(counts, counts) - counts - gammaln(counts + 1), by_stirling)


def _log_posterior(logs: Floats, counts: Floats, mean: Floats, precision: Floats) -> Floats:
    """Without constants: each cell against its own mean, so that large counts lose no digits."""
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        above = logs - np.log(counts)
        fit = np.where(counts > 0, counts * (above - np.expm1(above)), -np.exp(logs)).sum(axis=1)
        away = logs - mean
        value = fit - 0.5 * ((away @ precision) * away).sum(axis=1)
    return np.where(np.isfinite(value), value, -np.inf)


def _curvature(means: Floats, precision: Floats) -> Floats:
    """Negative second derivative of the log posterior."""
    curvature = np.tile(precision, (len(means), 1, 1))
    diagonal = np.arange(len(precision))
    curvature[:, diagonal, diagonal] += means
    return curvature


def _newton_step(logs: Floats, counts: Floats, mean: Floats, precision: Floats) -> Floats:
    """Newton's step towards the greatest log posterior."""
    means = np.exp(logs)
    slope = counts - means - (logs - mean) @ precision
    return np.asarray(np.linalg.solve(_curvature(means, precision), slope[:, :, None])[:, :, 0])


def learn_sizes(tables: Sequence[Floats]) -> LearnedSizes:
    """Posterior of the sizes of interactions, from tables with every cell.

    Parameters
    ----------
    tables : sequence of ndarray of float64, shape (2**K,) each
        Persons by capture history in populations of known size, the unlisted first. K may differ.

    Returns
    -------
    LearnedSizes
        Points spread as the normal around the greatest posterior, weighted by what the posterior is there.
    """
    from scipy.optimize import minimize

    stacks = [
        np.array([table for table in tables if len(table) == n_cells], dtype=np.float64)
        for n_cells in sorted({len(table) for table in tables})
    ]

    def log_posterior(point: Floats) -> float:
        sizes = _sizes(point)
        known = sum(float(log_evidence(stack, sizes, stack.sum(axis=1)).sum()) for stack in stacks)
        return known - 0.5 * float(
            (point[0] / _MEAN_SD) ** 2 + (((point[1:] - _LOG_CENTRE) / _LOG_SD) ** 2).sum()
        )

    start = np.array([0.0, _LOG_CENTRE, _LOG_CENTRE, _LOG_CENTRE])
    found = minimize(
        lambda point: -log_posterior(point),
        start,
        jac=lambda point: -_slope(log_posterior, point),
        method="BFGS",
        options={"gtol": _FLAT},
    )
    factor = np.linalg.cholesky(np.linalg.inv(_second_slope(log_posterior, found.x)))
    normal = _normal_points(_N_NODES)
    points = found.x + normal @ factor.T
    log_weights = np.array([log_posterior(point) for point in points]) + 0.5 * (normal**2).sum(axis=1)
    log_weights -= np.logaddexp.reduce(log_weights)
    return LearnedSizes(tuple(_sizes(point) for point in points), log_weights)


def _sizes(point: Floats) -> Sizes:
    """Sizes of a point: the mean, and logarithms of the others."""
    return Sizes(float(point[0]), *np.exp(point[1:]).tolist())


def _slope(function: Callable[[Floats], float], point: Floats) -> Floats:
    """First derivative by differences."""
    steps = _DIFFERENCE * np.eye(len(point))
    return np.array([function(point + step) - function(point - step) for step in steps]) / (2 * _DIFFERENCE)


def _second_slope(function: Callable[[Floats], float], point: Floats) -> Floats:
    """Negative second derivative by differences of the first, no direction flatter than a normal of 1."""
    steps = _DIFFERENCE * np.eye(len(point))
    second = np.array([_slope(function, point + step) - _slope(function, point - step) for step in steps])
    second = -(second + second.T) / (4 * _DIFFERENCE)
    values, vectors = np.linalg.eigh(second)
    return np.asarray((vectors * np.maximum(values, 1.0)) @ vectors.T)


@cache
def _normal_points(size: int) -> Floats:
    """Points spread evenly over the normal in four dimensions, with its mean and covariance (Roberts)."""
    ratio = 2.0
    for _ in range(60):
        ratio = (1 + ratio) ** (1 / (_N_SIZES + 1))
    steps = ratio ** -np.arange(1.0, _N_SIZES + 1)
    points = ndtri((_HALF + np.outer(np.arange(1, size // 2 + 1), steps)) % 1.0)
    points = np.concatenate([points, -points])
    whitening = np.linalg.inv(np.linalg.cholesky(points.T @ points / len(points)))
    return np.asarray(points @ whitening.T)


def unlisted(counts: Floats, learned: LearnedSizes) -> Tabulated:
    """Posterior of log n_0, the persons on no list, of a table.

    Parameters
    ----------
    counts : ndarray of float64, shape (2**K,)
        Persons by capture history, the unlisted first; that cell is not read.
    learned : LearnedSizes
        Sizes of interactions.

    Returns
    -------
    Tabulated
        n_0 counts as nobody below half a person.

    Raises
    ------
    ConvergenceError
        If Newton's method does not end, or the posterior has no upper end.
    """
    n_observed = float(counts[1:].sum())

    def evidence(n_unlisted: Floats, sizes: Sizes) -> Floats:
        tables = np.tile(counts, (len(n_unlisted), 1))
        tables[:, 0] = n_unlisted
        return log_evidence(tables, sizes, np.full(len(tables), n_observed))

    def mixed(n_unlisted: Floats) -> Floats:
        by_point = np.array([evidence(n_unlisted, sizes) for sizes in learned.points])
        return np.asarray(np.logaddexp.reduce(by_point + learned.log_weights[:, None], axis=0))

    low, high = _reach(lambda values: evidence(np.exp(values), learned.mean) + values, n_observed)
    log_masses = np.zeros(0)
    if low <= np.log(_HALF):
        log_masses = mixed(np.arange(float(_N_WHOLE)))
        low = np.log(_N_WHOLE - _HALF)
        high = max(high, low + _COARSE)
    grid = np.linspace(low, high, _N_GRID)
    return _tabulated(grid, mixed(np.exp(grid)) + grid, log_masses)


def _reach(log_density: Callable[[Floats], Floats], n_observed: float) -> tuple[float, float]:
    """From where to where a density of log n_0 is not negligible."""
    low, high = np.log(_HALF), np.log(n_observed) + 4 * _COARSE
    while True:
        values = np.arange(low, high + _COARSE, _COARSE)
        density = log_density(values)
        enough = density > density.max() - _NEGLIGIBLE
        if not enough[-1]:
            last = int(np.flatnonzero(enough)[-1])
            first = int(np.flatnonzero(enough)[0])
            return float(values[max(first - 1, 0)]), float(values[last + 1])
        if high > np.log(n_observed) + _FARTHEST:
            raise ConvergenceError(
                Message("the persons on no list: their posterior has no upper end"), last=density
            )
        high += 8 * _COARSE


def _tabulated(grid: Floats, log_density: Floats, log_masses: Floats) -> Tabulated:
    """Distribution function by a spline through the log density, above whole numbers from 0, if any."""
    from scipy.interpolate import CubicSpline

    values = np.linspace(grid[0], grid[-1], _N_FINE)
    top = max(log_density.max(), log_masses.max(initial=-np.inf))
    density = np.exp(CubicSpline(grid, log_density)(values) - top)
    steps = 0.5 * (density[1:] + density[:-1]) * np.diff(values)
    if len(log_masses) == 0:
        cumulatives = np.concatenate([[0.0], np.cumsum(steps)])
        return Tabulated(values, cumulatives / cumulatives[-1])
    masses = np.exp(log_masses - top)
    # A whole number ends half a person above it; nobody is an atom below half a person.
    ends = np.log(np.arange(len(masses)) + _HALF)
    values = np.concatenate([[ends[0] - np.log(2.0)], ends, values[1:]])
    cumulatives = np.cumsum(np.concatenate([masses[:1], [0.0], masses[1:], steps]))
    return Tabulated(values, cumulatives / cumulatives[-1])
