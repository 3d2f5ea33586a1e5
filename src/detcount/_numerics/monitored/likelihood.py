"""Releases seen by several monitors with delay: likelihood of their histories, and the share that is seen.

A release of day t is on the register of monitor j by the last day T with the odds p/(1 - p),
p[j, t] = pi[j] F[j](T - t), times an odds ratio for each monitor that has it and on which j depends.
Histories are seen where some monitor has verified, so their likelihood is conditional on that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from detcount._numerics.arrays import TINY, Floats, Ints
from detcount._numerics.delay import discrete_cdf, discrete_pmf, from_median
from detcount._numerics.monitored.dependence import Edges, log_partition, log_weights, parts
from detcount._numerics.monitored.registers import Registers
from detcount._numerics.sampler import Prior

_LEAST = 1e-15  # a monitor that verifies everything leaves nothing, up to the last bit


@dataclass(frozen=True)
class Structure:
    """Which monitors depend on each other, and where the coordinates of a point are.

    Coordinates are log median and log spread of each monitor in turn, then the log odds ratio of each pair
    that depends (one where it is common to all), then the logit of the share of each monitor.

    Parameters
    ----------
    n_monitors : int
        Number of monitors.
    edges : tuple of tuple of int
        The pairs that depend.
    common : bool, optional
        Whether all of them have one odds ratio, as where persons differ in how easily any monitor finds
        them (Darroch et al. 1993).
    stated : float, optional
        Log odds ratio of every edge where it is stated and no coordinate.
    """

    n_monitors: int
    edges: Edges = ()
    common: bool = False
    stated: float | None = None

    @property
    def n_free(self) -> int:
        """Log odds ratios that are coordinates."""
        if self.stated is not None:
            return 0
        return min(len(self.edges), 1) if self.common else len(self.edges)

    def log_ratios(self, points: Floats) -> Floats:
        """Log odds ratio of each edge, shape (..., n_edges)."""
        if self.stated is not None:
            return np.full((*points.shape[:-1], len(self.edges)), self.stated)
        free = points[..., 2 * self.n_monitors : 2 * self.n_monitors + self.n_free]
        return np.broadcast_to(free, (*free.shape[:-1], len(self.edges)))

    def logits(self, points: Floats) -> Floats:
        """Logit of the share of each monitor, shape (..., n_monitors)."""
        return np.asarray(points[..., 2 * self.n_monitors + self.n_free :])


def start_and_prior(
    median: tuple[float, float],
    spread: tuple[float, float],
    verification: tuple[float, float],
    structure: Structure,
    deviation: float,
) -> tuple[Floats, Prior]:
    """Where a search may start, and the prior of the coordinates; `deviation` is of a log odds ratio."""
    n = structure.n_monitors
    mean = np.concatenate([np.tile(np.log([median[0], spread[0]]), n), np.zeros(structure.n_free)])
    deviations = np.concatenate([np.tile([median[1], spread[1]], n), np.full(structure.n_free, deviation)])
    a, b = (np.full(n, value) for value in verification)
    return np.concatenate([mean, np.zeros(n)]), Prior(mean, deviations, a, b)


def chances(family: str, points: Floats, ages: Ints, structure: Structure) -> Floats:
    """Chance p of each monitor by day, shape (..., n_days, n_monitors)."""
    share = expit(structure.logits(points))
    return np.stack(
        [
            share[..., j, None]
            * discrete_cdf(family, from_median(family, points[..., 2 * j : 2 * j + 2]), ages)
            for j in range(structure.n_monitors)
        ],
        axis=-1,
    )


def log_odds(chance: Floats) -> Floats:
    """Log of p/(1 - p), with 0 and 1 kept from infinity."""
    inside = np.clip(chance, TINY, 1 - _LEAST)
    return np.asarray(np.log(inside) - np.log1p(-inside))


def log_likelihood_of_histories(family: str, points: Floats, data: Registers, structure: Structure) -> Floats:
    """Log likelihood of histories and right-truncated delays, for coordinates of shape (..., n)."""
    some = data.seen > 0
    ages, seen, listed = data.ages[some], data.seen[some], data.listed[some]
    odds = log_odds(chances(family, points, ages, structure))
    ratios = structure.log_ratios(points)
    total = np.einsum("...tj,tj->...", odds, listed)
    for number, (first, second) in enumerate(structure.edges):
        total = total + ratios[..., number] * data.together(first, second)
    for j in range(structure.n_monitors):
        parameters = from_median(family, points[..., 2 * j : 2 * j + 2])
        pmf = discrete_pmf(family, parameters, len(data.by_delay[j]) - 1)
        reached = np.maximum(discrete_cdf(family, parameters, ages), TINY)
        total = total + np.log(pmf) @ data.by_delay[j] - np.log(reached) @ listed[:, j]
    return np.asarray(total - np.log(np.maximum(np.expm1(_log_sum(odds, ratios, structure)), TINY)) @ seen)


def seen_share(chance: Floats, ratios: Floats, structure: Structure) -> Floats:
    """Chance that some monitor has verified a release, by day, shape (..., n_days)."""
    return np.maximum(-np.expm1(-_log_sum(log_odds(chance), ratios, structure)), TINY)


def shares_ever(points: Floats, structure: Structure) -> Floats:
    """Share of the releases that each monitor ever verifies, shape (..., n_monitors)."""
    odds, ratios = structure.logits(points), structure.log_ratios(points)
    found = np.empty(odds.shape)
    for part in parts(structure.n_monitors, structure.edges):
        weights = log_weights(odds, ratios, structure.edges, part)
        weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
        share = weights / weights.sum(axis=-1, keepdims=True)
        has = np.arange(weights.shape[-1])
        for place, j in enumerate(part):
            found[..., j] = share[..., (has >> (len(part) - 1 - place)) & 1 == 1].sum(axis=-1)
    return found


def _log_sum(odds: Floats, ratios: Floats, structure: Structure) -> Floats:
    """Log of the sum of the weights of all histories, by day."""
    spread = np.broadcast_to(ratios[..., None, :], (*odds.shape[:-1], ratios.shape[-1]))
    found = [
        log_partition(odds, spread, structure.edges, part)
        for part in parts(structure.n_monitors, structure.edges)
    ]
    return np.asarray(sum(found[1:], start=found[0]))
