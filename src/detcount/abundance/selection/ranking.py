"""Candidate models in the order of an information criterion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Annotated

import numpy as np

from detcount._numerics.arrays import Bools, Floats, Ints, repeat
from detcount._numerics.patterns import all_hierarchical, formula, generators
from detcount._numerics.poisson import HierarchicalFits, fit_hierarchical
from detcount._numerics.selection.stepwise import Criterion, criterion_penalty, search, stepwise
from detcount.abundance.guards import (
    ASSUMED_BY_ALL,
    REPORT_A_FLOOR,
    counts_by_code,
    members,
    require_names_on_every_list,
    require_number_of_lists,
)
from detcount.assumptions import Assumption
from detcount.contract import arguments
from detcount.data.captures import CaptureTable
from detcount.errors import NotEstimableError
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd


SELECTION_ASSUMES = (
    *ASSUMED_BY_ALL,
    Assumption.SELECTED_DEPENDENCE,
    Assumption.HOMOGENEOUS_PERSONS,
)


@dataclass(frozen=True)
class Tuning:
    """Candidates of the selection of log-linear models.

    Parameters
    ----------
    most_lists : int, lists
        Most lists of a search. Convention: 2^16 cells.
    all_orders : int, lists
        Lists up to which every hierarchical model is a candidate. Scored in benchmarks/results/selection.md.
    all_pairs : int, lists
        Lists up to which every set of pairs is a candidate. Scored in benchmarks/results/selection.md.
    repeat_all : int, lists
        Lists up to which every candidate takes part in the resamples. Scored in
        benchmarks/results/selection.md.
    n_top : int, models
        Candidates of the resamples. Scored in benchmarks/results/selection.md.
    n_top_many : int, models
        The same for many lists. Scored in benchmarks/results/selection.md.
    many : int, lists
        Lists beyond which these are fewer. Convention: a thousand cells and more.
    at_once : int, tables
        Tables whose candidates are fitted together. Convention: more gain little.
    thresholds : tuple of float, probability
        Stepwise models from which the search starts. Scored in benchmarks/results/selection.md.
    """

    most_lists: int = 16
    all_orders: int = 5
    all_pairs: int = 6
    repeat_all: int = 4
    n_top: int = 100
    n_top_many: int = 20
    many: int = 8
    at_once: int = 16
    thresholds: tuple[float, float, float] = (0.0, 0.02, 0.2)


TUNING = Tuning()
MOST_LISTS = TUNING.most_lists


MostOf = Annotated[
    int | None,
    partial(arguments.whole_number, least=1, remedy=Message("None takes what fits the number of lists")),
]
CRITERIA: dict[Criterion, str] = {"bic": "BIC", "aic": "AIC", "aicc": "AICc"}

_ALL = Message("hierarchical models")
_FOUND = Message("hierarchical models that a search by single changes came across")


@dataclass(frozen=True)
class CandidateModel:
    """One log-linear model among those compared.

    Parameters
    ----------
    formula : str
        Generators, the lists numbered from 1 in the order of the table.
    interactions : tuple of tuple of str
        The same generators by the names of the lists, without those of one list.
    n_parameters : int
        Terms, the intercept and those at minus infinity among them.
    degrees_of_freedom : int
        Capture histories left to test the model; 0 when it fits whatever was observed.
    point : float
        Estimate of N under the model, persons.
    criterion : float
        Value of the information criterion.
    difference : float
        Criterion less that of the best model.
    share : float
        Share of resamples in which the model was chosen, or its weight in an average.
    """

    formula: str
    interactions: tuple[tuple[str, ...], ...]
    n_parameters: int
    degrees_of_freedom: int
    point: float
    criterion: float
    difference: float
    share: float


@dataclass(frozen=True, eq=False)
class _Candidates:
    """Models fitted to a table; the log-likelihood is nan where there is no fit."""

    models: Bools
    coefficients: Floats
    n_unobserved: Floats
    log_likelihood: Floats
    n_parameters: Ints
    degrees_of_freedom: Ints
    how: str

    def values(self, criterion: Criterion, n_persons: float) -> Floats:
        """Criterion of each model, infinite where there is no fit."""
        penalty = criterion_penalty(criterion, self.n_parameters.astype(np.float64), np.array([n_persons]))
        return np.where(np.isnan(self.log_likelihood), np.inf, -2 * self.log_likelihood + penalty)


@dataclass(frozen=True, eq=False)
class Ranking:
    """Candidates fitted to the table, and their order by the criterion."""

    fits: _Candidates
    values: Floats
    order: Ints

    @property
    def models(self) -> Bools:
        """Terms of each candidate."""
        return self.fits.models

    def describe(self, table: CaptureTable, top: Ints, shares: Floats) -> tuple[CandidateModel, ...]:
        """Say what each of the best models is."""
        values, best = self.values[top], self.values[self.order[0]]
        points = table.n_observed + self.fits.n_unobserved[top]
        parameters, freedom = self.fits.n_parameters[top], self.fits.degrees_of_freedom[top]
        columns = (parameters, freedom, points, values, values - best, shares)
        rows = zip(self.models[top], *(column.tolist() for column in columns), strict=True)
        return tuple(
            CandidateModel(formula(model), _names(model, table.lists), *numbers) for model, *numbers in rows
        )

    def note(self, table: CaptureTable, criterion: Criterion, max_order: int | None) -> str:
        """Say what was compared, and what could not be."""
        left_out = len(self.models) - len(self.order)
        return (
            Message(
                "{n:,} {how} were compared by {criterion}: {lists} lists, interactions of up to {order}; "
                "{left_out:,} of them were left out because their likelihood has no maximum, or does not "
                "determine N.",
                n=len(self.models),
                how=self.fits.how,
                criterion=CRITERIA[criterion],
                lists=table.n_lists,
                order=_order(max_order, table.n_lists),
                left_out=left_out,
            )
            if left_out
            else Message(
                "{n:,} {how} were compared by {criterion}: {lists} lists, interactions of up to {order}; all "
                "could be fitted.",
                n=len(self.models),
                how=self.fits.how,
                criterion=CRITERIA[criterion],
                lists=table.n_lists,
                order=_order(max_order, table.n_lists),
            )
        )


def rank(estimator: str, table: CaptureTable, criterion: Criterion, max_order: int | None) -> Ranking:
    """Fit every candidate and rank those that can be fitted."""
    order = _checked(estimator, table, max_order)
    searched = _searched(table.n_lists, order)
    return _ranked(estimator, table, criterion, _fitted(table, order, criterion if searched else None))


def rank_many(
    estimator: str, tables: Sequence[CaptureTable], criterion: Criterion, max_order: int | None
) -> list[Ranking | NotEstimableError]:
    """Rank the models of several tables with the same number of lists as `rank` does, fitted at once."""
    answers: dict[int, Ranking | NotEstimableError] = {}
    orders: dict[int, int] = {}
    for place, table in enumerate(tables):
        try:
            orders[place] = _checked(estimator, table, max_order)
        except NotEstimableError as error:
            answers[place] = error
    if orders:
        order, n_lists = next(iter(orders.values())), tables[0].n_lists
        if _searched(n_lists, order):
            fitted = [_fitted(tables[place], order, criterion) for place in orders]
        else:
            fitted = _fitted_at_once([tables[place] for place in orders], order)
        for place, candidates in zip(orders, fitted, strict=True):
            try:
                answers[place] = _ranked(estimator, tables[place], criterion, candidates)
            except NotEstimableError as error:
                answers[place] = error
    return [answers[place] for place in range(len(tables))]


def most_at_once(n_lists: int) -> int:
    """Tables whose candidates are fitted at once; with more lists there are candidates enough."""
    return TUNING.at_once if n_lists <= TUNING.repeat_all else 1


def _checked(estimator: str, table: CaptureTable, max_order: int | None) -> int:
    """Most lists in one interaction, of a table that can be fitted at all."""
    require_number_of_lists(estimator, table, least=3, most=MOST_LISTS)
    require_names_on_every_list(estimator, table)
    return _order(max_order, table.n_lists)


def _searched(n_lists: int, order: int) -> bool:
    """Check whether candidates are searched for; otherwise all are fitted."""
    return n_lists > TUNING.all_orders and (n_lists > TUNING.all_pairs or order > 2)


def _ranked(estimator: str, table: CaptureTable, criterion: Criterion, fits: _Candidates) -> Ranking:
    """Candidates in their order."""
    values = fits.values(criterion, float(table.n_observed))
    ranked = np.lexsort((np.arange(len(values)), fits.n_parameters, values))
    ranked = ranked[np.isfinite(values[ranked])]
    if len(ranked) == 0:
        raise NotEstimableError(
            estimator,
            Message(
                "none of {n:,} candidate models can be fitted: the lists overlap too little", n=len(values)
            ),
            REPORT_A_FLOOR,
        )
    return Ranking(fits, values, ranked)


@lru_cache(maxsize=1)  # of the last table: who selects and averages fits its candidates once
def _fitted(table: CaptureTable, order: int, searched_by: Criterion | None) -> _Candidates:
    """Fit every candidate; with a criterion those that a search by it comes across."""
    cells = counts_by_code(table)
    if searched_by is None:
        models = all_hierarchical(table.n_lists, order)
        return _of_fits(models, fit_hierarchical(models, cells, with_variance=False), slice(None), _ALL)
    codes = table.codes.astype(np.int64)
    starts = [
        stepwise(codes, table.counts[None, :], table.n_lists, threshold).models
        for threshold in TUNING.thresholds
    ]
    models = search(np.concatenate(starts), cells, searched_by, order)
    return _of_fits(models, fit_hierarchical(models, cells, with_variance=False), slice(None), _FOUND)


def _fitted_at_once(tables: Sequence[CaptureTable], order: int) -> list[_Candidates]:
    """Every candidate of several tables with the same number of lists, without a search."""
    models = all_hierarchical(tables[0].n_lists, order)
    cells = np.stack([counts_by_code(table) for table in tables])
    n_models = len(models)
    fits = fit_hierarchical(
        np.tile(models, (len(tables), 1)), repeat(cells, n_models, axis=0), with_variance=False
    )
    parts = (slice(place * n_models, (place + 1) * n_models) for place in range(len(tables)))
    return [_of_fits(models, fits, part, _ALL) for part in parts]


def _of_fits(models: Bools, fits: HierarchicalFits, part: slice, how: str) -> _Candidates:
    """Candidates of one table, from the fits of some."""
    return _Candidates(
        models=models,
        coefficients=fits.coefficients[part],
        n_unobserved=fits.n_unobserved[part],
        log_likelihood=fits.log_likelihood[part],
        n_parameters=fits.n_parameters[part],
        degrees_of_freedom=fits.degrees_of_freedom[part],
        how=how,
    )


def _order(max_order: int | None, n_lists: int) -> int:
    """Most lists in one interaction."""
    if max_order is None:
        return n_lists - 1 if n_lists <= TUNING.all_orders else 2
    return min(max_order, n_lists - 1)


def number_repeated(n_top: int | None, n_lists: int, n_eligible: int) -> int:
    """Count the models that take part in the resamples."""
    if n_top is None:
        if n_lists <= TUNING.repeat_all:
            return n_eligible
        n_top = TUNING.n_top if n_lists <= TUNING.many else TUNING.n_top_many
    return min(n_top, n_eligible)


def _names(model: Bools, lists: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Generators of two lists and more, by name."""
    return _named(tuple(generators(model)), lists)


@lru_cache(maxsize=4096)  # table after table is compared by the same models
def _named(codes: tuple[int, ...], lists: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(members(code, lists) for code in codes if code.bit_count() > 1)


def models_frame(models: tuple[CandidateModel, ...]) -> pd.DataFrame:
    """Models as a pandas frame."""
    import pandas as pd

    columns = ("formula", "n_parameters", "degrees_of_freedom", "point", "criterion", "difference", "share")
    return pd.DataFrame({name: [getattr(model, name) for model in models] for name in columns})
