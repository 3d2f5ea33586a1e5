"""Closed-population models: lists of different reach, persons who differ."""

from __future__ import annotations

from detcount.abundance.heterogeneity.log_linear import HeterogeneityDetail
from detcount.abundance.heterogeneity.specification import Heterogeneity

__all__ = ["Heterogeneity", "HeterogeneityDetail"]
