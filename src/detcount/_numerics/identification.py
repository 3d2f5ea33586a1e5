"""Unlisted persons from the observed cells and one stated assumption.

Given the odds psi = pi_0/(1 - pi_0) of being on no list, the persons listed are binomial, and the cells
that they fall into say nothing more of N. So the observed cells are drawn from their own posterior, each
draw is mapped to psi, and N is drawn or weighted given psi. Everything is kept in logarithms: with empty
cells psi has a tail so heavy that it leaves the range of a float.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

_WHOLE = 1e15  # beyond it a float has no room for the Poisson noise


def dirichlet_log_cells(
    shapes: NDArray[np.float64], n_draws: int, random: np.random.Generator
) -> NDArray[np.float64]:
    """Log cell probabilities, shape (n_draws, n_cells); shapes near 0 do not underflow."""
    logs = np.log(random.standard_gamma(shapes + 1.0, (n_draws, len(shapes))))
    logs += -random.standard_exponential(logs.shape) / shapes
    top = logs.max(axis=1, keepdims=True)
    logs -= top + np.log(np.exp(logs - top).sum(axis=1, keepdims=True))
    return np.asarray(logs)


def log_odds_without_interaction(log_cells: NDArray[np.float64], odds_ratio: float) -> NDArray[np.float64]:
    """Log odds of being on no list; cell ``code - 1`` has the lists that are bits of the code."""
    signs = np.array([1.0 if code.bit_count() % 2 else -1.0 for code in range(1, log_cells.shape[1] + 1)])
    return np.asarray(np.log(odds_ratio) + log_cells @ signs)


def log_odds_of_pair(
    log_cells: NDArray[np.float64], first: int, second: int, odds_ratio: float
) -> NDArray[np.float64]:
    """Log odds of being on no list from two of the lists; nan where the odds would be negative."""
    codes = np.arange(1, log_cells.shape[1] + 1)
    on_first, on_second = (codes >> first) & 1, (codes >> second) & 1
    cells = np.exp(log_cells)
    both, only_first, only_second, neither = (
        cells[:, (on_first == a) & (on_second == b)].sum(axis=1) for a, b in ((1, 1), (1, 0), (0, 1), (0, 0))
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = odds_ratio * only_first * only_second / both - neither
        return np.where(odds > 0, np.log(odds), np.nan)


def draw_unlisted(
    n_observed: float, log_odds: NDArray[np.float64], random: np.random.Generator
) -> NDArray[np.float64]:
    """Unlisted persons when p(N) is proportional to 1/N: negative binomial with n successes of 1 - pi_0."""
    rates = np.log(random.standard_gamma(n_observed, len(log_odds))) + log_odds
    return _poisson(rates, random)


def draw_unlisted_under_negative_binomial(
    n_observed: float,
    log_odds: NDArray[np.float64],
    mean: float,
    shape: float,
    random: np.random.Generator,
) -> NDArray[np.float64]:
    """Unlisted persons when N is negative binomial.

    N is Poisson of a rate Gamma(shape, shape/mean). Given n the rate is
    Gamma(n + shape, shape/mean + 1 - pi_0), and the unlisted are Poisson of pi_0 times it.
    """
    listed = -np.logaddexp(0.0, log_odds)  # log(1 - pi_0)
    unlisted = -np.logaddexp(0.0, -log_odds)  # log pi_0
    rates = np.log(random.standard_gamma(n_observed + shape, len(log_odds))) + unlisted
    return _poisson(rates - np.logaddexp(np.log(shape / mean), listed), random)


def negative_binomial_log_weights(
    n_observed: float, log_odds: NDArray[np.float64], mean: float, shape: float
) -> NDArray[np.float64]:
    """Log probability of n listed persons when N is negative binomial: so is n, with mean M(1 - pi_0)."""
    expected = np.exp(np.log(mean) - np.logaddexp(0.0, log_odds))
    constant = gammaln(n_observed + shape) - gammaln(shape) - gammaln(n_observed + 1.0)
    weights = constant - (n_observed + shape) * np.log1p(expected / shape)
    with np.errstate(divide="ignore"):
        return np.asarray(weights + xlogy(n_observed, expected / shape))


def _poisson(log_rates: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    """Poisson counts; a rate too large to add noise to stands for itself, which may be infinity."""
    with np.errstate(over="ignore"):
        rates = np.exp(log_rates)
    counts = random.poisson(np.where(rates < _WHOLE, rates, 0.0)).astype(np.float64)
    return np.where(rates < _WHOLE, counts, np.rint(rates))
