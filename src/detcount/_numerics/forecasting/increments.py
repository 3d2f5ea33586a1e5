"""A series' own daily increments, drawn again in blocks of successive days."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["daily_increments", "increment_draws"]


def daily_increments(days: NDArray[np.int64], totals: NDArray[np.int64], most: int) -> NDArray[np.float64]:
    """Increments of the last `most` days, oldest first; what came between two figures is spread evenly.

    `days` are distinct and increase.
    """
    gaps = np.diff(days)
    daily = np.repeat(np.diff(totals) / gaps, gaps)
    return daily[-most:]


def increment_draws(
    daily: NDArray[np.float64], ahead: int, block: int, n_draws: int, random: np.random.Generator
) -> NDArray[np.float64]:
    """Sums of `ahead` daily increments, drawn in blocks of `block` successive days.

    Every day begins a block with the same chance; blocks run on from the last day to the first
    (Politis and Romano 1992), so that each day counts as often as any other.
    """
    n_blocks = -(-ahead // block)
    first = random.integers(0, len(daily), size=(n_draws, n_blocks))
    places = (first[:, :, None] + np.arange(min(block, ahead))) % len(daily)
    return np.asarray(daily[places].reshape(n_draws, -1)[:, :ahead].sum(axis=1))
