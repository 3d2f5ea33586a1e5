"""What was announced for a window of days, what was verified of it, and the notes on both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from detcount.errors import InputError, NotEstimableError
from detcount.published import PublishedReleases
from detcount.published.days import as_date
from detcount.published.measures import measures
from detcount.releases.process.notes import (
    NOTE_ANNOUNCED_PART,
    NOTE_ANNOUNCED_SUM,
    NOTE_MORE_VERIFIED,
    NOTE_NOTHING_VERIFIED,
    NOTE_OTHER_PEOPLE,
)
from detcount.releases.process.series import Series
from detcount.words import Message, Name

__all__ = ["announced_inside", "name_of_window", "other_people", "window_notes"]


def announced_inside(
    series: Sequence[Series], first: int, last: int, on: int, source: str | None
) -> tuple[Series, tuple[int, ...]]:
    """Announcements inside a window, published by a day: those of a source, or that cover most days."""
    names = [one.source for one in series if one.role == "announced"]
    if source is not None and source not in names:
        raise InputError(
            Message(
                "announced_by: expected one of {known}, got {got}. Name a source with announced counts",
                known=", ".join(map(repr, names)),
                got=repr(source),
            )
            if names
            else Message(
                "announced_by: expected one of none, got {got}. Name a source with announced counts",
                got=repr(source),
            )
        )
    found = []
    for one in series:
        if one.role == "announced" and (source is None or one.source == source):
            cover = one.cover(first, last, on)
            if cover:
                rows = list(cover)
                days = int((one.end[rows] - one.start[rows] + 1).sum())
                found.append((days, int(one.published[rows].max()), one, cover))
    if not found:
        raise NotEstimableError(
            "ReleaseProcess.gap",
            Message(
                "nothing was announced for days inside {first} to {last}",
                first=as_date(first),
                last=as_date(last),
            ),
            Message("Ask for a window that holds the window of an announcement."),
        )
    _, _, one, cover = max(found, key=lambda item: item[:2])
    return one, cover


def window_notes(
    announcer: Series, cover: Sequence[int], monitor: Series, inside: Sequence[int], n_days: int
) -> Iterator[Message]:
    """Notes on what was announced and verified for a window, by the rows that count in it."""
    announced = int(announcer.count[list(cover)].sum())
    verified = int(monitor.count[list(inside)].sum()) if inside else 0
    covered = int((announcer.end[list(cover)] - announcer.start[list(cover)] + 1).sum())
    if len(cover) > 1:
        yield Message(NOTE_ANNOUNCED_SUM, n=len(cover), announced_by=announcer.source)
    if covered < n_days:
        yield Message(NOTE_ANNOUNCED_PART, announced_by=announcer.source, covered=covered, days=n_days)
    if not inside:
        yield Message(NOTE_NOTHING_VERIFIED, verified_by=monitor.source)
    if verified > announced:
        yield Message(NOTE_MORE_VERIFIED, verified_by=monitor.source, verified=verified, announced=announced)


def name_of_window(source: str, first: dt.date, last: dt.date) -> Name:
    """Name of what a source announced for some days."""
    words = Message("{source}, {first} to {second}", source=source, first=first, second=last)
    return Name(f"{source}, {first} to {last}", words)


def other_people(reports: PublishedReleases, announcer: Series, monitor: Series) -> Message | None:
    """Say that an announcement is of all prisoners and a monitor counts political ones, where it is so."""
    kinds = measures(reports)
    found = [
        {kinds[row].who for row in range(len(reports)) if (reports.source[row], reports.role[row]) == whose}
        for whose in ((announcer.source, announcer.role), (monitor.source, monitor.role))
    ]
    if "all" in found[0] and "political" in found[1]:
        return Message(NOTE_OTHER_PEOPLE, announced_by=announcer.source, verified_by=monitor.source)
    return None
