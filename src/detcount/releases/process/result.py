"""The result: releases day by day, forecasts of totals, ratios between sources, and gaps.

One class: each answer comes from the same draws, and most of it is documentation.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from detcount._numerics.delay import discrete_cdf
from detcount._numerics.process import Posterior
from detcount.assumptions import Assumption
from detcount.citation import CitationStyle, cite
from detcount.errors import InputError
from detcount.estimates import GapEstimate, IdentifiedBySource, UncertainCount, provenance
from detcount.estimates.quantities import quantity_columns
from detcount.printing import Shown, Summary, frame_of
from detcount.published import PublishedReleases
from detcount.published.days import as_date
from detcount.releases.process.forecast import Forecast, never_verified
from detcount.releases.process.gap import announced_inside, name_of_window, window_notes
from detcount.releases.process.layout import Layout
from detcount.releases.process.notes import (
    NOTE_FUTURE,
    NOTE_VERIFICATION_PRIOR,
)
from detcount.releases.process.questions import day_number, monitor_of, refuse_far, sources_of, window
from detcount.releases.process.series import Array, Series
from detcount.releases.process.tables import daily_frame, ratio_frame
from detcount.specification import Specification
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ProcessEstimate"]


class Options(Specification, Protocol):
    """What a result asks of the specification that made it."""

    @property
    def verification(self) -> tuple[float, float]:
        """Beta prior of the chance that a true release is ever verified."""
        ...

    @property
    def delay(self) -> str:
        """Family of the delay."""
        ...

    @property
    def memory(self) -> float:
        """Days after which a campaign has lost two thirds of its effect."""
        ...


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ProcessEstimate(Shown):
    """Releases day by day, what each monitor will have verified, and what is left of announcements.

    Parameters
    ----------
    reports : PublishedReleases
        The counts.
    series : tuple
        Counts of each source and role, each written as earlier ones and an increment.
    layout : object
        The days, in blocks.
    posterior : object
        Draws of the intensity and of the global parameters.
    estimator : ReleaseProcess
        The specification.
    delay_from_data : bool
        Whether successive counts say something of the delay.
    seed : int
        Seed of the fit.
    notes : tuple of str
        What a reader must know besides the assumptions.
    """

    reports: PublishedReleases
    series: tuple[Series, ...]
    layout: Layout
    posterior: Posterior
    estimator: Options
    delay_from_data: bool
    seed: int
    notes: tuple[str, ...]

    @property
    def as_of(self) -> dt.date:
        """Day of the last count."""
        return as_date(self.layout.today)

    @property
    def sources(self) -> tuple[str, ...]:
        """Sources whose totals can be forecast."""
        return sources_of(self.series)

    @property
    def main(self) -> str:
        """The monitor in whose definition carried out releases are given: the one that said most."""
        return self.series[self._main].source

    @cached_property
    def _main(self) -> int:
        order = {"verified": 1, "reported": 0, "announced": -1}
        return max(
            range(len(self.series)),
            key=lambda k: (
                order[self.series[k].role],
                len(self.series[k].plan.rows),
                self.series[k].total,
                -k,
            ),
        )

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What has to hold for the numbers to mean what they say."""
        return self.estimator.assumes

    @property
    def diagnostics(self) -> dict[str, float]:
        """How well the draws were made: Pareto k, effective sizes, and the global parameters' means."""
        posterior = self.posterior
        reached = discrete_cdf(self.estimator.delay, posterior.delay, np.array([0, 2, 6, 13]))
        return {
            "r_hat": posterior.r_hat,
            "effective_draws": posterior.effective,
            "pareto_k": posterior.pareto_k,
            "effective_points": posterior.effective_globals,
            "verified_same_day": float(reached[:, 0].mean()),
            "verified_in_3_days": float(reached[:, 1].mean()),
            "verified_in_a_week": float(reached[:, 2].mean()),
            "verified_in_two_weeks": float(reached[:, 3].mean()),
            "cluster_spread": float(posterior.spread.mean()),
            "day_scale": float(posterior.day.mean()),
            "campaign_scale": float(posterior.campaign.mean()),
            "n_counts": float(sum(len(one.plan.rows) for one in self.series)),
            "n_blocks": float(len(self.layout.starts)),
        }

    def nowcast(self, source: str, *, start: Any, end: Any, on: Any = None) -> UncertainCount:
        """Forecast the total that a source will publish for a window of release days.

        Parameters
        ----------
        source : str
            A monitor, by the name it has in the counts.
        start, end : date
            First and last release day counted. `end` may lie after the last count: releases still to
            come are then forecast.
        on : date, optional
            Day of publication; None for the total in the end.

        Returns
        -------
        UncertainCount
            Persons: the latest total of the source inside the window, unless it is corrected, and what
            will be added.

        Raises
        ------
        InputError
            If the source is unknown, the window ends before it starts, or `on` lies before the window.
        """
        which = monitor_of(self.series, source, "source")
        first, last = window(start, end)
        day = None if on is None else day_number("on", on)
        if day is not None and day < first:
            raise InputError(
                Message(
                    "on: expected a day in or after the window from {first}, got {day}. "
                    "A total can be published from the first day it counts",
                    first=f"{as_date(first)}",
                    day=f"{as_date(day)}",
                )
            )
        refuse_far(self.layout, first, last)
        random = np.random.default_rng([self.seed, 1, which, abs(first), abs(last), abs(day or 0)])
        known, added = self._forecast.totals(which, first, last, day, random)
        withdrawn = self._forecast.withdrawn(which, known, len(added), random)
        return UncertainCount.from_draws(
            known - withdrawn + added,
            bounds=(0, math.inf),
            identified_by=self._identified,
            effective_size=self.posterior.effective,
        )

    def gap(
        self, start: Any, end: Any, *, announced_by: str | None = None, verified_by: str | None = None
    ) -> GapEstimate:
        """Split what was announced for a window of days and not verified.

        Parameters
        ----------
        start, end : date
            First and last release day.
        announced_by : str, optional
            Whose announcements; by default those that cover most days of the window.
        verified_by : str, optional
            Whose verification; by default that of `main`.

        Returns
        -------
        GapEstimate
            Parts in persons.

        Raises
        ------
        InputError
            If a source is unknown or the window ends before it starts.
        NotEstimableError
            If nothing was announced for days inside the window.
        """
        first, last = window(start, end)
        notes = []
        if last > self.layout.today:
            last = self.layout.today
            notes.append(Message(NOTE_FUTURE, as_of=self.as_of))
            if last < first:
                raise InputError(
                    Message(
                        "start: expected a day up to {as_of}, got {first}. Use nowcast",
                        as_of=f"{self.as_of}",
                        first=f"{as_date(first)}",
                    )
                )
        refuse_far(self.layout, first, last)
        announcer, cover = announced_inside(self.series, first, last, self.layout.today, announced_by)
        announced = int(announcer.count[list(cover)].sum())
        which = self._main if verified_by is None else monitor_of(self.series, verified_by, "verified_by")
        monitor = self.series[which]
        inside = monitor.cover(first, last, self.layout.today)
        verified = int(monitor.count[list(inside)].sum()) if inside else 0
        notes += window_notes(announcer, cover, monitor, inside, last - first + 1)
        random = np.random.default_rng([self.seed, 2, which, abs(first), abs(last)])
        _, pending = self._forecast.totals(which, first, last, None, random)
        mean = self._forecast.counted(which, np.arange(first, last + 1)).sum(axis=1)
        never = never_verified(mean, self._chance, random)
        carried_out = verified + pending + never
        infinite, size = math.inf, self.posterior.effective
        return GapEstimate(
            label=name_of_window(announcer.source, as_date(first), as_date(last)),
            start=as_date(first),
            end=as_date(last),
            as_of=self.as_of,
            announced=announced,
            announced_by=announcer.source,
            at_least=bool(announcer.at_least[list(cover)].any()),
            verified=verified,
            verified_by=monitor.source,
            verified_on=as_date(int(monitor.published[list(inside)].max())) if inside else None,
            eventually_verified=UncertainCount.from_draws(
                verified + pending,
                bounds=(verified, infinite),
                identified_by=self._identified,
                effective_size=size,
            ),
            carried_out=UncertainCount.from_draws(
                carried_out, bounds=(verified, infinite), identified_by="prior", effective_size=size
            ),
            pending=UncertainCount.from_draws(
                pending, bounds=(0, infinite), identified_by=self._identified, effective_size=size
            ),
            unverifiable=UncertainCount.from_draws(
                never, bounds=(0, infinite), identified_by="prior", effective_size=size
            ),
            unsubstantiated=UncertainCount.from_draws(
                np.maximum(announced - carried_out, 0),
                bounds=(0, max(announced - verified, 0)),
                identified_by="prior",
                effective_size=size,
            ),
            estimator=self.estimator,
            digest=self.reports.digest,
            definition=self.reports.definition,
            seed=self.seed,
            notes=(*notes, *self.notes, self._verification_note),
        )

    @property
    def daily(self) -> Any:
        """Releases of each day that each monitor will have verified, and those carried out: a frame."""
        return daily_frame(self._forecast, self._main, self._chance, self._identified, cumulative=False)

    @property
    def cumulative(self) -> Any:
        """Running totals of `daily`: a frame."""
        return daily_frame(self._forecast, self._main, self._chance, self._identified, cumulative=True)

    @property
    def ratios(self) -> Any:
        """What each source counts for one release that `main` will verify, for the same days: a frame."""
        return ratio_frame(self._forecast, self._main)

    @property
    def _totals(self) -> list[tuple[str, dt.date, UncertainCount]]:
        """Of each monitor its name, the first day it counts from, and what it will have verified since."""
        found = []
        for one in self.series:
            if one.role != "announced" and one.plan.rows:
                first = as_date(int(one.start.min()))
                found.append((one.source, first, self.nowcast(one.source, start=first, end=self.as_of)))
        return found

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give what each monitor will have verified in the end, one dictionary a monitor."""
        found = []
        for source, first, count in self._totals:
            interval = count.interval(level)
            found.append(
                {
                    "source": source,
                    "quantity": "eventually verified",
                    "start": first,
                    "end": self.as_of,
                    "low": interval.low,
                    "mean": count.mean,
                    "high": interval.high,
                    "level": level,
                    "identified_by": count.identified_by,
                }
            )
        return found

    def to_frame(self, level: float = 0.95) -> pd.DataFrame:
        """Give the rows as a pandas frame."""
        return frame_of(self.rows(level))

    def record(self, level: float = 0.95) -> dict[str, Any]:
        """Give everything needed to make the numbers again, as plain values that JSON can hold."""
        totals = {
            row["source"]: {
                "start": row["start"].isoformat(),
                "end": row["end"].isoformat(),
                **{name: row[name] for name in ("low", "mean", "high", "level", "identified_by")},
            }
            for row in self.rows(level)
        }
        return {
            "estimator": repr(self.estimator),
            "as_of": self.as_of.isoformat(),
            "eventually_verified": totals,
            "ratios": self.ratios.to_dict("records"),
            "diagnostics": {
                key: value if math.isfinite(value) else None for key, value in self.diagnostics.items()
            },
            "seed": self.seed,
            "data_sha256": self.reports.digest,
            "assumptions": [str(assumption) for assumption in self.assumptions],
            "notes": list(self.notes),
            **provenance(),
        }

    def cite(self, style: CitationStyle = "text") -> str:
        """Say how to cite the library and the papers of the method used."""
        return cite(style, references=self.estimator.references)

    def headline(self) -> Message:
        """Give what the monitor that said most will have verified, in one line."""
        main = self.series[self._main]
        first = as_date(int(main.start.min()))
        return Message(
            "{series} series of counts from {rows:,} rows up to {as_of}; {monitor} will have verified "
            "{total} of the releases since {first}",
            series=len(self.series),
            rows=len(self.reports),
            as_of=str(self.as_of),
            monitor=main.source,
            total=self.nowcast(main.source, start=first, end=self.as_of).headline(),
            first=str(first),
        )

    def sentence(self) -> Message:
        """Say what each monitor will have verified in the end."""
        return Message.together(
            Message(
                "Of the releases from {start} to {end}, {source} will have verified this many in the end: "
                "{total}.",
                start=first,
                end=self.as_of,
                source=source,
                total=count.headline(),
            )
            for source, first, count in self._totals
        )

    def summary(self) -> Summary:
        """Give the whole: every monitor in a row, the method, what has to hold, and the notes."""
        columns = quantity_columns((source, count) for source, _, count in self._totals)
        return Summary(
            self.headline(),
            self.sentence(),
            replace(columns, head=(Message("Monitor"), *columns.head[1:])),
            method=repr(self.estimator),
            assumptions=self.assumptions,
            notes=self.notes,
        )

    def __repr__(self) -> str:
        return f"<ProcessEstimate by {self.estimator!r}: {self}>"

    # what the numbers above are made of

    @cached_property
    def _forecast(self) -> Forecast:
        return Forecast(
            self.series, self.layout, self.posterior, self.estimator.delay, self.estimator.memory, self.seed
        )

    @property
    def _identified(self) -> IdentifiedBySource:
        return "data" if self.delay_from_data else "prior"

    @cached_property
    def _chance(self) -> Array:
        """Draws of the chance that a true release is ever verified, the same for every question."""
        random = np.random.default_rng([self.seed, 3])
        return random.beta(*self.estimator.verification, size=len(self.posterior.level))

    @property
    def _verification_note(self) -> str:
        low, high = np.quantile(self._chance, [0.025, 0.975])
        a, b = self.estimator.verification
        return Message(NOTE_VERIFICATION_PRIOR, mean=a / (a + b), low=low, high=high)
