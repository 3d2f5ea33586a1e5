"""Draws of what happens in an invented campaign: the releases, and who verifies each of them when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri

from detcount._numerics.arrays import frozen, repeat
from detcount.errors import InputError
from detcount.simulate.campaign.parties import (
    AUTHORITY,
    EVENTS,
    MONITORS,
    Authority,
    Batch,
    Monitor,
    announced_by_day,
    draw_share,
)
from detcount.simulate.campaign.truth import CampaignTruth, count_cases
from detcount.words import Message


@dataclass(frozen=True)
class Tuning:
    """Limits of invented campaigns.

    Parameters
    ----------
    longest : float, days
        Delay beyond which a release is never verified. Convention: a century.
    """

    longest: float = 36_525.0


TUNING = Tuning()


# streams of one monitor: each option has its own, so that none moves another
_FOUND, _BY_BATCH, _SLOW, _OUTSIDERS, _COPIED, _FOLLOWED = 0, 2, 3, 4, 5, 6


@dataclass(frozen=True)
class Findings:
    """Findings of the monitors.

    Parameters
    ----------
    verified : ndarray of float64, shape (n_cases, n_monitors)
        Day of verification; infinite for never.
    wrong : ndarray of int64, shape (n_wrong, 5)
        Monitor, batch, day of the release claimed, day of entry, day of withdrawal.
    outsiders : ndarray of int64, shape (n_outsiders, 4)
        Monitor, batch, day of the release claimed, day of entry.
    followed : ndarray of float64, shape (n_monitors, n_batches)
        Days for which each monitor follows each batch, from its day on; 0 for not at all.
    shares : tuple of float
        Probability of each monitor that it ever verifies a release within its definition.
    """

    verified: NDArray[np.float64]
    wrong: NDArray[np.int64]
    outsiders: NDArray[np.int64]
    followed: NDArray[np.float64]
    shares: tuple[float, ...]


def verify(
    monitors: tuple[Monitor, ...],
    day: NDArray[np.int64],
    number: NDArray[np.int64],
    political: NDArray[np.bool_],
    house: NDArray[np.bool_],
    common: NDArray[np.float64],
    batch_days: NDArray[np.int64],
    dependence: float,
    seed: int,
) -> Findings:
    """Draw what each monitor verifies; a monitor that copies another comes after it.

    `number` is the batch of each case, -1 for none, and `batch_days` the days of the batches.
    """
    n_cases, n_batches = len(day), len(batch_days)
    verified = np.full((n_cases, len(monitors)), np.inf)
    followed = np.full((len(monitors), n_batches), np.inf)
    shares, wrong, outsiders = [], [np.empty((0, 5), np.int64)], [np.empty((0, 4), np.int64)]
    names = [monitor.name for monitor in monitors]
    for j, monitor in enumerate(monitors):
        own = np.random.default_rng([seed, MONITORS + j, _FOUND])
        probability = draw_share(monitor.verification, own)
        shares.append(probability)
        by_case = _by_case(monitor, probability, number, n_batches, _stream(seed, j, _BY_BATCH))
        found = np.sqrt(dependence) * common + np.sqrt(1 - dependence) * own.standard_normal(n_cases)
        counts = political & (monitor.counts_house_arrest | ~house)
        ever = (found < ndtri(by_case)) & counts
        when = _accepted(monitor, day, own, _stream(seed, j, _SLOW))
        verified[ever, j] = when[ever]
        copies = repeat(np.flatnonzero(ever), own.poisson(monitor.wrong_share, int(ever.sum())))
        entered = when[copies].astype(np.int64)
        lasting = 1 + own.poisson(monitor.withdrawn_after - 1, len(copies))
        entries = [np.full(len(copies), j), number[copies], day[copies], entered, entered + lasting]
        strangers = _outsiders(monitor, j, ever, day, number, seed)
        if monitor.copies is not None:
            other, share = names.index(monitor.copies[0]), monitor.copies[1]
            own = _stream(seed, j, _COPIED)
            taken = counts & (own.random(n_cases) < share)
            verified[taken, j] = np.minimum(verified[taken, j], verified[taken, other] + 1)
            theirs = outsiders[other + 1]
            theirs = theirs[own.random(len(theirs)) < share] + np.array([0, 0, 0, 1])
            theirs[:, 0] = j
            strangers = np.concatenate([strangers, theirs])
        followed[j] = _followed(monitor, n_batches, _stream(seed, j, _FOLLOWED))
        until = np.append(batch_days + followed[j], np.inf)  # the last is of continuing releases
        verified[verified[:, j] >= until[number], j] = np.inf
        outsiders.append(strangers[strangers[:, 3] < until[strangers[:, 1]]])
        rows = np.column_stack(entries).astype(np.int64)
        wrong.append(rows[rows[:, 3] < until[rows[:, 1]]])
    return Findings(verified, np.concatenate(wrong), np.concatenate(outsiders), followed, tuple(shares))


def _stream(seed: int, j: int, which: int) -> np.random.Generator:
    """Random numbers of one option of one monitor."""
    return np.random.default_rng([seed, MONITORS + j, which])


def _by_case(
    monitor: Monitor, probability: float, number: NDArray[np.int64], n_batches: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Probability of ever being verified, by the batch of each case; continuing ones have that of all."""
    moved = expit(logit(probability) + monitor.verification_sd * rng.standard_normal(n_batches))
    return np.asarray(
        np.append(moved if monitor.verification_sd else np.full(n_batches, probability), probability)[number]
    )


def _outsiders(
    monitor: Monitor,
    j: int,
    ever: NDArray[np.bool_],
    day: NDArray[np.int64],
    number: NDArray[np.int64],
    seed: int,
) -> NDArray[np.int64]:
    """People counted with the verified who belong to no announcement and to no release of the campaign."""
    rng = _stream(seed, j, _OUTSIDERS)
    share = monitor.outsider_share
    beside = repeat(np.flatnonzero(ever), rng.poisson(share / (1 - share), int(ever.sum())))
    entered = _accepted(monitor, day[beside], rng, rng)
    rows = np.column_stack([np.full(len(beside), j), number[beside], day[beside], entered])
    return np.asarray(rows, dtype=np.int64)


def _followed(monitor: Monitor, n_batches: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Days for which a monitor follows each batch."""
    begins = rng.random(n_batches) < monitor.follow_chance
    lasting = np.ceil(rng.exponential(1.0, n_batches) * monitor.followed_days)
    return np.where(begins, lasting, 0.0)


def _accepted(
    monitor: Monitor, day: NDArray[np.int64], rng: np.random.Generator, slow: np.random.Generator
) -> NDArray[np.float64]:
    """Day on which a monitor verifies each release, if it ever does."""
    delays = _delays(monitor, len(day), rng)
    late = slow.random(len(day)) < monitor.slow_share
    mean, spread = monitor.slow_delay
    months = np.floor(np.exp(np.minimum(slow.normal(mean, spread, len(day)), np.log(TUNING.longest))))
    return np.asarray(day + np.where(late, months, delays), dtype=np.float64)


def _delays(monitor: Monitor, n_cases: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Whole days from release to verification."""
    first, second = monitor.delay_parameters
    if monitor.delay is None:
        return np.zeros(n_cases)
    if monitor.delay == "weibull":
        time = second * rng.weibull(first, n_cases)
    else:
        time = np.exp(np.minimum(rng.normal(first, second, n_cases), np.log(TUNING.longest)))
    return np.floor(np.minimum(time, TUNING.longest))


_MOST = 10_000_000  # persons; a campaign of more would fill the memory


def happen(
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
    further: Sequence[float],
    seed: int,
) -> CampaignTruth:
    """Draw the releases and who verifies each of them when."""
    continuing = _continuing(daily, dispersion, volatility, further, n_days, seed)
    day, number = _released(continuing, batches, authority, seed)
    n_cases = len(day)
    own = np.random.default_rng([seed, EVENTS, 2])
    house = own.random(n_cases) < house_arrest_share
    common = own.standard_normal(n_cases)
    shares = np.array([batch.political_share for batch in batches] + [1.0])
    political = np.random.default_rng([seed, EVENTS, 3]).random(n_cases) < shares[number]

    announcing = np.random.default_rng([seed, AUTHORITY, 0])
    share = draw_share(authority.inflation, announcing)
    never = announcing.poisson(continuing * share / (1 - share))
    announced = continuing + never
    for batch in batches:
        for when, stated in announced_by_day(batch):
            if when < n_days:
                announced[when] += stated

    starts = np.array([batch.day for batch in batches], dtype=np.int64)
    found = verify(monitors, day, number, political, house, common, starts, dependence, seed)
    truth = CampaignTruth(
        first_day=first_day,
        n_days=n_days,
        monitors=tuple(monitor.name for monitor in monitors),
        batches=(),
        verification=found.shares,
        delays=tuple((monitor.delay, monitor.delay_parameters) for monitor in monitors),
        releases=frozen(day),
        batch=frozen(number),
        house_arrest=frozen(house),
        political=frozen(political),
        verified=frozen(found.verified),
        announced=frozen(announced.astype(np.int64)),
        wrong=frozen(found.wrong),
        outsiders=frozen(found.outsiders),
        followed=frozen(found.followed),
        counts_house_arrest=frozen(
            np.array([monitor.counts_house_arrest for monitor in monitors], dtype=bool)
        ),
    )
    found_batches = tuple(
        count_cases(
            truth,
            f"batch {k + 1}",
            batch.day,
            _last_day(batch, day[number == k]),
            number == k,
            batch.announced,
        )
        for k, batch in enumerate(batches)
    )
    object.__setattr__(truth, "batches", found_batches)
    return truth


def _last_day(batch: Batch, days: NDArray[np.int64]) -> int:
    """Last day of what a batch speaks of; with no end said, that of its last release."""
    if batch.last_day is not None:
        return batch.last_day
    return int(days.max(initial=batch.day))


def _continuing(
    daily: float, dispersion: float, volatility: float, further: Sequence[float], n_days: int, seed: int
) -> NDArray[np.int64]:
    """Draw the continuing releases of each day, the further ones included."""
    rng = np.random.default_rng([seed, EVENTS])
    steps = rng.normal(0.0, volatility, n_days)
    mean = daily * np.exp(np.minimum(np.cumsum(steps) - steps[0], 50.0))  # above, refused below
    mean[: len(further)] += further
    rate = mean if np.isinf(dispersion) else mean * rng.gamma(dispersion, 1 / dispersion, n_days)
    if rate.sum() > _MOST:
        raise InputError(
            Message(
                "release_campaign: more than {most:,} releases on the way. Lower daily, volatility or n_days",
                most=_MOST,
            )
        )
    return np.asarray(rng.poisson(rate))


def _released(
    continuing: NDArray[np.int64], batches: tuple[Batch, ...], authority: Authority, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Day and number of the batch of each release, by day; -1 for a continuing one."""
    releases = [repeat(np.arange(len(continuing)), continuing)]
    numbers = [np.full(continuing.sum(), -1)]
    for k, batch in enumerate(batches):
        # a stream for each batch: one more does not move those before it
        own = np.random.default_rng([seed, EVENTS, 1, k])
        share = draw_share(authority.inflation if batch.inflation is None else batch.inflation, own)
        carried_out = int(own.binomial(batch.announced, 1 - share))
        if batch.kind == "prospective":
            shape, scale = batch.pace
            passed = np.minimum(scale * own.weibull(shape, carried_out), TUNING.longest).astype(np.int64)
        else:
            passed = own.integers(0, batch.over_days, carried_out)
        releases.append(batch.day + passed)
        numbers.append(np.full(carried_out, k))
    day, number = np.concatenate(releases).astype(np.int64), np.concatenate(numbers).astype(np.int64)
    order = np.argsort(day, kind="stable")
    return day[order], number[order]
