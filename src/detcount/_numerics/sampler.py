"""Posterior of a few parameters: by importance around the mode or, where that fits badly, by tempering."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import log_expit

from detcount._numerics.arrays import TINY, Floats
from detcount._numerics.monte_carlo import effective_size, next_power, pareto_shape, rows_by_weight
from detcount.errors import ConvergenceError
from detcount.words import Message

_STEP = 1e-3  # of a finite difference; parameters are logarithms and logits
DECREMENT = 1e-8  # what a Newton step could still gain
NEWTON_STEPS = 200
_FREEDOM = 6  # of the Student t proposed
_LEAST_SHARE = 0.3  # effective size of the proposals, as a share of them, at which they are good enough
_PARETO = 0.5  # shape of the largest weights, at most
_STAGES = 200
_MOVES = 6


@dataclass(frozen=True)
class Prior:
    """Independent priors: normal coordinates first, then logits of probabilities that are beta.

    Parameters
    ----------
    mean, deviation : ndarray of float64, shape (m,)
        Of the normal coordinates.
    a, b : ndarray of float64, shape (k,)
        Parameters of the beta distributions.
    """

    mean: Floats
    deviation: Floats
    a: Floats
    b: Floats

    def log_density(self, points: Floats) -> Floats:
        """Log density of rows of coordinates, without its constant."""
        m = len(self.mean)
        normal = -0.5 * (((points[..., :m] - self.mean) / self.deviation) ** 2).sum(axis=-1)
        logits = points[..., m:]
        return np.asarray(normal + (self.a * log_expit(logits) + self.b * log_expit(-logits)).sum(axis=-1))

    def draw(self, n_draws: int, random: np.random.Generator) -> Floats:
        """Draw rows of coordinates."""
        normal = self.mean + self.deviation * random.standard_normal((n_draws, len(self.mean)))
        one, two = (random.standard_gamma(shape, (n_draws, len(shape))) for shape in (self.a, self.b))
        return np.concatenate([normal, np.log(np.maximum(one, TINY) / np.maximum(two, TINY))], axis=1)


@dataclass(frozen=True)
class Posterior:
    """Draws from a posterior of a few parameters.

    Parameters
    ----------
    mode : ndarray of float64, shape (p,)
        Where the density is highest.
    draws : ndarray of float64, shape (n_draws, p)
        Draws, equally weighted.
    effective_size : float
        Effective number of independent draws among those they were resampled from.
    """

    mode: Floats
    draws: Floats
    effective_size: float


def sample_posterior(
    log_likelihood: Callable[[Floats], Floats],
    prior: Prior,
    start: Floats,
    *,
    n_draws: int,
    random: np.random.Generator,
) -> Posterior:
    """Draw by importance from a Student t around the mode or, where that fits badly, by tempering.

    Tempering lets the likelihood in step by step, from draws of the prior: each step resamples, and moves
    the draws by random-walk Metropolis. The likelihood takes rows of parameters.
    """

    def log_density(points: Floats) -> Floats:
        return log_likelihood(points) + prior.log_density(points)

    mode, precision = maximise(log_density, start)
    factor = np.linalg.cholesky(np.linalg.inv(precision))
    n_proposed = 2 * n_draws
    dimension = len(mode)
    normal = random.standard_normal((n_proposed, dimension))
    chi = random.chisquare(_FREEDOM, size=n_proposed) / _FREEDOM
    scaled = normal / np.sqrt(chi)[:, None]
    points = mode + scaled @ factor.T
    log_weights = log_density(points) + 0.5 * (_FREEDOM + dimension) * np.log1p(
        (scaled**2).sum(axis=1) / _FREEDOM
    )
    size = effective_size(log_weights)
    if size >= _LEAST_SHARE * n_proposed and pareto_shape(log_weights) < _PARETO:
        return Posterior(mode, points[rows_by_weight(log_weights, n_draws, random)], size)
    return Posterior(mode, _tempered(log_likelihood, prior, n_draws, random), float(n_draws))


def _tempered(
    log_likelihood: Callable[[Floats], Floats], prior: Prior, n_draws: int, random: np.random.Generator
) -> Floats:
    """Draw from a posterior by sequential Monte Carlo from the prior."""
    points = prior.draw(n_draws, random)
    likelihood = log_likelihood(points)
    power = 0.0
    for _ in range(_STAGES):
        power, step = next_power(power, likelihood)
        chosen = rows_by_weight(step * likelihood, n_draws, random)
        points, likelihood = points[chosen], likelihood[chosen]
        current = power * likelihood + prior.log_density(points)
        # differences of two draws follow a ridge wherever it bends
        size = 2.38 / np.sqrt(2 * points.shape[1])
        for move in range(_MOVES if power < 1 else 3 * _MOVES):
            one, two = points[random.permutation(n_draws)], points[random.permutation(n_draws)]
            scale = size * (1.0, 0.3, 0.1)[move % 3]
            jitter = 1e-3 * points.std(axis=0) * random.standard_normal(points.shape)
            trial = points + scale * (one - two) + jitter
            trial_likelihood = log_likelihood(trial)
            trial_density = power * trial_likelihood + prior.log_density(trial)
            taken = np.log(random.random(n_draws)) < trial_density - current
            points = np.where(taken[:, None], trial, points)
            likelihood = np.where(taken, trial_likelihood, likelihood)
            current = np.where(taken, trial_density, current)
        if power == 1.0:
            return points
    raise ConvergenceError(
        Message("the posterior was not reached in {steps} steps of tempering", steps=_STAGES), last=points
    )


def maximise(log_density: Callable[[Floats], Floats], start: Floats) -> tuple[Floats, Floats]:
    """Mode of a smooth log density, and the negative second derivative there, by finite differences."""
    point = np.array(start, dtype=np.float64)
    value = float(log_density(point[None])[0])
    ridge = 1e-3
    for _ in range(NEWTON_STEPS):
        gradient, curvature = _derivatives(log_density, point)
        precision = positive_definite(curvature)
        moved = False
        for _ in range(40):
            step = np.linalg.solve(precision + ridge * np.diag(np.diag(precision)), gradient)
            step *= min(1.0, 2.0 / max(float(np.abs(step).max()), TINY))
            trial = float(log_density((point + step)[None])[0])
            if trial >= value:
                gain, moved = trial - value, True
                point, value = point + step, trial
                ridge = max(ridge / 10.0, 1e-9)
                break
            ridge = min(max(ridge, 1e-6) * 10.0, 1e12)
        if not moved or gain < DECREMENT:
            break
    return point, positive_definite(_derivatives(log_density, point)[1])


def _derivatives(log_density: Callable[[Floats], Floats], point: Floats) -> tuple[Floats, Floats]:
    """Gradient and negative second derivative by central differences, in one call."""
    n = len(point)
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    unit = np.eye(n) * _STEP
    moves = [np.zeros(n), *unit, *(-unit)]
    for i, j in pairs:
        moves += [unit[i] + unit[j], -unit[i] - unit[j]]
    values = log_density(point + np.array(moves))
    here, up, down = values[0], values[1 : n + 1], values[n + 1 : 2 * n + 1]
    curvature = np.diag(-(up - 2 * here + down)) / _STEP**2
    for k, (i, j) in enumerate(pairs):
        both = values[2 * n + 1 + 2 * k] + values[2 * n + 2 + 2 * k]
        mixed = (both - up[i] - down[i] - up[j] - down[j] + 2 * here) / (2 * _STEP**2)
        curvature[i, j] = curvature[j, i] = -mixed
    return (up - down) / (2 * _STEP), curvature


def positive_definite(matrix: Floats) -> Floats:
    """A symmetric matrix with eigenvalues no lower than a floor."""
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.maximum(np.abs(values), 1e-2)) @ vectors.T)
