"""Published counts: what was announced and what was verified, as it was known from day to day."""

from __future__ import annotations

from detcount.data.published.cases import MonitoredCases as MonitoredCases
from detcount.data.published.tables import PublishedArrests, PublishedReleases, PublishedStock

__all__ = ["PublishedArrests", "PublishedReleases", "PublishedStock"]
