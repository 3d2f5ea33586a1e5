"""Abundance from one list that names persons at rates which differ as an exponential."""

from __future__ import annotations

from typing import ClassVar

from detcount import references
from detcount._numerics import repeated_counts as numerics
from detcount.abundance.counts.answers import RateDetail, estimate_from_counts, require_repeats, times_named
from detcount.abundance.guards import ASSUMED_BY_ALL
from detcount.assumptions import Assumption
from detcount.citation import Reference
from detcount.estimates import AbundanceEstimate
from detcount.repeated import RepeatedCounts
from detcount.specification import specification


@specification
class ZeroTruncatedGeometric:
    """Abundance from one list that names persons at rates which differ as an exponential.

    The estimand is N, the persons in a closed population of whom one list names some, each as often as it
    happens. Many are hard to find and few are easy: more unlisted persons than under
    `ZeroTruncatedPoisson`.

    See Also
    --------
    ZeroTruncatedNegativeBinomial : Lets the data say how much persons differ.

    Notes
    -----
    With n persons named T times in all, N = n T/(T - n), with variance n p/(1 - p)^3 where p = n/T is the
    chance of never being named. Declines when nobody is named twice.

    References
    ----------
    .. [1] Niwitpong, S., Böhning, D., van der Heijden, P. G. M. and Holling, H. (2013). Capture-recapture
       estimation based upon the geometric distribution allowing for heterogeneity. Metrika, 76, 495-519.

    Examples
    --------
    >>> from detcount import RepeatedCounts, abundance
    >>> counts = RepeatedCounts.from_frequencies({1: 1645, 2: 183, 3: 37, 4: 13, 5: 1, 6: 1})
    >>> round(abundance.ZeroTruncatedGeometric().fit(counts).point)
    13468
    """

    assumes: ClassVar[tuple[Assumption, ...]] = (
        *ASSUMED_BY_ALL,
        Assumption.HETEROGENEITY_FORM,
        Assumption.COUNT_DISTRIBUTION,
    )
    references: ClassVar[tuple[Reference, ...]] = (references.NIWITPONG_2013, references.CHAO_1987)

    def fit(self, counts: RepeatedCounts, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from how often one list names each person."""
        require_repeats(self, counts)
        never, point, variance = numerics.geometric(counts.n_observed, times_named(counts))
        return estimate_from_counts(
            self, counts, point, variance, seed, detail=RateDetail(1 / never - 1, never)
        )
