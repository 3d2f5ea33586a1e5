"""The posterior of all announcements: exact for one without a delay, from draws otherwise."""

from __future__ import annotations

from typing import cast

import numpy as np

from detcount._numerics.batches import (
    InTheEnd,
    carried_out_probabilities,
    draw_parts,
    identified,
    sample_posterior,
)
from detcount.estimates import GapEstimate, IdentifiedBySource, UncertainCount
from detcount.releases.batches.result import BatchDelay, BatchesEstimate, DelayFamily, SamplerDiagnostics
from detcount.releases.batches.split import Drawn, Problem, split_batch

__all__ = ["exact_estimate", "sampled_estimate"]

_CHAINS = 500  # draws of the scores, each with several of the parts


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
    known = (np.full(n_draws, count, dtype=np.int64) for count in latest.tolist())
    by: dict[str, IdentifiedBySource] = dict.fromkeys(problem.read.monitors, "prior")
    drawn = Drawn(
        carried_out=draws,
        eventually={place: InTheEnd(count, count) for place, count in enumerate(known)},
        by=by,
        exact=(values, probabilities),
    )
    gap, by_monitor = split_batch(problem, 0, drawn)
    return _estimate(problem, [(gap, by_monitor)], None, SamplerDiagnostics("exact", float(n_draws), 0))


def sampled_estimate(problem: Problem, n_draws: int, random: np.random.Generator) -> BatchesEstimate:
    """Draw every part of every batch for each draw of the scores."""
    model, names = problem.model, problem.read.monitors
    posterior = sample_posterior(model, min(_CHAINS, n_draws), random)
    n_chains = len(posterior.scores)
    scores = posterior.scores[np.arange(n_draws) % n_chains]
    found = []
    shown: list[IdentifiedBySource] = ["prior"] * len(model.series)
    for place in range(model.n_batches):
        carried_out, eventually = draw_parts(model, place, scores, random)
        final = {monitor: each.verified[:n_chains] for monitor, each in eventually.items()}
        data = identified(model, place, posterior.scores, final, random)
        by: dict[str, IdentifiedBySource] = {
            names[monitor]: "data" if monitor in data else "prior" for monitor in eventually
        }
        for series in model.of_batch(place):
            shown[series] = by[names[model.series[series].monitor]]
        found.append(split_batch(problem, place, Drawn(carried_out, eventually, by, float(n_chains))))
    delay = None
    if model.family is not None:
        labels = [batch.label for batch in problem.read.batches]
        delay = BatchDelay(
            family=cast(DelayFamily, model.family),
            series=tuple((labels[each.batch], names[each.monitor]) for each in model.series),
            model=model,
            scores=posterior.scores,
            identified_by=tuple(shown),
        )
    diagnostics = SamplerDiagnostics("many chains", float(n_chains), posterior.n_rounds)
    return _estimate(problem, found, delay, diagnostics)


def _estimate(
    problem: Problem,
    found: list[tuple[GapEstimate, dict[str, UncertainCount]]],
    delay: BatchDelay | None,
    diagnostics: SamplerDiagnostics,
) -> BatchesEstimate:
    """Put the batches together."""
    return BatchesEstimate(
        batches=tuple(gap for gap, _ in found),
        by_monitor=tuple(by_monitor for _, by_monitor in found),
        delay=delay,
        declined=problem.read.declined,
        diagnostics=diagnostics,
        estimator=problem.estimator,
        digest=problem.read.reports.digest,
        seed=problem.seed,
        notes=problem.notes,
    )
