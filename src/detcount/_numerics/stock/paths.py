"""Paths between dates at which a distribution is known, with errors that are mostly one error."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.stock import course
from detcount._numerics.stock.held import TUNING

SCORES: Floats = np.arange(-TUNING.score_end, TUNING.score_end + TUNING.score_step / 2, TUNING.score_step)
"""Standard normal scores at which distributions are retained."""


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
    left, right, weight = _between(dates, days)
    scale = np.sqrt(weight**2 + (1 - weight) ** 2)
    own = (own[left] * (1 - weight)[:, None] + own[right] * weight[:, None]) / scale[:, None]
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
    left, right, weight = _between(dates, days)
    found = np.empty_like(scores)
    for day in range(len(days)):
        mixed = levels[left[day]] * (1 - weight[day]) + levels[right[day]] * weight[day]
        found[day] = np.interp(scores[day], SCORES, mixed)
    return found


def straight(values: Floats, dates: Ints, days: Ints) -> Floats:
    """Values of each day on straight lines between those of the dates, constant beyond; (n_days, n_draws)."""
    left, right, weight = _between(dates, days)
    found: Floats = values[left] * (1 - weight)[:, None] + values[right] * weight[:, None]
    return found


def bridge(dates: Ints, days: Ints, variance: float, n_draws: int, rng: np.random.Generator) -> Floats:
    """Brownian motion of some variance a day that is 0 at each of the dates, shape (n_days, n_draws)."""
    steps = rng.standard_normal((len(days), n_draws)) * math.sqrt(variance)
    steps[0] = 0
    walk = np.cumsum(steps, axis=0)
    left, right, weight = _between(dates, days)
    at = walk[dates - days[0]]
    bent: Floats = walk - at[left] * (1 - weight)[:, None] - at[right] * weight[:, None]
    return bent


def smoothed(values: Floats, errors: Floats, change: Floats) -> tuple[Floats, Floats]:
    """Best linear guesses of values that were seen with errors around one unknown mean, and their variances.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        What was seen.
    errors, change : ndarray of float64, shape (n, n)
        Covariances of the errors, and of how the true values differ from their mean.
    """
    inverse = np.linalg.inv(errors + change)
    gain, weights = change @ inverse, inverse.sum(axis=1)
    left = np.diag(change - gain @ change) + (1 - gain.sum(axis=1)) ** 2 / weights.sum()
    mean = weights @ values / weights.sum()
    return mean + gain @ (values - mean), left


def decay_days(shared: Ints, dates: Ints) -> float:
    """Days over which the people whom two tables share fall to 1/e, by least squares of the logarithm.

    Infinite where the tables all share the same people.
    """
    size = np.diag(shared).astype(np.float64)
    if not (size > 0).all():
        return math.inf
    common = np.maximum(shared, 0.5) / np.sqrt(np.outer(size, size))
    gaps = np.abs(np.subtract.outer(dates, dates)).astype(np.float64)
    slope = float((gaps * -np.log(common)).sum() / max((gaps**2).sum(), 1.0))
    return 1 / slope if slope > 0 else math.inf


def _between(dates: Ints, days: Ints) -> tuple[Ints, Ints, Floats]:
    """Positions of the dates around each day, and how far it is on the way to the second, 0 to 1."""
    last = len(dates) - 1
    left = np.clip(np.searchsorted(dates, days, side="right") - 1, 0, max(last - 1, 0)).astype(np.int64)
    right = np.minimum(left + 1, last)
    weight = (days - dates[left]) / np.maximum(dates[right] - dates[left], 1)
    return left, right, np.clip(weight, 0.0, 1.0).astype(np.float64)


@dataclass(frozen=True)
class AnchorTarget:
    """The normal that stands for the anchors, widened, while paths are drawn.

    Parameters
    ----------
    mean : ndarray of float64, shape (n_anchors,)
        Mean of the logarithms.
    root : ndarray of float64, shape (n_anchors, n_anchors)
        Lower root of the precision, transposed where it is applied.
    """

    mean: Floats
    root: Floats

    @classmethod
    def of(cls, anchors: Floats, bend: float) -> AnchorTarget:
        """The normal of logarithms of joint draws, with half of their variance more, and that of the bend."""
        width = anchors.shape[1]
        covariance = 1.5 * np.atleast_2d(np.cov(anchors.T)) + 2 * bend**2 * np.eye(width)
        return cls(anchors.mean(axis=0), np.linalg.inv(np.linalg.cholesky(covariance)))

    def residuals(self, values: Floats) -> Floats:
        """Residuals of unit variance of logarithms, shape (n_draws, n_anchors)."""
        return np.asarray((values - self.mean) @ self.root.T, dtype=np.float64)


@dataclass(frozen=True)
class Chosen:
    """The path of each joint anchor draw.

    Parameters
    ----------
    path : ndarray of int64, shape (n_draws,)
        Its number.
    effective : float
        Median over the joint draws of how many paths the weights are worth.
    softened : float
        Power to which the weights were taken so that they are worth more; 1 where they were taken whole.
    """

    path: Ints
    effective: float
    softened: float


def chosen_paths(
    anchors: Floats, values: Floats, target: AnchorTarget, bend: float, rng: np.random.Generator
) -> Chosen:
    """Choose a path for each joint draw of the anchors, with weights that sum to 1 within the draw.

    A path weighs as the normal density of the bends that it needs, over that of the target with which it was
    drawn. As every joint draw gets one path, the anchors keep their distribution.

    Parameters
    ----------
    anchors : ndarray of float64, shape (n_draws, n_anchors)
        Logarithms of the joint draws.
    values : ndarray of float64, shape (n_paths, n_anchors)
        Logarithms of the stock of each path at the same days.
    target : AnchorTarget
        What the paths were drawn with.
    bend : float
        Standard deviation of a bend, on the logarithm.
    rng : numpy.random.Generator
        Source of random numbers.
    """
    drawn_with = 0.5 * (target.residuals(values) ** 2).sum(axis=1)
    uniform = rng.random(len(anchors))
    softened = 1.0
    while True:
        path, effective = np.empty(len(anchors), dtype=np.int64), np.empty(len(anchors))
        for first in range(0, len(anchors), course.TUNING.chunk):
            some = slice(first, first + course.TUNING.chunk)
            square = (anchors[some] ** 2).sum(axis=1)[:, None] - 2 * anchors[some] @ values.T
            logs = drawn_with - 0.5 * (square + (values**2).sum(axis=1)) / bend**2
            weights = np.exp(softened * (logs - logs.max(axis=1, keepdims=True)))
            edges = np.cumsum(weights, axis=1)
            effective[some] = edges[:, -1] ** 2 / (weights**2).sum(axis=1)
            places = uniform[some] * edges[:, -1]
            path[some] = [np.searchsorted(*each) for each in zip(edges, places, strict=True)]
        worth = float(np.median(effective))
        if worth >= min(course.TUNING.effective_paths, len(values)) or softened < 0.02:
            return Chosen(np.minimum(path, len(values) - 1), worth, softened)
        softened /= 2
