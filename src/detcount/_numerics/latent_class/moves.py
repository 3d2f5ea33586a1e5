"""Moves of the parameters of latent classes, the unseen persons integrated out.

Given the class parameters the observed cells are a multinomial truncated at the unseen cell, and under
p(N) proportional to 1/N the unseen count is negative binomial. So the parameters are moved by
Hamiltonian trajectories on the truncated likelihood, where nothing chases the unseen count, and N is
drawn exactly afterwards. Plain Gibbs sweeps between trajectories refresh empty classes and labels.
Chains are the leading axis of every array.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.latent_class.parameters import TINY, ClassData, ClassState, cell_probabilities

__all__ = ["draw_alpha", "draw_unseen", "gibbs_sweep", "gradient", "trajectory"]

_LENGTH = 1.6  # of a trajectory, in logits: the scale on which N is free to move


def gradient(
    data: ClassData,
    logits: NDArray[np.float64],
    sticks: NDArray[np.float64],
    alpha: NDArray[np.float64],
    heat: NDArray[np.float64],
) -> tuple[
    NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]
]:
    """Gradients for logits and sticks; log likelihood, log prior, and probability of the unseen cell."""
    n_chains, n_classes, n_lists = logits.shape
    joint, shares, log_absent, lengths, grown = cell_probabilities(data, logits, sticks)
    cell = np.maximum(joint.sum(axis=1), TINY)
    unseen = cell[:, -1]
    total = data.counts.sum()
    log_likelihood = np.log(cell[:, :-1]) @ data.counts - total * np.log1p(-unseen)
    log_prior = (logits + 2 * log_absent).sum(axis=(1, 2)) + (sticks - alpha[:, None] * lengths).sum(axis=1)
    pull = np.empty_like(cell)
    pull[:, :-1] = data.counts
    pull[:, -1] = total * unseen / (1.0 - unseen)
    pull *= heat[:, None] / cell
    joint *= pull[:, None, :]
    on = (joint.reshape(n_chains * n_classes, -1) @ data.histories).reshape(n_chains, n_classes, n_lists)
    members = joint.sum(axis=2)
    for_logits = on + 1.0 - (members[:, :, None] + 2.0) * shares
    behind = members.sum(axis=1, keepdims=True) - np.cumsum(members, axis=1)
    for_sticks = lengths * (members[:, :-1] / grown - behind[:, :-1] - alpha[:, None]) + 1.0
    return for_logits, for_sticks, log_likelihood, log_prior, unseen


def draw_unseen(
    total: float, unseen: NDArray[np.float64], random: np.random.Generator
) -> NDArray[np.float64]:
    """Unseen persons given the probability of the unseen cell, prior 1/N: negative binomial."""
    return np.asarray(random.poisson(random.gamma(total, unseen / (1.0 - unseen))), dtype=np.float64)


def gibbs_sweep(
    data: ClassData, state: ClassState, random: np.random.Generator
) -> tuple[ClassState, NDArray[np.float64]]:
    """One sweep over unseen count, classes of persons, shares, sticks and alpha; and the unseen count."""
    joint = cell_probabilities(data, state.logits, state.sticks)[0]
    n_chains = len(joint)
    n_unseen = draw_unseen(data.counts.sum(), joint[:, :, -1].sum(axis=1), random)
    counts = np.empty((n_chains, len(data.counts) + 1), dtype=np.int64)
    counts[:, :-1] = data.counts
    counts[:, -1] = n_unseen
    odds = joint.transpose(0, 2, 1)
    odds = np.maximum(odds, TINY)
    classes = random.multinomial(counts, odds / odds.sum(axis=2, keepdims=True)).astype(np.float64)
    members = classes.sum(axis=1)
    on = classes.transpose(0, 2, 1) @ data.histories
    present = random.standard_gamma(1.0 + on)
    absent = random.standard_gamma(1.0 + members[:, :, None] - on)
    logits = np.log(np.maximum(present, TINY)) - np.log(np.maximum(absent, TINY))
    behind = (members.sum(axis=1, keepdims=True) - np.cumsum(members, axis=1))[:, :-1]
    taken = random.standard_gamma(1.0 + members[:, :-1])
    left = np.maximum(random.standard_gamma(state.alpha[:, None] + behind), TINY)
    sticks = np.log(np.maximum(np.log1p(taken / left), TINY))
    return ClassState(logits, sticks, draw_alpha(data, sticks, random)), n_unseen


def draw_alpha(
    data: ClassData, sticks: NDArray[np.float64], random: np.random.Generator
) -> NDArray[np.float64]:
    """Concentration given the sticks: Gamma(shape + H - 1, rate - sum log(1 - V))."""
    rate = data.rate + np.exp(sticks).sum(axis=1)
    return np.asarray(random.standard_gamma(data.shape + data.n_classes - 1, len(sticks)) / rate)


def trajectory(
    data: ClassData,
    state: ClassState,
    step: NDArray[np.float64],
    heat: NDArray[np.float64],
    random: np.random.Generator,
) -> tuple[ClassState, NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """One Hamiltonian trajectory a chain; acceptance, log likelihood and unseen probability."""
    stride = (step * random.uniform(0.6, 1.2, len(step)))[:, None]
    stride3 = stride[:, :, None]
    n_steps = int(np.clip(np.ceil(_LENGTH / np.median(step)), 8, 256))
    x, y = state.logits.copy(), state.sticks.copy()
    gx, gy, likelihood, prior, unseen = gradient(data, x, y, state.alpha, heat)
    px, py = random.standard_normal(x.shape), random.standard_normal(y.shape)
    energy = heat * likelihood + prior - 0.5 * ((px**2).sum(axis=(1, 2)) + (py**2).sum(axis=1))
    px += 0.5 * stride3 * gx
    py += 0.5 * stride * gy
    for index in range(n_steps):
        x += stride3 * px
        y += stride * py
        gx, gy, new_likelihood, new_prior, new_unseen = gradient(data, x, y, state.alpha, heat)
        last = 0.5 if index == n_steps - 1 else 1.0
        px += last * stride3 * gx
        py += last * stride * gy
    new_energy = heat * new_likelihood + new_prior - 0.5 * ((px**2).sum(axis=(1, 2)) + (py**2).sum(axis=1))
    gain = np.where(np.isfinite(new_energy), new_energy - energy, -np.inf)
    acceptance = np.exp(np.minimum(gain, 0.0))
    taken = random.random(len(gain)) < acceptance
    moved = ClassState(
        np.where(taken[:, None, None], x, state.logits),
        np.where(taken[:, None], y, state.sticks),
        state.alpha,
    )
    return (
        moved,
        acceptance,
        np.where(taken, new_likelihood, likelihood),
        np.where(taken, new_unseen, unseen),
    )
