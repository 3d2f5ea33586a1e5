"""The number of those held on a day, as the first page of a report says it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from detcount.assessment.releases.sentences import known_as
from detcount.assessment.stock.facts import StockFacts
from detcount.assessment.stock.registers import VERDICTS, total_words
from detcount.reports.blocks import Answer, Block, FigureSlot
from detcount.reports.opening import (
    JobNumber,
    answer_in_persons,
    held_headline,
    number_of,
    opening,
    shortest,
    source_words,
)
from detcount.words import Capitalised, Message


def number_of_stock(stock: StockFacts) -> JobNumber:
    """The people held on the day asked for: what is certain, and the limits that the verdict allows."""
    chosen, limits = stock.recommended, None
    if stock.printable and chosen is not None and chosen.identified_by != "prior":
        limits = (chosen.low, chosen.high)
    floors = [row.floor for row in stock.answer_rows if row.day == stock.day]
    question = Message("How many were held at the end of {day}", day=stock.day)
    row = number_of("stock", question, stock.verdict, VERDICTS, floors, limits)
    if chosen is None or limits is None:
        return row
    return replace(row, point=chosen.median, bounds=chosen.identified_by == "bounds")


def answer_of_stock(row: JobNumber, stock: StockFacts) -> Answer:
    """The people held on a day, beside what the register with most totals printed."""
    register, amount, known = stock.register_total, row.amount, dict[str, Any](day=stock.day)
    counted = None
    if register is not None:
        known = {"day": register.day, "source": known_as(register.source), "count": total_words(register)}
        opens = known | {"source": Capitalised(known["source"])}
        counted = Message("{source} counted {count} people held on {day}", **opens)
    if row.low is None and row.floor:
        return answer_in_persons(
            row,
            Message(
                "By what lists show, {amount} were held at the end of {day}; how many more cannot be said.",
                amount=amount,
                day=stock.day,
            ),
        )
    if row.low is None and counted is not None and register is not None:
        unknown = Message("{words}; how many it does not know cannot be said.", words=counted)
        sentence = shortest(unknown, Message("{words}.", words=counted))
        return Answer(
            row.question,
            total_words(register),
            Message("on the register of {source}", source=known["source"]),
            sentence,
            Message("print each register by name"),
            "fair",
        )
    if row.low is None:
        return answer_in_persons(row, Message("How many people were held on {day} cannot be said.", **known))
    words = Message(
        "Under stated assumptions {amount} were held at the end of {day}", amount=amount, day=stock.day
    )
    beside = [Message("{words}; {source} counted {count} on {day}.", words=words, **known)] if counted else []
    return answer_in_persons(row, shortest(*beside, Message("{words}.", words=words)))


def days_of_stock(stock: StockFacts, *, named: bool) -> list[dt.date]:
    """Days of the people held and of published totals; those of a path of names only where they may be."""
    days = [stock.day, *(stock.fan.dates if stock.fan and named else ())]
    return days + [day for each in stock.published for day in each.dates]


def opening_of_stock(stock: StockFacts, picture: FigureSlot | None) -> list[Block]:
    """Open the page of people held."""
    row = number_of_stock(stock)
    answer = answer_of_stock(row, stock)
    amount = row.amount if row.low is not None else None
    headline = answer.sentence if amount is None else held_headline(amount, stock.day)
    sources = [known_as(each.source) for each in stock.published]
    days = days_of_stock(stock, named=not stock.withholds)
    words = source_words((), sources, days, named=False)
    return opening(headline, stock.definition, [words], [answer], picture)
