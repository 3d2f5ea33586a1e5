"""Releases seen by several monitors with delay: likelihood of their histories, and what they leave unseen.

A release of day t is on the register of monitor j by the last day T with probability
p[j, t] = pi[j] F[j](T - t). Histories are seen where some monitor has verified, so their likelihood is
conditional on that: the probability of being seen is 1 - product of (1 - p[j, t]).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_expit

from detcount._numerics.arrays import TINY, Floats, Ints
from detcount._numerics.delay import discrete_cdf, discrete_pmf, from_median
from detcount._numerics.sampler import Prior

__all__ = [
    "Futures",
    "Registers",
    "allocate",
    "draw_futures",
    "log_likelihood_of_histories",
    "registers",
    "seen_shares",
    "start_and_prior",
]


@dataclass(frozen=True)
class Registers:
    """What the monitors had verified by the last day, in the sums that the likelihood needs.

    Parameters
    ----------
    ages : ndarray of int64, shape (n_days,)
        Days from each release day to the last day.
    seen : ndarray of int64, shape (n_days,)
        Releases verified by some monitor, persons.
    listed : ndarray of int64, shape (n_days, n_monitors)
        Releases on the register of each monitor.
    by_delay : tuple of ndarray of int64
        Releases of each monitor by delay, whatever the day.
    """

    ages: Ints
    seen: Ints
    listed: Ints
    by_delay: tuple[Ints, ...]


def registers(release: Ints, delay: Ints, n_days: int) -> Registers:
    """Count cases; `delay` has a column for each monitor, -1 where it has not verified."""
    n_monitors = delay.shape[1]
    listed = np.stack(
        [np.bincount(release[delay[:, j] >= 0], minlength=n_days) for j in range(n_monitors)], axis=1
    )
    return Registers(
        np.arange(n_days, dtype=np.int64)[::-1].copy(),
        np.bincount(release, minlength=n_days),
        listed,
        tuple(np.bincount(column[column >= 0]) for column in delay.T),
    )


def _monitor(family: str, points: Floats, n_monitors: int, j: int) -> tuple[Floats, Floats]:
    """Delay parameters and logit of the share ever verified of one monitor.

    Coordinates are log median and log spread of each monitor in turn, then the logits.
    """
    return from_median(family, points[..., 2 * j : 2 * j + 2]), points[..., 2 * n_monitors + j]


def log_likelihood_of_histories(family: str, points: Floats, data: Registers) -> Floats:
    """Log likelihood of histories and right-truncated delays, for coordinates of shape (..., 3 J)."""
    n_monitors = data.listed.shape[1]
    some = data.seen > 0
    ages, seen, listed = data.ages[some], data.seen[some], data.listed[some]
    total = np.zeros(points.shape[:-1])
    log_unseen = np.zeros((*points.shape[:-1], len(ages)))
    for j in range(n_monitors):
        parameters, logit = _monitor(family, points, n_monitors, j)
        n_listed = listed[:, j].sum()
        pmf = discrete_pmf(family, parameters, len(data.by_delay[j]) - 1)
        reached = discrete_cdf(family, parameters, ages)
        log_not = np.log1p(-np.minimum(expit(logit)[..., None] * reached, 1 - 1e-15))
        total = total + n_listed * log_expit(logit) + np.log(pmf) @ data.by_delay[j]
        total = total + log_not @ (seen - listed[:, j])
        log_unseen = log_unseen + log_not
    return np.asarray(total - np.log(np.maximum(-np.expm1(log_unseen), TINY)) @ seen)


def start_and_prior(
    median: tuple[float, float],
    spread: tuple[float, float],
    verification: tuple[float, float],
    n_monitors: int,
) -> tuple[Floats, Prior]:
    """Where a search may start, and the prior of the coordinates."""
    mean = np.tile(np.log([median[0], spread[0]]), n_monitors)
    deviation = np.tile([median[1], spread[1]], n_monitors)
    a, b = (np.full(n_monitors, value) for value in verification)
    return np.concatenate([mean, np.zeros(n_monitors)]), Prior(mean, deviation, a, b)


def seen_shares(family: str, points: Floats, ages: Ints, n_monitors: int) -> tuple[Floats, Floats, Floats]:
    """Chance that some monitor has verified a release, and for each monitor p and pi.

    Shapes (..., n_days), (..., n_days, J) and (..., J).
    """
    chances, shares = [], []
    for j in range(n_monitors):
        parameters, logit = _monitor(family, points, n_monitors, j)
        share = expit(logit)
        shares.append(share)
        chances.append(share[..., None] * discrete_cdf(family, parameters, ages))
    by_day = np.stack(chances, axis=-1)
    # a monitor that verifies everything leaves nothing, up to the last bit
    log_unseen = np.log1p(-np.minimum(by_day, 1 - 1e-15)).sum(axis=-1)
    return np.maximum(-np.expm1(log_unseen), TINY), by_day, np.stack(shares, axis=-1)


@dataclass(frozen=True)
class Futures:
    """What will become of releases, by draw and day.

    Parameters
    ----------
    pending : ndarray of int64, shape (n_draws, n_days)
        Seen by nobody so far, and to be verified by some monitor.
    unverifiable : ndarray of int64, shape (n_draws, n_days)
        Never to be verified by any.
    by_monitor : ndarray of int64, shape (n_monitors, n_draws, n_days)
        Not verified by one monitor so far, and to be verified by it.
    """

    pending: Ints
    unverifiable: Ints
    by_monitor: Ints


def draw_futures(
    unseen: Ints, data: Registers, chances: Floats, shares: Floats, random: np.random.Generator
) -> Futures:
    """Draw who will verify what: monitors are independent, given that a release happened.

    A monitor that has not verified a release of day t will do so with probability
    (pi - p)/(1 - p).
    """
    n_monitors = data.listed.shape[1]
    later = np.clip((shares[:, None, :] - chances) / np.maximum(1 - chances, 1e-15), 0.0, 1.0)
    never = unseen.copy()
    found = np.zeros_like(unseen)
    by_monitor = np.empty((n_monitors, *unseen.shape), dtype=np.int64)
    for j in range(n_monitors):
        chance = later[:, :, j]
        first = random.binomial(never, chance)
        again = random.binomial(found, chance)
        elsewhere = random.binomial(np.broadcast_to(data.seen - data.listed[:, j], unseen.shape), chance)
        by_monitor[j] = first + again + elsewhere
        never, found = never - first, found + first
    return Futures(found, never, by_monitor)


def allocate(totals: Ints, weights: Ints, random: np.random.Generator) -> Ints:
    """Spread each total over days by weight, shape (n_draws, n_days)."""
    return np.asarray(random.multinomial(totals, weights / weights.sum()), dtype=np.int64)
