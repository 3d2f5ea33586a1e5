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
from detcount.assessment.stock.content import message
from detcount.assessment.stock.evidence import StockEvidence
from detcount.copies import NEARLY_ALL
from detcount.reports.numbers import decimal, percent

LONGEST_AHEAD = 183  # days after the last estimate: beyond them a path is a forecast


RULES: tuple[Rule[StockEvidence], ...] = (
    Rule(
        "no overlap",
        "floor only",
        lambda seen: seen.has_people and not seen.has_anchors and seen.shared == 0,
        lambda _: message("rule no overlap"),
    ),
    Rule(
        "too few",
        "floor only",
        lambda seen: seen.named is not None and seen.named < FEWEST_PERSONS,
        lambda _: message("rule too few", least=FEWEST_PERSONS),
    ),
    Rule(
        "no estimate",
        "floor only",
        lambda seen: (
            seen.has_people and not seen.has_anchors and seen.shared != 0 and "lists" not in seen.answered
        ),
        lambda _: message("rule no estimate"),
    ),
    Rule(
        "registers alone",
        "register only",
        lambda seen: not seen.has_people and not seen.has_anchors,
        lambda _: message("rule registers alone"),
    ),
    Rule(
        "no upper limit",
        "refuse",
        lambda seen: seen.limits is not None and not math.isfinite(seen.limits[1]),
        lambda _: message("rule no upper limit"),
    ),
    Rule(
        "copied lists",
        "refuse",
        lambda seen: any(copy.kind in ("copy", "alike", "inside") for copy in seen.copies),
        lambda _: message("rule copied lists", share=percent(NEARLY_ALL)),
    ),
    Rule(
        "extracts",
        "range",
        lambda seen: any(copy.kind in ("extract", "all on one") for copy in seen.copies),
        lambda _: message("rule extracts"),
    ),
    Rule(
        "names taken over",
        "range",
        lambda seen: bool(seen.copied),
        lambda seen: message("rule names taken over", lists=seen.copied),
    ),
    Rule(
        "says nothing",
        "refuse",
        lambda seen: seen.width is not None and WIDTH_OF_NOTHING < seen.width < math.inf,
        lambda _: message("rule says nothing", most=WIDTH_OF_NOTHING),
    ),
    Rule(
        "width",
        "range",
        lambda seen: seen.width is not None and MOST_WIDTH < seen.width <= WIDTH_OF_NOTHING,
        lambda _: message("rule width", most=MOST_WIDTH),
    ),
    Rule(
        "disagreement",
        "range",
        lambda seen: seen.disagreement is not None and seen.disagreement > MOST_DISAGREEMENT,
        lambda _: message("rule disagreement", most=MOST_DISAGREEMENT),
    ),
    Rule(
        "long after",
        "range",
        lambda seen: seen.days_since is not None and seen.days_since > LONGEST_AHEAD,
        lambda seen: message("rule long after", n=seen.days_since or 0, most=LONGEST_AHEAD),
    ),
    Rule(
        "above the limits",
        "range",
        lambda seen: seen.excess is not None and seen.excess > 1,
        lambda seen: message("rule above the limits", source=seen.exceeds, ratio=decimal(seen.excess or 0.0)),
    ),
)
