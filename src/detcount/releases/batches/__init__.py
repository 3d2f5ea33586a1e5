"""Announcements of one day: what became of the releases announced, from the figures of monitors since."""

from __future__ import annotations

from detcount.releases.batches.result import BatchesEstimate
from detcount.releases.batches.specification import AnnouncedBatches

__all__ = ["AnnouncedBatches", "BatchesEstimate"]
