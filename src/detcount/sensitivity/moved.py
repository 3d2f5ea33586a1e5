"""The limits of an estimate when the persons on no list are multiplied by an odds ratio."""

from __future__ import annotations

import math

from detcount.estimates import AbundanceEstimate, LogNormalRule
from detcount.words import Message


def moved_limits(estimate: AbundanceEstimate, odds_ratio: float, level: float) -> tuple[float, float]:
    """Limits of N when the persons on no list are multiplied by an odds ratio."""
    n, rule = estimate.n_observed, estimate.interval_rule
    if isinstance(rule, LogNormalRule):
        expected = odds_ratio * rule.n_unobserved
        variance = expected + odds_ratio**2 * max(rule.variance - rule.n_unobserved, 0.0)
        if odds_ratio == 1:
            variance = rule.variance
        return LogNormalRule(expected, variance, n).bounds(level)
    interval = estimate.interval(level)
    return n + odds_ratio * (interval.low - n), n + odds_ratio * (interval.high - n)


def ratio_in_words(odds_ratio: float) -> str:
    """An odds ratio, three digits; without end as Python writes it."""
    return Message("{ratio:.3g}", ratio=odds_ratio) if math.isfinite(odds_ratio) else f"{odds_ratio:.3g}"
