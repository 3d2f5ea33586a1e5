"""What a reader must know of pooled forecasts."""

from __future__ import annotations

from detcount.releases.forecasting.pool import POOL
from detcount.words import Message

__all__ = ["NOTE_POOL", "pool_note"]

NOTE_POOL = (
    "What a monitor will have published on a later day is pooled of two forecasts: this model (weight "
    "{model:.2f}) and the growth of totals in other campaigns ({growth:.2f})."
)


def pool_note() -> Message:
    """Say which forecasts are pooled, and with which weights."""
    return Message(NOTE_POOL, model=POOL.structural, growth=POOL.growth)
