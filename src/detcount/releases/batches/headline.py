"""Which monitor's figure stands against an announcement: the one whose days match it, not the highest."""

from __future__ import annotations

from detcount.published import PublishedReleases
from detcount.published.announcements import Announcement, announcements
from detcount.published.counterparts import nearest_first
from detcount.releases.batches.announcement import Batch

__all__ = ["headline_monitor"]


def headline_monitor(reports: PublishedReleases, batch: Batch) -> str:
    """Name of the monitor by the printed rule of `published.counterparts`, among the last figures of each."""
    found = {each.row: each for each in announcements(reports)}
    announcement: Announcement = found[batch.row]
    rows = [figures[-1].row for figures in batch.figures.values()]
    return reports.source[nearest_first(reports, announcement, rows)[0]]
