"""Forecasts of what a register will be published to hold, and how well they did on the totals that came."""

from __future__ import annotations

from detcount.stock.forecasting.backtest import RegisterBacktest, backtest_register
from detcount.stock.forecasting.forecaster import RegisterForecaster
from detcount.stock.forecasting.last_value import LastValue
from detcount.stock.forecasting.result import RegisterForecast

__all__ = ["LastValue", "RegisterBacktest", "RegisterForecast", "RegisterForecaster", "backtest_register"]
