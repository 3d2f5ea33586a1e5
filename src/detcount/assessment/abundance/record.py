"""An assessment as plain values that JSON can hold."""

from __future__ import annotations

import math
from typing import Any

from detcount.assessment.abundance.dependence import Sensitivity
from detcount.estimates import Interval

__all__ = ["finite", "limits_of", "sensitivity_record"]


def sensitivity_record(sensitivity: Sensitivity | None) -> dict[str, Any] | None:
    """The curve as plain values."""
    if sensitivity is None:
        return None
    curve = sensitivity.curve
    return {
        "family": sensitivity.family,
        "odds_ratios": curve.odds_ratios.tolist(),
        "points": curve.points.tolist(),
        "lows": curve.lows.tolist(),
        "highs": [finite(value) for value in curve.highs.tolist()],
        "claim": sensitivity.claim,
        "tipping": None if sensitivity.tipping is None else sensitivity.tipping.at_point,
    }


def limits_of(interval: Interval | None) -> list[float | None] | None:
    """Limits as plain values."""
    return None if interval is None else [finite(interval.low), finite(interval.high)]


def finite(value: Any) -> Any:
    """None for an infinite number, which JSON cannot hold."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
