"""The number of all that lists allow, as the first page of a report says it."""

from __future__ import annotations

from dataclasses import replace

from detcount.assessment.abundance.facts import AssessmentFacts
from detcount.assessment.abundance.rows import VERDICTS
from detcount.reports.blocks import Block, FigureSlot
from detcount.reports.numbers import persons
from detcount.reports.opening import (
    PRINTABLE,
    JobNumber,
    answer_in_persons,
    number_of,
    opening,
    shortest,
    source_words,
    whole_headline,
)
from detcount.words import Message


def limits_of_lists(lists: AssessmentFacts) -> tuple[float, float] | None:
    """Give the limits of the lists that can be printed; None where the verdict is against it."""
    if lists.verdict not in PRINTABLE:
        return None
    chosen = lists.recommended_row
    return lists.span if chosen is None else (chosen.low, chosen.high)


def number_of_lists(lists: AssessmentFacts) -> JobNumber:
    """The floor, and the limits that the verdict allows."""
    limits, n = limits_of_lists(lists), float(lists.n_observed)
    floors = (n,) if lists.law is None else ()  # of those named some may not belong
    chosen = lists.recommended_row
    point = chosen.point if chosen and limits and lists.print_point else None
    question = Message("How many people in all, by the lists")
    if lists.anchored:
        question = Message("How many people in all, by the lists and a random sample")
    row = number_of("lists", question, lists.verdict, VERDICTS, floors, limits)
    return replace(row, point=point, named=None if floors else n)


def sentence_of_lists(row: JobNumber, n: int) -> Message:
    """The sentence to print of lists that name so many."""
    if row.low is not None:
        words = Message(
            "Under stated assumptions there are {amount} in all, on the lists or not", amount=row.amount
        )
        beside = [Message("{words}; the lists name at least {n}.", words=words, n=persons(n))] if n else []
        return shortest(*beside, Message("{words}.", words=words))
    if not n:
        return Message("How many people there are cannot be said from these lists.")
    return Message(
        "The lists name at least {n} people; how many are on no list cannot be said.", n=persons(n)
    )


def opening_of_lists(lists: AssessmentFacts, picture: FigureSlot | None) -> list[Block]:
    """Open the page of lists."""
    row = number_of_lists(lists)
    answer = answer_in_persons(row, sentence_of_lists(row, lists.n_observed))
    headline = answer.sentence if row.low is None or row.amount is None else whole_headline(row.amount)
    named = lists.disclosure != "public"
    words = source_words([each.name for each in lists.lists], (), (), named=named)
    return opening(headline, lists.definition, [words], [answer], picture)
