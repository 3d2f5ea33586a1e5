"""Intervals of one log-linear model: normal on the log scale, profile likelihood, bootstrap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount import arguments
from detcount._numerics.existence import extended_support
from detcount._numerics.patterns import dense_tables
from detcount._numerics.poisson import HierarchicalFits, fit_hierarchical
from detcount._numerics.resampling import population_resamples
from detcount.abundance.intervals import BCaBootstrap, PercentileBootstrap
from detcount.abundance.resamples import acceleration_of, interval_rule
from detcount.captures import CaptureTable
from detcount.errors import NotEstimableError
from detcount.estimates import CautiousRule, IntervalRule
from detcount.words import Message


@dataclass(frozen=True)
class Limits:
    """An interval rule and what comes with it."""

    rule: IntervalRule
    notes: tuple[str, ...] = ()
    draws: NDArray[np.float64] | None = None
    multinomial_point: float | None = None
    n_without_estimate: int = 0


def bootstrap_limits(
    interval: BCaBootstrap | PercentileBootstrap,
    table: CaptureTable,
    model: NDArray[np.bool_],
    fits: HierarchicalFits,
    seed: int,
) -> Limits:
    """Refit the model to resampled tables, and for BCa without one person of each history."""
    n_observed = table.n_observed
    point = n_observed + float(fits.n_unobserved[0])
    start = fits.coefficients[0]
    seed = arguments.seed(seed)
    tables = population_resamples(table.counts, point, interval.n_resamples, seed)
    resampled = tables.sum(axis=1) + _refits(model, table, tables, start)
    failed = np.isnan(resampled)
    n_failed = int(failed.sum())
    if n_failed == len(resampled):
        raise NotEstimableError(
            "LogLinear",
            Message("the model can be fitted to none of {n:,} resampled tables", n=len(resampled)),
            Message("Use fewer interactions, or LogLinear(interval=ProfileLikelihood())."),
            advice=Message("Use fewer interactions, or the interval from the profile likelihood."),
        )
    draws = np.where(failed, np.inf, np.maximum(resampled, n_observed))
    lowest = np.where(failed, float(n_observed), draws)
    acceleration = acceleration_of(
        interval, table, lambda counts: _refits(model, table, counts, start) + n_observed - 1
    )
    upper = interval_rule(interval, draws, point, acceleration)
    if not n_failed:
        return Limits(upper, draws=draws)
    note = Message(
        "The model cannot be fitted to {failed:,} of {n:,} resampled tables; they count as below every "
        "estimate for the lower limit and above every estimate for the upper limit.",
        failed=n_failed,
        n=len(draws),
    )
    lower = interval_rule(interval, lowest, point, acceleration)
    return Limits(CautiousRule(lower, upper), (note,), draws, n_without_estimate=n_failed)


def _refits(
    model: NDArray[np.bool_], table: CaptureTable, tables: NDArray[np.int64], start: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Unseen persons by the model in tables over the same histories, (R, m); nan where there is no fit."""
    found = np.empty(len(tables))
    for part, cells in dense_tables(table.codes.astype(np.int64), tables, len(model), len(tables)):
        found[part] = fit_hierarchical(model, cells, start=start, with_variance=False).n_unobserved
    return found


def kept_design(
    model: NDArray[np.bool_], cells: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Design and counts over the cells that the extended maximum keeps, the intercept first."""
    terms, kept, _ = extended_support(model, cells)
    codes, rows = np.flatnonzero(terms[0]), np.flatnonzero(kept[0])
    return (codes & ~rows[:, None] == 0).astype(np.float64), cells[rows]
