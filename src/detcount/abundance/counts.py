"""One list that names persons several times.

Each estimator first declines what the counts cannot answer, and all of them return the same kind of estimate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import Annotated, ClassVar, Literal

import numpy as np

from detcount._numerics import repeated_counts as numerics
from detcount._numerics.arrays import Floats
from detcount.abundance.guards import ASSUMED_BY_ALL, log_normal_estimate
from detcount.assumptions import Assumption
from detcount.contract import arguments, references
from detcount.contract.arguments import TrueOrFalse
from detcount.contract.citation import Reference
from detcount.contract.specification import AS_TYPED, specification
from detcount.data.repeated import RepeatedCounts
from detcount.errors import NotEstimableError
from detcount.estimates import AbundanceEstimate, Specification
from detcount.words import Message

_NAMED_BY_ROUTINE_WHAT_TO_DO = Message(
    "Report those listed, and check whether the list names everybody by routine."
)
_TAKE_CHAO_S_BOUND_OR_NONE_WHAT_TO_DO = Message("Use ChaoCounts(), or report those listed.")
_TAKE_CHAO_S_BOUND_OR_NONE_WHAT_TO_DO_IN_WORDS = Message(
    "Use Chao's estimator for counts, or report those listed."
)
_TAKE_CHAO_S_BOUND_WHAT_TO_DO = Message("Use ChaoCounts, which is a lower bound.")
_TAKE_CHAO_S_BOUND_WHAT_TO_DO_IN_WORDS = Message("Use Chao's estimator for counts, which is a lower bound.")


@dataclass(frozen=True)
class RateDetail:
    """The fitted count distribution of a zero-truncated estimator.

    Parameters
    ----------
    mean : float
        Times that the list names a person on average, persons never named among them.
    never_named_share : float
        Share of the population that is never named, in (0, 1).
    """

    mean: float
    never_named_share: float


@dataclass(frozen=True)
class RepeatedCoverageDetail:
    """Details of a coverage-based estimate from repeated counts.

    Parameters
    ----------
    sample_coverage : float
        Sample coverage C: persons who are named, as a share of all, each weighted by the rate at which the
        list names them.
    squared_variation : float
        Squared coefficient of variation of the persons' rates, cut at 0.
    """

    sample_coverage: float
    squared_variation: float


def estimate_from_counts(
    estimator: Specification,
    counts: RepeatedCounts,
    point: float,
    variance: float,
    seed: int,
    *,
    notes: tuple[str, ...] = (),
    detail: object = None,
) -> AbundanceEstimate:
    """Estimate with a log-normal interval, or a reason to decline when N is no more than the listed."""
    n = counts.n_observed
    if not (math.isfinite(point) and point > n and variance > 0):
        if math.isfinite(point):
            reason = Message(
                "the estimate is {point:,.0f} persons, which contradicts the {n:,} listed persons and their "
                "counts",
                point=point,
                n=n,
            )
        else:
            reason = Message(
                "the estimate is infinite: {n:,} listed persons and their counts do not bound it", n=n
            )
        if Assumption.LOWER_BOUND in estimator.assumes:
            remedy = advice = Message("Report those listed: the list does not say how many it misses.")
        else:
            remedy = Message("Use ChaoCounts, which is a lower bound.")
            advice = Message("Use Chao's estimator for counts, which is a lower bound.")
        raise NotEstimableError(type(estimator).__name__, reason, remedy, advice=advice)
    return log_normal_estimate(
        estimator,
        counts,
        point=point,
        n_unobserved=point - n,
        variance=variance,
        seed=seed,
        notes=notes,
        detail=detail,
    )


def once_and_twice(
    estimator: Specification, counts: RepeatedCounts, *, need_twice: bool = True
) -> tuple[int, int]:
    """Persons named once and twice, or a reason to decline."""
    f = counts.frequencies
    f1, f2 = int(f[0]), int(f[1]) if len(f) > 1 else 0
    if f1 == 0:
        raise NotEstimableError(
            type(estimator).__name__,
            Message("nobody is named exactly once, so the counts point to nobody unlisted"),
            _NAMED_BY_ROUTINE_WHAT_TO_DO,
        )
    if f2 == 0 and need_twice:
        raise NotEstimableError(
            type(estimator).__name__,
            Message("nobody is named exactly twice"),
            _TAKE_CHAO_S_BOUND_OR_NONE_WHAT_TO_DO,
            advice=_TAKE_CHAO_S_BOUND_OR_NONE_WHAT_TO_DO_IN_WORDS,
        )
    return f1, f2


def require_repeats(estimator: Specification, counts: RepeatedCounts) -> None:
    """Decline when nobody is named twice or more."""
    if int(counts.times[-1]) == 1:
        raise NotEstimableError(
            type(estimator).__name__,
            Message("nobody is named more than once"),
            Message("Report those listed: the list does not say how many it misses."),
        )


def times_named(counts: RepeatedCounts) -> int:
    """Count how often the list names anybody, in all."""
    return int(counts.times @ counts.counts)


def rare_repeats(estimator: Specification, counts: RepeatedCounts, cutoff: int) -> Floats:
    """Frequencies, when somebody is named once and somebody again within the cutoff."""
    once_and_twice(estimator, counts, need_twice=False)
    f = counts.frequencies
    if f[1:cutoff].sum() == 0:
        name = type(estimator).__name__
        raise NotEstimableError(
            name,
            Message("nobody is named 2 to {cutoff} times, so the sample coverage is 0", cutoff=cutoff),
            _TAKE_CHAO_S_BOUND_OR_NONE_WHAT_TO_DO,
            advice=_TAKE_CHAO_S_BOUND_OR_NONE_WHAT_TO_DO_IN_WORDS,
        )
    return f.astype(np.float64)


@specification
class ChaoCounts:
    """Lower bound of abundance from persons one list names once and twice.

    The estimand is a lower bound of N, the persons in a closed population of whom one list names some,
    each as often as it happens. Holds however persons differ in how easily they are named, as long as
    each is named by chance alone. It is close to N where few are hard to find.

    Parameters
    ----------
    bias_corrected : bool, optional
        Whether to use the form with less bias in small samples, which needs nobody named twice, as in
        `ChaoLowerBound`.

    See Also
    --------
    ChaoLowerBound : The same for several lists.

    Notes
    -----
    With f1 persons named once and f2 twice, N >= n + f1^2/(2 f2), bias-corrected
    n + f1 (f1 - 1)/(2 (f2 + 1)). Unlike `ChaoLowerBound` there is no factor (t - 1)/t, since nothing
    limits how often a person is named. Declines when f1 is 0, when f1 is 1 with the correction, and
    when f2 is 0 without it.

    References
    ----------
    .. [1] Chao, A. (1984). Nonparametric estimation of the number of classes in a population.
       Scandinavian Journal of Statistics, 11(4), 265-270.
    .. [2] Chao, A. (1987). Estimating the population size for capture-recapture data with unequal
       catchability. Biometrics, 43(4), 783-791. https://doi.org/10.2307/2531532

    Examples
    --------
    >>> from detcount import RepeatedCounts, abundance
    >>> counts = RepeatedCounts.from_frequencies({1: 1645, 2: 183, 3: 37, 4: 13, 5: 1, 6: 1})
    >>> print(abundance.ChaoCounts().fit(counts))
    9,229 persons (8,051 to 10,631, 95% log-normal); 1,880 listed
    """

    bias_corrected: TrueOrFalse = True

    assumes: ClassVar[tuple[Assumption, ...]] = (*ASSUMED_BY_ALL, Assumption.LOWER_BOUND)
    references: ClassVar[tuple[Reference, ...]] = (references.CHAO_1984, references.CHAO_1987)

    def fit(self, counts: RepeatedCounts, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate a lower bound of N, persons, from how often one list names each person."""
        f1, f2 = once_and_twice(self, counts, need_twice=not self.bias_corrected)
        if not self.bias_corrected:
            point, variance = numerics.chao(counts.n_observed, f1, f2)
        elif f1 > 1:
            point, variance = numerics.chao_bias_corrected(counts.n_observed, f1, f2)
        else:
            raise NotEstimableError(
                "ChaoCounts",
                Message(
                    "one person alone is named once, and the bias-corrected bound is then the number listed"
                ),
                Message("Use ChaoCounts(bias_corrected=False), or report those listed."),
                advice=Message("Use the bound without its correction for bias, or report those listed."),
            )
        return estimate_from_counts(self, counts, point, variance, seed)


@specification
class ChaoLee:
    """Abundance from one list by its sample coverage, where persons differ in how often they are named.

    The estimand is N, the persons in a closed population of whom one list names some, each as often as it
    happens. The sample coverage (persons named, weighted by the rate at which the list names them)
    is estimated first, and then corrected for how much persons differ.

    Parameters
    ----------
    form : {"ACE", "ACE-1"}, optional
        How the variation between persons is measured: ``"ACE"``, or ``"ACE-1"`` with less bias where
        they differ much.
    cutoff : int, optional
        Persons named more often than this are taken as they are; at least 2.

    See Also
    --------
    SampleCoverage : The coverage of several lists.

    Notes
    -----
    With D persons named at most `cutoff` times, T times in all, f_k of them k times, C = 1 - f1/T,
    g = max(D/C sum k(k-1) f_k/(T(T-1)) - 1, 0) and N = D/C + f1 g/C plus the persons named more often.
    ``"ACE-1"`` multiplies g by 1 + f1 sum k(k-1) f_k/((T-1) T C). Where g is cut at 0 the standard error
    is still that of the uncut form, which is larger. Declines when nobody is named once, and when nobody
    is named more than once within the cutoff.

    It removes a part of the bias only: in simulations with rates of squared coefficient of variation 0, 0.25
    and 0.67 the 95% interval of ``"ACE-1"`` covered the truth 96%, 91% and 61% of the time.

    References
    ----------
    .. [1] Chao, A. and Lee, S.-M. (1992). Estimating the number of classes via sample coverage. Journal of
       the American Statistical Association, 87(417), 210-217.
       https://doi.org/10.1080/01621459.1992.10475194

    Examples
    --------
    >>> from detcount import RepeatedCounts, abundance
    >>> counts = RepeatedCounts.from_frequencies({1: 1645, 2: 183, 3: 37, 4: 13, 5: 1, 6: 1})
    >>> round(abundance.ChaoLee(form="ACE-1").fit(counts).point)
    11334
    """

    form: Annotated[Literal["ACE", "ACE-1"], AS_TYPED] = "ACE"
    cutoff: Annotated[int, partial(arguments.whole_number, least=2)] = 10

    assumes: ClassVar[tuple[Assumption, ...]] = (*ASSUMED_BY_ALL, Assumption.HETEROGENEITY_FORM)
    references: ClassVar[tuple[Reference, ...]] = (references.CHAO_LEE_1992, references.CHAO_1987)

    def fit(self, counts: RepeatedCounts, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from how often one list names each person."""
        f = rare_repeats(self, counts, self.cutoff)
        point, variance, coverage, variation = numerics.chao_lee(f, self.form, self.cutoff)
        notes = (
            (Message("The counts vary no more than a Poisson's, so persons are taken not to differ."),)
            if variation == 0
            else ()
        )
        return estimate_from_counts(
            self,
            counts,
            point,
            variance,
            seed,
            notes=notes,
            detail=RepeatedCoverageDetail(coverage, variation),
        )


@dataclass(frozen=True)
class NegativeBinomialDetail:
    """The fitted negative binomial.

    Parameters
    ----------
    mean : float
        Times that the list names a person on average, persons never named among them.
    dispersion : float
        Squared coefficient of variation of the persons' rates; 0 would be the Poisson.
    never_named_share : float
        Share of the population that is never named, in (0, 1).
    """

    mean: float
    dispersion: float
    never_named_share: float


@specification
class ZeroTruncatedNegativeBinomial:
    """Abundance from one list that names persons at rates which follow a gamma distribution.

    The estimand is N, the persons in a closed population of whom one list names some, each as often as it
    happens. How much persons differ is estimated from the data, which often cannot show it: the likelihood
    is then flat, and the answer may be almost any number. Declines at both ends: where counts vary no more
    than Poisson counts do, and where the likelihood rises however large the population is.

    See Also
    --------
    ZeroTruncatedPoisson : No difference between persons.

    Notes
    -----
    Mean m and dispersion a maximise the zero-truncated likelihood; the variance of a count is m + a m^2.
    p0 = (1 + a m)^(-1/a), N = n/(1 - p0). The variance is n p0/(1 - p0)^2 plus that of the parameters,
    from the observed information.

    References
    ----------
    .. [1] Sampford, M. R. (1955). The truncated negative binomial distribution. Biometrika, 42(1-2),
       58-69. https://doi.org/10.1093/biomet/42.1-2.58
    .. [2] van der Heijden, P. G. M., Bustami, R., Cruyff, M. J. L. F., Engbersen, G. and
       van Houwelingen, H. C. (2003). Point and interval estimation of the population size using the
       truncated Poisson regression model. Statistical Modelling, 3(4), 305-322.
       https://doi.org/10.1191/1471082X03st057oa

    Examples
    --------
    >>> from detcount import RepeatedCounts, abundance
    >>> counts = RepeatedCounts.from_frequencies([276, 152, 82, 40, 29, 12, 8, 3, 2, 1])
    >>> fitted = abundance.ZeroTruncatedNegativeBinomial().fit(counts)
    >>> round(fitted.point), round(fitted.detail.dispersion, 2)
    (1057, 0.84)
    """

    assumes: ClassVar[tuple[Assumption, ...]] = (
        *ASSUMED_BY_ALL,
        Assumption.HETEROGENEITY_FORM,
        Assumption.COUNT_DISTRIBUTION,
    )
    references: ClassVar[tuple[Reference, ...]] = (
        references.SAMPFORD_1955,
        references.VAN_DER_HEIJDEN_2003,
        references.CHAO_1987,
    )

    def fit(self, counts: RepeatedCounts, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from how often one list names each person."""
        name = "ZeroTruncatedNegativeBinomial"
        require_repeats(self, counts)
        f = counts.frequencies.astype(np.float64)
        rate = numerics.poisson(counts.n_observed, times_named(counts))[0]
        if numerics.negative_binomial_score_at_poisson(f, rate) <= 0:
            raise NotEstimableError(
                name,
                Message("the counts vary no more than a Poisson's, so the dispersion is likeliest at 0"),
                Message("Use ZeroTruncatedPoisson."),
                advice=Message("Use the truncated Poisson."),
            )
        mean, dispersion, inside = numerics.negative_binomial_fit(f)
        if not inside:
            raise NotEstimableError(
                name,
                Message(
                    "the likelihood keeps rising with the number of persons never named, so it has no maximum"
                ),
                _TAKE_CHAO_S_BOUND_WHAT_TO_DO,
                advice=_TAKE_CHAO_S_BOUND_WHAT_TO_DO_IN_WORDS,
            )
        point, variance = numerics.negative_binomial_size(f, mean, dispersion)
        if not math.isfinite(variance):
            raise NotEstimableError(
                name,
                Message("the likelihood is flat at its greatest value, so no spread can be estimated"),
                _TAKE_CHAO_S_BOUND_WHAT_TO_DO,
                advice=_TAKE_CHAO_S_BOUND_WHAT_TO_DO_IN_WORDS,
            )
        detail = NegativeBinomialDetail(mean, dispersion, 1 - counts.n_observed / point)
        return estimate_from_counts(self, counts, point, variance, seed, detail=detail)


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
            name = "ZeroTruncatedPoisson"
            raise NotEstimableError(
                name,
                Message(
                    "persons are named {rate:,.0f} times on average, so the model sees nobody unlisted",
                    rate=rate,
                ),
                _NAMED_BY_ROUTINE_WHAT_TO_DO,
            )
        return estimate_from_counts(
            self, counts, point, variance, seed, detail=RateDetail(rate, math.exp(-rate))
        )
