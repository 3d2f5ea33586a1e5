"""Given the scores: how many releases were carried out, and how many a monitor verifies in the end."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.batches.handover import handed_over
from detcount._numerics.batches.likelihood import ever_verified, log_beta_binomial, seen_by, verified_shares
from detcount._numerics.batches.model import BatchModel, Floats, Whole
from detcount._numerics.batches.scores import carried_out_of_score, fraction
from detcount._numerics.batches.summing import draw_carried_out
from detcount._numerics.truncated import binomial_of_at_least

__all__ = ["InTheEnd", "carried_out_probabilities", "draw_parts"]

_MOST = 1e17  # persons: what a computer counts exactly is not much more


class InTheEnd(NamedTuple):
    """What a monitor will have verified of a batch, for each row of scores."""

    verified: Whole  # by its figure
    inside: Whole  # of the announcement


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
    model: BatchModel, batch: int, scores: Floats, random: np.random.Generator
) -> tuple[Whole, dict[int, InTheEnd]]:
    """Draw, for each row of scores, R of a batch, and what each monitor will have verified in the end."""
    places = model.of_batch(batch)
    shares = [verified_shares(model, place, scores) for place in places]
    seen = [seen_by(model, place, scores, share) for place, share in zip(places, shares, strict=True)]
    announced = model.announced[batch]
    chance = carried_out_of_score(model, scores[:, batch])
    carried_out = draw_carried_out(announced, chance, seen, random)
    before_eyes = {place: random.random(len(scores)) < handed_over(model, place) for place in places}
    for all_seen in before_eyes.values():
        carried_out = np.where(all_seen, announced, carried_out)
    found = {}
    for place, share, one in zip(places, shares, seen, strict=True):
        series = model.series[place]
        last = int(series.counts[-1])
        inside = one.inside.astype(np.int64)
        if one.more is not None and one.later is not None:
            level, least = random.random(len(scores)), one.more.astype(np.int64)
            rest = carried_out - inside
            more = np.empty(len(scores), dtype=np.int64)
            for value in np.unique(least):  # the draw takes one bound at a time
                rows = least == value
                more[rows] = binomial_of_at_least(rest[rows], one.later[rows], int(value), level[rows])
            verified = last + more - least
            inside = inside + more
        else:
            verified = np.full(len(scores), last, dtype=np.int64)
        ever = ever_verified(model, place, scores)
        still = fraction(ever * (1 - share[:, -1]), 1 - ever * share[:, -1])
        follows = random.random(len(scores)) >= series.stopped
        new = np.where(follows, random.binomial(carried_out - inside, still), 0)
        outside = np.zeros(len(scores), dtype=np.int64)
        if model.outsiders is not None:
            a, b = model.outsiders
            odds = random.standard_gamma(a + verified - inside) / random.standard_gamma(b + inside + 1)
            mean = np.where(new > 0, random.standard_gamma(np.maximum(new, 1)) * odds, 0.0)
            outside = random.poisson(np.minimum(mean, _MOST))
            outside = np.minimum(outside, np.maximum(2 * announced - verified - new, 0))
        new, outside = (np.where(before_eyes[place], 0, part) for part in (new, outside))
        inside = np.where(before_eyes[place], announced, inside)
        found[series.monitor] = InTheEnd(verified + new + outside, inside + new)
    return carried_out, found
