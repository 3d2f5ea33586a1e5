"""How many are held, day by day: from lists with dates, taken at many days."""

from __future__ import annotations

from detcount.estimates import PathInterval, StockPath
from detcount.stock.balance import (
    BalanceDetail,
    BulletinBalance,
    LateEntries,
    StockBalance,
    StockFlowAudit,
    TotalCheck,
    stock_flow_audit,
)
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
from detcount.stock.integrated import IntegratedDetail, IntegratedStock
from detcount.stock.late_exits import LateExits, WrongShare
from detcount.stock.series import SeriesDetail, series
from detcount.stock.snapshots import snapshots
from detcount.stock.tables import Snapshots

__all__ = [
    "BalanceDetail",
    "BulletinBalance",
    "CoverageEstimate",
    "CoverageFromReleases",
    "ErrorCorrelation",
    "Flows",
    "IntegratedDetail",
    "IntegratedStock",
    "LastValue",
    "LateEntries",
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
    "TotalCheck",
    "WaveAnswer",
    "WrongShare",
    "backtest_register",
    "flows",
    "series",
    "snapshots",
    "stock_flow_audit",
]
