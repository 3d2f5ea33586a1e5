"""Two lists: closed forms, and what their unknown dependence does to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detcount import references
from detcount._numerics.two_list import chapman, hypergeometric_bounds
from detcount.abundance._guards import require_names_on_every_list, require_number_of_lists
from detcount.abundance.intervals import Hypergeometric, LogNormal
from detcount.assumptions import Assumption
from detcount.captures import CaptureTable
from detcount.citation import Reference
from detcount.errors import NotEstimableError
from detcount.estimates import AbundanceEstimate, IntervalRule, LogNormalRule
from detcount.specification import specification

__all__ = ["Chapman"]

_ASSUMES = (
    Assumption.CLOSED_POPULATION,
    Assumption.ERROR_FREE_LINKAGE,
    Assumption.NO_OVERCOVERAGE,
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

    See Also
    --------
    OddsRatioAdjusted : The same two lists when they are not independent.
    ChaoLowerBound : A bound that holds when persons differ.

    Notes
    -----
    With n1 and n2 persons on the lists and m on both, N = (n1 + 1)(n2 + 1)/(m + 1) - 1, with variance
    (n1 + 1)(n2 + 1)(n1 - m)(n2 - m)/((m + 1)^2 (m + 2)).

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

    interval: LogNormal | Hypergeometric = LogNormal()

    assumes: ClassVar[tuple[Assumption, ...]] = _ASSUMES
    references: ClassVar[tuple[Reference, ...]] = (
        references.CHAPMAN_1951,
        references.SEBER_1982,
        references.CHAO_1987,
    )

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from a table of exactly two lists."""
        n1, n2, m = _sizes("Chapman", table)
        point, variance = chapman(n1, n2, m)
        exact = isinstance(self.interval, Hypergeometric)
        return AbundanceEstimate(
            point=point,
            n_observed=table.n_observed,
            estimator=self,
            interval_rule=_rule("Chapman", table, point, variance, exact=exact),
            digest=table.digest,
            seed=seed,
            standard_error=variance**0.5,
        )


def _sizes(estimator: str, table: CaptureTable) -> tuple[int, int, int]:
    """Sizes of the two lists and of their overlap, or a reason to decline."""
    require_number_of_lists(estimator, table, exactly=2)
    require_names_on_every_list(estimator, table)
    n1, n2 = table.list_sizes.values()
    return n1, n2, table.overlap(*table.lists)


def _rule(estimator: str, table: CaptureTable, point: float, variance: float, *, exact: bool) -> IntervalRule:
    """Interval of the kind asked for; the log-normal one needs somebody unlisted to be expected."""
    if exact:
        n1, n2 = table.list_sizes.values()
        return _HypergeometricRule(n1, n2, table.overlap(*table.lists))
    if variance <= 0:
        inner, outer = sorted(table.lists, key=lambda name: table.list_sizes[name])
        raise NotEstimableError(
            estimator,
            f"everybody on list {inner!r} is also on list {outer!r}, so no spread can be estimated",
            f"Use Chapman(interval=Hypergeometric()), and check that {inner!r} is no copy of {outer!r}.",
        )
    return LogNormalRule(point - table.n_observed, variance, table.n_observed)
