"""Mb and Mbh: lists made one after another, from the first that names each person."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from detcount._numerics.heterogeneity import (
    RemovalFit,
    RemovalProfile,
    fit_removal,
    log_choose,
    recapture_log_likelihood,
)
from detcount._numerics.profile import maximum_of, profile_limits
from detcount.abundance.heterogeneity.detail import NAME, ClosedModel, HeterogeneityDetail, criteria
from detcount.abundance.intervals import ProfileLikelihood
from detcount.captures import CaptureTable
from detcount.errors import NotEstimableError
from detcount.estimates import IntervalRule
from detcount.words import Message

_REMOVAL_SHIFT = 3.0  # by which (2, -1, -1) persons more on three lists lower sum j u_j


@dataclass(frozen=True, eq=False)
class _RemovalProfileRule:
    """Multinomial profile likelihood of first captures."""

    profile: RemovalProfile
    start: float
    method: ClassVar[str] = "profile likelihood"

    def bounds(self, level: float) -> tuple[float, float]:
        return profile_limits(self.profile, self.profile.n_observed, level=level, start=self.start)


def fit_ordered(
    model: ClosedModel, table: CaptureTable
) -> tuple[float, float, HeterogeneityDetail, IntervalRule | None]:
    """Mb and Mbh, from the first list that names each person."""
    n_lists = table.n_lists
    position = table.histories.argmax(axis=1)
    captures = np.bincount(position, weights=table.counts, minlength=n_lists).astype(np.float64)
    after_first = model.model == "Mbh"
    removed = captures[1:] if after_first else captures
    total = float(removed.sum())
    positions = float(removed @ np.arange(1.0, len(removed) + 1))
    fit = fit_removal(total, positions, len(removed))
    if fit is None:
        raise _no_removal(model, captures)
    rule, multinomial = None, None
    if isinstance(model.interval, ProfileLikelihood):
        profile = RemovalProfile(removed, first=float(captures[0]) if after_first else 0.0)
        rule = _RemovalProfileRule(profile, fit.n_unobserved)
        best = maximum_of(profile, profile.n_observed, start=fit.n_unobserved)
        multinomial = profile.n_observed + best.n_unobserved
    detail = _ordered_detail(table, captures, fit, multinomial, after_first=after_first)
    if model.bias_corrected:
        corrected = fit_removal(total, positions - _REMOVAL_SHIFT, len(removed))
        if corrected is None:
            raise NotEstimableError(
                NAME,
                Message("the bias correction leaves nobody for the lists after the first that counts"),
                Message("Use bias_corrected=False."),
                advice=Message("Use the model without its correction for bias."),
            )
        fit = corrected
    return fit.n_unobserved, fit.variance, detail, rule


def _no_removal(model: ClosedModel, captures: NDArray[np.float64]) -> NotEstimableError:
    """Refusal where first captures are not those of a population that runs out."""
    counted = captures[1:] if model.model == "Mbh" else captures
    if counted[1:].sum() == 0:
        reason = Message(
            "no list names anybody for the first time after the first list that counts, so model {model} "
            "has no answer",
            model=model.model,
        )
    else:
        reason = Message(
            "the persons named for the first time do not become fewer from list to list, so model "
            "{model} has no answer",
            model=model.model,
        )
    return NotEstimableError(
        NAME,
        reason,
        Message("Use model='Mt' or 'Mth', and check that the lists stand in the order they were made."),
        advice=Message(
            "Use the model Mt or Mth, and check that the lists stand in the order they were made."
        ),
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
    log_likelihood, aic, bic, deviance, freedom = criteria(table, log_means, len(terms))
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
