"""Reverse hazards of delays: the estimate of Lawless, its draws, their posterior under a Dirichlet prior."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import TINY, Floats, Ints
from detcount._numerics.delay.likelihood import Triangle


@dataclass(frozen=True)
class ReverseHazard:
    """Counts that reverse hazards are made of.

    Parameters
    ----------
    events : ndarray of int64, shape (D + 1,)
        Verified after exactly d days, of releases at least d days old.
    at_risk : ndarray of int64, shape (D + 1,)
        Verified after d days or fewer, of the same releases.
    """

    events: Ints
    at_risk: Ints

    @property
    def hazard(self) -> Floats:
        """Share of those verified within d days that were verified on day d; 1 on day 0."""
        share = self.events / np.maximum(self.at_risk, 1)
        share[0] = 1.0
        return np.asarray(share, dtype=np.float64)

    @property
    def cdf(self) -> Floats:
        """F(d), the product of 1 - g over longer delays; 1 at D."""
        return _from_reverse(self.hazard)

    @property
    def log_cdf_variance(self) -> Floats:
        """Variance of log F(d): the sum of g/(N(1 - g)) over longer delays; F = 0 has none."""
        g = self.hazard[1:]
        n = self.at_risk[1:]
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = np.where((g > 0) & (g < 1), g / (n * (1 - g)), 0.0)
        return np.append(np.cumsum(terms[::-1])[::-1], 0.0)


def reverse_hazard(data: Triangle) -> ReverseHazard:
    """Events and verified at risk by delay, over releases old enough for the delay to be seen."""
    delays = np.arange(data.longest + 1)
    old_enough = data.ages[:, None] >= delays[None, :]
    within = np.cumsum(data.counts, axis=1)
    return ReverseHazard(
        np.where(old_enough, data.counts, 0).sum(axis=0), np.where(old_enough, within, 0).sum(axis=0)
    )


def _from_reverse(hazard: Floats) -> Floats:
    """F(d) for d = 0 to D from reverse hazards of shape (..., D + 1)."""
    longer = np.cumprod((1.0 - hazard[..., :0:-1]), axis=-1)[..., ::-1]
    return np.concatenate([longer, np.ones((*hazard.shape[:-1], 1))], axis=-1)


def draw_reverse_cdf(counts: ReverseHazard, n_draws: int, random: np.random.Generator) -> Floats:
    """Draw F from the large-sample normal distribution of the log(1 - g), shape (n_draws, D + 1)."""
    g, n = counts.hazard[1:], counts.at_risk[1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.where((g > 0) & (g < 1), g / (n * (1 - g)), 0.0)
    logs = np.log(np.maximum(1 - g, TINY)) + np.sqrt(variance) * random.standard_normal((n_draws, len(g)))
    below = np.cumsum(np.minimum(logs, 0.0)[:, ::-1], axis=1)[:, ::-1]
    return np.concatenate([np.exp(below), np.ones((n_draws, 1))], axis=1)


def prediction_variance(verified: Floats, cdf: Floats, log_cdf_variance: Floats) -> Floats:
    """Variance of the error of Y/F: Y (Y + 1) var(F)/F^4 + Y (1 - F)/F^2."""
    first = verified * (verified + 1) * log_cdf_variance / cdf**2
    return np.asarray(first + verified * (1 - cdf) / cdf**2)


def generalised_dirichlet(
    counts: ReverseHazard, concentration: float, n_draws: int, random: np.random.Generator
) -> Floats:
    """Draw F from its exact posterior under a symmetric Dirichlet prior of the delays 0 to D.

    Reverse hazards are then independent, g_d ~ Beta(k + n_d, k d + N_d - n_d).
    """
    d = np.arange(1, len(counts.events))
    hazard = np.ones((n_draws, len(d) + 1))
    hazard[:, 1:] = random.beta(
        concentration + counts.events[1:],
        concentration * d + counts.at_risk[1:] - counts.events[1:],
        size=(n_draws, len(d)),
    )
    return _from_reverse(hazard)
