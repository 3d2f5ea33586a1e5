"""Extended maximum likelihood of hierarchical Poisson models, many at a time.

log mu_w is the sum of the coefficients of the terms inside w (Fienberg 1972). With Z_theta the sum of
mu over the kept cells that contain theta, the score is n*_theta - Z_theta and the information matrix is
H[theta, phi] = Z[theta | phi]: a look-up, no product of matrices. Fits with the same number of terms are
solved together; cells stand on the leading axis, so that sums over subsets run along memory.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

from detcount._numerics.arrays import Bools, Floats, Ints
from detcount._numerics.existence import OK, extended_support, support_codes, unique_rows
from detcount.errors import ConvergenceError
from detcount.words import Message


@dataclass(frozen=True)
class Tuning:
    """Newton's method for Poisson models.

    Parameters
    ----------
    tolerance : float, relative to n
        Score at which a fit has converged. Computational (`test_numbers`).
    rounding : float, relative
        Change of a log-likelihood that counts as rounding. Computational (`test_numbers`).
    steps : int, evaluations
        Most evaluations; ten are usual. Computational (`test_numbers`).
    chunk : int, doubles
        Doubles in an array of cells by fits. Computational (`test_numbers`).
    small : float, persons
        Added to the counts of the first guess. Computational (`test_numbers`).
    """

    tolerance: float = 1e-10
    rounding: float = 1e-12
    steps: int = 200
    chunk: int = 1 << 16
    small: float = 0.1


TUNING = Tuning()


@dataclass(frozen=True)
class HierarchicalFits:
    """Fits of B pairs of model and table; rows with a code other than 0 hold nan.

    Parameters
    ----------
    code : ndarray of int8, shape (B,)
        0 fitted; 1 no extended maximum; 2 not identified; 3 both.
    n_unobserved : ndarray of float64, shape (B,)
        exp(intercept), persons.
    variance : ndarray of float64, shape (B,)
        Variance of N: n_0 + n_0^2 [I^-1]_00 (Rivest and Levesque 2001); nan when not asked for.
    log_likelihood : ndarray of float64, shape (B,)
        Poisson, with its constant, over the cells kept.
    n_parameters : ndarray of int64, shape (B,)
        Terms of the model, the intercept and those at minus infinity among them. A term that the data
        send to minus infinity has been chosen from the data like any other; leaving it out of the
        count would reward a model for every empty overlap that it names. Rcapture, SparseMSE and
        MultipleSystemsEstimation count so too.
    n_finite : ndarray of int64, shape (B,)
        Terms with a finite coefficient.
    deviance : ndarray of float64, shape (B,)
        Against the saturated model.
    degrees_of_freedom : ndarray of int64, shape (B,)
        Cells kept less finite coefficients.
    coefficients : ndarray of float64, shape (B, C)
        0 outside the model, minus infinity where the extended maximum has it.
    fitted : ndarray of float64, shape (B, C)
        Expected counts; the unseen cell in place 0, 0 in the cells dropped.
    """

    code: NDArray[np.int8]
    n_unobserved: Floats
    variance: Floats
    log_likelihood: Floats
    n_parameters: Ints
    n_finite: Ints
    deviance: Floats
    degrees_of_freedom: Ints
    coefficients: Floats
    fitted: Floats

    def one(self, row: int) -> HierarchicalFits:
        """One of the fits."""
        return HierarchicalFits(**{name: values[row : row + 1] for name, values in vars(self).items()})

    def aic(self) -> Floats:
        """-2 log L + 2 p."""
        return -2 * self.log_likelihood + 2.0 * self.n_parameters

    def bic(self, n_observed: Floats | float) -> Floats:
        """-2 log L + p log n, with n the persons listed."""
        return -2 * self.log_likelihood + self.n_parameters * np.log(n_observed)

    def aicc(self, n_observed: Floats | float) -> Floats:
        """AIC + 2 p (p + 1) / (n - p - 1), with n the persons listed; infinite where n <= p + 1."""
        p = self.n_parameters.astype(np.float64)
        room = n_observed - p - 1
        with np.errstate(divide="ignore"):
            return np.where(room > 0, self.aic() + 2 * p * (p + 1) / np.maximum(room, 0), np.inf)


def fit_hierarchical(
    models: Bools,
    counts: Floats,
    *,
    start: Floats | None = None,
    with_variance: bool = True,
    proved: Bools | None = None,
) -> HierarchicalFits:
    """Fit pairs of model and table, both (B, C) or (C,), broadcast on the leading axis.

    `start` holds coefficients to begin from, (B, C) or (C,), such as those of the original table in
    a bootstrap. Entry 0 of the counts, the unseen cell, is ignored. `proved` marks pairs that are known to
    have a maximum, (B,).
    """
    models = np.atleast_2d(models)
    counts = np.atleast_2d(np.asarray(counts, dtype=np.float64)).copy()
    counts[:, 0] = 0.0
    terms, kept, positive = extended_support(models, counts)
    dropped = models & ~terms
    inverse = None
    if len(counts) == 1 and start is None:  # models that differ in dropped terms alone are one fit
        first, inverse = unique_rows(np.concatenate([terms, kept], axis=1))
        terms, kept, positive = terms[first], kept[first], positive[first]
    code = np.full(len(terms), OK, dtype=np.int8)
    asked = np.ones(len(terms), dtype=np.bool_) if proved is None else ~proved
    if asked.any():
        code[asked] = support_codes(terms[asked], kept[asked], positive[asked])
    n_fits, n_codes = terms.shape
    n_terms = terms.sum(axis=1)
    if start is not None:
        start = np.broadcast_to(np.atleast_2d(start), terms.shape)
    coefficients, fitted = np.full((2, n_fits, n_codes), np.nan)
    log_likelihood, deviance, variance = np.full((3, n_fits), np.nan)
    for p in np.unique(n_terms[code == OK]):
        group = np.flatnonzero((code == OK) & (n_terms == p))
        step = max(16, TUNING.chunk // (n_codes + int(p) ** 2))
        for low in range(0, len(group), step):
            rows = group[low : low + step]
            fits = _fit_same_size(
                terms[rows],
                kept[rows],
                counts if len(counts) == 1 else counts[rows],
                None if start is None else start[rows],
                with_variance=with_variance,
            )
            coefficients[rows], fitted[rows], log_likelihood[rows], deviance[rows], inverse_00 = fits
            variance[rows] = fitted[rows, 0] * (1 + fitted[rows, 0] * inverse_00)
    degrees_of_freedom = kept.sum(axis=1) - n_terms
    if inverse is not None:
        code, n_terms, degrees_of_freedom = code[inverse], n_terms[inverse], degrees_of_freedom[inverse]
        coefficients, fitted = coefficients[inverse], fitted[inverse]
        log_likelihood, deviance, variance = log_likelihood[inverse], deviance[inverse], variance[inverse]
    coefficients[dropped & (code == OK)[:, None]] = -np.inf
    return HierarchicalFits(
        code=code,
        n_unobserved=fitted[:, 0].copy(),
        variance=variance,
        log_likelihood=log_likelihood,
        n_parameters=np.broadcast_to(models.sum(axis=1), code.shape).copy(),
        n_finite=n_terms,
        deviance=deviance,
        degrees_of_freedom=degrees_of_freedom,
        coefficients=coefficients,
        fitted=fitted,
    )


def _fit_same_size(
    terms: Bools, kept: Bools, counts: Floats, start: Floats | None, *, with_variance: bool
) -> tuple[Floats, ...]:
    """Fits that have as many terms: coefficients, fitted, log-likelihood, deviance, [I^-1]_00.

    A step that lowers the likelihood is halved. The iteration begins at the model of equal cells, so
    that a bad first guess is halved as well.
    """
    problem = whole = _Problem.of(terms, kept, counts)
    n_fits = len(terms)
    final = np.empty((n_fits, problem.codes.shape[1]))
    inverse_00 = np.full(n_fits, np.nan)
    best = np.zeros_like(final)
    best[:, 0] = np.log(problem.totals[:, 0] / problem.kept.sum(axis=0))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        step = _first_guess(problem, start) - best
        best_value = problem.evaluate(best)[1]
        left = np.arange(n_fits)
        for _ in range(TUNING.steps):
            candidate = best + step
            mean, value = problem.evaluate(candidate)
            better = value >= best_value - TUNING.rounding * np.abs(best_value)
            step[~better] *= 0.5
            best = np.where(better[:, None], candidate, best)
            best_value = np.where(better, value, best_value)
            sums = _superset_sums(mean)
            score = problem.totals - problem.take(sums)
            done = better & (np.abs(score) <= TUNING.tolerance * problem.totals).all(axis=1)
            moved = np.flatnonzero(better if with_variance else better & ~done)
            if len(moved):
                solved = _solve(problem.information(sums, moved), score[moved], with_variance)
                step[moved] = solved[:, :, 0]
                if with_variance:
                    inverse_00[left[moved]] = solved[:, 0, 1]
            if done.any():
                final[left[done]] = best[done]
                going = ~done
                if not going.any():
                    return (*whole.summary(final), inverse_00)
                best, best_value, step, left = best[going], best_value[going], step[going], left[going]
                problem = problem.part(going)
    raise ConvergenceError(
        Message("{n} log-linear fits had not converged after {steps} steps", n=len(left), steps=TUNING.steps),
        last=best,
    )


@dataclass
class _Problem:
    """Fits that have as many terms, cells on the leading axis of their tables."""

    codes: NDArray[np.intp]  # (B, p) terms, the intercept first
    shared: bool  # all rows of codes are equal
    kept: Bools  # (C, B)
    counts: Floats  # (C, B), or (C, 1) when all fits are of one table
    totals: Floats  # (B, p) n*_theta

    @classmethod
    def of(cls, terms: Bools, kept: Bools, counts: Floats) -> _Problem:
        codes = np.nonzero(terms)[1].reshape(len(terms), -1)
        shared = bool((codes == codes[0]).all())
        cells = np.ascontiguousarray(counts.T)
        sums = _superset_sums(cells)
        totals = sums[codes, 0] if cells.shape[1] == 1 else sums[codes, np.arange(len(terms))[:, None]]
        return cls(codes, shared, np.ascontiguousarray(kept.T), cells, totals)

    def part(self, rows: Bools) -> _Problem:
        """Some of the fits."""
        counts = self.counts if self.counts.shape[1] == 1 else self.counts[:, rows]
        return _Problem(self.codes[rows], self.shared, self.kept[:, rows], counts, self.totals[rows])

    def log_means(self, coefficients: Floats) -> Floats:
        """Sums of the coefficients over the subsets of each cell, (C, B)."""
        spread = np.zeros(self.kept.shape)
        if self.shared:
            spread[self.codes[0]] = coefficients.T
        else:
            spread[self.codes, np.arange(len(self.codes))[:, None]] = coefficients
        return _add_subsets(spread)

    def evaluate(self, coefficients: Floats) -> tuple[Floats, Floats]:
        """Means of the kept cells, 0 elsewhere, and the log-likelihood but for its constant."""
        log_mean = self.log_means(coefficients)
        mean = np.exp(log_mean)
        mean[~self.kept] = 0.0
        log_mean *= self.counts
        log_mean -= mean
        return mean, _sum_of_cells(np.where(self.kept, log_mean, 0.0))

    def take(self, sums: Floats) -> Floats:
        """Sums of the terms, (B, p)."""
        if self.shared:
            return np.asarray(sums[self.codes[0]].T)
        return np.asarray(sums[self.codes, np.arange(len(self.codes))[:, None]])

    def information(self, sums: Floats, rows: NDArray[np.intp]) -> Floats:
        """H[theta, phi] = Z[theta | phi] of some fits, (rows, p, p)."""
        if self.shared:
            pairs = self.codes[0][:, None] | self.codes[0]
            return np.asarray(sums[:, rows][pairs].transpose(2, 0, 1))
        codes = self.codes[rows]
        pairs = codes[:, :, None] | codes[:, None, :]
        return np.asarray(np.take(sums, pairs * sums.shape[1] + rows[:, None, None]))

    def summary(self, coefficients: Floats) -> tuple[Floats, ...]:
        """Coefficients over all codes, fitted counts, log-likelihood and deviance."""
        n_fits, n_codes = len(coefficients), len(self.kept)
        spread = np.zeros((n_fits, n_codes))
        np.put_along_axis(spread, self.codes, coefficients, axis=1)
        log_mean = self.log_means(coefficients)
        fitted = np.exp(log_mean)
        fitted[~self.kept] = 0.0
        log_likelihood = _sum_of_cells(np.where(self.kept, self.counts * log_mean - fitted, 0.0))
        log_likelihood -= _sum_of_cells(gammaln(self.counts + 1))
        gaps = xlogy(self.counts, self.counts) - self.counts * log_mean - self.counts + fitted
        deviance = 2 * _sum_of_cells(np.where(self.kept, gaps, 0.0))
        fitted[0] = np.exp(coefficients[:, 0])
        return spread, fitted.T, log_likelihood, np.maximum(deviance, 0.0)


def _first_guess(problem: _Problem, start: Floats | None) -> Floats:
    """Coefficients given, where finite; else one weighted regression of the log counts."""
    if start is not None:
        given = np.take_along_axis(start, problem.codes, axis=1)
        usable = np.asarray(np.isfinite(given).all(axis=1))
        if usable.all():
            return given
        rest = _first_guess(problem.part(np.logical_not(usable)), None)
        guess = given.copy()
        guess[~usable] = rest
        return guess
    mean = np.where(problem.kept, problem.counts + TUNING.small, 0.0)
    response = np.where(problem.kept, xlogy(mean, mean) + problem.counts - mean, 0.0)
    rows = np.arange(len(problem.codes))
    matrix = problem.information(_superset_sums(mean), rows)
    return _solve(matrix, problem.take(_superset_sums(response)), False)[:, :, 0]


def _solve(matrix: Floats, right: Floats, with_first: bool) -> Floats:
    """Solve for one right side a row, and for the first unit vector beside it."""
    sides = np.zeros((*right.shape, 2 if with_first else 1))
    sides[:, :, 0] = right
    if with_first:
        sides[:, 0, 1] = 1.0
    try:
        return np.asarray(np.linalg.solve(matrix, sides), dtype=np.float64)
    except np.linalg.LinAlgError:  # a mean has underflowed on the way in one of them
        return np.stack([_solve_one(one, its_sides) for one, its_sides in zip(matrix, sides, strict=True)])


def _solve_one(matrix: Floats, sides: Floats) -> Floats:
    """Solve one system; lean on the diagonal where it is singular."""
    try:
        return np.asarray(np.linalg.solve(matrix, sides), dtype=np.float64)
    except np.linalg.LinAlgError:
        ridge = np.diag(1e-8 * np.diag(matrix) + 1e-300)
        return np.asarray(np.linalg.solve(matrix + ridge, sides), dtype=np.float64)


def _sum_of_cells(values: Floats) -> Floats:
    """Sum over the leading axis, 2**K long, in an order that does not depend on how many fits there are."""
    while len(values) > 1:
        half = len(values) // 2
        values = values[:half] + values[half:]
    return np.asarray(values[0])


def _superset_sums(values: Floats) -> Floats:
    """Sum over all supersets of each code; codes on the leading axis."""
    sums = values.copy()
    step = 1
    while step < len(sums):
        view = sums.reshape(len(sums) // (2 * step), 2, step, sums.shape[1])
        view[:, 0] += view[:, 1]
        step *= 2
    return sums


def _add_subsets(sums: Floats) -> Floats:
    """Add to each code all its subsets, in place; codes on the leading axis."""
    step = 1
    while step < len(sums):
        view = sums.reshape(len(sums) // (2 * step), 2, step, sums.shape[1])
        view[:, 1] += view[:, 0]
        step *= 2
    return sums
