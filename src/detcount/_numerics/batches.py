"""Announced batches: how many releases were carried out, with that number summed out exactly.

Of A announced releases R happened, beta-binomial; a monitor had verified each of them by its k-th look with
probability pi G_k, G_k the share of delays that had run out by then. Given R, pi and G the exact looks
V_1 <= ... <= V_K are multinomial increments: V_K is binomial of R, and each earlier look binomial of the next
exact one with probability G_k/G_next, whatever R. A look known only as "at least v" between exact ones x
and y is a binomial tail of y - x, and after the last exact one a binomial tail of R - x.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincinv, betaln, expit, gammaln, log_expit, log_ndtr, logsumexp, ndtr

from detcount._numerics.delay import discrete_cdf
from detcount._numerics.importance import effective_size, largest_power, pareto_shape, rows_by_weight
from detcount._numerics.truncated import binomial_of_at_least
from detcount.errors import ConvergenceError

__all__ = [
    "BatchModel",
    "Posterior",
    "Series",
    "carried_out_probabilities",
    "chances",
    "delay_parameters",
    "draw_parts",
    "flattening",
    "log_likelihood",
    "log_prior",
    "sample_posterior",
    "sample_prior",
]

_FREEDOM = 9  # of the Student t proposed; normal scores have tails lighter than its
_ROUND = 2000  # proposals a round while the likelihood is let in
_STAGE = 2500  # proposals of a stage in which all of it is in
_LEAST_STAGES, _STAGES = 3, 8
_ENOUGH = 1000.0  # effective draws after which no stage is added
_FLAT = 0.1
_WORTH = 0.1  # effective share of a round that the next share of the likelihood must leave
_ROUNDS = 40
_CELLS = 2_000_000  # numbers held at a time
_EVERY = 1500  # numbers of releases up to which each is looked at
_COARSE = 0.25
_REACH = 10.0  # standard deviations to each side of the likeliest overlap
_OVERLAPS = 200  # steps that these take, at least; ten a standard deviation
_TINY = 1e-300
_ALIKE = 1e7  # concentration beyond which batches are alike to the last person, and log beta loses digits
_SCORES = np.linspace(-9.0, 9.0, 7201)  # between its steps a logit is straight to 1e-5

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Series:
    """The looks of one monitor at one batch.

    Parameters
    ----------
    batch, monitor, chance : int
        Which of each; `chance` numbers the chances of ever being verified, one for each monitor, or one for
        each monitor and batch.
    counts : ndarray of int64, shape (n_looks,)
        Verified by each look, persons, not decreasing.
    at_least : ndarray of bool, shape (n_looks,)
        Known only as a lower bound; never twice in succession.
    delays : ndarray of int64, shape (n_looks, n_days)
        Days from each release day of the batch, all equally likely, to each look.
    """

    batch: int
    monitor: int
    chance: int
    counts: NDArray[np.int64]
    at_least: NDArray[np.bool_]
    delays: NDArray[np.int64]


@dataclass(frozen=True)
class BatchModel:
    """Batches, the looks at them, and priors.

    Parameters
    ----------
    announced : tuple of int
        Announced in each batch, persons.
    series : tuple of Series
        Looks, at most one series a monitor and batch, at least one a batch.
    n_monitors : int
        Number of monitors.
    verification : ndarray of float64, shape (n_chances, 2)
        Beta prior of each chance that a monitor ever verifies a release.
    carried_out : tuple of float
        Beta prior of the chance that an announced release is carried out: of a batch alone, or of
        the mean over batches.
    concentration : float or None
        Prior median of the concentration of that chance over batches; None for batches not pooled.
    family : {"weibull", "log-normal"} or None
        Delays; None for none.
    median, shape : tuple of float
        Log-normal priors, median and factor of one standard deviation, of the median delay (days) and of
        the shape.
    shared : bool
        One delay distribution for all monitors, or one for each.
    odds_ratio : float
        Between the monitors of a batch with two.
    """

    announced: tuple[int, ...]
    series: tuple[Series, ...]
    n_monitors: int
    verification: Floats
    carried_out: tuple[float, float]
    concentration: float | None
    family: str | None
    median: tuple[float, float]
    shape: tuple[float, float]
    shared: bool
    odds_ratio: float

    @property
    def n_chances(self) -> int:
        """Number of chances of ever being verified."""
        return len(self.verification)

    @property
    def n_delays(self) -> int:
        """Number of delay distributions."""
        if self.family is None:
            return 0
        return 1 if self.shared else self.n_monitors

    @property
    def n_parameters(self) -> int:
        """Chances, median and shape of each delay, mean and concentration: normal scores."""
        return self.n_chances + 2 * self.n_delays + (0 if self.concentration is None else 2)

    def of_batch(self, batch: int) -> list[Series]:
        """Give the looks at one batch."""
        return [series for series in self.series if series.batch == batch]

    def support(self, batch: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Numbers of releases that can have been carried out, verified to announced, in cells: first, last.

        Each cell is one number, but for batches of thousands, where cells grow with the square root of
        the distance from either end: no faster than the narrowest that the posterior can be there.
        """
        least = max(int(series.counts.max()) for series in self.of_batch(batch))
        most = max(least, self.announced[batch])
        if most - least < _EVERY:
            every = np.arange(least, most + 1)
            return every, every
        half = (most - least) // 2
        starts = [0]
        while starts[-1] <= half:
            starts.append(starts[-1] + max(1, int(_COARSE * np.sqrt(starts[-1]))))
        low = np.array(starts[:-1])
        mirrored = most - least - low[1:] + 1
        high = np.sort(mirrored[mirrored > low[-1]])
        first = least + np.concatenate([low, high])
        return first, np.append(first[1:] - 1, most)


@dataclass(frozen=True)
class Posterior:
    """Draws of the parameters, equally weighted.

    Parameters
    ----------
    parameters : ndarray of float64, shape (n_draws, n_parameters)
        Normal scores of their priors.
    effective_size : float
        Independent draws that the proposals are worth.
    pareto_shape : float
        Shape of the largest weights.
    n_proposals : int
        Proposals weighted.
    n_rounds : int
        Rounds in which the likelihood was let in.
    """

    parameters: Floats
    effective_size: float
    pareto_shape: float
    n_proposals: int
    n_rounds: int


def log_beta_binomial(value: float | Floats, size: float | Floats, a: float, b: float) -> Floats:
    """Log probability of `value` of `size` with a chance from Beta(a, b)."""
    return np.asarray(
        _log_choose(size, value) + betaln(np.add(value, a), np.subtract(size, value) + b) - betaln(a, b)
    )


def carried_out_probabilities(
    announced: int,
    verified: NDArray[np.int64],
    verification: Floats,
    carried_out: tuple[float, float],
) -> tuple[NDArray[np.int64], Floats]:
    """Exact posterior of R when there is no delay: support and probabilities.

    Monitors are independent given R; `verification` has their Beta priors, shape (n_monitors, 2).
    """
    least = int(verified.max())
    support = np.arange(least, max(least, announced) + 1)
    size = support.astype(np.float64)
    log = log_beta_binomial(np.minimum(size, announced), float(announced), *carried_out)
    for count, (a, b) in zip(verified, verification, strict=True):
        log = log + log_beta_binomial(float(count), size, a, b)
    weights = np.exp(log - log.max())
    return support, weights / weights.sum()


def log_prior(model: BatchModel, parameters: Floats) -> Floats:
    """Log prior density; every parameter is the normal score of its prior."""
    return np.asarray(-0.5 * (parameters**2).sum(axis=1) - 0.5 * model.n_parameters * np.log(2 * np.pi))


def sample_prior(model: BatchModel, n_draws: int, random: np.random.Generator) -> Floats:
    """Draw parameters from their prior."""
    return random.standard_normal((n_draws, model.n_parameters))


def chances(model: BatchModel, chance: int, parameters: Floats) -> Floats:
    """Chance that a monitor ever verifies a release."""
    a, b = model.verification[chance]
    return np.asarray(expit(_logit_of_score(a, b, parameters[:, chance])))


def log_likelihood(model: BatchModel, parameters: Floats) -> Floats:
    """Log likelihood of all looks, R summed out; parameters of shape (n, n_parameters)."""
    cells = max(len(model.support(batch)[0]) for batch in range(len(model.announced)))
    step = max(1, _CELLS // cells)
    found = np.empty(len(parameters))
    for begin in range(0, len(parameters), step):
        some = parameters[begin : begin + step]
        total = np.zeros(len(some))
        for batch in range(len(model.announced)):
            constant, given = _batch_terms(model, batch, some)
            total += constant + logsumexp(given, axis=1)
        found[begin : begin + step] = total
    return np.where(np.isnan(found), -np.inf, found)


def sample_posterior(model: BatchModel, n_draws: int, random: np.random.Generator) -> Posterior:
    """Draw parameters by importance sampling from a Student t that follows the tempered posterior.

    From the prior on, the likelihood is let in by as much as leaves a tenth of the proposals' worth; the
    next Student t has the weighted mean and covariance of that step. Then stages are added, each from the
    moments of all before, and weighted together by the mixture of what they were drawn from, until
    they are worth enough; their draws are resampled by weight.
    """
    centre, factor = np.empty(0), np.empty((0, 0))
    parameters = sample_prior(model, _ROUND, random)
    likelihood = log_likelihood(model, parameters)
    base = np.zeros(_ROUND)  # log prior less log proposal
    power, rounds = 0.0, 0
    while power < 1.0:
        rounds += 1
        if rounds > _ROUNDS:
            raise ConvergenceError(
                f"AnnouncedBatches: {_ROUNDS} rounds of importance sampling let in {power:.0%} of the "
                "likelihood. State tighter priors, fit fewer batches at a time, or leave "
                "verification_varies False",
                last=parameters,
            )
        power = _next_power(power, base, likelihood)
        centre, factor = _moments(parameters, base + power * likelihood)
        parameters = _student(centre, factor, _ROUND, random)
        likelihood = log_likelihood(model, parameters)
        base = log_prior(model, parameters) - _log_student(parameters, centre, factor)
    parameters, likelihood = np.empty((0, model.n_parameters)), np.empty(0)
    proposals: list[tuple[Floats, Floats]] = []
    log_weights = np.empty(0)
    for stage in range(_STAGES):
        if stage >= _LEAST_STAGES and effective_size(log_weights) >= _ENOUGH:
            break
        proposals.append((centre, factor))
        parameters = np.vstack([parameters, _student(centre, factor, _STAGE, random)])
        likelihood = np.concatenate([likelihood, log_likelihood(model, parameters[-_STAGE:])])
        proposed = logsumexp([_log_student(parameters, *each) for each in proposals], axis=0)
        log_weights = log_prior(model, parameters) + likelihood - (proposed - np.log(len(proposals)))
        centre, factor = _moments(parameters, log_weights)
    return Posterior(
        parameters=parameters[rows_by_weight(log_weights, n_draws, random)],
        effective_size=effective_size(log_weights),
        pareto_shape=pareto_shape(log_weights),
        n_proposals=len(parameters),
        n_rounds=rounds,
    )


def draw_parts(
    model: BatchModel, batch: int, parameters: Floats, random: np.random.Generator
) -> tuple[NDArray[np.int64], dict[int, NDArray[np.int64]]]:
    """Draw, for each row of parameters, R of a batch, and what each monitor will have verified in the end."""
    first, last = model.support(batch)
    n_draws = len(parameters)
    chosen = np.empty(n_draws, dtype=np.int64)
    step = max(1, _CELLS // len(first))
    for begin in range(0, n_draws, step):
        _, given = _batch_terms(model, batch, parameters[begin : begin + step])
        chosen[begin : begin + step] = _choose(given, random)
    carried_out: NDArray[np.int64] = first[chosen]
    if (last > first).any():
        carried_out = random.integers(carried_out, last[chosen] + 1)
    eventually = {}
    for series in model.of_batch(batch):
        chance = chances(model, series.chance, parameters)
        shares = _shares(model, series, parameters)
        known, share_known, tail = _last_exact(series, shares)
        verified = np.full(n_draws, known, dtype=np.int64)
        latest = share_known
        if tail is not None:
            latest = shares[:, -1]
            q = _fraction(chance * (latest - share_known), 1 - chance * share_known)
            level = random.random(n_draws)
            verified += binomial_of_at_least(carried_out - known, q, tail - known, level)
        still = _fraction(chance * (1 - latest), 1 - chance * latest)
        eventually[series.monitor] = verified + random.binomial(carried_out - verified, still)
    return carried_out, eventually


def flattening(
    model: BatchModel, series: Series, parameters: Floats, carried_out: NDArray[np.int64]
) -> Floats:
    """Log weights that make what a monitor's figures of a batch rest on flatter.

    The chance of being verified and that of being carried out become uniform; the prior of the delay becomes
    its square root.
    """
    a, b = model.verification[series.chance]
    logit = _logit_of_score(a, b, parameters[:, series.chance])
    total = -((a - 1) * log_expit(logit) + (b - 1) * log_expit(-logit))
    if model.family is not None:
        place = model.n_chances + (0 if model.shared else 2 * series.monitor)
        total = total + 0.25 * (parameters[:, place : place + 2] ** 2).sum(axis=1)
    c, d = model.carried_out
    if model.concentration is None:
        announced = float(model.announced[series.batch])
        total = total - log_beta_binomial(np.minimum(carried_out, announced), announced, c, d)
    else:
        logit = _logit_of_score(c, d, parameters[:, -2])
        total = total - ((c - 1) * log_expit(logit) + (d - 1) * log_expit(-logit))
    return np.asarray(total)


def delay_parameters(model: BatchModel, monitor: int, parameters: Floats) -> Floats:
    """Parameters of a monitor's delay as `discrete_cdf` takes them, shape (n, 2)."""
    place = model.n_chances + (0 if model.shared else 2 * monitor)
    median, shape = (
        middle * np.exp(np.log(factor) * parameters[:, place + offset])
        for offset, (middle, factor) in enumerate((model.median, model.shape))
    )
    if model.family == "weibull":
        return np.column_stack([shape, median * np.log(2) ** (-1 / shape)])
    return np.column_stack([np.log(median), 1 / shape])


def _shares(model: BatchModel, series: Series, parameters: Floats) -> Floats:
    """Share of delays that had run out by each look, shape (n, n_looks), above 0."""
    if model.family is None:
        return np.ones((len(parameters), len(series.counts)))
    days, place = np.unique(series.delays, return_inverse=True)
    cdf = discrete_cdf(model.family, delay_parameters(model, series.monitor, parameters), days)
    return np.asarray(np.maximum(cdf[:, place.reshape(series.delays.shape)].mean(axis=2), _TINY))


def _last_exact(series: Series, shares: Floats) -> tuple[int, Floats, int | None]:
    """Last exact look and its share (0 and 0 without one), and the lower bound after it, if any."""
    exact = np.flatnonzero(~series.at_least)
    known = int(series.counts[exact[-1]]) if len(exact) else 0
    share = shares[:, exact[-1]] if len(exact) else np.zeros(len(shares))
    last = int(series.counts[-1])
    return known, share, last if series.at_least[-1] and last > known else None


def _batch_terms(model: BatchModel, batch: int, parameters: Floats) -> tuple[Floats, Floats]:
    """Log likelihood of a batch: what does not depend on R, shape (n,), and for each R, (n, n_support)."""
    first, last = model.support(batch)
    support: Floats = np.asarray(0.5 * (first + last), dtype=np.float64)
    announced = float(model.announced[batch])
    constant = np.zeros(len(parameters))
    table = _log_choose(announced, np.minimum(support, announced)) + np.log(last - first + 1.0)
    slope = np.zeros(len(parameters))
    tails: Floats | None = None
    found = model.of_batch(batch)
    probabilities, counts = [], []
    for series in found:
        chance = chances(model, series.chance, parameters)
        shares = _shares(model, series, parameters)
        constant += _log_looks(series, shares)
        known, share, tail = _last_exact(series, shares)
        probabilities.append(chance * share)
        counts.append(known)
        if tail is not None:
            q = _fraction(chance * (shares[:, -1] - share), 1 - chance * share)
            survival = betainc(tail - known, support - tail + 1, q[:, None])
            log = np.log(np.maximum(survival, _TINY))
            tails = log if tails is None else tails + log
    if model.odds_ratio != 1 and len(found) == 2:
        (one, two), (p, q) = counts, probabilities
        _, only_one, only_two, neither = _two_by_two(p, q, model.odds_ratio)
        table = table + _log_choose(support, one) + _overlaps(support.tobytes(), one, two, model.odds_ratio)
        constant += one * _log(only_one) + two * _log(only_two)
        constant -= (one + two) * _log(neither)
        slope += _log(neither)
    else:
        for p, known in zip(probabilities, counts, strict=True):
            table = table + _log_choose(support, known)
            if known:
                constant += known * _log(p)
            log_rest = np.log1p(-np.minimum(p, 1 - 1e-16))
            constant -= known * log_rest
            slope += log_rest
    given = table + slope[:, None] * support
    if tails is not None:
        given = given + tails
    inside = np.minimum(support, announced)
    if model.concentration is None:
        a, b = model.carried_out
        given = given + (betaln(inside + a, announced - inside + b) - betaln(a, b))
    else:
        logit = _logit_of_score(*model.carried_out, parameters[:, -2])
        total = model.concentration * np.exp(log_ndtr(parameters[:, -1]) - log_ndtr(-parameters[:, -1]))
        total = np.minimum(total, _ALIKE)
        a, b = np.maximum(expit(logit) * total, _TINY), np.maximum(expit(-logit) * total, _TINY)
        if len(support) == last[-1] - first[0] + 1:
            constant += betaln(inside[0] + a, announced - inside[0] + b) - betaln(a, b)
            up = support[:-1]
            ratio = np.log((up + a[:, None]) / (announced - up - 1 + b[:, None]))
            given[:, 1:] += np.cumsum(ratio, axis=1)
        else:
            a, b = a[:, None], b[:, None]
            given = given + betaln(inside + a, announced - inside + b) - betaln(a, b)
    return constant, given


def _log_looks(series: Series, shares: Floats) -> Floats:
    """Log probability of the looks before the last exact one, given it."""
    total = np.zeros(len(shares))
    exact = np.flatnonzero(~series.at_least)
    counts = series.counts
    for before, after in pairwise(exact):
        x, y = int(counts[before]), int(counts[after])
        q = _fraction(shares[:, before], shares[:, after])
        rest = _fraction(shares[:, after] - shares[:, before], shares[:, after])
        total += _log_choose(float(y), float(x))
        if x:
            total += x * _log(q)
        if y > x:
            total += (y - x) * _log(rest)
    for look in np.flatnonzero(series.at_least):
        later = exact[exact > look]
        if not len(later):
            continue
        after = later[0]
        earlier = exact[exact < look]
        x, share = (int(counts[earlier[-1]]), shares[:, earlier[-1]]) if len(earlier) else (0, 0.0)
        y, v = int(counts[after]), int(counts[look])
        if v > x:
            q = _fraction(shares[:, look] - share, shares[:, after] - share)
            total += _log(betainc(v - x, y - v + 1, q))
    return total


def _two_by_two(p: Floats, q: Floats, odds_ratio: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Chances of both, the first only, the second only and neither, from the margins and the odds ratio."""
    s = 1 + (p + q) * (odds_ratio - 1)
    root = np.sqrt(np.maximum(s**2 - 4 * odds_ratio * (odds_ratio - 1) * p * q, 0.0))
    both = 2 * odds_ratio * p * q / (s + root)
    return both, np.maximum(p - both, 0.0), np.maximum(q - both, 0.0), np.maximum(1 - p - q + both, 0.0)


@lru_cache(maxsize=64)
def _overlaps(support: bytes, one: int, two: int, odds_ratio: float) -> Floats:
    """`_log_overlaps`, once for all the parameters that are tried."""
    return _log_overlaps(np.frombuffer(support), one, two, odds_ratio)


def _log_overlaps(support: Floats, one: int, two: int, odds_ratio: float) -> Floats:
    """Log of the sum over overlaps m of C(V1, m) C(R - V1, V2 - m) OR^m, for each R.

    Of thousands of overlaps those within some standard deviations of the likeliest are summed, in even
    steps that are short beside one: the sum of a smooth peak in even steps is as good as whole.
    """
    rest = support - one
    least, most = np.maximum(np.ceil(two - rest), 0.0), np.full(len(support), float(min(one, two)))
    if min(one, two) < _EVERY:
        m, width = least[:, None] + np.arange(min(one, two) + 1.0), np.ones(len(support))
    else:
        middle = _likeliest_overlap(support, one, two, odds_ratio)
        inverse = 1 / (middle + 1) + 1 / (one - middle + 1) + 1 / (two - middle + 1)
        inverse += 1 / (np.maximum(rest - two + middle, 0.0) + 1)
        reach = _REACH / np.sqrt(inverse)
        low, high = np.maximum(least, np.floor(middle - reach)), np.minimum(most, np.ceil(middle + reach))
        width = np.maximum(np.floor((high - low) / _OVERLAPS), 1.0)
        m = low[:, None] + np.arange(2 * _OVERLAPS + 1) * width[:, None]
        most = high
    inside = m <= most[:, None]
    m = np.minimum(m, most[:, None])
    each = _log_choose(float(one), m) + m * np.log(odds_ratio) + _log_choose(rest[:, None], two - m)
    return np.asarray(logsumexp(np.where(inside, each, -np.inf), axis=1) + np.log(width))


def _likeliest_overlap(support: Floats, one: int, two: int, odds_ratio: float) -> Floats:
    """Overlap at which a noncentral hypergeometric has its peak, for each R."""
    a = odds_ratio - 1
    b = odds_ratio * (one + two) + support - one - two
    c = odds_ratio * one * two
    found: Floats = 2 * c / (b + np.sqrt(np.maximum(b**2 - 4 * a * c, 0.0)))
    return np.clip(found, np.maximum(one + two - support, 0.0), min(one, two))


def _next_power(power: float, base: Floats, likelihood: Floats) -> float:
    """Largest power of the likelihood that leaves the proposals their worth."""

    def log_weights(candidate: float) -> Floats:
        return base + candidate * likelihood

    least = _WORTH * len(base)
    if effective_size(log_weights(1.0)) >= least:
        return 1.0
    low = largest_power(log_weights, least, power, 1.0)
    # proposals that miss their target are worth less at any power: go on by a small step all the same
    return min(1.0, max(low, 1.05 * power, 1e-9))


def _moments(parameters: Floats, log_weights: Floats) -> tuple[Floats, Floats]:
    """Weighted mean, and a Cholesky factor of the covariance.

    Where few draws hold all the weight, the weights are flattened until a tenth of the draws count.
    """
    least, given = _FLAT * len(log_weights), log_weights
    if effective_size(given) < least:
        log_weights = given * largest_power(lambda power: power * given, least, 0.0, 1.0, 20)
    weights = np.exp(log_weights - log_weights.max())
    weights /= weights.sum()
    centre = weights @ parameters
    off = parameters - centre
    covariance = (off * weights[:, None]).T @ off
    return centre, np.linalg.cholesky(covariance + np.diag(1e-6 * np.diag(covariance) + 1e-12))


def _student(centre: Floats, factor: Floats, n_draws: int, random: np.random.Generator) -> Floats:
    """Draws of a Student t."""
    normal = random.standard_normal((n_draws, len(centre)))
    return centre + normal @ factor.T / np.sqrt(random.chisquare(_FREEDOM, size=n_draws) / _FREEDOM)[:, None]


def _log_student(parameters: Floats, centre: Floats, factor: Floats) -> Floats:
    """Log density of that Student t."""
    n = len(centre)
    scaled = np.linalg.solve(factor, (parameters - centre).T)
    return np.asarray(
        gammaln((_FREEDOM + n) / 2)
        - gammaln(_FREEDOM / 2)
        - 0.5 * n * np.log(_FREEDOM * np.pi)
        - np.log(np.diag(factor)).sum()
        - 0.5 * (_FREEDOM + n) * np.log1p((scaled**2).sum(axis=0) / _FREEDOM)
    )


def _choose(log_weights: Floats, random: np.random.Generator) -> NDArray[np.int64]:
    """Column drawn for each row, by its weights."""
    weights = np.exp(log_weights - log_weights.max(axis=1, keepdims=True))
    shares = np.cumsum(weights, axis=1)
    level = random.random(len(weights)) * shares[:, -1]
    return np.asarray(np.minimum((shares <= level[:, None]).sum(axis=1), log_weights.shape[1] - 1))


def _log_choose(size: float | Floats, value: float | Floats) -> Floats:
    """Log binomial coefficient."""
    return np.asarray(
        gammaln(np.add(size, 1.0)) - gammaln(np.add(value, 1.0)) - gammaln(np.subtract(size, value) + 1.0)
    )


@lru_cache(maxsize=64)
def _logit_table(a: float, b: float) -> Floats:
    """Logits of Beta(a, b) at the normal scores of the table."""
    low, high = betaincinv(a, b, ndtr(_SCORES)), betaincinv(b, a, ndtr(-_SCORES))
    return np.asarray(np.log(np.maximum(low, _TINY)) - np.log(np.maximum(high, _TINY)))


def _logit_of_score(a: float, b: float, score: Floats) -> Floats:
    """Logit of Beta(a, b) at a normal score."""
    return np.interp(score, _SCORES, _logit_table(float(a), float(b)))


def _fraction(part: Floats, whole: Floats) -> Floats:
    """Share between 0 and 1; 0 of nothing."""
    return np.asarray(np.clip(part / np.maximum(whole, _TINY), 0.0, 1.0))


def _log(value: Floats) -> Floats:
    """Logarithm that is finite at 0."""
    return np.asarray(np.log(np.maximum(value, _TINY)))
