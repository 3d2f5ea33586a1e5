"""How far an answer moves when the dependence that no data can show is not as assumed."""

from __future__ import annotations

from detcount.sensitivity.curve import SensitivityCurve, odds_ratio_curve
from detcount.sensitivity.tipping import TippingValue, tipping_odds_ratio

__all__ = ["SensitivityCurve", "TippingValue", "odds_ratio_curve", "tipping_odds_ratio"]
