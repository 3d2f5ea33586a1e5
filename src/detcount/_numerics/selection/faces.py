"""What a table leaves of a model: terms and cells, bounds of its likelihood, and its fit.

Tables in which another term of a face has nobody are fitted together with those that have the whole face:
such a term, and the cells that contain it, have mean 0 in these rows alone. Where a Newton step ends,
mu (1 + X step) has exactly the margins of the counts; a step that is small therefore proves that the maximum
exists.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.existence import support_codes
from detcount._numerics.patterns import superset_sums

__all__ = [
    "BEATEN",
    "FITTED",
    "UNSETTLED",
    "Face",
    "face_of",
    "first_bounds",
    "fit_face",
    "lift",
    "lost_terms",
    "solved",
]

FITTED, BEATEN, UNSETTLED = 0, 1, 2  # beaten: no maximum, or one too low

_ERROR = 1e-10  # of a logarithm of a mean, left by the last step: convergence is quadratic
_FAR = 28.0  # of log L: what is as far behind is fitted to 1e-4
_LEAST_CURVED = 0.25  # error after a step over the square of the step, at least
_MAX_STEPS = 80
_FIRST_STEPS = 8  # enough wherever there is a maximum, unless it lies far out
_PRUNED_STEPS = 2  # in which a table may be given up: those that go on are near their maximum
_HALVINGS = 40
_SHARED_STEPS = 2
_TINY = 1e-300  # so that 0 log 0 is 0
_POSITIVE = 1e-6  # share of its fitted mean that an uncounted cell must keep to prove existence
_RIDGE = 1e-13  # keeps a matrix that is singular to rounding solvable
_KEPT_CODES = 16  # four lists: 113 models and what single tables leave of them
_PRODUCT_CODES = 256  # beyond, sums over supersets are faster than a product with their matrix
_HALF = 0.5  # person, so that a count of 0 has a logarithm


@dataclass
class Face:
    """What is left of a model in a table: terms with a margin above zero, and the cells they leave."""

    terms: NDArray[np.int64]
    cells: NDArray[np.int64]
    n_codes: int
    design: NDArray[np.float64] = field(init=False)
    _unions: NDArray[np.int64] = field(init=False)  # of any two terms, each once
    _places: NDArray[np.int64] = field(init=False)  # of the union of two terms among these, (p, p)

    def __post_init__(self) -> None:
        self.design = ((self.cells[:, None] & self.terms) == self.terms).astype(np.float64)
        unions, places = np.unique(self.terms[:, None] | self.terms, return_inverse=True)
        self._unions, self._places = unions, places.reshape(len(self.terms), -1)

    @cached_property
    def determined(self) -> bool:
        """Tell whether the cells kept determine the intercept, and are as many as the terms."""
        return bool(self.determined_without(np.zeros((1, len(self.terms)), dtype=np.bool_))[0])

    def determined_without(self, lost: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Tell so of tables that lose some terms; a row of `lost` each."""
        signs = 1 - 2 * (np.bitwise_count(self.terms) & 1).astype(np.int64)
        kept = self.kept_cells(lost)
        sums = np.where(lost, 0, signs) @ self.design.T
        enough = (~lost).sum(axis=1) <= kept.sum(axis=1)
        return np.asarray(((sums != 0) & kept).any(axis=1) & enough)

    def kept_cells(self, lost: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Cells that contain no term lost, (B, c)."""
        return np.asarray(lost @ self.design.T == 0)

    @cached_property
    def _inside(self) -> NDArray[np.float64]:
        """Whether a cell has all the lists of a union: means times it are its sums over supersets."""
        inside = (self.cells[:, None] & self._unions) == self._unions
        return np.asarray(inside, dtype=np.float64)

    def information(
        self, means: NDArray[np.float64], lost: NDArray[np.bool_] | None = None
    ) -> NDArray[np.float64]:
        """X' diag(means) X for each row of means, (B, p, p); 1 on the diagonal of a term lost."""
        if self.n_codes <= _PRODUCT_CODES:
            sums = means @ self._inside
        else:
            full = np.zeros((len(means), self.n_codes))
            full[:, self.cells] = means
            sums = superset_sums(full)[:, self._unions]
        matrix = np.take(sums, self._places, axis=1)
        diagonal = np.arange(len(self.terms))
        matrix[:, diagonal, diagonal] *= 1 + _RIDGE
        if lost is not None:
            matrix[:, diagonal, diagonal] += lost
        return matrix


def face_of(terms: NDArray[np.int64], cells: NDArray[np.int64], n_codes: int) -> Face:
    """Give a face; those of few lists are kept, as table after table has the same."""
    if n_codes > _KEPT_CODES:
        return Face(terms, cells, n_codes)
    return _kept_face(terms.astype(np.int64).tobytes(), cells.astype(np.int64).tobytes(), n_codes)


@lru_cache(maxsize=1024)
def _kept_face(terms: bytes, cells: bytes, n_codes: int) -> Face:
    return Face(np.frombuffer(terms, dtype=np.int64), np.frombuffer(cells, dtype=np.int64), n_codes)


def lost_terms(face: Face, margins: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Terms of a face that have nobody in each table, (B, p)."""
    return np.asarray(margins[:, face.terms] == 0)


def first_bounds(
    face: Face, counts: NDArray[np.float64], theta: NDArray[np.float64], most: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bounds of -2 log L by one step that all tables share.

    The upper one is infinite without a proof, and where the lower one is above `most` and it is not needed.
    """
    predictor = face.design @ theta
    means = np.exp(predictor)
    project = lift(face, means) @ face.design.T
    change = counts @ project
    change -= means @ project
    log_likelihood, proved = _dual(counts, means[None, :], change)
    low = -2 * log_likelihood
    high = np.full(len(counts), np.inf)
    near = np.flatnonzero(proved & (low <= most))
    if len(near):
        reached = change[near] + predictor
        high[near] = -2 * _profile(counts[near], np.exp(reached), reached)[0]
    return low, high


def lift(face: Face, means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Matrix that makes a step of the coefficients out of a change of the counts, (c, p)."""
    information = face.information(means[None, :])[0]
    return np.asarray(np.linalg.solve(information, face.design.T).T)


def _dual(
    counts: NDArray[np.float64], means: NDArray[np.float64], change: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Upper bound of log L from a Newton step, and whether it proves that a maximum exists.

    A step that goes below zero is mixed with the counts themselves, which have the same margins.
    """
    mixed = means * change
    mixed += means
    proved = np.ones(len(mixed), dtype=np.bool_)
    doubtful = np.flatnonzero((mixed < _POSITIVE * means).any(axis=1))
    if len(doubtful):
        moved, n = mixed[doubtful], counts[doubtful]
        uncounted = n == 0
        sound = ~(uncounted & (change[doubtful] <= _POSITIVE - 1)).any(axis=1)
        below = (moved <= 0) & ~uncounted
        room = np.where(below, 0.9 * n / np.where(below, n - moved, 1.0), 1.0)
        share = np.where(sound, room.min(axis=1), 0.0)[:, None]
        mixed[doubtful] = share * moved + (1 - share) * n
        proved[doubtful] = sound
    logs = np.log(np.maximum(mixed, _TINY))
    return np.einsum("rc,rc->r", logs, mixed) - mixed.sum(axis=1), proved


def _profile(
    counts: NDArray[np.float64], means: NDArray[np.float64], predictor: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log L at a linear predictor with its intercept at the best value, and what to add to it."""
    total = counts.sum(axis=1)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        shift = np.log(total / means.sum(axis=1))
        value = np.einsum("rc,rc->r", counts, predictor) + total * shift - total
    return value, shift


def fit_face(
    face: Face,
    counts: NDArray[np.float64],
    theta: NDArray[np.float64],
    needed: NDArray[np.float64],
    lost: NDArray[np.bool_] | None = None,
    margin: float = 0.0,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Maximise log L of a face in each table; give up on a table once it cannot reach `needed`.

    `theta` has the coefficients of a fit to the average of the tables, from which one step that all tables
    share leads to where each begins. `lost` marks terms that have nobody in a table. With a margin between
    the log L of what weighs one and `needed`, what weighs less is fitted less closely. Gives log L, the
    intercept, and how each table ended: a table without a maximum is not fitted, and not unsettled either.
    """
    fits = _Fits(face, counts, theta, needed, lost, margin)
    fits.run(_FIRST_STEPS)
    if len(fits.live):
        fits.refuse()
        fits.run(_MAX_STEPS - _FIRST_STEPS)
    return fits.value, fits.intercept, fits.state


class _Fits:
    """Newton's method in many tables; those that have ended leave the arrays of the others."""

    def __init__(
        self,
        face: Face,
        counts: NDArray[np.float64],
        theta: NDArray[np.float64],
        needed: NDArray[np.float64],
        lost: NDArray[np.bool_] | None,
        margin: float,
    ) -> None:
        self.face, self.margin = face, margin
        self.state = np.full(len(counts), UNSETTLED)
        self.value = np.full(len(counts), -np.inf)
        self.intercept = np.zeros(len(counts))
        self.live = np.arange(len(counts))
        self.counts, self.needed, self.lost = counts, needed, lost
        self.kept = None if lost is None else face.kept_cells(lost)
        self.n_steps = 0
        predictor = face.design @ theta
        means = np.exp(predictor)
        # The logarithm of a ratio overshoots less than the difference where few are counted.
        moved = means * np.log((counts + _HALF) / (means + _HALF))
        if self.kept is not None:
            moved *= self.kept
        shared = lift(face, means)
        steps = moved @ shared
        self.predictor = predictor + steps @ face.design.T
        if self.kept is not None:
            self.predictor *= self.kept
        self.means = self._exponential(self.predictor)
        self.reached, shift = _profile(counts, self.means, self.predictor)
        self.first = theta[0] + steps[:, 0] + self._shifted(shift)
        for _ in range(_SHARED_STEPS if margin > 0 else 0):  # otherwise most tables are given up before
            self._share(shared)
        self.size = np.full(len(counts), np.inf)

    def _share(self, shared: NDArray[np.float64]) -> None:
        """Take one more step that all tables share, where the likelihood rises by it."""
        steps = (self.counts - self.means) @ shared
        trial = self.predictor + steps @ self.face.design.T
        if self.kept is not None:
            trial *= self.kept
        means = self._exponential(trial)
        reached, shift = _profile(self.counts, means, trial)
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
        kept, positive = np.zeros_like(terms), np.zeros_like(terms)
        terms[:, self.face.terms] = True if self.lost is None else ~self.lost
        kept[:, self.face.cells] = True if self.kept is None else self.kept
        positive[:, self.face.cells] = self.counts > 0
        none = support_codes(terms, kept, positive) != 0
        self.state[self.live[none]] = BEATEN
        self._keep(~none)

    def _step(self) -> None:
        """One step of every table that is still going."""
        face, n = self.face, self.counts
        score = (n - self.means) @ face.design
        step = solved(face.information(self.means, self.lost), score)
        change = step @ face.design.T
        if self.kept is not None:
            change *= self.kept
        beaten = np.zeros(len(n), dtype=np.bool_)
        if self.n_steps < _PRUNED_STEPS:
            low = np.flatnonzero(self.reached < self.needed)
            beaten[low] = _dual(n[low], self.means[low], change[low])[0] < self.needed[low]
        size = np.abs(change).max(axis=1)
        curved = np.maximum(size / self.size**2, _LEAST_CURVED)
        behind = np.clip(self.needed + self.margin - self.reached, 0.0, _FAR)
        settled = (curved * size**2 < _ERROR * np.exp(0.5 * behind)) & ~beaten
        shift = self._search(change, step, beaten | settled)
        self.first = self.first + step[:, 0] + shift
        self.size = size
        self.n_steps += 1
        done = beaten | settled
        if not done.any():
            return
        ended = self.live[settled]
        self.state[self.live[beaten]] = BEATEN
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
        new, shift = _profile(self.counts, means, trial)
        for _ in range(_HALVINGS):
            worse = np.flatnonzero(~(new >= old - 1e-9 * (1 + np.abs(old))) & ~ending)
            if len(worse) == 0:
                break
            change[worse] /= 2
            step[worse] /= 2
            trial[worse] = self.predictor[worse] + change[worse]
            means[worse] = self._exponential(trial[worse], worse)
            new[worse], shift[worse] = _profile(self.counts[worse], means[worse], trial[worse])
        self.predictor, self.means, self.reached = trial, means, new
        return self._shifted(shift)

    def _exponential(
        self, predictor: NDArray[np.float64], rows: NDArray[np.int64] | None = None
    ) -> NDArray[np.float64]:
        """Means, 0 in the cells that a table does not keep."""
        with np.errstate(over="ignore"):
            means = np.exp(predictor)
        if self.kept is not None:
            means *= self.kept if rows is None else self.kept[rows]
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
        for name in ("counts", "needed", "predictor", "means", "reached", "first", "size", "lost", "kept"):
            values = getattr(self, name)
            if values is not None:
                setattr(self, name, values[going])


def solved(matrix: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """Solve one system a row; where a mean has underflowed, lean on the diagonal."""
    try:
        return np.asarray(np.linalg.solve(matrix, right[:, :, None])[:, :, 0])
    except np.linalg.LinAlgError:
        diagonal = np.arange(matrix.shape[1])
        matrix[:, diagonal, diagonal] = matrix[:, diagonal, diagonal] * (1 + 1e-8) + 1e-300
        return np.asarray(np.linalg.solve(matrix, right[:, :, None])[:, :, 0])
