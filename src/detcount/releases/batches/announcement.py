"""Announcements read from published rows: which rows are one, how many it announced, and of which days."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from detcount.errors import NotEstimableError
from detcount.published import PublishedReleases
from detcount.published.days import as_date
from detcount.published.measures import Measure, measures, same_people
from detcount.releases.batches.days import day_number, last_day, name_of_days
from detcount.releases.batches.notes import (
    ADVICE_PROCESS,
    FIGURE,
    NOTE_AT_LEAST_ANNOUNCED,
    NOTE_NO_END,
    NOTE_NO_START,
    NOTE_OTHER_PEOPLE,
    NOTE_RESTATED,
    NOTE_SPREAD,
    REASON_LONG,
    REASON_NOTHING,
    REASON_RUNNING_TOTAL,
    REMEDY_NOTHING,
    REMEDY_PROCESS,
    REMEDY_WINDOW,
)
from detcount.words import Message

NAME = "AnnouncedBatches"


class Figure(NamedTuple):
    """How many releases of an announcement a monitor had verified by a day."""

    day: int  # of publication
    verified: int
    at_least: bool
    start: int | None = None  # first and last day of the releases counted; None where nobody said
    end: int | None = None
    row: int = -1


@dataclass(frozen=True)
class Rules:
    """Which rows are used, and what makes batches of them: options of the specification."""

    roles: tuple[str, ...]
    monitors: tuple[str, ...] | None
    headline: str | None
    max_window: int
    delayed: bool


@dataclass
class Batch:
    """An announcement, and the figures for it by monitor."""

    label: str
    event: str
    source: str
    announced: int
    at_least: bool
    published: int
    start: int | None
    end: int | None
    day: int  # the last day, or what stands for it
    notes: list[str] = field(default_factory=list)
    figures: dict[str, list[Figure]] = field(default_factory=dict)
    measure: str = ""
    otherwise: set[str] = field(default_factory=set)  # monitors that count other people, or another thing
    partial: set[str] = field(default_factory=set)  # those that count a part of it, by definition
    first: int = 0  # first day of the releases as modelled
    row: int = -1  # of the number announced

    @property
    def is_open(self) -> bool:
        """Whether the releases were still to come, without a last day."""
        return self.start is not None and self.end is None

    @property
    def window(self) -> tuple[int, int]:
        """First and last day, as far as said."""
        return (self.day if self.start is None else self.start), self.day


def key_of(reports: PublishedReleases, row: int) -> tuple[str, Any]:
    """What announced rows of one batch share: the event, or else the first day, or else the last."""
    if reports.event[row]:
        return "event", reports.event[row]
    start = day_number(reports.start[row])
    return ("start", start) if start is not None else ("end", last_day(reports, row))


def read_announcement(
    rules: Rules, reports: PublishedReleases, rows: list[int]
) -> tuple[Batch, NotEstimableError | None]:
    """Read the announced rows of one event: one batch, or why it is none."""
    days = {row: int(reports.published[row].astype(np.int64)) for row in rows}
    by_source: dict[str, list[int]] = {}
    for row in rows:
        by_source.setdefault(reports.source[row], []).append(row)
    read = measures(reports)
    others_count = _of_other_people(rules, reports, rows, read)
    source = min(
        by_source,
        key=lambda name: (
            others_count.issuperset(by_source[name]),
            min(days[row] for row in by_source[name]),
            name,
        ),
    )
    own = by_source[source]
    # of rows published first, the one with the shortest window
    head = min(
        own,
        key=lambda row: (
            days[row],
            last_day(reports, row),
            -_or(day_number(reports.start[row]), -(10**9)),
            int(reports.count[row]),
        ),
    )
    last = max(own, key=lambda row: (days[row], int(reports.count[row]), not reports.at_least[row]))
    start, end = day_number(reports.start[head]), day_number(reports.end[head])
    day = last_day(reports, head)
    event = reports.event[head]
    batch = Batch(
        label=event or name_of_days(_or(start, day), day),
        event=event,
        source=source,
        announced=int(reports.count[last]),
        at_least=bool(reports.at_least[last]),
        published=days[head],
        start=start,
        end=end,
        day=day,
        measure=reports.measure[last],
        row=last,
    )
    for name in sorted(by_source):
        rising = _running_total(reports, by_source[name])
        # what another source counts of the same, up to what was announced, is how far it has come
        if rising is not None and (name == source or rising[1] > batch.announced):
            reason = Message(REASON_RUNNING_TOTAL, source=name, first=rising[0], last=rising[1])
            return batch, NotEstimableError(
                NAME, reason, Message(REMEDY_PROCESS), advice=Message(ADVICE_PROCESS)
            )
    if batch.announced == 0:
        return batch, NotEstimableError(NAME, Message(REASON_NOTHING), Message(REMEDY_NOTHING))
    length = batch.window[1] - batch.window[0] + 1
    if length > rules.max_window:
        reason = Message(REASON_LONG, days=length, most=rules.max_window)
        return batch, NotEstimableError(NAME, reason, Message(REMEDY_WINDOW), advice=Message(ADVICE_PROCESS))
    alike = [row for row in rows if same_people(read[row], read[last]) != "different"]
    given = _figures(reports, [row for row in alike if reports.count[row] != batch.announced])
    if given:
        batch.notes.append(Message(NOTE_RESTATED, others=given, announced=batch.announced, source=source))
    unlike = _figures(reports, [row for row in rows if row not in alike])
    if unlike:
        batch.notes.append(Message(NOTE_OTHER_PEOPLE, others=unlike))
    if batch.at_least:
        batch.notes.append(Message(NOTE_AT_LEAST_ANNOUNCED, announced=batch.announced))
    if end is None:
        batch.notes.append(Message(NOTE_NO_END, source=source, day=as_date(day)))
    if start is None:
        batch.notes.append(Message(NOTE_NO_START, source=source, day=as_date(day)))
    elif length > 1:
        batch.notes.append(Message(NOTE_SPREAD, days=length, start=as_date(start), end=as_date(day)))
    return batch, None


def _of_other_people(
    rules: Rules, reports: PublishedReleases, rows: list[int], read: tuple[Measure, ...]
) -> set[int]:
    """Announced rows of an event that say to count other people than every monitor of the event."""
    event = reports.event[rows[0]]
    seen = [
        read[row]
        for row, role in enumerate(reports.role)
        if event and reports.event[row] == event and role in rules.roles
    ]
    return {row for row in rows if seen and all(same_people(read[row], one) == "different" for one in seen)}


def _figures(reports: PublishedReleases, rows: list[int]) -> list[Message]:
    """Announced figures in words, each once, in the order of their days."""
    found = sorted({(str(reports.published[k]), reports.source[k], int(reports.count[k])) for k in rows})
    return [Message(FIGURE, count=n, source=name, day=as_date(day)) for day, name, n in found]


def _running_total(reports: PublishedReleases, rows: list[int]) -> tuple[int, int] | None:
    """First and last figure of a total that rose while its last day moved on, or None."""
    order = sorted(
        rows, key=lambda row: (reports.published[row], last_day(reports, row), int(reports.count[row]))
    )
    last = order[-1]
    for row in order[:-1]:
        if reports.count[row] < reports.count[last] and last_day(reports, row) < last_day(reports, last):
            return int(reports.count[order[0]]), int(reports.count[last])
    return None


def _or(value: int | None, other: int) -> int:
    """The value, or another where there is none."""
    return other if value is None else value
