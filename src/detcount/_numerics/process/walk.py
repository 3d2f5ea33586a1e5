"""Many short chains side by side, which make the draws exact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.delay import with_median
from detcount._numerics.process.increments import Increments, indicator
from detcount._numerics.process.likelihood import FLOOR, HIGHEST, log_likelihood
from detcount._numerics.process.matrices import Array, multiply, root
from detcount._numerics.process.modes import Modes
from detcount._numerics.process.pattern import Pattern, weights_of
from detcount._numerics.process.prior import N_GLOBALS, Scales, day_moments, prior_of

__all__ = ["Slope", "Walk"]

_MOVES = 2  # of the latent parts in each sweep
_LEAPS = (3, 7)  # steps of each, least and most
_JITTER = 1e-8
_FIRST_STEP = 0.3


@dataclass(frozen=True)
class Slope:
    """Target over proposal at some latent parts, and its slope."""

    value: Array  # log of the ratio
    likelihood: Array
    x: Array  # slope in the log rates
    ratio: Array  # slope in the ratios
    pull: list[Array]  # covariance of the proposal times the slope

    def kick(self, velocity: list[Array], step: Array) -> Array:
        """Change a velocity in place; returns by how much its energy grows."""
        moved = velocity[0] + velocity[1] + velocity[2] + velocity[3]
        pulled = self.pull[0] + self.pull[1] + self.pull[2] + self.pull[3]
        grows = (self.x * (moved + 0.5 * step * pulled)).sum(axis=1)
        grows += (self.ratio * (velocity[4] + 0.5 * step * self.pull[4])).sum(axis=1)
        for part, pull in zip(velocity, self.pull, strict=True):
            part += step * pull
        return np.asarray(step[:, 0] * grows)


class Walk:
    """Chains side by side; every array has the chains first."""

    def __init__(
        self,
        data: Increments,
        pattern: Pattern,
        scales: Scales,
        points: Array,
        modes: Modes,
        chosen: NDArray[np.intp],
        factor: Array,
        random: np.random.Generator,
    ) -> None:
        self.data, self.scales, self.generator = data, scales, random
        self.points = points
        self.factor = factor
        self.pattern = pattern
        self.shares, self.pseudo = modes.shares[chosen], modes.pseudo[chosen]
        self.variance = modes.variance[chosen]
        n_rows, n_blocks = pattern.shape
        prior = prior_of(data, scales, points)
        self.smooth, self.jump = prior.smooth, prior.jump
        self.root_smooth = root(prior.smooth + _JITTER * np.eye(n_blocks))
        self.inverse_root = np.asarray(np.linalg.inv(self.root_smooth), dtype=np.float64)
        self.root_jump = root(prior.jump + _JITTER * np.eye(n_blocks))
        self.root_ratio = np.linalg.cholesky(data.ratio_covariance + _JITTER * np.eye(len(data.ratio_mean)))
        self.share = pattern.times(self.shares, np.ones((1, n_blocks)))
        self.cross_smooth = pattern.cross(self.shares, self.smooth)
        self.cross_fixed = pattern.cross(self.shares, self.jump)
        self.cross_fixed += data.ratio_covariance[np.ix_(data.series, data.series)]
        self.cross_fixed += scales.level[1] ** 2 * self.share[:, :, None] * self.share[:, None, :]
        self.cross_fixed[:, np.arange(n_rows), np.arange(n_rows)] += self.variance
        self.to_series = indicator(data)
        self.width = data.width
        self.step = _FIRST_STEP
        self._set_delay(points)
        self._prepare()
        # start from the Gaussian proposal itself
        self.parts = self._base_draw()
        self.likelihood = self._likelihood(self.parts)

    def _set_delay(self, points: Array) -> None:
        """Weights of the delays."""
        delay = with_median(self.scales.family, np.exp(points[:, 0]), np.exp(points[:, 1]))
        self.weights = weights_of(self.data, self.pattern, delay, self.scales.family)

    def _day_prior(self, log_day: Array) -> tuple[Array, Array]:
        """Mean and variance of the day part of each block."""
        return day_moments(np.exp(log_day), self.width)

    def _prepare(self) -> None:
        """What the Gaussian proposal needs at the present scales."""
        self.day_mean, self.day_variance = self._day_prior(self.points[:, 3])
        self.campaign = np.exp(self.points[:, 4])
        covariance = self.cross_fixed + (self.campaign**2)[:, None, None] * self.cross_smooth
        covariance += self.pattern.cross_diagonal(self.shares, self.day_variance)
        self.inverse = np.linalg.inv(covariance)
        prior = self._prior_mean()
        self.centre = self._pulled(prior, self._dual(self.pseudo - self._linear(prior)))

    def _dual(self, residual: Array) -> Array:
        return np.asarray(np.matmul(self.inverse, residual[:, :, None])[:, :, 0])

    def _prior_mean(self) -> list[Array]:
        shape = self.day_mean.shape
        level = np.full((shape[0], 1), self.scales.level[0])
        ratio = np.broadcast_to(self.data.ratio_mean, (shape[0], len(self.data.ratio_mean)))
        return [level, np.zeros(shape), np.zeros(shape), self.day_mean, ratio]

    def _pulled(self, parts: list[Array], dual: Array) -> list[Array]:
        """Parts moved by the prior covariance times J' dual."""
        return [
            part + pull
            for part, pull in zip(
                parts,
                self._prior_times(self.pattern.transposed_times(self.shares, dual), dual @ self.to_series),
                strict=True,
            )
        ]

    def _prior_times(self, x: Array, ratio: Array) -> list[Array]:
        """Prior covariance of each part with the log rates times x, and that of the ratios."""
        return [
            self.scales.level[1] ** 2 * x.sum(axis=1, keepdims=True),
            (self.campaign**2)[:, None] * multiply(x, self.smooth),
            multiply(x, self.jump),
            self.day_variance * x,
            ratio @ self.data.ratio_covariance,
        ]

    def _linear(self, parts: list[Array]) -> Array:
        """J x and the ratios."""
        x = parts[0] + parts[1] + parts[2] + parts[3]
        return self.pattern.times(self.shares, x) + parts[4][:, self.data.series]

    def _base_draw(self) -> list[Array]:
        """Draw from the Gaussian proposal: from the prior, moved to imagined observations."""
        n_chains, n_blocks = self.day_mean.shape
        normal = self.generator.standard_normal
        parts = self._prior_mean()
        parts[0] = parts[0] + self.scales.level[1] * normal((n_chains, 1))
        parts[1] = self.campaign[:, None] * multiply(normal((n_chains, n_blocks)), self.root_smooth.T)
        parts[2] = multiply(normal((n_chains, n_blocks)), self.root_jump.T)
        parts[3] = parts[3] + np.sqrt(self.day_variance) * normal((n_chains, n_blocks))
        parts[4] = parts[4] + normal(parts[4].shape) @ self.root_ratio.T
        noise = np.sqrt(self.variance) * normal(self.variance.shape)
        return self._pulled(parts, self._dual(self.pseudo - self._linear(parts) - noise))

    def _likelihood(self, parts: list[Array], points: Array | None = None) -> Array:
        """Log likelihood of each chain."""
        points = self.points if points is None else points
        rate = np.exp(np.minimum(parts[0] + parts[1] + parts[2] + parts[3], HIGHEST))
        total = self.pattern.times(self.weights, rate) + FLOOR
        log_mean = np.log(total) + parts[4][:, self.data.series]
        return log_likelihood(self.data, log_mean, np.exp(points[:, 2:3]), slopes=False)[0]

    def _against(self, parts: list[Array]) -> tuple[Array, Array]:
        """Log likelihood less the log of what the Gaussian proposal has in its place; and the former."""
        likelihood = self._likelihood(parts)
        off = self.pseudo - self._linear(parts)
        return likelihood + 0.5 * (off**2 / self.variance).sum(axis=1), likelihood

    def sweep(self) -> None:
        """Move everything once."""
        for _ in range(_MOVES):
            self._swing()
        self._move_scales()
        self._move_delay()
        self._prepare()

    def _slope(self, parts: list[Array]) -> Slope:
        """Log target over proposal, the likelihood, and the pull of the slope, scaled by the proposal."""
        rate = np.exp(np.minimum(parts[0] + parts[1] + parts[2] + parts[3], HIGHEST))
        total = self.pattern.times(self.weights, rate) + FLOOR
        log_mean = np.log(total) + parts[4][:, self.data.series]
        likelihood, score, _ = log_likelihood(self.data, log_mean, np.exp(self.points[:, 2:3]))
        off = self.pseudo - self._linear(parts)
        precise = off / self.variance
        slope_x = rate * self.pattern.transposed_times(self.weights, score / total)
        slope_x -= self.pattern.transposed_times(self.shares, precise)
        slope_ratio = (score - precise) @ self.to_series
        # the prior covariance times the slope, less what the imagined observations take away
        pull = self._prior_times(slope_x, slope_ratio)
        pull = self._pulled(pull, -self._dual(self._linear(pull)))
        value = likelihood + 0.5 * (off * precise).sum(axis=1)
        return Slope(value, likelihood, slope_x, slope_ratio, pull)

    def _swing(self) -> None:
        """Hamiltonian move of all latent parts: exact rotation in the Gaussian proposal, kicks of the rest.

        Velocities have the covariance of the proposal, so that without kicks the move is a rotation, which
        keeps its energy: only the kicks change it.
        """
        n_chains = len(self.points)
        steps = self.generator.integers(_LEAPS[0], _LEAPS[1] + 1)
        angle = self.step * self.generator.uniform(0.6, 1.0, n_chains)[:, None]
        half = 0.5 * angle
        velocity = [part - centre for part, centre in zip(self._base_draw(), self.centre, strict=True)]
        here = [part - centre for part, centre in zip(self.parts, self.centre, strict=True)]
        first = slope = self._slope(self.parts)
        work = np.zeros(n_chains)
        cos, sin = np.cos(angle), np.sin(angle)
        parts = self.parts
        for _ in range(steps):
            work += slope.kick(velocity, half)
            here, velocity = (
                [x * cos + v * sin for x, v in zip(here, velocity, strict=True)],
                [v * cos - x * sin for x, v in zip(here, velocity, strict=True)],
            )
            parts = [x + centre for x, centre in zip(here, self.centre, strict=True)]
            slope = self._slope(parts)
            work += slope.kick(velocity, half)
        change = slope.value - first.value - work
        good = self._accept(np.where(np.isfinite(change), change, -np.inf))
        self.parts = [np.where(good[:, None], new, old) for new, old in zip(parts, self.parts, strict=True)]
        self.likelihood = np.where(good, slope.likelihood, self.likelihood)
        self.accepted = float(good.mean())

    def _accept(self, log_ratio: Array) -> NDArray[np.bool_]:
        return np.log(self.generator.random(len(log_ratio))) < log_ratio

    def _move_scales(self) -> None:
        """Scales given the parts, then with the parts moved along, then the spread of the clusters."""
        globals_, data = self.scales.globals, self.data
        n_chains = len(self.points)
        square = (multiply(self.parts[1], self.inverse_root.T) ** 2).sum(axis=1)
        again = ((4, True), (3, True)) * 4
        for column, given in (*again, (4, False), (3, False), (2, False), (2, False)):
            centre, sd = np.log(globals_[column, 0]), globals_[column, 1]
            given_scale = 1.5 / np.sqrt(2.0 * data.width.size)
            reach = given_scale if given else sd * 10 ** self.generator.uniform(-1, 0, n_chains)
            old = self.points[:, column]
            new = old + reach * self.generator.standard_normal(n_chains)
            log_ratio = 0.5 * (((old - centre) / sd) ** 2 - ((new - centre) / sd) ** 2)
            points = self.points.copy()
            points[:, column] = new
            parts = list(self.parts)
            if column == 4 and given:
                log_ratio += data.width.size * (old - new)
                log_ratio += 0.5 * square * (np.exp(-2 * old) - np.exp(-2 * new))
            elif column == 4:
                parts[1] = parts[1] * np.exp(new - old)[:, None]
            elif column == 3:
                mean_old, variance_old = self._day_prior(old)
                mean_new, variance_new = self._day_prior(new)
                if given:
                    log_ratio += 0.5 * (
                        np.log(variance_old / variance_new)
                        + (self.parts[3] - mean_old) ** 2 / variance_old
                        - (self.parts[3] - mean_new) ** 2 / variance_new
                    ).sum(axis=1)
                else:
                    parts[3] = mean_new + (self.parts[3] - mean_old) * np.sqrt(variance_new / variance_old)
            likelihood = self.likelihood if given else self._likelihood(parts, points)
            good = self._accept(log_ratio + likelihood - self.likelihood)
            self.points[good, column] = new[good]
            if not given:
                self.likelihood = np.where(good, likelihood, self.likelihood)
                self.parts = [
                    np.where(good[:, None], trial, part)
                    for trial, part in zip(parts, self.parts, strict=True)
                ]
                if column == 4:
                    square = np.where(good, square * np.exp(2 * (new - old)), square)

    def _move_delay(self) -> None:
        """Median and shape of the delay by a random walk."""
        globals_ = self.scales.globals[:2]
        n_chains = len(self.points)
        step = self.generator.standard_normal((n_chains, N_GLOBALS)) @ self.factor.T
        step *= 10 ** self.generator.uniform(-1, 0.2, (n_chains, 1))
        new = self.points.copy()
        new[:, :2] += step[:, :2]
        centre, sd = np.log(globals_[:, 0]), globals_[:, 1]
        log_ratio = 0.5 * (((self.points[:, :2] - centre) / sd) ** 2 - ((new[:, :2] - centre) / sd) ** 2).sum(
            axis=1
        )
        kept = self.weights
        self._set_delay(new)
        likelihood = self._likelihood(self.parts)
        good = self._accept(log_ratio + likelihood - self.likelihood)
        self.weights[~good] = kept[~good]
        self.points[good] = new[good]
        self.likelihood = np.where(good, likelihood, self.likelihood)

    def state(self) -> dict[str, Array]:
        """What is kept of a sweep."""
        level, campaign, jump, day, ratio = self.parts
        return {
            "x": level + campaign + jump + day,
            "level": level[:, 0],
            "ratio": ratio.copy(),
            "ends": campaign[:, [0, -1]],
            "globals": self.points.copy(),
            "likelihood": self.likelihood.copy(),
        }
