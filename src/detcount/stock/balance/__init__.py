"""The stock by balance with what one register prints."""

from __future__ import annotations

from detcount.stock.balance.detail import BalanceDetail, LateEntries
from detcount.stock.balance.specification import StockBalance

__all__ = ["BalanceDetail", "LateEntries", "StockBalance"]
