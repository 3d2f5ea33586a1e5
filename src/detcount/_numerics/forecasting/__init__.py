"""Forecasts of a running total from its own past and from the growth of others, and pools of them."""

from __future__ import annotations

from detcount._numerics.forecasting.growth import added_draws, log_time, near_powers
from detcount._numerics.forecasting.increments import increment_draws
from detcount._numerics.forecasting.ladder import ladder_draws
from detcount._numerics.forecasting.mixture import pooled_draws

__all__ = [
    "added_draws",
    "increment_draws",
    "ladder_draws",
    "log_time",
    "near_powers",
    "pooled_draws",
]
