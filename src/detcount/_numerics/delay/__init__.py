"""Delays in whole days: distributions, likelihoods, reverse hazards, what is still to come."""

from __future__ import annotations

from detcount._numerics.delay.laws import FAMILIES, discrete_cdf, discrete_pmf, from_median, with_median
from detcount._numerics.delay.likelihood import (
    FromTotals,
    Triangle,
    log_likelihood,
    log_likelihood_of_totals,
    triangle,
)
from detcount._numerics.delay.pending import (
    daily_rates,
    draw_pending,
    negative_binomial,
    pending_law,
    pending_mean,
    pending_quantiles,
)
from detcount._numerics.delay.reverse import (
    ReverseHazard,
    draw_reverse_cdf,
    generalised_dirichlet,
    prediction_variance,
    reverse_hazard,
)

__all__ = [
    "FAMILIES",
    "FromTotals",
    "ReverseHazard",
    "Triangle",
    "daily_rates",
    "discrete_cdf",
    "discrete_pmf",
    "draw_pending",
    "draw_reverse_cdf",
    "from_median",
    "generalised_dirichlet",
    "log_likelihood",
    "log_likelihood_of_totals",
    "negative_binomial",
    "pending_law",
    "pending_mean",
    "pending_quantiles",
    "prediction_variance",
    "reverse_hazard",
    "triangle",
    "with_median",
]
