"""Estimators of abundance: how many persons there are, listed or not."""

from __future__ import annotations

from detcount.abundance.intervals import (
    BCaBootstrap,
    Hypergeometric,
    LogNormal,
    PercentileBootstrap,
    ProfileLikelihood,
)
from detcount.abundance.two_list import Chapman

__all__ = [
    "BCaBootstrap",
    "Chapman",
    "Hypergeometric",
    "LogNormal",
    "PercentileBootstrap",
    "ProfileLikelihood",
]
