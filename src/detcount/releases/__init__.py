"""Announced against verified: what became of the releases that were announced."""

from __future__ import annotations

from detcount.gap import GapEstimate, UncertainCount

__all__ = ["GapEstimate", "UncertainCount"]
