"""Figures about releases: the announcements, the windows in time, the totals as they grow."""

from __future__ import annotations

from detcount.assessment.releases.figures.announcements import announcements
from detcount.assessment.releases.figures.fan import fan
from detcount.assessment.releases.figures.windows import MOST_WINDOWS, windows

__all__ = ["MOST_WINDOWS", "announcements", "fan", "windows"]
