"""Stick-breaking latent classes, sampled with the unseen persons integrated out.

Given the class parameters the observed cells are a multinomial truncated at the unseen cell, and under
p(N) proportional to 1/N the unseen count is negative binomial. So the parameters are moved by
Hamiltonian trajectories on the truncated likelihood, where nothing chases the unseen count, and N is
drawn exactly afterwards. Plain Gibbs sweeps between trajectories refresh empty classes and labels.
Chains are the leading axis of every array.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "ClassData",
    "ClassState",
    "Ladder",
    "class_parameters",
    "gibbs_sweep",
    "initial_state",
    "sample",
    "sample_plain",
    "sample_tempered",
    "warm_up",
    "warm_up_tempered",
]

_LENGTH = 1.6  # of a trajectory, in logits: the scale on which N is free to move
_TARGET = 0.8  # acceptance aimed at
_TINY = 1e-300
_ROUNDS = 3  # of spacing the heats


@dataclass(frozen=True)
class ClassData:
    """Observed histories with the unseen one last, counts, and the prior Gamma(shape, rate) of alpha."""

    histories: NDArray[np.float64]  # (n_patterns + 1, K), last row zero
    counts: NDArray[np.float64]  # (n_patterns,)
    n_classes: int
    shape: float
    rate: float

    @classmethod
    def of(
        cls,
        histories: NDArray[np.uint8],
        counts: NDArray[np.int64],
        *,
        n_classes: int,
        shape: float,
        rate: float,
    ) -> ClassData:
        padded = np.vstack([histories, np.zeros((1, histories.shape[1]))]).astype(np.float64)
        return cls(padded, counts.astype(np.float64), n_classes, shape, rate)


@dataclass(frozen=True)
class ClassState:
    """Parameters of every chain.

    Logits of the list shares, shape (C, H, K); log of -log(1 - V) for the sticks, shape (C, H - 1);
    concentration alpha, shape (C,).
    """

    logits: NDArray[np.float64]
    sticks: NDArray[np.float64]
    alpha: NDArray[np.float64]


def initial_state(data: ClassData, n_chains: int, random: np.random.Generator) -> ClassState:
    """Starting points spread wider than the posterior."""
    n_lists = data.histories.shape[1]
    return ClassState(
        random.normal(-1.0, 1.0, (n_chains, data.n_classes, n_lists)),
        np.log(random.exponential(1.0, (n_chains, data.n_classes - 1))),
        np.ones(n_chains),
    )


def _cells(
    data: ClassData, logits: NDArray[np.float64], sticks: NDArray[np.float64]
) -> tuple[NDArray[np.float64], ...]:
    """Joint probability of class and cell (C, H, W + 1); shares, log(1 - share), exp(stick), its expm1."""
    n_chains, n_classes, n_lists = logits.shape
    small = np.exp(-np.abs(logits))
    one = 1.0 / (1.0 + small)
    shares = np.where(logits > 0, one, small * one)
    log_absent = np.log(one) - np.maximum(logits, 0.0)
    lengths = np.exp(np.minimum(sticks, 30.0))
    grown = np.expm1(np.minimum(lengths, 700.0))
    log_weights = np.zeros((n_chains, n_classes))
    log_weights[:, :-1] = -np.log1p(1.0 / grown)
    log_weights[:, 1:] -= np.cumsum(lengths, axis=1)
    joint = (logits.reshape(-1, n_lists) @ data.histories.T).reshape(n_chains, n_classes, -1)
    joint += (log_weights + log_absent.sum(axis=2))[:, :, None]
    np.exp(joint, out=joint)
    return joint, shares, log_absent, lengths, grown


def _gradient(
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
    joint, shares, log_absent, lengths, grown = _cells(data, logits, sticks)
    cell = np.maximum(joint.sum(axis=1), _TINY)
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


def _draw_unseen(
    total: float, unseen: NDArray[np.float64], random: np.random.Generator
) -> NDArray[np.float64]:
    """Unseen persons given the probability of the unseen cell, prior 1/N: negative binomial."""
    return np.asarray(random.poisson(random.gamma(total, unseen / (1.0 - unseen))), dtype=np.float64)


def class_parameters(
    states: list[ClassState], *, most: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """List shares (n, H, K) and class weights (n, H) of at most so many chain states, evenly spaced."""
    n_chains = len(states[0].alpha)
    chosen = states[:: -(-len(states) * n_chains // most)]
    logits = np.concatenate([state.logits for state in chosen])
    lengths = np.exp(np.minimum(np.concatenate([state.sticks for state in chosen]), 30.0))
    left = np.exp(-np.cumsum(lengths, axis=1))
    ends = np.ones((len(left), 1)), np.zeros((len(left), 1))
    weights = np.concatenate([ends[0], left], axis=1) - np.concatenate([left, ends[1]], axis=1)
    return 0.5 * (1.0 + np.tanh(0.5 * logits)), weights


def gibbs_sweep(
    data: ClassData, state: ClassState, random: np.random.Generator
) -> tuple[ClassState, NDArray[np.float64]]:
    """One sweep over unseen count, classes of persons, shares, sticks and alpha; and the unseen count."""
    joint = _cells(data, state.logits, state.sticks)[0]
    n_chains = len(joint)
    n_unseen = _draw_unseen(data.counts.sum(), joint[:, :, -1].sum(axis=1), random)
    counts = np.empty((n_chains, len(data.counts) + 1), dtype=np.int64)
    counts[:, :-1] = data.counts
    counts[:, -1] = n_unseen
    odds = joint.transpose(0, 2, 1)
    odds = np.maximum(odds, _TINY)
    classes = random.multinomial(counts, odds / odds.sum(axis=2, keepdims=True)).astype(np.float64)
    members = classes.sum(axis=1)
    on = classes.transpose(0, 2, 1) @ data.histories
    present = random.standard_gamma(1.0 + on)
    absent = random.standard_gamma(1.0 + members[:, :, None] - on)
    logits = np.log(np.maximum(present, _TINY)) - np.log(np.maximum(absent, _TINY))
    behind = (members.sum(axis=1, keepdims=True) - np.cumsum(members, axis=1))[:, :-1]
    taken = random.standard_gamma(1.0 + members[:, :-1])
    left = np.maximum(random.standard_gamma(state.alpha[:, None] + behind), _TINY)
    sticks = np.log(np.maximum(np.log1p(taken / left), _TINY))
    return ClassState(logits, sticks, _draw_alpha(data, sticks, random)), n_unseen


def _draw_alpha(
    data: ClassData, sticks: NDArray[np.float64], random: np.random.Generator
) -> NDArray[np.float64]:
    """Concentration given the sticks: Gamma(shape + H - 1, rate - sum log(1 - V))."""
    rate = data.rate + np.exp(sticks).sum(axis=1)
    return np.asarray(random.standard_gamma(data.shape + data.n_classes - 1, len(sticks)) / rate)


def _trajectory(
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
    gx, gy, likelihood, prior, unseen = _gradient(data, x, y, state.alpha, heat)
    px, py = random.standard_normal(x.shape), random.standard_normal(y.shape)
    energy = heat * likelihood + prior - 0.5 * ((px**2).sum(axis=(1, 2)) + (py**2).sum(axis=1))
    px += 0.5 * stride3 * gx
    py += 0.5 * stride * gy
    for index in range(n_steps):
        x += stride3 * px
        y += stride * py
        gx, gy, new_likelihood, new_prior, new_unseen = _gradient(data, x, y, state.alpha, heat)
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


@dataclass
class _Steps:
    """Dual averaging of the step size (Hoffman and Gelman 2014), one for each group of chains."""

    log_start: NDArray[np.float64]
    error: NDArray[np.float64]
    log_mean: NDArray[np.float64]
    count: int = 0

    @classmethod
    def start(cls, step: NDArray[np.float64]) -> _Steps:
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
        steps = _Steps.start(np.array([0.01]))
        step = np.array([0.02])
        for _ in range(n_trajectories):
            state, _ = gibbs_sweep(data, state, random)
            state, acceptance, _, _ = _trajectory(data, state, np.full(n_chains, step[0]), cold, random)
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
            state, _, _, unseen = _trajectory(data, state, np.full(n_chains, step), cold, random)
            draws[:, index] = _draw_unseen(data.counts.sum(), unseen, random)
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
            averages = _Steps.start(0.5 * ladder.steps)
            swaps = np.zeros(len(heats) - 1)
            for index in range(n_warm):
                ladder, acceptance, _, accepted = _climb(data, ladder, index % 2, random)
                ladder = replace(ladder, steps=averages.update(acceptance))
                swaps += accepted * (index >= n_warm // 3)
            rate = swaps / ((n_warm - n_warm // 3) / 2)
            steps = np.exp(averages.log_mean)
            spaced = _spaced(ladder.heats, 1 - rate)
            order = ladder.heats[::-1]
            steps = np.exp(np.interp(np.log(spaced), np.log(order), np.log(steps[::-1])))
            ladder = replace(ladder, heats=spaced, steps=steps)
        averages = _Steps.start(0.5 * ladder.steps)
        for index in range(n_warm):
            ladder, acceptance, _, _ = _climb(data, ladder, index % 2, random)
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
            ladder, _, unseen, accepted = _climb(data, ladder, index % 2, random)
            draws[:, index] = _draw_unseen(data.counts.sum(), unseen, random)
            swaps += accepted
    return ladder, draws, swaps / (n_draws / 2)


def _climb(
    data: ClassData, ladder: Ladder, first: int, random: np.random.Generator
) -> tuple[Ladder, NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Sweep, trajectory and exchange; acceptance by rung, unseen probability of cold chains, swaps."""
    n_ladders = ladder.n_ladders
    state = _sweep_some(data, ladder.state, np.arange(n_ladders), random)
    state = replace(state, alpha=_draw_alpha(data, state.sticks, random))
    heat, step = np.repeat(ladder.heats, n_ladders), np.repeat(ladder.steps, n_ladders)
    state, acceptance, likelihood, unseen = _trajectory(data, state, step, heat, random)
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
