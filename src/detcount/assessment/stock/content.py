"""What an assessment of the stock says, in no language yet: plain rows that every report is made from.

A row is a dataclass, and most of its lines say what its columns are. The sentence that can be printed is made
of them: the floor or the register, then as much as the verdict allows.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from detcount.arguments import Sentences
from detcount.assessment.common.verdict import LEVEL, Finding, Verdict
from detcount.assumptions import Assumption, conditions
from detcount.definition import Definition
from detcount.estimates import IdentifiedBySource
from detcount.estimates.path_figure import PathFan, TotalsBySource
from detcount.privacy import Disclosure
from detcount.reports.numbers import level_words, persons, rounded
from detcount.words import Message

AnswerKey = Literal["lists", "integrated", "balance"]
message = Sentences("detcount.assessment.stock")

_RECENT = 14  # days before the newest total
LEAST_PRINTED = 10
"""Floors below it are not printed as such."""


@dataclass(frozen=True)
class AnswerRow:
    """The answer of one method for one day.

    Parameters
    ----------
    key : {"lists", "integrated", "balance"}
        Which method.
    day : datetime.date
        The day at whose end people are counted: the last that the method reaches, or of bounds alone
        one from which on people can have been removed.
    low, high : float
        Limits at 95%, persons.
    median : float, optional
        Median, persons; None where only bounds are known, or no number is to be printed.
    floor : float, optional
        Sharp lower bound, persons; None where so few are not to be printed.
    ceiling : float
        Sharp upper bound, persons.
    identified_by : {"data", "prior", "bounds"}
        What the limits rest on.
    recommended : bool
        Whether it is the recommended one.
    """

    key: AnswerKey
    day: dt.date
    low: float
    median: float | None
    high: float
    floor: float | None
    ceiling: float
    identified_by: IdentifiedBySource
    recommended: bool


@dataclass(frozen=True)
class TotalRow:
    """The last published total of one source.

    Parameters
    ----------
    source : str
        Who published it.
    role : str
        ``"announced"``, ``"verified"`` or ``"reported"``.
    day : datetime.date
        Day that it is of.
    count : int
        Persons, as published.
    at_least : bool
        Whether the source said "at least".
    n_totals : int
        Totals that this source published.
    first : datetime.date
        Day of its first total.
    note : str
        What was noted of this total, as who it includes.
    before : tuple of (int, datetime.date), optional
        The last total of the source at least four weeks earlier, and its day, where both say how many.
    """

    source: str
    role: str
    day: dt.date
    count: int
    at_least: bool
    n_totals: int
    first: dt.date
    note: str = ""
    before: tuple[int, dt.date] | None = None


@dataclass(frozen=True)
class DayRow:
    """What is known of one day.

    Parameters
    ----------
    day : datetime.date
        The day.
    published : int, optional
        What the register of most totals printed for it, persons; None where it printed nothing.
    low, median, high : float, optional
        Median and limits at 95% of the recommended answer, persons; None where it does not reach the day, or
        no number is to be printed.
    least, most : float, optional
        Sharp bounds, persons; None where nothing bounds the day.
    """

    day: dt.date
    published: int | None
    low: float | None
    median: float | None
    high: float | None
    least: float | None
    most: float | None


@dataclass(frozen=True)
class ChangeRow:
    """How the stock changed between two days.

    Parameters
    ----------
    start, end : datetime.date
        The days.
    low, median, high : float
        Persons more held, with limits at 95%; below 0 where fewer are.
    fewer : float
        Probability that fewer were held in the end.
    """

    start: dt.date
    end: dt.date
    low: float
    median: float
    high: float
    fewer: float


@dataclass(frozen=True)
class AnnouncedItem:
    """An announced total of releases of about the days of some exits.

    Parameters
    ----------
    source : str
        Who announced it.
    count : int
        Persons.
    at_least : bool
        Whether "at least" was said.
    start, end : datetime.date
        Its own days.
    same_days : bool
        Whether they begin and end within two days of those of the exits.
    """

    source: str
    count: int
    at_least: bool
    start: dt.date
    end: dt.date
    same_days: bool


@dataclass(frozen=True)
class ExitsRow:
    """Exits from the register of most totals that its own totals imply, and what was announced.

    Parameters
    ----------
    start, end : datetime.date
        After the end of the first day, up to the end of the second.
    held_at_start, entered, held_at_end : int
        Persons on the register on both days, and entered between them by its running total of arrests.
    implied : int
        Exits, if nobody was entered whom the running total lacks, and nobody died.
    low, high : float
        Bounds: if it lacked no more entries on either day than it was seen to, else whatever it lacked.
    lacked : int
        The most entries that it was seen to lack; 0 where nothing is supposed of it.
    announced : tuple of AnnouncedItem
        Releases announced of about the same days; of other days they are not subtracted.
    """

    start: dt.date
    end: dt.date
    held_at_start: int
    entered: int
    held_at_end: int
    implied: int
    low: float
    high: float
    lacked: int = 0
    announced: tuple[AnnouncedItem, ...] = ()


@dataclass(frozen=True)
class FloorRow:
    """What lists show of one day.

    Parameters
    ----------
    day : datetime.date
        The day.
    floor : float, optional
        Persons known to be inside at its end, by evidence of that day or later; None where it is not to be
        printed, as the others.
    left_later, named_later : float, optional
        Of them those who left on a known later day, and the others, named as held on that day or later.
    not_left : float, optional
        Persons on the lists who are not known to have left: no floor.
    """

    day: dt.date
    floor: float | None
    left_later: float | None
    named_later: float | None
    not_left: float | None


@dataclass(frozen=True)
class DoubtRow:
    """What stands among those not known to have left on the last day.

    Parameters
    ----------
    day : datetime.date
        The day.
    left, wrong : tuple of (float, float)
        Limits at 95% of those who have left without any list knowing it, and of those who do not belong.
    law : Message
        Which share of wrong entries is taken, and from where.
    all_belong : tuple of (float, float), optional
        Limits at 95% of the number held if everybody on the lists belongs; None without an answer.
    all_taken : bool
        Whether every list was audited, or said to have no such entry, so that none is taken out.
    """

    day: dt.date
    left: tuple[float, float]
    wrong: tuple[float, float]
    law: Message
    all_belong: tuple[float, float] | None
    all_taken: bool


@dataclass(frozen=True)
class WrongRow:
    """The number held if some entries of one list do not belong.

    Parameters
    ----------
    name : str
        The list.
    held : tuple of tuple of float
        Some shares of its entries that do not belong, each with the median of the number held then, persons.
    """

    name: str
    held: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class DeclinedRow:
    """A method that has no answer.

    Parameters
    ----------
    key : {"lists", "integrated", "balance"}
        Which method.
    reason, advice : str
        What the data lack, and what a reader can do; a `Message` where it has a language.
    """

    key: AnswerKey
    reason: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class StockContent:
    """Everything that a report about the stock shows.

    Parameters
    ----------
    as_of : datetime.date
        Last day the data could know.
    day : datetime.date
        Day that the sentence is about.
    verdict : {"estimate", "range", "register only", "floor only", "refuse"}
        What can be printed.
    findings : tuple of Finding
        The rules that apply.
    answers : tuple of AnswerRow
        Every answer, the recommended one first.
    totals : tuple of TotalRow
        The last published total of each source.
    register : str
        The register with the most totals; empty without published totals.
    twice : tuple of Message
        Days with several totals of one source.
    differences : tuple of Message
        The registers beside each other.
    days : tuple of DayRow
        What is known of some days.
    fan : PathFan or None
        The recommended path as it is drawn.
    drawn : tuple of TotalsBySource
        The published totals as they are drawn.
    floors : tuple of FloorRow
        What lists show of some days, the last first.
    doubt : DoubtRow, optional
        Who stands among those not known to have left; None where the answer rests on no lists.
    wrong : tuple of WrongRow
        The number held if 1, 3 or 5% of the entries of a list do not belong.
    links : Message, optional
        How much of the variance is due to who is who; None where one partition was given.
    changes : tuple of ChangeRow
        How the stock changed.
    exits : tuple of ExitsRow
        Exits that are implied.
    forecasts : tuple of (datetime.date, float, float)
        What the register will publish: days, and limits at 80%, persons.
    backtest : tuple of dict
        How such forecasts did, as `RegisterBacktest.scores` gives it.
    effective : float or None
        Effective number of paths behind the recommended answer; None where every draw counts alike.
    settle : tuple of Message
        What would settle it.
    declined : tuple of DeclinedRow
        Methods without an answer.
    assumptions : tuple of Assumption
        What the recommended answer assumes.
    notes : tuple of str
        What a reader must know besides.
    withheld : bool
        Whether notes are left out, as they tell counts of persons on lists.
    specifications : tuple of (str, str)
        Each method and its specification.
    seed : int
        Seed of the fits.
    digests : tuple of (str, str)
        SHA-256 of the data, by what they are.
    versions : tuple of (str, str)
        Software and versions.
    citation : str
        The library and the papers of the methods, one a line.
    conditions : tuple of (int, int), optional
        What the bounds of the balance take for granted: days within which whoever left is removed, and the
        most entries that the running total of arrests lacks, None without one; None without bounds.
    disclosure : {"public", "full"}
        What is printed of one's own lists.
    has_people : bool
        Whether there are lists of names.
    definition : Definition, optional
        Who is counted; None where nobody said so.
    """

    as_of: dt.date
    day: dt.date
    verdict: Verdict
    findings: tuple[Finding, ...]
    answers: tuple[AnswerRow, ...]
    totals: tuple[TotalRow, ...]
    register: str
    twice: tuple[Message, ...]
    differences: tuple[Message, ...]
    days: tuple[DayRow, ...]
    fan: PathFan | None
    drawn: tuple[TotalsBySource, ...]
    floors: tuple[FloorRow, ...]
    doubt: DoubtRow | None
    wrong: tuple[WrongRow, ...]
    links: Message | None
    changes: tuple[ChangeRow, ...]
    exits: tuple[ExitsRow, ...]
    forecasts: tuple[tuple[dt.date, float, float], ...]
    backtest: tuple[dict[str, Any], ...]
    settle: tuple[Message, ...]
    declined: tuple[DeclinedRow, ...]
    assumptions: tuple[Assumption, ...]
    notes: tuple[str, ...]
    withheld: bool
    specifications: tuple[tuple[AnswerKey, str], ...]
    seed: int
    digests: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]
    citation: str
    conditions: tuple[int, int | None] | None
    disclosure: Disclosure
    has_people: bool
    definition: Definition | None = None
    effective: float | None = None

    @property
    def main(self) -> TotalRow | None:
        """The last total of the register with most of them."""
        return next((row for row in self.totals if row.source == self.register), None)

    @property
    def sentence(self) -> Message:
        """What can be printed; numbers are rounded, limits outward."""
        verdict, floors, register = self.verdict, self.floors, self.main
        answer = next((row for row in self.answers if row.recommended), None)
        if verdict == "register only":
            return Message.together(_of_registers(self))
        limits = verdict in ("estimate", "range") and answer is not None and math.isfinite(answer.high)
        parts = list(_known(floors, register, answer.day if limits and answer else None))
        reason = Message.together((each.text for each in self.findings if each.verdict == verdict), "; ")
        if verdict == "floor only":
            parts.append(message("supports floor", reason=reason))
        elif answer is None or not limits:
            parts.append(message("supports nothing", reason=reason))
        else:
            floor = next((row.floor or 0.0 for row in floors if row.day == answer.day), 0.0)
            stated = {
                "day": answer.day,
                "low": rounded(answer.low, floor=floor, towards="down"),
                "high": rounded(answer.high, towards="up"),
                "level": level_words(LEVEL),
                "condition": conditions(self.assumptions),
            }
            if verdict == "range":
                parts.append(message("supports range", reason=reason, **stated))
            elif answer.median is None:
                parts.append(message("supports limits", **stated))
            else:
                figures = 3 if answer.median >= 1000 else 2
                stated["point"] = rounded(answer.median, floor=floor, figures=figures)
                parts.append(message("supports estimate", **stated))
        return Message.together(parts)


def _of_registers(content: StockContent) -> Iterable[Message]:
    """What registers printed of the last days, each by name and day, and the exits of one by its totals."""
    totals = content.totals
    recent = [row for row in totals if (totals[0].day - row.day).days <= _RECENT]
    yield message(
        "registers" if len(recent) == len(totals) else "registers of late",
        since=totals[0].day - dt.timedelta(days=_RECENT),
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
    if content.exits and content.main is not None:
        yield exits_words(content.exits[0], content.register)
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


def _known(floors: tuple[FloorRow, ...], register: TotalRow | None, day: dt.date | None) -> Iterable[Message]:
    """What is certain: the floor of the lists on the last day or before it, or what a register printed.

    Beside limits of a `day` the floor of another day is not said: it is far below them, as evidence of later
    days is still to come.
    """
    if not floors:
        if register is not None:
            yield message("register", source=register.source, count=total_words(register), day=register.day)
        return
    last, shown = floors[0], next((row for row in floors if (row.floor or 0) >= LEAST_PRINTED), None)
    if shown is None and day is None:
        yield message("floor few", day=last.day, floor=persons(LEAST_PRINTED))
    elif shown is not None and day in (None, shown.day):
        yield message("floor", day=shown.day, floor=persons(shown.floor or 0))
    if last.not_left is not None and last.not_left >= LEAST_PRINTED:
        yield message("not left", day=last.day, n=persons(last.not_left))
