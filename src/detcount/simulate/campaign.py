"""Invented campaigns of releases: what is announced, what monitors verify, and what happened."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from detcount import arguments
from detcount.errors import InputError
from detcount.published import PublishedReleases
from detcount.specification import specification

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Authority", "Batch", "Campaign", "CampaignTruth", "Monitor", "WindowTruth", "release_campaign"]

Share = float | tuple[float, float]
DelayFamily = Literal["weibull", "log-normal"]

_NEVER = np.datetime64("NaT", "D")
_LEFT_PRISON = "left prison"
_FROM_PRISON = "release from prison"
_LONGEST = 36_525.0  # days; a century: a delay beyond it is never
_MOST = 10_000_000  # persons; a campaign of more would fill the memory
# Streams of random numbers, so that what monitors publish does not move what happened.
_EVENTS, _AUTHORITY, _MONITORS = 0, 1, 2


@specification
class Batch:
    """A number of releases announced on one day.

    Parameters
    ----------
    day : int
        Day of the announcement and of the first releases, from 0.
    announced : int
        Releases announced, persons.
    over_days : int, optional
        Days over which those carried out are spread evenly, from `day` on.
    inflation : float or tuple of float, optional
        Share of the announced that is never carried out, or the parameters (a, b) of the Beta
        distribution it is drawn from; by default that of the authority.
    at_least : bool, optional
        Whether the announcement says "at least".

    Examples
    --------
    >>> Batch(day=4, announced=116)
    Batch(day=4, announced=116)
    """

    day: int
    announced: int
    over_days: int = 1
    inflation: Share | None = None
    at_least: bool = False

    def __post_init__(self) -> None:
        arguments.whole_number("Batch: day", self.day)
        arguments.whole_number("Batch: announced", self.announced)
        arguments.whole_number("Batch: over_days", self.over_days, least=1)
        if self.inflation is not None:
            _check_share("Batch: inflation", self.inflation)


@specification
class Authority:
    """The body of the state that announces.

    Its running total counts the announced batches of the window, every continuing release, and
    releases that never happened.

    Parameters
    ----------
    name : str, optional
        Its name as a source.
    inflation : float or tuple of float, optional
        Share of what is announced that is never carried out, below 1, or the parameters (a, b) of
        the Beta distribution it is drawn from: once a batch, and once for the running total.
    report_every : int, optional
        Days between its running totals; 0 for none.
    windows : tuple of tuple of int, optional
        Pairs (day, start): from that day on its totals count the releases since `start`, days from
        0. A second pair moves the window.
    at_least_share : float, optional
        Chance that a running total is rounded down to a ten and said to be "at least" it.

    Examples
    --------
    >>> Authority(inflation=(2, 6), windows=((5, 5), (20, 0)))
    Authority(inflation=(2, 6), windows=((5, 5), (20, 0)))
    """

    name: str = "ministry"
    inflation: Share = 0.25
    report_every: int = 3
    windows: tuple[tuple[int, int], ...] = ((0, 0),)
    at_least_share: float = 0.0

    def __post_init__(self) -> None:
        _check_share("Authority: inflation", self.inflation)
        if self.inflation == 1:
            raise InputError("Authority: inflation: expected a share below 1, got 1")
        arguments.whole_number("Authority: report_every", self.report_every)
        _check_windows("Authority", self.windows)
        arguments.share("Authority: at_least_share", self.at_least_share)


@specification
class Monitor:
    """A group that verifies releases one by one and publishes how many.

    Parameters
    ----------
    name : str
        Its name as a source.
    verification : float or tuple of float, optional
        Chance that it ever verifies a release within its definition, or the parameters (a, b) of
        the Beta distribution it is drawn from, once a campaign.
    delay : {"weibull", "log-normal"} or None, optional
        Family of the days from release to verification, whole days rounded down; None for the day
        itself.
    delay_parameters : tuple of float, optional
        Shape and scale (days) of the Weibull; mean and standard deviation of log days of the
        log-normal.
    counts_house_arrest : bool, optional
        Whether leaving prison for house arrest is a release in its definition.
    batch_days : tuple of int, optional
        Days, from 0, on which it accepts at once the cases it has let wait.
    batch_share : float, optional
        Share of its cases that wait for the next of `batch_days`, if there is one.
    report_every : int, optional
        Days between its reports.
    report_chance : float, optional
        Chance that a report due is published.
    totals, batches : bool, optional
        Whether its reports give a running total, and a count for each announced batch.
    windows : tuple of tuple of int, optional
        Pairs (day, start): from that day on its totals count the releases since `start`, days from
        0. A second pair moves the window.
    second_figure : float, optional
        Chance that a running total comes after an earlier figure of the same day, with a part of
        the day's cases.
    at_least_share : float, optional
        Chance that a count is rounded down to a ten and said to be "at least" it.
    wrong_share : float, optional
        Wrong entries for each true one, mean: counted with the verified, and withdrawn later, so
        that a total can fall.
    withdrawn_after : float, optional
        Days until a wrong entry is withdrawn, mean; at least 1.

    Examples
    --------
    >>> Monitor("families", verification=0.6, counts_house_arrest=True, report_every=2)
    Monitor(name='families', verification=0.6, counts_house_arrest=True, report_every=2)
    """

    name: str
    verification: Share = 0.8
    delay: DelayFamily | None = "weibull"
    delay_parameters: tuple[float, float] = (0.9, 4.0)
    counts_house_arrest: bool = False
    batch_days: tuple[int, ...] = ()
    batch_share: float = 0.0
    report_every: int = 1
    report_chance: float = 1.0
    totals: bool = True
    batches: bool = True
    windows: tuple[tuple[int, int], ...] = ((0, 0),)
    second_figure: float = 0.0
    at_least_share: float = 0.0
    wrong_share: float = 0.0
    withdrawn_after: float = 3.0

    def __post_init__(self) -> None:
        _check_share("Monitor: verification", self.verification)
        if self.delay not in ("weibull", "log-normal", None):
            raise InputError(f"Monitor: delay: expected 'weibull', 'log-normal' or None, got {self.delay!r}")
        first, second = self.delay_parameters
        if not (np.isfinite(first) and 0 < second < np.inf and (self.delay != "weibull" or first > 0)):
            wanted = "two positive numbers" if self.delay == "weibull" else "a number and a positive one"
            raise InputError(f"Monitor: delay_parameters: expected {wanted}, got {self.delay_parameters!r}")
        for day in self.batch_days:
            arguments.whole_number("Monitor: batch_days", day)
        arguments.whole_number("Monitor: report_every", self.report_every, least=1)
        _check_windows("Monitor", self.windows)
        for name in ("batch_share", "report_chance", "second_figure", "at_least_share"):
            arguments.share(f"Monitor: {name}", getattr(self, name))
        arguments.number("Monitor: wrong_share", self.wrong_share, least=0)
        if not 1 <= self.withdrawn_after < np.inf:
            raise InputError(
                f"Monitor: withdrawn_after: expected at least 1 day, got {self.withdrawn_after!r}"
            )


@dataclass(frozen=True)
class WindowTruth:
    """What happened in a window of days, or to one announced batch.

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
        For each monitor its name and how many releases are within its definition, persons.
    eventually_verified : tuple of tuple
        For each monitor its name and how many releases it verifies in the end, persons.
    eventually_verified_by_any : int
        Releases that at least one monitor verifies in the end, persons.
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
        """Announced and not carried out, persons; 0 where more happened than was announced."""
        return max(self.announced - self.carried_out, 0)


@dataclass(frozen=True, eq=False, repr=False)
class CampaignTruth:
    """What happened: the releases of every day, and what became of each.

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
        Chance of each monitor that it ever verifies a release within its definition.
    delays : tuple of tuple
        Family of the delay of each monitor, None where there is none, and its parameters.
    releases : ndarray of int64, shape (n_cases,)
        Day of each release, from 0.
    batch : ndarray of int64, shape (n_cases,)
        Number of the batch it belongs to, from 0; -1 for a continuing release.
    house_arrest : ndarray of bool, shape (n_cases,)
        Whether it was to house arrest.
    verified : ndarray of float64, shape (n_cases, n_monitors)
        Day on which each monitor verifies it, from 0; infinite for never.
    announced : ndarray of int64, shape (n_days,)
        Releases announced on each day in the running total, persons.
    wrong : ndarray of int64, shape (n_wrong, 5)
        Wrong entries: monitor, batch, day of the release claimed, day of entry, day of withdrawal.
    counts_house_arrest : ndarray of bool, shape (n_monitors,)
        Whether a release to house arrest is within the definition of each monitor.
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
    verified: NDArray[np.float64]
    announced: NDArray[np.int64]
    wrong: NDArray[np.int64]
    counts_house_arrest: NDArray[np.bool_]

    @property
    def daily(self) -> NDArray[np.int64]:
        """Releases of each day, persons, shape (n_days,); those after the last day are left out."""
        inside = self.releases < self.n_days
        return np.bincount(self.releases[inside], minlength=self.n_days).astype(np.int64)

    @property
    def total(self) -> WindowTruth:
        """What happened in all days of the campaign."""
        return self.window(self.first_day, self.first_day + dt.timedelta(self.n_days - 1))

    def window(self, start: Any, end: Any) -> WindowTruth:
        """What happened in a window of days.

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
        low, high = self._offset(start), self._offset(end)
        if high < low:
            raise InputError(f"window: expected an end from {self._day(low)} on, got {self._day(high)}")
        rows = (self.releases >= low) & (self.releases <= high)
        inside = slice(max(low, 0), max(high + 1, 0))
        label = f"{self._day(low)} to {self._day(high)}"
        return self._count(label, low, high, rows, int(self.announced[inside].sum()))

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
        if monitor not in self.monitors:
            raise InputError(f"register: expected one of {self.monitors}, got {monitor!r}")
        low, high = self._offset(start), self._offset(end)
        rows = (self.releases >= low) & (self.releases <= high)
        wrong = (self.wrong[:, 2] >= low) & (self.wrong[:, 2] <= high)
        day = np.inf if on is None else float(self._offset(on))
        return self._register(self.monitors.index(monitor), rows, wrong, day)

    def _register(self, j: int, rows: NDArray[np.bool_], wrong: NDArray[np.bool_], day: float) -> int:
        """Entries of a monitor's register at the end of a day."""
        on_register = (
            self.verified[rows, j] <= day if np.isfinite(day) else np.isfinite(self.verified[rows, j])
        )
        entries = self.wrong[wrong & (self.wrong[:, 0] == j)]
        return int(on_register.sum() + ((entries[:, 3] <= day) & (day < entries[:, 4])).sum())

    def _count(self, label: str, low: int, high: int, rows: NDArray[np.bool_], announced: int) -> WindowTruth:
        """Count what became of some cases."""
        seen = np.isfinite(self.verified[rows])
        house = self.house_arrest[rows]
        inside = np.where(self.counts_house_arrest, len(house), (~house).sum())
        return WindowTruth(
            label=label,
            start=self._day(low),
            end=self._day(high),
            announced=announced,
            carried_out=len(house),
            house_arrest=int(house.sum()),
            in_definition=tuple(zip(self.monitors, map(int, inside), strict=True)),
            eventually_verified=tuple(zip(self.monitors, map(int, seen.sum(axis=0)), strict=True)),
            eventually_verified_by_any=int(seen.any(axis=1).sum()),
        )

    def _offset(self, day: Any) -> int:
        """Number of a day, from 0."""
        return int((np.datetime64(day, "D") - np.datetime64(self.first_day, "D")) // np.timedelta64(1, "D"))

    def _day(self, offset: int) -> dt.date:
        """The day of a number."""
        return self.first_day + dt.timedelta(int(offset))

    def __repr__(self) -> str:
        return (
            f"<CampaignTruth: {len(self.releases):,} releases over {self.n_days} days from "
            f"{self.first_day.isoformat()}, {len(self.batches)} announced batches, "
            f"{len(self.monitors)} monitors>"
        )


@dataclass(frozen=True, eq=False, repr=False)
class Campaign:
    """An invented campaign of releases: what was published, the cases, and the truth.

    Parameters
    ----------
    reports : PublishedReleases
        What the authority and the monitors published, persons.
    truth : CampaignTruth
        What happened.
    seed : int
        Seed it was made with.
    """

    reports: PublishedReleases
    truth: CampaignTruth
    seed: int

    @property
    def cases(self) -> pd.DataFrame:
        """Every release that happened, a row each and no names, as it is known in the end.

        Columns are ``release`` (the day), ``batch`` (name of the batch, empty for a continuing
        release), ``house_arrest``, and one for each monitor: the day of verification, NaT for never.
        """
        return self._frame(np.inf)

    def cases_as_of(self, day: Any) -> pd.DataFrame:
        """Give the releases that some monitor had verified by a day, with the verifications by then.

        Parameters
        ----------
        day : date, str or numpy.datetime64
            Last day the frame knows.

        Returns
        -------
        pandas.DataFrame
            The columns of `cases`; verifications after the day are NaT, and a release that nobody
            had verified is not there.
        """
        frame = self._frame(float(self.truth._offset(day)))
        known = frame[list(self.truth.monitors)].notna().any(axis=1)
        return frame[known].reset_index(drop=True)

    def _frame(self, until: float) -> pd.DataFrame:
        """Cases with the verifications up to a day."""
        import pandas as pd

        truth = self.truth
        first = np.datetime64(truth.first_day, "D")
        names = [batch.label for batch in truth.batches] + [""]
        columns: dict[str, Any] = {
            "release": (first + truth.releases).astype("datetime64[s]"),
            "batch": [names[k] for k in truth.batch],
            "house_arrest": truth.house_arrest,
        }
        for j, monitor in enumerate(truth.monitors):
            days = truth.verified[:, j]
            there = np.isfinite(days) & (days <= until)
            when = np.full(len(days), _NEVER)
            when[there] = first + days[there].astype(np.int64)
            columns[monitor] = when.astype("datetime64[s]")
        return pd.DataFrame(columns)

    def __repr__(self) -> str:
        return f"<Campaign: {len(self.reports):,} published counts of {self.truth!r}>"


def _happen(
    batches: tuple[Batch, ...],
    daily: float,
    dispersion: float,
    volatility: float,
    n_days: int,
    first_day: dt.date,
    house_arrest_share: float,
    authority: Authority,
    monitors: tuple[Monitor, ...],
    dependence: float,
    seed: int,
) -> CampaignTruth:
    """Draw the releases and who verifies each of them when."""
    rng = np.random.default_rng([seed, _EVENTS])
    steps = rng.normal(0.0, volatility, n_days)
    mean = daily * np.exp(np.minimum(np.cumsum(steps) - steps[0], 50.0))  # above, refused below
    rate = mean if np.isinf(dispersion) else mean * rng.gamma(dispersion, 1 / dispersion, n_days)
    if rate.sum() > _MOST:
        raise InputError(
            f"release_campaign: more than {_MOST:,} releases on the way. Lower daily, volatility or n_days"
        )
    continuing = rng.poisson(rate)
    releases, numbers = [np.repeat(np.arange(n_days), continuing)], [np.full(continuing.sum(), -1)]
    for k, batch in enumerate(batches):
        # a stream for each batch: one more does not move those before it
        own = np.random.default_rng([seed, _EVENTS, 1, k])
        share = _draw_share(authority.inflation if batch.inflation is None else batch.inflation, own)
        carried_out = int(own.binomial(batch.announced, 1 - share))
        releases.append(batch.day + own.integers(0, batch.over_days, carried_out))
        numbers.append(np.full(carried_out, k))
    day, number = np.concatenate(releases).astype(np.int64), np.concatenate(numbers).astype(np.int64)
    order = np.argsort(day, kind="stable")
    day, number = day[order], number[order]
    n_cases = len(day)
    own = np.random.default_rng([seed, _EVENTS, 2])
    house = own.random(n_cases) < house_arrest_share
    common = own.standard_normal(n_cases)

    announcing = np.random.default_rng([seed, _AUTHORITY, 0])
    share = _draw_share(authority.inflation, announcing)
    never = announcing.poisson(continuing * share / (1 - share))
    announced = continuing + never
    for batch in batches:
        announced[batch.day] += batch.announced

    verified = np.full((n_cases, len(monitors)), np.inf)
    chances, wrong = [], [np.empty((0, 5), dtype=np.int64)]
    for j, monitor in enumerate(monitors):
        own = np.random.default_rng([seed, _MONITORS + j, 0])
        chance = _draw_share(monitor.verification, own)
        chances.append(chance)
        found = np.sqrt(dependence) * common + np.sqrt(1 - dependence) * own.standard_normal(n_cases)
        ever = (found < ndtri(chance)) & (monitor.counts_house_arrest | ~house)
        when = day + _delays(monitor, n_cases, own)
        waits = own.random(n_cases) < monitor.batch_share
        for accepted in sorted(monitor.batch_days, reverse=True):
            later = [other for other in monitor.batch_days if other < accepted]
            since = max(later, default=-1)
            when = np.where(waits & (when <= accepted) & (when > since), accepted, when)
        verified[ever, j] = when[ever]
        copied = np.repeat(np.flatnonzero(ever), own.poisson(monitor.wrong_share, int(ever.sum())))
        entered = when[copied].astype(np.int64)
        lasting = 1 + own.poisson(monitor.withdrawn_after - 1, len(copied))
        wrong.append(
            np.column_stack(
                [np.full(len(copied), j), number[copied], day[copied], entered, entered + lasting]
            )
        )

    truth = CampaignTruth(
        first_day=first_day,
        n_days=n_days,
        monitors=tuple(monitor.name for monitor in monitors),
        batches=(),
        verification=tuple(chances),
        delays=tuple((monitor.delay, monitor.delay_parameters) for monitor in monitors),
        releases=_frozen(day),
        batch=_frozen(number),
        house_arrest=_frozen(house),
        verified=_frozen(verified),
        announced=_frozen(announced.astype(np.int64)),
        wrong=_frozen(np.concatenate(wrong).astype(np.int64)),
        counts_house_arrest=_frozen(
            np.array([monitor.counts_house_arrest for monitor in monitors], dtype=bool)
        ),
    )
    found_batches = tuple(
        truth._count(
            f"batch {k + 1}", batch.day, batch.day + batch.over_days - 1, number == k, batch.announced
        )
        for k, batch in enumerate(batches)
    )
    object.__setattr__(truth, "batches", found_batches)
    return truth


def _delays(monitor: Monitor, n_cases: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Whole days from release to verification."""
    first, second = monitor.delay_parameters
    if monitor.delay is None:
        return np.zeros(n_cases)
    if monitor.delay == "weibull":
        time = second * rng.weibull(first, n_cases)
    else:
        time = np.exp(np.minimum(rng.normal(first, second, n_cases), np.log(_LONGEST)))
    return np.floor(np.minimum(time, _LONGEST))


# one published count: published, source, role, start, end, count, at least, event, measure
_Row = tuple[int, str, str, int, int, int, bool, str, str]


def _announcements(
    truth: CampaignTruth, batches: tuple[Batch, ...], authority: Authority, rng: np.random.Generator
) -> list[_Row]:
    """What the authority publishes: its batches and its running totals."""
    rows: list[_Row] = []
    for day in range(truth.n_days):
        rows += [
            (
                day, authority.name, "announced", batch.day, batch.day + batch.over_days - 1,
                batch.announced, batch.at_least, f"batch {k + 1}", _LEFT_PRISON,
            )
            for k, batch in enumerate(batches) if batch.day == day
        ]  # fmt: skip
        rounds = rng.random() < authority.at_least_share
        start = _window_start(authority.windows, day)
        if start is None or not authority.report_every or day % authority.report_every:
            continue
        count = int(truth.announced[start : day + 1].sum())
        count, at_least = _rounded(count, rounds)
        since = f"since {truth._day(start)}"
        rows.append((day, authority.name, "announced", start, day, count, at_least, since, _LEFT_PRISON))
    return rows


def _verifications(
    truth: CampaignTruth, j: int, batches: tuple[Batch, ...], monitor: Monitor, rng: np.random.Generator
) -> list[_Row]:
    """What a monitor publishes: counts by batch and running totals."""
    rows: list[_Row] = []
    measure = _LEFT_PRISON if monitor.counts_house_arrest else _FROM_PRISON

    def publish(day: int, start: int, end: int, count: int, event: str, rounds: bool) -> None:
        count, at_least = _rounded(count, rounds)
        rows.append((day, monitor.name, "verified", start, end, count, at_least, event, measure))

    for day in range(truth.n_days):
        # drawn every day, so that one option does not move another
        published = rng.random() < monitor.report_chance
        earlier = rng.random() < monitor.second_figure
        part = rng.random()
        rounds = rng.random(len(batches) + 1) < monitor.at_least_share
        if day % monitor.report_every or not published:
            continue
        if monitor.batches:
            for k, batch in enumerate(batches):
                if batch.day <= day:
                    cases, entries = truth.batch == k, truth.wrong[:, 1] == k
                    count = truth._register(j, cases, entries, float(day))
                    end = min(batch.day + batch.over_days - 1, day)
                    publish(day, batch.day, end, count, f"batch {k + 1}", bool(rounds[k]))
        start = _window_start(monitor.windows, day)
        if monitor.totals and start is not None:
            cases = (truth.releases >= start) & (truth.releases <= day)
            entries = (truth.wrong[:, 2] >= start) & (truth.wrong[:, 2] <= day)
            count = truth._register(j, cases, entries, float(day))
            since = f"since {truth._day(start)}"
            gained = count - truth._register(j, cases, entries, float(day - 1))
            if earlier and gained > 0:
                publish(day, start, day, count - gained + int(part * gained), since, False)
            publish(day, start, day, count, since, bool(rounds[-1]))
    return rows


def _published(truth: CampaignTruth, rows: list[_Row]) -> PublishedReleases:
    """The rows as published counts."""
    first = np.datetime64(truth.first_day, "D")
    published, source, role, start, end, count, at_least, event, measure = zip(*rows, strict=True)
    return PublishedReleases(
        published=first + np.array(published, dtype=np.int64),
        source=source,
        role=role,
        start=first + np.array(start, dtype=np.int64),
        end=first + np.array(end, dtype=np.int64),
        count=np.array(count, dtype=np.int64),
        at_least=np.array(at_least, dtype=bool),
        event=event,
        measure=measure,
        note=("",) * len(rows),
    )


def _window_start(windows: tuple[tuple[int, int], ...], day: int) -> int | None:
    """First day that a running total of a day counts; None before the first window."""
    starts = [start for since, start in windows if since <= day]
    return starts[-1] if starts else None


def _rounded(count: int, rounds: bool) -> tuple[int, bool]:
    """A count, or "at least" the ten below it."""
    return (count // 10 * 10, True) if rounds and count >= 10 else (count, False)


def _draw_share(share: Share, rng: np.random.Generator) -> float:
    """A share that is given, or drawn from its Beta distribution; one number is used up either way."""
    if isinstance(share, tuple):
        return float(rng.beta(*share))
    rng.random()
    return float(share)


def _check_share(where: str, share: Any) -> None:
    """Refuse what is neither a share nor the parameters of one."""
    if isinstance(share, tuple):
        if len(share) != 2 or not all(0 < value < np.inf for value in share):
            raise InputError(f"{where}: expected two positive numbers (a, b), got {share!r}")
    else:
        arguments.share(where, share)


def _check_windows(where: str, windows: tuple[tuple[int, int], ...]) -> None:
    """Refuse windows that start after they are used, or out of order."""
    days = [since for since, _ in windows]
    if not windows or days != sorted(set(days)) or any(not 0 <= start <= since for since, start in windows):
        raise InputError(
            f"{where}: windows: expected pairs (day, start) by day, 0 <= start <= day, got {windows!r}"
        )


def _frozen(values: NDArray[Any]) -> NDArray[Any]:
    """Make a read-only copy."""
    copy = values.copy()
    copy.flags.writeable = False
    return copy


def release_campaign(
    *,
    batches: tuple[Batch, ...] = (Batch(day=5, announced=100), Batch(day=17, announced=60)),
    daily: float = 4.0,
    dispersion: float = 3.0,
    volatility: float = 0.05,
    n_days: int = 40,
    first_day: Any = "2026-01-08",
    house_arrest_share: float = 0.1,
    authority: Authority = Authority(),  # noqa: B008  frozen
    monitors: tuple[Monitor, ...] = (
        Monitor("committee"),
        Monitor("families", verification=0.6, delay_parameters=(1.2, 2.5), counts_house_arrest=True),
    ),
    dependence: float = 0.0,
    seed: int = 0,
) -> Campaign:
    """Invent a campaign of releases, and what an authority and monitors publish of it.

    Batches are announced on their days; of the announced a share is never carried out. Between them
    people are released day by day. Each monitor verifies some of the releases within its definition,
    after a delay, and publishes running totals and counts by batch. Everything is known in the truth:
    how many releases happened in any window, and how many each monitor, or any, verifies in the end.

    Parameters
    ----------
    batches : tuple of Batch, optional
        Announced batches.
    daily : float, optional
        Continuing releases a day, mean on day 0, persons.
    dispersion : float, optional
        Shape of the negative binomial of the releases of a day, whose variance is
        mean + mean**2 / dispersion; infinite for a Poisson distribution.
    volatility : float, optional
        Standard deviation of the daily step of the log of the mean, a random walk.
    n_days : int, optional
        Days over which people are released and counts published. Verifications go on after them.
    first_day : date, str or numpy.datetime64, optional
        Day 0.
    house_arrest_share : float, optional
        Chance that a release is to house arrest, which counts for some and not for others.
    authority : Authority, optional
        Who announces.
    monitors : tuple of Monitor, optional
        Who verifies.
    dependence : float, optional
        Correlation, in [0, 1), of what decides whether the monitors ever verify a release: with 0
        they are independent; above it those whom one never finds are more often those whom another
        never finds. The share of each monitor stays what it is.
    seed : int, optional
        Seed. The same seed gives the same campaign, and the same releases whatever the monitors
        publish.

    Returns
    -------
    Campaign
        What was published, the cases without names, and the truth.

    Raises
    ------
    InputError
        If an argument cannot mean what is said.

    Notes
    -----
    Of an announced batch of A, Binomial(A, 1 - inflation) are carried out. Whether monitor j ever
    verifies a case within its definition is decided by sqrt(rho) U + sqrt(1 - rho) E_j falling below
    the normal quantile of its chance, U standard normal and common to the monitors, rho the
    dependence. A delay is the whole days of a Weibull or log-normal time.

    Examples
    --------
    >>> from detcount import simulate
    >>> campaign = simulate.release_campaign(seed=3)
    >>> campaign.truth
    <CampaignTruth: 260 releases over 40 days from 2026-01-08, 2 announced batches, 2 monitors>
    >>> what = campaign.truth.batches[0]
    >>> what.announced, what.carried_out, what.eventually_verified_by_any, what.unverifiable
    (100, 76, 64, 12)
    >>> campaign.truth.register("committee", start=what.start, end=what.end, on="2026-01-20")
    47
    """
    for name, value in (("daily", daily), ("volatility", volatility)):
        arguments.number(f"release_campaign: {name}", value, least=0)
    if dispersion != np.inf:  # which is Poisson
        arguments.positive("release_campaign: dispersion", dispersion)
    n_days = arguments.whole_number("release_campaign: n_days", n_days, least=1)
    seed = arguments.seed(seed)
    arguments.share("release_campaign: house_arrest_share", house_arrest_share)
    if not 0 <= dependence < 1:
        raise InputError(
            f"release_campaign: dependence: expected a number from 0 to below 1, got {dependence!r}"
        )
    sources = [authority.name, *(monitor.name for monitor in monitors)]
    if len(set(sources)) < len(sources) or not all(sources):
        raise InputError(
            "release_campaign: expected a name of its own for each source, got one twice or none"
        )
    late = [batch.day for batch in batches if batch.day >= n_days]
    if late:
        raise InputError(f"release_campaign: expected batches on days 0 to {n_days - 1}, got day {late[0]}")
    start = np.datetime64(first_day, "D")
    if np.isnat(start):
        raise InputError("release_campaign: first_day: expected a day, got none")

    truth = _happen(
        batches, daily, dispersion, volatility, n_days, start.astype(object), house_arrest_share, authority,
        monitors, dependence, seed,
    )  # fmt: skip
    rows = [
        *_announcements(truth, batches, authority, np.random.default_rng([seed, _AUTHORITY, 1])),
        *(
            row
            for j, monitor in enumerate(monitors)
            for row in _verifications(
                truth, j, batches, monitor, np.random.default_rng([seed, _MONITORS + j, 1])
            )
        ),
    ]
    if not rows:
        raise InputError(
            "release_campaign: nobody publishes anything. Let a monitor report, or a batch be announced"
        )
    return Campaign(_published(truth, rows), truth, seed)
