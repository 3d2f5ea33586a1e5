"""Abundance from persons that one list names once and twice, near enough to a Poisson."""

from __future__ import annotations

import math
from typing import ClassVar

from detcount import references
from detcount._numerics import repeated_counts as numerics
from detcount.abundance.counts.answers import RateDetail, estimate_from_counts, once_and_twice
from detcount.abundance.guards import ASSUMED_BY_ALL
from detcount.assumptions import Assumption
from detcount.citation import Reference
from detcount.estimates import AbundanceEstimate
from detcount.repeated import RepeatedCounts
from detcount.specification import specification


@specification
class Zelterman:
    """Abundance from persons named once and persons named twice, near enough to a Poisson.

    The estimand is N, the persons in a closed population of whom one list names some, each as often as it
    happens. Only those named once or twice enter the rate, so persons named very often do no harm;
    `ChaoCounts` uses the same two numbers and is a lower bound.

    See Also
    --------
    ZeroTruncatedPoisson : All counts, when they do follow a Poisson.
    ChaoCounts : A lower bound when persons differ.

    Notes
    -----
    With f1 persons named once and f2 twice, N = n/(1 - exp(-2 f2/f1)). Declines when f1 or f2 is zero.

    References
    ----------
    .. [1] Zelterman, D. (1988). Robust estimation in truncated discrete distributions with application to
       capture-recapture experiments. Journal of Statistical Planning and Inference, 18(2), 225-237.
       https://doi.org/10.1016/0378-3758(88)90007-9
    .. [2] Böhning, D. (2008). A simple variance formula for population size estimators by conditioning.
       Statistical Methodology, 5(5), 410-423. https://doi.org/10.1016/j.stamet.2007.10.001

    Examples
    --------
    >>> from detcount import RepeatedCounts, abundance
    >>> counts = RepeatedCounts.from_frequencies({1: 1645, 2: 183, 3: 37, 4: 13, 5: 1, 6: 1})
    >>> round(abundance.Zelterman().fit(counts).point)
    9425
    """

    assumes: ClassVar[tuple[Assumption, ...]] = (*ASSUMED_BY_ALL, Assumption.COUNT_DISTRIBUTION)
    references: ClassVar[tuple[Reference, ...]] = (
        references.ZELTERMAN_1988,
        references.BOEHNING_2008,
        references.CHAO_1987,
    )

    def fit(self, counts: RepeatedCounts, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from how often one list names each person."""
        f1, f2 = once_and_twice(self, counts)
        rate, point, variance = numerics.zelterman(counts.n_observed, f1, f2)
        return estimate_from_counts(
            self, counts, point, variance, seed, detail=RateDetail(rate, math.exp(-rate))
        )
