"""Tables about releases: counts, announced numbers in parts, delays, the balance of an audit."""

from __future__ import annotations

import math

from detcount.assessment.level import LEVEL
from detcount.assessment.releases.content import ComparedRow, DelayRow, GapRow
from detcount.assessment.releases.counts import CountRow
from detcount.assessment.releases.messages import tell
from detcount.assessment.releases.phrases import (
    count_words,
    event_words,
    share,
    signed,
    signed_span,
    span,
    window_words,
)
from detcount.estimates import GapEstimate, UncertainCount
from detcount.releases import StockFlowAudit
from detcount.report.blocks import Table
from detcount.report.numbers import percent, persons
from detcount.words import Message

__all__ = ["balance_table", "compared_table", "counts_table", "delay_table", "gaps_table"]


def counts_table(rows: tuple[CountRow, ...]) -> Table:
    """Say who counted what: a row a published count."""
    return Table(
        _headings("source", "role", "days", "published", "count"),
        tuple(_count_cells(row) for row in rows),
        "lllrr",
        caption=tell("facts"),
    )


def gaps_table(key: str, rows: tuple[GapRow, ...]) -> Table:
    """Say what became of announced numbers: some rows for each."""
    return Table(
        _headings("event", "quantity", "low", "mean", "high", "rests on", "bounds"),
        tuple(cells for row in rows for cells in _gap_cells(row.gap)),
        "llrrrlr",
        caption=tell(key),
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


def _gap_cells(gap: GapEstimate) -> list[tuple[str, ...]]:
    """One announced number as rows: what was announced and verified, and each quantity."""
    name = Message("{event}, {who}", event=event_words(gap.label), who=gap.announced_by)
    verified = Message("{quantity} ({who})", quantity=tell("quantity verified"), who=gap.verified_by)
    number = count_words(gap.announced, at_least=gap.at_least)
    quantities = {
        "pending": gap.pending,
        "eventually verified": gap.eventually_verified,
        "unverifiable": gap.unverifiable,
        "carried out": gap.carried_out,
        "unsubstantiated": gap.unsubstantiated,
    }
    return [
        (name, tell("quantity announced"), "", number, "", "", ""),
        ("", verified, "", persons(gap.verified), "", "", ""),
        *(_quantity_cells(key, count) for key, count in quantities.items()),
    ]


def _quantity_cells(key: str, count: UncertainCount) -> tuple[str, ...]:
    """One quantity as a row."""
    interval = count.interval(LEVEL)
    return (
        "",
        tell(f"quantity {key}"),
        persons(interval.low),
        "" if count.mean is None else persons(count.mean),
        persons(interval.high),
        tell(f"rests {count.identified_by}"),
        _bounds(count),
    )


def _bounds(count: UncertainCount) -> str:
    """Sharp bounds, short."""
    low, high = count.bounds
    if not math.isfinite(high):
        return count_words(low, at_least=True)
    return Message("{low}–{high}", low=persons(low), high=persons(high))


def _compared_cells(line: ComparedRow) -> tuple[str, ...]:
    """One published total beside the exits."""
    source, role, days, _, count = _count_cells(line.count)
    excess = Message("{excess} ({span})", excess=signed(line.excess), span=signed_span(line.low, line.high))
    return source, role, days, count, excess
