"""Paths bent to pass through joint draws of anchors, each chosen by how little it must be bent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints

_FEW = 30.0  # effective paths a joint anchor draw, below which the weights are softened
_CHUNK = 250


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
        for first in range(0, len(anchors), _CHUNK):
            some = slice(first, first + _CHUNK)
            square = (anchors[some] ** 2).sum(axis=1)[:, None] - 2 * anchors[some] @ values.T
            logs = drawn_with - 0.5 * (square + (values**2).sum(axis=1)) / bend**2
            weights = np.exp(softened * (logs - logs.max(axis=1, keepdims=True)))
            edges = np.cumsum(weights, axis=1)
            effective[some] = edges[:, -1] ** 2 / (weights**2).sum(axis=1)
            places = uniform[some] * edges[:, -1]
            path[some] = [np.searchsorted(*each) for each in zip(edges, places, strict=True)]
        worth = float(np.median(effective))
        if worth >= min(_FEW, len(values)) or softened < 0.02:
            return Chosen(np.minimum(path, len(values) - 1), worth, softened)
        softened /= 2


def bends(anchors: Floats, values: Floats, days: Ints, at: Ints) -> Floats:
    """What is added to the logarithms of the chosen paths: straight between anchors, constant beyond them."""
    needed = anchors - values
    if len(days) == 1:
        return np.repeat(needed, len(at), axis=1)
    left = np.clip(np.searchsorted(days, at, side="right") - 1, 0, len(days) - 2)
    weight = np.clip((at - days[left]) / (days[left + 1] - days[left]), 0.0, 1.0)
    return np.asarray(needed[:, left] * (1 - weight) + needed[:, left + 1] * weight, dtype=np.float64)


def drifted(days: Ints, at: Ints, scale: float, n_draws: int, rng: np.random.Generator) -> Floats:
    """Random walk of the logarithm, 0 at the anchors, with some standard deviation a week."""
    gaps = np.diff(at, prepend=at[0]) / 7
    walk = np.cumsum(scale * np.sqrt(gaps) * rng.standard_normal((n_draws, len(at))), axis=1)
    if not len(days):
        return walk
    return walk + bends(np.zeros((n_draws, len(days))), at_days(walk, at, days), days, at)


def at_days(values: Floats, at: Ints, days: Ints) -> Floats:
    """Values at some days, straight between those at which they are known; shape (n_draws, n_days)."""
    left = np.clip(np.searchsorted(at, days, side="right") - 1, 0, len(at) - 2)
    weight = (days - at[left]) / (at[left + 1] - at[left])
    return np.asarray(values[:, left] * (1 - weight) + values[:, left + 1] * weight, dtype=np.float64)
