"""Persons on lists who are inside, by capture history: less those who left unreported or do not belong.

It is one thing: counts of one system by day, history and age, which the draws of those inside, the exits of
persons on one list, and the entries that do not belong all read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.delay import daily_rates
from detcount._numerics.stock.held import PRIORS, TUNING
from detcount._numerics.stock.learning import Evidence, Learning
from detcount._numerics.stock.spells import LONG_AGO, NEVER, Spells


@dataclass(frozen=True)
class Listed:
    """Spells of persons on lists, and what is known of them.

    Parameters
    ----------
    spells : Spells
        Spells in detention.
    evidence : Evidence
        What each shows of being inside.
    codes : ndarray of uint64, shape (n_codes,)
        Capture histories.
    code : ndarray of int64
        Position of that of each spell.
    knows : ndarray of float64, shape (n_codes, n_lists)
        1 where a list can report the exit of whoever has a history, and else 0.
    learning : Learning
        How lists learn of exits.
    latest : int
        Last day known.
    strange : ndarray of float64
        How much more often than others of its history each spell does not belong, if no exit is known.
    """

    spells: Spells
    evidence: Evidence
    codes: NDArray[np.uint64]
    code: Ints
    knows: Floats
    learning: Learning
    latest: int
    strange: Floats

    def counted(
        self, day: Ints, mine: NDArray[np.bool_], first: int, weights: Floats | None = None
    ) -> Floats:
        """Some spells by a day and a history, shape (n_days, n_codes); earlier days count on the first."""
        n_codes, n_days = len(self.codes), self.latest - first + 1
        at = np.clip(day[mine] - first, 0, n_days)
        there = at < n_days
        cells = at[there] * n_codes + self.code[mine][there]
        weighed = None if weights is None else weights[mine][there]
        counts = np.bincount(cells, weighed, minlength=n_days * n_codes)
        return counts.reshape(n_days, n_codes).astype(np.float64)

    def by_age(
        self,
        start: Ints,
        stop: Ints,
        mine: NDArray[np.bool_],
        first: int,
        weights: Floats | None = None,
    ) -> Floats:
        """Spells that cover the end of a day from start to before stop, shape (n_ages, n_days, n_codes)."""
        found = []
        for low, high in zip(PRIORS.ages, (*PRIORS.ages[1:], NEVER), strict=True):
            begin = start if low == 0 else np.maximum(start, self.spells.entered + low)
            end = np.minimum(stop, self.spells.entered + high)
            there = mine & (begin < end)
            begun = self.counted(begin, there, first, weights)
            found.append((begun - self.counted(end, there, first, weights)).cumsum(axis=0))
        return np.stack(found)

    def shown_until(self) -> Ints:
        """Day up to which every exit of persons with a history shows, as lists confirm entries."""
        found = np.full(len(self.codes), LONG_AGO)
        np.maximum.at(found, self.code, self.evidence.shown_until)
        return found

    def left_by(
        self,
        mine: NDArray[np.bool_],
        start: Ints,
        hazard: Floats,
        relative: Floats,
        shown: Floats,
        first: int,
    ) -> Floats:
        """Expected spells that ended on an unknown day, by the end of each, shape (n_ages, n_days, n_codes).

        The day lies after `start` and by the one on which the exit was known. Its density is hazard times
        survival; and times the share `shown` of exits of the day that are known by now where that is all that
        is known, else times that of the wait until it was known, exponential.
        """
        n_codes, n_days = len(self.codes), self.latest - first + 1
        found = np.zeros((len(PRIORS.ages), n_days, n_codes))
        days = np.arange(n_days)
        chosen = np.flatnonzero(mine)
        chosen = chosen[np.argsort(self.code[chosen], kind="stable")]
        rate = 1 / max(self.learning.wait, 0.5)
        for at in range(0, len(chosen), TUNING.at_once):
            some = chosen[at : at + TUNING.at_once]
            code, until = self.code[some], np.minimum(self.evidence.until[some], self.latest) - first
            begin = np.minimum(np.maximum(start[some] - first + 1, 0), n_days - 1)
            until = np.maximum(until, begin)
            age = (
                np.searchsorted(
                    PRIORS.ages, days - (self.spells.entered[some] - first)[:, None], side="right"
                )
                - 1
            )
            age = np.maximum(age, 0)
            possible = (days >= begin[:, None]) & (days <= until[:, None])
            force = np.where(possible, hazard * relative[age, code[:, None]], 0.0)
            waited = np.exp(-rate * np.maximum(until[:, None] - days, 0))
            by_now = (self.evidence.until[some] >= self.latest)[:, None]
            density = force * np.exp(-np.cumsum(force, axis=1)) * np.where(by_now, shown[:, code].T, waited)
            density = np.where(possible, density + TUNING.tiny, 0.0)
            departed = np.cumsum(density, axis=1)
            departed /= departed[:, -1:]
            starts = np.flatnonzero(np.append(True, code[1:] != code[:-1]))
            for k in range(len(PRIORS.ages)):
                found[k][:, code[starts]] += np.add.reduceat(
                    np.where(age == k, departed, 0.0), starts, axis=0
                ).T
        return found


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
    departed, wrong : ndarray of float64, shape (n_days, n_draws)
        Persons not reported out, as known today, who have left, and entries of people who do not belong.
    cells : ndarray of float64, shape (n_dates, n_draws, n_codes)
        Persons at some dates, by history.
    """

    codes: NDArray[np.uint64]
    first: int
    total: Floats
    departed: Floats
    wrong: Floats
    cells: Floats


def draw_inside(
    listed: Listed, wrong: Floats, together: Floats, dates: Ints, rng: np.random.Generator
) -> Inside:
    """Draw how many of those on the lists are inside, day by day and by history.

    A person is at risk of an exit that shows from the day on which the last of the lists first named the
    person, as whoever is still to be named cannot have left; and of one that does not from the last day on
    which a list named or confirmed the person. With A[u, c, a] inside, a the time since the arrest, s[u, c]
    the share of exits of day u of which one of the lists c knows by now, or shows it as it confirms the
    person no more, and r[c, a] how much more often people on so many lists leave after such a time, the
    hazard h[u] has a Gamma posterior: exits with a day are Poisson with mean h[u] d sum(r A s), where d is
    the share of known exits that have one. Those who leave unreported grow by a Poisson number with mean
    h r A (1 - s). Who left on an unknown day left with the hazard of the days on which it can have been.

    Parameters
    ----------
    listed : Listed
        The spells.
    wrong : ndarray of float64, shape (n_draws, n_codes)
        Share of the spells of a history without a known exit that do not belong, on average of their days.
    together : ndarray of float64, shape (n_draws,)
        How far lists learn of the same exits: 0 each by itself, 1 as one list.
    dates : ndarray of int64
        Days of which the histories are retained.
    rng : numpy.random.Generator
        Source of random numbers.
    """
    spells, evidence, learning = listed.spells, listed.evidence, listed.learning
    n_draws, n_codes = wrong.shape
    start = np.maximum(evidence.seen, spells.entered)
    out = evidence.until < NEVER
    dated = out & ~evidence.undated
    risk = (evidence.seen > LONG_AGO) & (~dated | (start < spells.left))
    unknown = evidence.undated & risk
    first = int(min(spells.entered.min(), dates.min()))
    n_days = listed.latest - first + 1
    always = np.ones_like(out)

    stop = np.where(dated, spells.left, NEVER)
    at_risk = listed.by_age(start, stop, risk, first)
    sure = _before(listed.by_age(np.maximum(evidence.on_all, spells.entered), start, risk, first))
    in_pool = _before(listed.by_age(start, np.full_like(start, NEVER), ~out, first, listed.strange))
    open_entered = listed.counted(spells.entered, ~out, first, listed.strange).cumsum(axis=0)
    base = listed.counted(spells.entered, always, first) - listed.counted(spells.left, dated, first)
    base = base.cumsum(axis=0)
    age = np.maximum(np.searchsorted(PRIORS.ages, spells.left - 1 - spells.entered, side="right") - 1, 0)
    exits = np.stack(
        [listed.counted(spells.left, risk & dated & (age == k), first) for k in range(len(PRIORS.ages))]
    )
    group = np.minimum(listed.knows.sum(axis=1).astype(np.int64), PRIORS.most_lists) - 1
    n_dated, n_unknown = exits.sum(), float(unknown.sum())
    share_dated = (n_dated + 0.5) / (n_dated + n_unknown + 0.5)
    unreported = np.log(np.maximum(1 - learning.cdf, TUNING.tiny))
    power = 1 / (1 + together[:, None] * np.maximum(listed.knows.sum(axis=1) - 1, 0))
    ages = np.minimum(learning.last[:, None] - np.arange(first, listed.latest + 1), learning.cdf.shape[2] - 1)
    shown_until = listed.shown_until()

    def missed(day: int) -> Floats:
        """Share of exits of a day of which no list knows, shape (n_draws, n_codes)."""
        since = ages[:, day]
        logs = unreported[:, np.arange(len(since)), np.maximum(since, 0)] * (since >= 0)
        return np.asarray(np.exp(logs @ listed.knows.T * power) * (first + day > shown_until))

    usual = np.stack([missed(day).mean(axis=0) for day in range(n_days)])
    hazard = np.full(n_days, (n_dated + 1) / max(float(at_risk.sum()), 1.0))
    relative, exposure = np.ones((len(PRIORS.ages), n_codes)), np.empty(at_risk.shape)
    removed = np.zeros_like(at_risk)
    for _ in range(TUNING.fits):
        removed = listed.left_by(unknown, start, hazard, relative, 1 - usual, first)
        inside = sure + np.maximum(_before(at_risk - removed) - wrong.mean(axis=0) * in_pool, 0.0)
        exposure = inside * (1 - usual) * share_dated
        hazard, relative = _hazards(exits, exposure, group)
    removed = listed.left_by(unknown, start, hazard, relative, 1 - usual, first)
    held = _before(at_risk - removed)
    moved = _moved(listed, at_risk, risk & (start < stop), start, stop, first)
    per_day, exits = np.einsum("kc,kdc->d", relative, exposure), exits.sum(axis=(0, 2))
    scale = max(float(per_day.max()), TUNING.tiny)
    there = per_day > TUNING.tiny
    size, rate = np.ones(n_draws), np.full(n_draws, TUNING.tiny)  # nobody is known to have left
    if exits.any():
        shares = np.broadcast_to(per_day[there] / scale, (n_draws, int(there.sum())))
        size, rate = daily_rates(exits[there].astype(np.int64), shares, rng).T
        rate = rate / scale
    departed = np.zeros((len(PRIORS.ages), n_draws, n_codes))
    total, left, strange = (np.empty((n_days, n_draws)) for _ in range(3))
    cells = np.empty((len(dates), n_draws, n_codes))
    at = {int(day) - first: k for k, day in enumerate(dates.tolist())}
    still = base - removed.sum(axis=0)
    stopped = listed.left_by(evidence.stopped & risk, start, hazard, relative, 1 - usual, first).sum(
        axis=(0, 2)
    )
    by_age = relative[:, None, :]
    for day in range(n_days):
        here = np.maximum(held[:, None, day] - departed - wrong * in_pool[:, None, day], 0)
        unseen = missed(day)
        shown = share_dated * (by_age * (here + sure[:, None, day]) * (1 - unseen)).sum(axis=(0, 2))
        force = rng.gamma(size + exits[day]) / (size / rate + shown)
        departed += np.minimum(rng.poisson(force[:, None] * by_age * here * unseen), here)
        older = departed[:-1] * moved[:, None, day]
        departed[:-1] -= older
        departed[1:] += older
        not_theirs = wrong * open_entered[day]
        all_departed = departed.sum(axis=0)
        now = np.maximum(still[day] - all_departed - not_theirs, 0)
        total[day], strange[day] = now.sum(axis=1), not_theirs.sum(axis=1)
        left[day] = all_departed.sum(axis=1) + stopped[day]
        if day in at:
            cells[at[day]] = now
    return Inside(listed.codes, first, total, left, strange, cells)


def _before(counts: Floats) -> Floats:
    """What was there at the end of the day before, the days on the last axis but one."""
    return np.concatenate([np.zeros_like(counts[..., :1, :]), counts[..., :-1, :]], axis=-2)


def _hazards(exits: Floats, exposure: Floats, group: Ints) -> tuple[Floats, Floats]:
    """Hazard of each day, and how much more often people of an age and on so many lists leave."""
    by_group = np.eye(group.max() + 1)[group]  # (n_codes, n_groups)
    left, there = exits.sum(axis=1) @ by_group, exposure @ by_group
    relative = np.ones(left.shape)
    hazard = np.zeros(exits.shape[1])
    of_day = exits.sum(axis=(0, 2))
    for _ in range(TUNING.turns):
        at_risk = np.maximum(np.einsum("kg,kdg->d", relative, there), TUNING.tiny)
        hazard = (of_day + 0.5 * of_day.sum() / at_risk.sum()) / (at_risk + 0.5)
        relative = (left + PRIORS.age_exits) / (np.einsum("d,kdg->kg", hazard, there) + PRIORS.age_exits)
    return hazard, relative[:, group]


def _moved(
    listed: Listed, at_risk: Floats, mine: NDArray[np.bool_], start: Ints, stop: Ints, first: int
) -> Floats:
    """Share of those at risk of each age but the last who reach the next."""
    days = [listed.spells.entered + age for age in PRIORS.ages[1:]]
    reach = np.stack([listed.counted(day, mine & (start < day) & (day < stop), first) for day in days])
    return np.asarray(np.minimum(reach / np.maximum(_before(at_risk[:-1]), 1.0), 1.0))


def lone_exits(listed: Listed, lone: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats] | None:
    """Exits of persons on one list only: expected if they leave as others do, by entry still open, and known.

    Entries that do not belong never leave, so that exits are fewer than expected where there are many. Times
    soon after an arrest are left out, as those who are let out soon are on few lists.

    Parameters
    ----------
    listed : Listed
        The spells.
    lone : ndarray of bool, shape (n_codes,)
        Histories of one list.

    Returns
    -------
    tuple of ndarray of float64, shape (n_codes,), or None
        Expected exits; expected exits of the entries that are still open, were all of them people who can
        leave; and exits known. None where too few on several lists left.
    """
    spells, evidence = listed.spells, listed.evidence
    start = np.maximum(evidence.seen, spells.entered + PRIORS.lone_after)
    named = np.maximum(evidence.on_all, spells.entered + PRIORS.lone_after)
    out = evidence.until < NEVER
    dated = out & ~evidence.undated
    risk = (evidence.seen > LONG_AGO) & (start < np.where(dated, spells.left, evidence.until))
    risk &= start <= listed.latest
    first = int(spells.entered.min())
    n_codes, n_days = len(listed.codes), listed.latest - first + 1
    unknown = evidence.undated & risk

    went = listed.counted(spells.left, risk & dated, first)
    if went[:, ~lone].sum() < PRIORS.fewest_exits or not lone.any():
        return None
    came = listed.counted(start, risk, first)
    at_risk = (came - went).cumsum(axis=0)
    still_open = _before(listed.counted(named, risk & ~out, first, listed.strange).cumsum(axis=0))
    sure = _before((listed.counted(named, risk, first) - came).cumsum(axis=0))
    known = went.sum(axis=0) + listed.counted(evidence.until, unknown, first).sum(axis=0)
    share_dated = (went.sum() + 0.5) / (went.sum() + unknown.sum() + 0.5)
    cdf = listed.learning.cdf.mean(axis=0)
    days = np.arange(first, listed.latest + 1)
    ages = np.minimum(listed.learning.last[:, None] - days, cdf.shape[1] - 1)
    unreported = np.where(ages >= 0, 1 - np.take_along_axis(cdf, np.maximum(ages, 0), axis=1), 1.0)
    missed = np.exp(np.log(np.maximum(unreported, TUNING.tiny)).T @ listed.knows.T)
    missed *= days[:, None] > listed.shown_until()
    hazard = np.full(n_days, (went.sum() + 1) / max(float(at_risk.sum()), 1.0))
    exits, mean, held = went[:, ~lone].sum(axis=1), 0.0, at_risk
    for _ in range(TUNING.fits):
        removed = listed.left_by(
            unknown, start, hazard, np.ones((len(PRIORS.ages), n_codes)), 1 - missed, first
        ).sum(axis=0)
        held = _before(at_risk - removed)
        shown = ((held + sure) * (1 - missed))[:, ~lone].sum(axis=1) * share_dated
        mean = exits.sum() / max(float(shown.sum()), TUNING.tiny)
        hazard = (exits + mean * PRIORS.day_exits) / (shown + PRIORS.day_exits)
        departed = np.zeros(n_codes)
        for day in range(n_days):
            held[day] = np.maximum(held[day] - departed, 0)
            departed = departed + np.minimum(hazard[day] * missed[day], 1.0) * held[day]
        shown = ((held + sure) * (1 - missed))[:, ~lone].sum(axis=1) * share_dated
        hazard = (exits + mean * PRIORS.day_exits) / (shown + PRIORS.day_exits)
    force = hazard[:, None] * (1 - missed)
    return (force * (held + sure)).sum(axis=0), (force * still_open).sum(axis=0), known


def strange_by_day(
    entered: Ints, is_open: NDArray[np.bool_], code: Ints, of_code: Ints, shares: Floats, rows: Ints, on: Ints
) -> Floats:
    """How much more often than others of its history a spell without a known exit does not belong.

    Lists take in people who do not belong as they take in others, day by day of the arrest that they say; and
    whoever belongs leaves in time. So they are a larger share of the open entries of long ago. The open
    entries of a history are put into groups by the day of the arrest, and each has its part of those who do
    not belong by the entries of the list from these days, at most so far that a few of a group belong.

    Parameters
    ----------
    entered : ndarray of int64
        Day of the arrest of each spell.
    is_open : ndarray of bool
        Whether no exit is known.
    code : ndarray of int64
        Position of the history of each spell.
    of_code : ndarray of int64, shape (n_codes,)
        The list of a history of one list; -1 where it has several.
    shares : ndarray of float64, shape (n_codes,)
        Expected share of the open entries of a history that do not belong.
    rows, on : ndarray of int64
        Day of the arrest of each entry of the lists, and which list it is.

    Returns
    -------
    ndarray of float64
        1 on average over the open spells of a history.
    """
    found = np.ones(len(entered))
    for c in np.flatnonzero((of_code >= 0) & (shares > 0)):
        mine = np.flatnonzero(is_open & (code == c))
        n_groups = min(len(mine) // PRIORS.groups_of_open, PRIORS.most_groups)
        if n_groups < 2:
            continue
        ends = np.quantile(entered[mine], np.arange(1, n_groups) / n_groups)
        group = np.searchsorted(ends, entered[mine], side="left")
        there = np.bincount(group, minlength=n_groups).astype(np.float64)
        came = np.bincount(np.searchsorted(ends, rows[on == of_code[c]], side="left"), minlength=n_groups)
        part = (came + 0.5) / (came + 0.5).sum()
        wanted, most = shares[c] * len(mine), PRIORS.most_wrong_group * there
        taken = np.minimum(wanted * part, most)
        for _ in range(n_groups):  # what does not fit into a group falls to the others
            room = most - taken
            taken = np.minimum(
                taken + (wanted - taken.sum()) * room / max(float(room.sum()), TUNING.tiny), most
            )
        relative = np.where(there > 0, taken / np.maximum(there, 1), 0.0)[group]
        found[mine] = relative / relative.mean()
    return found


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
    left = np.maximum(expected - shares * open_ones, PRIORS.least_left * expected)
    miss = np.log((known + 0.5) / (left + 0.5))
    logs = (-0.5 * miss**2 / (spread**2 + 1 / (known + 0.5))).sum(axis=1)
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum())
