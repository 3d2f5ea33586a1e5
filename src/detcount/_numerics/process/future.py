"""Releases of days to come: what waves leave, waves that come until the campaign ends, lots, a background."""

from __future__ import annotations

import numpy as np

from detcount._numerics.process.campaign import events
from detcount._numerics.process.register import Array
from detcount._numerics.process.sampler import Posterior
from detcount._numerics.process.waves import draw_new_sizes

__all__ = ["future_rates"]


def future_rates(
    posterior: Posterior, n_days: int, wave_spread: float, lots: Array, random: np.random.Generator
) -> Array:
    """Draws of the releases of each day after the last on the reference register, shape (n_draws, n_days).

    `lots` is the share of each lot that is released on each day, shape (L, T, n_days).
    """
    n_draws = len(posterior.tau)
    one = np.ones(1)
    quiet, wave = events(posterior.wave_rate, posterior.end, posterior.again, one, np.zeros(1, dtype=bool))
    # by state before, then after without a wave and with one
    chances = np.concatenate([quiet[:, :, 0], wave[:, :, 0]], axis=1)
    daily = np.exp(-1 / posterior.tau)
    draws = np.arange(n_draws)
    state = posterior.active.astype(np.int64)
    standing = posterior.standing
    rates = np.empty((n_draws, n_days))
    log_median = np.log(posterior.wave_size)
    for day in range(n_days):
        level = random.random(n_draws)
        of = chances[state, :, draws]
        event = (np.cumsum(of, axis=1) < level[:, None]).sum(axis=1).clip(0, 3)
        size = np.where(event >= 2, draw_new_sizes(log_median, wave_spread, (n_draws,), random), 0.0)
        state = event % 2
        standing = standing + size
        rates[:, day] = (1 - daily) * standing
        standing = daily * standing
    for lot in range(posterior.lots.shape[1]):
        rates += posterior.lots[:, [lot]] * lots[lot, posterior.speed[:, lot]]
    return rates + posterior.background[:, None]
