"""Exits that no list has learned of yet: how many of those taken to be held have left, day by day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.delay import daily_rates, generalised_dirichlet, reverse_hazard, triangle
from detcount._numerics.stock.days import per_day
from detcount._numerics.stock.spells import NEVER, Spells

__all__ = [
    "Stretches",
    "Unlearned",
    "draw_unlearned",
    "learning_draws",
    "nothing_late",
    "stretches_of",
    "told_once",
]

_LONGEST = 730  # days of delay that are told apart
_FEWEST = 20  # exits below which a list has the delays of all lists together
_ONCE = 0.05  # share of exits that lists tell on days of their own, below which they are written down once
_TINY = 1e-12


@dataclass(frozen=True)
class Stretches:
    """Stretches of days over which a person stands on the same lists, from the first entry to the exit.

    Parameters
    ----------
    codes : ndarray of uint64, shape (n_codes,)
        Which lists: list k is bit k.
    code : ndarray of int64, shape (n_stretches,)
        Position in `codes`.
    start, stop : ndarray of int64
        The person is taken to be held, and stands on these lists, on the days start, ..., stop - 1.
    exits : ndarray of bool
        Whether the stretch ends with an exit that is known.
    """

    codes: NDArray[np.uint64]
    code: Ints
    start: Ints
    stop: Ints
    exits: NDArray[np.bool_]


@dataclass(frozen=True)
class Unlearned:
    """Draws of those who are taken to be held and have left.

    Parameters
    ----------
    codes : ndarray of uint64, shape (n_codes,)
        Which lists they are on.
    first : int
        First day.
    mean : ndarray of float64, shape (n_days, n_codes)
        Persons at the end of each day, the mean of the draws.
    total : ndarray of float64, shape (n_days, n_draws)
        Persons of all codes together.
    """

    codes: NDArray[np.uint64]
    first: int
    mean: Floats
    total: Floats


def stretches_of(spells: Spells, on: Ints, listed: Ints) -> Stretches:
    """Stretches of spells, given the list of each row and the day on which it named the person."""
    spell = np.repeat(np.arange(len(spells.owner)), spells.n_rows)
    rows = spells.rows
    order = np.lexsort((listed[rows], spell))
    spell, rows = spell[order], rows[order]
    bits = np.uint64(1) << on[rows].astype(np.uint64)
    new = np.append(True, spell[1:] != spell[:-1])
    code = bits.copy()  # lists that have named the person so far; a list may stand twice in a spell
    for back in range(1, int(spells.n_rows.max(initial=1))):
        same = np.flatnonzero(spell[back:] == spell[:-back])
        code[same + back] |= bits[same]
    start = np.maximum(listed[rows], spells.entered[spell])
    left = spells.left[spell]
    upcoming = np.where(np.append(new[1:], True), NEVER, np.append(start[1:], NEVER))
    stop = np.minimum(upcoming, left)
    kept = start < stop
    codes, position = np.unique(code[kept], return_inverse=True)
    ends = (stop == left) & (left < NEVER)
    return Stretches(codes, position, start[kept], stop[kept], ends[kept])


def told_once(spells: Spells, left_known: Ints) -> bool:
    """Whether exits are written down for the person and not by each list: on one row, or alike on all."""
    starts = np.cumsum(spells.n_rows) - spells.n_rows
    known = left_known[spells.rows]
    tell = np.add.reduceat((known < NEVER).astype(np.int64), starts)
    earliest = np.minimum.reduceat(known, starts)
    latest = np.maximum.reduceat(np.where(known < NEVER, known, earliest.min()), starts)
    several = (spells.n_rows > 1) & (tell > 0)
    if several.sum() < _FEWEST:
        return False
    differ = (tell[several] > 1) & (latest[several] > earliest[several])
    return bool(differ.mean() < _ONCE)


def nothing_late(spells: Spells, left_known: Ints) -> bool:
    """Whether no exit was learned after it happened, so that nothing says how late lists learn."""
    spell = np.repeat(np.arange(len(spells.owner)), spells.n_rows)
    known = left_known[spells.rows]
    told = known < NEVER
    late = told & (known > np.maximum(spells.left_last[spell], spells.entered_last[spell]))
    if late.any():
        return False
    tell = np.bincount(spell[told], minlength=len(spells.owner))
    silent = ~told & (tell[spell] > 0)
    return not silent.any() or told_once(spells, left_known)


def learning_draws(
    spells: Spells,
    on: Ints,
    left_known: Ints,
    n_lists: int,
    latest: int,
    never: tuple[float, float],
    n_draws: int,
    rng: np.random.Generator,
) -> Floats:
    """Draw, for each list, the share of exits that it has learned after some days.

    Parameters
    ----------
    spells : Spells
        Spells of the rows.
    on, left_known : ndarray of int64, shape (n_rows,)
        List of each row, and the day on which it knew the exit; `NEVER` for never.
    n_lists : int
        Lists.
    latest : int
        Last day known.
    never : tuple of float
        Beta prior of the share of exits of which a list never learns.
    n_draws : int
        Draws.
    rng : numpy.random.Generator
        Source of random numbers.

    Returns
    -------
    ndarray of float64, shape (n_draws, n_lists, n_ages)
        Share learned after 0, 1, ... days; the last entry stands for all longer ones.

    Notes
    -----
    Delays are truncated on the right, as the exits of the last weeks are known only where they were learned
    fast: reverse hazards (Lawless 1994), with a Dirichlet prior of the weight of one exit. What a list never
    learns shows in the exits that another list knows, given the delays.
    """
    spell = np.repeat(np.arange(len(spells.owner)), spells.n_rows)
    rows = spells.rows
    left = spells.left[spell]
    on, known = on[rows], left_known[rows]
    told = known < NEVER
    gone = left <= latest
    first = int(left[gone].min()) if gone.any() else latest
    oldest = np.sort(left[gone & told])[:_FEWEST]  # longer delays than theirs nothing tells apart
    longest = int(min(latest - oldest[-1], _LONGEST)) if len(oldest) else 0
    cdf = np.ones((n_draws, n_lists, longest + 1))
    delay = np.maximum(known - left, 0)

    def delays(mine: NDArray[np.bool_]) -> Floats:
        counts = triangle(left[mine] - first, delay[mine], n_days=latest - first + 1, longest=longest)
        return generalised_dirichlet(reverse_hazard(counts), 1 / (longest + 1), n_draws, rng)

    usable = told & gone
    together = delays(usable) if longest and usable.any() else None
    tell = np.bincount(spell[told & gone], minlength=len(spells.owner))
    for k in range(n_lists):
        mine = (on == k) & usable
        if together is not None:
            cdf[:, k] = delays(mine) if mine.sum() >= _FEWEST else together
        elsewhere = (on == k) & gone & (tell[spell] - told > 0)
        ages = np.minimum(latest - left[elsewhere], longest)
        could = cdf[:, k, :].mean(axis=0)[ages].sum()
        did = float(told[elsewhere].sum())
        missed = rng.beta(never[0] + max(could - did, 0.0), never[1] + did, size=n_draws)
        cdf[:, k] *= 1 - missed[:, None]
    return cdf


def draw_unlearned(
    stretches: Stretches, learned: Floats, knows: Floats, latest: int, rng: np.random.Generator
) -> Unlearned | None:
    """Draw how many of those taken to be held have left without any list knowing it, day by day.

    With A[u, c] persons on lists c who are taken to be held before day u, P[u, c] of them out already,
    s[u, c] the share of exits of day u of which one of the lists knows by the last day, and X[u] exits of day
    u that are known, the hazard h[u] has a Gamma posterior: X[u] is Poisson with mean h[u] times the sum of
    (A - P) s. Then P grows by a Poisson number with mean h (A - P) (1 - s).

    Parameters
    ----------
    stretches : Stretches
        Who stood on which lists, from when to when.
    learned : ndarray of float64, shape (n_draws, n_lists, n_ages)
        Share of exits that each list has learned after some days.
    knows : ndarray of float64, shape (n_codes, n_lists)
        1 where a list can tell the exit of whoever stands on the lists of a code, and else 0.
    latest : int
        Last day known.
    rng : numpy.random.Generator
        Source of random numbers.

    Returns
    -------
    Unlearned or None
        None where no exit is known, so that nothing says how often there is one.
    """
    n_draws, _, n_ages = learned.shape
    out = stretches.exits & (stretches.stop <= latest)
    if not out.any():
        return None
    first = int(stretches.start.min())
    n_days = latest - first + 1
    n_codes = len(stretches.codes)
    held = np.stack(
        [
            per_day(stretches.start[mine] + 1, stretches.stop[mine] + 1, first, n_days)
            for mine in (stretches.code == c for c in range(n_codes))
        ],
        axis=1,
    ).astype(np.float64)  # at the end of the day before, still at risk on the day
    exits = np.bincount(stretches.stop[out] - first, minlength=n_days)
    silent = np.log(np.maximum(1 - learned, _TINY))  # logarithm of the chance that a list does not know
    ages = np.minimum(np.arange(n_days - 1, -1, -1), n_ages - 1)
    usual = np.log(np.maximum(1 - learned.mean(axis=0), _TINY))
    typical = 1 - np.exp(usual.T[ages] @ knows.T)
    exposure = np.maximum((held * typical).sum(axis=1), _TINY)
    scale = exposure.max()
    at_risk = exposure > _TINY
    rates = daily_rates(
        exits[at_risk], np.broadcast_to(exposure[at_risk] / scale, (n_draws, at_risk.sum())), rng
    )
    size, rate = rates[:, 0], rates[:, 1] / scale
    gone = np.zeros((n_draws, n_codes))
    mean, total = np.empty((n_days, n_codes)), np.empty((n_days, n_draws))
    for day in range(n_days):
        inside = np.maximum(held[day] - gone, 0)
        share = 1 - np.exp(silent[:, :, ages[day]] @ knows.T)
        hazard = rng.gamma(size + exits[day]) / (size / rate + (inside * share).sum(axis=1))
        gone += np.minimum(rng.poisson(hazard[:, None] * inside * (1 - share)), inside)
        mean[day], total[day] = gone.mean(axis=0), gone.sum(axis=1)
    return Unlearned(stretches.codes, first, mean, total)
