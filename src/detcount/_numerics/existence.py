"""Existence of an extended maximum of a hierarchical model, and identification of the unseen cell.

A term theta of the model with n*_theta = 0 (nobody on all its lists) has its maximum at minus
infinity: the term is dropped with every cell that contains it, and the rest is fitted (Fienberg and
Rinaldo 2012; Chan, Silverman and Vincent 2021). What remains is judged by two codes that add up:
1, the likelihood of the rest has no maximum; 2, the intercept is not determined by the cells kept.

Identification. With sums g(w) of the coefficients over the subsets of w, a null vector has g(w) = 0 on
every kept cell. A kept term is itself a kept cell, so Moebius inversion leaves only a_theta =
(-1)^|theta| a_0, and the model is identified iff for some kept cell the sum of (-1)^|theta| over the
kept terms inside it is not 0. That is arithmetic of integers.

Existence. No maximum exists iff some combination d of the terms is 0 on the positive cells, nowhere
negative on the empty kept cells, and positive on one of them (Haberman 1974). Such d come from the
null space of the Gram matrix of the positive cells, whose entry (theta, phi) is the number of positive
cells that contain theta | phi. No null space: a maximum exists. One dimension: look at the signs of
its d. Two or three: the d that are nowhere negative are a cone with a vertex, which has an edge on which
one or two cells are 0, unless it is the vertex alone; all such edges are tried. More: a linear program in as
many variables as there are dimensions, whose optimum is 0, or at least 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Bools, Floats, repeat
from detcount._numerics.patterns import number_of_lists, sizes

OK, NO_MAXIMUM, UNIDENTIFIED = 0, 1, 2


@dataclass(frozen=True)
class Tuning:
    """Tolerances of the test that an estimate exists.

    Parameters
    ----------
    chunk : int, doubles
        Doubles in a temporary array. Computational (`test_numbers`).
    alike : int, models
        Models of one set of cells from which their terms are tested together. Computational (`test_numbers`).
    null : float, relative
        Eigenvalue that counts as 0; others are above 1e-5. Computational (`test_numbers`).
    flat : float
        Entry of a unit null vector that counts as 0; others are ratios of small integers. Computational
        (`test_numbers`).
    below : float
        Value below 0 that counts as 0. Computational (`test_numbers`).
    planes : int, dimensions
        Dimensions in which edges are enumerated. Computational (`test_numbers`).
    most_columns : int, columns
        Columns in three dimensions up to which edges are enumerated. Computational (`test_numbers`).
    """

    chunk: int = 1 << 19
    alike: int = 4
    null: float = 1e-9
    flat: float = 1e-9
    below: float = 1e-6
    planes: int = 3
    most_columns: int = 128


TUNING = Tuning()


def existence_code(model: Bools, counts: Floats) -> int:
    """0 fits; 1 has no extended maximum; 2 is not identified; 3 both."""
    return int(existence_codes(model, counts)[0])


def existence_codes(models: Bools, counts: Floats) -> NDArray[np.int8]:
    """Codes of pairs of model and table; both (B, C) or (C,), broadcast on the leading axis."""
    terms, kept, positive = extended_support(models, counts)
    return support_codes(terms, kept, positive)


def extended_support(models: Bools, counts: Floats) -> tuple[Bools, Bools, Bools]:
    """Terms and cells that the extended maximum keeps, and the cells with somebody; each (B, C)."""
    models = np.atleast_2d(models)
    positive = np.atleast_2d(counts) > 0
    positive[:, 0] = False
    somebody = up_any(positive)
    terms = models & somebody
    kept = ~down_any(models & ~somebody)
    kept[:, 0] = False
    return terms, kept, np.broadcast_to(positive, terms.shape)


def support_codes(terms: Bools, kept: Bools, positive: Bools) -> NDArray[np.int8]:
    """Codes from the supports alone: nothing else of the counts matters."""
    n_codes = terms.shape[1]
    first, inverse = unique_rows(np.concatenate([terms, kept, positive], axis=1))
    terms, kept, positive = terms[first], kept[first], positive[first]
    codes = np.zeros(len(terms), dtype=np.int8)
    step = max(1, TUNING.chunk // n_codes)
    for start in range(0, len(terms), step):
        part = slice(start, start + step)
        codes[part][~_identified(terms[part], kept[part])] = UNIDENTIFIED
    sparse = np.flatnonzero((kept & ~positive).any(axis=1))
    if len(sparse) >= TUNING.alike:
        sparse = sparse[_doubtful(terms[sparse], kept[sparse], positive[sparse])]
    if len(sparse):
        codes[sparse[_separated(terms[sparse], kept[sparse], positive[sparse])]] += NO_MAXIMUM
    return codes[inverse]


def unique_rows(rows: Bools) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First place of each distinct row, and for each row which of these it equals."""
    packed = np.packbits(rows, axis=1)
    width = packed.shape[1]
    padded = np.zeros((len(rows), -(-width // 8) * 8), dtype=np.uint8)
    padded[:, :width] = packed
    words = padded.view(np.uint64)
    if len(rows) == 1:
        return np.zeros(1, dtype=np.intp), np.zeros(1, dtype=np.intp)
    order = np.lexsort(words.T)
    ordered = words[order]
    new = np.concatenate([[True], (ordered[1:] != ordered[:-1]).any(axis=1)])
    inverse = np.empty(len(rows), dtype=np.intp)
    inverse[order] = np.cumsum(new) - 1
    return order[new], inverse


def up_any(marks: Bools) -> Bools:
    """Check whether any superset is marked; last axis 2**K."""
    return _any(marks, down=False)


def down_any(marks: Bools) -> Bools:
    """Check whether any subset is marked; last axis 2**K."""
    return _any(marks, down=True)


def _any(marks: Bools, *, down: bool) -> Bools:
    """Spread marks to supersets (down: a subset is marked) or to subsets, cells first for speed."""
    spread = np.array(marks.T, order="C")
    n_codes = spread.shape[0]
    step = 1
    while step < n_codes:
        view = spread.reshape(n_codes // (2 * step), 2, step, -1)
        if down:
            view[:, 1] |= view[:, 0]
        else:
            view[:, 0] |= view[:, 1]
        step *= 2
    return np.ascontiguousarray(spread.T)


def _identified(terms: Bools, kept: Bools) -> Bools:
    """Check whether the kept cells determine the intercept."""
    n_codes = terms.shape[1]
    sign = 1 - 2 * (sizes(number_of_lists(n_codes)) & 1)
    sums = np.ascontiguousarray((terms * sign).T)
    step = 1
    while step < n_codes:
        view = sums.reshape(n_codes // (2 * step), 2, step, -1)
        view[:, 1] += view[:, 0]
        step *= 2
    return np.asarray(((sums.T != 0) & kept).any(axis=1))


def _doubtful(terms: Bools, kept: Bools, positive: Bools) -> Bools:
    """Check whether a model may have no maximum; it has one if all terms of models with its cells have.

    A direction of some of the terms is one of all of them.
    """
    first, inverse = unique_rows(np.concatenate([kept, positive], axis=1))
    if len(terms) < TUNING.alike * len(first):
        return np.ones(len(terms), dtype=np.bool_)
    together = np.zeros((len(first), terms.shape[1]), dtype=np.bool_)
    np.logical_or.at(together, inverse, terms)
    return _separated(together, kept[first], positive[first])[inverse]


def _separated(terms: Bools, kept: Bools, positive: Bools) -> Bools:
    """Check whether some direction is 0 on the positive cells and one-sided on the empty kept ones."""
    first, inverse = unique_rows(np.concatenate([terms, positive], axis=1))
    spaces = _null_spaces(terms[first], positive[first])
    found = np.zeros(len(terms), dtype=np.bool_)
    decided: dict[bytes, bool] = {}
    for row in np.flatnonzero([spaces[place] is not None for place in inverse]):
        directions = spaces[inverse[row]]
        assert directions is not None
        found[row] = _one_sided(directions[:, kept[row] & ~positive[row]], decided)
    return found


def _null_spaces(terms: Bools, positive: Bools) -> list[Floats | None]:
    """Directions over all cells that are 0 on the positive ones, (q, C), or None where q = 0."""
    n_rows, n_codes = terms.shape
    spaces: list[Floats | None] = [None] * n_rows
    n_terms = terms.sum(axis=1)
    for p in np.unique(n_terms):
        group = np.flatnonzero(n_terms == p)
        step = max(1, TUNING.chunk // max(int(p) ** 2, n_codes))
        for start in range(0, len(group), step):
            rows = group[start : start + step]
            codes = np.nonzero(terms[rows])[1].reshape(len(rows), p)
            containing = _sums(positive[rows].astype(np.float64), subsets=False)
            gram = np.take_along_axis(
                containing, (codes[:, :, None] | codes[:, None, :]).reshape(len(rows), p * p), axis=1
            ).reshape(len(rows), p, p)
            values, vectors = np.linalg.eigh(gram)
            null = values < TUNING.null * values[:, -1:]
            for place in np.flatnonzero(null.any(axis=1)):
                basis = np.zeros((int(null[place].sum()), n_codes))
                basis[:, codes[place]] = vectors[place][:, null[place]].T
                spaces[rows[place]] = _sums(basis, subsets=True)
    return spaces


def _sums(values: Floats, *, subsets: bool) -> Floats:
    """Sums over subsets or supersets of each code, cells first for speed."""
    sums = np.array(values.T, order="C")
    n_codes = sums.shape[0]
    step = 1
    while step < n_codes:
        view = sums.reshape(n_codes // (2 * step), 2, step, -1)
        if subsets:
            view[:, 1] += view[:, 0]
        else:
            view[:, 0] += view[:, 1]
        step *= 2
    return sums.T


def _one_sided(directions: Floats, decided: dict[bytes, bool]) -> bool:
    """Check whether some combination of the rows is nowhere negative and somewhere positive."""
    clean = _row_space(directions)
    if len(clean) == 0:
        return False
    if len(clean) == 1:
        return bool((clean >= 0).all() or (clean <= 0).all())
    key = clean.tobytes()
    if key not in decided:
        few = len(clean) <= TUNING.planes and clean.shape[1] <= TUNING.most_columns
        decided[key] = _one_sided_edge(clean) if few else _one_sided_program(clean)
    return decided[key]


def _row_space(rows: Floats) -> Floats:
    """Basis of the row space in reduced echelon form, distinct columns only."""
    basis = rows.copy()
    rank = 0
    for column in range(basis.shape[1]):
        if rank == len(basis):
            break
        pivot = rank + int(np.argmax(np.abs(basis[rank:, column])))
        if abs(basis[pivot, column]) <= TUNING.flat:
            continue
        basis[[rank, pivot]] = basis[[pivot, rank]]
        basis[rank] /= basis[rank, column]
        others = np.arange(len(basis)) != rank
        basis[others] -= basis[others, column][:, None] * basis[rank]
        rank += 1
    basis = np.round(basis[:rank], 9)
    return np.unique(basis + 0.0, axis=1)


def _one_sided_edge(rows: Floats) -> bool:
    """The same for two or three rows: whether a combination that is 0 in one column, or two, will do."""
    columns = rows[:, np.abs(rows).max(axis=0) > TUNING.flat].T
    columns = columns / np.abs(columns).max(axis=1, keepdims=True)
    if len(rows) == 2:
        edges = np.stack([-columns[:, 1], columns[:, 0]], axis=1)
    else:
        first, second = np.triu_indices(len(columns), 1)
        edges = np.cross(columns[first], columns[second])
    length = np.abs(edges).max(axis=1)
    edges = edges[length > TUNING.flat] / length[length > TUNING.flat, None]
    values = edges @ columns.T
    return bool(((values > -TUNING.below).all(axis=1) | (values < TUNING.below).all(axis=1)).any())


def _one_sided_program(rows: Floats) -> bool:
    """Greatest sum of d with 0 <= d <= 1, d in the row space: 0, or at least 1 after scaling."""
    from scipy.optimize import linprog

    constraints = np.concatenate([rows.T, -rows.T])
    limits = repeat([1.0, 0.0], rows.shape[1])
    answer: Any = linprog(
        -rows.sum(axis=1), A_ub=constraints, b_ub=limits, bounds=(None, None), method="highs"
    )
    return bool(-answer.fun > 0.5)
