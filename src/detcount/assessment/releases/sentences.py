"""The sentence of each event, and the phrases that it shares with tables and the figure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from functools import partial

from detcount.published.counts import MATCH_DAYS, PublishedCount
from detcount.published.events import Event
from detcount.reports.numbers import persons
from detcount.words import Capitalised, Message, Messages

message = Messages("detcount.assessment.releases")


def window_words(how: str, start: dt.date | None, end: dt.date | None) -> Message:
    """Say which days a count covers: "for" follows a number, "days" stands alone and is short."""
    if start is None:
        return message(f"{how} unknown") if end is None else message(f"{how} to", day=end)
    if end is None:
        return message(f"{how} from", first=start)
    if start == end:
        return message(f"{how} day", day=start)
    if how == "for" and (start.year, start.month) == (end.year, end.month):
        return message("for span", first=start.day, last=end)
    key = "for span of one year" if how == "for" and start.year == end.year else f"{how} span"
    return message(key, first=start, last=end)


for_window = partial(window_words, "for")
days_words = partial(window_words, "days")


def known_as(name: str) -> str:
    """Give what a source is known as: the word in brackets after its name, where there is one."""
    found = re.fullmatch(r".*\((\S{2,12})\)", name)
    return found.group(1) if found else name


def number_words(each: PublishedCount) -> Message:
    """Write a number of persons, in words where the source said "at least"."""
    number = persons(each.count)
    return message("at least", number=number) if each.at_least else Message("{number}", number=number)


def count_words(count: int, *, at_least: bool) -> Message:
    """Write a number of persons with a sign where the source said "at least"."""
    return Message("≥{number}" if at_least else "{number}", number=persons(count))


def things(each: PublishedCount) -> Message:
    """Say how many of what was announced: releases, reviews, moves to house arrest."""
    return message(f"{each.measure.what} of a number", n=each.count, number=number_words(each))


_NO_LATER = 60  # days since the last figure of an event after which it is said that there is none since
_MOST = 2  # monitors in one sentence


def event_sentence(event: Event, as_of: dt.date) -> Message:
    """Say what was published of one event, and what these counts leave open."""
    stated = _of_announcement(event) if event.announced else _not_announced(event)
    return Message.together([Capitalised(stated), *_after(event, as_of)])


def difference_sentence(each: PublishedCount) -> Message:
    """Say what two totals of one source leave for the days that the wider has before the narrower."""
    part = each.less
    assert part is not None, "a difference has two totals"
    return message(
        "difference",
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
    largest = max(event.verified, key=lambda each: (each.count, each.row), default=None)
    if largest is None:
        return ()
    others = sorted((each for each in event.verified if each is not largest), key=_when)
    return tuple(sorted((largest, *others[-(_MOST - 1) :]), key=_when))


def _when(each: PublishedCount) -> tuple[dt.date, int]:
    """When a count was published."""
    return each.published, each.row


def _latest(counts: Iterable[PublishedCount]) -> list[PublishedCount]:
    """The latest of some counts, as many as a sentence names."""
    return sorted(counts, key=_when)[-_MOST:]


def _of_announcement(event: Event) -> Message:
    """What became known of an announcement."""
    stated = event.announced[0]
    return message(
        "of announced on" if stated.dated else "of announced by",
        announced=things(stated),
        who=stated.source,
        day=_day(stated.published, stated.end),
        window=for_window(stated.start, stated.end),
        what=Message.together(_clauses(event, stated), "; "),
    )


def _clauses(event: Event, stated: PublishedCount) -> list[Message]:
    """What was verified, or else reported, and what that leaves."""
    verified = shown_verified(event)
    if verified and event.definitions == "different":
        return [_counted(verified, stated.end, releases=True), message(_why_different(stated, verified[0]))]
    if verified:
        return [_counted(verified, stated.end), *_rest(stated, verified)]
    clauses = []
    covering = [each for each in event.other_days if _covers(each, stated)]
    part = event.parts[0] if event.parts else None
    if covering:
        clauses.append(
            message(
                "other days",
                number=_verified(covering[-1].count, number_words(covering[-1])),
                who=known_as(covering[-1].source),
                window=for_window(covering[-1].start, covering[-1].last),
            )
        )
    if part is not None and part.whole:
        at_least = any(each.at_least for each in part.counts)
        number = persons(part.total)
        words = message("at least", number=number) if at_least else Message("{number}", number=number)
        own = covering and covering[-1].source == part.source
        key = "in parts whole" if own else "in parts whole alone"
        clauses.append(message(key, number=words, who=known_as(part.source)))
        if part.total <= stated.count and not at_least:
            rest = persons(stated.count - part.total)
            clauses.append(
                message(
                    "at least not by" if stated.at_least else "not by", number=rest, who=known_as(part.source)
                )
            )
    elif part is not None:
        clauses.append(
            message(
                "in parts",
                n=part.days - part.covered,
                verified=_verified(part.total, persons(part.total)),
                who=known_as(part.source),
                covered=part.covered,
                days=part.days,
            )
        )
    if clauses:
        return clauses
    if stated.measure.what != "release" and event.other_days:
        return [message(_why_different(stated, event.other_days[-1]))]
    if event.reported:
        none = message("no full verified" if _in_part(event) else "no verified")
        return [_counted(_latest(event.reported), stated.end), none]
    return [
        message("no full verified" if _in_part(event) else "no verified" if event.partial else "no count")
    ]


def _in_part(event: Event) -> bool:
    """Whether a monitor counted a part alone, so that it is not true that none counted any."""
    return any(each.role == "verified" for each in event.partial)


def _covers(each: PublishedCount, stated: PublishedCount) -> bool:
    """Whether a count of other days holds those announced, but for two at each end."""
    if each.start is None or stated.start is None:
        return False
    slack = dt.timedelta(days=MATCH_DAYS)
    return each.start <= stated.start + slack and each.last >= stated.last - slack


def _why_different(stated: PublishedCount, other: PublishedCount) -> str:
    """Why two counts are of different people, as a key."""
    for what in ("house arrest", "review"):
        if what in (stated.measure.what, other.measure.what):
            return "reviews" if what == "review" else what
    return "other people"


def _counted(shown: Sequence[PublishedCount], near: dt.date | None, *, releases: bool = False) -> Message:
    """Who verified or reported how many, and by when; those who reported one number on one day together."""
    first, *others = shown
    number, day = things(first) if releases else number_words(first), _day(first.published, near)
    if first.role == "reported" and others and all(_same_report(first, each) for each in others):
        return message(
            "reported by each", number=number, who=[known_as(each.source) for each in shown], day=day
        )
    none = "none verified" if first.role == "verified" and first.count == 0 else f"was {first.role}"
    clauses = [message(none, n=first.count, number=number, who=known_as(first.source), day=day)]
    clauses += [
        message(
            "verified too",
            number=number_words(each),
            who=known_as(each.source),
            day=_day(each.published, near),
        )
        for each in others
    ]
    return Message("{clauses}", clauses=clauses)


def _same_report(one: PublishedCount, other: PublishedCount) -> bool:
    """Whether two sources gave one number on one day."""
    return (one.count, one.at_least, one.published) == (other.count, other.at_least, other.published)


def _verified(n: int, number: str) -> Message:
    """So many were verified, in the number of the verb."""
    return message("so many verified", n=n, number=number)


def _rest(stated: PublishedCount, shown: Sequence[PublishedCount]) -> list[Message]:
    """How many of those announced each monitor did not verify, and how many none of them."""
    most = max(each.count for each in shown)
    if most > stated.count:
        return [] if stated.at_least else [message("more than announced")]
    left = []
    for each in sorted(shown, key=lambda each: -each.count):
        if each.at_least and stated.at_least:
            continue
        if (stated.measure.who, each.measure.who) == ("all", "unknown"):  # whom it counts may be a part
            continue
        key = "at most not by" if each.at_least else "at least not by" if stated.at_least else "not by"
        if each.count < stated.count:
            left.append(message(key, number=persons(stated.count - each.count), who=known_as(each.source)))
    found = [Message("{left:,}", left=left)] if left else []
    if len(shown) == 2 and most < stated.count and not any(each.at_least for each in (stated, *shown)):
        low = max(0, stated.count - sum(each.count for each in shown))
        found.append(message("by neither", low=persons(low), high=persons(stated.count - most)))
    return found


def _not_announced(event: Event) -> Message:
    """What was counted of an event that nobody announced."""
    head = event.head
    window = for_window(head.start, head.last)
    if event.verified:
        same = [each for each in event.verified if each.same_days(head)] or [event.verified[-1]]
        return message(
            "not announced verified", what=_counted(_latest(same), head.last, releases=True), window=window
        )
    if event.reported:
        key = "not announced partial" if _in_part(event) else "not announced reported"
        return message(key, what=_counted(_latest(event.reported), head.last, releases=True), window=window)
    who = list(dict.fromkeys(known_as(each.source) for each in event.partial))
    return message("partial alone", window=window, who=who)


def _after(event: Event, as_of: dt.date) -> list[Message]:
    """What has to be said after the sentence: what is not known, doubts, and that nothing came later."""
    found = []
    bounds = event.bounds
    parted = not event.verified and not (event.parts and event.parts[0].whole)
    if bounds is not None and bounds[0] != bounds[1] and not parted:
        found.append(message("not said"))
    unknown = [
        each.source
        for each in (*event.announced[:1], *shown_verified(event)[:1])
        if each.measure.who == "unknown"
    ]
    if event.announced and event.verified and len(unknown) == 1:  # of whom neither side says, the page does
        found.append(message("people not said", who=known_as(unknown[0])))
    named = [*event.announced[:1], *shown_verified(event)]
    if not event.verified:
        named += _latest(event.reported)
    doubted = list(dict.fromkeys(known_as(each.source) for each in named if each.doubted))
    if doubted:
        found.append(message("doubted", who=doubted))
    counted = [*event.verified, *event.reported, *(each for part in event.parts for each in part.counts)]
    last = max((each.published for each in (*counted, *event.announced)), default=as_of)
    if counted and event.announced and (as_of - last).days > _NO_LATER:
        found.append(message("no later"))
    return found


def _day(day: dt.date, near: dt.date | None) -> Message:
    """Say a day; without its year where a day of the same year stands beside it."""
    return Message("{day:no year}" if near and day.year == near.year else "{day}", day=day)
