"""Sums of numbers of persons whose errors are partly the same: one Gaussian factor.

The number of persons of stratum s is Q_s(Phi(w_s)), Q_s being its quantile function and

    w_s = sqrt(r_s) z + sqrt(1 - r_s) e_s,    z and every e_s standard normal and independent,

so that the normal scores of two strata have correlation sqrt(r_s r_t). r = 0 leaves the strata independent;
with r = 1 everything rises and falls together, and quantiles of the sum are sums of quantiles.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from detcount._numerics.intervals import normal_quantile, quantiles

Floats = NDArray[np.float64]

_LEAST_SUMS, _MOST_SUMS = 20_000, 100_000  # limits then err by 2% of a standard deviation at most
_VALUES = 4_000_000  # of all strata together
N_BLOCKS = 20  # the Monte Carlo error itself then errs by 16%
_HALF = 0.5


def sums_for(n_strata: int) -> int:
    """How many sums are made: fewer of more strata, so that a thousand take seconds."""
    return min(max(_VALUES // n_strata, _LEAST_SUMS), _MOST_SUMS) // N_BLOCKS * N_BLOCKS


def stratified_scores(n_sums: int, random: np.random.Generator) -> Floats:
    """Standard normal scores, evenly spread within each block, in random order.

    Blocks differ by where their even steps begin, so that their results still show the Monte Carlo error.
    """
    n_scores = n_sums // N_BLOCKS
    order = random.random((N_BLOCKS, n_scores)).argsort(axis=1)
    return np.asarray(ndtri((order + random.random((N_BLOCKS, 1))) / n_scores)).ravel()


def coupled_scores(common: Floats, own: Floats, shared: float) -> Floats:
    """Standard normal scores of which a share of the variance is common to all strata."""
    return np.asarray(math.sqrt(shared) * common + math.sqrt(1 - shared) * own)


@dataclass(frozen=True)
class LogSpread:
    """log(N - n) as normal on either side of the point, from limits at a level.

    Where the lower limit is n itself, log(N - n + 1/2) takes its place.

    Parameters
    ----------
    n_observed : int
        Persons listed, n.
    point, low, high : float
        Estimate of N and its limits, persons; the upper one may be infinite.
    level : float
        Level of the limits, in (0, 1).
    """

    n_observed: int
    point: float
    low: float
    high: float
    level: float

    def at(self, scores: Floats, own_share: float) -> Floats:
        """Persons at standard normal scores.

        The part of the error that strata do not share has mean 1 as a factor of N - n: an error that is as
        likely up as down on the scale of persons cancels in a sum, and may not push the sum up.
        """
        added = 0.0 if self.low > self.n_observed else _HALF
        middle = self.point - self.n_observed + added
        if middle <= 0 or not self.low < self.high:
            return np.full(len(scores), self.point)
        reached = normal_quantile(self.level)
        below = math.log(middle / (self.low - self.n_observed + added)) / reached
        above = below
        if math.isfinite(self.high):
            above = math.log((self.high - self.n_observed + added) / middle) / reached
        centre = 0.5 * own_share * (0.5 * (below + above)) ** 2
        with np.errstate(over="ignore"):
            unlisted = middle * np.exp(scores * np.where(scores < 0, below, above) - centre) - added
        values = self.n_observed + np.maximum(unlisted, 0.0)
        return values if math.isfinite(self.high) else np.where(scores >= reached, np.inf, values)


def middle_and_limits(sums: Floats, level: float) -> tuple[float, float, float]:
    """Lower limit, median and upper limit of sums."""
    tail = (1 - level) / 2
    low, middle, high = quantiles(sums, np.array([tail, 0.5, 1 - tail])).tolist()
    return low, middle, high


def blocks(n_values: int) -> list[slice]:
    """Parts of a row of values, each of as many to one, in their order."""
    edges = [n_values * block // N_BLOCKS for block in range(N_BLOCKS + 1)]
    return [slice(low, high) for low, high in pairwise(edges)]


def block_errors(values: Floats) -> tuple[float | None, ...]:
    """Monte Carlo standard errors from results of single blocks, shape (n_blocks, n_results).

    None where a block's result is infinite, or where no block differs from another.
    """
    with np.errstate(invalid="ignore"):
        spread = values.std(axis=0, ddof=1) / math.sqrt(len(values))
    return tuple(float(error) if math.isfinite(error) and error > 0 else None for error in spread)
