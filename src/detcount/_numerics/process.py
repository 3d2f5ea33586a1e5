"""The posterior of a daily intensity of releases given increments of published totals.

The log intensity of block b (a day, or several days that no report tells apart) is

    x_b = level + campaign_b + jump_b + day_b,

a constant, an Ornstein-Uhlenbeck process, what jumps on days of announcements leave, and an independent
part for each day; x is Gaussian given the scales. Increment i of series j has mean
exp(ratio_j) sum_b weight_ib exp(x_b), the weights a difference of delay distributions summed over days.

Given the five global parameters (delay: median and shape; spread of the batches; scale of the day part and
of the campaign part) Gauss-Newton finds the mode of x and the ratios, and Laplace the evidence: a Student t
adapted by it proposes the global parameters (nested Laplace). From there many short chains run side by side,
which makes the draws exact:

- Hamiltonian moves of all latent parts at once that turn exactly in the Laplace Gaussian and are kicked by
  the rest (Shahbaba et al. 2014). That Gaussian is the prior times N(z; J x + ratios, V), z, J and V from
  the mode, so that no inverse of the prior covariance is needed;
- the scales both given the parts and with the parts moved along (interweaving, Yu & Meng 2011);
- delay and spread by random walks in the likelihood.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from detcount._numerics.convergence import effective_sample_size
from detcount._numerics.delay import discrete_cdf
from detcount._numerics.importance import effective_size, pareto_shape, positions
from detcount._numerics.thinning import log_batches, log_excess, score_batches

__all__ = ["EXACT", "LEAST", "ROBUST", "ROBUST_LEAST", "Increments", "Posterior", "Scales", "fit_process"]

EXACT, LEAST, ROBUST, ROBUST_LEAST = range(4)

Array = NDArray[np.float64]

_FREEDOM = 4.0  # of the errors of announced and passed-on figures: single ones are far off
_PROPOSAL_FREEDOM = 8.0  # of the global parameters: thicker tails than their posterior
_WIDER = 1.15  # proposal variance of the log means over the curvature's
_STEPS = 12  # Gauss-Newton; six are usual
_GAIN = 0.05  # log posterior still to be gained; the chains correct what is left
_FLOOR = 1e-3  # persons: least mean of an increment, for those found long after the delay is over
_NODES = 24  # points over which the excess above a lower bound is summed
_N_GLOBALS = 5
_ROUNDS = (48, 48, 64)  # global parameters tried in each round
_CHAINS = 64
_SWEEPS = 8  # kept, at least
_WARM_UP = 20  # sweeps left out
_GROUPS = 4  # of chains, by where they began
_MOVES = 2  # of the latent parts in each sweep
_LEAPS = (3, 7)  # steps of each, least and most
_LATEST = 15  # blocks at the end whose releases are watched
_LEAST_SIZE = 12.0  # effective number of points that a proposal is adapted to
_JITTER = 1e-8
_SINGLE = 200_000  # multiplications that OpenBLAS does in one thread
_HIGHEST = 30.0  # log of persons a day: beyond, numbers are cut off
_WIDEST = 6.0  # scale of the day part, of the log: beyond, its mean overflows
_NOTHING = 1e-12  # share of a release: what is left of differences that cancel
_HALVINGS = 6
_FIRST_STEP = 0.3
_ACCEPTED = 0.75  # share of moves accepted that the step is adapted to while warming up
_ADAPTS = 0.3


@dataclass(frozen=True)
class Increments:
    """What the reports say, as increments (n) of series (S) over blocks (D) of days (T).

    Parameters
    ----------
    near, far : ndarray of int64, shape (n_reports, D)
        Days from the last release day of each block that lies in the window to publication, and from the
        day before the first: the block's weight is the sum of F over near <= lag < far.
    fixed : ndarray of float64, shape (n_reports, D)
        Weights of reports without a delay of verification; 0 for the others.
    report : ndarray of int64, shape (n,)
        The report that each increment ends with.
    below : ndarray of int64, shape (n, most)
        The reports that it stands on, filled up with -1.
    centre, width : ndarray of float64, shape (D,)
        Middle day of each block, and its days.
    series : ndarray of int64, shape (n,)
        Whose increment.
    kind : ndarray of int64, shape (n,)
        EXACT, LEAST (a lower bound), ROBUST (a figure with its own error), ROBUST_LEAST.
    count : ndarray of float64, shape (n,)
        Increment, persons.
    following : ndarray of int64, shape (n,)
        For LEAST, the increment that is smaller by what the figure was too low; -1 if none.
    error : ndarray of float64, shape (n,)
        For LEAST the mean excess in persons, for ROBUST the scale of the log error.
    ratio_mean, ratio_covariance : ndarray of float64, shapes (S,) and (S, S)
        Prior of the log ratio of each series to the reference register.
    jumps : ndarray of float64, shape (n_jumps,)
        Days of announcements.
    """

    near: NDArray[np.int64]
    far: NDArray[np.int64]
    fixed: Array
    report: NDArray[np.int64]
    below: NDArray[np.int64]
    centre: Array
    width: Array
    series: NDArray[np.int64]
    kind: NDArray[np.int64]
    count: Array
    following: NDArray[np.int64]
    error: Array
    ratio_mean: Array
    ratio_covariance: Array
    jumps: Array

    @cached_property
    def nodes(self) -> dict[int, tuple[Array, Array]]:
        """For each lower bound, the excesses summed over, and the log of the persons each stands for."""
        return {int(row): _nodes(self, int(row)) for row in np.flatnonzero(self.kind == LEAST)}


@dataclass(frozen=True)
class _Pattern:
    """Where increments meet blocks: the few places of an (n, D) matrix that are not zero."""

    row: NDArray[np.intp]  # sorted
    column: NDArray[np.intp]
    first: NDArray[np.intp]  # of each row
    by_column: NDArray[np.intp]  # order by column
    columns: NDArray[np.intp]  # that occur
    first_by_column: NDArray[np.intp]
    shape: tuple[int, int]

    def times(self, values: Array, x: Array) -> Array:
        """Matrices of shape (B, n, D) times x of shape (B, D)."""
        return np.asarray(np.add.reduceat(values * x[:, self.column], self.first, axis=1))

    def transposed_times(self, values: Array, y: Array) -> Array:
        """Transposed matrices times y of shape (B, n)."""
        product = (values * y[:, self.row])[:, self.by_column]
        result = np.zeros((len(values), self.shape[1]))
        result[:, self.columns] = np.add.reduceat(product, self.first_by_column, axis=1)
        return result

    def dense(self, values: Array) -> Array:
        """The matrices in full."""
        full = np.zeros((len(values), *self.shape))
        full[:, self.row, self.column] = values
        return full

    def cross(self, values: Array, covariance: Array) -> Array:
        """J C J' for one matrix C."""
        full = self.dense(values)
        return _multiply(_multiply(full, covariance), full.transpose(0, 2, 1))

    def cross_diagonal(self, values: Array, variance: Array) -> Array:
        """J diag(v) J' for v of shape (B, D)."""
        full = self.dense(values)
        return _multiply(full * variance[:, None, :], full.transpose(0, 2, 1))


@dataclass(frozen=True)
class Scales:
    """Priors: normal for the level and for the log of each global parameter.

    Parameters
    ----------
    level : tuple of float
        Mean and standard deviation of the log of releases a day.
    median_delay, delay_shape, spread, day, campaign : tuple of float
        Median, and standard deviation of the log.
    jump, jump_memory : float
        Scale of the jump of the log intensity on a day of announcement, and days after which 1 - 1/e of
        it is over.
    memory : float
        Days after which a campaign has lost 1 - 1/e of its pull.
    family : str
        Of the delay.
    """

    level: tuple[float, float]
    median_delay: tuple[float, float]
    delay_shape: tuple[float, float]
    spread: tuple[float, float]
    day: tuple[float, float]
    campaign: tuple[float, float]
    jump: float
    jump_memory: float
    memory: float
    family: str

    @property
    def globals(self) -> Array:
        """Medians and log standard deviations, shape (5, 2)."""
        return np.array([self.median_delay, self.delay_shape, self.spread, self.day, self.campaign])


@dataclass(frozen=True)
class Posterior:
    """Draws that belong together.

    Parameters
    ----------
    log_rate : ndarray of float64, shape (n_draws, D)
        Log of releases a day on the reference register, by block.
    ratio : ndarray of float64, shape (n_draws, S)
        Log ratio of each series to it.
    level, first, last : ndarray of float64, shape (n_draws,)
        Level, and campaign part on the first and the last day.
    delay : ndarray of float64, shape (n_draws, 2)
        Parameters of the delay, as `discrete_cdf` takes them.
    spread, day, campaign : ndarray of float64, shape (n_draws,)
        The other global parameters.
    r_hat, effective : float
        Greatest nested R-hat, and least effective size, of what was monitored.
    worst : str
        What the greatest R-hat belongs to.
    effective_globals : float
        Effective number of points of the global parameters that the chains started from.
    pareto_k : float
        Of the weights of those points.
    """

    log_rate: Array
    ratio: Array
    level: Array
    first: Array
    last: Array
    delay: Array
    spread: Array
    day: Array
    campaign: Array
    r_hat: float
    effective: float
    worst: str
    effective_globals: float
    pareto_k: float


@dataclass(frozen=True)
class _Prior:
    """The Gaussian prior of x for B global parameters."""

    mean: Array  # (B, D)
    smooth: Array  # (D, D): campaign part of scale 1
    jump: Array  # (D, D)
    day: Array  # (B, D) variances
    campaign: Array  # (B,) variance
    level: float  # variance

    def times(self, x: Array) -> Array:
        """K x for x of shape (B, D)."""
        product = self.campaign[:, None] * _multiply(x, self.smooth) + self.day * x
        return np.asarray(product + _multiply(x, self.jump) + self.level * x.sum(axis=1, keepdims=True))

    def cross(self, pattern: _Pattern, shares: Array) -> Array:
        """J K J'."""
        full = pattern.dense(shares)
        half = _multiply(full, self.smooth)
        half *= self.campaign[:, None, None]
        half += full * self.day[:, None, :]
        half += self.level * full.sum(axis=2, keepdims=True)
        if self.jump.any():
            half += _multiply(full, self.jump)
        return _multiply(half, full.transpose(0, 2, 1))


@dataclass(frozen=True)
class _Modes:
    """The Gaussian proposal at B global parameters."""

    mode: Array  # (B, D)
    ratio: Array  # (B, S)
    shares: Array  # (B, places): J
    pseudo: Array  # (B, n): z
    variance: Array  # (B, n): V
    evidence: Array  # (B,) Laplace


def fit_process(data: Increments, scales: Scales, n_draws: int, random: np.random.Generator) -> Posterior:
    """Adapt a proposal of the global parameters, start chains from it, and walk them."""
    centre = np.log(scales.globals[:, 0])
    factor = np.diag(scales.globals[:, 1])
    pattern = pattern_of(data)
    points = centre + random.standard_normal((_ROUNDS[0], _N_GLOBALS)) @ factor.T
    log_proposed = _log_student(points, centre, factor, np.inf)
    start = None
    for n_points in _ROUNDS[1:]:
        modes = _find_modes(data, pattern, scales, points, start)
        weights = _tempered(modes.evidence + _log_prior(points, scales) - log_proposed)
        start = modes.mode[np.argmax(weights)]
        centre = weights @ points
        away = points - centre
        covariance = (weights * away.T) @ away
        # never narrower than a tenth of the prior: a few points may lie on a line
        factor = _root(1.3 * covariance + np.diag((0.1 * scales.globals[:, 1]) ** 2))
        normal = random.standard_normal((n_points, _N_GLOBALS))
        chi = random.chisquare(_PROPOSAL_FREEDOM, n_points) / _PROPOSAL_FREEDOM
        points = centre + (normal / np.sqrt(chi)[:, None]) @ factor.T
        log_proposed = _log_student(points, centre, factor, _PROPOSAL_FREEDOM)
    modes = _find_modes(data, pattern, scales, points, start)
    log_weights = modes.evidence + _log_prior(points, scales) - log_proposed
    weights = _tempered(log_weights)
    chosen = positions(weights, _CHAINS, random)
    sweeps = max(_SWEEPS, -(-n_draws // _CHAINS))
    walk = _Walk(data, pattern, scales, points[chosen], modes, chosen, factor, random)
    begun = walk.state()
    for _ in range(_WARM_UP):
        walk.sweep()
        walk.step *= math.exp(_ADAPTS * (walk.accepted - _ACCEPTED))
    kept = []
    for _ in range(sweeps):
        walk.sweep()
        kept.append(walk.state())
    draws = {name: np.stack([state[name] for state in kept], axis=1) for name in kept[0]}
    watched = _watched(draws, data)
    starts = _watched({name: value[:, None] for name, value in begun.items()}, data)
    r_hats = {name: nested_r_hat(values, starts[name][:, 0]) for name, values in watched.items()}
    worst = max(r_hats, key=lambda name: r_hats[name])
    effective = min(effective_sample_size(values) for values in watched.values())
    flat = {name: values.reshape(-1, *values.shape[2:]) for name, values in draws.items()}
    chosen = random.permutation(len(flat["level"]))[:n_draws]
    flat = {name: values[chosen] for name, values in flat.items()}
    values = np.exp(flat["globals"])
    return Posterior(
        log_rate=flat["x"],
        ratio=flat["ratio"],
        level=flat["level"],
        first=flat["ends"][:, 0],
        last=flat["ends"][:, 1],
        delay=delay_parameters(values[:, 0], values[:, 1], scales.family),
        spread=values[:, 2],
        day=values[:, 3],
        campaign=values[:, 4],
        r_hat=r_hats[worst],
        effective=effective,
        worst=worst,
        effective_globals=effective_size(log_weights),
        pareto_k=pareto_shape(log_weights),
    )


def _multiply(left: Array, right: Array) -> Array:
    """Products of matrices, shapes (..., m, k) and (..., k, n), in pieces too small for threads.

    Threads of a linear algebra library wait for each other on a busy machine, for a hundred times as long
    as such products take.
    """
    rows = max(1, _SINGLE // (right.shape[-2] * right.shape[-1]))
    if left.shape[-2] <= rows:
        return np.asarray(np.matmul(left, right))
    pieces = [
        np.matmul(left[..., first : first + rows, :], right) for first in range(0, left.shape[-2], rows)
    ]
    return np.concatenate(pieces, axis=-2)


def _root(matrix: Array) -> Array:
    """Lower Cholesky factor."""
    return np.asarray(np.linalg.cholesky(matrix), dtype=np.float64)


def nested_r_hat(draws: Array, start: Array) -> float:
    """Whether many short chains have forgotten where they began; draws of shape (n_chains, n_draws).

    Chains that began near each other are taken together; near 1 when the groups have come to the same
    mean (after Margossian et al. 2024, who start the chains of a group at one point).
    """
    order = np.argsort(start, kind="stable")
    groups = np.array_split(order, _GROUPS)
    means = np.array([draws[group].mean() for group in groups])
    within = np.mean([draws[group].var() for group in groups])
    return float(np.sqrt(1 + means.var(ddof=1) / within)) if within > 0 else 1.0


def _watched(draws: dict[str, Array], data: Increments) -> dict[str, Array]:
    """What convergence is judged by, each of shape (n_chains, n_draws)."""
    names = ("delay median", "delay shape", "batch spread", "day scale", "campaign scale")
    watched = {name: draws["globals"][:, :, k] for k, name in enumerate(names)}
    watched["level"] = draws["level"]
    watched["likelihood"] = draws["likelihood"]
    rates = np.exp(draws["x"])
    watched["all releases"] = np.log((rates * data.width).sum(axis=2))
    watched["last releases"] = np.log((rates * data.width)[:, :, -_LATEST:].sum(axis=2))
    for series in np.unique(data.series):
        watched[f"ratio {series}"] = draws["ratio"][:, :, series]
    return watched


def delay_parameters(median: Array, shape: Array, family: str) -> Array:
    """Parameters that `discrete_cdf` takes, of a delay with a median (days) and a shape."""
    if family == "weibull":
        return np.stack([shape, median / np.log(2) ** (1 / shape)], axis=-1)
    return np.stack([np.log(median), 1 / shape], axis=-1)


def pattern_of(data: Increments) -> _Pattern:
    """Places where an increment gains something, whatever the delay."""
    own = (data.far > data.near) | (data.fixed > 0)
    row, column = np.nonzero(own[data.report])
    everywhere = _pattern(row, column, (len(data.report), data.near.shape[1]))
    # two delays tell apart what cancels always from what does so by chance
    trial = weights_of(data, everywhere, np.array([[0.7, 2.0], [0.4, 5.0]]), "weibull").max(axis=0)
    some = trial > _NOTHING
    some[everywhere.first] |= np.add.reduceat(some, everywhere.first) == 0
    return _pattern(row[some], column[some], everywhere.shape)


def _pattern(row: NDArray[np.intp], column: NDArray[np.intp], shape: tuple[int, int]) -> _Pattern:
    """Index places that are sorted by row, with no row left out."""
    by_column = np.argsort(column, kind="stable")
    columns, first_by_column = np.unique(column[by_column], return_index=True)
    first = np.searchsorted(row, np.arange(shape[0]))
    return _Pattern(row, column, first, by_column, columns, first_by_column, shape)


def weights_of(data: Increments, pattern: _Pattern, delay: Array, family: str) -> Array:
    """Persons each increment expects for one release a day in each block, at the places of a pattern."""
    most = int(data.far.max(initial=0))
    reached = discrete_cdf(family, delay, np.arange(most + 1))
    summed = np.concatenate([np.zeros((len(reached), 1)), np.cumsum(reached, axis=1)], axis=1)
    report, column = data.report[pattern.row], pattern.column
    weights = summed[:, data.far[report, column]] - summed[:, data.near[report, column]]
    weights += data.fixed[report, column]
    for below in data.below.T:
        some = np.flatnonzero(below[pattern.row] >= 0)
        report, column = below[pattern.row[some]], pattern.column[some]
        weights[:, some] -= summed[:, data.far[report, column]] - summed[:, data.near[report, column]]
        weights[:, some] -= data.fixed[report, column]
    return np.asarray(np.maximum(weights, 0.0), dtype=np.float64)


def day_moments(scale: Array, width: Array) -> tuple[Array, Array]:
    """Mean and variance of the log of the mean over some days of independent log-normals."""
    variance = np.minimum(scale, _WIDEST)[:, None] ** 2
    of_block = np.log1p(np.expm1(variance) / width)
    return 0.5 * (variance - of_block), of_block


def campaign_covariance(days: Array, others: Array, memory: float) -> Array:
    """Correlation of the campaign part between days."""
    return np.asarray(np.exp(-np.abs(days[:, None] - others[None, :]) / memory))


def jump_covariance(days: Array, others: Array, jumps: Array, scale: float, memory: float) -> Array:
    """Covariance that jumps on some days add to the days after them."""
    total = np.zeros((len(days), len(others)))
    for jump in jumps:
        one = np.where(days >= jump, np.exp(-np.maximum(days - jump, 0.0) / memory), 0.0)
        two = np.where(others >= jump, np.exp(-np.maximum(others - jump, 0.0) / memory), 0.0)
        total += one[:, None] * two[None, :]
    return scale**2 * total


def _prior(data: Increments, scales: Scales, points: Array) -> _Prior:
    """Prior of x: blocks of several days have the mean of their days, log-normal by its two moments."""
    mean, variance = day_moments(np.exp(points[:, 3]), data.width)
    return _Prior(
        mean=scales.level[0] + mean,
        smooth=campaign_covariance(data.centre, data.centre, scales.memory),
        jump=jump_covariance(data.centre, data.centre, data.jumps, scales.jump, scales.jump_memory),
        day=variance,
        campaign=np.exp(points[:, 4]) ** 2,
        level=scales.level[1] ** 2,
    )


def _find_modes(
    data: Increments, pattern: _Pattern, scales: Scales, points: Array, start: Array | None
) -> _Modes:
    """Gauss-Newton for all global parameters at once, steps shortened where they go down."""
    model = _Model(data, pattern, scales, points)
    spread = np.exp(points[:, 2:3])
    # first guess: every increment at its own count, shared out over days as at a mode known already
    base = np.zeros((1, pattern.shape[1])) if start is None else start[None, :]
    moved = pattern.times(model.weights, np.exp(base)) + _FLOOR
    shares = model.weights * np.exp(base[:, pattern.column]) / moved[:, pattern.row]
    pseudo = np.log((data.count + 0.5) / moved) + pattern.times(shares, base)
    noise = np.where(data.kind >= ROBUST, data.error**2, (1 + spread) / (data.count + 0.5))
    state = model.solve(shares, pseudo, noise)
    value, score, information, shares = model.log_posterior(*state)
    for _ in range(_STEPS):
        pseudo = model.linear(shares, state[0], state[1]) + score / information
        goal = model.solve(shares, pseudo, 1 / information)
        step = np.ones((len(points), 1))
        best = value.copy()
        found = [part.copy() for part in state]
        left = np.ones(len(points), dtype=bool)
        for _ in range(_HALVINGS):
            trial = [old + step * (new - old) for old, new in zip(state, goal, strict=True)]
            reached, *_ = model.log_posterior(*trial)
            better = left & (reached >= value)
            for part, candidate in zip(found, trial, strict=True):
                part[better] = candidate[better]
            best[better] = reached[better]
            left &= ~better
            if not left.any():
                break
            step[left] *= 0.4
        gained = float((best - value).max())
        state = found
        value, score, information, shares = model.log_posterior(*state)
        if gained < _GAIN:
            break
    pseudo = model.linear(shares, state[0], state[1]) + score / information
    root = np.sqrt(information)
    inner = root[:, :, None] * model.cross(shares) * root[:, None, :] + np.eye(len(data.count))
    evidence = value - np.log(np.einsum("bnn->bn", np.linalg.cholesky(inner))).sum(axis=1)
    return _Modes(state[0], state[1], shares, pseudo, _WIDER / information, evidence)


class _Model:
    """Prior and likelihood at B global parameters."""

    def __init__(self, data: Increments, pattern: _Pattern, scales: Scales, points: Array) -> None:
        self.data, self.pattern, self.spread = data, pattern, np.exp(points[:, 2:3])
        self.prior = _prior(data, scales, points)
        delay = delay_parameters(np.exp(points[:, 0]), np.exp(points[:, 1]), scales.family)
        self.weights = weights_of(data, pattern, delay, scales.family)
        self.chosen = data.ratio_covariance[np.ix_(data.series, data.series)]
        self.to_series = _indicator(data)

    def cross(self, shares: Array) -> Array:
        """Prior covariance of J x + ratios."""
        return self.prior.cross(self.pattern, shares) + self.chosen

    def linear(self, shares: Array, x: Array, ratio: Array) -> Array:
        """J x + ratios."""
        return self.pattern.times(shares, x) + ratio[:, self.data.series]

    def solve(self, shares: Array, pseudo: Array, noise: Array) -> list[Array]:
        """Posterior means given linear observations, and their images under the inverse prior covariance."""
        covariance = self.cross(shares)
        n_rows = pseudo.shape[1]
        covariance[:, np.arange(n_rows), np.arange(n_rows)] += noise
        expected = self.linear(shares, self.prior.mean, self.data.ratio_mean[None, :])
        dual = np.asarray(np.linalg.solve(covariance, (pseudo - expected)[:, :, None])[:, :, 0], np.float64)
        dual_x, dual_ratio = self.pattern.transposed_times(shares, dual), dual @ self.to_series
        return [
            self.prior.mean + self.prior.times(dual_x),
            self.data.ratio_mean + dual_ratio @ self.data.ratio_covariance,
            dual_x,
            dual_ratio,
        ]

    def log_posterior(
        self, x: Array, ratio: Array, dual_x: Array, dual_ratio: Array
    ) -> tuple[Array, Array, Array, Array]:
        """Log posterior, score and information in the log means, and the shares of blocks in each."""
        rate = np.exp(np.minimum(x, _HIGHEST))
        total = self.pattern.times(self.weights, rate) + _FLOOR
        log_mean = np.log(total) + ratio[:, self.data.series]
        likelihood, score, information = _likelihood(self.data, log_mean, self.spread)
        quadratic = (dual_x * (x - self.prior.mean)).sum(axis=1)
        quadratic += (dual_ratio * (ratio - self.data.ratio_mean)).sum(axis=1)
        shares = self.weights * rate[:, self.pattern.column] / total[:, self.pattern.row]
        return likelihood - 0.5 * quadratic, score, information, shares


def _indicator(data: Increments) -> Array:
    """Whose increment each is, shape (n, S)."""
    indicator = np.zeros((len(data.count), len(data.ratio_mean)))
    indicator[np.arange(len(data.count)), data.series] = 1
    return indicator


def _likelihood(
    data: Increments, log_mean: Array, spread: Array, *, slopes: bool = True
) -> tuple[Array, Array, Array]:
    """Log likelihood summed over increments, and score and information of each log mean."""
    mean = np.exp(np.clip(log_mean, -_HIGHEST, _HIGHEST))
    wide = np.broadcast_to(spread, mean.shape)
    count = np.broadcast_to(data.count, mean.shape)
    value = np.zeros(mean.shape)
    score = np.zeros(mean.shape)
    size = mean / wide
    information = size * (wide / (1 + wide) * size + np.log1p(wide)) / (1 + size)
    robust = data.kind >= ROBUST
    alone = data.kind == EXACT
    alone[data.following[data.following >= 0]] = False
    if alone.any():
        at = (..., alone)
        value[at] = log_batches(count[at], mean[at], wide[at])
        if slopes:
            score[at] = score_batches(count[at], mean[at], wide[at])
    if robust.any():
        at = (..., robust)
        error = np.log(data.count[robust] + 0.5) - log_mean[at]
        # a figure said to be a lower bound may well be far below
        scale = data.error[robust] * np.where((data.kind[robust] == ROBUST_LEAST) & (error < 0), 2.0, 1.0)
        value[at] = -0.5 * (_FREEDOM + 1) * np.log1p(error**2 / (_FREEDOM * scale**2))
        score[at] = (_FREEDOM + 1) * error / (_FREEDOM * scale**2 + error**2)
        information[at] = (_FREEDOM + 1) / (_FREEDOM + 3) / scale**2
    for row, (nodes, log_width) in data.nodes.items():
        high = count[..., row, None] + nodes
        terms = log_batches(high, mean[..., row, None], wide[..., row, None])
        terms = terms + log_excess(nodes, data.error[row]) + log_width
        following = int(data.following[row])
        if following >= 0:
            rest = data.count[following] - nodes
            terms = terms + log_batches(rest, mean[..., following, None], wide[..., following, None])
        top = terms.max(axis=-1, keepdims=True)
        share = np.exp(terms - top)
        total = share.sum(axis=-1, keepdims=True)
        share /= total
        value[..., row] += (top + np.log(total))[..., 0]
        if not slopes:
            continue
        slope = score_batches(high, mean[..., row, None], wide[..., row, None])
        score[..., row] += (share * slope).sum(axis=-1)
        if following >= 0:
            slope = score_batches(rest, mean[..., following, None], wide[..., following, None])
            score[..., following] += (share * slope).sum(axis=-1)
    return value.sum(axis=-1), score, np.maximum(information, 1e-8)


def _nodes(data: Increments, row: int) -> tuple[Array, Array]:
    """Whole numbers that the excess above a lower bound is summed over, and log persons each stands for."""
    most = int(5 * data.error[row]) + 2
    following = data.following[row]
    if following >= 0:
        most = min(most, int(data.count[following]))
    edges = np.unique(np.linspace(0, most + 1, min(_NODES, most + 1) + 1).astype(int))
    return (edges[:-1] + edges[1:] - 1) // 2 * 1.0, np.log(np.diff(edges))


@dataclass(frozen=True)
class _Slope:
    """Target over proposal at some latent parts, and its slope."""

    value: Array  # log of the ratio
    likelihood: Array
    x: Array  # slope in the log rates
    ratio: Array  # slope in the ratios
    pull: list[Array]  # covariance of the proposal times the slope

    def kick(self, velocity: list[Array], step: Array) -> Array:
        """Change a velocity in place; returns by how much its energy grows."""
        moved = velocity[0] + velocity[1] + velocity[2] + velocity[3]
        pulled = self.pull[0] + self.pull[1] + self.pull[2] + self.pull[3]
        grows = (self.x * (moved + 0.5 * step * pulled)).sum(axis=1)
        grows += (self.ratio * (velocity[4] + 0.5 * step * self.pull[4])).sum(axis=1)
        for part, pull in zip(velocity, self.pull, strict=True):
            part += step * pull
        return np.asarray(step[:, 0] * grows)


class _Walk:
    """Chains side by side; every array has the chains first."""

    def __init__(
        self,
        data: Increments,
        pattern: _Pattern,
        scales: Scales,
        points: Array,
        modes: _Modes,
        chosen: NDArray[np.intp],
        factor: Array,
        random: np.random.Generator,
    ) -> None:
        self.data, self.scales, self.generator = data, scales, random
        self.points = points
        self.factor = factor
        self.pattern = pattern
        self.shares, self.pseudo = modes.shares[chosen], modes.pseudo[chosen]
        self.variance = modes.variance[chosen]
        n_rows, n_blocks = pattern.shape
        prior = _prior(data, scales, points)
        self.smooth, self.jump = prior.smooth, prior.jump
        self.root_smooth = _root(prior.smooth + _JITTER * np.eye(n_blocks))
        self.inverse_root = np.asarray(np.linalg.inv(self.root_smooth), dtype=np.float64)
        self.root_jump = _root(prior.jump + _JITTER * np.eye(n_blocks))
        self.root_ratio = np.linalg.cholesky(data.ratio_covariance + _JITTER * np.eye(len(data.ratio_mean)))
        self.share = pattern.times(self.shares, np.ones((1, n_blocks)))
        self.cross_smooth = pattern.cross(self.shares, self.smooth)
        self.cross_fixed = pattern.cross(self.shares, self.jump)
        self.cross_fixed += data.ratio_covariance[np.ix_(data.series, data.series)]
        self.cross_fixed += scales.level[1] ** 2 * self.share[:, :, None] * self.share[:, None, :]
        self.cross_fixed[:, np.arange(n_rows), np.arange(n_rows)] += self.variance
        self.to_series = _indicator(data)
        self.width = data.width
        self.step = _FIRST_STEP
        self._set_delay(points)
        self._prepare()
        # start from the Gaussian proposal itself
        self.parts = self._base_draw()
        self.likelihood = self._likelihood(self.parts)

    def _set_delay(self, points: Array) -> None:
        """Weights of the delays."""
        delay = delay_parameters(np.exp(points[:, 0]), np.exp(points[:, 1]), self.scales.family)
        self.weights = weights_of(self.data, self.pattern, delay, self.scales.family)

    def _day_prior(self, log_day: Array) -> tuple[Array, Array]:
        """Mean and variance of the day part of each block."""
        return day_moments(np.exp(log_day), self.width)

    def _prepare(self) -> None:
        """What the Gaussian proposal needs at the present scales."""
        self.day_mean, self.day_variance = self._day_prior(self.points[:, 3])
        self.campaign = np.exp(self.points[:, 4])
        covariance = self.cross_fixed + (self.campaign**2)[:, None, None] * self.cross_smooth
        covariance += self.pattern.cross_diagonal(self.shares, self.day_variance)
        self.inverse = np.linalg.inv(covariance)
        prior = self._prior_mean()
        self.centre = self._pulled(prior, self._dual(self.pseudo - self._linear(prior)))

    def _dual(self, residual: Array) -> Array:
        return np.asarray(np.matmul(self.inverse, residual[:, :, None])[:, :, 0])

    def _prior_mean(self) -> list[Array]:
        shape = self.day_mean.shape
        level = np.full((shape[0], 1), self.scales.level[0])
        ratio = np.broadcast_to(self.data.ratio_mean, (shape[0], len(self.data.ratio_mean)))
        return [level, np.zeros(shape), np.zeros(shape), self.day_mean, ratio]

    def _pulled(self, parts: list[Array], dual: Array) -> list[Array]:
        """Parts moved by the prior covariance times J' dual."""
        return [
            part + pull
            for part, pull in zip(
                parts,
                self._prior_times(self.pattern.transposed_times(self.shares, dual), dual @ self.to_series),
                strict=True,
            )
        ]

    def _prior_times(self, x: Array, ratio: Array) -> list[Array]:
        """Prior covariance of each part with the log rates times x, and that of the ratios."""
        return [
            self.scales.level[1] ** 2 * x.sum(axis=1, keepdims=True),
            (self.campaign**2)[:, None] * _multiply(x, self.smooth),
            _multiply(x, self.jump),
            self.day_variance * x,
            ratio @ self.data.ratio_covariance,
        ]

    def _linear(self, parts: list[Array]) -> Array:
        """J x and the ratios."""
        x = parts[0] + parts[1] + parts[2] + parts[3]
        return self.pattern.times(self.shares, x) + parts[4][:, self.data.series]

    def _base_draw(self) -> list[Array]:
        """Draw from the Gaussian proposal: from the prior, moved to imagined observations."""
        n_chains, n_blocks = self.day_mean.shape
        normal = self.generator.standard_normal
        parts = self._prior_mean()
        parts[0] = parts[0] + self.scales.level[1] * normal((n_chains, 1))
        parts[1] = self.campaign[:, None] * _multiply(normal((n_chains, n_blocks)), self.root_smooth.T)
        parts[2] = _multiply(normal((n_chains, n_blocks)), self.root_jump.T)
        parts[3] = parts[3] + np.sqrt(self.day_variance) * normal((n_chains, n_blocks))
        parts[4] = parts[4] + normal(parts[4].shape) @ self.root_ratio.T
        noise = np.sqrt(self.variance) * normal(self.variance.shape)
        return self._pulled(parts, self._dual(self.pseudo - self._linear(parts) - noise))

    def _likelihood(self, parts: list[Array], points: Array | None = None) -> Array:
        """Log likelihood of each chain."""
        points = self.points if points is None else points
        rate = np.exp(np.minimum(parts[0] + parts[1] + parts[2] + parts[3], _HIGHEST))
        total = self.pattern.times(self.weights, rate) + _FLOOR
        log_mean = np.log(total) + parts[4][:, self.data.series]
        return _likelihood(self.data, log_mean, np.exp(points[:, 2:3]), slopes=False)[0]

    def _against(self, parts: list[Array]) -> tuple[Array, Array]:
        """Log likelihood less the log of what the Gaussian proposal has in its place; and the former."""
        likelihood = self._likelihood(parts)
        off = self.pseudo - self._linear(parts)
        return likelihood + 0.5 * (off**2 / self.variance).sum(axis=1), likelihood

    def sweep(self) -> None:
        """Move everything once."""
        for _ in range(_MOVES):
            self._swing()
        self._move_scales()
        self._move_delay()
        self._prepare()

    def _slope(self, parts: list[Array]) -> _Slope:
        """Log target over proposal, the likelihood, and the pull of the slope, scaled by the proposal."""
        rate = np.exp(np.minimum(parts[0] + parts[1] + parts[2] + parts[3], _HIGHEST))
        total = self.pattern.times(self.weights, rate) + _FLOOR
        log_mean = np.log(total) + parts[4][:, self.data.series]
        likelihood, score, _ = _likelihood(self.data, log_mean, np.exp(self.points[:, 2:3]))
        off = self.pseudo - self._linear(parts)
        precise = off / self.variance
        slope_x = rate * self.pattern.transposed_times(self.weights, score / total)
        slope_x -= self.pattern.transposed_times(self.shares, precise)
        slope_ratio = (score - precise) @ self.to_series
        # the prior covariance times the slope, less what the imagined observations take away
        pull = self._prior_times(slope_x, slope_ratio)
        pull = self._pulled(pull, -self._dual(self._linear(pull)))
        value = likelihood + 0.5 * (off * precise).sum(axis=1)
        return _Slope(value, likelihood, slope_x, slope_ratio, pull)

    def _swing(self) -> None:
        """Hamiltonian move of all latent parts: exact rotation in the Gaussian proposal, kicks of the rest.

        Velocities have the covariance of the proposal, so that without kicks the move is a rotation, which
        keeps its energy: only the kicks change it.
        """
        n_chains = len(self.points)
        steps = self.generator.integers(_LEAPS[0], _LEAPS[1] + 1)
        angle = self.step * self.generator.uniform(0.6, 1.0, n_chains)[:, None]
        half = 0.5 * angle
        velocity = [part - centre for part, centre in zip(self._base_draw(), self.centre, strict=True)]
        here = [part - centre for part, centre in zip(self.parts, self.centre, strict=True)]
        first = slope = self._slope(self.parts)
        work = np.zeros(n_chains)
        cos, sin = np.cos(angle), np.sin(angle)
        parts = self.parts
        for _ in range(steps):
            work += slope.kick(velocity, half)
            here, velocity = (
                [x * cos + v * sin for x, v in zip(here, velocity, strict=True)],
                [v * cos - x * sin for x, v in zip(here, velocity, strict=True)],
            )
            parts = [x + centre for x, centre in zip(here, self.centre, strict=True)]
            slope = self._slope(parts)
            work += slope.kick(velocity, half)
        change = slope.value - first.value - work
        good = self._accept(np.where(np.isfinite(change), change, -np.inf))
        self.parts = [np.where(good[:, None], new, old) for new, old in zip(parts, self.parts, strict=True)]
        self.likelihood = np.where(good, slope.likelihood, self.likelihood)
        self.accepted = float(good.mean())

    def _accept(self, log_ratio: Array) -> NDArray[np.bool_]:
        return np.log(self.generator.random(len(log_ratio))) < log_ratio

    def _move_scales(self) -> None:
        """Scales given the parts, then with the parts moved along, then the spread of the batches."""
        globals_, data = self.scales.globals, self.data
        n_chains = len(self.points)
        square = (_multiply(self.parts[1], self.inverse_root.T) ** 2).sum(axis=1)
        again = ((4, True), (3, True)) * 4
        for column, given in (*again, (4, False), (3, False), (2, False), (2, False)):
            centre, sd = np.log(globals_[column, 0]), globals_[column, 1]
            given_scale = 1.5 / np.sqrt(2.0 * data.width.size)
            reach = given_scale if given else sd * 10 ** self.generator.uniform(-1, 0, n_chains)
            old = self.points[:, column]
            new = old + reach * self.generator.standard_normal(n_chains)
            log_ratio = 0.5 * (((old - centre) / sd) ** 2 - ((new - centre) / sd) ** 2)
            points = self.points.copy()
            points[:, column] = new
            parts = list(self.parts)
            if column == 4 and given:
                log_ratio += data.width.size * (old - new)
                log_ratio += 0.5 * square * (np.exp(-2 * old) - np.exp(-2 * new))
            elif column == 4:
                parts[1] = parts[1] * np.exp(new - old)[:, None]
            elif column == 3:
                mean_old, variance_old = self._day_prior(old)
                mean_new, variance_new = self._day_prior(new)
                if given:
                    log_ratio += 0.5 * (
                        np.log(variance_old / variance_new)
                        + (self.parts[3] - mean_old) ** 2 / variance_old
                        - (self.parts[3] - mean_new) ** 2 / variance_new
                    ).sum(axis=1)
                else:
                    parts[3] = mean_new + (self.parts[3] - mean_old) * np.sqrt(variance_new / variance_old)
            likelihood = self.likelihood if given else self._likelihood(parts, points)
            good = self._accept(log_ratio + likelihood - self.likelihood)
            self.points[good, column] = new[good]
            if not given:
                self.likelihood = np.where(good, likelihood, self.likelihood)
                self.parts = [
                    np.where(good[:, None], trial, part)
                    for trial, part in zip(parts, self.parts, strict=True)
                ]
                if column == 4:
                    square = np.where(good, square * np.exp(2 * (new - old)), square)

    def _move_delay(self) -> None:
        """Median and shape of the delay by a random walk."""
        globals_ = self.scales.globals[:2]
        n_chains = len(self.points)
        step = self.generator.standard_normal((n_chains, _N_GLOBALS)) @ self.factor.T
        step *= 10 ** self.generator.uniform(-1, 0.2, (n_chains, 1))
        new = self.points.copy()
        new[:, :2] += step[:, :2]
        centre, sd = np.log(globals_[:, 0]), globals_[:, 1]
        log_ratio = 0.5 * (((self.points[:, :2] - centre) / sd) ** 2 - ((new[:, :2] - centre) / sd) ** 2).sum(
            axis=1
        )
        kept = self.weights
        self._set_delay(new)
        likelihood = self._likelihood(self.parts)
        good = self._accept(log_ratio + likelihood - self.likelihood)
        self.weights[~good] = kept[~good]
        self.points[good] = new[good]
        self.likelihood = np.where(good, likelihood, self.likelihood)

    def state(self) -> dict[str, Array]:
        """What is kept of a sweep."""
        level, campaign, jump, day, ratio = self.parts
        return {
            "x": level + campaign + jump + day,
            "level": level[:, 0],
            "ratio": ratio.copy(),
            "ends": campaign[:, [0, -1]],
            "globals": self.points.copy(),
            "likelihood": self.likelihood.copy(),
        }


def _log_prior(points: Array, scales: Scales) -> Array:
    """Log density of the global parameters, up to a constant that is that of `_log_student`."""
    return _log_student(points, np.log(scales.globals[:, 0]), np.diag(scales.globals[:, 1]), np.inf)


def _log_student(points: Array, centre: Array, factor: Array, freedom: float) -> Array:
    """Log density of a Student t, normal for infinite freedom."""
    n_terms = len(centre)
    scaled = np.linalg.solve(factor, (points - centre).T)
    square = (scaled**2).sum(axis=0)
    constant = -np.log(np.abs(np.diag(factor))).sum()
    if np.isinf(freedom):
        return np.asarray(constant - 0.5 * square - 0.5 * n_terms * np.log(2 * np.pi))
    return np.asarray(
        constant
        + gammaln((freedom + n_terms) / 2)
        - gammaln(freedom / 2)
        - 0.5 * n_terms * np.log(freedom * np.pi)
        - 0.5 * (freedom + n_terms) * np.log1p(square / freedom)
    )


def _tempered(log_weights: Array) -> Array:
    """Weights flattened until enough points count."""
    power = 1.0
    while power > 1e-3 and effective_size(power * log_weights) < _LEAST_SIZE:
        power *= 0.8
    weights = np.exp(power * (log_weights - log_weights.max()))
    return np.asarray(weights / weights.sum())
