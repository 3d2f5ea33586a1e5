"""How many a list does not know, from who came out: exact limits, strata together, waves chained.

K are listed inside, R come out, m of them were listed; U are inside and not listed. Given U, m follows
Fisher's noncentral hypergeometric distribution with the odds ratio of coming out, listed against unlisted.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, gammaln

from detcount._numerics.arrays import Floats, Ints

_FARTHEST = 10**12  # persons: an upper limit beyond is none
_MOST_DRAWN = 10**9  # persons up to which numpy draws a lot without putting anybody back
_WIDE = (9, 60)  # standard deviations, and persons, about the mode: what is beyond has a chance below 1e-15
_FOLLOWS = (0.5, 0.5)  # how far the unlisted grow as the list grows, on scales of logarithms: mean, spread
_JOINED = math.log(1.5)  # growth of the list up to which they follow it; those listed beyond are newcomers
_NEWCOMERS = (
    0.7,
    0.1,
)  # log unlisted for each of these, beside the first wave's: spread, and what a wave adds
_EDGES = 0.75  # level from which limits of an envelope are those of its edges: below the lowest that is used
_ALIKE = 0.1  # probability of shares who came out that differ so much, from which they are taken as alike
_SCALES = (0.01, 100.0)  # of the unlisted, against their estimate, between which limits are looked for
_ROUNDS = 1000  # draws of the released of each stratum, the same for every number of unlisted


def unlisted_point(listed: ArrayLike, released: ArrayLike, both: ArrayLike, odds: float = 1.0) -> Floats:
    """Persons inside who are neither listed nor released, theta (K - m)(R - m)/(m + 1)."""
    k, r, m = (np.asarray(each, dtype=np.float64) for each in (listed, released, both))
    return odds * (k - m) * (r - m) / (m + 1)


def tails(listed: int, released: int, both: int, unlisted: int, odds: float = 1.0) -> tuple[float, float]:
    """Probabilities of at most and of at least `both` listed among the released."""
    x, weights = _law(listed, released, unlisted, odds)
    return float(weights[x <= both].sum()), float(weights[x >= both].sum())


def _law(listed: int, released: int, unlisted: int, odds: float) -> tuple[Ints, Floats]:
    """Listed among the released, and their probabilities: Fisher's law, about its mode."""
    b = odds * (listed + released) + unlisted - released
    root = math.sqrt(max(b * b - 4 * (odds - 1) * odds * listed * released, 0.0))
    mode = 2 * odds * listed * released / (b + root) if b + root > 0 else 0.0
    cells = (mode, listed - mode, released - mode, unlisted - released + mode)
    reach = _WIDE[0] / math.sqrt(sum(1 / max(each, 0.25) for each in cells)) + _WIDE[1]
    least, most = max(0, released - unlisted), min(listed, released)
    x = np.arange(max(least, int(mode - reach)), min(most, int(mode + reach)) + 1)
    up, down = (listed - x) * (released - x) * odds, x * (unlisted - released + x + 0.0)
    logs = np.cumsum(np.log(up[:-1] / down[1:]))
    weights = np.exp(np.concatenate([[0.0], logs]) - max(logs.max(initial=0.0), 0.0))
    return x, weights / weights.sum()


def limits(listed: int, released: int, both: int, level: float, odds: float = 1.0) -> tuple[float, float]:
    """Exact limits of the unlisted inside before anybody came out: the numbers that neither tail refuses."""
    tail = (1 - level) / 2
    least = released - both

    def low_enough(unlisted: int) -> bool:
        return tails(listed, released, both, unlisted, odds)[0] > tail

    def too_many(unlisted: int) -> bool:
        return tails(listed, released, both, unlisted, odds)[1] <= tail

    low = _first(low_enough, least)
    high = _first(too_many, least)
    return float(low), math.inf if high >= _FARTHEST else float(max(high - 1, low))


@lru_cache(maxsize=4096)
def limits_of_groups(
    groups: tuple[tuple[int, int, int], ...], level: float, odds: float, seed: int
) -> tuple[float, float]:
    """Limits of the unlisted of groups together: listed, released and both of each.

    Where the listed came out as often in each, they hold those of the sums too.
    """
    k, r, m = np.array(groups, dtype=np.int64).T
    whole = (int(k.sum()), int(r.sum()), int(m.sum()))
    if len(groups) == 1:
        return limits(*whole, level, odds)
    low, high = strata_limits(k, r, m, level, odds, np.random.default_rng(seed))
    if shares_released(k, m)[1] <= _ALIKE:
        return low, high
    one = limits(*whole, level, odds)
    return min(low, one[0]), max(high, one[1])


@lru_cache(maxsize=1024)
def lift_of_groups(groups: tuple[tuple[int, int, int], ...], seed: int) -> float:
    """Give what the sum of the estimates of those who stayed is multiplied by to be too low half the time.

    Where few of the listed of a group came out its estimate is too low: with none it is as with one more.
    """
    k, r, m = np.array(groups, dtype=np.int64).T
    stayed = float(unlisted_point(k, r, m).sum())
    if len(groups) == 1 or not stayed:
        return 1.0
    low, high = strata_limits(k, r, m, 0.0, 1.0, np.random.default_rng(seed))
    return ((low + high) / 2 - int((r - m).sum())) / stayed if math.isfinite(high) else 1.0


def confidence_draws(listed: int, released: int, both: int, odds: float, n_draws: int) -> Floats:
    """Quantiles of the confidence distribution of the unlisted (mid-p), from the lowest to the highest."""
    least = released - both

    def below(unlisted: int) -> float:
        at_most, at_least = tails(listed, released, both, unlisted, odds)
        return at_most - (at_most + at_least - 1) / 2

    top = _first(lambda unlisted: below(unlisted) >= 1 - 0.25 / n_draws, least)
    grid = np.unique(np.rint(np.geomspace(1, top - least + 2, 400)).astype(np.int64)) - 1 + least
    reached = np.maximum.accumulate([below(int(each)) for each in grid])
    ranks = (np.arange(n_draws) + 0.5) / n_draws
    return np.interp(ranks, reached, grid.astype(np.float64))


def enveloped(one: Floats, other: Floats, middle: Floats | None = None) -> Floats:
    """Draws whose limits at 80% and more are the outer ones of two distributions, from the lowest on.

    Inside they lead to a third distribution, which has the median; by default that between the two.

    Parameters
    ----------
    one, other, middle : ndarray of float64, shape (..., n_draws)
        Draws of 0 or more.

    Returns
    -------
    ndarray of float64
        As many, sorted.
    """
    one, other = np.log1p(np.sort(one)), np.log1p(np.sort(other))
    inner = (one + other) / 2 if middle is None else np.log1p(np.sort(middle))
    ranks = (np.arange(one.shape[-1]) + 0.5) / one.shape[-1]
    edge = np.where(ranks < 0.5, np.minimum(one, other), np.maximum(one, other))
    inside = np.clip(1 - np.abs(2 * ranks - 1) / _EDGES, 0, 1)
    return np.asarray(np.expm1(edge + inside * (inner - edge)))


def strata_limits(
    listed: Ints, released: Ints, both: Ints, level: float, odds: float, rng: np.random.Generator
) -> tuple[float, float]:
    """Limits of the unlisted of all strata together, by inverting the sum of the estimates of the strata.

    The unlisted of the strata grow together, in proportion to their estimates (Chapman's with half a person
    added where none is seen), and the sum is refused where its estimate would be as small, or as large,
    in too few draws.
    """
    found = float(unlisted_point(listed, released, both, odds).sum())
    shape = np.maximum(odds * (listed - both + 0.5) * (released - both + 0.5) / (both + 1), 0.25)
    uniform = rng.random((_ROUNDS, len(listed)))
    tail = (1 - level) / 2

    def share(scale: float) -> tuple[float, float]:
        left = np.rint(shape * scale).astype(np.int64)
        drawn = np.stack(
            [
                _quantiles(int(k), int(r), int(u + r - m), odds, uniform[:, j])
                for j, (k, r, m, u) in enumerate(zip(listed, released, both, left, strict=True))
            ],
            axis=1,
        )
        sums = unlisted_point(listed, released, drawn, odds).sum(axis=1)
        return float((sums >= found - 1e-9).mean()), float((sums <= found + 1e-9).mean())

    least = int((released - both).sum())
    low = _turn(lambda scale: share(scale)[0] > tail)
    high = _turn(lambda scale: share(scale)[1] <= tail)
    lower = least + (0.0 if low <= _SCALES[0] else float(shape.sum()) * low)
    return lower, math.inf if high >= _SCALES[1] else least + float(shape.sum()) * high


def shares_released(listed: Ints, both: Ints) -> tuple[float, float]:
    """How the shares of the listed who came out differ between groups in order.

    Returns
    -------
    tuple of float
        The trend over the groups, in standard deviations (Cochran and Armitage), and the probability of
        shares that differ so much where all are the same (chi-square); 0 and 1 where that cannot be said.
    """
    used = np.flatnonzero(listed)
    k, m = listed[used], both[used]
    share = m.sum() / max(k.sum(), 1)
    if len(used) < 2 or not 0 < share < 1:
        return 0.0, 1.0
    apart = used - (k * used).sum() / k.sum()
    variance = share * (1 - share)
    trend = (m * apart).sum() / math.sqrt(variance * (k * apart**2).sum())
    return float(trend), float(chdtrc(len(used) - 1, ((m - k * share) ** 2 / k).sum() / variance))


def chained(
    listed: Ints,
    released: Ints,
    both: Ints,
    gaps: Ints,
    *,
    odds: float,
    drift: tuple[float, float],
    n_draws: int,
    rng: np.random.Generator,
) -> tuple[Floats, Floats]:
    """Follow the unlisted from wave to wave by particles.

    After a wave those unlisted are as many fewer as came out unlisted. Until the next they grow with the
    list, up to a half, and move by a random walk whose scale a month is drawn from a log-normal law with the
    median and the spread of `drift`. Whoever is listed beyond is a newcomer, and others have come with him
    who are not: how many is learned from the waves, as the scale is.

    Returns
    -------
    tuple of ndarray of float64
        The unlisted before each wave, shape (n_waves, n_draws), each as known after it; the number of listed
        among the released of each wave as forecast, nan for the first.
    """
    scale = drift[0] * np.exp(drift[1] * rng.standard_normal(n_draws))
    follows = _FOLLOWS[0] + _FOLLOWS[1] * rng.standard_normal(n_draws)
    unlisted = rng.permutation(
        confidence_draws(int(listed[0]), int(released[0]), int(both[0]), odds, n_draws)
    )
    beside = (unlisted + 0.5) / (listed[0] + 0.5) * np.exp(_NEWCOMERS[0] * rng.standard_normal(n_draws))
    after, forecast = [unlisted], [np.full(n_draws, np.nan)]
    for wave in range(1, len(listed)):
        last = wave - 1
        stayed = int(listed[last] - both[last])
        left = np.maximum(unlisted - (released[last] - both[last]), 0) + 0.5
        step = scale * math.sqrt(max(int(gaps[wave]), 1) / 30.4)
        k, r, m = int(listed[wave]), int(released[wave]), int(both[wave])
        grown = min(math.log(max(k, 1) / max(stayed, 1)), _JOINED)
        newly = max(k - max(stayed, 1) * math.exp(_JOINED), 0.0)
        unlisted = left * np.exp(follows * grown + step * rng.standard_normal(n_draws)) + newly * beside
        pool = np.rint(np.maximum(unlisted / odds, max(r - k, 0))).astype(np.int64)
        drawn, few = rng.binomial(r, k / (k + pool)), k + pool < _MOST_DRAWN
        if few.any():
            drawn[few] = rng.hypergeometric(k, pool[few], r)
        forecast.append(drawn.astype(np.float64))
        weights = _weights(k, r, m, np.maximum(unlisted, r - m), odds)
        retained = np.searchsorted(np.cumsum(weights), (np.arange(n_draws) + rng.random()) / n_draws)
        retained = np.minimum(retained, n_draws - 1)
        unlisted = np.maximum(unlisted, r - m)[retained]
        scale = scale[retained] * np.exp(0.05 * rng.standard_normal(n_draws))
        follows = follows[retained] + 0.05 * rng.standard_normal(n_draws)
        beside = beside[retained] * np.exp(_NEWCOMERS[1] * rng.standard_normal(n_draws))
        after.append(unlisted)
    return np.array(after), np.array(forecast)


def _weights(listed: int, released: int, both: int, unlisted: Floats, odds: float) -> Floats:
    """Likelihood of a wave: hypergeometric, those unlisted who stayed counted at the odds of coming out."""
    pool = (released - both) + (unlisted - (released - both)) / odds
    logs = _log_choose(pool, released - both) - _log_choose(pool + listed, released)
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _quantiles(listed: int, released: int, unlisted: int, odds: float, uniform: Floats) -> Ints:
    """Listed among the released, at given probabilities."""
    x, weights = _law(listed, released, unlisted, odds)
    return np.asarray(x[np.minimum(np.searchsorted(np.cumsum(weights), uniform), len(x) - 1)])


def _turn(found: Callable[[float], bool]) -> float:
    """The scale from which something holds, to one percent; the largest where it never does."""
    low, high = map(math.log, _SCALES)
    while high - low > 0.01:
        middle = (low + high) / 2
        low, high = (low, middle) if found(math.exp(middle)) else (middle, high)
    return math.exp(high) if high < math.log(_SCALES[1]) - 0.01 else _SCALES[1]


def _first(found: Callable[[int], bool], least: int) -> int:
    """The smallest number from which something holds, by doubling and halving."""
    if found(least):
        return least
    step = 1
    while not found(least + step):
        step *= 2
        if least + step >= _FARTHEST:
            return _FARTHEST
    low, high = least + step // 2, least + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if found(middle) else (middle, high)
    return high


def _log_choose(n: ArrayLike, k: ArrayLike) -> Floats:
    """Logarithm of the number of ways to choose k of n."""
    n, k = np.asarray(n, dtype=np.float64), np.asarray(k, dtype=np.float64)
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))
