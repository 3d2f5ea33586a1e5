"""How many are held, day by day: from lists with dates, taken at many days."""

from __future__ import annotations

from detcount.estimates import PathInterval, StockPath
from detcount.stock.balance import StockBalance, StockFlowAudit, stock_flow_audit
from detcount.stock.correlation import ErrorCorrelation
from detcount.stock.coverage import CoverageEstimate, CoverageFromReleases, ReleaseWaves, WaveAnswer
from detcount.stock.flows import Flows, flows
from detcount.stock.forecasting import (
    LastValue,
    RegisterBacktest,
    RegisterForecast,
    RegisterForecaster,
    backtest_register,
)
from detcount.stock.integrated import IntegratedStock
from detcount.stock.late_exits import LateExits, WrongShare
from detcount.stock.series import SeriesDetail, series
from detcount.stock.snapshots import snapshots
from detcount.stock.tables import Snapshots

__all__ = [
    "CoverageEstimate",
    "CoverageFromReleases",
    "ErrorCorrelation",
    "Flows",
    "IntegratedStock",
    "LastValue",
    "LateExits",
    "PathInterval",
    "RegisterBacktest",
    "RegisterForecast",
    "RegisterForecaster",
    "ReleaseWaves",
    "SeriesDetail",
    "Snapshots",
    "StockBalance",
    "StockFlowAudit",
    "StockPath",
    "WaveAnswer",
    "WrongShare",
    "backtest_register",
    "flows",
    "series",
    "snapshots",
    "stock_flow_audit",
]
