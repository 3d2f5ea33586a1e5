"""Lists that can be taken out of a model, so that a small residual model is left to fit, or none.

Take the table with its unseen cell, n0 persons in it. A list v that stands in one generator C of a model
alone depends on the other lists through S = C without v: the maximum is

    mu(w) = mu'(w without v) m_C(w) / m_S(w),

with m_C the counts by the lists of C and mu' the maximum of the model without v. Taking out lists while there
are such ones collapses the model to a residual one on some of the lists, or none where the graph of a
model of pairs is a forest. At n0 itself the fitted unseen cell is n0:

    log n0 = theta_0 + sum log m_C(0) - sum log m_S(0),   m_C(0) = a_C + n0,

where a_C persons are listed and on no list of C, and theta_0 is the intercept of the residual model; without
one exp(theta_0) is n + n0, everybody. Newton's method runs on its coefficients and log n0 together. At a
solution all margins are met, so that it is the maximum. A clique cell that nobody is in, though all the
terms inside it have somebody, proves that there is none.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import xlogy

from detcount._numerics.arrays import TINY, Bools, Floats, Ints, bincount
from detcount._numerics.patterns import generators
from detcount._numerics.selection.faces import FITTED, PRUNED, UNCONVERGED, Face, face_of, lift, solved
from detcount._numerics.selection.tuning import TUNING


@dataclass(frozen=True)
class Collapse:
    """Model left after lists are taken out.

    Parameters
    ----------
    residual : int
        Lists that are left, as a code.
    cliques : tuple of int
        The generators that lists were taken out from.
    factors : tuple of tuple of int
        Sets of lists whose counts stand in the product, and how often; below the line negative.
    """

    residual: int
    cliques: tuple[int, ...]
    factors: tuple[tuple[int, int], ...]


def collapsed(model: Bools) -> Collapse:
    """Take lists out of a model while one of them stands in a single generator."""
    return _collapsed(np.packbits(model).tobytes(), len(model))


@lru_cache(maxsize=1 << 13)
def _collapsed(packed: bytes, n_codes: int) -> Collapse:
    model = np.unpackbits(np.frombuffer(packed, dtype=np.uint8))[:n_codes].astype(np.bool_)
    left = [code for code in generators(model) if code]
    cliques: list[int] = []
    factors: Counter[int] = Counter()
    found = True
    while found:
        found = False
        for k in range(n_codes.bit_length() - 1):
            holding = [code for code in left if code >> k & 1]
            if len(holding) != 1:
                continue
            found, clique, rest = True, holding[0], holding[0] & ~(1 << k)
            cliques.append(clique)
            factors[clique] += 1
            factors[rest] -= 1
            left.remove(clique)
            if rest and not any(rest & ~code == 0 for code in left):
                left.append(rest)
    residual = 0
    for code in left:
        residual |= code
    retained = ((code, often) for code, often in sorted(factors.items()) if often)
    return Collapse(residual, tuple(dict.fromkeys(cliques)), tuple(retained))


class CliqueSums:
    """Counts of many tables by the lists of a set, each set worked out once."""

    def __init__(self, margins: Floats) -> None:
        self.margins = margins
        self._known: dict[int, tuple[Floats, Floats, Bools]] = {}

    def of(self, lists: int) -> tuple[Floats, Floats, Bools]:
        """Persons on none of the lists, the sum of m log m over the other cells, and whether all is sound.

        A cell with nobody in it is sound if a term inside it has nobody, and then nobody is on all its lists.
        """
        if lists not in self._known:
            cells = self.table(lists)
            empty = self.margins[:, _subsets(lists)] == 0
            sound = np.asarray(((cells > 0) | empty)[:, 1:].all(axis=1))
            fixed = np.asarray(xlogy(cells, cells)[:, 1:].sum(axis=1))
            self._known[lists] = cells[:, 0].copy(), fixed, sound
        return self._known[lists]

    def table(self, lists: int, rows: Ints | None = None) -> Floats:
        """Listed persons by the lists of a set, (B, 2**size)."""
        margins = self.margins if rows is None else self.margins[rows]
        cells = margins[:, _subsets(lists)]
        step = 1
        while step < cells.shape[1]:
            view = cells.reshape(len(cells), -1, 2, step)
            view[:, :, 0] -= view[:, :, 1]
            step *= 2
        return cells


def fit_collapsed(
    collapse: Collapse, face: Face, theta: Floats, sums: CliqueSums, rows: Ints
) -> tuple[Floats, Floats, Ints]:
    """Maximise log L of a model in some tables, from the coefficients of its fit to their average.

    Gives log L, the intercept, and how each table ended: `UNCONVERGED` where another engine has to decide.
    """
    state = np.full(len(rows), PRUNED)
    sound = np.ones(len(rows), dtype=np.bool_)
    for clique in collapse.cliques:
        sound &= sums.of(clique)[2][rows]
    value, intercept = np.full(len(rows), -np.inf), np.zeros(len(rows))
    going = np.flatnonzero(sound)
    if len(going) == 0:
        return value, intercept, state
    product = _Product(collapse, sums, rows[going])
    unseen = np.full(len(going), theta[0])
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        if collapse.residual:
            residual = _Residual(collapse.residual, face, theta, sums, rows[going])
            reached, unseen, settled = _with_residual(residual, product, unseen)
        else:
            reached, unseen, settled = _without_residual(product, sums.margins[rows[going], 0], unseen)
    far = ~(unseen <= np.log(sums.margins[rows[going], 0] + 1) + TUNING.farthest)
    settled &= np.isfinite(reached) & np.isfinite(unseen) & ~far
    state[going] = np.where(settled, FITTED, UNCONVERGED)
    value[going], intercept[going] = np.where(settled, reached, -np.inf), np.where(settled, unseen, 0.0)
    return value, intercept, state


class _Product:
    """The factors of closed form, as functions of log n0."""

    def __init__(self, collapse: Collapse, sums: CliqueSums, rows: Ints) -> None:
        self.often = np.array([often for _, often in collapse.factors], dtype=np.float64)[:, None]
        known = [sums.of(lists) for lists, _ in collapse.factors]
        self.unlisted = np.array([a[rows] for a, _, _ in known])  # (factors, B)
        self.fixed = (self.often * np.array([fixed[rows] for _, fixed, _ in known])).sum(axis=0)

    def at(self, unseen: Floats) -> tuple[Floats, Floats]:
        """Logarithm of the product in the unseen cell, and its derivative by log n0."""
        n_unseen = np.exp(unseen)
        counts = self.unlisted + n_unseen
        return (self.often * np.log(counts)).sum(axis=0), n_unseen * (self.often / counts).sum(axis=0)

    def value(self, unseen: Floats) -> Floats:
        """Compute the terms of factors and unseen cell in log L; the derivative vanishes at the solution."""
        n_unseen = np.exp(unseen)
        counts = self.unlisted + n_unseen
        return np.asarray(
            self.fixed + (self.often * counts * np.log(counts)).sum(axis=0) - n_unseen * (unseen - 1)
        )


def _without_residual(product: _Product, n_listed: Floats, unseen: Floats) -> tuple[Floats, Floats, Bools]:
    """Log L, log n0, and whether Newton's method settled, where one equation is left."""
    settled = np.zeros(len(unseen), dtype=np.bool_)
    previous = np.full(len(unseen), np.inf)
    for _ in range(TUNING.collapsed_steps):
        log_product, slope = product.at(unseen)
        n_all = n_listed + np.exp(unseen)
        step = -(unseen - log_product - np.log(n_all)) / (1 - slope - np.exp(unseen) / n_all)
        size = np.abs(step)
        unseen = np.where(settled, unseen, unseen + np.clip(step, -TUNING.longest, TUNING.longest))
        settled |= np.maximum(size / previous**2, TUNING.least_curved) * size**2 < TUNING.error
        previous = size
        if settled.all():
            break
    n_all = n_listed + np.exp(unseen)
    return product.value(unseen) + n_all * np.log(n_all) - n_all, unseen, settled


class _Residual:
    """The residual model in some tables, with its unseen cell."""

    def __init__(self, lists: int, face: Face, theta: Floats, sums: CliqueSums, rows: Ints) -> None:
        codes = _subsets(lists)
        inside = face.terms & ~lists == 0
        terms = np.searchsorted(codes, face.terms[inside])
        places = np.searchsorted(codes, np.append(0, face.cells & lists))
        means = np.append(np.exp(theta[0]), np.exp(face.design @ theta))
        average = bincount(places, means, minlength=len(codes)).astype(np.float64)
        cells = np.flatnonzero(average > 0)
        self.face = face_of(terms, cells, len(codes))
        # The coefficients of the average are its alternating sums.
        logs = np.log(np.maximum(average, TINY))
        signs = 1.0 - 2.0 * (np.bitwise_count(terms[:, None] ^ np.arange(len(codes))) & 1)
        below = (terms[:, None] & np.arange(len(codes))) == np.arange(len(codes))
        theta_average = (signs * below) @ logs
        self.margins = sums.margins[rows][:, face.terms[inside]]
        empty = self.margins == 0
        self.empty = empty if empty.any() else None
        self.retained = None if self.empty is None else self.face.retained_cells(empty)
        # One step that all tables share; the logarithm of a ratio overshoots less than the difference.
        means = average[cells]
        counts = sums.table(lists, rows)[:, cells]
        counts[:, 0] += np.exp(theta[0])
        moved = means * np.log((counts + 0.5) / (means + 0.5))
        if self.retained is not None:
            moved *= self.retained
        self.theta = theta_average + moved @ lift(self.face, means)


def _with_residual(residual: _Residual, product: _Product, unseen: Floats) -> tuple[Floats, Floats, Bools]:
    """Log L, log n0, and whether Newton's method settled, for the residual model and n0 together."""
    face = residual.face
    value, ended = np.full((2, len(unseen)), np.nan)
    settled = np.zeros(len(unseen), dtype=np.bool_)
    left = np.arange(len(unseen))
    theta, margins, empty, retained = (
        residual.theta,
        residual.margins,
        residual.empty,
        residual.retained,
    )
    unlisted, often = product.unlisted, product.often
    previous = np.full(len(unseen), np.inf)
    for _ in range(TUNING.collapsed_steps):
        means = np.exp(theta @ face.design.T)
        if retained is not None:
            means *= retained
        n_unseen = np.exp(unseen)
        counts = unlisted + n_unseen
        gap = unseen - (often * np.log(counts)).sum(axis=0) - theta[:, 0]
        bend = 1 - n_unseen * (often / counts).sum(axis=0)
        matrix = face.information(means, empty)
        pull = n_unseen / bend
        matrix[:, 0, 0] -= pull
        score = margins - means @ face.design
        score[:, 0] += n_unseen - pull * gap
        if empty is not None:
            score[empty] = 0.0
        sound = np.isfinite(matrix).all(axis=(1, 2))
        matrix[~sound] = np.eye(len(face.terms))
        step = solved(matrix, score)
        change = (step[:, 0] - gap) / bend
        moved = np.abs(step @ face.design.T) if retained is None else np.abs(step @ face.design.T) * retained
        size = np.maximum(moved.max(axis=1), np.abs(change))
        shorter = np.minimum(1.0, TUNING.longest / size)
        theta = theta + shorter[:, None] * step
        unseen = unseen + shorter * change
        done = np.maximum(size / previous**2, TUNING.least_curved) * size**2 < TUNING.error
        stray = ~np.isfinite(size) | ~sound
        previous = size
        going = ~(done | stray)
        if not going.all():
            ends = left[done]
            ended[ends], settled[ends] = unseen[done], True
            value[ends] = _value_of_residual(face, theta[done], margins[done], unseen[done], retained, done)
            left, theta, margins, unseen = left[going], theta[going], margins[going], unseen[going]
            unlisted, previous = unlisted[:, going], previous[going]
            empty, retained = (
                (None, None) if empty is None or retained is None else (empty[going], retained[going])
            )
        if len(left) == 0:
            break
    value += product.value(ended)
    return value, ended, settled


def _value_of_residual(
    face: Face, theta: Floats, margins: Floats, unseen: Floats, retained: Bools | None, rows: Bools
) -> Floats:
    """Compute the term of the residual model in log L."""
    means = np.exp(theta @ face.design.T)
    if retained is not None:
        means *= retained[rows]
    return np.asarray((margins * theta).sum(axis=1) + np.exp(unseen) * theta[:, 0] - means.sum(axis=1))


@lru_cache(maxsize=1 << 12)
def _subsets(lists: int) -> Ints:
    """Codes of the sets of some lists, in increasing order."""
    codes = [0]
    for k in range(lists.bit_length()):
        if lists >> k & 1:
            codes += [code | 1 << k for code in codes]
    return np.array(codes, dtype=np.int64)
