"""What a forecast rests on: the counts, where other priors leave it where it is, and the prior elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.importance import pareto_shape
from detcount.estimates import IdentifiedBySource
from detcount.releases.process.series import Array, Series

__all__ = ["looked_at_twice", "rests_on"]

_LEVEL = 0.95
_MOVES = 0.1  # share of the width by which limits may move
_TRUSTED = 0.7  # Pareto k up to which weights are trusted


def looked_at_twice(series: Sequence[Series]) -> bool:
    """Whether a monitor published two figures of one closed window: running totals cannot show a delay."""
    for one in series:
        if one.role != "verified":
            continue
        windows: dict[tuple[int, int], set[int]] = {}
        for start, end, published in zip(one.start, one.end, one.published, strict=True):
            windows.setdefault((int(start), int(end)), set()).add(int(published))
        if any(len(days) > 1 and max(days) > end for (_, end), days in windows.items()):
            return True
    return False


def rests_on(
    draws: NDArray[np.int64], again: NDArray[np.int64], other: Array, flatter: Array
) -> IdentifiedBySource:
    """Whether both limits stay under another family of delays and under a flatter prior.

    `again` are draws of the same under the other family, at the same parameters; `other` and `flatter` the
    log weights that make the parameters those of the other posteriors.
    """
    low, high = _limits(draws, np.zeros(len(draws)))
    for values, log_weights in ((again, other), (draws, flatter)):
        if pareto_shape(log_weights) > _TRUSTED:
            return "prior"
        moved = _limits(values, log_weights)
        if max(abs(moved[0] - low), abs(moved[1] - high)) > _MOVES * (high - low):
            return "prior"
    return "data"


def _limits(values: NDArray[np.int64], log_weights: Array) -> tuple[float, float]:
    """Equal-tailed limits of weighted draws."""
    order = np.argsort(values, kind="stable")
    weights = np.exp(log_weights - log_weights.max())[order]
    reached = np.cumsum(weights) / weights.sum()
    places = np.searchsorted(reached, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    low, high = values[order][np.minimum(places, len(values) - 1)]
    return float(low), float(high)
