"""The last total, and past changes as they were: the forecast that others have to beat."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from detcount import arguments, references
from detcount._numerics.arrays import Floats
from detcount.citation import Reference
from detcount.specification import specification
from detcount.stock.forecasting.making import Forecasting
from detcount.stock.forecasting.reading import Totals


@specification
class LastValue(Forecasting):
    """The last published total, with past changes drawn again around it.

    The estimand is the published total of a day to come. The forecast that every other one has to beat: as
    likely to rise as to fall, by the square root of the days ahead times what the past saw.

    Parameters
    ----------
    horizon : int, optional
        Days ahead.
    n_draws : int, optional
        Draws of the path.

    See Also
    --------
    backtest_register : How well it did, and how well a forecaster of one's own does.

    Notes
    -----
    Changes of the logarithm between totals of different days, each divided by the root of the days between,
    are drawn with replacement, with a sign of chance, and multiplied by the root of the days ahead.

    References
    ----------
    .. [1] Harvey, A. C. (1989). Forecasting, structural time series models and the Kalman filter. Cambridge
       University Press. https://doi.org/10.1017/CBO9781107049994

    Examples
    --------
    >>> from detcount import datasets, stock
    >>> totals = datasets.load("venezuela_stock").select(source="Foro Penal", role="verified")
    >>> stock.LastValue().fit(totals.as_of("2025-12-15")).register("2026-01-05").median
    903
    """

    horizon: int = 120
    n_draws: int = 4000

    least: ClassVar[int] = 3
    references: ClassVar[tuple[Reference, ...]] = (references.HARVEY_1989,)

    def __post_init__(self) -> None:
        arguments.whole_number("horizon", self.horizon, least=1)
        arguments.whole_number("n_draws", self.n_draws, least=100)

    def log_draws(
        self, totals: Totals, origins: list[int], distances: list[Floats], seed: int
    ) -> list[Floats]:
        """Draws of log totals some days after each of some origins, which are numbers of totals known."""
        days, logs = totals.days, totals.logs
        made = []
        for origin, ahead in zip(origins, distances, strict=True):
            rng = np.random.default_rng([seed, origin])
            gaps = np.diff(days[:origin])
            changes = np.diff(logs[:origin])[gaps > 0] / np.sqrt(gaps[gaps > 0])
            drawn = rng.choice(changes, self.n_draws) * rng.choice([-1.0, 1.0], self.n_draws)
            made.append(logs[origin - 1] + drawn[:, None] * np.sqrt(ahead))
        return made
