"""A campaign that ends: chances of waves, and of the end, from block to block.

While a campaign lasts waves begin at the rate nu, and it ends with the hazard eta. Afterwards there is none,
until it begins again, with a wave, at the rate of `again`, or with a chance of its own where something is
announced. Events of a block are told apart by whether a wave began in it, and by the states before and after.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.process.register import Array

__all__ = ["ACTIVE", "ENDED", "OPENED", "ended_chance", "events", "path_evidence", "sample_states"]

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


def events(
    nu: Array, eta: Array, again: Array, width: Array, opens: NDArray[np.bool_]
) -> tuple[Array, Array]:
    """Chances of each block without a wave and with one: shape (c, B, before, after) each."""
    nu, eta, again = nu[:, None], eta[:, None], again[:, None]
    quiet = np.zeros((len(nu), len(width), 2, 2))
    wave = np.zeros_like(quiet)
    lasts = np.exp(-eta * width)
    both = np.exp(-(eta + nu) * width)
    quiet[..., ACTIVE, ACTIVE] = both
    wave[..., ACTIVE, ACTIVE] = lasts - both
    ends = eta / (eta + nu) * (1 - both)
    quiet[..., ACTIVE, ENDED] = ends
    wave[..., ACTIVE, ENDED] = np.maximum((1 - lasts) - ends, 0.0)
    stays = np.exp(-again * width) * np.where(opens, 1 - OPENED, 1.0)
    quiet[..., ENDED, ENDED] = stays
    wave[..., ENDED, ACTIVE] = 1 - stays
    return quiet, wave


def sample_states(
    quiet: Array, wave: Array, no_wave: Array, a_wave: Array, random: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.bool_], Array]:
    """Draw states at the ends of blocks, and whether a wave began in each; and the log evidence.

    `no_wave` and `a_wave` are the likelihoods of a block without and with a wave, shape (c, B). Before the
    first block there is no campaign.
    """
    n_chains, n_blocks = no_wave.shape
    steps = _steps(quiet, wave, no_wave, a_wave)
    forward, evidence = _forward(steps)
    level = random.random((n_blocks + 1, n_chains))
    # which state each state at the end of a block comes from
    to = forward[:, None, :-1] * steps
    came = level[:-1] * (to[ENDED] + to[ACTIVE]) < to[ACTIVE]
    state = _followed(came[ENDED], came[ACTIVE], level[-1] < forward[ACTIVE, -1])
    rows = np.arange(n_chains)[:, None], np.arange(n_blocks)[None, :], state[:, :-1], state[:, 1:]
    with_wave = wave[rows] * a_wave
    both = with_wave + quiet[rows] * no_wave
    return state, random.random(both.shape) * both < with_wave, evidence


def path_evidence(quiet: Array, wave: Array, no_wave: Array, a_wave: Array) -> Array:
    """Log evidence of blocks without and with waves, states summed out."""
    return _forward(_steps(quiet, wave, no_wave, a_wave))[1]


def _steps(quiet: Array, wave: Array, no_wave: Array, a_wave: Array) -> Array:
    """Chances of steps from state to state with what was seen: shape (before, after, B, c)."""
    steps = quiet * no_wave[:, :, None, None]
    steps += wave * a_wave[:, :, None, None]
    return np.ascontiguousarray(steps.transpose(2, 3, 1, 0))


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
    """States at all ends from the last back, shape (c, B + 1), without a loop over blocks.

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
    return np.ascontiguousarray(state[::-1].T).astype(np.int64)
