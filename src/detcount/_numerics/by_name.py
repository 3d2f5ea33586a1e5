"""Lists of released people beside spells of registers: who stands where, and how many came out.

Persons are numbers. The mathematics stands in docs/model.md, "Releases by name".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import combinations
from typing import Literal

import numpy as np
from scipy.special import betainc, expit, log_expit, logit, logsumexp

from detcount._numerics.arrays import TINY, Bools, Floats, Ints, bincount, reduceat, repeat, runs
from detcount._numerics.sampler import Prior, sample_posterior
from detcount._numerics.stock.spells import LONG_AGO, NEVER, Rows, joined

How = Literal["apart", "unstated", "checked"]
"""Whether a monitor works apart from the official lists, checks from one, or nobody said so."""


@dataclass(frozen=True)
class Priors:
    """Prior of the rates at which monitors verify, and thresholds of what is compared.

    Parameters
    ----------
    rate : float, log odds
        Standard deviation of the log odds that a monitor verifies a release, around even. Convention: nearly
        uniform probabilities.
    known : float, log odds
        Mean shift of these odds for people on no register: monitors find sooner whom they know. Convention:
        odds of a half.
    known_spread : float, log odds
        Standard deviation of that shift. Convention: odds from a quarter to one.
    apart : tuple of float, log odds
        Mean and standard deviation of the shift for people on no official list, of a monitor who works apart.
        Convention: odds from six tenths to one and a half.
    unstated : tuple of float, log odds
        The same of a monitor of whom nobody said how. Convention: odds from a quarter to twice.
    checked : tuple of float, log odds
        The same of a monitor who checked from an official list. Convention: odds from a tenth to one.
    dependence : float, log odds ratio
        Standard deviation between two monitors, around 0. Convention: odds ratios from a third to three.
    spread : float, log
        Standard deviation of the number released beyond the model. Scored in
        benchmarks/results/released_by_name.md.
    undone : tuple of float
        Beta prior of the share of announced people who did not come out. Convention: one in twenty.
    wrong : tuple of float
        Beta prior of the share of a monitor's names who were not released. Convention: one in eighty.
    refreshed : tuple of float
        Beta prior of the share of those held whom a register confirms after the window. Convention: uniform.
    mostly : float, share
        Share of an official list on registers below which those verified off the registers are counted by
        the registers' coverage. Convention: a half.
    fewest : int, persons
        Announced people with a day before the releases on a register, below which there are bounds alone.
        Convention: ten.
    near : int, days
        Days before the window in which a release may be verified. Convention: two, as for published counts.
    late : int, days
        Days after the window in which a release may be verified, where fewer than `few` show it. Convention:
        a week.
    few : int, persons
        People announced and verified on known days that show delays. Convention: five.
    sure : float, probability
        Share of the draws on a register below which a row is looked at. Convention: 95%.
    delay : float, probability
        Quantile of the delays shown up to which verifications count. Convention: all but 2.5%.
    contradicted : float, probability
        Quantile of what the registers' coverage allows, above which those verified off the registers are
        not all of the definition. Of a mixed list. Convention: 95%.
    """

    rate: float = 1.5
    known: float = -0.7
    known_spread: float = 0.35
    apart: tuple[float, float] = (0.0, 0.25)
    unstated: tuple[float, float] = (-0.3, 0.5)
    checked: tuple[float, float] = (-1.1, 0.7)
    dependence: float = 0.5
    spread: float = 0.03
    undone: tuple[float, float] = (1.0, 19.0)
    wrong: tuple[float, float] = (1.0, 79.0)
    refreshed: tuple[float, float] = (1.0, 1.0)
    mostly: float = 0.5
    fewest: int = 10
    near: int = 2
    late: int = 7
    few: int = 5
    sure: float = 0.95
    delay: float = 0.975
    contradicted: float = 0.95


@dataclass(frozen=True)
class Tuning:
    """Draws of the number released.

    Parameters
    ----------
    n_links : int, draws
        Draws of who is who, at most, of which the number is drawn. Convention: 50 draws of each.
    n_draws : int, draws
        Draws of the number in all. Convention: limits at 95% rest on 50 on each side.
    n_proposed : int, draws
        Proposals for the share that stayed inside. Convention: 400 points of two shares.
    most : int, lists
        Verified lists with a rate of their own; more are taken with the last. Convention: four.
    least : float, probability
        Least probability of which log odds are taken. Convention: one in a million.
    """

    n_links: int = 40
    n_draws: int = 2000
    n_proposed: int = 400
    most: int = 4
    least: float = 1e-6


PRIORS, TUNING = Priors(), Tuning()


@dataclass(frozen=True)
class Named:
    """Persons of one draw on lists of released people, a pair of list and person each; days since 1970.

    Parameters
    ----------
    on, who : ndarray of int64, shape (n_pairs,)
        The list, and the person as a position in `label`.
    day, rows : ndarray of int64, shape (n_pairs,)
        The day of the release, or the last of the list; and rows of the person.
    since : ndarray of int64, shape (n_pairs,)
        First possible day of the last arrest up to that day.
    seen : ndarray of int64, shape (n_pairs,)
        Last day after it on which the same stay is recorded inside.
    already_out, held_after, again : ndarray of bool, shape (n_pairs,)
        An exit before the list, the same stay recorded inside after the day, a later arrest.
    label : ndarray of int64, shape (n_persons,)
        Labels of the persons.
    registered : ndarray of bool, shape (n_persons,)
        Whether a register has the person.
    """

    on: Ints
    who: Ints
    day: Ints
    rows: Ints
    since: Ints
    seen: Ints
    already_out: Bools
    held_after: Bools
    again: Bools
    label: Ints
    registered: Bools


@dataclass(frozen=True)
class Stays:
    """Spells of the persons of one draw, sorted by person, and the last day each is recorded inside."""

    owner: Ints
    entered_first: Ints
    entered_last: Ints
    left_last: Ints
    inside: Ints


def is_day(day: Ints) -> Bools:
    """Check for days that somebody knows."""
    return np.asarray((day > LONG_AGO) & (day < NEVER))


def stays_of(rows: Rows) -> Stays:
    """Join rows into spells; nobody is recorded inside after the exit."""
    if not len(rows.person):
        return Stays(*(np.empty(0, dtype=np.int64) for _ in fields(Stays)))
    spells = joined(rows)
    inside = np.maximum(rows.confirmed, rows.listed)[spells.rows]
    inside = reduceat(np.maximum, inside, np.cumsum(spells.n_rows) - spells.n_rows)
    inside = np.minimum(inside, spells.left_last)
    return Stays(spells.owner, spells.entered_first, spells.entered_last, spells.left_last, inside)


def named(stays: Stays, registered: Ints, person: Ints, list_of: Ints, day: Ints, spans: Ints) -> Named:
    """Place each person of each list by the spells of the registers; `registered` are labels."""
    label, who = np.unique(person, return_inverse=True)
    n = max(len(label), 1)
    key, place, rows = np.unique(list_of * n + who, return_inverse=True, return_counts=True)
    on, who = key // n, key % n
    days = np.full(len(key), LONG_AGO)
    np.maximum.at(days, place, np.where(is_day(day), day, LONG_AGO))
    days = np.where(days > LONG_AGO, days, spans[on, 1])
    begins = np.full(len(spans), NEVER)  # a list without days begins with its first row
    np.minimum.at(begins, list_of, np.where(is_day(day), day, NEVER))
    begins = np.where(is_day(spans[:, 0]), spans[:, 0], np.where(begins < NEVER, begins, LONG_AGO))
    first = begins[on]
    begin, end = (np.searchsorted(stays.owner, label[who], side=side) for side in ("left", "right"))
    sizes = end - begin
    pair, spell = repeat(np.arange(len(key)), sizes), runs(begin, sizes)
    dated = is_day(days)[pair]
    began = (stays.entered_first[spell] <= days[pair]) & dated
    out = began & (stays.left_last[spell] < first[pair])
    same = (stays.entered_last[spell] <= days[pair]) & (stays.inside[spell] > days[pair]) & dated

    def any_of(holds: Bools) -> Bools:
        return bincount(pair[holds], minlength=len(key)) > 0

    def latest(values: Ints, holds: Bools) -> Ints:
        found = np.full(len(key), LONG_AGO)
        np.maximum.at(found, pair[holds], values[spell[holds]])
        return found

    return Named(
        on=on,
        who=who,
        day=days,
        rows=rows,
        since=latest(stays.entered_first, began),
        seen=latest(stays.inside, same),
        already_out=any_of(out) & ~any_of(began & ~out),
        held_after=any_of(same),
        again=any_of((stays.entered_first[spell] > days[pair]) & dated),
        label=label,
        registered=np.isin(label, registered),
    )


def undone_prior(
    n_seen: int, n_named: int, refreshed: tuple[int, int], rng: np.random.Generator
) -> tuple[float, float]:
    """Mean and deviation of the log odds that an announced person, not seen inside later, stayed inside.

    Of those who stayed a register confirms a share: that of the held whom nobody names, `refreshed` of all.
    Proposals from the priors are weighted by the binomial probability of `n_seen` among `n_named`.
    """
    a, b = PRIORS.refreshed
    share = rng.beta(a + refreshed[0], b + refreshed[1] - refreshed[0], TUNING.n_proposed)
    undone = rng.beta(*PRIORS.undone, TUNING.n_proposed)
    seen = np.clip(undone * share, TINY, 1 - TUNING.least)
    log_weights = n_seen * np.log(seen) + (n_named - n_seen) * np.log1p(-seen)
    weights = np.exp(log_weights - logsumexp(log_weights))
    unseen = np.clip((undone - seen) / (1 - seen), TUNING.least, 1 - TUNING.least)
    mean, odds = float(logit(weights @ unseen)), logit(unseen)
    return mean, float(np.sqrt(weights @ (odds - mean) ** 2)) + TUNING.least


@lru_cache(maxsize=8)
def _patterns(n: int) -> tuple[Floats, Floats]:
    """Verified lists of each pattern, bit k for list k, shape (2^n, n), and the pairs on each."""
    bits = (np.arange(1 << n)[:, None] >> np.arange(n) & 1).astype(np.float64)
    pairs = [bits[:, i] * bits[:, j] for i, j in combinations(range(n), 2)]
    return bits, np.sum(pairs, axis=0) if pairs else np.zeros(1 << n)


_KNOWN = np.array([[False, False], [False, True]])  # announced and registered: their unverified are known


def log_probabilities(points: Floats, n: int) -> Floats:
    """Log probabilities of the patterns, shape (..., announced, registered, 2^n); indices 0 are *not*."""
    bits, both = _patterns(n)
    rate, unannounced = points[..., :n], points[..., n : 2 * n]
    off, ratio = points[..., 2 * n], points[..., 2 * n + 1]
    rows = []
    for announced in (0, 1):
        for registered in (0, 1):
            odds = rate + (1 - announced) * unannounced + ((1 - registered) * off)[..., None]
            weights = odds @ bits.T + ratio[..., None] * both
            rows.append(weights - logsumexp(weights, axis=-1, keepdims=True))
    shape = (*points.shape[:-1], 2, 2, 1 << n)
    return np.stack(rows, axis=-2).reshape(shape)


def without_wrong(table: Ints, rng: np.random.Generator) -> Ints:
    """Take a drawn number of wrong names out of those whom one monitor alone has, and no official list."""
    thinned = table.copy()
    for k in range(int(np.log2(table.shape[-1]))):
        on = (np.arange(table.shape[-1]) >> k & 1).astype(bool)
        alone = thinned[0, :, 1 << k]
        wrong = rng.binomial(int(table[..., on].sum()), rng.beta(*PRIORS.wrong))
        alone -= rng.multivariate_hypergeometric(alone, min(wrong, int(alone.sum())))
    return thinned


def released_draws(
    table: Ints,
    how: Sequence[How],
    undone: tuple[float, float],
    *,
    n_draws: int,
    mixed: bool,
    rng: np.random.Generator,
) -> tuple[Floats, bool]:
    """Draw the number released from verified patterns by announced and registered, shape (2, 2, 2^n).

    Of those announced and registered the unverified are known, ``table[1, 1, 0]``: some of them stayed
    inside, with log odds of mean and deviation `undone`. Those announced off the registers are at most the
    announced there. Where an official list is `mixed`, most of it of no definition, those off the registers
    follow the coverage of the unannounced, and tell nothing of the monitors, if these contradict them: the
    second value is true then.
    """
    from scipy.stats import nbinom

    n = len(how)
    counts = table.astype(np.float64)
    verified = counts[..., 1:].sum(axis=-1)
    shifts = np.array([getattr(PRIORS, each) for each in how])
    mean = np.concatenate([np.zeros(n), shifts[:, 0], [PRIORS.known, 0.0, undone[0]]])
    others = [PRIORS.known_spread, PRIORS.dependence, undone[1]]
    scales = np.concatenate([np.full(n, PRIORS.rate), shifts[:, 1], others])
    prior = Prior(mean, scales, np.zeros(0), np.zeros(0))

    def drawn(off: bool) -> tuple[Floats, Floats]:
        """Draws of all cells, and of the number by coverage; `off` uses the announced off the registers."""
        used = counts.copy()
        used[~_KNOWN, 0] = 0
        used[1, 0] *= off
        totals = used.sum(axis=-1)

        def log_likelihood(points: Floats) -> Floats:
            found, stayed = log_probabilities(points, n), points[..., -1]
            seen = np.log(np.maximum(-np.expm1(found[..., 0]), TINY))
            came = log_expit(-stayed)
            found[..., 1, 1, :] += came[..., None]
            found[..., 1, 1, 0] = np.logaddexp(found[..., 1, 1, 0], log_expit(stayed))
            whole = (found * used).sum(axis=(-3, -2, -1))
            whole -= (totals * seen * ~_KNOWN).sum(axis=(-2, -1))
            if off and totals[1, 0]:
                whole += np.log(betainc(totals[1, 0], counts[1, 0, 0] + 1, np.exp(seen[..., 1, 0])) + TINY)
            return np.asarray(whole)

        points = sample_posterior(log_likelihood, prior, mean, n_draws=n_draws, random=rng).draws
        missed = np.exp(log_probabilities(points, n)[..., 0])
        found = np.clip(1 - missed, TINY, 1)
        number = verified + rng.negative_binomial(np.maximum(verified, 1), found) * (verified > 0)
        if off and verified[1, 0]:
            below = betainc(verified[1, 0], counts[1, 0, 0] + 1, found[:, 1, 0])
            more = nbinom.ppf(rng.random(n_draws) * below, verified[1, 0], found[:, 1, 0])
            number[:, 1, 0] = verified[1, 0] + np.clip(more, 0, counts[1, 0, 0])
        stayed = expit(points[:, -1])
        share = stayed / (stayed + (1 - stayed) * missed[:, 1, 1])
        number[:, 1, 1] = counts[1, 1].sum() - rng.binomial(int(counts[1, 1, 0]), share)
        odds = rng.beta(1 + number[:, 0, 0], 1 + number[:, 0, 1])
        return number, number[:, 1, 1] * odds / (1 - odds)

    number, by_coverage = drawn(not mixed)
    replaced = mixed and bool(np.median(number[:, 1, 0]) > np.quantile(by_coverage, PRIORS.contradicted))
    if replaced:
        number[:, 1, 0] = by_coverage
    elif mixed:
        number, _ = drawn(True)
    noise = np.exp(PRIORS.spread * rng.standard_normal(n_draws))
    return np.asarray(number.sum(axis=(-2, -1)) * noise), replaced


def delays_shown(announced: Ints, verified: Ints) -> int:
    """Days after the window in which a verification counts: a quantile of the delays that are shown."""
    known = is_day(announced) & is_day(verified)
    if known.sum() < PRIORS.few:
        return PRIORS.late
    return max(int(np.quantile(verified[known] - announced[known], PRIORS.delay)), 0)
