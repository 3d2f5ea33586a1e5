"""The rules that decide what can be printed: when each applies, what it found, and what it allows at most."""

from __future__ import annotations

import math
from collections.abc import Callable

from detcount._numerics.closed_forms import LEAST_COVERAGE
from detcount.assessment.abundance.evidence import Evidence
from detcount.assessment.common.verdict import (
    FEWEST_PERSONS,
    MOST_DISAGREEMENT,
    MOST_WIDTH,
    WIDTH_OF_NOTHING,
    Rule,
    Verdict,
)
from detcount.copies import NEARLY_ALL, CopyKind, ListCopy
from detcount.reports.numbers import decimal, percent, ratio, rounded
from detcount.words import Message, Number

MOST_UNLISTED = 5.0
_MOST_DIGITS = 12


_CODES: dict[int, str] = {
    1: "no finite maximum",
    2: "not identified",
    3: "no finite maximum and not identified",
}

_NO_WITNESS: dict[CopyKind, str] = {
    "copy": (
        "{pairs:;} name nearly the same people (at least {share:.0%} of either list is on the other), "
        "more than lists made apart would by what the other lists show: one looks like a copy of the "
        "other, and a copy is not a second witness; merge the two into one list"
    ),
    "alike": (
        "{pairs:;} name nearly the same people (at least {share:.0%} of either list is on the other), and"
        " nothing shows whether both are nearly complete or one is a copy of the other; a copy is not a "
        "second witness, and says nothing of people who are on neither"
    ),
    "extract": (
        "at least {share:.0%} of one list is on another ({pairs:;}), more than lists made apart would "
        "share by what the other lists show: it looks like an extract, which is not a second witness and "
        "makes the numbers too low; compare them with those of a table in which the two are merged"
    ),
    "inside": (
        "at least {share:.0%} of one list is on the other ({pairs:;}), and nothing shows whether the "
        "larger is nearly complete or the smaller was taken from it; an extract is not a second witness, "
        "and says nothing of people who are on neither"
    ),
}


_ALL_ON_ONE = (
    "everybody listed is on one list ({pairs:;}): it may be complete, or the others were taken from "
    "it, and then they are not witnesses of their own"
)


def _no_witness(kinds: tuple[CopyKind, ...]) -> Callable[[Evidence], Message]:
    """Say which lists are no witnesses of their own."""

    def text(seen: Evidence) -> Message:
        found = {kind: [_pair(copy) for copy in seen.copies if copy.kind == kind] for kind in kinds}
        told = [
            Message(_ALL_ON_ONE, pairs=pairs)
            if kind == "all on one"
            else Message(_NO_WITNESS[kind], pairs=pairs, share=NEARLY_ALL)
            for kind, pairs in found.items()
            if pairs
        ]
        return Message.together(told, "; ")

    return text


def _pair(copy: ListCopy) -> Message:
    """The lists of one finding."""
    if copy.kind == "all on one":
        return Message("{name!r}", name=copy.larger)
    if copy.kind in ("copy", "alike"):
        return Message("{names!r}", names=(copy.larger, *copy.smaller))
    return Message("{smaller!r} on {larger!r}", smaller=copy.smaller[0], larger=copy.larger)


def _above(value: float, limit: float) -> Number | Message:
    """Write a factor with as many digits as it takes to be above its limit as printed."""
    for digits in range(2, _MOST_DIGITS):
        if round(value, digits) > limit:
            break
    return ratio(value) if ratio(value) != ratio(limit) else decimal(value, digits)


def _copy_rule(key: str, verdict: Verdict, *kinds: CopyKind) -> Rule[Evidence]:
    """A rule about lists that are no witnesses of their own."""
    return Rule(
        key,
        verdict,
        lambda seen: any(copy.kind in kinds for copy in seen.copies),
        _no_witness(kinds),
        kinds,
    )


RULES: tuple[Rule[Evidence], ...] = (
    Rule(
        "no overlap",
        "floor only",
        lambda seen: seen.n_shared == 0,
        lambda _: Message(
            "nobody is named on two lists, so nothing limits the total from above (no upper bound)"
        ),
    ),
    Rule(
        "too few",
        "floor only",
        lambda seen: seen.n_observed is not None and seen.n_observed < FEWEST_PERSONS,
        lambda seen: Message.counted(
            "only one person is listed, fewer than {least}",
            "only {n} people are listed, fewer than {least}",
            n=seen.n_observed or 0,
            least=FEWEST_PERSONS,
        ),
    ),
    Rule(
        "says nothing",
        "floor only",
        lambda seen: seen.width is not None and seen.width > WIDTH_OF_NOTHING,
        lambda seen: Message(
            "the calibrated interval says next to nothing: its upper limit is more than {most:.0f} times "
            "the lower"
            if math.isfinite(seen.width or 0.0)
            else "the calibrated interval says next to nothing: it has no upper limit",
            most=WIDTH_OF_NOTHING,
        ),
    ),
    _copy_rule("copied lists", "refuse", "copy"),
    _copy_rule("lists alike", "refuse", "alike", "inside"),
    _copy_rule("nested lists", "range", "extract", "all on one"),
    Rule(
        "empty list",
        "refuse",
        lambda seen: bool(seen.empty_lists),
        lambda seen: Message(
            "the list {names!r} names nobody; leave it out"
            if len(seen.empty_lists) == 1
            else "the lists {names!r} name nobody; leave them out",
            names=seen.empty_lists,
        ),
    ),
    Rule(
        "empty overlap",
        "refuse",
        lambda seen: seen.n_shared > 0 and bool(seen.needs_empty_overlap),
        lambda seen: Message(
            "the log-linear model needs an overlap that is empty: {why}", why=seen.needs_empty_overlap
        ),
    ),
    Rule(
        "existence",
        "refuse",
        lambda seen: seen.n_shared > 0 and seen.existence_code != 0,
        lambda seen: Message(
            "the data do not determine the log-linear model ({what})",
            what=Message(_CODES[seen.existence_code]),
        ),
    ),
    Rule(
        "no answer",
        "refuse",
        lambda seen: seen.n_shared > 0 and seen.n_claims == 0,
        lambda _: Message("no method that claims a number gave an answer"),
    ),
    Rule(
        "coverage",
        "range",
        lambda seen: seen.n_lists > 2 and seen.n_shared > 0 and seen.sample_coverage <= LEAST_COVERAGE,
        lambda seen: Message(
            "the lists overlap too little for one number: sample coverage is {c}, "
            "and that needs more than {least}",
            c=percent(seen.sample_coverage),
            least=percent(LEAST_COVERAGE),
        ),
    ),
    Rule(
        "unlisted",
        "refuse",
        lambda seen: seen.n_shared > 0 and (seen.unlisted_per_listed or 0.0) > MOST_UNLISTED,
        lambda seen: Message(
            "the estimate sets {ratio} unlisted people beside each listed one, more than {most}",
            ratio=_above(seen.unlisted_per_listed or 0.0, MOST_UNLISTED),
            most=ratio(MOST_UNLISTED),
        ),
    ),
    Rule(
        "disagreement",
        "range",
        lambda seen: seen.disagreement is not None and seen.disagreement > MOST_DISAGREEMENT,
        lambda seen: Message(
            "the methods disagree: the highest number is {ratio} times the lowest, more than {most}",
            ratio=_above(seen.disagreement or 0.0, MOST_DISAGREEMENT),
            most=ratio(MOST_DISAGREEMENT),
        ),
    ),
    Rule(
        "modes",
        "range",
        lambda seen: bool(seen.modes),
        lambda seen: Message(
            "a posterior has several modes ({modes:;} people), and one number would hide all but one of them",
            modes=tuple(
                Message("{name}: {modes}", name=name, modes=tuple(rounded(mode, figures=3) for mode in modes))
                for name, modes in seen.modes
            ),
        ),
    ),
    Rule(
        "width",
        "range",
        lambda seen: seen.width is not None and MOST_WIDTH < seen.width <= WIDTH_OF_NOTHING,
        lambda seen: Message(
            "the calibrated interval is wide: its upper limit is {ratio} times the lower, more than {most}",
            ratio=_above(seen.width or 0.0, MOST_WIDTH),
            most=ratio(MOST_WIDTH),
        ),
    ),
    Rule(
        "not calibrated",
        "range",
        lambda seen: seen.n_shared > 0 and not seen.empty_lists and bool(seen.not_calibrated),
        lambda seen: Message(
            "no interval learned from populations of known size can be given ({why})",
            why=seen.not_calibrated,
        ),
    ),
)
