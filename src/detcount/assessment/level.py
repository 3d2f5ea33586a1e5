"""The level of the intervals that assessments show."""

from __future__ import annotations

__all__ = ["LEVEL"]

LEVEL = 0.95
