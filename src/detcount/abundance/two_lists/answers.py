"""What estimators from two lists share: their sizes, and an interval or a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detcount._numerics.two_list import hypergeometric_bounds
from detcount.abundance.guards import ASSUMED_BY_ALL, require_names_on_every_list, require_number_of_lists
from detcount.abundance.intervals import Hypergeometric, LogNormal
from detcount.assumptions import Assumption
from detcount.captures import CaptureTable
from detcount.errors import NotEstimableError
from detcount.estimates import IntervalRule, LogNormalRule
from detcount.words import Message

INDEPENDENT_LISTS: tuple[Assumption, ...] = (
    *ASSUMED_BY_ALL,
    Assumption.INDEPENDENT_LISTS,
    Assumption.HOMOGENEOUS_PERSONS,
)

EXACT_LIMIT = Message("Use Chapman(interval=Hypergeometric()) for the lower limit, or report those listed.")

EXACT_LIMIT_IN_WORDS = Message(
    "Use Chapman's estimator with its exact interval for the lower limit, or report those listed."
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


def check_interval(interval: object) -> None:
    """Refuse an interval that two lists do not offer."""
    if not isinstance(interval, (LogNormal, Hypergeometric)):
        raise TypeError(
            Message(
                "interval: expected LogNormal() or Hypergeometric(), got {kind}", kind=type(interval).__name__
            )
        )


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
            EXACT_LIMIT,
            advice=EXACT_LIMIT_IN_WORDS,
        )


def inner_and_outer(table: CaptureTable) -> tuple[str, str]:
    """The list that lies inside the other, and that other."""
    inner, outer = sorted(table.lists, key=lambda name: table.list_sizes[name])
    return inner, outer


def interval_rule(
    estimator: str,
    interval: LogNormal | Hypergeometric,
    table: CaptureTable,
    point: float,
    variance: float,
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
                name=estimator,
                inner=inner,
                outer=outer,
            ),
            advice=Message(
                "Use the exact interval, and check that {inner!r} is no copy of {outer!r}.",
                inner=inner,
                outer=outer,
            ),
        )
    return LogNormalRule(point - table.n_observed, variance, table.n_observed)
