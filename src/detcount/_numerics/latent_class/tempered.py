"""Chains of latent classes that exchange states with flatter ones, to cross between modes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.latent_class.chains import StepSizes
from detcount._numerics.latent_class.moves import draw_alpha, draw_unseen, gibbs_sweep, trajectory
from detcount._numerics.latent_class.parameters import ClassData, ClassState, initial_state

__all__ = ["Ladder", "climb", "sample_tempered", "warm_up_tempered"]

_ROUNDS = 3  # of spacing the heats


@dataclass(frozen=True)
class Ladder:
    """Replica exchange under way: states of all rungs, and the step size of each rung.

    Chains are ordered by rung, then by ladder; the first rung is cold. Each ladder runs one chain a
    rung with the likelihood raised to the power of its heat, and neighbours exchange their states:
    flat rungs cross between modes that trajectories cannot reach.
    """

    state: ClassState
    heats: NDArray[np.float64]
    steps: NDArray[np.float64]

    @property
    def n_ladders(self) -> int:
        """Number of cold chains."""
        return len(self.state.alpha) // len(self.heats)

    @property
    def cold(self) -> ClassState:
        """State of the cold chains."""
        n, state = self.n_ladders, self.state
        return ClassState(state.logits[:n], state.sticks[:n], state.alpha[:n])


def warm_up_tempered(
    data: ClassData, n_ladders: int, heats: NDArray[np.float64], n_warm: int, random: np.random.Generator
) -> Ladder:
    """Bring every rung to its own posterior, find its step size, and space the heats evenly.

    After each round the heats are moved so that every pair of neighbours exchanges about as often
    (Syed et al. 2022): a gap where the posterior changes quickly gets more rungs.
    """
    ladder = Ladder(initial_state(data, len(heats) * n_ladders, random), heats, 0.02 / np.sqrt(heats))
    with np.errstate(all="ignore"):
        for _ in range(_ROUNDS):
            averages = StepSizes.start(0.5 * ladder.steps)
            swaps = np.zeros(len(heats) - 1)
            for index in range(n_warm):
                ladder, acceptance, _, accepted = climb(data, ladder, index % 2, random)
                ladder = replace(ladder, steps=averages.update(acceptance))
                swaps += accepted * (index >= n_warm // 3)
            rate = swaps / ((n_warm - n_warm // 3) / 2)
            steps = np.exp(averages.log_mean)
            spaced = _spaced(ladder.heats, 1 - rate)
            order = ladder.heats[::-1]
            steps = np.exp(np.interp(np.log(spaced), np.log(order), np.log(steps[::-1])))
            ladder = replace(ladder, heats=spaced, steps=steps)
        averages = StepSizes.start(0.5 * ladder.steps)
        for index in range(n_warm):
            ladder, acceptance, _, _ = climb(data, ladder, index % 2, random)
            ladder = replace(ladder, steps=averages.update(acceptance))
    return replace(ladder, steps=np.exp(averages.log_mean))


def _spaced(heats: NDArray[np.float64], rejection: NDArray[np.float64]) -> NDArray[np.float64]:
    """Heats between which the summed rejection rate rises by equal amounts."""
    barrier = np.concatenate([[0.0], np.cumsum(np.maximum(rejection, 0.01))])
    even = np.linspace(0.0, barrier[-1], len(heats))
    return np.asarray(np.exp(np.interp(even, barrier, np.log(heats))))


def sample_tempered(
    data: ClassData, ladder: Ladder, n_draws: int, random: np.random.Generator
) -> tuple[Ladder, NDArray[np.float64], NDArray[np.float64]]:
    """Unseen persons of the cold chains, shape (n_ladders, n_draws), and the swap rate of each rung."""
    draws = np.empty((ladder.n_ladders, n_draws))
    swaps = np.zeros(len(ladder.heats) - 1)
    with np.errstate(all="ignore"):
        for index in range(n_draws):
            ladder, _, unseen, accepted = climb(data, ladder, index % 2, random)
            draws[:, index] = draw_unseen(data.counts.sum(), unseen, random)
            swaps += accepted
    return ladder, draws, swaps / (n_draws / 2)


def climb(
    data: ClassData, ladder: Ladder, first: int, random: np.random.Generator
) -> tuple[Ladder, NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Sweep, trajectory and exchange; acceptance by rung, unseen probability of cold chains, swaps."""
    n_ladders = ladder.n_ladders
    state = _sweep_some(data, ladder.state, np.arange(n_ladders), random)
    state = replace(state, alpha=draw_alpha(data, state.sticks, random))
    heat, step = np.repeat(ladder.heats, n_ladders), np.repeat(ladder.steps, n_ladders)
    state, acceptance, likelihood, unseen = trajectory(data, state, step, heat, random)
    order, accepted = _exchange(likelihood, ladder.heats, n_ladders, first, random)
    state = ClassState(state.logits[order], state.sticks[order], state.alpha[order])
    by_rung = acceptance.reshape(len(ladder.heats), n_ladders).mean(axis=1)
    return replace(ladder, state=state), by_rung, unseen[order][:n_ladders], accepted


def _sweep_some(
    data: ClassData, state: ClassState, chosen: NDArray[np.int64], random: np.random.Generator
) -> ClassState:
    """Gibbs sweep of the cold chains alone: warm ones have no whole counts."""
    part, _ = gibbs_sweep(
        data, ClassState(state.logits[chosen], state.sticks[chosen], state.alpha[chosen]), random
    )
    logits, sticks, alpha = state.logits.copy(), state.sticks.copy(), state.alpha.copy()
    logits[chosen], sticks[chosen], alpha[chosen] = part.logits, part.sticks, part.alpha
    return ClassState(logits, sticks, alpha)


def _exchange(
    likelihood: NDArray[np.float64],
    heats: NDArray[np.float64],
    n_ladders: int,
    first: int,
    random: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Swap neighbouring rungs, every second pair; new order of the chains, and the share accepted."""
    order = np.arange(len(likelihood)).reshape(len(heats), n_ladders)
    values = likelihood.reshape(len(heats), n_ladders)
    accepted = np.zeros(len(heats) - 1)
    for rung in range(first, len(heats) - 1, 2):
        gain = (heats[rung] - heats[rung + 1]) * (values[rung + 1] - values[rung])
        taken = np.log(random.random(n_ladders)) < gain
        accepted[rung] = taken.mean()
        upper, lower = order[rung].copy(), order[rung + 1].copy()
        order[rung] = np.where(taken, lower, upper)
        order[rung + 1] = np.where(taken, upper, lower)
    return order.ravel(), accepted
