"""Choosing among log-linear models, again and again in resampled tables.

A model chosen in a thousand tables from a hundred candidates is a hundred thousand fits, nearly all of
them of models that lose by far. Here a model is bounded before it is fitted. Write l(theta) for the
Poisson log-likelihood without log n!, t = X'n for the sufficient statistics. For every m >= 0 with
X'm = t,

    max l  <=  sum(m log m - m)                      (duality), and   max l  >=  l(theta)   for any theta.

One Newton step from a fit mu of the same model to the average of the tables, delta = H^-1 X'(n - mu),
gives both at once: m = mu (1 + X delta) has exactly the margins of n. The step shares its matrix among
all tables, so that the bounds of a thousand tables are three matrix products. An m that is positive
wherever nobody was counted also proves that the maximum exists (Fienberg and Rinaldo 2012). Only
models that the bounds leave in the race are fitted to convergence, all tables of a model at once.

A term whose margin is empty in a table is at minus infinity there: it goes, with every cell that
contains it (Chan, Silverman and Vincent 2021), and what is left, terms and cells, is called a face. It
still counts as a parameter: otherwise every empty overlap would be a free improvement. A table that
loses more than the average of all tables has no bound by a shared step; the first step of its fit gives one.
Models of which most lists can be peeled off (`peeled`) need no bound: they are fitted at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from detcount._numerics.existence import unique_rows
from detcount._numerics.patterns import superset_sums
from detcount._numerics.poisson import fit_hierarchical
from detcount._numerics.selection.criteria import NEGLIGIBLE, Criterion, criterion_penalty, weigh
from detcount._numerics.selection.dense import bundles, dense_tables
from detcount._numerics.selection.faces import (
    BEATEN,
    FITTED,
    UNSETTLED,
    Face,
    face_of,
    first_bounds,
    lost_terms,
)
from detcount._numerics.selection.newton import fit_face
from detcount._numerics.selection.peeled import CliqueSums, Peeling, fit_peeled, peel
from detcount._numerics.selection.together import MOST_CODES, Together
from detcount.errors import ConvergenceError

_PAIRS = 1 << 22  # bounds kept at a time
_FIT_DOUBLES = 1 << 18  # doubles in a stack of tables or matrices: it stays in cache
_FEW_LISTS = 5  # up to here a bound is cheaper than any fit
_MANY_PEELED = 4  # lists peeled off, from which a fit is cheaper than a bound over all cells
_SOME_PEELED = 2  # from which, or without a core, it is cheaper than a fit over all cells
_PAIRS_TOGETHER = 1 << 18  # pairs of few lists at a time: their bounds stay in cache
_TIE = 1e-12  # of a criterion: rounding
_SLACK = 1e-6  # far above the rounding of a bound, far below a difference of criteria that matters


@dataclass(frozen=True)
class Choices:
    """What was chosen in each table, among the first `tops[t]` candidates.

    Parameters
    ----------
    n_unobserved : ndarray of float64, shape (n_tops, n_tables)
        Unseen persons by the model chosen; infinite where no candidate can be fitted.
    chosen : ndarray of int64, shape (n_tops, n_tables)
        Place of the model chosen among the candidates, or -1.
    n_fitted : int
        Pairs of model and table fitted to convergence.
    n_unsettled : int
        Pairs left out because the iteration did not settle.
    """

    n_unobserved: NDArray[np.float64]
    chosen: NDArray[np.int64]
    n_fitted: int
    n_unsettled: int


def choose(
    models: NDArray[np.bool_],
    codes: NDArray[np.int64],
    counts: NDArray[np.int64],
    *,
    criterion: Criterion,
    tops: Sequence[int],
    start: NDArray[np.float64] | None = None,
) -> Choices:
    """Choose the model with the least criterion in each table, among the first so many candidates.

    `models` is (J, 2**K) over terms, in order of preference: the first wins a tie. Row r of `counts`,
    (R, m), has the persons of table r with each of the m histories in `codes`. `tops` increases. `start`,
    (J, 2**K), has coefficients of each model fitted to a table that resembles them all and has somebody
    wherever one of them has, -inf where a term is lost; without it models are fitted to their average.
    """
    n_tables, n_models = len(counts), len(models)
    n_unobserved = np.full((len(tops), n_tables), np.inf)
    chosen = np.full((len(tops), n_tables), -1, dtype=np.int64)
    n_fitted = n_unsettled = 0
    few = start is not None and models.shape[1] <= MOST_CODES and bool(np.isfinite(start[:, 0]).all())
    most = (_PAIRS_TOGETHER if few else _PAIRS) // n_models
    for part, tables in dense_tables(codes, counts, models.shape[1], most):
        race = _run(models, tables, criterion, tops, start, few)
        rows = np.arange(len(tables))
        for place, top in enumerate(tops):
            least = race.value[:top].min(axis=0)
            best = (race.value[:top] <= least + _TIE * np.abs(least)).argmax(axis=0)
            found = np.isfinite(race.value[best, rows])
            chosen[place, part] = np.where(found, best, -1)
            n_unobserved[place, part] = np.where(found, race.n_unobserved[best, rows], np.inf)
        n_fitted += race.n_fitted
        n_unsettled += race.n_unsettled
    return Choices(n_unobserved, chosen, n_fitted, n_unsettled)


def average(
    models: NDArray[np.bool_],
    codes: NDArray[np.int64],
    counts: NDArray[np.int64],
    *,
    criterion: Criterion,
    cap: float | None,
    start: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Unseen persons of each table, averaged over models with weights exp(-criterion / 2).

    Tables and a start are given as in `choose`. With a cap, models that put more than `cap` unseen persons
    to each listed one are left out. Infinite where no model remains.
    """
    n_models = len(models)
    n_unobserved = np.full(len(counts), np.inf)
    margin = NEGLIGIBLE if cap is None else np.inf
    for part, tables in dense_tables(codes, counts, models.shape[1], _PAIRS // n_models):
        race = _Race(models, tables, criterion, (n_models,), margin)
        race.run(start)
        n_unobserved[part] = weigh(race.value, race.n_unobserved, race.n_persons, cap)[0]
    return n_unobserved


def _run(
    models: NDArray[np.bool_],
    tables: NDArray[np.float64],
    criterion: Criterion,
    tops: Sequence[int],
    start: NDArray[np.float64] | None,
    few: bool,
) -> _Race | Together:
    """All candidates against each other: side by side where there are few lists, else one by one."""
    if few and start is not None:
        n_parameters, n_persons = models.sum(axis=1)[:, None] * 1.0, tables[:, 1:].sum(axis=1)[None, :]
        penalty = criterion_penalty(criterion, n_parameters, n_persons)
        together = Together(models, start, tables, penalty, tops)
        together.run()
        return together
    race = _Race(models, tables, criterion, tops, margin=0.0)
    race.run(start)
    return race


@dataclass
class _Entry:
    """A model in the race: its place, what its tables leave of it together, and the fit to their average."""

    model: int
    face: Face
    rows: NDArray[np.int64]
    theta: NDArray[np.float64]
    peeling: Peeling


class _Race:
    """All candidates against each other in some tables."""

    def __init__(
        self,
        models: NDArray[np.bool_],
        tables: NDArray[np.float64],
        criterion: Criterion,
        tops: Sequence[int],
        margin: float,
    ) -> None:
        self.models, self.tables, self.margin = models, tables, margin
        self.margins, self.cells = superset_sums(tables), np.ascontiguousarray(tables[:, 1:])
        n_models, n_tables = len(models), len(tables)
        self.n_persons = tables[:, 1:].sum(axis=1)
        self.penalty = criterion_penalty(
            criterion, models.sum(axis=1)[:, None] * 1.0, self.n_persons[None, :]
        )
        # The first group of candidates, in increasing size, in which a model takes part.
        sizes = np.array(sorted(tops))
        self.group = np.searchsorted(sizes, np.arange(1, n_models + 1))
        self.n_groups = len(sizes)
        self.least = 2 * (tables - xlogy(tables, tables))[:, 1:].sum(axis=1)  # -2 log L of all cells
        self.low = np.full((n_models, n_tables), np.inf)
        self.high = np.full((n_models, n_tables), np.inf)
        self.best = np.full((self.n_groups, n_tables), np.inf)  # least upper bound in each group
        self.value = np.full((n_models, n_tables), np.inf)
        self.n_unobserved = np.full((n_models, n_tables), np.inf)
        self.n_fitted = self.n_unsettled = 0
        self.sums = CliqueSums(self.margins)
        self.n_lists = models.shape[1].bit_length() - 1
        self.entries: list[_Entry] = []

    def run(self, start: NDArray[np.float64] | None) -> None:
        """Bound every candidate in every table, then fit those still in the race."""
        self._enter(start)
        for entry in self.entries:
            self._bound(entry)
        for entry in self.entries:
            self._fit(entry)

    def _enter(self, start: NDArray[np.float64] | None) -> None:
        """Take the coefficients of every candidate, or fit it to the average of the tables.

        Without a maximum for the average, no table with the same terms has one: a positive point with the
        margins of one table, plus the other tables, is one for their sum. Then each face is on its own.
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

    def _add(self, j: int, rows: NDArray[np.int64], theta: NDArray[np.float64]) -> None:
        """Enter a model for some tables."""
        n_codes = len(theta)
        terms = np.flatnonzero(self.models[j] & np.isfinite(theta))
        gone = np.flatnonzero(self.models[j] & ~np.isfinite(theta))
        cells = np.arange(1, n_codes)
        kept = cells if len(gone) == 0 else cells[~((cells[:, None] & gone) == gone).any(axis=1)]
        self.entries.append(
            _Entry(j, face_of(terms, kept, n_codes), rows, theta[terms], peel(self.models[j]))
        )

    def _bound(self, entry: _Entry) -> None:
        """First step of a candidate; where a table loses more terms, only whether N is determined."""
        j, face, rows = entry.model, entry.face, entry.rows
        self.low[j, rows] = self.least[rows] + self.penalty[j, rows]
        rows = rows[self._running(j, rows)]
        self.low[j, rows] = np.inf
        if len(rows) == 0:
            return
        lost = lost_terms(face, self.margins[rows])
        less = lost.any(axis=1)
        direct = self.n_lists > _FEW_LISTS and entry.peeling.core.bit_count() <= self.n_lists - _MANY_PEELED
        less |= direct
        if not less.all() and face.determined:
            for part in bundles(rows[~less], 4 * len(face.cells), _FIT_DOUBLES):
                most = self._limit(j, part) - self.penalty[j, part]
                low, high = first_bounds(face, self._counted(face, part), entry.theta, most)
                self.low[j, part] = low + self.penalty[j, part]
                self.high[j, part] = high + self.penalty[j, part]
        if less.any():  # no bound yet
            first, inverse = unique_rows(lost[less])
            determined = face.determined_without(lost[less][first])[inverse]
            self.low[j, rows[less][determined]] = -np.inf
            if direct:
                self._fit_peeled(entry)
        for group in range(self.group[j], self.n_groups):
            self.best[group] = np.minimum(self.best[group], self.high[j])

    def _counted(self, face: Face, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Counts of some tables in the cells of a face."""
        if len(face.cells) == self.cells.shape[1]:
            return np.asarray(self.cells[rows])
        return np.asarray(self.tables[rows][:, face.cells])

    def _limit(self, j: int, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Criterion that model j may have at most in these tables to be of use."""
        return np.asarray(self.best[self.group[j], rows] + self.margin + _SLACK)

    def _running(self, j: int, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell in which of these tables model j is still in the race."""
        limit, low = self._limit(j, rows), self.low[j, rows]
        return np.asarray((low <= limit) & (low < np.inf))

    def _fit(self, entry: _Entry) -> None:
        """Fit a candidate in the tables where it is still in the race."""
        j, face = entry.model, entry.face
        running = entry.rows[self._running(j, entry.rows)]
        core = entry.peeling.core.bit_count()
        if self.margin > 0 and (core == 0 or core <= self.n_lists - _SOME_PEELED):
            self._fit_peeled(entry)
            running = entry.rows[self._running(j, entry.rows)]
        width = face.n_codes + len(face.terms) ** 2
        running = running[np.isinf(self.value[j, running])]
        for rows in bundles(running, width, _FIT_DOUBLES):
            needed = -0.5 * (self._limit(j, rows) - self.penalty[j, rows])
            lost = lost_terms(face, self.margins[rows])
            found = fit_face(
                face,
                self._counted(face, rows),
                entry.theta,
                needed,
                lost if lost.any() else None,
                0.5 * self.margin if np.isfinite(self.margin) else 0.0,
            )
            self.n_unsettled += int((found[2] == UNSETTLED).sum())
            found[2][found[2] == UNSETTLED] = BEATEN
            self._ended(j, rows, *found)

    def _fit_peeled(self, entry: _Entry) -> None:
        """Fit a candidate by what is left when lists are peeled off, where that settles."""
        j, peeling = entry.model, entry.peeling
        running = entry.rows[self._running(j, entry.rows) & np.isinf(self.value[j, entry.rows])]
        for rows in bundles(running, _width(peeling.core), _FIT_DOUBLES):
            self._ended(j, rows, *fit_peeled(peeling, entry.face, entry.theta, self.sums, rows))

    def _ended(
        self,
        j: int,
        rows: NDArray[np.int64],
        log_likelihood: NDArray[np.float64],
        intercept: NDArray[np.float64],
        state: NDArray[np.int64],
    ) -> None:
        """Take in how the fits of a candidate ended; what did not settle stays in the race."""
        fitted = state == FITTED
        self.n_fitted += int(fitted.sum())
        self.low[j, rows[state == BEATEN]] = np.inf
        done = rows[fitted]
        value = -2 * log_likelihood[fitted] + self.penalty[j, done]
        self.low[j, done] = self.high[j, done] = self.value[j, done] = value
        self.n_unobserved[j, done] = np.exp(intercept[fitted])
        for group in range(self.group[j], self.n_groups):
            self.best[group, done] = np.minimum(self.best[group, done], value)


def _width(core: int) -> int:
    """Doubles for each table in the fit of a core, about."""
    return 1 << (2 * core.bit_count()) if core else 32


def _pooled(models: NDArray[np.bool_], averages: NDArray[np.float64]) -> NDArray[np.float64]:
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
