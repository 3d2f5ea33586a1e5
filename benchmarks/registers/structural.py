"""Structural time series of a register: a level that moves at an uneven pace, with a slope or without."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from detcount._numerics.arrays import Floats
from detcount.contract import arguments, references
from detcount.contract.citation import Reference
from detcount.contract.specification import specification
from detcount.stock.forecasts import LastValue, Totals
from registers.state_space import Priors, RegisterFilter, ahead, settings_of

__all__ = ["LocalLevel", "LocalLinearTrend"]

_N_SETTINGS = 192
_N_PARTICLES = 48
_NO_SLOPE = (0.0, 0.0)


@specification
class LocalLevel(LastValue):
    """A register whose level goes up and down by chance, at an uneven pace.

    The estimand is the published total of a day to come. The local level of structural time series, on the
    logarithm and in irregular days; the pace is uneven, as registers move little for weeks and then much in
    one.

    Parameters
    ----------
    step : tuple of float, optional
        Median and log standard deviation of the prior of the scale of changes, per root of a day.
    burst : tuple of float or None, optional
        Median and log standard deviation of the prior of the burst, in days; None for an even pace, with
        which the model is Gaussian.
    noise : tuple of float, optional
        Median and log standard deviation of the prior of what a single total is off, on the log scale.
    horizon : int, optional
        Days ahead.
    n_draws : int, optional
        Draws of the path.

    Raises
    ------
    InputError
        If a number is out of its range.

    See Also
    --------
    LocalLinearTrend : Goes on with the slope of the last months.
    LastValue : Needs no model.

    Notes
    -----
    log(R_t + 1/2) = x_t + e_t with e_t normal. In d days x changes by a normal number whose variance is
    step^2 G, with G Gamma of mean d and variance d times burst: the variance-gamma process, which has many
    small changes and a few large ones over any d. Priors are log-normal. The posterior of the parameters is
    a weighted set of 192, each with a Kalman filter and 48 particles for the times G.

    References
    ----------
    .. [1] Harvey, A. C. (1989). Forecasting, structural time series models and the Kalman filter. Cambridge
       University Press. https://doi.org/10.1017/CBO9781107049994
    .. [2] Madan, D. B. and Seneta, E. (1990). The variance gamma (V.G.) model for share market returns.
       Journal of Business, 63(4), 511-524. https://doi.org/10.1086/296519

    Examples
    --------
    >>> from detcount import datasets, stock
    >>> totals = datasets.load("venezuela_stock").select(source="Foro Penal", role="verified")
    >>> found = LocalLevel().fit(totals.as_of("2025-12-15"))
    >>> found.register("2026-01-05").interval(0.8).level
    0.8
    """

    step: tuple[float, float] = (0.01, 1.0)
    burst: tuple[float, float] | None = (20.0, 1.0)
    noise: tuple[float, float] = (0.003, 0.7)
    horizon: int = 120
    n_draws: int = 4000

    least: ClassVar[int] = 2  # priors say the rest
    references: ClassVar[tuple[Reference, ...]] = (references.HARVEY_1989,)

    def __post_init__(self) -> None:
        _check(self.step, self.burst, self.noise, self.horizon, self.n_draws)

    def log_draws(
        self, totals: Totals, origins: list[int], distances: list[Floats], seed: int
    ) -> list[Floats]:
        """Draws of log totals some days after each of some origins, which are numbers of totals known."""
        priors = Priors(self.step, self.burst or _NO_SLOPE, self.noise, _NO_SLOPE, 1.0)
        return _log_draws(priors, totals, origins, distances, self.n_draws, seed)


@specification
class LocalLinearTrend(LastValue):
    """A register whose level goes up and down at an uneven pace, and by a slope that comes and goes.

    The estimand is the published total of a day to come. The local linear trend of structural time series, on
    the logarithm and in irregular days, with a slope that falls back to 0: what grew for months goes on for
    some time, and not for ever.

    Parameters
    ----------
    step, burst, noise : tuple of float, optional
        As in `LocalLevel`.
    slope : tuple of float, optional
        Median and log standard deviation of the prior of the standard deviation of the slope, per day.
    lasting : float, optional
        Days after which a slope has fallen to 1/e.
    horizon : int, optional
        Days ahead.
    n_draws : int, optional
        Draws of the path.

    Raises
    ------
    InputError
        If a number is out of its range.

    See Also
    --------
    LocalLevel : Without a slope.
    LastValue : Needs no model.

    Notes
    -----
    As `LocalLevel`, and x also changes by the integral of a slope b_t, an Ornstein-Uhlenbeck process about 0.
    A single large change is taken for a large step far rather than for a slope, as the pace is uneven.

    References
    ----------
    .. [1] Harvey, A. C. (1989). Forecasting, structural time series models and the Kalman filter. Cambridge
       University Press. https://doi.org/10.1017/CBO9781107049994
    .. [2] Madan, D. B. and Seneta, E. (1990). The variance gamma (V.G.) model for share market returns.
       Journal of Business, 63(4), 511-524. https://doi.org/10.1086/296519

    Examples
    --------
    >>> from detcount import datasets, stock
    >>> totals = datasets.load("venezuela_stock").select(source="Foro Penal", role="verified")
    >>> found = LocalLinearTrend().fit(totals.as_of("2025-12-15"))
    >>> found.last_count, len(found.dates)
    (902, 120)
    """

    step: tuple[float, float] = (0.01, 1.0)
    burst: tuple[float, float] | None = (20.0, 1.0)
    noise: tuple[float, float] = (0.003, 0.7)
    slope: tuple[float, float] = (0.001, 1.0)
    lasting: float = 90.0
    horizon: int = 120
    n_draws: int = 4000

    least: ClassVar[int] = 2  # priors say the rest
    references: ClassVar[tuple[Reference, ...]] = (references.HARVEY_1989,)

    def __post_init__(self) -> None:
        _check(self.step, self.burst, self.noise, self.horizon, self.n_draws)
        arguments.positive_pair("slope", self.slope)
        arguments.positive("lasting", self.lasting)

    def log_draws(
        self, totals: Totals, origins: list[int], distances: list[Floats], seed: int
    ) -> list[Floats]:
        """Draws of log totals some days after each of some origins, which are numbers of totals known."""
        priors = Priors(self.step, self.burst or _NO_SLOPE, self.noise, self.slope, self.lasting)
        return _log_draws(priors, totals, origins, distances, self.n_draws, seed)


def _check(step: object, burst: object, noise: object, horizon: object, n_draws: object) -> None:
    """Refuse priors and numbers out of their range."""
    arguments.positive_pair("step", step)
    if burst is not None:
        arguments.positive_pair("burst", burst)
    arguments.positive_pair("noise", noise)
    arguments.whole_number("horizon", horizon, least=1)
    arguments.whole_number("n_draws", n_draws, least=100)


def _log_draws(
    priors: Priors, totals: Totals, origins: list[int], distances: list[Floats], n_draws: int, seed: int
) -> list[Floats]:
    """Draws after each origin: the totals are read once, as what was known at an origin is a beginning."""
    settings = settings_of(priors, _N_SETTINGS)
    reader = RegisterFilter(settings, _N_PARTICLES, seed)
    days, logs = totals.days, totals.logs
    wanted = dict(zip(origins, distances, strict=True))
    made: dict[int, Floats] = {}
    state = reader.begin(float(logs[0]))
    for k in range(1, max(origins) + 1):
        if k in wanted:
            made[k] = ahead(state, settings, wanted[k], n_draws, np.random.default_rng([seed, k]))
        if k < len(logs):
            state, _ = reader.read(state, float(days[k] - days[k - 1]), float(logs[k]))
    return [made[origin] for origin in origins]
