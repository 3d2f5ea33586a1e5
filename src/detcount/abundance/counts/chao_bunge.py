"""Abundance from one list that names persons at rates which differ as a gamma, without a likelihood."""

from __future__ import annotations

from typing import ClassVar

from detcount import arguments, references
from detcount._numerics import repeated_counts as numerics
from detcount.abundance.counts.answers import (
    CHAO,
    CHAO_IN_WORDS,
    RepeatedCoverageDetail,
    estimate_from_counts,
    rare_repeats,
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
class ChaoBunge:
    """Abundance from one list that names persons at rates which differ as a gamma, without a likelihood.

    The estimand is N, the persons in a closed population of whom one list names some, each as often as it
    happens. Rests on the same model as `ZeroTruncatedNegativeBinomial` and answers where its likelihood
    has no greatest value.

    Parameters
    ----------
    cutoff : int, optional
        Persons named more often than this are taken as they are; at least 2.

    See Also
    --------
    ZeroTruncatedNegativeBinomial : The likelihood of the same model.

    Notes
    -----
    With f_k persons named k times, sums up to `cutoff`, s = 1 - f1 sum k^2 f_k/(sum k f_k)^2 is the share
    of the population named at least twice, and N = (f2 + f3 + ...)/s plus the persons named more often.
    Declines when s is not above 0 or N falls below the persons listed: other programs return negative
    populations there.

    In simulations the 95% interval covered the truth 95% of the time, but 71% where many persons were named
    more often than the cutoff, since those below it then are no gamma: raise it there.

    References
    ----------
    .. [1] Chao, A. and Bunge, J. (2002). Estimating the number of species in a stochastic abundance model.
       Biometrics, 58(3), 531-539. https://doi.org/10.1111/j.0006-341X.2002.00531.x

    Examples
    --------
    >>> from detcount import RepeatedCounts, abundance
    >>> counts = RepeatedCounts.from_frequencies({1: 3218, 2: 882, 3: 273, 4: 27})
    >>> round(abundance.ChaoBunge().fit(counts).point)
    10553
    """

    cutoff: int = 10

    assumes: ClassVar[tuple[Assumption, ...]] = (*ASSUMED_BY_ALL, Assumption.HETEROGENEITY_FORM)
    references: ClassVar[tuple[Reference, ...]] = (references.CHAO_BUNGE_2002, references.CHAO_1987)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cutoff", arguments.whole_number("cutoff", self.cutoff, least=2))

    def fit(self, counts: RepeatedCounts, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from how often one list names each person."""
        f = rare_repeats(self, counts, self.cutoff)
        point, variance, share = numerics.chao_bunge(f, self.cutoff)
        if share <= 0:
            raise NotEstimableError(
                "ChaoBunge",
                Message(
                    "the share of persons named at least twice comes out as {share:.3f}, which cannot be",
                    share=share,
                ),
                CHAO,
                advice=CHAO_IN_WORDS,
            )
        return estimate_from_counts(
            self, counts, point, variance, seed, detail=RepeatedCoverageDetail(share, None)
        )
