"""Verified figures given to the announcement that they belong to, by event or by days."""

from __future__ import annotations

import numpy as np

from detcount.published import PublishedReleases
from detcount.published.days import as_date
from detcount.published.measures import measures, same_people
from detcount.published.relations import MATCH_DAYS
from detcount.releases.batches.announcement import Batch, Figure, Rules
from detcount.releases.batches.days import day_number, last_day
from detcount.releases.batches.notes import NOTE_BY_WINDOW, NOTE_MEASURES, NOTE_PART_OF_WINDOW, NOTE_PARTIAL
from detcount.words import Message

_PARTIAL = ("partial", "parcial")
_ORDER = {
    "same": 0,
    "unknown": 1,
    "different": 2,
}  # of two announcements of the same days, that of the same people


def match_figures(
    rules: Rules, reports: PublishedReleases, rows: list[int], batches: list[Batch]
) -> tuple[int, int]:
    """Give verified rows to their batches; return how many found none, and how many of these lack a start."""
    read = measures(reports)
    events = {batch.event: batch for batch in batches if batch.event}
    by_window: dict[str, set[str]] = {}
    parts: dict[str, list[tuple[str, Figure]]] = {}
    unmatched = undated = 0
    for row in rows:
        published = int(reports.published[row].astype(np.int64))
        figure = Figure(
            published,
            int(reports.count[row]),
            bool(reports.at_least[row]),
            day_number(reports.start[row]),
            day_number(reports.end[row]),
            row,
        )
        batch = events.get(reports.event[row])
        if batch is None:
            start = day_number(reports.start[row])
            end = last_day(reports, row)
            ranks = sorted(
                (rank, _ORDER[same_people(read[candidate.row], read[row])], place)
                for place, candidate in enumerate(batches)
                if (rank := _rank(rules, start, end, candidate, batches)) is not None
            )
            if not ranks or (len(ranks) > 1 and ranks[0][:2] == ranks[1][:2]):
                unmatched += 1
                undated += start is None
                continue
            batch = batches[ranks[0][2]]
            by_window.setdefault(batch.label, set()).add(reports.source[row])
            part = (
                start is not None and batch.start is not None and start > batch.start + MATCH_DAYS
            ) or end < min(batch.day, published) - MATCH_DAYS
            if part and not figure.at_least:
                figure = figure._replace(at_least=True)
                parts.setdefault(batch.label, []).append((reports.source[row], figure))
        if is_partial(reports, row) and not figure.at_least:
            figure = figure._replace(at_least=True)
            batch.notes.append(
                Message(
                    NOTE_PARTIAL, count=figure.verified, monitor=reports.source[row], day=as_date(figure.day)
                )
            )
        batch.figures.setdefault(reports.source[row], []).append(figure)
        one, other = read[batch.row], read[row]
        if same_people(one, other) == "different":
            batch.otherwise.add(reports.source[row])
            if (one.who, other.who) == ("all", "political"):
                batch.partial.add(reports.source[row])
    for batch in batches:
        if batch.otherwise:
            names = sorted(batch.otherwise)
            batch.notes.append(Message(NOTE_MEASURES, source=batch.source, monitors=names))
        if batch.label in by_window and (batch.event or any(reports.event[row] for row in rows)):
            names = sorted(by_window[batch.label])
            batch.notes.append(Message(NOTE_BY_WINDOW, monitors=names))
        for monitor, figure in sorted(parts.get(batch.label, []), key=lambda part: (part[0], part[1][:2])):
            batch.notes.append(
                Message(NOTE_PART_OF_WINDOW, monitor=monitor, day=as_date(figure.day), count=figure.verified)
            )
    return unmatched, undated


def is_partial(reports: PublishedReleases, row: int) -> bool:
    """Whether the note of a row says that its count is partial."""
    return any(word in reports.note[row].lower() for word in _PARTIAL)


def _rank(
    rules: Rules, start: int | None, end: int, batch: Batch, batches: list[Batch]
) -> tuple[int, int] | None:
    """How well days of a verified figure fit a batch, best first, and by how many days; None: they do not.

    The same window, give or take two days; the same first day, and running on; a window inside.
    """
    low = end if start is None else start
    for other in batches:
        if other.window != batch.window and low <= other.window[0] and end >= other.window[1]:
            return None
    if batch.start is None:
        if end != batch.day:  # one day alone says which releases are meant
            return None
        if start is None or start == end:
            return 0, 0
        return (1, 0) if end - start < rules.max_window else None
    if start is None:
        return None
    first, last = abs(start - batch.start), abs(end - batch.day)
    if first <= MATCH_DAYS and last <= MATCH_DAYS:
        return 0, first + last
    if first <= MATCH_DAYS and (batch.is_open or batch.day <= end <= batch.day + rules.max_window):
        return 1, first
    return (2, first) if start >= batch.start and end <= batch.day else None
