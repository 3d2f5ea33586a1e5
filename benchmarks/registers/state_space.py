"""The total of a register as a random walk at an uneven pace, observed at irregular days.

The level of log totals moves by a slope, which comes and goes, and by steps normal in a time of their own: in
d days that time is Gamma with mean d and variance d times `burst`, so that many steps are small and a few are
large, over any d (the variance-gamma process). With a burst of 0 the steps are normal, and the model is the
local level, or the local linear trend, of structural time series.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import gammainccinv, ndtri

from detcount._numerics.arrays import Floats

__all__ = ["Priors", "RegisterFilter", "RegisterState", "ahead", "settings_of"]

_LEAST_TIME = 1e-12
_SMALL = 0.01
_SHAPES = 240  # of the table of quantiles
_SHAPE_RANGE = (-9.0, 9.0)  # log of the shape
_SPREAD_OF_CORNERS = np.array([2.0, 3.0, 5.0, 7.0])  # a Kronecker sequence in their square roots


@dataclass(frozen=True)
class Priors:
    """Log-normal priors, each a median and a standard deviation of the logarithm.

    Parameters
    ----------
    step : tuple of float
        Scale of the steps of the level, per square root of a day.
    burst : tuple of float
        Days by whose multiple the variance of the pace exceeds its mean; a median of 0 is an even pace.
    noise : tuple of float
        Standard deviation of what one published total is off the level.
    slope : tuple of float
        Standard deviation of the slope, per day; a median of 0 is no slope.
    lasting : float
        Days after which a slope has fallen to 1/e.
    """

    step: tuple[float, float]
    burst: tuple[float, float]
    noise: tuple[float, float]
    slope: tuple[float, float]
    lasting: float


@dataclass(frozen=True)
class Settings:
    """Values of the parameters, drawn evenly from their priors, each of shape (n_settings, 1)."""

    step: Floats
    burst: Floats
    noise: Floats
    slope: Floats
    lasting: float


@dataclass(frozen=True)
class RegisterState:
    """What is known of the level and the slope after some totals, by setting and by particle.

    Parameters
    ----------
    log_weights : ndarray of float64, shape (n_settings, n_particles)
        Logarithms of weights, which add up to 1 over all.
    level, slope : ndarray of float64, shape (n_settings, n_particles)
        Means.
    level_variance, covariance, slope_variance : ndarray of float64, shape (n_settings, n_particles)
        Variances and covariance.
    """

    log_weights: Floats
    level: Floats
    slope: Floats
    level_variance: Floats
    covariance: Floats
    slope_variance: Floats


def settings_of(priors: Priors, n_settings: int) -> Settings:
    """Spread settings evenly over the priors: normal scores of a Kronecker sequence."""
    numbers = np.arange(1, n_settings + 1)[:, None] * np.sqrt(_SPREAD_OF_CORNERS)
    scores = ndtri((numbers + 0.5 / n_settings) % 1)
    values = [
        median * np.exp(spread * scores[:, [k]])
        for k, (median, spread) in enumerate((priors.step, priors.burst, priors.noise, priors.slope))
    ]
    step, burst, noise, slope = values
    return Settings(step, burst, noise, slope, priors.lasting)


class RegisterFilter:
    """Totals read one after the other: a Kalman filter for each setting, and particles for the pace.

    The times of the steps are the same levels of their distribution for all settings, more of them in its
    upper tail, in an order of chance; each particle then has a Kalman filter of its own.
    """

    def __init__(self, settings: Settings, n_particles: int, seed: int) -> None:
        self.settings = settings
        self._even = not settings.burst.any()
        self.n_particles = 1 if self._even else n_particles
        self._random = np.random.default_rng(seed)
        spots = (np.arange(self.n_particles) + 0.5) / self.n_particles
        self._tails = spots**2  # probability above; the square root has more of the upper tail
        self._log_shares = np.log(spots / spots.sum())
        self._table = None if self._even else _quantile_table(self._tails)
        self._n_settings = len(settings.step)

    def begin(self, value: float) -> RegisterState:
        """Read the first total: nothing is known of the level before it."""
        shape = (self._n_settings, self.n_particles)
        s = self.settings
        variance = s.slope**2
        return RegisterState(
            np.full(shape, -math.log(shape[0] * shape[1])),
            np.full(shape, value),
            np.zeros(shape),
            np.broadcast_to(s.noise**2, shape).copy(),
            np.zeros(shape),
            np.broadcast_to(variance, shape).copy(),
        )

    def read(self, state: RegisterState, days: float, value: float) -> tuple[RegisterState, float]:
        """Read the next total, some days later; with the log of how likely it was."""
        state = self._resampled(state)
        time, log_shares = self._times(days)
        level, slope, a, b, c = _moved(state, self.settings, days, time)
        variance = a + self.settings.noise**2
        error = value - level
        log_likely = -0.5 * (np.log(2 * math.pi * variance) + error**2 / variance)
        log_weights = state.log_weights + log_shares + math.log(self.n_particles) + log_likely
        total = _log_sum(log_weights)
        gain_level, gain_slope = a / variance, b / variance
        return (
            RegisterState(
                log_weights - total,
                level + gain_level * error,
                slope + gain_slope * error,
                a * (1 - gain_level),
                b * (1 - gain_level),
                c - gain_slope * b,
            ),
            total,
        )

    def _times(self, days: float) -> tuple[Floats, Floats | float]:
        """Times of the steps in some days, in an order of chance, and the logarithms of their shares."""
        if self._even or days == 0:
            return np.full((self._n_settings, self.n_particles), days), -math.log(self.n_particles)
        assert self._table is not None
        place = (np.log(days / self.settings.burst) - _SHAPE_RANGE[0]) / (_SHAPE_RANGE[1] - _SHAPE_RANGE[0])
        place = np.clip(place[:, 0] * (_SHAPES - 1), 0, _SHAPES - 1.001)
        lower = place.astype(int)
        part = (place - lower)[:, None]
        log_times = (1 - part) * self._table[lower] + part * self._table[lower + 1]
        times = np.exp(log_times) * self.settings.burst
        order = self._random.random(times.shape).argsort(axis=1)
        return np.take_along_axis(times, order, axis=1), self._log_shares[order]

    def _resampled(self, state: RegisterState) -> RegisterState:
        """Particles of each setting drawn by their weights; the weights of the settings stay."""
        if self.n_particles == 1:
            return state
        top = state.log_weights.max(axis=1, keepdims=True)
        shares = np.exp(state.log_weights - top)
        of_setting = top[:, 0] + np.log(shares.sum(axis=1))
        reached = np.cumsum(shares, axis=1)
        reached /= reached[:, -1:]
        spots = (self._random.random((self._n_settings, 1)) + np.arange(self.n_particles)) / self.n_particles
        rows = np.arange(self._n_settings)[:, None]
        chosen = np.searchsorted((reached + rows).ravel(), (spots * (1 - 1e-12) + rows).ravel())
        chosen = np.minimum(chosen.reshape(spots.shape) - rows * self.n_particles, self.n_particles - 1)
        taken = [
            np.take_along_axis(values, chosen, axis=1)
            for values in (
                state.level,
                state.slope,
                state.level_variance,
                state.covariance,
                state.slope_variance,
            )
        ]
        weights = np.repeat(of_setting[:, None] - math.log(self.n_particles), self.n_particles, axis=1)
        return RegisterState(weights, *taken)


def ahead(
    state: RegisterState,
    settings: Settings,
    days: Floats,
    n_draws: int,
    random: np.random.Generator,
) -> Floats:
    """Draws of log totals some days ahead (increasing), shape (n_draws, n_days), each a whole path."""
    weights = np.exp(state.log_weights).ravel()
    spots = (random.random() + np.arange(n_draws)) / n_draws
    chosen = np.minimum(np.searchsorted(np.cumsum(weights) / weights.sum(), spots), len(weights) - 1)
    chosen = chosen[random.permutation(n_draws)]
    row = chosen // state.level.shape[1]
    step, burst, noise, slope_sd = (
        values[row, 0] for values in (settings.step, settings.burst, settings.noise, settings.slope)
    )
    level, slope = state.level.ravel()[chosen], state.slope.ravel()[chosen]
    a, b, c = (
        values.ravel()[chosen] for values in (state.level_variance, state.covariance, state.slope_variance)
    )
    first, second = random.standard_normal((2, n_draws))
    level = level + np.sqrt(a) * first
    on_level = np.divide(b, a, out=np.zeros_like(b), where=a > 0)
    slope = slope + on_level * np.sqrt(a) * first + np.sqrt(np.maximum(c - on_level * b, 0)) * second
    paths = np.empty((n_draws, len(days)))
    for k, gap in enumerate(np.diff(np.concatenate([[0.0], days]))):
        if gap > 0:
            lasts, carried, of_level, of_both, of_slope = _slope_terms(settings.lasting, gap)
            time = np.full(n_draws, gap)
            uneven = burst > 0
            if uneven.any():
                shapes = gap / burst[uneven]
                time[uneven] = random.standard_gamma(shapes) * burst[uneven]
            normal = random.standard_normal((3, n_draws))
            by_slope = slope_sd * math.sqrt(of_level) * normal[1]
            kept = of_both / math.sqrt(of_level) if of_level > 0 else 0.0
            rest = math.sqrt(max(of_slope - kept**2, 0.0))
            level = level + carried * slope + by_slope + step * np.sqrt(time) * normal[0]
            slope = lasts * slope + slope_sd * (kept * normal[1] + rest * normal[2])
        paths[:, k] = level + noise * random.standard_normal(n_draws)
    return paths


def _moved(
    state: RegisterState, settings: Settings, days: float, time: Floats
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Means, variances and covariance of level and slope some days later."""
    lasts, carried, of_level, of_both, of_slope = _slope_terms(settings.lasting, days)
    variance = settings.slope**2
    level = state.level + carried * state.slope
    a = (
        state.level_variance
        + 2 * carried * state.covariance
        + carried**2 * state.slope_variance
        + settings.step**2 * time
        + variance * of_level
    )
    b = lasts * (state.covariance + carried * state.slope_variance) + variance * of_both
    c = lasts**2 * state.slope_variance + variance * of_slope
    return level, lasts * state.slope, a, b, c


def _slope_terms(lasting: float, days: float) -> tuple[float, float, float, float, float]:
    """How a slope of variance 1 that reverts to 0 goes on: an Ornstein-Uhlenbeck process and its integral.

    What lasts of it, what it adds to the level, and of what is new the variance in the level, the covariance,
    and the variance in the slope.
    """
    x = days / lasting
    gone = -math.expm1(-x)
    lasts, carried = 1 - gone, lasting * gone
    of_slope = -math.expm1(-2 * x)
    of_both = lasting * gone**2
    if x > _SMALL:
        of_level = 2 * x - 3 + 4 * math.exp(-x) - math.exp(-2 * x)
    else:  # the same as a series, which loses no digits
        of_level = x**3 * (2 / 3 - x / 2 + 7 * x**2 / 30)
    of_level *= lasting**2
    return lasts, carried, of_level, of_both, of_slope


def _quantile_table(tails: Floats) -> Floats:
    """Logarithms of upper quantiles of the standard Gamma, by shape and by probability above."""
    shapes = np.exp(np.linspace(*_SHAPE_RANGE, _SHAPES))
    return np.asarray(np.log(np.maximum(gammainccinv(shapes[:, None], tails), _LEAST_TIME)))


def _log_sum(values: Floats) -> float:
    """Logarithm of the sum of exponentials."""
    top = float(values.max())
    return top + math.log(float(np.exp(values - top).sum()))
