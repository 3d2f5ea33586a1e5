"""How many are held, day by day: from lists with dates, taken at many days."""

from __future__ import annotations

from detcount.estimates import PathInterval, StockPath
from detcount.stock.correlation import ErrorCorrelation
from detcount.stock.flows import Flows, flows
from detcount.stock.series import SeriesDetail, series
from detcount.stock.snapshots import snapshots
from detcount.stock.tables import Snapshots

__all__ = [
    "ErrorCorrelation",
    "Flows",
    "PathInterval",
    "SeriesDetail",
    "Snapshots",
    "StockPath",
    "flows",
    "series",
    "snapshots",
]
