"""Sample coverage: the dependence seen between pairs of lists, carried to those on none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np

from detcount._numerics.arrays import Floats
from detcount._numerics.closed_forms import (
    LEAST_COVERAGE,
    coverage_estimates,
    coverage_sums,
    resampled_estimates,
)
from detcount.abundance.guards import (
    ASSUMED_BY_ALL,
    log_normal_estimate,
    require_names_on_every_list,
    require_number_of_lists,
)
from detcount.assumptions import Assumption
from detcount.contract import references
from detcount.contract.arguments import AtLeast100, Proportion
from detcount.contract.citation import Reference
from detcount.contract.specification import AS_TYPED, specification
from detcount.data.captures import CaptureTable
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.words import Message

_LOW_COVERAGE_WHAT_TO_DO = Message("Use SampleCoverage(estimate='low-coverage').")
_LOW_COVERAGE_WHAT_TO_DO_IN_WORDS = Message("Use the estimate for low sample coverage.")

CoverageLevel = Literal["high-coverage", "low-coverage", "independent"]


@dataclass(frozen=True)
class SampleCoverageDetail:
    """Details of a sample-coverage estimate.

    Parameters
    ----------
    sample_coverage : float
        Share of the population's probabilities of being listed that belongs to persons who are, C; between 0
        and 1. One less the mean share of a list that is on no other list.
    mean_without_one : float
        Persons that remain listed when one list is left out, on average over the lists, D.
    n_resamples_without_estimate : int
        Resampled tables that had no estimate, and are left out of the standard error.
    """

    sample_coverage: float
    mean_without_one: float
    n_resamples_without_estimate: int


_NAME = "SampleCoverage"


@specification
class SampleCoverage:
    """Abundance from three or more lists that depend on each other, through the sample coverage.

    The estimand is N, the persons in a closed population. The share of a list that other lists also name
    says how much of the population is covered; pairs that overlap more, or less, than independent lists
    would say how far to correct it. No model is chosen, and overlaps of three lists may be empty, but
    dependence among three lists and more is left out.

    Parameters
    ----------
    estimate : {"high-coverage", "low-coverage", "independent"}, optional
        Which of the three estimates of Chao and Tsay: ``"high-coverage"``, N-hat, solves the equation for
        N; ``"low-coverage"``, N-hat-1, steps towards that solution from independence and stops early,
        too low under positive dependence but stable; ``"independent"``, N-hat-0, takes pairs of lists as
        independent.
    minimum_coverage : float, optional
        Decline the high-coverage estimate where the sample coverage is at most this, from 0 to 1; 0 never
        does.
    maximum_relative_error : float, optional
        Decline the high-coverage estimate where its standard error is above this share of N, or where
        more than one resampled table in twenty has no estimate; infinite never does.
    n_resamples : int, optional
        Resampled tables behind the standard error, at least 100.

    See Also
    --------
    LogLinear : A model of the dependence, with a test of its fit.
    ChaoLowerBound : A bound when persons differ and lists do not depend on each other otherwise.

    Notes
    -----
    For t lists, with x_j persons on list j alone, x_ij on i and j alone, n_j on list j and B_ij on i and j:
    C = 1 - (1/t) sum x_j/n_j, D = n - (1/t) sum x_j, A_ij = x_i + x_j + 2 x_ij, and
    N = D/C + (1/(tC)) sum over pairs of A_ij g_ij(N), where g_ij(N) = N B_ij/(n_i n_j) - 1 is the
    coefficient of covariation of two lists. ``"independent"`` is D/C; ``"low-coverage"`` puts D/C into
    the right side and the result once more; ``"high-coverage"`` solves for N.

    The standard error is that of resampled tables of N-hat persons, listed and not, with the seed of the
    fit. The limits that decline, a coverage of 0.55 and a standard error of a third of N, are the
    authors'.

    References
    ----------
    .. [1] Chao, A. and Tsay, P. K. (1998). A sample coverage approach to multiple-system estimation with
       application to census undercount. Journal of the American Statistical Association, 93(441),
       283-293. https://doi.org/10.2307/2669624
    .. [2] Chao, A., Tsay, P. K., Lin, S.-H., Shau, W.-Y. and Chao, D.-Y. (2001). The applications of
       capture-recapture models to epidemiological data. Statistics in Medicine, 20(20), 3123-3157.
       https://doi.org/10.1002/sim.996

    Examples
    --------
    >>> from detcount import abundance, datasets
    >>> fitted = abundance.SampleCoverage().fit(datasets.load("diabetes"))
    >>> round(fitted.point), round(fitted.detail.sample_coverage, 2)
    (2609, 0.8)
    """

    estimate: Annotated[CoverageLevel, AS_TYPED] = "high-coverage"
    minimum_coverage: Proportion = LEAST_COVERAGE
    maximum_relative_error: float = 1 / 3
    n_resamples: AtLeast100 = 1000

    assumes: ClassVar[tuple[Assumption, ...]] = (
        *ASSUMED_BY_ALL,
        Assumption.SAMPLE_COVERAGE,
    )
    references: ClassVar[tuple[Reference, ...]] = (
        references.CHAO_TSAY_1998,
        references.CHAO_2001,
        references.CHAO_1987,
    )

    def __post_init__(self) -> None:
        if not self.maximum_relative_error > 0:
            raise InputError(
                Message(
                    "maximum_relative_error: expected a number above 0, got {got}",
                    got=repr(self.maximum_relative_error),
                )
            )

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from a table of three or more lists."""
        require_number_of_lists("SampleCoverage", table, least=3)
        require_names_on_every_list("SampleCoverage", table)
        high = self.estimate == "high-coverage"
        sums = coverage_sums(table.histories, table.counts)
        coverage = float(sums.coverage)
        if coverage <= 0:
            raise NotEstimableError(
                "SampleCoverage",
                Message("no two lists share anybody, so the sample coverage is 0"),
                Message("Report those listed: these lists set no upper limit."),
            )
        if high and coverage <= self.minimum_coverage:
            least = self.minimum_coverage
            raise NotEstimableError(
                _NAME,
                Message(
                    "the sample coverage is {coverage:.3f}, and the high-coverage estimate needs more than "
                    "{least:.4g}",
                    coverage=coverage,
                    least=least,
                ),
                _LOW_COVERAGE_WHAT_TO_DO,
                advice=_LOW_COVERAGE_WHAT_TO_DO_IN_WORDS,
            )
        with np.errstate(divide="ignore"):
            point = float(coverage_estimates(sums, self.estimate))
        n = table.n_observed
        if not (math.isfinite(point) and point > n * (1 + 1e-12)):
            raise _no_point(self.estimate, point, n)
        draws = resampled_estimates(
            table.histories, table.counts, self.estimate, point=point, n_resamples=self.n_resamples, seed=seed
        )
        variance, without = _spread(draws)
        if not variance > 0:
            raise NotEstimableError(
                "SampleCoverage",
                Message("the resampled tables give no spread, so the estimate has no standard error"),
                Message("Use Chapman on two of the lists, or report those listed."),
            )
        if high:
            self._require_precise(point, variance**0.5, without)
        notes = [Message("The sample coverage is {coverage:.3f}.", coverage=coverage)]
        if self.estimate == "low-coverage" and coverage <= LEAST_COVERAGE:
            notes.append(
                Message(
                    "With a sample coverage this low the estimate is too low where lists depend on each "
                    "other positively."
                )
            )
        if without:
            notes.append(
                Message(
                    "{without:,} of {n:,} resampled tables have no estimate and are left out of the standard "
                    "error, which is therefore too small.",
                    without=without,
                    n=self.n_resamples,
                )
            )
        return log_normal_estimate(
            self,
            table,
            point=point,
            n_unobserved=point - n,
            variance=variance,
            seed=seed,
            notes=tuple(notes),
            detail=SampleCoverageDetail(coverage, float(sums.mean_without_one), without),
        )

    def _require_precise(self, point: float, error: float, without: int) -> None:
        """Decline the high-coverage estimate where its spread says that it means nothing."""
        if math.isinf(self.maximum_relative_error):
            return
        if error > self.maximum_relative_error * point:
            most = self.maximum_relative_error
            raise NotEstimableError(
                _NAME,
                Message(
                    "the standard error, {error:,.0f}, is more than {most:.2f} of the estimate, {point:,.0f}",
                    error=error,
                    most=most,
                    point=point,
                ),
                _LOW_COVERAGE_WHAT_TO_DO,
                advice=_LOW_COVERAGE_WHAT_TO_DO_IN_WORDS,
            )
        if without > self.n_resamples / 20:
            n = self.n_resamples
            raise NotEstimableError(
                _NAME,
                Message("{without:,} of {n:,} resampled tables have no estimate", without=without, n=n),
                _LOW_COVERAGE_WHAT_TO_DO,
                advice=_LOW_COVERAGE_WHAT_TO_DO_IN_WORDS,
            )


def _spread(draws: Floats) -> tuple[float, int]:
    """Variance of the draws that are finite, and how many are not."""
    finite = draws[np.isfinite(draws)]
    return (float(finite.var(ddof=1)) if len(finite) > 1 else 0.0), len(draws) - len(finite)


def _no_point(estimate: CoverageLevel, point: float, n_observed: int) -> NotEstimableError:
    """Say why the equation for N has no answer among the populations that hold the listed."""
    if estimate == "low-coverage":
        return NotEstimableError(
            _NAME,
            Message(
                "the estimate is {point:,.0f} persons, no more than the {n:,} listed",
                point=point,
                n=n_observed,
            ),
            Message("Report those listed, and check that no list is a copy of another."),
        )
    if not math.isfinite(point):
        return NotEstimableError(
            _NAME,
            Message(
                "the equation of the high-coverage estimate has no solution, with {n:,} listed", n=n_observed
            ),
            _LOW_COVERAGE_WHAT_TO_DO,
            advice=_LOW_COVERAGE_WHAT_TO_DO_IN_WORDS,
        )
    return NotEstimableError(
        _NAME,
        Message(
            "the equation of the high-coverage estimate solves to {point:,.0f} persons, with {n:,} listed",
            point=point,
            n=n_observed,
        ),
        _LOW_COVERAGE_WHAT_TO_DO,
        advice=_LOW_COVERAGE_WHAT_TO_DO_IN_WORDS,
    )
