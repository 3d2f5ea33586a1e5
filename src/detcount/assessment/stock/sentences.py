"""The sentence that can be printed: the floor or the register, then as much as the verdict allows."""

from __future__ import annotations

import math
from collections.abc import Iterable

from detcount.assessment.common.verdict import LEVEL, Finding, Verdict
from detcount.assessment.stock.content import AnswerRow, ExitsRow, FloorRow, TotalRow, message
from detcount.assumptions import Assumption, conditions
from detcount.reports.numbers import level_words, persons, rounded
from detcount.words import Message

_RECENT = 14  # days before the newest total
_ROUND = 10  # floors below it are not printed as such


def printable_sentence(
    verdict: Verdict,
    *,
    floors: tuple[FloorRow, ...],
    register: TotalRow | None,
    totals: tuple[TotalRow, ...],
    exits: ExitsRow | None,
    answer: AnswerRow | None,
    findings: Iterable[Finding],
    assumptions: Iterable[Assumption],
) -> Message:
    """Write what can be printed.

    Parameters
    ----------
    verdict : {"estimate", "range", "register only", "floor only", "refuse"}
        What can be printed.
    floors : tuple of FloorRow
        What lists show of some days, the last first; none without lists.
    register : TotalRow, optional
        The last total of the register with most of them; None without published totals.
    totals : tuple of TotalRow
        The last total of each source, those of the last days first.
    exits : ExitsRow, optional
        Exits from that register over the last weeks; None where its totals do not tell.
    answer : AnswerRow, optional
        The recommended answer.
    findings : iterable of Finding
        The rules that apply.
    assumptions : iterable of Assumption
        What the answer assumes.

    Returns
    -------
    Message
        The sentences; their numbers are rounded, limits outward.
    """
    if verdict == "register only":
        return Message.together(_of_registers(totals, exits, register))
    parts = list(_known(floors, register))
    reason = Message.together((each.text for each in findings if each.verdict == verdict), "; ")
    if verdict == "floor only":
        parts.append(message("supports floor", reason=reason))
    elif verdict == "refuse" or answer is None or not math.isfinite(answer.high):
        parts.append(message("supports nothing", reason=reason))
    else:
        floor = next((row.floor for row in floors if row.day == answer.day), 0.0)
        stated = {
            "day": answer.day,
            "low": rounded(answer.low, floor=floor, towards="down"),
            "high": rounded(answer.high, towards="up"),
            "level": level_words(LEVEL),
            "condition": conditions(assumptions),
        }
        if verdict == "range":
            parts.append(message("supports range", reason=reason, **stated))
        else:
            median = answer.high if answer.median is None else answer.median
            parts.append(
                message(
                    "supports estimate",
                    point=rounded(median, floor=floor, figures=3 if median >= 1000 else 2),
                    **stated,
                )
            )
    return Message.together(parts)


def _of_registers(
    totals: tuple[TotalRow, ...], exits: ExitsRow | None, register: TotalRow | None
) -> Iterable[Message]:
    """What registers printed of the last days, each by name and day, and the exits of one by its totals."""
    recent = [row for row in totals if (totals[0].day - row.day).days <= _RECENT]
    yield message(
        "registers",
        items=tuple(
            message(
                "register item least" if row.at_least else "register item",
                count=persons(row.count),
                source=row.source,
                day=row.day,
            )
            for row in recent
        ),
    )
    if exits is not None and register is not None:
        yield exits_words(exits, register.source)
    yield message("registers are not the stock")


def exits_words(row: ExitsRow, source: str) -> Message:
    """Say how many left a register by its own totals."""
    return message(
        "exits",
        start=row.start,
        end=row.end,
        implied=persons(row.implied),
        source=source,
        before=persons(row.held_at_start),
        entered=persons(row.entered),
        after=persons(row.held_at_end),
    )


def total_words(row: TotalRow) -> Message:
    """Write a published total, with a sign where the source said "at least"."""
    return count_words(row.count, at_least=row.at_least)


def count_words(count: int, *, at_least: bool) -> Message:
    """Write a published number, with a sign where "at least" was said."""
    return message("at least count", number=persons(count)) if at_least else Message("{n}", n=persons(count))


def _known(floors: tuple[FloorRow, ...], register: TotalRow | None) -> Iterable[Message]:
    """What is certain: the floor of the lists on the last day or before it, or what a register printed."""
    if not floors:
        if register is not None:
            yield message("register", source=register.source, count=total_words(register), day=register.day)
        return
    last, shown = floors[0], next((row for row in floors if row.floor >= _ROUND), None)
    if shown is None:
        yield message("floor few", day=last.day, floor=persons(_ROUND))
    else:
        yield message("floor", day=shown.day, floor=persons(shown.floor))
    if last.not_left >= _ROUND:
        yield message("not left", day=last.day, n=persons(last.not_left))
