"""The level of the intervals that assessments show."""

from __future__ import annotations

LEVEL = 0.95
