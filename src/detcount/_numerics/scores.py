"""Scores of intervals and of probabilities: weighted interval scores, averages over groups, a slope.

Averages are sums of weighted values over sums of weights, so that groups can be drawn again with replacement.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from detcount._numerics.calibration import interval_score

Floats = NDArray[np.float64]


class Slope(NamedTuple):
    """Slope of a density on 0 to 1, its standard error, and the chance of as much where it is even."""

    slope: float
    standard_error: float
    p_value: float


def weighted_interval_score(low: Floats, high: Floats, middle: float, truth: float, levels: Floats) -> float:
    """Twice the mean loss of the quantiles that central intervals and a median are, all on one scale.

    With K intervals it is (|y - m| / 2 + sum of alpha / 2 times their interval scores) / (K + 1/2).
    """
    with np.errstate(invalid="ignore"):
        scores = np.array(
            [
                interval_score(np.asarray(a), np.asarray(b), np.asarray(truth), level)
                for a, b, level in zip(low, high, levels, strict=True)
            ]
        )
    total = 0.5 * abs(truth - middle) + float(((1 - levels) / 2 * scores).sum())
    return total / (len(levels) + 0.5)


def group_means(values: Floats, weights: Floats, groups: NDArray[np.int64]) -> Floats:
    """Weighted mean of every group, in the order of their numbers."""
    n_groups = int(groups.max()) + 1
    total = np.bincount(groups, weights=weights * values, minlength=n_groups)
    return np.asarray(total / np.bincount(groups, weights=weights, minlength=n_groups))


def resampled_averages(
    values: Floats, weights: Floats, groups: NDArray[np.int64], size: int, random: np.random.Generator
) -> Floats:
    """Weighted averages over groups drawn with replacement, as many as there are."""
    n_groups = int(groups.max()) + 1
    total = np.bincount(groups, weights=weights * values, minlength=n_groups)
    weight = np.bincount(groups, weights=weights, minlength=n_groups)
    drawn = random.multinomial(n_groups, np.full(n_groups, 1 / n_groups), size=size)
    return np.asarray(drawn @ total / (drawn @ weight))


def mean_and_error(values: Floats) -> tuple[float, float]:
    """Mean, and its standard error; nan for one value, which shows no spread."""
    if len(values) < 2:
        return float(values.mean()), math.nan
    return float(values.mean()), float(values.std(ddof=1) / math.sqrt(len(values)))


def slope_of_uniform(values: Floats) -> Slope:
    """Slope b of the density 1 + b (u - 1/2) that values between 0 and 1 point to, independent of each other.

    A mean of such a density is 1/2 + b / 12. The test is Student's, of the mean against a half.
    """
    mean, error = mean_and_error(values - 0.5)
    if not error > 0:
        return Slope(12 * mean, math.nan, math.nan)
    p_value = 2 * float(stdtr(len(values) - 1, -abs(mean / error)))
    return Slope(12 * mean, 12 * error, p_value)
