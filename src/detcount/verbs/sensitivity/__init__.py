"""Sensitivity of an answer to dependence that no data can show."""

from __future__ import annotations

from detcount.verbs.sensitivity.curve import SensitivityCurve as SensitivityCurve
from detcount.verbs.sensitivity.curve import TippingValue as TippingValue
from detcount.verbs.sensitivity.curve import odds_ratio_curve

__all__ = ["odds_ratio_curve"]
