"""Pools of forecasts by quantiles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["pooled_draws"]


def pooled_draws(members: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Draws of the pool by quantiles: at each level the weighted mean of log(1 + quantile), made whole.

    `members` are draws, shape (n_members, n_draws). The pool's draws stand in the order of the first
    member's: its smallest is where that one's is.
    """
    logs = np.log1p(np.sort(members, axis=1))
    pooled = np.rint(np.expm1((weights / weights.sum()) @ logs))
    ranks = np.empty(members.shape[1], dtype=np.int64)
    ranks[np.argsort(members[0], kind="stable")] = np.arange(members.shape[1])
    return np.asarray(pooled[ranks])
