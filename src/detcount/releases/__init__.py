"""Announced against verified: what became of the releases that were announced."""

from __future__ import annotations

from detcount.data.published.cases import MonitoredCases
from detcount.releases.batches import AnnouncedBatches
from detcount.releases.by_name import ReleasedByName
from detcount.releases.delay import VerificationDelay
from detcount.releases.monitored import MonitoredReleases
from detcount.releases.process import ReleaseProcess

__all__ = [
    "AnnouncedBatches",
    "MonitoredCases",
    "MonitoredReleases",
    "ReleaseProcess",
    "ReleasedByName",
    "VerificationDelay",
]


def __dir__() -> list[str]:
    """Public names, and no modules within."""
    return [*__all__]
