"""Tables about releases: the events, every count, and what follows from a stated share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from detcount.assessment.common.verdict import LEVEL
from detcount.assessment.releases.content import SupposedRow
from detcount.assessment.releases.phrases import count_words, days_words, known_as, message
from detcount.published.counts import PublishedCount
from detcount.published.events import Event
from detcount.reports.blocks import Table
from detcount.reports.numbers import level_words, percent, persons
from detcount.words import Message

_MOST = 3  # counts in one cell


def events_table(events: Iterable[Event]) -> Table:
    """Say of each event who announced, verified and reported how many, and what that leaves."""
    columns = ("days", "announced", "verified", "reported", "bounds")
    return Table(
        tuple(message(f"column {name}") for name in columns),
        tuple(_cells(event) for event in events),
        "lllll",
        caption=message("table"),
    )


def counts_table(counts: Iterable[PublishedCount]) -> Table:
    """Say of each published count who gave it, of which days, and what its row says of it."""
    columns = ("published", "source", "role", "days", "count", "marks")
    rows = tuple(
        (
            Message("{day:short year}", day=each.published),
            each.source,
            message(f"role {each.role}"),
            days_words(each.start, each.end),
            count_words(each.count, at_least=each.at_least),
            Message("{marks:,}", marks=[message(f"mark {mark}") for mark in marks_of(each)]),
        )
        for each in counts
    )
    return Table(
        tuple(message(f"column {name}") for name in columns), rows, "llllrl", caption=message("fold counts")
    )


def supposed_table(rows: Sequence[SupposedRow]) -> Table:
    """Say how many were completed, in a column for each share that may be supposed."""
    shares = sorted({row.share for row in rows})
    lines: dict[tuple[Event, str], dict[float, SupposedRow]] = {}
    for row in rows:
        lines.setdefault((row.event, row.source), {})[row.share] = row
    heads = [message("column days"), message("column announced"), message("supposed monitors")]
    return Table(
        (*heads, *(message("supposed column", share=percent(share)) for share in shares)),
        tuple(
            (
                days_words(event.head.start, event.head.end),
                _number(event.head),
                known_as(source),
                *(_limits(found.get(share)) for share in shares),
            )
            for (event, source), found in lines.items()
        ),
        "lll" + "r" * len(shares),
        caption=message("supposed note", level=level_words(LEVEL)),
    )


def marks_of(each: PublishedCount) -> tuple[str, ...]:
    """What a row says of its count, as codes."""
    marks = {
        each.measure.what.replace("release", ""): not each.measure.release,
        "partial": each.partial,
        "doubted": each.doubted,
        "by": not each.dated,
        "difference": each.less is not None,
    }
    return tuple(mark for mark, holds in marks.items() if holds)


def _limits(row: SupposedRow | None) -> str:
    """Limits of the number completed."""
    if row is None:
        return ""
    low, _, high = row.completed.printed(LEVEL)
    return message("cell bounds", low=persons(low), high=persons(high))


def _cells(event: Event) -> tuple[str, ...]:
    """One event: its days, what each source counted of it, and what that leaves."""
    head = event.head
    return (
        days_words(head.start, head.end if event.announced else head.last),
        _listed(_announced(each, head) for each in event.announced),
        _listed(_verified(event)),
        _listed(_cell(each) for each in sorted(event.reported, key=lambda each: -each.count)),
        _bounds(event),
    )


def _verified(event: Event) -> list[Message]:
    """The verified counts of an event, the largest first; then those of parts of its days and of others."""
    most = sorted(event.parts, key=lambda part: -part.total)[:1]  # beside who counted the most days
    cells = [_cell(each) for each in sorted(event.verified, key=lambda each: (-each.count, each.row))]
    cells += [_of_own_days(each, each.last) for each in (event.other_days if event.announced else ())]
    cells += [
        message(
            "cell in parts",
            number=persons(part.total),
            covered=part.covered,
            days=persons(part.days),
            who=known_as(part.source),
        )
        for part in dict.fromkeys((*event.parts[:1], *most))
    ]
    return cells + [
        message("cell partial", cell=_cell(each)) for each in event.partial if each.role == "verified"
    ]


def _announced(each: PublishedCount, head: PublishedCount) -> Message:
    """One announcement, with its days where they are not those of the row."""
    same = (each.start, each.end) == (head.start, head.end)
    return _cell(each) if same else _of_own_days(each, each.end)


def _of_own_days(each: PublishedCount, end: dt.date | None) -> Message:
    """One count with its own days."""
    return message("cell other days", cell=_cell(each), window=days_words(each.start, end))


def _listed(cells: Iterable[Message]) -> str:
    """Counts in one cell, the first of them; how many more there are."""
    found = list(cells)
    if not found:
        return "–"
    shown = Message("{cells:;}", cells=found[:_MOST])
    return message("cell more", cells=shown, n=len(found) - _MOST) if len(found) > _MOST else shown


def _cell(each: PublishedCount) -> Message:
    """One count, who gave it, and on or by which day."""
    key = "cell on" if each.dated and each.role == "announced" else "cell by"
    cell = message(key, number=_number(each), who=known_as(each.source), day=each.published)
    return message("cell doubted", cell=cell) if each.doubted else cell


def _number(each: PublishedCount) -> Message:
    """A number in a cell, with what it counts where that is no release."""
    number = count_words(each.count, at_least=each.at_least)
    return number if each.measure.release else message(f"cell {each.measure.what}", number=number)


def _bounds(event: Event) -> str:
    """The least and the most, if those verified are of this announcement."""
    if event.announced and (event.definitions == "different" and event.verified):
        return message("cell apart")
    bounds = event.bounds
    if bounds is None:
        return "–"
    low, high = bounds
    if high is None or (not event.verified and not event.parts[0].whole):
        return message("cell from", low=persons(low))
    key = "cell all" if low == high else "cell both"
    return message(key, low=persons(low), high=persons(high))
