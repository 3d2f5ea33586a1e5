"""Answers from several imputed tables as one: Rubin's rules, their degrees of freedom, mixtures of draws."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

_MOST_DEGREES = 1e8  # beyond it Student's distribution is the normal one to every digit


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


def combine(estimates: NDArray[np.float64], variances: NDArray[np.float64]) -> Combined:
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
    """Quantile of Student's distribution; of the normal one where the degrees of freedom have no end."""
    if degrees > _MOST_DEGREES:
        return float(ndtri(probability))
    return float(stdtrit(degrees, probability))


def log_spreads(
    points: NDArray[np.float64],
    lows: NDArray[np.float64],
    highs: NDArray[np.float64],
    level: float,
    *,
    least: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Logarithms of positive estimates, and standard deviations that their limits speak of.

    What is below `least` counts as it. Half the width of the limits is divided by the normal quantile; where
    the lower limit is at `least`, the upper half alone.
    """
    centre, low, high = (np.log(np.maximum(values, least)) for values in (points, lows, highs))
    half = np.where(lows > least, (high - low) / 2, high - centre)
    return centre, np.maximum(half, 0.0) / float(ndtri((1 + level) / 2))


def mixture(draws: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Draws of a mixture with equal weights: as many from each, evenly thinned where one has more."""
    size = min(map(len, draws))
    return np.concatenate([each[np.arange(size) * len(each) // size] for each in draws])


def variance_shares(draws: Sequence[NDArray[np.float64]]) -> Combined:
    """Mean of draws of several tables, and their variance within and between tables."""
    return combine(np.array([each.mean() for each in draws]), np.array([each.var(ddof=1) for each in draws]))
