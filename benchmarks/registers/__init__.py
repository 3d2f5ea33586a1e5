"""Forecasters of a register that do not beat its last total on every series that ships."""

from __future__ import annotations

from registers.pool import RegisterPool
from registers.structural import LocalLevel, LocalLinearTrend

__all__ = ["LocalLevel", "LocalLinearTrend", "RegisterPool"]
