"""Draws of the posterior: a proposal adapted by nested Laplace, and chains that start from it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from detcount._numerics.convergence import effective_sample_size
from detcount._numerics.delay import with_median
from detcount._numerics.importance import effective_size, pareto_shape, positions
from detcount._numerics.process.increments import Increments
from detcount._numerics.process.matrices import Array, root
from detcount._numerics.process.modes import find_modes
from detcount._numerics.process.pattern import pattern_of
from detcount._numerics.process.prior import N_GLOBALS, Scales, log_prior
from detcount._numerics.process.walk import Walk
from detcount._numerics.student import log_student

__all__ = ["Posterior", "fit_process", "nested_r_hat"]

_PROPOSAL_FREEDOM = 8.0  # of the global parameters: thicker tails than their posterior
_ROUNDS = (48, 48, 64)  # global parameters tried in each round
_CHAINS = 64
_SWEEPS = 8  # kept, at least
_WARM_UP = 20  # sweeps left out
_GROUPS = 4  # of chains, by where they began
_LATEST = 15  # blocks at the end whose releases are watched
_LEAST_SIZE = 12.0  # effective number of points that a proposal is adapted to
_ACCEPTED = 0.75  # share of moves accepted that the step is adapted to while warming up
_ADAPTS = 0.3


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


def fit_process(data: Increments, scales: Scales, n_draws: int, random: np.random.Generator) -> Posterior:
    """Adapt a proposal of the global parameters, start chains from it, and walk them."""
    centre = np.log(scales.globals[:, 0])
    factor = np.diag(scales.globals[:, 1])
    pattern = pattern_of(data)
    points = centre + random.standard_normal((_ROUNDS[0], N_GLOBALS)) @ factor.T
    log_proposed = log_student(points, centre, factor, np.inf)
    start = None
    for n_points in _ROUNDS[1:]:
        modes = find_modes(data, pattern, scales, points, start)
        weights = _tempered(modes.evidence + log_prior(points, scales) - log_proposed)
        start = modes.mode[np.argmax(weights)]
        centre = weights @ points
        away = points - centre
        covariance = (weights * away.T) @ away
        # never narrower than a tenth of the prior: a few points may lie on a line
        factor = root(1.3 * covariance + np.diag((0.1 * scales.globals[:, 1]) ** 2))
        normal = random.standard_normal((n_points, N_GLOBALS))
        chi = random.chisquare(_PROPOSAL_FREEDOM, n_points) / _PROPOSAL_FREEDOM
        points = centre + (normal / np.sqrt(chi)[:, None]) @ factor.T
        log_proposed = log_student(points, centre, factor, _PROPOSAL_FREEDOM)
    modes = find_modes(data, pattern, scales, points, start)
    log_weights = modes.evidence + log_prior(points, scales) - log_proposed
    weights = _tempered(log_weights)
    chosen = positions(weights, _CHAINS, random)
    sweeps = max(_SWEEPS, -(-n_draws // _CHAINS))
    walk = Walk(data, pattern, scales, points[chosen], modes, chosen, factor, random)
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
        delay=with_median(scales.family, values[:, 0], values[:, 1]),
        spread=values[:, 2],
        day=values[:, 3],
        campaign=values[:, 4],
        r_hat=r_hats[worst],
        effective=effective,
        worst=worst,
        effective_globals=effective_size(log_weights),
        pareto_k=pareto_shape(log_weights),
    )


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
    names = ("delay median", "delay shape", "cluster spread", "day scale", "campaign scale")
    watched = {name: draws["globals"][:, :, k] for k, name in enumerate(names)}
    watched["level"] = draws["level"]
    watched["likelihood"] = draws["likelihood"]
    rates = np.exp(draws["x"])
    watched["all releases"] = np.log((rates * data.width).sum(axis=2))
    watched["last releases"] = np.log((rates * data.width)[:, :, -_LATEST:].sum(axis=2))
    for series in np.unique(data.series):
        watched[f"ratio {series}"] = draws["ratio"][:, :, series]
    return watched


def _tempered(log_weights: Array) -> Array:
    """Weights raised to the power at which enough points count."""
    power = 1.0
    while power > 1e-3 and effective_size(power * log_weights) < _LEAST_SIZE:
        power *= 0.8
    weights = np.exp(power * (log_weights - log_weights.max()))
    return np.asarray(weights / weights.sum())
