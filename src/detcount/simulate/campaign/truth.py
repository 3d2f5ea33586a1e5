"""Truth of an invented campaign: every release, and what became of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import bincount
from detcount.contract import arguments
from detcount.errors import InputError
from detcount.simulate.campaign.parties import DelayFamily
from detcount.words import Message

# which cases, wrong entries and outsiders something is about: masks of their rows
Rows = tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]


@dataclass(frozen=True)
class PartsTruth:
    """Outcomes of an announced batch, as one monitor sees it at the end of a day; persons.

    Announced is the sum of verified, pending, unverifiable and unsubstantiated.

    Parameters
    ----------
    announced : int
        Releases announced.
    verified : int
        Releases of the batch that the monitor had verified.
    pending : int
        Releases of the batch that it verifies later.
    unverifiable : int
        Releases of the batch that it never verifies, those outside its definition included.
    unsubstantiated : int
        Announced and not completed.
    outside_definition : int
        Releases of the batch that are outside what the monitor counts.
    counted : int
        People on its register for the batch on that day: the verified, wrong entries, and outsiders.
    eventually_counted : int
        People on its register for the batch in the end: whom it ever verifies, and outsiders.

    Examples
    --------
    >>> import detcount as dc
    >>> campaign = dc.simulate.release_campaign(seed=1)
    >>> parts = campaign.truth.parts("batch 1", "committee", on="2026-02-20")
    >>> parts.verified <= parts.eventually_verified
    True
    """

    announced: int
    verified: int
    pending: int
    unverifiable: int
    unsubstantiated: int
    outside_definition: int
    counted: int
    eventually_counted: int

    @property
    def eventually_verified(self) -> int:
        """Releases of the batch that the monitor verifies in the end."""
        return self.verified + self.pending

    @property
    def carried_out(self) -> int:
        """Releases of the batch that happened."""
        return self.eventually_verified + self.unverifiable


@dataclass(frozen=True)
class WindowTruth:
    """Truth of a window of days, or of one announced batch.

    Parameters
    ----------
    label : str
        Name of the batch, or of the window.
    start, end : datetime.date
        First and last day of the releases counted.
    announced : int
        Releases announced, persons.
    carried_out : int
        Releases that happened, those to house arrest included, persons.
    house_arrest : int
        Of them, those to house arrest, persons.
    in_definition : tuple of tuple
        For each monitor its name and how many releases are within its definition, persons: those that
        monitors count, and to house arrest only where it counts that.
    eventually_verified : tuple of tuple
        For each monitor its name and how many releases it verifies in the end, persons.
    eventually_verified_by_any : int
        Releases that at least one monitor verifies in the end, persons.

    Examples
    --------
    >>> import detcount as dc
    >>> campaign = dc.simulate.release_campaign(seed=1)
    >>> window = campaign.truth.total
    >>> print(window.label, window.announced, window.carried_out)
    2026-01-08 to 2026-02-16 353 260
    """

    label: str
    start: dt.date
    end: dt.date
    announced: int
    carried_out: int
    house_arrest: int
    in_definition: tuple[tuple[str, int], ...]
    eventually_verified: tuple[tuple[str, int], ...]
    eventually_verified_by_any: int

    @property
    def unverifiable(self) -> int:
        """Releases that happened and that no monitor ever verifies, persons."""
        return self.carried_out - self.eventually_verified_by_any

    @property
    def unsubstantiated(self) -> int:
        """Announced and not completed, persons; 0 where more happened than was announced."""
        return max(self.announced - self.carried_out, 0)


@dataclass(frozen=True, eq=False, repr=False)
class CampaignTruth:
    """Truth of a campaign: the releases of every day, and the outcome of each.

    Cases are numbered persons without any other mark, in order of release.

    Parameters
    ----------
    first_day : datetime.date
        Day 0.
    n_days : int
        Days of the campaign.
    monitors : tuple of str
        Names of the monitors.
    batches : tuple of WindowTruth
        What happened to each announced batch.
    verification : tuple of float
        Probability of each monitor that it ever verifies a release within its definition.
    delays : tuple of tuple
        Family of the delay of each monitor, None where there is none, and its parameters.
    releases : ndarray of int64, shape (n_cases,)
        Day of each release, from 0.
    batch : ndarray of int64, shape (n_cases,)
        Number of the batch it belongs to, from 0; -1 for a continuing release.
    house_arrest : ndarray of bool, shape (n_cases,)
        Whether it was to house arrest.
    political : ndarray of bool, shape (n_cases,)
        Whether it is one that monitors count, not one for another offence.
    verified : ndarray of float64, shape (n_cases, n_monitors)
        Day on which each monitor verifies it, from 0; infinite for never.
    announced : ndarray of int64, shape (n_days,)
        Releases announced on each day in the running total, persons.
    wrong : ndarray of int64, shape (n_wrong, 5)
        Wrong entries: monitor, batch, day of the release claimed, day of entry, day of withdrawal.
    outsiders : ndarray of int64, shape (n_outsiders, 4)
        People counted who belong to no release of the campaign: monitor, batch, day of the release
        claimed, day of entry.
    followed : ndarray of float64, shape (n_monitors, n_batches)
        Days for which each monitor follows each batch; 0 for not at all.
    counts_house_arrest : ndarray of bool, shape (n_monitors,)
        Whether a release to house arrest is within the definition of each monitor.

    Examples
    --------
    >>> import detcount as dc
    >>> campaign = dc.simulate.release_campaign(seed=1)
    >>> print(campaign.truth)
    <CampaignTruth: 260 releases over 40 days from 2026-01-08, 2 announced batches, 2 monitors>
    """

    first_day: dt.date
    n_days: int
    monitors: tuple[str, ...]
    batches: tuple[WindowTruth, ...]
    verification: tuple[float, ...]
    delays: tuple[tuple[DelayFamily | None, tuple[float, float]], ...]
    releases: NDArray[np.int64]
    batch: NDArray[np.int64]
    house_arrest: NDArray[np.bool_]
    political: NDArray[np.bool_]
    verified: NDArray[np.float64]
    announced: NDArray[np.int64]
    wrong: NDArray[np.int64]
    outsiders: NDArray[np.int64]
    followed: NDArray[np.float64]
    counts_house_arrest: NDArray[np.bool_]

    @property
    def daily(self) -> NDArray[np.int64]:
        """Releases of each day, persons, shape (n_days,); those after the last day are left out."""
        inside = self.releases < self.n_days
        return bincount(self.releases[inside], minlength=self.n_days).astype(np.int64)

    @property
    def total(self) -> WindowTruth:
        """Truth of all days of the campaign."""
        return self.window(self.first_day, self.first_day + dt.timedelta(self.n_days - 1))

    def window(self, start: Any, end: Any) -> WindowTruth:
        """Give the truth of a window of days.

        Parameters
        ----------
        start, end : date, str or numpy.datetime64
            First and last day of the releases counted.

        Returns
        -------
        WindowTruth
            Counts in persons.

        Raises
        ------
        InputError
            If the window ends before it starts.
        """
        low, high = number_of(self, start), number_of(self, end)
        if high < low:
            raise InputError(
                Message(
                    "window: expected an end from {first} on, got {got}",
                    first=str(day_of(self, low)),
                    got=str(day_of(self, high)),
                )
            )
        rows = (self.releases >= low) & (self.releases <= high)
        inside = slice(max(low, 0), max(high + 1, 0))
        label = f"{day_of(self, low)} to {day_of(self, high)}"
        return count_cases(self, label, low, high, rows, int(self.announced[inside].sum()))

    def register(self, monitor: str, *, start: Any, end: Any, on: Any = None) -> int:
        """Releases of a window that a monitor counts as verified, wrong entries included, persons.

        Parameters
        ----------
        monitor : str
            Name of the monitor.
        start, end : date, str or numpy.datetime64
            First and last day of the releases counted.
        on : date, str or numpy.datetime64, optional
            Day at whose end it counts; by default in the end, when all are verified that ever will
            be and every wrong entry is withdrawn.

        Returns
        -------
        int
            Persons.

        Raises
        ------
        InputError
            If no monitor has that name.
        """
        low, high = number_of(self, start), number_of(self, end)
        day = np.inf if on is None else float(number_of(self, on))
        return on_register(self, self._place(monitor, "register"), self.of_window(low, high), day)

    def parts(self, batch: str, monitor: str, *, on: Any) -> PartsTruth:
        """Give the outcomes of an announced batch, as one monitor sees it at the end of a day.

        Parameters
        ----------
        batch : str
            Name of the batch, ``"batch 1"`` for the first.
        monitor : str
            Name of the monitor.
        on : date, str or numpy.datetime64
            The day.

        Returns
        -------
        PartsTruth
            Counts in persons.

        Raises
        ------
        InputError
            If no batch or no monitor has that name.
        """
        names = tuple(what.label for what in self.batches)
        arguments.one_of("parts: batch", batch, names)
        j, k, day = self._place(monitor, "parts"), names.index(batch), float(number_of(self, on))
        what, of_batch = self.batches[k], self.of_batch(k)
        when = self.verified[of_batch[0], j]
        ever = int(np.isfinite(when).sum())
        verified = int((when <= day).sum())
        return PartsTruth(
            announced=what.announced,
            verified=verified,
            pending=ever - verified,
            unverifiable=what.carried_out - ever,
            unsubstantiated=what.unsubstantiated,
            outside_definition=what.carried_out - dict(what.in_definition)[monitor],
            counted=on_register(self, j, of_batch, day),
            eventually_counted=on_register(self, j, of_batch, np.inf),
        )

    def of_batch(self, k: int) -> Rows:
        """Which cases, wrong entries and outsiders are of a batch, by its number from 0."""
        return self.batch == k, self.wrong[:, 1] == k, self.outsiders[:, 1] == k

    def of_window(self, low: int, high: int) -> Rows:
        """Which cases, wrong entries and outsiders are of a window of days, from 0."""
        days = (self.releases, self.wrong[:, 2], self.outsiders[:, 2])
        cases, wrong, outsiders = ((low <= day) & (day <= high) for day in days)
        return cases, wrong, outsiders

    def _place(self, monitor: str, where: str) -> int:
        """Number of a monitor."""
        arguments.one_of(f"{where}: monitor", monitor, self.monitors)
        return self.monitors.index(monitor)

    def __repr__(self) -> str:
        return (
            f"<CampaignTruth: {len(self.releases):,} releases over {self.n_days} days from "
            f"{self.first_day.isoformat()}, {len(self.batches)} announced batches, "
            f"{len(self.monitors)} monitors>"
        )


def on_register(truth: CampaignTruth, j: int, rows: Rows, day: float) -> int:
    """Entries of a monitor's register at the end of a day; in the end where the day is infinite."""
    cases, wrong, outsiders = rows
    verified = truth.verified[cases, j]
    entries = truth.wrong[wrong & (truth.wrong[:, 0] == j)]
    others = truth.outsiders[outsiders & (truth.outsiders[:, 0] == j), 3]
    known = verified <= day if np.isfinite(day) else np.isfinite(verified)
    return int(known.sum() + ((entries[:, 3] <= day) & (day < entries[:, 4])).sum() + (others <= day).sum())


def count_cases(
    truth: CampaignTruth, label: str, low: int, high: int, rows: NDArray[np.bool_], announced: int
) -> WindowTruth:
    """Count what became of some cases."""
    seen = np.isfinite(truth.verified[rows])
    house = truth.house_arrest[rows]
    political = truth.political[rows]
    inside = np.where(truth.counts_house_arrest, political.sum(), (political & ~house).sum())
    return WindowTruth(
        label=label,
        start=day_of(truth, low),
        end=day_of(truth, high),
        announced=announced,
        carried_out=len(house),
        house_arrest=int(house.sum()),
        in_definition=tuple(zip(truth.monitors, map(int, inside), strict=True)),
        eventually_verified=tuple(zip(truth.monitors, map(int, seen.sum(axis=0)), strict=True)),
        eventually_verified_by_any=int(seen.any(axis=1).sum()),
    )


def number_of(truth: CampaignTruth, day: Any) -> int:
    """Number of a day, from 0."""
    return int((np.datetime64(day, "D") - np.datetime64(truth.first_day, "D")) // np.timedelta64(1, "D"))


def day_of(truth: CampaignTruth, offset: int) -> dt.date:
    """The day of a number."""
    return truth.first_day + dt.timedelta(int(offset))
