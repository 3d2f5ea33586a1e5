"""From normal scores to chances, delays and counts: quantiles of the stated priors, read from tables."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import betainc, betaincinv, betaln, expit, gammaln, ndtr

from detcount._numerics.batches.model import MOST_OUTSIDE, BatchModel, Floats, Whole
from detcount._numerics.delay import with_median

__all__ = [
    "TINY",
    "carried_out_of_score",
    "chance_of_score",
    "delay_of_scores",
    "finite_log",
    "fraction",
    "log_choose",
    "outside_of_score",
    "sample_prior",
    "score_of_carried_out",
    "score_of_chance",
    "share_of_score",
]

Beta = tuple[float, float]

TINY = 1e-300
_END, _STEP = 9.0, 1 / 400
_SCORES = np.linspace(-_END, _END, 7201)  # between its steps a logit is straight to 1e-5
_LOGIT_END, _LOGIT_STEP = 45.0, 1 / 100
_STRAY = (1.0, 30.0)  # Beta of the share that a monitor happens to verify of a batch that it does not follow
_WHOLE = (30.0, 0.4)  # Beta of the share of a batch that is carried out whole, or nearly so
_HALVINGS = 60
_COUNTED = 5000  # verified up to which outsiders are counted one by one; beyond, by their share


def sample_prior(model: BatchModel, n_draws: int, random: np.random.Generator) -> Floats:
    """Draw scores from their prior."""
    factor = np.linalg.cholesky(model.correlation)
    return np.asarray(random.standard_normal((n_draws, model.n_scores)) @ factor.T)


def share_of_score(prior: tuple[float, float], score: Floats) -> Floats:
    """Quantile of Beta(a, b) at a normal score."""
    return np.asarray(expit(_read(_logits(float(prior[0]), float(prior[1])), score, _END, _STEP)))


def chance_of_score(prior: tuple[float, float], unfollowed: float, score: Floats) -> Floats:
    """Quantile, at a normal score, of the chance that a monitor ever verifies a release of a batch."""
    table = _mixed_logits(float(prior[0]), float(prior[1]), float(unfollowed), _STRAY)
    return np.asarray(expit(_read(table, score, _END, _STEP)))


def score_of_chance(prior: tuple[float, float], unfollowed: float, chance: Floats) -> tuple[Floats, Floats]:
    """Score at which `chance_of_score` has a value, and the log of d log(chance) / d score there."""
    score, slope = _inverted((float(prior[0]), float(prior[1]), float(unfollowed), _STRAY), chance)
    return score, np.log(np.maximum(slope * (1 - chance), TINY))


def carried_out_of_score(model: BatchModel, score: Floats) -> Floats:
    """Quantile, at a normal score, of the chance that a release of a batch is carried out."""
    a, b = model.carried_out
    return np.asarray(
        expit(_read(_mixed_logits(float(a), float(b), model.whole, _WHOLE), score, _END, _STEP))
    )


def score_of_carried_out(model: BatchModel, share: Floats) -> tuple[Floats, Floats]:
    """Score at which `carried_out_of_score` has a value, and the log of d share / d score there."""
    a, b = model.carried_out
    score, slope = _inverted((float(a), float(b), model.whole, _WHOLE), share)
    return score, np.log(np.maximum(slope * share * (1 - share), TINY))


def _inverted(prior: tuple[float, float, float, Beta], share: Floats) -> tuple[Floats, Floats]:
    """Score of a share, and the slope of the logit there."""
    inner = np.clip(share, TINY, 1 - 1e-16)
    score = _read(_score_table(*prior), np.log(inner) - np.log1p(-inner), _LOGIT_END, _LOGIT_STEP)
    table = _mixed_logits(*prior)
    place = np.clip(((score + _END) / _STEP).astype(np.int64), 0, len(_SCORES) - 2)
    return score, np.asarray((table[place + 1] - table[place]) / _STEP)


def _read(table: Floats, where: Floats, end: float, step: float) -> Floats:
    """Read a table at even steps from -end to end, straight between them."""
    place = (np.clip(where, -end, end) + end) / step
    low = np.minimum(place.astype(np.int64), len(table) - 2)
    below: Floats = table[low]
    found: Floats = below + (place - low) * (table[low + 1] - below)
    return found


@lru_cache(maxsize=64)
def _score_table(a: float, b: float, weight: float, other: Beta) -> Floats:
    """Scores at even steps of the logit."""
    logits = np.arange(-_LOGIT_END, _LOGIT_END + 0.5 * _LOGIT_STEP, _LOGIT_STEP)
    return np.asarray(np.interp(logits, _mixed_logits(a, b, weight, other), _SCORES))


def delay_of_scores(model: BatchModel, median: Floats, shape: Floats) -> Floats:
    """Parameters of a fast delay as `discrete_cdf` takes them, shape (n, 2)."""
    middle, form = (
        centre * np.exp(np.log(factor) * score)
        for (centre, factor), score in ((model.median, median), (model.shape, shape))
    )
    return with_median(str(model.family), middle, form)


def outside_of_score(verified: int, announced: int, prior: tuple[float, float], score: Floats) -> Whole:
    """Of so many verified, how many are outside the announcement: a quantile at a normal score.

    Each verified person is outside with a chance from Beta(a, b): beta-binomial, at most half of all, and at
    least as many as were verified beyond the announced.
    """
    least = max(0, verified - announced)
    most = max(int(verified * MOST_OUTSIDE), least)
    if verified > _COUNTED:
        share = betainc(*prior, np.array([least / verified, most / verified]))
        level = share[0] + ndtr(score) * max(share[1] - share[0], 0.0)
        outside = np.rint(verified * betaincinv(*prior, level))
        return np.asarray(np.clip(outside, least, most).astype(np.int64))
    cumulative = _outside_table(verified, least, most, float(prior[0]), float(prior[1]))
    return np.asarray(least + np.searchsorted(cumulative, ndtr(score)), dtype=np.int64)


@lru_cache(maxsize=256)
def _outside_table(verified: int, least: int, most: int, a: float, b: float) -> Floats:
    """Cumulative probabilities of all but the last number of outsiders."""
    count = np.arange(least, most + 1.0)
    log = log_choose(float(verified), count) + betaln(count + a, verified - count + b)
    weights = np.exp(log - log.max())
    return np.asarray(np.cumsum(weights / weights.sum())[:-1])


@lru_cache(maxsize=64)
def _logits(a: float, b: float) -> Floats:
    """Logits of Beta(a, b) at the normal scores of the table."""
    low, high = betaincinv(a, b, ndtr(_SCORES)), betaincinv(b, a, ndtr(-_SCORES))
    return np.asarray(np.log(np.maximum(low, TINY)) - np.log(np.maximum(high, TINY)))


@lru_cache(maxsize=64)
def _mixed_logits(a: float, b: float, weight: float, other: Beta) -> Floats:
    """Logits of the mixture of Beta(a, b) with another at the normal scores of the table, by halving."""
    if weight == 0:
        return _logits(a, b)
    low, high = np.full(len(_SCORES), -60.0), np.full(len(_SCORES), 60.0)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        up, down = expit(middle), expit(-middle)
        below = (1 - weight) * betainc(a, b, up) + weight * betainc(*other, up)
        above = (1 - weight) * betainc(b, a, down) + weight * betainc(*other[::-1], down)
        # of the two tails the smaller keeps its digits
        reached = np.where(_SCORES < 0, below < ndtr(_SCORES), above > ndtr(-_SCORES))
        low, high = np.where(reached, middle, low), np.where(reached, high, middle)
    return np.asarray(0.5 * (low + high))


def log_choose(size: float | Floats, value: float | Floats) -> Floats:
    """Log binomial coefficient."""
    return np.asarray(
        gammaln(np.add(size, 1.0)) - gammaln(np.add(value, 1.0)) - gammaln(np.subtract(size, value) + 1.0)
    )


def fraction(part: Floats, whole: Floats) -> Floats:
    """Share between 0 and 1; 0 of nothing."""
    return np.asarray(np.clip(part / np.maximum(whole, TINY), 0.0, 1.0))


def finite_log(value: Floats) -> Floats:
    """Logarithm that is finite at 0."""
    return np.asarray(np.log(np.maximum(value, TINY)))
