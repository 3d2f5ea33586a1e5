"""Latent classes annealed from the prior to the posterior: sequential Monte Carlo in populations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from detcount._numerics.latent_class.gibbs import swap_neighbours
from detcount._numerics.latent_class.parameters import ClassData, ClassState, prior_draws
from detcount._numerics.latent_class.trajectories import trajectory
from detcount._numerics.steady import steady

_ACCEPTANCE = 0.75  # aimed at
_GAIN = 1.2  # of the step for the acceptance missed
_FIRST_STEP, _LARGEST_STEP = 0.3, 0.6
_HALVINGS = 25


@dataclass(frozen=True)
class Annealed:
    """Populations of particles that reached the posterior independently of each other.

    Particles of one population follow each other; `log_evidence` estimates the log marginal likelihood, one a
    population, without bias in its exponent; `heats` and `steps` are the powers of the likelihood on
    the way and the step of the trajectories at each.
    """

    state: ClassState
    log_evidence: NDArray[np.float64]
    heats: NDArray[np.float64]
    steps: NDArray[np.float64]
    stages: list[ClassState]

    @property
    def step(self) -> float:
        """Step of the trajectories at the posterior."""
        return float(self.steps[-1])


@np.errstate(all="ignore")
def anneal(
    data: ClassData,
    n_populations: int,
    size: int,
    *,
    n_moves: int,
    share: float,
    random: np.random.Generator,
) -> Annealed:
    """Let the likelihood in, so much at a time that a share of the particles still counts.

    After each stage particles are drawn again within their population, in proportion to what they gained,
    and moved by so many trajectories.
    """
    state = prior_draws(data, n_populations * size, random)
    heat, step = 0.0, _FIRST_STEP
    evidence = np.zeros(n_populations)
    heats, steps, stages = [0.0], [step], [state]
    while heat < 1.0:
        likelihood = state.likelihood.reshape(n_populations, size)
        warmer = _next_heat(likelihood, heat, share)
        gained = (warmer - heat) * likelihood
        evidence += logsumexp(gained, axis=1) - np.log(size)
        state = state.taken(_resampled(gained, random))
        heat = warmer
        for _ in range(n_moves):
            state, step = _move(data, state, step, heat, random)
        heats.append(heat)
        steps.append(step)
        stages.append(state)
    return Annealed(state, evidence, np.array(heats), np.array(steps), stages)


def _move(
    data: ClassData, state: ClassState, step: float, heat: float, random: np.random.Generator
) -> tuple[ClassState, float]:
    """Swaps of classes and one trajectory; and the step for the next."""
    for first in (0, 1):
        state = swap_neighbours(data, state, first, random)
    state, acceptance = trajectory(data, state, step, heat, random)
    step *= float(steady(np.exp(_GAIN * (acceptance.mean() - _ACCEPTANCE))))
    return state, min(step, _LARGEST_STEP)


def _next_heat(likelihood: NDArray[np.float64], heat: float, share: float) -> float:
    """Largest heat at which, on average over populations, a share of the particles still counts."""
    above = likelihood - likelihood.max(axis=1, keepdims=True)

    def counting(more: float) -> float:
        weights = np.exp(more * above)
        sizes = weights.sum(axis=1) ** 2 / (weights**2).sum(axis=1)
        return float(sizes.mean() / likelihood.shape[1])

    left = 1.0 - heat
    if counting(left) >= share:
        return 1.0
    low, high = np.log(1e-12), 0.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if counting(np.exp(middle) * left) >= share else (low, middle)
    return heat + float(steady(np.exp(low) * left))


def _resampled(gained: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.int64]:
    """Particles drawn in proportion to their weights, systematically, each population by itself."""
    n_populations, size = gained.shape
    drawn = np.empty((n_populations, size), dtype=np.int64)
    for index, row in enumerate(gained):
        shares = np.cumsum(np.exp(row - row.max()))
        places = (random.random() + np.arange(size)) / size * shares[-1]
        drawn[index] = index * size + np.minimum(np.searchsorted(shares, places), size - 1)
    return drawn.ravel()
