"""The rules that decide what can be printed of a stock: when each applies, what it found, what it allows."""

from __future__ import annotations

import math

from detcount.assessment.common.verdict import (
    FEWEST_PERSONS,
    MOST_DISAGREEMENT,
    MOST_WIDTH,
    WIDTH_OF_NOTHING,
    Rule,
)
from detcount.assessment.stock.evidence import StockEvidence
from detcount.copies import NEARLY_ALL
from detcount.reports.numbers import decimal, percent
from detcount.words import Message

LONGEST_AHEAD = 183  # days after the last estimate: beyond them a path is a forecast


RULES: tuple[Rule[StockEvidence], ...] = (
    Rule(
        "no overlap",
        "floor only",
        lambda seen: seen.has_people and not seen.has_anchors and seen.shared == 0,
        lambda _: Message(
            "nobody is named on two lists on the last date, so nothing limits the number from above"
        ),
    ),
    Rule(
        "too few",
        "floor only",
        lambda seen: seen.named is not None and seen.named < FEWEST_PERSONS,
        lambda _: Message("fewer than {least} people are named as held", least=FEWEST_PERSONS),
    ),
    Rule(
        "no estimate",
        "floor only",
        lambda seen: (
            seen.has_people and not seen.has_anchors and seen.shared != 0 and "lists" not in seen.answered
        ),
        lambda _: Message("the lists give an estimate at fewer than two dates"),
    ),
    Rule(
        "registers alone",
        "register only",
        lambda seen: not seen.has_people and not seen.has_anchors,
        lambda _: Message(
            "the published totals are those of registers, and nothing here says how many people no register "
            "knows"
        ),
    ),
    Rule(
        "no upper limit",
        "refuse",
        lambda seen: seen.limits is not None and not math.isfinite(seen.limits[1]),
        lambda _: Message("nothing limits the number from above"),
    ),
    Rule(
        "copied lists",
        "refuse",
        lambda seen: any(copy.kind in ("copy", "alike", "inside") for copy in seen.copies),
        lambda _: Message(
            "at least {share} of one list stands on another and nothing shows that both are complete: a copy "
            "is not a second witness",
            share=percent(NEARLY_ALL),
        ),
    ),
    Rule(
        "extracts",
        "range",
        lambda seen: any(copy.kind in ("extract", "all on one") for copy in seen.copies),
        lambda _: Message(
            "one list looks like an extract from another, which is not a second witness and makes the "
            "numbers too low"
        ),
    ),
    Rule(
        "says nothing",
        "refuse",
        lambda seen: seen.width is not None and WIDTH_OF_NOTHING < seen.width < math.inf,
        lambda _: Message(
            "the limits say next to nothing: the upper one is more than {most:.0f} times the lower",
            most=WIDTH_OF_NOTHING,
        ),
    ),
    Rule(
        "width",
        "range",
        lambda seen: seen.width is not None and MOST_WIDTH < seen.width <= WIDTH_OF_NOTHING,
        lambda _: Message(
            "the limits are wide: the upper one is more than {most:.0f} times the lower", most=MOST_WIDTH
        ),
    ),
    Rule(
        "disagreement",
        "range",
        lambda seen: seen.disagreement is not None and seen.disagreement > MOST_DISAGREEMENT,
        lambda _: Message(
            "the methods disagree: the highest number is more than {most:.0f} times the lowest",
            most=MOST_DISAGREEMENT,
        ),
    ),
    Rule(
        "long after",
        "range",
        lambda seen: seen.days_since is not None and seen.days_since > LONGEST_AHEAD,
        lambda seen: Message(
            "the last date with an estimate is {n:,} days before, more than {most:,}",
            n=seen.days_since or 0,
            most=LONGEST_AHEAD,
        ),
    ),
    Rule(
        "above the limits",
        "range",
        lambda seen: seen.excess is not None and seen.excess > 1,
        lambda seen: Message(
            "the last total of {source} is {ratio} times the upper limit: it may count other people",
            source=seen.exceeds,
            ratio=decimal(seen.excess or 0.0),
        ),
    ),
)
