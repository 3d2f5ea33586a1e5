"""Releases that several monitors verify with delay: likelihood, the share that is seen, and what follows.

A release of day t has the history h in {0, 1}^J by the last day T with probability proportional to

    prod_j odds_j^h_j  x  prod over pairs (j, k) of exp(u_jk h_j h_k),

odds_j = p_j/(1 - p_j), p_j = pi_j F_j(T - t): p_j is the probability that monitor j has the release where no
other monitor on which it depends has. Histories are seen where some monitor has verified, so that their
likelihood is conditional on that.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations, product

import numpy as np
from scipy.special import expit

from detcount._numerics.arrays import TINY, Floats, Ints, bincount
from detcount._numerics.delay import discrete_cdf, discrete_pmf, from_median
from detcount._numerics.sampler import Prior


@dataclass(frozen=True)
class Tuning:
    """Limits of the model of monitors.

    Parameters
    ----------
    most_monitors : int, monitors
        Monitors whose histories are summed one by one. Convention: 64 histories.
    least : float, probability
        Least probability that a monitor leaves a release out. Computational (`test_numbers`).
    """

    most_monitors: int = 6
    least: float = 1e-15


TUNING = Tuning()
MOST_MONITORS = TUNING.most_monitors


@dataclass(frozen=True)
class Registers:
    """Figures of the monitors on the last day.

    Parameters
    ----------
    ages : ndarray of int64, shape (n_days,)
        Days from each release day to the last day.
    patterns : ndarray of int64, shape (n_patterns, n_monitors)
        The histories that some release has: 1 where the monitor has it on its register.
    by_pattern : ndarray of int64, shape (n_days, n_patterns)
        Releases of each history, persons.
    by_delay : tuple of ndarray of int64
        Releases of each monitor by delay, whatever the day.
    """

    ages: Ints
    patterns: Ints
    by_pattern: Ints
    by_delay: tuple[Ints, ...]

    @property
    def n_monitors(self) -> int:
        """Number of monitors."""
        return int(self.patterns.shape[1])

    @cached_property
    def seen(self) -> Ints:
        """Releases verified by some monitor, by day, persons."""
        return np.asarray(self.by_pattern.sum(axis=1))

    @cached_property
    def listed(self) -> Ints:
        """Releases on the register of each monitor, shape (n_days, n_monitors)."""
        return np.asarray(self.by_pattern @ self.patterns)

    def together(self, first: int, second: int) -> int:
        """Releases on the registers of both of two monitors, persons."""
        both = self.patterns[:, [first, second]].all(axis=1)
        return int(self.by_pattern[:, both].sum())


def registers(release: Ints, delay: Ints, n_days: int) -> Registers:
    """Count cases; `delay` has a column for each monitor, -1 where it has not verified.

    Days after the last release are left out: nothing was seen of them, and if releases have ended, a rate
    common to all days would invent some.
    """
    found, place = np.unique(delay >= 0, axis=0, return_inverse=True)
    ages = np.arange(n_days, dtype=np.int64)[::-1][: release.max() + 1].copy()
    by_pattern = np.zeros((len(ages), len(found)), dtype=np.int64)
    np.add.at(by_pattern, (release, place.reshape(-1)), 1)
    by_delay = tuple(bincount(column[column >= 0]) for column in delay.T)
    return Registers(ages, found.astype(np.int64), by_pattern, by_delay)


def pair_tables(data: Registers, first: int, second: int) -> Ints:
    """Releases that a third monitor has, by day and by whether two others have them, shape (n_days, 2, 2).

    Index 0 is for yes, 1 for no. Releases of one day have been followed for the same time, so that within a
    day monitors that work independently leave an odds ratio of 1, whatever their delays.
    """
    others = np.delete(data.patterns, [first, second], axis=1).any(axis=1)
    tables = np.zeros((len(data.ages), 2, 2), dtype=np.int64)
    for i, j in product((0, 1), repeat=2):
        own = others & (data.patterns[:, first] == 1 - i) & (data.patterns[:, second] == 1 - j)
        tables[:, i, j] = data.by_pattern[:, own].sum(axis=1)
    return tables


@dataclass(frozen=True)
class Dependence:
    """Pairwise dependence of the monitors, and the places of its coordinates in a point.

    Coordinates are log median and log spread of each monitor in turn, then the log odds ratio of each pair
    where these are free, then the logit of the share of each monitor.

    Parameters
    ----------
    n_monitors : int
        Number of monitors.
    stated : float or None, optional
        Log odds ratio of every pair; None where each has its own, as a coordinate.
    """

    n_monitors: int
    stated: float | None = 0.0

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Every two monitors."""
        return tuple(combinations(range(self.n_monitors), 2))

    @property
    def n_free(self) -> int:
        """Log odds ratios that are coordinates."""
        return len(self.pairs) if self.stated is None else 0

    def log_ratios(self, points: Floats) -> Floats:
        """Log odds ratio of each pair, shape (..., n_pairs)."""
        if self.stated is not None:
            return np.full((*points.shape[:-1], len(self.pairs)), self.stated)
        return np.asarray(points[..., 2 * self.n_monitors : 2 * self.n_monitors + self.n_free])

    def logits(self, points: Floats) -> Floats:
        """Logit of the share of each monitor, shape (..., n_monitors)."""
        return np.asarray(points[..., 2 * self.n_monitors + self.n_free :])


def start_and_prior(
    median: tuple[float, float],
    spread: tuple[float, float],
    verification: tuple[float, float],
    dependence: Dependence,
    deviation: float,
) -> tuple[Floats, Prior]:
    """Where a search may start, and the prior of the coordinates; `deviation` is of a log odds ratio."""
    n = dependence.n_monitors
    mean = np.concatenate([np.tile(np.log([median[0], spread[0]]), n), np.zeros(dependence.n_free)])
    deviations = np.concatenate([np.tile([median[1], spread[1]], n), np.full(dependence.n_free, deviation)])
    a, b = (np.full(n, value) for value in verification)
    return np.concatenate([mean, np.zeros(n)]), Prior(mean, deviations, a, b)


def probabilities_now(family: str, points: Floats, ages: Ints, dependence: Dependence) -> Floats:
    """Probability p of each monitor by day, shape (..., n_days, n_monitors)."""
    share = expit(dependence.logits(points))
    return np.stack(
        [
            share[..., j, None]
            * discrete_cdf(family, from_median(family, points[..., 2 * j : 2 * j + 2]), ages)
            for j in range(dependence.n_monitors)
        ],
        axis=-1,
    )


def log_odds(probability: Floats) -> Floats:
    """Log of p/(1 - p), with 0 and 1 kept from infinity."""
    inside = np.clip(probability, TINY, 1 - TUNING.least)
    return np.asarray(np.log(inside) - np.log1p(-inside))


@lru_cache(maxsize=16)
def _histories(n_monitors: int) -> tuple[Floats, Floats]:
    """All histories, shape (2^J, J), the first of nobody; and which pairs each has, shape (2^J, n_pairs)."""
    histories = np.array(list(product((0, 1), repeat=n_monitors)), dtype=np.float64)
    pairs = combinations(range(n_monitors), 2)
    return histories, np.stack([histories[:, i] * histories[:, j] for i, j in pairs], axis=1)


def log_weights(odds: Floats, ratios: Floats) -> Floats:
    """Log weight of each history, shape (..., 2^J); 0 for that of nobody. Monitors and pairs come last."""
    histories, both = _histories(odds.shape[-1])
    return np.asarray(odds @ histories.T + ratios @ both.T)


def log_sum(odds: Floats, ratios: Floats) -> Floats:
    """Log of the sum of the weights of all histories."""
    weights = log_weights(odds, ratios)
    largest = weights.max(axis=-1)
    return np.asarray(largest + np.log(np.exp(weights - largest[..., None]).sum(axis=-1)))


def log_likelihood_of_histories(
    family: str, points: Floats, data: Registers, dependence: Dependence
) -> Floats:
    """Log likelihood of histories and right-truncated delays, for coordinates of shape (..., n)."""
    some = data.seen > 0
    ages, seen, listed = data.ages[some], data.seen[some], data.listed[some]
    odds = log_odds(probabilities_now(family, points, ages, dependence))
    ratios = dependence.log_ratios(points)
    total = np.einsum("...tj,tj->...", odds, listed)
    total = total + ratios @ np.array([data.together(*pair) for pair in dependence.pairs], dtype=np.float64)
    for j in range(data.n_monitors):
        parameters = from_median(family, points[..., 2 * j : 2 * j + 2])
        pmf = discrete_pmf(family, parameters, len(data.by_delay[j]) - 1)
        reached = np.maximum(discrete_cdf(family, parameters, ages), TINY)
        total = total + np.log(pmf) @ data.by_delay[j] - np.log(reached) @ listed[:, j]
    unseen = np.expm1(log_sum(odds, ratios[..., None, :]))
    return np.asarray(total - np.log(np.maximum(unseen, TINY)) @ seen)


def seen_share(now: Floats, ratios: Floats) -> Floats:
    """Probability that some monitor has verified a release, by day, shape (..., n_days)."""
    return np.maximum(-np.expm1(-log_sum(log_odds(now), ratios[..., None, :])), TINY)


def shares_ever(points: Floats, dependence: Dependence) -> Floats:
    """Share of the releases that each monitor ever verifies, shape (..., n_monitors)."""
    weights = log_weights(dependence.logits(points), dependence.log_ratios(points))
    weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
    return np.asarray(weights @ _histories(dependence.n_monitors)[0] / weights.sum(axis=-1, keepdims=True))


@dataclass(frozen=True)
class Futures:
    """Outcomes of releases, by draw and day.

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
    unseen: Ints, data: Registers, now: Floats, ever: Floats, ratios: Floats, random: np.random.Generator
) -> Futures:
    """Draw who will verify what, given the probabilities of now (draws, days, J) and for ever (draws, J).

    A release that nobody has seen will never be seen with probability Z(now)/Z(in the end), Z being the sum
    of the weights of all histories. Where it will be seen, its history is drawn with the odds (pi - p)/(1 -
    pi) of a later verification and the odds ratios. A release that others have seen is verified by a monitor
    later with probability (P - p)/(1 - p), its probabilities given those others.
    """
    odds_now, odds_ever = log_odds(now), log_odds(np.broadcast_to(ever[:, None, :], now.shape))
    later = np.clip((ever[:, None, :] - now) / np.maximum(1 - now, TUNING.least), 0.0, 1.0)
    spread = ratios[:, None, :]
    left = log_sum(odds_now, spread) - log_sum(odds_ever, spread)
    found = random.binomial(unseen, np.clip(-np.expm1(left), 0.0, 1.0))
    by_monitor = _seen_by_others(data, odds_now, odds_ever, ratios, random)
    weights = log_weights(log_odds(later), spread)[..., 1:]
    histories = _histories(data.n_monitors)[0][1:]
    for history, number in zip(histories, _distributed(found, weights, random), strict=True):
        by_monitor[history == 1] += number
    return Futures(found, unseen - found, by_monitor)


def _seen_by_others(
    data: Registers, odds_now: Floats, odds_ever: Floats, ratios: Floats, random: np.random.Generator
) -> Ints:
    """Draw the releases seen by others that each monitor will verify, shape (J, n_draws, n_days)."""
    n_draws, n_days, n_monitors = odds_now.shape
    pairs = tuple(combinations(range(n_monitors), 2))
    found = np.zeros((n_monitors, n_draws, n_days), dtype=np.int64)
    for j in range(n_monitors):
        mine = [number for number, pair in enumerate(pairs) if j in pair]
        others = [sum(pairs[number]) - j for number in mine]
        for pattern, counted in zip(data.patterns, data.by_pattern.T, strict=True):
            if pattern[j]:
                continue
            moved = (ratios[:, mine] @ pattern[others].astype(np.float64))[:, None]
            at_last, by_now = expit(odds_ever[..., j] + moved), expit(odds_now[..., j] + moved)
            later = np.clip((at_last - by_now) / np.maximum(1 - by_now, TUNING.least), 0.0, 1.0)
            found[j] += random.binomial(counted, later)
    return found


def _distributed(totals: Ints, weights: Floats, random: np.random.Generator) -> list[Ints]:
    """Spread totals over histories by log weights in the last axis: the number of each."""
    left, drawn = totals.copy(), []
    rest = np.logaddexp.accumulate(weights[..., ::-1], axis=-1)[..., ::-1]
    for place in range(weights.shape[-1]):
        share = np.clip(np.exp(weights[..., place] - rest[..., place]), 0.0, 1.0)
        drawn.append(random.binomial(left, share))
        left = left - drawn[-1]
    return drawn
