"""Log-linear models with every interaction: how likely a whole table is, given how large they are.

With K lists there are 2**K cells, that of the unlisted among them. Their logarithms of expected persons are

    log mu(w) = sum over sets T of lists of b(T) * prod over a in T of z_a(w),

z_a(w) being 1/2 where list a names the person and -1/2 where it does not. So b(ab) is the log odds ratio of
lists a and b, averaged evenly over what the other lists say, and b(abc) how far that of two differs between
the named and the unnamed of the third. All are normal: the constant and the single lists with wide spreads;
pairs around `mean` with standard deviation `pairs`; sets of three with `triples` and of more with `higher`,
around 0. Cells are Poisson. The normal is integrated by Laplace's method.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from math import comb
from typing import NamedTuple

import numpy as np
from scipy.special import gammaln, ndtr, xlogy

from detcount._numerics.arrays import Bools, Floats, bincount
from detcount.errors import ConvergenceError
from detcount.words import Message


@dataclass(frozen=True)
class Priors:
    """Priors of a log-linear model with every interaction.

    Parameters
    ----------
    n_sizes : int, orders
        Standard deviations learned: of the mean, pairs, triples and larger sets. Scored in
        benchmarks/results/calibration_choice.md.
    low : float, log
        Lowest log of the scale of one source. Scored in benchmarks/results/calibration_choice.md.
    high : float, log
        Highest log of the scale of one source. Scored in benchmarks/results/calibration_choice.md.
    constant_sd : float, log
        Standard deviation of the constant. Convention: next to no information.
    list_mean : float, log odds
        Mean of the effect of a list. Convention: lists name a minority.
    list_sd : float, log odds
        Standard deviation of the effect of a list. Convention: next to no information.
    """

    n_sizes: int = 4
    low: float = -2.0
    high: float = 2.5
    constant_sd: float = 10.0
    list_mean: float = -1.5
    list_sd: float = 3.0


PRIORS = Priors()
N_SIZES = PRIORS.n_sizes
LOW = PRIORS.low
HIGH = PRIORS.high


@dataclass(frozen=True)
class Tuning:
    """Newton's method for the mode of a table.

    Parameters
    ----------
    farthest : float, normal scores
        Largest score of the scale of one source. Scored in benchmarks/results/calibration_choice.md.
    cut : float, normal score
        Tail of the scale's distribution that is cut: 2%. Scored in benchmarks/results/calibration_choice.md.
    steps : int, steps
        Most Newton steps; eight are usual. Computational (`test_numbers`).
    gain : float, log posterior, relative
        Gain of a step at which the search ends. Computational (`test_numbers`).
    least_step : float
        Shortest step. Computational (`test_numbers`).
    rounding : float, relative
        Change of a log posterior that counts as rounding. Computational (`test_numbers`).
    stirling : float, persons
        Count from which Stirling's series replaces log gamma. Computational (`test_numbers`).
    """

    farthest: float = 4.0
    cut: float = 2.0537489106318225
    steps: int = 200
    gain: float = 1e-10
    least_step: float = 1e-12
    rounding: float = 1e-13
    stirling: float = 1000.0


TUNING = Tuning()


@dataclass(frozen=True)
class Sizes:
    """Prior of the size of interactions.

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

    def scaled(self, factor: float) -> Sizes:
        """The same mean, and standard deviations multiplied by a factor."""
        return Sizes(self.mean, self.pairs * factor, self.triples * factor, self.higher * factor)


@dataclass(frozen=True)
class FittedSizes:
    """Fitted size of interactions, and its variation between sources.

    Parameters
    ----------
    sizes : Sizes
        Sizes of a source whose lambda is 1.
    omega : float
        Spread of the logarithm of lambda.
    """

    sizes: Sizes
    omega: float


def factors_of(omega: float, n_scores: int, *, cut: bool = False) -> tuple[Floats, Floats]:
    """Give possible values of lambda for a table at hand, with their probabilities.

    Parameters
    ----------
    omega : float
        Spread of log lambda.
    n_scores : int
        Number of evenly spaced normal scores at which zeta is evaluated.
    cut : bool, optional
        Whether what lies outside its central 96% is cut off.

    Returns
    -------
    tuple of ndarray of float64
        Values of lambda, ascending, and the logarithms of their probabilities.
    """
    zeta, log_weights = student(n_scores, TUNING.cut if cut else TUNING.farthest)
    weights = np.exp(log_weights)
    if cut:
        weights[[0, -1]] *= 0.5  # half a step each, where the density does not end near 0
        weights /= weights.sum()
    shifts, place = np.unique(np.clip(omega * zeta, LOW, HIGH), return_inverse=True)
    return np.exp(shifts), np.log(bincount(place, weights=weights))


@cache
def student(n_scores: int, farthest: float = TUNING.farthest) -> tuple[Floats, Floats]:
    """Values of zeta at evenly spaced normal scores, and logarithms of their probabilities.

    The quantile of the t-distribution of four degrees of freedom has a closed form (Shaw 2006).
    """
    scores = np.linspace(-farthest, farthest, n_scores)
    tail = ndtr(-np.abs(scores))
    alpha = 4 * tail * (1 - tail)
    root = np.cos(np.arccos(np.sqrt(alpha)) / 3) / np.sqrt(alpha)
    zeta = np.sign(scores) * 2 * np.sqrt(np.maximum(root - 1, 0.0))
    log_weights = -0.5 * scores**2
    return zeta, log_weights - np.logaddexp.reduce(log_weights)


@dataclass(frozen=True, eq=False)
class _Geometry:
    """Sums shared by all tables of K lists: over the sets of lists of each size, of products of z."""

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


def _variances(n_lists: int, sizes: Sizes) -> Floats:
    """Variance of log expected persons by order of interaction.

    Interactions of one order are an eigenspace: their products of z have length 2**K / 4**order.
    """
    spreads = [PRIORS.constant_sd, PRIORS.list_sd, sizes.pairs, sizes.triples][: n_lists + 1]
    spreads += [sizes.higher] * (n_lists - 3)
    return np.asarray(np.square(spreads) * 2.0 ** (n_lists - 2 * np.arange(n_lists + 1)))


@lru_cache(maxsize=64)  # the values of lambda at which tables are looked at again and again
def _prior(n_lists: int, sizes: Sizes) -> tuple[Floats, Floats, float]:
    """Mean of log expected persons, the constant around 0, their precision, and half its log determinant."""
    geometry = _geometry(n_lists)
    orders = np.arange(n_lists + 1)
    variances = _variances(n_lists, sizes)
    precision = np.einsum("k,kij->ij", 1 / variances, geometry.projectors)
    half = -0.5 * float(np.log(variances) @ [comb(n_lists, order) for order in orders])
    return PRIORS.list_mean * geometry.singles + sizes.mean * geometry.pairs, precision, half


def log_evidence(counts: Floats, sizes: Sizes, n_persons: Floats) -> Floats:
    """Give the logarithm of the probability of whole tables; see `evidence_and_modes`."""
    return evidence_and_modes(counts, sizes, n_persons)[0]


def evidence_and_modes(
    counts: Floats, sizes: Sizes, n_persons: Floats, start: Floats | None = None
) -> tuple[Floats, Floats]:
    """Give the logarithm of the probability of whole tables, up to Laplace's method, and their modes.

    Parameters
    ----------
    counts : ndarray of float64, shape (n_tables, 2**K)
        Persons by capture history, the unlisted first, list k having bit k.
    sizes : Sizes
        Of the interactions.
    n_persons : ndarray of float64, shape (n_tables,)
        Where the constant of each is centred, persons; a power of ten more or less hardly matters.
    start : ndarray of float64, shape (n_tables, 2**K), optional
        Logarithms of expected persons to begin from, such as the modes of tables nearby.

    Returns
    -------
    tuple of ndarray of float64, of shapes (n_tables,) and (n_tables, 2**K)
        Natural logarithms of the evidence, and of the expected persons at the greatest posterior.

    Raises
    ------
    ConvergenceError
        If Newton's method does not end.
    """
    shape, precision, half = _prior(counts.shape[1].bit_length() - 1, sizes)
    mean = np.log(n_persons)[:, None] + shape
    logs, best = _mode(counts, mean, precision, start)
    saturated = _at_own_mean(counts).sum(axis=1)  # which the log posterior leaves out
    curvature = np.linalg.slogdet(_curvature(np.exp(logs), precision))[1]
    return np.asarray(best + saturated + half - 0.5 * curvature), logs


def slopes_of_evidence(counts: Floats, sizes: Sizes, n_persons: Floats) -> tuple[Floats, Floats]:
    """Give the logarithm of the probability of whole tables, and its derivatives.

    Parameters
    ----------
    counts, sizes, n_persons
        As of `log_evidence`.

    Returns
    -------
    tuple of ndarray of float64, of shapes (n_tables,) and (N_SIZES, n_tables)
        The evidence; its derivatives by the mean and by the logarithms of `pairs`, `triples` and `higher`.

    Raises
    ------
    ConvergenceError
        If Newton's method does not end.

    Notes
    -----
    With d the mode less its mean, Q the precision, P_k the part of order k of it, H = Q + diag(mu) and g the
    sum of products of two z, the derivative by the mean is d'Qg, and by the logarithm of a size with d'P_k d
    - rank(P_k) + tr(H^-1 P_k); the curvature at the mode moves with it, by half of the sum over cells of
    (H^-1)_cc mu_c times the derivative of the mode, H^-1 Q g and 2 H^-1 P_k d.
    """
    n_lists = counts.shape[1].bit_length() - 1
    geometry = _geometry(n_lists)
    shape, precision, half = _prior(n_lists, sizes)
    mean = np.log(n_persons)[:, None] + shape
    logs, best = _mode(counts, mean, precision)
    means = np.exp(logs)
    curvature = _curvature(means, precision)
    inverse = np.linalg.inv(curvature)
    value = best + _at_own_mean(counts).sum(axis=1) + half - 0.5 * np.linalg.slogdet(curvature)[1]
    away = logs - mean
    pull = np.diagonal(inverse, axis1=1, axis2=2) * means
    moved = np.einsum("tij,tj->ti", inverse, pull)  # what a push on the mode does to the curvature
    slopes = np.zeros((N_SIZES, len(counts)))
    pushed = precision @ geometry.pairs
    slopes[0] = away @ pushed - 0.5 * (moved @ pushed)
    variances = _variances(n_lists, sizes)
    for order in range(2, n_lists + 1):
        part = geometry.projectors[order] / variances[order]
        force = away @ part
        trace = np.einsum("tij,ij->t", inverse, part)
        slopes[min(order - 1, N_SIZES - 1)] += (
            (away * force).sum(axis=1) - comb(n_lists, order) + trace - (moved * force).sum(axis=1)
        )
    return np.asarray(value), slopes


def _mode(
    counts: Floats, mean: Floats, precision: Floats, start: Floats | None = None
) -> tuple[Floats, Floats]:
    """Logarithms of expected persons at the greatest posterior, and what it is there, by Newton's method."""
    logs = np.log(counts + 0.5) if start is None else start.copy()
    cells = _cells(counts, mean)
    best = _log_posterior(logs, cells, precision)
    left = np.arange(len(counts))
    for _ in range(TUNING.steps):
        # The log posterior is concave: a step that goes down is halved.
        before = best[left]
        at, top, rows, waiting = logs[left], before, left, cells
        step, scale = _newton_step(at, cells, precision), 1.0
        while scale > TUNING.least_step:
            trial_logs = at + scale * step
            trial = _log_posterior(trial_logs, waiting, precision)
            good = trial >= top - TUNING.rounding * np.abs(top)
            if good.all():
                logs[rows], best[rows] = trial_logs, trial
                break
            logs[rows[good]], best[rows[good]] = trial_logs[good], trial[good]
            at, top, rows, step, waiting = at[~good], top[~good], rows[~good], step[~good], waiting.of(~good)
            scale /= 2
        reached = best[left]
        moving = reached - before > TUNING.gain * (1 + np.abs(reached))
        if not moving.all():
            left, cells = left[moving], cells.of(moving)
        if len(left) == 0:
            return logs, best
    raise ConvergenceError(Message("the interactions of a table: Newton's method did not end"), last=logs)


class _Cells(NamedTuple):
    """Persons by cell of several tables, and the means of the logarithms of their expectation."""

    counts: Floats
    logs: Floats
    named: Bools  # cells with anybody
    mean: Floats

    def of(self, rows: Bools) -> _Cells:
        """Some of the tables."""
        return _Cells(self.counts[rows], self.logs[rows], self.named[rows], self.mean[rows])


def _cells(counts: Floats, mean: Floats) -> _Cells:
    """Tables with what each step of Newton's method asks of them."""
    with np.errstate(divide="ignore"):
        return _Cells(counts, np.log(counts), counts > 0, mean)


def _at_own_mean(counts: Floats) -> Floats:
    """Log probability of Poisson counts whose mean they are; by Stirling where the terms would cancel."""
    large = np.maximum(counts, TUNING.stirling)
    by_stirling = -0.5 * np.log(2 * np.pi * large) - 1 / (12 * large)
    return np.where(
        counts < TUNING.stirling, xlogy(counts, counts) - counts - gammaln(counts + 1), by_stirling
    )


def _log_posterior(logs: Floats, cells: _Cells, precision: Floats) -> Floats:
    """Without constants: each cell against its own mean, so that large counts lose no digits."""
    with np.errstate(over="ignore", invalid="ignore"):
        above = logs - cells.logs
        fit = np.where(cells.named, cells.counts * (above - np.expm1(above)), -np.exp(logs))
        away = logs - cells.mean
        value = np.add.reduce(fit, axis=1) - 0.5 * np.add.reduce((away @ precision) * away, axis=1)
    return np.where(np.isfinite(value), value, -np.inf)


def _curvature(means: Floats, precision: Floats) -> Floats:
    """Negative second derivative of the log posterior."""
    n_tables, n_cells = means.shape
    curvature = np.empty((n_tables, n_cells, n_cells))
    curvature[:] = precision
    curvature.reshape(n_tables, -1)[:, :: n_cells + 1] += means  # the diagonals
    return curvature


def _newton_step(logs: Floats, cells: _Cells, precision: Floats) -> Floats:
    """Newton's step towards the greatest log posterior."""
    means = np.exp(logs)
    slope = cells.counts - means - (logs - cells.mean) @ precision
    return np.asarray(np.linalg.solve(_curvature(means, precision), slope[:, :, None])[:, :, 0])
