"""Fits of one face to many tables, by Newton's method, or by conjugate gradients where all are wanted.

Tables in which another term of a face has nobody are fitted together with those that have the whole face:
such a term, and the cells that contain it, have mean 0 in these rows alone. Where a Newton step ends,
mu (1 + X step) has exactly the margins of the counts; a step that is small therefore proves that the maximum
exists.
"""

from __future__ import annotations

import numpy as np

from detcount._numerics.arrays import Bools, Floats, Ints
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
from detcount._numerics.selection.tuning import TUNING


def fit_face(
    face: Face, counts: Floats, theta: Floats, needed: Floats, empty: Bools | None = None, margin: float = 0.0
) -> tuple[Floats, Floats, Ints]:
    """Maximise log L of a face in each table; give up on a table once it cannot reach `needed`.

    `theta` has the coefficients of a fit to the average of the tables. One step from there, which all tables
    share, leads to the start of each. `empty` marks terms that have nobody in a table. With a margin between
    the log L of weight one and `needed`, models of less weight are fitted less closely. Gives log L, the
    intercept, and how each table ended: a table without a maximum is pruned.
    """
    state = np.full(len(counts), FITTED)
    value, intercept = np.zeros((2, len(counts)))
    rest = np.arange(len(counts))
    if margin > 0 and face.n_codes <= TUNING.most_codes:  # otherwise most tables are given up before
        retained = None if empty is None else face.retained_cells(empty)
        value, intercept, converged = _fit_conjugate(face, counts, theta, retained, needed + margin)
        rest = np.flatnonzero(~converged)
    if len(rest):
        fits = _Fits(face, counts[rest], theta, needed[rest], None if empty is None else empty[rest], margin)
        if len(rest) == len(counts):
            fits.run(TUNING.first_steps)
        if len(fits.live):
            fits.refuse()
            fits.run(TUNING.steps)
        value[rest], intercept[rest], state[rest] = fits.value, fits.intercept, fits.state
    return value, intercept, state


@np.errstate(all="ignore")  # of tables that have no maximum
def _fit_conjugate(
    face: Face, counts: Floats, theta: Floats, retained: Bools | None, worth: Floats
) -> tuple[Floats, Floats, Bools]:
    """Maximise log L of a face in each table, from the fit `theta` to their average.

    `worth` is the log L of weight one: what is far below is fitted less closely. Gives log L, the intercept,
    and which tables converged.

    With means mu0 of that fit, coordinates are those in which its information is 1. The preconditioner is the
    projected diagonal of mu0 / mu, never less than the inverse of the information of a table, so that the
    preconditioned score bounds the Newton decrement (Nocedal and Wright 2006, section 5.2, with the beta of
    Polak and Ribiere). Along the direction in which a likelihood without a maximum rises for ever, the score
    is as large as the least mean.
    """
    predictor0 = face.design @ theta
    means0 = np.exp(predictor0)
    root, shared = np.sqrt(means0), lift(face, means0)
    project = shared @ face.design.T
    to_score, to_change = project * root, root[:, None] * project
    to_intercept = means0 * shared[:, 0]  # a change of the predictor times it is that of the intercept
    value, intercept = np.zeros((2, len(counts)))
    converged = np.zeros(len(counts), dtype=np.bool_)

    n, live = counts, np.arange(len(counts))
    mask = np.ones((len(n), 1)) if retained is None else retained.astype(np.float64)
    error = TUNING.error / max(1.0, float(np.sqrt(to_intercept @ shared[:, 0])))
    error = np.maximum(error, TUNING.rounding * np.sqrt(n.sum(axis=1)))
    change = (mask * (n - means0) / root) @ to_change
    far = np.abs(mask * change).max(axis=1) > TUNING.close
    change -= 0.5 * (mask * change**2 * root) @ to_change
    # The logarithm of a ratio overshoots less than the difference where few are counted.
    change[far] = ((mask * root * np.log((n + 0.5) / (means0 + 0.5))) @ to_change)[far]
    predictor = predictor0 + change
    score = weight = direction = np.zeros_like(n)
    size = np.ones(len(n))
    for step in range(TUNING.conjugate_steps):
        means = mask * np.exp(predictor)
        rest = n - means
        before, size, old, score = size, size, score, rest @ to_score
        if step in TUNING.refreshed:
            weight = means0 / np.clip(means, TUNING.ratios[0] * means0, TUNING.ratios[1] * means0)
        scaled = weight * score
        size = np.einsum("rc,rc->r", score, scaled)
        turn = np.maximum(size - np.einsum("rc,rc->r", old, scaled), 0.0) / before
        kept_direction = 0.0 if step in TUNING.refreshed else turn[:, None] * direction
        direction = scaled @ to_change + kept_direction
        if step == TUNING.relaxed:
            behind = worth - np.einsum("rc,rc->r", n, predictor) + means.sum(axis=1)
            error = np.maximum(
                error, np.minimum(error * np.exp(0.5 * np.clip(behind, 0.0, TUNING.far)), TUNING.most_relaxed)
            )
        near = np.flatnonzero(size < error**2)
        if len(near) > TUNING.leave * len(n) or (step == TUNING.conjugate_steps - 1 and len(near)):
            least = np.where(mask[near] > 0, means[near], np.inf).min(axis=1)
            done = near[TUNING.proof * np.sqrt(np.einsum("rc,rc->r", score[near], score[near])) < least]
            converged[live[done]] = True
            value[live[done]] = np.einsum("rc,rc->r", n[done], predictor[done]) - means[done].sum(axis=1)
            intercept[live[done]] = theta[0] + (predictor[done] - predictor0) @ to_intercept
            go = np.ones(len(n), dtype=np.bool_)
            go[near] = False
            if not go.any():
                break
            n, live, worth, mask, error, predictor = (
                n[go],
                live[go],
                worth[go],
                mask[go],
                error[go],
                predictor[go],
            )
            means, rest, score, weight = means[go], rest[go], score[go], weight[go]
            direction, size = direction[go], size[go]
        length = np.einsum("rc,rc->r", rest, direction)
        length /= np.einsum("rc,rc->r", means * direction, direction)
        predictor = predictor + length[:, None] * direction
    return value, intercept, converged


class _Fits:
    """Newton's method in many tables; those that have ended leave the arrays of the others."""

    def __init__(
        self, face: Face, counts: Floats, theta: Floats, needed: Floats, empty: Bools | None, margin: float
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
        moved = means * np.log((counts + 0.5) / (means + 0.5))
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
        self.size = np.full(len(counts), np.inf)

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
        if self.n_steps < TUNING.pruned_steps:
            low = np.flatnonzero(self.reached < self.needed)
            pruned[low] = dual_bound(n[low], self.means[low], change[low])[0] < self.needed[low]
        size = np.abs(change).max(axis=1)
        curved = np.maximum(size / self.size**2, TUNING.least_curved)
        behind = np.clip(self.needed + self.margin - self.reached, 0.0, TUNING.far)
        settled = (curved * size**2 < TUNING.error * np.exp(0.5 * behind)) & ~pruned
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

    def _search(self, change: Floats, step: Floats, ending: Bools) -> Floats:
        """Go the whole step, or halve it in place until log L rises; give what the intercept gets."""
        old = self.reached
        trial = self.predictor + change
        means = self._exponential(trial)
        new, shift = profile(self.counts, means, trial)
        for _ in range(TUNING.halvings):
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

    def _exponential(self, predictor: Floats, rows: Ints | None = None) -> Floats:
        """Means, 0 in the cells that a table does not keep."""
        with np.errstate(over="ignore"):
            means = np.exp(predictor)
        if self.retained is not None:
            means *= self.retained if rows is None else self.retained[rows]
        return np.asarray(means)

    def _shifted(self, shift: Floats) -> Floats:
        """Bring the means to the number of persons listed, where that can be done."""
        usable = np.where(np.isfinite(shift), shift, 0.0)
        self.predictor += usable[:, None]
        self.means *= np.exp(usable)[:, None]
        return usable

    def _keep(self, going: Bools) -> None:
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
