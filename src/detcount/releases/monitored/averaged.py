"""Posterior of the releases, averaged over which monitors depend on each other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from detcount._numerics.delay import daily_rates, draw_pending, from_median
from detcount._numerics.importance import positions
from detcount._numerics.monitored import (
    Registers,
    Structure,
    Weighed,
    chances,
    draw_futures,
    laplace_evidence,
    log_likelihood_of_histories,
    seen_share,
    shares_ever,
    start_and_prior,
    weigh_structures,
)
from detcount._numerics.sampler import sample_posterior
from detcount.published.cases import MonitoredCases
from detcount.releases.monitored.dependence import DependenceStructure
from detcount.releases.monitored.notes import NOTE_ALONE, NOTE_TWO_MONITORS, tail_notes
from detcount.words import Message

_LEAST_DRAWS = 100  # of a structure, however unlikely, before a part of them is taken
_TRIED = 2.0  # odds ratio of two monitors, and its reciprocal, that a note speaks of


@dataclass(frozen=True)
class Priors:
    """Family of the delay and priors, as the specification states them.

    Parameters
    ----------
    family : str
        Family of the delay.
    median, spread, verification : tuple of float
        Priors of each monitor.
    dependence : tuple of float
        Chance that a pair depends, and standard deviation of the log odds ratio of one that does.
    odds_ratio : float
        Of two monitors, stated.
    """

    family: str
    median: tuple[float, float]
    spread: tuple[float, float]
    verification: tuple[float, float]
    dependence: tuple[float, float]
    odds_ratio: float


def averaged_over_dependence(
    cases: MonitoredCases, data: Registers, priors: Priors, *, n_draws: int, random: np.random.Generator
) -> dict[str, Any]:
    """Fields of the estimate: draws from each structure by its probability."""
    kept = _structures(data, priors)
    counts = np.bincount(
        positions(np.array([one.weight for one in kept]), n_draws, random), minlength=len(kept)
    )
    drawn = [
        _draws_of(data, priors, one, int(count), random)
        for one, count in zip(kept, counts, strict=True)
        if count
    ]
    order = random.permutation(n_draws)
    fields = {
        name: np.concatenate([one[name] for one in drawn], axis=1 if name == "monitor_pending_draws" else 0)
        for name in drawn[0]
    }
    fields["monitor_pending_draws"] = fields["monitor_pending_draws"][:, order]
    for name in set(fields) - {"monitor_pending_draws"}:
        fields[name] = fields[name][order]
    released = (data.seen + fields["pending_draws"] + fields["unverifiable_draws"]).sum(axis=1)
    names = cases.monitors
    notes = [*cases.notes, *_notes_of_two(data, priors), *_notes_of_overlap(cases)]
    notes += tail_notes(priors.family, names, fields["delays"], int(data.ages.max()))
    return {
        **fields,
        "point": float(np.median(released)),
        "structures": tuple(
            DependenceStructure(
                tuple((names[i], names[j]) for i, j in one.structure.edges), one.weight, one.structure.common
            )
            for one in kept
        ),
        "notes": tuple(notes),
    }


def _structures(data: Registers, priors: Priors) -> tuple[Weighed, ...]:
    """The structures kept; of two monitors the one that is stated, of more those that the data leave."""
    chance, _ = priors.dependence

    def evidence(structure: Structure) -> tuple[float, NDArray[np.float64]]:
        return _evidence(data, priors, structure)

    if data.n_monitors > 2 and chance > 0:
        return weigh_structures(evidence, data.n_monitors, chance=chance)
    alone = _stated(priors.odds_ratio) if data.n_monitors == 2 else Structure(data.n_monitors)
    return (Weighed(alone, 1.0, evidence(alone)[1]),)


def _stated(odds_ratio: float) -> Structure:
    """Two monitors with an odds ratio that is stated."""
    return Structure(2) if odds_ratio == 1 else Structure(2, ((0, 1),), stated=math.log(odds_ratio))


def _evidence(data: Registers, priors: Priors, structure: Structure) -> tuple[float, NDArray[np.float64]]:
    """Log evidence of a structure, and its mode."""
    start, prior = start_and_prior(
        priors.median, priors.spread, priors.verification, structure, priors.dependence[1]
    )
    return laplace_evidence(
        lambda points: log_likelihood_of_histories(priors.family, points, data, structure),
        prior,
        start,
        structure.n_free,
    )


def _draws_of(
    data: Registers, priors: Priors, one: Weighed, n_draws: int, random: np.random.Generator
) -> dict[str, NDArray[Any]]:
    """Draws of what is unseen from one structure."""
    structure = one.structure
    _, prior = start_and_prior(
        priors.median, priors.spread, priors.verification, structure, priors.dependence[1]
    )
    posterior = sample_posterior(
        lambda points: log_likelihood_of_histories(priors.family, points, data, structure),
        prior,
        one.mode,
        n_draws=max(n_draws, _LEAST_DRAWS),
        random=random,
    )
    points = posterior.draws[:n_draws]
    now, ratios = chances(priors.family, points, data.ages, structure), structure.log_ratios(points)
    share = seen_share(now, ratios, structure)
    unseen = draw_pending(data.seen, share, daily_rates(data.seen, share, random), random)
    ever = expit(structure.logits(points))
    futures = draw_futures(unseen, data, now, ever, ratios, structure, random)
    return {
        "pending_draws": futures.pending,
        "unverifiable_draws": futures.unverifiable,
        "monitor_pending_draws": futures.by_monitor,
        "shares": shares_ever(points, structure),
        "delays": np.stack(
            [from_median(priors.family, points[:, 2 * j : 2 * j + 2]) for j in range(data.n_monitors)], axis=1
        ),
    }


def _notes_of_two(data: Registers, priors: Priors) -> list[str]:
    """What two monitors cannot show, and what it would do."""
    if data.n_monitors > 2:
        return []
    found = []
    for ratio in (priors.odds_ratio / _TRIED, priors.odds_ratio, priors.odds_ratio * _TRIED):
        structure = _stated(ratio)
        mode = _evidence(data, priors, structure)[1]
        now = chances(priors.family, mode, data.ages, structure)
        found.append(float((data.seen / seen_share(now, structure.log_ratios(mode), structure)).sum()))
    fewer, stated, more = (round(value) for value in found)
    return [
        Message(
            NOTE_TWO_MONITORS,
            odds_ratio=priors.odds_ratio,
            stated=stated,
            half=priors.odds_ratio / _TRIED,
            fewer=fewer,
            twice=priors.odds_ratio * _TRIED,
            more=more,
        )
    ]


def _notes_of_overlap(cases: MonitoredCases) -> list[str]:
    """Name the monitors that share nothing."""
    on = ~np.isnat(cases.verified)
    return [
        Message(NOTE_ALONE, monitor=name)
        for j, name in enumerate(cases.monitors)
        if not (on[:, j] & np.delete(on, j, axis=1).any(axis=1)).any()
    ]
