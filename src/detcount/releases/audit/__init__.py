"""The stock-flow audit: how many people left a monitor's register, from its own stock and arrests."""

from __future__ import annotations

from detcount.releases.audit.reading import BulletinBalance, TotalCheck
from detcount.releases.audit.result import StockFlowAudit
from detcount.releases.audit.stock_flow import stock_flow_audit

__all__ = ["BulletinBalance", "StockFlowAudit", "TotalCheck", "stock_flow_audit"]
