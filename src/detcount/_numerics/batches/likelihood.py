"""The likelihood of the figures of one batch, the number carried out summed out."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.special import betainc, betaln

from detcount._numerics.batches.model import BatchModel, Floats, Series, Whole
from detcount._numerics.batches.scores import (
    TINY,
    carried_out_of_score,
    chance_of_score,
    delay_of_scores,
    finite_log,
    fraction,
    log_choose,
    outside_of_score,
    share_of_score,
)
from detcount._numerics.batches.summing import Seen, log_sum
from detcount._numerics.delay import discrete_cdf

__all__ = [
    "definition_share",
    "ever_verified",
    "log_beta_binomial",
    "log_earlier",
    "log_likelihood",
    "log_likelihood_of",
    "seen_by",
    "share_of_days",
    "verified_shares",
]


def log_beta_binomial(value: float | Floats, size: float | Floats, a: float, b: float) -> Floats:
    """Log probability of `value` of `size` with a chance from Beta(a, b)."""
    return np.asarray(
        log_choose(size, value) + betaln(np.add(value, a), np.subtract(size, value) + b) - betaln(a, b)
    )


def log_likelihood(model: BatchModel, scores: Floats) -> Floats:
    """Log likelihood of the figures of all batches; scores of shape (n, n_scores) give shape (n,)."""
    return np.asarray(sum(log_likelihood_of(model, batch, scores) for batch in range(model.n_batches)))


def log_likelihood_of(model: BatchModel, batch: int, scores: Floats) -> Floats:
    """Log likelihood of the figures of one batch, shape (n,)."""
    seen = []
    total = np.zeros(len(scores))
    for place in model.of_batch(batch):
        shares = verified_shares(model, place, scores)
        total += log_earlier(model.series[place], shares)
        seen.append(seen_by(model, place, scores, shares))
    chance = carried_out_of_score(model, scores[:, batch])
    total += log_sum(model.announced[batch], chance, seen)
    return np.where(np.isfinite(total), total, -1e300)


def share_of_days(model: BatchModel, place: int, scores: Floats, days: Floats | Whole) -> Floats:
    """Share of the eventual verifications of a series made within so many days, shape (n, n_days)."""
    if model.family is None:
        return np.ones((len(scores), len(days)))
    median, shape = (scores[:, model.place(place, name)] for name in ("median", "shape"))
    found = discrete_cdf(model.family, delay_of_scores(model, median, shape), days)
    if model.slow is None:
        return found
    slow = share_of_score(model.slow, scores[:, model.place(place, "slow")])[:, None]
    middle, factor = model.slow_delay
    late = discrete_cdf("log-normal", np.array([np.log(middle), np.log(factor)]), days)
    return np.asarray((1 - slow) * found + slow * late)


def verified_shares(model: BatchModel, place: int, scores: Floats) -> Floats:
    """Share of delays that had run out by each figure of a series, shape (n, n_figures), above 0."""
    series = model.series[place]
    days, where = np.unique(series.delays, return_inverse=True)
    shares = share_of_days(model, place, scores, days)
    return np.asarray(np.maximum(shares[:, where.reshape(series.delays.shape)].mean(axis=2), TINY))


def ever_verified(model: BatchModel, place: int, scores: Floats) -> Floats:
    """Chance that the monitor of a series ever verifies a release of its batch."""
    a, b = model.verification[model.series[place].monitor]
    chance = chance_of_score((a, b), model.unfollowed, scores[:, model.place(place, "chance")])
    return np.asarray(chance * definition_share(model, place, scores))


def definition_share(model: BatchModel, place: int, scores: Floats) -> Floats:
    """Share of a batch that is in the definition of the monitor of a series."""
    if not model.series[place].defined:
        return np.ones(len(scores))
    return share_of_score(model.definition, scores[:, model.place(place, "definition")])


def seen_by(model: BatchModel, place: int, scores: Floats, shares: Floats, *, ends: bool = False) -> Seen:
    """What the monitor of a series had seen of the announcement, and with which chance.

    Shares are those of all figures or, with `ends`, of the last exact and the last one.
    """
    series = model.series[place]
    chance = ever_verified(model, place, scores)
    exact = np.flatnonzero(~series.at_least)
    known = int(series.counts[exact[-1]]) if len(exact) else 0
    share = shares[:, 0 if ends else exact[-1]] if len(exact) else np.zeros(len(scores))
    last = int(series.counts[-1])
    announced = model.announced[series.batch]
    outside = np.full(len(scores), float(max(0, last - announced)))
    if model.outsiders is not None:
        score = scores[:, model.place(place, "outside")]
        outside = outside_of_score(last, announced, model.outsiders, score).astype(np.float64)
    if not (series.at_least[-1] and last > known):
        return Seen(known - outside, chance * share)
    before = np.floor(outside * (known / last))
    later = fraction(chance * (shares[:, -1] - share), 1 - chance * share)
    return Seen(known - before, chance * share, last - known - (outside - before), later)


def log_earlier(series: Series, shares: Floats) -> Floats:
    """Log probability of the figures before the last exact one, given it."""
    total = np.zeros(len(shares))
    exact = np.flatnonzero(~series.at_least)
    counts = series.counts
    for before, after in pairwise(exact):
        x, y = int(counts[before]), int(counts[after])
        q = fraction(shares[:, before], shares[:, after])
        rest = fraction(shares[:, after] - shares[:, before], shares[:, after])
        total += log_choose(float(y), float(x))
        if x:
            total += x * finite_log(q)
        if y > x:
            total += (y - x) * finite_log(rest)
    for figure in np.flatnonzero(series.at_least):
        later = exact[exact > figure]
        if not len(later):
            continue
        after = later[0]
        earlier = exact[exact < figure]
        x, share = (int(counts[earlier[-1]]), shares[:, earlier[-1]]) if len(earlier) else (0, 0.0)
        y, v = int(counts[after]), int(counts[figure])
        if v > x:
            q = fraction(shares[:, figure] - share, shares[:, after] - share)
            total += finite_log(betainc(v - x, y - v + 1, q))
    return total
