"""Releases that happened, by day: seen, still to be verified, and never to be verified.

One class: each answer comes from the same draws, and most of it is documentation.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import ReadOnly
from detcount._numerics.diagnostics import mantel_haenszel
from detcount._numerics.monitored import Registers, pair_tables
from detcount.contract.specification import Specification
from detcount.estimates import (
    IdentifiedBySource,
    Interval,
    UncertainCount,
)
from detcount.estimates.count import QUANTITIES, OfCounts
from detcount.estimates.result import Estimate
from detcount.words import Message


@dataclass(frozen=True)
class Tuning:
    """Levels of printed limits.

    Parameters
    ----------
    level : float, probability
        Level of printed intervals. Convention: 95%.
    doubt : float, probability
        Probability of independence below which a note says so. Convention: 5%.
    """

    level: float = 0.95
    doubt: float = 0.05


TUNING = Tuning()


@dataclass(frozen=True)
class MonitorPair:
    """Dependence of two monitors, among the releases that another monitor has.

    Releases are compared within a day of release, so that all have been followed for the same time and the
    delays of the monitors leave the odds ratio at 1 where they work independently.

    Parameters
    ----------
    first, second : str
        Names of the two monitors.
    odds_ratio : float
        Mantel and Haenszel's, over the days; nan where no day can say anything, infinite or 0 where one of
        its sums is 0.
    low, high : float
        Limits at 95%, from the variance of Robins, Breslow and Greenland.
    p_value : float
        Of the test of Mantel and Haenszel that they are independent on every day, two-sided.
    n : int
        Releases in the days that can say something, persons.
    n_pairs : int, optional
        Pairs that are looked at.
    """

    first: str
    second: str
    odds_ratio: float
    low: float
    high: float
    p_value: float
    n: int
    n_pairs: int = 1

    @property
    def is_shown(self) -> bool:
        """True if the dependence is shown, the other pairs allowed for (Bonferroni, 5% in all)."""
        return self.p_value < TUNING.doubt / self.n_pairs

    def note(self) -> Message:
        """Say the odds ratio, or that no day shows it."""
        if math.isnan(self.odds_ratio):
            return Message(
                "No day of release can show whether {first!r} and {second!r} depend on each other: another "
                "monitor has too few of their releases.",
                first=self.first,
                second=self.second,
            )
        return Message(
            "{first!r} and {second!r}, among the {n:,} releases that another monitor has, compared within "
            "each day of release: odds ratio {ratio} ({low} to {high}, 95%). 1 is independence.",
            first=self.first,
            second=self.second,
            n=self.n,
            ratio=_ratio(self.odds_ratio),
            low=_ratio(self.low),
            high=_ratio(self.high),
        )


def pairs_of_monitors(data: Registers, monitors: tuple[str, ...]) -> tuple[MonitorPair, ...]:
    """The odds ratio of each pair among the releases of the others; none where there are two monitors."""
    if len(monitors) < 3:
        return ()
    pairs = tuple(combinations(range(len(monitors)), 2))
    found = []
    for first, second in pairs:
        common = mantel_haenszel(pair_tables(data, first, second))
        limits = common.interval(TUNING.level)
        names = monitors[first], monitors[second]
        found.append(MonitorPair(*names, common.odds_ratio, *limits, common.p_value, common.n, len(pairs)))
    return tuple(found)


def warnings_of(pairs: tuple[MonitorPair, ...], *, independent: bool) -> Iterator[Message]:
    """Warn of the pairs whose dependence is shown, and say what the number does about it."""
    allowed = Message("The number allows for monitors that depend on each other, and its interval is wider.")
    assumed = Message("The number takes monitors as independent, as was asked for.")
    for pair in pairs:
        if pair.is_shown:
            yield Message(
                "{first!r} and {second!r} are not independent: what one has verified is on the register of "
                "the other {more_or_less} often than independence makes it (odds ratio {ratio}). {what}",
                first=pair.first,
                second=pair.second,
                more_or_less=Message("more") if pair.odds_ratio > 1 else Message("less"),
                ratio=_ratio(pair.odds_ratio),
                what=assumed if independent else allowed,
            )


def _ratio(value: float) -> Message:
    """An odds ratio as it is printed."""
    return Message("infinite") if math.isinf(value) else Message("{value:.2g}", value=value)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class MonitoredEstimate(ReadOnly, OfCounts, Estimate):
    """Releases that happened, by day: seen, still to be verified, and never to be verified.

    Parameters
    ----------
    estimator : MonitoredReleases
        The specification that made the estimate.
    as_of : datetime.date
        Last day the data could know.
    monitors : tuple of str
        Names of the monitors.
    days : ndarray of datetime64[D], shape (n_days,)
        Days of release, from the first one seen to the last one seen.
    seen : ndarray of int64, shape (n_days,)
        Releases verified by some monitor by `as_of`, persons.
    listed : ndarray of int64, shape (n_days, n_monitors)
        Releases on the register of each monitor by `as_of`, persons.
    pending_draws : ndarray of int64, shape (n_draws, n_days)
        Draws of the releases seen by nobody so far that some monitor will verify.
    unverifiable_draws : ndarray of int64, shape (n_draws, n_days)
        Draws of the releases that no monitor will ever verify.
    monitor_pending_draws : ndarray of int64, shape (n_monitors, n_draws, n_days)
        Draws of the releases that a monitor has not verified so far and will.
    point : float
        Releases that happened on all days, persons.
    shares : ndarray of float64, shape (n_draws, n_monitors)
        Draws of the share of the releases that each monitor ever verifies.
    digest : str
        SHA-256 of the cases.
    seed : int
        Seed of the draws.
    pairs : tuple of MonitorPair, optional
        How each pair of monitors depends on each other among the releases of the others; none with two.
    identified_by : {"data", "prior"}, optional
        What the counts rest on: the overlap of the monitors, or an odds ratio that is stated.
    notes : tuple of str, optional
        What a reader must know besides the assumptions.

    Examples
    --------
    >>> import detcount as dc
    >>> monitors = (dc.simulate.Monitor("committee"), dc.simulate.Monitor("families", 0.6))
    >>> campaign = dc.simulate.release_campaign(monitors=monitors, seed=4)
    >>> cases = dc.releases.MonitoredCases.from_frame(
    ...     campaign.cases_as_of("2026-02-10"), monitors=["committee", "families"], as_of="2026-02-10"
    ... )
    >>> print(dc.releases.MonitoredReleases().fit(cases).n_seen)
    221
    """

    estimator: Specification
    as_of: dt.date
    monitors: tuple[str, ...]
    days: NDArray[np.datetime64]
    seen: NDArray[np.int64]
    listed: NDArray[np.int64]
    pending_draws: NDArray[np.int64]
    unverifiable_draws: NDArray[np.int64]
    monitor_pending_draws: NDArray[np.int64]
    point: float
    shares: NDArray[np.float64]
    digest: str
    seed: int = 0
    pairs: tuple[MonitorPair, ...] = ()
    identified_by: IdentifiedBySource = "data"
    notes: tuple[str, ...] = ()

    @property
    def n_seen(self) -> int:
        """Releases verified by some monitor by `as_of`, persons."""
        return int(self.seen.sum())

    @property
    def release_draws(self) -> NDArray[np.int64]:
        """Draws of the releases that happened, shape (n_draws, n_days)."""
        return np.asarray(self.seen + self.pending_draws + self.unverifiable_draws)

    @property
    def draws(self) -> NDArray[np.float64]:
        """Draws of the releases that happened on all days, persons."""
        return np.asarray(self.release_draws.sum(axis=1), dtype=np.float64)

    @property
    def carried_out(self) -> UncertainCount:
        """Releases that happened, persons."""
        return self._count(self.release_draws.sum(axis=1), self.n_seen)

    @property
    def pending(self) -> UncertainCount:
        """Releases seen by nobody so far that some monitor will verify, persons."""
        return self._count(self.pending_draws.sum(axis=1), 0)

    @property
    def unverifiable(self) -> UncertainCount:
        """Releases that no monitor will ever verify, persons."""
        return self._count(self.unverifiable_draws.sum(axis=1), 0)

    @property
    def pending_by_monitor(self) -> dict[str, UncertainCount]:
        """Releases that each monitor has not verified so far and will, persons."""
        return {
            name: self._count(draws.sum(axis=1), 0)
            for name, draws in zip(self.monitors, self.monitor_pending_draws, strict=True)
        }

    def _count(self, draws: NDArray[np.int64], least: int) -> UncertainCount:
        """Make a count of draws."""
        return UncertainCount.from_draws(draws, bounds=(least, math.inf), identified_by=self.identified_by)

    def interval(self, level: float = 0.95) -> Interval:
        """Give the limits of the releases that happened, persons."""
        return self.carried_out.interval(level)

    @property
    def _quantities(self) -> dict[str, UncertainCount]:
        """Every uncertain number, in the order of the rows; of each monitor under its name."""
        return {
            "completed": self.carried_out,
            "pending": self.pending,
            "unverifiable": self.unverifiable,
            **{f"pending, {name}": count for name, count in self.pending_by_monitor.items()},
        }

    def _recorded(self, level: float) -> dict[str, Any]:
        names = ("quantity", "low", "mean", "high", "level", "identified_by")
        return {
            "as_of": self.as_of,
            "verified": self.n_seen,
            "quantities": [{name: row[name] for name in names} for row in self.rows(level)],
        }

    @property
    def _titles(self) -> dict[str, Message]:
        each = {f"pending, {name}": Message("pending, {monitor}", monitor=name) for name in self.monitors}
        return QUANTITIES | each

    def headline(self) -> Message:
        """Give the releases verified and those that happened, in one line."""
        return Message(
            "{n_seen:,} releases verified by {day}; happened {carried_out}",
            n_seen=self.n_seen,
            day=self.as_of.isoformat(),
            carried_out=self.carried_out.headline(),
        )

    def sentence(self) -> Message:
        """Say how many releases were verified, how many happened, and what is between the two."""
        return Message(
            "{monitors} had verified {n_seen:,} releases by {day}. How many happened: {carried_out}. Of "
            "those nobody had verified, these will still be verified: {pending}; and these never will be: "
            "{unverifiable}.",
            monitors=self.monitors,
            n_seen=self.n_seen,
            day=self.as_of,
            carried_out=self.carried_out.headline(),
            pending=self.pending.headline(),
            unverifiable=self.unverifiable.headline(),
        )
