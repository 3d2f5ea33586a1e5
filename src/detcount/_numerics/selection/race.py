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
models that the bounds leave in the race are fitted to convergence.

A term whose margin is empty in a table is at minus infinity there: it goes, with every cell that
contains it (Chan, Silverman and Vincent 2021), and what is left, terms and cells, is called a face. It
still counts as a parameter: otherwise every empty overlap would be a free improvement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.existence import support_codes
from detcount._numerics.patterns import superset_sums
from detcount._numerics.selection.criteria import NEGLIGIBLE, Criterion, criterion_penalty, weigh
from detcount._numerics.selection.dense import DOUBLES, bundles, dense_tables
from detcount._numerics.selection.faces import (
    FITTED,
    UNSETTLED,
    Face,
    faces,
    first_bounds,
    fit_face,
    pooled_fit,
)

__all__ = ["Choices", "average", "choose"]

_PAIRS = 1 << 22  # bounds kept at a time
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
    starts: NDArray[np.float64] | None = None,
) -> Choices:
    """Choose the model with the least criterion in each table, among the first so many candidates.

    `models` is (J, 2**K) over terms, in order of preference: the first wins a tie. Row r of `counts`,
    (R, m), has the persons of table r with each of the m histories in `codes`. `tops` increases.
    `starts` has coefficients near the fits, (J, 2**K).
    """
    n_tables, n_models = len(counts), len(models)
    n_unobserved = np.full((len(tops), n_tables), np.inf)
    chosen = np.full((len(tops), n_tables), -1, dtype=np.int64)
    n_fitted = n_unsettled = 0
    for part, tables in dense_tables(codes, counts, models.shape[1], _PAIRS // n_models):
        race = _Race(models, tables, criterion, tops, starts, margin=0.0)
        race.run()
        rows = np.arange(len(tables))
        for place, top in enumerate(tops):
            best = race.value[:top].argmin(axis=0)
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
    starts: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Unseen persons of each table, averaged over models with weights exp(-criterion / 2).

    Tables are given as in `choose`. With a cap, models that put more than `cap` unseen persons to each
    listed one are left out. Infinite where no model remains.
    """
    n_models = len(models)
    n_unobserved = np.full(len(counts), np.inf)
    margin = NEGLIGIBLE if cap is None else np.inf
    for part, tables in dense_tables(codes, counts, models.shape[1], _PAIRS // n_models):
        race = _Race(models, tables, criterion, (n_models,), starts, margin)
        race.run()
        n_unobserved[part] = weigh(race.value, race.n_unobserved, race.n_persons, cap)[0]
    return n_unobserved


@dataclass
class _Entry:
    """A face in the race: its place among the candidates, its tables, and where to start."""

    model: int
    face: Face
    rows: NDArray[np.int64]
    theta: NDArray[np.float64]


class _Race:
    """All candidates against each other in some tables."""

    def __init__(
        self,
        models: NDArray[np.bool_],
        tables: NDArray[np.float64],
        criterion: Criterion,
        tops: Sequence[int],
        starts: NDArray[np.float64] | None,
        margin: float,
    ) -> None:
        self.models, self.tables, self.starts, self.margin = models, tables, starts, margin
        n_models, n_tables = len(models), len(tables)
        self.n_persons = tables[:, 1:].sum(axis=1)
        self.penalty = criterion_penalty(
            criterion, models.sum(axis=1)[:, None] * 1.0, self.n_persons[None, :]
        )
        # The first group of candidates, in increasing size, in which a model takes part.
        sizes = np.array(sorted(tops))
        self.group = np.searchsorted(sizes, np.arange(1, n_models + 1))
        self.n_groups = len(sizes)
        self.low = np.full((n_models, n_tables), np.inf)
        self.high = np.full((n_models, n_tables), np.inf)
        self.best = np.full((self.n_groups, n_tables), np.inf)  # least upper bound in each group
        self.value = np.full((n_models, n_tables), np.inf)
        self.n_unobserved = np.full((n_models, n_tables), np.inf)
        self.n_fitted = self.n_unsettled = 0
        self.entries: list[_Entry] = []

    def run(self) -> None:
        """Bound every candidate in every table, then fit those still in the race."""
        self._bound()
        self._refuse()
        for entry in self.entries:
            self._fit(entry)

    def _bound(self) -> None:
        """First step of every candidate."""
        margins = superset_sums(self.tables)
        for j, model in enumerate(self.models):
            for face, rows in faces(model, margins):
                if not face.identified or len(face.terms) > len(face.cells):
                    continue
                start = None if self.starts is None else self.starts[j, face.terms]
                pooled = self.tables[rows][:, face.cells].mean(axis=0)
                theta = pooled_fit(face, pooled, start)
                if theta is None:
                    continue
                entry = _Entry(j, face, rows, theta)
                self.entries.append(entry)
                for part in bundles(rows, len(face.cells)):
                    low, high = first_bounds(face, self.tables[part][:, face.cells], theta)
                    self.low[j, part] = low + self.penalty[j, part]
                    self.high[j, part] = high + self.penalty[j, part]
            self._lower(j, slice(None))

    def _lower(self, j: int, rows: slice | NDArray[np.int64]) -> None:
        """Tell every group of candidates with model j its upper bound."""
        for group in range(self.group[j], self.n_groups):
            self.best[group, rows] = np.minimum(self.best[group, rows], self.high[j, rows])

    def _running(self, j: int, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell in which of these tables model j is still in the race."""
        limit = self.best[self.group[j], rows] + self.margin + _SLACK
        low = self.low[j, rows]
        return np.asarray((low <= limit) & np.isfinite(low))

    def _refuse(self) -> None:
        """Take out the pairs that have no maximum, among those that no bound has proved to have one."""
        models, rows, faces = [], [], []
        for place, entry in enumerate(self.entries):
            doubtful = entry.rows[
                self._running(entry.model, entry.rows) & np.isinf(self.high[entry.model, entry.rows])
            ]
            models.append(np.full(len(doubtful), entry.model))
            rows.append(doubtful)
            faces.append(np.full(len(doubtful), place))
        if not faces:
            return
        model, row, face = np.concatenate(models), np.concatenate(rows), np.concatenate(faces)
        n_codes = self.tables.shape[1]
        step = max(1, DOUBLES // n_codes)
        for first in range(0, len(row), step):
            part = slice(first, first + step)
            terms = np.zeros((len(row[part]), n_codes), dtype=np.bool_)
            kept = np.zeros_like(terms)
            for place in np.unique(face[part]):
                mine = np.flatnonzero(face[part] == place)
                terms[np.ix_(mine, self.entries[place].face.terms)] = True
                kept[np.ix_(mine, self.entries[place].face.cells)] = True
            positive = self.tables[row[part]] > 0
            positive[:, 0] = False
            refused = support_codes(terms, kept, positive) != 0
            self.low[model[part][refused], row[part][refused]] = np.inf

    def _fit(self, entry: _Entry) -> None:
        """Fit a face in the tables where its model is still in the race."""
        j, face = entry.model, entry.face
        running = entry.rows[self._running(j, entry.rows)]
        for rows in bundles(running, len(face.cells) + len(face.terms) ** 2):
            limit = self.best[self.group[j], rows] + self.margin + _SLACK
            needed = -0.5 * (limit - self.penalty[j, rows])
            counts = self.tables[rows][:, face.cells]
            theta = np.repeat(entry.theta[None, :], len(rows), axis=0)
            log_likelihood, intercept, state = fit_face(face, counts, theta, needed)
            fitted = state == FITTED
            self.n_fitted += int(fitted.sum())
            self.n_unsettled += int((state == UNSETTLED).sum())
            self.low[j, rows[~fitted]] = np.inf
            done = rows[fitted]
            value = -2 * log_likelihood[fitted] + self.penalty[j, done]
            self.low[j, done] = self.high[j, done] = self.value[j, done] = value
            self.n_unobserved[j, done] = np.exp(intercept[fitted])
            self._lower(j, done)
