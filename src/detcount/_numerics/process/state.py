"""Where many chains side by side stand: waves, lots, delays, and the means and likelihood that follow.

Every array has the chains last: what all chains have of one increment, block or lot lies together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from detcount._numerics.delay import FAMILIES, with_median
from detcount._numerics.process.clusters import of_the_mean
from detcount._numerics.process.exposure import Exposure, exposure_of
from detcount._numerics.process.lower_bounds import LowerBounds, lower_bounds_of
from detcount._numerics.process.places import places_of
from detcount._numerics.process.register import Array, Register
from detcount._numerics.process.waves import SHAPE, kinds_of

__all__ = [
    "AGAIN",
    "DECAY",
    "END",
    "FLOOR",
    "GLOBALS",
    "HIGHEST",
    "MEDIAN",
    "OF_WAVES",
    "RATE",
    "SHAPE_OF_DELAY",
    "SIZE",
    "SPREAD",
    "Scales",
    "State",
    "delay_of",
    "other_family",
]

GLOBALS = (
    "delay median",
    "delay shape",
    "wave decay",
    "cluster spread",
    "wave size",
    "wave rate",
    "end",
    "again",
)
MEDIAN, SHAPE_OF_DELAY, DECAY, SPREAD, SIZE, RATE, END, AGAIN = range(8)
OF_WAVES = [SIZE, RATE, END, AGAIN]
FLOOR = 1e-3  # persons: least mean of an increment
HIGHEST = 1e12  # persons a wave: beyond, numbers are cut off
_EXTREME = 20.0  # logs of days and shapes: beyond, delays are cut off
_FLATTEST = 0.05  # shape below which a delay is as flat as can be told
_CROWDED = 0.15  # share of blocks with waves at first, besides where they are needed
_LOG_GAMMA = float(gammaln(SHAPE))


@dataclass(frozen=True)
class Scales:
    """Priors: medians and standard deviations of logs, Beta and gamma parameters; and what is fixed.

    Parameters
    ----------
    globals : ndarray of float64, shape (8, 2)
        Median and standard deviation of the log of each of `GLOBALS`.
    wave_spread : float
        Standard deviation of the log sizes of waves.
    background : tuple of float
        Shape and mean of the gamma prior of the releases a day besides waves and lots.
    ratio : float
        Standard deviation of the log ratio of each monitor to the reference register.
    slow : tuple of float
        Beta prior of the share of slow verifications.
    family : str
        Of the delay.
    """

    globals: Array
    wave_spread: float
    background: tuple[float, float]
    ratio: float
    slow: tuple[float, float]
    family: str


class State:
    """Where c chains stand. Those of one group, that follow each other, begin at one point.

    So it can be told whether they have forgotten it. `moves` change the state and leave means and likelihood
    consistent with it.
    """

    def __init__(
        self, data: Register, scales: Scales, n_chains: int, random: np.random.Generator, n_groups: int = 1
    ) -> None:
        self.data, self.scales, self.generator = data, scales, random
        c, n_blocks, n_lots = n_chains, len(data.width), len(data.announced)
        begun = np.repeat(np.arange(n_groups), c // n_groups)
        self.chains = np.arange(c)
        walk = 0.5 * scales.globals[:, 1] * random.standard_normal((n_groups, 8))
        self.log = (np.log(scales.globals[:, 0]) + walk)[begun].T.copy()
        self.slow = random.beta(*scales.slow, n_groups)[begun]
        self.ratio = np.exp(0.3 * scales.ratio * random.standard_normal((n_groups, data.n_series)))[
            begun
        ].T.copy()
        share = random.beta(data.shares[:, 0], data.shares[:, 1], (n_groups, n_lots))
        self.share = np.clip(share, 0.02, 0.98)[begun].T.copy()
        self.speed = random.integers(0, data.speeds.shape[1], (n_groups, n_lots))[begun].T.copy()
        self.background = np.full(c, scales.background[1])
        self.announced = data.announced[:, None]
        self.offsets, self.log_weights = kinds_of(scales.wave_spread)
        self.kind_rates = SHAPE * np.exp(-self.offsets)
        self.kind_weights = self.log_weights - SHAPE * self.offsets
        self.half_log_width = 0.5 * np.log(data.width)
        self.centre, self.sd = np.log(scales.globals[:, [0]]), scales.globals[:, [1]]
        self.persons = np.repeat(data.count[:, None], c, axis=1).astype(np.float64)
        self.log_factorial = gammaln(self.persons + 1)
        self.lower_bounds: LowerBounds | None = lower_bounds_of(data)
        self.places = places_of(data)
        self.exposure = self.exposure_at(self.log, self.slow)
        self._of_lots: Array | None = None
        # begin with a wave where most of each increment may have come from, and some more
        there = (random.random((n_groups, n_blocks)) < _CROWDED)[begun].T.copy()
        likely = self.exposure.wave[self.places.at].argmax(axis=0)[data.count > 0]
        there[likely, self.chains] = True
        there &= self.by_block(self.exposure.wave) > 0
        self.size = np.where(there, np.exp(self.log[SIZE]), 0.0)
        # where waves are looked for that a lot may account for: mostly where it was carried out
        likely = data.profiles.max(axis=1) + 0.1 / n_blocks
        self.near_lot = np.cumsum(likely, axis=1) / likely.sum(axis=1, keepdims=True) - 1e-12
        self.active = np.ones((n_blocks + 1, c), dtype=np.int64)
        self.active[0] = 0
        # of blocks without and with a wave, by states before and after
        self.chances = np.zeros((2, 2, 2, n_blocks, c))
        self.set_spread()
        self.set_means()

    def exposure_at(self, log: Array, slow: Array, family: str | None = None) -> Exposure:
        """Shares that increments count under other delays and decays."""
        family = self.scales.family if family is None else family
        return exposure_of(self.data, self.places, family, delay_of(family, log), slow, np.exp(log[DECAY]))

    def by_block(self, values: Array) -> Array:
        """Sums over increments of what pairs bring, by block: shape (B, c)."""
        return np.asarray(self.places.of_block @ values[: len(self.places.row)])

    @property
    def of_lots(self) -> Array:
        """Shares of lots under the speeds that they have, shape (Q + 1, c); the last is always zero.

        Moves of the delay do without, and let it be made anew.
        """
        if self._of_lots is None:
            lot, n_speeds, c = self.places.lot, self.data.speeds.shape[1], len(self.chains)
            shares = np.asarray(self.places.meets @ self.exposure.day).reshape(len(lot), n_speeds, c)
            self._of_lots = np.zeros((len(lot) + 1, c))
            self._of_lots[:-1] = np.take_along_axis(shares, self.speed[lot][:, None], axis=1)[:, 0]
        return self._of_lots

    def set_exposure(self, exposure: Exposure) -> None:
        """What increments count from now on."""
        self.exposure, self._of_lots = exposure, None

    def set_spread(self) -> None:
        """What follows from the spread of the clusters."""
        self.spread = np.maximum(np.exp(self.log[SPREAD]), self.data.least_spread[:, None])
        self.set_still()

    def set_still(self) -> None:
        """What of the likelihood no mean changes."""
        self.log_one_more = np.log1p(self.spread)
        self.still = self.persons * (np.log(self.spread) - self.log_one_more) - self.log_factorial

    def waves_of(self, exposure: Exposure, size: Array) -> Array:
        """What waves bring to increments, shape (n, c)."""
        return np.asarray(self.places.of_increment @ (exposure.wave[:-1] * size[self.places.block]))

    def brought(self, exposure: Exposure, rates: Array) -> Array:
        """What releases by block, shape (B, c), bring to increments, shape (n, c)."""
        return np.asarray(self.places.of_increment @ (exposure.day * rates[self.places.block]))

    def rest_of(self, exposure: Exposure, share: Array, background: Array) -> Array:
        """What lots and the background bring to increments, shape (n, c)."""
        n_lots, n_speeds = self.data.speeds.shape
        c = len(self.chains)
        verified = np.zeros((n_lots, n_speeds, c))
        np.put_along_axis(verified, self.speed[:, None], (share * self.announced)[:, None], axis=1)
        rates = np.asarray(self.places.released @ verified.reshape(n_lots * n_speeds, c))
        return self.brought(exposure, rates) + exposure.background * background

    def set_means(self) -> None:
        """Means and likelihood anew."""
        self.waves = self.waves_of(self.exposure, self.size)
        self.rest = self.rest_of(self.exposure, self.share, self.background)
        self.likelihood = self.likelihood_of(self.waves + self.rest)

    def likelihood_of(self, mean: Array, ratio: Array | None = None) -> Array:
        """Log likelihood of means of the reference register, shape (c,)."""
        size = (self.ratio if ratio is None else ratio)[self.data.series]
        size *= mean
        size += FLOOR
        size /= self.spread
        return np.asarray((self.still + of_the_mean(self.persons, size, self.log_one_more)).sum(axis=0))

    def accepted(self, log_ratio: Array) -> NDArray[np.bool_]:
        """Which chains take what is proposed."""
        level = np.log(self.generator.random(len(log_ratio)))
        return np.asarray((level < log_ratio) & (log_ratio < np.inf))

    def prior(self, log: Array, rows: list[int]) -> Array:
        """Log prior of some of the global parameters, less a constant."""
        return np.asarray(-0.5 * (((log[rows] - self.centre[rows]) / self.sd[rows]) ** 2).sum(axis=0))

    def log_median(self, log: Array | None = None) -> Array:
        """Log of the median size of a wave of each block, shape (B, c): longer ones may hold several."""
        return np.asarray((self.log if log is None else log)[SIZE] + self.half_log_width[:, None])

    def log_density(self, size: Array, block: NDArray[np.int64]) -> Array:
        """Log density of sizes of waves of some blocks, kinds summed out; 0 where there is none."""
        return self.log_density_about(size, self.log[SIZE] + self.half_log_width[block])

    def log_density_about(self, size: Array, median: Array) -> Array:
        """Log density of sizes of waves about log medians; 0 where there is none."""
        relative = size * np.exp(-median)
        terms = relative[..., None] * -self.kind_rates
        terms += self.kind_weights
        terms = np.exp(terms, out=terms).sum(axis=-1)
        value = np.log(np.maximum(terms, 1e-300)) - SHAPE * median - _LOG_GAMMA + SHAPE * np.log(SHAPE)
        if SHAPE != 1:
            value += (SHAPE - 1) * np.log(np.maximum(size, 1e-300))
        return np.where(size > 0, value, 0.0)


def delay_of(family: str, log: Array) -> Array:
    """Parameters of the quick verifications, shape (c, 2), from the logs of their median and shape."""
    median, shape = (np.exp(log[row].clip(-_EXTREME, _EXTREME)) for row in (MEDIAN, SHAPE_OF_DELAY))
    return np.asarray(with_median(family, median, shape.clip(_FLATTEST)))


def other_family(family: str) -> str:
    """The family of delays that answers are compared with."""
    return next(other for other in FAMILIES if other != family)
