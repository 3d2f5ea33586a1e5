"""The posterior of all announcements: exact for one without a delay, from weighted draws otherwise."""

from __future__ import annotations

import math
from typing import cast

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.batches import (
    BatchModel,
    Posterior,
    carried_out_probabilities,
    delay_parameters,
    draw_parts,
    sample_prior,
    weaker_prior_log_weights,
)
from detcount._numerics.delay import discrete_cdf
from detcount._numerics.importance import ENOUGH_DRAWS, TRUSTED_SHAPE, effective_size
from detcount.estimates import IdentifiedBySource
from detcount.releases.batches.notes import NOTE_WEIGHTS
from detcount.releases.batches.result import BatchDelay, BatchesEstimate, DelayFamily, SamplerDiagnostics
from detcount.releases.batches.split import Problem, split_batch
from detcount.words import Message

__all__ = ["exact_estimate", "sampled_estimate"]

_LEARNED = 0.5  # share of the prior's spread of a delay that is left when data have shown it
_COMPARISONS = 2  # pairs of successive figures that two parameters of a delay need
_N_PRIOR = 2000
_MOVED = 0.25  # standard deviations that weaker priors may move what data identify
_LEAST_SIZE = 50  # effective draws that weights must leave for that to be seen


def exact_estimate(problem: Problem, n_draws: int, random: np.random.Generator) -> BatchesEstimate:
    """One batch and no delay: no sampling but for the draws."""
    model = problem.model
    (batch,) = problem.read.batches
    latest = np.array([figures[-1].verified for figures in batch.figures.values()])
    values, probabilities = carried_out_probabilities(
        batch.announced, latest, model.verification, model.carried_out
    )
    level = np.cumsum(probabilities)
    where = (np.arange(n_draws) + random.random()) / n_draws * level[-1]
    draws = random.permutation(values[np.minimum(np.searchsorted(level, where), len(values) - 1)])
    eventually = {
        place: np.full(n_draws, count, dtype=np.int64) for place, count in enumerate(latest.tolist())
    }
    gap, by_monitor = split_batch(
        problem, 0, draws, eventually, (values, probabilities), dict.fromkeys(problem.read.monitors, "prior")
    )
    return BatchesEstimate(
        batches=(gap,),
        by_monitor=(by_monitor,),
        delay=None,
        declined=problem.read.declined,
        diagnostics=SamplerDiagnostics("exact", float(n_draws), -math.inf, 0),
        estimator=problem.estimator,
        digest=problem.read.reports.digest,
        seed=problem.seed,
        notes=problem.notes,
    )


def sampled_estimate(problem: Problem, posterior: Posterior, random: np.random.Generator) -> BatchesEstimate:
    """Draw every part of every batch for each draw of the parameters."""
    model, names = problem.model, problem.read.monitors
    learned = _learned(model, posterior)
    gaps, monitored = [], []
    for place in range(len(problem.read.batches)):
        carried_out, eventually = draw_parts(model, place, posterior.parameters, random)
        by: dict[str, IdentifiedBySource] = {}
        for series in model.of_batch(place):
            if (place, series.monitor) in learned and not _moved(
                eventually[series.monitor],
                weaker_prior_log_weights(model, series, posterior.parameters, carried_out),
            ):
                by[names[series.monitor]] = "data"
            else:
                by[names[series.monitor]] = "prior"
                learned.discard((place, series.monitor))
        gap, by_monitor = split_batch(
            problem, place, carried_out, eventually, None, by, posterior.effective_size
        )
        gaps.append(gap)
        monitored.append(by_monitor)
    delay = None
    if model.family is not None:
        delay = BatchDelay(
            family=cast(DelayFamily, model.family),
            monitors=names,
            parameters=np.stack(
                [delay_parameters(model, monitor, posterior.parameters) for monitor in range(len(names))]
            ),
            identified_by=tuple(
                "data" if any(monitor == found for _, found in learned) else "prior"
                for monitor in range(len(names))
            ),
        )
    notes = list(problem.notes)
    if posterior.effective_size < ENOUGH_DRAWS or posterior.pareto_shape > TRUSTED_SHAPE:
        notes.append(Message(NOTE_WEIGHTS, worth=posterior.effective_size, shape=posterior.pareto_shape))
    return BatchesEstimate(
        batches=tuple(gaps),
        by_monitor=tuple(monitored),
        delay=delay,
        declined=problem.read.declined,
        diagnostics=SamplerDiagnostics(
            "importance sampling",
            posterior.effective_size,
            posterior.pareto_shape,
            posterior.n_proposals,
        ),
        estimator=problem.estimator,
        digest=problem.read.reports.digest,
        seed=problem.seed,
        notes=tuple(notes),
    )


def _learned(model: BatchModel, posterior: Posterior) -> set[tuple[int, int]]:
    """Batches and monitors of which successive figures showed how much of the delay had run out."""
    if model.family is None:
        return set()
    pairs = np.zeros(model.n_monitors, dtype=int)
    for series in model.series:
        pairs[series.monitor] += int((series.counts[1:] > 0).sum())
    if model.shared:
        pairs[:] = pairs.sum()
    prior = sample_prior(model, _N_PRIOR, np.random.default_rng(0))
    found = set()
    for series in model.series:
        if pairs[series.monitor] < _COMPARISONS:
            continue
        spreads = []
        for parameters in (posterior.parameters, prior):
            shape_scale = delay_parameters(model, series.monitor, parameters)
            share = discrete_cdf(model.family, shape_scale, series.delays[-1]).mean(axis=1)
            share = np.clip(share, 1e-12, 1 - 1e-12)
            spreads.append(np.std(np.log(share / (1 - share))))
        if spreads[0] <= _LEARNED * spreads[1]:
            found.add((series.batch, series.monitor))
    return found


def _moved(draws: NDArray[np.int64], log_weights: NDArray[np.float64]) -> bool:
    """Whether weights move the mean of draws by more than a quarter of their spread."""
    if effective_size(log_weights) < _LEAST_SIZE:
        return True
    weights = np.exp(log_weights - log_weights.max())
    shift = weights @ draws / weights.sum() - draws.mean()
    return bool(abs(shift) > _MOVED * max(float(draws.std()), 0.5))
