"""Choosing among log-linear models, again and again in resampled tables.

A model chosen in a thousand tables from a hundred candidates is a hundred thousand fits, nearly all of
them of models that lose by far. Here a model is bounded before it is fitted. Write l(theta) for the
Poisson log-likelihood without log n!, t = X'n for the sufficient statistics. For every m >= 0 with
X'm = t,

    max l  <=  sum(m log m - m)                      (duality), and   max l  >=  l(theta)   for any theta.

One Newton step from a fit mu of the same model to the average of the tables, delta = H^-1 X'(n - mu), gives
both at once: m = mu (1 + X delta) has exactly the margins of n. All tables share the matrix of the step, so
that the bounds of a thousand tables are three matrix products. An m that is positive wherever nobody was
counted also proves that the maximum exists (Fienberg and Rinaldo 2012). Only models that the bounds leave
active are fitted to convergence, all tables of a model at once. No bound is needed where that of a model with
one term more is already too low: a part of a model cannot fit better.

A term whose margin is empty in a table is at minus infinity there. It is dropped with every cell that
contains it (Chan, Silverman and Vincent 2021), and the terms and cells that remain are called a face. The
term still counts as a parameter: otherwise every empty overlap would be a free improvement. A table that
loses more terms than the average of all tables has no bound by a shared step; the first step of its own fit
gives one. Models from which most lists can be taken out (`collapsed`) need no bound: they are fitted at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from scipy.special import xlogy

from detcount._numerics.arrays import Bools, Floats, Ints, repeat
from detcount._numerics.existence import unique_rows
from detcount._numerics.patterns import dense_tables, superset_sums
from detcount._numerics.poisson import fit_hierarchical
from detcount._numerics.selection.collapsed import CliqueSums, Collapse, collapsed, fit_collapsed
from detcount._numerics.selection.faces import (
    FITTED,
    PRUNED,
    UNCONVERGED,
    Face,
    degenerate_terms,
    face_of,
    first_bounds,
    shared_steps,
)
from detcount._numerics.selection.newton import fit_face
from detcount._numerics.selection.stepwise import Criterion, criterion_penalty, weigh
from detcount._numerics.selection.tuning import TUNING
from detcount.errors import ConvergenceError

Rows = TypeVar("Rows", Ints, list[Any])


@dataclass(frozen=True)
class Choices:
    """Models chosen in each table.

    Parameters
    ----------
    n_unobserved : ndarray of float64, shape (n_tables,)
        Unseen persons by the model chosen; infinite where no candidate can be fitted.
    chosen : ndarray of int64, shape (n_tables,)
        Place of the model chosen among the candidates, or -1.
    n_unconverged : int
        Pairs left out because the iteration did not converge.
    """

    n_unobserved: Floats
    chosen: Ints
    n_unconverged: int


def choose(
    models: Bools,
    codes: Ints,
    counts: Ints,
    *,
    criterion: Criterion,
    start: Floats | None = None,
) -> Choices:
    """Choose the model with the least criterion in each table.

    `models` is (J, 2**K) over terms, in order of preference: the first wins a tie. Row r of `counts`,
    (R, m), has the persons of table r with each of the m histories in `codes`. `start`,
    (J, 2**K), has coefficients of each model fitted to a table that resembles them all and has somebody
    wherever one of them has, -inf where a term is empty; without it models are fitted to their average.
    """
    n_tables, n_models = len(counts), len(models)
    n_unobserved = np.full(n_tables, np.inf)
    chosen = np.full(n_tables, -1, dtype=np.int64)
    n_unconverged = 0
    for part, tables in dense_tables(codes, counts, models.shape[1], TUNING.pairs // n_models):
        search = _BranchAndBound(models, tables, criterion, margin=0.0)
        search.run(start)
        rows = np.arange(len(tables))
        least = search.value.min(axis=0)
        best = (search.value <= least + TUNING.tie * np.abs(least)).argmax(axis=0)
        found = np.isfinite(search.value[best, rows])
        chosen[part] = np.where(found, best, -1)
        n_unobserved[part] = np.where(found, search.n_unobserved[best, rows], np.inf)
        n_unconverged += search.n_unconverged
    return Choices(n_unobserved, chosen, n_unconverged)


def average(
    models: Bools,
    codes: Ints,
    counts: Ints,
    *,
    criterion: Criterion,
    cap: float | None,
    start: Floats | None = None,
) -> Floats:
    """Unseen persons of each table, averaged over models with weights exp(-criterion / 2).

    Tables and a start are given as in `choose`. With a cap, models that put more than `cap` unseen persons
    to each listed one are left out. Infinite where no model remains.
    """
    n_models = len(models)
    n_unobserved = np.full(len(counts), np.inf)
    margin = TUNING.negligible if cap is None else np.inf
    for part, tables in dense_tables(codes, counts, models.shape[1], TUNING.pairs // n_models):
        search = _BranchAndBound(models, tables, criterion, margin)
        search.run(start)
        n_unobserved[part] = weigh(search.value, search.n_unobserved, search.n_persons, cap)[0]
    return n_unobserved


@dataclass
class _Candidate:
    """A candidate: its place, what its tables leave of it together, and the fit to their average."""

    model: int
    face: Face
    rows: Ints
    theta: Floats
    collapse: Collapse | None  # what is fitted at once, without a bound


class _BranchAndBound:
    """All candidates against each other in some tables."""

    def __init__(self, models: Bools, tables: Floats, criterion: Criterion, margin: float) -> None:
        self.models, self.tables, self.margin = models, tables, margin
        self.margins, self.cells = superset_sums(tables), np.ascontiguousarray(tables[:, 1:])
        self.emptied = (self.margins == 0).any(axis=0)  # terms that have nobody in a table
        n_models, n_tables = len(models), len(tables)
        self.n_persons = tables[:, 1:].sum(axis=1)
        self.n_terms = models.sum(axis=1)
        self.penalty = criterion_penalty(criterion, self.n_terms[:, None] * 1.0, self.n_persons[None, :])
        self.least = 2 * (tables - xlogy(tables, tables))[:, 1:].sum(axis=1)  # -2 log L of all cells
        # in one block, which is given back and taken again table after table
        self.low, self.value, self.n_unobserved, self.known = np.full((4, n_models, n_tables), np.inf)
        self.known[:] = self.least  # -2 log L is at least
        self.proved = np.zeros((n_models, n_tables), dtype=np.bool_)  # that a maximum exists
        self.best = np.full(n_tables, np.inf)  # least upper bound
        self.n_unconverged = 0
        self.n_lists = models.shape[1].bit_length() - 1
        self.candidates: list[_Candidate] = []

    @cached_property
    def sums(self) -> CliqueSums:
        """Sums by clique, for models that collapse."""
        return CliqueSums(self.margins)

    def run(self, start: Floats | None) -> None:
        """Bound every candidate in every table, then fit those still active."""
        self._enter(start)
        leaders, rest = self.candidates[: TUNING.leaders], self.candidates[TUNING.leaders :]
        sizes = sorted({self.n_terms[each.model] for each in rest}, reverse=True)
        levels = [[each for each in rest if self.n_terms[each.model] == size] for size in sizes]
        for level in [*([each] for each in leaders), *levels]:
            for some in _chunks(level, self.cells.size):
                self._bound(some)
        if start is not None and self.n_lists <= TUNING.stacked_lists and self.margin == 0:
            self._fit_stacked(start)
        left = np.asarray(self._active(slice(None), slice(None)).any(axis=1))
        for candidate in self.candidates:
            if left[candidate.model]:
                self._fit(candidate)

    def _enter(self, start: Floats | None) -> None:
        """Take the coefficients of every candidate, or fit it to the average of the tables.

        If the average has no maximum, no table with the same terms has one: a positive point with the margins
        of one table, plus the other tables, would be one for their sum. Then each face is fitted by itself.
        """
        everywhere = np.arange(len(self.tables))
        theta = _pooled(self.models, self.tables.mean(axis=0)[None, :]) if start is None else start
        for j, model in enumerate(self.models):
            if np.isfinite(theta[j, 0]):
                self._add(j, everywhere, theta[j])
                continue
            terms = np.flatnonzero(model)
            first, inverse = unique_rows(self.margins[:, terms] == 0)
            groups = [np.flatnonzero(inverse == place) for place in range(len(first))]
            averages = np.array([self.tables[rows].mean(axis=0) for rows in groups])
            for rows, found in zip(groups, _pooled(model[None, :], averages), strict=True):
                if np.isfinite(found[0]):
                    self._add(j, rows, found)

    def _add(self, j: int, rows: Ints, theta: Floats) -> None:
        """Enter a model for some tables."""
        finite = np.isfinite(theta)
        (terms,), (empty,) = (self.models[j] & finite).nonzero(), (self.models[j] & ~finite).nonzero()
        cells = np.arange(1, len(theta))
        if len(empty):
            cells = cells[~((cells[:, None] & empty) == empty).any(axis=1)]
        collapse = collapsed(self.models[j]) if self.n_lists > TUNING.few_lists else None
        if collapse and self.n_lists - collapse.residual.bit_count() < TUNING.many_collapsed:
            collapse = None
        self.candidates.append(_Candidate(j, face_of(terms, cells, len(theta)), rows, theta[terms], collapse))

    def _bound(self, some: list[_Candidate]) -> None:
        """First step of candidates; where a table loses more terms, only whether N is determined."""
        pairs: dict[int, list[tuple[_Candidate, Ints]]] = {}
        for candidate in some:
            rows = self._within_reach(candidate)
            less = np.full(len(rows), candidate.collapse is not None)
            if self.emptied[candidate.face.terms].any():
                less |= degenerate_terms(candidate.face, self.margins[rows]).any(axis=1)
            if less.any():  # no bound yet
                self._refuse(candidate, rows[less])
                rows = rows[~less]
            if len(rows) and candidate.face.determined:
                alike = pairs.setdefault(len(candidate.face.cells), [])
                alike += [(candidate, part) for part in _chunks(rows, 4 * len(candidate.face.cells))]
        for alike in pairs.values():
            steps = shared_steps([each.face for each, _ in alike], [each.theta for each, _ in alike])
            model = repeat([each.model for each, _ in alike], [len(rows) for _, rows in alike])
            row = np.concatenate([rows for _, rows in alike])
            penalty = self.penalty[model, row]
            low, high, self.proved[model, row] = first_bounds(
                steps, [self._counted(each.face, rows) for each, rows in alike], self._limit(row) - penalty
            )
            self.known[model, row] = np.maximum(low, self.known[model, row])
            self.low[model, row] = self.known[model, row] + penalty
            np.minimum.at(self.best, row, high + penalty)

    def _within_reach(self, candidate: _Candidate) -> Ints:
        """Tables in which a candidate may win by what is known of those with one term more."""
        j, rows = candidate.model, candidate.rows
        (larger,) = (self.n_terms == self.n_terms[j] + 1).nonzero()
        for k in larger[(self.models[larger] >= self.models[j]).all(axis=1)]:
            np.maximum(self.known[j], self.known[k], out=self.known[j])
        return np.asarray(rows[self.known[j, rows] + self.penalty[j, rows] <= self._limit(rows)])

    def _refuse(self, candidate: _Candidate, rows: Ints) -> None:
        """Leave out a candidate in tables that do not determine N; fit at once what collapses."""
        empty = degenerate_terms(candidate.face, self.margins[rows])
        first, inverse = unique_rows(empty)
        determined = candidate.face.determined_without(empty[first])[inverse]
        self.low[candidate.model, rows[determined]] = -np.inf
        if candidate.collapse is not None:
            self._fit_collapsed(candidate, candidate.collapse)

    def _fit_stacked(self, start: Floats) -> None:
        """Fit all pairs of candidate and table that are still active at once."""
        models, rows = self._active(slice(None), slice(None)).nonzero()
        try:
            fits = fit_hierarchical(
                self.models[models],
                self.tables[rows],
                start=start[models],
                with_variance=False,
                proved=self.proved[models, rows],
            )
        except ConvergenceError:
            return  # each candidate is fitted by itself
        done = fits.code == 0
        self.low[models[~done], rows[~done]] = np.inf
        models, rows = models[done], rows[done]
        self.value[models, rows] = fits.deviance[done] + self.least[rows] + self.penalty[models, rows]
        self.n_unobserved[models, rows] = fits.n_unobserved[done]

    def _counted(self, face: Face, rows: Ints) -> Floats:
        """Counts of some tables in the cells of a face."""
        if len(face.cells) == self.cells.shape[1]:
            return np.asarray(self.cells[rows])
        return np.asarray(self.tables[rows][:, face.cells])

    def _limit(self, rows: Ints | slice) -> Floats:
        """Criterion that a model may have at most in these tables to be of use."""
        return np.asarray(self.best[rows] + self.margin + TUNING.slack)

    def _active(self, j: int | slice, rows: Ints | slice) -> Bools:
        """Mark the tables in which model j, or each model, is still to be fitted."""
        low = self.low[j, rows]
        return np.asarray((low <= self._limit(rows)) & (low < np.inf) & np.isinf(self.value[j, rows]))

    def _fit(self, candidate: _Candidate) -> None:
        """Fit a candidate in the tables where it is still active."""
        j, face = candidate.model, candidate.face
        active = candidate.rows[self._active(j, candidate.rows)]
        width = face.n_codes + len(face.terms) ** 2
        for rows in _chunks(active, width):
            needed = -0.5 * (self._limit(rows) - self.penalty[j, rows])
            empty = degenerate_terms(face, self.margins[rows])
            found = fit_face(
                face,
                self._counted(face, rows),
                candidate.theta,
                needed,
                empty if empty.any() else None,
                0.5 * self.margin if np.isfinite(self.margin) else 0.0,
            )
            self.n_unconverged += int((found[2] == UNCONVERGED).sum())
            found[2][found[2] == UNCONVERGED] = PRUNED
            self._ended(j, rows, *found)

    def _fit_collapsed(self, candidate: _Candidate, collapse: Collapse) -> None:
        """Fit a candidate by its residual model, where that converges."""
        j = candidate.model
        active = candidate.rows[self._active(j, candidate.rows)]
        for rows in _chunks(active, _width(collapse.residual)):
            self._ended(j, rows, *fit_collapsed(collapse, candidate.face, candidate.theta, self.sums, rows))

    def _ended(self, j: int, rows: Ints, log_likelihood: Floats, intercept: Floats, state: Ints) -> None:
        """Take in how the fits of a candidate ended; what did not converge stays active."""
        fitted = state == FITTED
        self.low[j, rows[state == PRUNED]] = np.inf
        done = rows[fitted]
        value = -2 * log_likelihood[fitted] + self.penalty[j, done]
        self.low[j, done] = self.value[j, done] = value
        self.n_unobserved[j, done] = np.exp(intercept[fitted])
        self.best[done] = np.minimum(self.best[done], value)


def _chunks(rows: Rows, width: int) -> Iterator[Rows]:
    """Rows or candidates in chunks whose temporaries stay small."""
    step = max(1, TUNING.doubles // width)
    for first in range(0, len(rows), step):
        yield rows[first : first + step]


def _width(residual: int) -> int:
    """Doubles for each table in the fit of a residual model, about."""
    return 1 << (2 * residual.bit_count()) if residual else 32


def _pooled(models: Bools, averages: Floats) -> Floats:
    """Coefficients of each pair of model and average table, nan where it cannot be fitted."""
    try:
        return fit_hierarchical(models, averages, with_variance=False).coefficients
    except ConvergenceError:
        n_pairs = max(len(models), len(averages))
        if n_pairs == 1:
            return np.full(models.shape, np.nan)
    halves = slice(n_pairs // 2), slice(n_pairs // 2, None)
    return np.concatenate(
        [
            _pooled(
                models[half] if len(models) > 1 else models,
                averages[half] if len(averages) > 1 else averages,
            )
            for half in halves
        ]
    )
