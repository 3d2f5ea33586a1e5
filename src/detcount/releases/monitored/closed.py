"""Posterior of the releases where an estimator of closed populations takes those that are old enough."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.delay import (
    daily_rates,
    discrete_cdf,
    draw_pending,
    generalised_dirichlet,
    reverse_hazard,
    triangle,
)
from detcount._numerics.monitored import Registers, allocate
from detcount.errors import NotEstimableError
from detcount.estimates import AbundanceEstimate, Estimator
from detcount.published.cases import MonitoredCases
from detcount.releases.delay import DelayEstimate, VerificationDelay
from detcount.releases.monitored.notes import (
    METHOD,
    NOTE_ESTIMATOR,
    NOTE_FIRST_DELAY,
    NOTE_SHORT,
    NOTE_WITHIN,
    tail_notes,
)
from detcount.releases.monitored.reading import Histories
from detcount.words import Message

_SETTLED = 0.95  # share of a monitor's verifications that the days given should let in
_LEAST_SETTLED = 0.5  # share of the releases seen that must be old enough
_CONCENTRATION = 0.1  # Dirichlet prior of the delay of the first verification
_TAILS = np.concatenate([np.geomspace(0.0005, 0.01, 10), np.linspace(0.02, 0.49, 48)])


def old_enough(
    estimator: Estimator,
    cases: MonitoredCases,
    history: Histories,
    own: VerificationDelay,
    *,
    within: int | None,
    random: np.random.Generator,
    seed: int,
) -> dict[str, Any]:
    """Fields of the estimate where an estimator takes the releases old enough; `own` is a monitor's delay."""
    data, last = history.registers, cases.as_of
    fitted = [
        own.fit_cases(cases.release, cases.verified[:, j], as_of=last, seed=seed)
        for j in range(len(cases.monitors))
    ]
    within, notes = _days_given(within, cases, data, fitted)
    table = cases.table(within=within)
    estimate = estimator.fit(table, seed=seed)
    name = type(estimator).__name__
    notes.append(
        Message(
            NOTE_WITHIN,
            within=within,
            n=table.n_observed,
            last=last - dt.timedelta(days=within),
            estimator=name,
        )
    )
    notes += [Message(NOTE_ESTIMATOR, estimator=name, note=note) for note in estimate.notes]
    totals = _draws_of(estimate, own.n_draws, random)
    share = table.n_observed / totals
    delay = history.delay
    first_delay = np.where(delay >= 0, delay, np.iinfo(np.int64).max).min(axis=1)
    unseen = _draw_unseen(totals - table.n_observed, share, history, first_delay, within, random)
    # of the unseen, those that some monitor reaches after the last day
    first_verified = own.fit_cases(
        cases.release, cases.release + first_delay.astype("timedelta64[D]"), as_of=last, seed=seed
    )
    later = _chance_later(own.family, first_verified.parameters, share, data.ages, within)
    pending = random.binomial(unseen, later)
    notes.append(Message(NOTE_FIRST_DELAY, family=own.family))
    released = data.seen + unseen
    monitor_pending = np.stack(
        [
            np.minimum(
                _own_pending(own.family, one.parameters, data, j, random), released - data.listed[:, j]
            )
            for j, one in enumerate(fitted)
        ]
    )
    delays = np.stack([one.parameters for one in fitted if one.parameters is not None], axis=1)
    notes += tail_notes(own.family, cases.monitors, delays, int(data.ages.max()))
    return {
        "point": float(np.median(released.sum(axis=1))),
        "pending_draws": pending,
        "unverifiable_draws": unseen - pending,
        "monitor_pending_draws": monitor_pending,
        "delays": delays,
        "detail": estimate,
        "notes": (*cases.notes, *notes),
    }


def _draw_unseen(
    n_unlisted: NDArray[np.int64],
    share: NDArray[np.float64],
    history: Histories,
    first_delay: NDArray[np.int64],
    within: int,
    random: np.random.Generator,
) -> NDArray[np.int64]:
    """Draw the releases of each day that no monitor had verified by the last day."""
    data, n_draws = history.registers, len(share)
    old = data.ages >= within
    counted = first_delay <= within
    n_days = int(data.ages.max()) + 1
    tri = triangle(history.number[counted], first_delay[counted], n_days=n_days, longest=within)
    reached = (
        generalised_dirichlet(reverse_hazard(tri), _CONCENTRATION, n_draws, random)
        if within
        else np.ones((n_draws, 1))
    )
    within_seen = tri.verified[: len(data.ages)]
    chance = np.maximum(share[:, None] * reached[:, np.minimum(data.ages, within)], 1e-12)
    rates = daily_rates(within_seen, chance, random)
    unseen = draw_pending(within_seen, chance, rates, random)
    unseen[:, old] = allocate(n_unlisted, within_seen[old], random)
    return np.asarray(np.maximum(unseen - (data.seen - within_seen), 0))


def _chance_later(
    family: str,
    parameters: NDArray[np.float64] | None,
    share: NDArray[np.float64],
    ages: NDArray[np.int64],
    within: int,
) -> NDArray[np.float64]:
    """Chance that a release unseen so far is verified by some monitor, by the delay of the first one."""
    assert parameters is not None
    by_age = discrete_cdf(family, parameters, ages)
    ever = np.minimum(share / discrete_cdf(family, parameters, [within])[:, 0], 1.0)[:, None]
    return np.clip(ever * (1 - by_age) / np.maximum(1 - ever * by_age, 1e-15), 0.0, 1.0)


def _own_pending(
    family: str,
    parameters: NDArray[np.float64] | None,
    data: Registers,
    j: int,
    random: np.random.Generator,
) -> NDArray[np.int64]:
    """Draw what one monitor will still verify, from its own delay."""
    assert parameters is not None
    reached = np.maximum(discrete_cdf(family, parameters, data.ages), 1e-12)
    listed = data.listed[:, j]
    return draw_pending(listed, reached, daily_rates(listed, reached, random), random)


def _days_given(
    within: int | None, cases: MonitoredCases, data: Registers, fitted: list[DelayEstimate]
) -> tuple[int, list[str]]:
    """Days that every release is given, and a note where they are fewer than wished."""
    if within is not None:
        if within > data.ages.max():
            raise NotEstimableError(
                METHOD,
                Message("no release is {days} days old", days=within),
                Message("Use within={most} or less.", most=int(data.ages.max())),
                advice=Message("Wait for some days."),
            )
        return within, []
    cumulated = np.cumsum(data.seen)
    most = int(data.ages[np.argmax(cumulated >= _LEAST_SETTLED * cumulated[-1])])
    cdf = np.stack([one.cdf(np.arange(most + 1)) for one in fitted])
    enough = np.flatnonzero(cdf.min(axis=0) >= _SETTLED)
    if len(enough):
        return int(enough[0]), []
    slowest = int(cdf[:, -1].argmin())
    share = float(cdf[slowest, -1])
    return most, [Message(NOTE_SHORT, within=most, monitor=cases.monitors[slowest], share=share)]


def _draws_of(estimate: AbundanceEstimate, n_draws: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Draw whole persons from an estimate: from its own draws, or from its limits at many levels."""
    if estimate.draws is not None and len(estimate.draws):
        order = np.sort(estimate.draws)
        places = (np.arange(n_draws) + random.random()) / n_draws * len(order)
        drawn = order[np.minimum(places.astype(np.int64), len(order) - 1)]
    else:
        at = [estimate.interval(1 - 2 * tail) for tail in _TAILS]
        levels = np.concatenate([_TAILS, [0.5], 1 - _TAILS[::-1]])
        limits = np.array([one.low for one in at] + [estimate.point] + [one.high for one in at[::-1]])
        if not np.isfinite(estimate.interval(0.95).high):
            raise NotEstimableError(
                METHOD,
                Message(
                    "{estimator} sets no upper limit to the releases old enough",
                    estimator=type(estimate.estimator).__name__,
                ),
                Message("Report those seen as a floor, or use another estimator."),
            )
        finite = np.isfinite(limits)
        steps = (np.arange(n_draws) + random.random(n_draws)) / n_draws
        drawn = np.interp(steps, levels[finite], np.maximum.accumulate(limits[finite]))
    whole = np.floor(drawn + random.random(n_draws)).astype(np.int64)
    return np.asarray(random.permutation(np.maximum(whole, estimate.n_observed)))
