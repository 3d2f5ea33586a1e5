"""Two lists: Lincoln and Petersen, Chapman, and a stated odds ratio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from detcount._numerics.closed_forms import (
    chapman,
    hypergeometric_bounds,
    lincoln_petersen,
    odds_ratio_adjusted,
)
from detcount.abundance.guards import (
    ASSUMED_BY_ALL,
    OddsRatio,
    answer_to,
    log_normal_estimate,
    require_names_on_every_list,
    require_number_of_lists,
)
from detcount.abundance.intervals import Hypergeometric, LogNormal
from detcount.assumptions import Assumption
from detcount.contract import references
from detcount.contract.citation import Reference
from detcount.contract.specification import AS_TYPED, specification
from detcount.data.captures import CaptureTable
from detcount.errors import NotEstimableError, warn
from detcount.estimates import AbundanceEstimate, IntervalRule, LogNormalRule
from detcount.words import Message

_EXACT_LIMIT_WHAT_TO_DO = Message(
    "Use Chapman(interval=Hypergeometric()) for the lower limit, or report those listed."
)
_EXACT_LIMIT_WHAT_TO_DO_IN_WORDS = Message(
    "Use Chapman's estimator with its exact interval for the lower limit, or report those listed."
)

INDEPENDENT_LISTS: tuple[Assumption, ...] = (
    *ASSUMED_BY_ALL,
    Assumption.INDEPENDENT_LISTS,
    Assumption.HOMOGENEOUS_PERSONS,
)


@dataclass(frozen=True)
class _HypergeometricRule:
    """Exact limits from the sizes of two lists and their overlap."""

    n1: int
    n2: int
    m: int
    method: ClassVar[str] = "exact hypergeometric"

    def bounds(self, level: float) -> tuple[float, float]:
        return hypergeometric_bounds(self.n1, self.n2, self.m, level)


def sizes_and_overlap(estimator: str, table: CaptureTable) -> tuple[int, int, int]:
    """Sizes of the two lists and of their overlap, or a reason to decline."""
    require_number_of_lists(estimator, table, exactly=2)
    require_names_on_every_list(estimator, table)
    n1, n2 = table.list_sizes.values()
    return n1, n2, table.overlap(*table.lists)


def require_overlap(estimator: str, table: CaptureTable, m: int) -> None:
    """Decline two lists that share nobody."""
    if m == 0:
        raise NotEstimableError(
            estimator,
            Message("lists {lists!r} share nobody, so the data set no upper limit", lists=table.lists),
            _EXACT_LIMIT_WHAT_TO_DO,
            advice=_EXACT_LIMIT_WHAT_TO_DO_IN_WORDS,
        )


def list_inside_another(estimator: str, table: CaptureTable) -> NotEstimableError:
    """Error for two lists of which one has everybody of the other."""
    inner, outer = inner_and_outer(table)
    return NotEstimableError(
        estimator,
        Message(
            "everybody on list {inner!r} is also on list {outer!r}, so no odds ratio gives the unlisted",
            inner=inner,
            outer=outer,
        ),
        Message(
            "Check that {inner!r} is no copy of {outer!r}, and use a list that was made separately.",
            inner=inner,
            outer=outer,
        ),
    )


def inner_and_outer(table: CaptureTable) -> tuple[str, str]:
    """The list that lies inside the other, and that other."""
    inner, outer = sorted(table.lists, key=lambda name: table.list_sizes[name])
    return inner, outer


def interval_rule(
    estimator: str, interval: LogNormal | Hypergeometric, table: CaptureTable, point: float, variance: float
) -> IntervalRule:
    """Interval of the kind asked for; the log-normal one needs somebody unlisted to be expected."""
    if isinstance(interval, Hypergeometric):
        n1, n2 = table.list_sizes.values()
        return _HypergeometricRule(n1, n2, table.overlap(*table.lists))
    if variance <= 0:
        inner, outer = inner_and_outer(table)
        raise NotEstimableError(
            estimator,
            Message(
                "everybody on list {inner!r} is also on list {outer!r}, so no spread can be estimated",
                inner=inner,
                outer=outer,
            ),
            Message(
                "Use {name}(interval=Hypergeometric()), and check that {inner!r} is no copy of {outer!r}.",
                inner=inner,
                outer=outer,
                name=estimator,
            ),
            advice=Message(
                "Use the exact interval, and check that {inner!r} is no copy of {outer!r}.",
                inner=inner,
                outer=outer,
            ),
        )
    return LogNormalRule(point - table.n_observed, variance, table.n_observed)


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

    interval: Annotated[LogNormal | Hypergeometric, AS_TYPED] = LogNormal()

    assumes: ClassVar[tuple[Assumption, ...]] = INDEPENDENT_LISTS
    references: ClassVar[tuple[Reference, ...]] = (
        references.LAPLACE_1786,
        references.LINCOLN_1930,
        references.SEBER_1982,
        references.CHAO_1987,
    )

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from a table of exactly two lists."""
        n1, n2, m = sizes_and_overlap("LincolnPetersen", table)
        require_overlap("LincolnPetersen", table, m)
        point, variance = lincoln_petersen(n1, n2, m)
        return answer_to(self, table)(
            point=point,
            interval_rule=interval_rule("LincolnPetersen", self.interval, table, point, variance),
            seed=seed,
            standard_error=variance**0.5,
        )


@specification
class Chapman:
    """Abundance from two independent lists, with little bias in small samples.

    The estimand is N, the persons in a closed population of whom each list names some. Preferred to
    `LincolnPetersen` wherever the overlap is small; finite even when the lists share nobody, in which
    case only the exact interval says how little that means.

    Parameters
    ----------
    interval : LogNormal or Hypergeometric, optional
        How limits are found: log-normal, or by inverting the exact test of the overlap.

    Warns
    -----
    DetcountWarning
        If the lists share nobody: the data then set no upper limit.

    See Also
    --------
    OddsRatioAdjusted : The same two lists when they are not independent.
    ChaoLowerBound : A bound that holds when persons differ.

    Notes
    -----
    With n1 and n2 persons on the lists and m on both, N = (n1 + 1)(n2 + 1)/(m + 1) - 1, with variance
    (n1 + 1)(n2 + 1)(n1 - m)(n2 - m)/((m + 1)^2 (m + 2)).

    When the lists share nobody the point is set by the 1 of the formula and not by data, and a
    log-normal upper limit would be an invention: with that interval Chapman declines, with the exact one
    it answers, and the upper limit is infinite.

    In simulations with independent lists the log-normal 95% interval covered the truth 91% of the time at an
    overlap of 5, 93% at 10, 94% at 20 and 95% at 50: the upper limit is a little low. The exact interval
    covers it at least as often as it says, and is the one to report where the overlap is below 20.

    References
    ----------
    .. [1] Chapman, D. G. (1951). Some properties of the hypergeometric distribution with applications
       to zoological sample censuses. University of California Publications in Statistics, 1(7), 131-160.
    .. [2] Seber, G. A. F. (1982). The estimation of animal abundance and related parameters. Griffin.

    Examples
    --------
    >>> from detcount import CaptureTable, abundance
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> print(abundance.Chapman().fit(table))
    234 persons (184 to 325, 95% log-normal); 120 listed
    """

    interval: Annotated[LogNormal | Hypergeometric, AS_TYPED] = LogNormal()

    assumes: ClassVar[tuple[Assumption, ...]] = INDEPENDENT_LISTS
    references: ClassVar[tuple[Reference, ...]] = (
        references.CHAPMAN_1951,
        references.SEBER_1982,
        references.CHAO_1987,
    )

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from a table of exactly two lists."""
        n1, n2, m = sizes_and_overlap("Chapman", table)
        notes: tuple[str, ...] = ()
        if m == 0:
            if isinstance(self.interval, LogNormal):
                raise NotEstimableError(
                    "Chapman",
                    Message(
                        "lists {lists!r} share nobody, so the data set no upper limit, and a log-normal one "
                        "would",
                        lists=table.lists,
                    ),
                    _EXACT_LIMIT_WHAT_TO_DO,
                    advice=_EXACT_LIMIT_WHAT_TO_DO_IN_WORDS,
                )
            notes = (
                Message(
                    "The lists {lists!r} share nobody: the data set no upper limit, and the point rests on "
                    "the 1 that the formula adds to the overlap.",
                    lists=table.lists,
                ),
            )
            warn(notes[0])
        point, variance = chapman(n1, n2, m)
        return answer_to(self, table)(
            point=point,
            interval_rule=interval_rule("Chapman", self.interval, table, point, variance),
            seed=seed,
            standard_error=variance**0.5,
            notes=notes,
        )


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

    odds_ratio: OddsRatio = 1.0

    assumes: ClassVar[tuple[Assumption, ...]] = (*ASSUMED_BY_ALL, Assumption.KNOWN_ODDS_RATIO)
    references: ClassVar[tuple[Reference, ...]] = (references.GERRITSE_2015, references.CHAO_1987)

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from a table of exactly two lists."""
        n1, n2, m = sizes_and_overlap("OddsRatioAdjusted", table)
        require_overlap("OddsRatioAdjusted", table, m)
        if n1 == m or n2 == m:
            raise list_inside_another("OddsRatioAdjusted", table)
        n_unobserved, variance = odds_ratio_adjusted(n1 - m, n2 - m, m, self.odds_ratio)
        return log_normal_estimate(self, table, n_unobserved=n_unobserved, variance=variance, seed=seed)
