"""Posterior of the paths given a register: the mode, a normal about it, and moves that make it exact."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.monte_carlo import next_power, positions

Residuals = Callable[[Floats], Floats]
"""From numbers of shape (n_draws, n_numbers) to residuals of shape (n_draws, n_residuals)."""

_SAME = 1.0  # standard deviations within which two modes are one
_LEAST_WEIGHT = 1e-3
_STEP = 1e-4
_SMALL = 0.03  # fall of the cost below which the mode is found
_MOST_ITERATIONS = 60


@dataclass(frozen=True)
class Posterior:
    """Draws of the standard normal numbers given the data.

    Parameters
    ----------
    z : ndarray of float64, shape (n_draws, n_numbers)
        Draws.
    effective : int
        Draws of the normals about the modes from which they come: those that are left of the ones begun with.
    acceptance : float
        Share of the last moves that were accepted.
    modes : int
        Modes that the starts led to.
    """

    z: Floats
    effective: int
    acceptance: float
    modes: int


def sample_posterior(
    residuals: Residuals,
    starts: list[Floats],
    n_draws: int,
    n_moves: int,
    n_kept: int,
    rng: np.random.Generator,
) -> Posterior:
    """Draw from the density proportional to exp(-(|z|^2 + |residuals(z)|^2) / 2).

    Modes are found from each start by damped Gauss-Newton steps, and draws are begun from the normals about
    them. They are brought to the density by degrees: weighted by a part of how much likelier they are under
    it than under the normal, drawn again by these weights, and moved by proposals that leave the normal as it
    is (preconditioned Crank-Nicolson), until the whole of the density weighs.

    Parameters
    ----------
    residuals : callable
        Residuals, each of unit variance, of many paths at once.
    starts : list of ndarray of float64, shape (n_numbers,)
        Where to look for modes.
    n_draws, n_moves, n_kept : int
        Draws side by side, moves of each after every weighting, and states retained of each in the end.
    rng : numpy.random.Generator
        Source of random numbers.

    References
    ----------
    .. [1] Del Moral, P., Doucet, A. & Jasra, A. (2006). Sequential Monte Carlo samplers. Journal of the Royal
       Statistical Society B, 68, 411-436.
    .. [2] Cotter, S. L., Roberts, G. O., Stuart, A. M. & White, D. (2013). MCMC methods for functions:
       modifying old algorithms to make them faster. Statistical Science, 28, 424-446.
    """
    modes = _modes(residuals, starts)
    evidence = np.array([mode.evidence for mode in modes])
    share = np.exp(evidence - evidence.max())
    which = np.sort(rng.choice(len(modes), size=n_draws, p=share / share.sum()))
    white = rng.standard_normal((n_draws, len(modes[0].z)))
    at = _gain(residuals, modes, which, white)
    origin = np.arange(n_draws)
    turn, weight = 0.3, 0.0
    while weight < 1:
        weight, more = next_power(weight, at, _LEAST_WEIGHT)
        chosen = positions(np.exp(more * (at - at.max())), n_draws, rng)
        white, at, which, origin = white[chosen], at[chosen], which[chosen], origin[chosen]
        for _ in range(n_moves):
            white, at, rate = _move(residuals, modes, which, white, at, turn, weight, rng)
            turn = float(np.clip(turn * np.exp(0.6 * (rate - 0.3)), 0.02, 1.0))
    retained, rates = [], []
    for _ in range(n_kept):
        for _ in range(n_moves):
            white, at, rate = _move(residuals, modes, which, white, at, turn, 1.0, rng)
            rates.append(rate)
        retained.append(_numbers(modes, which, white))
    return Posterior(np.concatenate(retained), len(np.unique(origin)), float(np.mean(rates)), len(modes))


def _numbers(modes: list[_Mode], which: Ints, white: Floats) -> Floats:
    """Numbers of draws from the normals about the modes, from white ones."""
    found = np.empty_like(white)
    for k, mode in enumerate(modes):
        members = which == k
        found[members] = mode.z + white[members] @ mode.spread
    return found


def _gain(residuals: Residuals, modes: list[_Mode], which: Ints, white: Floats) -> Floats:
    """Logarithm of the density over that of the normal about the mode, both relative to the mode."""
    z = _numbers(modes, which, white)
    at_mode = np.array([mode.cost for mode in modes])[which]
    cost = np.einsum("ij,ij->i", z, z) + (residuals(z) ** 2).sum(axis=1) - at_mode
    return np.asarray(0.5 * (np.einsum("ij,ij->i", white, white) - cost), dtype=np.float64)


def _move(
    residuals: Residuals,
    modes: list[_Mode],
    which: Ints,
    white: Floats,
    at: Floats,
    turn: float,
    weight: float,
    rng: np.random.Generator,
) -> tuple[Floats, Floats, float]:
    """One move of every draw, and the share of them that were accepted."""
    proposal = math.sqrt(1 - turn**2) * white + turn * rng.standard_normal(white.shape)
    there = _gain(residuals, modes, which, proposal)
    go = np.log(rng.random(len(at))) < weight * (there - at)
    return np.where(go[:, None], proposal, white), np.where(go, there, at), float(go.mean())


@dataclass(frozen=True)
class _Mode:
    """A mode, what spreads white numbers about it, its cost, and the logarithm of its share."""

    z: Floats
    root: Floats
    spread: Floats
    cost: float
    evidence: float


def _modes(residuals: Residuals, starts: list[Floats]) -> list[_Mode]:
    """The modes that the starts lead to, each once."""
    from scipy.linalg import cholesky, solve_triangular

    found: list[_Mode] = []
    for start in starts:
        cost, z, precision = _mode(residuals, start)
        root = cholesky(precision)
        if all(np.abs(root @ (z - other.z)).max() > _SAME for other in found):
            spread = solve_triangular(root, np.eye(len(z))).T
            found.append(_Mode(z, root, spread, cost, -0.5 * cost - float(np.log(np.diag(root)).sum())))
    return found


def _mode(residuals: Residuals, start: Floats) -> tuple[float, Floats, Floats]:
    """The cost of the mode, where it is, and the precision of the normal about it."""
    z, n_numbers = start, len(start)
    steps = np.vstack([np.zeros(n_numbers), _STEP * np.eye(n_numbers)])
    damping, cost, jacobian, at = 1.0, np.inf, np.empty(0), np.empty(0)
    for _ in range(_MOST_ITERATIONS):
        values = residuals(z + steps)
        at, jacobian = values[0], ((values[1:] - values[0]) / _STEP).T
        cost = float(z @ z + at @ at)
        normal = jacobian.T @ jacobian + np.eye(n_numbers)
        slope = jacobian.T @ at + z
        better = False
        while damping < 1e6:
            tried = z - np.linalg.solve(normal + damping * np.eye(n_numbers), slope)
            found = residuals(tried[None])[0]
            new = float(tried @ tried + found @ found)
            if new < cost:
                better = True
                break
            damping *= 4
        if not better:
            break
        z, damping = tried, max(damping / 6, 1e-8)
        if cost - new < _SMALL:
            break
    values = residuals(z + steps)
    jacobian = ((values[1:] - values[0]) / _STEP).T
    return cost, z, jacobian.T @ jacobian + np.eye(n_numbers)
