"""Published counts as rows, and the last of each source about each event."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from detcount.published import PublishedReleases
from detcount.words import Message, Name

__all__ = ["CountRow", "count_rows", "latest_counts", "total_name"]


@dataclass(frozen=True)
class CountRow:
    """One published count.

    Parameters
    ----------
    published : datetime.date
        Day on which it was published.
    source : str
        Who published it.
    role : str
        Announced, verified or reported.
    start, end : datetime.date or None
        First and last day of the releases counted; None where the source did not say.
    count : int
        Releases, persons.
    at_least : bool
        Whether the source said "at least".
    event : str
        Name of what was counted.
    measure : str
        What a release is in this count.
    """

    published: dt.date
    source: str
    role: str
    start: dt.date | None
    end: dt.date | None
    count: int
    at_least: bool
    event: str
    measure: str


def count_rows(reports: PublishedReleases) -> tuple[CountRow, ...]:
    """Every published count, in the order they became known."""
    return tuple(
        CountRow(
            published=reports.published[k].astype(object),
            source=reports.source[k],
            role=reports.role[k],
            start=reports.start[k].astype(object),
            end=reports.end[k].astype(object),
            count=int(reports.count[k]),
            at_least=bool(reports.at_least[k]),
            event=reports.event[k],
            measure=reports.measure[k],
        )
        for k in range(len(reports))
    )


def latest_counts(reports: PublishedReleases) -> tuple[CountRow, ...]:
    """The last count of every source about every event, by window."""
    last = {(row.source, row.event or row.start, row.role): row for row in count_rows(reports)}
    return tuple(
        sorted(
            last.values(),
            key=lambda row: (row.end or row.published, row.start or dt.date.min, row.role, row.source),
        )
    )


def total_name(row: CountRow) -> str:
    """Name a total that its source gave no name: by its first day."""
    if row.start is None:
        return Name("first day not said", Message("first day not said"))
    return Name(f"since {row.start}", Message("since {first}", first=row.start))
