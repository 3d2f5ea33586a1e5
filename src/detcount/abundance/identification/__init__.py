"""Any model of the observed cells, one stated assumption on the unseen one, and a prior of N."""

from __future__ import annotations

from detcount.abundance.identification.choices import (
    Dirichlet,
    IdentifyingAssumption,
    NoHighestOrder,
    PairIndependence,
)
from detcount.abundance.identification.posterior import IdentifiedByDetail
from detcount.abundance.identification.specification import IdentifiedBy

__all__ = [
    "Dirichlet",
    "IdentifiedBy",
    "IdentifiedByDetail",
    "IdentifyingAssumption",
    "NoHighestOrder",
    "PairIndependence",
]
