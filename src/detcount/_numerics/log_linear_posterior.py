"""Posteriors of log-linear models: one with thresholds, and the average over all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from detcount._numerics.arrays import Bools, Floats, Ints, bincount
from detcount._numerics.existence import extended_support
from detcount._numerics.laplace import Modes, evidence, posterior_modes, propose
from detcount._numerics.monte_carlo import TRUSTED_SHAPE, effective_size, pareto_shape
from detcount._numerics.patterns import number_of_lists, sizes


@dataclass(frozen=True)
class Tuning:
    """Importance sampling of log-linear models.

    Parameters
    ----------
    draws : int, draws
        Draws of the first round. Convention: limits within a few per cent of a standard deviation.
    more : int, times
        Factor of the second round, where the first is too small. Convention: four times.
    enough : int, effective draws
        Effective size that is enough. Convention: limits within a few per cent of a standard deviation.
    doubles : int, doubles
        Doubles in a stack of designs. Computational (`test_numbers`).
    far : float, log
        Log evidence behind the best from which a model is dropped. Convention: 1e-7 of its weight.
    coarse : tuple of float, log s
        Scales at which models are first compared. Convention: the range of s in steps of 0.75.
    step : float, log s
        Step of the grid of scales. Convention: halving it changes no printed figure.
    reach : tuple of float, log s
        Range of the grid of scales. Convention: s from 1/12 to 20.
    """

    draws: int = 20_000
    more: int = 4
    enough: int = 2000
    doubles: int = 1 << 21
    far: float = 16.0
    coarse: tuple[float, ...] = (-1.25, -0.5, 0.25, 1.0)
    step: float = 0.25
    reach: tuple[float, float] = (-2.5, 3.0)


TUNING = Tuning()


@dataclass(frozen=True)
class TermPosterior:
    """Posterior of the coefficients of one model.

    Parameters
    ----------
    codes : ndarray of int64, shape (p,)
        Terms with a finite coefficient, the intercept first.
    empty : ndarray of int64, shape (q,)
        Terms at minus infinity.
    means, deviations : ndarray of float64, shape (p,)
        Posterior means and standard deviations.
    coefficients : ndarray of float64, shape (n_draws, p)
        Draws of the coefficients.
    log_weights : ndarray of float64, shape (n_draws,)
        Logarithms of their importance weights.
    effective_size, pareto_shape : float
        Effective size of the weighted draws, and how heavy the tail of the weights is.
    """

    codes: Ints
    empty: Ints
    means: Floats
    deviations: Floats
    coefficients: Floats
    log_weights: Floats
    effective_size: float
    pareto_shape: float

    @property
    def log_unobserved(self) -> Floats:
        """Draws of the logarithm of the expected persons on no list."""
        return self.coefficients[:, 0]

    @property
    def ratios(self) -> Floats:
        """Posterior means in standard deviations, without sign."""
        return np.abs(self.means / self.deviations)


def term_posterior(
    model: Bools, cells: Floats, precision: float, random: np.random.Generator
) -> TermPosterior:
    """Posterior with flat priors on intercept and main effects, N(0, 1/precision) on interactions.

    With precision 0 all priors are flat, and terms whose lists share nobody are at minus infinity.
    """
    size = sizes(number_of_lists(len(model)))
    if precision > 0:
        terms, kept = model, np.arange(len(model)) > 0
    else:
        support = extended_support(model, cells)
        terms, kept = support[0][0], support[1][0]
    codes, rows = np.flatnonzero(terms), np.flatnonzero(kept)
    precisions = np.where(size[codes] > 1, precision, 0.0)
    design = (codes & ~rows[:, None] == 0).astype(np.float64)
    modes = posterior_modes(design[None], cells[rows], precisions)
    for n_draws in (TUNING.draws, TUNING.more * TUNING.draws):
        drawn = propose(modes, 0, design, cells[rows], precisions, n_draws, random)
        effective, shape = effective_size(drawn.log_weights), pareto_shape(drawn.log_weights)
        if effective >= TUNING.enough and shape <= TRUSTED_SHAPE:
            break
    weights = np.exp(drawn.log_weights - drawn.log_weights.max())
    weights /= weights.sum()
    means = weights @ drawn.coefficients
    deviations = np.sqrt(weights @ (drawn.coefficients - means) ** 2)
    return TermPosterior(
        codes,
        np.flatnonzero(model & ~terms),
        means,
        deviations,
        drawn.coefficients,
        drawn.log_weights,
        effective,
        shape,
    )


def log_means(posterior: TermPosterior, n_lists: int, rows: Ints) -> Floats:
    """Logarithms of the expected persons with each history that can be observed, for some of the draws."""
    cells = np.arange(1, 1 << n_lists)
    design = (posterior.codes & ~cells[:, None] == 0).astype(np.float64)
    found = posterior.coefficients[rows] @ design.T
    for code in posterior.empty.tolist():
        found[:, code & ~cells == 0] = -np.inf
    return np.asarray(found)


def keep_large(model: Bools, posterior: TermPosterior, size: int, threshold: float) -> Bools:
    """Drop the terms of one size whose mean is less than so many standard deviations from 0."""
    kept = model.copy()
    of_size = sizes(number_of_lists(len(model)))[posterior.codes] == size
    kept[posterior.codes[of_size & (posterior.ratios < threshold)]] = False
    return kept


def with_triples(model: Bools, empty: Ints) -> Bools:
    """Add every term of three lists whose three pairs are in the model with finite coefficients."""
    n_lists = number_of_lists(len(model))
    finite = model.copy()
    finite[empty] = False
    larger = model.copy()
    for code in np.flatnonzero(sizes(n_lists) == 3).tolist():
        larger[code] = all(finite[code & ~(1 << k)] for k in range(n_lists) if code >> k & 1)
    return larger


# Bayesian averaging of Poisson log-linear models: which model, its coefficients, and N, in one
# weighting.
#
# Coefficients have sum-to-zero coding, +1 for the persons on an even number of the lists of a term
# and -1 for the others: then the unit-information prior of Ntzoufras, Dellaportas and Forster (2003)
# makes them independent N(0, s^2) with s = 1, whatever the model. The intercept is flat, which is
# p(N) ~ 1/N.


@dataclass(frozen=True)
class Priors:
    """Prior of the effects of log-linear models.

    Parameters
    ----------
    shape : float, Gamma
        Shape and rate of the prior of 1/s^2. Their default (Overstall 2014).
    """

    shape: float = 0.0005


PRIORS = Priors()


@dataclass(frozen=True)
class AveragedPosterior:
    """Weighted draws over models, scales and coefficients.

    Parameters
    ----------
    models : ndarray of int64, shape (n_draws,)
        Row of the model of each draw.
    unobserved_means : ndarray of float64, shape (n_draws,)
        Expected persons on no list.
    log_means : ndarray of float64, shape (n_draws, 2**K - 1)
        Logarithms of the expected persons with each history that can be observed.
    log_weights : ndarray of float64, shape (n_draws,)
        Logarithms of their importance weights.
    probabilities : ndarray of float64, shape (n_models,)
        Posterior probability of each model; 0 where it got no draw.
    scales : ndarray of float64, shape (n_draws,)
        Prior standard deviation s of each draw.
    effective_size, pareto_shape : float
        Effective size of the weighted draws, and how heavy the tail of the weights is.
    """

    models: Ints
    unobserved_means: Floats
    log_means: Floats
    log_weights: Floats
    probabilities: Floats
    scales: Floats
    effective_size: float
    pareto_shape: float


def sign_design(n_lists: int) -> Floats:
    """Sum-to-zero design of all cells by all terms: (-1) to the lists shared by cell and term."""
    codes = np.arange(1 << n_lists)
    odd = np.bitwise_count(codes[:, None] & codes) & 1
    return np.where(odd == 1, -1.0, 1.0)


def scale_grid() -> tuple[Floats, Floats]:
    """Values of s with the logarithms of their prior weights, 1/s^2 gamma and nearly flat in log s."""
    log_scale = np.arange(TUNING.reach[0], TUNING.reach[1] + TUNING.step / 2, TUNING.step)
    precision = np.exp(-2 * log_scale)
    a = PRIORS.shape
    log_prior = a * np.log(a) - gammaln(a) + a * np.log(precision) - a * precision
    return np.exp(log_scale), log_prior + np.log(2 * TUNING.step)


def log_evidences(
    models: Bools, cells: Floats, scale: float
) -> tuple[Floats, list[tuple[NDArray[np.intp], Modes]]]:
    """Log marginal likelihood of each model by Laplace, and the modes, in groups of as many terms."""
    design = sign_design(number_of_lists(len(cells)))[1:]
    counts = cells[1:]
    found = np.empty(len(models))
    groups = []
    n_terms = models.sum(axis=1)
    for p in np.unique(n_terms):
        members = np.flatnonzero(n_terms == p)
        precision = np.full(p, scale**-2.0)
        precision[0] = 0.0
        step = max(1, TUNING.doubles // (design.shape[0] * int(p)))
        for low in range(0, len(members), step):
            rows = members[low : low + step]
            codes = np.nonzero(models[rows])[1].reshape(len(rows), p)
            modes = posterior_modes(design[:, codes].transpose(1, 0, 2), counts, precision)
            found[rows] = evidence(modes, counts, precision)
            groups.append((rows, modes))
    return found, groups


def averaged_posterior(
    models: Bools, cells: Floats, *, estimated_scale: bool, n_draws: int, random: np.random.Generator
) -> AveragedPosterior:
    """Draw models by their evidence, coefficients around their modes, and weigh both at once."""
    if estimated_scale:
        scales, log_prior = scale_grid()
        first = np.array([log_evidences(models, cells, s)[0] for s in np.exp(TUNING.coarse)])
        near = np.flatnonzero((first > first.max() - TUNING.far).any(axis=0))
    else:
        scales, log_prior = np.ones(1), np.zeros(1)
        near = np.arange(len(models))
    fits = [log_evidences(models[near], cells, float(s)) for s in scales]
    log_shares = np.array([values for values, _ in fits]) + log_prior[:, None]
    log_shares -= log_shares.max()
    shares = np.exp(log_shares)
    shares[log_shares < -TUNING.far] = 0.0
    shares /= shares.sum()
    n_of = _allocate(shares.ravel(), n_draws, random).reshape(shares.shape)
    design = sign_design(number_of_lists(len(cells)))[1:]
    which: list[Ints] = []
    means: list[Floats] = []
    log_means: list[Floats] = []
    weights: list[Floats] = []
    drawn_scales: list[Floats] = []
    for s, (_, groups) in enumerate(fits):
        for rows, modes in groups:
            for place in np.flatnonzero(n_of[s, rows]).tolist():
                row = rows[place]
                n = int(n_of[s, row])
                codes = np.flatnonzero(models[near[row]])
                precision = np.full(len(codes), scales[s] ** -2.0)
                precision[0] = 0.0
                drawn = propose(modes, place, design[:, codes], cells[1:], precision, n, random)
                with np.errstate(over="ignore"):  # of draws whose weight is nothing
                    means.append(np.exp(drawn.coefficients.sum(axis=1)))  # in the unseen cell all signs are +
                log_means.append(drawn.log_means)
                weights.append(drawn.log_weights + log_prior[s] - np.log(shares[s, row]))
                which.append(np.full(n, near[row]))
                drawn_scales.append(np.full(n, scales[s]))
    log_weights = np.concatenate(weights)
    drawn_models = np.concatenate(which)
    weight = np.exp(log_weights - log_weights.max())
    return AveragedPosterior(
        drawn_models,
        np.concatenate(means),
        np.concatenate(log_means),
        log_weights,
        bincount(drawn_models, weight, minlength=len(models)) / weight.sum(),
        np.concatenate(drawn_scales),
        effective_size(log_weights),
        pareto_shape(log_weights),
    )


def _allocate(shares: Floats, n_draws: int, random: np.random.Generator) -> Ints:
    """Number of draws of each share: less than one from the exact number, and equal to it on average."""
    edges = np.floor(np.concatenate([[0.0], np.cumsum(shares)]) * n_draws + random.random())
    return np.diff(edges).astype(np.int64)
