"""Persons on lists who are inside, by capture history: less those who left unreported or do not belong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.delay import daily_rates
from detcount._numerics.stock.learning import Evidence, Learning
from detcount._numerics.stock.spells import LONG_AGO, NEVER, Spells

_TINY = 1e-12
_SETTLED = 40  # days after an arrest from which those on one list leave about as often as others
_FEWEST = 20  # exits of persons on several lists below which exits of the others are compared with nothing
_SMOOTH = 2.0  # exits by which the hazard of a day is drawn to that of all days


@dataclass(frozen=True)
class Inside:
    """Draws of those on the lists who are inside.

    Parameters
    ----------
    codes : ndarray of uint64, shape (n_codes,)
        Which lists they are on.
    first : int
        First day.
    total : ndarray of float64, shape (n_days, n_draws)
        Persons at the end of each day, of all histories.
    gone, wrong : ndarray of float64, shape (n_days, n_draws)
        Persons not reported out, as known today, who have left, and entries of people who do not belong.
    cells : ndarray of float64, shape (n_dates, n_draws, n_codes)
        Persons at some dates, by history.
    """

    codes: NDArray[np.uint64]
    first: int
    total: Floats
    gone: Floats
    wrong: Floats
    cells: Floats


def _per_day_and_code(day: Ints, code: Ints, first: int, shape: tuple[int, int]) -> Floats:
    """Spells by a day and a history, shape (n_days, n_codes); earlier days count on the first."""
    at = np.clip(day - first, 0, shape[0])
    kept = at < shape[0]
    counts = np.bincount(at[kept] * shape[1] + code[kept], minlength=shape[0] * shape[1])
    return counts.reshape(shape).astype(np.float64)


def draw_inside(
    spells: Spells,
    evidence: Evidence,
    codes: NDArray[np.uint64],
    code: Ints,
    knows: Floats,
    learning: Learning,
    wrong: Floats,
    together: Floats,
    dates: Ints,
    latest: int,
    rng: np.random.Generator,
) -> Inside:
    """Draw how many of those on the lists are inside, day by day and by history.

    A person is at risk of an exit that shows from the first day on which a list named the person, and of one
    that does not from the last. With A[u, c] inside and s[u, c] the share of exits of day u of which one of
    the lists c knows by now, or shows it as it confirms the person no more, the hazard h[u] has a Gamma
    posterior: exits with a day are Poisson with mean h[u] d sum(A s), where d is the share of known exits
    that have one. Those who leave unreported grow by a Poisson number with mean h A (1 - s).
    Who left on an unknown day left with the hazard of the days on which it can have been.

    Parameters
    ----------
    spells : Spells
        Spells in detention.
    evidence : Evidence
        What each shows of being inside.
    codes : ndarray of uint64, shape (n_codes,)
        Histories.
    code : ndarray of int64
        Position of that of each spell.
    knows : ndarray of float64, shape (n_codes, n_lists)
        1 where a list can tell the exit of whoever has a history, and else 0.
    learning : Learning
        How lists learn.
    wrong : ndarray of float64, shape (n_draws, n_codes)
        Share of the spells of a history without a known exit that do not belong.
    together : ndarray of float64, shape (n_draws,)
        How far lists learn of the same exits: 0 each by itself, 1 as one list.
    dates : ndarray of int64
        Days of which the histories are kept.
    latest : int
        Last day known.
    rng : numpy.random.Generator
        Source of random numbers.
    """
    n_draws, n_codes = wrong.shape
    start = np.maximum(evidence.seen, spells.entered)
    named = np.maximum(evidence.named, spells.entered)
    out = evidence.until < NEVER
    dated = out & ~evidence.undated
    risk = (evidence.seen > LONG_AGO) & (~dated | (start < spells.left))
    is_open, unknown = ~out, evidence.undated & risk
    first = int(min(spells.entered.min(), dates.min()))
    n_days = latest - first + 1
    shape = (n_days, n_codes)

    def counted(day: Ints, mine: NDArray[np.bool_]) -> Floats:
        return _per_day_and_code(day[mine], code[mine], first, shape)

    came = counted(start, risk)
    went = counted(spells.left, risk & dated)
    open_came = counted(start, is_open).cumsum(axis=0)
    open_entered = counted(spells.entered, is_open).cumsum(axis=0)
    base = (counted(spells.entered, np.ones_like(out)) - counted(spells.left, dated)).cumsum(axis=0)
    at_risk = (came - went).cumsum(axis=0)
    sure = np.vstack([np.zeros(n_codes), (counted(named, risk) - came).cumsum(axis=0)[:-1]])
    exits = went.sum(axis=1)
    n_dated, n_unknown = exits.sum(), float(unknown.sum())
    share_dated = (n_dated + 0.5) / (n_dated + n_unknown + 0.5)
    silent = np.log(np.maximum(1 - learning.cdf, _TINY))
    n_on = knows.sum(axis=1)
    power = 1 / (1 + together[:, None] * np.maximum(n_on - 1, 0))
    days = np.arange(first, latest + 1)
    told = _told_until(evidence, code, n_codes)
    ages = np.minimum(learning.last[:, None] - days, learning.cdf.shape[2] - 1)  # (n_lists, n_days)

    def missed(day: int) -> Floats:
        """Share of exits of a day of which no list knows, shape (n_draws, n_codes)."""
        age = ages[:, day]
        logs = silent[:, np.arange(len(age)), np.maximum(age, 0)] * (age >= 0)
        return np.asarray(np.exp(logs @ knows.T * power) * (first + day > told))

    usual = np.stack([missed(day).mean(axis=0) for day in range(n_days)])
    undated = (start[unknown], evidence.until[unknown], code[unknown])
    wait = learning.wait
    usual_stay = np.full(n_days, (exits.sum() + 1) / max(float(at_risk.sum()), 1.0))
    removed = _removed(*undated, usual_stay, 1 - usual, wait, first, latest)
    inside = np.maximum(at_risk - removed - wrong.mean(axis=0) * open_came, 0.0)
    inside = sure + np.vstack([np.zeros(n_codes), inside[:-1]])
    exposure = np.maximum((inside * (1 - usual)).sum(axis=1), _TINY)
    exposure = exposure * share_dated
    hazard = (exits + 0.5 * exits.sum() / exposure.sum()) / (exposure + 0.5)
    removed = _removed(*undated, hazard, 1 - usual, wait, first, latest)
    held = np.vstack([np.zeros(n_codes), (at_risk - removed)[:-1]])
    in_pool = np.vstack([np.zeros(n_codes), open_came[:-1]])
    scale = exposure.max()
    there = exposure > _TINY
    size, rate = np.ones(n_draws), np.full(n_draws, _TINY)  # nobody is known to have left
    if exits.any():
        per_day = np.broadcast_to(exposure[there] / scale, (n_draws, int(there.sum())))
        size, rate = daily_rates(exits[there].astype(np.int64), per_day, rng).T
        rate = rate / scale
    gone = np.zeros((n_draws, n_codes))
    total, left, strange = (np.empty((n_days, n_draws)) for _ in range(3))
    cells = np.empty((len(dates), n_draws, n_codes))
    at = {int(day) - first: k for k, day in enumerate(dates.tolist())}
    still = base - removed
    ended = evidence.stopped & risk
    stopped = _removed(
        start[ended], evidence.until[ended], code[ended], hazard, 1 - usual, wait, first, latest
    ).sum(axis=1)
    for day in range(n_days):
        here = np.maximum(held[day] - gone - wrong * in_pool[day], 0)
        unseen = missed(day)
        shown = share_dated * ((here + sure[day]) * (1 - unseen)).sum(axis=1)
        force = rng.gamma(size + exits[day]) / (size / rate + shown)
        gone += np.minimum(rng.poisson(force[:, None] * here * unseen), here)
        not_theirs = wrong * open_entered[day]
        now = np.maximum(still[day] - gone - not_theirs, 0)
        total[day], strange[day] = now.sum(axis=1), not_theirs.sum(axis=1)
        left[day] = gone.sum(axis=1) + stopped[day]
        if day in at:
            cells[at[day]] = now
    return Inside(codes, first, total, left, strange, cells)


def lone_exits(
    spells: Spells,
    evidence: Evidence,
    code: Ints,
    knows: Floats,
    lone: NDArray[np.bool_],
    learning: Learning,
    latest: int,
) -> tuple[Floats, Floats, Floats] | None:
    """Exits of persons on one list only: expected if they leave as others do, by entry still open, and known.

    Entries that do not belong never leave, so that exits are fewer than expected where there are many. Times
    soon after an arrest are left out, as those who are let out soon are on few lists.

    Parameters
    ----------
    spells, evidence, code, knows, learning, latest
        As in `draw_inside`.
    lone : ndarray of bool, shape (n_codes,)
        Histories of one list.

    Returns
    -------
    tuple of ndarray of float64, shape (n_codes,), or None
        Expected exits; expected exits of the entries that are still open, were all of them people who can
        leave; and exits known. None where too few on several lists left.
    """
    start = np.maximum(evidence.seen, spells.entered + _SETTLED)
    named = np.maximum(evidence.on_all, spells.entered + _SETTLED)
    out = evidence.until < NEVER
    dated = out & ~evidence.undated
    risk = (evidence.seen > LONG_AGO) & (start < np.where(dated, spells.left, evidence.until))
    risk &= start <= latest
    first = int(spells.entered.min())
    n_codes, n_days = len(knows), latest - first + 1
    shape = (n_days, n_codes)
    unknown = evidence.undated & risk

    def counted(day: Ints, mine: NDArray[np.bool_]) -> Floats:
        return _per_day_and_code(day[mine], code[mine], first, shape)

    went = counted(spells.left, risk & dated)
    if went[:, ~lone].sum() < _FEWEST or not lone.any():
        return None
    at_risk = (counted(start, risk) - went).cumsum(axis=0)
    still_open = np.vstack([np.zeros(n_codes), counted(named, risk & ~out).cumsum(axis=0)[:-1]])
    sure = np.vstack([np.zeros(n_codes), (counted(named, risk) - counted(start, risk)).cumsum(axis=0)[:-1]])
    known = went.sum(axis=0) + counted(evidence.until, unknown).sum(axis=0)
    share_dated = (went.sum() + 0.5) / (went.sum() + unknown.sum() + 0.5)
    cdf = learning.cdf.mean(axis=0)
    ages = np.minimum(learning.last[:, None] - np.arange(first, latest + 1), cdf.shape[1] - 1)
    silent = np.where(ages >= 0, 1 - np.take_along_axis(cdf, np.maximum(ages, 0), axis=1), 1.0)
    missed = np.exp(np.log(np.maximum(silent, _TINY)).T @ knows.T)
    missed *= np.arange(first, latest + 1)[:, None] > _told_until(evidence, code, n_codes)
    hazard = np.full(n_days, (went.sum() + 1) / max(float(at_risk.sum()), 1.0))
    undated = (start[unknown], evidence.until[unknown], code[unknown])
    exits, mean = went[:, ~lone].sum(axis=1), 0.0
    for _ in range(2):
        removed = _removed(*undated, hazard, 1 - missed, learning.wait, first, latest)
        held = np.vstack([np.zeros(n_codes), (at_risk - removed)[:-1]])
        shown = ((held + sure) * (1 - missed))[:, ~lone].sum(axis=1) * share_dated
        mean = exits.sum() / max(float(shown.sum()), _TINY)
        hazard = (exits + mean * _SMOOTH) / (shown + _SMOOTH)
        gone = np.zeros(n_codes)
        for day in range(n_days):
            held[day] = np.maximum(held[day] - gone, 0)
            gone = gone + np.minimum(hazard[day] * missed[day], 1.0) * held[day]
        shown = ((held + sure) * (1 - missed))[:, ~lone].sum(axis=1) * share_dated
        hazard = (exits + mean * _SMOOTH) / (shown + _SMOOTH)
    force = hazard[:, None] * (1 - missed)
    return (force * (held + sure)).sum(axis=0), (force * still_open).sum(axis=0), known


def weighed_by_exits(
    shares: Floats, compared: tuple[Floats, Floats, Floats], lone: Ints, spread: float
) -> Floats:
    """Probabilities of draws of the shares that do not belong, given exits of persons on one list.

    Parameters
    ----------
    shares : ndarray of float64, shape (n_draws, n_lone)
        Share of the open entries of each history of one list that do not belong.
    compared : tuple of ndarray
        What `lone_exits` gives.
    lone : ndarray of int64, shape (n_lone,)
        The histories of one list.
    spread : float
        Standard deviation of the logarithm by which those on one list leave more often or less than others.
    """
    expected, open_ones, known = (values[lone] for values in compared)
    left = np.maximum(expected - shares * open_ones, 0.02 * expected)
    miss = np.log((known + 0.5) / (left + 0.5))
    logs = (-0.5 * miss**2 / (spread**2 + 1 / (known + 0.5))).sum(axis=1)
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum())


def _told_until(evidence: Evidence, code: Ints, n_codes: int) -> Ints:
    """Day up to which every exit of persons with a history is told by lists that confirm entries."""
    found = np.full(n_codes, LONG_AGO)
    np.maximum.at(found, code, evidence.shown_until)
    return found


def _removed(
    start: Ints, until: Ints, code: Ints, hazard: Floats, shown: Floats, wait: float, first: int, latest: int
) -> Floats:
    """Expected persons of each history who left on an unknown day by the end of each day.

    The day lies after the last on which the person was named as held, and by the one on which the exit was
    known. Where it is only known by now its density is hazard times survival times the share `shown` of exits
    of the day that are known by now, shape (n_days, n_codes); and else hazard times survival times that of
    the wait until it was known, exponential with mean `wait`, the hazard of survival that of all days.
    """
    n_days, n_codes = shown.shape
    begin = np.clip(start - first + 1, 0, n_days)  # first day on which the exit can have been
    end = np.maximum(np.clip(until - first + 1, 0, n_days), begin)  # and the day after the last
    by_now = until >= latest

    def counted(position: Ints, values: Floats, cell: Ints) -> Floats:
        grid = np.bincount(position * n_codes + cell, weights=values, minlength=(n_days + 1) * n_codes)
        return np.asarray(grid.reshape(n_days + 1, n_codes))

    density = (hazard * np.exp(-np.cumsum(hazard)))[:, None] * shown + _TINY
    force = np.vstack([np.zeros(n_codes), np.cumsum(density, axis=0)])
    i, cell = begin[by_now], code[by_now]
    weight = 1 / np.maximum(force[-1, cell] - force[i, cell], _TINY)
    slope = np.cumsum(counted(i, weight, cell), axis=0)[:-1]
    level = np.cumsum(counted(i, weight * force[i, cell], cell), axis=0)[:-1]
    found = slope * force[1:] - level

    keep = np.exp(-max(1 / max(wait, 0.5) - float(hazard.mean()), 0.0))
    reach = np.zeros(n_days + 1)  # sum of hazards of the days before, fading with the wait
    for day in range(n_days):
        reach[day + 1] = keep * reach[day] + hazard[day]
    i, j, cell = begin[~by_now], end[~by_now], code[~by_now]
    faded = keep ** (j - i)
    weight = 1 / np.maximum(reach[j] - faded * reach[i], _TINY)
    weight[j <= i] = 0.0
    arriving = counted(j, weight, cell) - counted(i, weight * faded, cell)
    left = np.zeros((n_days, n_codes))
    running = np.zeros(n_codes)
    for day in range(n_days - 1, -1, -1):
        running = arriving[day + 1] + (keep * running if day < n_days - 1 else 0.0)
        left[day] = hazard[day] * running
    sure = counted(j[j <= i], np.ones(int((j <= i).sum())), cell[j <= i])[:-1]
    removed: Floats = np.maximum(found, 0.0) + np.cumsum(np.maximum(left, 0.0) + sure, axis=0)
    return removed
