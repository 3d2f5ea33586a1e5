"""Arithmetic of a register: who is held, who entered, who left."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def least_backlog(entered_at_least: NDArray[np.int64], added: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give the smallest backlog of a running total at the end of each span.

    Entries that a running total does not hold yet are its backlog. Over a span it grows by what was
    entered and shrinks by what the total grew; it is never below 0, nor was it before the first span.
    """
    backlog = np.empty(len(added), dtype=np.int64)
    waiting = 0
    for span, (entered, grown) in enumerate(zip(entered_at_least.tolist(), added.tolist(), strict=True)):
        waiting = max(0, waiting + entered - grown)
        backlog[span] = waiting
    return backlog


def exits_at_least(
    held_before: NDArray[np.int64],
    held_after: NDArray[np.int64],
    entered: NDArray[np.int64],
    released: NDArray[np.int64],
) -> int:
    """Give the exits that counts of persons held force, span by span.

    Whoever is missing at the end of a span has left in it, and so have those who entered and are not
    held besides; releases printed for the span are exits too.
    """
    return int(np.maximum(np.maximum(held_before + entered - held_after, released), 0).sum())


def backlog_draws(
    observed: NDArray[np.int64], least: tuple[int, ...], n_draws: int, rng: np.random.Generator
) -> list[NDArray[np.int64]]:
    """Draw the backlog on some days, each no smaller than it must be there.

    A day has a backlog with a chance that has Jeffreys' prior and is learned from how many of those
    observed are above 0; it is the same on all days of one draw. The size is a Poisson count whose rate
    is learned, with Jeffreys' prior too, from one of those above 0. Where none is, nothing says how large
    one can be, and the backlog is the least.
    """
    sizes = observed[observed > 0]
    chance = rng.beta(len(sizes) + 0.5, len(observed) - len(sizes) + 0.5, size=n_draws)
    found = []
    for smallest in least:
        possible = sizes[sizes >= smallest]
        if not len(possible):
            found.append(np.full(n_draws, smallest, dtype=np.int64))
            continue
        size = rng.poisson(rng.gamma(rng.choice(possible, size=n_draws) + 0.5))
        behind = rng.random(n_draws) < chance if smallest == 0 else np.ones(n_draws, dtype=bool)
        found.append(np.maximum(np.where(behind, size, 0), smallest).astype(np.int64))
    return found


def uniform_draws(low: int, high: int, n_draws: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw whole numbers from `low` to `high`, all equally likely."""
    return rng.integers(low, high, size=n_draws, endpoint=True, dtype=np.int64)
