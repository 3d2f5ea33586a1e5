"""One register, its flows, and estimates at some dates, in one model of the stock."""

from __future__ import annotations

from detcount.stock.integrated.specification import IntegratedStock

__all__ = ["IntegratedStock"]
