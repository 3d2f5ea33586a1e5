"""Persons unknown to a list, from who came out: each wave of releases, and waves as a chain.

It is two classes with their words, one for a wave and one for all, and the specification that makes them.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np

from detcount._numerics.arrays import Floats
from detcount._numerics.stock.released import (
    PRIORS,
    TUNING,
    chained,
    confidence_draws,
    enveloped,
    lift_of_groups,
    limits_of_groups,
    shares_released,
    unlisted_point,
)
from detcount.assumptions import Assumption
from detcount.contract import arguments
from detcount.contract.citation import Reference
from detcount.contract.definition import Definition
from detcount.contract.references import CHAPMAN_1951
from detcount.contract.specification import Specification, of_kind, specification, written_out
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import Interval, UncertainCount
from detcount.estimates.figures import EstimateRow, draw_rows
from detcount.estimates.result import made_of, plain
from detcount.privacy import FEW_LISTED, LARGEST_SMALL_COUNT, coarse_limits, public_floor, reflected
from detcount.reports.blocks import Document, FigureSlot
from detcount.reports.opening import TUNING as FIRST_PAGE
from detcount.reports.opening import JobNumber, answer_in_persons, opening, shortest, source_words
from detcount.reports.printed import opened
from detcount.reports.printing import Column
from detcount.reports.shown import Levelled
from detcount.stock.waves import KIND_WORDS, Kind, ReleaseWaves, Wave, first_known
from detcount.words import N_, Capitalised, Message, Number

if TYPE_CHECKING:
    import pandas as pd

Groups = tuple[tuple[int, int, int], ...]
"""Of each group the listed, those released, and the released who were listed."""

_FOR_ALL = ("wave", "source", "group", "day", "floor", "low", "high", "level", "kind")  # columns
_PUT_TOGETHER = N_("Groups with fewer than {n} listed among the released are put together: {names}.")
_WHY: dict[str, Message] = {
    "preliminary": Message(
        "those confirmed first are those whose names are known, so that the share of the listed among them "
        "is near one whatever the list lacks"
    ),
    "bounds": Message("of those released who are not recognised it is not said whether they were listed"),
    "share only": Message(
        "those released are of a wider kind than the list, so that a share of them is no share of those whom "
        "it counts"
    ),
    "list side only": Message(
        "it is known how many of the list came out, and not how many came out of the kind that it lists"
    ),
    "not compared": Message("it is not said how many of those released were on the list before"),
    "definition": Message(
        "it is not known that those released and those listed are counted alike by different hands"
    ),
    "by length": Message(
        "of some groups hardly anybody came out, so that this wave does not show whom the list does not know "
        "there"
    ),
}
_COUNTED = ("listed", "released", "identified", "both", "unlisted", "recognised", "after", "added")


@dataclass(frozen=True)
class WaveAnswer(Wave):
    """Answer of one wave, for one group or for all: its counts, and what follows from them.

    Parameters
    ----------
    wave, source, stratum, day, day_end, listed, released, identified, both, unlisted, recognised, after, \
added, scope, fresh, kind
        As of the wave; counts of several groups are added.
    groups : tuple of (int, int, int)
        Of each group the listed, those identified among the released, and the listed of them; empty where
        the wave says nothing of those held.
    odds : (float, float)
        Smallest and largest stated odds ratio of coming out, listed against unlisted.
    seed : int
        Of the limits of several groups.
    draws : ndarray of float64, optional
        Confidence distribution of the unlisted before the wave; empty where there is none.
    public : bool
        True for limits of a public page, which has no counts.

    Examples
    --------
    See `CoverageFromReleases`, whose result holds them in `answers`.
    """

    groups: Groups = ()
    odds: tuple[float, float] = (1.0, 1.0)
    seed: int = 0
    draws: Floats = field(default_factory=lambda: np.empty(0))
    public: bool = False

    @property
    def answered(self) -> bool:
        """Check that a number held follows."""
        return self.kind == "coverage" and bool(self.groups)

    def interval(self, level: float = TUNING.level) -> Interval | None:
        """Give limits of the number held before the wave; None where nothing follows.

        Parameters
        ----------
        level : float, optional
            Confidence aimed for, in (0, 1), at each of the stated odds ratios.

        Returns
        -------
        Interval or None
            Persons.
        """
        level = arguments.level(level)
        if not self.answered:
            return None
        low = min(self._ends(self.odds[0], level, groups)[0] for groups in self._alike)
        high = max(self._ends(self.odds[1], level, groups)[1] for groups in self._alike)
        if self.public:
            low, high = coarse_limits(low, high, self.floor or 0)
        return Interval(low, high, level, "exact hypergeometric")

    @property
    def missing(self) -> Interval | None:
        """Those inside before the wave whom the list did not know, limits at 95%."""
        found, listed = self.interval(), self.listed
        if found is None or listed is None:
            return None
        return replace(found, low=found.low - listed, high=found.high - listed)

    @property
    def _alike(self) -> tuple[Groups, ...]:
        """Counts of the groups; for the public those of a companion too, whose small counts are others."""
        turned = tuple((k, reflected(m) + reflected(r - m), reflected(m)) for k, r, m in self.groups)
        return (self.groups, turned) if self.public else (self.groups,)

    def _ends(self, odds: float, level: float = TUNING.level, groups: Groups = ()) -> tuple[float, float]:
        """Limits of the number held before at one odds ratio, by the counts of some groups."""
        groups = groups or self.groups
        low, high = limits_of_groups(groups, level, odds, self.seed)
        listed = sum(each[0] for each in groups)
        return listed + low, listed + high

    def _held(self, odds: float) -> float:
        """The number held before at one odds ratio."""
        k, r, m = np.array(self.groups).T
        lift = lift_of_groups(self.groups, self.seed)
        return float((k + r - m).sum() + lift * unlisted_point(k, r, m, odds).sum())

    @property
    def held(self) -> float | None:
        """Held before the wave, persons: the list, the unlisted who came out, and those who did not.

        Of a range of odds ratios at their geometric mean.
        """
        known = self.answered and not self.public
        return self._held(math.sqrt(self.odds[0] * self.odds[1])) if known else None

    @property
    def held_after(self) -> float | None:
        """Held after the wave, persons."""
        return None if self.held is None or self.identified is None else self.held - self.identified

    @cached_property
    def by_odds(self) -> dict[float, tuple[float, float, float]]:
        """For odds ratios of coming out: point and limits at 95% of the number held before."""
        return (
            {} if self.held is None else {odds: (self._held(odds), *self._ends(odds)) for odds in TUNING.odds}
        )

    @property
    def floor(self) -> int | None:
        """At least held before: the listed, and the unlisted who came out; None where nothing is said."""
        if not self.groups:
            return None
        least = min(sum(listed + out - both for listed, out, both in groups) for groups in self._alike)
        return public_floor(least) if self.public else least

    @property
    def share(self) -> tuple[float, float, float] | None:
        """Share of those released who were listed, with exact limits at 95%; None where it is no coverage."""
        if self.kind != "coverage" or not self.identified or self.both is None:
            return None
        from scipy.special import betaincinv

        n, m = self.identified, self.both
        low = 0.0 if m == 0 else float(betaincinv(m, n - m + 1, 0.025))
        high = 1.0 if m == n else float(betaincinv(m + 1, n - m, 0.975))
        return m / n, low, high

    @property
    def tipping(self) -> float | None:
        """Odds ratio at which the number held is the upper limit; None where there is no such limit."""
        limit = self.interval()
        if limit is None or self.held is None or not np.isfinite(limit.high):
            return None
        none, one = self._held(0.0), self._held(1.0)
        return None if one <= none else (limit.high - none) / (one - none)

    @property
    def condition(self) -> Message:
        """Condition on who came out that the number rests on."""
        return _condition(self.odds)

    def _limits(self) -> Message:
        """State the limits of the number held before."""
        found = self.interval()
        low, high = (0.0, math.inf) if found is None else found
        if math.isfinite(high):
            return Message("{low:,.0f} to {high:,.0f}", low=low, high=high)
        return Message("{low:,.0f} or more", low=low)

    @property
    def number(self) -> JobNumber:
        """The number held before the wave, as a first page gives it."""
        low, high = self.interval() or (0.0, math.inf)
        question = Message(
            "How many were held before {wave}, {condition}", wave=self.wave, condition=self.condition
        )
        verdict, floor = Message("print a range, not one number"), self.floor or None
        end = high if math.isfinite(high) else None
        return JobNumber("waves", question, "range", verdict, floor, low, end)

    def to_print(self, row: JobNumber) -> Message:
        """State a number in a sentence to print."""
        known = {"amount": row.amount, "wave": self.wave}
        condition = Capitalised(self.condition)
        return shortest(
            Message("{condition}, {amount} were held before {wave}.", condition=condition, **known),
            Message("At stated odds of release, {amount} were held before {wave}.", **known),
            Message("At stated odds {amount} were held before {wave}.", **known),
        )

    def sentence(self) -> Message:
        """State the answer of the wave, whole."""
        if self.kind != "coverage":
            return self._declined()
        when = Capitalised(self.condition)
        if self.public and self.groups:
            return Message(
                "{condition}, {limits} were held before {wave}.",
                condition=when,
                limits=self._limits(),
                wave=self.wave,
            )
        if self.public:
            return Message(
                "{wave}: what follows of it, and its counts, stand in the full report alone.", wave=self.wave
            )
        n, m = self.identified or 0, self.both or 0
        if not self.groups or self.listed is None:
            _, low, high = self.share or (0, 0, 1)
            return Message(
                "Of the {n:,} released, {m:,} were on the list, {low:.0%} to {high:.0%} of those inside if "
                "the released are like them. How long the list was is not said, so that nothing follows on "
                "how many were held.",
                n=n,
                m=m,
                low=low,
                high=high,
            )
        if m == n:
            seen = Message.counted(
                "The one person released was on the list of {listed:,}.",
                "All {n:,} released were on the list of {listed:,}.",
                n=n,
                listed=self.listed,
            )
        elif m:
            seen = Message.counted(
                "Of the {released:,} released, 1 was on the list of {listed:,}.",
                "Of the {released:,} released, {n:,} were on the list of {listed:,}.",
                n=m,
                released=n,
                listed=self.listed,
            )
        else:
            seen = Message.counted(
                "The one person released was not on the list of {listed:,}.",
                "None of the {n:,} released was on the list of {listed:,}.",
                n=n,
                listed=self.listed,
            )
        last = (
            Message(
                "If they were confirmed first because their names were known, the wave gives no upper limit."
            )
            if m == n
            else Message.counted(
                "If the one who was not on the list is not of the kind that it counts, the wave says nothing "
                "beyond the list: at least {listed:,}.",
                "If the {n:,} who were not on the list are not of the kind that it counts, the wave says "
                "nothing beyond the list: at least {listed:,}.",
                n=n - m,
                listed=self.listed,
            )
        )
        if m == n:
            held = Message(
                "{condition}, at most {high:,.0f} were held.",
                condition=when,
                high=max(self.interval() or (math.inf,)),
            )
        elif self.odds != (1.0, 1.0):
            held = Message("{condition}, {limits} were held.", condition=when, limits=self._limits())
        else:
            held = Message(
                "{condition}, about {held:,.0f} were held ({limits}), and {after:,.0f} after it; if the odds "
                "of being released were twice as high for the listed, about {twice:,.0f}.",
                condition=when,
                held=self._held(1.0),
                limits=self._limits(),
                after=self._held(1.0) - n,
                twice=self._held(2.0),
            )
        return Message.together((seen, held, last))

    def _declined(self) -> Message:
        """State the counts of a wave that is no coverage, and why nothing follows on the list."""
        released = self.identified if self.identified is not None else self.released
        named = self.both if self.both is not None else self.recognised
        what = Message("{wave}", wave=self.wave)
        if self.kind == "bounds" and self.both is not None and released:
            what = Message(
                "{wave}: {m:,} of {n:,} released were on the list, or {m:,} of {m:,} if the others are not "
                "of its kind",
                wave=self.wave,
                m=self.both,
                n=released,
            )
        elif named is not None and released:
            what = Message("{wave}: {m:,} of {n:,} released", wave=self.wave, m=named, n=released)
        return Message("{what}. No share of those held follows: {why}.", what=what, why=self._why())

    def _why(self) -> Message:
        """Why nothing follows."""
        if self.kind != "wrong entries":
            return (
                Message("nobody came out of whom it is said whether they were listed")
                if self.identified == 0
                else _WHY[self.kind]
            )
        if self.scope == "returned":
            return Message(
                "those who came back are not only those released, and of the others nobody knows where they "
                "are"
            )
        if self.fresh == "no":
            return Message(
                "the list may hold people who are dead, free or named twice, and releases do not show them"
            )
        return (
            Message.counted(
                "the list kept one person who came out, so that it may hold others who are free",
                "the list kept {n:,} persons who came out, so that it may hold others who are free",
                n=self.kept,
            )
            if self.kept
            else Message("the list took off as many as came out, and it is not said how many of them it had")
        )


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CoverageEstimate(Levelled):
    """Estimate of the people unknown to a list, from waves of releases.

    Parameters
    ----------
    answers : tuple of WaveAnswer
        Each wave, by day; a wave with groups has an answer for each, and one for all.
    chains : dict of str to ndarray of float64, shape (n_waves, n_draws)
        By source: the unlisted before each of its waves, each as known after it, where it has several.
    forecasts : dict of str to ndarray of float64, shape (n_waves, n_draws)
        By source: the listed among those released, as forecast from the waves before; nan for the first.
    estimator : CoverageFromReleases
        The specification.
    definition : Definition, optional
        Definition of who is counted.
    seed : int
        Seed of the draws.
    digest : str
        Digest of the waves.
    notes : tuple of str
        Notes for a reader.

    Examples
    --------
    See `CoverageFromReleases`, which makes it.
    """

    answers: tuple[WaveAnswer, ...]
    chains: dict[str, Floats]
    forecasts: dict[str, Floats]
    estimator: Specification
    definition: Definition | None
    seed: int
    digest: str
    notes: tuple[str, ...] = ()

    @cached_property
    def usable(self) -> tuple[WaveAnswer, ...]:
        """The answers for all groups together that say how many were held."""
        return tuple(each for each in self.answers if not each.stratum and each.answered)

    @property
    def verdict(self) -> Literal["range", "refuse"]:
        """A range where a wave can be set against a list; never an estimate, as who comes out is chosen."""
        return "range" if self.usable else "refuse"

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Assumptions of the estimate."""
        return self.estimator.assumes

    def at(self, day: Any) -> UncertainCount:
        """Give the number held before the wave that ends on a day.

        Parameters
        ----------
        day : date or str
            Last day of a wave that can be set against a list.

        Returns
        -------
        UncertainCount
            Persons, with draws that several waves of a source move together.

        Raises
        ------
        NotEstimableError
            If no such wave ends on that day, or it has no upper limit.
        """
        asked = arguments.day("day", day)
        found = [each for each in self.usable if each.day_end == asked and len(each.draws)]
        if not found:
            raise NotEstimableError(
                "CoverageFromReleases",
                Message("no wave that can be set against a list ends on {day}", day=asked),
                Message("Name the last day of such a wave."),
            )
        answer, least = found[-1], found[-1].floor or 0
        draws = np.maximum(np.rint((answer.listed or 0) + answer.draws), least).astype(np.int64)
        return UncertainCount.from_draws(draws, bounds=(float(least), math.inf), identified_by="data")

    def anchors(self) -> dict[dt.date, UncertainCount]:
        """Give the number held before each wave, by day, as `IntegratedStock` takes it."""
        return {each.day_end: self.at(each.day_end) for each in self.usable if len(each.draws)}

    def path(self) -> pd.DataFrame:
        """Give the share of those held that the list knew before each of several waves of a source.

        Returns
        -------
        pandas.DataFrame
            By source and wave: share known with limits at 95%, as known after the wave, and the share of the
            listed among those released, with the limits that were forecast from the waves before it.
        """
        import pandas as pd

        rows = []
        for source, unlisted in self.chains.items():
            found = [each for each in self.usable if each.source == source]
            answers = [found[k] for k in _apart(found)]
            for each, left, forecast in zip(answers, unlisted, self.forecasts[source], strict=True):
                listed, out = each.listed or 0, max(each.identified or 0, 1)
                low, middle, high = np.quantile(listed / (listed + left), [0.025, 0.5, 0.975])
                ends = np.quantile(forecast, [0.025, 0.975]) / out
                shares = (middle, low, high, (each.both or 0) / out, *ends)
                rows.append((source, each.wave, each.day_end, *shares))
        limits = ("low", "high", "released_share", "forecast_low", "forecast_high")
        return pd.DataFrame(rows, columns=["source", "wave", "day", "known_share", *limits])

    def headline(self) -> Message:
        """State the last wave's number, or that there is none."""
        if not self.usable:
            return Message("no wave of releases says how many the list does not know")
        last = self.usable[-1]
        limits = Capitalised(last._limits())
        return Message(
            "{limits} held before {wave}, {condition}",
            limits=limits,
            wave=last.wave,
            condition=last.condition,
        )

    def sentence(self) -> Message:
        """Estimate the unlisted at each wave."""
        return Message.together(self._sentences)

    @property
    def _sentences(self) -> list[Message]:
        """The sentence of each wave, those first that say how many were held, and of these the last."""
        whole = [each for each in self.answers if not each.stratum]
        first = sorted(whole, key=lambda each: (not each.answered, -each.day_end.toordinal()))
        several = len({each.source for each in whole}) > 1

        def of_wave(each: WaveAnswer) -> Message:
            if not each.answered or each.public or len(first) == 1:
                return each.sentence()
            named = Message("{wave} ({source})", wave=each.wave, source=each.source)
            return Message(
                "{wave}: {sentence}", wave=named if several else each.wave, sentence=each.sentence()
            )

        return [*map(of_wave, first)]

    def document(self) -> Document:
        """Give a page: what the last waves say, a picture of each, their numbers, and what they rest on.

        Returns
        -------
        Document
            The blocks, in no language yet.
        """
        last = self.usable[::-1][: FIRST_PAGE.events]
        answers = [answer_in_persons(each.number, each.to_print(each.number)) for each in last]
        none = Message("No wave of releases says how many the list does not know.")
        sources = [each.source for each in self.answers if each.source]
        words = source_words((), sources, [each.day_end for each in self.answers], named=False)
        title, alt = (
            Message("The people held before each wave"),
            Message("Limits wave by wave, as in the table."),
        )
        draw = partial(draw_rows, rows=self._drawn, title=title, level=TUNING.level)
        return opened(
            opening(
                answers[0].sentence if answers else none,
                self.definition,
                [words],
                answers,
                FigureSlot("waves", title, alt, draw) if answers else None,
            ),
            self.summary(),
            self._sentences,
        )

    @property
    def _drawn(self) -> list[EstimateRow]:
        """The waves as they are drawn."""
        rows = []
        for each in self.usable:
            row, ranged = each.number, each.odds[0] < each.odds[1]
            point = None if ranged or each.identified == each.both else each.held
            rows.append(
                EstimateRow(each.wave, each.floor or 0, row.low, point, row.high or math.inf, each._limits())
            )
        return rows

    def public(self) -> CoverageEstimate:
        """Give the same for a public page: limits on a coarse grid, and no counts of lists or groups.

        Of a list of fewer than 100, or a group of which fewer than 5 are listed, there are no limits.
        """
        none: dict[str, Any] = dict.fromkeys(_COUNTED)
        answers = [
            replace(each, **none, groups=_printable(each.groups), draws=np.empty(0), public=True)
            for each in self.answers
            if not each.stratum
        ]
        small = _PUT_TOGETHER
        notes = [note for note in self.notes if not isinstance(note, Message) or note.template != small]
        return replace(self, answers=tuple(answers), chains={}, forecasts={}, notes=tuple(notes))

    @property
    def _items(self) -> tuple[WaveAnswer, ...]:
        """A row for each answer, oldest first."""
        return self.answers

    def _columns_at(self, level: float) -> tuple[Column, ...]:
        """The columns, of frames and of what people read, with limits of a level."""
        shown = {1 / 2: Message("if odds are ½"), 2.0: Message("if odds are 2")}

        def no_point(row: WaveAnswer) -> bool:  # of a wave of the listed alone an upper limit follows
            return row.held is None or row.identified == row.both

        def at(odds: float) -> Column:
            def value(row: WaveAnswer) -> int | None:
                return None if no_point(row) else round(row._held(odds))

            return Column(name=f"held_at_odds_{odds:g}", value=value, title=shown.get(odds), write=",")

        def limit(row: WaveAnswer, end: str) -> float | None:
            found = row.interval(level)
            return None if found is None else float(getattr(found, end))

        def held(row: WaveAnswer) -> int | None:  # of a stated range no number in it is the middle
            return None if no_point(row) or row.odds[0] < row.odds[1] else round(row.held or 0)

        columns = (
            Column(name="wave", title=Message("wave"), left=True),
            Column(name="source"),
            Column(name="group", value="stratum", title=Message("group"), left=True, if_any=True),
            Column(name="day", value=lambda row: row.day_end.isoformat()),
            Column(name="listed", title=Message("listed"), write=","),
            Column(name="released"),
            Column(name="identified", title=Message("released"), write=","),
            Column(name="on_list", value="both", title=Message("of them listed"), write=","),
            Column(name="floor"),
            Column(name="held", value=held, title=Message("held before"), write=","),
            Column(name="low", value=lambda row: limit(row, "low"), title=Message("low"), write=_limit),
            Column(name="high", value=lambda row: limit(row, "high"), title=Message("high"), write=_limit),
            Column(name="level", value=lambda row: level),
            Column(
                name="held_after",
                value=lambda row: None if held(row) is None else round(row.held_after or 0),
            ),
            Column(
                name="tipping_odds_ratio",
                value=lambda row: None if row.tipping is None else round(row.tipping, 2),
            ),
            *map(at, TUNING.odds),
            Column(name="kind", title=Message("what it is"), write=KIND_WORDS.__getitem__, left=True),
        )
        public = any(each.public for each in self.answers)
        return tuple(
            replace(each, title=None) if public and each.name not in _FOR_ALL else each for each in columns
        )

    def record(self) -> dict[str, Any]:
        """Give all that is needed to make the numbers again, as plain values."""
        rows = self.rows()
        known = {
            "method": repr(self.estimator),
            "specification": written_out(self.estimator),
            "verdict": self.verdict,
            "waves": rows,
            "definition": self.definition,
        }
        if any(each.public for each in self.answers):  # a digest of few counts can be guessed
            withheld = [name for name in rows[0] if name not in _FOR_ALL]
            return plain(known | {"withheld": withheld}) | made_of(self, {})
        return plain(known) | made_of(self, {"waves_sha256": self.digest})


def _printable(groups: Groups) -> Groups:
    """Counts of groups of which limits can be printed for the public; none of few."""
    listed = [each[0] for each in groups]
    few = sum(listed) < FEW_LISTED or min(listed) <= LARGEST_SMALL_COUNT
    return () if few else groups


def _condition(odds: tuple[float, float]) -> Message:
    """State the condition of odds ratios on who came out."""
    low, high = odds
    if low < high:
        return Message(
            "if the odds of being released were {low:g} to {high:g} times as high for the listed as for the "
            "others",
            low=low,
            high=high,
        )
    return (
        Message("if the released are like those still inside")
        if low == 1
        else Message(
            "if the odds of being released were {low:g} times as high for the listed as for the others",
            low=low,
        )
    )


def _limit(value: float) -> str:
    """A limit as people read it."""
    return Number(value, ",.0f") if math.isfinite(value) else "∞"


def _odds_of_release(name: str, value: Any) -> Any:
    """An odds ratio, or the smallest and the largest."""
    given = of_kind(float | tuple[float, float], name, value)
    pair = given if isinstance(given, tuple) else (given, given)
    if len(pair) != 2 or not (0 < pair[0] <= pair[1] < math.inf):
        raise InputError(
            Message(
                "odds_ratio: expected a number above 0, or two, the smaller first, got {got}", got=repr(given)
            )
        )
    return given


@specification
class CoverageFromReleases:
    """Persons held who are unknown to a list, from the share of those released who were on it.

    The estimand is N, the persons of one definition held before a wave of releases. Of K on the list and R
    released, m were listed: capture-recapture from one list and one wave. It needs a list that holds
    nobody who is dead, free or named twice, and released who are counted as the list counts.

    Parameters
    ----------
    odds_ratio : float or (float, float), optional
        Odds of being released, listed against unlisted; above 1 the listed are released more readily,
        and N is larger. Two values are a range: the limits then hold for each value in it.

    See Also
    --------
    IntegratedStock : Takes the numbers as anchors of a register.

    Notes
    -----
    N = K + R - m + theta (K - m)(R - m)/(m + 1). One wave has exact limits, by inversion of Fisher's
    noncentral hypergeometric distribution; where m = R they are an upper limit. With groups the sum of the
    estimates is inverted, the unlisted of the groups in proportion, for limits and for the number: the sum
    itself is too low where few of the listed of a group came out. Where the listed came out as often in each
    group (chi-square, 0.1) limits are as wide as those of all together too. Where in some groups fewer than 5
    of the listed came out and the shares who did differ (Cochran and Armitage, two standard deviations: they
    grow over groups that are named by days; or those few are a smaller share), there is no number for all.

    Several waves of one source are followed by particles: what is unlisted after a wave is what was before,
    less the unlisted released. Some of them come onto the list, the others move by a random walk, and with
    the other newly listed come newcomers who are not. All three rates are learned.

    On 131,000 real stays in jails with invented registers, ordinary exits within 30 days gave a number
    25% too high, and 1% too low by groups of days inside, whose limits at 95% covered .97; where long
    stays are listed sooner they are 21% too high by groups too, and cover with a stated range of the
    odds ratio alone.

    References
    ----------
    .. [1] Chapman, D. G. (1951). Some properties of the hypergeometric distribution with applications to
       zoological sample censuses. University of California Publications in Statistics 1, 131-160.

    Examples
    --------
    >>> from detcount import stock
    >>> rows = {
    ...     "wave": ["December"],
    ...     "day": ["2025-12-02"],
    ...     "source": ["the monitor"],
    ...     "list_size_before": [77],
    ...     "released_identified": [35],
    ...     "of_these_on_list": [18],
    ... }
    >>> found = stock.CoverageFromReleases().fit(stock.ReleaseWaves.from_frame(rows, scope="same"))
    >>> round(found.answers[0].held), *found.answers[0].interval()
    (147, 117.0, 218.0)
    """

    odds_ratio: Annotated[float | tuple[float, float], _odds_of_release] = 1.0

    assumes: ClassVar[tuple[Assumption, ...]] = (
        Assumption.CLOSED_POPULATION,
        Assumption.ERROR_FREE_LINKAGE,
        Assumption.NO_OVERCOVERAGE,
        Assumption.KNOWN_ODDS_RATIO,
    )
    references: ClassVar[tuple[Reference, ...]] = (CHAPMAN_1951,)

    @property
    def _odds(self) -> tuple[float, float]:
        """The smallest and the largest odds ratio."""
        if isinstance(self.odds_ratio, tuple):
            return float(self.odds_ratio[0]), float(self.odds_ratio[1])
        return float(self.odds_ratio), float(self.odds_ratio)

    def fit(self, waves: ReleaseWaves, *, seed: int = 0) -> CoverageEstimate:
        """Estimate the unlisted at each wave.

        Parameters
        ----------
        waves : ReleaseWaves
            Waves of releases beside a list.
        seed : int, optional
            Seed of the draws.

        Returns
        -------
        CoverageEstimate
            Persons, a wave an answer; a wave that says nothing of those held has the reason.

        Raises
        ------
        InputTypeError
            If `waves` is no ReleaseWaves.
        """
        grouped: dict[tuple[str, str], list[Wave]] = defaultdict(list)
        for wave in first_known(waves.waves):  # separate files may stand together
            grouped[wave.wave, wave.source].append(wave)
        answers: list[WaveAnswer] = []
        notes: list[str] = []
        whole: dict[str, list[int]] = defaultdict(list)
        for rows in grouped.values():
            of_wave, stated = self._wave(rows, np.random.default_rng([seed, len(answers)]))
            if of_wave[0].answered:
                whole[of_wave[0].source].append(len(answers))
            notes += stated
            answers += of_wave
        chains, forecasts = {}, {}
        for source, places in whole.items():
            followed = [places[k] for k in _apart([answers[k] for k in places])]
            if len(followed) < len(places):
                names = [answers[k].wave for k in places if k not in followed]
                notes.append(
                    Message(
                        "Waves of one source are followed where they share no days: {names:and} not, beside "
                        "longer or later ones.",
                        names=names,
                    )
                )
            if len(followed) > 1:
                chains[source], forecasts[source] = self._chain([answers[k] for k in followed], seed)
                for k, draws in zip(followed, chains[source], strict=True):
                    answers[k] = replace(answers[k], draws=draws)
        return CoverageEstimate(
            answers=tuple(answers),
            chains=chains,
            forecasts=forecasts,
            estimator=self,
            definition=waves.definition,
            seed=seed,
            digest=waves.digest,
            notes=tuple(dict.fromkeys([*notes, *self._notes(waves, bool(whole))])),
        )

    def _wave(self, rows: list[Wave], rng: np.random.Generator) -> tuple[list[WaveAnswer], list[str]]:
        """The answer for all groups of a wave, then one for each."""
        kind = next((row.kind for row in rows if row.kind != "coverage"), None)
        if kind is None and not sum(row.identified or 0 for row in rows):
            kind = "not compared"
        if kind is not None or any(row.listed is None for row in rows):
            return [_answer(rows, "", kind or "coverage")], []
        notes: list[str] = []
        if any(row.scope == "official" for row in rows):
            notes.append(
                Message("The released of {wave} are counted by the state's word for them.", wave=rows[0].wave)
            )
        large = [[row] for row in rows if (row.both or 0) >= PRIORS.fewest]
        small = [row for row in rows if (row.both or 0) < PRIORS.fewest]
        groups = [*large, small] if small else large
        if len(rows) > 1:
            notes.append(
                Message(
                    "The numbers of groups need not add up to that of all: each is too low where few of its "
                    "listed came out."
                )
            )
        if len(small) > 1:
            names = ", ".join(row.stratum for row in small)
            notes.append(
                Message(
                    _PUT_TOGETHER,
                    n=PRIORS.fewest,
                    names=names,
                )
            )
        single = [self._of([group], " + ".join(row.stratum for row in group), rng) for group in groups]
        if len(single) == 1:
            return [replace(single[0], stratum="")], notes
        whole = self._of([[row] for row in rows], "", rng)
        return [replace(whole, kind="by length") if _unseen(rows) else whole, *single], notes

    def _of(self, groups: list[list[Wave]], stratum: str, rng: np.random.Generator) -> WaveAnswer:
        """Groups together: the exact limits of one, or the sum of several inverted."""
        counts = tuple(
            (_total("listed", rows), _total("identified", rows), _total("both", rows)) for rows in groups
        )
        found = replace(
            _answer([row for rows in groups for row in rows], stratum, "coverage"),
            groups=counts,
            odds=self._odds,
            seed=int(rng.integers(2**32)) if len(groups) > 1 else 0,
        )
        missing = found.missing
        if missing is None or found.held is None or found.listed is None or not np.isfinite(missing.high):
            return found
        if len(counts) == 1:
            low, high = (confidence_draws(*counts[0], odds, TUNING.n_draws) for odds in self._odds)
            return replace(found, draws=rng.permutation(enveloped(low, high)))
        out = (found.identified or 0) - (found.both or 0)
        inside = max(found.held - found.listed - out, 0.5)
        ends = np.array([max(missing.low - out, 0.25), inside, max(missing.high - out, inside + 0.5)])
        scores = rng.standard_normal(TUNING.n_draws)
        spread = np.where(scores < 0, *np.diff(np.log(ends))) / 1.96  # of limits at 95%
        return replace(found, draws=out + inside * np.exp(spread * scores))

    def _chain(self, answers: list[WaveAnswer], seed: int) -> tuple[Floats, Floats]:
        """Waves of one source, followed: the unlisted before each, and the listed as they were forecast."""
        days = np.array([each.day_end.toordinal() for each in answers])
        listed, released, both = (
            np.array([getattr(each, name) for each in answers], dtype=np.int64)
            for name in ("listed", "identified", "both")
        )
        low, high = self._odds  # a forecast may be widest between the two
        stated = (low,) if low == high else (low, high, math.sqrt(low * high))
        runs = {
            odds: chained(
                listed,
                released,
                both,
                np.diff(days, prepend=days[0]),
                odds=odds,
                n_draws=TUNING.n_draws,
                rng=np.random.default_rng([seed, 7]),
            )
            for odds in stated
        }
        (unlisted, forecast), *others = runs.values()
        order = np.random.default_rng([seed, 8]).permutation(TUNING.n_draws)
        for other in others:
            unlisted, forecast = (
                enveloped(one, two)[:, order] for one, two in zip((unlisted, forecast), other, strict=True)
            )
        for each, draws in zip(answers, unlisted, strict=True):
            own = each.missing
            if own is None or own.low <= np.median(draws) <= own.high:
                continue
            if len(each.draws):  # the waves before say otherwise: limits hold both, the middle is this one's
                draws[:] = enveloped(draws, each.draws, each.draws)[order]
            else:
                np.maximum(draws, own.low, out=draws)
        return unlisted, forecast

    def _notes(self, waves: ReleaseWaves, answered: bool) -> list[str]:
        """Notes for a reader, and on waves whose scope was not stated."""
        notes: list[str] = []
        if any(wave.kind == "definition" and not wave.scope for wave in waves.waves):
            words = ("same", "official", "wider", "returned")
            notes.append(
                Message(
                    "Nobody said who is counted among those released of some waves: write it in the column "
                    "{column}, as in {words!r:or}.",
                    column="released_counts",
                    words=words,
                )
            )
        if not answered:
            return notes
        notes.append(
            Message(
                "The odds of being released, listed against unlisted, are stated and not seen. Where short "
                "stays leave first they are below 1 (.2 to .5 in the jails of one city), and above 1 where "
                "releases are bargained for by name."
            )
        )
        if self._odds != (1.0, 1.0):
            notes.append(
                Message("Low and high in the table are limits {condition}.", condition=_condition(self._odds))
            )
        if all(not wave.stratum for wave in waves.waves):
            notes.append(
                Message(
                    "Without groups by days inside, ordinary exits make the number a quarter to a half too "
                    "high, as short stays leave first and are not yet listed; a lot that was chosen does "
                    "not."
                )
            )
        if not all(wave.fresh for wave in waves.waves):
            notes.append(
                Message("The numbers hold if the list held nobody who was dead, free or named twice.")
            )
        return notes


def _apart(answers: Sequence[WaveAnswer]) -> list[int]:
    """Positions of waves by day that share no days, but for the last of one and the first of the next.

    Of two that do, the longer one stays, and of two as long the later.
    """
    found: list[int] = []
    for k, each in enumerate(answers):
        while found and each.day <= answers[found[-1]].day:
            found.pop()
        if not found or each.day >= answers[found[-1]].day_end:
            found.append(k)
    return found


def _unseen(rows: list[Wave]) -> bool:
    """Check for groups of which hardly any listed came out, and that by choice.

    Whom the list does not know in these groups nobody saw. Where their names give an order it is those held
    longest who came out most readily; ordinary exits are of those held shortly, whom fewer lists know.
    """
    listed, both = (np.array([getattr(row, name) or 0 for row in rows]) for name in ("listed", "both"))
    few = both < PRIORS.fewest
    places = [_place(row.stratum) for row in rows]
    if None not in places and len({*places}) == len(places):
        order = np.argsort(np.array(places, dtype=float))
        return bool(few.any()) and shares_released(listed[order], both[order])[0] > PRIORS.trend
    two = [np.array([each[few].sum(), each[~few].sum()]) for each in (listed, both)]
    return bool(two[0].all()) and shares_released(*two)[0] > PRIORS.trend


def _place(name: str) -> float | None:
    """Order of a group by the days in its name; None where it names none, or units that differ."""
    days_of = {"week": 7, "seman": 7, "month": 30, "mes": 30, "year": 365, "año": 365}  # how the words begin
    numbers = [int(each) for each in re.findall(r"\d+", name)]
    units = {days for word, days in days_of.items() if word in name.casefold()} or {1}
    return float(np.mean(numbers)) * units.pop() if numbers and len(units) == 1 else None


def _total(name: str, rows: Sequence[Wave]) -> Any:
    """A count of all rows together; None where one does not have it."""
    values = [getattr(row, name) for row in rows]
    return None if None in values else sum(values)


def _answer(rows: Sequence[Wave], stratum: str, kind: Kind) -> WaveAnswer:
    """The answer of some rows, their counts added where all have them."""
    counts = {name: _total(name, rows) for name in _COUNTED}
    last = max(row.day_end for row in rows)
    return WaveAnswer(**{**vars(rows[0]), **counts, "stratum": stratum, "kind": kind, "day_end": last})
