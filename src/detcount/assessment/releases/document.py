"""An assessment of releases as a document: its tables, and what stands where, in no language yet.

It is one page from its title to its citation, with the cells of its tables.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from detcount.assessment.common.verdict import LEVEL
from detcount.assessment.releases.facts import RegisterRow, ReleasesFacts, SupposedRow
from detcount.assessment.releases.figure import draw_events
from detcount.assessment.releases.opening import opening_of_releases
from detcount.assessment.releases.sentences import (
    count_words,
    days_words,
    difference_sentence,
    event_sentence,
    for_window,
    known_as,
    needs_days,
    number_words,
)
from detcount.contract.citation import cite
from detcount.data.published.conflicts import CONFLICT_KINDS, conflicts
from detcount.data.published.counts import MATCH_DAYS, PublishedCount, Standing, differences
from detcount.data.published.events import Event, PartCounts
from detcount.estimates import versions
from detcount.reports.blocks import (
    Block,
    Bullets,
    Details,
    Document,
    FigureSlot,
    Heading,
    Paragraph,
    Quote,
    Table,
    citation_part,
    provenance_part,
    software_rows,
)
from detcount.reports.numbers import level_words, percent, persons
from detcount.words import N_, Message, Sentence

_DAYS, _ANNOUNCED = Message("Days"), Message("Announced")
_FOLD_COUNTS = Message("Every count of the file")
_ROLES: dict[str, Message] = {
    "announced": Message("announced"),
    "verified": Message("verified"),
    "reported": Message("reported"),
}
_MARKS = {
    "review": Message("reviews of custody"),
    "house arrest": Message("house arrest"),
    "doubted": Message("doubted by its note"),
    "by": Message("published by that day"),
    "difference": Message("difference of two totals"),
}
_STANDINGS: dict[Standing, Message] = {
    "stands": Message("stands"),
    "replaced": Message("replaced by another figure"),
    "earlier": Message("in a total that runs on"),
    "part": Message("of a part of the days"),
    "other days": Message("of other days"),
    "other people": Message("of other people"),
    "partial": Message("of a part alone"),
}
_CELL_BOUNDS = N_("{low}–{high}")
_TITLE = Message("Announced and verified releases: what the counts say")


def register_sentences(row: RegisterRow) -> Message:
    """Say how many left by the register's own totals, and that what was announced is of other days."""
    audit = row.audit
    numbers = {
        "first": audit.held_at_start,
        "arrests": audit.arrests,
        "last": audit.held_at_end,
        "exits": audit.implied,
    }
    stated = [
        Message(
            "By its own totals {who} had {first} people in its register on {start}, added {arrests} arrests, "
            "and had {last} on {end}: {first} + {arrests} − {last} = {exits} left the register between the "
            "two days.",
            who=audit.source,
            start=audit.start,
            end=audit.end,
            **{name: persons(number) for name, number in numbers.items()},
        )
    ]
    if row.announced:
        items = [
            Message(
                "{number} {window} ({who})",
                number=number_words(each),
                window=for_window(each.start, each.end),
                who=each.source,
            )
            for each in row.announced
        ]
        stated.append(
            Message(
                "Announced were {items:and}: of other days, and nothing is taken from either.", items=items
            )
        )
    return Message.together(stated)


def register_unknown(row: RegisterRow) -> list[Message]:
    """Say what the totals leave open: deaths, late entries, and whom the register never named."""
    audit = row.audit
    stated = [
        Message(
            "With deaths and late entries that no bulletin prints the exits are at least {low}; how many "
            "more these bulletins do not bound.",
            low=persons(audit.exits.bounds[0]),
        )
    ]
    if audit.as_seen is not None:
        low, high = map(persons, audit.as_seen.bounds)
        stated.append(
            Message(
                "If its total of arrests lacked no more than {lacked} entries on either day, the most that "
                "it was seen to lack, they are {low} to {high}.",
                lacked=persons(audit.lacked),
                low=low,
                high=high,
            )
        )
    return [
        Message.together(stated),
        Message(
            "People whom this register never named are in none of its totals, so that a difference is no "
            "proof that a release did not happen."
        ),
    ]


@dataclass(frozen=True)
class Tuning:
    """Sizes of cells.

    Parameters
    ----------
    counts : int, counts
        Counts in one cell. Convention: three.
    """

    counts: int = 3


TUNING = Tuning()


def events_table(events: Iterable[Event]) -> Table:
    """Say of each event who announced, verified and reported how many, and what that leaves."""
    return Table(
        (_DAYS, _ANNOUNCED, Message("Verified"), Message("Reported"), Message("Least to most")),
        tuple(_cells(event) for event in events),
        "lllll",
        caption=Message("Announced, verified and reported"),
    )


def counts_table(events: Iterable[Event]) -> Table:
    """Say of each published count of which event it is, who gave it, of which days, and how it stands."""
    heads = (
        Message("Event"),
        Message("Published"),
        Message("Source"),
        Message("Kind"),
        _DAYS,
        Message("Persons"),
        Message("How it stands"),
        Message("Marks"),
    )
    rows = tuple(
        (
            days_words(event.head.start, event.head.end if event.announced else event.head.last),
            Message("{day:short year}", day=each.published),
            each.source,
            _ROLES[each.role],
            days_words(each.start, each.end),
            count_words(each.count, at_least=each.at_least),
            _STANDINGS[each.standing],
            Message("{marks:,}", marks=[_MARKS[mark] for mark in marks_of(each)]),
        )
        for event in events
        for each in event.counts
    )
    return Table(heads, rows, "lllllrll", caption=_FOLD_COUNTS)


def supposed_table(rows: Sequence[SupposedRow]) -> Table:
    """Say how many were completed, in a column for each share that may be supposed."""
    shares = sorted({row.share for row in rows})
    lines: dict[tuple[Event, str], dict[float, SupposedRow]] = {}
    for row in rows:
        lines.setdefault((row.event, row.source), {})[row.share] = row
    heads = (_DAYS, _ANNOUNCED, Message("Monitor"))
    return Table(
        (*heads, *(Message("If {share} is found", share=percent(share)) for share in shares)),
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
        caption=Message(
            "The reader chooses the share; no count says which one holds. What was completed lies inside the "
            "announcement, and not below the verified. Limits at {level}, rounded outward. How long "
            "verification takes is by a stated prior; announcements in Venezuela, 2017 to 2026, were among "
            "those it was set with.",
            level=level_words(LEVEL),
        ),
    )


def marks_of(each: PublishedCount) -> tuple[str, ...]:
    """Give what has to be known of a count beside its number, as codes."""
    marks = {
        each.measure.what: not each.measure.release,
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
    return Message(_CELL_BOUNDS, low=persons(low), high=persons(high))


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
    stated = event.announced[:1]
    cells = [
        _of_own_days(each, each.last) if stated and needs_days(each, stated[0]) else _cell(each)
        for each in sorted(event.verified, key=lambda each: (-each.count, each.order))
    ]
    cells += [_of_own_days(each, each.last) for each in event.other_days]
    cells += [
        Message(
            "{number} in counts of {covered} of {days} days ({who})",
            number=_range(part),
            covered=part.covered,
            days=persons(part.days),
            who=known_as(part.source),
        )
        for part in dict.fromkeys((*event.parts[:1], *most))
    ]
    return cells + [
        Message("{cell}, of a part alone", cell=_cell(each))
        for each in event.partial
        if each.role == "verified"
    ]


def _range(part: PartCounts) -> Message:
    """Write the sum of counts of parts: a number, the least, or two limits where they share days."""
    if part.most is not None and part.most > part.total:
        return Message(_CELL_BOUNDS, low=persons(part.total), high=persons(part.most))
    return count_words(part.total, at_least=part.at_least)


def _announced(each: PublishedCount, head: PublishedCount) -> Message:
    """One announcement, with its days where they are not those of the row."""
    same = (each.start, each.end) == (head.start, head.end)
    return _cell(each) if same else _of_own_days(each, each.end)


def _of_own_days(each: PublishedCount, end: dt.date | None) -> Message:
    """One count with its own days."""
    return Message("{cell}, {window}", cell=_cell(each), window=days_words(each.start, end))


def _listed(cells: Iterable[Message]) -> str:
    """Counts in one cell, the first of them; how many more there are."""
    found = list(cells)
    if not found:
        return "–"
    shown = Message("{cells:;}", cells=found[: TUNING.counts])
    return (
        Message("{cells}; {n} more", cells=shown, n=len(found) - TUNING.counts)
        if len(found) > TUNING.counts
        else shown
    )


def _cell(each: PublishedCount) -> Message:
    """One count, who gave it, and on or by which day."""
    values: dict[str, Any] = {"number": _number(each), "who": known_as(each.source), "day": each.published}
    if each.dated and each.role == "announced":
        cell = Message("{number} ({who}, {day:short year})", **values)
    else:
        cell = Message("{number} ({who}, by {day:short year})", **values)
    return Message("{cell}, doubted by a note", cell=cell) if each.doubted else cell


def _number(each: PublishedCount) -> Message:
    """A number in a cell, with what it counts where that is no release."""
    number = count_words(each.count, at_least=each.at_least)
    if each.measure.release:
        return number
    if each.measure.what == "review":
        return Message("{number} reviews", number=number)
    return Message("{number} to house arrest", number=number)


def _bounds(event: Event) -> str:
    """The least and the most, if those verified are of this announcement."""
    if event.announced and (event.definitions == "different" and event.verified):
        return Message("not compared")
    bounds = event.bounds
    if bounds is None:
        return "–"
    low, high = bounds
    if high is not None and not low and not event.parts:
        return Message(_CELL_BOUNDS, low=persons(low), high=persons(high))
    if high is None or not event.whole:
        return Message("≥{low}, or ≥0", low=persons(low))
    if low == high:
        return Message("{high}, or 0–{high}", high=persons(high))
    return Message("{low}–{high}, or 0–{high}", low=persons(low), high=persons(high))


_NOT_IN_TERMINAL = ("provenance", "citation")


def releases_document(assessment: ReleasesFacts) -> Document:
    """Write an assessment of releases: what the counts say first, and how it is made last."""
    return Document(
        _TITLE,
        (
            *opening_of_releases(assessment, _picture(assessment)),
            *_events(assessment),
            *_read(assessment),
            *_folds(assessment),
            *_register(assessment),
            *provenance_part(_provenance(assessment)),
            *citation_part(cite()),
        ),
        not_in_terminal=_NOT_IN_TERMINAL,
        folded=dict.fromkeys(("register", "provenance", "citation"), ""),
    )


def _register(assessment: ReleasesFacts) -> list[Block]:
    """Who left the register by its own totals."""
    row = assessment.register
    if row is None:
        return []
    return [
        Heading(Message("Who left a register, by its own totals"), 2, "register"),
        Quote(register_sentences(row)),
        Details(Message("What is not known of the register"), (Bullets(tuple(register_unknown(row))),)),
    ]


def _events(assessment: ReleasesFacts) -> list[Block]:
    """The latest events as one table."""
    shown = assessment.shown
    older = len(assessment.events) - len(shown)
    notes = (
        [
            Message(
                "Least to most of those announced: first if those verified are of this announcement, then if "
                "that is not known."
            ),
            Message("Where only some days were counted, nothing is said of the others."),
        ]
        if any(event.announced for event in shown)
        else []
    )
    if older:
        notes.append(
            Message.counted(
                "1 older event is not in this table.", "{n:,} older events are not in this table.", n=older
            )
        )
    return [
        Heading(Message("As of {day}", day=assessment.as_of), 2, "announcements"),
        events_table(shown),
        *([Paragraph(Message.together(notes))] if notes else []),
    ]


def _picture(assessment: ReleasesFacts) -> FigureSlot:
    """The latest events as bars."""
    return FigureSlot(
        "announcements",
        Message("What was announced, verified and reported"),
        Message("A bar for each announcement, filled as far as it was verified."),
        partial(draw_events, events=assessment.shown),
    )


def _read(assessment: ReleasesFacts) -> list[Block]:
    """Data that were read, and what must not be read into them."""
    sources = Message.counted("1 source", "{n} sources", n=len({each.source for each in assessment.counts}))
    reports = assessment.reports
    counts = Message.counted(
        "{n:,} published count by {sources}, {first} to {last}.",
        "{n:,} published counts by {sources}, {first} to {last}.",
        n=len(assessment.counts),
        sources=sources,
        first=reports.first_published,
        last=reports.last_published,
    )
    return [
        Paragraph(
            Message.together(
                [
                    counts,
                    Message(
                        "What is not verified is not false: that a count is missing is no proof that nobody "
                        "was let out."
                    ),
                    *map(Sentence, assessment.remarks),
                ]
            )
        )
    ]


def _folds(assessment: ReleasesFacts) -> list[Block]:
    """Fold away the evidence behind the first lines."""
    events = dict.fromkeys((*assessment.headed, *assessment.events))
    sentences = tuple(event_sentence(event, assessment.as_of) for event in events)
    folds = [Details(Message("Every announcement and count, a sentence each"), (Bullets(sentences),))]
    implied = differences(each for each in assessment.counts if each.role != "announced")
    if implied:
        items = tuple(map(difference_sentence, implied))
        folds.append(Details(Message("What two totals of one source, of one day, leave"), (Bullets(items),)))
    apart = _conflicts(assessment)
    if apart:
        folds.append(Details(Message("Counts that do not stand together"), (Bullets(apart),)))
    if assessment.supposed:
        table = supposed_table(assessment.supposed)
        papers = Bullets(tuple(each.text() for each in assessment.references))  # of the model behind it alone
        folds.append(
            Details(
                Message("If a monitor finds in the end so much of what happens, then so many were completed"),
                (table, Paragraph(table.caption), papers),
            )
        )
    method = (
        Message(
            "Announced is what a body of the state said; verified, what a monitor confirmed case by case; "
            "reported, what was passed on without that claim."
        ),
        Message(
            "Every count is of one event. What one source announced of the same days, or as a total from one "
            "day on, is one event, in which the latest figure stands; what two announced is one where it "
            "bears one name, or where each is the nearest of the other by days at most {n} apart. A verified "
            "count is set against an announcement of its days, of days at most {n} apart, or of a first day "
            "from which it counts on. A name makes no days equal.",
            n=MATCH_DAYS,
        ),
        Message(
            "Counts of one monitor within the days announced are added where they share no day, whatever "
            "they are named; where they share days, they leave a least and a most. Counts of two monitors "
            "are never added. A count that is of a single announcement counts only the days of that "
            "announcement."
        ),
        Message(
            "A count of a part alone, by its column or its note, is set against nothing. “By” a day says "
            "that the file does not have the day of publication itself."
        ),
    )
    return [
        *folds,
        Details(_FOLD_COUNTS, (counts_table(assessment.events),)),
        Details(Message("How these lines are made"), (Bullets(method),)),
    ]


def _conflicts(assessment: ReleasesFacts) -> tuple[Message, ...]:
    """Counts that do not stand together, contradictions first; a doubt of the file is said."""
    found = conflicts(assessment.reports)
    doubted = {each.row for each in assessment.counts if each.doubted}
    return tuple(
        Message("{what}. The file notes a doubt about one of the two.", what=row.what)
        if doubted & {row.first, row.second}
        else Message("{what}.", what=row.what)
        for kind in CONFLICT_KINDS
        for row in found
        if row.kind == kind
    )


def _provenance(assessment: ReleasesFacts) -> list[tuple[str, str]]:
    """List what reproduces the numbers."""
    methods = ", ".join(map(repr, assessment.models))
    return [
        *([(Message("Specification"), methods)] if methods else []),
        *software_rows(tuple(versions().items()), assessment.seed),
        (Message("SHA-256 of the data"), assessment.reports.digest),
    ]
