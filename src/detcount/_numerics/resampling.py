"""Resampled tables of persons, and what the jackknife says about an estimate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_LARGEST = 1 << 62  # no population of persons comes near


def multinomial_resamples(counts: NDArray[np.int64], n_resamples: int, seed: int) -> NDArray[np.int64]:
    """Redraw all persons with replacement; shape (n_resamples, n_patterns), each row of the same total.

    Persons are redrawn over the histories that somebody has: a history nobody has stays empty.
    """
    n_persons = int(counts.sum())
    rng = np.random.default_rng(seed)
    return rng.multinomial(n_persons, counts / n_persons, size=n_resamples).astype(np.int64, copy=False)


def population_resamples(
    counts: NDArray[np.int64], n_total: float, n_resamples: int, seed: int
) -> NDArray[np.int64]:
    """Redraw who is listed, of a population of `n_total`; shape (n_resamples, n_patterns).

    How many are listed is binomial, and their histories are redrawn with replacement (Buckland and
    Garthwaite 1991). With the number listed held fixed, an estimate of `n_total` would seem to vary
    less than it does, by the variance of that number.
    """
    n_persons = int(counts.sum())
    rng = np.random.default_rng(seed)
    listed = rng.binomial(min(round(n_total), _LARGEST), min(n_persons / n_total, 1.0), size=n_resamples)
    drawn = rng.multinomial(np.maximum(listed, 1), counts / n_persons)
    return np.asarray(drawn.astype(np.int64, copy=False))


def jackknife_tables(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Leave one person out, once for each history; shape (n_patterns, n_patterns).

    Row i has one person fewer with history i. Persons with the same history leave the same table, so
    row i stands for counts[i] of the n leave-one-out tables.
    """
    return counts[None, :] - np.eye(len(counts), dtype=np.int64)


def jackknife_acceleration(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """Acceleration of Efron (1987), sum(d**3) / (6 sum(d**2)**1.5) with d = mean - value, over persons.

    `values` has the estimate without one person of each history, `weights` the persons with that
    history. Values that are not finite (no estimate without that person) are left out. An estimate
    that no single person moves has acceleration 0.
    """
    usable = np.isfinite(values) & (weights > 0)
    if not usable.any():
        return 0.0
    kept, persons = values[usable], weights[usable].astype(np.float64)
    difference = np.average(kept, weights=persons) - kept
    scale = np.abs(difference).max()
    if scale <= 1e-12 * np.abs(kept).max():
        return 0.0
    unit = difference / scale
    return float((persons * unit**3).sum() / (6 * (persons * unit**2).sum() ** 1.5))
