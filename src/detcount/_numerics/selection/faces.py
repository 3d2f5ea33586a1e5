"""What a table leaves of a model: terms and cells, bounds of its likelihood, and its fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from detcount._numerics.existence import support_codes
from detcount._numerics.patterns import superset_sums

__all__ = ["FITTED", "UNSETTLED", "Face", "faces", "first_bounds", "fit_face", "pooled_fit"]

_STEP = 1e-8  # last Newton step; convergence is quadratic, so the error is its square
_MAX_STEPS = 80
_FIRST_STEPS = 15  # enough wherever there is a maximum, unless it lies far out
_POSITIVE = 1e-6  # share of its fitted mean that an uncounted cell must keep to prove existence
_RIDGE = 1e-13  # keeps a matrix that is singular to rounding solvable
_DENSE_HESSIAN = 256  # cells; beyond, the information comes from superset sums


@dataclass
class Face:
    """What is left of a model in a table: terms with a margin above zero, and the cells they leave."""

    terms: NDArray[np.int64]
    cells: NDArray[np.int64]
    n_codes: int
    design: NDArray[np.float64] = field(init=False)
    _squares: NDArray[np.float64] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.design = ((self.cells[:, None] & self.terms) == self.terms).astype(np.float64)

    @property
    def identified(self) -> bool:
        """Tell whether the cells kept determine the intercept."""
        signs = 1 - 2 * (np.bitwise_count(self.terms) & 1).astype(np.int64)
        return bool((self.design @ signs != 0).any())

    def information(self, means: NDArray[np.float64]) -> NDArray[np.float64]:
        """X' diag(means) X for each row of means, (B, p, p)."""
        p = len(self.terms)
        if len(self.cells) < _DENSE_HESSIAN:
            if self._squares is None:
                self._squares = (self.design[:, :, None] * self.design[:, None, :]).reshape(-1, p * p)
            matrix = (means @ self._squares).reshape(-1, p, p)
        else:
            full = np.zeros((len(means), self.n_codes))
            full[:, self.cells] = means
            matrix = superset_sums(full)[:, self.terms[:, None] | self.terms[None, :]]
        diagonal = np.arange(p)
        matrix[:, diagonal, diagonal] *= 1 + _RIDGE
        return matrix


def faces(model: NDArray[np.bool_], margins: NDArray[np.float64]) -> Iterator[tuple[Face, NDArray[np.int64]]]:
    """Each face that the model has among the tables, with the tables that have it."""
    n_codes = len(model)
    terms = np.flatnonzero(model)
    empty = margins[:, terms] == 0
    cells = np.arange(1, n_codes)
    somewhere = np.flatnonzero(empty.any(axis=0))
    if len(somewhere) == 0:
        yield Face(terms, cells, n_codes), np.arange(len(margins))
        return
    packed = np.packbits(empty[:, somewhere], axis=1)
    keys, inverse = np.unique(packed, axis=0, return_inverse=True)
    inverse = inverse.reshape(-1)
    for place in range(len(keys)):
        rows = np.flatnonzero(inverse == place)
        gone = terms[empty[rows[0]]]
        kept = cells if len(gone) == 0 else cells[~((cells[:, None] & gone) == gone).any(axis=1)]
        yield Face(terms[~empty[rows[0]]], kept, n_codes), rows


FITTED, _BEATEN, UNSETTLED = 0, 1, 2


def pooled_fit(
    face: Face, pooled: NDArray[np.float64], start: NDArray[np.float64] | None
) -> NDArray[np.float64] | None:
    """Coefficients for the average of the tables, or None if it has no maximum: then no table has one.

    (A positive point with the margins of one table, plus the other tables, is one for their sum.)
    """
    if start is None or not np.isfinite(start).all():
        weights = pooled + 0.5
        start = np.linalg.solve(
            face.information(weights[None, :])[0], face.design.T @ (weights * np.log(weights))
        )
    theta = start[None, :].copy()
    counts, needed = pooled[None, :], np.array([-np.inf])
    if fit_face(face, counts, theta, needed, max_steps=_FIRST_STEPS)[2][0] != FITTED:
        if not _has_maximum(face, counts)[0]:
            return None
        fit_face(face, counts, theta, needed)
    return np.asarray(theta[0])


def first_bounds(
    face: Face, counts: NDArray[np.float64], theta: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bounds of -2 log L by one step that all tables share; the upper one infinite without a proof."""
    means = np.exp(face.design @ theta)
    information = face.information(means[None, :])[0]
    change = np.linalg.solve(information, ((counts - means) @ face.design).T).T @ face.design.T
    upper, proved = _dual(counts, means[None, :], change)
    lower = _profile(counts, face.design @ theta + change)[0]
    return -2 * upper, np.where(proved, -2 * lower, np.inf)


def _dual(
    counts: NDArray[np.float64], means: NDArray[np.float64], change: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Upper bound of log L from a Newton step, and whether it proves that a maximum exists.

    A step that goes below zero is mixed with the counts themselves, which have the same margins.
    """
    moved = means * (1 + change)
    uncounted = counts == 0
    proved = ~(uncounted & (change <= _POSITIVE - 1)).any(axis=1)
    below = (moved <= 0) & ~uncounted
    share = np.where(proved, 1.0, 0.0)
    if below.any():
        room = np.where(below, 0.9 * counts / np.where(below, counts - moved, 1.0), 1.0)
        share = share * room.min(axis=1)
    mixed = share[:, None] * moved + (1 - share[:, None]) * counts
    return (xlogy(mixed, mixed) - mixed).sum(axis=1), proved


def _profile(
    counts: NDArray[np.float64], predictor: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log L at a linear predictor with its intercept at the best value, and what to add to it."""
    total = counts.sum(axis=1)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        expected = np.exp(predictor).sum(axis=1)
        shift = np.log(total / expected)
        value = (counts * predictor).sum(axis=1) + total * shift - total
    return value, shift


def fit_face(
    face: Face,
    counts: NDArray[np.float64],
    theta: NDArray[np.float64],
    needed: NDArray[np.float64],
    *,
    max_steps: int = _MAX_STEPS,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Maximise log L of a face in each table; give up on a table once it cannot reach `needed`.

    `theta` is changed in place. Gives log L, the intercept, and how each table ended.
    """
    design = face.design
    state = np.full(len(counts), UNSETTLED)
    value, shift = _profile(counts, theta @ design.T)
    theta[:, 0] += shift
    live = np.arange(len(counts))
    for _ in range(max_steps):
        n, now = counts[live], theta[live]
        predictor = now @ design.T
        means = np.exp(predictor)
        step = np.linalg.solve(face.information(means), ((n - means) @ design)[:, :, None])[:, :, 0]
        change = step @ design.T
        upper, _ = _dual(n, means, change)
        beaten = upper < needed[live]
        settled = np.abs(step).max(axis=1) < _STEP
        scale = np.ones(len(live))
        old = value[live]
        new, shift = _profile(n, predictor + change)
        for _ in range(40):
            worse = ~(new >= old - 1e-9 * (1 + np.abs(old))) & ~beaten & ~settled
            if not worse.any():
                break
            scale[worse] /= 2
            new[worse], shift[worse] = _profile(
                n[worse], predictor[worse] + scale[worse, None] * change[worse]
            )
        now = now + scale[:, None] * step
        now[:, 0] += np.where(np.isfinite(shift), shift, 0.0)
        theta[live], value[live] = now, new
        state[live[beaten]] = _BEATEN
        state[live[settled & ~beaten]] = FITTED
        live = live[~(beaten | settled)]
        if len(live) == 0:
            break
    return value, theta[:, 0], state


def _has_maximum(face: Face, counts: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell in which tables the likelihood of a face has a maximum."""
    terms = np.zeros((len(counts), face.n_codes), dtype=np.bool_)
    kept, positive = np.zeros_like(terms), np.zeros_like(terms)
    terms[:, face.terms] = True
    kept[:, face.cells] = True
    positive[:, face.cells] = counts > 0
    return np.asarray(support_codes(terms, kept, positive) == 0)
