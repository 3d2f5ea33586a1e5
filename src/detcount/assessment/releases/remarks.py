"""Sentences about contradictions, totals as they grow, the audit, and what has no answer."""

from __future__ import annotations

from detcount.assessment.level import LEVEL
from detcount.assessment.releases.content import (
    AuditRow,
    ComparedRow,
    ConflictRow,
    FanContent,
    ReleasesContent,
    SilentRow,
)
from detcount.assessment.releases.counts import CountRow
from detcount.assessment.releases.messages import tell, times
from detcount.assessment.releases.phrases import count_words, event_words, signed_span, span, window_words
from detcount.published.conflicts import CONFLICT_KINDS
from detcount.reports.numbers import percent, persons
from detcount.words import Message, Sentence

__all__ = [
    "audit_sentence",
    "conflict_counts",
    "conflict_sentence",
    "fan_alternative",
    "fan_sentence",
    "measures_sentence",
    "note_sentence",
    "silent_sentence",
]


def measures_sentence(counts: tuple[CountRow, ...]) -> Message:
    """What was counted, where it is not always the same."""
    by_measure: dict[str, list[str]] = {}
    for row in counts:
        if row.measure:
            by_measure.setdefault(row.measure, []).append(row.source)
    usual = max(by_measure, key=lambda measure: len(by_measure[measure]))
    others = [
        Message("{measure} ({sources:and})", measure=measure, sources=list(dict.fromkeys(sources)))
        for measure, sources in by_measure.items()
        if measure != usual
    ]
    return tell("counted", usual=usual, others=others)


def conflict_counts(content: ReleasesContent) -> list[Message]:
    """Say how many pairs contradict each other, and apart from them what was corrected or raised."""
    n = {kind: sum(row.kind == kind for row in content.conflicts) for kind in CONFLICT_KINDS}
    words = [times("conflict", n["contradiction"])]
    if n["correction"]:
        words.append(times("corrected", n["correction"]))
    if n["update"]:
        words.append(times("updated", n["update"]))
    return words


def conflict_sentence(row: ConflictRow) -> Message:
    """Say which two counts do not stand together, and of what."""
    if not row.first.event:
        return Message("{what}.", what=row.what)
    return Message("{what} ({event}).", what=row.what, event=row.first.event)


def fan_sentence(fan: FanContent) -> Message:
    """Say how a total grew, and what it is expected to be for the same days."""
    first, last = fan.observed[0], fan.observed[-1]
    grown = tell(
        "fan grown",
        source=fan.source,
        first=persons(first.count),
        from_day=first.published,
        last=persons(last.count),
        to_day=last.published,
        event=fan.event,
    )
    return Message.together([grown, *_expected("fan will be", fan)])


def fan_alternative(fan: FanContent) -> Message:
    """Say what is drawn of a total that grows: the curve, the band and the lines."""
    first, last = fan.observed[0], fan.observed[-1]
    curve = tell(
        "alt fan",
        source=fan.source,
        first=persons(first.count),
        from_day=first.published,
        last=persons(last.count),
        to_day=last.published,
    )
    lines = [_line(line.count) for line in fan.announced]
    drawn = tell("alt fan lines", lines=lines) if lines else tell("alt fan no lines")
    return Message.together([curve, *_expected("alt fan expected", fan), drawn])


def _expected(key: str, fan: FanContent) -> list[Message]:
    """What a total is expected to be, in the words of a key; nothing where that is not known."""
    if not fan.expected:
        return []
    last, end = fan.observed[-1], fan.expected[-1]
    lower, _, upper = end.total.printed(LEVEL)
    low, high = fan.raised(lower), fan.raised(upper)
    days = {"end": last.end or last.published, "day": end.day}
    words = [tell(key, level=percent(LEVEL), low=persons(low), high=persons(high), **days)]
    return [*words, tell("fan lowered")] if lower < last.count else words


def _line(row: CountRow) -> Message:
    """An announced total beside a monitor's, in words."""
    number = count_words(row.count, at_least=row.at_least)
    window = window_words(row.start, row.end)
    return Message("{source} {number} ({window})", source=row.source, number=number, window=window)


def audit_sentence(row: AuditRow) -> Message:
    """Say what the audit found, and what was announced for the same days."""
    audit = row.audit
    interval = audit.exits.interval(LEVEL)
    words = [
        tell(
            "audit sentence bounds" if audit.exits.mean is None else "audit sentence",
            source=audit.source,
            start=audit.start,
            end=audit.end,
            held=persons(audit.held_at_start),
            arrests=persons(audit.arrests),
            left=persons(audit.held_at_end),
            exits=persons(audit.implied),
            span=span(interval.low, interval.high),
            level=percent(LEVEL),
        )
    ]
    announced = [line for line in row.compared if line.count.role == "announced"]
    if announced:
        words += [*_against_exits(announced[0]), tell("audit mind", source=audit.source)]
    return Message.together(words)


def _against_exits(line: ComparedRow) -> list[Message]:
    """An announced total beside the exits."""
    number: str = persons(line.count.count)
    named = {"who": line.count.source, "window": window_words(line.count.start, line.count.end)}
    if line.excess is None:
        return [tell("audit other days", number=number, **named)]
    if line.excess <= 0:
        return [tell("audit announced less", number=number, **named)]
    return [
        tell(
            "audit announced more",
            number=tell("at least", number=number) if line.count.at_least else number,
            more=persons(line.excess),
            span=signed_span(line.low, line.high),
            **named,
        )
    ]


def silent_sentence(row: SilentRow) -> Message:
    """Say which part has no answer, why, and what to do."""
    name = event_words(row.label) if row.label else tell(f"part of report {row.part}")
    return Message("{name}: {reason}. {advice}", name=name, reason=row.reason, advice=row.advice)


def note_sentence(note: str) -> str:
    """A note as a sentence; one that begins with a name stays as it is."""
    return note if isinstance(note, Message) and note.template.startswith("{") else Sentence(note)
