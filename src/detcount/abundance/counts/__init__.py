"""One list that names persons more than once: abundance from how often it does."""

from __future__ import annotations

from detcount.abundance.counts.answers import RateDetail, RepeatedCoverageDetail
from detcount.abundance.counts.chao import ChaoCounts
from detcount.abundance.counts.chao_lee import ChaoLee
from detcount.abundance.counts.negative_binomial import NegativeBinomialDetail, ZeroTruncatedNegativeBinomial
from detcount.abundance.counts.poisson import ZeroTruncatedPoisson

__all__ = [
    "ChaoCounts",
    "ChaoLee",
    "NegativeBinomialDetail",
    "RateDetail",
    "RepeatedCoverageDetail",
    "ZeroTruncatedNegativeBinomial",
    "ZeroTruncatedPoisson",
]
