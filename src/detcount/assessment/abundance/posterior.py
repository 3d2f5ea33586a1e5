"""What the posterior of a family shows besides its limits: its modes, and where it has its mass."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.modes import modes_of_draws, strip_of_draws
from detcount.estimates import AbundanceEstimate

__all__ = ["modes_of", "strip_of"]


def modes_of(estimate: AbundanceEstimate) -> tuple[float, ...]:
    """Modes of a posterior of N that stand out, persons; of an exact one from its grid, else from draws."""
    if estimate.interval_rule.method != "posterior" or estimate.draws is None:
        return ()
    exact: tuple[float, ...] | None = getattr(estimate.detail, "modes", None)
    if exact is not None:
        return exact
    unobserved, independent = _draws_of_unobserved(estimate)
    return tuple(estimate.n_observed + mode for mode in modes_of_draws(unobserved, independent))


def _draws_of_unobserved(estimate: AbundanceEstimate) -> tuple[NDArray[np.float64], float]:
    """Finite draws of n_0, and how many independent ones they are worth."""
    draws = np.asarray(estimate.draws, dtype=np.float64) - estimate.n_observed
    draws = draws[np.isfinite(draws)]
    return draws, float(getattr(estimate.detail, "effective_sample_size", len(draws)))


def strip_of(estimate: AbundanceEstimate) -> tuple[tuple[float, float], ...]:
    """The distribution of log n_0 by N, its greatest height 1; empty without draws of a distribution of N."""
    if estimate.draws is None or estimate.interval_rule.method not in ("posterior", "calibrated"):
        return ()
    unobserved, independent = _draws_of_unobserved(estimate)
    values, heights = strip_of_draws(unobserved, independent)
    return tuple(zip((estimate.n_observed + values).tolist(), heights.tolist(), strict=True))
