"""An assessment of releases as a document: its tables, and what stands where, in no language yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import partial

from detcount.assessment.common.verdict import LEVEL
from detcount.assessment.releases.facts import RegisterRow, ReleasesFacts, SupposedRow
from detcount.assessment.releases.figure import draw_events
from detcount.assessment.releases.sentences import (
    count_words,
    days_words,
    difference_sentence,
    event_sentence,
    for_window,
    known_as,
    message,
    needs_days,
    number_words,
)
from detcount.contract.citation import cite
from detcount.contract.definition import NOT_DEFINED
from detcount.data.published.conflicts import CONFLICT_KINDS, conflicts
from detcount.data.published.counts import MATCH_DAYS, PublishedCount, differences
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
from detcount.words import Message, Sentence


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
        message(
            "register sentence",
            who=audit.source,
            start=audit.start,
            end=audit.end,
            **{name: persons(number) for name, number in numbers.items()},
        )
    ]
    if row.announced:
        items = [
            message(
                "register item",
                number=number_words(each),
                window=for_window(each.start, each.end),
                who=each.source,
            )
            for each in row.announced
        ]
        stated.append(message("register announced", items=items))
    return Message.together(stated)


def register_unknown(row: RegisterRow) -> list[Message]:
    """Say what the totals leave open: deaths, late entries, and whom the register never named."""
    audit = row.audit
    stated = [message("register bounds", low=persons(audit.exits.bounds[0]))]
    if audit.as_seen is not None:
        low, high = map(persons, audit.as_seen.bounds)
        stated.append(message("register as seen", lacked=persons(audit.lacked), low=low, high=high))
    return [Message.together(stated), message("register no names")]


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


def counts_table(events: Iterable[Event]) -> Table:
    """Say of each published count of which event it is, who gave it, of which days, and how it stands."""
    columns = ("event", "published", "source", "role", "days", "count", "standing", "marks")
    rows = tuple(
        (
            days_words(event.head.start, event.head.end if event.announced else event.head.last),
            Message("{day:short year}", day=each.published),
            each.source,
            message(f"role {each.role}"),
            days_words(each.start, each.end),
            count_words(each.count, at_least=each.at_least),
            message(f"standing {each.standing}"),
            Message("{marks:,}", marks=[message(f"mark {mark}") for mark in marks_of(each)]),
        )
        for event in events
        for each in event.counts
    )
    return Table(
        tuple(message(f"column {name}") for name in columns), rows, "lllllrll", caption=message("fold counts")
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
    stated = event.announced[:1]
    cells = [
        _of_own_days(each, each.last) if stated and needs_days(each, stated[0]) else _cell(each)
        for each in sorted(event.verified, key=lambda each: (-each.count, each.order))
    ]
    cells += [_of_own_days(each, each.last) for each in event.other_days]
    cells += [
        message(
            "cell in parts",
            number=_range(part),
            covered=part.covered,
            days=persons(part.days),
            who=known_as(part.source),
        )
        for part in dict.fromkeys((*event.parts[:1], *most))
    ]
    return cells + [
        message("cell partial", cell=_cell(each)) for each in event.partial if each.role == "verified"
    ]


def _range(part: PartCounts) -> Message:
    """What counts of parts add up to: a number, the least, or two limits where they share days."""
    if part.most is not None and part.most > part.total:
        return message("cell bounds", low=persons(part.total), high=persons(part.most))
    return count_words(part.total, at_least=part.at_least)


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
    if high is not None and not low and not event.parts:
        return message("cell bounds", low=persons(low), high=persons(high))
    if high is None or not event.whole:
        return message("cell from", low=persons(low))
    key = "cell all" if low == high else "cell both"
    return message(key, low=persons(low), high=persons(high))


_NOT_IN_TERMINAL = ("provenance", "citation")


def releases_document(assessment: ReleasesFacts) -> Document:
    """Write an assessment of releases: what the counts say first, and how it is made last."""
    return Document(
        message("title"),
        (
            Heading(message("title"), 1, "title"),
            *(Quote(event_sentence(event, assessment.as_of)) for event in assessment.headed),
            *_register(assessment),
            *_events(assessment),
            *_read(assessment),
            *_folds(assessment),
            *provenance_part(_provenance(assessment)),
            *citation_part(cite()),
        ),
        not_in_terminal=_NOT_IN_TERMINAL,
    )


def _register(assessment: ReleasesFacts) -> list[Block]:
    """Who left the register by its own totals."""
    row = assessment.register
    if row is None:
        return []
    return [
        Quote(register_sentences(row)),
        Details(message("fold register"), (Bullets(tuple(register_unknown(row))),)),
    ]


def _events(assessment: ReleasesFacts) -> list[Block]:
    """The latest events as one table and one figure."""
    shown = assessment.shown
    older = len(assessment.events) - len(shown)
    notes = [message("table note"), message("table part")] if any(event.announced for event in shown) else []
    if older:
        notes.append(message("older events", n=older))
    return [
        Heading(message("as of", day=assessment.as_of), 2, "announcements"),
        events_table(shown),
        *([Paragraph(Message.together(notes))] if notes else []),
        FigureSlot(
            "announcements", message("figure"), message("figure alt"), partial(draw_events, events=shown)
        ),
    ]


def _read(assessment: ReleasesFacts) -> list[Block]:
    """Who is counted, what was read, and what must not be read into it."""
    sources = message("sources", n=len({each.source for each in assessment.counts}))
    reports = assessment.reports
    days = {"first": reports.first_published, "last": reports.last_published}
    counts = message("counts", n=len(assessment.counts), sources=sources, **days)
    definition = reports.definition
    who = NOT_DEFINED if definition is None else definition.sentence()
    return [
        Paragraph(
            Message.together([who, counts, message("no accusation"), *map(Sentence, assessment.remarks)])
        )
    ]


def _folds(assessment: ReleasesFacts) -> list[Block]:
    """What stands behind the first lines, for who asks."""
    folds = []
    others = [event for event in assessment.events if event not in assessment.headed]
    if others:
        sentences = tuple(event_sentence(event, assessment.as_of) for event in others)
        folds.append(Details(message("fold sentences"), (Bullets(sentences),)))
    implied = differences(each for each in assessment.counts if each.role != "announced")
    if implied:
        items = tuple(map(difference_sentence, implied))
        folds.append(Details(message("fold differences"), (Bullets(items),)))
    apart = _conflicts(assessment)
    if apart:
        folds.append(Details(message("fold conflicts"), (Bullets(apart),)))
    if assessment.supposed:
        table = supposed_table(assessment.supposed)
        papers = Bullets(tuple(each.text() for each in assessment.references))  # of the model behind it alone
        folds.append(Details(message("fold supposed"), (table, Paragraph(table.caption), papers)))
    method = tuple(
        message(f"method {key}", **words)
        for key, words in (("role", {}), ("windows", {"n": MATCH_DAYS}), ("parts", {}), ("marks", {}))
    )
    return [
        *folds,
        Details(message("fold counts"), (counts_table(assessment.events),)),
        Details(message("fold method"), (Bullets(method),)),
    ]


def _conflicts(assessment: ReleasesFacts) -> tuple[Message, ...]:
    """Counts that do not stand together, contradictions first; a doubt of the file is said."""
    found = conflicts(assessment.reports)
    doubted = {each.row for each in assessment.counts if each.doubted}
    return tuple(
        message(
            "conflict doubted" if doubted & {row.first, row.second} else "conflict contradiction",
            what=row.what,
        )
        for kind in CONFLICT_KINDS
        for row in found
        if row.kind == kind
    )


def _provenance(assessment: ReleasesFacts) -> list[tuple[str, str]]:
    """What it takes to make the numbers again."""
    methods = ", ".join(map(repr, assessment.models))
    return [
        *([(Message("Specification"), methods)] if methods else []),
        *software_rows(tuple(versions().items()), assessment.seed),
        (Message("SHA-256 of the data"), assessment.reports.digest),
    ]
