"""Posteriors of Poisson log-linear models under normal priors, by Laplace and importance sampling.

With coefficients t, design X and prior precisions d (0 where the prior is flat) the log posterior is

    f(t) = sum(n * eta - exp(eta)) - sum(d t^2) / 2,   eta = X t,

which is concave. A Student t around its maximum, with the curvature there, proposes; weights f minus the
log density proposed make the draws exact. f has tails at least as thin as an exponential wherever it
can be normalised, a Student t thicker ones, so the weights are bounded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from detcount._numerics.arrays import Floats
from detcount.errors import ConvergenceError
from detcount.words import Message


@dataclass(frozen=True)
class Tuning:
    """Newton's method and proposal of Laplace approximations.

    Parameters
    ----------
    steps : int, evaluations
        Most evaluations; twenty are usual. Computational (`test_numbers`).
    decrement : float, log posterior
        Gain of a Newton step at which the search ends. Computational (`test_numbers`).
    doubles : int, doubles
        Doubles of means at a time. Computational (`test_numbers`).
    freedom : float, degrees of freedom
        Student proposal: thick tails, yet near a normal in 30 dimensions. Convention: ten.
    """

    steps: int = 200
    decrement: float = 1e-10
    doubles: int = 1 << 18
    freedom: float = 10.0


TUNING = Tuning()


@dataclass(frozen=True)
class Modes:
    """Posterior modes of B models of one table with as many terms.

    Parameters
    ----------
    coefficients : ndarray of float64, shape (B, p)
        Where the posterior is highest.
    values : ndarray of float64, shape (B,)
        Log posterior there, without the constants of likelihood and prior.
    factors : ndarray of float64, shape (B, p, p)
        Lower Cholesky factors of the negative second derivative there.
    """

    coefficients: Floats
    values: Floats
    factors: Floats


@dataclass(frozen=True)
class Proposals:
    """Draws of coefficients with the logarithms of their importance weights.

    Parameters
    ----------
    coefficients : ndarray of float64, shape (n_draws, p)
        Drawn from a Student t around the mode.
    log_weights : ndarray of float64, shape (n_draws,)
        Log posterior, not normalised, less the log density proposed.
    design : ndarray of float64, shape (m, p)
        Cells by terms.
    """

    coefficients: Floats
    log_weights: Floats
    design: Floats

    @property
    def log_means(self) -> Floats:
        """Logarithms of the expected persons in each cell, (n_draws, m)."""
        return np.asarray(self.coefficients @ self.design.T)


def posterior_modes(designs: Floats, counts: Floats, precisions: Floats) -> Modes:
    """Newton's method, halving steps that go down.

    Parameters
    ----------
    designs : ndarray of float64, shape (B, m, p)
        Cells by terms; column 0 is 1.
    counts : ndarray of float64, shape (m,)
        Persons in each cell.
    precisions : ndarray of float64, shape (p,) or (B, p)
        Inverse prior variances, 0 where flat.
    """
    n_models, n_cells, n_terms = designs.shape
    precisions = np.broadcast_to(precisions, (n_models, n_terms))
    best = np.zeros((n_models, n_terms))
    best[:, 0] = np.log(counts.sum() / n_cells)
    guess = _first_guess(designs, counts, precisions)
    with np.errstate(over="ignore", invalid="ignore"):
        value, mean = _value(designs, counts, precisions, best)
        trial, trial_mean = _value(designs, counts, precisions, guess)
        better = trial > value
        best[better], value[better], mean[better] = guess[better], trial[better], trial_mean[better]
        left = np.arange(n_models)
        for _ in range(TUNING.steps):
            score = np.einsum("bmp,bm->bp", designs[left], counts - mean[left])
            score -= precisions[left] * best[left]
            curvature = _curvature(designs[left], mean[left], precisions[left])
            step = np.linalg.solve(curvature, score[:, :, None])[:, :, 0]
            gain = np.einsum("bp,bp->b", step, score)
            going = gain > TUNING.decrement
            left, step = left[going], step[going]
            if len(left) == 0:
                curvature = _curvature(designs, mean, precisions)
                return Modes(best, value, np.asarray(np.linalg.cholesky(curvature), dtype=np.float64))
            waiting = np.arange(len(left))
            for _ in range(TUNING.steps):
                rows = left[waiting]
                candidate = best[rows] + step[waiting]
                trial, trial_mean = _value(designs[rows], counts, precisions[rows], candidate)
                good = trial >= value[rows] - 1e-12 * np.abs(value[rows])
                found = rows[good]
                best[found], value[found], mean[found] = candidate[good], trial[good], trial_mean[good]
                step[waiting] *= 0.5
                waiting = waiting[~good]
                if len(waiting) == 0:
                    break
    raise ConvergenceError(
        Message("{n} posterior modes were not reached in {steps} steps", n=len(left), steps=TUNING.steps),
        last=best,
    )


def evidence(modes: Modes, counts: Floats, precisions: Floats) -> Floats:
    """Log marginal likelihood of each model by Laplace, with the constants of likelihood and prior.

    A flat direction has density 1.
    """
    n_terms = modes.coefficients.shape[1]
    half_log_determinant = np.log(np.einsum("bpp->bp", modes.factors)).sum(axis=1)
    return np.asarray(
        modes.values
        + 0.5 * n_terms * np.log(2 * np.pi)
        - half_log_determinant
        + _constant(counts, precisions)
    )


def propose(
    mode: Modes,
    which: int,
    design: Floats,
    counts: Floats,
    precision: Floats,
    n_draws: int,
    random: np.random.Generator,
) -> Proposals:
    """Draw from a Student t around one of the modes; the weights carry every constant."""
    centre, factor = mode.coefficients[which], mode.factors[which]
    n_terms = len(centre)
    normal = random.standard_normal((n_draws, n_terms))
    chi = random.chisquare(TUNING.freedom, size=n_draws) / TUNING.freedom
    scaled = normal / np.sqrt(chi)[:, None]
    draws = centre + np.linalg.solve(factor.T, scaled.T).T
    target = np.empty(n_draws)
    step = max(1, TUNING.doubles // len(design))
    with np.errstate(over="ignore"):
        for first in range(0, n_draws, step):
            part = slice(first, first + step)
            log_mean = draws[part] @ design.T
            target[part] = log_mean @ counts
            target[part] -= np.exp(log_mean, out=log_mean).sum(axis=1)
        target -= 0.5 * (draws**2) @ precision
    proposed = (
        gammaln((TUNING.freedom + n_terms) / 2)
        - gammaln(TUNING.freedom / 2)
        - 0.5 * n_terms * np.log(TUNING.freedom * np.pi)
        + np.log(np.diag(factor)).sum()
        - 0.5 * (TUNING.freedom + n_terms) * np.log1p((scaled**2).sum(axis=1) / TUNING.freedom)
    )
    return Proposals(draws, target + _constant(counts, precision) - proposed, design)


def _value(
    designs: Floats, counts: Floats, precisions: Floats, coefficients: Floats
) -> tuple[Floats, Floats]:
    """Log posterior without its constants, minus infinity where it overflows, and the means."""
    log_mean = np.einsum("bmp,bp->bm", designs, coefficients)
    mean = np.exp(log_mean)
    value = log_mean @ counts - mean.sum(axis=1) - 0.5 * (precisions * coefficients**2).sum(axis=1)
    return np.where(np.isfinite(value), value, -np.inf), mean


def _curvature(designs: Floats, mean: Floats, precisions: Floats) -> Floats:
    """Negative second derivative of the log posterior."""
    matrix: Floats = np.matmul((designs * mean[:, :, None]).transpose(0, 2, 1), designs)
    np.einsum("bpp->bp", matrix)[...] += precisions
    return matrix


def _first_guess(designs: Floats, counts: Floats, precisions: Floats) -> Floats:
    """One weighted regression of the log counts."""
    mean = np.broadcast_to(counts + 0.5, designs.shape[:2])
    right = np.einsum("bmp,bm->bp", designs, mean * np.log(mean))
    return np.asarray(np.linalg.solve(_curvature(designs, mean, precisions), right[:, :, None])[:, :, 0])


def _constant(counts: Floats, precisions: Floats) -> Floats:
    """Compute the part of log likelihood and log prior that does not depend on the coefficients."""
    proper = precisions > 0
    prior = np.where(proper, 0.5 * np.log(np.where(proper, precisions, 1.0) / (2 * np.pi)), 0.0)
    return np.asarray(prior.sum(axis=-1) - gammaln(counts + 1).sum())
