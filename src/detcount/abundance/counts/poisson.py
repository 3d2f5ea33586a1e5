"""Abundance from one list that names everybody at the same rate."""

from __future__ import annotations

import math
from typing import ClassVar

from detcount import references
from detcount._numerics import repeated_counts as numerics
from detcount.abundance.counts.answers import (
    BY_ROUTINE,
    RateDetail,
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


@specification
class ZeroTruncatedPoisson:
    """Abundance from one list that names everybody at the same rate.

    The estimand is N, the persons in a closed population of whom one list names some, each as often as it
    happens. Where persons differ in how easily they are named it is too low: `ChaoCounts` is then the
    better lower bound, and `ZeroTruncatedNegativeBinomial` a model of the difference.

    Notes
    -----
    The rate solves rate/(1 - exp(-rate)) = average times named; N = n/(1 - exp(-rate)), with variance
    N/(exp(rate) - 1 - rate), the two terms of van der Heijden et al. added up. They give a symmetric
    interval; here it is log-normal, which stays above the persons listed. Declines when nobody is named
    twice.

    References
    ----------
    .. [1] van der Heijden, P. G. M., Bustami, R., Cruyff, M. J. L. F., Engbersen, G. and
       van Houwelingen, H. C. (2003). Point and interval estimation of the population size using the
       truncated Poisson regression model. Statistical Modelling, 3(4), 305-322.
       https://doi.org/10.1191/1471082X03st057oa

    Examples
    --------
    >>> from detcount import RepeatedCounts, abundance
    >>> counts = RepeatedCounts.from_frequencies({1: 1645, 2: 183, 3: 37, 4: 13, 5: 1, 6: 1})
    >>> fitted = abundance.ZeroTruncatedPoisson().fit(counts)
    >>> round(fitted.point), round(fitted.standard_error)
    (7080, 366)
    """

    assumes: ClassVar[tuple[Assumption, ...]] = (
        *ASSUMED_BY_ALL,
        Assumption.HOMOGENEOUS_PERSONS,
        Assumption.COUNT_DISTRIBUTION,
    )
    references: ClassVar[tuple[Reference, ...]] = (references.VAN_DER_HEIJDEN_2003, references.CHAO_1987)

    def fit(self, counts: RepeatedCounts, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from how often one list names each person."""
        require_repeats(self, counts)
        rate, point, variance = numerics.poisson(counts.n_observed, times_named(counts))
        if not variance > 0:
            raise NotEstimableError(
                "ZeroTruncatedPoisson",
                Message(
                    "persons are named {rate:,.0f} times on average, so the model sees nobody unlisted",
                    rate=rate,
                ),
                BY_ROUTINE,
            )
        return estimate_from_counts(
            self, counts, point, variance, seed, detail=RateDetail(rate, math.exp(-rate))
        )
