"""One list that names persons more than once: abundance from how often it does."""

from __future__ import annotations

from detcount.abundance.counts.answers import RateDetail, RepeatedCoverageDetail
from detcount.abundance.counts.chao import ChaoCounts
from detcount.abundance.counts.chao_bunge import ChaoBunge
from detcount.abundance.counts.chao_lee import ChaoLee
from detcount.abundance.counts.geometric import ZeroTruncatedGeometric
from detcount.abundance.counts.jackknife import CountJackknife, JackknifeDetail
from detcount.abundance.counts.negative_binomial import NegativeBinomialDetail, ZeroTruncatedNegativeBinomial
from detcount.abundance.counts.poisson import ZeroTruncatedPoisson
from detcount.abundance.counts.zelterman import Zelterman

__all__ = [
    "ChaoBunge",
    "ChaoCounts",
    "ChaoLee",
    "CountJackknife",
    "JackknifeDetail",
    "NegativeBinomialDetail",
    "RateDetail",
    "RepeatedCoverageDetail",
    "Zelterman",
    "ZeroTruncatedGeometric",
    "ZeroTruncatedNegativeBinomial",
    "ZeroTruncatedPoisson",
]
