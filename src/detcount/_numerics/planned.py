"""Promise of a step: draws of today, outcomes drawn from them, and the limits of N that each leaves.

N = L - W + U persons, with L on the lists, W of these wrong and U on none. Draws of (W, U) stand for what is
known today. A draw is taken as the truth, an outcome of the step is drawn from it, and all draws are weighed
by the likelihood of that outcome: the weighed limits are those that the step would leave. Likelihoods of
several steps multiply, so that a mix of steps costs no more than one.

A random sample of known design is weighed as `detcount._numerics.anchored` does. With a probability of one in
five today's draws do not hold, and U is evenly spread on the scale of logarithms; such draws stand beside the
others and count only where there is a sample.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.special import betaincinv, expit, gammaln, ndtri

from detcount._numerics.anchored import TUNING as ANCHORED
from detcount._numerics.anchored import Evidence, Visited, totals
from detcount._numerics.arrays import Bools, Floats, Ints, ReadOnly
from detcount._numerics.interactions import Sizes, evidence_and_modes


@dataclass(frozen=True)
class Priors:
    """Laws of what a step meets.

    Parameters
    ----------
    wrong : float, share
        Share of the entries of a list that do not belong, in the mean. Convention: that of `wrong_entries`.
    strength : float, entries
        First parameter of its Beta law. Convention: Jeffreys'.
    high : float, probability
        Level of the greatest share that is named beside the mean. Convention: 95%.
    sizes : float, log
        Standard deviation of the log size of a prison. Convention: that of benchmarks/results/anchored.csv.
    uneven : float, shape
        Shape of the gamma law of the share on no list in a prison. Convention: that of
        benchmarks/results/anchored.csv.
    """

    wrong: float = 0.05
    strength: float = 0.5
    high: float = 0.95
    sizes: float = 0.6
    uneven: float = 20.0


@dataclass(frozen=True)
class Tuning:
    """Draws of a plan.

    Parameters
    ----------
    draws : int, draws
        Draws of today. Convention: twice as many move no promise by a hundredth of today's width.
    even : int, draws
        Draws beside them that count where a sample contradicts the lists. Convention: half as many.
    beyond : float, ratio
        Up to how many times the greatest draw of U these reach. Convention: farther than any sample says.
    grid : int, fits
        Fits of the lists without some of the wrong entries of one. Convention: their limits are nearly
        straight in the number taken away.
    halvings : int, steps
        Halvings of the search for the reach of a further list. Convention: to the last bit.
    widest : float, log odds
        Log odds between which that search begins. Convention: beyond any reach.
    """

    draws: int = 4000
    even: int = 2000
    beyond: float = 10.0
    grid: int = 5
    halvings: int = 60
    widest: float = 30.0


PRIORS, TUNING = Priors(), Tuning()


@dataclass(frozen=True, eq=False)
class Cloud(ReadOnly):
    """Draws of what is known.

    Parameters
    ----------
    listed : float
        L, persons.
    wrong : ndarray of float64, shape (n_lists, n_draws)
        Wrong entries of each list that is to be checked.
    unlisted : ndarray of float64, shape (n_draws,)
        U, persons.
    even : ndarray of bool, shape (n_draws,)
        Draws that count only where there is a random sample.
    scores, shift : ndarray of float64, shape (n_draws - n_even,)
        Of the other draws the normal score of U, and how far wrong entries move log(U + 1/2).
    """

    listed: float
    wrong: Floats
    unlisted: Floats
    even: Bools
    scores: Floats
    shift: Floats

    @cached_property
    def persons(self) -> Floats:
        """N of each draw."""
        return np.asarray(self.listed - self.wrong.sum(axis=0) + self.unlisted)

    @cached_property
    def order(self) -> Ints:
        """Draws by N."""
        return np.argsort(self.persons, kind="stable")

    def worlds(self, n: int) -> Ints:
        """Draws to be taken as the truth: so many, evenly by N."""
        own = self.order[~self.even[self.order]]
        return np.asarray(own[((np.arange(n) + 0.5) / n * len(own)).astype(np.int64)])

    def limits(
        self, level: float, logs: Floats | None = None, between: tuple[float, float] | None = None
    ) -> tuple[float, float]:
        """Give limits of N at a level, of draws weighed by a likelihood.

        Parameters
        ----------
        level : float
            The level.
        logs : ndarray of float64, shape (n_draws,), optional
            Logarithm of the likelihood of what was found.
        between : tuple of float, optional
            Limits of U between which the sample alone spreads it; None without a sample.

        Returns
        -------
        tuple of float
            Persons.
        """
        weights = np.where(self.even, 0.0, 1 / np.count_nonzero(~self.even))
        if between is not None:
            inside = self.even & (self.unlisted >= between[0]) & (self.unlisted <= between[1])
            weights = (1 - ANCHORED.apart) * weights + ANCHORED.apart * inside / max(inside.sum(), 1)
        if logs is not None:
            top = logs[weights > 0].max()
            weights = weights * np.exp(np.minimum(logs - top, 0.0)) if math.isfinite(top) else weights
        weights = weights[self.order]
        below = np.cumsum(weights) - weights / 2
        tails = np.array([(1 - level) / 2, (1 + level) / 2]) * weights.sum()
        low, high = np.interp(tails, below, self.persons[self.order])
        return float(low), float(high)


def evenly(n_rows: int, n: int, random: np.random.Generator) -> Floats:
    """Numbers between 0 and 1, a row as even as a grid, rows independent of each other."""
    rows = [random.permutation(n) for _ in range(n_rows)]
    return np.asarray((np.array(rows).reshape(n_rows, n) + 0.5) / n)


def cloud_of(
    listed: float,
    curves: list[list[tuple[float, Floats, Floats]]],
    wrong: Floats,
    random: np.random.Generator,
) -> Cloud:
    """Draw U beside wrong entries that were drawn, by limits of the lists without some of them.

    Parameters
    ----------
    listed : float
        L, persons.
    curves : list of list of (float, ndarray, ndarray)
        For each list to be checked, by its wrong entries: log(U + 1/2), ascending, and normal scores. The
        first curve of each is that without a wrong entry, one and the same; without a list to be checked
        there is one list of one curve.
    wrong : ndarray of float64, shape (n_lists, n_draws)
        Wrong entries; of several lists each moves the logarithm of U by itself.
    random : Generator
        Random numbers.

    Returns
    -------
    Cloud
        The draws, and those that are spread evenly.
    """
    n, own = TUNING.draws, wrong[:, : TUNING.draws]
    scores = ndtri(evenly(1, n, random)[0])
    logs = np.interp(scores, curves[0][0][2], curves[0][0][1])
    moved = logs.copy()
    for mine, by_wrong in zip(own, curves, strict=False):
        at = np.array([np.interp(scores, each[2], each[1]) for each in by_wrong])
        counts = np.array([each[0] for each in by_wrong])
        k = np.clip(np.searchsorted(counts, mine) - 1, 0, len(counts) - 2)
        share = (mine - counts[k]) / (counts[k + 1] - counts[k])
        columns = np.arange(n)
        moved += at[k, columns] + share * (at[k + 1, columns] - at[k, columns]) - logs
    top = math.log(TUNING.beyond) + moved.max()
    spread = np.exp(np.linspace(math.log(0.5), top, TUNING.even)) - 0.5
    unlisted = np.concatenate([np.maximum(np.exp(moved) - 0.5, 0.0), spread])
    return Cloud(listed, wrong, unlisted, np.arange(n + TUNING.even) >= n, scores, moved - logs)


def with_other_limits(cloud: Cloud, listed: float, curve: tuple[Floats, Floats]) -> Cloud:
    """The same draws after other lists: U is where their limits have the same normal scores."""
    own = np.exp(np.interp(cloud.scores, curve[1], curve[0]) + cloud.shift) - 0.5
    unlisted = np.concatenate([np.maximum(own, 0.0), cloud.unlisted[cloud.even]])
    return replace(cloud, listed=listed, unlisted=unlisted)


def wrong_entries(alone: int, share: float, random: np.random.Generator) -> Floats:
    """Draw the wrong entries among those of a list that no other list names, by the law of their share."""
    n = TUNING.draws + TUNING.even
    shares = betaincinv(PRIORS.strength, PRIORS.strength * (1 - share) / share, evenly(1, n, random)[0])
    return np.asarray(random.binomial(alone, shares), dtype=np.float64)


def log_drawn(kind: Floats, total: int, drawn: int, found: int) -> Floats:
    """Logarithm of the hypergeometric likelihood of how many of the total are of a kind."""
    possible = (kind >= found) & (kind <= total - drawn + found)
    at = np.clip(kind, found, total - drawn + found)
    logs = -gammaln(at - found + 1) + gammaln(at + 1)
    others = total - at
    logs = logs + gammaln(others + 1) - gammaln(others - (drawn - found) + 1)
    return np.where(possible, logs, -np.inf)


def visits(
    unlisted: int, prisons: int, among: int, inmates: int | None, persons: float, random: np.random.Generator
) -> Visited | None:
    """Draw a visit to prisons with everybody inside; None where those visited do not differ.

    Parameters
    ----------
    unlisted : int
        U, persons.
    prisons, among : int
        Prisons visited, and all of them.
    inmates : int or None
        Inmates of all of them where that is known, for whatever reason.
    persons : float
        N, which stands for the inmates where that is not known.
    random : Generator
        Random numbers.

    Returns
    -------
    Visited or None
        What was found.
    """
    unlisted = unlisted if inmates is None else min(unlisted, inmates)
    sizes = np.exp(random.normal(0, PRIORS.sizes, among))
    shares = sizes * random.gamma(PRIORS.uneven, 1 / PRIORS.uneven, among)
    found = random.multinomial(unlisted, shares / shares.sum())
    others = max(round(inmates if inmates is not None else persons) - unlisted, 0)
    inside = found + random.multinomial(others, sizes / sizes.sum())
    mine, seen = inside[:prisons].astype(np.float64), found[:prisons].astype(np.float64)
    total, variance, freedom = totals(mine, seen, among, inmates) if (mine > 0).sum() > 1 else (0.0,) * 3
    if freedom <= 0 or variance**0.5 <= 1e-9 * total:  # residuals of rounding are none
        return None
    most = math.inf if inmates is None else inmates - mine.sum() + seen.sum()
    return Visited(int(seen.sum()), min(total, most), variance**0.5, freedom, most)


def log_of(evidence: Evidence, unlisted: Floats, least: float, most: float) -> Floats:
    """Logarithm of the likelihood of a sample at each U, none where U cannot be."""
    inside = (unlisted >= least) & (unlisted <= most)
    return np.where(inside, evidence.log_likelihood(np.clip(unlisted, least, most)), -np.inf)


def named_further(
    histories: Ints, counts: Ints, cells: Floats, sizes: Sizes, reach: float, random: np.random.Generator
) -> Ints:
    """Draw the persons of each history whom a further list names.

    The further list depends on each other list by a log odds ratio of two of these, drawn at random.

    Parameters
    ----------
    histories : ndarray of int64, shape (n_histories, n_lists)
        Who names whom; the persons on no list have one too.
    counts : ndarray of int64, shape (n_histories,)
        Persons who belong.
    cells : ndarray of float64, shape (2**K,)
        The same persons by history, for the odds ratios; lists may be put together there.
    sizes : Sizes
        Of interactions.
    reach : float
        Share of all persons whom the list names.
    random : Generator
        Random numbers.

    Returns
    -------
    ndarray of int64, shape (n_histories,)
        Persons.
    """
    n_lists = len(cells).bit_length() - 1
    signs = (np.arange(len(cells))[:, None] >> np.arange(n_lists) & 1) - 0.5
    logs = evidence_and_modes(cells[None], sizes, cells[None, 1:].sum(axis=1))[1][0]
    pairs = (signs.T * logs) @ signs * 16 / len(cells)
    odds = random.choice(pairs[np.triu_indices(n_lists, 1)], histories.shape[1])
    away = (histories - 0.5) @ odds
    low, high = -TUNING.widest, TUNING.widest
    for _ in range(TUNING.halvings):
        middle = (low + high) / 2
        few = counts @ expit(middle + away) < reach * counts.sum()
        low, high = (middle, high) if few else (low, middle)
    return np.asarray(random.binomial(counts, expit(low + away)))
