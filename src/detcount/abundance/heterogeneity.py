"""Closed-population models: lists of different reach, persons who differ.

M0, Mt, Mh and Mth are one model with options: their cells, their fit, and what the fit says.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Protocol, cast, get_args

import numpy as np
from scipy.special import gammaln, xlogy

from detcount._numerics.arrays import Floats, bincount
from detcount._numerics.closed_forms import (
    Form,
    chao_bound,
    correct_m0,
    correct_mt,
    form_columns,
    log_choose,
)
from detcount._numerics.patterns import unpack
from detcount._numerics.regression import PoissonFit, fit_nonnegative
from detcount.abundance.guards import (
    ASSUMED_BY_ALL,
    LOWER_BOUND,
    answer_to,
    require_names_on_every_list,
    require_number_of_lists,
)
from detcount.abundance.intervals import LogLinearProfileRule, LogNormal, ProfileLikelihood
from detcount.assumptions import Assumption
from detcount.contract import arguments, references
from detcount.contract.arguments import TrueOrFalse
from detcount.contract.citation import Reference
from detcount.contract.specification import AS_TYPED, specification
from detcount.data.captures import CaptureTable
from detcount.errors import InputError, InputTypeError, NotEstimableError
from detcount.estimates import AbundanceEstimate, IntervalRule, LogNormalRule
from detcount.words import Message

NAME = "Heterogeneity"
Model = Literal["M0", "Mt", "Mh", "Mth"]


class ClosedModel(Protocol):
    """Options of a closed-population model; `Heterogeneity` is one."""

    @property
    def model(self) -> Model:
        """Source of the differences in probabilities."""

    @property
    def form(self) -> Form | None:
        """Form of the heterogeneity between persons."""

    @property
    def theta(self) -> float | None:
        """Parameter of the form."""

    @property
    def bias_corrected(self) -> bool:
        """True if counts are changed to reduce bias."""

    @property
    def interval(self) -> LogNormal | ProfileLikelihood:
        """Method of the limits."""


@dataclass(frozen=True)
class HeterogeneityDetail:
    """Fit of a closed-population model.

    Parameters
    ----------
    terms : tuple of str
        Names of the log-linear terms.
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


def criteria(table: CaptureTable, log_means: float, n_terms: int) -> tuple[float, float, float, float, int]:
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


def label(model: ClosedModel) -> Message:
    """Model and form in words."""
    if model.form is None:
        return Message("model {model}", model=model.model)
    return Message("model {model} with form {form}", model=model.model, form=model.form)


def notes_of(model: ClosedModel, detail: HeterogeneityDetail) -> tuple[str, ...]:
    """Write the notes for a reader besides the assumptions."""
    notes = []
    if model.form == "Chao":
        notes.append(LOWER_BOUND)
    elif model.form is not None:
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
    if detail.multinomial_point is not None:
        notes.append(
            Message(
                "The interval surrounds the multinomial maximum, {point:,.1f} persons.",
                point=detail.multinomial_point,
            )
            if math.isfinite(detail.multinomial_point)
            else Message("The multinomial likelihood has no maximum, so these lists set no upper limit.")
        )
    return tuple(notes)


@dataclass(frozen=True, eq=False)
class _Cells:
    """A log-linear model over the capture histories, or over the number of lists."""

    design: Floats
    counts: Floats
    offset: Floats
    times: Floats
    terms: tuple[str, ...]
    nonnegative: tuple[int, ...]


def fit_log_linear(
    model: ClosedModel, table: CaptureTable
) -> tuple[float, float, HeterogeneityDetail, IntervalRule | None]:
    """M0, Mt, Mh and Mth."""
    frequencies = table.capture_frequencies.astype(np.float64)
    if frequencies[1:].sum() == 0:
        raise NotEstimableError(
            NAME,
            Message("no two lists share anybody"),
            Message("Report those listed: these lists set no upper limit."),
        )
    cells = _cells(model, table)
    fit = fit_nonnegative(cells.design, cells.counts, cells.nonnegative, offset=cells.offset)
    if not fit.finite:
        raise _no_maximum(model)
    n_unobserved, variance = _unseen(fit)
    rule, multinomial = None, None
    if isinstance(model.interval, ProfileLikelihood):
        rule = LogLinearProfileRule(cells.design, cells.counts, cells.offset, cells.nonnegative)
        multinomial = rule.profile().maximum()
    detail = _log_linear_detail(table, cells, fit, multinomial)
    if model.bias_corrected and model.model == "Mh":
        if frequencies[0] < 2:
            raise NotEstimableError(
                NAME,
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
    elif model.bias_corrected:
        corrected = (
            correct_m0(cells.counts)
            if model.model == "M0"
            else correct_mt(cells.counts, cells.times, table.n_lists)
        )
        again = fit_nonnegative(cells.design, corrected, cells.nonnegative, offset=cells.offset)
        if not again.finite:
            raise _no_maximum(model)
        n_unobserved, variance = _unseen(again)
    return n_unobserved, variance, detail, rule


def _cells(model: ClosedModel, table: CaptureTable) -> _Cells:
    """Design, counts and offset; histories with equal expected counts are one cell where all are."""
    n_lists = table.n_lists
    if model.model in {"M0", "Mh"}:
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
    if model.form is not None:
        columns = form_columns(times, n_lists, model.form, model.theta or 0.0)
        parts.append(columns)
        if model.form == "Chao":
            nonnegative = tuple(range(len(terms), len(terms) + columns.shape[1]))
            terms = (*terms, *(f"eta {k}" for k in range(3, n_lists + 1)))
        else:
            terms = (*terms, model.form)
    return _Cells(np.hstack(parts), counts, offset, times, terms, nonnegative)


def _no_maximum(model: ClosedModel) -> NotEstimableError:
    """Refusal where the likelihood has no maximum."""
    return NotEstimableError(
        NAME,
        Message(
            "the likelihood of {model} has no greatest value at finite coefficients: too few persons are on "
            "several lists for its terms",
            model=label(model),
        ),
        Message("Use a model with fewer terms, such as M0 or Mt, or ChaoLowerBound."),
        advice=Message("Use a model with fewer terms, such as M0 or Mt, or Chao's lower bound."),
    )


def _unseen(fit: PoissonFit) -> tuple[float, float]:
    """Persons on no list and the variance of N (Rivest & Levesque 2001)."""
    n_unobserved = float(np.exp(min(fit.coefficients[0], 700.0)))
    return n_unobserved, n_unobserved + n_unobserved**2 * float(fit.covariance[0, 0])


def _log_linear_detail(
    table: CaptureTable, cells: _Cells, fit: PoissonFit, multinomial: float | None
) -> HeterogeneityDetail:
    """Detail of M0, Mt, Mh or Mth."""
    log_means = float(cells.counts @ (cells.design @ fit.coefficients))
    log_likelihood, aic, bic, deviance, freedom = criteria(table, log_means, int(fit.free.sum()))
    expected = bincount(cells.times.astype(np.int64), weights=fit.fitted, minlength=table.n_lists + 1)[1:]
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


_MOST_DENSE_LISTS = 16


@dataclass(frozen=True)
class Priors:
    """Values of models of heterogeneity.

    Parameters
    ----------
    poisson : float
        Parameter of the Poisson form. Their default (Rivest 2007).
    gamma : float
        Parameter of the gamma form. Their default (Rivest 2007).
    """

    poisson: float = 2.0
    gamma: float = 3.5


PRIORS = Priors()
_DEFAULT_THETA = {"Poisson": PRIORS.poisson, "Gamma": PRIORS.gamma}


@dataclass(frozen=True)
class Tuning:
    """Numerical limits of models of heterogeneity.

    Parameters
    ----------
    largest_theta : float
        Largest parameter: its power of 60 lists still is a number. Convention: a hundred.
    largest_ratio : float, persons a listed person
        Unlisted persons beyond which an estimate has no limit. Convention: a million.
    """

    largest_theta: float = 100.0
    largest_ratio: float = 1e6


TUNING = Tuning()


class _AssumptionsOfModel:
    """Assumptions of the model and form of an instance; of the class, those of its defaults."""

    def __get__(self, instance: Heterogeneity | None, owner: type) -> tuple[Assumption, ...]:
        model, form = ("Mth", "Chao") if instance is None else (instance.model, instance.form)
        own: list[Assumption] = []
        if form != "Chao":
            own.append(Assumption.INDEPENDENT_LISTS)
        if model in {"M0", "Mh"}:
            own.append(Assumption.EQUAL_LIST_SHARES)
        if model in {"M0", "Mt"}:
            own.append(Assumption.HOMOGENEOUS_PERSONS)
        else:
            own.append(Assumption.LOWER_BOUND if form == "Chao" else Assumption.HETEROGENEITY_FORM)
        return (*ASSUMED_BY_ALL, *own)


@specification
class Heterogeneity:
    """Abundance when lists differ in reach, persons in how easily they are listed, or both.

    The estimand is N, the persons in a closed population that every list drew on. M0 takes lists and
    persons as equal; Mt lets lists differ; Mh lets persons differ; Mth lets both. With form ``"Chao"``
    the figure is a lower bound that holds however persons differ; the other forms are estimates that lean
    on a form which the listed persons cannot confirm. Prefer `LogLinear` where particular lists depend on
    each other.

    Parameters
    ----------
    model : {"Mth", "M0", "Mt", "Mh"}, optional
        What differs.
    form : {"Chao", "Poisson", "Darroch", "Gamma"}, optional
        How persons differ, for Mh and Mth: ``"Chao"`` unless given. Corrections grow from Poisson to
        Gamma. Not for the other models.
    theta : float, optional
        Parameter of the forms Poisson (2 unless given; above 1, at most 100) and Gamma (3.5; above 0).
    bias_corrected : bool, optional
        Whether counts are changed to take bias out in small samples; for M0, Mt and form ``"Chao"``,
        with the log-normal interval.
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

    Bias correction changes the counts before the fit (Rivest and Levesque 2001): M0 takes f1 - 1/2 and
    f2 + 1 persons on one and two lists; Mt and Mth spread (K - 2)/2 over the histories with one list and
    1 over those with two; Mh has the closed form a f1(f1 - 1)/(2(f2 + 1)), a = (K - 1)/K. That of Mt and
    Mth is made for lists that name few: with four lists that each name a fifth or more, the plain
    fit has less bias. `detail` describes the fit to the counts
    as they are.

    The profile interval contains every N whose log profile likelihood (multinomial) is within half a
    chi-square quantile of the greatest. The point stays that of the Poisson fit; `detail.multinomial_point`
    is the maximum that the interval surrounds.

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

    model: Annotated[Model, AS_TYPED] = "Mth"
    form: Form | None = None
    theta: float | None = None
    bias_corrected: TrueOrFalse = False
    interval: Annotated[LogNormal | ProfileLikelihood, AS_TYPED] = LogNormal()

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
        self._settle_form()
        self._settle_theta()
        if self.bias_corrected and self.form not in {None, "Chao"}:
            raise InputError(
                Message(
                    "bias_corrected: no correction is known for form {form}. Use form='Chao', or leave "
                    "bias_corrected out",
                    form=repr(self.form),
                )
            )
        if self.bias_corrected and isinstance(self.interval, ProfileLikelihood):
            raise InputError(
                Message(
                    "bias_corrected: a profile likelihood is that of the counts as they are. Use "
                    "interval=LogNormal()"
                )
            )

    def _settle_form(self) -> None:
        """Write the form that is used into the specification, so that it is printed."""
        if self.model in {"Mh", "Mth"}:
            if self.form is None:
                object.__setattr__(self, "form", "Chao")
            arguments.one_of("form", self.form, get_args(Form))
        elif self.form is not None:
            raise InputError(
                Message(
                    "form: model {model} has none, got {got}. Leave it out, or use model='Mh' or 'Mth'",
                    model=self.model,
                    got=repr(self.form),
                )
            )

    def _settle_theta(self) -> None:
        """Write the parameter that is used into the specification, so that it is printed."""
        if self.form not in _DEFAULT_THETA:
            if self.theta is not None:
                raise InputError(
                    Message(
                        "theta: form {form} has none, got {got}. Leave it out",
                        form=repr(self.form),
                        got=repr(self.theta),
                    )
                    if self.form
                    else Message(
                        "theta: model {model} has none, got {got}. Leave it out",
                        model=self.model,
                        got=repr(self.theta),
                    )
                )
            return
        theta = _DEFAULT_THETA[self.form] if self.theta is None else self.theta
        least = 1.0 if self.form == "Poisson" else 0.0
        if isinstance(theta, bool) or not isinstance(theta, (int, float)):
            raise InputTypeError(Message("theta: expected a number, got {kind}", kind=type(theta).__name__))
        if not least < theta <= TUNING.largest_theta:
            raise InputError(
                Message(
                    "theta: expected a number above {least:g} and at most {most:g} for form {form}, got "
                    "{got}",
                    least=least,
                    most=TUNING.largest_theta,
                    form=repr(self.form),
                    got=repr(theta),
                )
            )
        object.__setattr__(self, "theta", float(theta))

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from a table of two or more lists, three where persons differ."""
        most = _MOST_DENSE_LISTS if self.model in {"Mt", "Mth"} else 60
        least = 3 if self.model in {"Mh", "Mth"} else 2
        require_number_of_lists(NAME, table, least=least, most=most)
        require_names_on_every_list(NAME, table)
        n_unobserved, variance, detail, rule = fit_log_linear(self, table)
        if n_unobserved > TUNING.largest_ratio * table.n_observed:
            raise NotEstimableError(
                NAME,
                Message(
                    "{model} puts more than a million unlisted persons beside each listed one",
                    model=label(self),
                ),
                Message("Use ChaoLowerBound, or report those listed."),
                advice=Message("Use Chao's lower bound, or report those listed."),
            )
        return answer_to(self, table)(
            point=table.n_observed + n_unobserved,
            interval_rule=rule or LogNormalRule(n_unobserved, variance, table.n_observed),
            seed=seed,
            standard_error=variance**0.5,
            notes=notes_of(self, detail),
            detail=detail,
        )
