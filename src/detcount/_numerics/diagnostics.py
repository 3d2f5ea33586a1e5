"""Dependence shown by overlaps: odds ratios of pairs and strata, and lists that are copies."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, gammaln, ndtr

from detcount._numerics.arrays import Floats, Ints, bincount
from detcount._numerics.intervals import normal_quantile
from detcount._numerics.roots import crossing


@dataclass(frozen=True)
class Tuning:
    """Limits of diagnostics.

    Parameters
    ----------
    steepest : float, log
        Log odds ratio beyond which a float overflows. Computational (`test_numbers`).
    most_exact : int, tables
        Tables that are added up one by one; a normal approximation beyond. Convention: a second of work.
    """

    steepest: float = 700.0
    most_exact: int = 200_000


TUNING = Tuning()


def tables_elsewhere(
    histories: NDArray[np.uint8], counts: Ints
) -> dict[tuple[int, int], tuple[int, int, int, int]]:
    """Cells (both, first only, second only, neither) of each pair, among persons on another list.

    These persons are on some other list, so that it is known who of them is on neither of the two.
    """
    wide = histories.astype(np.int64)
    times = wide.sum(axis=1)
    tables = {}
    for i in range(wide.shape[1]):
        for j in range(i + 1, wide.shape[1]):
            elsewhere = counts * (times - wide[:, i] - wide[:, j] > 0)
            cells = bincount(2 * wide[:, i] + wide[:, j], weights=elsewhere, minlength=4)
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

    def probabilities(log_odds: float) -> Floats:
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
    return math.exp(crossing(rising, farthest=TUNING.steepest))


def pearson_residuals(observed: Floats, fitted: Floats) -> Floats:
    """(observed - fitted) / sqrt(fitted); a cell that the model makes impossible and nobody has gives 0."""
    return _divided(observed - fitted, np.sqrt(fitted))


def deviance_residuals(observed: Floats, fitted: Floats) -> Floats:
    """Signed roots of 2 (observed log(observed/fitted) - observed + fitted).

    Their squares add up to the deviance.
    """
    ratio = np.where(observed > 0, _divided(observed, fitted), 1.0)
    halves = observed * np.log(np.where(ratio > 0, ratio, 1.0)) - observed + fitted
    roots: Floats = np.sign(observed - fitted) * np.sqrt(2 * np.maximum(halves, 0.0))
    return roots


def freeman_tukey_residuals(observed: Floats, fitted: Floats) -> Floats:
    """sqrt(observed) + sqrt(observed + 1) - sqrt(4 fitted + 1); near normal down to small cells."""
    roots: Floats = np.sqrt(observed) + np.sqrt(observed + 1) - np.sqrt(4 * fitted + 1)
    return roots


def _divided(values: Floats, by: Floats) -> Floats:
    """Quotients, 0 for 0/0 and infinite for anything else over 0."""
    quotient = np.where(values == 0, 0.0, np.copysign(np.inf, values))
    np.divide(values, by, out=quotient, where=by > 0)
    return quotient


@dataclass(frozen=True)
class CommonOddsRatio:
    """The odds ratio of Mantel and Haenszel over strata.

    Parameters
    ----------
    odds_ratio : float
        Sum of a d/n over the sum of b c/n; infinite or 0 where one of them is 0, nan where both are.
    log_error : float
        Standard error of its logarithm (Robins, Breslow and Greenland 1986); infinite where the odds
        ratio is 0 or infinite.
    p_value : float
        Of independence in every stratum, two-sided: the test of Mantel and Haenszel without correction;
        1 where no stratum can say anything.
    n : int
        Persons in the strata that say something: those where neither margin is empty.
    """

    odds_ratio: float
    log_error: float
    p_value: float
    n: int

    def interval(self, level: float) -> tuple[float, float]:
        """Limits of the odds ratio, from 0 to infinity where there is no standard error."""
        if not math.isfinite(self.log_error):
            return 0.0, math.inf
        factor = math.exp(normal_quantile(level) * self.log_error)
        return self.odds_ratio / factor, self.odds_ratio * factor


def mantel_haenszel(tables: Ints) -> CommonOddsRatio:
    """Pool tables of shape (n_strata, 2, 2)."""
    cells = np.asarray(tables, dtype=np.float64)
    rows, columns = cells.sum(axis=2), cells.sum(axis=1)
    states = (rows.min(axis=1) > 0) & (columns.min(axis=1) > 0)
    cells, rows, columns = cells[states], rows[states], columns[states]
    if not len(cells):
        return CommonOddsRatio(math.nan, math.inf, 1.0, 0)
    n = cells.sum(axis=(1, 2))
    a, b, c, d = cells[:, 0, 0], cells[:, 0, 1], cells[:, 1, 0], cells[:, 1, 1]
    agree, differ = (a + d) / n, (b + c) / n
    up, down = a * d / n, b * c / n
    excess = float((a - rows[:, 0] * columns[:, 0] / n).sum())
    variance = float((rows.prod(axis=1) * columns.prod(axis=1) / (n**2 * (n - 1))).sum())
    p_value = float(chdtrc(1, excess**2 / variance))
    high, low = float(up.sum()), float(down.sum())
    if high == 0 or low == 0:
        ratio = math.nan if high == low else (math.inf if low == 0 else 0.0)
        return CommonOddsRatio(ratio, math.inf, p_value, int(n.sum()))
    error = math.sqrt(
        (agree * up).sum() / (2 * high**2)
        + (agree * down + differ * up).sum() / (2 * high * low)
        + (differ * down).sum() / (2 * low**2)
    )
    return CommonOddsRatio(high / low, error, p_value, int(n.sum()))


def pair_overlaps(histories: NDArray[np.uint8], counts: Ints) -> Ints:
    """Persons on both lists of each pair, shape (n_lists, n_lists); list sizes on the diagonal."""
    marks = histories.astype(np.int64)
    return np.asarray(marks.T @ (marks * counts[:, None]))


def split_by_pair(
    histories: NDArray[np.uint8], counts: Ints, first: int, second: int
) -> tuple[int, int, int, int]:
    """Persons whom the other lists name: on both of a pair, the first only, the second only, neither."""
    marks = histories.astype(bool)
    elsewhere = np.delete(marks, [first, second], axis=1).any(axis=1)
    one, other = marks[elsewhere, first], marks[elsewhere, second]
    persons = counts[elsewhere]
    both, only_first, only_second, neither = (
        int(persons[cell].sum()) for cell in (one & other, one & ~other, ~one & other, ~one & ~other)
    )
    return both, only_first, only_second, neither


def tails_of_shared(cells: tuple[int, int, int, int], odds_ratio: float) -> tuple[float, float]:
    """Probability of at least, and of at most, as many persons on both lists at an odds ratio.

    The sizes of both lists and of the whole are taken as given (the noncentral hypergeometric distribution of
    Fisher). The cells are: on both, on the first only, on the second only, on neither.
    """
    both, only_first, only_second, _ = cells
    first, second, total = both + only_first, both + only_second, sum(cells)
    least, most = max(0, first + second - total), min(first, second)
    if most == least:
        return 1.0, 1.0
    if most - least > TUNING.most_exact:
        return _normal_tails(cells, odds_ratio)
    shared = np.arange(least, most + 1, dtype=np.float64)
    logs = shared * math.log(odds_ratio) - (
        gammaln(shared + 1)
        + gammaln(first - shared + 1)
        + gammaln(second - shared + 1)
        + gammaln(total - first - second + shared + 1)
    )
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    place = both - least
    return float(weights[place:].sum()), float(weights[: place + 1].sum())


def _normal_tails(cells: tuple[int, int, int, int], odds_ratio: float) -> tuple[float, float]:
    """The same from the logarithm of the odds ratio, half a person added to each cell."""
    both, only_first, only_second, neither = (cell + 0.5 for cell in cells)
    log_ratio = math.log(both) + math.log(neither) - math.log(only_first) - math.log(only_second)
    error = math.sqrt(1 / both + 1 / only_first + 1 / only_second + 1 / neither)
    z = (log_ratio - math.log(odds_ratio)) / error
    return float(ndtr(-z)), float(ndtr(z))
