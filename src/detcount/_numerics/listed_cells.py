"""Draws of the cells of the listed, and of the unlisted from them and one stated assumption."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import bdtr, gammaln, xlogy

from detcount._numerics.arrays import TINY, Floats, Ints, bincount


@dataclass(frozen=True)
class Tuning:
    """Limits of floating point in listed cells.

    Parameters
    ----------
    whole : float, persons
        Number beyond which a float has no room for Poisson noise. Computational (`test_numbers`).
    """

    whole: float = 1e15


TUNING = Tuning()


def perfect_order(edges: Sequence[tuple[int, int]], n_lists: int) -> list[tuple[int, int]]:
    """Vertices of a decomposable graph, each with the bits of its neighbours among those before it."""
    joined = [0] * n_lists
    for i, j in edges:
        joined[i] |= 1 << j
        joined[j] |= 1 << i
    alive = (1 << n_lists) - 1
    order = []
    while alive:
        for v in range(n_lists):
            around = joined[v] & alive
            members = [u for u in range(n_lists) if around >> u & 1]
            if alive >> v & 1 and all(around & ~joined[u] == 1 << u for u in members):
                order.append((v, around))
                alive &= ~(1 << v)
                break
        else:
            raise ValueError("the graph is not decomposable")
    return order[::-1]


def graph_log_cells(order: list[tuple[int, int]], masses: Floats, random: np.random.Generator) -> Floats:
    """One hyper-Dirichlet draw of the log of all 2**K cells, for the mass of each cell.

    Along a perfect order the probabilities of being on a list given its neighbours before it are independent
    beta variables, whose shapes are sums of the masses.
    """
    codes = np.arange(len(masses))
    log_cells = np.zeros(len(masses))
    for v, around in order:
        on = codes >> v & 1
        given, place = np.unique(codes & around, return_inverse=True)
        shapes = bincount(place + len(given) * on, weights=masses).reshape(2, -1)
        probability = np.clip(random.beta(shapes[1], shapes[0]), TINY, 1 - 1e-16)
        log_cells += np.where(on == 1, np.log(probability)[place], np.log1p(-probability)[place])
    return log_cells


def latent_class_log_cells(list_shares: Floats, class_weights: Floats) -> Floats:
    """Log of all 2**K cells, shape (n, 2**K), of mixtures of independent lists."""
    cells = class_weights[:, :, None]
    for k in range(list_shares.shape[2]):
        share = list_shares[:, :, k, None]
        cells = np.concatenate([cells * (1 - share), cells * share], axis=2)
    return np.asarray(np.log(np.maximum(cells.sum(axis=1), TINY)))


def listed_log_cells(log_cells: Floats) -> Floats:
    """Drop the all-zero cell, the first, and make the others add up to one."""
    return normalized(log_cells[:, 1:])


def normalized(log_cells: Floats) -> Floats:
    """Make the probabilities of each row add up to one."""
    top = log_cells.max(axis=1, keepdims=True)
    return np.asarray(log_cells - top - np.log(np.exp(log_cells - top).sum(axis=1, keepdims=True)))


def freeman_tukey_p_value(counts: Ints, replicates: Ints, cells: Floats) -> float:
    """Share of replicates that lie farther from their expectation than the counts do.

    The distance is the sum of (sqrt(count) - sqrt(expected))^2, under the parameters of each draw.
    """
    expected = np.sqrt(counts.sum() * cells)
    observed = ((np.sqrt(counts) - expected) ** 2).sum(axis=1)
    replicated = ((np.sqrt(replicates) - expected) ** 2).sum(axis=1)
    return float(np.mean(replicated > observed) + 0.5 * np.mean(replicated == observed))


def tail_probabilities(counts: Ints, cells: Floats) -> Floats:
    """Two-sided probability of each count, half of the count itself included, averaged over the draws."""
    total = counts.sum()
    at_most = bdtr(counts, total, cells)
    below = np.where(counts > 0, bdtr(np.maximum(counts - 1, 0), total, cells), 0.0)
    lower = np.mean(0.5 * (at_most + below), axis=0)
    return np.asarray(2 * np.minimum(lower, 1 - lower))


# Unlisted persons from the observed cells and one stated assumption.
#
# Given the odds psi = pi_0/(1 - pi_0) of being on no list, the persons listed are binomial, and the
# cells that they fall into say nothing more of N. So the observed cells are drawn from their own
# posterior, each draw is mapped to psi, and N is drawn or weighted given psi. Everything is kept in
# logarithms: with empty cells psi has a tail so heavy that it leaves the range of a float.


def dirichlet_log_cells(shapes: Floats, n_draws: int, random: np.random.Generator) -> Floats:
    """Log cell probabilities, shape (n_draws, n_cells); shapes near 0 do not underflow."""
    logs = np.log(random.standard_gamma(shapes + 1.0, (n_draws, len(shapes))))
    logs += -random.standard_exponential(logs.shape) / shapes
    top = logs.max(axis=1, keepdims=True)
    logs -= top + np.log(np.exp(logs - top).sum(axis=1, keepdims=True))
    return np.asarray(logs)


def log_odds_without_interaction(log_cells: Floats, odds_ratio: float) -> Floats:
    """Log odds of being on no list; cell ``code - 1`` has the lists that are bits of the code."""
    signs = np.array([1.0 if code.bit_count() % 2 else -1.0 for code in range(1, log_cells.shape[1] + 1)])
    return np.asarray(np.log(odds_ratio) + log_cells @ signs)


def log_odds_of_pair(log_cells: Floats, first: int, second: int, odds_ratio: float) -> Floats:
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


def draw_unlisted(n_observed: float, log_odds: Floats, random: np.random.Generator) -> Floats:
    """Unlisted persons when p(N) is proportional to 1/N: negative binomial with n successes of 1 - pi_0."""
    rates = np.log(random.standard_gamma(n_observed, len(log_odds))) + log_odds
    return _poisson(rates, random)


def draw_unlisted_under_negative_binomial(
    n_observed: float, log_odds: Floats, mean: float, shape: float, random: np.random.Generator
) -> Floats:
    """Unlisted persons when N is negative binomial.

    N is Poisson of a rate Gamma(shape, shape/mean). Given n the rate is
    Gamma(n + shape, shape/mean + 1 - pi_0), and the unlisted are Poisson of pi_0 times it.
    """
    listed = -np.logaddexp(0.0, log_odds)  # log(1 - pi_0)
    unlisted = -np.logaddexp(0.0, -log_odds)  # log pi_0
    rates = np.log(random.standard_gamma(n_observed + shape, len(log_odds))) + unlisted
    return _poisson(rates - np.logaddexp(np.log(shape / mean), listed), random)


def negative_binomial_log_weights(n_observed: float, log_odds: Floats, mean: float, shape: float) -> Floats:
    """Log probability of n listed persons when N is negative binomial: so is n, with mean M(1 - pi_0)."""
    expected = np.exp(np.log(mean) - np.logaddexp(0.0, log_odds))
    constant = gammaln(n_observed + shape) - gammaln(shape) - gammaln(n_observed + 1.0)
    weights = constant - (n_observed + shape) * np.log1p(expected / shape)
    with np.errstate(divide="ignore"):
        return np.asarray(weights + xlogy(n_observed, expected / shape))


def _poisson(log_rates: Floats, random: np.random.Generator) -> Floats:
    """Poisson counts; where noise would be lost in rounding, the rate itself, which may be infinite."""
    with np.errstate(over="ignore"):
        rates = np.exp(log_rates)
    counts = random.poisson(np.where(rates < TUNING.whole, rates, 0.0)).astype(np.float64)
    return np.where(rates < TUNING.whole, counts, np.rint(rates))
