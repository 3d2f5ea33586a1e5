"""What forecasters share: the fit, the days to come, and a result made of draws of logarithms."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from detcount import arguments
from detcount._numerics.arrays import Floats
from detcount.assumptions import Assumption
from detcount.citation import Reference
from detcount.published import PublishedStock
from detcount.specification import Specification
from detcount.stock.forecasting.reading import Totals, counts_of, totals_of
from detcount.stock.forecasting.result import RegisterForecast


class Forecasting(ABC):
    """A forecaster of a register that says how the logarithm of its totals goes on."""

    horizon: int
    least: ClassVar[int]  # days with totals that it needs
    assumes: ClassVar[tuple[Assumption, ...]] = (Assumption.REGISTER_GOES_ON,)
    references: ClassVar[tuple[Reference, ...]]

    def fit(self, stock: PublishedStock, *, seed: int = 0) -> RegisterForecast:
        """Forecast the totals of one source for each day after its last one.

        Parameters
        ----------
        stock : PublishedStock
            The totals of one source.
        seed : int, optional
            Seed of all draws.

        Returns
        -------
        RegisterForecast
            Draws of the published total of each day.

        Raises
        ------
        InputError
            If there are several sources.
        NotEstimableError
            If there are totals of too few days: `LastValue` needs three.
        """
        seed = arguments.seed(seed)
        totals = totals_of(type(self).__name__, stock, least=self.least)
        ahead = np.arange(1.0, self.horizon + 1)
        (draws,) = self.log_draws(totals, [len(totals.dates)], [ahead], seed)
        return _forecast_of(self, totals, draws, seed)

    @abstractmethod
    def log_draws(
        self, totals: Totals, origins: list[int], distances: list[Floats], seed: int
    ) -> list[Floats]:
        """Draws of log totals some days after each of some origins, which are numbers of totals known."""


def _forecast_of(forecaster: Specification, totals: Totals, log_draws: Floats, seed: int) -> RegisterForecast:
    """A forecast of the days after the last total, one after the other, from draws of log totals."""
    last = totals.dates[-1]
    return RegisterForecast(
        source=totals.source,
        last_date=last,
        last_count=int(totals.counts[-1]),
        n_totals=len(totals.dates),
        dates=tuple(last + dt.timedelta(days=k + 1) for k in range(log_draws.shape[1])),
        draws=counts_of(np.asarray(log_draws)),
        forecaster=forecaster,
        assumptions=forecaster.assumes,
        digest=totals.digest,
        seed=seed,
        notes=totals.notes,
        definition=totals.definition,
    )
