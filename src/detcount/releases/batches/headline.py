"""Which monitor's figure stands against an announcement: the one whose days match it, not the highest."""

from __future__ import annotations

from detcount.published import PublishedReleases
from detcount.published.announcements import announcements
from detcount.published.measures import measures, same_people
from detcount.published.relations import MATCH_DAYS, days_apart
from detcount.releases.batches.announcement import Batch

_ORDER = {"same": 0, "unknown": 1, "different": 2}


def headline_monitor(reports: PublishedReleases, batch: Batch) -> str:
    """Name of the monitor of the same people, then of the nearest days, then the most recent."""
    said, read = batch.row, measures(reports)
    kinds = {each.row: each.kind for each in announcements(reports)}

    def rank(row: int) -> tuple[object, ...]:
        first, last = days_apart(reports, said, row)
        apart = abs(first or 0), 0 if kinds[said] == "prospective" else abs(last)
        named = bool(reports.event[said]) and reports.event[row] == reports.event[said]
        return (
            _ORDER[same_people(read[said], read[row], defined=reports.definition is not None)],
            first is None,
            0 if named and max(apart) <= MATCH_DAYS else sum(apart),
            bool(reports.at_least[row]),
            -int(reports.published[row].astype("datetime64[D]").astype(int)),
            reports.source[row],
        )

    return reports.source[min((figures[-1].row for figures in batch.figures.values()), key=rank)]
