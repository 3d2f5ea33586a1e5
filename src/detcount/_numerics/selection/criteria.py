"""Information criteria, the weights they give, and the search for models they prefer."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.hierarchy import neighbours
from detcount._numerics.poisson import HierarchicalFits, fit_hierarchical

Criterion = Literal["aic", "aicc", "bic"]


def criterion_penalty(
    criterion: Criterion, n_parameters: NDArray[np.float64], n_persons: NDArray[np.float64]
) -> NDArray[np.float64]:
    """What each criterion adds to -2 log L; the sample size is the number of persons listed."""
    if criterion == "bic":
        return np.asarray(n_parameters * np.log(n_persons))
    if criterion == "aic":
        return np.asarray(2 * n_parameters + 0 * n_persons)
    room = n_persons - n_parameters - 1
    with np.errstate(divide="ignore"):
        extra = 2 * n_parameters * (n_parameters + 1) / np.maximum(room, 0)
    return np.asarray(2 * n_parameters + extra)


def criterion_values(criterion: Criterion, fits: HierarchicalFits, n_persons: float) -> NDArray[np.float64]:
    """Criterion of each fit, infinite where there is none; terms at minus infinity count."""
    penalty = criterion_penalty(criterion, fits.n_parameters.astype(np.float64), np.array([n_persons]))
    return np.where(fits.code == 0, -2 * fits.log_likelihood + penalty, np.inf)


def search(
    starts: NDArray[np.bool_], table: NDArray[np.float64], criterion: Criterion, max_order: int
) -> NDArray[np.bool_]:
    """Every model looked at on the way down from each start, by the best change of one term at a time."""
    n_persons = float(table[1:].sum())
    known: dict[bytes, float] = {}
    found: list[NDArray[np.bool_]] = []

    def look(models: NDArray[np.bool_]) -> NDArray[np.float64]:
        keys = [model.tobytes() for model in np.packbits(models, axis=1)]
        new = np.array([key not in known for key in keys])
        if new.any():
            fits = fit_hierarchical(models[new], table, with_variance=False)
            values = criterion_values(criterion, fits, n_persons)
            known.update(
                zip([key for key, is_new in zip(keys, new, strict=True) if is_new], values, strict=True)
            )
            found.extend(models[new])
        return np.array([known[key] for key in keys])

    for start in np.unique(starts, axis=0)[::-1]:
        model, value = start, float(look(start[None, :])[0])
        while True:
            around = neighbours(model, max_order)
            values = look(around)
            best = int(values.argmin())
            if not values[best] < value:
                break
            model, value = around[best], float(values[best])
    return np.array(found)


NEGLIGIBLE = 70.0  # a model so far behind has less than exp(-35) of the best one's weight


def weigh(
    value: NDArray[np.float64],
    n_unobserved: NDArray[np.float64],
    n_persons: NDArray[np.float64],
    cap: float | None,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Average over models, the first axis: unseen persons, weight capped away, weights."""
    usable = np.isfinite(value)
    plausible = usable if cap is None else usable & (n_unobserved <= cap * n_persons)
    best = np.where(usable, value, np.inf).min(axis=0)
    with np.errstate(invalid="ignore"):
        raw = np.where(usable, np.exp(-0.5 * (value - best)), 0.0)
    capped = np.where(usable.any(axis=0), (raw * ~plausible).sum(axis=0) / raw.sum(axis=0).clip(1e-300), 0.0)
    best_kept = np.where(plausible, value, np.inf).min(axis=0)
    with np.errstate(invalid="ignore"):
        raw = np.where(plausible, np.exp(-0.5 * (value - best_kept)), 0.0)
    total = raw.sum(axis=0)
    weights = raw / np.where(total > 0, total, 1.0)
    mean = (weights * np.where(plausible, n_unobserved, 0.0)).sum(axis=0)
    return np.where(total > 0, mean, np.inf), capped, weights
