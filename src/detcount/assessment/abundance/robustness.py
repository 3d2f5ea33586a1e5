"""Influences on the number, as parts of a document: dependence, lists left out, wrong entries."""

from __future__ import annotations

import math
from functools import partial

from detcount.assessment.abundance.facts import AssessmentFacts
from detcount.assessment.abundance.figures import sensitivity
from detcount.assessment.abundance.rows import (
    CURVE_SHOWN,
    HIGH,
    IF_DEPENDENT,
    LISTED,
    LOW,
    POINT,
    REASON,
    CurveRow,
    LeaveOutRow,
)
from detcount.reports.blocks import Block, FigureSlot, Heading, Paragraph, Table, table_of_known
from detcount.reports.numbers import (
    NOTHING,
    number_or_dash,
    percent,
    persons,
    printed_limits,
    printed_point,
    ratio,
)
from detcount.words import Message

_LEAVE_OUT = Message("Leaving out one list at a time")
_WRONG_ENTRIES = Message("If some entries do not belong on a list")

_COLUMNS = (Message("List left out"), LISTED, LOW, POINT, HIGH, REASON)


def sensitivity_part(assessment: AssessmentFacts) -> list[Block]:
    """Say how the total moves with the odds ratio, and where the claim flips.

    Parameters
    ----------
    assessment : AssessmentFacts
        What the assessment says.

    Returns
    -------
    list of Block
        Heading, sentences, figure and table.
    """
    blocks: list[Block] = [Heading(Message("If the lists depend on each other"), 2, "sensitivity")]
    if not assessment.curve or assessment.curve_base is None:
        return [*blocks, Paragraph(Message("There is no estimate to vary."))]
    sentence = Message(
        "The odds ratio multiplies the number of people on no list. Above 1, being on one list goes with "
        "being on others more than the method assumes, below 1 less; 1 is what it assumes ({base}), and no "
        "data on listed people can show which is true.",
        base=assessment.curve_base,
    )
    allowed = (
        ()
        if assessment.calibration is None
        else (
            Message(
                "The calibrated interval allows for such dependence already, as far as it was found in the "
                "populations of known size."
            ),
        )
    )
    tipping = tipping_sentences(assessment)
    low, high = ratio(assessment.curve[0].odds_ratio), ratio(assessment.curve[-1].odds_ratio)
    alt = Message(
        "Curve: the total as the odds ratio between the lists goes from {low} to {high}. The table that "
        "follows gives the values.",
        low=low,
        high=high,
    )
    return [
        *blocks,
        Paragraph(Message.together((sentence, *allowed, *tipping))),
        FigureSlot(
            "sensitivity",
            IF_DEPENDENT,
            Message.together((alt, *tipping)),
            partial(sensitivity, assessment=assessment),
        ),
        _curve_table(assessment.curve, assessment.n_observed),
    ]


def tipping_sentences(assessment: AssessmentFacts) -> tuple[Message, ...]:
    """Say where the claim flips, in a sentence.

    Parameters
    ----------
    assessment : AssessmentFacts
        What the assessment says.

    Returns
    -------
    tuple of Message
        The sentence; none where nothing can be said.
    """
    if assessment.claimed <= 0:  # of so few listed that their number is withheld
        return ()
    claim = persons(assessment.claimed)
    meaning = (
        Message("the point where half of the people are listed")
        if assessment.claim is None
        else Message("the claim under test")
    )
    if assessment.claimed <= assessment.n_observed:
        return (
            Message(
                "No odds ratio brings the total to {claim} people ({meaning}): that is not above the number "
                "listed.",
                claim=claim,
                meaning=meaning,
            ),
        )
    if assessment.tipping is not None:
        return (
            Message(
                "The total reaches {claim} people ({meaning}) at an odds ratio of {tipping}.",
                claim=claim,
                meaning=meaning,
                tipping=ratio(assessment.tipping),
            ),
        )
    if assessment.tipping_within is not None:
        low, high = map(ratio, assessment.tipping_within)
        return (
            Message(
                "The total reaches {claim} people ({meaning}) at an odds ratio between {low} and {high}.",
                claim=claim,
                meaning=meaning,
                low=low,
                high=high,
            ),
        )
    return ()


def _curve_table(curve: tuple[CurveRow, ...], floor: float) -> Table:
    """The total at some odds ratios, with the columns that there are."""
    shown = [
        row
        for row in curve
        if any(math.isclose(row.odds_ratio, wanted, rel_tol=1e-9) for wanted in CURVE_SHOWN)
    ]
    rows = [(ratio(row.odds_ratio), *_shown(row.low, row.point, row.high, floor)) for row in shown]
    return table_of_known((Message("Odds ratio"), LOW, POINT, HIGH), rows, "rrrr", caption=IF_DEPENDENT)


def leave_out_part(assessment: AssessmentFacts) -> list[Block]:
    """Say what the total is without each list.

    Parameters
    ----------
    assessment : AssessmentFacts
        What the assessment says.

    Returns
    -------
    list of Block
        Heading, sentences and table.
    """
    blocks: list[Block] = [Heading(_LEAVE_OUT, 2, "leave out")]
    if len(assessment.lists) < 3:
        return [*blocks, Paragraph(Message("With two lists none can be left out."))]
    left_out, base = assessment.leave_one_list_out, assessment.leave_out_base
    if not left_out or base is None:
        return [*blocks, Paragraph(Message("There is no estimate to repeat."))]
    show_point = assessment.print_point or assessment.calibration is None
    rows = [_left_out_row(row, show_point=show_point) for row in left_out]
    sentence = (
        Message("The total from the two lists that stay when one is left out ({base}).", base=base)
        if len(assessment.lists) == 3
        else Message("The total by the same method ({base}) when one list is left out.", base=base)
    )
    return [
        *blocks,
        Paragraph(sentence),
        *_largest_left_out(assessment),
        table_of_known(_COLUMNS, rows, "lrrrrl", caption=_LEAVE_OUT, first=2),
    ]


def _left_out_row(row: LeaveOutRow, *, show_point: bool) -> tuple[str, ...]:
    """The total without one list, or why there is none."""
    listed = "" if row.n_observed is None else persons(row.n_observed)
    if row.point is None:
        reason = Message("cannot answer: {reason}", reason=row.reason)
        return row.name, listed, NOTHING, NOTHING if show_point else "", NOTHING, reason
    low, point, high = _shown(row.low, row.point, row.high, row.n_observed or 0)
    return row.name, listed, low, point if show_point else "", high, ""


def _shown(low: float | None, point: float | None, high: float | None, floor: float) -> tuple[str, str, str]:
    """A number and its limits as they are printed; a dash where there is none."""
    ends = (None, None) if low is None or high is None else printed_limits(low, high, floor)
    middle = None if point is None else printed_point(point, floor)
    return number_or_dash(ends[0]), number_or_dash(middle), number_or_dash(ends[1])


def _largest_left_out(assessment: AssessmentFacts) -> list[Block]:
    """Say so where only the largest lists were left out."""
    n, k = len(assessment.lists), len(assessment.leave_one_list_out)
    return (
        []
        if k == n
        else [
            Paragraph(
                Message(
                    "Of {n} lists the {k} largest are left out, one at a time; each list more would take "
                    "seconds.",
                    n=n,
                    k=k,
                )
            )
        ]
    )


def wrong_entries_part(assessment: AssessmentFacts) -> list[Block]:
    """Say what entries that do not belong would do, in whole per cent: less would show a count.

    Parameters
    ----------
    assessment : AssessmentFacts
        What the assessment says.

    Returns
    -------
    list of Block
        Heading, sentence and table; nothing where it was not asked for.
    """
    if not assessment.wrong_entries or assessment.wrong_entries_base is None:
        return []
    share = assessment.wrong_entries[0].share
    whole = math.isclose(100 * share % 1, 0, abs_tol=1e-9)
    rows = tuple(
        (row.name, *map(change_words, (row.floor_change, row.total_change)))
        for row in assessment.wrong_entries
    )
    return [
        Heading(_WRONG_ENTRIES, 2, "wrong entries"),
        Paragraph(
            Message(
                "Lists often hold people who do not belong to those counted: freed before, held for another "
                "reason, or entered under a wrong name. If {share} of the entries of one list are such, and "
                "stand on no other list, the floor above is too high, and the total as a rule too. Without "
                "these entries they would change by as much as the table says, those on no list by the model "
                "of one method ({base}).",
                share=percent(share, 0 if whole else 1),
                base=assessment.wrong_entries_base,
            )
        ),
        Table(
            (Message("List with wrong entries"), Message("People listed"), Message("Total")),
            rows,
            "lrr",
            caption=_WRONG_ENTRIES,
        ),
    ]


def change_words(value: float | None) -> str:
    """A relative change in whole per cent, with its sign."""
    if value is None:
        return NOTHING
    whole = round(100 * value)
    sign = "−" if whole < 0 else "+" if whole > 0 else ""
    return Message("{sign}{share}", sign=sign, share=percent(abs(whole) / 100))
