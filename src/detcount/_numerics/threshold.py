"""Dropping the interactions of a Poisson log-linear model whose posterior is near zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.existence import extended_support
from detcount._numerics.hierarchy import number_of_lists, sizes
from detcount._numerics.importance import TRUSTED_SHAPE, effective_size, pareto_shape
from detcount._numerics.laplace import posterior_modes, propose

_N_DRAWS = 20_000
_MORE = 4  # times as many draws, once, where the effective size of the first is too small
_ENOUGH = 2000  # effective draws, for limits within a few per cent of a standard deviation


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

    codes: NDArray[np.int64]
    empty: NDArray[np.int64]
    means: NDArray[np.float64]
    deviations: NDArray[np.float64]
    coefficients: NDArray[np.float64]
    log_weights: NDArray[np.float64]
    effective_size: float
    pareto_shape: float

    @property
    def log_unobserved(self) -> NDArray[np.float64]:
        """Draws of the logarithm of the expected persons on no list."""
        return self.coefficients[:, 0]

    @property
    def ratios(self) -> NDArray[np.float64]:
        """Posterior means in standard deviations, without sign."""
        return np.abs(self.means / self.deviations)


def term_posterior(
    model: NDArray[np.bool_], cells: NDArray[np.float64], precision: float, random: np.random.Generator
) -> TermPosterior:
    """Posterior with flat priors on intercept and main effects, N(0, 1/precision) on interactions.

    With precision 0 all priors are flat and terms that nobody shows are at minus infinity.
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
    for n_draws in (_N_DRAWS, _MORE * _N_DRAWS):
        drawn = propose(modes, 0, design, cells[rows], precisions, n_draws, random)
        effective, shape = effective_size(drawn.log_weights), pareto_shape(drawn.log_weights)
        if effective >= _ENOUGH and shape <= TRUSTED_SHAPE:
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


def log_means(posterior: TermPosterior, n_lists: int, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Logarithms of the expected persons with each history that can be observed, for some of the draws."""
    cells = np.arange(1, 1 << n_lists)
    design = (posterior.codes & ~cells[:, None] == 0).astype(np.float64)
    found = posterior.coefficients[rows] @ design.T
    for code in posterior.empty.tolist():
        found[:, code & ~cells == 0] = -np.inf
    return np.asarray(found)


def keep_large(
    model: NDArray[np.bool_], posterior: TermPosterior, size: int, threshold: float
) -> NDArray[np.bool_]:
    """Drop the terms of one size whose mean is less than so many standard deviations from 0."""
    kept = model.copy()
    of_size = sizes(number_of_lists(len(model)))[posterior.codes] == size
    kept[posterior.codes[of_size & (posterior.ratios < threshold)]] = False
    return kept


def with_triples(model: NDArray[np.bool_], empty: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Add every term of three lists whose three pairs are in the model with finite coefficients."""
    n_lists = number_of_lists(len(model))
    finite = model.copy()
    finite[empty] = False
    larger = model.copy()
    for code in np.flatnonzero(sizes(n_lists) == 3).tolist():
        larger[code] = all(finite[code & ~(1 << k)] for k in range(n_lists) if code >> k & 1)
    return larger
