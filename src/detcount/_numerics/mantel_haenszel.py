"""An odds ratio common to many small tables of two by two: its estimate, its variance, its test."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from detcount._numerics.arrays import Ints
from detcount._numerics.intervals import normal_quantile


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
    says = (rows.min(axis=1) > 0) & (columns.min(axis=1) > 0)
    cells, rows, columns = cells[says], rows[says], columns[says]
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
