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
    """Shares that increments count, chains first, for the pairs of `Places`.

    Parameters
    ----------
    wave : ndarray of float64, shape (c, P)
        Of a wave that begins in a block.
    lots : ndarray of float64, shape (c, Q, T)
        Of a lot, by speed.
    background : ndarray of float64, shape (c, n)
        Days of the background.
    """

    wave: Array
    lots: Array
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

    `tau` has shape (c, 1), `width` (B,). Waves begin at the start of any day of a block alike.
    """
    daily = np.exp(-1 / tau)
    stays = daily**width
    return stays, daily * (1 - stays) / (width * (1 - daily))


def exposure_of(
    data: Register, places: Places, family: str, parameters: Array, slow: Array, tau: Array
) -> Exposure:
    """Shares that each increment counts."""
    n_chains = len(tau)
    longest = int(places.far.max(initial=0))
    cdf = delay_cdf(family, parameters, slow, np.arange(longest)).T
    table = np.concatenate([np.zeros((1, n_chains)), np.cumsum(cdf, axis=0)])
    share = (table[places.far] - table[places.near]) / places.width[:, None]  # chains last, for speed
    day = share[places.lag[0]]
    for below in places.lag[1:]:
        there = np.flatnonzero(below)
        day[there] -= share[below[there]]
    np.maximum(day, 0.0, out=day)
    stays, begun = decay(tau[:, None], data.width)
    after = _still_to_come(day, stays[:, places.block].T, places)
    wave = day + begun[:, places.block].T * (after - day)
    lots = np.asarray(places.meets @ day).reshape(len(places.lot), data.speeds.shape[1], n_chains)
    background = np.add.reduceat(day * data.width[places.block][:, None], places.starts, axis=0)
    return Exposure(
        np.ascontiguousarray(wave.T),
        np.ascontiguousarray(lots.transpose(2, 0, 1)),
        np.ascontiguousarray(background.T),
    )


def _still_to_come(day: Array, stays: Array, places: Places) -> Array:
    """Share counted of what a wave has standing at the end of each block, pairs first.

    At the start of a block it is (1 - stays) day + stays times that at its end: summed over 1, 2, 4 blocks
    and so on, as far as anything of a wave is left.
    """
    standing = (1 - stays) * day
    last = np.append(places.starts[1:], len(day)) - 1
    left = stays
    left[last] = 0.0
    reach = 1
    while reach < len(day) and left.max(initial=0.0) > _NOTHING:
        standing[:-reach] += left[:-reach] * standing[reach:]
        left[:-reach] *= left[reach:]
        left[-reach:] = 0.0
        reach *= 2
    after = np.zeros_like(standing)
    after[:-1] = standing[1:]
    after[last] = 0.0
    return after
