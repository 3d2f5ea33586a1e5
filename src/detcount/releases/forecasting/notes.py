"""What a reader must know of pooled forecasts."""

from __future__ import annotations

from detcount.releases.forecasting.pool import POOL
from detcount.words import Message

__all__ = ["NOTE_POOL", "pool_note"]

NOTE_POOL = (
    "What a monitor will have published on a later day is pooled of three forecasts: this model (weight "
    "{model_first:.2f} at the first figure, {model:.2f} after many), the growth of totals in other campaigns "
    "({growth_first:.2f} and {growth:.2f}) and the monitor's own increments ({own_first:.2f} and {own:.2f})."
)


def pool_note() -> Message:
    """Say which forecasts are pooled, and with which weights."""
    return Message(
        NOTE_POOL,
        model_first=POOL.structural[0],
        model=POOL.structural[1],
        growth_first=POOL.growth[0],
        growth=POOL.growth[1],
        own_first=POOL.own[0],
        own=POOL.own[1],
    )
