"""What estimators that choose anew in every resample share: the interval, its spread and its notes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from detcount import arguments
from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.intervals import bca_probabilities
from detcount._numerics.monte_carlo import jackknife_acceleration, jackknife_tables, population_resamples
from detcount.abundance.guards import message
from detcount.abundance.intervals import BCaBootstrap, PercentileBootstrap
from detcount.captures import CaptureTable
from detcount.estimates import BCaRule, PercentileRule
from detcount.words import Message

# What BCa reads beyond its resamples, by whether that is the lower and whether it is the upper limit.
_BEYOND = {
    (True, False): (
        "BCa reads the lower limit at probability {low:.2g}, beyond what {n:,} resamples can show: it is "
        "the most extreme of them. Use more resamples."
    ),
    (False, True): (
        "BCa reads the upper limit at probability {high:.2g}, beyond what {n:,} resamples can show: it is "
        "the most extreme of them. Use more resamples."
    ),
    (True, True): (
        "BCa reads the lower limit at probability {low:.2g} and the upper limit at probability {high:.2g}, "
        "beyond what {n:,} resamples can show: it is the most extreme of them. Use more resamples."
    ),
}

Interval = BCaBootstrap | PercentileBootstrap


def redrawn(table: CaptureTable, point: float, interval: Interval, seed: int) -> Ints:
    """Counts of each history in the resamples, redrawn from a population of the size estimated."""
    return population_resamples(table.counts, point, interval.n_resamples, arguments.seed(seed))


def repeated_tables(table: CaptureTable, point: float, interval: Interval, seed: int) -> Ints:
    """Counts in the resamples, then, for a BCa interval, without one person of each history."""
    counts = redrawn(table, point, interval, seed)
    if not isinstance(interval, BCaBootstrap):
        return counts
    return np.concatenate([counts, jackknife_tables(table.counts)])


def interval_rule(
    interval: Interval, draws: Floats, point: float, acceleration: float
) -> PercentileRule | BCaRule:
    """Interval of the kind asked for."""
    if isinstance(interval, BCaBootstrap):
        return BCaRule(draws, point, acceleration)
    return PercentileRule(draws)


def acceleration_of(interval: Interval, table: CaptureTable, refitted: Callable[[Ints], Floats]) -> float:
    """Acceleration of a BCa interval, from N refitted without one person of each history; 0 for others."""
    if not isinstance(interval, BCaBootstrap):
        return 0.0
    return jackknife_acceleration(refitted(jackknife_tables(table.counts)), table.counts.astype(np.float64))


def spread(draws: Floats) -> float | None:
    """Standard deviation of the draws, unless some are infinite."""
    return float(draws.std(ddof=1)) if np.isfinite(draws).all() else None


def resample_notes(
    interval: Interval, draws: Floats, point: float, acceleration: float, n_unconverged: int
) -> tuple[str, ...]:
    """Say where the resamples do not carry the limits."""
    notes = []
    n_infinite = int(np.isinf(draws).sum())
    if n_infinite:
        notes.append(message("infinite resamples", infinite=n_infinite, n=len(draws)))
    if n_unconverged:
        notes.append(message("fits that did not converge", n=n_unconverged))
    if isinstance(interval, BCaBootstrap):
        low, high = bca_probabilities(draws, point, acceleration, 0.95)
        beyond = low * len(draws) < 1, (1 - high) * len(draws) < 1
        if any(beyond):
            notes.append(Message(_BEYOND[beyond], low=low, high=1 - high, n=len(draws)))
    return tuple(notes)
