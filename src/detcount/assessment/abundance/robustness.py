"""What moves the number, as parts of a document: dependence, lists left out, entries that do not belong."""

from __future__ import annotations

import math
from functools import partial

from detcount.assessment.abundance.content import (
    CURVE_SHOWN,
    AssessmentContent,
    CurveRow,
    LeaveOutRow,
    message,
)
from detcount.assessment.abundance.figures import sensitivity
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

_COLUMNS = ("left out", "listed", "low", "point", "high", "reason")


def sensitivity_part(content: AssessmentContent) -> list[Block]:
    """Say how the total moves with the odds ratio, and where the claim flips.

    Parameters
    ----------
    content : AssessmentContent
        What the assessment says.

    Returns
    -------
    list of Block
        Heading, sentences, figure and table.
    """
    blocks: list[Block] = [Heading(message("sensitivity"), 2, "sensitivity")]
    if not content.curve or content.curve_base is None:
        return [*blocks, Paragraph(message("no sensitivity"))]
    sentence = message("sensitivity sentence", base=content.curve_base)
    allowed = () if content.calibration is None else (message("sensitivity calibrated"),)
    tipping = tipping_sentences(content)
    low, high = ratio(content.curve[0].odds_ratio), ratio(content.curve[-1].odds_ratio)
    alt = message("alt sensitivity", low=low, high=high)
    return [
        *blocks,
        Paragraph(Message.together((sentence, *allowed, *tipping))),
        FigureSlot(
            "sensitivity",
            message("figure sensitivity"),
            Message.together((alt, *tipping)),
            partial(sensitivity, content=content),
        ),
        _curve_table(content.curve, content.n_observed),
    ]


def tipping_sentences(content: AssessmentContent) -> tuple[Message, ...]:
    """Say where the claim flips, in a sentence.

    Parameters
    ----------
    content : AssessmentContent
        What the assessment says.

    Returns
    -------
    tuple of Message
        The sentence; none where nothing can be said.
    """
    claim = persons(content.claim)
    meaning = message("claim given" if content.claim_given else "claim half")
    if content.claim <= content.n_observed:
        return (message("tipping none", claim=claim, meaning=meaning),)
    if content.tipping is not None:
        return (message("tipping sentence", claim=claim, meaning=meaning, tipping=ratio(content.tipping)),)
    if content.tipping_within is not None:
        low, high = map(ratio, content.tipping_within)
        return (message("tipping within", claim=claim, meaning=meaning, low=low, high=high),)
    return ()


def _curve_table(curve: tuple[CurveRow, ...], floor: float) -> Table:
    """The total at some odds ratios, with the columns that there are."""
    shown = [
        row
        for row in curve
        if any(math.isclose(row.odds_ratio, wanted, rel_tol=1e-9) for wanted in CURVE_SHOWN)
    ]
    rows = [(ratio(row.odds_ratio), *_shown(row.low, row.point, row.high, floor)) for row in shown]
    head = tuple(message(key) for key in ("odds ratio", "low", "point", "high"))
    return table_of_known(head, rows, "rrrr", caption=message("figure sensitivity"))


def leave_out_part(content: AssessmentContent) -> list[Block]:
    """Say what the total is without each list.

    Parameters
    ----------
    content : AssessmentContent
        What the assessment says.

    Returns
    -------
    list of Block
        Heading, sentences and table.
    """
    blocks: list[Block] = [Heading(message("leave out"), 2, "leave out")]
    if len(content.lists) < 3:
        return [*blocks, Paragraph(message("leave out two"))]
    if not content.leave_out or content.leave_out_base is None:
        return [*blocks, Paragraph(message("no leave out"))]
    show_point = content.print_point or content.calibration is None
    rows = [_left_out_row(row, show_point=show_point) for row in content.leave_out]
    key = "leave out three" if len(content.lists) == 3 else "leave out sentence"
    return [
        *blocks,
        Paragraph(message(key, base=content.leave_out_base)),
        *_largest_left_out(content),
        table_of_known(tuple(map(message, _COLUMNS)), rows, "lrrrrl", caption=message("leave out"), first=2),
    ]


def _left_out_row(row: LeaveOutRow, *, show_point: bool) -> tuple[str, ...]:
    """The total without one list, or why there is none."""
    listed = "" if row.n_observed is None else persons(row.n_observed)
    if row.point is None:
        reason = message("cannot answer", reason=row.reason)
        return row.name, listed, NOTHING, NOTHING if show_point else "", NOTHING, reason
    low, point, high = _shown(row.low, row.point, row.high, row.n_observed or 0)
    return row.name, listed, low, point if show_point else "", high, ""


def _shown(low: float | None, point: float | None, high: float | None, floor: float) -> tuple[str, str, str]:
    """A number and its limits as they are printed; a dash where there is none."""
    ends = (None, None) if low is None or high is None else printed_limits(low, high, floor)
    middle = None if point is None else printed_point(point, floor)
    return number_or_dash(ends[0]), number_or_dash(middle), number_or_dash(ends[1])


def _largest_left_out(content: AssessmentContent) -> list[Block]:
    """Say so where only the largest lists were left out."""
    n, k = len(content.lists), len(content.leave_out)
    return [] if k == n else [Paragraph(message("leave out largest", n=n, k=k))]


def wrong_entries_part(content: AssessmentContent) -> list[Block]:
    """Say what entries that do not belong would do, in whole per cent: less would show a count.

    Parameters
    ----------
    content : AssessmentContent
        What the assessment says.

    Returns
    -------
    list of Block
        Heading, sentence and table; nothing where it was not asked for.
    """
    if not content.wrong_entries or content.wrong_entries_base is None:
        return []
    share = content.wrong_entries[0].share
    whole = math.isclose(100 * share % 1, 0, abs_tol=1e-9)
    rows = tuple(
        (row.name, *map(change_words, (row.floor_change, row.total_change))) for row in content.wrong_entries
    )
    return [
        Heading(message("wrong entries"), 2, "wrong entries"),
        Paragraph(
            message(
                "wrong entries sentence",
                share=percent(share, 0 if whole else 1),
                base=content.wrong_entries_base,
            )
        ),
        Table(
            tuple(message(key) for key in ("wrong list", "floor change", "total change")),
            rows,
            "lrr",
            caption=message("wrong entries"),
        ),
    ]


def change_words(value: float | None) -> str:
    """A relative change in whole per cent, with its sign."""
    if value is None:
        return NOTHING
    whole = round(100 * value)
    sign = "−" if whole < 0 else "+" if whole > 0 else ""
    return Message("{sign}{share}", sign=sign, share=percent(abs(whole) / 100))
