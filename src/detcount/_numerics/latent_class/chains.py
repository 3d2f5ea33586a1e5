"""Chains of latent classes at the posterior: by sweeps and trajectories, or by plain Gibbs sweeps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.latent_class.gibbs import draw_unseen, gibbs_sweep
from detcount._numerics.latent_class.parameters import ClassData, ClassState
from detcount._numerics.latent_class.trajectories import LENGTH, trajectory


@np.errstate(all="ignore")
def sample(
    data: ClassData,
    state: ClassState,
    step: float,
    n_draws: int,
    random: np.random.Generator,
    length: float = LENGTH,
) -> tuple[ClassState, NDArray[np.float64]]:
    """Unseen persons, shape (n_chains, n_draws), by trajectories with a Gibbs sweep before each."""
    draws = np.empty((state.n_chains, n_draws))
    for index in range(n_draws):
        state, _ = gibbs_sweep(data, state, random)
        state, _ = trajectory(data, state, step, 1.0, random, length)
        draws[:, index] = draw_unseen(data.counts.sum(), state.unseen, random)
    return state, draws


@np.errstate(all="ignore")
def sample_plain(
    data: ClassData, state: ClassState, n_draws: int, random: np.random.Generator
) -> tuple[ClassState, NDArray[np.float64]]:
    """Unseen persons by plain Gibbs sweeps, the baseline that everything else is measured against."""
    draws = np.empty((state.n_chains, n_draws))
    for index in range(n_draws):
        state, draws[:, index] = gibbs_sweep(data, state, random)
    return state, draws


def scattered(data: ClassData, n_chains: int, n_sweeps: int, random: np.random.Generator) -> ClassState:
    """Chains that ran into the mode nearest to where they started, wider than the posterior."""
    n_lists = data.histories.shape[1]
    logits = random.normal(-1.0, 1.0, (data.n_classes, n_lists, n_chains))
    sticks = np.log(random.standard_exponential((data.n_classes - 1, n_chains)))
    return sample_plain(data, ClassState.at(data, logits, sticks), n_sweeps, random)[0]
