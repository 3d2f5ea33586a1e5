"""The likelihood of increments given their means: people in clusters, lower bounds, figures with errors."""

from __future__ import annotations

import numpy as np

from detcount._numerics.process.clusters import log_clusters, log_excess, score_clusters
from detcount._numerics.process.increments import EXACT, ROBUST, ROBUST_LEAST, Increments
from detcount._numerics.process.matrices import Array

__all__ = ["FLOOR", "HIGHEST", "log_likelihood"]

_FREEDOM = 4.0  # of the errors of announced and passed-on figures: single ones are far off
FLOOR = 1e-3  # persons: least mean of an increment, for those found long after the delay is over
HIGHEST = 30.0  # log of persons a day: beyond, numbers are cut off


def log_likelihood(
    data: Increments, log_mean: Array, spread: Array, *, slopes: bool = True
) -> tuple[Array, Array, Array]:
    """Log likelihood summed over increments, and score and information of each log mean."""
    mean = np.exp(np.clip(log_mean, -HIGHEST, HIGHEST))
    wide = np.broadcast_to(spread, mean.shape)
    count = np.broadcast_to(data.count, mean.shape)
    value = np.zeros(mean.shape)
    score = np.zeros(mean.shape)
    size = mean / wide
    information = size * (wide / (1 + wide) * size + np.log1p(wide)) / (1 + size)
    robust = data.kind >= ROBUST
    alone = data.kind == EXACT
    alone[data.following[data.following >= 0]] = False
    if alone.any():
        at = (..., alone)
        value[at] = log_clusters(count[at], mean[at], wide[at])
        if slopes:
            score[at] = score_clusters(count[at], mean[at], wide[at])
    if robust.any():
        at = (..., robust)
        error = np.log(data.count[robust] + 0.5) - log_mean[at]
        # a figure said to be a lower bound may well be far below
        scale = data.error[robust] * np.where((data.kind[robust] == ROBUST_LEAST) & (error < 0), 2.0, 1.0)
        value[at] = -0.5 * (_FREEDOM + 1) * np.log1p(error**2 / (_FREEDOM * scale**2))
        score[at] = (_FREEDOM + 1) * error / (_FREEDOM * scale**2 + error**2)
        information[at] = (_FREEDOM + 1) / (_FREEDOM + 3) / scale**2
    for row, (nodes, log_width) in data.nodes.items():
        high = count[..., row, None] + nodes
        terms = log_clusters(high, mean[..., row, None], wide[..., row, None])
        terms = terms + log_excess(nodes, data.error[row]) + log_width
        following = int(data.following[row])
        if following >= 0:
            rest = data.count[following] - nodes
            terms = terms + log_clusters(rest, mean[..., following, None], wide[..., following, None])
        top = terms.max(axis=-1, keepdims=True)
        share = np.exp(terms - top)
        total = share.sum(axis=-1, keepdims=True)
        share /= total
        value[..., row] += (top + np.log(total))[..., 0]
        if not slopes:
            continue
        slope = score_clusters(high, mean[..., row, None], wide[..., row, None])
        score[..., row] += (share * slope).sum(axis=-1)
        if following >= 0:
            slope = score_clusters(rest, mean[..., following, None], wide[..., following, None])
            score[..., following] += (share * slope).sum(axis=-1)
    return value.sum(axis=-1), score, np.maximum(information, 1e-8)
