"""Closed-population models: lists of different reach, persons who differ, lists made in order."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, cast, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

from detcount import arguments, references
from detcount._numerics.heterogeneity import (
    Form,
    RemovalFit,
    RemovalProfile,
    chao_bound,
    correct_m0,
    correct_mt,
    fit_removal,
    form_columns,
    log_choose,
    recapture_log_likelihood,
)
from detcount._numerics.patterns import unpack
from detcount._numerics.profile import maximum_of, multinomial_maximum, profile_bounds, profile_limits
from detcount._numerics.regression import PoissonFit, fit_nonnegative
from detcount.abundance._guards import require_names_on_every_list, require_number_of_lists
from detcount.abundance.intervals import LogNormal, ProfileLikelihood
from detcount.assumptions import Assumption
from detcount.captures import CaptureTable
from detcount.citation import Reference
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate, IntervalRule, LogNormalRule
from detcount.specification import specification
from detcount.words import Message

__all__ = ["Heterogeneity", "HeterogeneityDetail"]

Model = Literal["M0", "Mt", "Mh", "Mth", "Mb", "Mbh"]

_NAME = "Heterogeneity"
_MOST_DENSE_LISTS = 16
_DEFAULT_THETA = {"Poisson": 2.0, "Gamma": 3.5}
_LARGEST_THETA = 100.0  # theta^60 still is a number
_LARGEST_RATIO = 1e6  # unlisted persons for each listed one: what an estimate running off to infinity has
_REMOVAL_SHIFT = 3.0  # by which (2, -1, -1) persons more on three lists lower sum j u_j

_COMMON = (Assumption.CLOSED_POPULATION, Assumption.ERROR_FREE_LINKAGE, Assumption.NO_OVERCOVERAGE)


class _AssumptionsOfModel:
    """What the model and form of an instance assume; of the class, what its defaults do."""

    def __get__(self, instance: Heterogeneity | None, owner: type) -> tuple[Assumption, ...]:
        model, form = ("Mth", "Chao") if instance is None else (instance.model, instance.form)
        if model in {"Mb", "Mbh"}:
            return (*_COMMON, Assumption.ORDERED_LISTS, Assumption.HOMOGENEOUS_PERSONS)
        own: list[Assumption] = []
        if form != "Chao":
            own.append(Assumption.INDEPENDENT_LISTS)
        if model in {"M0", "Mh"}:
            own.append(Assumption.EQUAL_LIST_SHARES)
        if model in {"M0", "Mt"}:
            own.append(Assumption.HOMOGENEOUS_PERSONS)
        else:
            own.append(Assumption.LOWER_BOUND if form == "Chao" else Assumption.HETEROGENEITY_FORM)
        return (*_COMMON, *own)


@dataclass(frozen=True)
class HeterogeneityDetail:
    """How a closed-population model fits.

    Parameters
    ----------
    terms : tuple of str
        Names of the terms: log-linear ones, or for Mb and Mbh chances of being named.
    coefficients : tuple of float
        Their values; 0 for a term held at zero.
    log_likelihood : float
        Poisson log-likelihood of the counts of all 2**K - 1 capture histories, constant included.
    aic : float
        Akaike's information criterion, over the terms not held at zero.
    bic : float
        Bayesian information criterion with the number of persons listed.
    deviance : float
        Twice the distance to the saturated model.
    degrees_of_freedom : int
        Capture histories less terms not held at zero.
    fitted_frequencies : tuple of float
        Persons that the model expects on exactly 1, 2, ..., K lists.
    held_at_zero : tuple of str
        Terms of Chao's form that would be negative.
    multinomial_point : float or None
        N at the maximum of the multinomial likelihood, which a profile interval surrounds; infinite
        when that likelihood rises for ever. None without a profile interval.

    Examples
    --------
    >>> from detcount import abundance, datasets
    >>> detail = abundance.Heterogeneity(model="Mt").fit(datasets.load("hare")).detail
    >>> round(detail.aic, 1), detail.degrees_of_freedom
    (154.5, 56)
    """

    terms: tuple[str, ...]
    coefficients: tuple[float, ...]
    log_likelihood: float
    aic: float
    bic: float
    deviance: float
    degrees_of_freedom: int
    fitted_frequencies: tuple[float, ...]
    held_at_zero: tuple[str, ...] = ()
    multinomial_point: float | None = None


@dataclass(frozen=True, eq=False)
class _Cells:
    """A log-linear model over the capture histories, or over the number of lists."""

    design: NDArray[np.float64]
    counts: NDArray[np.float64]
    offset: NDArray[np.float64]
    times: NDArray[np.float64]
    terms: tuple[str, ...]
    nonnegative: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class _LogLinearProfileRule:
    """Multinomial profile likelihood of a log-linear model."""

    design: NDArray[np.float64]
    counts: NDArray[np.float64]
    offset: NDArray[np.float64]
    nonnegative: tuple[int, ...]
    method: ClassVar[str] = "profile likelihood"

    def bounds(self, level: float) -> tuple[float, float]:
        return profile_bounds(
            self.design, self.counts, level=level, offset=self.offset, nonnegative=self.nonnegative
        )


@dataclass(frozen=True, eq=False)
class _RemovalProfileRule:
    """Multinomial profile likelihood of first captures."""

    profile: RemovalProfile
    start: float
    method: ClassVar[str] = "profile likelihood"

    def bounds(self, level: float) -> tuple[float, float]:
        return profile_limits(self.profile, self.profile.n_observed, level=level, start=self.start)


@specification
class Heterogeneity:
    """Abundance when lists differ in reach, persons in how easily they are listed, or both.

    The estimand is N, the persons in a closed population that every list drew on. M0 takes lists and
    persons as equal; Mt lets lists differ; Mh lets persons differ; Mth lets both. Mb and Mbh are for lists
    made one after another, where being named once changes later chances. With form ``"Chao"`` the figure
    is a lower bound that holds however persons differ; the other forms are estimates that lean on a
    form which the listed persons cannot confirm. Prefer `LogLinear` where particular lists depend on each
    other.

    Parameters
    ----------
    model : {"Mth", "M0", "Mt", "Mh", "Mb", "Mbh"}, optional
        What differs.
    form : {"Chao", "Poisson", "Darroch", "Gamma"}, optional
        How persons differ, for Mh and Mth: ``"Chao"`` unless given. Corrections grow from Poisson to
        Gamma. Not for the other models.
    theta : float, optional
        Parameter of the forms Poisson (2 unless given; above 1, at most 100) and Gamma (3.5; above 0).
    bias_corrected : bool, optional
        Whether counts are changed to take bias out in small samples; for M0, Mt, Mb, Mbh and form
        ``"Chao"``, with the log-normal interval.
    interval : LogNormal or ProfileLikelihood, optional
        How limits are found. The profile likelihood may set no upper limit.

    Raises
    ------
    InputError
        If an option does not go with the model or form.

    See Also
    --------
    ChaoLowerBound : Model Mh with form Chao from two numbers.
    LogLinear : Dependence between particular lists.

    Notes
    -----
    Counts n_w of the capture histories are Poisson with log mean b + u_w + g(k), where k is the number of
    lists in w, u_w a multiple of k (M0, Mh) or a sum over its lists (Mt, Mth), and g(k) is 0 (M0, Mt) or
    has the column theta^k - 1 (Poisson), k^2/2 (Darroch), log(theta) - log(theta + k) (Gamma) or
    max(k - j + 1, 0) for j = 3, ..., K with coefficients of at least zero (Chao). N = n + exp(b), with
    variance exp(b) + exp(2b) var(b). Which coefficients are at zero is settled by the
    maximum under the constraint, for each N anew in the profile.

    Mb: list j names a share p of those not named before, so first captures are N p q^(j-1), q = 1 - p,
    and later captures say nothing of N. Mbh: the same from the second list on. Declines when first
    captures do not fall from list to list. The variance is that of the Poisson fit of first captures,
    given N; Rcapture's standard error for Mbh has a further term in the chance of recapture, on which its
    N does not depend.

    Bias correction changes the counts before the fit (Rivest and Levesque 2001): M0 takes f1 - 1/2 and
    f2 + 1 persons on one and two lists; Mt and Mth spread (K - 2)/2 over the histories with one list and
    1 over those with two; Mb adds (2, -1, -1) to the first captures of its first three lists and Mbh to
    those of the second to the fourth; Mh has the closed form a f1(f1 - 1)/(2(f2 + 1)), a = (K - 1)/K.
    That of
    Mt and Mth is made for lists that name few: with four lists that each name a fifth or more, the plain
    fit has less bias. `detail` describes the fit to the counts
    as they are.

    The profile interval holds every N whose multinomial profile likelihood is within half a chi-square
    quantile of the greatest. The point stays that of the Poisson fit; `detail.multinomial_point` is the
    maximum that the interval surrounds.

    References
    ----------
    .. [1] Otis, D. L., Burnham, K. P., White, G. C. and Anderson, D. R. (1978). Statistical inference from
       capture data on closed animal populations. Wildlife Monographs, 62, 3-135.
    .. [2] Darroch, J. N., Fienberg, S. E., Glonek, G. F. V. and Junker, B. W. (1993). A three-sample
       multiple-recapture approach to census population estimation with heterogeneous catchability.
       Journal of the American Statistical Association, 88(423), 1137-1148.
       https://doi.org/10.1080/01621459.1993.10476387
    .. [3] Rivest, L.-P. and Levesque, T. (2001). Improved log-linear model estimators of abundance in
       capture-recapture experiments. Canadian Journal of Statistics, 29(4), 555-572.
       https://doi.org/10.2307/3316007
    .. [4] Rivest, L.-P. and Baillargeon, S. (2007). Applications and extensions of Chao's moment estimator
       for the size of a closed population. Biometrics, 63(4), 999-1006.
       https://doi.org/10.1111/j.1541-0420.2007.00779.x
    .. [5] Cormack, R. M. (1992). Interval estimation for mark-recapture studies of closed populations.
       Biometrics, 48(2), 567-576. https://doi.org/10.2307/2532310

    Examples
    --------
    >>> from detcount import abundance, datasets
    >>> hare = datasets.load("hare")
    >>> print(abundance.Heterogeneity(form="Poisson").fit(hare))
    81 persons (74 to 97, 95% log-normal); 68 listed
    >>> profile = abundance.ProfileLikelihood()
    >>> print(abundance.Heterogeneity(form="Poisson", interval=profile).fit(hare).interval())
    72 to 94, 95% profile likelihood
    """

    model: Model = "Mth"
    form: Form | None = None
    theta: float | None = None
    bias_corrected: bool = False
    interval: LogNormal | ProfileLikelihood = LogNormal()

    assumes: ClassVar[tuple[Assumption, ...]] = cast(Any, _AssumptionsOfModel())
    references: ClassVar[tuple[Reference, ...]] = (
        references.OTIS_1978,
        references.DARROCH_1993,
        references.RIVEST_LEVESQUE_2001,
        references.RIVEST_BAILLARGEON_2007,
        references.CORMACK_1992,
        references.CHAO_1987,
    )

    def __post_init__(self) -> None:
        if self.model not in get_args(Model):
            raise InputError(f"model: expected one of {', '.join(get_args(Model))}, got {self.model!r}")
        arguments.true_or_false("bias_corrected", self.bias_corrected)
        if not isinstance(self.interval, (LogNormal, ProfileLikelihood)):
            raise TypeError(
                f"interval: expected LogNormal() or ProfileLikelihood(), got {type(self.interval).__name__}"
            )
        self._settle_form()
        self._settle_theta()
        if self.bias_corrected and self.form not in {None, "Chao"}:
            raise InputError(
                f"bias_corrected: no correction is known for form {self.form!r}. Use form='Chao', or leave "
                "bias_corrected out"
            )
        if self.bias_corrected and isinstance(self.interval, ProfileLikelihood):
            raise InputError(
                "bias_corrected: a profile likelihood is that of the counts as they are. Use "
                "interval=LogNormal()"
            )

    def _settle_form(self) -> None:
        """Write the form that is used into the specification, so that it is printed."""
        if self.model in {"Mh", "Mth"}:
            if self.form is None:
                object.__setattr__(self, "form", "Chao")
            if self.form not in get_args(Form):
                raise InputError(f"form: expected one of {', '.join(get_args(Form))}, got {self.form!r}")
        elif self.form is not None:
            raise InputError(
                f"form: model {self.model} has none, got {self.form!r}. "
                "Leave it out, or use model='Mh' or 'Mth'"
            )

    def _settle_theta(self) -> None:
        """Write the parameter that is used into the specification, so that it is printed."""
        if self.form not in _DEFAULT_THETA:
            if self.theta is not None:
                where = f"form {self.form!r}" if self.form else f"model {self.model}"
                raise InputError(f"theta: {where} has none, got {self.theta!r}. Leave it out")
            return
        theta = _DEFAULT_THETA[self.form] if self.theta is None else self.theta
        least = 1.0 if self.form == "Poisson" else 0.0
        if isinstance(theta, bool) or not isinstance(theta, (int, float)):
            raise TypeError(f"theta: expected a number, got {type(theta).__name__}")
        if not least < theta <= _LARGEST_THETA:
            raise InputError(
                f"theta: expected a number above {least:g} and at most {_LARGEST_THETA:g} for form "
                f"{self.form!r}, got {theta!r}"
            )
        object.__setattr__(self, "theta", float(theta))

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from a table of two or more lists, three where persons differ."""
        ordered = self.model in {"Mb", "Mbh"}
        most = _MOST_DENSE_LISTS if self.model in {"Mt", "Mth"} else 60
        require_number_of_lists(_NAME, table, least=self._least_lists(), most=most)
        require_names_on_every_list(_NAME, table)
        n_unobserved, variance, detail, rule = (
            self._fit_ordered(table) if ordered else self._fit_log_linear(table)
        )
        if n_unobserved > _LARGEST_RATIO * table.n_observed:
            raise NotEstimableError(
                _NAME,
                Message(
                    "{model} puts more than a million unlisted persons beside each listed one",
                    model=self._label(),
                ),
                Message("Use ChaoLowerBound, or report those listed."),
                advice=Message("Use Chao's lower bound, or report those listed."),
            )
        return AbundanceEstimate(
            point=table.n_observed + n_unobserved,
            n_observed=table.n_observed,
            estimator=self,
            interval_rule=rule or LogNormalRule(n_unobserved, variance, table.n_observed),
            digest=table.digest,
            definition=table.definition,
            seed=seed,
            standard_error=variance**0.5,
            notes=self._notes(table, detail),
            detail=detail,
        )

    def _least_lists(self) -> int:
        """Lists that the model needs."""
        if self.model == "Mbh":
            return 4 if self.bias_corrected else 3
        if self.model in {"Mh", "Mth"} or (self.model == "Mb" and self.bias_corrected):
            return 3
        return 2

    def _label(self) -> Message:
        """Model and form in words."""
        if self.form is None:
            return Message("model {model}", model=self.model)
        return Message("model {model} with form {form}", model=self.model, form=self.form)

    def _fit_log_linear(
        self, table: CaptureTable
    ) -> tuple[float, float, HeterogeneityDetail, IntervalRule | None]:
        """M0, Mt, Mh and Mth."""
        frequencies = table.capture_frequencies.astype(np.float64)
        if frequencies[1:].sum() == 0:
            raise NotEstimableError(
                _NAME,
                Message("no two lists share anybody"),
                Message("Report those listed: these lists set no upper limit."),
            )
        cells = self._cells(table)
        fit = fit_nonnegative(cells.design, cells.counts, cells.nonnegative, offset=cells.offset)
        if not fit.finite:
            raise self._no_maximum()
        n_unobserved, variance = _unseen(fit)
        rule, multinomial = None, None
        if isinstance(self.interval, ProfileLikelihood):
            rule = _LogLinearProfileRule(cells.design, cells.counts, cells.offset, cells.nonnegative)
            multinomial = multinomial_maximum(
                cells.design, cells.counts, offset=cells.offset, nonnegative=cells.nonnegative
            )
        detail = _log_linear_detail(table, cells, fit, multinomial)
        if self.bias_corrected and self.model == "Mh":
            if frequencies[0] < 2:
                raise NotEstimableError(
                    _NAME,
                    Message("nobody is on exactly one list, and the bias-corrected bound needs two")
                    if frequencies[0] == 0
                    else Message(
                        "one person alone is on exactly one list, and the bias-corrected bound needs two"
                    ),
                    Message("Use bias_corrected=False, or report those listed."),
                    advice=Message("Use the bound without its correction for bias, or report those listed."),
                )
            n_unobserved, variance = chao_bound(
                float(frequencies[0]), float(frequencies[1]), table.n_lists, bias_corrected=True
            )
        elif self.bias_corrected:
            corrected = (
                correct_m0(cells.counts)
                if self.model == "M0"
                else correct_mt(cells.counts, cells.times, table.n_lists)
            )
            again = fit_nonnegative(cells.design, corrected, cells.nonnegative, offset=cells.offset)
            if not again.finite:
                raise self._no_maximum()
            n_unobserved, variance = _unseen(again)
        return n_unobserved, variance, detail, rule

    def _cells(self, table: CaptureTable) -> _Cells:
        """Design, counts and offset; histories with equal expected counts are one cell where all are."""
        n_lists = table.n_lists
        if self.model in {"M0", "Mh"}:
            times = np.arange(1.0, n_lists + 1)
            counts = table.capture_frequencies.astype(np.float64)
            offset = log_choose(n_lists, times)
            reach = times[:, None]
            names: tuple[str, ...] = ("every list",)
        else:
            histories = unpack(np.arange(1, 1 << n_lists, dtype=np.uint64), n_lists).astype(np.float64)
            times = histories.sum(axis=1)
            counts = table.dense().astype(np.float64)
            offset = np.zeros(len(counts))
            reach, names = histories, table.lists
        parts = [np.ones((len(counts), 1)), reach]
        terms: tuple[str, ...] = ("intercept", *names)
        nonnegative: tuple[int, ...] = ()
        if self.form is not None:
            columns = form_columns(times, n_lists, self.form, self.theta or 0.0)
            parts.append(columns)
            if self.form == "Chao":
                nonnegative = tuple(range(len(terms), len(terms) + columns.shape[1]))
                terms = (*terms, *(f"eta {k}" for k in range(3, n_lists + 1)))
            else:
                terms = (*terms, self.form)
        return _Cells(np.hstack(parts), counts, offset, times, terms, nonnegative)

    def _no_maximum(self) -> NotEstimableError:
        """Refusal where the likelihood has no maximum."""
        return NotEstimableError(
            _NAME,
            Message(
                "the likelihood of {model} has no greatest value at finite coefficients: too few persons "
                "are on several lists for its terms",
                model=self._label(),
            ),
            Message("Use a model with fewer terms, such as M0 or Mt, or ChaoLowerBound."),
            advice=Message("Use a model with fewer terms, such as M0 or Mt, or Chao's lower bound."),
        )

    def _fit_ordered(
        self, table: CaptureTable
    ) -> tuple[float, float, HeterogeneityDetail, IntervalRule | None]:
        """Mb and Mbh, from the first list that names each person."""
        n_lists = table.n_lists
        position = table.histories.argmax(axis=1)
        captures = np.bincount(position, weights=table.counts, minlength=n_lists).astype(np.float64)
        after_first = self.model == "Mbh"
        removed = captures[1:] if after_first else captures
        total = float(removed.sum())
        positions = float(removed @ np.arange(1.0, len(removed) + 1))
        fit = fit_removal(total, positions, len(removed))
        if fit is None:
            raise self._no_removal(captures)
        rule, multinomial = None, None
        if isinstance(self.interval, ProfileLikelihood):
            profile = RemovalProfile(removed, first=float(captures[0]) if after_first else 0.0)
            rule = _RemovalProfileRule(profile, fit.n_unobserved)
            best = maximum_of(profile, profile.n_observed, start=fit.n_unobserved)
            multinomial = profile.n_observed + best.n_unobserved
        detail = _ordered_detail(table, captures, fit, multinomial, after_first=after_first)
        if self.bias_corrected:
            corrected = fit_removal(total, positions - _REMOVAL_SHIFT, len(removed))
            if corrected is None:
                raise NotEstimableError(
                    _NAME,
                    Message("the bias correction leaves nobody for the lists after the first that counts"),
                    Message("Use bias_corrected=False."),
                    advice=Message("Use the model without its correction for bias."),
                )
            fit = corrected
        return fit.n_unobserved, fit.variance, detail, rule

    def _no_removal(self, captures: NDArray[np.float64]) -> NotEstimableError:
        """Refusal where first captures are not those of a population that runs out."""
        counted = captures[1:] if self.model == "Mbh" else captures
        if counted[1:].sum() == 0:
            reason = Message(
                "no list names anybody for the first time after the first list that counts, so model {model} "
                "has no answer",
                model=self.model,
            )
        else:
            reason = Message(
                "the persons named for the first time do not become fewer from list to list, so model "
                "{model} has no answer",
                model=self.model,
            )
        return NotEstimableError(
            _NAME,
            reason,
            Message("Use model='Mt' or 'Mth', and check that the lists stand in the order they were made."),
            advice=Message(
                "Use the model Mt or Mth, and check that the lists stand in the order they were made."
            ),
        )

    def _notes(self, table: CaptureTable, detail: HeterogeneityDetail) -> tuple[str, ...]:
        """What a reader must know besides the assumptions."""
        notes = []
        if self.form == "Chao":
            notes.append(
                Message(
                    "The figure is a lower bound: the more persons differ in how easily they are listed, the "
                    "further it falls short."
                )
            )
        elif self.form is not None:
            notes.append(
                Message(
                    "How persons differ cannot be seen for those on no list: forms that fit alike can give "
                    "figures far apart."
                )
            )
        if detail.held_at_zero:
            notes.append(
                Message("Terms held at zero that would be negative: {terms:,}.", terms=detail.held_at_zero)
            )
        if self.model in {"Mb", "Mbh"}:
            notes.append(
                Message(
                    "The lists are taken in the order {lists:,}; from the second on each is taken to name "
                    "the same share of those not named before."
                    if self.model == "Mbh"
                    else "The lists are taken in the order {lists:,}; each is taken to name the same share "
                    "of those not named before.",
                    lists=table.lists,
                )
            )
        if detail.multinomial_point is not None:
            notes.append(
                Message(
                    "The interval surrounds the multinomial maximum, {point:,.1f} persons.",
                    point=detail.multinomial_point,
                )
                if math.isfinite(detail.multinomial_point)
                else Message("The multinomial likelihood rises for ever, so these lists set no upper limit.")
            )
        return tuple(notes)


def _unseen(fit: PoissonFit) -> tuple[float, float]:
    """Persons on no list and the variance of N (Rivest & Levesque 2001)."""
    n_unobserved = float(np.exp(min(fit.coefficients[0], 700.0)))
    return n_unobserved, n_unobserved + n_unobserved**2 * float(fit.covariance[0, 0])


def _criteria(table: CaptureTable, log_means: float, n_terms: int) -> tuple[float, float, float, float, int]:
    """Log-likelihood, AIC, BIC, deviance and degrees of freedom over all 2**K - 1 histories.

    `log_means` is sum n_w log(fitted mean of w); the fitted means add up to n.
    """
    n = table.n_observed
    counts = table.counts.astype(np.float64)
    log_likelihood = log_means - n - float(gammaln(counts + 1.0).sum())
    return (
        log_likelihood,
        2.0 * n_terms - 2.0 * log_likelihood,
        n_terms * math.log(n) - 2.0 * log_likelihood,
        2.0 * (float(xlogy(counts, counts).sum()) - log_means),
        (1 << table.n_lists) - 1 - n_terms,
    )


def _log_linear_detail(
    table: CaptureTable, cells: _Cells, fit: PoissonFit, multinomial: float | None
) -> HeterogeneityDetail:
    """Detail of M0, Mt, Mh or Mth."""
    log_means = float(cells.counts @ (cells.design @ fit.coefficients))
    log_likelihood, aic, bic, deviance, freedom = _criteria(table, log_means, int(fit.free.sum()))
    expected = np.bincount(cells.times.astype(np.int64), weights=fit.fitted, minlength=table.n_lists + 1)[1:]
    return HeterogeneityDetail(
        terms=cells.terms,
        coefficients=tuple(fit.coefficients.tolist()),
        log_likelihood=log_likelihood,
        aic=aic,
        bic=bic,
        deviance=deviance,
        degrees_of_freedom=freedom,
        fitted_frequencies=tuple(expected.tolist()),
        held_at_zero=tuple(term for term, free in zip(cells.terms, fit.free, strict=True) if not free),
        multinomial_point=multinomial,
    )


def _ordered_detail(
    table: CaptureTable,
    captures: NDArray[np.float64],
    fit: RemovalFit,
    multinomial: float | None,
    *,
    after_first: bool,
) -> HeterogeneityDetail:
    """Detail of Mb or Mbh."""
    n_lists, n = table.n_lists, float(table.n_observed)
    later = n_lists - np.arange(1.0, n_lists + 1)  # lists after the one that named a person first
    opportunities = float(captures @ later)
    recaptures = float(table.counts @ table.histories.sum(axis=1)) - n
    again = recaptures / opportunities if opportunities > 0 else 0.0
    removed = captures[1:] if after_first else captures
    shares = (1 - fit.escape) * fit.escape ** np.arange(len(removed))
    expected: NDArray[Any] = (float(removed.sum()) + fit.n_unobserved) * shares
    if after_first:
        expected = np.concatenate([captures[:1], expected])
    log_means = float(xlogy(captures, expected).sum()) + recapture_log_likelihood(recaptures, opportunities)
    terms: tuple[str, ...] = ("intercept", "capture", "recapture")
    values: tuple[float, ...] = (math.log(n + fit.n_unobserved), 1 - fit.escape, again)
    if after_first:
        terms = ("intercept", "first list", "capture", "recapture")
        values = (values[0], float(captures[0]) / (n + fit.n_unobserved), *values[1:])
    log_likelihood, aic, bic, deviance, freedom = _criteria(table, log_means, len(terms))
    return HeterogeneityDetail(
        terms=terms,
        coefficients=tuple(values),
        log_likelihood=log_likelihood,
        aic=aic,
        bic=bic,
        deviance=deviance,
        degrees_of_freedom=freedom,
        fitted_frequencies=tuple(_binomial_mixture(expected, later, again).tolist()),
        multinomial_point=multinomial,
    )


def _binomial_mixture(
    first: NDArray[np.float64], later: NDArray[np.float64], chance: float
) -> NDArray[np.float64]:
    """Persons expected on 1, ..., K lists when those first named by list j are named again by chance."""
    extra = np.arange(len(first), dtype=np.float64)
    total = np.zeros(len(first))
    for persons, lists in zip(first, later, strict=True):
        possible = extra <= lists
        k = extra[possible]
        log_weight = log_choose(float(lists), k) + xlogy(k, chance) + xlogy(lists - k, 1 - chance)
        total[possible] += persons * np.exp(log_weight)
    return total
