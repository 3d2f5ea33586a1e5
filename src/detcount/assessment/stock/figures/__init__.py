"""Figures about the stock: the path with what bounds it, and what monitors published."""

from __future__ import annotations

from detcount.assessment.stock.figures.paths import path, registers

__all__ = ["path", "registers"]
