"""How many are held, day by day: from lists with dates, taken at many days."""

from __future__ import annotations

from detcount.estimates import StockPath
from detcount.stock.balance import StockBalance, stock_flow_audit
from detcount.stock.balance import StockFlowAudit as StockFlowAudit
from detcount.stock.correlation import ErrorCorrelation
from detcount.stock.coverage import CoverageEstimate, CoverageFromReleases
from detcount.stock.flows import flows
from detcount.stock.forecasting import LastValue, RegisterForecaster, backtest_register
from detcount.stock.forecasting import RegisterBacktest as RegisterBacktest
from detcount.stock.forecasting import RegisterForecast as RegisterForecast
from detcount.stock.integrated import IntegratedStock
from detcount.stock.late_exits import LateExits, WrongShare
from detcount.stock.series import SeriesDetail as SeriesDetail
from detcount.stock.series import series
from detcount.stock.snapshots import snapshots
from detcount.stock.tables import Snapshots as Snapshots
from detcount.stock.waves import ReleaseWaves

__all__ = [
    "CoverageEstimate",
    "CoverageFromReleases",
    "ErrorCorrelation",
    "IntegratedStock",
    "LastValue",
    "LateExits",
    "RegisterForecaster",
    "ReleaseWaves",
    "StockBalance",
    "StockPath",
    "WrongShare",
    "backtest_register",
    "flows",
    "series",
    "snapshots",
    "stock_flow_audit",
]
