"""Results: estimates of abundance, uncertain counts, the parts of announced releases, and intervals."""

from __future__ import annotations

from detcount.estimates.abundance import AbundanceEstimate, Estimator
from detcount.estimates.count import IdentifiedBySource, UncertainCount
from detcount.estimates.gap import GapEstimate
from detcount.estimates.interval import (
    BCaRule,
    CautiousRule,
    Interval,
    IntervalRule,
    LogNormalRule,
    PercentileRule,
)
from detcount.estimates.origin import PRIVATE, provenance, versions
from detcount.estimates.path import StockPath
from detcount.estimates.path_flows import PathInterval
from detcount.specification import Specification

__all__ = [
    "PRIVATE",
    "AbundanceEstimate",
    "BCaRule",
    "CautiousRule",
    "Estimator",
    "GapEstimate",
    "IdentifiedBySource",
    "Interval",
    "IntervalRule",
    "LogNormalRule",
    "PathInterval",
    "PercentileRule",
    "Specification",
    "StockPath",
    "UncertainCount",
    "provenance",
    "versions",
]
