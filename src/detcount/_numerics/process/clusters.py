"""Counts of people who are verified in clusters, and figures said to be lower bounds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln

from detcount._numerics.truncated import negative_binomial_of_at_least

__all__ = [
    "draw_clusters",
    "draw_excess",
    "log_clusters",
    "log_excess",
    "of_the_count",
    "of_the_mean",
    "score_clusters",
]

_TINY = 1e-9


def log_clusters(
    count: NDArray[np.float64], mean: NDArray[np.float64], spread: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Log probability of a count whose variance is mean (1 + spread): people counted in clusters.

    The negative binomial with size mean/spread: a Poisson number of clusters whose sizes are logarithmic.
    Sums of independent counts of one spread are of the same kind, as a register needs.
    """
    log_one_more = np.log1p(spread)
    return of_the_count(count, spread) + of_the_mean(count, mean / spread, log_one_more)


def of_the_count(count: NDArray[np.float64], spread: NDArray[np.float64]) -> NDArray[np.float64]:
    """Part of `log_clusters` in which there is no mean."""
    return np.asarray(count * (np.log(spread) - np.log1p(spread)) - gammaln(count + 1))


def of_the_mean(
    count: NDArray[np.float64], size: NDArray[np.float64], log_one_more: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The rest of `log_clusters`: `size` is mean / spread, `log_one_more` log(1 + spread)."""
    return np.asarray(gammaln(count + size) - gammaln(size) - size * log_one_more)


def score_clusters(
    count: NDArray[np.float64], mean: NDArray[np.float64], spread: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Slope of `log_clusters` in the log of the mean."""
    size = mean / spread
    return np.asarray(size * (digamma(count + size) - digamma(size) - np.log1p(spread)))


def log_excess(excess: NDArray[np.float64], scale: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log probability that the register is so many persons above a figure said to be a lower bound."""
    decay = scale / (1 + scale)
    return np.asarray(excess * np.log(decay) + np.log1p(-decay))


def draw_clusters(
    mean: NDArray[np.float64], spread: NDArray[np.float64], random: np.random.Generator
) -> NDArray[np.int64]:
    """Draw counts of `log_clusters`."""
    size = np.maximum(mean / spread, _TINY)
    return random.poisson(random.standard_gamma(size) * spread)


def draw_excess(
    count: int,
    mean: NDArray[np.float64],
    spread: NDArray[np.float64],
    scale: float,
    random: np.random.Generator,
) -> NDArray[np.int64]:
    """Draw by how much the register is above a lower bound, given the mean of the register."""
    # a geometric excess times a negative binomial register is a negative binomial again
    ratio = spread / (1 + spread) * scale / (1 + scale)
    size = (mean + _TINY) / spread
    most = count + int(8 * scale) + 1
    level = random.random(len(mean))
    return negative_binomial_of_at_least(size, ratio, count, most, level) - count
