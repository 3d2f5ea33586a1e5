"""Abundance from one list that names persons at rates which differ as a gamma."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from detcount import references
from detcount._numerics import repeated_counts as numerics
from detcount.abundance.counts.answers import (
    CHAO,
    CHAO_IN_WORDS,
    estimate_from_counts,
    require_repeats,
    times_named,
)
from detcount.abundance.guards import ASSUMED_BY_ALL
from detcount.assumptions import Assumption
from detcount.citation import Reference
from detcount.errors import NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.repeated import RepeatedCounts
from detcount.specification import specification
from detcount.words import Message


@dataclass(frozen=True)
class NegativeBinomialDetail:
    """The fitted negative binomial.

    Parameters
    ----------
    mean : float
        Times that the list names a person on average, persons never named among them.
    dispersion : float
        Squared coefficient of variation of the persons' rates; 0 would be the Poisson.
    never_named_share : float
        Share of the population that is never named, in (0, 1).
    """

    mean: float
    dispersion: float
    never_named_share: float


@specification
class ZeroTruncatedNegativeBinomial:
    """Abundance from one list that names persons at rates which differ as a gamma.

    The estimand is N, the persons in a closed population of whom one list names some, each as often as it
    happens. The data say how much persons differ, and often cannot: the likelihood is flat, and the
    answer may be any number. Declines at both ends, where counts vary no more than a Poisson's and where
    no population is large enough.

    See Also
    --------
    ZeroTruncatedPoisson : No difference between persons.

    Notes
    -----
    Mean m and dispersion a maximise the zero-truncated likelihood; the variance of a count is m + a m^2.
    p0 = (1 + a m)^(-1/a), N = n/(1 - p0). The variance is n p0/(1 - p0)^2 plus that of the parameters,
    from the observed information.

    References
    ----------
    .. [1] Sampford, M. R. (1955). The truncated negative binomial distribution. Biometrika, 42(1-2),
       58-69. https://doi.org/10.1093/biomet/42.1-2.58
    .. [2] van der Heijden, P. G. M., Bustami, R., Cruyff, M. J. L. F., Engbersen, G. and
       van Houwelingen, H. C. (2003). Point and interval estimation of the population size using the
       truncated Poisson regression model. Statistical Modelling, 3(4), 305-322.
       https://doi.org/10.1191/1471082X03st057oa

    Examples
    --------
    >>> from detcount import RepeatedCounts, abundance
    >>> counts = RepeatedCounts.from_frequencies([276, 152, 82, 40, 29, 12, 8, 3, 2, 1])
    >>> fitted = abundance.ZeroTruncatedNegativeBinomial().fit(counts)
    >>> round(fitted.point), round(fitted.detail.dispersion, 2)
    (1057, 0.84)
    """

    assumes: ClassVar[tuple[Assumption, ...]] = (
        *ASSUMED_BY_ALL,
        Assumption.HETEROGENEITY_FORM,
        Assumption.COUNT_DISTRIBUTION,
    )
    references: ClassVar[tuple[Reference, ...]] = (
        references.SAMPFORD_1955,
        references.VAN_DER_HEIJDEN_2003,
        references.CHAO_1987,
    )

    def fit(self, counts: RepeatedCounts, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from how often one list names each person."""
        name = "ZeroTruncatedNegativeBinomial"
        require_repeats(self, counts)
        f = counts.frequencies.astype(np.float64)
        rate = numerics.poisson(counts.n_observed, times_named(counts))[0]
        if numerics.negative_binomial_score_at_poisson(f, rate) <= 0:
            raise NotEstimableError(
                name,
                Message("the counts vary no more than a Poisson's, so the dispersion is likeliest at 0"),
                Message("Use ZeroTruncatedPoisson."),
                advice=Message("Use the truncated Poisson."),
            )
        mean, dispersion, inside = numerics.negative_binomial_fit(f)
        if not inside:
            raise NotEstimableError(
                name,
                Message(
                    "the likelihood rises towards ever more persons never named and has no greatest value"
                ),
                CHAO,
                advice=CHAO_IN_WORDS,
            )
        point, variance = numerics.negative_binomial_size(f, mean, dispersion)
        if not math.isfinite(variance):
            raise NotEstimableError(
                name,
                Message("the likelihood is flat at its greatest value, so no spread can be estimated"),
                CHAO,
                advice=CHAO_IN_WORDS,
            )
        detail = NegativeBinomialDetail(mean, dispersion, 1 - counts.n_observed / point)
        return estimate_from_counts(self, counts, point, variance, seed, detail=detail)
