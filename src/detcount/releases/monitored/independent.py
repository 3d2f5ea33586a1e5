"""Posterior of the releases where monitors verify independently of each other."""

from __future__ import annotations

from typing import Any

import numpy as np

from detcount._numerics.delay import daily_rates, draw_pending, from_median
from detcount._numerics.monitored import (
    Registers,
    draw_futures,
    log_likelihood_of_histories,
    seen_shares,
    start_and_prior,
)
from detcount._numerics.sampler import sample_posterior
from detcount.published.cases import MonitoredCases
from detcount.releases.monitored.notes import NOTE_ALONE, NOTE_TWO_MONITORS, tail_notes
from detcount.words import Message

__all__ = ["independent_monitors"]


def independent_monitors(
    cases: MonitoredCases,
    data: Registers,
    *,
    family: str,
    median: tuple[float, float],
    spread: tuple[float, float],
    verification: tuple[float, float],
    n_draws: int,
    random: np.random.Generator,
) -> dict[str, Any]:
    """Fields of the estimate with independent monitors, under the priors of each."""
    n_monitors = len(cases.monitors)
    start, prior = start_and_prior(median, spread, verification, n_monitors)
    posterior = sample_posterior(
        lambda points: log_likelihood_of_histories(family, points, data),
        prior,
        start,
        n_draws=n_draws,
        random=random,
    )
    seen_share, chances, shares = seen_shares(family, posterior.draws, data.ages, n_monitors)
    rates = daily_rates(data.seen, seen_share, random)
    unseen = draw_pending(data.seen, seen_share, rates, random)
    futures = draw_futures(unseen, data, chances, shares, random)
    at_mode, _, _ = seen_shares(family, posterior.mode, data.ages, n_monitors)
    notes = list(cases.notes)
    if n_monitors == 2:
        notes.append(Message(NOTE_TWO_MONITORS))
    together = ~np.isnat(cases.verified)
    for j, name in enumerate(cases.monitors):
        others = np.delete(together, j, axis=1).any(axis=1)
        if not (together[:, j] & others).any():
            notes.append(Message(NOTE_ALONE, monitor=name))
    delays = np.stack(
        [from_median(family, posterior.draws[..., 2 * j : 2 * j + 2]) for j in range(n_monitors)], axis=1
    )
    notes += tail_notes(family, cases.monitors, delays, int(data.ages.max()))
    return {
        "point": float((data.seen / at_mode).sum()),
        "pending_draws": futures.pending,
        "unverifiable_draws": futures.unverifiable,
        "monitor_pending_draws": futures.by_monitor,
        "shares": shares,
        "delays": delays,
        "notes": tuple(notes),
    }
