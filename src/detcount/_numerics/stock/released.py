"""Persons unknown to a list, from who came out: exact limits, strata together, waves chained.

K are listed inside, R come out, m of them were listed; U are inside and not listed. Given U, m follows
Fisher's noncentral hypergeometric distribution with the odds ratio of coming out, listed against unlisted.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, gammaln

from detcount._numerics.arrays import Floats, Ints


@dataclass(frozen=True)
class Priors:
    """Prior of the unlisted from wave to wave, and thresholds of what is taken together.

    Parameters
    ----------
    walk : float, log a month
        Median standard deviation of the random walk of log unlisted. Convention: set on 100 invented
        chains of each of three kinds, whose search is not stored.
    walk_spread : float, log
        Standard deviation of the logarithm of that standard deviation. Convention: as before.
    found : float, share a month
        Median share of the unlisted inside who come onto the list. Convention: as `walk`.
    found_spread : float, log
        Standard deviation of its logarithm. Convention: as `walk`.
    newcomers : float, log
        Standard deviation of the unlisted newcomers for each listed one, around the first wave's.
        Convention: as `walk`.
    newcomers_step : float, log
        Median standard deviation of their move from wave to wave. Convention: as `walk`.
    newcomers_spread : float, log
        Standard deviation of the logarithm of that standard deviation. Convention: as `walk`.
    move : float, log
        Standard deviation of the moves of `walk`, `found` and `newcomers_step` from wave to wave, which
        keep particles distinct. Convention: small beside their spreads.
    same_shares : float, probability
        P value of the chi-square test above which the shares of groups are taken as equal.
        Convention: 0.1.
    trend : float, standard deviations
        Trend of the shares over groups above which there is no number for all. Convention: two.
    fewest : int, persons
        Listed among the released below which groups are put together. Convention: the expected count
        of five of a chi-square test.
    identified : float, share
        Share of the released, at least, that must be identified. Convention: two thirds.
    slips : float, share
        Share of the listed who came out, at most, whom the list may keep by a slip. Convention: a
        tenth, or one person.
    """

    walk: float = 0.06
    walk_spread: float = 0.7
    found: float = 0.03
    found_spread: float = 1.0
    newcomers: float = 1.0
    newcomers_step: float = 0.07
    newcomers_spread: float = 1.0
    move: float = 0.05
    same_shares: float = 0.1
    trend: float = 2.0
    fewest: int = 5
    identified: float = 2 / 3
    slips: float = 0.1


@dataclass(frozen=True)
class Tuning:
    """Numbers by which limits of waves are computed and shown.

    Parameters
    ----------
    farthest : int, persons
        Number beyond which an upper limit is none. Convention: a million millions.
    most_drawn : int, persons
        Number up to which numpy draws without replacement. Convention: a limit of numpy.
    reach_sd : int, standard deviations
        Distance from the mode beyond which the probability is below 1e-15. Computational
        (`test_numbers`).
    reach : int, persons
        The same in persons, besides. Computational (`test_numbers`).
    edges : float
        Level from which limits of an envelope are those of its edges. Convention: below 0.8, the
        lowest that is printed.
    scales : tuple of float, factors
        Factors of the estimate between which limits of the unlisted are sought. Convention: a
        hundredth and a hundred times.
    rounds : int, draws
        Draws of the released of each stratum. Convention: a thousand.
    n_draws : int, draws
        Draws of the unlisted before a wave. Convention: limits at 95% rest on 100 on each side.
    level : float
        Level of the limits printed. Convention: 95%.
    odds : tuple of float
        Odds ratios at which the number held is shown. Convention: from an eighth to five.
    """

    farthest: int = 10**12
    most_drawn: int = 10**9
    reach_sd: int = 9
    reach: int = 60
    edges: float = 0.75
    scales: tuple[float, float] = (0.01, 100.0)
    rounds: int = 1000
    n_draws: int = 4000
    level: float = 0.95
    odds: tuple[float, ...] = (1 / 8, 1 / 4, 1 / 2, 1.0, 1.5, 2.0, 3.0, 5.0)


PRIORS, TUNING = Priors(), Tuning()


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
    reach = TUNING.reach_sd / math.sqrt(sum(1 / max(each, 0.25) for each in cells)) + TUNING.reach
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
    return float(low), math.inf if high >= TUNING.farthest else float(max(high - 1, low))


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
    if shares_released(k, m)[1] <= PRIORS.same_shares:
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
    inside = np.clip(1 - np.abs(2 * ranks - 1) / TUNING.edges, 0, 1)
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
    uniform = rng.random((TUNING.rounds, len(listed)))
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
    lower = least + (0.0 if low <= TUNING.scales[0] else float(shape.sum()) * low)
    return lower, math.inf if high >= TUNING.scales[1] else least + float(shape.sum()) * high


def shares_released(listed: Ints, both: Ints) -> tuple[float, float]:
    """Compare the shares of the listed who came out between groups in order.

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
    place = used - (k * used).sum() / k.sum()
    variance = share * (1 - share)
    trend = (m * place).sum() / math.sqrt(variance * (k * place**2).sum())
    return float(trend), float(chdtrc(len(used) - 1, ((m - k * share) ** 2 / k).sum() / variance))


def chained(
    listed: Ints,
    released: Ints,
    both: Ints,
    gaps: Ints,
    *,
    odds: float,
    n_draws: int,
    rng: np.random.Generator,
) -> tuple[Floats, Floats]:
    """Follow the unlisted from wave to wave by particles.

    After a wave the unlisted are fewer by those who came out unlisted. Until the next some of them come onto
    the list, and the others move by a random walk. The rest of the newly listed are newcomers, and unlisted
    newcomers come with them. Where the list has shrunk the unlisted shrink as it does. The rates, and how
    much they move, are learned from the waves.

    Returns
    -------
    tuple of ndarray of float64
        The unlisted before each wave, shape (n_waves, n_draws), each as known after it; the number of listed
        among the released of each wave as forecast, nan for the first.
    """

    def spread(middle: float, deviation: float) -> Floats:
        return np.asarray(middle * np.exp(deviation * rng.standard_normal(n_draws)))

    rates = np.array(
        [
            spread(PRIORS.walk, PRIORS.walk_spread),
            spread(PRIORS.found, PRIORS.found_spread),
            spread(PRIORS.newcomers_step, PRIORS.newcomers_spread),
        ]
    )
    unlisted = rng.permutation(
        confidence_draws(int(listed[0]), int(released[0]), int(both[0]), odds, n_draws)
    )
    beside = (unlisted + 0.5) / (listed[0] + 0.5) * spread(1.0, PRIORS.newcomers)
    after, forecast = [unlisted], [np.full(n_draws, np.nan)]
    for wave in range(1, len(listed)):
        last = wave - 1
        walk, found, turn = rates
        stayed = int(listed[last] - both[last])
        months = max(int(gaps[wave]), 1) / 30.4
        k, r, m = int(listed[wave]), int(released[wave]), int(both[wave])
        left = (np.maximum(unlisted - (released[last] - both[last]), 0) + 0.5) * min(k / max(stayed, 1), 1.0)
        newly = max(k - stayed, 0)
        late = np.minimum(-np.expm1(-found * months) * left, newly)
        moved = (left - late) * np.exp(walk * math.sqrt(months) * rng.standard_normal(n_draws))
        unlisted = moved + (newly - late) * beside
        pool = np.rint(np.maximum(unlisted / odds, max(r - k, 0))).astype(np.int64)
        drawn, few = rng.binomial(r, k / (k + pool)), k + pool < TUNING.most_drawn
        if few.any():
            drawn[few] = rng.hypergeometric(k, pool[few], r)
        forecast.append(drawn.astype(np.float64))
        weights = _weights(k, r, m, np.maximum(unlisted, r - m), odds)
        retained = np.searchsorted(np.cumsum(weights), (np.arange(n_draws) + rng.random()) / n_draws)
        retained = np.minimum(retained, n_draws - 1)
        unlisted = np.maximum(unlisted, r - m)[retained]
        beside = beside[retained] * np.exp(turn[retained] * rng.standard_normal(n_draws))
        rates = rates[:, retained] * np.exp(PRIORS.move * rng.standard_normal(rates.shape))
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
    low, high = map(math.log, TUNING.scales)
    while high - low > 0.01:
        middle = (low + high) / 2
        low, high = (low, middle) if found(math.exp(middle)) else (middle, high)
    return math.exp(high) if high < math.log(TUNING.scales[1]) - 0.01 else TUNING.scales[1]


def _first(found: Callable[[int], bool], least: int) -> int:
    """The smallest number from which something holds, by doubling and halving."""
    if found(least):
        return least
    step = 1
    while not found(least + step):
        step *= 2
        if least + step >= TUNING.farthest:
            return TUNING.farthest
    low, high = least + step // 2, least + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if found(middle) else (middle, high)
    return high


def _log_choose(n: ArrayLike, k: ArrayLike) -> Floats:
    """Logarithm of the number of ways to choose k of n."""
    n, k = np.asarray(n, dtype=np.float64), np.asarray(k, dtype=np.float64)
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))
