"""What will become of releases that monitors verify with delay, by draw and day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.monitored.dependence import log_partition, log_weights, parts
from detcount._numerics.monitored.likelihood import Structure, log_odds
from detcount._numerics.monitored.registers import Registers


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
    unseen: Ints,
    data: Registers,
    now: Floats,
    ever: Floats,
    ratios: Floats,
    structure: Structure,
    random: np.random.Generator,
) -> Futures:
    """Draw who will verify what, given the chances of now (draws, days, J) and for ever (draws, J).

    A release that nobody has seen is never seen by a part of the monitors with the ratio of their sums of
    weights now and in the end; where it is seen, the history is drawn with the odds (pi - p)/(1 - pi) of a
    later verification and the odds ratios. A release that others have seen is verified by a monitor later
    with probability (P - p)/(1 - p), its chances given those others.
    """
    odds_now, odds_ever = log_odds(now), log_odds(np.broadcast_to(ever[:, None, :], now.shape))
    later = np.clip((ever[:, None, :] - now) / np.maximum(1 - now, 1e-15), 0.0, 1.0)
    odds_later = log_odds(later)
    spread = np.broadcast_to(ratios[:, None, :], (*now.shape[:-1], ratios.shape[-1]))
    never, found = unseen.copy(), np.zeros_like(unseen)
    by_monitor = _seen_by_others(data, odds_now, odds_ever, ratios, structure, random)
    for part in parts(structure.n_monitors, structure.edges):
        if len(part) == 1:
            chance = later[..., part[0]]
            first, again = random.binomial(never, chance), random.binomial(found, chance)
            by_monitor[part[0]] += first + again
            never, found = never - first, found + first
            continue
        log_left = log_partition(odds_now, spread, structure.edges, part) - log_partition(
            odds_ever, spread, structure.edges, part
        )
        chance = np.clip(-np.expm1(log_left), 0.0, 1.0)
        weights = log_weights(odds_later, spread, structure.edges, part)[..., 1:]
        first, again = random.binomial(never, chance), random.binomial(found, chance)
        for history, number in _spread(first + again, weights, random):
            for place, j in enumerate(part):
                if history >> (len(part) - 1 - place) & 1:
                    by_monitor[j] += number
        never, found = never - first, found + first
    return Futures(found, never, by_monitor)


def _seen_by_others(
    data: Registers,
    odds_now: Floats,
    odds_ever: Floats,
    ratios: Floats,
    structure: Structure,
    random: np.random.Generator,
) -> Ints:
    """Draw the releases seen by others that each monitor will verify, shape (J, n_draws, n_days)."""
    n_draws, n_days, n_monitors = odds_now.shape
    found = np.zeros((n_monitors, n_draws, n_days), dtype=np.int64)
    for j in range(n_monitors):
        mine = [(e, a + b - j) for e, (a, b) in enumerate(structure.edges) if j in (a, b)]
        absent = data.patterns[:, j] == 0
        around = data.patterns[:, [other for _, other in mine]]
        for held in np.unique(around[absent], axis=0):
            own = absent & (around == held).all(axis=1)
            moved = (ratios[:, [e for e, _ in mine]] @ held.astype(np.float64))[:, None]
            at_last, by_now = expit(odds_ever[..., j] + moved), expit(odds_now[..., j] + moved)
            chance = np.clip((at_last - by_now) / np.maximum(1 - by_now, 1e-15), 0.0, 1.0)
            found[j] += random.binomial(data.by_pattern[:, own].sum(axis=1), chance)
    return found


def _spread(totals: Ints, weights: Floats, random: np.random.Generator) -> list[tuple[int, Ints]]:
    """Spread totals over histories by log weights in the last axis; pairs of history (from 1) and number."""
    left, drawn = totals.copy(), []
    rest = np.logaddexp.accumulate(weights[..., ::-1], axis=-1)[..., ::-1]
    for place in range(weights.shape[-1]):
        chance = np.clip(np.exp(weights[..., place] - rest[..., place]), 0.0, 1.0)
        number = random.binomial(left, chance)
        drawn.append((place + 1, number))
        left = left - number
    return drawn


def allocate(totals: Ints, weights: Ints, random: np.random.Generator) -> Ints:
    """Spread each total over days by weight, shape (n_draws, n_days)."""
    return np.asarray(random.multinomial(totals, weights / weights.sum()), dtype=np.int64)
