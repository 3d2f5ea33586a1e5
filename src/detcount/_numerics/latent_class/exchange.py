"""Chains of latent classes that exchange states with flatter ones, to cross between modes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.latent_class.annealing import Annealed
from detcount._numerics.latent_class.gibbs import draw_unseen, gibbs_sweep, swap_neighbours
from detcount._numerics.latent_class.parameters import ClassData, ClassState, joined
from detcount._numerics.latent_class.trajectories import trajectory

_LONGER = 2.0  # times the step of the cold rung, from where rungs are moved by themselves
_FLATTEST = 0.03  # heat from which a rung is worth its cost
_LEAST_SWAPPED = 0.15  # of the exchanges, as the particles of two stages say, for no rung between them


@dataclass(frozen=True)
class Ladders:
    """Replica exchange under way: states of all rungs, and the heat and step of each rung.

    Chains are ordered by rung, then by ladder; the first rung is cold.
    """

    state: ClassState
    heats: NDArray[np.float64]
    steps: NDArray[np.float64]

    @property
    def n_ladders(self) -> int:
        """Number of cold chains."""
        return self.state.n_chains // len(self.heats)

    @property
    def cold(self) -> ClassState:
        """State of the cold chains."""
        return self.state.taken(slice(self.n_ladders))

    def fewer(self, n_ladders: int) -> Ladders:
        """The first of the ladders."""
        rungs = np.arange(len(self.heats))[:, None] * self.n_ladders
        return replace(self, state=self.state.taken((rungs + np.arange(n_ladders)).ravel()))


def ladders(way: Annealed, n_ladders: int) -> Ladders:
    """Ladders whose rungs are stages of an annealing, and stand where its particles stood.

    Each rung is as far from the one before it as leaves them enough exchanges.
    """
    rungs = _rungs(way)
    which = np.linspace(0, way.state.n_chains, n_ladders, endpoint=False).astype(np.int64)
    state = joined([way.stages[rung].taken(which) for rung in rungs])
    return Ladders(state, way.heats[rungs], way.steps[rungs])


def _rungs(way: Annealed) -> list[int]:
    """Stages that are rungs, the cold one first."""
    stages: list[int] = np.flatnonzero(way.heats >= _FLATTEST)[::-1].tolist()
    rungs = stages[:1]
    for flatter, stage in pairwise(stages[1:]):
        if _swapped(way, rungs[-1], stage) < _LEAST_SWAPPED:
            rungs.append(flatter)
    return rungs + stages[-1:] if len(stages) > 1 else rungs


def _swapped(way: Annealed, one: int, other: int) -> float:
    """Share of exchanges between particles of two stages that would be accepted."""
    likelihood = way.stages[one].likelihood
    # of particles that do not stem from each other
    partners = np.roll(way.stages[other].likelihood, len(likelihood) // 2)
    gain = (way.heats[one] - way.heats[other]) * (partners - likelihood)
    return float(np.exp(np.minimum(gain, 0.0)).mean())


@np.errstate(all="ignore")
def sample_ladders(
    data: ClassData, ladder: Ladders, n_draws: int, random: np.random.Generator
) -> tuple[Ladders, NDArray[np.float64], NDArray[np.float64]]:
    """Unseen persons of the cold chains, shape (n_ladders, n_draws), and the swap rate of each rung."""
    n_ladders, n_rungs = ladder.n_ladders, len(ladder.heats)
    draws = np.empty((n_ladders, n_draws))
    swaps = np.zeros(n_rungs - 1)
    heat, step = np.repeat(ladder.heats, n_ladders), np.repeat(ladder.steps, n_ladders)
    n_steep = n_ladders * int(np.argmax(ladder.steps >= _LONGER * ladder.steps[0]))
    halves = [part for part in (slice(0, n_steep), slice(n_steep, None)) if part.start != part.stop]
    state = ladder.state
    for index in range(n_draws):
        cold, _ = gibbs_sweep(data, state.taken(slice(n_ladders)), random)
        state = joined([cold, state.taken(slice(n_ladders, None))])
        for first in (0, 1):
            state = swap_neighbours(data, state, first, random)
        # the flat rungs take longer steps, and so fewer of them
        parts = [trajectory(data, state.taken(part), step[part], heat[part], random)[0] for part in halves]
        state = joined(parts)
        order, accepted = _exchange(state.likelihood, ladder.heats, n_ladders, index % 2, random)
        state = state.taken(order)
        swaps += accepted
        draws[:, index] = draw_unseen(data.counts.sum(), state.unseen[:n_ladders], random)
    return replace(ladder, state=state), draws, swaps / (n_draws / 2)


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
