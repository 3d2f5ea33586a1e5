"""Information criteria, and models grown pair by pair or found by single changes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from scipy.special import gammaln, pdtr, pdtrc

from detcount._numerics.arrays import Bools, Floats, Ints, repeat
from detcount._numerics.patterns import dense_tables, neighbours, sizes, superset_sums
from detcount._numerics.poisson import HierarchicalFits, fit_hierarchical
from detcount._numerics.selection.tuning import TUNING
from detcount.errors import ConvergenceError

Step = tuple[int, int, float, float]


@dataclass(frozen=True)
class StepwisePaths:
    """Where forward selection of pairs ended in each table.

    Parameters
    ----------
    n_unobserved : ndarray of float64, shape (n_tables,)
        Unseen persons; infinite where not even the main effects can be fitted.
    models : ndarray of bool, shape (n_tables, 2**K)
        Terms of the model reached.
    steps : list of list of tuple
        For each table the pairs added in order, each as (code, observed, expected, p-value).
    """

    n_unobserved: Floats
    models: Bools
    steps: list[list[Step]]


def stepwise(codes: Ints, counts: Ints, n_lists: int, threshold: float) -> StepwisePaths:
    """Add pairs of lists to the main effects, the least p-value first, while it is at most `threshold`.

    The p-value of a pair not in the model compares the persons on both its lists, on others or not,
    with their mean under the model fitted without the pair: the smaller Poisson tail, one-sided (Chan,
    Silverman and Vincent 2021). A pair that would leave no maximum, or no identification, is passed over.
    Tables are given as in `choose`.
    """
    n_tables = len(counts)
    n_unobserved = np.full(n_tables, np.inf)
    pairs = np.zeros((n_tables, 1 << n_lists), dtype=np.bool_)
    steps: list[list[Step]] = []
    for part, tables in dense_tables(codes, counts, 1 << n_lists, n_tables):
        n_unobserved[part], pairs[part], found = _stepwise(tables, n_lists, threshold)
        steps += found
    return StepwisePaths(n_unobserved, pairs, steps)


def _stepwise(tables: Floats, n_lists: int, threshold: float) -> tuple[Floats, Bools, list[list[Step]]]:
    """Forward selection in some tables."""
    n_tables = len(tables)
    # in the order of the lists, 12, 13, ..., 23, ...: the first wins a tie
    pairs = np.array([1 << i | 1 << j for i, j in combinations(range(n_lists), 2)])
    observed = superset_sums(tables)[:, pairs]
    trial = repeat((sizes(n_lists) <= 1)[None, :], n_tables, axis=0)
    models = trial.copy()
    added = np.full(n_tables, -1)
    n_unobserved = np.full(n_tables, np.inf)
    log_p = np.full((n_tables, len(pairs)), np.inf)
    expected = np.zeros((n_tables, len(pairs)))
    steps: list[list[Step]] = [[] for _ in range(n_tables)]
    limit = np.log(threshold) if threshold > 0 else -np.inf
    pending = np.arange(n_tables)
    while len(pending):
        fitted, unseen, means = _fit_each(trial[pending], tables[pending], pairs)
        done, failed = pending[fitted], pending[~fitted]
        for r in done[added[done] >= 0]:
            k = added[r]
            p_value = float(np.exp(log_p[r, k]))
            steps[r].append((int(pairs[k]), int(observed[r, k]), float(expected[r, k]), p_value))
        models[done] = trial[done]
        n_unobserved[done] = unseen[fitted]
        expected[done] = means[fitted]
        log_p[done] = _log_tail(observed[done], expected[done])
        log_p[done] = np.where(models[done][:, pairs], np.inf, log_p[done])
        log_p[failed, added[failed]] = np.inf  # passed over until another pair is added
        pending = pending[np.isfinite(n_unobserved[pending])]
        added[pending] = log_p[pending].argmin(axis=1)
        pending = pending[log_p[pending, added[pending]] <= limit]
        trial[pending] = models[pending]
        trial[pending, pairs[added[pending]]] = True
    return n_unobserved, models, steps


def _fit_each(models: Bools, tables: Floats, pairs: Ints) -> tuple[Bools, Floats, Floats]:
    """Fit one model in each table: whether that works, the unseen persons, and the means of the pairs."""
    try:
        fits = fit_hierarchical(models, tables, with_variance=False)
    except ConvergenceError:
        half = len(models) // 2
        if half == 0:
            return np.zeros(1, dtype=np.bool_), np.zeros(1), np.zeros((1, len(pairs)))
        parts = [_fit_each(models[part], tables[part], pairs) for part in (slice(half), slice(half, None))]
        return tuple(np.concatenate(pieces) for pieces in zip(*parts, strict=True))  # type: ignore[return-value]
    fitted = fits.code == 0
    means = np.where(fitted[:, None], fits.fitted, 0.0)
    means[:, 0] = 0.0
    return fitted, fits.n_unobserved, superset_sums(means)[:, pairs]


def _log_tail(observed: Floats, mean: Floats) -> Floats:
    """Log of the smaller Poisson tail: P(X >= observed) or P(X <= observed), exact where they underflow."""
    upper = np.where(observed > 0, pdtrc(np.maximum(observed - 1, 0), mean), 1.0)
    tail = np.minimum(upper, pdtr(observed, mean))
    with np.errstate(divide="ignore"):
        log_tail = np.log(tail)
    far = np.flatnonzero((tail < TUNING.tail) & (mean > 0))
    for place in far:
        log_tail.flat[place] = _log_far_tail(float(observed.flat[place]), float(mean.flat[place]))
    return np.asarray(log_tail)


def _log_far_tail(observed: float, mean: float) -> float:
    """Log of a tail too small for a double: its largest term, times a short sum."""
    largest = observed * np.log(mean) - mean - float(gammaln(observed + 1))
    total = term = 1.0
    k = observed
    while term > 1e-17 * total and k >= 0:
        term *= mean / (k + 1) if observed > mean else k / mean
        k += 1 if observed > mean else -1
        total += term
    return float(largest + np.log(total))


Criterion = Literal["bic", "aic", "aicc"]


def criterion_penalty(criterion: Criterion, n_parameters: Floats, n_persons: Floats) -> Floats:
    """Compute the penalty of each criterion on -2 log L; the sample size is the number of persons listed."""
    if criterion == "bic":
        return np.asarray(n_parameters * np.log(n_persons))
    if criterion == "aic":
        return np.asarray(2 * n_parameters + 0 * n_persons)
    room = n_persons - n_parameters - 1
    with np.errstate(divide="ignore"):
        extra = 2 * n_parameters * (n_parameters + 1) / np.maximum(room, 0)
    return np.asarray(2 * n_parameters + extra)


def criterion_values(criterion: Criterion, fits: HierarchicalFits, n_persons: float) -> Floats:
    """Criterion of each fit, infinite where there is none; terms at minus infinity count."""
    penalty = criterion_penalty(criterion, fits.n_parameters.astype(np.float64), np.array([n_persons]))
    return np.where(fits.code == 0, -2 * fits.log_likelihood + penalty, np.inf)


def search(starts: Bools, table: Floats, criterion: Criterion, max_order: int) -> Bools:
    """Every model visited by steepest descent from each start, changing one term at a time."""
    n_persons = float(table[1:].sum())
    known: dict[bytes, float] = {}
    found: list[Bools] = []

    def look(models: Bools) -> Floats:
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


def weigh(
    value: Floats, n_unobserved: Floats, n_persons: Floats, cap: float | None
) -> tuple[Floats, Floats, Floats]:
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
