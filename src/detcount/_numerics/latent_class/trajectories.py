"""Hamiltonian trajectories of latent classes.

Forces are computed in single precision, and the energies that decide about a trajectory in double: the
posterior is preserved as long as a force is a function of the place alone, the same there and back. This
halves the memory needed. Forces, exponentials too, are made of sums, products and quotients in a stated
order, so that a trajectory ends at the same place on every processor.
"""

from __future__ import annotations

import math

import numpy as np

from detcount._numerics.arrays import Floats
from detcount._numerics.latent_class.parameters import (
    ClassData,
    ClassState,
    Singles,
    SparseTree,
    Tree,
    behind,
    in_blocks,
)
from detcount._numerics.latent_class.tuning import TUNING

_ONE = np.float32(1.0)
_SMALL = np.float32(1e-30)
_LIGHTEST = np.float32(1e-20)
_WIDEST = np.float32(80.0)  # exponents that single precision can take
_SHORT = np.float32(0.1)  # sticks that the series is for
_LOG2 = np.float32(1.0 / math.log(2.0))
_SERIES = [np.float32(math.log(2.0) ** k / math.factorial(k)) for k in range(6)]  # of powers of 2
_FRACTION = np.int32(23)  # bits of single precision after the exponent
_ROUNDING = np.float32(1.5 * 2.0**23)

_GROWTH = [np.float32((-1) ** (k + 1) / math.factorial(k)) for k in range(1, 5)]  # of 1 - exp(-x)


class Forces:
    """Gradient of power times log likelihood plus log prior, in arrays that are used again.

    `logits` is where to put the parameters; the answers stand until the next call.
    """

    def __init__(self, data: ClassData, power: Floats, tree: Tree | SparseTree | None = None) -> None:
        n_lists, n_chains = data.histories.shape[1], len(power)
        self._tree = tree or data.tree
        counts = np.zeros(self._tree.leaves.max() + 1)
        counts[self._tree.leaves] = np.append(data.counts, 0.0)
        self._counts = np.outer(counts, power).astype(np.float32)
        self._total = (data.counts.sum() * power).astype(np.float32)
        self._listed = np.float32(data.listed)
        self._rate = np.float32(data.rate)
        self._shape = np.float32(data.shape + data.n_classes - 1)
        self._nodes = self._tree.arrays(data.n_classes, n_chains)
        of_lists = (data.n_classes, n_lists, n_chains)
        self._exponents = np.empty((data.n_classes * (n_lists + 1) - 1, n_chains), dtype=np.float32)
        self._powers = _Exponentials(self._exponents.shape)
        self._lefts = _Exponentials((data.n_classes - 1, n_chains))
        self.logits = np.empty(of_lists, dtype=np.float32)
        self._shares = np.empty(of_lists, dtype=np.float32)
        self._pulled = np.empty(of_lists, dtype=np.float32)

    def at(self, sticks: Singles) -> tuple[Singles, Singles]:
        """Gradients for the logits, as they stand in `logits`, and for sticks."""
        shares, absent, lengths, left, grown = self._parts(sticks)
        weights = self._nodes[0][0]
        weights[0] = 1.0
        for k, row in enumerate(left):  # accumulate takes three times as long
            np.multiply(weights[k], row, out=weights[k + 1])
        weights[:-1] *= grown
        np.maximum(weights, _LIGHTEST, out=weights)  # smaller ones are slow, and say nothing
        joint = self._tree.down(self._nodes, absent, shares)
        cell = np.add.reduce(joint, axis=1)
        np.maximum(cell, _SMALL, out=cell)
        seen = _ONE - cell[0]  # the first leaf is the unseen cell
        np.divide(self._counts, cell, out=cell)
        np.divide(self._total, seen, out=cell[0])
        joint *= cell[:, None, :]
        members = self._tree.up(self._nodes, self._pulled)
        shares *= (members + (self._listed + _ONE))[:, None, :]
        for_logits = self._pulled
        for_logits += self._listed
        for_logits -= shares
        slope = left
        slope /= grown
        slope *= members[:-1]
        slope -= behind(members)
        slope -= self._shape / (self._rate + np.add.reduce(lengths, axis=0))
        slope *= lengths
        slope += _ONE
        return for_logits, slope

    def _parts(self, sticks: Singles) -> tuple[Singles, ...]:
        """Probabilities to be on each list and not to be; lengths of sticks, what they leave and take."""
        exponents, n = self._exponents, len(sticks)
        exponents[:n] = sticks
        np.negative(self.logits, out=exponents[n:].reshape(self.logits.shape))
        found = self._powers.of(exponents)
        lengths, absent = found[:n], found[n:].reshape(self.logits.shape)
        shares = self._shares
        np.add(absent, _ONE, out=shares)
        np.divide(_ONE, shares, out=shares)
        absent *= shares
        left = self._lefts.of(-lengths)
        # of short sticks by the series, as nothing of the difference would be left
        short = np.minimum(lengths, _SHORT)
        grown = short * _GROWTH[-1]
        for term in _GROWTH[-2::-1]:
            grown += term
            grown *= short
        np.copyto(grown, _ONE - left, where=lengths > _SHORT)
        return shares, absent, lengths, left, grown


class _Exponentials:
    """Exponentials by sums and products alone, to some parts in a million, in arrays that are used again."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._rest = np.empty(shape, dtype=np.float32)
        self._whole = np.empty_like(self._rest)
        self._found = np.empty_like(self._rest)

    def of(self, values: Singles) -> Singles:
        """Exponentials of values cut at 80; they stand until the next call."""
        rest, whole, found = self._rest, self._whole, self._found
        np.clip(values, -_WIDEST, _WIDEST, out=rest)
        rest *= _LOG2
        # a number so large has no fraction: its last bits are the nearest whole number
        np.add(rest, _ROUNDING, out=whole)
        np.subtract(whole, _ROUNDING, out=found)
        rest -= found
        np.multiply(rest, _SERIES[-1], out=found)
        for term in _SERIES[-2:0:-1]:
            found += term
            found *= rest
        found += _SERIES[0]
        power = whole.view(np.int32)
        power <<= _FRACTION
        bits = found.view(np.int32)
        bits += power
        return found


@np.errstate(all="ignore")
def trajectory(
    data: ClassData,
    state: ClassState,
    step: float | Floats,
    power: float | Floats,
    random: np.random.Generator,
    length: float = TUNING.length,
) -> tuple[ClassState, Floats]:
    """One trajectory of every chain, the likelihood to the power of power; and their acceptance.

    Step and power are one number, or one a chain; the smallest step says how many there are.
    """
    steps = np.broadcast_to(step, state.n_chains)
    powers = np.broadcast_to(power, state.n_chains)
    n_steps = int(np.clip(np.ceil(length / steps.min()), TUNING.least_steps, TUNING.most_steps))
    return in_blocks(
        lambda part, block: _trajectory(data, part, steps[block], powers[block], n_steps, random), data, state
    )


def _trajectory(
    data: ClassData, state: ClassState, step: Floats, power: Floats, n_steps: int, random: np.random.Generator
) -> tuple[ClassState, Floats]:
    stride = (step * random.uniform(0.6, 1.2, state.n_chains)).astype(np.float32)
    forces = Forces(data, power)
    x, y = forces.logits, state.sticks.astype(np.float32)
    x[...] = state.logits
    px = random.standard_normal(x.shape, dtype=np.float32)
    py = random.standard_normal(y.shape, dtype=np.float32)
    energy = power * state.likelihood + state.prior - _kinetic(px, py)
    # momenta are held times the stride, so that a step of the place is one addition
    px *= stride
    py *= stride
    whole = stride * stride
    half = whole * np.float32(0.5)
    for index in range(n_steps + 1):
        weight = half if index in {0, n_steps} else whole
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
    gain = power * moved.likelihood + moved.prior - _kinetic(px, py) - energy
    acceptance = np.exp(np.minimum(np.where(np.isfinite(gain), gain, -np.inf), 0.0))
    return state.replaced(moved, random.random(len(gain)) < acceptance), acceptance


def _kinetic(px: Singles, py: Singles) -> Floats:
    """Half the squared momentum of each chain."""
    squares = [np.square(momentum, dtype=np.float64) for momentum in (px, py)]
    return np.asarray(0.5 * (squares[0].sum(axis=(0, 1)) + squares[1].sum(axis=0)))
