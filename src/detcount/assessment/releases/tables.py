"""Tables about releases: announcements, counts, delays, the balance of an audit."""

from __future__ import annotations

import datetime as dt
import math

from detcount.assessment.level import LEVEL
from detcount.assessment.releases.content import ComparedRow, DelayRow, GapRow, InfluenceRow
from detcount.assessment.releases.counts import CountRow
from detcount.assessment.releases.days import days_differ
from detcount.assessment.releases.messages import tell
from detcount.assessment.releases.phrases import (
    count_words,
    days_words,
    known_as,
    share,
    signed,
    signed_span,
    span,
    window_words,
)
from detcount.estimates import GapEstimate, UncertainCount
from detcount.reports.blocks import Table
from detcount.reports.numbers import percent, persons
from detcount.stock import StockFlowAudit
from detcount.words import Message

__all__ = [
    "balance_table",
    "compared_table",
    "counts_table",
    "delay_table",
    "gap_table",
    "influence_table",
    "moves_table",
    "overview_table",
]


_MOST_MOVES = 8  # counts shown with what they do, where few of them move an announcement


def counts_table(rows: tuple[CountRow, ...]) -> Table:
    """Say who counted what: a row a published count."""
    return Table(
        _headings("source", "role", "days", "published", "count"),
        tuple(_count_cells(row) for row in rows),
        "lllrr",
        caption=tell("facts"),
    )


def overview_table(rows: tuple[GapRow, ...], anchors: tuple[str, ...]) -> Table:
    """Say what became of all announcements: a row each, every figure with its day."""
    return Table(
        _headings("days", "announced", "verified", "others", "pending", "carried out", "bounds"),
        tuple(_overview_cells(row) for row in rows),
        "lllllll",
        caption=tell("announcements"),
        details=(3,),
        anchors=anchors,
    )


def gap_table(row: GapRow) -> Table:
    """Say what became of one announced number: a row a quantity."""
    gap = row.gap
    quantities = {
        "pending": gap.pending,
        "eventually verified": gap.eventually_verified,
        "unverifiable": gap.unverifiable,
        "carried out": gap.carried_out,
        "unsubstantiated": gap.unsubstantiated,
    }
    return Table(
        _headings("quantity", "low", "median", "high", "rests on", "bounds"),
        tuple(_quantity_cells(key, count) for key, count in quantities.items()),
        "lrrrlr",
        caption=tell("table of", days=days_words(gap.start, gap.end)),
    )


def influence_table(row: GapRow) -> Table:
    """Say what the number carried out would be without each count that moves it."""
    gap = row.gap
    low, median, high = gap.carried_out.printed(LEVEL)
    whole = (tell("nothing left out"), "", "", persons(low), _middle(median), persons(high))
    return Table(
        _headings("left out", "published", "count", "low", "median", "high"),
        (whole, *(_influence_cells(each) for each in row.influence)),
        "lrrrrr",
        caption=tell("influence"),
        strong=(0,),
    )


def moves_table(rows: tuple[GapRow, ...]) -> Table:
    """Say which counts move an announcement, and what it is with and without them, the most first."""
    left_out = [(row, each) for row in rows for each in row.influence]
    left_out.sort(key=lambda pair: (not pair[1].moves, -pair[1].moved))
    moving = [pair for place, pair in enumerate(left_out) if pair[1].moves or place < _MOST_MOVES]
    return Table(
        _headings(
            "row", "source", "published", "count", "announcement", "with it", "without it", "by chance"
        ),
        tuple(_moving_cells(*pair) for pair in moving),
        "rlrrlrrr",
        caption=tell("moves"),
    )


def delay_table(rows: tuple[DelayRow, ...]) -> Table:
    """Say how much is verified so many days after the release."""
    return Table(
        _headings("days since", "low", "share verified", "high"),
        tuple((str(row.days), share(row.low, 1), share(row.share, 1), share(row.high, 1)) for row in rows),
        "rrrr",
        caption=tell("delay"),
    )


def balance_table(audit: StockFlowAudit) -> Table:
    """Say how a register's own counts imply the exits."""
    interval = audit.exits.interval(LEVEL)
    rows = (
        (tell("audit held", day=audit.start), persons(audit.held_at_start)),
        (tell("audit arrests"), persons(audit.arrests)),
        (tell("audit held", day=audit.end), persons(audit.held_at_end)),
        (tell("audit exits"), persons(audit.implied)),
        (tell("audit limits", level=percent(LEVEL)), span(interval.low, interval.high)),
    )
    return Table((tell("quantity"), tell("persons")), rows, "lr", caption=tell("audit"))


def compared_table(rows: tuple[ComparedRow, ...]) -> Table:
    """Say by how much published totals are above the exits."""
    return Table(
        _headings("source", "role", "days", "count", "audit excess"),
        tuple(_compared_cells(row) for row in rows),
        "lllrr",
        caption=tell("audit compared"),
    )


def _headings(*keys: str) -> tuple[Message, ...]:
    """Headings of columns."""
    return tuple(tell(key) for key in keys)


def _count_cells(row: CountRow) -> tuple[str, ...]:
    """One count as a row."""
    return (
        row.source,
        tell(f"role {row.role}"),
        window_words(row.start, row.end),
        Message("{day}", day=row.published),
        count_words(row.count, at_least=row.at_least),
    )


def _overview_cells(row: GapRow) -> tuple[str, ...]:
    """One announced number in a row: each figure with its day and its source."""
    gap = row.gap
    number: str = count_words(gap.announced, at_least=gap.at_least)
    if row.reviews:
        number = tell("cell reviews", number=number)
    named = {"number": number, "who": known_as(gap.announced_by)}
    announced = (
        Message("{number} ({who})", **named)
        if row.announced_on is None
        else Message("{number} ({who}, {day:short year})", day=row.announced_on, **named)
    )
    if row.completed is not None:
        done = row.completed
        said = tell(
            "cell completed",
            number=count_words(done.count, at_least=done.at_least),
            who=known_as(done.source),
            day=done.published,
        )
        announced = Message("{items:;}", items=[announced, said])
    verified = _dated(
        count_words(gap.verified, at_least=row.at_least),
        gap.verified_by,
        row.verified_on,
        _part_of_days(row) or _other_days(gap.verified_start, gap.verified_end, gap),
    )
    others = [_beside_cell(each, gap) for each in row.beside]
    return (
        days_words(gap.start, gap.end),
        announced,
        verified,
        Message("{items:;}", items=others) if others else "",
        *_split_cells(row),
    )


def _split_cells(row: GapRow) -> tuple[str, str, str]:
    """What is pending and carried out, with bounds; nothing of it where two count different people."""
    if row.other_people:
        return (tell("cell other people"), "", "")
    gap = row.gap
    return (_short(gap.pending), _short(gap.carried_out), _bounds(gap.carried_out))


def _beside_cell(row: CountRow, gap: GapEstimate) -> Message:
    """What another counted, with its day and whether it says that each case was confirmed."""
    number = tell(f"cell {row.role}", number=count_words(row.count, at_least=row.at_least))
    return _dated(number, row.source, row.published, _other_days(row.start, row.end, gap))


def _part_of_days(row: GapRow) -> Message | None:
    """How many of the days announced a sum of counts is of, where it is not of all."""
    if row.covered is None or not row.in_part:
        return None
    covered, days = row.covered
    return tell("cell part of days", covered=covered, days=days)


def _other_days(start: dt.date | None, end: dt.date | None, gap: GapEstimate) -> Message | None:
    """The days that a figure is of, where they are not those of the announcement."""
    return window_words(start, end) if days_differ(start, end, gap.start, gap.end) else None


def _dated(number: str, who: str, day: dt.date, window: Message | None) -> Message:
    """A figure with its day and its source; with its window where that is another."""
    named = {"number": number, "who": known_as(who), "day": day}
    if window is None:
        return Message("{number} ({who}, {day:short year})", **named)
    return Message("{number} {window} ({who}, {day:short year})", window=window, **named)


def _short(count: UncertainCount) -> str:
    """The median with its limits, and what they rest on; the limits alone where bounds are all there is."""
    low, median, high = count.printed(LEVEL)
    if median is None:
        return span(low, high)
    limits = _limits(low, high)
    if low == high:
        return persons(low)
    key = f"cell {count.identified_by}"
    return tell(key, median=persons(median), limits=limits)


def _limits(low: float, high: float) -> Message:
    """Two limits, short."""
    if not math.isfinite(high):
        return Message("≥{number}", number=persons(low))
    return Message("{low}–{high}", low=persons(low), high=persons(high))


def _middle(median: float | None) -> str:
    """A median; nothing where there is none."""
    return "" if median is None else persons(median)


def _influence_cells(row: InfluenceRow) -> tuple[str, ...]:
    """What the number would be without one count."""
    count = count_words(row.count.count, at_least=row.count.at_least)
    who = Message("{source} ({role})", source=row.count.source, role=tell(f"role {row.count.role}"))
    day = Message("{day}", day=row.count.published)
    return (who, day, count, persons(row.low), _middle(row.median), persons(row.high))


def _moving_cells(row: GapRow, each: InfluenceRow) -> tuple[str, ...]:
    """One count that moves an announcement."""
    gap = row.gap
    counted = each.count
    count = count_words(counted.count, at_least=counted.at_least)
    role = tell(f"role {counted.role}")
    who = Message("{source} ({role})", source=known_as(counted.source), role=role)
    day = Message("{day:short year}", day=counted.published)
    number = count_words(gap.announced, at_least=gap.at_least)
    of = Message("{days}: {number}", days=days_words(gap.start, gap.end), number=number)
    low, median, high = each.whole or gap.carried_out.printed(LEVEL)
    return (
        persons(each.row),
        who,
        day,
        count,
        of,
        _about(low, median, high),
        _about(each.low, each.median, each.high),
        Message("±{number}", number=persons(math.ceil(each.error))),
    )


def _about(low: float, median: float | None, high: float) -> Message:
    """A median with its limits, short."""
    return Message("{median} ({limits})", median=_middle(median), limits=_limits(low, high))


def _quantity_cells(key: str, count: UncertainCount) -> tuple[str, ...]:
    """One quantity as a row."""
    low, median, high = count.printed(LEVEL)
    return (
        tell(f"quantity {key}"),
        persons(low),
        _middle(median),
        persons(high),
        tell(f"rests {count.identified_by}"),
        _bounds(count),
    )


def _bounds(count: UncertainCount) -> str:
    """Bounds, short."""
    low, high = count.bounds
    return persons(low) if low == high else _limits(low, high)


def _compared_cells(line: ComparedRow) -> tuple[str, ...]:
    """One published total beside the exits."""
    source, role, days, _, count = _count_cells(line.count)
    if line.excess is None:
        return source, role, days, count, "–"
    excess = Message("{excess} ({span})", excess=signed(line.excess), span=signed_span(line.low, line.high))
    return source, role, days, count, excess
