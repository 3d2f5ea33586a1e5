"""Contents of an assessment of the stock: rows that reports show, and the answers they were made from.

The statement is made here of what is held, so that no report can say more.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from detcount.assessment.common.result import withheld
from detcount.assessment.common.verdict import LEVEL, Finding, Verdict, reason
from detcount.assessment.stock.registers import (
    ExitsRow,
    TotalRow,
    differences_of,
    exits_rows,
    exits_words,
    forecast_rows,
    last_totals,
    main_register,
    several_of_one_day,
    total_words,
)
from detcount.assessment.stock.rows import (
    AnswerRow,
    ChangeRow,
    DayRow,
    DoubtRow,
    FloorRow,
    WrongRow,
)
from detcount.assessment.stock.verdict import AnswerKey, Answers
from detcount.assumptions import Assumption, conditions
from detcount.contract.citation import Reference
from detcount.contract.definition import Definition
from detcount.data.operates import Operates
from detcount.data.persons import PersonLists
from detcount.data.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.errors import NotEstimableError
from detcount.estimates import StockPath
from detcount.estimates.path_figure import PathFan, TotalsBySource, totals_by_source
from detcount.privacy import TENS, Digested, Disclosure
from detcount.reports.numbers import level_words, persons, rounded
from detcount.stock import Snapshots, WrongShare
from detcount.stock.audit import StockFlowAudit
from detcount.stock.forecasts import RegisterBacktest, RegisterForecast
from detcount.words import Message


@dataclass(frozen=True)
class Tuning:
    """Days of totals.

    Parameters
    ----------
    recent : int, days
        Days before the newest total from which totals of registers are listed. Convention: two weeks.
    """

    recent: int = 14


TUNING = Tuning()


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class StockFacts:
    """Contents of an assessment of the stock: rows that reports show, and answers where they may be known.

    Parameters
    ----------
    stock : PublishedStock, optional
        Published totals, as known on `as_of`.
    arrests : PublishedArrests, optional
        Published arrests.
    releases : PublishedReleases, optional
        Published releases.
    basis : Answers, optional
        Lists of names and the answers from them; None in a public result of lists.
    as_of : datetime.date
        Last day that the data could know.
    day : datetime.date
        The day that verdict and sentence are about.
    seed : int
        Seed of every fit.
    linked : bool
        Whether the persons come from rows that were linked, be it one partition: the public reads one day.
    has_anchors : bool
        Whether estimates at some dates were given.
    wrong : WrongShare
        Which share of the entries of lists was taken not to belong.
    operates : Operates, optional
        Where and when lists operate, where that was said.
    definition : Definition, optional
        Who is counted; None where nobody said so, or the data differ.
    verdict : {"estimate", "range", "register only", "floor only", "refuse"}
        What can be printed.
    findings : tuple of Finding
        The rules that apply.
    recommended_key : str, optional
        Key of the recommended answer; None where no method answered.
    specifications : tuple of (str, str)
        Each method that answered and its specification.
    declined : dict of str to NotEstimableError
        Why other methods have no answer.
    assumptions : tuple of Assumption
        What the recommended answer assumes.
    references : tuple of Reference
        Papers of the estimators behind the lists.
    notes : tuple of str
        What a reader must know besides.
    notes_withheld : bool, optional
        Whether notes are left out, as they tell counts of persons on lists.
    answer_rows : tuple of AnswerRow
        The last day of every answer, the recommended one first.
    day_rows : tuple of DayRow
        What is known of some days.
    fan : PathFan, optional
        The recommended path as it is drawn.
    change_rows : tuple of ChangeRow
        How the stock changed.
    floor_rows : tuple of FloorRow
        What lists show of some days, the last first.
    doubt : DoubtRow, optional
        Who stands among those not known to have left; None where the answer rests on no lists.
    wrong_rows : tuple of WrongRow
        The number held if 1, 3 or 5% of the entries of a list do not belong.
    links : Message, optional
        How much of the variance is due to who is who; None where one partition was given.
    effective_paths : float, optional
        Effective number of paths behind the recommended answer; None where every draw counts alike.
    conditions : tuple of (int, int), optional
        What the bounds of the balance take for granted: days within which whoever left is removed, and the
        most entries that the running total of arrests lacks, None without one; None without bounds.
    settle : tuple of Message
        What would settle it.
    audits : tuple of StockFlowAudit
        Exits that the totals of the register with most totals imply; none without its arrests.
    forecasts : tuple of (RegisterForecast, RegisterBacktest)
        What that register will publish, and how such forecasts did.
    disclosure : {"public", "full"}, optional
        For whom it was made; None where nobody chose.
    keyed_digest : str, optional
        Digest of the lists under a secret.
    """

    stock: PublishedStock | None
    arrests: PublishedArrests | None
    releases: PublishedReleases | None
    basis: Answers | None
    as_of: dt.date
    day: dt.date
    seed: int
    linked: bool
    has_anchors: bool
    wrong: WrongShare
    operates: Operates | None
    definition: Definition | None
    verdict: Verdict
    findings: tuple[Finding, ...]
    recommended_key: AnswerKey | None
    specifications: tuple[tuple[AnswerKey, str], ...]
    declined: dict[AnswerKey, NotEstimableError]
    assumptions: tuple[Assumption, ...]
    references: tuple[Reference, ...] = ()
    notes: tuple[str, ...]
    notes_withheld: bool = False
    answer_rows: tuple[AnswerRow, ...]
    day_rows: tuple[DayRow, ...]
    fan: PathFan | None
    change_rows: tuple[ChangeRow, ...]
    floor_rows: tuple[FloorRow, ...]
    doubt: DoubtRow | None
    wrong_rows: tuple[WrongRow, ...]
    links: Message | None
    effective_paths: float | None
    conditions: tuple[int, int | None] | None
    settle: tuple[Message, ...]
    audits: tuple[StockFlowAudit, ...]
    forecasts: tuple[RegisterForecast | None, RegisterBacktest | None]
    disclosure: Disclosure | None = None
    keyed_digest: str | None = None

    def _known(self, name: str) -> Answers:
        """The lists and answers, of which a property has this name; refused where they are withheld."""
        if self.basis is None:
            raise withheld(name)
        return self.basis

    @property
    def people(self) -> PersonLists | None:
        """Who is on which list, as known on `as_of`."""
        return next(iter(self._known("people").people), None)

    @property
    def drawn(self) -> tuple[PersonLists, ...]:
        """The other drawn partitions of rows into persons, where several were given."""
        return self._known("drawn").people[1:]

    @property
    def answers(self) -> dict[AnswerKey, StockPath]:
        """The path of each method that answered: "lists", "integrated", "balance"."""
        return dict(self._known("answers").paths)

    @property
    def path(self) -> StockPath | None:
        """The recommended path; None where no method answered."""
        paths = self._known("path").paths
        return None if self.recommended_key is None else paths[self.recommended_key]

    @property
    def snapshots(self) -> Snapshots | None:
        """The tables of the lists."""
        return self._known("snapshots").snapshots

    @property
    def all_belong(self) -> StockPath | None:
        """The answer of the lists for the last days, if everybody on them belongs."""
        return self._known("all_belong").all_belong

    @property
    def has_people(self) -> bool:
        """True if there are lists of names."""
        return bool(self.floor_rows)

    @property
    def withholds(self) -> bool:
        """True if it is what the public may know of lists of names."""
        return self.disclosure == "public" and self.has_people

    @property
    def printable(self) -> bool:
        """True if the verdict allows limits."""
        return self.verdict in ("estimate", "range")

    @property
    def assumed(self) -> tuple[Assumption, ...]:
        """Assumptions of the limits, where the verdict allows any."""
        return self.assumptions if self.printable else ()

    @property
    def recommended(self) -> AnswerRow | None:
        """The row of the recommended answer."""
        return next((row for row in self.answer_rows if row.recommended), None)

    @property
    def reason(self) -> str:
        """Why the verdict is what it is; a `Message`, which can be said in other languages."""
        return reason(self.findings)

    @cached_property
    def totals(self) -> tuple[TotalRow, ...]:
        """The last published total of each source."""
        return () if self.stock is None else last_totals(self.stock)

    @cached_property
    def register(self) -> str:
        """The register with the most totals; empty without published totals."""
        return "" if self.stock is None else main_register(self.stock)

    @property
    def register_total(self) -> TotalRow | None:
        """The last total of that register."""
        return next((row for row in self.totals if row.source == self.register), None)

    @property
    def twice(self) -> tuple[Message, ...]:
        """Days with several totals of one source."""
        return () if self.stock is None else several_of_one_day(self.stock)

    @property
    def differences(self) -> tuple[Message, ...]:
        """The registers beside each other."""
        return () if self.stock is None else differences_of(self.stock)

    @property
    def published(self) -> tuple[TotalsBySource, ...]:
        """The published totals as they are drawn."""
        return () if self.stock is None else totals_by_source(self.stock)

    @cached_property
    def exits(self) -> tuple[ExitsRow, ...]:
        """Exits that the totals of the register imply."""
        return exits_rows(self.audits, self.releases)

    @property
    def forecast_rows(self) -> tuple[tuple[dt.date, float, float], ...]:
        """Forecasts of the register: days, and limits at 80%, persons."""
        return forecast_rows(self.forecasts[0])

    @property
    def backtest(self) -> tuple[dict[str, Any], ...]:
        """Scores of such forecasts, as `RegisterBacktest.scores` gives them."""
        return () if self.forecasts[1] is None else tuple(self.forecasts[1].scores())

    @property
    def digests(self) -> dict[str, str]:
        """SHA-256 of the data; of lists of names for those alone who may see them, or under a secret."""
        people = () if self.withholds or self.basis is None else self.basis.people
        data: dict[str, Digested | None] = {"people": next(iter(people), None), "stock": self.stock}
        data |= {"arrests": self.arrests, "releases": self.releases}
        found = {} if self.keyed_digest is None else {"keyed people": self.keyed_digest}
        found |= {name: each.digest for name, each in data.items() if each is not None}
        if len(people) > 1:
            others = json.dumps([each.digest for each in people[1:]])
            found["other drawn people"] = hashlib.sha256(others.encode()).hexdigest()
        return found

    @cached_property
    def statement(self) -> Message:
        """Statement for print; numbers are rounded, limits outward."""
        verdict, floors, answer = self.verdict, self.floor_rows, self.recommended
        if verdict == "register only":
            return Message.together(_of_registers(self))
        limits = self.printable and answer is not None and math.isfinite(answer.high)
        parts = list(_known(floors, self.register_total, answer.day if limits and answer else None))
        reason = Message.together((each.text for each in self.findings if each.verdict == verdict), "; ")
        if verdict == "floor only":
            parts.append(
                Message(
                    "The data say too little of the people on no list for any number of all who are held: "
                    "{reason}.",
                    reason=reason,
                )
            )
        elif answer is None or not limits:
            parts.append(
                Message("The data cannot carry a number of all who are held: {reason}.", reason=reason)
            )
        else:
            floor = next((row.floor or 0.0 for row in floors if row.day == answer.day), 0.0)
            stated = {
                "day": answer.day,
                "low": rounded(answer.low, floor=floor, towards="down"),
                "high": rounded(answer.high, towards="up"),
                "level": level_words(LEVEL),
                "condition": conditions(self.assumed),
            }
            if verdict == "range":
                parts.append(
                    Message(
                        "The data support a range and no single number: {low} to {high} people held at the "
                        "end of {day} ({level} interval), if {condition}. The reason: {reason}.",
                        reason=reason,
                        **stated,
                    )
                )
            elif answer.median is None:
                parts.append(
                    Message(
                        "The data support an estimate of {low} to {high} people held at the end of {day} "
                        "({level} interval), if {condition}.",
                        **stated,
                    )
                )
            else:
                figures = 3 if answer.median >= 1000 else 2
                stated["point"] = rounded(answer.median, floor=floor, figures=figures)
                parts.append(
                    Message(
                        "The data support an estimate of about {point} people held at the end of {day} "
                        "({level} interval {low} to {high}), if {condition}.",
                        **stated,
                    )
                )
        return Message.together(parts)


def _of_registers(found: StockFacts) -> Iterable[Message]:
    """Write the last totals of registers, each by name and day, and the exits of one by its totals."""
    totals = found.totals
    recent = [row for row in totals if (totals[0].day - row.day).days <= TUNING.recent]
    items = tuple(
        Message(
            "at least {count} ({source}, {day})", count=persons(row.count), source=row.source, day=row.day
        )
        if row.at_least
        else Message("{count} ({source}, {day})", count=persons(row.count), source=row.source, day=row.day)
        for row in recent
    )
    if len(recent) == len(totals):
        yield Message("Registers of people held, the last total of each: {items:;}.", items=items)
    else:
        yield Message(
            "Registers of people held, the last total of each that printed one from {since} on: {items:;}.",
            since=totals[0].day - dt.timedelta(days=TUNING.recent),
            items=items,
        )
    if found.exits and found.register_total is not None:
        yield exits_words(found.exits[0], found.register)
    yield Message(
        "Each register counts by rules of its own, and lacks the people whom its source does not know: none "
        "of these is the number held, and no sum or difference of them is."
    )


def _known(floors: tuple[FloorRow, ...], register: TotalRow | None, day: dt.date | None) -> Iterable[Message]:
    """Write what is certain: the floor of the lists on the last day or before it, or the total of a register.

    Beside limits of a `day` the floor of another day is not said: it is far below them, as evidence of later
    days is still to come.
    """
    if not floors:
        if register is not None:
            yield Message(
                "The last total that {source} published is {count}, of {day}; it is what its register holds, "
                "and not how many are held.",
                source=register.source,
                count=total_words(register),
                day=register.day,
            )
        return
    last, shown = floors[0], next((row for row in floors if (row.floor or 0) >= TENS), None)
    if shown is None and day is None:
        yield Message(
            "Of the end of {day} no list shows {floor} people inside, by what was known on it or later.",
            day=last.day,
            floor=persons(TENS),
        )
    elif shown is not None and day in (None, shown.day):
        yield Message(
            "At the end of {day} at least {floor} people were held: they left on a known later day, or a "
            "list named them as held on that day or later.",
            day=shown.day,
            floor=persons(shown.floor or 0),
        )
    if last.not_left is not None and last.not_left >= TENS:
        yield Message(
            "Of the people on the lists {n} are not known to have left by {day}, which is no floor: exits "
            "are learned late or never, and some entries do not belong.",
            day=last.day,
            n=persons(last.not_left),
        )
