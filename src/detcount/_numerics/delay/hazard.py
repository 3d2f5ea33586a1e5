"""A discrete-time hazard of verification with effects of report days, by Laplace."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from detcount._numerics.arrays import TINY, Floats, Ints
from detcount._numerics.delay.likelihood import Triangle
from detcount._numerics.sampler import DECREMENT, NEWTON_STEPS, positive_definite

__all__ = ["HazardFit", "fit_hazard"]

_WALKS = (0.25, 0.5, 1.0, 2.0)  # standard deviations tried for steps of the hazard, and for report days
_FIRST_HAZARD = (-1.5, 2.0)  # mean and standard deviation of the logit of the hazard on day 0


@dataclass(frozen=True)
class HazardFit:
    """A discrete-time hazard with report-day effects.

    Parameters
    ----------
    cdf : ndarray of float64, shape (n_draws, D + 1)
        F(d) on report days without an effect.
    shares : ndarray of float64, shape (n_draws, n_days)
        Share of the releases of each day that are verified by the last day known.
    effects : ndarray of float64, shape (n_draws, n_effects)
        Effects of report days on the logit of the hazard.
    """

    cdf: Floats
    shares: Floats
    effects: Floats


def fit_hazard(
    data: Triangle, report_day: Ints, *, n_effects: int, n_draws: int, random: np.random.Generator
) -> HazardFit:
    """Posterior of logit h[t, d] = gamma[d] + delta[t + d], with h[t, D] = 1, by Laplace.

    gamma is a random walk over delays, delta[k] normal around 0 for the report days numbered k; the two
    standard deviations are averaged over by their evidence. The likelihood is that of right-truncated
    delays.

    Parameters
    ----------
    data : Triangle
        Verified releases.
    report_day : ndarray of int64, shape (n_days,)
        Number of the effect of each day, -1 for none; days as in the triangle.
    n_effects : int
        Number of effects.
    n_draws : int
        Draws.
    random : numpy.random.Generator
        Source of the draws.
    """
    n_days, longest = len(data.ages), data.longest
    rows, columns = np.nonzero(np.minimum(data.ages, longest - 1)[:, None] >= np.arange(longest)[None, :])
    effect = report_day[rows + columns]
    fits = []
    for walk in _WALKS:
        for spread in _WALKS if n_effects else (1.0,):
            prior = np.zeros((longest + n_effects, longest + n_effects))
            steps = np.diff(np.eye(longest), axis=0)
            prior[:longest, :longest] = steps.T @ steps / walk**2
            prior[0, 0] += 1 / _FIRST_HAZARD[1] ** 2
            prior[longest:, longest:] = np.eye(n_effects) / spread**2
            fits.append(_laplace_hazard(data, rows, columns, effect, prior))
    log_evidence = np.array([fit[2] for fit in fits])
    weights = np.exp(log_evidence - log_evidence.max())
    which = random.choice(len(fits), size=n_draws, p=weights / weights.sum())
    theta = np.empty((n_draws, longest + n_effects))
    for k in np.unique(which):
        mode, precision, _ = fits[k]
        normal = random.standard_normal((int((which == k).sum()), len(mode)))
        theta[which == k] = mode + np.linalg.solve(np.linalg.cholesky(precision).T, normal.T).T
    gamma, delta = theta[:, :longest], theta[:, longest:]
    survival = np.cumprod(expit(-gamma), axis=1)
    cdf = np.concatenate([1 - survival, np.ones((n_draws, 1))], axis=1)
    shares = np.ones((n_draws, n_days))
    padded = np.concatenate([delta, np.zeros((n_draws, 1))], axis=1)
    for t in np.flatnonzero(data.ages < longest):
        d = np.arange(data.ages[t] + 1)
        log_left = -np.logaddexp(0.0, gamma[:, d] + padded[:, report_day[t + d]]).sum(axis=1)
        shares[:, t] = -np.expm1(log_left)
    return HazardFit(cdf, np.maximum(shares, TINY), delta)


def _laplace_hazard(
    data: Triangle, rows: Ints, columns: Ints, effect: Ints, prior: Floats
) -> tuple[Floats, Floats, float]:
    """Mode, precision there and log evidence of a hazard under one normal prior."""
    n_days, longest = len(data.ages), data.longest
    n_cells = len(rows)
    design = np.zeros((n_cells, len(prior)))
    design[np.arange(n_cells), columns] = 1.0
    has = effect >= 0
    design[np.flatnonzero(has), longest + effect[has]] = 1.0
    events = data.counts[rows, columns].astype(np.float64)
    later = np.cumsum(data.counts[:, ::-1], axis=1)[:, ::-1]
    at_risk = later[rows, columns].astype(np.float64)
    open_days = data.ages < longest
    verified = data.verified.astype(np.float64)

    def value(theta: Floats) -> tuple[float, Floats, Floats]:
        eta = design @ theta
        log_left = np.zeros(n_days)
        np.add.at(log_left, rows, -np.logaddexp(0.0, eta))
        seen = np.where(open_days, np.log(np.maximum(-np.expm1(log_left), TINY)), 0.0)
        # after day d - 1 of the last column everybody is verified on day D, at no cost
        log_density = events @ eta - at_risk @ np.logaddexp(0.0, eta) - verified @ seen
        away = theta.copy()
        away[:longest] -= _FIRST_HAZARD[0]
        return float(log_density - 0.5 * away @ prior @ away), eta, log_left

    theta = np.zeros(len(prior))
    theta[:longest] = _FIRST_HAZARD[0]
    centre = theta.copy()
    best, eta, log_left = value(theta)
    precision = prior
    for _ in range(NEWTON_STEPS):
        h = expit(eta)
        left = np.exp(log_left)
        odds = np.where(open_days, left / np.maximum(-np.expm1(log_left), TINY), 0.0)
        extra = verified * odds
        gradient = design.T @ (events - (at_risk + extra[rows]) * h) - prior @ (theta - centre)
        weight = (at_risk + extra[rows]) * h * (1 - h)
        complete = (design * weight[:, None]).T @ design + prior
        by_day = np.zeros((n_days, len(prior)))
        np.add.at(by_day, rows, design * h[:, None])
        precision = complete - (by_day * (extra * (1 + odds))[:, None]).T @ by_day
        try:
            np.linalg.cholesky(precision)
            step = np.linalg.solve(precision, gradient)
        except np.linalg.LinAlgError:
            step = np.linalg.solve(complete, gradient)
        size = 1.0
        gain = 0.0
        for _ in range(40):
            trial = value(theta + size * step)
            if trial[0] >= best:
                gain = trial[0] - best
                theta = theta + size * step
                best, eta, log_left = trial
                break
            size *= 0.5
        if gain < DECREMENT:
            break
    precision = positive_definite(precision)
    log_evidence = best + 0.5 * np.linalg.slogdet(prior)[1] - 0.5 * np.linalg.slogdet(precision)[1]
    return theta, precision, float(log_evidence)
