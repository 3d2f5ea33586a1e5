"""Draws of the parameters, by importance sampling that lets the likelihood in step by step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from detcount._numerics.batches.likelihood import log_likelihood
from detcount._numerics.batches.model import BatchModel, Floats
from detcount._numerics.batches.scores import log_prior, sample_prior
from detcount._numerics.importance import effective_size, largest_power, pareto_shape, rows_by_weight
from detcount._numerics.student import log_student
from detcount.errors import ConvergenceError
from detcount.words import Message

__all__ = ["Posterior", "sample_posterior"]

_FREEDOM = 9  # of the Student t proposed; normal scores have tails lighter than its
_ROUND = 2000  # proposals a round while the likelihood is let in
_STAGE = 2500  # proposals of a stage in which all of it is in
_LEAST_STAGES, _STAGES = 3, 8
_ENOUGH = 1000.0  # effective draws after which no stage is added
_COUNT = 0.1  # effective share of the draws that moments are taken from, at least
_LEFT = 0.1  # effective share of a round that the next part of the likelihood must leave
_ROUNDS = 40


@dataclass(frozen=True)
class Posterior:
    """Draws of the parameters, equally weighted.

    Parameters
    ----------
    parameters : ndarray of float64, shape (n_draws, n_parameters)
        Normal scores of their priors.
    effective_size : float
        Independent draws that say as much as the weighted proposals.
    pareto_shape : float
        Shape of the largest weights.
    n_proposals : int
        Proposals weighted.
    n_rounds : int
        Rounds in which the likelihood was let in.
    """

    parameters: Floats
    effective_size: float
    pareto_shape: float
    n_proposals: int
    n_rounds: int


def sample_posterior(model: BatchModel, n_draws: int, random: np.random.Generator) -> Posterior:
    """Draw parameters by importance sampling from a Student t that follows the tempered posterior.

    The likelihood is let in by powers, from 0 (the prior) to 1, each as large as leaves the proposals an
    effective size of a tenth of their number; the next Student t has the weighted mean and covariance of that
    step. Then stages are added, each from the moments of all before, and weighted together by the mixture
    of what they were drawn from, until their effective size is large enough; their draws are resampled by
    weight.
    """
    centre, factor = np.empty(0), np.empty((0, 0))
    parameters = sample_prior(model, _ROUND, random)
    likelihood = log_likelihood(model, parameters)
    base = np.zeros(_ROUND)  # log prior less log proposal
    power, rounds = 0.0, 0
    while power < 1.0:
        rounds += 1
        if rounds > _ROUNDS:
            raise ConvergenceError(
                Message(
                    "AnnouncedBatches: {rounds} rounds of importance sampling let in {power:.0%} of the "
                    "likelihood. State tighter priors, fit fewer batches at a time, or leave "
                    "verification_varies False",
                    rounds=_ROUNDS,
                    power=power,
                ),
                last=parameters,
            )
        power = _next_power(power, base, likelihood)
        centre, factor = _moments(parameters, base + power * likelihood)
        parameters = _student(centre, factor, _ROUND, random)
        likelihood = log_likelihood(model, parameters)
        base = log_prior(model, parameters) - log_student(parameters, centre, factor, _FREEDOM)
    parameters, likelihood = np.empty((0, model.n_parameters)), np.empty(0)
    proposals: list[tuple[Floats, Floats]] = []
    log_weights = np.empty(0)
    for stage in range(_STAGES):
        if stage >= _LEAST_STAGES and effective_size(log_weights) >= _ENOUGH:
            break
        proposals.append((centre, factor))
        parameters = np.vstack([parameters, _student(centre, factor, _STAGE, random)])
        likelihood = np.concatenate([likelihood, log_likelihood(model, parameters[-_STAGE:])])
        proposed = logsumexp([log_student(parameters, *each, _FREEDOM) for each in proposals], axis=0)
        log_weights = log_prior(model, parameters) + likelihood - (proposed - np.log(len(proposals)))
        centre, factor = _moments(parameters, log_weights)
    return Posterior(
        parameters=parameters[rows_by_weight(log_weights, n_draws, random)],
        effective_size=effective_size(log_weights),
        pareto_shape=pareto_shape(log_weights),
        n_proposals=len(parameters),
        n_rounds=rounds,
    )


def _next_power(power: float, base: Floats, likelihood: Floats) -> float:
    """Largest power of the likelihood at which a tenth of the proposals still count."""

    def log_weights(candidate: float) -> Floats:
        return base + candidate * likelihood

    least = _LEFT * len(base)
    if effective_size(log_weights(1.0)) >= least:
        return 1.0
    low = largest_power(log_weights, least, power, 1.0)
    # proposals that miss their target have too small an effective size at any power: go on by a small step
    return min(1.0, max(low, 1.05 * power, 1e-9))


def _moments(parameters: Floats, log_weights: Floats) -> tuple[Floats, Floats]:
    """Weighted mean, and a Cholesky factor of the covariance.

    Where few draws hold all the weight, the weights are raised to a power below 1, at which a tenth of the
    draws count.
    """
    least, given = _COUNT * len(log_weights), log_weights
    if effective_size(given) < least:
        log_weights = given * largest_power(lambda power: power * given, least, 0.0, 1.0, 20)
    weights = np.exp(log_weights - log_weights.max())
    weights /= weights.sum()
    centre = weights @ parameters
    off = parameters - centre
    covariance = (off * weights[:, None]).T @ off
    return centre, np.linalg.cholesky(covariance + np.diag(1e-6 * np.diag(covariance) + 1e-12))


def _student(centre: Floats, factor: Floats, n_draws: int, random: np.random.Generator) -> Floats:
    """Draws of a Student t."""
    normal = random.standard_normal((n_draws, len(centre)))
    return centre + normal @ factor.T / np.sqrt(random.chisquare(_FREEDOM, size=n_draws) / _FREEDOM)[:, None]
