"""Draws of what happens in an invented campaign: releases, and who verifies each of them when."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from detcount._numerics.arrays import frozen
from detcount.errors import InputError
from detcount.simulate.campaign.parties import Authority, Batch, Monitor, Share
from detcount.simulate.campaign.truth import CampaignTruth, count_cases
from detcount.words import Message

__all__ = ["AUTHORITY", "EVENTS", "MONITORS", "happen"]

_LONGEST = 36_525.0  # days; a century: a delay beyond it is never
_MOST = 10_000_000  # persons; a campaign of more would fill the memory

# Streams of random numbers, so that what monitors publish does not move what happened.
EVENTS, AUTHORITY, MONITORS = 0, 1, 2


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
    seed: int,
) -> CampaignTruth:
    """Draw the releases and who verifies each of them when."""
    continuing = _continuing(daily, dispersion, volatility, n_days, seed)
    day, number = _released(continuing, batches, authority, seed)
    n_cases = len(day)
    own = np.random.default_rng([seed, EVENTS, 2])
    house = own.random(n_cases) < house_arrest_share
    common = own.standard_normal(n_cases)

    announcing = np.random.default_rng([seed, AUTHORITY, 0])
    share = _draw_share(authority.inflation, announcing)
    never = announcing.poisson(continuing * share / (1 - share))
    announced = continuing + never
    for batch in batches:
        announced[batch.day] += batch.announced

    verified = np.full((n_cases, len(monitors)), np.inf)
    chances, wrong = [], [np.empty((0, 5), dtype=np.int64)]
    for j, monitor in enumerate(monitors):
        own = np.random.default_rng([seed, MONITORS + j, 0])
        chance = _draw_share(monitor.verification, own)
        chances.append(chance)
        found = np.sqrt(dependence) * common + np.sqrt(1 - dependence) * own.standard_normal(n_cases)
        ever = (found < ndtri(chance)) & (monitor.counts_house_arrest | ~house)
        when = _accepted(monitor, day, own)
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
        releases=frozen(day),
        batch=frozen(number),
        house_arrest=frozen(house),
        verified=frozen(verified),
        announced=frozen(announced.astype(np.int64)),
        wrong=frozen(np.concatenate(wrong).astype(np.int64)),
        counts_house_arrest=frozen(
            np.array([monitor.counts_house_arrest for monitor in monitors], dtype=bool)
        ),
    )
    found_batches = tuple(
        count_cases(
            truth, f"batch {k + 1}", batch.day, batch.day + batch.over_days - 1, number == k, batch.announced
        )
        for k, batch in enumerate(batches)
    )
    object.__setattr__(truth, "batches", found_batches)
    return truth


def _continuing(
    daily: float, dispersion: float, volatility: float, n_days: int, seed: int
) -> NDArray[np.int64]:
    """Draw the continuing releases of each day."""
    rng = np.random.default_rng([seed, EVENTS])
    steps = rng.normal(0.0, volatility, n_days)
    mean = daily * np.exp(np.minimum(np.cumsum(steps) - steps[0], 50.0))  # above, refused below
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
    releases = [np.repeat(np.arange(len(continuing)), continuing)]
    numbers = [np.full(continuing.sum(), -1)]
    for k, batch in enumerate(batches):
        # a stream for each batch: one more does not move those before it
        own = np.random.default_rng([seed, EVENTS, 1, k])
        share = _draw_share(authority.inflation if batch.inflation is None else batch.inflation, own)
        carried_out = int(own.binomial(batch.announced, 1 - share))
        releases.append(batch.day + own.integers(0, batch.over_days, carried_out))
        numbers.append(np.full(carried_out, k))
    day, number = np.concatenate(releases).astype(np.int64), np.concatenate(numbers).astype(np.int64)
    order = np.argsort(day, kind="stable")
    return day[order], number[order]


def _accepted(monitor: Monitor, day: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Day on which a monitor verifies each release, if it ever does; some wait for a day of many."""
    when = day + _delays(monitor, len(day), rng)
    waits = rng.random(len(day)) < monitor.batch_share
    for accepted in sorted(monitor.batch_days, reverse=True):
        later = [other for other in monitor.batch_days if other < accepted]
        since = max(later, default=-1)
        when = np.where(waits & (when <= accepted) & (when > since), accepted, when)
    return when


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


def _draw_share(share: Share, rng: np.random.Generator) -> float:
    """A share that is given, or drawn from its Beta distribution; one number is used up either way."""
    if isinstance(share, tuple):
        return float(rng.beta(*share))
    rng.random()
    return float(share)
