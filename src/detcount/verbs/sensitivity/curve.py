"""Curves of the number of persons by an odds ratio that no data show, and tipping values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from detcount._numerics.arrays import Floats, ReadOnly
from detcount.contract import arguments
from detcount.contract.specification import door
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate, LogNormalRule
from detcount.estimates.interval import persons
from detcount.reports.printing import Column
from detcount.reports.shown import Result, Tabular
from detcount.words import Message, Number

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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
    """An odds ratio in three digits; infinity as Python writes it."""
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
    >>> print(dc.odds_ratio_curve(dc.abundance.Chapman().fit(table), claim=500).tipping)
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
        return Message(
            "{claim:,.0f} persons need an odds ratio of {at_point:.3g} ({percent:.4g}% limits reach it from "
            "{at_high} to {at_low})",
            claim=self.claim,
            at_point=self.at_point,
            percent=100 * self.level,
            at_high=ratio_in_words(self.at_high),
            at_low=ratio_in_words(self.at_low),
        )

    def sentence(self) -> Message:
        """Say what has to be believed for the claim to be right."""
        return Message(
            "For {claim:,.0f} persons in all to be right, the odds that a person is on no list would have to "
            "be {at_point:.3g} times what the estimator assumes.",
            claim=self.claim,
            at_point=self.at_point,
        )


def tipping_of(estimate: AbundanceEstimate, claim: float, level: float) -> TippingValue:
    """The odds ratios at which the point and the limits of an estimate equal a claim."""
    claim = arguments.positive("claim", claim, unit="of persons")
    if claim <= estimate.n_observed:
        raise InputError(
            Message(
                "claim: expected more than the {n_observed:,} persons listed, got {claim:,.12g}. A claim at "
                "or below that is refuted by the lists themselves, whatever their dependence",
                n_observed=estimate.n_observed,
                claim=claim,
            )
        )
    if estimate.n_unobserved <= 0:
        raise NotEstimableError(
            type(estimate.estimator).__name__,
            Message("the estimate has nobody unlisted, so no odds ratio moves it"),
            Message("Use an estimator whose estimate is above the number listed."),
        )
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


@dataclass(frozen=True)
class Tuning:
    """Grid of odds ratios.

    Parameters
    ----------
    grid : tuple of float, odds ratio, odds ratio, points
        Geometric grid of odds ratios. Convention: a factor of five either way.
    """

    grid: tuple[float, float, int] = (0.2, 5.0, 25)


TUNING = Tuning()
_GRID = np.geomspace(*TUNING.grid)


@dataclass(frozen=True, eq=False)
class SensitivityCurve(ReadOnly, Result):
    """Abundance over a range of odds ratios.

    Parameters
    ----------
    odds_ratios : ndarray of float64, shape (n,)
        Odds ratios, relative to what the estimator assumes.
    points : ndarray of float64, shape (n,)
        Estimate of N at each, persons.
    lows : ndarray of float64, shape (n,)
        Lower limit of N at each, persons.
    highs : ndarray of float64, shape (n,)
        Upper limit of N at each, persons; infinite where the estimate has none.
    n_observed : int
        Persons on at least one list.
    level : float
        Confidence or credibility of the limits, in (0, 1).
    tipping : TippingValue, optional
        The odds ratio at which the estimate comes to a claim, where one was given.

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> curve = dc.odds_ratio_curve(dc.abundance.Chapman().fit(table), [0.5, 1, 2])
    >>> [round(point) for point in curve.points]
    [177, 234, 349]
    """

    odds_ratios: Floats
    points: Floats
    lows: Floats
    highs: Floats
    n_observed: int
    level: float
    tipping: TippingValue | None = None

    _columns = (
        Column(name="odds_ratio", title=Message("Odds ratio"), write=".3g"),
        Column(name="low", title=Message("Low"), write=persons),
        Column(name="point", title=Message("Point"), write=persons),
        Column(name="high", title=Message("High"), write=persons),
    )

    @property
    def _items(self) -> list[dict[str, float]]:
        columns = (self.odds_ratios, self.lows, self.points, self.highs)
        names = ("odds_ratio", "low", "point", "high")
        values = zip(*(column.tolist() for column in columns), strict=True)
        return [dict(zip(names, row, strict=True)) for row in values]

    def plot(self, *, lang: str = "en") -> Figure:
        """Draw the total by odds ratio with its limits, the persons listed, and where it comes to a claim.

        Parameters
        ----------
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, on a canvas of its own; ``figure.savefig("sensitivity.png")`` writes it.

        Raises
        ------
        InputError
            If the language is unknown.

        Examples
        --------
        >>> from detcount import CaptureTable, abundance, odds_ratio_curve
        >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
        >>> estimate = abundance.Chapman().fit(table)
        >>> figure = odds_ratio_curve(estimate, claim=300).plot()
        >>> print(*[text.get_text() for text in figure.axes[0].texts], sep="; ")
        300 reached at 1.58; 120 listed; 300: the claim; assumed: 230
        """
        from detcount.estimates.figures import CurveFigure, draw_curve_alone
        from detcount.reports.printed import figure_of

        tipping = self.tipping
        curve = CurveFigure(
            odds_ratios=tuple(self.odds_ratios.tolist()),
            points=tuple(self.points.tolist()),
            limits=tuple(zip(self.lows.tolist(), self.highs.tolist(), strict=True)),
            n_observed=self.n_observed,
            claim=tipping.claim if tipping is not None else None,
            claim_words=Message("{n}: the claim", n=Number(tipping.claim)) if tipping is not None else "",
            tipping=tipping.at_point if tipping is not None else None,
        )
        return figure_of(partial(draw_curve_alone, curve=curve), lang)

    def headline(self) -> Message:
        """Give the range of the estimate, in one line."""
        return Message(
            "{low:,.0f} to {high:,.0f} persons at odds ratios from {least:.3g} to {most:.3g}",
            low=self.points.min(),
            high=self.points.max(),
            least=self.odds_ratios.min(),
            most=self.odds_ratios.max(),
        )

    def sentence(self) -> Message:
        """Say what an odds ratio is, and how far it moves the estimate."""
        return Message(
            "The odds that a person is on no list, relative to what the estimator assumes, cannot be seen in "
            "the lists: if they are {least:.3g} times as high there are {low:,.0f} persons, and if they are "
            "{most:.3g} times as high {high:,.0f}, of whom {listed:,} are listed.",
            least=self.odds_ratios.min(),
            low=self.points.min(),
            most=self.odds_ratios.max(),
            high=self.points.max(),
            listed=self.n_observed,
        )


@door
def odds_ratio_curve(
    estimate: AbundanceEstimate,
    odds_ratios: ArrayLike | None = None,
    *,
    claim: float | None = None,
    level: float = 0.95,
) -> SensitivityCurve:
    """Move the dependence that no data can show, and see where the estimate goes.

    Every estimate is two things: a description of the listed persons, which data can contradict, and an
    assumption that ties those on no list to it, which they cannot. This keeps the first as it is and
    changes only the second. The odds that a person is on no list are multiplied by an odds ratio, so
    N = n + odds ratio * n_0. For two lists taken as independent it is their odds ratio in the whole
    population; for more it is the highest-order one, among all the lists together. It counts relative
    to what the estimator assumes: 1 gives the estimate itself.

    Parameters
    ----------
    estimate : AbundanceEstimate
        Any estimate, persons.
    odds_ratios : array_like of float, optional
        Odds ratios, above 0; without them 25 from 1/5 to 5, evenly spaced in logarithm.
    claim : float, optional
        A number of persons that somebody gives, more than are listed: `tipping` of the curve says how strong
        the unseen dependence would have to be for it.
    level : float, optional
        Confidence or credibility of the limits, in (0, 1).

    Returns
    -------
    SensitivityCurve
        Points and limits of N, persons, in the order of the odds ratios.

    Raises
    ------
    InputError
        If an odds ratio is not a finite number above 0, or none is given; or if no more persons are claimed
        than are listed: no odds ratio makes listed persons vanish.
    NotEstimableError
        If there is a claim, and the estimate has nobody unlisted, so that no odds ratio moves it.

    Notes
    -----
    A log-normal interval is found anew at each odds ratio r. Its variance is that of the unlisted persons
    around what is expected, n_0, and that of the expectation, the rest; so it becomes
    r n_0 + r^2 (variance - n_0), which is exactly what `OddsRatioAdjusted` and
    `NoHighestOrderInteraction` give. Limits of any other kind move as the point does,
    n + r (limit - n).

    References
    ----------
    .. [1] Aleshin-Guendel, S., Sadinle, M. and Wakefield, J. (2024). The central role of the identifying
       assumption in population size estimation. Biometrics, 80(1), ujad028.
       https://doi.org/10.1093/biomtc/ujad028

    Examples
    --------
    >>> from detcount import CaptureTable, abundance, odds_ratio_curve
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> curve = odds_ratio_curve(abundance.LincolnPetersen().fit(table), [0.5, 1, 2])
    >>> curve.points.round().tolist()
    [180.0, 240.0, 360.0]
    >>> print(odds_ratio_curve(abundance.LincolnPetersen().fit(table), claim=180).tipping)
    180 persons need an odds ratio of 0.5 (95% limits reach it from 0.256 to 0.918)
    """
    given = _GRID if odds_ratios is None else odds_ratios
    values = np.atleast_1d(arguments.numbers("odds_ratios", given))
    if values.ndim != 1 or len(values) == 0:
        raise InputError(
            Message("odds_ratios: expected one or more numbers, got shape {shape}", shape=repr(values.shape))
        )
    if not (np.isfinite(values) & (values > 0)).all():
        row = int(np.flatnonzero(~(np.isfinite(values) & (values > 0)))[0])
        raise InputError(
            Message(
                "odds_ratios, position {position}: expected a finite number above 0, got {got:g}. 1 leaves "
                "the estimate as it is",
                position=row + 1,
                got=values[row],
            )
        )
    estimate.interval(level)  # refuses a level that is none
    limits = np.array([moved_limits(estimate, value, level) for value in values.tolist()])
    return SensitivityCurve(
        odds_ratios=values,
        points=estimate.n_observed + values * estimate.n_unobserved,
        lows=limits[:, 0],
        highs=limits[:, 1],
        n_observed=estimate.n_observed,
        level=level,
        tipping=None if claim is None else tipping_of(estimate, claim, level),
    )
