"""Sums over the releases that two monitors have both verified."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import logsumexp

from detcount._numerics.batches.model import EVERY, Floats
from detcount._numerics.batches.scores import log_choose

__all__ = ["log_overlaps", "overlaps", "two_by_two"]

_REACH = 10.0  # standard deviations to each side of the likeliest overlap
_OVERLAPS = 200  # steps that these take, at least; ten a standard deviation


def two_by_two(p: Floats, q: Floats, odds_ratio: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Chances of both, the first only, the second only and neither, from the margins and the odds ratio."""
    s = 1 + (p + q) * (odds_ratio - 1)
    root = np.sqrt(np.maximum(s**2 - 4 * odds_ratio * (odds_ratio - 1) * p * q, 0.0))
    both = 2 * odds_ratio * p * q / (s + root)
    return both, np.maximum(p - both, 0.0), np.maximum(q - both, 0.0), np.maximum(1 - p - q + both, 0.0)


@lru_cache(maxsize=64)
def overlaps(support: bytes, one: int, two: int, odds_ratio: float) -> Floats:
    """`log_overlaps`, once for all the parameters that are tried."""
    return log_overlaps(np.frombuffer(support), one, two, odds_ratio)


def log_overlaps(support: Floats, one: int, two: int, odds_ratio: float) -> Floats:
    """Log of the sum over overlaps m of C(V1, m) C(R - V1, V2 - m) OR^m, for each R.

    Of thousands of overlaps those within some standard deviations of the likeliest are summed, in even
    steps that are short beside one: the sum of a smooth peak in even steps is as good as whole.
    """
    rest = support - one
    least, most = np.maximum(np.ceil(two - rest), 0.0), np.full(len(support), float(min(one, two)))
    if min(one, two) < EVERY:
        m, width = least[:, None] + np.arange(min(one, two) + 1.0), np.ones(len(support))
    else:
        middle = _likeliest_overlap(support, one, two, odds_ratio)
        inverse = 1 / (middle + 1) + 1 / (one - middle + 1) + 1 / (two - middle + 1)
        inverse += 1 / (np.maximum(rest - two + middle, 0.0) + 1)
        reach = _REACH / np.sqrt(inverse)
        low, high = np.maximum(least, np.floor(middle - reach)), np.minimum(most, np.ceil(middle + reach))
        width = np.maximum(np.floor((high - low) / _OVERLAPS), 1.0)
        m = low[:, None] + np.arange(2 * _OVERLAPS + 1) * width[:, None]
        most = high
    inside = m <= most[:, None]
    m = np.minimum(m, most[:, None])
    each = log_choose(float(one), m) + m * np.log(odds_ratio) + log_choose(rest[:, None], two - m)
    return np.asarray(logsumexp(np.where(inside, each, -np.inf), axis=1) + np.log(width))


def _likeliest_overlap(support: Floats, one: int, two: int, odds_ratio: float) -> Floats:
    """Overlap at which a noncentral hypergeometric has its peak, for each R."""
    a = odds_ratio - 1
    b = odds_ratio * (one + two) + support - one - two
    c = odds_ratio * one * two
    found: Floats = 2 * c / (b + np.sqrt(np.maximum(b**2 - 4 * a * c, 0.0)))
    return np.clip(found, np.maximum(one + two - support, 0.0), min(one, two))
