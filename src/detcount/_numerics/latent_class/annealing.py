"""Chains that are annealed, and moves that exchange classes between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy.special import logsumexp

from detcount._numerics.arrays import Floats, Ints, repeat, rounded_bits
from detcount._numerics.latent_class.gibbs import draw_unseen, gibbs_sweep, swap_neighbours
from detcount._numerics.latent_class.parameters import ClassData, ClassState, joined, prior_draws
from detcount._numerics.latent_class.trajectories import trajectory
from detcount._numerics.latent_class.tuning import TUNING


@dataclass(frozen=True)
class Tempered:
    """Replica exchange in progress: states of all levels, and the power and step of each level.

    Chains are ordered by level, then by target; the first level is the target.
    """

    state: ClassState
    powers: Floats
    steps: Floats

    @property
    def n_targets(self) -> int:
        """Number of chains of the target."""
        return self.state.n_chains // len(self.powers)

    @property
    def target(self) -> ClassState:
        """State of the chains of the target."""
        return self.state.taken(slice(self.n_targets))

    def fewer(self, n_targets: int) -> Tempered:
        """The first of the targets."""
        levels = np.arange(len(self.powers))[:, None] * self.n_targets
        return replace(self, state=self.state.taken((levels + np.arange(n_targets)).ravel()))


def tempered(annealed: Annealed, n_targets: int) -> Tempered:
    """Take stages of an annealing as levels, whose chains start from the particles of these stages.

    Levels are as far apart as still leaves enough exchanges between neighbours.
    """
    levels = _levels(annealed)
    which = np.linspace(0, annealed.state.n_chains, n_targets, endpoint=False).astype(np.int64)
    state = joined([annealed.stages[level].taken(which) for level in levels])
    return Tempered(state, annealed.powers[levels], annealed.steps[levels])


def _levels(annealed: Annealed) -> list[int]:
    """Stages that are levels, the target first."""
    stages: list[int] = np.flatnonzero(annealed.powers >= TUNING.flattest)[::-1].tolist()
    levels = stages[:1]
    for flatter, stage in pairwise(stages[1:]):
        if _swapped(annealed, levels[-1], stage) < TUNING.least_swapped:
            levels.append(flatter)
    return levels + stages[-1:] if len(stages) > 1 else levels


def _swapped(annealed: Annealed, one: int, other: int) -> float:
    """Share of exchanges between particles of two stages that would be accepted."""
    likelihood = annealed.stages[one].likelihood
    # of particles that do not stem from each other
    partners = np.roll(annealed.stages[other].likelihood, len(likelihood) // 2)
    gain = (annealed.powers[one] - annealed.powers[other]) * (partners - likelihood)
    return float(np.exp(np.minimum(gain, 0.0)).mean())


@np.errstate(all="ignore")
def sample_tempered(
    data: ClassData, tempering: Tempered, n_draws: int, random: np.random.Generator
) -> tuple[Tempered, Floats, Floats]:
    """Unseen persons of the targets, shape (n_targets, n_draws), and the swap rate of each level."""
    n_targets, n_levels = tempering.n_targets, len(tempering.powers)
    draws = np.empty((n_targets, n_draws))
    swaps = np.zeros(n_levels - 1)
    power, step = repeat(tempering.powers, n_targets), repeat(tempering.steps, n_targets)
    n_steep = n_targets * int(np.argmax(tempering.steps >= TUNING.longer * tempering.steps[0]))
    halves = [part for part in (slice(0, n_steep), slice(n_steep, None)) if part.start != part.stop]
    state = tempering.state
    for index in range(n_draws):
        target, _ = gibbs_sweep(data, state.taken(slice(n_targets)), random)
        state = joined([target, state.taken(slice(n_targets, None))])
        for first in (0, 1):
            state = swap_neighbours(data, state, first, random)
        # the flat levels take longer steps, and so fewer of them
        parts = [trajectory(data, state.taken(part), step[part], power[part], random)[0] for part in halves]
        state = joined(parts)
        order, accepted = _exchange(state.likelihood, tempering.powers, n_targets, index % 2, random)
        state = state.taken(order)
        swaps += accepted
        draws[:, index] = draw_unseen(data.counts.sum(), state.unseen[:n_targets], random)
    return replace(tempering, state=state), draws, swaps / (n_draws / 2)


def _exchange(
    likelihood: Floats, powers: Floats, n_targets: int, first: int, random: np.random.Generator
) -> tuple[Ints, Floats]:
    """Swap neighbouring levels, every second pair; new order of the chains, and the share accepted."""
    order = np.arange(len(likelihood)).reshape(len(powers), n_targets)
    values = likelihood.reshape(len(powers), n_targets)
    accepted = np.zeros(len(powers) - 1)
    for level in range(first, len(powers) - 1, 2):
        gain = (powers[level] - powers[level + 1]) * (values[level + 1] - values[level])
        taken = np.log(random.random(n_targets)) < gain
        accepted[level] = taken.mean()
        upper, lower = order[level].copy(), order[level + 1].copy()
        order[level] = np.where(taken, lower, upper)
        order[level + 1] = np.where(taken, upper, lower)
    return order.ravel(), accepted


@dataclass(frozen=True)
class Annealed:
    """Populations of particles that reached the posterior independently of each other.

    Particles of one population follow each other. `log_evidence` has an estimate of the log marginal
    likelihood for each population, whose exponential is unbiased. `powers` and `steps` are the powers of the
    likelihood on the way, and the step of the trajectories at each.
    """

    state: ClassState
    log_evidence: Floats
    powers: Floats
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
    """Raise the power of the likelihood from 0 to 1, by steps after which a share of the particles counts.

    After each stage particles are drawn again within their population, in proportion to their weights, and
    moved by so many trajectories.
    """
    state = prior_draws(data, n_populations * size, random)
    power, step = 0.0, TUNING.first_step
    evidence = np.zeros(n_populations)
    powers, steps, stages = [0.0], [step], [state]
    while power < 1.0:
        likelihood = state.likelihood.reshape(n_populations, size)
        higher = _next_power(likelihood, power, share)
        gained = (higher - power) * likelihood
        evidence += logsumexp(gained, axis=1) - np.log(size)
        state = state.taken(_resampled(gained, random))
        power = higher
        for _ in range(n_moves):
            state, step = move(data, state, step, power, random)
        powers.append(power)
        steps.append(step)
        stages.append(state)
    return Annealed(state, evidence, np.array(powers), np.array(steps), stages)


def move(
    data: ClassData,
    state: ClassState,
    step: float,
    power: float,
    random: np.random.Generator,
    length: float = TUNING.length,
) -> tuple[ClassState, float]:
    """Swaps of classes and one trajectory; and the step for the next."""
    for first in (0, 1):
        state = swap_neighbours(data, state, first, random)
    state, acceptance = trajectory(data, state, step, power, random, length)
    step *= float(rounded_bits(np.exp(TUNING.gain * (acceptance.mean() - TUNING.acceptance))))
    return state, min(step, TUNING.largest_step)


def _next_power(likelihood: Floats, power: float, share: float) -> float:
    """Largest power at which, on average over populations, a share of the particles still counts."""
    above = likelihood - likelihood.max(axis=1, keepdims=True)

    def counting(more: float) -> float:
        weights = np.exp(more * above)
        sizes = weights.sum(axis=1) ** 2 / (weights**2).sum(axis=1)
        return float(sizes.mean() / likelihood.shape[1])

    left = 1.0 - power
    if counting(left) >= share:
        return 1.0
    low, high = np.log(1e-12), 0.0
    for _ in range(TUNING.halvings):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if counting(np.exp(middle) * left) >= share else (low, middle)
    return power + float(rounded_bits(np.exp(low) * left))


def _resampled(gained: Floats, random: np.random.Generator) -> Ints:
    """Particles drawn in proportion to their weights, systematically, each population by itself."""
    n_populations, size = gained.shape
    drawn = np.empty((n_populations, size), dtype=np.int64)
    for index, row in enumerate(gained):
        shares = np.cumsum(np.exp(row - row.max()))
        places = (random.random() + np.arange(size)) / size * shares[-1]
        drawn[index] = index * size + np.minimum(np.searchsorted(shares, places), size - 1)
    return drawn.ravel()
