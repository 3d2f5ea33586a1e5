"""Linear pools of forecasts: mixtures of their distributions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["pooled_draws"]

_SHUFFLE = 28_657  # seed of the order of equal draws, the same for every day that is asked about


def pooled_draws(members: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Draws of the linear pool: quantiles of the mixture of the members, at n_draws levels.

    `members` are draws, shape (n_members, n_draws). The pool's draws stand in the order of the first
    member's: its smallest is where that one's is, or one of those that are equal there.
    """
    n_draws = members.shape[1]
    order = np.argsort(members, axis=None, kind="stable")
    reached = np.cumsum(np.repeat(weights / weights.sum() / n_draws, n_draws)[order])
    levels = (np.arange(n_draws) + 0.5) / n_draws
    pooled = members.ravel()[order[np.minimum(np.searchsorted(reached, levels), len(order) - 1)]]
    # equal draws in an order of no meaning, so that those of one chain do not get the same end of the pool
    among_equal = np.random.default_rng(_SHUFFLE).permutation(n_draws)
    ranks = np.empty(n_draws, dtype=np.int64)
    ranks[np.lexsort((among_equal, members[0]))] = np.arange(n_draws)
    return np.asarray(pooled[ranks])
