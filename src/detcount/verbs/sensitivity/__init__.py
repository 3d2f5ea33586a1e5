"""How far an answer moves when the dependence that no data can show is not as assumed."""

from __future__ import annotations

from detcount.verbs.sensitivity.curve import SensitivityCurve as SensitivityCurve
from detcount.verbs.sensitivity.curve import TippingValue as TippingValue
from detcount.verbs.sensitivity.curve import odds_ratio_curve

__all__ = ["odds_ratio_curve"]
