"""The distribution of an estimate as its quantiles at fixed scores."""

from __future__ import annotations

import numpy as np

from detcount._numerics.arrays import Floats
from detcount._numerics.stock.paths import SCORES, score_probabilities
from detcount.estimates import AbundanceEstimate


def quantiles_of(estimate: AbundanceEstimate) -> Floats:
    """Quantiles of an estimate at the scores: of its draws, or else its limits at every level, persons."""
    probabilities = score_probabilities()
    if estimate.draws is not None and len(estimate.draws) > 1:
        return np.asarray(np.quantile(estimate.draws, probabilities), dtype=np.float64)
    found = np.empty(len(SCORES))
    middle = len(SCORES) // 2
    for k in range(middle):
        limits = estimate.interval(1 - 2 * probabilities[k])
        found[k], found[-1 - k] = limits.low, limits.high
    found[middle] = estimate.point
    return np.maximum.accumulate(found)
