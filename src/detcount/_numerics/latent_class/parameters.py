"""Stick-breaking latent classes: data, parameters of every chain, and the density of their posterior.

Chains are the last axis of every array, so that each operation runs over long rows. The unseen persons
and the concentration alpha are integrated out: given the class parameters the observed cells are a
multinomial truncated at the unseen cell, under p(N) proportional to 1/N, and the lengths of the sticks,
exponential given alpha, are jointly Lomax.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import TINY, Bools, Floats, Ints, on_lattice
from detcount._numerics.latent_class.tuning import PRIORS, TUNING

Which = Ints | slice
Singles = NDArray[np.float32]


@dataclass(frozen=True)
class Branching:
    """One level of the tree: first the branches of persons who are not on the list, then of those who are.

    `absent` and `present` are the nodes above each branch, a slice where these are all nodes.
    """

    absent: Which
    present: Which
    n_absent: int
    size: int


@dataclass(frozen=True)
class Tree:
    """Distinct histories as a tree, a level for each list; the last of the leaves is that of no list."""

    levels: tuple[Branching, ...]
    leaves: Ints

    @classmethod
    def of(cls, histories: Floats) -> Tree:
        node = np.zeros(len(histories), dtype=np.int64)
        n_above, levels = 1, []
        for on_list in histories.T.astype(np.int64):
            found, node = np.unique(on_list * n_above + node, return_inverse=True)
            n_absent = int(np.searchsorted(found, n_above))
            above = found % n_above
            levels.append(
                Branching(
                    _which(above[:n_absent], n_above), _which(above[n_absent:], n_above), n_absent, len(found)
                )
            )
            n_above = len(found)
        return cls(tuple(levels), node)

    def arrays(self, *shape: int) -> list[Singles]:
        """Where the numbers of nodes stand, of all levels; the first takes the weights of classes."""
        return [np.empty((size, *shape), np.float32) for size in (1, *(each.size for each in self.levels))]

    def down(self, nodes: list[Singles], absent: Singles, shares: Singles) -> Singles:
        """Joint probabilities of class and leaf, (leaves, H, C), from those of absence and presence."""
        for k, at in enumerate(self.levels):
            np.multiply(nodes[k][at.absent], absent[:, k], out=nodes[k + 1][: at.n_absent])
            np.multiply(nodes[k][at.present], shares[:, k], out=nodes[k + 1][at.n_absent :])
        return nodes[-1]

    def up(self, nodes: list[Singles], listed: Singles) -> Singles:
        """Sums of the leaves of each class, (H, C), and in `listed`, (H, K, C), of those on each list."""
        for k, at in reversed(list(enumerate(self.levels))):
            off, on = nodes[k + 1][: at.n_absent], nodes[k + 1][at.n_absent :]
            np.add.reduce(on, axis=0, out=listed[:, k])
            if isinstance(at.absent, slice) and isinstance(at.present, slice):
                np.add(off, on, out=nodes[k])
                continue
            nodes[k][...] = 0.0
            nodes[k][at.absent] = off
            nodes[k][at.present] += on
        return np.asarray(nodes[0][0])


@dataclass(frozen=True)
class SparseTree:
    """The tree for many lists, by the lists that name a person: most lists name nobody of a history.

    Each of the `levels` is a list, the nodes above its own, and the place of these among all.
    """

    levels: tuple[tuple[int, Ints, slice], ...]
    leaves: Ints
    size: int

    @classmethod
    def of(cls, histories: Floats) -> SparseTree:
        node = np.zeros(len(histories), dtype=np.int64)
        size, levels = 1, []
        for k in np.argsort(-histories.sum(axis=0), kind="stable").tolist():  # few lists begin many histories
            on_list = histories[:, k] > 0
            above, which = np.unique(node[on_list], return_inverse=True)
            levels.append((k, above, slice(size, size + len(above))))
            node[on_list] = size + which
            size += len(above)
        return cls(tuple(levels), node, size)

    def arrays(self, *shape: int) -> list[Singles]:
        """Where the numbers of nodes stand, and a place to work; the first of each is the root."""
        return [np.empty((self.size, *shape), np.float32) for _ in range(2)]

    def down(self, nodes: list[Singles], absent: Singles, shares: Singles) -> Singles:
        """Joint probabilities of class and node, (nodes, H, C), from those of absence and presence."""
        joint, work = nodes
        joint[0] *= np.multiply.reduce(absent, axis=1)
        odds = np.divide(shares, absent, out=absent)
        for k, above, own in self.levels:
            np.take(joint, above, axis=0, out=work[own], mode="clip")
            np.multiply(work[own], odds[:, k], out=joint[own])
        return joint

    def up(self, nodes: list[Singles], listed: Singles) -> Singles:
        """Sums of the nodes of each class, (H, C), and in `listed`, (H, K, C), of those on each list."""
        joint = nodes[0]
        for k, above, own in reversed(self.levels):
            np.add.reduce(joint[own], axis=0, out=listed[:, k])
            joint[above] += joint[own]
        return np.asarray(joint[0])


def _which(nodes: Ints, n_above: int) -> Which:
    """All nodes as a slice, which copies nothing."""
    return slice(None) if len(nodes) == n_above else nodes


_LONGEST = 300.0  # of a stick, in exponents: sums of them stay finite


@dataclass(frozen=True)
class ClassData:
    """Observed histories with the unseen one last, counts, and the priors.

    Those are Gamma(shape, rate) of alpha, and Beta(listed, 1) of the shares of lists.
    """

    histories: Floats  # (n_patterns + 1, K), last row zero
    counts: Floats  # (n_patterns,)
    n_classes: int
    shape: float
    rate: float
    listed: float

    @classmethod
    def of(
        cls, histories: NDArray[np.uint8], counts: Ints, *, n_classes: int, shape: float, rate: float
    ) -> ClassData:
        padded = np.vstack([histories, np.zeros((1, histories.shape[1]))]).astype(np.float64)
        n_lists = histories.shape[1]
        listed = PRIORS.flat / n_lists if n_lists >= PRIORS.many_lists else 1.0
        return cls(padded, counts.astype(np.float64), n_classes, shape, rate, listed)

    @cached_property
    def tree(self) -> Tree | SparseTree:
        """The histories as a tree."""
        return (SparseTree if self.histories.shape[1] >= PRIORS.many_lists else Tree).of(self.histories)

    @property
    def size(self) -> int:
        """Numbers that the cells of all classes of one chain take."""
        return self.n_classes * int(max(self.histories.shape))


@dataclass(frozen=True)
class ClassState:
    """Parameters of C chains, and the density there.

    Logits of the list shares, shape (H, K, C); log of -log(1 - V) for the sticks, shape (H - 1, C); log
    likelihood, log prior and probability of the unseen cell, shape (C,).
    """

    logits: Floats
    sticks: Floats
    likelihood: Floats
    prior: Floats
    unseen: Floats

    @classmethod
    def at(cls, data: ClassData, logits: Floats, sticks: Floats) -> ClassState:
        """State of given parameters."""
        joint, log_absent, lengths = cell_probabilities(data, logits, sticks)
        cell = joint.sum(axis=0)
        unseen = cell[-1]
        likelihood = data.counts @ np.log(np.maximum(cell[:-1], TINY))
        likelihood -= data.counts.sum() * np.log1p(-unseen)
        prior = (data.listed * logits + (data.listed + 1) * log_absent).sum(axis=(0, 1)) + sticks.sum(axis=0)
        prior -= (data.shape + data.n_classes - 1) * np.log(data.rate + lengths.sum(axis=0))
        return cls(logits, sticks, likelihood, prior, unseen)

    @property
    def n_chains(self) -> int:
        """Number of chains."""
        return len(self.unseen)

    def taken(self, which: Ints | slice) -> ClassState:
        """Some of the chains, as often as they are named."""
        return ClassState(
            self.logits[:, :, which],
            self.sticks[:, which],
            self.likelihood[which],
            self.prior[which],
            self.unseen[which],
        )

    def replaced(self, by: ClassState, where: Bools) -> ClassState:
        """Chains of another state where so chosen."""
        return ClassState(
            np.where(where, by.logits, self.logits),
            np.where(where, by.sticks, self.sticks),
            np.where(where, by.likelihood, self.likelihood),
            np.where(where, by.prior, self.prior),
            np.where(where, by.unseen, self.unseen),
        )


def joined(states: list[ClassState]) -> ClassState:
    """All chains of several states."""
    return ClassState(
        np.concatenate([state.logits for state in states], axis=2),
        np.concatenate([state.sticks for state in states], axis=1),
        np.concatenate([state.likelihood for state in states]),
        np.concatenate([state.prior for state in states]),
        np.concatenate([state.unseen for state in states]),
    )


def in_blocks(
    move: Callable[[ClassState, slice], tuple[ClassState, Floats]], data: ClassData, state: ClassState
) -> tuple[ClassState, Floats]:
    """Move chains a block at a time, so that the arrays of a block stay small."""
    step = max(TUNING.cache // data.size, 1)
    if step >= state.n_chains:
        return move(state, slice(None))
    blocks = [slice(first, first + step) for first in range(0, state.n_chains, step)]
    moved = [move(state.taken(block), block) for block in blocks]
    return joined([each for each, _ in moved]), np.concatenate([stated for _, stated in moved])


def prior_draws(data: ClassData, n_chains: int, random: np.random.Generator) -> ClassState:
    """Independent draws from the prior."""
    n_lists = data.histories.shape[1]
    logits = random.logistic(size=(data.n_classes, n_lists, n_chains))
    log_alpha = np.log(np.maximum(random.gamma(data.shape, 1 / data.rate, n_chains), TINY))
    lengths = np.maximum(random.standard_exponential((data.n_classes - 1, n_chains)), TINY)
    sticks = on_lattice(np.log(lengths) - log_alpha)
    state = ClassState(on_lattice(logits), sticks, *np.empty((3, n_chains)))
    return in_blocks(
        lambda part, _: (ClassState.at(data, part.logits, part.sticks), part.unseen), data, state
    )[0]


def cell_probabilities(data: ClassData, logits: Floats, sticks: Floats) -> tuple[Floats, Floats, Floats]:
    """Joint probability of class and cell (H, W + 1, C); log(1 - share); lengths of the sticks."""
    log_absent = -np.log1p(np.exp(-np.abs(logits))) - np.maximum(logits, 0.0)
    lengths = np.exp(np.minimum(sticks, _LONGEST))
    log_weights = log_absent.sum(axis=1)
    log_weights[:-1] += np.log(np.maximum(-np.expm1(-lengths), TINY))
    log_weights[1:] -= np.cumsum(lengths, axis=0)
    joint = np.matmul(data.histories, logits)
    joint += log_weights[:, None, :]
    return np.exp(joint, out=joint), log_absent, lengths


def behind(members: NDArray[Any]) -> NDArray[Any]:
    """Members of all later classes, for every class but the last."""
    sums = members[1:].copy()
    for k in range(len(sums) - 2, -1, -1):  # cumsum takes three times as long
        sums[k] += sums[k + 1]
    return sums


def class_parameters(states: list[ClassState], *, most: int) -> tuple[Floats, Floats]:
    """List shares (n, H, K) and class weights (n, H) of at most so many chain states, evenly spaced."""
    stride = -(-sum(state.n_chains for state in states) // most)
    chosen = [state.taken(slice(index % stride, None, stride)) for index, state in enumerate(states)]
    logits = np.concatenate([state.logits for state in chosen], axis=2).transpose(2, 0, 1)
    lengths = np.exp(np.minimum(np.concatenate([state.sticks for state in chosen], axis=1).T, _LONGEST))
    left = np.exp(-np.cumsum(lengths, axis=1))
    ends = np.ones((len(left), 1)), np.zeros((len(left), 1))
    weights = np.concatenate([ends[0], left], axis=1) - np.concatenate([left, ends[1]], axis=1)
    return 0.5 * (1.0 + np.tanh(0.5 * logits)), weights
