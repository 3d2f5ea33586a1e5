"""Fits of pairs of model and table, of any models, side by side.

A pair begins at a step that all tables of its model share, and goes on by such steps: a product with the
matrix of the model. Where the matrix of the pair itself is H, and H0 is the shared one, a step leaves
I - H0^-1 H of the error, in most tables a tenth. After a step of size s, r times the one before, about
r s / (1 - r) is left (Hairer and Wanner 1996, IV.8). What shrinks too slowly is handed to Newton's method.

Means mu0 of the model, mu of the pair and the step X d have mu + mu0 X d with the margins of the table: where
it is positive the maximum exists (Haberman 1974).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.selection.anchors import Anchors, subset_matrix
from detcount._numerics.selection.faces import solved

Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]
Places = NDArray[np.int64]

_ERROR = 1e-10  # of a logarithm of a mean, left by the last step
_LOOKS = (9, 12, 15, 18)  # shared steps after which pairs that have settled leave
_SLOWEST = 0.5  # what a shared step may leave
_SAFETY = 4.0  # times what seems to be left
_POSITIVE = 0.5  # share of its mean that a cell must keep to prove existence
_MAX_STEPS = 6  # of Newton's method; one or two are usual, the other engine takes what needs more
_LEAST_CURVED = 0.25  # error after a step over the square of the step, at least
_FARTHEST = 3.0  # change of a logarithm by shared steps that Newton's method can begin from
_RIDGE = 1e-13  # keeps a matrix that is singular to rounding solvable
_HALF = 0.5  # person, so that a count of 0 has a logarithm


def fit_pairs(
    anchors: Anchors, model: Places, row: Places, counts: Floats, margins: Floats
) -> tuple[Floats, Floats, Marks]:
    """Maximise log L of pairs of a model and a table; pairs of a model stand together.

    `counts` and `margins` are (C, R), tables last. Gives log L, the intercept, and whether a pair settled;
    what did not may have no maximum.
    """
    fits = _Pairs(anchors, model, row, counts, margins)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        fits.begin()
        fits.share()
        for _ in range(_MAX_STEPS):
            if len(fits.live):
                fits.step()
    return fits.value, fits.intercept, fits.settled


class _Pairs:
    """Pairs with their tables, cells first; those that have ended leave the arrays of the others."""

    def __init__(self, anchors: Anchors, model: Places, row: Places, counts: Floats, margins: Floats) -> None:
        n_pairs = len(model)
        self.anchors, self.model = anchors, model
        self.subsets = subset_matrix(len(counts))
        self.value, self.intercept = np.full(n_pairs, -np.inf), np.zeros(n_pairs)
        self.settled = np.zeros(n_pairs, dtype=np.bool_)
        self.live = np.arange(n_pairs)
        self.size = np.full(n_pairs, np.inf)  # of the last step
        self.counts, self.total = counts.take(row, axis=1), margins[0, row]
        lost = (margins.take(row, axis=1) == 0) & anchors.terms.T.take(model, axis=1)
        self.lost = lost if lost.any() else None
        kept = anchors.kept.T.take(model, axis=1)
        if self.lost is not None:
            kept &= self.subsets @ lost == 0
        self.kept = None if kept[1:].all() else kept
        self._arrange()

    def _arrange(self) -> None:
        """Lay out what the steps of a model are products of."""
        self.parts = parts_of(self.model)
        self.moved, self.change = np.empty((2, len(self.subsets), len(self.model)))
        self.products = [
            (self.anchors.raised[j], self.moved[:, part], self.change[:, part]) for j, part in self.parts
        ]

    def begin(self) -> None:
        """Take the first step; the logarithm of a ratio overshoots less than the difference."""
        means = self.anchors.means.take(self.model, axis=1)
        np.log((self.counts + _HALF) / (means + _HALF), out=self.moved)
        self.moved *= means
        if self.kept is not None:
            self.moved *= self.kept
        self.predictor = self._raised().copy()
        self.predictor += self.anchors.predictor.take(self.model, axis=1)
        means = self._means(self.predictor)
        self.predictor += np.log(self.total / means.sum(axis=0))
        self.means = self._means(self.predictor)

    def _raised(self) -> Floats:
        """Change of the predictor by steps that the tables of a model share."""
        for raised, moved, change in self.products:
            np.matmul(raised, moved, out=change)
        return self.change

    def _means(self, predictor: Floats) -> Floats:
        """Means of the cells kept, 0 elsewhere."""
        means = np.exp(predictor)
        if self.kept is None:
            means[0] = 0.0
        else:
            means *= self.kept
        return means

    def _size(self, change: Floats) -> Floats:
        """Largest change of the logarithm of a mean."""
        change = np.abs(change)
        if self.kept is not None:
            change *= self.kept
        return np.asarray(change[1:].max(axis=0))

    def share(self) -> None:
        """Take steps that the tables of a model share; look now and then which pairs have settled."""
        for k in range(1, _LOOKS[-1] + 1):
            np.subtract(self.counts, self.means, out=self.moved)
            change = self._raised()
            self.predictor += change
            self.means = self._means(self.predictor)
            if k + 1 in _LOOKS:
                self.size = self._size(change)
            elif k in _LOOKS:
                before, self.size = self.size, self._size(change)
                ratio = self.size / before
                done = (ratio < _SLOWEST) & (_SAFETY * ratio * self.size < (1 - ratio) * _ERROR)
                self._end(done & self._proved(change))
                if len(self.live) == 0:
                    return
        self._keep(self.size < _FARTHEST)
        self.size[:] = np.inf  # Newton's method begins anew

    def _proved(self, change: Floats) -> Marks:
        """Where a shared step proves that the maximum exists; a table that loses terms has no such proof."""
        anchor = self.anchors.means.take(self.model, axis=1)
        sound = (np.abs(change * anchor) <= _POSITIVE * self.means)[1:]
        if self.kept is not None:
            sound |= ~self.kept[1:]
        proved = np.asarray(sound.all(axis=0))
        return proved if self.lost is None else proved & ~self.lost.any(axis=0)

    def step(self) -> None:
        """Take one step of Newton's method."""
        reached = self._reached(self.predictor, self.means)
        change = self._newton()
        size = self._size(change)
        self.predictor += change
        self.means = self._means(self.predictor)
        sound = self._reached(self.predictor, self.means) >= reached - 1e-9 * (1 + np.abs(reached))
        curved = np.maximum(size / self.size**2, _LEAST_CURVED)
        self.size = size
        done = sound & (curved * size**2 < _ERROR)
        self._end(done)
        self._keep(sound[~done])

    def _reached(self, predictor: Floats, means: Floats) -> Floats:
        """Log L."""
        return np.asarray(np.einsum("cp,cp->p", self.counts, predictor) - means.sum(axis=0))

    def _newton(self) -> Floats:
        """Change of the predictor by Newton's method."""
        codes, unions = self.anchors.codes, self.anchors.unions
        n_codes, n_pairs = self.means.shape
        n_terms = max(len(codes[j]) for j, _ in self.parts)
        sums = self.means.T @ self.subsets
        scores = (self.counts - self.means).T @ self.subsets
        lost = None if self.lost is None else self.lost.T
        if lost is not None:
            scores[lost] = 0.0
        matrix = np.zeros((n_pairs, n_terms, n_terms))
        right = np.zeros((n_pairs, n_terms))
        diagonal = np.arange(n_terms)
        for j, part in self.parts:
            p = len(codes[j])
            matrix[part, :p, :p] = sums[part].take(unions[j], axis=1)
            matrix[part, diagonal[p:], diagonal[p:]] = 1.0
            if lost is not None:
                matrix[part, diagonal[:p], diagonal[:p]] += lost[part].take(codes[j], axis=1)
            right[part, :p] = scores[part].take(codes[j], axis=1)
        matrix[:, diagonal, diagonal] *= 1 + _RIDGE
        steps = solved(matrix, right)
        spread = np.zeros((n_pairs, n_codes))
        for j, part in self.parts:
            spread[part, codes[j]] = steps[part, : len(codes[j])]
        return np.asarray(self.subsets @ spread.T)

    def _end(self, done: Marks) -> None:
        """Take in what has settled, and leave it out."""
        if not done.any():
            return
        ended = self.live[done]
        self.settled[ended] = True
        # With the intercept at its best value: the sum of the means is that of the counts.
        shift = np.log(self.total[done] / self.means[:, done].sum(axis=0))
        value = np.einsum("cp,cp->p", self.counts[:, done], self.predictor[:, done])
        self.value[ended] = value + self.total[done] * (shift - 1)
        self.intercept[ended] = self.predictor[0, done] + shift
        self._keep(~done)

    def _keep(self, going: Marks) -> None:
        """Leave the others out."""
        if going.all():
            return
        places = np.flatnonzero(going)
        self.live, self.model, self.total = self.live[places], self.model[places], self.total[places]
        self.size = self.size[places]
        for name in ("counts", "kept", "predictor", "means", "lost"):
            values = getattr(self, name)
            if values is not None:
                setattr(self, name, values.take(places, axis=1))
        self._arrange()


def parts_of(model: Places) -> list[tuple[int, slice]]:
    """Each model with the slice of its pairs, which stand together."""
    if len(model) == 0:
        return []
    ends = [*(np.flatnonzero(model[1:] != model[:-1]) + 1).tolist(), len(model)]
    starts = [0, *ends[:-1]]
    models = model[starts].tolist()
    return [(j, slice(first, last)) for j, first, last in zip(models, starts, ends, strict=True)]
