"""Sizes of waves: log-normal, held as a mixture of gamma distributions, which meet Poisson counts exactly."""

from __future__ import annotations

import numpy as np

from detcount._numerics.process.register import Array

__all__ = [
    "KINDS",
    "SHAPE",
    "chance_of_none",
    "draw_new_sizes",
    "draw_sizes",
    "kinds_of",
    "log_size_evidence",
]

KINDS = 7  # nodes of the normal distribution of log sizes
SHAPE = 1.0  # of each gamma distribution: small waves come and go in the chains without a barrier
_LOG_VARIANCE = np.pi**2 / 6  # of the log of an exponential variable
_LOG_MEAN = -0.5772156649015329  # of the log of an exponential variable of mean 1


def kinds_of(spread: float) -> tuple[Array, Array]:
    """Log means of the gamma distributions about the median, and their log weights.

    Mean and variance of the log of the mixture are 0 and the square of `spread`.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(KINDS)
    rest = np.sqrt(max(spread**2 - _LOG_VARIANCE, 1e-4))
    return nodes * rest - _LOG_MEAN, np.log(weights / weights.sum())


def log_size_evidence(
    found: Array, exposure: Array, log_median: Array, offsets: Array, log_weights: Array
) -> Array:
    """Log evidence of each kind for waves whose sizes are summed out, less a term common to kinds.

    Given its size s a wave brings a Poisson number of clusters with mean s times `exposure`, of which `found`
    came. The result has the kinds last.
    """
    rate = SHAPE * np.exp(-(log_median[..., None] + offsets))
    return np.asarray(
        log_weights + SHAPE * np.log(rate) - (SHAPE + found[..., None]) * np.log(rate + exposure[..., None])
    )


def chance_of_none(exposure: Array, log_median: Array, offsets: Array, log_weights: Array) -> Array:
    """Chance that nothing is found of a wave of any kind: `log_size_evidence` summed up for none found."""
    relative = exposure * np.exp(log_median) / SHAPE
    chance = np.zeros_like(relative)
    for offset, log_weight in zip(offsets, log_weights, strict=True):
        chance += np.exp(log_weight) * (1 + relative * np.exp(offset)) ** -SHAPE
    return chance


def draw_sizes(
    found: Array,
    exposure: Array,
    log_median: Array,
    offsets: Array,
    log_weights: Array,
    random: np.random.Generator,
) -> Array:
    """Draw the size of each wave given what was found of it."""
    evidence = log_size_evidence(found, exposure, log_median, offsets, log_weights)
    weights = np.cumsum(np.exp(evidence - evidence.max(axis=-1, keepdims=True)), axis=-1)
    level = random.random(found.shape) * weights[..., -1]
    kind = (weights < level[..., None]).sum(axis=-1)
    rate = SHAPE * np.exp(-(log_median + offsets[kind]))
    return np.asarray(random.standard_gamma(SHAPE + found) / (rate + exposure))


def draw_new_sizes(
    log_median: Array, spread: float, shape: tuple[int, ...], random: np.random.Generator
) -> Array:
    """Draw sizes of waves to come."""
    offsets, log_weights = kinds_of(spread)
    kind = random.choice(len(offsets), size=shape, p=np.exp(log_weights))
    return np.exp(log_median + offsets[kind]) * random.standard_gamma(SHAPE, shape) / SHAPE
