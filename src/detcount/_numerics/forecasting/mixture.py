"""Linear pools of forecasts: mixtures of their distributions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["pooled_draws"]


def pooled_draws(members: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Draws of the linear pool: quantiles of the mixture of the members, at n_draws levels.

    `members` are draws, shape (n_members, n_draws). The pool's draws stand in the order of the first
    member's: its smallest is where that one's is.
    """
    n_draws = members.shape[1]
    order = np.argsort(members, axis=None, kind="stable")
    reached = np.cumsum(np.repeat(weights / weights.sum() / n_draws, n_draws)[order])
    levels = (np.arange(n_draws) + 0.5) / n_draws
    pooled = members.ravel()[order[np.minimum(np.searchsorted(reached, levels), len(order) - 1)]]
    ranks = np.empty(n_draws, dtype=np.int64)
    ranks[np.argsort(members[0], kind="stable")] = np.arange(n_draws)
    return np.asarray(pooled[ranks])
