"""What a monitor's register will hold: forecasts of its published totals, and how well they did."""

from __future__ import annotations

from detcount.stock.forecasting.backtest import RegisterBacktest, backtest_register
from detcount.stock.forecasting.forecaster import RegisterForecaster
from detcount.stock.forecasting.last_value import LastValue
from detcount.stock.forecasting.pool import RegisterPool
from detcount.stock.forecasting.result import RegisterForecast
from detcount.stock.forecasting.structural import LocalLevel, LocalLinearTrend

__all__ = [
    "LastValue",
    "LocalLevel",
    "LocalLinearTrend",
    "RegisterBacktest",
    "RegisterForecast",
    "RegisterForecaster",
    "RegisterPool",
    "backtest_register",
]
