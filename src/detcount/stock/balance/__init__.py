"""The stock by balance with what one register prints, and the exits that its own totals imply."""

from __future__ import annotations

from detcount.stock.balance.audit import stock_flow_audit
from detcount.stock.balance.audit_result import StockFlowAudit
from detcount.stock.balance.detail import BalanceDetail, LateEntries
from detcount.stock.balance.register import BulletinBalance, TotalCheck
from detcount.stock.balance.specification import StockBalance

__all__ = [
    "BalanceDetail",
    "BulletinBalance",
    "LateEntries",
    "StockBalance",
    "StockFlowAudit",
    "TotalCheck",
    "stock_flow_audit",
]
