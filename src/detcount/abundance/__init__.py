"""Estimators of abundance: how many persons there are, listed or not."""

from __future__ import annotations

from detcount.abundance.anchored import Anchored, ClustersAtRandom, KnownShare, PersonsAtRandom
from detcount.abundance.bayes_averaging import BayesAveragedLogLinear
from detcount.abundance.counts import (
    ChaoCounts,
    ChaoLee,
    ZeroTruncatedNegativeBinomial,
    ZeroTruncatedPoisson,
)
from detcount.abundance.decomposable import DecomposableGraphs
from detcount.abundance.doubly_robust import DoublyRobust
from detcount.abundance.heterogeneity import Heterogeneity
from detcount.abundance.identification import IdentifiedBy, NoHighestOrder, PairIndependence
from detcount.abundance.intervals import (
    BCaBootstrap,
    Hypergeometric,
    LogNormal,
    PercentileBootstrap,
    ProfileLikelihood,
)
from detcount.abundance.latent_class import LatentClass
from detcount.abundance.loglinear import LogLinear
from detcount.abundance.lower_bound import ChaoLowerBound
from detcount.abundance.no_interaction import NoHighestOrderInteraction, PairwiseNoInteraction
from detcount.abundance.partial_lists import PartialLists
from detcount.abundance.priors import ElicitedLogNormal, InverseN, NegativeBinomial, UniformN
from detcount.abundance.sample_coverage import SampleCoverage
from detcount.abundance.selection import AveragedLogLinear, SelectedLogLinear, StepwiseLogLinear
from detcount.abundance.threshold import ThresholdedLogLinear
from detcount.abundance.two_lists import Chapman, LincolnPetersen, OddsRatioAdjusted

__all__ = [
    "Anchored",
    "AveragedLogLinear",
    "BCaBootstrap",
    "BayesAveragedLogLinear",
    "ChaoCounts",
    "ChaoLee",
    "ChaoLowerBound",
    "Chapman",
    "ClustersAtRandom",
    "DecomposableGraphs",
    "DoublyRobust",
    "ElicitedLogNormal",
    "Heterogeneity",
    "Hypergeometric",
    "IdentifiedBy",
    "InverseN",
    "KnownShare",
    "LatentClass",
    "LincolnPetersen",
    "LogLinear",
    "LogNormal",
    "NegativeBinomial",
    "NoHighestOrder",
    "NoHighestOrderInteraction",
    "OddsRatioAdjusted",
    "PairIndependence",
    "PairwiseNoInteraction",
    "PartialLists",
    "PercentileBootstrap",
    "PersonsAtRandom",
    "ProfileLikelihood",
    "SampleCoverage",
    "SelectedLogLinear",
    "StepwiseLogLinear",
    "ThresholdedLogLinear",
    "UniformN",
    "ZeroTruncatedNegativeBinomial",
    "ZeroTruncatedPoisson",
]


def __dir__() -> list[str]:
    """Public names, and no modules within."""
    return [*__all__]
