"""What one register's own totals say: who left it between two days, and what bounds those held."""

from __future__ import annotations

from detcount.stock.balance.audit import stock_flow_audit
from detcount.stock.balance.audit_result import StockFlowAudit
from detcount.stock.balance.bounds import StockBalance

__all__ = ["StockBalance", "StockFlowAudit", "stock_flow_audit"]
