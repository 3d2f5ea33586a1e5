"""Shares of waves, of lots and of the background that each published increment counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from detcount._numerics.delay import discrete_cdf
from detcount._numerics.process.places import Places
from detcount._numerics.process.register import Array, Register

__all__ = ["Exposure", "decay", "delay_cdf", "exposure_of", "slow_cdf"]

_NOTHING = 1e-14  # share of a wave below which nothing of it is left
_SLOW = (np.log(30.0), 1.0)  # days: some verifications take a month, half of those more


@dataclass(frozen=True)
class Exposure:
    """Shares that increments count, chains last, for the pairs of `Places`.

    Parameters
    ----------
    day : ndarray of float64, shape (P, c)
        Of releases of the days of a block.
    wave : ndarray of float64, shape (P + 1, c)
        Of a wave that begins in a block; with a last place for what does not meet, which is always zero.
    background : ndarray of float64, shape (n, c)
        Days of the background.
    """

    day: Array
    wave: Array
    background: Array


def slow_cdf(days: ArrayLike) -> Array:
    """Chance that a slow verification has come after whole days."""
    return discrete_cdf("log-normal", np.array(_SLOW), days)


def delay_cdf(family: str, parameters: Array, slow: Array, days: ArrayLike) -> Array:
    """Chance that a verification has come after whole days: most are quick, a share is slow."""
    quick = discrete_cdf(family, parameters, days)
    return quick + slow[..., None] * (slow_cdf(days) - quick)


def decay(tau: Array, width: Array) -> tuple[Array, Array]:
    """Shares of a wave left at the end of a block: of what stood at its start, and of what began in it.

    `tau` and `width` have shapes that broadcast: (c, 1) and (B,), or (c,) and (B, 1). Waves begin at the
    start of any day of a block alike.
    """
    daily = np.exp(-1 / tau)
    stays = daily**width
    return stays, daily * (1 - stays) / (width * (1 - daily))


def exposure_of(
    data: Register, places: Places, family: str, parameters: Array, slow: Array, tau: Array
) -> Exposure:
    """Shares that each increment counts."""
    n_chains, n_pairs = len(tau), len(places.row)
    longest = int(places.far.max(initial=0))
    cdf = delay_cdf(family, parameters, slow, np.arange(longest)).T
    table = np.concatenate([np.zeros((1, n_chains)), np.cumsum(cdf, axis=0)])
    share = (table[places.far] - table[places.near]) / places.width[:, None]
    day = share[places.lag[0]]
    for there, lag in zip(places.stands, places.stands_lag, strict=True):
        day[there] -= share[lag]
    np.maximum(day, 0.0, out=day)
    stays, begun = decay(tau, data.width[:, None])
    wave = np.zeros((n_pairs + 1, n_chains))
    _still_to_come(day, stays[places.block], places, wave[:-1])
    wave[:-1] -= day
    wave[:-1] *= begun[places.block]
    wave[:-1] += day
    return Exposure(day, wave, np.asarray(places.days @ day))


def _still_to_come(day: Array, stays: Array, places: Places, after: Array) -> None:
    """Share counted of what a wave has standing at the end of each block, pairs first, into `after`.

    At the start of a block it is (1 - stays) day + stays times that at its end: summed over 1, 2, 4 blocks
    and so on, as far as anything of a wave is left.
    """
    standing = (1 - stays) * day
    left = stays
    left[places.last] = 0.0
    reach = 1
    while reach < len(day) and left.max(initial=0.0) > _NOTHING:
        standing[:-reach] += left[:-reach] * standing[reach:]
        left[:-reach] *= left[reach:]
        left[-reach:] = 0.0
        reach *= 2
    after[:-1] = standing[1:]
    after[places.last] = 0.0
