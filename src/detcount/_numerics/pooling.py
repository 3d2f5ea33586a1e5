"""Sums and pools of estimates that err together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import ndtri, stdtrit

from detcount._numerics.arrays import Floats
from detcount._numerics.intervals import normal_quantile, quantiles

# Sums of numbers of persons whose errors are partly the same: one Gaussian factor.
#
# The number of persons of stratum s is Q_s(Phi(w_s)), Q_s being its quantile function and
#
#     w_s = sqrt(r_s) z + sqrt(1 - r_s) e_s,    z and every e_s standard normal and independent,
#
# so that the normal scores of two strata have correlation sqrt(r_s r_t). r = 0 leaves the strata
# independent; with r = 1 everything rises and falls together, and quantiles of the sum are sums of
# quantiles.


@dataclass(frozen=True)
class Tuning:
    """Monte Carlo of pooled totals.

    Parameters
    ----------
    least_sums : int, draws
        Fewest sums over strata. Convention: limits err by 2% of a standard deviation.
    most_sums : int, draws
        Most sums over strata. Convention: limits err by 1% of a standard deviation.
    values : int, draws
        Draws of all strata together. Convention: a second of work.
    n_blocks : int, blocks
        Blocks from which the Monte Carlo error is estimated. Convention: the error itself errs by 16%.
    most_degrees : float, degrees of freedom
        Degrees beyond which Student's distribution is normal. Convention: equal to every digit.
    """

    least_sums: int = 20_000
    most_sums: int = 100_000
    values: int = 4_000_000
    n_blocks: int = 20
    most_degrees: float = 1e8


TUNING = Tuning()
N_BLOCKS = TUNING.n_blocks


def sums_for(n_strata: int) -> int:
    """Choose how many sums are made: fewer of more strata, so that a thousand take seconds."""
    return min(max(TUNING.values // n_strata, TUNING.least_sums), TUNING.most_sums) // N_BLOCKS * N_BLOCKS


def stratified_scores(n_sums: int, random: np.random.Generator) -> Floats:
    """Standard normal scores, evenly spread within each block, in random order.

    Blocks differ in where their evenly spaced steps begin, so that they still show the Monte Carlo error.
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

        The part of the error that strata do not share has mean 1 as a factor of N - n, so that such errors
        cancel in a sum of many strata and do not push it up.
        """
        added = 0.0 if self.low > self.n_observed else 0.5
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
    """Slices that cut values into blocks, in order, whose lengths differ by one at most."""
    edges = [n_values * block // N_BLOCKS for block in range(N_BLOCKS + 1)]
    return [slice(low, high) for low, high in pairwise(edges)]


def block_errors(values: Floats) -> tuple[float | None, ...]:
    """Monte Carlo standard errors from results of single blocks, shape (n_blocks, n_results).

    None where a block's result is infinite, or where no block differs from another.
    """
    with np.errstate(invalid="ignore"):
        spread = values.std(axis=0, ddof=1) / math.sqrt(len(values))
    return tuple(float(error) if math.isfinite(error) and error > 0 else None for error in spread)


@dataclass(frozen=True)
class Combined:
    """Mean of the estimates of several tables, and the parts of its variance."""

    n_tables: int
    mean: float
    within: float
    between: float

    @property
    def total(self) -> float:
        """Variance of the mean: within tables, and between them with its share for a finite number."""
        return self.within + (1 + 1 / self.n_tables) * self.between

    @property
    def share_between(self) -> float:
        """Share of the variance that comes from the difference between tables."""
        return (1 + 1 / self.n_tables) * self.between / self.total if self.total else 0.0


def combine(estimates: Floats, variances: Floats) -> Combined:
    """Combine the estimates of one quantity from m tables, and their variances (Rubin 1987)."""
    from_first = estimates - estimates[0]  # so that equal estimates differ by nothing at all
    return Combined(
        n_tables=len(estimates),
        mean=float(estimates[0] + from_first.mean()),
        within=float(variances.mean()),
        between=float(from_first.var(ddof=1)),
    )


def degrees_of_freedom(combined: Combined, complete: float = math.inf) -> float:
    """Degrees of freedom of Rubin (1987), or of Barnard and Rubin (1999) where one table has finite ones."""
    share = combined.share_between
    of_tables = (combined.n_tables - 1) / share**2 if share else math.inf
    if math.isinf(complete):
        return of_tables
    observed = (complete + 1) / (complete + 3) * complete * (1 - share)
    return observed if math.isinf(of_tables) else of_tables * observed / (of_tables + observed)


def degrees_of_freedom_as_printed(combined: Combined) -> float:
    """Degrees of freedom in the form with W/((m + 1) B), which gives fewer than Rubin's m W/((m + 1) B)."""
    if combined.between == 0:
        return math.inf
    ratio = combined.within / ((combined.n_tables + 1) * combined.between)
    return (combined.n_tables - 1) * (1 + ratio) ** 2


def student_quantile(probability: float, degrees: float) -> float:
    """Quantile of Student's distribution; of the normal one for infinite degrees of freedom."""
    if degrees > TUNING.most_degrees:
        return float(ndtri(probability))
    return float(stdtrit(degrees, probability))


def log_spreads(
    points: Floats, lows: Floats, highs: Floats, level: float, *, least: float
) -> tuple[Floats, Floats]:
    """Logarithms of positive estimates, and the standard deviations that their limits imply.

    Values below `least` are raised to it. The standard deviation is half the width of the limits over the
    normal quantile; where the lower limit is at `least`, it is that of the upper half alone.
    """
    centre, low, high = (np.log(np.maximum(values, least)) for values in (points, lows, highs))
    half = np.where(lows > least, (high - low) / 2, high - centre)
    return centre, np.maximum(half, 0.0) / float(ndtri((1 + level) / 2))


def mixture(draws: Sequence[Floats]) -> Floats:
    """Draws of a mixture with equal weights: as many from each, evenly thinned where one has more."""
    size = min(map(len, draws))
    return np.concatenate([each[np.arange(size) * len(each) // size] for each in draws])


def variance_shares(draws: Sequence[Floats]) -> Combined:
    """Mean of draws of several tables, and their variance within and between tables."""
    return combine(np.array([each.mean() for each in draws]), np.array([each.var(ddof=1) for each in draws]))
