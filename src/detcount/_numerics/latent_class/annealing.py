"""Chains that are annealed, and moves that exchange classes between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy.special import logsumexp

from detcount._numerics.arrays import Floats, Ints, steady
from detcount._numerics.latent_class.gibbs import draw_unseen, gibbs_sweep, swap_neighbours
from detcount._numerics.latent_class.parameters import ClassData, ClassState, joined, prior_draws
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
    heats: Floats
    steps: Floats

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
) -> tuple[Ladders, Floats, Floats]:
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
    likelihood: Floats, heats: Floats, n_ladders: int, first: int, random: np.random.Generator
) -> tuple[Ints, Floats]:
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
    log_evidence: Floats
    heats: Floats
    steps: Floats
    stages: list[ClassState]

    @property
    def step(self) -> float:
        """Step of the trajectories at the posterior."""
        return float(self.steps[-1])


@np.errstate(all="ignore")
def anneal(
    data: ClassData, n_populations: int, size: int, *, n_moves: int, share: float, random: np.random.Generator
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


def _next_heat(likelihood: Floats, heat: float, share: float) -> float:
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


def _resampled(gained: Floats, random: np.random.Generator) -> Ints:
    """Particles drawn in proportion to their weights, systematically, each population by itself."""
    n_populations, size = gained.shape
    drawn = np.empty((n_populations, size), dtype=np.int64)
    for index, row in enumerate(gained):
        shares = np.cumsum(np.exp(row - row.max()))
        places = (random.random() + np.arange(size)) / size * shares[-1]
        drawn[index] = index * size + np.minimum(np.searchsorted(shares, places), size - 1)
    return drawn.ravel()
