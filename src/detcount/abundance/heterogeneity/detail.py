"""How a closed-population model fits, over all capture histories."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from scipy.special import gammaln, xlogy

from detcount._numerics.heterogeneity import Form
from detcount.abundance.intervals import LogNormal, ProfileLikelihood
from detcount.abundance.notes import LOWER_BOUND
from detcount.captures import CaptureTable
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
