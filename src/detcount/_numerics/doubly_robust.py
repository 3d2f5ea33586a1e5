"""Two lists and covariates: shares of the three outcomes of the listed, and the influence of each person."""

from __future__ import annotations

import numpy as np
from scipy.special import logsumexp, ndtri

from detcount._numerics.arrays import Bools, Floats, Ints

FIRST_ONLY, SECOND_ONLY, BOTH = 0, 1, 2
_RIDGE = 1.0  # penalty of a squared coefficient, on columns of unit spread: one person's worth of information
_STEPS = 100
_TOLERANCE = 1e-10  # of the Newton decrement, relative
_POWERS = (1, 2)


def category_columns(codes: Ints, n_values: int) -> Floats:
    """Indicator of each value but the most frequent; a missing one, code -1, is a value of its own."""
    present = np.bincount(codes + 1, minlength=n_values + 1)
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
    """Coefficients of a multinomial logit against `BOTH`, (p, 2), by Newton; the first column is not held.

    The other columns are held near zero by a ridge, so that values that only one outcome has keep a finite
    maximum. The likelihood is concave and the penalty strictly so: there is one maximum.
    """
    n_columns = design.shape[1]
    ridge = np.full((n_columns, 2), _RIDGE)
    ridge[0] = 0.0
    seen = np.stack([outcomes == FIRST_ONLY, outcomes == SECOND_ONLY], axis=1).astype(np.float64)
    shares = (seen.sum(axis=0) + 0.5) / (len(seen) + 1.5)
    coefficients = np.zeros((n_columns, 2))
    coefficients[0] = np.log(shares / (1 - shares.sum()))
    value = -np.inf
    step = np.zeros_like(coefficients)
    scale = 1.0
    for _ in range(_STEPS):
        trial = coefficients + scale * step
        probabilities, new_value = _shares_and_value(design, trial, outcomes, ridge)
        if new_value < value - 1e-12 * abs(value):
            scale /= 2
            continue
        coefficients, value = trial, new_value
        gradient = design.T @ (seen - probabilities[:, :BOTH]) - ridge * coefficients
        first, second = probabilities[:, FIRST_ONLY], probabilities[:, SECOND_ONLY]
        cross = design.T @ (design * (-first * second)[:, None])
        information = np.block(
            [
                [design.T @ (design * (first * (1 - first))[:, None]), cross],
                [cross, design.T @ (design * (second * (1 - second))[:, None])],
            ]
        ) + np.diag(ridge.T.ravel())
        step = np.linalg.solve(information, gradient.T.ravel()).reshape(2, n_columns).T
        scale = 1.0
        if (step * gradient).sum() <= _TOLERANCE * (1 + abs(value)):
            break
    return coefficients + step


def _shares_and_value(
    design: Floats, coefficients: Floats, outcomes: Ints, ridge: Floats
) -> tuple[Floats, float]:
    """Shares of the outcomes, and the penalised log-likelihood."""
    logs = _log_shares(design, coefficients)
    value = float(logs[np.arange(len(outcomes)), outcomes].sum() - (ridge * coefficients**2).sum() / 2)
    return np.exp(logs), value


def _log_shares(design: Floats, coefficients: Floats) -> Floats:
    logs = np.concatenate([design @ coefficients, np.zeros((len(design), 1))], axis=1)
    return np.asarray(logs - logsumexp(logs, axis=1, keepdims=True))


def outcome_shares(design: Floats, coefficients: Floats) -> Floats:
    """Share of the three outcomes for each row, (n, 3)."""
    return np.exp(_log_shares(design, coefficients))


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
