"""Delays in whole days: distributions, right-truncated likelihoods, reverse hazards, what is still to come.

A release of day t verified on day t + d has delay d. With T the last day that the data could know, y[t, d]
verified releases are seen for t + d <= T only, so a case of day t is seen with probability f(d)/F(T - t).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, expit, gammaln, log_expit, ndtr

from detcount._numerics.importance import effective_size, largest_power, pareto_shape, rows_by_weight
from detcount.errors import ConvergenceError

__all__ = [
    "FAMILIES",
    "FromTotals",
    "HazardFit",
    "Posterior",
    "Prior",
    "ReverseHazard",
    "Triangle",
    "daily_rates",
    "discrete_cdf",
    "discrete_pmf",
    "draw_pending",
    "draw_reverse_cdf",
    "fit_hazard",
    "from_median",
    "generalised_dirichlet",
    "log_likelihood",
    "log_likelihood_of_totals",
    "negative_binomial",
    "pending_mean",
    "pending_quantiles",
    "prediction_variance",
    "reverse_hazard",
    "sample_posterior",
    "triangle",
]

FAMILIES = ("weibull", "log-normal")

_LOG_TWO = float(np.log(2.0))
_TINY = 1e-300
_STEP = 1e-3  # of a finite difference; parameters are logarithms and logits
_DECREMENT = 1e-8  # what a Newton step could still gain
_NEWTON = 200
_FREEDOM = 6  # of the Student t proposed
_WORTH = 0.3  # effective share of the proposals at which they are good enough
_PARETO = 0.5  # shape of the largest weights, at most
_STAGES = 200
_MOVES = 6
_MU_NODES = np.linspace(-3.0, 3.0, 17)  # log mean releases a day, around the one that the counts suggest
_SIZE_NODES = np.log(np.geomspace(0.05, 60.0, 13))  # spread between days: far from Poisson to Poisson
_CELLS = 4_000_000  # numbers held at a time
_BUDGET = 20_000_000  # numbers worked on for the rates of a day
_SETTLED = 1e-5  # a share that moves by less between draws is taken as known
_WALKS = (0.25, 0.5, 1.0, 2.0)  # standard deviations tried for steps of the hazard, and for report days
_FIRST_HAZARD = (-1.5, 2.0)  # mean and standard deviation of the logit of the hazard on day 0

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def discrete_cdf(family: str, parameters: ArrayLike, days: ArrayLike) -> Floats:
    """Probability of a delay of at most so many whole days, F(d) = cdf(d + 1); 0 for negative days.

    Parameters of "weibull" are shape and scale (days), cdf(x) = 1 - exp(-(x/scale)^shape); of
    "log-normal" mean and standard deviation of log days, cdf(x) = Phi((log x - mean)/sd).
    Parameters of shape (..., 2) and days of shape (n,) give shape (..., n).
    """
    pair = np.asarray(parameters, dtype=np.float64)[..., None, :]
    first, second = pair[..., 0], pair[..., 1]
    whole = np.asarray(days, dtype=np.float64)
    log_x = np.log(np.maximum(whole, 0.0) + 1.0)
    if family == "weibull":
        # beyond exp(50) the probability left is 0 to the last bit
        power = np.exp(np.minimum(first * (log_x - np.log(second)), 50.0))
        below: Floats = -np.expm1(-power)
    elif family == "log-normal":
        below = ndtr((log_x - first) / second)
    else:
        raise ValueError(f"no delay family {family!r}: expected one of {FAMILIES}")
    return np.where(whole >= 0, below, 0.0)


def discrete_pmf(family: str, parameters: ArrayLike, longest: int) -> Floats:
    """Probability of each delay from 0 to the longest, F(d) - F(d - 1)."""
    cdf = discrete_cdf(family, parameters, np.arange(-1, longest + 1))
    return np.maximum(np.diff(cdf, axis=-1), _TINY)


def from_median(family: str, coordinates: ArrayLike) -> Floats:
    """Parameters of a family from (log median in days, log shape or log standard deviation)."""
    values = np.asarray(coordinates, dtype=np.float64)
    log_median, log_second = values[..., 0], values[..., 1]
    second = np.exp(np.clip(log_second, -30.0, 30.0))
    if family == "weibull":
        log_scale = log_median - np.log(_LOG_TWO) / second
        return np.stack([second, np.exp(np.clip(log_scale, -600.0, 600.0))], axis=-1)
    return np.stack([log_median, second], axis=-1)


@dataclass(frozen=True)
class Triangle:
    """Verified releases by day of release and delay, as known on one day.

    Parameters
    ----------
    counts : ndarray of int64, shape (n_days, D + 1)
        Verified releases; those that can not yet be known are 0.
    ages : ndarray of int64, shape (n_days,)
        Days from each release day to the last day known, T - t.
    """

    counts: Ints
    ages: Ints

    @property
    def verified(self) -> Ints:
        """Verified so far by day of release, persons."""
        return np.asarray(self.counts.sum(axis=1), dtype=np.int64)

    @property
    def longest(self) -> int:
        """Longest delay that has a column."""
        return int(self.counts.shape[1]) - 1


def triangle(release: Ints, delay: Ints, *, n_days: int, longest: int) -> Triangle:
    """Count cases by day of release (0 to n_days - 1, the last day known) and delay.

    Delays beyond the longest are counted there.
    """
    counts = np.zeros((n_days, longest + 1), dtype=np.int64)
    np.add.at(counts, (release, np.minimum(delay, longest)), 1)
    return Triangle(counts, np.arange(n_days, dtype=np.int64)[::-1].copy())


def log_likelihood(family: str, parameters: Floats, data: Triangle) -> Floats:
    """Log likelihood of right-truncated delays in whole days, for parameters of shape (..., 2)."""
    by_delay = data.counts.sum(axis=0)
    verified = data.verified
    pmf = discrete_pmf(family, parameters, data.longest)
    reached = np.maximum(discrete_cdf(family, parameters, data.ages[verified > 0]), _TINY)
    seen: Floats = np.log(pmf) @ by_delay - np.log(reached) @ verified[verified > 0]
    return seen


@dataclass(frozen=True)
class FromTotals:
    """Successive totals of one window of release days, by one monitor.

    Parameters
    ----------
    delays : ndarray of int64, shape (n_looks, n_days)
        Days from each release day of the window to each look, negative before it.
    increments : ndarray of int64, shape (n_looks,)
        Verified since the look before, persons; the first since the beginning.
    """

    delays: Ints
    increments: Ints


def log_likelihood_of_totals(family: str, parameters: Floats, windows: list[FromTotals]) -> Floats:
    """Log likelihood of the increments given the last total of each window.

    Release days within a window are equally likely.
    """
    total = np.zeros(np.shape(parameters)[:-1])
    for window in windows:
        n_looks, n_days = window.delays.shape
        share = discrete_cdf(family, parameters, window.delays.ravel())
        share = share.reshape(*np.shape(parameters)[:-1], n_looks, n_days).mean(axis=-1)
        steps = np.diff(share, axis=-1, prepend=0.0)
        total = total + np.log(np.maximum(steps, _TINY)) @ window.increments
        total = total - np.log(np.maximum(share[..., -1], _TINY)) * window.increments.sum()
    return np.asarray(total)


@dataclass(frozen=True)
class Prior:
    """Independent priors: normal coordinates first, then logits of probabilities that are beta.

    Parameters
    ----------
    mean, deviation : ndarray of float64, shape (m,)
        Of the normal coordinates.
    a, b : ndarray of float64, shape (k,)
        Parameters of the beta distributions.
    """

    mean: Floats
    deviation: Floats
    a: Floats
    b: Floats

    def log_density(self, points: Floats) -> Floats:
        """Log density of rows of coordinates, without its constant."""
        m = len(self.mean)
        normal = -0.5 * (((points[..., :m] - self.mean) / self.deviation) ** 2).sum(axis=-1)
        logits = points[..., m:]
        return np.asarray(normal + (self.a * log_expit(logits) + self.b * log_expit(-logits)).sum(axis=-1))

    def draw(self, n_draws: int, random: np.random.Generator) -> Floats:
        """Draw rows of coordinates."""
        normal = self.mean + self.deviation * random.standard_normal((n_draws, len(self.mean)))
        one, two = (random.standard_gamma(shape, (n_draws, len(shape))) for shape in (self.a, self.b))
        return np.concatenate([normal, np.log(np.maximum(one, _TINY) / np.maximum(two, _TINY))], axis=1)


@dataclass(frozen=True)
class Posterior:
    """Draws from a posterior of a few parameters.

    Parameters
    ----------
    mode : ndarray of float64, shape (p,)
        Where the density is highest.
    draws : ndarray of float64, shape (n_draws, p)
        Draws, equally weighted.
    worth : float
        Independent draws that those they were resampled from are worth.
    """

    mode: Floats
    draws: Floats
    worth: float


def sample_posterior(
    log_likelihood: Callable[[Floats], Floats],
    prior: Prior,
    start: Floats,
    *,
    n_draws: int,
    random: np.random.Generator,
) -> Posterior:
    """Draw by importance from a Student t around the mode or, where that fits badly, by tempering.

    Tempering lets the likelihood in step by step, from draws of the prior: each step resamples, and moves
    the draws by random-walk Metropolis. The likelihood takes rows of parameters.
    """

    def log_density(points: Floats) -> Floats:
        return log_likelihood(points) + prior.log_density(points)

    mode, precision = maximise(log_density, start)
    factor = np.linalg.cholesky(np.linalg.inv(precision))
    n_proposed = 2 * n_draws
    dimension = len(mode)
    normal = random.standard_normal((n_proposed, dimension))
    chi = random.chisquare(_FREEDOM, size=n_proposed) / _FREEDOM
    scaled = normal / np.sqrt(chi)[:, None]
    points = mode + scaled @ factor.T
    log_weights = log_density(points) + 0.5 * (_FREEDOM + dimension) * np.log1p(
        (scaled**2).sum(axis=1) / _FREEDOM
    )
    worth = effective_size(log_weights)
    if worth >= _WORTH * n_proposed and pareto_shape(log_weights) < _PARETO:
        return Posterior(mode, points[rows_by_weight(log_weights, n_draws, random)], worth)
    return Posterior(mode, _tempered(log_likelihood, prior, n_draws, random), float(n_draws))


def _tempered(
    log_likelihood: Callable[[Floats], Floats], prior: Prior, n_draws: int, random: np.random.Generator
) -> Floats:
    """Draw from a posterior by sequential Monte Carlo from the prior."""
    points = prior.draw(n_draws, random)
    likelihood = log_likelihood(points)
    power = 0.0
    for _ in range(_STAGES):
        power, step = _next_power(power, likelihood)
        chosen = rows_by_weight(step * likelihood, n_draws, random)
        points, likelihood = points[chosen], likelihood[chosen]
        current = power * likelihood + prior.log_density(points)
        # differences of two draws follow a ridge wherever it bends
        size = 2.38 / np.sqrt(2 * points.shape[1])
        for move in range(_MOVES if power < 1 else 3 * _MOVES):
            one, two = points[random.permutation(n_draws)], points[random.permutation(n_draws)]
            scale = size * (1.0, 0.3, 0.1)[move % 3]
            jitter = 1e-3 * points.std(axis=0) * random.standard_normal(points.shape)
            trial = points + scale * (one - two) + jitter
            trial_likelihood = log_likelihood(trial)
            trial_density = power * trial_likelihood + prior.log_density(trial)
            taken = np.log(random.random(n_draws)) < trial_density - current
            points = np.where(taken[:, None], trial, points)
            likelihood = np.where(taken, trial_likelihood, likelihood)
            current = np.where(taken, trial_density, current)
        if power == 1.0:
            return points
    raise ConvergenceError(f"the posterior was not reached in {_STAGES} steps of tempering", last=points)


def _next_power(power: float, likelihood: Floats) -> tuple[float, float]:
    """Next share of the likelihood, at which half of the draws are still worth something, and the step."""
    if effective_size((1.0 - power) * likelihood) >= 0.5 * len(likelihood):
        return 1.0, 1.0 - power
    low = largest_power(lambda step: step * likelihood, 0.5 * len(likelihood), 0.0, 1.0 - power)
    step = max(low, 1e-12)
    return power + step, step


def maximise(log_density: Callable[[Floats], Floats], start: Floats) -> tuple[Floats, Floats]:
    """Mode of a smooth log density, and the negative second derivative there, by finite differences."""
    point = np.array(start, dtype=np.float64)
    value = float(log_density(point[None])[0])
    ridge = 1e-3
    for _ in range(_NEWTON):
        gradient, curvature = _derivatives(log_density, point)
        precision = _positive(curvature)
        moved = False
        for _ in range(40):
            step = np.linalg.solve(precision + ridge * np.diag(np.diag(precision)), gradient)
            step *= min(1.0, 2.0 / max(float(np.abs(step).max()), _TINY))
            trial = float(log_density((point + step)[None])[0])
            if trial >= value:
                gain, moved = trial - value, True
                point, value = point + step, trial
                ridge = max(ridge / 10.0, 1e-9)
                break
            ridge = min(max(ridge, 1e-6) * 10.0, 1e12)
        if not moved or gain < _DECREMENT:
            break
    return point, _positive(_derivatives(log_density, point)[1])


def _derivatives(log_density: Callable[[Floats], Floats], point: Floats) -> tuple[Floats, Floats]:
    """Gradient and negative second derivative by central differences, in one call."""
    n = len(point)
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    unit = np.eye(n) * _STEP
    moves = [np.zeros(n), *unit, *(-unit)]
    for i, j in pairs:
        moves += [unit[i] + unit[j], -unit[i] - unit[j]]
    values = log_density(point + np.array(moves))
    here, up, down = values[0], values[1 : n + 1], values[n + 1 : 2 * n + 1]
    curvature = np.diag(-(up - 2 * here + down)) / _STEP**2
    for k, (i, j) in enumerate(pairs):
        both = values[2 * n + 1 + 2 * k] + values[2 * n + 2 + 2 * k]
        mixed = (both - up[i] - down[i] - up[j] - down[j] + 2 * here) / (2 * _STEP**2)
        curvature[i, j] = curvature[j, i] = -mixed
    return (up - down) / (2 * _STEP), curvature


def _positive(matrix: Floats) -> Floats:
    """A symmetric matrix with eigenvalues no lower than a floor."""
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.maximum(np.abs(values), 1e-2)) @ vectors.T)


@dataclass(frozen=True)
class ReverseHazard:
    """Counts that reverse hazards are made of.

    Parameters
    ----------
    events : ndarray of int64, shape (D + 1,)
        Verified after exactly d days, of releases at least d days old.
    at_risk : ndarray of int64, shape (D + 1,)
        Verified after d days or fewer, of the same releases.
    """

    events: Ints
    at_risk: Ints

    @property
    def hazard(self) -> Floats:
        """Share of those verified within d days that were verified on day d; 1 on day 0."""
        share = self.events / np.maximum(self.at_risk, 1)
        share[0] = 1.0
        return np.asarray(share, dtype=np.float64)

    @property
    def cdf(self) -> Floats:
        """F(d), the product of 1 - g over longer delays; 1 at D."""
        return _from_reverse(self.hazard)

    @property
    def log_cdf_variance(self) -> Floats:
        """Variance of log F(d): the sum of g/(N(1 - g)) over longer delays; F = 0 has none."""
        g = self.hazard[1:]
        n = self.at_risk[1:]
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = np.where((g > 0) & (g < 1), g / (n * (1 - g)), 0.0)
        return np.append(np.cumsum(terms[::-1])[::-1], 0.0)


def reverse_hazard(data: Triangle) -> ReverseHazard:
    """Events and verified at risk by delay, over releases old enough for the delay to be seen."""
    delays = np.arange(data.longest + 1)
    old_enough = data.ages[:, None] >= delays[None, :]
    within = np.cumsum(data.counts, axis=1)
    return ReverseHazard(
        np.where(old_enough, data.counts, 0).sum(axis=0), np.where(old_enough, within, 0).sum(axis=0)
    )


def _from_reverse(hazard: Floats) -> Floats:
    """F(d) for d = 0 to D from reverse hazards of shape (..., D + 1)."""
    longer = np.cumprod((1.0 - hazard[..., :0:-1]), axis=-1)[..., ::-1]
    return np.concatenate([longer, np.ones((*hazard.shape[:-1], 1))], axis=-1)


def draw_reverse_cdf(counts: ReverseHazard, n_draws: int, random: np.random.Generator) -> Floats:
    """Draw F from the large-sample normal distribution of the log(1 - g), shape (n_draws, D + 1)."""
    g, n = counts.hazard[1:], counts.at_risk[1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.where((g > 0) & (g < 1), g / (n * (1 - g)), 0.0)
    logs = np.log(np.maximum(1 - g, _TINY)) + np.sqrt(variance) * random.standard_normal((n_draws, len(g)))
    below = np.cumsum(np.minimum(logs, 0.0)[:, ::-1], axis=1)[:, ::-1]
    return np.concatenate([np.exp(below), np.ones((n_draws, 1))], axis=1)


def prediction_variance(verified: Floats, cdf: Floats, log_cdf_variance: Floats) -> Floats:
    """Variance of the error of Y/F: Y (Y + 1) var(F)/F^4 + Y (1 - F)/F^2."""
    first = verified * (verified + 1) * log_cdf_variance / cdf**2
    return np.asarray(first + verified * (1 - cdf) / cdf**2)


def generalised_dirichlet(
    counts: ReverseHazard, concentration: float, n_draws: int, random: np.random.Generator
) -> Floats:
    """Draw F from its exact posterior under a symmetric Dirichlet prior of the delays 0 to D.

    Reverse hazards are then independent, g_d ~ Beta(k + n_d, k d + N_d - n_d).
    """
    d = np.arange(1, len(counts.events))
    hazard = np.ones((n_draws, len(d) + 1))
    hazard[:, 1:] = random.beta(
        concentration + counts.events[1:],
        concentration * d + counts.at_risk[1:] - counts.events[1:],
        size=(n_draws, len(d)),
    )
    return _from_reverse(hazard)


@dataclass(frozen=True)
class HazardFit:
    """A discrete-time hazard with report-day effects.

    Parameters
    ----------
    cdf : ndarray of float64, shape (n_draws, D + 1)
        F(d) on report days without an effect.
    shares : ndarray of float64, shape (n_draws, n_days)
        Share of the releases of each day that are verified by the last day known.
    effects : ndarray of float64, shape (n_draws, n_effects)
        Effects of report days on the logit of the hazard.
    """

    cdf: Floats
    shares: Floats
    effects: Floats


def fit_hazard(
    data: Triangle, report_day: Ints, *, n_effects: int, n_draws: int, random: np.random.Generator
) -> HazardFit:
    """Posterior of logit h[t, d] = gamma[d] + delta[t + d], with h[t, D] = 1, by Laplace.

    gamma is a random walk over delays, delta[k] normal around 0 for the report days numbered k; the two
    standard deviations are averaged over by their evidence. The likelihood is that of right-truncated
    delays.

    Parameters
    ----------
    data : Triangle
        Verified releases.
    report_day : ndarray of int64, shape (n_days,)
        Number of the effect of each day, -1 for none; days as in the triangle.
    n_effects : int
        Number of effects.
    n_draws : int
        Draws.
    random : numpy.random.Generator
        Source of the draws.
    """
    n_days, longest = len(data.ages), data.longest
    rows, columns = np.nonzero(np.minimum(data.ages, longest - 1)[:, None] >= np.arange(longest)[None, :])
    effect = report_day[rows + columns]
    fits = []
    for walk in _WALKS:
        for spread in _WALKS if n_effects else (1.0,):
            prior = np.zeros((longest + n_effects, longest + n_effects))
            steps = np.diff(np.eye(longest), axis=0)
            prior[:longest, :longest] = steps.T @ steps / walk**2
            prior[0, 0] += 1 / _FIRST_HAZARD[1] ** 2
            prior[longest:, longest:] = np.eye(n_effects) / spread**2
            fits.append(_laplace_hazard(data, rows, columns, effect, prior))
    log_evidence = np.array([fit[2] for fit in fits])
    weights = np.exp(log_evidence - log_evidence.max())
    which = random.choice(len(fits), size=n_draws, p=weights / weights.sum())
    theta = np.empty((n_draws, longest + n_effects))
    for k in np.unique(which):
        mode, precision, _ = fits[k]
        normal = random.standard_normal((int((which == k).sum()), len(mode)))
        theta[which == k] = mode + np.linalg.solve(np.linalg.cholesky(precision).T, normal.T).T
    gamma, delta = theta[:, :longest], theta[:, longest:]
    survival = np.cumprod(expit(-gamma), axis=1)
    cdf = np.concatenate([1 - survival, np.ones((n_draws, 1))], axis=1)
    shares = np.ones((n_draws, n_days))
    padded = np.concatenate([delta, np.zeros((n_draws, 1))], axis=1)
    for t in np.flatnonzero(data.ages < longest):
        d = np.arange(data.ages[t] + 1)
        log_left = -np.logaddexp(0.0, gamma[:, d] + padded[:, report_day[t + d]]).sum(axis=1)
        shares[:, t] = -np.expm1(log_left)
    return HazardFit(cdf, np.maximum(shares, _TINY), delta)


def _laplace_hazard(
    data: Triangle, rows: Ints, columns: Ints, effect: Ints, prior: Floats
) -> tuple[Floats, Floats, float]:
    """Mode, precision there and log evidence of a hazard under one normal prior."""
    n_days, longest = len(data.ages), data.longest
    n_cells = len(rows)
    design = np.zeros((n_cells, len(prior)))
    design[np.arange(n_cells), columns] = 1.0
    has = effect >= 0
    design[np.flatnonzero(has), longest + effect[has]] = 1.0
    events = data.counts[rows, columns].astype(np.float64)
    later = np.cumsum(data.counts[:, ::-1], axis=1)[:, ::-1]
    at_risk = later[rows, columns].astype(np.float64)
    open_days = data.ages < longest
    verified = data.verified.astype(np.float64)

    def value(theta: Floats) -> tuple[float, Floats, Floats]:
        eta = design @ theta
        log_left = np.zeros(n_days)
        np.add.at(log_left, rows, -np.logaddexp(0.0, eta))
        seen = np.where(open_days, np.log(np.maximum(-np.expm1(log_left), _TINY)), 0.0)
        # after day d - 1 of the last column everybody is verified on day D, at no cost
        log_density = events @ eta - at_risk @ np.logaddexp(0.0, eta) - verified @ seen
        away = theta.copy()
        away[:longest] -= _FIRST_HAZARD[0]
        return float(log_density - 0.5 * away @ prior @ away), eta, log_left

    theta = np.zeros(len(prior))
    theta[:longest] = _FIRST_HAZARD[0]
    centre = theta.copy()
    best, eta, log_left = value(theta)
    precision = prior
    for _ in range(_NEWTON):
        h = expit(eta)
        left = np.exp(log_left)
        odds = np.where(open_days, left / np.maximum(-np.expm1(log_left), _TINY), 0.0)
        extra = verified * odds
        gradient = design.T @ (events - (at_risk + extra[rows]) * h) - prior @ (theta - centre)
        weight = (at_risk + extra[rows]) * h * (1 - h)
        complete = (design * weight[:, None]).T @ design + prior
        by_day = np.zeros((n_days, len(prior)))
        np.add.at(by_day, rows, design * h[:, None])
        precision = complete - (by_day * (extra * (1 + odds))[:, None]).T @ by_day
        try:
            np.linalg.cholesky(precision)
            step = np.linalg.solve(precision, gradient)
        except np.linalg.LinAlgError:
            step = np.linalg.solve(complete, gradient)
        size = 1.0
        gain = 0.0
        for _ in range(40):
            trial = value(theta + size * step)
            if trial[0] >= best:
                gain = trial[0] - best
                theta = theta + size * step
                best, eta, log_left = trial
                break
            size *= 0.5
        if gain < _DECREMENT:
            break
    precision = _positive(precision)
    log_evidence = best + 0.5 * np.linalg.slogdet(prior)[1] - 0.5 * np.linalg.slogdet(precision)[1]
    return theta, precision, float(log_evidence)


def negative_binomial(mean: float, variance: float) -> tuple[float, float]:
    """Size and mean of a negative binomial distribution with a variance above its mean."""
    return mean**2 / (variance - mean), mean


def daily_rates(verified: Ints, shares: Floats, random: np.random.Generator) -> Floats:
    """Draw the size and the mean of the negative binomial that the releases of a day come from.

    Y[t] of day t were verified, a share F[t] of its releases. Their numbers are negative binomial with one
    mean and one size for all days; both have a flat prior on a grid of logarithms.

    Parameters
    ----------
    verified : ndarray of int64, shape (n_days,)
        Verified so far, persons.
    shares : ndarray of float64, shape (n_draws, n_days)
        Share verified, a row for each draw of the delay.
    random : numpy.random.Generator
        Source of the draws.

    Returns
    -------
    ndarray of float64, shape (n_draws, 2)
        Size and mean.
    """
    n_draws = len(shares)
    fixed = np.ptp(shares, axis=0) < _SETTLED
    start = np.log((verified.sum() + 0.5) / shares.mean(axis=0).sum())
    log_mean, log_size = (grid.ravel() for grid in np.meshgrid(start + _MU_NODES, _SIZE_NODES, indexing="ij"))
    size = np.exp(log_size)

    def terms(y: Floats, log_share: Floats) -> Floats:
        """Log probabilities summed over days; y (n,), log_share (b, n), nodes -> (b, nodes)."""
        log_part = log_mean + log_share[..., None]
        both = np.logaddexp(log_size, log_part)
        free = gammaln(size + y[:, None]) - gammaln(size) + size * log_size
        moving = y[:, None] * log_part - (size + y[:, None]) * both
        return np.asarray(free.sum(axis=0) + moving.sum(axis=-2))

    y = verified.astype(np.float64)
    base = terms(y[fixed], np.log(shares[:, fixed].mean(axis=0, keepdims=True)))[0]
    moving = shares[:, ~fixed]
    # draws with about the same shares in common, where they are many
    n_groups = max(1, min(n_draws, _BUDGET // max(1, moving.shape[1] * len(size))))
    group = np.empty(n_draws, dtype=np.int64)
    group[np.argsort(moving.sum(axis=1), kind="stable")] = np.arange(n_draws) * n_groups // n_draws
    means = np.zeros((n_groups, moving.shape[1]))
    np.add.at(means, group, moving)
    means /= np.bincount(group, minlength=n_groups)[:, None]
    log_weights = np.empty((n_groups, len(size)))
    step = max(1, _CELLS // max(1, means.shape[1] * len(size)))
    for k in range(0, n_groups, step):
        log_weights[k : k + step] = base + terms(y[~fixed], np.log(means[k : k + step]))
    log_weights = log_weights[group]
    weights = np.exp(log_weights - log_weights.max(axis=1, keepdims=True))
    below = np.cumsum(weights, axis=1)
    chosen = (below < random.random(n_draws)[:, None] * below[:, -1:]).sum(axis=1)
    chosen = np.minimum(chosen, len(size) - 1)
    return np.stack([size[chosen], np.exp(log_mean[chosen])], axis=1)


def _pending_law(verified: Ints, shares: Floats, rates: Floats) -> tuple[Floats, Floats]:
    """Size and success probability of the negative binomial of those still to come."""
    inverse = (rates[:, 0] / rates[:, 1])[:, None]
    return rates[:, :1] + verified, (inverse + shares) / (inverse + 1.0)


def draw_pending(verified: Ints, shares: Floats, rates: Floats, random: np.random.Generator) -> Ints:
    """Draw, for each draw of the delay and each day, the releases not verified so far."""
    size, success = _pending_law(verified, shares, rates)
    return np.asarray(random.negative_binomial(size, np.minimum(success, 1.0)), dtype=np.int64)


def pending_mean(verified: Ints, shares: Floats, rates: Floats) -> Floats:
    """Mean of the releases not verified so far, by day."""
    size, success = _pending_law(verified, shares, rates)
    return np.asarray((size * (1 - success) / success).mean(axis=0))


def pending_quantiles(verified: Ints, shares: Floats, rates: Floats, levels: ArrayLike) -> Ints:
    """Smallest number that those not verified so far exceed with at most the probability left, by day.

    The distribution is that of the draws of the delay, mixed exactly; shape (n_levels, n_days).
    """
    size, success = _pending_law(verified, shares, rates)
    wanted = np.atleast_1d(np.asarray(levels, dtype=np.float64))
    found = np.zeros((len(wanted), len(verified)), dtype=np.int64)
    for t in np.flatnonzero((success < 1).any(axis=0)):
        n, p = size[:, t], np.minimum(success[:, t], 1.0)

        def below(k: int, n: Floats = n, p: Floats = p) -> float:
            return float(betainc(n, k + 1.0, p).mean())

        for i, level in enumerate(wanted):
            if below(0) >= level:
                continue
            low, high = 0, 1
            while below(high) < level:
                low, high = high, 2 * high
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (low, middle) if below(middle) >= level else (middle, high)
            found[i, t] = high
    return found
