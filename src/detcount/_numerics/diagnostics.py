"""What the listed persons show by themselves: overlaps, odds ratios, coverage, residuals."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from detcount._numerics.intervals import normal_quantile
from detcount._numerics.roots import crossing

_STEEPEST = 700.0  # beyond exp(700) an odds ratio is no longer a float


def tables_elsewhere(
    histories: NDArray[np.uint8], counts: NDArray[np.int64]
) -> dict[tuple[int, int], tuple[int, int, int, int]]:
    """Cells (both, first only, second only, neither) of each pair, among persons on another list.

    On any other list, so that for these persons it is known when they are on neither of the two.
    """
    wide = histories.astype(np.int64)
    times = wide.sum(axis=1)
    tables = {}
    for i in range(wide.shape[1]):
        for j in range(i + 1, wide.shape[1]):
            elsewhere = counts * (times - wide[:, i] - wide[:, j] > 0)
            cells = np.bincount(2 * wide[:, i] + wide[:, j], weights=elsewhere, minlength=4)
            neither, second, first, both = (round(cell) for cell in cells.tolist())
            tables[i, j] = (both, first, second, neither)
    return tables


def log_odds_ratio(cells: tuple[int, int, int, int], level: float) -> tuple[float, float, float]:
    """Odds ratio with limits normal on the log scale (Woolf 1955).

    With an empty cell, 0.5 is added to all four (Haldane 1956, Anscombe 1956).
    """
    a, b, c, d = (cell + 0.5 for cell in cells) if 0 in cells else map(float, cells)
    centre = math.log(a) + math.log(d) - math.log(b) - math.log(c)
    half_width = normal_quantile(level) * math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    return math.exp(centre), math.exp(centre - half_width), math.exp(centre + half_width)


def conditional_odds_ratio(cells: tuple[int, int, int, int], level: float) -> tuple[float, float, float]:
    """Conditional maximum likelihood odds ratio with exact limits (Cornfield 1956).

    Given the margins the first cell is noncentral hypergeometric. Each limit inverts a one-sided test at
    (1 - level)/2. At the end of its range the estimate is 0 or infinite, and so is the limit.
    """
    a, b, c, d = cells
    first, column = a + b, a + c
    support = np.arange(max(0, column - c - d), min(first, column) + 1, dtype=np.float64)
    log_weights = (
        -gammaln(support + 1)
        - gammaln(first - support + 1)
        - gammaln(column - support + 1)
        - gammaln(c + d - column + support + 1)
    )
    tail = (1 - level) / 2

    def probabilities(log_odds: float) -> NDArray[np.float64]:
        terms = log_weights + support * log_odds
        weights = np.exp(terms - terms.max())
        weights /= weights.sum()
        return np.asarray(weights)

    lowest, highest = a == support[0], a == support[-1]
    point = (
        0.0
        if lowest
        else math.inf
        if highest
        else _odds(lambda value: float(probabilities(value) @ support) - a)
    )
    low = 0.0 if lowest else _odds(lambda value: float(probabilities(value)[support >= a].sum()) - tail)
    high = (
        math.inf if highest else _odds(lambda value: tail - float(probabilities(value)[support <= a].sum()))
    )
    return point, low, high


def _odds(rising: Callable[[float], float]) -> float:
    """Odds ratio at whose logarithm a rising function crosses zero."""
    return math.exp(crossing(rising, farthest=_STEEPEST))


def pearson_residuals(observed: NDArray[np.float64], fitted: NDArray[np.float64]) -> NDArray[np.float64]:
    """(observed - fitted) / sqrt(fitted); a cell that the model makes impossible and nobody has gives 0."""
    return _divided(observed - fitted, np.sqrt(fitted))


def deviance_residuals(observed: NDArray[np.float64], fitted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Signed roots of 2 (observed log(observed/fitted) - observed + fitted).

    Their squares add up to the deviance.
    """
    ratio = np.where(observed > 0, _divided(observed, fitted), 1.0)
    halves = observed * np.log(np.where(ratio > 0, ratio, 1.0)) - observed + fitted
    roots: NDArray[np.float64] = np.sign(observed - fitted) * np.sqrt(2 * np.maximum(halves, 0.0))
    return roots


def freeman_tukey_residuals(
    observed: NDArray[np.float64], fitted: NDArray[np.float64]
) -> NDArray[np.float64]:
    """sqrt(observed) + sqrt(observed + 1) - sqrt(4 fitted + 1); near normal down to small cells."""
    roots: NDArray[np.float64] = np.sqrt(observed) + np.sqrt(observed + 1) - np.sqrt(4 * fitted + 1)
    return roots


def _divided(values: NDArray[np.float64], by: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quotients, 0 for 0/0 and infinite for anything else over 0."""
    quotient = np.where(values == 0, 0.0, np.copysign(np.inf, values))
    np.divide(values, by, out=quotient, where=by > 0)
    return quotient
