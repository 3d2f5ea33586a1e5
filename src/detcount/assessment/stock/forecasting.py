"""What the register of most totals will publish, and how such forecasts did on the totals that came."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial

from detcount.assessment.stock.content import BacktestRow, ForecastRow
from detcount.assessment.stock.evidence import attempted
from detcount.assessment.stock.registers import main_register, own_totals
from detcount.errors import NotEstimableError
from detcount.published import PublishedStock
from detcount.stock import LastValue, RegisterBacktest, RegisterForecast, backtest_register

FORECAST_LEVEL = 0.8
_AHEAD = (7, 14, 28)  # days after the last total


@dataclass(frozen=True)
class Forecasts:
    """The forecast of one register, and the backtest.

    Parameters
    ----------
    made : RegisterForecast or None
        The last total with limits; None with too few totals.
    backtest : RegisterBacktest or None
        How it did; None with too few totals.
    """

    made: RegisterForecast | None = None
    backtest: RegisterBacktest | None = None


def forecasts_of(stock: PublishedStock | None, seed: int) -> Forecasts:
    """Forecast the register with the most totals by its last one, which no other forecaster here beats.

    Parameters
    ----------
    stock : PublishedStock or None
        Published totals.
    seed : int
        Seed of the draws.

    Returns
    -------
    Forecasts
        The forecast and the backtest, where there are totals enough.
    """
    if stock is None:
        return Forecasts()
    totals = own_totals(stock, main_register(stock))
    made = attempted("LastValue", partial(LastValue().fit, totals, seed=seed))
    done = attempted("backtest_register", partial(backtest_register, totals, seed=seed))
    return Forecasts(
        None if isinstance(made, NotEstimableError) else made,
        None if isinstance(done, NotEstimableError) else done,
    )


def forecast_rows(forecasts: Forecasts) -> tuple[ForecastRow, ...]:
    """Give the register of some days to come."""
    if forecasts.made is None:
        return ()
    rows = []
    for days in _AHEAD:
        day = forecasts.made.last_date + dt.timedelta(days=days)
        low, _, high = forecasts.made.register(day).printed(FORECAST_LEVEL)
        rows.append(ForecastRow(day, low, high))
    return tuple(rows)


def backtest_rows(forecasts: Forecasts) -> tuple[BacktestRow, ...]:
    """Give how the last total did, by how many totals ahead."""
    if forecasts.backtest is None:
        return ()
    return tuple(
        BacktestRow(
            ahead=int(row["ahead"]),
            n=int(row["n"]),
            error=float(row["error"]),
            cover=float(row["cover_80"]),
        )
        for row in forecasts.backtest.scores()
    )
