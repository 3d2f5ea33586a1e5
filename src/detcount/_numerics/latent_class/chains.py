"""Chains of latent classes at one temperature: by trajectories, or by plain Gibbs sweeps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.latent_class.moves import draw_unseen, gibbs_sweep, trajectory
from detcount._numerics.latent_class.parameters import ClassData, ClassState

__all__ = ["StepSizes", "sample", "sample_plain", "warm_up"]

_TARGET = 0.8  # acceptance aimed at


@dataclass
class StepSizes:
    """Dual averaging of the step size (Hoffman and Gelman 2014), one for each group of chains."""

    log_start: NDArray[np.float64]
    error: NDArray[np.float64]
    log_mean: NDArray[np.float64]
    count: int = 0

    @classmethod
    def start(cls, step: NDArray[np.float64]) -> StepSizes:
        return cls(np.log(10 * step), np.zeros(len(step)), np.log(step))

    def update(self, acceptance: NDArray[np.float64]) -> NDArray[np.float64]:
        self.count += 1
        self.error += (_TARGET - acceptance - self.error) / (self.count + 10)
        log_step = self.log_start - 10 * np.sqrt(self.count) * self.error
        weight = self.count**-0.75
        self.log_mean = weight * log_step + (1 - weight) * self.log_mean
        return np.asarray(np.exp(log_step))


def warm_up(
    data: ClassData,
    state: ClassState,
    random: np.random.Generator,
    *,
    n_sweeps: int,
    n_trajectories: int,
) -> tuple[ClassState, float]:
    """Bring the chains to the posterior and find the step size."""
    n_chains = len(state.alpha)
    cold = np.ones(n_chains)
    with np.errstate(all="ignore"):
        for _ in range(n_sweeps):
            state, _ = gibbs_sweep(data, state, random)
        steps = StepSizes.start(np.array([0.01]))
        step = np.array([0.02])
        for _ in range(n_trajectories):
            state, _ = gibbs_sweep(data, state, random)
            state, acceptance, _, _ = trajectory(data, state, np.full(n_chains, step[0]), cold, random)
            step = steps.update(np.array([acceptance.mean()]))
    return state, float(np.exp(steps.log_mean[0]))


def sample(
    data: ClassData, state: ClassState, step: float, n_draws: int, random: np.random.Generator
) -> tuple[ClassState, NDArray[np.float64]]:
    """Unseen persons, shape (n_chains, n_draws), by trajectories with a Gibbs sweep before each."""
    n_chains = len(state.alpha)
    cold = np.ones(n_chains)
    draws = np.empty((n_chains, n_draws))
    with np.errstate(all="ignore"):
        for index in range(n_draws):
            state, _ = gibbs_sweep(data, state, random)
            state, _, _, unseen = trajectory(data, state, np.full(n_chains, step), cold, random)
            draws[:, index] = draw_unseen(data.counts.sum(), unseen, random)
    return state, draws


def sample_plain(
    data: ClassData, state: ClassState, n_draws: int, random: np.random.Generator
) -> tuple[ClassState, NDArray[np.float64]]:
    """Unseen persons by plain Gibbs sweeps, the baseline that everything else is measured against."""
    draws = np.empty((len(state.alpha), n_draws))
    with np.errstate(all="ignore"):
        for index in range(n_draws):
            state, draws[:, index] = gibbs_sweep(data, state, random)
    return state, draws
