"""Abundance from two independent lists: the product of their sizes over their overlap."""

from __future__ import annotations

from typing import ClassVar

from detcount import references
from detcount._numerics.two_list import lincoln_petersen
from detcount.abundance.intervals import Hypergeometric, LogNormal
from detcount.abundance.two_lists.answers import (
    INDEPENDENT_LISTS,
    check_interval,
    interval_rule,
    require_overlap,
    sizes_and_overlap,
)
from detcount.assumptions import Assumption
from detcount.captures import CaptureTable
from detcount.citation import Reference
from detcount.estimates import AbundanceEstimate
from detcount.specification import specification


@specification
class LincolnPetersen:
    """Abundance from two independent lists: the product of their sizes over their overlap.

    The estimand is N, the persons in a closed population of whom each list names some. The oldest
    estimator; where the overlap is small, `Chapman` has less bias.

    Parameters
    ----------
    interval : LogNormal or Hypergeometric, optional
        How limits are found: log-normal, or by inverting the exact test of the overlap.

    See Also
    --------
    Chapman : Less bias where the overlap is small.
    OddsRatioAdjusted : The same two lists when they are not independent.

    Notes
    -----
    With n1 and n2 persons on the lists and m on both, N = n1 n2/m, with variance
    n1 n2 (n1 - m)(n2 - m)/m^3. Declines when the lists share nobody, or, with the log-normal interval,
    when everybody on one list is on the other.

    References
    ----------
    .. [1] Laplace, P. S. (1786). Sur les naissances, les mariages et les morts. Histoire de l'Académie
       royale des sciences (1783), 693-702.
    .. [2] Lincoln, F. C. (1930). Calculating waterfowl abundance on the basis of banding returns.
       United States Department of Agriculture Circular, 118, 1-4.
    .. [3] Seber, G. A. F. (1982). The estimation of animal abundance and related parameters. Griffin.

    Examples
    --------
    >>> from detcount import CaptureTable, abundance
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> print(abundance.LincolnPetersen().fit(table))
    240 persons (186 to 340, 95% log-normal); 120 listed
    """

    interval: LogNormal | Hypergeometric = LogNormal()

    assumes: ClassVar[tuple[Assumption, ...]] = INDEPENDENT_LISTS
    references: ClassVar[tuple[Reference, ...]] = (
        references.LAPLACE_1786,
        references.LINCOLN_1930,
        references.SEBER_1982,
        references.CHAO_1987,
    )

    def __post_init__(self) -> None:
        check_interval(self.interval)

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from a table of exactly two lists."""
        n1, n2, m = sizes_and_overlap("LincolnPetersen", table)
        require_overlap("LincolnPetersen", table, m)
        point, variance = lincoln_petersen(n1, n2, m)
        return AbundanceEstimate(
            point=point,
            n_observed=table.n_observed,
            estimator=self,
            interval_rule=interval_rule("LincolnPetersen", self.interval, table, point, variance),
            digest=table.digest,
            definition=table.definition,
            seed=seed,
            standard_error=variance**0.5,
        )
