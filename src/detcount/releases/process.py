"""Totals to come: what a monitor will have published, from its own steps and growth in other campaigns.

One chapter: the forecasts, and the specification that makes them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from detcount.assumptions import Assumption
from detcount.contract import references
from detcount.contract.arguments import AtLeast100
from detcount.contract.citation import Reference
from detcount.contract.specification import specification
from detcount.data.published import PublishedReleases
from detcount.data.published.counts import MATCH_DAYS
from detcount.data.published.reading import as_date, read_day
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import UncertainCount
from detcount.estimates.count import quantity_columns
from detcount.estimates.result import Estimate
from detcount.releases.totals import (
    CAMPAIGNS,
    Figures,
    announced_for,
    every_series,
    figures_of,
    growth_elsewhere,
    growth_known,
    other_campaigns,
    pooled,
)
from detcount.reports.printing import Columns
from detcount.words import N_, Message

NOTE_POOL = N_(
    "Forecast totals rest on what the same monitor has counted so far, and on how totals grew in {n} "
    "campaigns, without the one that these counts may belong to."
)


@dataclass(frozen=True)
class Tuning:
    """Horizons of forecasts.

    Parameters
    ----------
    horizon : int, days
        Longest forecast beyond the last count. Convention: a year.
    ahead : int, days
        Days ahead of printed rows and sentences. Convention: a month.
    learned : int, figures
        Figures from which own steps have a spread. Convention: two steps.
    """

    horizon: int = 366
    ahead: int = 30
    learned: int = 3


TUNING = Tuning()


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ProcessEstimate(Estimate):
    """Figures that monitors will have published on a later day.

    Parameters
    ----------
    reports : PublishedReleases
        The counts.
    estimator : ReleaseProcess
        The specification.
    seed : int
        Seed of the draws.

    Examples
    --------
    >>> import detcount as dc
    >>> rows = {
    ...     "published": ["2026-01-03", "2026-01-04", "2026-01-12"],
    ...     "start": ["2026-01-02"] * 3,
    ...     "end": ["2026-01-03"] * 3,
    ...     "source": ["ministry", "monitor", "monitor"],
    ...     "role": ["announced", "verified", "verified"],
    ...     "count": [90, 31, 44],
    ... }
    >>> reports = dc.PublishedReleases.from_frame(rows)
    >>> fitted = dc.releases.ReleaseProcess(n_draws=200).fit(reports)
    >>> fitted.sources
    ('monitor',)
    """

    reports: PublishedReleases
    estimator: ReleaseProcess
    seed: int

    @property
    def digest(self) -> str:
        """SHA-256 of the counts."""
        return self.reports.digest

    @property
    def as_of(self) -> dt.date:
        """Day of the last count."""
        return self.reports.last_published

    @property
    def sources(self) -> tuple[str, ...]:
        """Sources whose totals can be forecast."""
        return tuple(dict.fromkeys(one.source for one in every_series(self.reports)))

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes for a reader besides the assumptions."""
        return (Message(NOTE_POOL, n=len(CAMPAIGNS)),)

    def nowcast(self, source: str, *, start: Any, end: Any, on: Any = None) -> UncertainCount:
        """Forecast the total that a source will publish for a window of release days.

        Parameters
        ----------
        source : str
            A monitor, by the name it has in the counts.
        start, end : date
            First and last release day counted: the first day of a running total of the source, give or take
            two. `end` may lie after the last count: releases still to come are then forecast.
        on : date, optional
            Day of publication; None for the last day of the window, or of the counts where that is later.

        Returns
        -------
        UncertainCount
            Persons. It rests on the data from three figures on, on the prior of other campaigns before.

        Raises
        ------
        InputError
            If the source is unknown, the window ends before it starts, or `on` lies before the window.
        NotEstimableError
            If the source has no total from that day.
        """
        if source not in self.sources:
            raise InputError(
                Message(
                    "source: expected one of {known}, got {got}. Only sources with counts of releases in a "
                    "known window can be forecast",
                    known=", ".join(map(repr, self.sources)),
                    got=repr(source),
                )
            )
        first, last = (read_day(value, name) for name, value in (("start", start), ("end", end)))
        today = self.reports.published[-1]
        day = max(last, today) if on is None else read_day(on, "on")
        for name, value, least in (("end", last, first), ("on", day, first)):
            if not least <= value <= today + TUNING.horizon:
                raise InputError(
                    Message(
                        "{name}: expected a day from {least} to {most}, got {got}. Swap the days, or ask for "
                        "less",
                        name=name,
                        least=str(least),
                        most=str(today + TUNING.horizon),
                        got=str(value),
                    )
                )
        return self._forecast(self._figures(source, first), last, day)

    def _figures(self, source: str, start: np.datetime64) -> Figures:
        """The running total of a source that begins on a day, or within two: the latest of the nearest."""
        starts = {one.start for one in every_series(self.reports) if one.source == source}
        nearest = min(sorted(starts), key=lambda day: abs(day - start))
        found = figures_of(self.reports, source, nearest)
        if found is None or abs(nearest - start) > np.timedelta64(MATCH_DAYS, "D"):
            raise NotEstimableError(
                "ReleaseProcess",
                Message("{source} has no total from {day} on", source=source, day=as_date(start)),
                Message(
                    "Ask for a window that begins on one of {days}.", days=", ".join(sorted(map(str, starts)))
                ),
            )
        return found

    def _forecast(self, figures: Figures, end: np.datetime64, on: np.datetime64) -> UncertainCount:
        """The distribution of a total on a day."""
        n_draws, random = self.estimator.n_draws, np.random.default_rng(self.seed)
        ahead = figures.days_ahead(end, on)
        draws = np.full(n_draws, float(figures.latest))
        goes_on = end > figures.ends[-1]
        if ahead and on > figures.days[-1]:
            elsewhere = growth_known(self.reports, figures, other_campaigns(figures.start))
            member = pooled if goes_on else growth_elsewhere
            found = member(figures, ahead, elsewhere, announced_for(self.reports, figures), n_draws, random)
            draws = draws if found is None else found
        return UncertainCount.from_draws(
            np.rint(draws).astype(np.int64),
            bounds=(0, np.inf),
            identified_by="data" if len(figures.days) >= TUNING.learned else "prior",
        )

    @property
    def _totals(self) -> list[tuple[Figures, dt.date, UncertainCount]]:
        """Each running total with a figure in the last month, forecast a month ahead."""
        later = self.reports.published[-1] + TUNING.ahead
        return [
            (one, as_date(later), self._forecast(one, later, later))
            for one in every_series(self.reports)
            if self.reports.published[-1] - one.days[-1] <= np.timedelta64(TUNING.ahead, "D")
        ]

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give the total of each monitor a month after the last count, one dictionary a running total."""
        return [
            {"source": one.source, "start": as_date(one.start), "latest": one.latest, "on": day}
            | {name: row[name] for name in ("low", "median", "high", "level", "identified_by")}
            for one, day, count in self._totals
            for row in count.rows(level)
        ]

    def _recorded(self, level: float) -> dict[str, Any]:
        return {"as_of": self.as_of, "totals_to_come": self.rows(level)}

    @property
    def _table(self) -> Columns:
        """Every running total in a row."""
        columns = quantity_columns((one.source, count) for one, _, count in self._totals)
        return replace(columns, head=(Message("Monitor"), *columns.head[1:]))

    def headline(self) -> Message:
        """Say how many running totals can be continued, and up to which day counts are known."""
        return Message.counted(
            "{n} running total of verified releases, known to {day}",
            "{n} running totals of verified releases, known to {day}",
            n=len(every_series(self.reports)),
            day=self.as_of,
        )

    def sentence(self) -> Message:
        """Say what each monitor will have published a month later."""
        return Message.together(
            Message(
                "Of the releases since {start}, {source} will have verified this many by {day}: {total}.",
                start=as_date(one.start),
                source=one.source,
                day=day,
                total=count.headline(),
            )
            for one, day, count in self._totals
        )


@specification
class ReleaseProcess:
    """Running totals of verified releases, continued to a later day.

    The estimand is the total, persons, that a monitor publishes for a window of release days on a day to
    come. It says nothing of what was announced and not verified: for that see `AnnouncedBatches`.

    Parameters
    ----------
    n_draws : int, optional
        Draws of each forecast.

    See Also
    --------
    AnnouncedBatches : What became of an announcement.
    VerificationDelay : How long verification takes, from dated cases.

    Notes
    -----
    A linear pool of two forecasts. *Own steps*: what each figure added to the one before (the first, since
    the window began) is negative binomial, its variance over its mean learned from successive steps and a
    prior of 12; the rate is gamma, of steps weighed by exp(-days ago / (7 + days ahead)), drifts by a
    log-normal factor, and releases end after 80 days on average. *Growth elsewhere*: totals of the campaigns
    that ship, and of the same campaign so far, grew by powers of the days of their windows, 0 where nothing
    more came; a power is drawn, those of like totals over like days more often. Time ahead runs out in days,
    and a total runs out near the number announced for windows that begin within two days of it.

    With k figures, and h days ahead, own steps weigh m / (m + 6), m = (k - 1)(1 + h / 7). The campaign that
    the counts may belong to is never learned from. Of a window that had ended by the last figure, growth
    elsewhere alone speaks. The rule of choice and the scores, long campaigns among them, stand in the
    page on the backtest.

    References
    ----------
    .. [1] van Noortwijk, J. M. (2009). A survey of the application of gamma processes in maintenance.
       Reliability Engineering and System Safety, 94(1), 2-21. https://doi.org/10.1016/j.ress.2007.03.019

    Examples
    --------
    >>> from detcount import PublishedReleases
    >>> reports = PublishedReleases.from_frame(
    ...     {
    ...         "published": ["2026-01-09", "2026-01-10", "2026-01-11", "2026-01-13"],
    ...         "source": ["monitor"] * 4,
    ...         "role": ["verified"] * 4,
    ...         "start": ["2026-01-08"] * 4,
    ...         "end": ["2026-01-09", "2026-01-10", "2026-01-11", "2026-01-13"],
    ...         "count": [9, 16, 17, 56],
    ...     }
    ... )
    >>> estimate = ReleaseProcess(n_draws=500).fit(reports)
    >>> later = estimate.nowcast("monitor", start="2026-01-08", end="2026-01-20", on="2026-01-20")
    >>> later.median >= 56
    True
    """

    n_draws: AtLeast100 = 4000
    assumes: ClassVar[tuple[Assumption, ...]] = (Assumption.STATED_WINDOWS, Assumption.LIKE_CAMPAIGNS)
    references: ClassVar[tuple[Reference, ...]] = (references.VAN_NOORTWIJK_2009,)

    def fit(self, reports: PublishedReleases, *, seed: int = 0) -> ProcessEstimate:
        """Read the running totals that can be continued.

        Parameters
        ----------
        reports : PublishedReleases
            Published counts; `reports.as_of(day)` is what was known on a day.
        seed : int, optional
            Seed of the draws.

        Returns
        -------
        ProcessEstimate
            What can be asked for any day to come.

        Raises
        ------
        NotEstimableError
            If no verified count says from which day it counts.
        """
        if not every_series(reports):
            raise NotEstimableError(
                "ReleaseProcess",
                Message("no count of a monitor says which days it covers"),
                Message("Add verified counts with the first day of their window."),
            )
        return ProcessEstimate(reports=reports, estimator=self, seed=seed)
