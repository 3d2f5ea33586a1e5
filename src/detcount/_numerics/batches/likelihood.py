"""The likelihood of the figures: what does not depend on the number carried out, and what does."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.special import betainc, betaln, expit, log_ndtr, logsumexp

from detcount._numerics.batches.model import BatchModel, Floats, Series
from detcount._numerics.batches.overlaps import overlaps, two_by_two
from detcount._numerics.batches.scores import (
    TINY,
    chances,
    delay_parameters,
    finite_log,
    fraction,
    log_choose,
    logit_of_score,
)
from detcount._numerics.delay import discrete_cdf

__all__ = ["CELLS", "batch_terms", "last_exact", "log_beta_binomial", "log_likelihood", "verified_shares"]

CELLS = 2_000_000  # numbers held at a time
_ALIKE = 1e7  # concentration beyond which batches are alike to the last person, and log beta loses digits


def log_beta_binomial(value: float | Floats, size: float | Floats, a: float, b: float) -> Floats:
    """Log probability of `value` of `size` with a chance from Beta(a, b)."""
    return np.asarray(
        log_choose(size, value) + betaln(np.add(value, a), np.subtract(size, value) + b) - betaln(a, b)
    )


def log_likelihood(model: BatchModel, parameters: Floats) -> Floats:
    """Log likelihood of all figures, R summed out; parameters of shape (n, n_parameters)."""
    cells = max(len(model.support(batch)[0]) for batch in range(len(model.announced)))
    step = max(1, CELLS // cells)
    found = np.empty(len(parameters))
    for begin in range(0, len(parameters), step):
        some = parameters[begin : begin + step]
        total = np.zeros(len(some))
        for batch in range(len(model.announced)):
            constant, given = batch_terms(model, batch, some)
            total += constant + logsumexp(given, axis=1)
        found[begin : begin + step] = total
    return np.where(np.isnan(found), -np.inf, found)


def verified_shares(model: BatchModel, series: Series, parameters: Floats) -> Floats:
    """Share of delays that had run out by each figure, shape (n, n_figures), above 0."""
    if model.family is None:
        return np.ones((len(parameters), len(series.counts)))
    days, place = np.unique(series.delays, return_inverse=True)
    cdf = discrete_cdf(model.family, delay_parameters(model, series.monitor, parameters), days)
    return np.asarray(np.maximum(cdf[:, place.reshape(series.delays.shape)].mean(axis=2), TINY))


def last_exact(series: Series, shares: Floats) -> tuple[int, Floats, int | None]:
    """Last exact figure and its share (0 and 0 without one), and the lower bound after it, if any."""
    exact = np.flatnonzero(~series.at_least)
    known = int(series.counts[exact[-1]]) if len(exact) else 0
    share = shares[:, exact[-1]] if len(exact) else np.zeros(len(shares))
    last = int(series.counts[-1])
    return known, share, last if series.at_least[-1] and last > known else None


def batch_terms(model: BatchModel, batch: int, parameters: Floats) -> tuple[Floats, Floats]:
    """Log likelihood of a batch: what does not depend on R, shape (n,), and for each R, (n, n_support)."""
    first, last = model.support(batch)
    support: Floats = np.asarray(0.5 * (first + last), dtype=np.float64)
    announced = float(model.announced[batch])
    constant = np.zeros(len(parameters))
    table = log_choose(announced, np.minimum(support, announced)) + np.log(last - first + 1.0)
    slope = np.zeros(len(parameters))
    tails: Floats | None = None
    found = model.of_batch(batch)
    probabilities, counts = [], []
    for series in found:
        chance = chances(model, series.chance, parameters)
        shares = verified_shares(model, series, parameters)
        constant += _log_figures(series, shares)
        known, share, tail = last_exact(series, shares)
        probabilities.append(chance * share)
        counts.append(known)
        if tail is not None:
            q = fraction(chance * (shares[:, -1] - share), 1 - chance * share)
            survival = betainc(tail - known, support - tail + 1, q[:, None])
            log = np.log(np.maximum(survival, TINY))
            tails = log if tails is None else tails + log
    if model.odds_ratio != 1 and len(found) == 2:
        (one, two), (p, q) = counts, probabilities
        _, only_one, only_two, neither = two_by_two(p, q, model.odds_ratio)
        table = table + log_choose(support, one) + overlaps(support.tobytes(), one, two, model.odds_ratio)
        constant += one * finite_log(only_one) + two * finite_log(only_two)
        constant -= (one + two) * finite_log(neither)
        slope += finite_log(neither)
    else:
        for p, known in zip(probabilities, counts, strict=True):
            table = table + log_choose(support, known)
            if known:
                constant += known * finite_log(p)
            log_rest = np.log1p(-np.minimum(p, 1 - 1e-16))
            constant -= known * log_rest
            slope += log_rest
    given = table + slope[:, None] * support
    if tails is not None:
        given = given + tails
    inside = np.minimum(support, announced)
    if model.concentration is None:
        a, b = model.carried_out
        given = given + (betaln(inside + a, announced - inside + b) - betaln(a, b))
    else:
        logit = logit_of_score(*model.carried_out, parameters[:, -2])
        total = model.concentration * np.exp(log_ndtr(parameters[:, -1]) - log_ndtr(-parameters[:, -1]))
        total = np.minimum(total, _ALIKE)
        a, b = np.maximum(expit(logit) * total, TINY), np.maximum(expit(-logit) * total, TINY)
        if len(support) == last[-1] - first[0] + 1:
            constant += betaln(inside[0] + a, announced - inside[0] + b) - betaln(a, b)
            up = support[:-1]
            ratio = np.log((up + a[:, None]) / (announced - up - 1 + b[:, None]))
            given[:, 1:] += np.cumsum(ratio, axis=1)
        else:
            a, b = a[:, None], b[:, None]
            given = given + betaln(inside + a, announced - inside + b) - betaln(a, b)
    return constant, given


def _log_figures(series: Series, shares: Floats) -> Floats:
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
