"""Forecasts of what a register will be published to hold, and how well they did on the totals that came."""

from __future__ import annotations

from detcount.stock.forecasting.backtest import RegisterBacktest, backtest_register
from detcount.stock.forecasting.forecast import LastValue, RegisterForecast, RegisterForecaster

__all__ = ["LastValue", "RegisterBacktest", "RegisterForecast", "RegisterForecaster", "backtest_register"]
