"""Parameters as normal scores of their priors: chances, delays, and logarithms that stay finite."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import betaincinv, expit, gammaln, ndtr

from detcount._numerics.batches.model import BatchModel, Floats
from detcount._numerics.delay import with_median

__all__ = [
    "TINY",
    "chances",
    "delay_parameters",
    "finite_log",
    "fraction",
    "log_choose",
    "log_prior",
    "logit_of_score",
    "sample_prior",
]

TINY = 1e-300
_SCORES = np.linspace(-9.0, 9.0, 7201)  # between its steps a logit is straight to 1e-5


def log_prior(model: BatchModel, parameters: Floats) -> Floats:
    """Log prior density; every parameter is the normal score of its prior."""
    return np.asarray(-0.5 * (parameters**2).sum(axis=1) - 0.5 * model.n_parameters * np.log(2 * np.pi))


def sample_prior(model: BatchModel, n_draws: int, random: np.random.Generator) -> Floats:
    """Draw parameters from their prior."""
    return random.standard_normal((n_draws, model.n_parameters))


def chances(model: BatchModel, chance: int, parameters: Floats) -> Floats:
    """Chance that a monitor ever verifies a release."""
    a, b = model.verification[chance]
    return np.asarray(expit(logit_of_score(a, b, parameters[:, chance])))


def delay_parameters(model: BatchModel, monitor: int, parameters: Floats) -> Floats:
    """Parameters of a monitor's delay as `discrete_cdf` takes them, shape (n, 2)."""
    place = model.n_chances + (0 if model.shared else 2 * monitor)
    median, shape = (
        middle * np.exp(np.log(factor) * parameters[:, place + offset])
        for offset, (middle, factor) in enumerate((model.median, model.shape))
    )
    return with_median(str(model.family), median, shape)


def log_choose(size: float | Floats, value: float | Floats) -> Floats:
    """Log binomial coefficient."""
    return np.asarray(
        gammaln(np.add(size, 1.0)) - gammaln(np.add(value, 1.0)) - gammaln(np.subtract(size, value) + 1.0)
    )


@lru_cache(maxsize=64)
def _logit_table(a: float, b: float) -> Floats:
    """Logits of Beta(a, b) at the normal scores of the table."""
    low, high = betaincinv(a, b, ndtr(_SCORES)), betaincinv(b, a, ndtr(-_SCORES))
    return np.asarray(np.log(np.maximum(low, TINY)) - np.log(np.maximum(high, TINY)))


def logit_of_score(a: float, b: float, score: Floats) -> Floats:
    """Logit of Beta(a, b) at a normal score."""
    return np.interp(score, _SCORES, _logit_table(float(a), float(b)))


def fraction(part: Floats, whole: Floats) -> Floats:
    """Share between 0 and 1; 0 of nothing."""
    return np.asarray(np.clip(part / np.maximum(whole, TINY), 0.0, 1.0))


def finite_log(value: Floats) -> Floats:
    """Logarithm that is finite at 0."""
    return np.asarray(np.log(np.maximum(value, TINY)))
