"""The assessment of lists: every family of estimators side by side, and a verdict."""

from __future__ import annotations

from detcount.assessment.abundance.assessing import assess
from detcount.assessment.abundance.families import FAMILIES, RECOMMENDED_ORDER, Family
from detcount.assessment.abundance.moves import Sensitivity
from detcount.assessment.abundance.result import Assessment

__all__ = [
    "FAMILIES",
    "RECOMMENDED_ORDER",
    "Assessment",
    "Family",
    "Sensitivity",
    "assess",
]
