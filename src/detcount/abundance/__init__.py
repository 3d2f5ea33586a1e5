"""Estimators of abundance: how many persons there are, listed or not."""

from __future__ import annotations

from detcount.abundance.decomposable import DecomposableGraphs
from detcount.abundance.intervals import (
    BCaBootstrap,
    Hypergeometric,
    LogNormal,
    PercentileBootstrap,
    ProfileLikelihood,
)
from detcount.abundance.priors import ElicitedLogNormal, InverseN, NegativeBinomial, UniformN
from detcount.abundance.two_list import Chapman

__all__ = [
    "BCaBootstrap",
    "Chapman",
    "DecomposableGraphs",
    "ElicitedLogNormal",
    "Hypergeometric",
    "InverseN",
    "LogNormal",
    "NegativeBinomial",
    "PercentileBootstrap",
    "ProfileLikelihood",
    "UniformN",
]
