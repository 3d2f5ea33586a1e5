"""Other priors, and another family of delays: what they would make of draws, by weighting them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from detcount._numerics.batches.likelihood import log_likelihood_of
from detcount._numerics.batches.model import BatchModel, Floats, Whole
from detcount._numerics.batches.parts import draw_parts
from detcount._numerics.importance import TRUSTED_SHAPE, effective_size, pareto_shape, rows_by_weight

__all__ = ["identified"]

_LEAST_SIZE = 50.0  # effective draws that weights must leave for limits to be seen
_LOOKS = 2  # figures of one announcement, without which nothing shows what is still to come
_MOVED = 0.1  # of the width of an interval: how far its limits may move
_LOOKED_AT = (0.025, 0.25, 0.5, 0.75, 0.975)  # the middle too: limits at the ends of what can be never move


def identified(
    model: BatchModel, batch: int, scores: Floats, eventually: dict[int, Whole], random: np.random.Generator
) -> set[int]:
    """Monitors whose eventual figure for a batch the data show, whatever was stated.

    The monitor gave two figures at least, and quartiles and both limits move by less than a tenth of the
    interval's width when the fast delay is of the other family, when the priors of the monitor's chance
    and delay are raised to the power 1/2, and when no monitor stops following. Scores are different draws.
    """
    if model.family is None:
        return set()
    other = replace(model, family="log-normal" if model.family == "weibull" else "weibull")
    tilted = log_likelihood_of(other, batch, scores) - log_likelihood_of(model, batch, scores)
    follows = replace(model, series=tuple(replace(one, stopped=0.0) for one in model.series))
    found = set()
    for series in model.of_batch(batch):
        if len(model.series[series].counts) < _LOOKS:
            continue
        monitor = model.series[series].monitor
        names = ("chance", "median", "shape", "slow")
        own = scores[:, [model.place(series, name) for name in names]]
        flatter = 0.25 * (own**2).sum(axis=1)
        stays = (
            _stays(again, batch, monitor, scores, log_weights, eventually[monitor], random)
            for again, log_weights in ((other, tilted), (model, flatter), (follows, 0.0 * flatter))
        )
        if all(stays):
            found.add(monitor)
    return found


def _stays(
    model: BatchModel,
    batch: int,
    monitor: int,
    scores: Floats,
    log_weights: Floats,
    before: Whole,
    random: np.random.Generator,
) -> bool:
    """Whether a distribution is much the same by a model whose draws are weighted."""
    if effective_size(log_weights) < _LEAST_SIZE or pareto_shape(log_weights) > TRUSTED_SHAPE:
        return False
    _, drawn = draw_parts(model, batch, scores[rows_by_weight(log_weights, len(scores), random)], random)
    now, then = (np.quantile(draws, _LOOKED_AT) for draws in (before, drawn[monitor].verified))
    return bool((np.abs(then - now) <= _MOVED * (now[-1] - now[0])).all())
