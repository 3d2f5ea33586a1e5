"""The answers on announced releases by count, as the first page of a report gives them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from detcount.assessment.releases.facts import ReleasesFacts
from detcount.assessment.releases.sentences import for_window, known_as, number_words, things
from detcount.data.published.events import Event
from detcount.reports.blocks import Answer, Block, FigureSlot, Grade
from detcount.reports.numbers import NOTHING, persons
from detcount.reports.opening import TUNING, JobNumber, opening, shortest, source_words
from detcount.words import N_, Capitalised, Message

_SPLIT = {
    "none": N_("two counts that may be of different people: neither is taken from the other"),
    "unverified": N_("this file has no verified count of these"),
    "other days": N_("its verified counts are of other days than those announced"),
    "reported": N_("this file has no verified count of these; reported were {items:,}"),
    "part": N_("some of the days alone were counted: nothing is said of the others"),
    "bounds": N_(
        "the least and the most, if those verified are of this announcement; if that is not known, 0 to "
        "{high}"
    ),
}


def apart_events(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Events of days that no other one of them has, the last first: announcements, and no totals of them.

    Of an event whose first day nobody said it is not known whom it counts: it stands where no other does.
    """
    announced = [event for event in events if event.announced or event.reported] or list(events)
    dated = {k: first for k, event in enumerate(announced) if (first := _first_day(event)) is not None}
    chosen: list[int] = []
    for k in sorted(dated, key=lambda k: dated[k], reverse=True):
        if not chosen or announced[k].head.last < dated[chosen[-1]]:
            chosen.append(k)
    return tuple(announced[k] for k in chosen[: TUNING.events]) or tuple(announced[:1])


def _first_day(event: Event) -> dt.date | None:
    """The first day that anybody says an event is of."""
    return min((each.start for each in event.counts if each.start is not None), default=None)


def number_of_event(event: Event) -> JobNumber:
    """One announced number: what one monitor verified of it, and what that leaves."""
    stated = event.announced[0]
    question = Message(
        "How many were completed, of {announced} {window} announced by {who}",
        announced=things(stated),
        window=for_window(stated.start, stated.end),
        who=stated.source,
    )
    low, high = event.bounds or (None, None)
    limits = (low, high) if low is not None and high is not None and event.whole else None
    if event.bounds is None:
        code = "none" if event.verified else "reported" if event.reported else "unverified"
    else:
        code = "bounds" if limits else "part" if event.parts or event.verified else "other days"
    items = [Message("{n} ({who})", n=persons(row.count), who=known_as(row.source)) for row in event.reported]
    known: dict[str, Any] = {"bounds": {"high": persons(high or 0)}, "reported": {"items": items}}
    words = Message(_SPLIT[code], **known.get(code, {}))
    return JobNumber("releases", question, code, words, low or None, *(limits or (None, None)))


def announced_events(releases: ReleasesFacts) -> tuple[Event, ...]:
    """Give the announcements of the first page: the last ones, and the largest."""
    announced = [event for event in releases.events if event.announced]
    largest = sorted(announced, key=lambda event: event.announced[0].count)[-1:]
    shown = dict.fromkeys((*apart_events(releases.shown), *largest))
    return tuple(event for event in shown if event.announced)


def answer_of_event(row: JobNumber, event: Event) -> Answer:
    """The answer on those announced, by count."""
    stated = event.announced[0]
    known = {"announced": things(stated), "who": Capitalised(known_as(stated.source))}
    window = for_window(stated.start, stated.end)
    heads = (
        Message("{who} announced {announced} {window}", window=window, **known),
        Message("{who} announced {announced}", **known),
    )
    number: str
    grade: Grade = "fair"
    largest = max(event.verified, key=lambda each: each.count, default=None)
    part = max(event.parts, key=lambda each: each.total, default=None)
    of = Message("of {number} announced", number=number_words(stated))
    if row.low is not None and row.high is not None:
        ends = {"low": persons(row.low), "high": persons(row.high)}
        number = ends["low"] if row.low == row.high else Message("{low} to {high}", **ends)
        rest = Message("if those verified are among them, {n} were completed", n=number)
        limits = of
        verdict = Message("print both ends")
    elif largest is not None:
        counted = {"source": known_as(largest.source), "n": number_words(largest)}
        rest = Message("{source} verified {n}, which may be of other people or days", **counted)
        number, limits = (
            counted["n"],
            Message("verified; {number} were announced", number=number_words(stated)),
        )
        verdict = Message("print both counts")
    elif part is not None:
        days: dict[str, Any] = {"covered": part.covered, "days": persons(part.days)}
        total = persons(part.total)
        total = Message("at least {number}", number=total) if part.at_least else total
        counted = {"source": known_as(part.source), "n": total}
        rest = Message("{source} verified {n} in counts of {covered} of these {days} days", **counted, **days)
        number = Message("≥{number}", number=persons(part.total))
        limits = Message("verified in counts of {covered} of {days} days, {of}", of=of, **days)
        verdict = Message("print both counts")
    else:
        rest = Message("no count in these files verifies any of them")
        if any(each.role == "verified" for each in event.partial):
            rest = Message("these files have no full verified count of them")
        if event.reported:
            most = max(event.reported, key=lambda each: each.count)
            counted = {"source": known_as(most.source), "n": number_words(most)}
            rest = Message("{source} reported {n}, and no count here verifies them all", **counted)
        elif event.other_days:
            rest = Message("the verified counts are of other people or days")
        number, limits = NOTHING, Message("none verified, {of}", of=of)
        verdict, grade = Message("print it as announced"), "poor"
    forms: list[Message] = []
    for head in heads:
        if row.low is not None and row.high is not None:
            long = N_("{head}; {rest}; if that is unknown, 0 to {most}.")
            forms.append(Message(long, head=head, rest=rest, most=persons(row.high)))
        forms.append(Message("{head}; {rest}.", head=head, rest=rest))
    return Answer(row.question, number, limits, shortest(*forms), verdict, grade)


def _of_unannounced(event: Event) -> Answer:
    """The largest count of an event that nobody announced."""
    role = "verified" if event.verified else "reported"
    most = max((*event.verified, *event.reported, *event.partial), key=lambda each: each.count)
    who, number = Capitalised(known_as(most.source)), number_words(most)
    window = for_window(most.start, most.last)
    words = Message("{who} verified {counted} {window}", who=who, counted=things(most), window=window)
    verdict = Message("print it as verified")
    if role == "reported":
        words = Message("{who} reported {counted} {window}", who=who, counted=things(most), window=window)
        verdict = Message("print it as reported")
    forms = N_("{words}; this file has no announced number."), N_("{words}.")
    return Answer(
        Message("How many releases were counted {window}", window=window),
        number,
        Message("by {who}; no announced number in this file", who=known_as(most.source)),
        shortest(*(Message(form, words=words) for form in forms)),
        verdict,
        "fair",
    )


def opening_of_releases(releases: ReleasesFacts, picture: FigureSlot) -> list[Block]:
    """Open the page of releases: the last events, one of them as title."""
    answers = [
        answer_of_event(number_of_event(event), event) if event.announced else _of_unannounced(event)
        for event in releases.headed
    ]
    best = next((each for each in answers if each.grade != "poor"), answers[0])
    sources = sorted({known_as(each.source) for each in releases.counts})
    words = source_words((), sources, days_of_releases(releases), named=False)
    return opening(best.sentence, releases.reports.definition, [words], answers, picture)


def days_of_releases(releases: ReleasesFacts) -> list[dt.date]:
    """Days of which counts are."""
    return [day for each in releases.counts for day in (each.start, each.last) if day is not None]
