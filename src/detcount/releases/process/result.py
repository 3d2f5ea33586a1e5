"""The result: releases day by day, forecasts of totals, ratios between sources, and gaps."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from detcount._numerics.process import Posterior, delay_cdf
from detcount.assumptions import Assumption
from detcount.citation import CitationStyle, cite
from detcount.errors import InputError
from detcount.estimates import GapEstimate, UncertainCount, provenance
from detcount.estimates.quantities import quantity_columns
from detcount.printing import Summary, frame_of
from detcount.published import PublishedReleases
from detcount.published.days import as_date
from detcount.releases.process.basis import looked_at_twice
from detcount.releases.process.draws import Draws
from detcount.releases.process.forecast import Forecast
from detcount.releases.process.layout import Layout
from detcount.releases.process.limit import Limit
from detcount.releases.process.lots import Lots
from detcount.releases.process.notes import NOTE_VERIFICATION_PRIOR
from detcount.releases.process.options import Options
from detcount.releases.process.questions import day_number, monitor_of, refuse_far, sources_of, window
from detcount.releases.process.series import Series
from detcount.releases.process.split import gap_of
from detcount.releases.process.tables import daily_frame, ratio_frame
from detcount.shown import Shown
from detcount.specification import written_out
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ProcessEstimate"]


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
    lots : object
        The announcements, each person in one of them.
    posterior : object
        Draws of the releases and of the global parameters.
    estimator : ReleaseProcess
        The specification.
    limit : object, optional
        Those held at the start and arrested since, where they were given.
    seed : int
        Seed of the fit.
    notes : tuple of str
        What a reader must know besides the assumptions.

    Examples
    --------
    >>> import detcount as dc
    >>> rows = {
    ...     "published": ["2026-01-03", "2026-01-04", "2026-01-12"],
    ...     "start": ["2026-01-02"] * 3,
    ...     "end": ["2026-01-03"] * 3,
    ...     "event": ["January"] * 3,
    ...     "source": ["ministry", "monitor", "monitor"],
    ...     "role": ["announced", "verified", "verified"],
    ...     "measure": ["people"] * 3,
    ...     "count": [90, 31, 44],
    ... }
    >>> reports = dc.PublishedReleases.from_frame(rows)
    >>> fitted = dc.releases.ReleaseProcess(n_draws=200).fit(reports)
    >>> fitted.sources
    ('monitor',)
    """

    reports: PublishedReleases
    series: tuple[Series, ...]
    layout: Layout
    lots: Lots
    posterior: Posterior
    estimator: Options
    limit: Limit | None
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
        return self.series[self._draws.main].source

    @property
    def delay_from_data(self) -> bool:
        """Whether a closed window was counted twice, so that the counts say something of the delay."""
        return looked_at_twice(self.series)

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What has to hold for the numbers to mean what they say."""
        return self.estimator.assumes

    @property
    def diagnostics(self) -> dict[str, float]:
        """How well the draws were made: R-hat, the least effective size, and what was learned."""
        posterior = self.posterior
        reached = delay_cdf(
            self.estimator.delay, posterior.delay, posterior.slow, np.array([0.0, 2.0, 6.0, 13.0])
        )
        return {
            "r_hat": posterior.r_hat,
            "effective_draws": posterior.effective,
            "verified_same_day": float(reached[:, 0].mean()),
            "verified_in_3_days": float(reached[:, 1].mean()),
            "verified_in_a_week": float(reached[:, 2].mean()),
            "verified_in_two_weeks": float(reached[:, 3].mean()),
            "slow_share": float(posterior.slow.mean()),
            "cluster_spread": float(np.median(posterior.spread)),
            "wave_rate": float(np.median(posterior.wave_rate)),
            "wave_size": float(np.median(posterior.wave_size)),
            "wave_days": float(np.median(posterior.tau)),
            "campaign_lasts": float(posterior.active.mean()),
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
            will be added. Where the window goes on after the latest verified total and `on` is given, a
            pool of this model and of the growth of totals in other campaigns, unless the specification says
            otherwise.

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
        return self._draws.nowcast(which, first, last, day)

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
        return gap_of(
            self._draws, first, last, announced_by, verified_by, (*self.notes, self._verification_note)
        )

    @property
    def daily(self) -> Any:
        """Releases of each day that each monitor will have verified, and those carried out: a frame."""
        return daily_frame(self._forecast, self._draws.main, self._draws.chance, cumulative=False)

    @property
    def cumulative(self) -> Any:
        """Running totals of `daily`: a frame."""
        return daily_frame(self._forecast, self._draws.main, self._draws.chance, cumulative=True)

    @property
    def ratios(self) -> Any:
        """What each source counts for one release that `main` will verify, for the same days: a frame."""
        return ratio_frame(self._forecast, self._draws.main)

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
                    "median": count.median,
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
                **{name: row[name] for name in ("low", "median", "high", "level", "identified_by")},
            }
            for row in self.rows(level)
        }
        return {
            "estimator": repr(self.estimator),
            "specification": written_out(self.estimator),
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
        main = self.series[self._draws.main]
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
    def _draws(self) -> Draws:
        return Draws(
            self.reports,
            self.series,
            self.layout,
            self.lots,
            self.posterior,
            self.estimator,
            self.limit,
            self.seed,
        )

    @property
    def _forecast(self) -> Forecast:
        return self._draws.forecast

    @property
    def _verification_note(self) -> str:
        low, high = np.quantile(self._draws.chance, [0.025, 0.975])
        a, b = self.estimator.verification
        return Message(NOTE_VERIFICATION_PRIOR, mean=a / (a + b), low=low, high=high)
