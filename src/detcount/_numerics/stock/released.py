"""How many a list does not know, from who came out: exact limits, strata together, waves chained.

K are listed inside, R come out, m of them were listed; U are inside and not listed. Given U, m follows
Fisher's noncentral hypergeometric distribution with the odds ratio of coming out, listed against unlisted.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, gammaln

from detcount._numerics.arrays import Floats, Ints

_FARTHEST = 10**9  # persons: an upper limit beyond is none
_FOLLOWS = (0.5, 0.5)  # how far the unlisted grow as the list grows, on scales of logarithms: mean, spread
_SCALES = (0.01, 100.0)  # of the unlisted, against their estimate, between which limits are looked for
_ROUNDS = 1000  # draws of the released of each stratum, the same for every number of unlisted


def unlisted_point(listed: ArrayLike, released: ArrayLike, both: ArrayLike, odds: float = 1.0) -> Floats:
    """Persons inside who are neither listed nor released, theta (K - m)(R - m)/(m + 1)."""
    k, r, m = (np.asarray(each, dtype=np.float64) for each in (listed, released, both))
    return odds * (k - m) * (r - m) / (m + 1)


def tails(listed: int, released: int, both: int, unlisted: int, odds: float = 1.0) -> tuple[float, float]:
    """Probabilities of at most and of at least `both` listed among the released."""
    x = np.arange(max(0, released - unlisted), min(listed, released) + 1)
    logs = _log_choose(listed, x) + _log_choose(unlisted, released - x) + x * math.log(odds)
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    return float(weights[x <= both].sum()), float(weights[x >= both].sum())


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


def confidence_draws(listed: int, released: int, both: int, odds: float, n_draws: int) -> Floats:
    """Quantiles of the confidence distribution of the unlisted (mid-p), from the lowest to the highest."""
    least = released - both

    def below(unlisted: int) -> float:
        at_most, at_least = tails(listed, released, both, unlisted, odds)
        return at_most - (at_most + at_least - 1) / 2

    top = min(_first(lambda unlisted: below(unlisted) >= 1 - 0.25 / n_draws, least), 10**7)
    grid = np.unique(np.rint(np.geomspace(1, top - least + 2, 400)).astype(np.int64)) - 1 + least
    reached = np.maximum.accumulate([below(int(each)) for each in grid])
    ranks = (np.arange(n_draws) + 0.5) / n_draws
    return np.interp(ranks, reached, grid.astype(np.float64))


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

    After a wave those unlisted are as many fewer as came out unlisted. Until the next, the odds of
    being listed of those inside move by a random walk whose scale a month is drawn from a log-normal
    law with the median and the spread of `drift`, and is learned from the waves.

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
    after, forecast = [unlisted], [np.full(n_draws, np.nan)]
    for wave in range(1, len(listed)):
        last = wave - 1
        stayed = int(listed[last] - both[last])
        left = np.maximum(unlisted - (released[last] - both[last]), 0) + 0.5
        step = scale * math.sqrt(max(int(gaps[wave]), 1) / 30.4)
        grown = math.log(max(int(listed[wave]), 1) / max(stayed, 1))
        unlisted = left * np.exp(follows * grown + step * rng.standard_normal(n_draws))
        k, r, m = int(listed[wave]), int(released[wave]), int(both[wave])
        pool = np.rint(np.maximum(unlisted / odds, max(r - k, 0))).astype(np.int64)
        forecast.append(rng.hypergeometric(k, pool, r).astype(np.float64))
        weights = _weights(k, r, m, np.maximum(unlisted, r - m), odds)
        retained = np.searchsorted(np.cumsum(weights), (np.arange(n_draws) + rng.random()) / n_draws)
        retained = np.minimum(retained, n_draws - 1)
        unlisted = np.maximum(unlisted, r - m)[retained]
        scale = scale[retained] * np.exp(0.05 * rng.standard_normal(n_draws))
        follows = follows[retained] + 0.05 * rng.standard_normal(n_draws)
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
    x = np.arange(max(0, released - unlisted), min(listed, released) + 1)
    logs = _log_choose(listed, x) + _log_choose(unlisted, released - x) + x * math.log(odds)
    weights = np.cumsum(np.exp(logs - logs.max()))
    return np.asarray(x[np.minimum(np.searchsorted(weights / weights[-1], uniform), len(x) - 1)])


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
