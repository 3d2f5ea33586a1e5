"""Log-linear models with every interaction: how likely a whole table is, given how large they are.

With K lists there are 2**K cells, that of the unlisted among them. Their logarithms of expected persons are

    log mu(w) = sum over sets T of lists of b(T) * prod over a in T of z_a(w) + d(w),

z_a(w) being 1/2 where list a names the person and -1/2 where it does not. So b(ab) is the log odds ratio
of lists a and b, averaged evenly over what the other lists say, and b(abc) how far that of two differs
between the named and the unnamed of the third. All are normal: the constant and the single lists with
wide spreads; pairs around `mean` + `growth` (b(a) + b(b) + 3) / 2 with standard deviation `pairs`; sets
of three with `triples` and of more with `higher`, around 0. d is 0 but in the cell of the unlisted, where
it is normal with mean `beyond` and standard deviation `unlisted`. Cells are Poisson. The normal is
integrated by Laplace's method.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

from detcount.errors import ConvergenceError
from detcount.words import Message

__all__ = ["N_SLOPES", "Sizes", "log_evidence", "slopes_of_evidence"]

Floats = NDArray[np.float64]

N_SLOPES = 5  # the mean, growth, and the logarithms of pairs, triples and higher
_CONSTANT_SD, _LIST_MEAN, _LIST_SD = 10.0, -1.5, 3.0  # of b of no list, and of one: they say next to nothing
_STEPS = 200  # of Newton's method; eight are usual
_GAIN = 1e-10  # of a Newton step, relative to the log posterior: less is the end
_LEAST_STEP, _ROUNDING = 1e-12, 1e-13
_HALF = 0.5
_STIRLING = 1000.0  # the next term of Stirling's series is 3e-12 there


@dataclass(frozen=True)
class Sizes:
    """How large interactions are.

    Parameters
    ----------
    mean : float
        Mean log odds ratio of two lists.
    pairs, triples, higher : float
        Standard deviations of interactions of two lists, of three, and of more.
    growth : float, optional
        How much the mean grows with the log odds of being on a list, averaged over the two lists.
    beyond, unlisted : float, optional
        Mean and standard deviation of how far the logarithm of the unlisted lies above what interactions say.
    """

    mean: float
    pairs: float
    triples: float
    higher: float
    growth: float = 0.0
    beyond: float = 0.0
    unlisted: float = 0.0

    def scaled(self, factor: float) -> Sizes:
        """Standard deviations of interactions multiplied by a factor, the rest the same."""
        return replace(
            self, pairs=self.pairs * factor, triples=self.triples * factor, higher=self.higher * factor
        )


@dataclass(frozen=True, eq=False)
class _Geometry:
    """What tables of K lists have in common; set T of lists has the bits of its lists."""

    singles: Floats  # (2**K,), sums of z in each cell
    pairs: Floats  # (2**K,), sums of products of two
    order: NDArray[np.int64]  # (2**K,), of each set
    interactions: Floats  # (2**K, 2**K), from logarithms of cells to b of each set
    of_two: Floats  # the rows of pairs
    of_singles: Floats  # (pairs, 2**K): mean of b of the two lists of each pair
    half: float  # log determinant of `interactions`


@cache
def _geometry(n_lists: int) -> _Geometry:
    """Products of z, and what undoes them."""
    back: Floats = np.ones((1, 1))
    for _ in range(n_lists):
        back = np.asarray(np.kron([[0.5, 0.5], [-1.0, 1.0]], back), dtype=np.float64)
    cells = np.arange(1 << n_lists)
    order = np.bitwise_count(cells).astype(np.int64)
    total = ((cells[:, None] >> np.arange(n_lists) & 1) - 0.5).sum(axis=1)
    pairs = cells[order == 2]
    members = (pairs[:, None] >> np.arange(n_lists) & 1).astype(np.float64)
    return _Geometry(
        total,
        (total**2 - n_lists / 4) / 2,
        order,
        back,
        back[pairs],
        members / 2 @ back[1 << np.arange(n_lists)],
        float(np.linalg.slogdet(back)[1]),
    )


def _spreads(order: NDArray[np.int64], sizes: Sizes) -> Floats:
    """Standard deviation of b of each set."""
    return np.array([_CONSTANT_SD, _LIST_SD, sizes.pairs, sizes.triples, sizes.higher])[np.minimum(order, 4)]


def _residuals(n_lists: int, sizes: Sizes) -> Floats:
    """From logarithms of cells, less their mean, to independent standard normals, d left out."""
    geometry = _geometry(n_lists)
    rows = geometry.interactions.copy()
    rows[geometry.order == 2] -= sizes.growth * geometry.of_singles
    return np.asarray(rows / _spreads(geometry.order, sizes)[:, None])


def _prior(n_lists: int, sizes: Sizes) -> tuple[Floats, Floats, float]:
    """Mean of log expected persons, the constant around 0, their precision, and half its log determinant."""
    geometry = _geometry(n_lists)
    rows = _residuals(n_lists, sizes)
    precision = rows.T @ rows
    half = geometry.half - float(np.log(_spreads(geometry.order, sizes)).sum())
    if sizes.unlisted:
        variance = sizes.unlisted**2
        grown = 1 + variance * precision[0, 0]
        precision = precision - variance / grown * np.outer(precision[0], precision[0])
        half -= 0.5 * float(np.log(grown))
    mean = _LIST_MEAN * geometry.singles + sizes.mean * geometry.pairs
    mean[0] += sizes.beyond
    return mean, precision, half


def log_evidence(counts: Floats, sizes: Sizes, n_persons: Floats) -> Floats:
    """Give the logarithm of the probability of whole tables, up to Laplace's method.

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
        Natural logarithms.

    Raises
    ------
    ConvergenceError
        If Newton's method does not end.
    """
    shape, precision, half = _prior(counts.shape[1].bit_length() - 1, sizes)
    mean = np.log(n_persons)[:, None] + shape
    logs, best = _mode(counts, mean, precision)
    saturated = _at_own_mean(counts).sum(axis=1)  # which the log posterior leaves out
    curvature = np.linalg.slogdet(_curvature(np.exp(logs), precision))[1]
    return np.asarray(best + saturated + half - 0.5 * curvature)


def slopes_of_evidence(
    counts: Floats, sizes: Sizes, n_persons: Floats, start: Floats | None = None
) -> tuple[Floats, Floats, Floats]:
    """Give the logarithm of the probability of whole tables, and its derivatives.

    Parameters
    ----------
    counts, sizes, n_persons
        As of `log_evidence`; `unlisted` is 0.
    start : ndarray of float64, shape (n_tables, 2**K), optional
        Logarithms of expected persons from which the search begins.

    Returns
    -------
    tuple of ndarray of float64, of shapes (n_tables,), (N_SLOPES, n_tables) and (n_tables, 2**K)
        The evidence; its derivatives by the mean, by `growth`, and by the logarithms of `pairs`, `triples`
        and `higher`; and logarithms of expected persons at the greatest posterior.

    Raises
    ------
    ConvergenceError
        If Newton's method does not end.

    Notes
    -----
    With d the mode less its mean, Q the precision, H = Q + diag(mu) and g the sum of products of two z, the
    derivative by the mean is d'Qg, and by another number -d'Q'd/2 + half of the derivative of log det Q
    - tr(H^-1 Q')/2, Q' being the derivative of Q; the curvature at the mode moves with it, by half of the sum
    over cells of (H^-1)_cc mu_c times the derivative of the mode, H^-1 Q g and -H^-1 Q' d.
    """
    n_lists = counts.shape[1].bit_length() - 1
    geometry = _geometry(n_lists)
    shape, precision, half = _prior(n_lists, sizes)
    mean = np.log(n_persons)[:, None] + shape
    logs, best = _mode(counts, mean, precision, start)
    means = np.exp(logs)
    curvature = _curvature(means, precision)
    inverse = np.linalg.inv(curvature)
    value = best + _at_own_mean(counts).sum(axis=1) + half - 0.5 * np.linalg.slogdet(curvature)[1]
    away = logs - mean
    pull = np.diagonal(inverse, axis1=1, axis2=2) * means
    moved = np.einsum("tij,tj->ti", inverse, pull)  # what a push on the mode does to the curvature
    slopes = np.zeros((N_SLOPES, len(counts)))
    pushed = precision @ geometry.pairs
    slopes[0] = away @ pushed - 0.5 * (moved @ pushed)
    rows = _residuals(n_lists, sizes)
    changes = [_change_of_growth(geometry, rows, sizes)]
    for least, most in ((2, 2), (3, 3), (4, n_lists)):
        chosen = rows[(geometry.order >= least) & (geometry.order <= most)]
        changes.append((-2 * chosen.T @ chosen, -float(len(chosen))))
    for k, (change, half_log) in enumerate(changes, 1):
        force = away @ change
        trace = inverse.reshape(len(counts), -1) @ change.ravel()
        slopes[k] = half_log - 0.5 * trace - 0.5 * ((away - moved) * force).sum(axis=1)
    return np.asarray(value), slopes, logs


def _change_of_growth(geometry: _Geometry, rows: Floats, sizes: Sizes) -> tuple[Floats, float]:
    """Derivative of the precision by `growth`; its determinant does not move."""
    product = rows[geometry.order == 2].T @ (geometry.of_singles / sizes.pairs)
    return -(product + product.T), 0.0


def _mode(
    counts: Floats, mean: Floats, precision: Floats, start: Floats | None = None
) -> tuple[Floats, Floats]:
    """Logarithms of expected persons at the greatest posterior, and what it is there, by Newton's method."""
    logs = np.log(counts + _HALF) if start is None else start.copy()
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
            return logs, best
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
