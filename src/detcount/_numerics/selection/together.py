"""Choosing among models of few lists: all of them bounded, and the best fitted, side by side.

Bounds are those of `race`. A model is bounded in a table only where it may win by what is known of larger
ones: its log L is at most that of each model that has all its terms, and so at most the bounds of these.
Models go by decreasing size, after the first ones, which set what has to be reached: where a model without
an interaction fits badly, all that leave out more are out of the race. What remains, two models in most
tables, is fitted as pairs (`pairs`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from detcount._numerics.patterns import superset_sums
from detcount._numerics.selection.anchors import Anchors, subset_matrix
from detcount._numerics.selection.faces import FITTED, UNSETTLED, face_of
from detcount._numerics.selection.newton import fit_face
from detcount._numerics.selection.pairs import fit_pairs, parts_of

Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]
Places = NDArray[np.int64]

MOST_CODES = 16  # four lists: all models, with all the terms of each, are a few small arrays
_LEADERS = 10  # models bounded first, one by one
_AT_ONCE = 2048  # pairs whose arrays stay in cache
_POSITIVE = 1e-6  # share of its fitted mean that an uncounted cell must keep to prove existence
_TINY = 1e-300  # so that 0 log 0 is 0
_SLACK = 1e-6  # far above the rounding of a bound, far below a difference of criteria that matters


class Together:
    """All candidates in some tables.

    `models`, (J, C), in order of preference, `start` their coefficients in a table that resembles the
    `tables`, (R, C), all finite or -inf; `penalty`, (J, R), what the criterion adds to -2 log L. `value` is
    the criterion of the pairs that were fitted, infinite elsewhere; `n_unobserved` is theirs alone.
    """

    def __init__(
        self, models: Marks, start: Floats, tables: Floats, penalty: Floats, tops: Sequence[int]
    ) -> None:
        self.anchors = anchors = Anchors.of(models, start)
        self.models, self.penalty = models, penalty
        self.counts = np.ascontiguousarray(tables.T)
        self.margins = np.ascontiguousarray(superset_sums(tables).T)
        self.n_persons = self.margins[0]
        # The first group of candidates, in increasing size, in which a model takes part.
        self.group = np.searchsorted(np.array(sorted(tops)), np.arange(1, len(models) + 1))
        self.best = np.full((len(tops), len(tables)), np.inf)
        self.low = np.full(penalty.shape, np.inf)
        self.value = np.full(penalty.shape, np.inf)
        self.n_unobserved = np.empty(penalty.shape)
        self.n_fitted = self.n_unsettled = 0
        bits = np.uint64(1) << np.arange(models.shape[1], dtype=np.uint64)
        self.empty = (bits[:, None] * (self.margins == 0)).sum(axis=0, dtype=np.uint64)
        self.finite = (bits * anchors.terms).sum(axis=1, dtype=np.uint64)
        self.terms = (bits * models).sum(axis=1, dtype=np.uint64)
        self.least = _POSITIVE * anchors.means
        self.shrunk = np.where(anchors.means > 0, 1 / np.where(anchors.means > 0, anchors.means, 1.0), 0.0)

    def run(self) -> None:
        """Bound every candidate in every table, then fit those still in the race."""
        n_models, n_tables = self.penalty.shape
        size = self.models.sum(axis=1)
        saturated = 2 * (self.n_persons - xlogy(self.counts, self.counts).sum(axis=0))
        known = np.empty((n_models, n_tables))  # -2 log L is at least
        leaders = min(_LEADERS, n_models)
        levels = [np.array([j]) for j in range(leaders)]
        rest = np.arange(leaders, n_models)
        levels += [rest[size[rest] == p] for p in np.unique(size[rest])[::-1]]
        for level in levels:
            larger = np.flatnonzero(size == size[level[0]] + 1) if level[0] >= leaders else level[:0]
            for j in level:
                known[j] = saturated
                for k in larger[self.terms[larger] & self.terms[j] == self.terms[j]]:
                    np.maximum(known[j], known[k], out=known[j])
            known[level] = self._bounded(level, known[level])
        self._fit()

    def _bounded(self, level: Places, known: Floats) -> Floats:
        """Least -2 log L of some models, from what is known of larger ones."""
        with np.errstate(invalid="ignore"):  # AICc may be infinite, and the limit too
            room = self._limit(level) - self.penalty[level]
        flat = np.flatnonzero(known <= room)
        row = flat % known.shape[1]
        model = level[flat // known.shape[1]]
        lost = self.empty[row] & self.finite[model] != 0
        if lost.any():  # no bound by a shared step, if any
            some = np.flatnonzero(lost)
            some = some[self._determined(model[some], row[some])]
            self.low[model[some], row[some]] = (
                known.ravel()[flat[some]] + self.penalty[model[some], row[some]]
            )
            rest = np.flatnonzero(~lost)
            flat, row, model = flat[rest], row[rest], model[rest]
        for first in range(0, len(flat), _AT_ONCE):
            part = slice(first, first + _AT_ONCE)
            self._bound(model[part], row[part], flat[part], known.ravel(), room.ravel())
        return known

    def _limit(self, models: Places) -> Floats:
        """Criterion that models may have at most to be of use, in each table."""
        return np.asarray(self.best[self.group[models]] + _SLACK)

    def _bound(self, model: Places, row: Places, flat: Places, known: Floats, room: Floats) -> None:
        """Bound pairs by one step that all tables of a model share."""
        counts = self.counts.take(row, axis=1)
        means = np.empty_like(counts)
        for j, part in parts_of(model):
            np.matmul(self.anchors.moved[j], counts[:, part], out=means[:, part])
        logs = np.maximum(means, _TINY)
        np.log(logs, out=logs)
        value = np.einsum("cp,cp->p", logs, means)
        doubtful = np.flatnonzero((means < self.least.take(model, axis=1)).any(axis=0))
        proved = np.ones(len(row), dtype=np.bool_)
        if len(doubtful):
            value[doubtful], proved[doubtful] = _mixed(
                counts[:, doubtful], means[:, doubtful], self.anchors.means[:, model[doubtful]]
            )
        low = 2 * (self.n_persons[row] - value)
        low = np.maximum(low, known[flat])
        known[flat] = low
        running = low <= room[flat]
        if not running.any():
            return
        model, row = model[running], row[running]
        penalty = self.penalty[model, row]
        self.low[model, row] = low[running] + penalty
        near = running & proved
        high = self._reached(counts[:, near], means[:, near], model[proved[running]], row[proved[running]])
        self._reach(model[proved[running]], row[proved[running]], high + penalty[proved[running]])

    def _reached(self, counts: Floats, means: Floats, model: Places, row: Places) -> Floats:
        """-2 log L where a step ends."""
        change = means
        change *= self.shrunk.take(model, axis=1)
        change -= 1
        change += self.anchors.predictor.take(model, axis=1)
        value = np.einsum("cp,cp->p", counts, change)
        reached = np.exp(change)
        reached *= self.anchors.kept.T.take(model, axis=1)
        total = self.n_persons[row]
        return np.asarray(-2 * (value + total * (np.log(total / reached.sum(axis=0)) - 1)))

    def _reach(self, model: Places, row: Places, high: Floats) -> None:
        """Take in what a model has at most in a table."""
        for group in range(len(self.best)):
            part = self.group[model] <= group
            np.minimum.at(self.best[group], row[part], high[part])

    def _determined(self, model: Places, row: Places) -> Marks:
        """Whether the cells that a table keeps determine N, and are as many as the terms."""
        subsets = subset_matrix(len(self.counts))
        terms = self.anchors.terms.T[:, model]
        lost = terms & (self.margins[:, row] == 0)
        terms &= ~lost
        kept = self.anchors.kept.T[:, model] & (subsets @ lost == 0)
        signs = 1.0 - 2.0 * (np.bitwise_count(np.arange(len(terms))) & 1)
        sums = subsets @ (signs[:, None] * terms)
        return np.asarray(((sums != 0) & kept).any(axis=0) & (terms.sum(axis=0) <= kept.sum(axis=0)))

    def _fit(self) -> None:
        """Fit what is left, some pairs at a time, the first models before the others."""
        n_tables = self.penalty.shape[1]
        every = np.arange(len(self.models))
        flat = np.flatnonzero((self.low <= self._limit(every)) & (self.low < np.inf))
        for first in range(0, len(flat), _AT_ONCE):
            model, row = np.divmod(flat[first : first + _AT_ONCE], n_tables)
            running = self.low[model, row] <= self.best[self.group[model], row] + _SLACK
            model, row = model[running], row[running]
            value, intercept, settled = fit_pairs(self.anchors, model, row, self.counts, self.margins)
            self._ended(model[settled], row[settled], value[settled], intercept[settled])
            for j, part in parts_of(model[~settled]):
                self._fit_face(j, row[~settled][part])

    def _fit_face(self, j: int, rows: Places) -> None:
        """Fit a model in the tables where nothing quicker settled, or there is no maximum."""
        terms, cells = self.anchors.codes[j], np.flatnonzero(self.anchors.kept[j])
        lost = self.margins[terms][:, rows].T == 0
        needed = self.penalty[j, rows] - self.best[self.group[j], rows] - _SLACK
        log_likelihood, intercept, state = fit_face(
            face_of(terms, cells, len(self.counts)),
            self.counts[cells][:, rows].T,
            self.anchors.theta[j, terms],
            0.5 * needed,
            lost if lost.any() else None,
        )
        self.n_unsettled += int((state == UNSETTLED).sum())
        fitted = state == FITTED
        model = np.full(int(fitted.sum()), j)
        self._ended(model, rows[fitted], log_likelihood[fitted], intercept[fitted])

    def _ended(self, model: Places, row: Places, log_likelihood: Floats, intercept: Floats) -> None:
        """Take in fits."""
        value = -2 * log_likelihood + self.penalty[model, row]
        self.value[model, row] = value
        self.n_unobserved[model, row] = np.exp(intercept)
        self.n_fitted += len(value)
        self._reach(model, row, value)


def _mixed(counts: Floats, moved: Floats, means: Floats) -> tuple[Floats, Marks]:
    """Sum of m log m by means below zero, mixed with the counts themselves, which have the same margins.

    And whether a maximum is proved: not where an uncounted cell is left with nothing.
    """
    uncounted = (counts == 0) & (means > 0)
    proved = ~(uncounted & (moved <= _POSITIVE * means)).any(axis=0)
    below = (moved <= 0) & (counts > 0)
    room = np.where(below, 0.9 * counts / np.where(below, counts - moved, 1.0), 1.0)
    share = np.where(proved, room.min(axis=0), 0.0)
    mixed = share * moved + (1 - share) * counts
    return np.einsum("cp,cp->p", np.log(np.maximum(mixed, _TINY)), mixed), proved
