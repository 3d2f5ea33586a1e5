"""The odds ratio at which a claim is reached."""

from __future__ import annotations

import math
from dataclasses import dataclass

from detcount import arguments
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate, LogNormalRule
from detcount.printing import Column
from detcount.shown import Tabular
from detcount.words import Message
from detcount.words.by_key import Messages

message = Messages("detcount.sensitivity")


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


@dataclass(frozen=True)
class TippingValue(Tabular):
    """The odds ratio at which an estimate comes to a claim.

    Parameters
    ----------
    claim : float
        The number of persons claimed.
    at_point : float
        Odds ratio at which the estimate equals the claim.
    at_low : float
        Odds ratio at which the lower limit does: above it the claim is too low. Infinite when no odds
        ratio is enough.
    at_high : float
        Odds ratio at which the upper limit does: below it the claim is too high. 0 when no odds ratio is
        small enough.
    level : float
        Confidence or credibility of the limits, in (0, 1).

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> print(dc.tipping_odds_ratio(dc.abundance.Chapman().fit(table), 500).headline())
    500 persons need an odds ratio of 3.33 (95% limits reach it from 1.87 to 5.84)
    """

    claim: float
    at_point: float
    at_low: float
    at_high: float
    level: float

    _columns = tuple(Column(name=name) for name in ("claim", "at_point", "at_low", "at_high", "level"))

    @property
    def _items(self) -> tuple[TippingValue, ...]:
        return (self,)

    def headline(self) -> Message:
        """Give the odds ratio, and those at which the limits reach the claim, in one line."""
        return message(
            "tipping in one line",
            claim=self.claim,
            at_point=self.at_point,
            percent=100 * self.level,
            at_high=ratio_in_words(self.at_high),
            at_low=ratio_in_words(self.at_low),
        )

    def sentence(self) -> Message:
        """Say what has to be believed for the claim to be right."""
        return message("tipping in words", claim=self.claim, at_point=self.at_point)


def tipping_odds_ratio(estimate: AbundanceEstimate, claim: float, *, level: float = 0.95) -> TippingValue:
    """Find how strong the unseen dependence would have to be for a claim to be right.

    Says, of a number that somebody else gives, what it takes to believe it: with the listed persons as
    they are, the odds ratio (see `odds_ratio_curve`) at which the estimate equals it.

    Parameters
    ----------
    estimate : AbundanceEstimate
        Any estimate, persons.
    claim : float
        The number claimed, persons; more than are listed.
    level : float, optional
        Confidence or credibility of the limits, in (0, 1).

    Returns
    -------
    TippingValue
        Odds ratios at which the point and the limits of N equal the claim.

    Raises
    ------
    InputError
        If no more persons are claimed than are listed: no odds ratio makes listed persons vanish.
    NotEstimableError
        If the estimate has nobody unlisted, so that no odds ratio moves it.

    See Also
    --------
    odds_ratio_curve : The whole range, and how limits move.

    Examples
    --------
    >>> from detcount import CaptureTable, abundance, tipping_odds_ratio
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> print(tipping_odds_ratio(abundance.LincolnPetersen().fit(table), 180))
    180 persons need an odds ratio of 0.5 (95% limits reach it from 0.256 to 0.918)
    """
    claim = arguments.positive("claim", claim, unit="of persons")
    if claim <= estimate.n_observed:
        raise InputError(
            message("claim expected more than the persons", n_observed=estimate.n_observed, claim=claim)
        )
    if estimate.n_unobserved <= 0:
        raise NotEstimableError(
            type(estimate.estimator).__name__,
            Message("the estimate has nobody unlisted, so no odds ratio moves it"),
            Message("Use an estimator whose estimate is above the number listed."),
        )
    estimate.interval(level)
    return TippingValue(
        claim=claim,
        at_point=(claim - estimate.n_observed) / estimate.n_unobserved,
        at_low=_reach(estimate, claim, level, 0),
        at_high=_reach(estimate, claim, level, 1),
        level=level,
    )


def _reach(estimate: AbundanceEstimate, claim: float, level: float, side: int) -> float:
    """Odds ratio at which a limit equals the claim; both limits rise with the odds ratio."""
    n = estimate.n_observed
    limit = moved_limits(estimate, 1.0, level)[side]
    if math.isinf(limit):
        return 0.0
    if limit <= n:
        return math.inf
    if not isinstance(estimate.interval_rule, LogNormalRule):
        return (claim - n) / (limit - n)
    low = high = (claim - n) / estimate.n_unobserved
    while moved_limits(estimate, low, level)[side] > claim and low > 0:
        low /= 2
    while moved_limits(estimate, high, level)[side] < claim:
        high *= 2
    for _ in range(200):
        middle = math.sqrt(low * high)
        if not low < middle < high:
            break
        if moved_limits(estimate, middle, level)[side] < claim:
            low = middle
        else:
            high = middle
    return high
