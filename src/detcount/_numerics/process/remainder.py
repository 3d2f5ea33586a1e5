"""How many of a finite lot happened, given how many are verified in the end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.announcement import happened_probabilities

__all__ = ["draw_carried_out"]

_WIDEST = 100_000  # persons between verified and announced; beyond, the lot is as good as without an end


def draw_carried_out(
    announced: int,
    verified: NDArray[np.int64],
    verification: tuple[float, float],
    carried_out: tuple[float, float],
    never: NDArray[np.int64],
    random: np.random.Generator,
) -> NDArray[np.int64]:
    """Draw R for draws of the number verified in the end: P(R) prop BetaBin(R; A, c, d) BetaBin(V; R, a, b).

    Where more are verified than were announced, or the lot is as good as without an end, R is that number and
    `never`, those that are never verified.
    """
    drawn = verified + never
    for value, times in zip(*np.unique(verified, return_counts=True), strict=True):
        if value > announced or announced - value > _WIDEST:
            continue
        support, chances = happened_probabilities(announced, [int(value)], [verification], carried_out)
        drawn[verified == value] = random.choice(support, size=times, p=chances)
    return drawn
