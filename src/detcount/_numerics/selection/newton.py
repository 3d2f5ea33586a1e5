"""Fits of one face to many tables, by Newton's method.

Tables in which another term of a face has nobody are fitted together with those that have the whole face:
such a term, and the cells that contain it, have mean 0 in these rows alone. Where a Newton step ends,
mu (1 + X step) has exactly the margins of the counts; a step that is small therefore proves that the maximum
exists.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.existence import support_codes
from detcount._numerics.selection.faces import (
    FITTED,
    PRUNED,
    UNCONVERGED,
    Face,
    dual_bound,
    lift,
    profile,
    solved,
)

_ERROR = 1e-10  # of a logarithm of a mean, left by the last step: convergence is quadratic
_FAR = 28.0  # of log L: what is as far behind is fitted to 1e-4
_LEAST_CURVED = 0.25  # error after a step over the square of the step, at least
_MAX_STEPS = 80
_FIRST_STEPS = 8  # enough wherever there is a maximum, unless it lies far out
_PRUNED_STEPS = 2  # in which a table may be given up: those that go on are near their maximum
_HALVINGS = 40
_SHARED_STEPS = 4
_HALF = 0.5  # person, so that a count of 0 has a logarithm


def fit_face(
    face: Face,
    counts: NDArray[np.float64],
    theta: NDArray[np.float64],
    needed: NDArray[np.float64],
    empty: NDArray[np.bool_] | None = None,
    margin: float = 0.0,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Maximise log L of a face in each table; give up on a table once it cannot reach `needed`.

    `theta` has the coefficients of a fit to the average of the tables, from which one step that all tables
    share leads to where each begins. `empty` marks terms that have nobody in a table. With a margin between
    the log L of what weighs one and `needed`, what weighs less is fitted less closely. Gives log L, the
    intercept, and how each table ended: a table without a maximum is pruned.
    """
    fits = _Fits(face, counts, theta, needed, empty, margin)
    fits.run(_FIRST_STEPS)
    if len(fits.live):
        fits.refuse()
        fits.run(_MAX_STEPS)
    return fits.value, fits.intercept, fits.state


class _Fits:
    """Newton's method in many tables; those that have ended leave the arrays of the others."""

    def __init__(
        self,
        face: Face,
        counts: NDArray[np.float64],
        theta: NDArray[np.float64],
        needed: NDArray[np.float64],
        empty: NDArray[np.bool_] | None,
        margin: float,
    ) -> None:
        self.face, self.margin = face, margin
        self.state = np.full(len(counts), UNCONVERGED)
        self.value = np.full(len(counts), -np.inf)
        self.intercept = np.zeros(len(counts))
        self.live = np.arange(len(counts))
        self.counts, self.needed, self.empty = counts, needed, empty
        self.retained = None if empty is None else face.retained_cells(empty)
        self.n_steps = 0
        predictor = face.design @ theta
        means = np.exp(predictor)
        # The logarithm of a ratio overshoots less than the difference where few are counted.
        moved = means * np.log((counts + _HALF) / (means + _HALF))
        if self.retained is not None:
            moved *= self.retained
        shared = lift(face, means)
        steps = moved @ shared
        self.predictor = predictor + steps @ face.design.T
        if self.retained is not None:
            self.predictor *= self.retained
        self.means = self._exponential(self.predictor)
        self.reached, shift = profile(counts, self.means, self.predictor)
        self.first = theta[0] + steps[:, 0] + self._shifted(shift)
        for _ in range(_SHARED_STEPS if margin > 0 else 0):  # otherwise most tables are given up before
            self._share(shared)
        self.size = np.full(len(counts), np.inf)

    def _share(self, shared: NDArray[np.float64]) -> None:
        """Take one more step that all tables share, where the likelihood rises by it."""
        steps = (self.counts - self.means) @ shared
        trial = self.predictor + steps @ self.face.design.T
        if self.retained is not None:
            trial *= self.retained
        means = self._exponential(trial)
        reached, shift = profile(self.counts, means, trial)
        better = np.flatnonzero(reached > self.reached)
        self.predictor[better] = trial[better] + shift[better, None]
        self.means[better] = means[better] * np.exp(shift[better, None])
        self.reached[better] = reached[better]
        self.first[better] += steps[better, 0] + shift[better]

    def run(self, n_steps: int) -> None:
        """Take at most so many steps."""
        for _ in range(n_steps):
            if len(self.live) == 0:
                return
            self._step()

    def refuse(self) -> None:
        """Take out the tables whose likelihood has no maximum."""
        n_codes = self.face.n_codes
        terms = np.zeros((len(self.live), n_codes), dtype=np.bool_)
        retained, positive = np.zeros_like(terms), np.zeros_like(terms)
        terms[:, self.face.terms] = True if self.empty is None else ~self.empty
        retained[:, self.face.cells] = True if self.retained is None else self.retained
        positive[:, self.face.cells] = self.counts > 0
        none = support_codes(terms, retained, positive) != 0
        self.state[self.live[none]] = PRUNED
        self._keep(~none)

    def _step(self) -> None:
        """One step of every table that is still going."""
        face, n = self.face, self.counts
        score = (n - self.means) @ face.design
        step = solved(face.information(self.means, self.empty), score)
        change = step @ face.design.T
        if self.retained is not None:
            change *= self.retained
        pruned = np.zeros(len(n), dtype=np.bool_)
        if self.n_steps < _PRUNED_STEPS:
            low = np.flatnonzero(self.reached < self.needed)
            pruned[low] = dual_bound(n[low], self.means[low], change[low])[0] < self.needed[low]
        size = np.abs(change).max(axis=1)
        curved = np.maximum(size / self.size**2, _LEAST_CURVED)
        behind = np.clip(self.needed + self.margin - self.reached, 0.0, _FAR)
        settled = (curved * size**2 < _ERROR * np.exp(0.5 * behind)) & ~pruned
        shift = self._search(change, step, pruned | settled)
        self.first = self.first + step[:, 0] + shift
        self.size = size
        self.n_steps += 1
        done = pruned | settled
        if not done.any():
            return
        ended = self.live[settled]
        self.state[self.live[pruned]] = PRUNED
        self.state[ended] = FITTED
        self.value[ended] = self.reached[settled]
        self.intercept[ended] = self.first[settled]
        self._keep(~done)

    def _search(
        self, change: NDArray[np.float64], step: NDArray[np.float64], ending: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Go the whole step, or halve it in place until log L rises; give what the intercept gets."""
        old = self.reached
        trial = self.predictor + change
        means = self._exponential(trial)
        new, shift = profile(self.counts, means, trial)
        for _ in range(_HALVINGS):
            worse = np.flatnonzero(~(new >= old - 1e-9 * (1 + np.abs(old))) & ~ending)
            if len(worse) == 0:
                break
            change[worse] /= 2
            step[worse] /= 2
            trial[worse] = self.predictor[worse] + change[worse]
            means[worse] = self._exponential(trial[worse], worse)
            new[worse], shift[worse] = profile(self.counts[worse], means[worse], trial[worse])
        self.predictor, self.means, self.reached = trial, means, new
        return self._shifted(shift)

    def _exponential(
        self, predictor: NDArray[np.float64], rows: NDArray[np.int64] | None = None
    ) -> NDArray[np.float64]:
        """Means, 0 in the cells that a table does not keep."""
        with np.errstate(over="ignore"):
            means = np.exp(predictor)
        if self.retained is not None:
            means *= self.retained if rows is None else self.retained[rows]
        return np.asarray(means)

    def _shifted(self, shift: NDArray[np.float64]) -> NDArray[np.float64]:
        """Bring the means to the number of persons listed, where that can be done."""
        usable = np.where(np.isfinite(shift), shift, 0.0)
        self.predictor += usable[:, None]
        self.means *= np.exp(usable)[:, None]
        return usable

    def _keep(self, going: NDArray[np.bool_]) -> None:
        """Leave the others out."""
        self.live = self.live[going]
        for name in (
            "counts",
            "needed",
            "predictor",
            "means",
            "reached",
            "first",
            "size",
            "empty",
            "retained",
        ):
            values = getattr(self, name)
            if values is not None:
                setattr(self, name, values[going])
