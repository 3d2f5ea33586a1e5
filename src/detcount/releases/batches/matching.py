"""Verified figures given to the announcement that they belong to, by event or by days."""

from __future__ import annotations

import numpy as np

from detcount.published import PublishedReleases
from detcount.published.days import as_date
from detcount.releases.batches.announcement import Batch, Figure, Rules
from detcount.releases.batches.days import day_number, last_day
from detcount.releases.batches.notes import NOTE_BY_WINDOW, NOTE_MEASURES, NOTE_PART_OF_WINDOW
from detcount.words import Message

__all__ = ["match_figures"]


def match_figures(
    rules: Rules, reports: PublishedReleases, rows: list[int], batches: list[Batch]
) -> tuple[int, int]:
    """Give verified rows to their batches; return how many found none, and how many of these lack a start."""
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
        )
        batch = events.get(reports.event[row])
        if batch is None:
            start = day_number(reports.start[row])
            end = last_day(reports, row)
            ranks = sorted(
                (rank, place)
                for place, candidate in enumerate(batches)
                if (rank := _rank(rules, start, end, candidate, batches)) is not None
            )
            if not ranks or (len(ranks) > 1 and ranks[0][0] == ranks[1][0]):
                unmatched += 1
                undated += start is None
                continue
            batch = batches[ranks[0][1]]
            by_window.setdefault(batch.label, set()).add(reports.source[row])
            part = start is not None and batch.start is not None and start > batch.start
            if (part or end < min(batch.day, published)) and not figure.at_least:
                figure = figure._replace(at_least=True)
                parts.setdefault(batch.label, []).append((reports.source[row], figure))
        batch.figures.setdefault(reports.source[row], []).append(figure)
        if batch.measure and reports.measure[row] not in ("", batch.measure):
            batch.otherwise.add(reports.source[row])
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


def _rank(rules: Rules, start: int | None, end: int, batch: Batch, batches: list[Batch]) -> int | None:
    """How well days of a verified figure fit a batch: 0 the same, 1 the first day, 2 inside; None: not."""
    low = end if start is None else start
    for other in batches:
        if other is not batch and low <= other.window[0] and end >= other.window[1]:
            return None
    if batch.start is None:
        if end != batch.day:
            return None
        if start is None or start == end:
            return 0
        return 1 if end - start < rules.max_window else None
    if start is None:
        return None
    if (start, end) == batch.window:
        return 0
    if start == batch.start and end <= batch.day + rules.max_window:
        return 1
    return 2 if start >= batch.start and end <= batch.day else None
