"""Invented campaigns of releases: what is announced, what monitors publish of it, and what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from detcount.contract import arguments
from detcount.contract.specification import door
from detcount.data.published import PublishedReleases
from detcount.errors import InputError
from detcount.simulate.campaign.happening import happen
from detcount.simulate.campaign.parties import (
    MONITORS,
    Authority,
    Batch,
    Monitor,
    announced_by_day,
)
from detcount.simulate.campaign.truth import CampaignTruth, number_of, on_register
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

_LEFT_PRISON = "left prison"
_FROM_PRISON = "release from prison"
_SLIPS = 7  # stream of a monitor

# one published count: published, source, role, start, end, count, at least, event, measure
Row = tuple[int, str, str, int, int | None, int, bool, str, str]


def announcements(truth: CampaignTruth, batches: tuple[Batch, ...], authority: Authority) -> list[Row]:
    """Publish the figures of the authority: its batches and its running totals."""
    rows: list[Row] = []
    for day in range(truth.n_days):
        for k, batch in enumerate(batches):
            stated = announced_by_day(batch)
            if day not in [when for when, _ in stated]:
                continue
            end = day if batch.kind == "running total" else batch.last_day
            count = sum(number for when, number in stated if when <= day)
            rows.append(
                (
                    day, authority.name, "announced", batch.day, end, count, batch.at_least,
                    f"batch {k + 1}", batch.measure,
                )
            )  # fmt: skip
        if authority.report_every and day % authority.report_every == 0:
            count, since = int(truth.announced[: day + 1].sum()), f"since {truth.first_day}"
            rows.append((day, authority.name, "announced", 0, day, count, False, since, _LEFT_PRISON))
    return rows


def verifications(
    truth: CampaignTruth, j: int, batches: tuple[Batch, ...], monitor: Monitor, seed: int
) -> list[Row]:
    """Publish the figures of a monitor: counts by batch and running totals."""
    rows: list[Row] = []
    rng = np.random.default_rng([seed, MONITORS + j, 1])
    slips = np.random.default_rng([seed, MONITORS + j, _SLIPS])
    measure = monitor.measure or (_LEFT_PRISON if monitor.counts_house_arrest else _FROM_PRISON)

    def publish(day: int, start: int, end: int, count: int, event: str, rounds: bool) -> None:
        slip = slips.random() < monitor.overcount_chance * np.exp(-(day - start) / monitor.overcount_days)
        count += int(slips.poisson(monitor.overcount_share * count)) * slip
        count, at_least = _rounded(count, rounds)
        rows.append((day, monitor.name, "verified", start, end, count, at_least, event, measure))

    for day in range(truth.n_days):
        # drawn every day, so that one option does not move another; of three the last two are not used
        published = rng.random(3)[0] < monitor.report_chance
        rounds = rng.random(len(batches) + 1) < monitor.at_least_share
        if day % monitor.report_every or not published:
            continue
        if monitor.batches:
            for k, batch in enumerate(batches):
                # by the days; of what is said in retrospect nobody knows before that it is a batch
                if batch.announced_on <= day < batch.day + truth.followed[j, k]:
                    count = on_register(truth, j, truth.of_batch(k), float(day))
                    end = day if batch.last_day is None else min(batch.last_day, day)
                    publish(day, batch.day, end, count, f"batch {k + 1}", bool(rounds[k]))
        if monitor.totals:
            count = on_register(truth, j, truth.of_window(0, day), float(day))
            publish(day, 0, day, count, f"since {truth.first_day}", bool(rounds[-1]))
    return rows


def as_published(truth: CampaignTruth, rows: list[Row]) -> PublishedReleases:
    """The rows as published counts."""
    first = np.datetime64(truth.first_day, "D")
    published, source, role, start, end, count, at_least, event, measure = zip(*rows, strict=True)
    return PublishedReleases(
        published=first + np.array(published, dtype=np.int64),
        source=source,
        role=role,
        start=first + np.array(start, dtype=np.int64),
        end=first + np.array(["NaT" if day is None else day for day in end], dtype="timedelta64[D]"),
        count=np.array(count, dtype=np.int64),
        at_least=np.array(at_least, dtype=bool),
        event=event,
        measure=measure,
        note=("",) * len(rows),
    )


def _rounded(count: int, rounds: bool) -> tuple[int, bool]:
    """A count, or "at least" the ten below it."""
    return (count // 10 * 10, True) if rounds and count >= 10 else (count, False)


_NEVER = np.datetime64("NaT", "D")


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

    Examples
    --------
    >>> import detcount as dc
    >>> campaign = dc.simulate.release_campaign(seed=1)
    >>> len(campaign.reports)
    212
    """

    reports: PublishedReleases
    truth: CampaignTruth
    seed: int

    @property
    def cases(self) -> pd.DataFrame:
        """Every release that happened, a row each and no names, as it is known in the end.

        Columns are ``release`` (the day), ``batch`` (name of the batch, empty for a continuing
        release), ``house_arrest``, ``political`` (whether monitors count such releases), and one for
        each monitor: the day of verification, NaT for never.
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
        frame = self._frame(float(number_of(self.truth, day)))
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
            "political": truth.political,
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


@door
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
    further: Sequence[float] = (),
    seed: int = 0,
) -> Campaign:
    """Invent a campaign of releases, and what an authority and monitors publish of it.

    Batches are announced on their days; of the announced a share is never completed. Between them
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
        Probability that a release is to house arrest, which counts for some and not for others.
    authority : Authority, optional
        Who announces.
    monitors : tuple of Monitor, optional
        Who verifies.
    dependence : float, optional
        Correlation, in [0, 1), of what decides whether the monitors ever verify a release: with 0
        they are independent; above it those whom one never finds are more often those whom another
        never finds. The share of each monitor stays what it is.
    further : sequence of float, optional
        Mean of further releases of each day, persons, from day 0 on: such as waves that nobody announced.
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
        If an argument is out of its range.

    Notes
    -----
    Of an announced batch of A, Binomial(A, 1 - inflation) are completed. Whether monitor j ever verifies a
    case within its definition is decided by sqrt(rho) U + sqrt(1 - rho) E_j falling below the normal quantile
    of its probability, U standard normal and common to the monitors, rho the dependence. A delay is the whole
    days of a Weibull or log-normal time. The options of `Batch` and `Monitor` that violate what models assume
    are off by default: probabilities that vary by batch, slow verifications, outsiders, monitors that copy
    each other, do not follow every batch or stop reporting, figures that are lowered, announcements without
    an end or of all offences.

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
    arguments.share("release_campaign: house_arrest_share", house_arrest_share)
    if not 0 <= dependence < 1:
        raise InputError(
            Message(
                "release_campaign: dependence: expected a number from 0 to below 1, got {got}",
                got=repr(dependence),
            )
        )
    sources = [authority.name, *(monitor.name for monitor in monitors)]
    if len(set(sources)) < len(sources) or not all(sources):
        raise InputError(
            Message("release_campaign: expected a name of its own for each source, got one twice or none")
        )
    for j, monitor in enumerate(monitors):
        if monitor.copies and monitor.copies[0] not in [other.name for other in monitors[:j]]:
            raise InputError(
                Message(
                    "release_campaign: {monitor}: copies: expected a monitor that stands before it, got "
                    "{got}. Name that one first",
                    monitor=monitor.name,
                    got=repr(monitor.copies[0]),
                )
            )
    late = [batch.announced_on for batch in batches if batch.announced_on >= n_days]
    if late:
        raise InputError(
            Message(
                "release_campaign: expected batches on days 0 to {last}, got day {day}",
                last=n_days - 1,
                day=late[0],
            )
        )
    start = arguments.day("release_campaign: first_day", first_day)
    truth = happen(
        batches, daily, dispersion, volatility, n_days, start, house_arrest_share, authority,
        monitors, dependence, further, seed,
    )  # fmt: skip
    rows = announcements(truth, batches, authority)
    for j, monitor in enumerate(monitors):
        rows += verifications(truth, j, batches, monitor, seed)
    if not rows:
        raise InputError(
            Message(
                "release_campaign: nobody publishes anything. Let a monitor report, or a batch be announced"
            )
        )
    return Campaign(as_published(truth, rows), truth, seed)
