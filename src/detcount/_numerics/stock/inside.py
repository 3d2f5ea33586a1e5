"""Persons on lists who are inside, by capture history: without those who left unreported and wrong entries.

It is one algorithm, in the steps and the symbols of "People held" in `docs/model.md`: a is a class of time
since the arrest, u a day, c a capture history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Floats, Ints, bincount, reduceat
from detcount._numerics.delay import daily_rates
from detcount._numerics.stock.held import PRIORS, TUNING
from detcount._numerics.stock.learning import Evidence, Learning
from detcount._numerics.stock.spells import LONG_AGO, NEVER, Spells

Mask: TypeAlias = NDArray[np.bool_]
Ages: TypeAlias = tuple[int, ...]


@dataclass(frozen=True)
class Listed:
    """Spells of persons on lists, and what is known of them.

    Parameters
    ----------
    spells : Spells
        Spells in detention.
    evidence : Evidence
        Evidence that each was inside.
    codes : ndarray of uint64, shape (n_codes,)
        Capture histories.
    code : ndarray of int64, shape (n_spells,)
        Position of the history of each spell.
    knows : ndarray of float64, shape (n_codes, n_lists)
        1 where a list can report the exit of persons with a history, else 0.
    learning : Learning
        Draws of how lists learn of exits.
    latest : int
        Last day known.
    wrong_odds : ndarray of float64, shape (n_spells,)
        Relative odds that a spell with no known exit is a wrong entry: 1 on average over a history.
    """

    spells: Spells
    evidence: Evidence
    codes: NDArray[np.uint64]
    code: Ints
    knows: Floats
    learning: Learning
    latest: int
    wrong_odds: Floats

    @property
    def dated(self) -> Mask:
        """Spells with a known day of exit."""
        return (self.evidence.until < NEVER) & ~self.evidence.undated

    @property
    def n_lists(self) -> Ints:
        """Number of lists that can report the exit of each history."""
        return np.asarray(self.knows.sum(axis=1), dtype=np.int64)

    def on(self, day: Ints, mine: Mask, first: int, weights: Floats | None = None) -> Floats:
        """Count some spells by a day and the history; days before the first count on it."""
        n_codes, n_days = len(self.codes), self.latest - first + 1
        at = np.clip(day[mine] - first, 0, n_days)
        there = at < n_days
        cells = at[there] * n_codes + self.code[mine][there]
        weighed = None if weights is None else weights[mine][there]
        counts = bincount(cells, weighed, minlength=n_days * n_codes)
        return counts.reshape(n_days, n_codes).astype(np.float64)

    def by_age(
        self, start: Ints, stop: Ints, mine: Mask, first: int, ages: Ages, weights: Floats | None = None
    ) -> Floats:
        """Count some spells at the end of days from `start` to before `stop`, by time since the arrest."""
        found = []
        for low, high in zip(ages, (*ages[1:], NEVER), strict=True):
            begin = start if low == 0 else np.maximum(start, self.spells.entered + low)
            end = np.minimum(stop, self.spells.entered + high)
            there = mine & (begin < end)
            begun = self.on(begin, there, first, weights)
            found.append((begun - self.on(end, there, first, weights)).cumsum(axis=0))
        return np.stack(found)

    def shown_until(self) -> Ints:
        """Last day up to which every exit of a history shows, as lists confirm entries, shape (n_codes,)."""
        found = np.full(len(self.codes), LONG_AGO)
        np.maximum.at(found, self.code, self.evidence.shown_until)
        return found


@dataclass(frozen=True)
class Counts:
    """Step 1: counts of spells.

    Parameters
    ----------
    first : int
        First day.
    ages : tuple of int
        Days since the arrest at which the classes begin.
    start, named : ndarray of int64, shape (n_spells,)
        Last day on which each person was named or confirmed, and the first on which all its lists had named
        the person.
    at_risk : ndarray of bool, shape (n_spells,)
        Spells that can end after `start`.
    A, B : ndarray of float64, shape (n_ages, n_days, n_codes)
        Spells before day u that can end on it: past `start`, and named by all their lists but named again.
    G : ndarray of float64, shape (n_ages - 1, n_days, n_codes)
        Share of A that passes into the next class on day u.
    X : ndarray of float64, shape (n_ages, n_days, n_codes)
        Exits with a known day.
    K : ndarray of float64, shape (n_days, n_codes)
        Arrested by the end of day u, less exits with a known day.
    P : ndarray of float64, shape (n_ages, n_days, n_codes)
        Spells before day u with no known exit, past `start`, by their odds of being wrong.
    E : ndarray of float64, shape (n_days, n_codes)
        Spells with no known exit, arrested by the end of day u, by their odds of being wrong.
    d : float
        Share of the known exits that have a day.
    h : float
        Dated exits for each day at risk, at which step 3 begins.
    """

    first: int
    ages: Ages
    start: Ints
    named: Ints
    at_risk: Mask
    A: Floats
    B: Floats
    G: Floats
    X: Floats
    K: Floats
    P: Floats
    E: Floats
    d: float
    h: float


@dataclass(frozen=True)
class Hazards:
    """Step 3: the law of exits: those of age a and history c leave on day u with hazard h[u] r[a, c].

    Parameters
    ----------
    h : ndarray of float64, shape (n_days,)
        Hazard of each day.
    r : ndarray of float64, shape (n_ages, n_codes)
        Relative hazard of each age and history.
    exposed : ndarray of float64, shape (n_ages, n_days, n_codes)
        Persons whose exit on day u would be known, with its day.
    A, K : ndarray of float64
        As in `Counts`, less the expected exits on unknown days.
    """

    h: Floats
    r: Floats
    exposed: Floats
    A: Floats
    K: Floats


@dataclass(frozen=True)
class State:
    """Draws at the end of a day.

    Parameters
    ----------
    D : ndarray of float64, shape (n_ages, n_draws, n_codes)
        Persons who have left unreported.
    W : ndarray of float64, shape (n_draws, n_codes)
        Wrong entries among the spells with no known exit.
    L : ndarray of float64, shape (n_draws, n_codes)
        Persons inside.
    """

    D: Floats
    W: Floats
    L: Floats


@dataclass(frozen=True)
class Inside:
    """Draws of the persons on lists who are inside.

    Parameters
    ----------
    codes : ndarray of uint64, shape (n_codes,)
        Capture histories.
    first : int
        First day.
    total : ndarray of float64, shape (n_days, n_draws)
        Persons at the end of each day, of all histories.
    departed, wrong : ndarray of float64, shape (n_days, n_draws)
        Persons who have left with no reported exit, as known today, and wrong entries.
    cells : ndarray of float64, shape (n_dates, n_draws, n_codes)
        Persons at some dates, by history.
    """

    codes: NDArray[np.uint64]
    first: int
    total: Floats
    departed: Floats
    wrong: Floats
    cells: Floats


def draw_inside(listed: Listed, w: Floats, rho: Floats, dates: Ints, rng: np.random.Generator) -> Inside:
    """Draw the persons on lists who are inside, day by day and by history.

    Parameters
    ----------
    listed : Listed
        The spells.
    w : ndarray of float64, shape (n_draws, n_codes)
        Share of the spells of a history with no known exit that are wrong entries.
    rho : ndarray of float64, shape (n_draws,)
        How far lists learn of the same exits: 0 each by itself, 1 as one list.
    dates : ndarray of int64
        Days of which the histories are retained.
    rng : numpy.random.Generator
        Source of random numbers.
    """
    counts = count(listed, int(min(listed.spells.entered.min(), dates.min())), PRIORS.ages)
    first, n_days, n_draws = counts.first, len(counts.K), len(w)
    unreported = Unreported.of(listed, listed.learning.cdf, rho, first)
    q = np.stack([unreported.on(u).mean(axis=0) for u in range(n_days)])
    law = fit_hazards(listed, counts, q, w.mean(axis=0))
    prior = prior_of_hazards(counts, law, n_draws, rng)
    mine = listed.evidence.stopped & counts.at_risk
    stopped = exits_on_unknown_days(listed, mine, counts, law.h, law.r, 1 - q).sum(axis=(0, 2))
    total, departed, wrong = (np.empty((n_days, n_draws)) for _ in range(3))
    cells = np.empty((len(dates), *w.shape))
    at = {int(day) - first: k for k, day in enumerate(dates.tolist())}
    state = State(np.zeros((len(counts.ages), *w.shape)), np.zeros_like(w), np.zeros_like(w))
    for u in range(n_days):
        state = step(state, u, counts, law, w, unreported.on(u), prior, rng)
        total[u], wrong[u] = state.L.sum(axis=1), state.W.sum(axis=1)
        departed[u] = state.D.sum(axis=0).sum(axis=1) + stopped[u]
        if u in at:
            cells[at[u]] = state.L
    return Inside(listed.codes, first, total, departed, wrong, cells)


def count(listed: Listed, first: int, ages: Ages, after: int = 0) -> Counts:
    """Step 1: count spells by time since the arrest, day and history, from so many days after the arrest."""
    spells, evidence, dated = listed.spells, listed.evidence, listed.dated
    arrested, is_open = spells.entered + after, evidence.until == NEVER
    start, named = np.maximum(evidence.seen, arrested), np.maximum(evidence.on_all, arrested)
    at_risk = (evidence.seen > LONG_AGO) & (~dated | (start < spells.left))
    if after:
        at_risk &= start < evidence.until
    stop, never = np.where(dated, spells.left, NEVER), np.full_like(start, NEVER)
    A = listed.by_age(start, stop, at_risk, first, ages)
    age = np.maximum(np.searchsorted(ages, spells.left - 1 - spells.entered, side="right") - 1, 0)
    X = np.stack([listed.on(spells.left, at_risk & dated & (age == a), first) for a in range(len(ages))])
    n_dated, n_unknown = X.sum(), float((evidence.undated & at_risk).sum())
    G = np.zeros((len(ages) - 1, *A.shape[1:]))
    for a, days in enumerate(ages[1:]):
        passed = spells.entered + days
        reach = listed.on(passed, at_risk & (start < passed) & (passed < stop), first)
        G[a] = np.minimum(reach / np.maximum(_before(A[a]), 1.0), 1.0)
    everybody = np.ones_like(dated)
    return Counts(
        first=first,
        ages=ages,
        start=start,
        named=named,
        at_risk=at_risk,
        A=_before(A),
        B=_before(listed.by_age(named, start, at_risk, first, ages)),
        G=G,
        X=X,
        K=(listed.on(spells.entered, everybody, first) - listed.on(spells.left, dated, first)).cumsum(axis=0),
        P=_before(listed.by_age(start, never, is_open, first, ages, listed.wrong_odds)),
        E=listed.on(spells.entered, is_open, first, listed.wrong_odds).cumsum(axis=0),
        d=float((n_dated + 0.5) / (n_dated + n_unknown + 0.5)),
        h=float((n_dated + 1) / max(float(A.sum()), 1.0)),
    )


@dataclass(frozen=True)
class Unreported:
    """Step 2: the share q of the exits of a day of which no list knows by now.

    Parameters
    ----------
    logs : ndarray of float64, shape (n_draws, n_lists, n_ages)
        Logarithm of the share of exits that a list does not know, 0, 1, ... days after them.
    ages : ndarray of int64, shape (n_lists, n_days)
        Days from each day to the last on which a list learned of exits.
    power : ndarray of float64, shape (n_draws, n_codes)
        Power of the product over lists, below 1 where lists learn of the same exits.
    knows, shown_until : ndarray
        As in `Listed`, the latter in days since the first.
    """

    logs: Floats
    ages: Ints
    power: Floats
    knows: Floats
    shown_until: Ints

    @classmethod
    def of(cls, listed: Listed, cdf: Floats, rho: Floats, first: int) -> Unreported:
        """Read them off draws of how lists learn, shape (n_draws, n_lists, n_ages)."""
        days = np.arange(first, listed.latest + 1)
        return cls(
            logs=np.log(np.maximum(1 - cdf, TUNING.tiny)),
            ages=np.minimum(listed.learning.last[:, None] - days, cdf.shape[2] - 1),
            power=1 / (1 + rho[:, None] * np.maximum(listed.n_lists - 1, 0)),
            knows=listed.knows,
            shown_until=listed.shown_until() - first,
        )

    def on(self, u: int) -> Floats:
        """Give the share of a day, shape (n_draws, n_codes)."""
        age = self.ages[:, u]
        logs = self.logs[:, np.arange(len(age)), np.maximum(age, 0)] * (age >= 0)
        return np.asarray(np.exp(logs @ self.knows.T * self.power) * (u > self.shown_until))


def fit_hazards(listed: Listed, counts: Counts, q: Floats, w: Floats) -> Hazards:
    """Step 3: fit the law of exits and the exits on unknown days in turns.

    Parameters
    ----------
    listed, counts : Listed, Counts
        The spells, and their counts.
    q : ndarray of float64, shape (n_days, n_codes)
        Mean share of unreported exits.
    w : ndarray of float64, shape (n_codes,)
        Mean share of wrong entries.
    """
    unknown = listed.evidence.undated & counts.at_risk
    A, exposed = counts.A, np.zeros_like(counts.A)
    h, r = np.full(A.shape[1], counts.h), np.ones((len(counts.ages), len(w)))
    V = exits_on_unknown_days(listed, unknown, counts, h, r, 1 - q)
    for _ in range(TUNING.fits):
        A = counts.A - _before(V)
        exposed = (counts.B + np.maximum(A - w * counts.P, 0.0)) * (1 - q) * counts.d
        h, r = law_of_exits(counts.X, exposed, listed.n_lists)
        V = exits_on_unknown_days(listed, unknown, counts, h, r, 1 - q)
    return Hazards(h, r, exposed, counts.A - _before(V), counts.K - V.sum(axis=0))


def law_of_exits(X: Floats, exposed: Floats, n_lists: Ints) -> tuple[Floats, Floats]:
    """Fit the law: hazard of each day, and relative hazard of each age and history.

    Histories on the same number of lists share one relative hazard, and so do all on `most_lists` or more.

    Parameters
    ----------
    X, exposed : ndarray of float64, shape (n_ages, n_days, n_codes)
        Exits with a known day, and persons whose exit would be known with its day.
    n_lists : ndarray of int64, shape (n_codes,)
        Number of lists of each history.
    """
    group = np.minimum(n_lists, PRIORS.most_lists) - 1
    of_group = np.eye(group.max() + 1)[group]  # (n_codes, n_groups)
    x_day, x_group, e_group = X.sum(axis=(0, 2)), X.sum(axis=1) @ of_group, exposed @ of_group
    h, r = np.zeros(len(x_day)), np.ones(x_group.shape)
    for _ in range(TUNING.turns):
        e_day = np.maximum(np.einsum("ag,aug->u", r, e_group), TUNING.tiny)
        h = (x_day + 0.5 * x_day.sum() / e_day.sum()) / (e_day + 0.5)
        r = (x_group + PRIORS.age_exits) / (np.einsum("u,aug->ag", h, e_group) + PRIORS.age_exits)
    return h, r[:, group]


def prior_of_hazards(
    counts: Counts, law: Hazards, n_draws: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Step 4: draw shape and mean of the Gamma law of the hazards of days, each of shape (n_draws,)."""
    x, e = counts.X.sum(axis=(0, 2)), np.einsum("ac,auc->u", law.r, law.exposed)
    if not x.any():  # nobody is known to have left
        return np.ones(n_draws), np.full(n_draws, TUNING.tiny)
    scale, there = max(float(e.max()), TUNING.tiny), e > TUNING.tiny
    shares = np.broadcast_to(e[there] / scale, (n_draws, int(there.sum())))
    shape, mean = daily_rates(x[there].astype(np.int64), shares, rng).T
    return shape, mean / scale


def step(
    state: State,
    u: int,
    counts: Counts,
    law: Hazards,
    w: Floats,
    q: Floats,
    prior: tuple[Floats, Floats],
    rng: np.random.Generator,
) -> State:
    """Step 5: draw the hazard of day u and those who leave on it unreported.

    Parameters
    ----------
    state : State
        Draws at the end of the day before.
    u : int
        Days since the first.
    counts, law : Counts, Hazards
        What the spells say, and the law of exits.
    w, q : ndarray of float64, shape (n_draws, n_codes)
        Shares of wrong entries, and of unreported exits of day u.
    prior : tuple of ndarray of float64, shape (n_draws,)
        Shape and mean of the Gamma law of the hazard of a day.
    rng : numpy.random.Generator
        Source of random numbers.
    """
    shape, mean = prior
    r = law.r[:, None]
    A = np.maximum(law.A[:, None, u] - state.D - w * counts.P[:, None, u], 0)
    exposed = counts.d * (r * (A + counts.B[:, None, u]) * (1 - q)).sum(axis=(0, 2))
    h = rng.gamma(shape + counts.X[:, u].sum()) / (shape / mean + exposed)
    D = state.D + np.minimum(rng.poisson(h[:, None] * r * A * q), A)
    older = D[:-1] * counts.G[:, None, u]
    D[:-1] -= older
    D[1:] += older
    W = w * counts.E[u]
    L = np.maximum(law.K[u] - D.sum(axis=0) - W, 0)
    return State(D, W, L)


def exits_on_unknown_days(
    listed: Listed, mine: Mask, counts: Counts, h: Floats, r: Floats, reported: Floats
) -> Floats:
    """Give the expected exits of some spells by the end of each day, when their days are unknown.

    Parameters
    ----------
    listed, counts : Listed, Counts
        The spells, and their counts.
    mine : ndarray of bool, shape (n_spells,)
        Spells that have ended.
    h, r : ndarray of float64, shape (n_days,) and (n_ages, n_codes)
        Hazard of each day, and relative hazard of each age and history.
    reported : ndarray of float64, shape (n_days, n_codes)
        Probability that an exit of a day is known by now.

    Returns
    -------
    ndarray of float64, shape (n_ages, n_days, n_codes)
    """
    first, days = counts.first, np.arange(len(h))
    found = np.zeros((len(r), *reported.shape))
    chosen = np.flatnonzero(mine)
    chosen = chosen[np.argsort(listed.code[chosen], kind="stable")]
    rate = 1 / max(listed.learning.wait, 0.5)
    for at in range(0, len(chosen), TUNING.at_once):
        some = chosen[at : at + TUNING.at_once]
        code, until = listed.code[some], np.minimum(listed.evidence.until[some], listed.latest) - first
        begin = np.minimum(np.maximum(counts.start[some] - first + 1, 0), len(h) - 1)
        until = np.maximum(until, begin)
        since = days - (listed.spells.entered[some] - first)[:, None]
        age = np.maximum(np.searchsorted(counts.ages, since, side="right") - 1, 0)
        possible = (days >= begin[:, None]) & (days <= until[:, None])
        force = np.where(possible, h * r[age, code[:, None]], 0.0)
        waited = np.exp(-rate * np.maximum(until[:, None] - days, 0))
        by_now = (listed.evidence.until[some] >= listed.latest)[:, None]
        known = np.where(by_now, reported[:, code].T, waited)
        density = force * np.exp(-np.cumsum(force, axis=1)) * known
        departed = np.cumsum(np.where(possible, density + TUNING.tiny, 0.0), axis=1)
        departed /= departed[:, -1:]
        starts = np.flatnonzero(np.append(True, code[1:] != code[:-1]))
        for a in range(len(r)):
            of_age = np.where(age == a, departed, 0.0)
            found[a][:, code[starts]] += reduceat(np.add, of_age, starts, axis=0).T
    return found


def lone_exits(listed: Listed, lone: Mask) -> tuple[Floats, Floats, Floats] | None:
    """Compare exits of persons on one list with those that the hazard of the others implies.

    Wrong entries never leave, so that known exits are fewer than expected where there are many. Days soon
    after an arrest are left out, as those who are let out soon are on few lists.

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
    counts = count(listed, int(listed.spells.entered.min()), (0,), PRIORS.lone_after)
    (A,), (B,), (X,), first = counts.A, counts.B, counts.X, counts.first
    if X[:, ~lone].sum() < PRIORS.fewest_exits or not lone.any():
        return None
    never, is_open = np.full_like(counts.named, NEVER), listed.evidence.until == NEVER
    (still_open,) = _before(listed.by_age(counts.named, never, is_open, first, (0,), listed.wrong_odds))
    unknown = listed.evidence.undated & counts.at_risk
    known = (X + listed.on(listed.evidence.until, unknown, first)).sum(axis=0)
    unreported = Unreported.of(listed, listed.learning.cdf.mean(axis=0)[None], np.zeros(1), first)
    q = np.concatenate([unreported.on(u) for u in range(len(A))])
    x, r = X[:, ~lone].sum(axis=1), np.ones((1, len(lone)))

    def exposed(held: Floats) -> Floats:
        """Persons on several lists whose exit on a day would be known, with its day, shape (n_days,)."""
        return np.asarray(((held + B) * (1 - q))[:, ~lone].sum(axis=1) * counts.d)

    h, held = np.full(len(A), counts.h), A
    for _ in range(TUNING.fits):
        (V,) = exits_on_unknown_days(listed, unknown, counts, h, r, 1 - q)
        D, held = np.zeros(len(lone)), A - _before(V)
        e = exposed(held)
        mean = x.sum() / max(float(e.sum()), TUNING.tiny)
        h = (x + mean * PRIORS.day_exits) / (e + PRIORS.day_exits)
        for u in range(len(A)):
            held[u] = np.maximum(held[u] - D, 0)
            D = D + np.minimum(h[u] * q[u], 1.0) * held[u]
        h = (x + mean * PRIORS.day_exits) / (exposed(held) + PRIORS.day_exits)
    force = h[:, None] * (1 - q)
    return (force * (held + B)).sum(axis=0), (force * still_open).sum(axis=0), known


def wrong_odds_by_day(
    entered: Ints, is_open: NDArray[np.bool_], code: Ints, of_code: Ints, shares: Floats, rows: Ints, on: Ints
) -> Floats:
    """Give the relative odds that a spell with no known exit is a wrong entry.

    Wrong entries come as the other entries of their list do, by day of arrest, and never leave. So they are a
    larger share of the open entries of long ago. The open entries of a history form groups by day of arrest.
    Each group has its part of the wrong entries by the entries of the list from these days, at most all.

    Parameters
    ----------
    entered : ndarray of int64
        Day of the arrest of each spell.
    is_open : ndarray of bool
        True where no exit is known.
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
        there = bincount(group, minlength=n_groups).astype(np.float64)
        came = bincount(np.searchsorted(ends, rows[on == of_code[c]], side="left"), minlength=n_groups)
        part = (came + 0.5) / (came + 0.5).sum()
        wanted = shares[c] * len(mine)
        taken = np.minimum(wanted * part, there)
        for _ in range(n_groups):  # what does not fit into a group falls to the others
            room = there - taken
            more = (wanted - taken.sum()) * room / max(float(room.sum()), TUNING.tiny)
            taken = np.minimum(taken + more, there)
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


def _before(counts: Floats) -> Floats:
    """Counts at the end of the day before; days are the last axis but one."""
    return np.concatenate([np.zeros_like(counts[..., :1, :]), counts[..., :-1, :]], axis=-2)
