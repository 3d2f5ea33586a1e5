"""Figures about releases: the gap in parts, the windows in time, the totals as they grow."""

from __future__ import annotations

from detcount.assessment.releases.figures.fan import fan
from detcount.assessment.releases.figures.gaps import gap_bars
from detcount.assessment.releases.figures.windows import MOST_WINDOWS, windows

__all__ = ["MOST_WINDOWS", "fan", "gap_bars", "windows"]
