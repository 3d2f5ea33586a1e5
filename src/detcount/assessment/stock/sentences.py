"""The sentence that can be printed: the floor or the register, then as much as the verdict allows."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable

from detcount.assessment.common.verdict import LEVEL, Finding, Verdict
from detcount.assessment.stock.content import AnswerRow, ExitsRow, FloorRow, TotalRow
from detcount.assessment.stock.messages import tell
from detcount.assumptions import Assumption, conditions
from detcount.reports.numbers import level_words, persons, rounded
from detcount.words import Message

_RECENT = 14  # days before the newest total
_ROUND = 10  # floors below it are not printed as such


def printable_sentence(
    verdict: Verdict,
    *,
    day: dt.date,
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
    day : datetime.date
        The day at whose end people are counted.
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
    parts = list(_known(day, floors, register))
    floor = next((row.floor for row in floors if row.day == day), None)
    reason = Message.together((each.text for each in findings if each.verdict == verdict), "; ")
    if verdict == "floor only":
        parts.append(tell("supports floor", reason=reason))
    elif verdict == "refuse" or answer is None or not math.isfinite(answer.high):
        parts.append(tell("supports nothing", reason=reason))
    elif verdict == "range":
        parts.append(_limits("supports range", answer, floor, assumptions, reason=reason))
    else:
        median = answer.high if answer.median is None else answer.median
        point = rounded(median, floor=floor or 0.0, figures=3 if median >= 1000 else 2)
        parts.append(_limits("supports estimate", answer, floor, assumptions, point=point))
    return Message.together(part for part in parts if part)


def _of_registers(
    totals: tuple[TotalRow, ...], exits: ExitsRow | None, register: TotalRow | None
) -> Iterable[Message]:
    """What registers printed of the last days, each by name and day, and the exits of one by its totals."""
    recent = [row for row in totals if (totals[0].day - row.day).days <= _RECENT]
    yield tell(
        "registers",
        items=tuple(
            tell(
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
    yield tell("registers are not the stock")


def exits_words(row: ExitsRow, source: str) -> Message:
    """Say how many left a register by its own totals."""
    return tell(
        "exits",
        start=row.start,
        end=row.end,
        implied=persons(row.implied),
        source=source,
        before=persons(row.held_at_start),
        entered=persons(row.entered),
        after=persons(row.held_at_end),
    )


def limits_words(row: ExitsRow) -> Message:
    """Say between which limits the exits lie by a stated prior of what the total of arrests lacked."""
    return tell("exits prior", start=row.start, end=row.end, low=persons(row.low), high=persons(row.high))


def total_words(row: TotalRow) -> Message:
    """Write a published total, with a sign where the source said "at least"."""
    return count_words(row.count, at_least=row.at_least)


def count_words(count: int, *, at_least: bool) -> Message:
    """Write a published number, with a sign where "at least" was said."""
    return tell("at least count", number=persons(count)) if at_least else Message("{n}", n=persons(count))


def _known(day: dt.date, floors: tuple[FloorRow, ...], register: TotalRow | None) -> Iterable[Message]:
    """What is certain: the floor of the lists on the last day or before it, or what a register printed."""
    if not floors:
        if register is not None:
            yield tell("register", source=register.source, count=total_words(register), day=register.day)
        return
    shown = next((row for row in floors if row.floor >= _ROUND), None)
    if shown is None:
        yield tell("floor few", day=floors[0].day, floor=persons(_ROUND))
    else:
        yield tell("floor", day=shown.day, floor=persons(shown.floor))
    last = floors[0]
    if last.not_left >= _ROUND:
        yield tell("not left", day=last.day, n=persons(last.not_left))


def _limits(
    key: str, answer: AnswerRow, floor: float | None, assumptions: Iterable[Assumption], **values: object
) -> Message:
    """A sentence with limits: as many figures as they can carry, rounded outward."""
    return tell(
        key,
        day=answer.day,
        low=rounded(answer.low, floor=floor or 0.0, towards="down"),
        high=rounded(answer.high, towards="up"),
        level=level_words(LEVEL),
        condition=conditions(assumptions),
        **values,
    )
