"""Poisson regression by Newton, with coefficients that may be kept from going below zero, and a logit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, logsumexp

from detcount._numerics.arrays import Bools, Floats


@dataclass(frozen=True)
class Tuning:
    """Tolerances of weighted regressions.

    Parameters
    ----------
    steps : int, steps
        Most Newton steps of a Poisson regression. Computational (`test_numbers`).
    eta_step : float
        Change of a linear predictor at which a fit ends. Computational (`test_numbers`).
    halvings : int, steps
        Halvings of a step. Computational (`test_numbers`).
    logit_steps : int, steps
        Most steps of a logistic regression. Computational (`test_numbers`).
    logit_step : float
        Change of a coefficient at which it ends. Computational (`test_numbers`).
    singular : float, relative
        Pivot of the scaled information that counts as 0. Computational (`test_numbers`).
    """

    steps: int = 60
    eta_step: float = 1e-9
    halvings: int = 40
    logit_steps: int = 500
    logit_step: float = 1e-11
    singular: float = 1e-13


TUNING = Tuning()


@dataclass(frozen=True, eq=False)
class PoissonFit:
    """Maximum of a Poisson log-likelihood, and whether there is one.

    Parameters
    ----------
    coefficients : ndarray of float64, shape (p,)
        One a column of the design; zero for a column held at zero.
    covariance : ndarray of float64, shape (p, p)
        Inverse of the information; zero rows and columns for columns held at zero.
    fitted : ndarray of float64, shape (cells,)
        Expected counts.
    log_likelihood : float
        With the terms that do not depend on the coefficients.
    free : ndarray of bool, shape (p,)
        Columns that were not held at zero.
    finite : bool
        Whether the likelihood has a maximum at finite coefficients that the data identify.
    """

    coefficients: Floats
    covariance: Floats
    fitted: Floats
    log_likelihood: float
    free: Bools
    finite: bool


def fit_poisson(design: Floats, counts: Floats, *, offset: Floats | None = None) -> PoissonFit:
    """Maximise sum(y eta - exp(eta) - log y!) over eta = design b + offset.

    Where the maximum lies at infinity the cells that go to zero lose a factor e at each Newton step, so
    the step in eta never shrinks beside eta: that, or an information that cannot be inverted, makes the
    fit not `finite`. Counts need not be whole.
    """
    shift = np.zeros(len(counts)) if offset is None else offset
    beta = _start(design, counts, shift)
    eta = design @ beta + shift
    value, mu = _objective(eta, counts)
    if not np.isfinite(value):
        beta = np.zeros(design.shape[1])
        eta = design @ beta + shift
        value, mu = _objective(eta, counts)
    finite = False
    for _ in range(TUNING.steps):
        step = solve_symmetric(design.T @ (mu[:, None] * design), design.T @ (counts - mu))
        if step is None:
            break
        d_eta = design @ step
        size = float((np.abs(d_eta) / (1.0 + np.abs(eta))).max(initial=0.0))
        scale, new_value, new_mu = _line_search(eta, d_eta, counts, value, mu)
        if scale == 0.0:  # no step improves: at the limit of rounding
            finite = size < 1e3 * TUNING.eta_step
            break
        beta, eta, value, mu = beta + scale * step, eta + scale * d_eta, new_value, new_mu
        if size < TUNING.eta_step:
            finite = True
            break
    covariance = solve_symmetric(design.T @ (mu[:, None] * design), np.eye(design.shape[1]))
    if covariance is None:
        finite = False
        covariance = np.full((design.shape[1],) * 2, np.inf)
    return PoissonFit(
        coefficients=beta,
        covariance=covariance,
        fitted=mu,
        log_likelihood=value - float(gammaln(counts + 1.0).sum()),
        free=np.ones(design.shape[1], dtype=bool),
        finite=finite,
    )


def fit_nonnegative(
    design: Floats, counts: Floats, nonnegative: Sequence[int], *, offset: Floats | None = None
) -> PoissonFit:
    """Fit with some coefficients that must not be negative; those that would be are held at zero.

    The likelihood is concave, so that exactly one active set is right: every free coefficient of it is
    positive, and the gradient of every held one is not. All are held at first. The one with the steepest
    gradient is freed, and those that turn negative are held again. If this could repeat for ever, the first
    in order is freed instead (Bland's rule), which always ends.
    """
    free = np.ones(design.shape[1], dtype=bool)
    free[list(nonnegative)] = False
    seen: set[bytes] = set()
    fit = _widened(fit_poisson(design[:, free], counts, offset=offset), free)
    for _ in range(3 * len(nonnegative) ** 2 + 3):
        gradient = design.T @ (counts - fit.fitted)
        slack = 1e-7 * (1.0 + np.abs(design).T @ fit.fitted)
        wanting = [k for k in nonnegative if not free[k] and gradient[k] > slack[k]]
        if not wanting or not fit.finite:
            return fit
        again = free.tobytes() in seen
        seen.add(free.tobytes())
        free[wanting[0] if again else max(wanting, key=lambda k: gradient[k] / slack[k])] = True
        while True:
            fit = _widened(fit_poisson(design[:, free], counts, offset=offset), free)
            negative = [k for k in nonnegative if free[k] and fit.coefficients[k] < 0]
            if not negative:
                break
            free[min(negative, key=lambda k: fit.coefficients[k])] = False
    return fit


def fit_logit(
    design: Floats,
    counts: Floats,
    penalty: Floats,
    start: Floats,
    step_of: Callable[[Floats, Floats], Floats],
) -> Floats:
    """Coefficients of a multinomial logit, (n_groups, p), that maximise the penalised log-likelihood.

    `counts` has a row for each group and a column for each row of the design. Half of each squared
    coefficient times its `penalty` is subtracted. `step_of` gives the step from shares and gradient, both by
    group; it is halved until the likelihood does not fall.
    """
    coefficients, totals = start, counts.sum(axis=0)
    logs, value = _logit_objective(coefficients, design, counts, penalty)
    for _ in range(TUNING.logit_steps):
        shares = np.exp(logs)
        step = step_of(shares, (counts - totals * shares) @ design - penalty * coefficients)
        for _ in range(TUNING.halvings):
            moved = coefficients + step
            logs, found = _logit_objective(moved, design, counts, penalty)
            if found >= value - 1e-12 * abs(value):
                break
            step = step / 2
        coefficients, value = moved, found
        if np.abs(step).max() < TUNING.logit_step:
            break
    return coefficients


def _logit_objective(
    coefficients: Floats, design: Floats, counts: Floats, penalty: Floats
) -> tuple[Floats, float]:
    """Logarithms of the shares of groups in each row, and the penalised log-likelihood."""
    logs = log_logit_shares(coefficients, design)
    return logs, float((counts * logs).sum() - 0.5 * (penalty * coefficients**2).sum())


def log_logit_shares(coefficients: Floats, design: Floats) -> Floats:
    """Logarithms of the shares of groups in each row, (n_groups, n_rows)."""
    scores = coefficients @ design.T
    return np.asarray(scores - logsumexp(scores, axis=0))


def solve_symmetric(matrix: Floats, right: Floats) -> Floats | None:
    """Solve with a positive definite matrix scaled to a unit diagonal; None where it is singular."""
    diagonal = np.diagonal(matrix)
    if not (np.isfinite(matrix).all() and (diagonal > 0).all()):
        return None
    scale = 1.0 / np.sqrt(diagonal)
    try:
        factor = np.linalg.cholesky(matrix * scale[:, None] * scale)
    except np.linalg.LinAlgError:
        return None
    if np.diagonal(factor).min() ** 2 < TUNING.singular:
        return None
    inverse = np.linalg.inv(factor)
    scaled = right * scale if right.ndim == 1 else right * scale[:, None]
    solution = inverse.T @ (inverse @ scaled)
    return solution * scale if right.ndim == 1 else solution * scale[:, None]


def _start(design: Floats, counts: Floats, shift: Floats) -> Floats:
    """Weighted least squares on the logarithms, half a person added to each cell."""
    raised = counts + 0.5
    response = np.log(raised) - shift
    weighted = design * raised[:, None]
    solution = solve_symmetric(design.T @ weighted, weighted.T @ response)
    return np.zeros(design.shape[1]) if solution is None else solution


def _objective(eta: Floats, counts: Floats) -> tuple[float, Floats]:
    """Log-likelihood without its constant, and the expected counts."""
    if eta.max(initial=0.0) > 500.0:
        return -np.inf, np.zeros_like(eta)
    mu = np.exp(eta)
    return float(counts @ eta - mu.sum()), mu


def _line_search(
    eta: Floats, d_eta: Floats, counts: Floats, value: float, mu: Floats
) -> tuple[float, float, Floats]:
    """Largest of 1, 1/2, 1/4, ... that does not lower the likelihood."""
    slack = 1e-14 * (abs(value) + 1.0)
    scale = 1.0
    for _ in range(TUNING.halvings):
        new_value, new_mu = _objective(eta + scale * d_eta, counts)
        if new_value >= value - slack:
            return scale, new_value, new_mu
        scale /= 2
    return 0.0, value, mu


def _widened(fit: PoissonFit, free: Bools) -> PoissonFit:
    """Put zeros where columns were held."""
    if free.all():
        return fit
    coefficients = np.zeros(len(free))
    coefficients[free] = fit.coefficients
    covariance = np.zeros((len(free), len(free)))
    covariance[np.ix_(free, free)] = fit.covariance
    return PoissonFit(
        coefficients=coefficients,
        covariance=covariance,
        fitted=fit.fitted,
        log_likelihood=fit.log_likelihood,
        free=free,
        finite=fit.finite,
    )
