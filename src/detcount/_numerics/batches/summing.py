"""Sums over the number of releases carried out, whatever the number announced.

Given its chance, the number carried out is binomial; the figures of each monitor are binomial of it. The
product is log-concave in it, so that it has one peak and is nothing ten standard deviations away. There every
number is summed where they are few; else even steps are, each shorter than the standard deviation, and the
sum of a smooth peak in such steps is as good as whole (test: at 100,000 announced it is the sum over every
number).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import betainc, gammaln

from detcount._numerics.batches.model import Floats, Whole
from detcount._numerics.batches.scores import TINY

__all__ = ["Seen", "draw_carried_out", "log_factorial", "log_sum", "log_survival"]

_REACH, _MARGIN = 10.0, 15.0  # standard deviations, and persons, to each side of the peak
_NODES = 64  # numbers of releases that are looked at
_TABLED = 200_000  # log factorials up to which a table is kept
_NEVER = -1e300


@dataclass(frozen=True)
class Seen:
    """What one monitor had verified of one batch, for each row of scores.

    Parameters
    ----------
    inside : ndarray of float64, shape (n,)
        Of its last exact figure, those of the announcement.
    chance : ndarray of float64, shape (n,)
        That a release had been verified by then.
    more : ndarray of float64, shape (n,), or None
        Verified since at least, by a figure that is an "at least".
    later : ndarray of float64, shape (n,), or None
        Chance that a release not yet verified was verified between the two.
    """

    inside: Floats
    chance: Floats
    more: Floats | None = None
    later: Floats | None = None


def log_sum(announced: int, chance: Floats, seen: list[Seen]) -> Floats:
    """Log probability of what all monitors had seen, the number carried out summed out."""
    if len(seen) == 1:
        return _one_monitor(announced, chance, seen[0])
    _, log_weights = _nodes(announced, chance, seen, _NODES)
    most = log_weights.max(axis=1)
    return np.asarray(most + np.log(np.exp(log_weights - most[:, None]).sum(axis=1)))


def draw_carried_out(announced: int, chance: Floats, seen: list[Seen], random: np.random.Generator) -> Whole:
    """Draw the number carried out for each row of scores."""
    if len(seen) == 1 and seen[0].more is None:
        one = seen[0]
        x = one.inside.astype(np.int64)
        unseen = chance * (1 - one.chance) / np.maximum(1 - chance * one.chance, TINY)
        return np.asarray(x + random.binomial(announced - x, np.clip(unseen, 0.0, 1.0)))
    nodes, log_weights = _nodes(announced, chance, seen, _NODES)
    weights = np.exp(log_weights - log_weights.max(axis=1, keepdims=True))
    shares = np.cumsum(weights, axis=1)
    level = random.random(len(nodes)) * shares[:, -1]
    place = np.minimum((shares <= level[:, None]).sum(axis=1), nodes.shape[1] - 1)
    rows = np.arange(len(nodes))
    step = nodes[:, 1] - nodes[:, 0]
    within = np.floor(step * random.random(len(nodes))) - np.floor(0.5 * (step - 1))
    drawn = nodes[rows, place] + np.where(step > 1, within, 0.0)
    return np.asarray(np.clip(drawn, _least(seen), announced).astype(np.int64))


def _least(seen: list[Seen]) -> Floats:
    """Releases that had been verified, at least."""
    each = [one.inside if one.more is None else one.inside + one.more for one in seen]
    return np.asarray(np.max(each, axis=0))


def _one_monitor(announced: int, chance: Floats, seen: Seen) -> Floats:
    """What one monitor had seen is binomial of the announced."""
    x, p = seen.inside, np.clip(chance * seen.chance, TINY, 1 - 1e-16)
    log = (
        gammaln(announced + 1.0)
        - gammaln(x + 1.0)
        - gammaln(announced - x + 1.0)
        + x * np.log(p)
        + (announced - x) * np.log1p(-p)
    )
    if seen.more is None or seen.later is None:
        return np.asarray(log)
    # of those not verified by then, carried out and verified since
    later = chance * (1 - seen.chance) * seen.later / (1 - p)
    return np.asarray(log + log_survival(seen.more, announced - x, later))


def log_survival(least: Floats, size: Floats, chance: Floats) -> Floats:
    """Log probability that a binomial count reaches a number."""
    inside = np.maximum(size - least + 1, 1.0)
    reached = betainc(np.maximum(least, 1.0), inside, np.clip(chance, 0.0, 1.0))
    reached = np.where(least > 0, reached, 1.0)
    return np.asarray(np.log(np.maximum(np.where(size < least, 0.0, reached), TINY)))


def _log_ratio(announced: int, chance: Floats, seen: list[Seen], number: Floats) -> Floats:
    """Log of what one release more multiplies by; it falls with the number."""
    with np.errstate(divide="ignore"):
        log = np.log(np.maximum(announced - number, 0.0)) + np.log(chance) - np.log1p(-chance)
    log = log - np.log(number + 1)
    for one in seen:
        log = log + np.log((number + 1) / (number + 1 - one.inside)) + np.log1p(-one.chance)
        if one.more is not None and one.later is not None:
            rest = number - one.inside
            log = log + log_survival(one.more, rest + 1, one.later) - log_survival(one.more, rest, one.later)
    return np.asarray(log)


def _window(announced: int, chance: Floats, seen: list[Seen], n_nodes: int) -> tuple[Floats, Floats]:
    """First and last number of releases that count."""
    least = _least(seen)
    most = np.full(len(chance), float(announced))
    if (most - least).max() < n_nodes:
        return least, most
    low, high = least.copy(), most.copy()
    for _ in range(int(np.ceil(np.log2((most - least).max() + 1))) + 1):
        middle = np.floor(0.5 * (low + high))
        rising = (_log_ratio(announced, chance, seen, middle) > 0) & (middle < high)
        low, high = np.where(rising, middle + 1, low), np.where(rising, high, middle)
    peak = np.clip(low, least + 1, np.maximum(most - 1, least + 1))
    bend = _log_ratio(announced, chance, seen, peak - 1) - _log_ratio(announced, chance, seen, peak)
    reach = _REACH / np.sqrt(np.maximum(np.where(np.isfinite(bend), bend, 1.0), 1e-18)) + _MARGIN
    return np.maximum(least, np.floor(low - reach)), np.minimum(most, np.ceil(low + reach))


def _nodes(announced: int, chance: Floats, seen: list[Seen], n_nodes: int) -> tuple[Floats, Floats]:
    """Numbers of releases, shape (n, n_nodes), and the log weight of each."""
    chance = np.clip(chance, TINY, 1 - 1e-16)
    seen = [Seen(one.inside, np.clip(one.chance, TINY, 1 - 1e-16), one.more, one.later) for one in seen]
    low, high = _window(announced, chance, seen, n_nodes)
    step = np.ceil((high - low + 1) / n_nodes)
    number = (low + np.floor(0.5 * (step - 1)))[:, None] + step[:, None] * np.arange(n_nodes)
    inside = number <= high[:, None]
    number = np.minimum(number, high[:, None])
    log = (
        (len(seen) - 1) * log_factorial(announced, number)
        - log_factorial(announced, announced - number)
        + number * (np.log(chance) - np.log1p(-chance))[:, None]
        + (gammaln(announced + 1.0) + announced * np.log1p(-chance) + np.log(step))[:, None]
    )
    for one in seen:
        rest = number - one.inside[:, None]
        log -= log_factorial(announced, rest)
        log += rest * np.log1p(-one.chance)[:, None]
        log += (one.inside * np.log(one.chance) - gammaln(one.inside + 1))[:, None]
        if one.more is not None and one.later is not None:
            log += log_survival(one.more[:, None], rest, one.later[:, None])
    return number, np.where(inside, log, _NEVER)


def log_factorial(most: int, number: Floats | Whole) -> Floats:
    """Log factorials of whole numbers up to `most`, from a table where that is short."""
    if most > _TABLED:
        return np.asarray(gammaln(number + 1))
    found: Floats = _table(most)[number.astype(np.int64)]
    return found


@lru_cache(maxsize=32)
def _table(most: int) -> Floats:
    """Log factorials of 0 to `most`."""
    return np.asarray(gammaln(np.arange(1.0, most + 2)))
