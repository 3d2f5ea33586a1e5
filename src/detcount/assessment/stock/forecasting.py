"""What the register of most totals will publish, and how such forecasts did on the totals that came."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial

from detcount.assessment.stock.content import BacktestRow, ForecastRow
from detcount.assessment.stock.evidence import attempted
from detcount.assessment.stock.registers import main_register
from detcount.errors import NotEstimableError
from detcount.estimates import StockPath, UncertainCount
from detcount.published import PublishedStock
from detcount.stock import (
    LastValue,
    LocalLevel,
    LocalLinearTrend,
    RegisterBacktest,
    RegisterForecast,
    RegisterPool,
    backtest_register,
)

__all__ = ["FORECAST_LEVEL", "Forecasts", "backtest_rows", "forecast_rows", "forecasts_of"]

FORECAST_LEVEL = 0.8
_FORECASTERS = (RegisterPool(), LocalLinearTrend(), LocalLevel(), LastValue())
_AHEAD = (7, 14, 28)  # days after the last total


@dataclass(frozen=True)
class Forecasts:
    """Forecasts of one register, and the backtest.

    Parameters
    ----------
    made : tuple of RegisterForecast
        What each forecaster says.
    backtest : RegisterBacktest or None
        How they did; None with too few totals.
    """

    made: tuple[RegisterForecast, ...] = ()
    backtest: RegisterBacktest | None = None


def forecasts_of(stock: PublishedStock | None, seed: int) -> Forecasts:
    """Forecast the register with the most totals.

    Parameters
    ----------
    stock : PublishedStock or None
        Published totals.
    seed : int
        Seed of the draws.

    Returns
    -------
    Forecasts
        Forecasts of those that have an answer, and the backtest.
    """
    if stock is None:
        return Forecasts()
    register = main_register(stock)
    own = [source == register for source in stock.source]
    exact = [mine and not least for mine, least in zip(own, stock.at_least.tolist(), strict=True)]
    totals = stock.where(exact if any(exact) else own)
    tried = [attempted("RegisterPool", partial(each.fit, totals, seed=seed)) for each in _FORECASTERS]
    done = attempted("backtest_register", partial(backtest_register, totals, _FORECASTERS, seed=seed))
    return Forecasts(
        tuple(each for each in tried if isinstance(each, RegisterForecast)),
        None if isinstance(done, NotEstimableError) else done,
    )


def forecast_rows(forecasts: Forecasts, path: StockPath | None, register: str) -> tuple[ForecastRow, ...]:
    """Give the register of some days to come, by each forecaster and by a path that knows of it."""
    rows = [
        _row(type(made.forecaster).__name__, day, made.register(day))
        for made in forecasts.made
        for day in _days_after(made.last_date)
    ]
    known = None if path is None or path.flows is None else path.flows.registers.get(register)
    if known is not None and path is not None:
        days = _days_after(known.last_published)
        rows += [_row("IntegratedStock", day, path.register(day, register)) for day in days]
    return tuple(rows)


def backtest_rows(forecasts: Forecasts) -> tuple[BacktestRow, ...]:
    """Give how each forecaster did, by how many totals ahead."""
    if forecasts.backtest is None:
        return ()
    return tuple(
        BacktestRow(
            method=str(row["forecaster"]).partition("(")[0],
            ahead=int(row["ahead"]),
            n=int(row["n"]),
            error=float(row["error"]),
            cover=float(row["cover_80"]),
        )
        for row in forecasts.backtest.scores()
    )


def _days_after(last: dt.date) -> tuple[dt.date, ...]:
    """The days that are forecast."""
    return tuple(last + dt.timedelta(days=k) for k in _AHEAD)


def _row(method: str, day: dt.date, count: UncertainCount) -> ForecastRow:
    """A forecast of one day."""
    low, median, high = count.printed(FORECAST_LEVEL)
    return ForecastRow(method, day, low, low if median is None else median, high)
