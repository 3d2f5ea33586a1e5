"""A campaign that ends: chances of waves, and of the end, from block to block.

While a campaign lasts waves begin at the rate nu, and it ends with the hazard eta. Afterwards there is none,
until it begins again, with a wave, at the rate of `again`, or with a chance of its own where something is
announced. Events of a block are told apart by whether a wave began in it, and by the states before and after.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.process.register import Array

__all__ = [
    "ACTIVE",
    "ENDED",
    "OPENED",
    "Paths",
    "ended_chance",
    "events",
    "path_evidence",
    "sample_states",
]

ENDED, ACTIVE = 0, 1
OPENED = 0.1  # chance that an announcement begins a campaign that had ended
_TINY = 1e-300
_TOGETHER = 4  # blocks whose chances are multiplied before they are brought to scale


def ended_chance(quiet: Array, nu: Array, eta: Array) -> Array:
    """Chance that a campaign has ended, after so many days without a wave.

    With q = eta (1 - exp(-(eta + nu) u))/(eta + nu) it is q/(q + exp(-(eta + nu) u)).
    """
    total = eta + nu
    lasts = np.exp(-total * quiet)
    ended = eta / total * -np.expm1(-total * quiet)
    return np.asarray(ended / (ended + lasts))


def events(nu: Array, eta: Array, again: Array, width: Array, opens: NDArray[np.bool_]) -> Array:
    """Chances of each block without a wave and with one: shape (without or with, before, after, B, c)."""
    width, opens = width[:, None], opens[:, None]
    chances = np.zeros((2, 2, 2, len(width), len(nu)))
    quiet, wave = chances
    lasts = np.exp(-eta * width)
    both = np.exp(-(eta + nu) * width)
    quiet[ACTIVE, ACTIVE] = both
    wave[ACTIVE, ACTIVE] = lasts - both
    ends = quiet[ACTIVE, ENDED]
    np.multiply(eta / (eta + nu), 1 - both, out=ends)
    wave[ACTIVE, ENDED] = np.maximum((1 - lasts) - ends, 0.0)
    stays = quiet[ENDED, ENDED]
    np.multiply(np.exp(-again * width), np.where(opens, 1 - OPENED, 1.0), out=stays)
    wave[ENDED, ACTIVE] = 1 - stays
    return chances


def sample_states(
    chances: Array, no_wave: Array, a_wave: Array, random: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.bool_], Array]:
    """Draw states at the ends of blocks, shape (B + 1, c), and whether a wave began in each; log evidence.

    `no_wave` and `a_wave` are the likelihoods of a block without and with a wave, shape (B, c). Before the
    first block there is no campaign.
    """
    n_blocks, n_chains = no_wave.shape
    steps = _steps(chances, no_wave, a_wave)
    forward, evidence = _forward(steps)
    level = random.random((n_blocks + 1, n_chains))
    # which state each state at the end of a block comes from
    to = forward[:, None, :-1] * steps
    came = level[:-1] * (to[ENDED] + to[ACTIVE]) < to[ACTIVE]
    state = _followed(came[ENDED], came[ACTIVE], level[-1] < forward[ACTIVE, -1])
    quiet, wave = chances[:, state[:-1], state[1:], np.arange(n_blocks)[:, None], np.arange(n_chains)]
    with_wave = wave * a_wave
    both = with_wave + quiet * no_wave
    return state, random.random((n_chains, n_blocks)).T * both < with_wave, evidence


def path_evidence(chances: Array, no_wave: Array, a_wave: Array) -> Array:
    """Log evidence of blocks without and with waves, states summed out."""
    return _forward(_steps(chances, no_wave, a_wave))[1]


class Paths:
    """Log evidence of blocks with and without waves, states summed out, as waves come and go.

    A change costs one product for each doubling of blocks, not one for each block.

    Parameters
    ----------
    chances : ndarray of float64, shape (2, 2, 2, B, c)
        Of `events`.
    there : ndarray of bool, shape (B, c)
        Which blocks have a wave.
    """

    def __init__(self, chances: Array, there: NDArray[np.bool_]) -> None:
        self._chances = chances
        self._chains = np.arange(there.shape[1])
        self._levels = _levels(np.where(there, chances[1], chances[0]))
        self._tried: list[tuple[NDArray[np.int64], Array, Array]] = []
        self.evidence = self._trial = _evidence(*self._levels[-1])

    def trial(self, block: NDArray[np.int64], there: NDArray[np.bool_]) -> Array:
        """Log evidence if one block of each chain has a wave, or has none; shape (c,)."""
        quiet, wave = self._chances[:, :, :, block, self._chains]
        steps, scale = np.where(there, wave, quiet), np.zeros(len(block))
        self._tried = [(block, steps, scale)]
        for products, scales in self._levels[:-1]:
            other, second = block ^ 1, (block & 1) == 1
            beside = products[:, :, other, self._chains]
            steps, total = _product(np.where(second, beside, steps), np.where(second, steps, beside))
            scale = scale + scales[other, self._chains] + np.log(total)
            block = block >> 1
            self._tried.append((block, steps, scale))
        self._trial = _evidence(steps[:, :, None], scale[None])
        return self._trial

    def take(self, good: NDArray[np.bool_]) -> None:
        """Let what was tried last be so, in some chains."""
        chains = self._chains[good]
        for (products, scales), (block, steps, scale) in zip(self._levels, self._tried, strict=True):
            products[:, :, block[good], chains] = steps[:, :, good]
            scales[block[good], chains] = scale[good]
        self.evidence = np.where(good, self._trial, self.evidence)


def _steps(chances: Array, no_wave: Array, a_wave: Array) -> Array:
    """Chances of steps from state to state with what was seen: shape (before, after, B, c)."""
    steps = chances[0] * no_wave
    steps += chances[1] * a_wave
    return np.asarray(steps)


def _levels(steps: Array) -> list[tuple[Array, Array]]:
    """Products of the steps of 1, 2, 4 blocks and so on, brought to a sum of one, and their log scales."""
    levels = [_even(steps, np.zeros(steps.shape[2:]))]
    while len(levels[-1][1]) > 1:
        products, scale = levels[-1]
        product, total = _product(products[:, :, 0::2], products[:, :, 1::2])
        levels.append(_even(product, scale[0::2] + scale[1::2] + np.log(total)))
    return levels


def _even(products: Array, scale: Array) -> tuple[Array, Array]:
    """The same, and a step that changes nothing if they are odd in number, and not the only one."""
    n_products, n_chains = scale.shape
    if n_products == 1 or n_products % 2 == 0:
        return products, scale
    more = np.broadcast_to(np.eye(2)[:, :, None, None], (2, 2, 1, n_chains))
    return np.concatenate([products, more], axis=2), np.concatenate([scale, np.zeros((1, n_chains))])


def _product(first: Array, second: Array) -> tuple[Array, Array]:
    """Products of steps of blocks that follow each other, brought to a sum of one, and their sums."""
    product = first[:, ENDED, None] * second[ENDED]
    product += first[:, ACTIVE, None] * second[ACTIVE]
    total = product[0, 0] + product[0, 1]
    total += product[1, 0]
    total += product[1, 1]
    np.maximum(total, _TINY, out=total)
    product /= total
    return product, total


def _evidence(products: Array, scale: Array) -> Array:
    """Log evidence of all blocks: before the first there is no campaign."""
    return np.asarray(
        np.log(np.maximum(products[ENDED, ENDED, 0] + products[ENDED, ACTIVE, 0], _TINY)) + scale[0]
    )


def _forward(steps: Array) -> tuple[Array, Array]:
    """Chances of states at the ends of blocks given what came before, shape (2, B + 1, c), and log evidence.

    Blocks are taken in stretches of about the root of their number: within all stretches at once, and then
    from one to the next.
    """
    n_blocks, n_chains = steps.shape[2:]
    length = max(int(np.ceil(np.sqrt(n_blocks))), 1)
    n_stretches = -(-n_blocks // length)
    padded = np.zeros((2, 2, n_stretches * length, n_chains))
    padded[:, :, :n_blocks] = steps
    padded[ENDED, ENDED, n_blocks:] = padded[ACTIVE, ACTIVE, n_blocks:] = 1.0
    padded = padded.reshape(2, 2, n_stretches, length, n_chains)
    inside = np.empty_like(padded)
    scale = []
    reached = padded[:, :, :, 0]
    for place in range(length):
        if place:
            step = padded[:, :, :, place]
            reached = reached[:, ENDED, None] * step[ENDED] + reached[:, ACTIVE, None] * step[ACTIVE]
        if place % _TOGETHER == _TOGETHER - 1:
            total = reached[0, 0] + reached[0, 1] + reached[1, 0] + reached[1, 1]
            scale.append(np.maximum(total, _TINY))
            reached = reached / scale[-1]
        inside[:, :, :, place] = reached
    starts = np.empty((2, n_stretches, n_chains))
    now = np.zeros((2, n_chains))
    now[ENDED] = 1.0
    sums = np.empty((n_stretches, n_chains))
    for stretch in range(n_stretches):
        starts[:, stretch] = now
        last = inside[:, :, stretch, -1]
        now = now[ENDED] * last[ENDED] + now[ACTIVE] * last[ACTIVE]
        sums[stretch] = np.maximum(now[ENDED] + now[ACTIVE], _TINY)
        now = now / sums[stretch]
    evidence = np.log(sums).sum(axis=0) + sum(np.log(total).sum(axis=0) for total in scale)
    forward = np.empty((2, n_blocks + 1, n_chains))
    forward[ENDED, 0], forward[ACTIVE, 0] = 1.0, 0.0
    ends = starts[ENDED, :, None] * inside[ENDED] + starts[ACTIVE, :, None] * inside[ACTIVE]
    ends /= np.maximum(ends[ENDED] + ends[ACTIVE], _TINY)
    forward[:, 1:] = ends.reshape(2, -1, n_chains)[:, :n_blocks]
    return forward, evidence


def _followed(
    from_ended: NDArray[np.bool_], from_active: NDArray[np.bool_], last: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """States at all ends from the last back, shape (B + 1, c), without a loop over blocks.

    Given are the state before each block if it ends in the one state or in the other, shape (B, c). Where
    both are alike the path is known again; where the other way round it is turned about.
    """
    n_blocks, n_chains = from_ended.shape
    known = np.concatenate([np.ones((1, n_chains), dtype=bool), (from_ended == from_active)[::-1]])
    value = np.concatenate([last[None], from_active[::-1]])
    turned = np.cumsum(
        np.concatenate([np.zeros((1, n_chains), dtype=bool), (from_ended & ~from_active)[::-1]]), axis=0
    )
    since = np.maximum.accumulate(np.where(known, np.arange(n_blocks + 1)[:, None], 0), axis=0)
    chains = np.arange(n_chains)
    state = value[since, chains] ^ ((turned - turned[since, chains]) % 2 == 1)
    return np.asarray(state[::-1], dtype=np.int64)
