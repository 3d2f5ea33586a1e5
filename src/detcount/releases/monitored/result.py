"""Releases that happened, by day: seen, still to be verified, and never to be verified.

One class: each answer comes from the same draws, and most of it is documentation.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detcount import arguments
from detcount.errors import InputError
from detcount.estimates import (
    AbundanceEstimate,
    GapEstimate,
    IdentifiedBySource,
    Interval,
    PercentileRule,
    UncertainCount,
)
from detcount.estimates.count import QUANTITIES, quantity_columns
from detcount.estimates.result import Estimate, ReadOnly, without_infinity
from detcount.printing import Columns
from detcount.published.days import as_date, read_day
from detcount.releases.monitored.pairs import MonitorPair
from detcount.specification import Specification
from detcount.words import Message, Name

if TYPE_CHECKING:
    import pandas as pd

ANY_MONITOR = "any monitor"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class MonitoredEstimate(ReadOnly, Estimate):
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

    @property
    def abundance(self) -> AbundanceEstimate:
        """The releases that happened, as an estimate of abundance.

        Its draws and limits are those of `carried_out`.
        """
        return AbundanceEstimate(
            point=self.point,
            n_observed=self.n_seen,
            estimator=self.estimator,
            interval_rule=PercentileRule(self.draws, "posterior"),
            digest=self.digest,
            seed=self.seed,
            standard_error=float(self.draws.std(ddof=1)),
            notes=self.notes,
            draws=self.draws,
        )

    def interval(self, level: float = 0.95) -> Interval:
        """Give the limits of the releases that happened, persons."""
        return self.carried_out.interval(level)

    def daily(self, level: float = 0.95) -> pd.DataFrame:
        """Give the releases of each day.

        Parameters
        ----------
        level : float, optional
            Credibility of the limits, in (0, 1).

        Returns
        -------
        pandas.DataFrame
            Columns ``day``, ``seen`` (persons verified by some monitor so far), ``expected``, ``low``,
            ``median``, ``high`` (persons released), ``pending`` and ``unverifiable`` (means, persons).
        """
        import pandas as pd

        level = arguments.level(level)
        tail = (1 - level) / 2
        draws = self.release_draws
        low, median, high = np.quantile(draws, [tail, 0.5, 1 - tail], axis=0, method="inverted_cdf")
        return pd.DataFrame(
            {
                "day": self.days,
                "seen": self.seen,
                "expected": draws.mean(axis=0),
                "low": low,
                "median": median,
                "high": high,
                "pending": self.pending_draws.mean(axis=0),
                "unverifiable": self.unverifiable_draws.mean(axis=0),
            }
        )

    def gap(
        self,
        announced: int,
        *,
        announced_by: str,
        label: str = "",
        verified_by: str | None = None,
        start: Any = None,
        end: Any = None,
        at_least: bool = False,
    ) -> GapEstimate:
        """Hold an announced number against the releases that happened.

        Parameters
        ----------
        announced : int
            Releases announced, persons.
        announced_by : str
            Who announced them.
        label : str, optional
            What was announced; the days by default.
        verified_by : str, optional
            The monitor whose verification it is; any of them by default.
        start, end : day, optional
            First and last day of the releases announced; by default from the first release seen to the last.
        at_least : bool, optional
            Whether the announcement said "at least".

        Returns
        -------
        GapEstimate
            Verified, pending, unverifiable and unsubstantiated, persons.

        Raises
        ------
        InputError
            If the count is no whole number, the monitor is unknown, or no day lies in the window.
        """
        announced = arguments.whole_number("announced", announced, most=10**9)
        first = self.days[0] if start is None else read_day(start, "start")
        last = self.days[-1] if end is None else read_day(end, "end")
        chosen = (self.days >= first) & (self.days <= last)
        if not chosen.any():
            raise InputError(
                Message(
                    "start and end: expected days between {least} and {most}, got {first} to {last}",
                    least=str(self.days[0]),
                    most=str(self.days[-1]),
                    first=str(first),
                    last=str(last),
                )
            )
        if verified_by is None:
            verified = int(self.seen[chosen].sum())
            pending = self.pending_draws[:, chosen].sum(axis=1)
        elif verified_by in self.monitors:
            j = self.monitors.index(verified_by)
            verified = int(self.listed[chosen, j].sum())
            pending = self.monitor_pending_draws[j][:, chosen].sum(axis=1)
        else:
            raise InputError(
                Message(
                    "verified_by: expected one of {monitors!r:,}, got another name", monitors=self.monitors
                )
            )
        carried_out = self.release_draws[:, chosen].sum(axis=1)
        least = int(self.seen[chosen].sum())
        notes = list(self.notes)
        if verified > announced:
            notes.append(
                Message(
                    "More releases were verified than announced: {verified:,} of {announced:,}.",
                    verified=verified,
                    announced=announced,
                )
            )
        return GapEstimate(
            label=label or _name_of_days(as_date(first), as_date(last)),
            start=as_date(first),
            end=as_date(last),
            as_of=self.as_of,
            announced=announced,
            announced_by=announced_by,
            at_least=bool(at_least),
            verified=verified,
            verified_by=verified_by or ANY_MONITOR,
            eventually_verified=self._count(verified + pending, verified),
            carried_out=self._count(carried_out, least),
            pending=self._count(pending, 0),
            unverifiable=self._count(carried_out - verified - pending, 0),
            unsubstantiated=UncertainCount.from_draws(
                np.maximum(announced - carried_out, 0),
                bounds=(0, max(announced - least, 0)),
                identified_by=self.identified_by,
            ),
            estimator=self.estimator,
            digest=self.digest,
            seed=self.seed,
            notes=tuple(notes),
        )

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give the releases and their parts as rows of a table, one dictionary a quantity."""
        counts = self._quantities
        return [{"quantity": name, **row} for name, count in counts.items() for row in count.rows(level)]

    @property
    def _quantities(self) -> dict[str, UncertainCount]:
        """Every uncertain number, in the order of the rows; of each monitor under its name."""
        return {
            "carried out": self.carried_out,
            "pending": self.pending,
            "unverifiable": self.unverifiable,
            **{f"pending, {name}": count for name, count in self.pending_by_monitor.items()},
        }

    def _recorded(self, level: float) -> dict[str, Any]:
        names = ("quantity", "low", "mean", "high", "level", "identified_by")
        return {
            "as_of": self.as_of.isoformat(),
            "verified": self.n_seen,
            "quantities": [without_infinity({name: row[name] for name in names}) for row in self.rows(level)],
        }

    @property
    def _table(self) -> Columns:
        """Every number with its limits."""
        each = {f"pending, {name}": Message("pending, {monitor}", monitor=name) for name in self.monitors}
        names = {**QUANTITIES, **each}
        return quantity_columns((names[name], count) for name, count in self._quantities.items())

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


def _name_of_days(first: dt.date, last: dt.date) -> Name:
    """Name of the releases of some days."""
    words = Message("releases of {first} to {second}", first=first, second=last)
    return Name(f"releases of {first} to {last}", words)
