"""One announcement of A releases: how many happened, and how many a monitor verifies in the end, by weights.

R of A happened. By its last figure a monitor had verified each of R with probability p = pi G: pi is the
probability of ever being verified, G the share of delays that had run out. Of that figure Y are not of the
announcement. The rest is binomial given R, and an earlier figure is binomial given the next one. The unknowns
of a monitor are drawn from their prior, drawn again near the values that fit its figures, and weighted; each
draw gives a probability of the figures for every R. Monitors of one announcement share a normal score, for
how easily its people are found, which is summed over seven nodes. R is summed over a grid, which has every
number where they are few.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincinv, betaln, gammaln, ndtr

from detcount._numerics.arrays import TINY, bincount
from detcount._numerics.delay import FAMILIES, discrete_cdf, with_median
from detcount._numerics.monte_carlo import effective_size, largest_power, positions

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Beta = tuple[float, float]


@dataclass(frozen=True)
class Tuning:
    """Numbers of the importance sampler of announcements.

    Parameters
    ----------
    nodes : int, nodes
        Gauss-Hermite nodes of the score that monitors share. Computational (`test_numbers`).
    draws : int, draws
        Draws of the unknowns of a monitor in one round. Scored in benchmarks/results/batches_coverage.csv.
    rounds : int, rounds
        Most rounds of importance sampling. Scored in benchmarks/results/batches_coverage.csv.
    enough : float, effective draws
        Effective size at which sampling ends. Convention: limits then err by a tenth of their width.
    few : float, effective draws
        Effective size below which a proposal is tempered. Scored in
        benchmarks/results/batches_coverage.csv.
    grid : int, persons
        Most values of the completed number on the grid. Computational (`test_numbers`).
    levels : tuple of float, probability
        Quantiles that decide whether the data move the prior. Convention: median, quartiles and 95% limits.
    moved : float, probability
        Shift of a quantile, from which the data identify the number. Convention: a tenth.
    """

    nodes: int = 7
    draws: int = 1000
    rounds: int = 8
    enough: float = 400.0
    few: float = 40.0
    grid: int = 200
    levels: tuple[float, ...] = (0.025, 0.25, 0.5, 0.75, 0.975)
    moved: float = 0.1


TUNING = Tuning()


@dataclass(frozen=True)
class Priors:
    """Prior of announcements and monitors, before any of their figures.

    Parameters
    ----------
    quick_median : tuple of float, days; factor of a standard deviation
        Median of quick verifications. Published counts (`datasets/myanmar_releases_2011.csv`,
        `datasets/venezuela_releases_2017.csv`).
    quick_shape : tuple of float, factor of a standard deviation
        Shape of quick delays. Published counts (`datasets/myanmar_releases_2011.csv`,
        `datasets/venezuela_releases_2017.csv`).
    slow_share : tuple of float, Beta
        Share of verifications that are slow. Published counts (`datasets/myanmar_releases_2011.csv`,
        `datasets/myanmar_releases_2022.csv`).
    slow_delay : tuple of float, days; factor of a standard deviation
        Median of slow verifications. Published counts (`datasets/myanmar_releases_2011.csv`).
    definition : tuple of float, Beta
        Share of an announcement within a narrower definition of a monitor. Published counts
        (`datasets/cuba_releases_2025.csv`, `datasets/bahrain_releases_2024.csv`).
    whole : tuple of float, Beta
        Completed share of an announcement that is completed to the last person, or nearly. Published counts
        (`datasets/algeria_releases_2021.csv`, `datasets/cuba_releases_2025.csv`).
    whole_probability : float, probability
        Probability that an announcement is completed to the last person, or nearly. Published counts
        (`datasets/algeria_releases_2021.csv`, `datasets/cuba_releases_2025.csv`).
    monitor_correlations : tuple of float, correlation
        Correlation of the normal scores of one monitor in two announcements: ever verified, median, shape and
        slow share. Scored in benchmarks/results/batches_coverage.csv.
    people_correlation : float, correlation
        Correlation of the scores of two monitors for one announcement. Scored in
        benchmarks/results/batches_coverage.csv.
    stops : float, probability
        Probability that a monitor stops after a figure. Published counts (`datasets/venezuela_releases.csv`).
    usual_gap : float, days
        Days that the gamma prior of the rate of figures is worth. Convention: one figure a week.
    pauses : float, probability
        Probability that a monitor which goes on is pausing. Published counts
        (`datasets/myanmar_releases_2011.csv`).
    pause : float, days
        Mean of a pause. Published counts (`datasets/myanmar_releases_2011.csv`).
    longest_pause : float, days
        Time without a figure after which a monitor is taken to have stopped. Convention: a year.
    exchange : float, probability
        Probability that an announcement is completed before the eyes of a monitor that verifies everybody at
        once. Published counts (`datasets/exchange_releases_2025.csv`).
    exchange_days : int, days
        Days after the release by which such a monitor gives its figure. Published counts
        (`datasets/exchange_releases_2025.csv`).
    """

    quick_median: tuple[float, float] = (2.0, 5.0)
    quick_shape: tuple[float, float] = (1.0, 1.6)
    slow_share: tuple[float, float] = (1.0, 3.0)
    slow_delay: tuple[float, float] = (30.0, 2.0)
    definition: tuple[float, float] = (0.7, 1.3)
    whole: tuple[float, float] = (30.0, 0.4)
    whole_probability: float = 0.08
    monitor_correlations: tuple[float, ...] = (0.7, 0.5, 0.5, 0.5)
    people_correlation: float = 0.3
    stops: float = 0.15
    usual_gap: float = 7.0
    pauses: float = 0.2
    pause: float = 120.0
    longest_pause: float = 365.0
    exchange: float = 0.04
    exchange_days: int = 1


PRIORS = Priors()


@dataclass(frozen=True)
class Looks:
    """The figures of one monitor for one announcement.

    Parameters
    ----------
    counts : ndarray of int64, shape (n_figures,)
        Verified by each figure, persons, not decreasing.
    at_least : ndarray of bool, shape (n_figures,)
        Known only as a lower bound.
    delays : ndarray of int64, shape (n_figures, n_days)
        Days from each release day, all equally likely, to each figure.
    verification : tuple of float
        Beta prior of the probability that the monitor ever verifies a release.
    outsiders : tuple of float or None
        Beta prior of the share of those verified who are not of the announcement; None for nobody.
    found : float or None
        Share that it finds in the end, if one is supposed in place of the prior; None for the prior.
    defined : bool
        Whether it counts a part of the announcement, by definition.
    stopped : float
        Probability that it verifies nothing more.
    """

    counts: Whole
    at_least: NDArray[np.bool_]
    delays: Whole
    verification: Beta
    outsiders: Beta | None
    found: float | None = None
    defined: bool = False
    stopped: float = 0.0


@dataclass(frozen=True, eq=False)
class Sampled:
    """Draws of the unknowns of a monitor and an announcement, and the probability they give to each R.

    Parameters
    ----------
    scores : ndarray of float64, shape (4, n)
        Normal scores of the prior.
    log_normal : ndarray of bool, shape (n,)
        Whether fast delays are log-normal; Weibull elsewhere.
    inside, last : ndarray of int64, shape (n,)
        Verified of the announcement, and in all, by the last figure.
    ever, share : ndarray of float64, shape (n,)
        Probability of ever being verified, and share of delays that had run out.
    log_weights : ndarray of float64, shape (n,)
        Prior over proposal, and the probability of all figures where `table` is largest.
    table : ndarray of float64, shape (n_grid, n)
        Probability of the last figure for each R, over the largest.
    evidence : ndarray of float64, shape (n,)
        Log weight of each draw by the figures of its monitor alone.
    """

    scores: Floats
    log_normal: NDArray[np.bool_]
    inside: Whole
    last: Whole
    ever: Floats
    share: Floats
    log_weights: Floats
    table: Floats
    evidence: Floats


@dataclass(frozen=True, eq=False)
class InTheEnd:
    """Releases that a monitor has verified and will verify, by draw.

    Parameters
    ----------
    inside, outside : ndarray of int64, shape (n_draws,)
        Verified by the last figure: of the announcement, and others.
    pending, others : ndarray of int64, shape (n_draws,)
        Still to be counted: of the announcement, and others with them.
    rows : ndarray of int64, shape (n_draws,)
        Which of the weighted draws each comes from.
    """

    inside: Whole
    outside: Whole
    pending: Whole
    others: Whole
    rows: Whole


@dataclass(frozen=True, eq=False)
class Drawn:
    """The posterior of one announcement: draws of R and of the monitors' parts, and their effective size."""

    happened: Whole
    monitors: tuple[InTheEnd, ...]
    effective_size: float


def stopped_probability(gaps: int, spanned: float, since: float) -> float:
    """Probability that a monitor stopped after its last figure, given the days since then.

    Figures of a monitor that goes on come at a rate with a gamma prior of shape 1: after k gaps of T days in
    all, the probability of none in u days is ((T + 7)/(T + 7 + u))^(k + 1). One time in five such a monitor
    has paused, for 120 days on average. One in seven stops after any figure; after a year without a figure
    all are taken to have stopped.
    """
    if since >= PRIORS.longest_pause:
        return 1.0
    before, since = spanned + PRIORS.usual_gap, max(since, 0.0)
    usual, paused = (before / (before + since)) ** (gaps + 1), np.exp(-since / PRIORS.pause)
    follows = (1 - PRIORS.pauses) * usual + PRIORS.pauses * paused
    return float(PRIORS.stops / (PRIORS.stops + (1 - PRIORS.stops) * follows))


def log_beta_binomial(value: float | Floats, size: float | Floats, a: float, b: float) -> Floats:
    """Log probability of `value` of `size` with a probability from Beta(a, b)."""
    return np.asarray(
        _log_choose(size, value) + betaln(np.add(value, a), np.subtract(size, value) + b) - betaln(a, b)
    )


def grid_of(announced: int, verified: int) -> Whole:
    """Numbers of releases that are looked at: all where they are few, else many at both ends and at V."""
    if announced <= TUNING.grid:
        return np.arange(announced + 1)
    step = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, TUNING.grid // 2))
    ends = 0, min(verified, announced), announced
    parts = [low + (high - low) * step for low, high in pairwise(ends)]
    return np.unique(np.rint(np.concatenate(parts)).astype(np.int64))


@lru_cache(maxsize=16)
def _log_factorials(most: int) -> Floats:
    """Log factorials of 0 to `most`."""
    return np.asarray(gammaln(np.arange(1.0, most + 2)))


def log_prior_of(announced: int, grid: Whole, carried_out: Beta) -> Floats:
    """Log prior of R on a grid; numbers between two grid points are shared between these."""
    number, size = grid.astype(np.float64), float(announced)
    width = np.log(np.gradient(number)) if len(grid) <= announced else 0.0
    return np.asarray(
        width
        + np.logaddexp(
            np.log1p(-PRIORS.whole_probability) + log_beta_binomial(number, size, *carried_out),
            np.log(PRIORS.whole_probability) + log_beta_binomial(number, size, *PRIORS.whole),
        )
    )


def happened_probabilities(
    announced: int, verified: list[int], verification: list[Beta | float], carried_out: Beta
) -> tuple[Whole, Floats]:
    """Exact posterior of R when there is no delay and nobody is outside: support and probabilities.

    Each monitor ever verifies with a probability from its Beta prior, or with the one supposed.
    """
    support = np.arange(min(max(verified), announced), announced + 1)
    size = support.astype(np.float64)
    log = log_beta_binomial(size, float(announced), *carried_out)
    for count, probability in zip(verified, verification, strict=True):
        inside = float(min(count, announced))
        if isinstance(probability, tuple):
            log += log_beta_binomial(inside, size, *probability)
        else:
            log += _log_choose(size, inside) + (size - inside) * np.log1p(-probability)
    weights = np.exp(log - log.max())
    return support, weights / weights.sum()


def share_of_days(scores: Floats, log_normal: NDArray[np.bool_], days: Whole) -> Floats:
    """Share of the eventual verifications made within so many days, shape (n, n_days)."""
    median, shape = (
        centre * np.exp(np.log(factor) * scores[place])
        for place, (centre, factor) in ((1, PRIORS.quick_median), (2, PRIORS.quick_shape))
    )
    found = np.empty((scores.shape[1], len(days)))
    for name, rows in zip(FAMILIES, (~log_normal, log_normal), strict=True):
        found[rows] = discrete_cdf(name, with_median(name, median[rows], shape[rows]), days)
    slow = betaincinv(*PRIORS.slow_share, ndtr(scores[3]))[:, None]
    middle, factor = PRIORS.slow_delay
    late = discrete_cdf("log-normal", np.array([np.log(middle), np.log(factor)]), days)
    return np.asarray((1 - slow) * found + slow * late)


def sample_looks(
    looks: Looks, announced: int, grid: Whole, carried_out: Beta, random: np.random.Generator
) -> Sampled:
    """Draw from the prior, then near the largest weights, until the effective size is some hundred."""
    prior = np.exp(log_prior_of(announced, grid, carried_out))
    proposals: list[tuple[Floats, Floats] | None] = [None]
    parts: list[Sampled] = []
    while True:
        fresh, near = random.standard_normal((len(PRIORS.monitor_correlations), TUNING.draws)), proposals[-1]
        scores = fresh if near is None else near[0][:, None] + near[1] @ fresh
        parts.append(_weighted(looks, announced, grid, scores, random))
        sampled = Sampled(
            *(
                np.concatenate([getattr(part, each.name) for part in parts], axis=-1)
                for each in fields(Sampled)
            )
        )
        mixed = np.logaddexp.reduce([_log_normal(sampled.scores, each) for each in proposals], axis=0)
        log_weights = sampled.log_weights + _log_normal(sampled.scores, None) - mixed + np.log(len(parts))
        evidence = log_weights + np.log(np.maximum(prior @ sampled.table, TINY))
        if len(parts) > 1 and (effective_size(evidence) > TUNING.enough or len(parts) == TUNING.rounds):
            return replace(sampled, log_weights=log_weights, evidence=evidence)
        proposals.append(_near(sampled.scores, evidence))


def _near(scores: Floats, log_weights: Floats) -> tuple[Floats, Floats]:
    """Centre and factor of a normal proposal around weighted draws, wider than they are.

    Where a few draws have all the weight, weights are raised to a power at which more draws count.
    """
    power = 1.0
    if effective_size(log_weights) < TUNING.few:
        power = largest_power(lambda share: share * log_weights, TUNING.few, 1.0)
    weights = np.exp(power * (log_weights - log_weights.max()))
    weights /= weights.sum()
    centre = scores @ weights
    moved = scores - centre[:, None]
    return centre, np.linalg.cholesky(1.5 * (moved * weights) @ moved.T + 0.01 * np.eye(len(centre)))


def _log_normal(scores: Floats, near: tuple[Floats, Floats] | None) -> Floats:
    """Log density of a normal proposal, or of the prior, but for a constant."""
    if near is None:
        return np.asarray(-0.5 * (scores**2).sum(axis=0))
    standard = np.linalg.solve(near[1], scores - near[0][:, None])
    return np.asarray(-0.5 * (standard**2).sum(axis=0) - np.log(np.diag(near[1])).sum())


def _weighted(
    looks: Looks, announced: int, grid: Whole, scores: Floats, random: np.random.Generator
) -> Sampled:
    """The probability of the figures under draws of the scores."""
    n = scores.shape[1]
    log_normal = np.arange(n) % 2 == 1  # either family is as likely
    days, where = np.unique(looks.delays, return_inverse=True)
    shares = share_of_days(scores, log_normal, days)[:, where.reshape(looks.delays.shape)].mean(axis=2)
    shares = np.maximum(shares, TINY)
    share = shares[:, -1]
    if looks.found is None:
        ever = betaincinv(*looks.verification, ndtr(scores[0]))
    else:
        ever = np.full(n, looks.found)
    if looks.defined:
        ever = ever * random.beta(*PRIORS.definition, n)
    last, log_weights = np.full(n, looks.counts[-1]), np.zeros(n)
    if looks.at_least[-1]:  # any number from the bound on is as likely to be called at least it
        mean, most = 3.0 + 0.15 * last[0], max(announced - int(last[0]), 1)
        more = np.where(
            random.random(n) < 0.5, random.geometric(1 / (1 + mean), n) - 1, random.integers(0, most + 1, n)
        )
        probability = (mean / (1 + mean)) ** more / (1 + mean) + (more <= most) / (most + 1)
        last, log_weights = last + more, -np.log(0.5 * probability)
    log_weights += _log_earlier(looks, last, shares)
    outside = np.zeros(n, dtype=np.int64)
    if looks.outsiders is not None:
        outside = random.binomial(last, random.beta(*looks.outsiders, n))
    inside = last - np.maximum(outside, last - announced)
    probability = np.clip(ever * share, TINY, 1 - 1e-12)
    factorial = _log_factorials(announced)
    rest = grid[:, None] - inside
    table = factorial[grid][:, None] - factorial[np.maximum(rest, 0)] + rest * np.log1p(-probability)
    table[rest < 0] = -np.inf
    top = table.max(axis=0)
    log_weights += top + inside * np.log(probability) - factorial[inside]
    table = np.exp(table - top)
    return Sampled(scores, log_normal, inside, last, ever, share, log_weights, table, log_weights)


def _log_earlier(looks: Looks, last: Whole, shares: Floats) -> Floats:
    """Log probability of the figures before the last one, given it."""
    total = np.zeros(len(shares))
    counts: list[Any] = [*looks.counts[:-1].tolist(), last]
    exact = np.append(np.flatnonzero(~looks.at_least[:-1]), len(counts) - 1)
    for before, after in pairwise(exact):
        x, y = counts[before], counts[after]
        q = np.clip(shares[:, before] / shares[:, after], TINY, 1 - 1e-15)
        total += _log_choose(y, x) + x * np.log(q) + (y - x) * np.log1p(-q)
    for figure in np.flatnonzero(looks.at_least[:-1]):
        after = exact[exact > figure][0]
        earlier = exact[exact < figure]
        x, share = (counts[earlier[-1]], shares[:, earlier[-1]]) if len(earlier) else (0, 0.0)
        y, v = counts[after], counts[figure]
        if v > x:
            q = np.clip((shares[:, figure] - share) / np.maximum(shares[:, after] - share, TINY), 0.0, 1.0)
            total += np.log(np.maximum(betainc(v - x, y - v + 1, q), TINY))
    return total


def share_scores(sampled: list[Sampled], monitors: list[int]) -> list[Floats]:
    """Log weights that the other announcements of a monitor add to the draws of each.

    Scores of one monitor are correlated over announcements. The likelihood of a score by each announcement is
    taken as normal, so that the message from the other announcements is normal too.
    """
    added = [np.zeros(each.scores.shape[1]) for each in sampled]
    for monitor in dict.fromkeys(monitors):
        own = [place for place, name in enumerate(monitors) if name == monitor]
        if len(own) == 1:
            continue
        weights = [np.exp(sampled[place].evidence - sampled[place].evidence.max()) for place in own]
        for score, alike in enumerate(PRIORS.monitor_correlations):
            drawn = [sampled[place].scores[score] for place in own]
            mean = np.array([np.average(z, weights=w) for z, w in zip(drawn, weights, strict=True)])
            spread = [
                np.average((z - m) ** 2, weights=w) for z, m, w in zip(drawn, mean, weights, strict=True)
            ]
            spread = np.clip(spread, 0.02, 0.98)
            noise, stated = spread / (1 - spread), mean / (1 - spread)  # of the figures, without the prior
            for k, place in enumerate(own):
                others = np.delete(np.arange(len(own)), k)
                between = np.full((len(others), len(others)), alike) + np.diag(1 - alike + noise[others])
                gain = np.linalg.solve(between, np.full(len(others), alike))
                middle, variance = gain @ stated[others], 1 - alike * gain.sum()
                added[place] += 0.5 * drawn[k] ** 2 - 0.5 * (drawn[k] - middle) ** 2 / variance
    return added


def draw_announcement(
    announced: int,
    grid: Whole,
    looks: list[Looks],
    sampled: list[Sampled],
    added: list[Floats],
    carried_out: Beta,
    n_draws: int,
    random: np.random.Generator,
) -> Drawn:
    """Draw R of one announcement, and for each monitor what it has and will have verified."""
    alike, (nodes, node_weights) = PRIORS.people_correlation, np.polynomial.hermite_e.hermegauss(TUNING.nodes)
    if len(sampled) == 1:
        alike, nodes, node_weights = 0.0, np.zeros(1), np.ones(1)
    log = np.log(node_weights)[:, None] + log_prior_of(announced, grid, carried_out)
    weights = []
    for each, more in zip(sampled, added, strict=True):
        z = each.scores[0]
        tilt = 0.5 * z**2 - 0.5 * (z - np.sqrt(alike) * nodes[:, None]) ** 2 / (1 - alike)
        weight = each.log_weights + more + tilt
        weights.append(np.exp(weight - weight.max()))
        log = log + np.log(np.maximum(weights[-1] @ each.table.T, TINY))
    cells = positions(np.exp(log - log.max()).ravel(), n_draws, random)
    found, starts = np.unique(cells, return_index=True)
    happened = grid[cells % len(grid)]
    rows = [np.empty(n_draws, dtype=np.int64) for _ in sampled]
    for cell, start, end in zip(found.tolist(), starts, [*starts[1:], n_draws], strict=True):
        node, place = divmod(cell, len(grid))
        for each, weight, own in zip(sampled, weights, rows, strict=True):
            drawn = positions(weight[node] * each.table[place], end - start, random)
            own[start:end] = random.permutation(drawn)
    if len(grid) <= announced:  # any of the numbers that a place of the grid stands for
        low = np.floor(0.5 * (grid + np.append(-1, grid[:-1]))) + 1
        high = np.floor(0.5 * (grid + np.append(grid[1:], announced)))
        low, high = low[cells % len(grid)], high[cells % len(grid)]
        happened = np.floor(low + random.random(n_draws) * (high - low + 1)).astype(np.int64)
        happened = np.maximum(
            happened, np.max([s.inside[p] for s, p in zip(sampled, rows, strict=True)], axis=0)
        )
    order = random.permutation(n_draws)
    happened = happened[order]
    monitors, sizes = [], []
    for look, each, own in zip(looks, sampled, rows, strict=True):
        own = own[order]
        inside, ever, share = each.inside[own], each.ever[own], each.share[own]
        still = np.clip(ever * (1 - share) / np.maximum(1 - ever * share, TINY), 0.0, 1.0)
        follows = random.random(n_draws) >= look.stopped
        pending = np.where(follows, random.binomial(happened - inside, still), 0)
        outside = each.last[own] - inside
        others = np.zeros(n_draws, dtype=np.int64)
        if (
            look.outsiders is not None
        ):  # each further person counted is outside with the probability of those so far
            a, b = look.outsiders
            odds = random.standard_gamma(a + outside) / random.standard_gamma(b + inside + 1)
            others = random.poisson(odds * random.standard_gamma(np.maximum(pending, TINY)))
        exchanged = random.random(n_draws) < exchange_probability(look, each, announced)
        for part, whole in (
            *((inside, announced), (happened, announced)),
            *((outside, 0), (pending, 0), (others, 0)),
        ):
            part[exchanged] = whole
        monitors.append(InTheEnd(inside, outside, pending, others, own))
        sizes.append(n_draws**2 / (bincount(own).astype(np.float64) ** 2).sum())
    return Drawn(happened, tuple(monitors), float(min(sizes)))


def exchange_probability(looks: Looks, sampled: Sampled, announced: int) -> float:
    """Probability of an exchange: all announced are released before a monitor, who verifies them at once.

    Then every figure is the number announced; otherwise that number is one of many. A monitor that first
    gives the announced number days later may have taken it from the announcement.
    """
    whole = (looks.counts == announced).all() and looks.delays[0].max() <= PRIORS.exchange_days
    if not whole or looks.at_least.any() or looks.outsiders is None:
        return 0.0
    otherwise = (1 - PRIORS.exchange) * float(np.exp(sampled.evidence).mean())
    return PRIORS.exchange / (PRIORS.exchange + otherwise)


def identified(sampled: Sampled, found: InTheEnd) -> bool:
    """Check whether the figures show what a monitor is still to verify, whatever was stated of its delay.

    Quartiles and both limits move by less than a tenth of the interval's width where fast delays are of one
    family alone, and where the priors of the monitor's probability and delay are raised to the power 1/2.
    """
    pending = found.pending
    other = sampled.log_normal[found.rows]
    flatter: Floats = np.exp(0.25 * (np.clip(sampled.scores[:, found.rows], -3, 3) ** 2).sum(axis=0))
    order = np.argsort(pending, kind="stable")

    def looked_at(weights: Floats) -> Floats:
        share = np.cumsum(weights[order])
        where = np.searchsorted(share, np.array(TUNING.levels) * share[-1])
        return np.asarray(pending[order][np.minimum(where, len(order) - 1)], dtype=np.float64)

    before = looked_at(np.ones(len(order)))
    tilted: tuple[Floats, ...] = (other.astype(np.float64), (~other).astype(np.float64), flatter)
    moved = [looked_at(weights) - before for weights in tilted]
    return bool(np.abs(moved).max() <= TUNING.moved * (before[-1] - before[0]))


def _log_choose(size: float | Floats, value: float | Floats) -> Floats:
    """Log binomial coefficient."""
    return np.asarray(
        gammaln(np.add(size, 1.0)) - gammaln(np.add(value, 1.0)) - gammaln(np.subtract(size, value) + 1.0)
    )
