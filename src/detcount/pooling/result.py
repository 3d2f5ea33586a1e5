"""Limits by Rubin's rules, and what stands behind a pooled estimate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from detcount._numerics.pooling import student_quantile
from detcount.estimates import AbundanceEstimate
from detcount.reports.printing import frame_of

if TYPE_CHECKING:
    import pandas as pd

Combine = Literal["auto", "mixture", "rubin", "rubin-n", "verdata"]
"""How the answers of tables become one."""


@dataclass(frozen=True)
class RubinRule:
    """Limits by Student's distribution around the mean over tables.

    Parameters
    ----------
    centre : float
        Mean over the tables: persons, or the logarithm of persons beyond the floor.
    spread : float
        Root of the total variance of the mean.
    degrees_of_freedom : float
        Degrees of freedom; infinite where the tables do not differ.
    floor : float, optional
        Persons to whom those of the logarithm are added; None where persons themselves were averaged.
    spread_error : float, optional
        Monte Carlo standard error of the spread; 0 where the limits of every table are exact.

    Examples
    --------
    >>> from detcount.pooling.result import RubinRule
    >>> low, high = RubinRule(centre=5.0, spread=0.2, degrees_of_freedom=30.0, floor=100.0).bounds(0.95)
    >>> print(round(low), round(high))
    199 323
    """

    centre: float
    spread: float
    degrees_of_freedom: float
    floor: float | None = None
    spread_error: float = 0.0
    method: ClassVar[str] = "Rubin's rules"

    def bounds(self, level: float) -> tuple[float, float]:
        """Limits of N at a level."""
        half = student_quantile((1 + level) / 2, self.degrees_of_freedom) * self.spread
        if self.floor is None:
            return self.centre - half, self.centre + half
        with np.errstate(over="ignore"):
            low, high = np.exp([self.centre - half, self.centre + half])
        return self.floor + float(low), self.floor + float(high)

    def monte_carlo_errors(self, level: float) -> tuple[float, float] | None:
        """Monte Carlo standard errors of the limits at a level, persons; None where they are exact."""
        if not self.spread_error:
            return None
        error = student_quantile((1 + level) / 2, self.degrees_of_freedom) * self.spread_error
        if self.floor is None:
            return error, error
        low, high = (limit - self.floor for limit in self.bounds(level))
        return low * error, high * error


@dataclass(frozen=True, eq=False)
class PooledDetail:
    """Details of a pooled estimate.

    Parameters
    ----------
    estimates : tuple of AbundanceEstimate
        The estimate from each table by itself, in the order given.
    combine : {"mixture", "rubin", "rubin-n", "verdata"}
        How they became one.
    n_observed : tuple of int
        Persons listed in each table.
    share_between : float
        Share of the variance that comes from the difference between tables, from 0 to 1.
    degrees_of_freedom : float or None
        Degrees of freedom of the limits; None for a mixture, which has none.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = [{"10": 40, "01": 60, "11": 20 + k} for k in range(3)]
    >>> tables = [dc.CaptureTable.from_counts(each, lists=["press", "families"]) for each in counts]
    >>> pooled = dc.pooling.pool(dc.abundance.Chapman(), tables)
    >>> print(len(pooled.detail.estimates), round(pooled.detail.share_between, 2))
    3 0.02
    """

    estimates: tuple[AbundanceEstimate, ...]
    combine: Combine
    n_observed: tuple[int, ...]
    share_between: float
    degrees_of_freedom: float | None

    def to_frame(self, level: float = 0.95) -> pd.DataFrame:
        """Give the estimate from each table as a pandas frame, a row each."""
        return frame_of(row for estimate in self.estimates for row in estimate.rows(level))
