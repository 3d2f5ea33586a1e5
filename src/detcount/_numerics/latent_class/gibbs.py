"""Chains of latent classes at the posterior: by sweeps and trajectories, or by plain Gibbs sweeps."""

from __future__ import annotations

import numpy as np

from detcount._numerics.arrays import TINY, Bools, Floats, on_lattice, repeat, rounded_bits
from detcount._numerics.latent_class.parameters import (
    ClassData,
    ClassState,
    behind,
    cell_probabilities,
    in_blocks,
)
from detcount._numerics.latent_class.trajectories import trajectory
from detcount._numerics.latent_class.tuning import PRIORS, TUNING


def draw_unseen(total: float, unseen: Floats, random: np.random.Generator) -> Floats:
    """Unseen persons given the probability of the unseen cell, prior 1/N: negative binomial."""
    return np.asarray(random.poisson(random.gamma(total, unseen / (1.0 - unseen))), dtype=np.float64)


def gibbs_sweep(data: ClassData, state: ClassState, random: np.random.Generator) -> tuple[ClassState, Floats]:
    """One sweep over unseen count, classes of persons, shares, alpha and sticks; and the unseen count."""
    return in_blocks(lambda part, _: _gibbs_sweep(data, part, random), data, state)


def _gibbs_sweep(
    data: ClassData, state: ClassState, random: np.random.Generator
) -> tuple[ClassState, Floats]:
    joint, _, lengths = cell_probabilities(data, state.logits, state.sticks)
    n_unseen = draw_unseen(data.counts.sum(), state.unseen, random)
    counts = np.empty((len(data.histories), state.n_chains), dtype=np.int64)
    counts[:-1] = data.counts[:, None]
    counts[-1] = n_unseen
    odds = np.maximum(joint.transpose(1, 2, 0), TINY)
    classes = random.multinomial(counts, odds / odds.sum(axis=2, keepdims=True)).astype(np.float64)
    members = classes.sum(axis=0).T
    on = np.tensordot(data.histories.T, classes, 1).transpose(2, 0, 1)
    present = random.standard_gamma(data.listed + on)
    absent = random.standard_gamma(1.0 + members[:, None, :] - on)
    logits = on_lattice(np.log(np.maximum(present, TINY)) - np.log(np.maximum(absent, TINY)))
    # alpha given the sticks: Gamma(shape + H - 1, rate - sum log(1 - V))
    alpha = random.standard_gamma(data.shape + data.n_classes - 1, state.n_chains)
    alpha /= rounded_bits(data.rate + lengths.sum(axis=0))
    one = random.standard_gamma(1.0 + members[:-1])
    other = np.maximum(random.standard_gamma(alpha + behind(members)), TINY)
    sticks = on_lattice(np.log(np.maximum(np.log1p(one / other), TINY)))
    return ClassState.at(data, logits, sticks), n_unseen


def swap_neighbours(
    data: ClassData, state: ClassState, first: int, random: np.random.Generator
) -> ClassState:
    """Neighbouring classes change places with their weights, every second pair from the first one given.

    The likelihood does not change. Of the prior of the weights only the factor 1 - V of the first class
    changes: the swap is accepted with probability the ratio of old to new.
    """
    pairs = np.arange(first, data.n_classes - 2, 2)
    one, two = np.exp(state.sticks[pairs]), np.exp(state.sticks[pairs + 1])
    new_one = -np.log1p(np.expm1(-two) * np.exp(-one))  # the second weight leads
    new_two = one + two - new_one
    swapped = np.log(random.random(one.shape)) < new_one - one
    swapped &= (new_one > TINY) & (new_two > TINY)
    logs = [on_lattice(np.log(np.where(swapped, *each))) for each in ((new_one, one), (new_two, two))]
    sticks, logits = state.sticks.copy(), state.logits.copy()
    sticks[pairs] = np.where(swapped, logs[0], state.sticks[pairs])
    sticks[pairs + 1] = np.where(swapped, logs[1], state.sticks[pairs + 1])
    by_list = swapped[:, None, :]
    logits[pairs] = np.where(by_list, state.logits[pairs + 1], state.logits[pairs])
    logits[pairs + 1] = np.where(by_list, state.logits[pairs], state.logits[pairs + 1])
    # the sum of all lengths stays, and so does its share of the prior
    prior = state.prior + (sticks - state.sticks).sum(axis=0)
    return ClassState(logits, sticks, state.likelihood, prior, state.unseen)


@np.errstate(all="ignore")
def sample(
    data: ClassData,
    state: ClassState,
    step: float,
    n_draws: int,
    random: np.random.Generator,
    length: float = TUNING.length,
) -> tuple[ClassState, Floats]:
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
) -> tuple[ClassState, Floats]:
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


def seeded(data: ClassData, far: Bools, n_sweeps: int, random: np.random.Generator) -> ClassState:
    """Chains that start with all classes, each around the history of a person drawn at random.

    A superfluous class dies out soon, while a missing one is hardly ever born: on many lists hardly any class
    drawn from the prior fits anybody. With such starts nearly all persons seem to be listed. Where `far` is
    true, the first class has most persons instead, whom lists hardly ever name: chains of the two kinds reach
    the posterior from both sides.
    """
    shares = data.counts / data.counts.sum()
    persons = random.choice(len(shares), size=(data.n_classes, len(far)), p=shares)
    on = data.histories[persons].transpose(0, 2, 1) > 0
    logits = np.where(on, *(np.log(share / (1 - share)) for share in PRIORS.around))
    rarely = PRIORS.rarely * (shares @ data.histories[:-1])
    logits[0][:, far] = np.log(rarely / (1 - rarely))[:, None]
    # sticks that leave as much to each class
    left = np.arange(data.n_classes, 1, -1)
    sticks = repeat(np.log(-np.log1p(-1 / left))[:, None], len(far), axis=1)
    sticks[0, far] = np.log(-np.log1p(-PRIORS.most))
    state = ClassState.at(data, on_lattice(logits), on_lattice(sticks))
    return sample_plain(data, state, n_sweeps, random)[0]
