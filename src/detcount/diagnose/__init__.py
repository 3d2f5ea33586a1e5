"""Diagnostics of the listed persons before any model, and residuals of a fitted model.

Text, frames and fields have every count and are for the analyst. Hiding single small counts would protect
nobody, as they follow from the others; what may be printed for the public is decided by reports
(`Assessment.to_markdown`).
"""

from detcount.diagnose.coverage import sample_coverage
from detcount.diagnose.fit import residuals
from detcount.diagnose.odds_ratios import pairwise_odds_ratios
from detcount.diagnose.overlaps import list_summary

__all__ = ["list_summary", "pairwise_odds_ratios", "residuals", "sample_coverage"]


def __dir__() -> list[str]:
    """Public names, and no modules within."""
    return [*__all__]
