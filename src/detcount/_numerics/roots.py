"""Roots of functions of one number, and modes of densities."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from detcount._numerics.arrays import Floats, bincount, repeat


@dataclass(frozen=True)
class Tuning:
    """Root finding, and the density of draws.

    Parameters
    ----------
    near : float
        Width of a bracket from which interpolation is used. Computational (`test_numbers`).
    steps : int, steps
        Most steps; ten are usual. Computational (`test_numbers`).
    last_bits : float, relative
        Width of a bracket that counts as rounding. Computational (`test_numbers`).
    nodes : int, points
        Points at which a kernel density is computed. Convention: finer than a printed figure.
    reach : float, bandwidths
        Reach of the kernel beyond the outermost draw. Convention: four standard deviations.
    least_peak : float, share of the highest
        Lowest peak of a kernel density that is reported. Convention: a tenth.
    fall : float, share of the lower
        Fall between two peaks that are reported as two. Convention: a half.
    strip_nodes : int, points
        Points of a drawn density. Convention: finer than a printed dot.
    strip_least : float, share of the highest
        Density below which nothing is drawn. Convention: thinner than a printed dot.
    """

    near: float = 0.5
    steps: int = 100
    last_bits: float = 1e-14
    nodes: int = 512
    reach: float = 4.0
    least_peak: float = 1 / 10
    fall: float = 1 / 2
    strip_nodes: int = 240
    strip_least: float = 0.004


TUNING = Tuning()


def newton_in_bracket(
    function: Callable[[float], tuple[float, float]],
    low: float,
    high: float,
    *,
    start: float | None = None,
    increasing: bool = True,
    at_zero: Literal["stop", "low", "high"] = "stop",
    absolute: float = 0.0,
    relative: float = 0.0,
    most_steps: int = TUNING.steps,
) -> tuple[float, float]:
    """Root of a function inside a bracket, and its slope where it was last evaluated.

    Newton's method, with a bisection wherever a step would leave the bracket. `function` gives value and
    slope. The search begins at `start`, or in the middle. It ends at a step of at most `absolute`, or
    `relative` times the place. A value of exactly zero ends it too, unless `at_zero` says that such a value
    is the low or high end of a bracket, as where rounding gives many zeros.
    """
    sign = 1.0 if increasing else -1.0
    x = 0.5 * (low + high) if start is None else start
    slope = math.nan
    for _ in range(most_steps):
        value, slope = function(x)
        if value == 0.0 and at_zero == "stop":
            return x, slope
        if value * sign > 0 or (value == 0.0 and at_zero == "high"):
            high = x
        else:
            low = x
        new = x - value / slope if slope * sign > 0 else math.inf
        if not low < new < high:
            new = 0.5 * (low + high)
        done = abs(new - x) <= absolute + relative * abs(x)
        x = new
        if done:
            break
    return x, slope


def crossing(rising: Callable[[float], float], *, farthest: float) -> float:
    """Where a rising function crosses zero: halving to get near, then Illinois steps.

    The search begins between -1 and 1 and goes no farther than `farthest`, or the power of two beyond it.
    """
    low, high = -1.0, 1.0
    while rising(low) > 0 and low > -farthest:
        low *= 2
    while rising(high) < 0 and high < farthest:
        high *= 2
    while high - low > TUNING.near:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if rising(middle) > 0 else (middle, high)
    below, above = rising(low), rising(high)
    last = middle = 0.5 * (low + high)
    for _ in range(TUNING.steps):
        middle = low - below * (high - low) / (above - below) if above > below else 0.5 * (low + high)
        value = rising(middle)
        if value == 0 or abs(middle - last) <= TUNING.last_bits * (1 + abs(middle)):
            break
        last = middle
        if value > 0:
            high, above, below = middle, value, 0.5 * below
        else:
            low, below, above = middle, value, 0.5 * above
    return middle


def prominent_peaks(log_height: Floats, *, least: float, fall: float = TUNING.fall) -> list[int]:
    """Positions of peaks of a curve; peaks that no valley separates count as one.

    Parameters
    ----------
    log_height : ndarray of float64, shape (n,)
        Logarithm of the height of the curve, from left to right.
    least : float
        Least height of a peak, as a share of the highest.
    fall : float, optional
        Two peaks count as two if the curve falls between them to this share of the lower one.

    Returns
    -------
    list of int
        Positions, from left to right; at least one.
    """
    last = len(log_height) - 1
    peaks = [
        k
        for k in np.flatnonzero(log_height > log_height.max() + np.log(least)).tolist()
        if (k == 0 or log_height[k] > log_height[k - 1]) and (k == last or log_height[k] >= log_height[k + 1])
    ]
    chosen: list[int] = []
    for k in peaks:
        if chosen:
            lower = min(log_height[chosen[-1]], log_height[k])
            if log_height[chosen[-1] : k + 1].min() > lower + np.log(fall):
                if log_height[k] > log_height[chosen[-1]]:
                    chosen[-1] = k
                continue
        chosen.append(k)
    return chosen


def density_of_draws(unobserved: Floats, independent: float) -> tuple[Floats, Floats]:
    """Density of log(n_0 + 1) from draws of n_0, by a normal kernel.

    The bandwidth is that of Silverman's rule for the effective number of draws: correlated draws are smoothed
    more. Draws of one value are spread over the unit around it.

    Parameters
    ----------
    unobserved : ndarray of float64, shape (n_draws,)
        Draws of the persons on no list.
    independent : float
        Independent draws that these are worth.

    Returns
    -------
    tuple of ndarray of float64
        Values of n_0, ascending, and the density there; both are empty where the draws do not differ.
    """
    x = np.log1p(_spread_out(unobserved))
    quarter, three_quarters = np.quantile(x, [0.25, 0.75])
    if np.ptp(unobserved) == 0:
        return np.empty(0), np.empty(0)
    spread = min(float(x.std()), float(three_quarters - quarter) / 1.34) or float(x.std())
    bandwidth = 0.9 * spread * max(min(independent, len(x)), 1.0) ** -0.2
    low, high = float(x.min()) - TUNING.reach * bandwidth, float(x.max()) + TUNING.reach * bandwidth
    n_bins = int(max(TUNING.nodes, min(64 * TUNING.nodes, np.ceil(8 * (high - low) / bandwidth))))
    counts, edges = np.histogram(x, bins=n_bins, range=(low, high))
    step = edges[1] - edges[0]
    half = int(np.ceil(TUNING.reach * bandwidth / step))
    kernel = np.exp(-0.5 * (np.arange(-half, half + 1) * step / bandwidth) ** 2)
    density = np.convolve(counts, kernel / kernel.sum(), mode="same") / (len(x) * step)
    middle = 0.5 * (edges[1:] + edges[:-1])
    kept = middle >= 0.0  # nobody is fewer than nobody
    return np.expm1(middle[kept]), density[kept]


def _spread_out(values: Floats) -> Floats:
    """Values in order, those that are the same spread evenly over the unit around them."""
    unique, counts = np.unique(values, return_counts=True)
    first = repeat(np.cumsum(counts) - counts, counts)
    place = (np.arange(len(values)) - first + 0.5) / repeat(counts, counts)
    return np.asarray(repeat(unique, counts) + np.where(repeat(counts, counts) > 1, place - 0.5, 0.0))


def modes_of_draws(unobserved: Floats, independent: float) -> list[float]:
    """Modes of log(n_0 + 1) that stand out, as values of n_0; one where the draws do not differ.

    A mode stands out when the density falls to half of it on the way to any other, and it is at least a
    tenth as high as the highest.
    """
    return weighted_modes_of_draws(unobserved, independent)[0]


def weighted_modes_of_draws(unobserved: Floats, independent: float) -> tuple[list[float], list[float]]:
    """Modes of log(n_0 + 1) that stand out, and the share of the draws around each, split at the valleys."""
    values, density = density_of_draws(unobserved, independent)
    if len(values) == 0:
        return [float(unobserved[0])], [1.0]
    with np.errstate(divide="ignore"):
        peaks = prominent_peaks(np.log(density), least=TUNING.least_peak)
    valleys = [values[left + int(density[left:right].argmin())] for left, right in pairwise(peaks)]
    counts = bincount(np.searchsorted(valleys, unobserved), minlength=len(peaks))
    return [float(values[k]) for k in peaks], [float(count) for count in counts / len(unobserved)]


def strip_of_draws(unobserved: Floats, independent: float) -> tuple[Floats, Floats]:
    """Density of log(n_0 + 1) from draws of n_0, at evenly spaced values of it, for a figure.

    Parameters
    ----------
    unobserved : ndarray of float64, shape (n_draws,)
        Draws of the persons on no list.
    independent : float
        Independent draws that these are worth.

    Returns
    -------
    tuple of ndarray of float64
        Values of n_0, ascending, and heights of which the greatest is about 1; both are empty where the draws
        do not differ.
    """
    values, density = density_of_draws(unobserved, independent)
    if len(values) == 0:
        return values, density
    density = density / density.max()
    kept = np.flatnonzero(density > TUNING.strip_least)
    places = np.linspace(np.log1p(values[kept[0]]), np.log1p(values[kept[-1]]), TUNING.strip_nodes)
    return np.expm1(places), np.interp(places, np.log1p(values), density)
