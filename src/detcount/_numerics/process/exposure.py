"""Shares of waves, of lots and of the background that each published increment counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from detcount._numerics.delay import discrete_cdf
from detcount._numerics.process.places import Places
from detcount._numerics.process.register import Array, Register

__all__ = ["Exposure", "decay", "delay_cdf", "exposure_of", "slow_cdf"]

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
    wave = np.empty_like(day)
    standing = np.zeros((len(data.count), n_chains))
    for block in range(len(data.width) - 1, -1, -1):
        pairs = places.by_block[block]
        if not len(pairs):
            continue
        rows = places.row[pairs]
        here, after = day[pairs], standing[rows]
        after -= here
        wave[pairs] = here + begun[:, block] * after
        after *= stays[:, block]
        standing[rows] = after + here
    lots = np.asarray(places.meets @ day).reshape(len(places.lot), data.speeds.shape[1], n_chains)
    background = np.add.reduceat(day * data.width[places.block][:, None], places.starts, axis=0)
    return Exposure(
        np.ascontiguousarray(wave.T),
        np.ascontiguousarray(lots.transpose(2, 0, 1)),
        np.ascontiguousarray(background.T),
    )
