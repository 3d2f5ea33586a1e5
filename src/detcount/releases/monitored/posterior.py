"""Cases of several monitors as counts, and draws of the releases that none of them has seen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from detcount._numerics.delay import daily_rates, discrete_cdf, draw_pending, from_median
from detcount._numerics.monitored import (
    MOST_MONITORS,
    Dependence,
    Registers,
    draw_futures,
    log_likelihood_of_histories,
    probabilities_now,
    registers,
    seen_share,
    shares_ever,
    start_and_prior,
)
from detcount._numerics.monte_carlo import positions
from detcount._numerics.sampler import Prior, maximise, sample_posterior
from detcount.errors import NotEstimableError
from detcount.published.cases import MonitoredCases
from detcount.words import Message

METHOD = "MonitoredReleases"

_FAMILY = "weibull"
_MEDIAN, _SPREAD = (7.0, 1.5), (1.0, 0.5)  # priors of each monitor's delay, log-normal
_VERIFICATION = (1.0, 1.0)  # beta prior of the share that a monitor ever verifies
_INDEPENDENT = 0.2  # probability, before the data, that three monitors or more are independent
_TRIED = 2.0  # odds ratio of two monitors, and its reciprocal, that a note speaks of
_LEAST_DRAWS = 100  # of a way to depend, however unlikely, before a part of them is taken
_DRAWN = {"pending_draws": 0, "unverifiable_draws": 0, "monitor_pending_draws": 1, "shares": 0, "delays": 0}
_LONG = 0.01  # share of longer delays that is passed over


@dataclass(frozen=True)
class Histories:
    """Cases by day, as registers; and the days."""

    days: NDArray[np.datetime64]
    registers: Registers


def read_histories(cases: MonitoredCases) -> Histories:
    """Count cases from the first release seen to the last one; decline those that show no overlap."""
    _require_overlap(cases)
    first = cases.release.min()
    n_days = int((np.datetime64(cases.as_of, "D") - first).astype(np.int64)) + 1
    delay = (cases.verified - cases.release[:, None]).astype("timedelta64[D]").astype(np.int64)
    delay[np.isnat(cases.verified)] = -1
    counted = registers((cases.release - first).astype(np.int64), delay, n_days)
    return Histories(first + np.arange(len(counted.ages)), counted)


def _require_overlap(cases: MonitoredCases) -> None:
    """Decline cases from which the monitors' overlap cannot be read."""
    n_monitors = len(cases.monitors)
    if n_monitors < 2:
        raise NotEstimableError(
            METHOD,
            Message(
                "needs at least 2 monitors, got 1, and one register has no overlap: the releases that "
                "happened are at least the {seen:,} seen, and nothing bounds them from above",
                seen=len(cases),
            ),
            Message(
                "VerificationDelay says what this monitor will still verify; AnnouncedBatches takes the "
                "share it ever verifies as a stated prior."
            ),
            advice=Message("Report those seen as a floor, or add a monitor."),
        )
    if n_monitors > MOST_MONITORS:
        raise NotEstimableError(
            METHOD,
            Message("takes at most {most} monitors, got {n}", most=MOST_MONITORS, n=n_monitors),
            Message("Merge the columns of monitors that share their work."),
        )
    on = ~np.isnat(cases.verified)
    for name, column in zip(cases.monitors, on.T, strict=True):
        if not column.any():
            raise NotEstimableError(
                METHOD,
                Message("monitor {monitor!r} had verified nobody by {day}", monitor=name, day=cases.as_of),
                Message("Leave its column out."),
                advice=Message("Leave it out."),
            )
    if not (on.sum(axis=1) > 1).any():
        raise NotEstimableError(
            METHOD,
            Message("the monitors share no release, so the data set no upper limit to those that happened"),
            Message("Check that the people are matched over the monitors, or report those seen."),
        )


def draw_releases(
    cases: MonitoredCases,
    data: Registers,
    *,
    deviation: float,
    odds_ratio: float,
    n_draws: int,
    random: np.random.Generator,
) -> dict[str, Any]:
    """Fields of the estimate: draws of what nobody has seen; `deviation` is of the log odds ratios."""
    ways = [Dependence(data.n_monitors, math.log(odds_ratio))]
    if data.n_monitors > 2 and deviation > 0:
        ways.append(Dependence(data.n_monitors, None))
    found = [_find_mode(data, way, deviation) for way in ways]
    log_weights = np.array([one.log_evidence for one in found])
    log_weights[1:] += math.log(1 / _INDEPENDENT - 1)
    weights = np.exp(log_weights - log_weights.max())
    weights /= weights.sum()
    counts = np.bincount(positions(weights, n_draws, random), minlength=len(ways))
    parts = [
        _draw_unseen(data, one, int(count), random) for one, count in zip(found, counts, strict=True) if count
    ]
    order = random.permutation(n_draws)
    fields = {
        name: np.concatenate([part[name] for part in parts], axis=axis).take(order, axis=axis)
        for name, axis in _DRAWN.items()
    }
    delays = fields.pop("delays")
    released = (data.seen + fields["pending_draws"] + fields["unverifiable_draws"]).sum(axis=1)
    notes = [*cases.notes]
    if data.n_monitors == 2:
        notes.append(_note_of_two(data, odds_ratio))
    elif len(ways) > 1:
        notes.append(
            Message(
                "Probability that all monitors are independent: {probability:.0%} (before the data: "
                "{before:.0%}).",
                probability=float(weights[0]),
                before=_INDEPENDENT,
            )
        )
    notes += _notes_of_overlap(cases)
    notes += _notes_of_delay(cases, delays, int(data.ages.max()))
    return {**fields, "point": float(np.median(released)), "notes": notes}


@dataclass(frozen=True)
class _Mode:
    """A way in which monitors may depend, where its posterior density is highest, and its evidence."""

    dependence: Dependence
    prior: Prior
    mode: NDArray[np.float64]
    log_evidence: float  # by Laplace's method, up to what all ways have in common


def _find_mode(data: Registers, dependence: Dependence, deviation: float) -> _Mode:
    """The mode, and the evidence by Laplace's method."""
    start, prior = start_and_prior(_MEDIAN, _SPREAD, _VERIFICATION, dependence, deviation)

    def log_density(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return log_likelihood_of_histories(_FAMILY, points, data, dependence) + prior.log_density(points)

    mode, precision = maximise(log_density, start)
    # of a log odds ratio that is a coordinate the roots of 2 pi cancel with those of the curvature
    constant = dependence.n_free * math.log(deviation) if dependence.n_free else 0.0
    evidence = float(log_density(mode[None])[0]) - 0.5 * np.linalg.slogdet(precision)[1] - constant
    return _Mode(dependence, prior, mode, evidence)


def _draw_unseen(
    data: Registers, one: _Mode, n_draws: int, random: np.random.Generator
) -> dict[str, NDArray[Any]]:
    """Draws of what nobody has seen, if monitors depend in one way."""
    dependence = one.dependence
    points = sample_posterior(
        lambda points: log_likelihood_of_histories(_FAMILY, points, data, dependence),
        one.prior,
        one.mode,
        n_draws=max(n_draws, _LEAST_DRAWS),
        random=random,
    ).draws[:n_draws]
    now, ratios = probabilities_now(_FAMILY, points, data.ages, dependence), dependence.log_ratios(points)
    share = seen_share(now, ratios)
    unseen = draw_pending(data.seen, share, daily_rates(data.seen, share, random), random)
    futures = draw_futures(unseen, data, now, expit(dependence.logits(points)), ratios, random)
    return {
        "pending_draws": futures.pending,
        "unverifiable_draws": futures.unverifiable,
        "monitor_pending_draws": futures.by_monitor,
        "shares": shares_ever(points, dependence),
        "delays": points[:, : 2 * data.n_monitors],
    }


def _note_of_two(data: Registers, odds_ratio: float) -> Message:
    """What two monitors cannot show, and what it would do."""
    found = []
    for ratio in (odds_ratio / _TRIED, odds_ratio, odds_ratio * _TRIED):
        stated = Dependence(2, math.log(ratio))
        mode = _find_mode(data, stated, 1.0).mode
        share = seen_share(probabilities_now(_FAMILY, mode, data.ages, stated), stated.log_ratios(mode))
        found.append(round(float((data.seen / share).sum())))
    fewer, about, more = found
    return Message(
        "With two monitors the data cannot show whether one follows the other: that the odds ratio between "
        "them is {odds_ratio:g} is assumed, and gives about {stated:,} releases. {half:g} would give about "
        "{fewer:,}, and {twice:g} about {more:,}.",
        odds_ratio=odds_ratio,
        stated=about,
        half=odds_ratio / _TRIED,
        fewer=fewer,
        twice=odds_ratio * _TRIED,
        more=more,
    )


def _notes_of_overlap(cases: MonitoredCases) -> list[Message]:
    """Name the monitors that share nothing."""
    on = ~np.isnat(cases.verified)
    return [
        Message(
            "Monitor {monitor!r} shares no release with another, so the share it verifies rests on the "
            "prior.",
            monitor=name,
        )
        for j, name in enumerate(cases.monitors)
        if not (on[:, j] & np.delete(on, j, axis=1).any(axis=1)).any()
    ]


def _notes_of_delay(cases: MonitoredCases, points: NDArray[np.float64], longest: int) -> list[Message]:
    """Say where the share of delays that no data could show is too large to pass over."""
    notes = []
    for j, name in enumerate(cases.monitors):
        parameters = from_median(_FAMILY, points[:, 2 * j : 2 * j + 2])
        beyond = 1 - float(discrete_cdf(_FAMILY, parameters, [longest]).mean())
        if beyond >= _LONG:
            notes.append(
                Message(
                    "The oldest release had {longest} days to be verified; the share of longer delays of "
                    "{monitor!r}, {share:.0%}, is not identified by the data and rests on the {family} form.",
                    longest=longest,
                    monitor=name,
                    share=beyond,
                    family=_FAMILY,
                )
            )
    return notes
