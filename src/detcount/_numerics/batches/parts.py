"""Given the parameters: how many releases were carried out, and how many a monitor verifies in the end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_expit

from detcount._numerics.batches.likelihood import (
    CELLS,
    batch_terms,
    last_exact,
    log_beta_binomial,
    verified_shares,
)
from detcount._numerics.batches.model import BatchModel, Floats, Series
from detcount._numerics.batches.scores import chances, fraction, logit_of_score
from detcount._numerics.truncated import binomial_of_at_least

__all__ = ["carried_out_probabilities", "draw_parts", "weaker_prior_log_weights"]


def carried_out_probabilities(
    announced: int,
    verified: NDArray[np.int64],
    verification: Floats,
    carried_out: tuple[float, float],
) -> tuple[NDArray[np.int64], Floats]:
    """Exact posterior of R when there is no delay: support and probabilities.

    Monitors are independent given R; `verification` has their Beta priors, shape (n_monitors, 2).
    """
    least = int(verified.max())
    support = np.arange(least, max(least, announced) + 1)
    size = support.astype(np.float64)
    log = log_beta_binomial(np.minimum(size, announced), float(announced), *carried_out)
    for count, (a, b) in zip(verified, verification, strict=True):
        log = log + log_beta_binomial(float(count), size, a, b)
    weights = np.exp(log - log.max())
    return support, weights / weights.sum()


def draw_parts(
    model: BatchModel, batch: int, parameters: Floats, random: np.random.Generator
) -> tuple[NDArray[np.int64], dict[int, NDArray[np.int64]]]:
    """Draw, for each row of parameters, R of a batch, and what each monitor will have verified in the end."""
    first, last = model.support(batch)
    n_draws = len(parameters)
    chosen = np.empty(n_draws, dtype=np.int64)
    step = max(1, CELLS // len(first))
    for begin in range(0, n_draws, step):
        _, given = batch_terms(model, batch, parameters[begin : begin + step])
        chosen[begin : begin + step] = _choose(given, random)
    carried_out: NDArray[np.int64] = first[chosen]
    if (last > first).any():
        carried_out = random.integers(carried_out, last[chosen] + 1)
    eventually = {}
    for series in model.of_batch(batch):
        chance = chances(model, series.chance, parameters)
        shares = verified_shares(model, series, parameters)
        known, share_known, tail = last_exact(series, shares)
        verified = np.full(n_draws, known, dtype=np.int64)
        latest = share_known
        if tail is not None:
            latest = shares[:, -1]
            q = fraction(chance * (latest - share_known), 1 - chance * share_known)
            level = random.random(n_draws)
            verified += binomial_of_at_least(carried_out - known, q, tail - known, level)
        still = fraction(chance * (1 - latest), 1 - chance * latest)
        eventually[series.monitor] = verified + random.binomial(carried_out - verified, still)
    return carried_out, eventually


def weaker_prior_log_weights(
    model: BatchModel, series: Series, parameters: Floats, carried_out: NDArray[np.int64]
) -> Floats:
    """Log weights that turn draws of the posterior into draws of that under weaker priors.

    The priors of the chances of being verified and of being carried out become uniform; that of the delay is
    raised to the power 1/2 (power scaling). What the draws say of one monitor and batch alone is weighted.
    """
    a, b = model.verification[series.chance]
    logit = logit_of_score(a, b, parameters[:, series.chance])
    total = -((a - 1) * log_expit(logit) + (b - 1) * log_expit(-logit))
    if model.family is not None:
        place = model.n_chances + (0 if model.shared else 2 * series.monitor)
        total = total + 0.25 * (parameters[:, place : place + 2] ** 2).sum(axis=1)
    c, d = model.carried_out
    if model.concentration is None:
        announced = float(model.announced[series.batch])
        total = total - log_beta_binomial(np.minimum(carried_out, announced), announced, c, d)
    else:
        logit = logit_of_score(c, d, parameters[:, -2])
        total = total - ((c - 1) * log_expit(logit) + (d - 1) * log_expit(-logit))
    return np.asarray(total)


def _choose(log_weights: Floats, random: np.random.Generator) -> NDArray[np.int64]:
    """Column drawn for each row, by its weights."""
    weights = np.exp(log_weights - log_weights.max(axis=1, keepdims=True))
    shares = np.cumsum(weights, axis=1)
    level = random.random(len(weights)) * shares[:, -1]
    return np.asarray(np.minimum((shares <= level[:, None]).sum(axis=1), log_weights.shape[1] - 1))
