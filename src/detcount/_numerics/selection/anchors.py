"""Fits of many models to one table, from which steps lead to the tables that resemble it.

Where a model has the means mu, a table the counts n, and X is the design, the Newton step from one to the
other is H^-1 X'(n - mu) with H = X' diag(mu) X. The intercept is a column of X, and H times its unit vector
is X'mu: the means mu (1 + X step), which have the margins of n, are diag(mu) X H^-1 X' n, one product for all
tables. Everything is kept over all 2**K codes, 0 where a model has no term or keeps no cell, so that many
models are one array.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]
Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Anchors:
    """Fits of J models to one table, over C codes.

    Parameters
    ----------
    terms : ndarray of bool, shape (J, C)
        Terms with a finite coefficient.
    kept : ndarray of bool, shape (J, C)
        Cells that contain no term at minus infinity; the unseen cell is not one of them.
    codes : tuple of ndarray of int64
        Terms of each model, (p,).
    unions : tuple of ndarray of int64
        What any two of them are together, (p, p).
    theta : ndarray of float64, shape (J, C)
        Coefficients.
    predictor, means : ndarray of float64, shape (C, J)
        Sums of the coefficients over the subsets of a cell; means of the cells kept.
    raised : ndarray of float64, shape (J, C, C)
        What a change of the counts adds to the predictor by a Newton step.
    moved : ndarray of float64, shape (J, C, C)
        Makes means with the margins of a table out of its counts.
    """

    terms: Marks
    kept: Marks
    codes: tuple[Codes, ...]
    unions: tuple[Codes, ...]
    theta: Floats
    predictor: Floats
    means: Floats
    raised: Floats
    moved: Floats

    @classmethod
    def of(cls, models: Marks, start: Floats) -> Anchors:
        """From models, (J, C), and their coefficients, -inf where a term is lost."""
        subsets = subset_matrix(models.shape[1])
        terms = models & np.isfinite(start)
        kept = (models & ~terms) @ subsets.T == 0
        kept[:, 0] = False
        theta = np.where(terms, start, 0.0)
        predictor = theta @ subsets.T
        means = np.exp(predictor) * kept
        every = np.arange(models.shape[1])
        matrix = (means @ subsets)[:, every[:, None] | every]
        within = terms[:, :, None] & terms[:, None, :]
        matrix *= within
        matrix[:, every, every] += ~terms  # a term that a model has not: a unit vector
        inverse = np.linalg.inv(matrix)
        inverse *= within
        raised = subsets @ inverse @ subsets.T
        raised *= kept[:, None, :]
        codes = tuple(np.flatnonzero(row) for row in terms)
        return cls(
            terms=terms,
            kept=kept,
            codes=codes,
            unions=tuple(own[:, None] | own for own in codes),
            theta=theta,
            predictor=np.ascontiguousarray(predictor.T),
            means=np.ascontiguousarray(means.T),
            raised=raised,
            moved=raised * means[:, :, None],
        )


@lru_cache(maxsize=8)
def subset_matrix(n_codes: int) -> Floats:
    """Whether a cell, the row, contains a term, the column."""
    codes = np.arange(n_codes)
    matrix = np.asarray((codes[:, None] & codes) == codes, dtype=np.float64)
    matrix.setflags(write=False)
    return matrix
