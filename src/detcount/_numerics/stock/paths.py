"""Paths between dates at which a distribution is known, with errors that are mostly one error."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtr

from detcount._numerics.arrays import Floats, Ints

_END, _STEP = 4.5, 1 / 32
SCORES: Floats = np.arange(-_END, _END + _STEP / 2, _STEP)
"""Standard normal scores at which distributions are kept."""


def score_probabilities() -> Floats:
    """Probabilities of the scores."""
    return np.asarray(ndtr(SCORES), dtype=np.float64)


def correlated_scores(
    dates: Ints, days: Ints, rho: float, ell: float, n_draws: int, rng: np.random.Generator
) -> Floats:
    """Draw standard normal scores for each day, shape (n_days, n_draws).

    At two of the dates, days apart, they have correlation rho exp(-|s - t| / ell): a part that fades from day
    to day, and one of each date alone. Between two dates the first goes on; the second is that of both dates,
    the nearer one weighing more, and keeps its variance.

    Parameters
    ----------
    dates, days : ndarray of int64
        The dates, and all days from the first of them to the last, one after the other.
    rho : float
        Correlation at two dates that lie close, from 0 to 1.
    ell : float
        Days after which the correlation has fallen to rho / e; may be infinite.
    n_draws : int
        Draws.
    rng : numpy.random.Generator
        Source of random numbers.
    """
    keep = math.exp(-1 / ell)
    fading = np.empty((len(days), n_draws))
    fading[0] = rng.standard_normal(n_draws)
    for day in range(1, len(days)):
        fading[day] = keep * fading[day - 1]
        if keep < 1:
            fading[day] += math.sqrt(1 - keep**2) * rng.standard_normal(n_draws)
    own = rng.standard_normal((len(dates), n_draws))
    left, weight = _between(dates, days)
    scale = np.sqrt(weight**2 + (1 - weight) ** 2)
    own = (own[left] * (1 - weight)[:, None] + own[left + 1] * weight[:, None]) / scale[:, None]
    return math.sqrt(rho) * fading + math.sqrt(1 - rho) * own


def joined_levels(levels: Floats, dates: Ints, days: Ints, scores: Floats) -> Floats:
    """Values at the scores of each day, level by level between the dates, shape (n_days, n_draws).

    Parameters
    ----------
    levels : ndarray of float64, shape (n_dates, len(SCORES))
        Values of each date at `SCORES`, not falling.
    dates, days : ndarray of int64
        The dates, and all days from the first of them to the last.
    scores : ndarray of float64, shape (n_days, n_draws)
        Standard normal scores.
    """
    left, weight = _between(dates, days)
    found = np.empty_like(scores)
    for day in range(len(days)):
        mixed = levels[left[day]] * (1 - weight[day]) + levels[left[day] + 1] * weight[day]
        found[day] = np.interp(scores[day], SCORES, mixed)
    return found


def straight(values: Floats, dates: Ints, days: Ints) -> Floats:
    """Values of each day on straight lines between those of the dates, shape (n_days, n_draws)."""
    left, weight = _between(dates, days)
    found: Floats = values[left] * (1 - weight)[:, None] + values[left + 1] * weight[:, None]
    return found


def bridge(dates: Ints, days: Ints, variance: float, n_draws: int, rng: np.random.Generator) -> Floats:
    """Brownian motion of some variance a day that is 0 at each of the dates, shape (n_days, n_draws)."""
    steps = rng.standard_normal((len(days), n_draws)) * math.sqrt(variance)
    steps[0] = 0
    walk = np.cumsum(steps, axis=0)
    left, weight = _between(dates, days)
    at = walk[dates - days[0]]
    bent: Floats = walk - at[left] * (1 - weight)[:, None] - at[left + 1] * weight[:, None]
    return bent


def decay_days(shared: Ints, dates: Ints) -> float:
    """Days over which the people whom two tables share fall to 1/e, by least squares of the logarithm.

    Infinite where the tables all share the same people.
    """
    size = np.diag(shared).astype(np.float64)
    if not (size > 0).all():
        return math.inf
    common = np.maximum(shared, 0.5) / np.sqrt(np.outer(size, size))
    apart = np.abs(np.subtract.outer(dates, dates)).astype(np.float64)
    slope = float((apart * -np.log(common)).sum() / max((apart**2).sum(), 1.0))
    return 1 / slope if slope > 0 else math.inf


def _between(dates: Ints, days: Ints) -> tuple[Ints, Floats]:
    """Position of the date on or before each day, and how far the day is on the way to the next, 0 to 1."""
    left = np.clip(np.searchsorted(dates, days, side="right") - 1, 0, len(dates) - 2).astype(np.int64)
    weight = (days - dates[left]) / (dates[left + 1] - dates[left])
    return left, weight.astype(np.float64)
