"""Modes of the log intensity at many global parameters at once, and the evidence by Laplace."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detcount._numerics.delay import with_median
from detcount._numerics.process.increments import ROBUST, Increments, indicator
from detcount._numerics.process.likelihood import FLOOR, HIGHEST, log_likelihood
from detcount._numerics.process.matrices import Array
from detcount._numerics.process.pattern import Pattern, weights_of
from detcount._numerics.process.prior import Scales, prior_of

__all__ = ["Modes", "find_modes"]

_WIDER = 1.15  # proposal variance of the log means over the curvature's
_STEPS = 12  # Gauss-Newton; six are usual
_GAIN = 0.05  # log posterior still to be gained; the chains correct what is left
_HALVINGS = 6


@dataclass(frozen=True)
class Modes:
    """The Gaussian proposal at B global parameters."""

    mode: Array  # (B, D)
    ratio: Array  # (B, S)
    shares: Array  # (B, places): J
    pseudo: Array  # (B, n): z
    variance: Array  # (B, n): V
    evidence: Array  # (B,) Laplace


def find_modes(
    data: Increments, pattern: Pattern, scales: Scales, points: Array, start: Array | None
) -> Modes:
    """Gauss-Newton for all global parameters at once, steps shortened where they go down."""
    model = _Model(data, pattern, scales, points)
    spread = np.exp(points[:, 2:3])
    # first guess: every increment at its own count, shared out over days as at a mode known already
    base = np.zeros((1, pattern.shape[1])) if start is None else start[None, :]
    moved = pattern.times(model.weights, np.exp(base)) + FLOOR
    shares = model.weights * np.exp(base[:, pattern.column]) / moved[:, pattern.row]
    pseudo = np.log((data.count + 0.5) / moved) + pattern.times(shares, base)
    noise = np.where(data.kind >= ROBUST, data.error**2, (1 + spread) / (data.count + 0.5))
    state = model.solve(shares, pseudo, noise)
    value, score, information, shares = model.log_posterior(*state)
    for _ in range(_STEPS):
        pseudo = model.linear(shares, state[0], state[1]) + score / information
        goal = model.solve(shares, pseudo, 1 / information)
        step = np.ones((len(points), 1))
        best = value.copy()
        found = [part.copy() for part in state]
        left = np.ones(len(points), dtype=bool)
        for _ in range(_HALVINGS):
            trial = [old + step * (new - old) for old, new in zip(state, goal, strict=True)]
            reached, *_ = model.log_posterior(*trial)
            better = left & (reached >= value)
            for part, candidate in zip(found, trial, strict=True):
                part[better] = candidate[better]
            best[better] = reached[better]
            left &= ~better
            if not left.any():
                break
            step[left] *= 0.4
        gained = float((best - value).max())
        state = found
        value, score, information, shares = model.log_posterior(*state)
        if gained < _GAIN:
            break
    pseudo = model.linear(shares, state[0], state[1]) + score / information
    root = np.sqrt(information)
    inner = root[:, :, None] * model.cross(shares) * root[:, None, :] + np.eye(len(data.count))
    evidence = value - np.log(np.einsum("bnn->bn", np.linalg.cholesky(inner))).sum(axis=1)
    return Modes(state[0], state[1], shares, pseudo, _WIDER / information, evidence)


class _Model:
    """Prior and likelihood at B global parameters."""

    def __init__(self, data: Increments, pattern: Pattern, scales: Scales, points: Array) -> None:
        self.data, self.pattern, self.spread = data, pattern, np.exp(points[:, 2:3])
        self.prior = prior_of(data, scales, points)
        delay = with_median(scales.family, np.exp(points[:, 0]), np.exp(points[:, 1]))
        self.weights = weights_of(data, pattern, delay, scales.family)
        self.chosen = data.ratio_covariance[np.ix_(data.series, data.series)]
        self.to_series = indicator(data)

    def cross(self, shares: Array) -> Array:
        """Prior covariance of J x + ratios."""
        return self.prior.cross(self.pattern, shares) + self.chosen

    def linear(self, shares: Array, x: Array, ratio: Array) -> Array:
        """J x + ratios."""
        return self.pattern.times(shares, x) + ratio[:, self.data.series]

    def solve(self, shares: Array, pseudo: Array, noise: Array) -> list[Array]:
        """Posterior means given linear observations, and their images under the inverse prior covariance."""
        covariance = self.cross(shares)
        n_rows = pseudo.shape[1]
        covariance[:, np.arange(n_rows), np.arange(n_rows)] += noise
        expected = self.linear(shares, self.prior.mean, self.data.ratio_mean[None, :])
        dual = np.asarray(np.linalg.solve(covariance, (pseudo - expected)[:, :, None])[:, :, 0], np.float64)
        dual_x, dual_ratio = self.pattern.transposed_times(shares, dual), dual @ self.to_series
        return [
            self.prior.mean + self.prior.times(dual_x),
            self.data.ratio_mean + dual_ratio @ self.data.ratio_covariance,
            dual_x,
            dual_ratio,
        ]

    def log_posterior(
        self, x: Array, ratio: Array, dual_x: Array, dual_ratio: Array
    ) -> tuple[Array, Array, Array, Array]:
        """Log posterior, score and information in the log means, and the shares of blocks in each."""
        rate = np.exp(np.minimum(x, HIGHEST))
        total = self.pattern.times(self.weights, rate) + FLOOR
        log_mean = np.log(total) + ratio[:, self.data.series]
        likelihood, score, information = log_likelihood(self.data, log_mean, self.spread)
        quadratic = (dual_x * (x - self.prior.mean)).sum(axis=1)
        quadratic += (dual_ratio * (ratio - self.data.ratio_mean)).sum(axis=1)
        shares = self.weights * rate[:, self.pattern.column] / total[:, self.pattern.row]
        return likelihood - 0.5 * quadratic, score, information, shares
