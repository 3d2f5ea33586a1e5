"""Fits of one face to many tables at once, by conjugate gradients.

The tables resemble their average, whose fit has the means mu0. Let U be an orthonormal basis of the columns
of W^(1/2) X, with W = diag(mu0), and write the logarithms of the means as log mu0 + W^(-1/2) U x. In these
coordinates the score is z = U' W^(-1/2) (n - mu), and the information U' diag(mu / mu0) U is near the
identity, so that conjugate gradients need few steps, each of them two products of matrices for all tables
together. They are preconditioned by U' diag(mu0 / mu) U, which is never less than the inverse of the
information, and equals it where there are as many terms as cells: z' U' diag(mu0 / mu) U z bounds the square
of the Newton decrement, in standard errors, and settles when a table is done. The preconditioner is taken
from the first steps, after which the directions stay conjugate (Nocedal and Wright 2006, section 5.2, with
the beta of Polak and Ribiere).

A likelihood without a maximum rises for ever along some d with (X d) < 0 only in cells where nobody was
counted. There the score along d is the sum of mu |X d|, so that a score far below the least mean proves that
there is a maximum.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.selection.faces import BEATEN, FITTED, UNSETTLED, Face, dual_bound, profile

Floats = NDArray[np.float64]

_ERROR = 1e-10  # of a logarithm of a mean, and of the intercept by its standard error
_ROUNDING = 2e-14  # of the decrement, for the square root of the persons listed
_MOST_RELAXED = 1e-8  # decrement of a fit that weighs next to nothing
_FAR = 28.0  # of log L: as far behind
_STEPS = 24
_REFRESHED = (0, 2)  # steps after which the preconditioner is taken anew
_PRUNED_STEPS = 2  # in which a table may be given up: those that go on are near their maximum
_LEAST_RATIO, _LARGEST_RATIO = 0.15, 6.0  # of mu / mu0 in the preconditioner
_PROOF = 1e3  # least mean over the size of the score
_DYING = 1e-9  # persons in a cell: its mean goes to 0
_LEAVE = 0.25  # share of tables done from which the others get arrays of their own
_HALF = 0.5  # person, so that a count of 0 has a logarithm
_CLOSE = 0.5  # of a logarithm: a step so short is corrected to the second order


def climb(
    face: Face,
    counts: Floats,
    theta: Floats,
    needed: Floats,
    lost: NDArray[np.bool_] | None,
    margin: float,
) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Maximise log L of a face in each table, from the fit `theta` to their average.

    Arguments and answers as those of `fit_face`. `UNSETTLED` are tables that lie far from the average, and
    those that have no maximum.
    """
    tables = _Climb(face, counts, theta, needed, lost, margin)
    with np.errstate(all="ignore"):  # of tables that lose their way
        tables.run()
    return tables.value, tables.intercept, tables.state


class _Basis:
    """Products with these matrices lead from differences of counts to logarithms of means."""

    def __init__(self, face: Face, theta: Floats) -> None:
        self.predictor = face.design @ theta
        self.means = np.exp(self.predictor)
        root = np.sqrt(self.means)
        basis, triangle = np.linalg.qr(root[:, None] * face.design)
        project = basis @ basis.T
        self.root = root
        self.score = project / root[:, None]  # (n - mu) @ score is U z
        self.move = project / root  # t @ move is X d, where U' t are the coordinates of d
        first = np.zeros(len(theta))
        first[0] = 1.0
        first = np.linalg.solve(triangle.T, first)
        self.intercept = root * (basis @ first)  # changes of log means @ intercept are those of theta_0
        self.error_of_intercept = float(np.sqrt(first @ first))


class _Climb:
    """Tables on their way; those that have ended leave the arrays of the others."""

    def __init__(
        self,
        face: Face,
        counts: Floats,
        theta: Floats,
        needed: Floats,
        lost: NDArray[np.bool_] | None,
        margin: float,
    ) -> None:
        self.basis, self.theta, self.margin = _Basis(face, theta), theta, margin
        n_tables = len(counts)
        self.state = np.full(n_tables, UNSETTLED)
        self.value = np.full(n_tables, -np.inf)
        self.intercept = np.zeros(n_tables)
        self.live = np.arange(n_tables)
        self.counts, self.needed = counts, needed
        self.kept = None if lost is None else face.kept_cells(lost).astype(np.float64)
        error = _ERROR / max(1.0, self.basis.error_of_intercept)
        self.error = np.maximum(error, _ROUNDING * np.sqrt(counts.sum(axis=1)))

    def run(self) -> None:
        """Take steps until all tables are done, or too many."""
        self._begin()
        for step in range(_STEPS):
            if step < _PRUNED_STEPS and not self._prune():
                return
            self._step(step)
            if not self._leave(last=step == _STEPS - 1):
                return

    def _begin(self) -> None:
        """Begin where one step from the average leads, and the first direction."""
        basis, kept = self.basis, self.kept
        change = self._masked((self.counts - basis.means) / basis.root) @ basis.move
        square = self._masked(change * change)
        close = square.max(axis=1) < _CLOSE**2
        square *= basis.root
        change -= 0.5 * square @ basis.move
        far = np.flatnonzero(~close)
        if len(far):
            # The logarithm of a ratio overshoots less than the difference where few are counted.
            moved = basis.root * np.log((self.counts[far] + _HALF) / (basis.means + _HALF))
            change[far] = (moved if kept is None else moved * kept[far]) @ basis.move
        self.predictor = basis.predictor + change
        self.means = self._masked(np.exp(self.predictor))
        self.rest = self.counts - self.means
        self.score = self.rest @ basis.score
        self._precondition()
        scaled = self.weight * self.score
        self.size = np.einsum("rc,rc->r", self.score, scaled)
        self.direction = scaled @ basis.move

    def _masked(self, values: Floats) -> Floats:
        """Values in the cells that a table keeps, 0 elsewhere; in place."""
        if self.kept is not None:
            values *= self.kept
        return values

    def _precondition(self) -> None:
        """Take the preconditioner from the means reached."""
        means = self.basis.means
        self.weight = means / np.clip(self.means, _LEAST_RATIO * means, _LARGEST_RATIO * means)

    def _prune(self) -> bool:
        """Give up tables that cannot reach what they need; tell whether some are left."""
        if self.kept is not None:  # the bound would need margins of its own in each table
            return True
        low = np.flatnonzero(profile(self.counts, self.means, self.predictor)[0] < self.needed)
        if len(low) == 0:
            return True
        change = self.basis.root * self.score[low] / self.means[low]
        beaten = dual_bound(self.counts[low], self.means[low], change)[0] < self.needed[low]
        if not beaten.any():
            return True
        low = low[beaten]
        self.state[self.live[low]] = BEATEN
        going = np.ones(len(self.live), dtype=np.bool_)
        going[low] = False
        self._keep(going)
        return len(self.live) > 0

    def _step(self, step: int) -> None:
        """Go along the direction to where the likelihood would be highest, and turn."""
        basis, direction, work = self.basis, self.direction, np.empty_like(self.means)
        np.multiply(self.means, direction, out=work)
        length = np.einsum("rc,rc->r", self.rest, direction) / np.einsum("rc,rc->r", work, direction)
        np.multiply(direction, length[:, None], out=work)
        self.predictor += work
        np.exp(self.predictor, out=self.means)
        self._masked(self.means)
        np.subtract(self.counts, self.means, out=self.rest)
        old, self.score = self.score, self.rest @ basis.score
        if step in _REFRESHED:
            self._precondition()
        np.multiply(self.weight, self.score, out=work)
        size = np.einsum("rc,rc->r", self.score, work)
        if step in _REFRESHED:
            self.direction = work @ basis.move
            if step == _REFRESHED[-1] and self.margin > 0:
                self._relax()
        else:
            turned = (size - np.einsum("rc,rc->r", old, work)) / self.size
            direction *= np.maximum(turned, 0.0)[:, None]
            direction += work @ basis.move
        self.size = size

    def _relax(self) -> None:
        """Fit less closely what weighs less."""
        reached = self._log_likelihood(np.arange(len(self.live)))
        behind = np.clip(self.needed + self.margin - reached, 0.0, _FAR)
        relaxed = np.minimum(self.error * np.exp(0.5 * behind), _MOST_RELAXED)
        self.error = np.maximum(self.error, relaxed)

    def _log_likelihood(self, rows: NDArray[np.int64]) -> Floats:
        """Log L, without log n!, at the means reached."""
        value = np.einsum("rc,rc->r", self.counts[rows], self.predictor[rows])
        return np.asarray(value - self.means[rows].sum(axis=1))

    def _leave(self, *, last: bool) -> bool:
        """Take out tables that are done, or lost, once they are many; tell whether some go on."""
        small = np.flatnonzero(~(self.size > self.error**2))
        if len(small) < _LEAVE * len(self.live) and not last:
            return True
        least = self._least_means(small)
        score = np.sqrt(np.einsum("rc,rc->r", self.score[small], self.score[small]))
        done = small[_PROOF * score < least]
        self.state[self.live[done]] = FITTED
        self.value[self.live[done]] = self._log_likelihood(done)
        changes = self.predictor[done] - self.basis.predictor
        self.intercept[self.live[done]] = self.theta[0] + changes @ self.basis.intercept
        going = np.ones(len(self.live), dtype=np.bool_)
        going[done] = False
        going[small[~(least > _DYING)]] = False
        self._keep(going)
        return len(self.live) > 0

    def _least_means(self, rows: NDArray[np.int64]) -> Floats:
        """Least mean of the cells that a table keeps."""
        means = self.means[rows]
        if self.kept is not None:
            means[self.kept[rows] == 0] = np.inf
        return np.asarray(means.min(axis=1))

    def _keep(self, going: NDArray[np.bool_]) -> None:
        """Leave the others out."""
        for name in (
            "live",
            "counts",
            "needed",
            "error",
            "kept",
            "predictor",
            "means",
            "rest",
            "score",
            "weight",
            "size",
            "direction",
        ):
            values = getattr(self, name)
            if values is not None:
                setattr(self, name, values[going])
