"""Faces of a model in a table: terms and cells that are left, and bounds of its likelihood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np

from detcount._numerics.arrays import TINY, Bools, Floats, Ints, repeat
from detcount._numerics.patterns import superset_sums
from detcount._numerics.selection.tuning import TUNING

FITTED, PRUNED, UNCONVERGED = 0, 1, 2  # pruned: no maximum, or one too low


@dataclass
class Face:
    """Part of a model left in a table: terms with a margin above zero, and the cells they leave."""

    terms: Ints
    cells: Ints
    n_codes: int
    design: Floats = field(init=False)
    _unions: Ints = field(init=False)  # of any two terms, each once
    _places: Ints = field(init=False)  # of the union of two terms among these, (p, p)

    def __post_init__(self) -> None:
        self.design = ((self.cells[:, None] & self.terms) == self.terms).astype(np.float64)
        unions, places = np.unique(self.terms[:, None] | self.terms, return_inverse=True)
        self._unions, self._places = unions, places.reshape(len(self.terms), -1)

    @cached_property
    def determined(self) -> bool:
        """True if the cells retained determine the intercept, and are as many as the terms."""
        return bool(self.determined_without(np.zeros((1, len(self.terms)), dtype=np.bool_))[0])

    def determined_without(self, empty: Bools) -> Bools:
        """The same for tables that lose some terms; a row of `empty` each."""
        signs = 1 - 2 * (np.bitwise_count(self.terms) & 1).astype(np.int64)
        retained = self.retained_cells(empty)
        sums = np.where(empty, 0, signs) @ self.design.T
        enough = (~empty).sum(axis=1) <= retained.sum(axis=1)
        return np.asarray(((sums != 0) & retained).any(axis=1) & enough)

    def retained_cells(self, empty: Bools) -> Bools:
        """Cells that contain no empty term, (B, c)."""
        return np.asarray(empty @ self.design.T == 0)

    @cached_property
    def _inside(self) -> Floats:
        """True if a cell has all the lists of a union: means times it are its sums over supersets."""
        inside = (self.cells[:, None] & self._unions) == self._unions
        return np.asarray(inside, dtype=np.float64)

    def information(self, means: Floats, empty: Bools | None = None) -> Floats:
        """X' diag(means) X for each row of means, (B, p, p); 1 on the diagonal of an empty term."""
        if self.n_codes <= TUNING.product_codes:
            sums = means @ self._inside
        else:
            full = np.zeros((len(means), self.n_codes))
            full[:, self.cells] = means
            sums = superset_sums(full)[:, self._unions]
        matrix = np.take(sums, self._places, axis=1)
        diagonal = np.arange(len(self.terms))
        matrix[:, diagonal, diagonal] *= 1 + TUNING.ridge
        if empty is not None:
            matrix[:, diagonal, diagonal] += empty
        return matrix


def face_of(terms: Ints, cells: Ints, n_codes: int) -> Face:
    """Give a face; those of few lists are kept, as table after table has the same."""
    if n_codes > TUNING.kept_codes:
        return Face(terms, cells, n_codes)
    return _kept_face(terms.astype(np.int64).tobytes(), cells.astype(np.int64).tobytes(), n_codes)


@lru_cache(maxsize=1024)
def _kept_face(terms: bytes, cells: bytes, n_codes: int) -> Face:
    return Face(np.frombuffer(terms, dtype=np.int64), np.frombuffer(cells, dtype=np.int64), n_codes)


def degenerate_terms(face: Face, margins: Floats) -> Bools:
    """Terms of a face that have nobody in each table, (B, p)."""
    return np.asarray(margins[:, face.terms] == 0)


@dataclass(frozen=True)
class SharedStep:
    """A fit to the average of some tables, and the step from there that all of them share."""

    predictor: Floats
    means: Floats
    project: Floats  # makes a change of the predictor out of one of the counts, (c, c)


def first_bounds(
    steps: Sequence[SharedStep], counts: Sequence[Floats], most: Floats
) -> tuple[Floats, Floats, Bools]:
    """Bounds of -2 log L in the tables of each step, and whether a maximum is proved to exist.

    The upper bound is infinite without a proof, and where the lower one is above `most`, so that it is not
    needed.
    """
    of = repeat(np.arange(len(steps)), [len(each) for each in counts])
    means, n = np.array([step.means for step in steps])[of], np.concatenate(counts)
    change = np.concatenate(
        [(each - step.means) @ step.project for step, each in zip(steps, counts, strict=True)]
    )
    log_likelihood, proved = dual_bound(n, means, change)
    low = -2 * log_likelihood
    high = np.full(len(n), np.inf)
    (near,) = (proved & (low <= most)).nonzero()
    if len(near):
        reached = change[near] + np.array([step.predictor for step in steps])[of[near]]
        high[near] = -2 * profile(n[near], np.exp(reached), reached)[0]
    return low, high, proved


def shared_steps(faces: Sequence[Face], thetas: Sequence[Floats]) -> list[SharedStep]:
    """Steps of many faces from their coefficients; those of one shape are solved for together."""
    steps: dict[int, SharedStep] = {}
    shapes = {face.design.shape for face in faces}
    for shape in shapes:
        which = [k for k, face in enumerate(faces) if face.design.shape == shape]
        design = np.stack([faces[k].design for k in which])
        across = design.transpose(0, 2, 1)
        predictor = (design @ np.stack([thetas[k] for k in which])[:, :, None])[:, :, 0]
        means = np.exp(predictor)
        information = (across * means[:, None, :]) @ design
        diagonal = np.arange(shape[1])
        information[:, diagonal, diagonal] *= 1 + TUNING.ridge
        project = np.linalg.solve(information, across).transpose(0, 2, 1) @ across
        steps |= {k: SharedStep(*each) for k, *each in zip(which, predictor, means, project, strict=True)}
    return [steps[k] for k in range(len(faces))]


def lift(face: Face, means: Floats) -> Floats:
    """Matrix that makes a step of the coefficients out of a change of the counts, (c, p)."""
    information = face.information(means[None, :])[0]
    return np.asarray(np.linalg.solve(information, face.design.T).T)


def dual_bound(counts: Floats, means: Floats, change: Floats) -> tuple[Floats, Bools]:
    """Upper bound of log L from a Newton step, and whether it proves that a maximum exists.

    A step that goes below zero is mixed with the counts themselves, which have the same margins.
    """
    mixed = means * change
    mixed += means
    proved = np.ones(len(mixed), dtype=np.bool_)
    (doubtful,) = np.asarray((mixed < TUNING.positive * means).any(axis=1)).nonzero()
    if len(doubtful):
        moved, n = mixed[doubtful], counts[doubtful]
        uncounted = n == 0
        sound = ~(uncounted & (change[doubtful] <= TUNING.positive - 1)).any(axis=1)
        below = (moved <= 0) & ~uncounted
        room = np.where(below, 0.9 * n / np.where(below, n - moved, 1.0), 1.0)
        share = np.where(sound, room.min(axis=1), 0.0)[:, None]
        mixed[doubtful] = share * moved + (1 - share) * n
        proved[doubtful] = sound
    logs = np.log(mixed + TINY)
    logs -= 1
    return np.einsum("rc,rc->r", logs, mixed), proved


def profile(counts: Floats, means: Floats, predictor: Floats) -> tuple[Floats, Floats]:
    """Log L at a linear predictor with its intercept at the best value, and what to add to it."""
    total = counts.sum(axis=1)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        shift = np.log(total / means.sum(axis=1))
        value = np.einsum("rc,rc->r", counts, predictor) + total * shift - total
    return value, shift


def solved(matrix: Floats, right: Floats) -> Floats:
    """Solve one system a row; where a mean has underflowed, lean on the diagonal."""
    try:
        return np.asarray(np.linalg.solve(matrix, right[:, :, None])[:, :, 0])
    except np.linalg.LinAlgError:
        diagonal = np.arange(matrix.shape[1])
        matrix[:, diagonal, diagonal] = matrix[:, diagonal, diagonal] * (1 + 1e-8) + 1e-300
        return np.asarray(np.linalg.solve(matrix, right[:, :, None])[:, :, 0])
