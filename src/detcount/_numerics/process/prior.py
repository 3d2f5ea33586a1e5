"""The priors: of the global parameters, and of the log intensity given them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detcount._numerics.process.increments import Increments
from detcount._numerics.process.matrices import Array, multiply
from detcount._numerics.process.pattern import Pattern
from detcount._numerics.student import log_student

__all__ = [
    "N_GLOBALS",
    "Prior",
    "Scales",
    "campaign_covariance",
    "day_moments",
    "jump_covariance",
    "log_prior",
    "prior_of",
]

N_GLOBALS = 5
_WIDEST = 6.0  # scale of the day part, of the log: beyond, its mean overflows


@dataclass(frozen=True)
class Scales:
    """Priors: normal for the level and for the log of each global parameter.

    Parameters
    ----------
    level : tuple of float
        Mean and standard deviation of the log of releases a day.
    median_delay, delay_shape, spread, day, campaign : tuple of float
        Median, and standard deviation of the log.
    jump, jump_memory : float
        Scale of the jump of the log intensity on a day of announcement, and days after which 1 - 1/e of
        it is over.
    memory : float
        Days after which a campaign has lost 1 - 1/e of its effect.
    family : str
        Of the delay.
    """

    level: tuple[float, float]
    median_delay: tuple[float, float]
    delay_shape: tuple[float, float]
    spread: tuple[float, float]
    day: tuple[float, float]
    campaign: tuple[float, float]
    jump: float
    jump_memory: float
    memory: float
    family: str

    @property
    def globals(self) -> Array:
        """Medians and log standard deviations, shape (5, 2)."""
        return np.array([self.median_delay, self.delay_shape, self.spread, self.day, self.campaign])


@dataclass(frozen=True)
class Prior:
    """The Gaussian prior of x for B global parameters."""

    mean: Array  # (B, D)
    smooth: Array  # (D, D): campaign part of scale 1
    jump: Array  # (D, D)
    day: Array  # (B, D) variances
    campaign: Array  # (B,) variance
    level: float  # variance

    def times(self, x: Array) -> Array:
        """K x for x of shape (B, D)."""
        product = self.campaign[:, None] * multiply(x, self.smooth) + self.day * x
        return np.asarray(product + multiply(x, self.jump) + self.level * x.sum(axis=1, keepdims=True))

    def cross(self, pattern: Pattern, shares: Array) -> Array:
        """J K J'."""
        full = pattern.dense(shares)
        half = multiply(full, self.smooth)
        half *= self.campaign[:, None, None]
        half += full * self.day[:, None, :]
        half += self.level * full.sum(axis=2, keepdims=True)
        if self.jump.any():
            half += multiply(full, self.jump)
        return multiply(half, full.transpose(0, 2, 1))


def day_moments(scale: Array, width: Array) -> tuple[Array, Array]:
    """Mean and variance of the log of the mean over some days of independent log-normals."""
    variance = np.minimum(scale, _WIDEST)[:, None] ** 2
    of_block = np.log1p(np.expm1(variance) / width)
    return 0.5 * (variance - of_block), of_block


def campaign_covariance(days: Array, others: Array, memory: float) -> Array:
    """Correlation of the campaign part between days."""
    return np.asarray(np.exp(-np.abs(days[:, None] - others[None, :]) / memory))


def jump_covariance(days: Array, others: Array, jumps: Array, scale: float, memory: float) -> Array:
    """Covariance that jumps on some days add to the days after them."""
    total = np.zeros((len(days), len(others)))
    for jump in jumps:
        one = np.where(days >= jump, np.exp(-np.maximum(days - jump, 0.0) / memory), 0.0)
        two = np.where(others >= jump, np.exp(-np.maximum(others - jump, 0.0) / memory), 0.0)
        total += one[:, None] * two[None, :]
    return scale**2 * total


def prior_of(data: Increments, scales: Scales, points: Array) -> Prior:
    """Prior of x: blocks of several days have the mean of their days, log-normal by its two moments."""
    mean, variance = day_moments(np.exp(points[:, 3]), data.width)
    return Prior(
        mean=scales.level[0] + mean,
        smooth=campaign_covariance(data.centre, data.centre, scales.memory),
        jump=jump_covariance(data.centre, data.centre, data.jumps, scales.jump, scales.jump_memory),
        day=variance,
        campaign=np.exp(points[:, 4]) ** 2,
        level=scales.level[1] ** 2,
    )


def log_prior(points: Array, scales: Scales) -> Array:
    """Log density of the global parameters, up to a constant that is that of `log_student`."""
    return log_student(points, np.log(scales.globals[:, 0]), np.diag(scales.globals[:, 1]), np.inf)
