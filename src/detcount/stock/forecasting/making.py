"""What forecasters share: the days to come, and a result made of draws of logarithms."""

from __future__ import annotations

import datetime as dt

import numpy as np

from detcount._numerics.arrays import Floats
from detcount.assumptions import Assumption
from detcount.specification import Specification
from detcount.stock.forecasting.reading import Totals, counts_of
from detcount.stock.forecasting.result import RegisterForecast

__all__ = ["ASSUMED", "forecast_of"]

ASSUMED = (Assumption.REGISTER_GOES_ON,)


def forecast_of(forecaster: Specification, totals: Totals, log_draws: Floats, seed: int) -> RegisterForecast:
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
