"""Published counts: what was announced and what was verified, as it was known from day to day."""

from __future__ import annotations

from detcount.published.arrests import PublishedArrests
from detcount.published.cases import MonitoredCases
from detcount.published.releases import PublishedReleases
from detcount.published.stock import PublishedStock

__all__ = ["MonitoredCases", "PublishedArrests", "PublishedReleases", "PublishedStock"]
