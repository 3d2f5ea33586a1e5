"""Posteriors on normal scores: modes, a normal or Student t about them, and moves that make it exact."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_expit

from detcount._numerics.arrays import TINY, Floats, Ints
from detcount._numerics.monte_carlo import effective_size, next_power, pareto_shape, positions, rows_by_weight

Density = Callable[[Floats], Floats]
"""From rows of parameters to their log densities, without the constant."""


@dataclass(frozen=True)
class Tuning:
    """Posterior by a Laplace proposal, importance weights and Metropolis moves.

    Parameters
    ----------
    step : float, log, logit
        Step of a finite difference. Scored in benchmarks/results/monitored_coverage.csv.
    residual_step : float, log, logit
        Step of a forward difference of residuals. Scored in benchmarks/results/monitored_coverage.csv.
    decrement : float, log posterior
        Gain of a Newton step at which the search ends. Scored in benchmarks/results/monitored_coverage.csv.
    small : float, log posterior
        The same, where moves follow. Scored in benchmarks/results/monitored_coverage.csv.
    steps : int, steps
        Most Newton steps. Computational (`test_numbers`).
    freedom : int, degrees of freedom
        Student proposal. Convention: six.
    least_share : float, share
        Effective size of the proposals, as a share, that needs no moves. Scored in
        benchmarks/results/monitored_coverage.csv.
    pareto : float, Pareto shape
        Largest shape of the weights that needs no moves. Error of the mean finite (Vehtari 2024).
    same : float, standard deviations
        Distance within which two modes are one. Convention: one standard deviation.
    least_weight : float
        Least power of the first tempering step. Scored in benchmarks/results/monitored_coverage.csv.
    first_turn : float
        Length of the first move. Scored in benchmarks/results/monitored_coverage.csv.
    least_turn : float
        Least length of a move. Scored in benchmarks/results/monitored_coverage.csv.
    aim : float, share
        Acceptance rate that sets the length of moves. Scored in benchmarks/results/monitored_coverage.csv.
    moves : int, moves
        Moves after each weighting. Scored in benchmarks/results/monitored_coverage.csv.
    rounds : int, rounds
        Rounds of moves in the end. Scored in benchmarks/results/monitored_coverage.csv.
    """

    step: float = 1e-3
    residual_step: float = 1e-4
    decrement: float = 1e-8
    small: float = 0.015
    steps: int = 200
    freedom: int = 6
    least_share: float = 0.3
    pareto: float = 0.5
    same: float = 1.0
    least_weight: float = 1e-3
    first_turn: float = 0.3
    least_turn: float = 0.02
    aim: float = 0.3
    moves: int = 5
    rounds: int = 2


TUNING = Tuning()


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
    """Draws from a posterior.

    Parameters
    ----------
    draws : ndarray of float64, shape (n_draws, p)
        Draws, equally weighted.
    effective : float
        Effective size of the proposals, or how many of the first draws are left.
    acceptance : float
        Share of the last moves that were accepted; 1 where none were needed.
    modes : int
        Modes that the starts led to.
    """

    draws: Floats
    effective: float
    acceptance: float
    modes: int


def sample_posterior(
    log_likelihood: Density, prior: Prior, start: Floats, *, n_draws: int, random: np.random.Generator
) -> Posterior:
    """Draw by importance from a Student t about the mode; where that fits badly, by moves from the prior.

    The likelihood takes rows of parameters.
    """

    def log_density(points: Floats) -> Floats:
        return log_likelihood(points) + prior.log_density(points)

    mode, precision = maximise(log_density, start)
    factor = np.linalg.cholesky(np.linalg.inv(precision))
    n_proposed, dimension = 2 * n_draws, len(mode)
    normal = random.standard_normal((n_proposed, dimension))
    chi = random.chisquare(TUNING.freedom, size=n_proposed) / TUNING.freedom
    scaled = normal / np.sqrt(chi)[:, None]
    points = mode + scaled @ factor.T
    log_weights = log_density(points) + 0.5 * (TUNING.freedom + dimension) * np.log1p(
        (scaled**2).sum(axis=1) / TUNING.freedom
    )
    size = effective_size(log_weights)
    if size >= TUNING.least_share * n_proposed and pareto_shape(log_weights) < TUNING.pareto:
        return Posterior(points[rows_by_weight(log_weights, n_draws, random)], size, 1.0, 1)

    def weighed(points: Floats, square: Floats, _: Ints) -> tuple[Floats, Floats]:
        return prior.log_density(points) + 0.5 * square, log_likelihood(points)

    points = prior.draw(n_draws, random)
    normals = [_Normal.of(points)]
    one = np.zeros(n_draws, dtype=np.int64)
    walk = _Walk(weighed, normals, learns=True)
    found = walk.followed(one, normals[0].white(points), TUNING.moves, TUNING.rounds, random)
    return Posterior(found.draws[-n_draws:], found.effective, found.acceptance, 1)


def sample_residuals(
    residuals: Density,
    starts: list[Floats],
    n_draws: int,
    n_moves: int,
    n_kept: int,
    random: np.random.Generator,
) -> Posterior:
    """Draw from the density proportional to exp(-(|z|^2 + |residuals(z)|^2) / 2) of standard normal numbers.

    Parameters
    ----------
    residuals : callable
        Residuals, each of unit variance, shape (n_draws, n_residuals), of rows of numbers.
    starts : list of ndarray of float64, shape (n_numbers,)
        Where to look for modes, by damped Gauss-Newton steps. Draws begin from the normals about them.
    n_draws, n_moves, n_kept : int
        Draws side by side, moves of each after every weighting, and states retained of each in the end.
    random : numpy.random.Generator
        Source of random numbers.
    """

    def log_density(z: Floats) -> Floats:
        return np.asarray(-0.5 * ((z**2).sum(axis=1) + (residuals(z) ** 2).sum(axis=1)))

    def derivatives(z: Floats) -> tuple[Floats, Floats]:
        unit = np.eye(len(z))
        values = residuals(z + np.vstack([np.zeros(len(z)), TUNING.residual_step * unit]))
        jacobian = ((values[1:] - values[0]) / TUNING.residual_step).T
        return -jacobian.T @ values[0] - z, jacobian.T @ jacobian + unit

    modes: list[_Normal] = []
    for start in starts:
        at, precision = maximise(log_density, start, derivatives, TUNING.small)
        mode = _Normal(at, np.linalg.cholesky(np.linalg.inv(precision)))
        if all(np.abs(mode.white(other.centre)).max() > TUNING.same for other in modes):
            modes.append(mode)
    height = log_density(np.array([mode.centre for mode in modes]))
    evidence = height + [np.log(np.diag(mode.root)).sum() for mode in modes]
    share = np.exp(evidence - evidence.max())

    def weighed(points: Floats, square: Floats, which: Ints) -> tuple[Floats, Floats]:
        return np.zeros(len(points)), log_density(points) - height[which] + 0.5 * square

    which = np.sort(random.choice(len(modes), size=n_draws, p=share / share.sum()))
    white = random.standard_normal((n_draws, len(starts[0])))
    return _Walk(weighed, modes).followed(which, white, n_moves, n_kept, random)


@dataclass(frozen=True)
class _Normal:
    """A normal: its centre, and the lower root of its covariance."""

    centre: Floats
    root: Floats

    @classmethod
    def of(cls, points: Floats) -> _Normal:
        """The normal with the mean and the covariance of rows of points."""
        covariance = np.atleast_2d(np.cov(points.T))
        ridge = 1e-9 * np.diag(np.diag(covariance) + TINY)
        return cls(points.mean(axis=0), np.asarray(np.linalg.cholesky(covariance + ridge)))

    def white(self, points: Floats) -> Floats:
        """Standard normal numbers of points."""
        return np.asarray(np.linalg.solve(self.root, np.atleast_2d(points - self.centre).T).T)


@dataclass(frozen=True)
class _Draws:
    """Draws side by side: the normal of each, its standard normal numbers, its point, two log weights."""

    which: Ints
    white: Floats
    points: Floats
    level: Floats
    gain: Floats

    def rows(self, chosen: Ints) -> _Draws:
        """Some of the draws."""
        return _Draws(*(part[chosen] for part in vars(self).values()))

    def replaced(self, where: NDArray[np.bool_], other: _Draws) -> _Draws:
        """These draws, some of them replaced by others."""
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return _Draws(*(np.where(where if old.ndim == 1 else where[:, None], new, old) for old, new in pairs))


@dataclass(frozen=True)
class _Walk:
    """Draws from a simple density, moved to another one by degrees (sequential Monte Carlo).

    The gain of a draw is the logarithm of how much likelier it is under the other density. In each step draws
    are weighted by a part of their gain, drawn again by these weights, and moved by proposals that leave
    normals unchanged (preconditioned Crank-Nicolson), until the whole gain has been used.

    Parameters
    ----------
    weighed : callable
        Gives, for points, the squares of their white numbers and their normals: the level, which is the
        logarithm of the first density over that of the normal, and the gain.
    normals : list of _Normal
        Normals that moves leave unchanged.
    learns : bool
        Whether the normal is found anew from the draws after each weighting.

    References
    ----------
    .. [1] Del Moral, P., Doucet, A. & Jasra, A. (2006). Sequential Monte Carlo samplers. Journal of the Royal
       Statistical Society B, 68, 411-436.
    .. [2] Cotter, S. L., Roberts, G. O., Stuart, A. M. & White, D. (2013). MCMC methods for functions:
       modifying old algorithms to make them faster. Statistical Science, 28, 424-446.
    """

    weighed: Callable[[Floats, Floats, Ints], tuple[Floats, Floats]]
    normals: list[_Normal]
    learns: bool = False

    def followed(
        self, which: Ints, white: Floats, n_moves: int, n_kept: int, random: np.random.Generator
    ) -> Posterior:
        """Bring draws to the density, and retain some states of each."""
        now = self._draws(which, white)
        origin, turn, power = np.arange(len(which)), TUNING.first_turn, 0.0
        while power < 1:
            power, more = next_power(power, now.gain, TUNING.least_weight)
            chosen = positions(np.exp(more * (now.gain - now.gain.max())), len(which), random)
            now, origin = now.rows(chosen), origin[chosen]
            if self.learns:
                self.normals[0] = _Normal.of(now.points)
                now = self._draws(now.which, self.normals[0].white(now.points))
            for _ in range(n_moves):
                now, rate = self._moved(now, turn, power, random)
                turn = float(np.clip(turn * np.exp(0.6 * (rate - TUNING.aim)), TUNING.least_turn, 1.0))
        retained, rates = [], []
        for _ in range(n_kept):
            for _ in range(n_moves):
                now, rate = self._moved(now, turn, 1.0, random)
                rates.append(rate)
            retained.append(now.points)
        left = float(len(np.unique(origin)))
        return Posterior(np.concatenate(retained), left, float(np.mean(rates)), len(self.normals))

    def _draws(self, which: Ints, white: Floats) -> _Draws:
        """Points of white numbers, and what they weigh."""
        points = np.empty_like(white)
        for k, normal in enumerate(self.normals):
            points[which == k] = normal.centre + white[which == k] @ normal.root.T
        return _Draws(which, white, points, *self.weighed(points, (white**2).sum(axis=1), which))

    def _moved(
        self, now: _Draws, turn: float, power: float, random: np.random.Generator
    ) -> tuple[_Draws, float]:
        """One move of every draw, and the share of them that were accepted."""
        turned = math.sqrt(1 - turn**2) * now.white + turn * random.standard_normal(now.white.shape)
        there = self._draws(now.which, turned)
        gain = there.level - now.level + power * (there.gain - now.gain)
        go = np.log(random.random(len(gain))) < gain
        return now.replaced(go, there), float(go.mean())


def maximise(
    log_density: Density,
    start: Floats,
    derivatives: Callable[[Floats], tuple[Floats, Floats]] | None = None,
    enough: float = TUNING.decrement,
) -> tuple[Floats, Floats]:
    """Mode of a smooth log density, and the negative second derivative there, by differences if not given."""
    derivatives = derivatives or (lambda at: _differences(log_density, at))
    point = np.array(start, dtype=np.float64)
    value = float(log_density(point[None])[0])
    ridge = 1e-3
    for _ in range(TUNING.steps):
        gradient, curvature = derivatives(point)
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
        if not moved or gain < enough:
            break
    return point, positive_definite(derivatives(point)[1])


def _differences(log_density: Callable[[Floats], Floats], point: Floats) -> tuple[Floats, Floats]:
    """Gradient and negative second derivative by central differences, in one call."""
    n = len(point)
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    unit = np.eye(n) * TUNING.step
    moves = [np.zeros(n), *unit, *(-unit)]
    for i, j in pairs:
        moves += [unit[i] + unit[j], -unit[i] - unit[j]]
    values = log_density(point + np.array(moves))
    here, up, down = values[0], values[1 : n + 1], values[n + 1 : 2 * n + 1]
    curvature = np.diag(-(up - 2 * here + down)) / TUNING.step**2
    for k, (i, j) in enumerate(pairs):
        both = values[2 * n + 1 + 2 * k] + values[2 * n + 2 + 2 * k]
        mixed = (both - up[i] - down[i] - up[j] - down[j] + 2 * here) / (2 * TUNING.step**2)
        curvature[i, j] = curvature[j, i] = -mixed
    return (up - down) / (2 * TUNING.step), curvature


def positive_definite(matrix: Floats) -> Floats:
    """A symmetric matrix with eigenvalues no lower than a floor."""
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.maximum(np.abs(values), 1e-2)) @ vectors.T)
