"""Published counts: what was announced and what was verified, as it was known from day to day."""

from __future__ import annotations

from detcount.published.releases import PublishedReleases
from detcount.published.stock import PublishedArrests, PublishedStock

__all__ = ["PublishedArrests", "PublishedReleases", "PublishedStock"]
