"""Number held, day by day: from lists with dates, and from what registers publish."""

from __future__ import annotations

from detcount.estimates import StockPath as StockPath
from detcount.stock.audit import StockFlowAudit as StockFlowAudit
from detcount.stock.audit import stock_flow_audit
from detcount.stock.balance import StockBalance
from detcount.stock.coverage import CoverageEstimate as CoverageEstimate
from detcount.stock.coverage import CoverageFromReleases
from detcount.stock.flows import flows
from detcount.stock.forecasts import LastValue, backtest_register
from detcount.stock.inputs import ErrorCorrelation as ErrorCorrelation
from detcount.stock.integrated import IntegratedStock
from detcount.stock.late_exits import LateExits, WrongShare
from detcount.stock.series import SeriesDetail as SeriesDetail
from detcount.stock.series import series
from detcount.stock.snapshots import Snapshots as Snapshots
from detcount.stock.snapshots import snapshots
from detcount.stock.waves import ReleaseWaves

__all__ = [
    "CoverageFromReleases",
    "IntegratedStock",
    "LastValue",
    "LateExits",
    "ReleaseWaves",
    "StockBalance",
    "WrongShare",
    "backtest_register",
    "flows",
    "series",
    "snapshots",
    "stock_flow_audit",
]


def __dir__() -> list[str]:
    """Public names, and no modules within."""
    return [*__all__]
