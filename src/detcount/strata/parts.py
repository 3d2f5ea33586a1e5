"""Sharing of the unlisted among groups: draws of each, which add up to those of the total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from detcount._numerics.arrays import Floats
from detcount._numerics.composition import log_shares, split
from detcount._numerics.intervals import quantiles
from detcount._numerics.monte_carlo import N_DRAWS
from detcount._numerics.pooling import LogSpread, coupled_scores
from detcount.estimates import AbundanceEstimate
from detcount.strata.adding import numbers_of

LEVEL = 0.95


@dataclass(frozen=True)
class Parts:
    """Inputs of draws that share the unlisted out among groups.

    Parameters
    ----------
    names : tuple of str
        The groups.
    listed, weights, spreads : ndarray of float64, shape (n_groups,)
        Persons listed; logarithms of the weights of groups among the unlisted; standard deviations of what
        remains of these logarithms.
    together : tuple of str
        Of each group the name that what remains of its weight is drawn under: its own, or one for all groups
        that are taken together.
    shared : float
        Correlation of what remains of a group here and in another table of the same source.
    """

    names: tuple[str, ...]
    listed: Floats
    weights: Floats
    spreads: Floats
    together: tuple[str, ...]
    shared: float

    @property
    def unlisted_shares(self) -> Floats:
        """Shares of the groups among the unlisted."""
        return np.exp(log_shares(np.exp(self.weights - self.weights.max())))

    def drawn(
        self, totals: Floats, seed: int, common: Mapping[str, Floats] | None = None, table: int = 0
    ) -> Floats:
        """Draws of the persons of each group, which add up to the totals, shape (n_draws, n_groups)."""
        randoms = [np.random.default_rng([seed, table, *numbers_of(name)]) for name in self.names]
        scores = {}
        for name in dict.fromkeys(self.together):
            own = np.random.default_rng([seed, table, 1, *numbers_of(name)]).standard_normal(len(totals))
            scores[name] = own if common is None else coupled_scores(common[name], own, self.shared)
        weights = self.weights + self.spreads * np.column_stack([scores[name] for name in self.together])
        unlisted = np.maximum(totals - self.listed.sum(), 0.0)
        return np.asarray(self.listed + split(unlisted, weights, randoms))


def totals_of(estimate: AbundanceEstimate, seed: int) -> Floats:
    """Draws of a total: its own, or of what its limits say where it has none."""
    if estimate.draws is not None:
        return np.asarray(estimate.draws)
    return totals_at(estimate, np.random.default_rng(seed).standard_normal(N_DRAWS))


def totals_at(estimate: AbundanceEstimate, scores: Floats) -> Floats:
    """Persons in all at standard normal scores of an estimate."""
    if estimate.draws is not None:
        return quantiles(estimate.draws, ndtr(scores))
    interval = estimate.interval(LEVEL)
    spread = LogSpread(estimate.n_observed, estimate.point, interval.low, interval.high, LEVEL)
    return spread.at(scores, 0.0)
