"""The posterior of a daily intensity of releases given increments of published totals.

The log intensity of block b (a day, or several days that no report tells apart) is

    x_b = level + campaign_b + day_b,

a constant, an Ornstein-Uhlenbeck process that also jumps on days of announcements, and an independent part
for each day; x is Gaussian given the scales. Increment i of monitor j has mean
exp(ratio_j) sum_b weight_ib exp(x_b), the weights a difference of delay distributions summed over days.
Given the five global parameters (delay: median and shape; spread of the batches; scale of the day part and
of the campaign part) Gauss-Newton finds the mode of x and the ratios; the Gaussian there proposes draws,
and a Student t adapted in two rounds proposes the global parameters. Weights make the draws exact:

    q(x | theta) is the prior times N(z; J x, V), with z, J, V from the mode: so the weight of a draw is
    likelihood(x)/N(z; J x, V) times the evidence of z; no inverse of the prior covariance is needed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from detcount._numerics.delay import discrete_cdf
from detcount._numerics.laplace import effective_size, pareto_shape
from detcount._numerics.thinning import log_batches, log_excess, score_batches

__all__ = ["EXACT", "LEAST", "ROBUST", "ROBUST_LEAST", "Increments", "Posterior", "Scales", "fit_process"]

EXACT, LEAST, ROBUST, ROBUST_LEAST = range(4)

Array = NDArray[np.float64]

_FREEDOM = 4.0  # of the errors of announced and passed-on figures: single ones are far off
_PROPOSAL_FREEDOM = 8.0  # of the global parameters: thicker tails than their posterior
_WIDER = 1.15  # proposal variance of the log means over the curvature's
_STEPS = 30  # Gauss-Newton; ten are usual
_GAIN = 1e-3  # log posterior still to be gained; weights correct what is left
_FLOOR = 1e-3  # persons: least mean of an increment, for those found long after the delay is over
_NODES = 24  # points over which the excess above a lower bound is summed
_ROUNDS = (96, 96, 192)  # global parameters tried in each round
_PER_GLOBAL = 24  # draws of the intensity for each of the last round
_LEAST_SIZE = 12.0  # effective number of points that a proposal is adapted to
_JITTER = 1e-9


@dataclass(frozen=True)
class Increments:
    """What the reports say, as increments (n) of series (S) over blocks (D) of days (T).

    Parameters
    ----------
    lag : ndarray of int64, shape (n_reports, T)
        Days from each release day in the window to publication; -1 outside the window.
    fixed : ndarray of float64, shape (n_reports, T)
        Weights of reports without a delay of verification; 0 for the others.
    combine : ndarray of float64, shape (n, n_reports)
        1 for the report, -1 for each report it stands on.
    first_day : ndarray of int64, shape (D,)
        First day of each block, as a position among the T days.
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

    lag: NDArray[np.int64]
    fixed: Array
    combine: Array
    first_day: NDArray[np.int64]
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


@dataclass(frozen=True)
class Scales:
    """Priors: normal for the level and for the log of each global parameter.

    Parameters
    ----------
    level : tuple of float
        Mean and standard deviation of the log of releases a day.
    median_delay, delay_shape, spread, day, campaign : tuple of float
        Median, and standard deviation of the log.
    jump : float
        Scale of the jump of the log intensity on a day of announcement.
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
    pareto_k, effective : float
        Of the importance weights of the joint draws.
    effective_globals : float
        Effective number of points of the global parameters.
    evidence : float
        Log marginal likelihood.
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
    pareto_k: float
    effective: float
    effective_globals: float
    evidence: float


@dataclass(frozen=True)
class _Prior:
    """The Gaussian prior of x for B global parameters."""

    mean: Array  # (B, D)
    smooth: Array  # (D, D): campaign part of scale 1
    jump: Array  # (D, D)
    day: Array  # (B, D) variances
    campaign: Array  # (B,) variance
    level: float  # variance

    def times(self, shares: Array) -> Array:
        """K J' for J of shape (B, n, D), laid out as (B, n, D)."""
        smooth = (shares.reshape(-1, shares.shape[2]) @ self.smooth).reshape(shares.shape)
        product = smooth * self.campaign[:, None, None] + shares * self.day[:, None, :]
        if self.jump.any():
            product += (shares.reshape(-1, shares.shape[2]) @ self.jump).reshape(shares.shape)
        return np.asarray(product + self.level * shares.sum(axis=2, keepdims=True))


@dataclass(frozen=True)
class _Modes:
    """The Gaussian proposal at B global parameters."""

    mode: Array  # (B, D)
    ratio: Array  # (B, S)
    shares: Array  # (B, n, D): J
    pseudo: Array  # (B, n): z
    variance: Array  # (B, n): V
    evidence: Array  # (B,) Laplace


def fit_process(data: Increments, scales: Scales, n_draws: int, random: np.random.Generator) -> Posterior:
    """Adapt a proposal of the global parameters, draw everything, weigh and resample."""
    centre = np.log(scales.globals[:, 0])
    factor = np.diag(scales.globals[:, 1])
    points = centre + random.standard_normal((_ROUNDS[0], 5)) @ factor.T
    start = None
    log_proposed = _log_student(points, centre, factor, np.inf)
    for n_points in _ROUNDS[1:]:
        modes = _find_modes(data, scales, points, start)
        log_weights = modes.evidence + _log_prior(points, scales) - log_proposed
        weights = _tempered(log_weights)
        start = modes.mode[np.argmax(weights)]
        centre = weights @ points
        spread = points - centre
        covariance = (weights * spread.T) @ spread
        # never narrower than a twentieth of the prior: a few points may lie on a line
        factor = np.linalg.cholesky(1.2 * covariance + np.diag((0.05 * scales.globals[:, 1]) ** 2))
        normal = random.standard_normal((n_points, 5))
        chi = random.chisquare(_PROPOSAL_FREEDOM, n_points) / _PROPOSAL_FREEDOM
        points = centre + (normal / np.sqrt(chi)[:, None]) @ factor.T
        log_proposed = _log_student(points, centre, factor, _PROPOSAL_FREEDOM)
    modes = _find_modes(data, scales, points, start)
    drawn = _draw(data, scales, points, modes, random)
    log_weights = drawn["log_weight"] + (_log_prior(points, scales) - log_proposed)[:, None]
    flat = log_weights.ravel()
    top = flat.max()
    by_point = np.log(np.exp(log_weights - top).mean(axis=1) + np.finfo(float).tiny)
    shares = np.cumsum(np.exp(flat - top))
    where = (np.arange(n_draws) + random.random()) / n_draws * shares[-1]
    chosen = random.permutation(np.minimum(np.searchsorted(shares, where), len(flat) - 1))
    point, draw = np.divmod(chosen, _PER_GLOBAL)
    values = np.exp(points[point])
    return Posterior(
        log_rate=drawn["rate"][point, draw],
        ratio=drawn["ratio"][point, draw],
        level=drawn["level"][point, draw],
        first=drawn["first"][point, draw],
        last=drawn["last"][point, draw],
        delay=delay_parameters(values[:, 0], values[:, 1], scales.family),
        spread=values[:, 2],
        day=values[:, 3],
        campaign=values[:, 4],
        pareto_k=pareto_shape(flat),
        effective=effective_size(flat),
        effective_globals=effective_size(by_point),
        evidence=float(top + np.log(np.exp(flat - top).mean())),
    )


def delay_parameters(median: Array, shape: Array, family: str) -> Array:
    """Parameters that `discrete_cdf` takes, of a delay with a median (days) and a shape."""
    if family == "weibull":
        return np.stack([shape, median / np.log(2) ** (1 / shape)], axis=-1)
    return np.stack([np.log(median), 1 / shape], axis=-1)


def weights_of(data: Increments, delay: Array, family: str) -> Array:
    """Persons each increment expects for one release a day in each block, shape (B, n, D)."""
    most = int(data.lag.max(initial=0))
    reached = discrete_cdf(family, delay, np.arange(most + 1))  # (B, most + 1)
    table = np.concatenate([np.zeros((len(reached), 1)), reached], axis=1)
    per_day = table[:, data.lag + 1]  # (B, n_reports, T)
    blocks = np.add.reduceat(per_day, data.first_day, axis=2)
    blocks += np.add.reduceat(data.fixed, data.first_day, axis=1)
    return np.maximum(np.einsum("nr,brd->bnd", data.combine, blocks, optimize=True), 0.0)


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
    day = np.exp(points[:, 3])[:, None] ** 2
    of_block = np.log1p(np.expm1(day) / data.width[None, :])
    return _Prior(
        mean=scales.level[0] + 0.5 * (day - of_block),
        smooth=campaign_covariance(data.centre, data.centre, scales.memory),
        jump=jump_covariance(data.centre, data.centre, data.jumps, scales.jump, scales.memory),
        day=of_block,
        campaign=np.exp(points[:, 4]) ** 2,
        level=scales.level[1] ** 2,
    )


def _find_modes(data: Increments, scales: Scales, points: Array, start: Array | None) -> _Modes:
    """Gauss-Newton for all global parameters at once, steps halved where they go down."""
    prior = _prior(data, scales, points)
    values = np.exp(points)
    weights = weights_of(data, delay_parameters(values[:, 0], values[:, 1], scales.family), scales.family)
    spread = values[:, 2:3]
    n_points, n_rows = len(points), len(data.count)
    chosen = data.ratio_covariance[np.ix_(data.series, data.series)]
    # first guess: every increment at its own count, shared out over days as at a mode known already
    base = np.zeros(prior.mean.shape[1]) if start is None else start
    moved = weights @ np.exp(base) + _FLOOR
    shares = weights * np.exp(base) / moved[:, :, None]
    pseudo = np.log((data.count + 0.5) / moved) + shares @ base
    noise = np.where(data.kind >= ROBUST, data.error**2, (1 + spread) / (data.count + 0.5))
    x, ratio, dual_x, dual_ratio = _solve(data, prior, chosen, shares, pseudo, noise)
    value, score, information, shares = _log_posterior(
        data, prior, weights, spread, x, ratio, dual_x, dual_ratio
    )
    for _ in range(_STEPS):
        pseudo = np.einsum("bnd,bd->bn", shares, x) + ratio[:, data.series] + score / information
        new = _solve(data, prior, chosen, shares, pseudo, 1 / information)
        step = np.ones(n_points)
        best = value.copy()
        state = [x, ratio, dual_x, dual_ratio]
        found = [part.copy() for part in state]
        left = np.ones(n_points, dtype=bool)
        for _ in range(6):
            trial = [old + step[:, None] * (goal - old) for old, goal in zip(state, new, strict=True)]
            reached, *_ = _log_posterior(data, prior, weights, spread, *trial)
            better = left & (reached >= value - 1e-9)
            for part, candidate in zip(found, trial, strict=True):
                part[better] = candidate[better]
            best[better] = reached[better]
            left &= ~better
            if not left.any():
                break
            step[left] *= 0.4
        gained = float((best - value).max())
        x, ratio, dual_x, dual_ratio = found
        value, score, information, shares = _log_posterior(
            data, prior, weights, spread, x, ratio, dual_x, dual_ratio
        )
        if gained < _GAIN:
            break
    variance = _WIDER / information
    pseudo = np.einsum("bnd,bd->bn", shares, x) + ratio[:, data.series] + score / information
    covariance = _shared(data, prior, chosen, shares)[0]
    root = np.sqrt(information)
    inner = np.eye(n_rows) + root[:, :, None] * covariance * root[:, None, :]
    evidence = value - np.log(np.einsum("bnn->bn", np.linalg.cholesky(inner))).sum(axis=1)
    return _Modes(x, ratio, shares, pseudo, variance, evidence)


def _shared(data: Increments, prior: _Prior, chosen: Array, shares: Array) -> tuple[Array, Array]:
    """J K J' with the ratios, and K J' of the intensity."""
    gain = prior.times(shares)
    return np.matmul(gain, shares.transpose(0, 2, 1)) + chosen, gain


def _solve(
    data: Increments, prior: _Prior, chosen: Array, shares: Array, pseudo: Array, noise: Array
) -> tuple[Array, Array, Array, Array]:
    """Posterior mean given linear observations; also its image under the inverse of the covariance."""
    covariance, gain = _shared(data, prior, chosen, shares)
    n_rows = pseudo.shape[1]
    covariance[:, np.arange(n_rows), np.arange(n_rows)] += noise
    expected = np.einsum("bnd,bd->bn", shares, prior.mean) + data.ratio_mean[data.series]
    dual = np.linalg.solve(covariance, (pseudo - expected)[:, :, None])[:, :, 0]
    to_series = np.zeros((n_rows, len(data.ratio_mean)))
    to_series[np.arange(n_rows), data.series] = 1
    dual_ratio = dual @ to_series
    return (
        prior.mean + np.einsum("bnd,bn->bd", gain, dual),
        data.ratio_mean + dual_ratio @ data.ratio_covariance,
        np.einsum("bnd,bn->bd", shares, dual),
        dual_ratio,
    )


def _log_posterior(
    data: Increments,
    prior: _Prior,
    weights: Array,
    spread: Array,
    x: Array,
    ratio: Array,
    dual_x: Array,
    dual_ratio: Array,
) -> tuple[Array, Array, Array, Array]:
    """Log posterior, score and information in the log means, and the shares of blocks in each."""
    rate = np.exp(np.minimum(x, 30.0))
    total = np.einsum("bnd,bd->bn", weights, rate) + _FLOOR
    log_mean = np.log(total) + ratio[:, data.series]
    likelihood, score, information = _likelihood(data, log_mean, spread)
    quadratic = (dual_x * (x - prior.mean)).sum(axis=1) + (dual_ratio * (ratio - data.ratio_mean)).sum(axis=1)
    shares = weights * rate[:, None, :] / total[:, :, None]
    return likelihood - 0.5 * quadratic, score, information, shares


def _likelihood(data: Increments, log_mean: Array, spread: Array) -> tuple[Array, Array, Array]:
    """Log likelihood summed over increments, and score and information of each log mean."""
    mean = np.exp(np.minimum(log_mean, 30.0))
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
        score[at] = score_batches(count[at], mean[at], wide[at])
    if robust.any():
        at = (..., robust)
        error = np.log(data.count[robust] + 0.5) - log_mean[at]
        # a figure said to be a lower bound may well be far below
        scale = data.error[robust] * np.where((data.kind[robust] == ROBUST_LEAST) & (error < 0), 2.0, 1.0)
        value[at] = -0.5 * (_FREEDOM + 1) * np.log1p(error**2 / (_FREEDOM * scale**2))
        score[at] = (_FREEDOM + 1) * error / (_FREEDOM * scale**2 + error**2)
        information[at] = (_FREEDOM + 1) / (_FREEDOM + 3) / scale**2
    for row in np.flatnonzero(data.kind == LEAST):
        nodes, log_width = _nodes(data, int(row))
        high = count[..., row, None] + nodes
        terms = log_batches(high, mean[..., row, None], wide[..., row, None])
        terms = terms + log_excess(nodes, data.error[row]) + log_width
        slope = score_batches(high, mean[..., row, None], wide[..., row, None])
        following = int(data.following[row])
        if following >= 0:
            rest = data.count[following] - nodes
            terms = terms + log_batches(rest, mean[..., following, None], wide[..., following, None])
        top = terms.max(axis=-1, keepdims=True)
        share = np.exp(terms - top)
        total = share.sum(axis=-1, keepdims=True)
        share /= total
        value[..., row] += (top + np.log(total))[..., 0]
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


def _draw(
    data: Increments, scales: Scales, points: Array, modes: _Modes, random: np.random.Generator
) -> dict[str, Array]:
    """Draw x and the ratios at each global parameter, with the log weight of each draw."""
    prior = _prior(data, scales, points)
    values = np.exp(points)
    weights = weights_of(data, delay_parameters(values[:, 0], values[:, 1], scales.family), scales.family)
    n_points, n_blocks = modes.mode.shape
    n_rows, n_series = len(data.count), len(data.ratio_mean)
    shape = (n_points, _PER_GLOBAL)
    ends = np.array([0, n_blocks - 1])
    smooth = np.linalg.cholesky(prior.smooth + _JITTER * np.eye(n_blocks))
    campaign = np.sqrt(prior.campaign)[:, None, None] * (
        random.standard_normal((*shape, n_blocks)) @ smooth.T
    )
    if prior.jump.any():
        jump = np.linalg.cholesky(prior.jump + _JITTER * np.eye(n_blocks))
        campaign += random.standard_normal((*shape, n_blocks)) @ jump.T
    level = np.sqrt(prior.level) * random.standard_normal(shape)
    x = campaign + level[:, :, None] + prior.mean[:, None, :]
    x += np.sqrt(prior.day)[:, None, :] * random.standard_normal((*shape, n_blocks))
    root = np.linalg.cholesky(data.ratio_covariance + _JITTER * np.eye(n_series))
    ratio = data.ratio_mean + random.standard_normal((*shape, n_series)) @ root.T
    chosen = data.ratio_covariance[np.ix_(data.series, data.series)]
    covariance, gain = _shared(data, prior, chosen, modes.shares)
    covariance[:, np.arange(n_rows), np.arange(n_rows)] += modes.variance
    residual = (
        modes.pseudo[:, None, :] - np.matmul(x, modes.shares.transpose(0, 2, 1)) - ratio[:, :, data.series]
    )
    residual += np.sqrt(modes.variance)[:, None, :] * random.standard_normal((*shape, n_rows))
    dual = np.linalg.solve(covariance, residual.transpose(0, 2, 1)).transpose(0, 2, 1)
    x += np.matmul(dual, gain)
    to_series = np.zeros((n_rows, n_series))
    to_series[np.arange(n_rows), data.series] = 1
    ratio += dual @ to_series @ data.ratio_covariance
    level += prior.level * np.einsum("bsn,bn->bs", dual, modes.shares.sum(axis=2))
    toward = np.matmul(modes.shares, prior.smooth[:, ends]) * prior.campaign[:, None, None]
    toward += np.matmul(modes.shares, prior.jump[:, ends])
    at_ends = campaign[:, :, ends] + np.matmul(dual, toward)
    # weights
    rate = np.exp(np.minimum(x, 30.0))
    total = np.matmul(rate, weights.transpose(0, 2, 1)) + _FLOOR
    log_mean = np.log(total) + ratio[:, :, data.series]
    likelihood, _, _ = _likelihood(data, log_mean, values[:, 2][:, None, None])
    off = modes.pseudo[:, None, :] - np.matmul(x, modes.shares.transpose(0, 2, 1)) - ratio[:, :, data.series]
    variance = modes.variance[:, None, :]
    proposed = -0.5 * (off**2 / variance + np.log(2 * np.pi * variance)).sum(axis=2)
    expected = np.einsum("bnd,bd->bn", modes.shares, prior.mean) + data.ratio_mean[data.series]
    factor = np.linalg.cholesky(covariance)
    scaled = np.linalg.solve(factor, (modes.pseudo - expected)[:, :, None])[:, :, 0]
    evidence = -0.5 * (scaled**2).sum(axis=1) - np.log(np.einsum("bnn->bn", factor)).sum(axis=1)
    evidence -= 0.5 * n_rows * np.log(2 * np.pi)
    return {
        "rate": x,
        "ratio": ratio,
        "level": scales.level[0] + level,
        "first": at_ends[:, :, 0],
        "last": at_ends[:, :, 1],
        "log_weight": likelihood - proposed + evidence[:, None],
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
