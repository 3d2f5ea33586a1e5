"""Forecasts of a running total: from the growth of others, from its own steps, and pools of them."""

from __future__ import annotations

from detcount._numerics.forecasting.growth import added_draws, log_time, near_powers
from detcount._numerics.forecasting.mixture import pooled_draws
from detcount._numerics.forecasting.steps import cluster_scale, stepped_draws

__all__ = [
    "added_draws",
    "cluster_scale",
    "log_time",
    "near_powers",
    "pooled_draws",
    "stepped_draws",
]
