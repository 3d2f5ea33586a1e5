"""The sentence of each event, and the phrases that it shares with tables and the figure.

A sentence is made of clauses that depend on each other: which are said is decided here, in order.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from detcount.data.published.counts import MATCH_DAYS, PublishedCount
from detcount.data.published.events import Event, PartCounts
from detcount.reports.numbers import persons
from detcount.words import N_, Capitalised, Message

_AT_LEAST = N_("at least {number}")
_NO_FULL_VERIFIED = Message("this file has no full verified count of these")
_NO_VERIFIED = Message("this file has no verified count of these")
_THINGS = {
    "release": N_("{number} release", "{number} releases"),
    "review": N_("{number} custody review", "{number} custody reviews"),
    "house arrest": N_("{number} move to house arrest", "{number} moves to house arrest"),
}


def for_window(start: dt.date | None, end: dt.date | None) -> Message:
    """Say which days a count covers, after its number."""
    if start is None:
        if end is None:
            return Message("for days that the source did not say")
        return Message("for days up to {day}", day=end)
    if end is None:
        return Message("for days since {first}", first=start)
    if start == end:
        return Message("for {day}", day=start)
    if (start.year, start.month) == (end.year, end.month):
        return Message("for {first} to {last}", first=start.day, last=end)
    if start.year == end.year:
        return Message("for {first:no year} to {last}", first=start, last=end)
    return Message("for {first} to {last}", first=start, last=end)


def days_words(start: dt.date | None, end: dt.date | None) -> Message:
    """Say which days a count covers, by themselves and short."""
    if start is None:
        return Message("Days not said") if end is None else Message("Up to {day:short year}", day=end)
    if end is None:
        return Message("Since {first:short year}", first=start)
    if start == end:
        return Message("{day:short year}", day=start)
    return Message("{first:short year} to {last:short year}", first=start, last=end)


def known_as(name: str) -> str:
    """Give what a source is known as: the word in brackets after its name, where there is one."""
    found = re.fullmatch(r".*\((\S{2,12})\)", name)
    return found.group(1) if found else name


def number_words(each: PublishedCount) -> Message:
    """Write a number of persons, in words where the source said "at least"."""
    number = persons(each.count)
    return Message(_AT_LEAST, number=number) if each.at_least else Message("{number}", number=number)


def count_words(count: int, *, at_least: bool) -> Message:
    """Write a number of persons with a sign where the source said "at least"."""
    return Message("≥{number}" if at_least else "{number}", number=persons(count))


def things(each: PublishedCount) -> Message:
    """Say how many of what was announced: releases, reviews, moves to house arrest."""
    return Message.counted(*_THINGS[each.measure.what], n=each.count, number=number_words(each))


@dataclass(frozen=True)
class Tuning:
    """Thresholds of sentences on releases.

    Parameters
    ----------
    no_later : int, days
        Days since the last figure of an event, beyond which a sentence says that there is none since.
        Convention: two months.
    """

    no_later: int = 60


TUNING = Tuning()

_MOST = 2  # monitors in one sentence


def event_sentence(event: Event, as_of: dt.date) -> Message:
    """Say what was published of one event, and what these counts leave open."""
    stated = _of_announcement(event) if event.announced else _not_announced(event)
    return Message.together([Capitalised(stated), *_after(event, as_of)])


def difference_sentence(each: PublishedCount) -> Message:
    """Say what two totals of one source leave for the days that the wider has before the narrower."""
    part = each.less
    assert part is not None, "a difference has two totals"
    return Message(
        "{who}: {whole} {window}, less {part} {inner}, both published by {day}: {rest} {left}.",
        who=each.source,
        whole=persons(each.count + part.count),
        window=for_window(each.start, part.end or part.published),
        part=persons(part.count),
        inner=for_window(part.start, part.end or part.published),
        day=each.published,
        rest=persons(each.count),
        left=for_window(each.start, each.end),
    )


def shown_verified(event: Event) -> tuple[PublishedCount, ...]:
    """The verified counts that a sentence names: the largest, and the latest of the others, by their days."""
    largest = max(event.verified, key=lambda each: (each.count, each.order), default=None)
    if largest is None:
        return ()
    others = sorted((each for each in event.verified if each is not largest), key=_when)
    return tuple(sorted((largest, *others[-(_MOST - 1) :]), key=_when))


def _when(each: PublishedCount) -> tuple[object, ...]:
    """When a count was published."""
    return each.order


def _latest(counts: Iterable[PublishedCount]) -> list[PublishedCount]:
    """The latest of some counts, as many as a sentence names."""
    return sorted(counts, key=_when)[-_MOST:]


def _of_announcement(event: Event) -> Message:
    """Write the sentence of an announcement."""
    stated = event.announced[0]
    return (
        Message(
            "Of {announced} {window} announced by {who} on {day}, {what}.",
            announced=things(stated),
            who=stated.source,
            day=_day(stated.published, stated.end),
            window=for_window(stated.start, stated.end),
            what=Message.together(_clauses(event, stated), "; "),
        )
        if stated.dated
        else Message(
            "Of {announced} {window} announced by {who} (reported by {day}), {what}.",
            announced=things(stated),
            who=stated.source,
            day=_day(stated.published, stated.end),
            window=for_window(stated.start, stated.end),
            what=Message.together(_clauses(event, stated), "; "),
        )
    )


def _clauses(event: Event, stated: PublishedCount) -> list[Message]:
    """Write the clauses on what was verified, or else reported, and on the rest."""
    verified = shown_verified(event)
    if verified and event.definitions == "different":
        return [_counted(verified, stated.end, releases=True), _why_different(stated, verified[0])]
    parts = event.parts[:1]
    if verified:
        shown = {each.source for each in verified}
        own = [part for part in event.parts if part.source in shown]
        most = max(event.parts, key=lambda part: part.total, default=None)
        besides = [] if most is None or most in own else [most]
        clauses = [_counted(verified, stated.end, stated)]
        clauses += [
            Message(
                "the counts of {who} of parts of these days add up to {number}",
                number=persons(part.total),
                who=known_as(part.source),
            )
            for part in own
        ]
        return [*clauses, *map(_added, besides), *_rest(stated, verified, [*own, *besides])]
    clauses = []
    others = [each for each in event.other_days if each.standing == "other days"]
    named = [each for each in others if _covers(each, stated)] or (others if not parts else [])
    if named:
        clauses.append(
            Message(
                "{number} by {who} {window}, which are other days",
                number=_verified(named[-1].count, number_words(named[-1])),
                who=known_as(named[-1].source),
                window=for_window(named[-1].start, named[-1].last),
            )
        )
    for part in parts:
        just_named = bool(named) and named[-1].source == part.source
        clauses += [_added(part, own=just_named), *_rest(stated, (), parts)]
    if clauses:
        return (
            clauses if parts else [*clauses, Message("this file has no verified count of exactly these days")]
        )
    if stated.measure.what != "release" and event.other_days:
        return [_why_different(stated, event.other_days[-1])]
    if event.reported:
        none = _NO_FULL_VERIFIED if _in_part(event) else _NO_VERIFIED
        return [_counted(_latest(event.reported), stated.end), none]
    return [
        _NO_FULL_VERIFIED
        if _in_part(event)
        else _NO_VERIFIED
        if event.partial
        else Message("this file has neither a verified nor a reported count of these")
    ]


def _added(part: PartCounts, *, own: bool = False) -> Message:
    """Write what a monitor counted of parts of the days; `own` says that it was named just before."""
    who, number = known_as(part.source), persons(part.total)
    if not part.whole:
        words = Message(_AT_LEAST, number=number) if part.at_least else number
        return Message.counted(
            "{verified} by {who} in counts of {covered} of these {days:,} days; of the other day this file "
            "has no full count by it",
            "{verified} by {who} in counts of {covered} of these {days:,} days; of the other {n:,} days this "
            "file has no full count by it",
            n=part.days - part.covered,
            verified=_verified(part.total, words),
            who=who,
            covered=part.covered,
            days=part.days,
        )
    if part.most is not None and part.most > part.total:
        return Message(
            "the counts of {who} share days, and leave between {low} and {high} verified by it",
            low=number,
            high=persons(part.most),
            who=who,
        )
    words = Message(_AT_LEAST, number=number) if part.at_least else Message("{number}", number=number)
    return (
        Message("its counts of exactly these days add up to {number}", number=words)
        if own
        else Message("the counts of {who} of exactly these days add up to {number}", number=words, who=who)
    )


def _in_part(event: Event) -> bool:
    """Check whether a monitor counted a part alone, so that it is not true that none counted any."""
    return any(each.role == "verified" for each in event.partial)


def _covers(each: PublishedCount, stated: PublishedCount) -> bool:
    """Check whether a count of other days holds those announced, but for two at each end."""
    if each.start is None or stated.start is None:
        return False
    slack = dt.timedelta(days=MATCH_DAYS)
    return each.start <= stated.start + slack and each.last >= stated.last - slack


def _why_different(stated: PublishedCount, other: PublishedCount) -> Message:
    """Say why two counts are of different people."""
    counted = stated.measure.what, other.measure.what
    if "house arrest" in counted:
        return Message("house arrest is no release, and neither number is taken from the other")
    if "review" in counted:
        return Message("reviews are no releases, and neither number is taken from the other")
    return Message(
        "one counts all prisoners, the other political prisoners, and neither number is taken from the other"
    )


def needs_days(each: PublishedCount, stated: PublishedCount) -> bool:
    """Check whether the days of a count are said beside those announced.

    Of one that begins with the announcement, by its name or as releases were to come, the day by which it was
    known tells the last.
    """
    if each.start is each.end is None or each.same_window(stated):
        return False
    if each.start is None or stated.start is None:
        return True
    later = (each.start - stated.start).days
    begins = later == 0 or (stated.end is None and 0 < later <= MATCH_DAYS)
    named = bool(each.event) or stated.end is None
    known = named and (each.published - each.last).days <= MATCH_DAYS
    return not (begins and (known or each.same_days(stated)))


def _counted(
    shown: Sequence[PublishedCount],
    near: dt.date | None,
    stated: PublishedCount | None = None,
    *,
    releases: bool = False,
) -> Message:
    """Who verified or reported how many, and by when; those who reported one number on one day together."""
    first, *others = shown
    number, day = things(first) if releases else number_words(first), _day(first.published, near)
    if first.role == "reported" and others and all(_same_report(first, each) for each in others):
        return Message(
            "{number} were reported by each of {who:and} by {day}",
            number=number,
            who=[known_as(each.source) for each in shown],
            day=day,
        )
    values: dict[str, Any] = {"number": number, "who": known_as(first.source), "day": day}
    if first.role == "reported":
        counted = Message.counted(
            "{number} was reported by {who} by {day}",
            "{number} were reported by {who} by {day}",
            n=first.count,
            **values,
        )
    elif first.count == 0:
        counted = Message("none was verified by {who} by {day}", **values)
    else:
        counted = Message.counted(
            "{number} was verified by {who} by {day}",
            "{number} were verified by {who} by {day}",
            n=first.count,
            **values,
        )
    clauses = [counted]
    clauses += [
        Message(
            "{number} by {who} by {day}",
            number=number_words(each),
            who=known_as(each.source),
            day=_day(each.published, near),
        )
        for each in others
    ]
    for place, each in enumerate(shown):
        if stated is not None and needs_days(each, stated):
            window = for_window(each.start, each.last)
            clauses[place] = Message("{counted}, counted {window}", counted=clauses[place], window=window)
    return Message("{clauses}", clauses=clauses)


def _same_report(one: PublishedCount, other: PublishedCount) -> bool:
    """Check whether two sources gave one number on one day."""
    return (one.count, one.at_least, one.published) == (other.count, other.at_least, other.published)


def _verified(n: int, number: str) -> Message:
    """So many were verified, in the number of the verb."""
    return Message.counted("{number} was verified", "{number} were verified", n=n, number=number)


def _rest(
    stated: PublishedCount, shown: Sequence[PublishedCount], parts: Sequence[PartCounts]
) -> list[Message]:
    """Write how many of those announced each monitor did not verify, and how many none of them."""
    limits = {part.source: (part.total, part.most) for part in parts}
    for each in sorted(shown, key=lambda each: -each.count):
        known = each.count, None if each.at_least else each.count
        # whom it counts may be a part
        if each.source not in limits and (stated.measure.who, each.measure.who) != ("all", "unknown"):
            limits[each.source] = known
    most = max([each.count for each in shown] + [part.total for part in parts])
    if most > stated.count:
        return (
            []
            if stated.at_least
            else [Message("more than was announced, so that the two may count different people")]
        )
    counted = {each.source for each in shown} | {part.source for part in parts if part.whole}
    left = [_left(stated, *known, known_as(source)) for source, known in limits.items() if source in counted]
    named = [each for each in left if each is not None]
    found = [Message("{left:,}", left=named)] if named else []
    exact = not parts and not any(each.at_least for each in (stated, *shown))
    if len(shown) == 2 and most < stated.count and exact:
        low = max(0, stated.count - sum(each.count for each in shown))
        found.append(
            Message(
                "by neither {low} to {high}, as their names were not compared",
                low=persons(low),
                high=persons(stated.count - most),
            )
        )
    return found


def _left(stated: PublishedCount, low: int, high: int | None, who: str) -> Message | None:
    """Write how many of those announced a monitor with `low` to `high` did not verify; None if unknown."""
    least = None if high is None else max(stated.count - high, 0)
    most = stated.count - low
    if most <= 0 or (stated.at_least and not least):
        return None
    if stated.at_least:
        return Message("at least {number} not by {who}", number=persons(least or 0), who=who)
    if not least:
        return Message("at most {number} not by {who}", number=persons(most), who=who)
    if least == most:
        return Message("{number} not by {who}", number=persons(most), who=who)
    return Message("{low} to {high} not by {who}", low=persons(least), high=persons(most), who=who)


def _not_announced(event: Event) -> Message:
    """Write the sentence of an event that nobody announced."""
    head = event.head
    window = for_window(head.start, head.last)
    if event.verified:
        same = [each for each in event.verified if each.same_days(head)] or [event.verified[-1]]
        what = _counted(_latest(same), head.last, releases=True)
        if event.undecided:
            return Message(
                "{what} {window}; this file does not say of which announcement these are.",
                what=what,
                window=window,
            )
        return Message(
            "{what} {window}; this file has no announced number of these days.", what=what, window=window
        )
    if event.reported:
        what = _counted(_latest(event.reported), head.last, releases=True)
        if _in_part(event):
            return Message(
                "{what} {window}; this file has no announced number and no full verified count of these.",
                what=what,
                window=window,
            )
        return Message(
            "{what} {window}; this file has no announced number and no verified count of these.",
            what=what,
            window=window,
        )
    who = list(dict.fromkeys(known_as(each.source) for each in event.partial))
    return Message("This file has a count of a part alone {window}, by {who:and}.", window=window, who=who)


def _after(event: Event, as_of: dt.date) -> list[Message]:
    """Write the sentences after the first: what is not known, doubts, and that nothing came later."""
    found = []
    bounds = event.bounds
    parted = event.parts and not event.whole
    if bounds is not None and bounds[0] != bounds[1] and not parted:
        found.append(Message("What became of these the counts do not say."))
    if event.announced and event.undecided:
        found.append(Message("A count of these days that may be of another announcement is not among these."))
    unknown = [
        each.source
        for each in (*event.announced[:1], *shown_verified(event)[:1])
        if each.measure.who == "unknown"
    ]
    if event.announced and event.verified and len(unknown) == 1:  # of whom neither side says, the page does
        found.append(
            Message(
                "{who} does not say whether it counts all prisoners or political prisoners alone.",
                who=known_as(unknown[0]),
            )
        )
    named = [*event.announced[:1], *shown_verified(event)]
    if not event.verified:
        named += _latest(event.reported)
    doubted = list(dict.fromkeys(known_as(each.source) for each in named if each.doubted))
    if doubted:
        found.append(Message("The file notes a doubt about the figure of {who:and}.", who=doubted))
    counted = [*event.verified, *event.other_days, *event.reported]
    counted += [each for part in event.parts for each in part.counts]
    last = max((each.published for each in (*counted, *event.announced)), default=as_of)
    if counted and event.announced and (as_of - last).days > TUNING.no_later:
        found.append(Message("This file has no later figure of these."))
    return found


def _day(day: dt.date, near: dt.date | None) -> Message:
    """Say a day; without its year where a day of the same year stands beside it."""
    return Message("{day:no year}" if near and day.year == near.year else "{day}", day=day)
