"""Forecasts of a running total from the growth of others, and pools of them."""

from __future__ import annotations

from detcount._numerics.forecasting.growth import added_draws, log_time, near_powers
from detcount._numerics.forecasting.mixture import pooled_draws

__all__ = [
    "added_draws",
    "log_time",
    "near_powers",
    "pooled_draws",
]
