"""Announced against verified: what became of the releases that were announced."""

from __future__ import annotations

from detcount.estimates import GapEstimate, UncertainCount
from detcount.published.cases import MonitoredCases
from detcount.releases.batches import (
    AnnouncedBatches,
    BatchesEstimate,
)
from detcount.releases.delay import DelayEstimate, VerificationDelay
from detcount.releases.monitored import MonitoredEstimate, MonitoredReleases
from detcount.releases.process import ProcessEstimate, ReleaseProcess

__all__ = [
    "AnnouncedBatches",
    "BatchesEstimate",
    "DelayEstimate",
    "GapEstimate",
    "MonitoredCases",
    "MonitoredEstimate",
    "MonitoredReleases",
    "ProcessEstimate",
    "ReleaseProcess",
    "UncertainCount",
    "VerificationDelay",
]
