"""Who left a register between two days, by its own totals, beside what was announced of about these days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np

from detcount.assessment.releases.content import RECENT, RegisterRow
from detcount.assessment.releases.phrases import for_window, message, number_words
from detcount.published import PublishedArrests, PublishedStock
from detcount.published.counts import MATCH_DAYS
from detcount.published.days import as_date
from detcount.published.events import Event
from detcount.reports.numbers import level_words, persons
from detcount.stock import StockFlowAudit
from detcount.words import Message

_MOST = 2  # announced numbers beside the exits


def days_of_register(
    stock: PublishedStock, arrests: PublishedArrests, events: Sequence[Event], as_of: dt.date
) -> tuple[dt.date, dt.date] | None:
    """Choose the days between which a register is looked at: those around the latest announcement.

    They are days of which one source gives both its totals: the last, and the last before the announced days
    began. None where the last lies more than two days before the announced days end, or these ended long ago.
    """
    totals = [
        (source, event)
        for source, event in dict.fromkeys(zip(arrests.source, arrests.event, strict=True))
        if source in stock.source
    ]
    for total in totals:
        of_stock = {
            as_date(day)
            for day, who, least in zip(stock.date, stock.source, stock.at_least, strict=True)
            if who == total[0] and not least
        }
        of_arrests = {
            as_date(day)
            for day, *which, least in zip(
                np.where(np.isnat(arrests.end), arrests.published, arrests.end),
                arrests.source,
                arrests.event,
                arrests.at_least,
                strict=True,
            )
            if tuple(which) == total and not least
        }
        both = sorted(of_stock & of_arrests)
        for event in events:
            said = event.announced[0] if event.announced else None
            if said is None or said.start is None or not both or (as_of - said.last).days > RECENT:
                continue
            before = [day for day in both if day <= said.start]
            if before and before[-1] < both[-1] and both[-1] >= said.last - dt.timedelta(days=MATCH_DAYS):
                return before[-1], both[-1]
    return None


def register_row(audit: StockFlowAudit, events: Sequence[Event]) -> RegisterRow:
    """Set the latest announced totals that share days with the register's beside its exits."""
    near = [
        event.announced[0]
        for event in events
        if event.announced
        and event.announced[0].measure.release
        and event.announced[0].start is not None
        and event.announced[0].start <= audit.end
        and event.announced[0].last >= audit.start
    ]
    return RegisterRow(audit, tuple(near[:_MOST]))


def register_sentences(row: RegisterRow) -> Message:
    """Say how many left by the register's own totals, and that what was announced is of other days."""
    audit = row.audit
    numbers = {
        "first": audit.held_at_start,
        "arrests": audit.arrests,
        "last": audit.held_at_end,
        "exits": audit.implied,
    }
    said = [
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
        said.append(message("register announced", items=items))
    return Message.together(said)


def register_unknown(row: RegisterRow) -> list[Message]:
    """Say what the totals leave open: deaths, late entries, and whom the register never named."""
    exits: Any = row.audit.exits
    low, median, high = exits.printed()
    if median is None:
        said = message("register bounds", low=persons(low))
    else:
        said = message("register prior", low=persons(low), high=persons(high), level=level_words(0.95))
    return [said, message("register no names")]
