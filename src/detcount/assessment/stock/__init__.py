"""Assessment of how many are held: the front door and the result."""

from __future__ import annotations

from detcount.assessment.stock.assessing import assess_stock
from detcount.assessment.stock.result import StockAssessment

__all__ = ["StockAssessment", "assess_stock"]
