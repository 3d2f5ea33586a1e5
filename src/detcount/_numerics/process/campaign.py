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
    forward, step, evidence = _forward(quiet, wave, no_wave, a_wave)
    n_chains, n_blocks = no_wave.shape
    state = np.empty((n_blocks + 1, n_chains), dtype=np.int64)
    level = random.random((n_blocks + 1, n_chains))
    chains = np.arange(n_chains)
    state[-1] = level[-1] < forward[-1, ACTIVE]
    for block in range(n_blocks - 1, -1, -1):
        to = forward[block] * step[block][:, state[block + 1], chains]
        state[block] = level[block] * (to[ENDED] + to[ACTIVE]) < to[ACTIVE]
    state = np.ascontiguousarray(state.T)
    rows = chains[:, None], np.arange(n_blocks)[None, :], state[:, :-1], state[:, 1:]
    with_wave = wave[rows] * a_wave
    both = with_wave + quiet[rows] * no_wave
    return state, random.random(both.shape) * both < with_wave, evidence


def path_evidence(quiet: Array, wave: Array, there: NDArray[np.bool_]) -> Array:
    """Log chance of waves in some blocks and in no others, states summed out."""
    return _forward(quiet, wave, (~there).astype(np.float64), there.astype(np.float64))[2]


def _forward(quiet: Array, wave: Array, no_wave: Array, a_wave: Array) -> tuple[Array, Array, Array]:
    """Chances of states at the ends of blocks given what came before, steps, log evidence; chains last."""
    step = np.ascontiguousarray(
        (quiet * no_wave[:, :, None, None] + wave * a_wave[:, :, None, None]).transpose(1, 2, 3, 0)
    )
    n_blocks, n_chains = len(step), step.shape[3]
    forward = np.empty((n_blocks + 1, 2, n_chains))
    forward[0, ENDED], forward[0, ACTIVE] = 1.0, 0.0
    totals = np.empty((n_blocks, n_chains))
    for block in range(n_blocks):
        reached = forward[block, ENDED] * step[block, ENDED] + forward[block, ACTIVE] * step[block, ACTIVE]
        total = np.maximum(reached[ENDED] + reached[ACTIVE], _TINY)
        totals[block] = total
        np.divide(reached, total, out=forward[block + 1])
    return forward, step, np.log(totals).sum(axis=0)
