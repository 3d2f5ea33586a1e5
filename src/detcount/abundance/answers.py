"""Estimates put together: one with a log-normal interval, one from weighted posterior draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detcount.captures import CaptureTable
from detcount.estimates import AbundanceEstimate, LogNormalRule, PercentileRule, Specification
from detcount.repeated import RepeatedCounts


def log_normal_estimate(
    estimator: Specification,
    data: CaptureTable | RepeatedCounts,
    *,
    point: float,
    n_unobserved: float,
    variance: float,
    seed: int,
    notes: tuple[str, ...] = (),
    detail: object = None,
) -> AbundanceEstimate:
    """Estimate whose interval takes log(N - n) as normal."""
    return AbundanceEstimate(
        point=point,
        n_observed=data.n_observed,
        estimator=estimator,
        interval_rule=LogNormalRule(n_unobserved, variance, data.n_observed),
        digest=data.digest,
        definition=data.definition,
        seed=seed,
        standard_error=variance**0.5,
        notes=notes,
        detail=detail,
    )


def posterior_estimate(
    estimator: Specification,
    table: CaptureTable,
    draws: NDArray[np.float64],
    rule: PercentileRule,
    *,
    standard_error: float | None,
    seed: int,
    notes: tuple[str, ...],
    detail: object,
) -> AbundanceEstimate:
    """Estimate at the median of posterior draws, with the interval that they give."""
    return AbundanceEstimate(
        point=float(np.median(draws)),
        n_observed=table.n_observed,
        estimator=estimator,
        interval_rule=rule,
        digest=table.digest,
        definition=table.definition,
        seed=seed,
        standard_error=standard_error,
        notes=notes,
        detail=detail,
        draws=draws,
        monte_carlo_error=rule.error_at(0.5),
    )
