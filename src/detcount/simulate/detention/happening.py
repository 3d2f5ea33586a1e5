"""What happens in an invented system of detention, and what lists come to know of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from detcount._numerics.arrays import Ints
from detcount.simulate.detention.parts import Burst, DetaineeList, ReleaseWave, Surge

NOT = 1_000_000  # a day that does not come
_BEFORE = 720  # days before day 0 over which those held on it may have been arrested
_BRIEF = 12.0  # mean days of those let out soon


@dataclass(frozen=True)
class Known:
    """Day on which each list named each person, and knew of the exit; shape (n_persons, n_lists)."""

    listed: Ints
    exit_known: Ints


def happen(
    daily: float,
    bursts: tuple[Burst, ...],
    brief: float,
    stay: float,
    waves: tuple[ReleaseWave, ...],
    n_days: int,
    rng: np.random.Generator,
) -> tuple[Ints, Ints]:
    """Days of arrest and exit of all who were held on some day."""
    usual = rng.poisson(daily * (n_days + _BEFORE))
    entered = [rng.integers(-_BEFORE, n_days, size=usual)]
    for burst in bursts:
        size = rng.poisson(burst.arrests)
        entered.append(rng.integers(burst.day, burst.day + burst.days, size=size))
    days = np.sort(np.concatenate(entered))
    length = np.where(
        rng.random(len(days)) < brief, rng.exponential(_BRIEF, len(days)), rng.exponential(stay, len(days))
    )
    left = days + length.astype(np.int64)
    for wave in sorted(waves, key=lambda wave: wave.day):
        caught = (days < wave.day) & (left > wave.day) & (rng.random(len(days)) < wave.share)
        out = wave.day + rng.integers(0, wave.days, size=len(days))
        left = np.where(caught, np.minimum(left, out), left)
    held = (left > np.maximum(days, 0)) & (days < n_days)
    return days[held], left[held]


def listing(
    entered: Ints,
    left: Ints,
    findable: NDArray[np.bool_],
    lists: tuple[DetaineeList, ...],
    dependence: float,
    surge: Surge | None,
    rng: np.random.Generator,
) -> Ints:
    """Day on which each list named each person, shape (n_persons, n_lists); `NOT` for never.

    Lists look for people who are held: whoever left before a list came to the name is not entered.
    """
    n, names = len(entered), [each.name for each in lists]
    common = rng.standard_normal(n)
    listed = np.full((n, len(lists)), NOT, dtype=np.int64)
    for k, each in enumerate(lists):
        own = rng.standard_normal(n)
        score = np.sqrt(dependence) * common + np.sqrt(1 - dependence) * own
        day = np.maximum(entered + _waits(each.delay, n, rng), each.first_day)
        found = findable & (score < ndtri(each.share)) & (day < left)
        listed[:, k] = np.where(found, day, NOT)
    if surge is not None:
        k = names.index(surge.name)
        day = surge.day + rng.integers(0, surge.days, size=n)
        found = findable & (rng.random(n) < surge.share) & (entered <= surge.day) & (day < left)
        listed[:, k] = np.minimum(listed[:, k], np.where(found, day, NOT))
    before = listed.copy()
    for k, each in enumerate(lists):
        if each.forwards is not None:
            other = names.index(each.forwards[0])
            day = before[:, k] + rng.integers(0, 8, size=n)
            passed = (rng.random(n) < each.forwards[1]) & (day < left) & (day >= lists[other].first_day)
            listed[:, other] = np.minimum(listed[:, other], np.where(passed, day, NOT))
    return listed


def listing_exits(
    left: Ints, listed: Ints, lists: tuple[DetaineeList, ...], rng: np.random.Generator
) -> Ints:
    """Day on which each list knew of each exit, shape (n_persons, n_lists); `NOT` for never."""
    known = np.full(listed.shape, NOT, dtype=np.int64)
    for k, each in enumerate(lists):
        day = left + _waits(each.exit_delay, len(left), rng)
        told = (rng.random(len(left)) >= each.exit_never) & (listed[:, k] < NOT)
        known[:, k] = np.where(told, np.maximum(day, listed[:, k]), NOT)
    return known


def _waits(mean: float, n: int, rng: np.random.Generator) -> Ints:
    """Geometric numbers of days from 0."""
    return rng.geometric(1 / (1 + mean), size=n).astype(np.int64) - 1
