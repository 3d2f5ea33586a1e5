"""Two lists and covariates: shares of the three outcomes of the listed, and the influence of each person."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from detcount._numerics.arrays import Bools, Floats, Ints, bincount
from detcount._numerics.regression import fit_logit, log_logit_shares

FIRST_ONLY, SECOND_ONLY, BOTH = 0, 1, 2
_RIDGE = 1.0  # penalty of a squared coefficient, on columns of unit spread: one person's worth of information
_POWERS = (1, 2)


def category_columns(codes: Ints, n_values: int) -> Floats:
    """Indicator of each value but the most frequent; a missing one, code -1, is a value of its own."""
    present = bincount(codes + 1, minlength=n_values + 1)
    kept = [code for code in np.flatnonzero(present).tolist() if code != int(present.argmax())]
    return np.asarray((codes + 1)[:, None] == np.array(kept, dtype=np.int64), dtype=np.float64)


def number_columns(values: Floats, known: Bools) -> Floats:
    """First two powers of the normal scores of numbers, ties in the middle; beside them what is missing."""
    scores = np.zeros(len(values))
    found, place, counts = np.unique(values[known], return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts - 1) / 2
    scores[known] = ndtri(middle / (counts.sum() + 1))[place] if len(found) else 0.0
    powers = [scores**power for power in _POWERS[: max(len(found) - 1, 0)]]
    absent = [] if known.all() else [(~known).astype(np.float64)]
    return np.stack([*powers, *absent], axis=1) if powers or absent else np.empty((len(values), 0))


def fit_outcomes(design: Floats, outcomes: Ints) -> Floats:
    """Coefficients of a multinomial logit against `BOTH`, (3, p), by Newton; the first column is not held.

    The other columns are held near zero by a ridge, so that values that only one outcome has keep a finite
    maximum. The likelihood is concave and the penalty strictly so: there is one maximum.
    """
    n_columns = design.shape[1]
    ridge = np.full((3, n_columns), _RIDGE)
    ridge[:, 0] = 0.0
    seen = (np.arange(3)[:, None] == outcomes).astype(np.float64)
    shares = (seen.sum(axis=1) + 0.5) / (len(outcomes) + 1.5)
    start = np.zeros((3, n_columns))
    start[:, 0] = np.log(shares / shares[BOTH])

    def step_of(shares: Floats, gradient: Floats) -> Floats:
        first, second, _ = shares
        weights = ((first * (1 - first), -first * second), (-first * second, second * (1 - second)))
        blocks = [[design.T @ (design * weight[:, None]) for weight in row] for row in weights]
        information = np.block(blocks) + np.diag(ridge[:BOTH].ravel())
        step = np.linalg.solve(information, gradient[:BOTH].ravel())
        return np.append(step, np.zeros(n_columns)).reshape(3, n_columns)

    return fit_logit(design, seen, ridge, start, step_of)


def outcome_shares(design: Floats, coefficients: Floats) -> Floats:
    """Share of the three outcomes for each row, (n, 3)."""
    return np.exp(log_logit_shares(coefficients, design).T)


def truncated(shares: Floats, least: float) -> tuple[Floats, Bools]:
    """Shares whose overlap is at least `least`, and which rows had less; the others shrink alike."""
    low = ~(shares[:, BOTH] >= least)
    both = np.where(low, least, shares[:, BOTH])
    others = shares[:, :BOTH].sum(axis=1)
    rest = np.where(low & (others > 0), (1 - both) / np.where(others > 0, others, 1.0), 1.0)
    return np.stack([shares[:, 0] * rest, shares[:, 1] * rest, both], axis=1), low


def influence(shares: Floats, outcomes: Ints) -> Floats:
    """Persons whom each listed person stands for: the efficient estimate of the inverse of the listed share.

    With q1, q2 and q12 the shares of the listed, of a person's covariates, on the first list, on the second
    and on both, it is (q1 q2 / q12) (Y1 / q1 + Y2 / q2 - Y1 Y2 / q12): Das, Kennedy and Jewell (2023).
    """
    both = shares[:, BOTH]
    first, second = shares[:, FIRST_ONLY] + both, shares[:, SECOND_ONLY] + both
    on_first, on_second = outcomes != SECOND_ONLY, outcomes != FIRST_ONLY
    found = on_first * (second / both) + on_second * (first / both)
    return np.asarray(found - (outcomes == BOTH) * (first / both) * (second / both))


def size_and_variance(each: Floats) -> tuple[float, float]:
    """N of the persons listed, from what each stands for, and its variance (Das, Kennedy and Jewell 2023)."""
    n, inverse = len(each), float(each.mean())
    return n * inverse, n * float(each.var()) + n * max(inverse * (inverse - 1), 0.0)
