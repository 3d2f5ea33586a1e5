"""How many a list does not know, from who came out: each wave of releases, and several waves as a chain.

It is two classes with their words, one for a wave and one for all, and the specification that makes them.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from detcount import arguments
from detcount._numerics.arrays import Floats
from detcount._numerics.stock.released import (
    chained,
    confidence_draws,
    limits,
    shares_released,
    strata_limits,
    unlisted_point,
)
from detcount.assumptions import Assumption
from detcount.citation import Reference
from detcount.definition import Definition
from detcount.estimates import Interval, UncertainCount
from detcount.estimates.result import made_of, plain
from detcount.printing import Column
from detcount.references import CHAPMAN_1951
from detcount.shown import Tabular
from detcount.specification import Specification, specification, written_out
from detcount.stock.messages import message
from detcount.stock.snapshots import of_kind
from detcount.stock.waves import KIND_WORDS, Kind, ReleaseWaves, Wave
from detcount.words import Message, Number

if TYPE_CHECKING:
    import pandas as pd

ODDS = (1 / 8, 1 / 4, 1 / 2, 1.0, 1.5, 2.0, 3.0, 5.0)
"""Odds ratios at which the number held is shown."""

_LEVEL = 0.95
_DRIFT = (0.1, 0.7)  # scale of the walk of log unlisted a month: median, spread of its logarithm
_N_DRAWS = 4000
_FEWEST = 5  # listed among the released below which groups are put together
_TREND, _ALIKE = (2.0, 0.1)  # of the shares who came out by group: standard deviations, probability

_WHY: dict[str, Message] = {
    "preliminary": message("why preliminary"),
    "bounds": message("why bounds"),
    "share only": message("why share only"),
    "list side only": message("why list side only"),
    "not compared": message("why not compared"),
    "definition": message("why definition"),
    "wrong entries": message("why wrong entries"),
    "by length": message("why by length"),
}


@dataclass(frozen=True)
class WaveAnswer(Wave):
    """What one wave says, for one group or for all: its counts, and what follows from them.

    Parameters
    ----------
    wave, source, stratum, day, day_end, listed, released, identified, both, unlisted, recognised, after, \
added, scope, fresh, kind
        As of the wave; counts of several groups are added.
    missing : Interval, optional
        Those inside before the wave whom the list did not know, limits at 95%; None where it says
        nothing of them.
    point : float, optional
        The same, in one number.
    by_odds : dict of float to (float, float, float), optional
        For odds ratios of coming out, listed against unlisted: point and limits of the number held before.
    draws : ndarray of float64, optional
        Confidence distribution of the unlisted before the wave; empty where there is none.

    Examples
    --------
    See `CoverageFromReleases`, whose result holds them in `answers`.
    """

    missing: Interval | None = None
    point: float | None = None
    by_odds: dict[float, tuple[float, float, float]] = field(default_factory=dict)
    draws: Floats = field(default_factory=lambda: np.empty(0))

    @property
    def held(self) -> float | None:
        """Held before the wave, persons: the list, the unlisted who came out, and those who did not."""
        return None if self.point is None or self.listed is None else self.listed + self.point

    @property
    def held_after(self) -> float | None:
        """Held after the wave, persons."""
        return None if self.held is None or self.identified is None else self.held - self.identified

    @property
    def interval(self) -> Interval | None:
        """Limits of the number held before the wave at 95%."""
        if self.missing is None or self.listed is None:
            return None
        low, high = self.listed + self.missing.low, self.listed + self.missing.high
        return Interval(low, high, self.missing.level, self.missing.method)

    @property
    def floor(self) -> int | None:
        """At least held before: the listed, and the unlisted who came out; None where nothing is said."""
        stated = self.kind in ("coverage", "by length")
        if not stated or self.listed is None or self.identified is None or self.both is None:
            return None
        return self.listed + self.identified - self.both

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
        limit = self.interval
        if limit is None or self.listed is None or not np.isfinite(limit.high):
            return None
        stayed = float(unlisted_point(self.listed, self.identified or 0, self.both or 0))
        left = (self.identified or 0) - (self.both or 0)
        return None if stayed <= 0 else (limit.high - self.listed - left) / stayed

    def sentence(self) -> Message:
        """Say what the wave says, whole."""
        if self.kind != "coverage":
            return self._declined()
        if self.listed is None or not self.by_odds:
            low, high = (self.share or (0, 0, 1))[1:]
            return message(
                "wave of a list of unknown length", n=self.identified, m=self.both, low=low, high=high
            )
        held, low, high = self.by_odds[1.0]  # as the sentence supposes, whatever odds were stated
        return message(
            "wave sentence",
            n=self.identified,
            m=self.both,
            listed=self.listed,
            held=held,
            limits=Message("{low:,.0f} to {high:,.0f}", low=low, high=high)
            if np.isfinite(high)
            else Message("{low:,.0f} or more", low=low),
            after=held - (self.identified or 0),
            twice=self.by_odds[2.0][0],
            outside=(self.identified or 0) - (self.both or 0),
        )

    def _declined(self) -> Message:
        """Say what a wave that is no coverage says: its counts, and why nothing follows on the list."""
        released = self.identified if self.identified is not None else self.released
        named = self.both if self.both is not None else self.recognised
        what = Message("{wave}", wave=self.wave)
        if self.kind == "bounds" and self.both is not None and released:
            what = message("wave with two readings", wave=self.wave, m=self.both, n=released)
        elif named is not None and released:
            what = Message("{wave}: {m:,} of {n:,} released", wave=self.wave, m=named, n=released)
        return Message("{what}. No share of those held follows: {why}.", what=what, why=_WHY[self.kind])


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CoverageEstimate(Tabular):
    """What waves of releases say of the people whom a list does not know.

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
        Who is counted.
    seed : int
        Seed of the draws.
    digest : str
        Digest of the waves.
    notes : tuple of str
        What a reader must know.

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
        return tuple(each for each in self.answers if not each.stratum and each.held is not None)

    @property
    def verdict(self) -> Literal["range", "refuse"]:
        """A range where a wave can be set against a list; never an estimate, as who comes out is chosen."""
        return "range" if self.usable else "refuse"

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What has to hold."""
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
            raise message.declined("CoverageFromReleases", "no such wave", day=asked)
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
            answers = [each for each in self.usable if each.source == source]
            for each, left, forecast in zip(answers, unlisted, self.forecasts[source], strict=True):
                listed, out = each.listed or 0, max(each.identified or 0, 1)
                low, middle, high = np.quantile(listed / (listed + left), [0.025, 0.5, 0.975])
                ends = np.quantile(forecast, [0.025, 0.975]) / out
                row = {"source": source, "wave": each.wave, "day": each.day_end, "known_share": middle}
                row |= {"low": low, "high": high, "released_share": (each.both or 0) / out}
                rows.append({**row, "forecast_low": ends[0], "forecast_high": ends[1]})
        return pd.DataFrame(rows)

    def headline(self) -> Message:
        """Say the last wave's number, or that there is none."""
        if not self.usable:
            return Message("no wave of releases says how many the list does not know")
        last = self.usable[-1]
        _, low, high = last.by_odds[1.0]
        if not np.isfinite(high):
            return Message("{low:,.0f} or more held before {wave}", low=low, wave=last.wave)
        return message("waves headline", low=low, high=high, wave=last.wave)

    def sentence(self) -> Message:
        """Say what each wave says."""
        whole = [each for each in self.answers if not each.stratum]
        first = sorted(whole, key=lambda each: (each.held is None, -each.day_end.toordinal()))
        if len(first) == 1:
            return first[0].sentence()
        several = len({each.source for each in whole}) > 1

        def of_wave(each: WaveAnswer) -> Message:
            if not each.held:
                return each.sentence()
            named = Message("{wave} ({source})", wave=each.wave, source=each.source)
            return Message(
                "{wave}: {sentence}", wave=named if several else each.wave, sentence=each.sentence()
            )

        return Message.together(map(of_wave, first))

    @property
    def _items(self) -> tuple[WaveAnswer, ...]:
        """A row for each answer, oldest first."""
        return self.answers

    @property
    def _columns(self) -> tuple[Column, ...]:
        """The columns, of frames and of what people read."""
        shown = {1 / 2: Message("if odds are ½"), 2.0: Message("if odds are 2")}

        def at(odds: float) -> Column:
            def value(row: WaveAnswer) -> int | None:
                return round(row.by_odds[odds][0]) if row.by_odds else None

            return Column(name=f"held_at_odds_{odds:g}", value=value, title=shown.get(odds), write=",")

        def limit(row: WaveAnswer, end: str) -> float | None:
            return None if row.interval is None else float(getattr(row.interval, end))

        return (
            Column(name="wave", title=Message("wave"), left=True),
            Column(name="source"),
            Column(name="group", value="stratum", title=Message("group"), left=True),
            Column(name="day", value=lambda row: row.day_end.isoformat()),
            Column(name="listed", title=Message("listed"), write=","),
            Column(name="released"),
            Column(name="identified", title=Message("released"), write=","),
            Column(name="on_list", value="both", title=Message("of them listed"), write=","),
            Column(name="floor"),
            Column(name="held", value=lambda row: _whole(row.held), title=Message("held before"), write=","),
            Column(name="low", value=lambda row: limit(row, "low"), title=Message("low"), write=_limit),
            Column(name="high", value=lambda row: limit(row, "high"), title=Message("high"), write=_limit),
            Column(name="held_after", value=lambda row: _whole(row.held_after)),
            Column(
                name="tipping_odds_ratio",
                value=lambda row: None if row.tipping is None else round(row.tipping, 2),
            ),
            *map(at, ODDS),
            Column(name="kind", title=Message("what it is"), write=KIND_WORDS.__getitem__, left=True),
        )

    def record(self) -> dict[str, Any]:
        """Give all that is needed to make the numbers again, as plain values."""
        known = {
            "method": repr(self.estimator),
            "specification": written_out(self.estimator),
            "verdict": self.verdict,
            "waves": self.rows(),
            "definition": self.definition,
        }
        return plain(known) | made_of(self, {"waves_sha256": self.digest})


def _whole(value: float | None) -> int | None:
    """A number of persons, rounded."""
    return None if value is None else round(value)


def _limit(value: float) -> str:
    """A limit as people read it."""
    return Number(value, ",.0f") if math.isfinite(value) else "∞"


@specification
class CoverageFromReleases:
    """How many are held whom a list does not know, from how many of those released were on it.

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
    noncentral hypergeometric distribution; with groups the sum of the estimates is inverted, the
    unlisted of the groups in proportion. Where the listed came out as often in each group (chi-square, 0.1)
    limits are as wide as those of all together too. Where groups are numbers in order, the share that came
    out grows over them (Cochran and Armitage, two standard deviations) and in one fewer than 5 of the listed
    came out, a lot was chosen by length of stay, and there is no number for all. Several waves of one source
    are followed by particles: what is unlisted after a wave is what was before, less the unlisted released,
    and the rest moves by a random walk whose scale is learned.

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
    >>> round(found.answers[0].held), found.answers[0].interval.low, found.answers[0].interval.high
    (147, 117.0, 218.0)
    """

    odds_ratio: float | tuple[float, float] = 1.0

    assumes: ClassVar[tuple[Assumption, ...]] = (
        Assumption.CLOSED_POPULATION,
        Assumption.ERROR_FREE_LINKAGE,
        Assumption.NO_OVERCOVERAGE,
        Assumption.KNOWN_ODDS_RATIO,
    )
    references: ClassVar[tuple[Reference, ...]] = (CHAPMAN_1951,)

    def __post_init__(self) -> None:
        pair = self.odds_ratio if isinstance(self.odds_ratio, tuple) else (self.odds_ratio, self.odds_ratio)
        if len(pair) != 2 or not (0 < pair[0] <= pair[1] < math.inf):
            raise message.refused("no odds ratio", got=repr(self.odds_ratio))

    @property
    def _odds(self) -> tuple[float, float]:
        """The smallest and the largest odds ratio."""
        if isinstance(self.odds_ratio, tuple):
            return float(self.odds_ratio[0]), float(self.odds_ratio[1])
        return float(self.odds_ratio), float(self.odds_ratio)

    def fit(self, waves: ReleaseWaves, *, seed: int = 0) -> CoverageEstimate:
        """Say what each wave says.

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
        TypeError
            If `waves` is no ReleaseWaves.
        """
        of_kind("waves", waves, ReleaseWaves)
        seed = arguments.seed(seed)
        grouped: dict[tuple[str, str], list[Wave]] = defaultdict(list)
        for wave in waves.waves:
            grouped[wave.wave, wave.source].append(wave)
        answers: list[WaveAnswer] = []
        notes: list[str] = []
        whole: dict[str, list[int]] = defaultdict(list)
        for rows in grouped.values():
            of_wave, stated = self._wave(rows, np.random.default_rng([seed, len(answers)]))
            if of_wave[0].held is not None:
                whole[of_wave[0].source].append(len(answers))
            notes += stated
            answers += of_wave
        chains, forecasts = {}, {}
        for source, places in whole.items():
            if len(places) > 1:
                chains[source], forecasts[source] = self._chain([answers[k] for k in places], seed)
                for k, draws in zip(places, chains[source], strict=True):
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
        kinds = [row.kind for row in rows]
        if "coverage" not in kinds or (len(rows) > 1 and any(row.listed is None for row in rows)):
            return [_answer(rows, "", kinds[0])], []
        notes: list[str] = []
        if any(row.scope == "official" for row in rows):
            notes.append(message("counted officially", wave=rows[0].wave))
        if rows[0].listed is None:
            return [_answer(rows, "", "coverage")], notes
        large = [[row] for row in rows if (row.both or 0) >= _FEWEST]
        small = [row for row in rows if (row.both or 0) < _FEWEST]
        groups = [*large, small] if small else large
        if len(small) > 1:
            names = ", ".join(row.stratum for row in small)
            notes.append(message("small groups together", n=_FEWEST, names=names))
        single = [self._of([group], " + ".join(row.stratum for row in group), rng) for group in groups]
        if len(single) == 1:
            return [replace(single[0], stratum="")], notes
        whole = self._of([[row] for row in rows], "", rng)
        if _by_length(rows):
            whole = _answer(rows, "", "by length")
        return [whole, *single], notes

    def _of(self, groups: list[list[Wave]], stratum: str, rng: np.random.Generator) -> WaveAnswer:
        """Groups together: the exact limits of one, or the sum of several inverted."""
        k, r, m = (
            np.array([sum(getattr(row, name) or 0 for row in rows) for rows in groups], dtype=np.int64)
            for name in ("listed", "identified", "both")
        )
        low, high = self._odds
        state = int(rng.integers(2**32)) if len(groups) > 1 else 0
        alike = shares_released(k, m)[1] > _ALIKE

        def ends(odds: float) -> tuple[float, float]:
            if len(groups) == 1:
                return limits(int(k[0]), int(r[0]), int(m[0]), _LEVEL, odds)
            both = [strata_limits(k, r, m, _LEVEL, odds, np.random.default_rng(state))]
            if alike:  # who came out did not depend on the group, so that all together are as right
                both.append(limits(int(k.sum()), int(r.sum()), int(m.sum()), _LEVEL, odds))
            return min(low for low, _ in both), max(high for _, high in both)

        listed, out = int(k.sum()), int((r - m).sum())
        by_odds = {}
        for odds in ODDS:
            held = listed + out + float(unlisted_point(k, r, m, odds).sum())
            by_odds[odds] = (held, *(listed + end for end in ends(odds)))
        found = Interval(ends(low)[0], ends(high)[1], _LEVEL, "exact hypergeometric")
        point = out + float(unlisted_point(k, r, m, float(np.sqrt(low * high))).sum())
        draws = np.empty(0)
        if np.isfinite(found.high) and len(groups) == 1:
            steps = np.geomspace(low, high, 5) if low < high else np.array([low])
            one = (int(k[0]), int(r[0]), int(m[0]))
            parts = [confidence_draws(*one, float(odds), _N_DRAWS // len(steps)) for odds in steps]
            draws = rng.permutation(np.concatenate(parts))
        elif np.isfinite(found.high):
            inside = max(point - out, 0.5)
            spread = np.log(max(found.high - out, inside + 0.5) / max(found.low - out, 0.25)) / (2 * 1.96)
            draws = out + inside * np.exp(spread * rng.standard_normal(_N_DRAWS))
        rows = [row for group in groups for row in group]
        return _answer(rows, stratum, "coverage", missing=found, point=point, by_odds=by_odds, draws=draws)

    def _chain(self, answers: list[WaveAnswer], seed: int) -> tuple[Floats, Floats]:
        """Waves of one source, followed: the unlisted before each, and the listed as they were forecast."""
        days = np.array([each.day_end.toordinal() for each in answers])
        listed, released, both = (
            np.array([getattr(each, name) for each in answers], dtype=np.int64)
            for name in ("listed", "identified", "both")
        )
        return chained(
            listed,
            released,
            both,
            np.diff(days, prepend=days[0]),
            odds=float(np.sqrt(np.prod(self._odds))),
            drift=_DRIFT,
            n_draws=_N_DRAWS,
            rng=np.random.default_rng([seed, 7]),
        )

    def _notes(self, waves: ReleaseWaves, answered: bool) -> list[str]:
        """What a reader must know, and what is to be said of waves of which nobody said what decides."""
        notes: list[str] = []
        if any(wave.kind == "definition" and not wave.scope for wave in waves.waves):
            words = ("same", "official", "wider", "returned")
            notes.append(message("nobody said who is counted", column="released_counts", words=words))
        if not answered:
            return notes
        notes.append(message("odds are stated"))
        if self._odds != (1.0, 1.0):
            notes.append(message("table at stated odds", low=self._odds[0], high=self._odds[1]))
        if all(not wave.stratum for wave in waves.waves):
            notes.append(message("without groups"))
        if not all(wave.fresh for wave in waves.waves):
            notes.append(message("if the list was fresh"))
        return notes


def _by_length(rows: list[Wave]) -> bool:
    """Whether those held longest came out most readily, and of some groups hardly anybody did.

    Whom the list does not know in these groups nobody saw. Groups whose names are no numbers in order are
    not of the length of stay, as far as can be seen.
    """
    numbers = [int(found.group()) for row in rows if (found := re.search(r"\d+", row.stratum))]
    if len(numbers) < len(rows) or numbers != sorted(numbers):
        return False
    listed, both = (np.array([getattr(row, name) or 0 for row in rows]) for name in ("listed", "both"))
    return shares_released(listed, both)[0] > _TREND and min(both) < _FEWEST


def _answer(rows: list[Wave], stratum: str, kind: Kind, **found: Any) -> WaveAnswer:
    """The answer of some rows, their counts added where all have them."""

    def total(name: str) -> int | None:
        values = [getattr(row, name) for row in rows]
        return None if None in values else sum(values)

    counts = ("listed", "released", "identified", "both", "unlisted", "recognised", "after", "added")
    whole = {
        **vars(rows[0]),
        **{name: total(name) for name in counts},
        "stratum": stratum,
        "kind": kind,
        "day_end": max(row.day_end for row in rows),
    }
    return WaveAnswer(**whole, **found)
