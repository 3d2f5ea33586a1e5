"""Abundance from two lists whose dependence is stated as an odds ratio."""

from __future__ import annotations

from typing import ClassVar

from detcount import references
from detcount._numerics.two_list import odds_ratio_adjusted
from detcount.abundance.guards import ASSUMED_BY_ALL, checked_odds_ratio, log_normal_estimate
from detcount.abundance.two_lists.answers import inner_and_outer, require_overlap, sizes_and_overlap
from detcount.assumptions import Assumption
from detcount.captures import CaptureTable
from detcount.citation import Reference
from detcount.errors import NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.specification import specification
from detcount.words import Message


@specification
class OddsRatioAdjusted:
    """Abundance from two lists whose dependence is stated as an odds ratio.

    The estimand is N, the persons in a closed population. The odds ratio compares persons on the first
    list with persons who are not: by how many times are the odds of being on the second list greater for
    the first group. 1 means independent lists. Above 1, being on one list goes with being on the other
    (a committee forwards its names, a well-known prisoner is named by all), the overlap overstates how
    much is covered, and N is larger. Below 1, lists avoid each other (each covers its own region), and N
    is smaller. Data on the listed cannot show it: state it, give the reason, and vary it
    (`odds_ratio_curve`).

    Parameters
    ----------
    odds_ratio : float, optional
        Odds ratio between the two lists in the whole population, above 0.

    See Also
    --------
    NoHighestOrderInteraction : The same for any number of lists.
    odds_ratio_curve : The answer over a range of odds ratios.

    Notes
    -----
    With n10, n01 and n11 persons on the first list only, the second only and both, the persons on neither
    are n00 = OR n10 n01/n11, since OR = n11 n00/(n10 n01). The variance of N is
    n00 + n00^2 (1/n10 + 1/n01 + 1/n11); at OR = 1 that is the variance of `LincolnPetersen`. Declines
    when one of the three counts is zero.

    References
    ----------
    .. [1] Gerritse, S. C., van der Heijden, P. G. M. and Bakker, B. F. M. (2015). Sensitivity of
       population size estimation for violating parametric assumptions in log-linear models. Journal of
       Official Statistics, 31(3), 357-379. https://doi.org/10.1515/jos-2015-0022

    Examples
    --------
    >>> from detcount import CaptureTable, abundance
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> print(abundance.OddsRatioAdjusted(odds_ratio=2.0).fit(table))
    360 persons (253 to 554, 95% log-normal); 120 listed
    """

    odds_ratio: float = 1.0

    assumes: ClassVar[tuple[Assumption, ...]] = (*ASSUMED_BY_ALL, Assumption.KNOWN_ODDS_RATIO)
    references: ClassVar[tuple[Reference, ...]] = (references.GERRITSE_2015, references.CHAO_1987)

    def __post_init__(self) -> None:
        object.__setattr__(self, "odds_ratio", checked_odds_ratio(self.odds_ratio))

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from a table of exactly two lists."""
        n1, n2, m = sizes_and_overlap("OddsRatioAdjusted", table)
        require_overlap("OddsRatioAdjusted", table, m)
        if n1 == m or n2 == m:
            inner, outer = inner_and_outer(table)
            raise NotEstimableError(
                "OddsRatioAdjusted",
                Message(
                    "everybody on list {inner!r} is also on list {outer!r}, so no odds ratio gives the "
                    "unlisted",
                    inner=inner,
                    outer=outer,
                ),
                Message(
                    "Check that {inner!r} is no copy of {outer!r}, and use a list that was made separately.",
                    inner=inner,
                    outer=outer,
                ),
            )
        n_unobserved, variance = odds_ratio_adjusted(n1 - m, n2 - m, m, self.odds_ratio)
        return log_normal_estimate(
            self,
            table,
            point=table.n_observed + n_unobserved,
            n_unobserved=n_unobserved,
            variance=variance,
            seed=seed,
        )
