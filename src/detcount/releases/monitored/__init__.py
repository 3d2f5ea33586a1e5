"""Releases that two monitors or more verified case by case: how many happened, seen or not."""

from __future__ import annotations

from detcount.releases.monitored.result import MonitoredEstimate
from detcount.releases.monitored.specification import MonitoredReleases

__all__ = ["MonitoredEstimate", "MonitoredReleases"]
