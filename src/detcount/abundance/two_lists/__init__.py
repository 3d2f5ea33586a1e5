"""Two lists: closed forms, and what their unknown dependence does to them."""

from __future__ import annotations

from detcount.abundance.two_lists.chapman import Chapman
from detcount.abundance.two_lists.lincoln_petersen import LincolnPetersen
from detcount.abundance.two_lists.odds_ratio import OddsRatioAdjusted

__all__ = ["Chapman", "LincolnPetersen", "OddsRatioAdjusted"]
