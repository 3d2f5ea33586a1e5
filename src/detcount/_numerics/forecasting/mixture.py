"""Linear pools of forecasts: mixtures of their distributions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def pooled_draws(members: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quantiles of the mixture of the members, in increasing order, at n_draws levels.

    `members` are draws, shape (n_members, n_draws), and `weights` has one for each member.
    """
    n_draws = members.shape[1]
    order = np.argsort(members, axis=None, kind="stable")
    reached = np.cumsum(np.repeat(weights / weights.sum() / n_draws, n_draws)[order])
    levels = (np.arange(n_draws) + 0.5) / n_draws
    return np.asarray(members.ravel()[order[np.minimum(np.searchsorted(reached, levels), len(order) - 1)]])
