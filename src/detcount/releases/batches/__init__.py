"""Announcements of one day: what became of the releases announced, from the figures of monitors since."""

from __future__ import annotations

from detcount.releases.batches.leaving_out import influence
from detcount.releases.batches.left_out import Influence, LeftOut, Span
from detcount.releases.batches.result import BatchesEstimate
from detcount.releases.batches.specification import AnnouncedBatches

__all__ = ["AnnouncedBatches", "BatchesEstimate", "Influence", "LeftOut", "Span", "influence"]
