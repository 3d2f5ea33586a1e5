"""What waves of releases say of the people whom a list does not know.

It is two classes with their words, one for a wave and one for all.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from detcount import arguments
from detcount._numerics.arrays import Floats
from detcount._numerics.stock.released import unlisted_point
from detcount.assumptions import Assumption
from detcount.definition import Definition
from detcount.errors import NotEstimableError
from detcount.estimates import Interval, UncertainCount, provenance
from detcount.estimates.result import without_infinity
from detcount.printing import Column
from detcount.shown import Tabular
from detcount.specification import Specification, written_out
from detcount.stock.coverage.waves import KIND_WORDS, Kind
from detcount.words import Message, Number

if TYPE_CHECKING:
    import pandas as pd

ODDS = (1 / 8, 1 / 4, 1 / 2, 1.0, 1.5, 2.0, 3.0, 5.0)
"""Odds ratios at which the number held is shown."""

_WHY: dict[str, Message] = {
    "preliminary": Message(
        "those confirmed first are those whose names are known, so that the share of the listed is near one "
        "whatever the list lacks"
    ),
    "bounds": Message("of those released who are not recognised it is not said whether they were listed"),
    "share only": Message(
        "those released are of a wider kind than the list, so that this is the share of them that the "
        "list names"
    ),
    "list side only": Message(
        "it is known how many of the list came out, and not how many came out of the kind that it lists"
    ),
    "not compared": Message("it is not said how many of those released were on the list before"),
    "definition": Message(
        "it is not known that those released and those listed are counted alike by different hands"
    ),
    "wrong entries": Message(
        "the list may hold people who are dead, free or named twice, and releases do not show them"
    ),
}


@dataclass(frozen=True)
class WaveAnswer:
    """What one wave says, for one group or for all.

    Parameters
    ----------
    wave, source, stratum : str
        The wave, whose list it is, and the group; empty where all are counted together.
    day : datetime.date
        Last day of the wave.
    kind : str
        "coverage" where those released can be set against the list, or why they cannot.
    listed, released, identified, both : int or None
        On the list before, persons; released; of whom it is known whether they were listed; who were.
    recognised : int or None
        Whom the monitor counted as its own kind.
    unlisted : Interval or None
        Those inside before the wave whom the list did not know, limits at 95%; None where it says
        nothing of them.
    point : float or None
        The same, in one number.
    by_odds : dict of float to (float, float, float)
        For odds ratios of coming out, listed against unlisted: point and limits of the number held before.
    draws : ndarray of float64
        Confidence distribution of the unlisted before the wave; empty where there is none.

    Examples
    --------
    See `CoverageFromReleases`, whose result holds them in `answers`.
    """

    wave: str
    source: str
    stratum: str
    day: dt.date
    kind: Kind
    listed: int | None
    released: int | None
    identified: int | None
    both: int | None
    recognised: int | None
    unlisted: Interval | None
    point: float | None
    by_odds: dict[float, tuple[float, float, float]]
    draws: Floats

    def name(self, several: bool) -> Message:
        """Name of the wave, with whose list it is where there are several."""
        return Message("{wave} ({source})" if several else "{wave}", wave=self.wave, source=self.source)

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
        if self.unlisted is None or self.listed is None:
            return None
        low, high = self.listed + self.unlisted.low, self.listed + self.unlisted.high
        return Interval(low, high, self.unlisted.level, self.unlisted.method)

    @property
    def limits(self) -> tuple[float | None, float | None]:
        """The same, or nothing twice."""
        return (None, None) if self.interval is None else (self.interval.low, self.interval.high)

    @property
    def floor(self) -> int | None:
        """At least held before: the listed, and the unlisted who came out; None where nothing is said."""
        if self.kind != "coverage" or self.listed is None or self.identified is None or self.both is None:
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
        counted = {"n": self.identified, "m": self.both}
        if self.listed is None or self.held is None or self.interval is None:
            low, high = (self.share or (0, 0, 1))[1:]
            return Message(
                "Of the {n:,} released, {m:,} were on the list, {low:.0%} to {high:.0%} of those inside "
                "if the "
                "released are like them. How long the list was is not said, so that nothing follows on "
                "how many "
                "were held.",
                **{**counted, "low": low, "high": high},
            )
        outside = (self.identified or 0) - (self.both or 0)
        held, low, high = self.by_odds[1.0]  # as the sentence supposes, whatever odds were stated
        limits = (
            Message("{low:,.0f} to {high:,.0f}", low=low, high=high)
            if np.isfinite(high)
            else Message("{low:,.0f} or more", low=low)
        )
        return Message(
            "Of the {n:,} released, {m:,} were on the list of {listed:,}. If the released are like those "
            "still "
            "inside, about {held:,.0f} were held ({limits}), and {after:,.0f} after it; if the odds of being "
            "released were twice as high for the listed, about {twice:,.0f}. If the {outside:,} who were "
            "not on the "
            "list are not of the kind that it counts, the wave says nothing beyond the list: at least "
            "{listed:,}.",
            **counted,
            listed=self.listed,
            held=held,
            limits=limits,
            after=held - (self.identified or 0),
            twice=self.by_odds[2.0][0],
            outside=outside,
        )

    def _declined(self) -> Message:
        """Say what a wave that is no coverage says: its counts, and why nothing follows on the list."""
        released = self.identified if self.identified is not None else self.released
        named = self.both if self.both is not None else self.recognised
        parts: list[Message] = []
        if self.kind == "bounds" and self.both is not None and released:
            parts.append(
                Message(
                    "{wave}: {m:,} of {n:,} released were on the list, or {m:,} of {m:,} if the others "
                    "are not of its "
                    "kind",
                    wave=self.wave,
                    m=self.both,
                    n=released,
                )
            )
        elif named is not None and released:
            parts.append(Message("{wave}: {m:,} of {n:,} released", wave=self.wave, m=named, n=released))
        else:
            parts.append(Message("{wave}", wave=self.wave))
        return Message("{what}. No share of those held follows: {why}.", what=parts[0], why=_WHY[self.kind])


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
        found = [each for each in self.usable if each.day == asked and len(each.draws)]
        if not found:
            raise NotEstimableError(
                "CoverageFromReleases",
                Message("no wave that can be set against a list ends on {day}", day=asked),
                Message("Name the last day of such a wave."),
            )
        answer = found[-1]
        draws = np.maximum(np.rint((answer.listed or 0) + answer.draws), answer.floor or 0).astype(np.int64)
        return UncertainCount.from_draws(
            draws, bounds=(float(answer.floor or 0), float("inf")), identified_by="data"
        )

    def anchors(self) -> dict[dt.date, UncertainCount]:
        """Give the number held before each wave, by day, as `IntegratedStock` takes it."""
        return {each.day: self.at(each.day) for each in self.usable if len(each.draws)}

    def path(self) -> pd.DataFrame:
        """Give the share of those held that the list knew before each of several waves of a source.

        Returns
        -------
        pandas.DataFrame
            By source and wave: share known with limits at 95%, as known after the wave, and the share of the
            listed among those released with the limits that the waves before it foretold.
        """
        import pandas as pd

        rows = []
        for source, unlisted in self.chains.items():
            answers = [each for each in self.usable if each.source == source]
            for each, left, forecast in zip(answers, unlisted, self.forecasts[source], strict=True):
                known = (each.listed or 0) / ((each.listed or 0) + left)
                low, middle, high = np.quantile(known, [0.025, 0.5, 0.975])
                ends = np.quantile(forecast, [0.025, 0.975]) / max(each.identified or 0, 1)
                rows.append(
                    {
                        "source": source,
                        "wave": each.wave,
                        "day": each.day,
                        "known_share": middle,
                        "low": low,
                        "high": high,
                        "released_share": (each.both or 0) / max(each.identified or 0, 1),
                        "forecast_low": ends[0],
                        "forecast_high": ends[1],
                    }
                )
        return pd.DataFrame(rows)

    def headline(self) -> Message:
        """Say the last wave's number, or that there is none."""
        if not self.usable:
            return Message("no wave of releases says how many the list does not know")
        last = self.usable[-1]
        _, low, high = last.by_odds[1.0]
        if not np.isfinite(high):
            return Message("{low:,.0f} or more held before {wave}", low=low, wave=last.wave)
        return Message(
            "{low:,.0f} to {high:,.0f} held before {wave}, if the released are like those still inside",
            low=low,
            high=high,
            wave=last.wave,
        )

    def sentence(self) -> Message:
        """Say what each wave says."""
        whole = [each for each in self.answers if not each.stratum]
        first = sorted(whole, key=lambda each: (each.held is None, -each.day.toordinal()))
        several = len({each.source for each in whole}) > 1
        if len(first) == 1:
            return first[0].sentence()
        return Message.together(
            [
                Message("{wave}: {said}", wave=each.name(several), said=each.sentence())
                if each.held
                else each.sentence()
                for each in first
            ]
        )

    @property
    def _items(self) -> tuple[WaveAnswer, ...]:
        """A row for each answer, oldest first."""
        return self.answers

    @property
    def _columns(self) -> tuple[Column, ...]:
        """The columns, of frames and of what people read."""

        def at(odds: float, title: Message | None = None) -> Column:
            def value(row: WaveAnswer) -> int | None:
                return round(row.by_odds[odds][0]) if row.by_odds else None

            return Column(name=f"held_at_odds_{odds:g}", value=value, title=title, write=",")

        return (
            Column(name="wave", title=Message("wave"), left=True),
            Column(name="source"),
            Column(name="group", value="stratum", title=Message("group"), left=True),
            Column(name="day", value=lambda row: row.day.isoformat()),
            Column(name="listed", title=Message("listed"), write=","),
            Column(name="released"),
            Column(name="identified", title=Message("released"), write=","),
            Column(name="on_list", value="both", title=Message("of them listed"), write=","),
            Column(name="floor"),
            Column(name="held", value=lambda row: _whole(row.held), title=Message("held before"), write=","),
            Column(name="low", value=lambda row: row.limits[0], title=Message("low"), write=_limit),
            Column(name="high", value=lambda row: row.limits[1], title=Message("high"), write=_limit),
            Column(name="held_after", value=lambda row: _whole(row.held_after)),
            Column(
                name="tipping_odds_ratio",
                value=lambda row: None if row.tipping is None else round(row.tipping, 2),
            ),
            *(at(odds) for odds in ODDS if odds < 1 / 2),
            at(1 / 2, Message("if odds are ½")),
            *(at(odds) for odds in ODDS if 1 / 2 < odds < 2),
            at(2.0, Message("if odds are 2")),
            *(at(odds) for odds in ODDS if odds > 2),
            Column(name="kind", title=Message("what it is"), write=KIND_WORDS.__getitem__, left=True),
        )

    def record(self) -> dict[str, Any]:
        """Give all that is needed to make the numbers again, as plain values."""
        return {
            "method": repr(self.estimator),
            "specification": written_out(self.estimator),
            "waves_sha256": self.digest,
            "verdict": self.verdict,
            "waves": [without_infinity(row) for row in self.rows()],
            "definition": None if self.definition is None else self.definition.record(),
            "seed": self.seed,
            "assumptions": [str(assumption) for assumption in self.assumptions],
            "notes": [str(note) for note in self.notes],
            **provenance(),
        }


def _whole(value: float | None) -> int | None:
    """A number of persons, rounded."""
    return None if value is None else round(value)


def _limit(value: float) -> str:
    """A limit as people read it."""
    return Number(value, ",.0f") if math.isfinite(value) else "∞"
