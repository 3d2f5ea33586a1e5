"""M0, Mt, Mh and Mth: their cells, their fit, and what the fit says."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

from detcount._numerics.heterogeneity import (
    Form,
    chao_bound,
    correct_m0,
    correct_mt,
    form_columns,
    log_choose,
)
from detcount._numerics.patterns import unpack
from detcount._numerics.regression import PoissonFit, fit_nonnegative
from detcount.abundance.guards import LOWER_BOUND
from detcount.abundance.intervals import LogNormal, ProfileLikelihood
from detcount.abundance.profile import LogLinearProfileRule
from detcount.captures import CaptureTable
from detcount.errors import NotEstimableError
from detcount.estimates import IntervalRule
from detcount.words import Message

NAME = "Heterogeneity"
Model = Literal["M0", "Mt", "Mh", "Mth"]


class ClosedModel(Protocol):
    """Options of a closed-population model; `Heterogeneity` is one."""

    @property
    def model(self) -> Model:
        """What differs."""

    @property
    def form(self) -> Form | None:
        """How persons differ."""

    @property
    def theta(self) -> float | None:
        """Parameter of the form."""

    @property
    def bias_corrected(self) -> bool:
        """Whether counts are changed to take bias out."""

    @property
    def interval(self) -> LogNormal | ProfileLikelihood:
        """How limits are found."""


@dataclass(frozen=True)
class HeterogeneityDetail:
    """How a closed-population model fits.

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
    """What a reader must know besides the assumptions."""
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
            else Message("The multinomial likelihood rises for ever, so these lists set no upper limit.")
        )
    return tuple(notes)


@dataclass(frozen=True, eq=False)
class _Cells:
    """A log-linear model over the capture histories, or over the number of lists."""

    design: NDArray[np.float64]
    counts: NDArray[np.float64]
    offset: NDArray[np.float64]
    times: NDArray[np.float64]
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
            "the likelihood of {model} has no greatest value at finite coefficients: too few persons "
            "are on several lists for its terms",
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
