"""Hamiltonian trajectories of latent classes.

Forces are computed in single precision, the energies that decide about a trajectory in double: a force
need only be one function of the place, the same there and back, for the posterior to be kept. That halves
the memory to go through, and exponentials are several times as fast.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.latent_class.parameters import ClassData, ClassState, in_blocks

__all__ = ["Forces", "trajectory"]

_LENGTH = 1.6  # of a trajectory, in logits: the scale on which N is free to move
_LEAST_STEPS, _MOST_STEPS = 4, 256
_SMALL = np.float32(1e-30)
_WIDEST = np.float32(80.0)  # exponents that single precision can take

Singles = NDArray[np.float32]


class Forces:
    """Gradient of heat times log likelihood plus log prior, in arrays that are used again.

    `logits` is where to put the parameters; the answers stand until the next call.
    """

    def __init__(self, data: ClassData, heat: NDArray[np.float64]) -> None:
        n_lists, n_chains = data.histories.shape[1], len(heat)
        ones = np.ones((len(data.histories), 1))
        self._design = np.hstack([data.histories, ones]).astype(np.float32)
        self._transposed = np.ascontiguousarray(self._design.T)
        self._counts = np.outer(np.append(data.counts, 0.0), heat).astype(np.float32)
        self._total = (data.counts.sum() * heat).astype(np.float32)
        self._rate = np.float32(data.rate)
        self._shape = np.float32(data.shape + data.n_classes - 1)
        # products are several times as fast as cumulated sums over the classes
        self._later = np.triu(np.ones((data.n_classes - 1, data.n_classes), dtype=np.float32), 1)
        of_lists = (data.n_classes, n_lists + 1, n_chains)
        self._place = np.empty(of_lists, dtype=np.float32)
        self._pulled = np.empty(of_lists, dtype=np.float32)
        self._joint = np.empty((data.n_classes, len(data.histories), n_chains), dtype=np.float32)
        self._shares = np.empty((data.n_classes, n_lists, n_chains), dtype=np.float32)
        self._absent = np.empty_like(self._shares)
        self.logits = self._place[:, :-1]

    def at(self, sticks: Singles) -> tuple[Singles, Singles]:
        """Gradients for the logits, as they stand in `logits`, and for sticks."""
        shares, absent, joint = self._shares, self._absent, self._joint
        np.exp(self.logits, out=shares)
        np.add(shares, np.float32(1.0), out=absent)
        np.reciprocal(absent, out=absent)
        shares *= absent
        np.log(absent, out=absent)
        log_weights = self._place[:, -1]
        np.add.reduce(absent, axis=1, out=log_weights)
        lengths = np.exp(np.clip(sticks, -_WIDEST, _WIDEST))
        ungrown = np.reciprocal(np.expm1(lengths))
        log_weights[:-1] -= np.log1p(ungrown)
        log_weights -= self._later.T @ lengths
        np.exp(np.matmul(self._design, self._place, out=joint), out=joint)
        cell = np.add.reduce(joint, axis=0)
        np.maximum(cell, _SMALL, out=cell)
        seen = np.float32(1.0) - cell[-1]
        np.divide(self._counts, cell, out=cell)
        np.divide(self._total, seen, out=cell[-1])
        joint *= cell
        np.matmul(self._transposed, joint, out=self._pulled)
        members = self._pulled[:, -1]
        shares *= (members + np.float32(2.0))[:, None, :]
        for_logits = self._pulled[:, :-1]
        for_logits += np.float32(1.0)
        for_logits -= shares
        slope = members[:-1] * ungrown
        slope -= self._later @ members
        slope -= self._shape / (self._rate + lengths.sum(axis=0))
        slope *= lengths
        slope += np.float32(1.0)
        return for_logits, slope


@np.errstate(all="ignore")
def trajectory(
    data: ClassData,
    state: ClassState,
    step: float | NDArray[np.float64],
    heat: float | NDArray[np.float64],
    random: np.random.Generator,
) -> tuple[ClassState, NDArray[np.float64]]:
    """One trajectory of every chain, the likelihood to the power of heat; and their acceptance.

    Step and heat are one number, or one a chain; the smallest step says how many there are.
    """
    steps = np.broadcast_to(step, state.n_chains)
    heats = np.broadcast_to(heat, state.n_chains)
    n_steps = int(np.clip(np.ceil(_LENGTH / steps.min()), _LEAST_STEPS, _MOST_STEPS))
    return in_blocks(
        lambda part, block: _trajectory(data, part, steps[block], heats[block], n_steps, random), data, state
    )


def _trajectory(
    data: ClassData,
    state: ClassState,
    step: NDArray[np.float64],
    heat: NDArray[np.float64],
    n_steps: int,
    random: np.random.Generator,
) -> tuple[ClassState, NDArray[np.float64]]:
    stride = (step * random.uniform(0.6, 1.2, state.n_chains)).astype(np.float32)
    forces = Forces(data, heat)
    x, y = forces.logits, state.sticks.astype(np.float32)
    x[...] = state.logits
    px = random.standard_normal(x.shape, dtype=np.float32)
    py = random.standard_normal(y.shape, dtype=np.float32)
    energy = heat * state.likelihood + state.prior - _kinetic(px, py)
    # momenta are held times the stride, so that a step of the place is one addition
    px *= stride
    py *= stride
    for index in range(n_steps + 1):
        weight = stride * stride * np.float32(0.5 if index in {0, n_steps} else 1.0)
        gx, gy = forces.at(y)
        gx *= weight
        gy *= weight
        px += gx
        py += gy
        if index < n_steps:
            x += px
            y += py
    px /= stride
    py /= stride
    moved = ClassState.at(data, x.astype(np.float64), y.astype(np.float64))
    gain = heat * moved.likelihood + moved.prior - _kinetic(px, py) - energy
    acceptance = np.exp(np.minimum(np.where(np.isfinite(gain), gain, -np.inf), 0.0))
    return state.replaced(moved, random.random(len(gain)) < acceptance), acceptance


def _kinetic(px: Singles, py: Singles) -> NDArray[np.float64]:
    """Half the squared momentum of each chain."""
    squares = [np.square(momentum, dtype=np.float64) for momentum in (px, py)]
    return np.asarray(0.5 * (squares[0].sum(axis=(0, 1)) + squares[1].sum(axis=0)))
