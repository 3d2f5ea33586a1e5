"""Stick-breaking latent classes: data, parameters of every chain, and the probabilities of their cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["TINY", "ClassData", "ClassState", "cell_probabilities", "class_parameters", "initial_state"]

TINY = 1e-300


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


def cell_probabilities(
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
