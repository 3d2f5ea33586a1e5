"""Announced against verified: what became of the releases that were announced."""

from __future__ import annotations

from detcount.gap import GapEstimate, UncertainCount
from detcount.releases.batches import AnnouncedBatches, BatchDelay, BatchesEstimate, SamplerDiagnostics

__all__ = [
    "AnnouncedBatches",
    "BatchDelay",
    "BatchesEstimate",
    "GapEstimate",
    "SamplerDiagnostics",
    "UncertainCount",
]
