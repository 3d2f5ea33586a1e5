"""Draws of what happens in an invented campaign: the releases, day by day and by announced batch."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import frozen
from detcount.errors import InputError
from detcount.simulate.campaign.lots import Batch, Wave, Waves, announced_by_day
from detcount.simulate.campaign.parties import Authority, Monitor
from detcount.simulate.campaign.shares import AUTHORITY, EVENTS, draw_share
from detcount.simulate.campaign.truth import CampaignTruth, count_cases
from detcount.simulate.campaign.verifying import verify
from detcount.words import Message

_LONGEST = 36_525  # days; a century
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
    waves: tuple[Wave, ...] | Waves,
    seed: int,
) -> CampaignTruth:
    """Draw the releases and who verifies each of them when."""
    came, ended = _waves(waves, n_days, seed)
    continuing = _continuing(daily, dispersion, volatility, came, n_days, seed)
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
        for when, said in announced_by_day(batch):
            if when < n_days:
                announced[when] += said

    starts = np.array([batch.day for batch in batches], dtype=np.int64)
    found = verify(monitors, day, number, political, house, common, starts, dependence, seed)
    truth = CampaignTruth(
        first_day=first_day,
        n_days=n_days,
        monitors=tuple(monitor.name for monitor in monitors),
        batches=(),
        verification=found.chances,
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
        waves=came,
        ended=ended,
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


def _waves(waves: tuple[Wave, ...] | Waves, n_days: int, seed: int) -> tuple[tuple[Wave, ...], int | None]:
    """The waves that come, and the day from which none does."""
    if not isinstance(waves, Waves):
        return waves, None
    own = np.random.default_rng([seed, EVENTS, 4])
    end = own.exponential(1 / waves.ending)
    lasts = min(end, float(n_days))
    others = np.sort(own.uniform(0, lasts, own.poisson(waves.rate * lasts)))
    days = [0, *others.astype(np.int64).tolist()]
    median, spread = waves.size
    sizes = median * np.exp(np.minimum(spread * own.standard_normal(len(days)), 50.0))  # refused below
    came = tuple(Wave(day, float(size), waves.fading) for day, size in zip(days, sizes, strict=True))
    return came, math.ceil(end) if end <= n_days else None


def _continuing(
    daily: float, dispersion: float, volatility: float, waves: tuple[Wave, ...], n_days: int, seed: int
) -> NDArray[np.int64]:
    """Draw the continuing releases of each day, those of waves included."""
    rng = np.random.default_rng([seed, EVENTS])
    steps = rng.normal(0.0, volatility, n_days)
    mean = daily * np.exp(np.minimum(np.cumsum(steps) - steps[0], 50.0))  # above, refused below
    for wave in waves:
        age = np.arange(n_days - wave.day)
        left = np.exp(-age / wave.fading)
        mean[wave.day :] += wave.size * left * -math.expm1(-1 / wave.fading)
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
        share = draw_share(authority.inflation if batch.inflation is None else batch.inflation, own)
        carried_out = int(own.binomial(batch.announced, 1 - share))
        if batch.kind == "prospective":
            shape, scale = batch.pace
            passed = np.minimum(scale * own.weibull(shape, carried_out), _LONGEST).astype(np.int64)
        else:
            passed = own.integers(0, batch.over_days, carried_out)
        releases.append(batch.day + passed)
        numbers.append(np.full(carried_out, k))
    day, number = np.concatenate(releases).astype(np.int64), np.concatenate(numbers).astype(np.int64)
    order = np.argsort(day, kind="stable")
    return day[order], number[order]
