"""Intervals, and the rules that answer for one at any level."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from detcount._numerics.arrays import Floats, ReadOnly
from detcount._numerics.intervals import (
    bca_bias,
    bca_bounds,
    bca_share,
    corrected_probabilities,
    log_normal_bounds,
    percentile_bounds,
    quantiles,
)
from detcount._numerics.monte_carlo import bca_errors, quantile_error, quantile_size, rounded
from detcount.words import Message, Number

# What readers know the names of intervals by.
_METHODS = {
    "BCa bootstrap": Message("BCa bootstrap"),
    "Rubin's rules": Message("Rubin's rules"),
    "Student's t": Message("Student's t"),
    "calibrated": Message("calibrated"),
    "exact binomial": Message("exact binomial"),
    "exact hypergeometric": Message("exact hypergeometric"),
    "log-normal": Message("log-normal"),
    "mixture of posteriors": Message("mixture of posteriors"),
    "percentile bootstrap": Message("percentile bootstrap"),
    "posterior": Message("posterior"),
    "profile likelihood": Message("profile likelihood"),
    "sharp bounds": Message("sharp bounds"),
}


def interval_name(method: str) -> str:
    """Give what readers know an interval by; a name that is not known here as it is."""
    return _METHODS.get(method, method)


@dataclass(frozen=True)
class Interval:
    """Two limits for a number of persons.

    Parameters
    ----------
    low : float
        Lower limit, persons.
    high : float
        Upper limit, persons; infinite when the data set no upper limit.
    level : float
        The confidence or credibility aimed for, in (0, 1).
    method : str
        How the limits were found, as it is printed.
    monte_carlo_error : tuple of float, optional
        Monte Carlo standard errors of the lower and of the upper limit, persons, where they are quantiles of
        random draws: how far another seed would move them.

    Examples
    --------
    >>> Interval(low=184.0, high=325.0, level=0.95, method="log-normal").high
    325.0
    """

    low: float
    high: float
    level: float
    method: str
    monte_carlo_error: tuple[float, float] | None = None

    def __iter__(self) -> Iterator[float]:
        """The lower and the upper limit."""
        yield self.low
        yield self.high

    @property
    def _words(self) -> Message:
        """The limits in words."""
        low, high = map(persons, self.printed)
        return Message(
            "{low} to {high}, {percent:.10g}% {method}",
            low=low,
            high=high,
            percent=100 * self.level,
            method=interval_name(self.method),
        )

    def translated(self, lang: str) -> str:
        """Give the limits in words, in one language."""
        return self._words.translated(lang)

    def __str__(self) -> str:
        return str(self._words)

    @property
    def finite_errors(self) -> tuple[float | None, float | None]:
        """Monte Carlo errors of the limits, persons; None for an exact limit, or an infinite error."""
        low, high = self.monte_carlo_error or (math.inf, math.inf)
        return low if math.isfinite(low) else None, high if math.isfinite(high) else None

    @property
    def printed(self) -> tuple[float, float]:
        """Limits in the steps that their Monte Carlo errors support, persons, outwards: for people."""
        low, high = self.monte_carlo_error or (None, None)
        return rounded(self.low, low, towards="down"), rounded(self.high, high, towards="up")


class IntervalRule(Protocol):
    """Protocol of what answers for an interval at any level.

    Examples
    --------
    >>> from detcount.estimates import IntervalRule, LogNormalRule
    >>> rule: IntervalRule = LogNormalRule(100.0, 2500.0, 50)
    >>> print(rule.method)
    log-normal
    """

    @property
    def method(self) -> str:
        """Name of the interval, as it is printed."""

    def bounds(self, level: float) -> tuple[float, float]:
        """Limits of N at a level."""


@dataclass(frozen=True)
class LogNormalRule:
    """log(N - n) is taken as normal around its estimate.

    Parameters
    ----------
    n_unobserved : float
        Estimate of the persons on no list, above zero.
    variance : float
        Variance of the estimate of N, persons squared.
    n_observed : int
        Persons on at least one list.

    References
    ----------
    .. [1] Chao, A. (1987). Estimating the population size for capture-recapture data with unequal
       catchability. Biometrics, 43(4), 783-791. https://doi.org/10.2307/2531532

    Examples
    --------
    >>> from detcount.estimates import LogNormalRule
    >>> rule = LogNormalRule(n_unobserved=100.0, variance=2500.0, n_observed=50)
    >>> [round(limit) for limit in rule.bounds(0.95)]
    [90, 302]
    """

    n_unobserved: float
    variance: float
    n_observed: int
    method: ClassVar[str] = "log-normal"

    def bounds(self, level: float) -> tuple[float, float]:
        """Limits of N at a level."""
        return log_normal_bounds(
            n_unobserved=self.n_unobserved, variance=self.variance, n_observed=self.n_observed, level=level
        )


@dataclass(frozen=True, eq=False)
class PercentileRule(ReadOnly):
    """Equal-tailed limits of draws of N.

    Parameters
    ----------
    draws : ndarray of float64, shape (n_draws,)
        Bootstrap or posterior draws of N, persons.
    method : str, optional
        Name of the interval, as it is printed.
    n_chains : int, optional
        Markov chains that the draws come from, one after the other; 1 for independent draws.
    effective_size : float, optional
        Effective number of independent draws: of weighted ones, or the most that those of chains are worth.
        None for as many as there are, or as the chains say.

    Examples
    --------
    >>> import numpy as np
    >>> from detcount.estimates import PercentileRule
    >>> rule = PercentileRule(np.arange(100.0, 201.0))
    >>> [round(float(limit)) for limit in rule.bounds(0.9)]
    [105, 195]
    """

    draws: Floats
    method: str = "percentile bootstrap"
    n_chains: int = 1
    effective_size: float | None = None

    def bounds(self, level: float) -> tuple[float, float]:
        """Limits of N at a level."""
        return percentile_bounds(self.draws, level)

    def at(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Numbers of persons at standard normal scores of the distribution."""
        return quantiles(self.draws, ndtr(scores))

    @classmethod
    def of_weighted(cls, draws: NDArray[np.float64], effective_size: float) -> PercentileRule:
        """Make the rule of draws taken from weighted ones of a posterior, whose effective size is smaller."""
        size = 1 / (1 / max(effective_size, 1.0) + 1 / len(draws))
        return cls(draws, "posterior", effective_size=size)

    def error_at(self, probability: float) -> float:
        """Monte Carlo standard error of a quantile of the draws, persons."""
        size = float(len(self.draws)) if self.effective_size is None else self.effective_size
        if self.n_chains > 1:
            size = min(size, quantile_size(self.draws.reshape(self.n_chains, -1), probability))
        return quantile_error(self.draws, probability, size)

    def monte_carlo_errors(self, level: float) -> tuple[float, float]:
        """Monte Carlo standard errors of the limits at a level, persons."""
        tail = (1 - level) / 2
        return self.error_at(tail), self.error_at(1 - tail)

    def of_draws(self, part: slice) -> PercentileRule:
        """Give the rule that some of the draws make."""
        return PercentileRule(self.draws[part], self.method)


@dataclass(frozen=True, eq=False)
class BCaRule(ReadOnly):
    """Bias-corrected accelerated limits of bootstrap draws of N.

    Parameters
    ----------
    draws : ndarray of float64, shape (n_resamples,)
        Bootstrap draws of N, persons.
    point : float
        The estimate itself, persons.
    acceleration : float
        From the jackknife over persons.

    Examples
    --------
    >>> import numpy as np
    >>> from detcount.estimates import BCaRule
    >>> rule = BCaRule(np.arange(100.0, 201.0), point=150.0, acceleration=0.0)
    >>> [round(float(limit)) for limit in rule.bounds(0.9)]
    [105, 195]
    """

    draws: Floats
    point: float
    acceleration: float
    method: ClassVar[str] = "BCa bootstrap"

    def bounds(self, level: float) -> tuple[float, float]:
        """Limits of N at a level."""
        return bca_bounds(self.draws, self.point, self.acceleration, level)

    def at(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Numbers of persons at standard normal scores of the confidence distribution."""
        bias = bca_bias(bca_share(self.draws, self.point), len(self.draws))
        return quantiles(self.draws, corrected_probabilities(scores, bias, self.acceleration))

    def monte_carlo_errors(self, level: float) -> tuple[float, float]:
        """Monte Carlo standard errors of the limits at a level, persons."""
        return bca_errors(self.draws, self.point, self.acceleration, level)

    def of_draws(self, part: slice) -> BCaRule:
        """Give the rule that some of the draws make."""
        return BCaRule(self.draws[part], self.point, self.acceleration)


@dataclass(frozen=True, eq=False)
class CautiousRule:
    """The wider limits of two rules, with the resamples that have no estimate lowest and highest.

    Parameters
    ----------
    lowest : PercentileRule or BCaRule
        The rule with such resamples below every estimate.
    highest : PercentileRule or BCaRule
        The rule with such resamples above every estimate.

    Examples
    --------
    >>> import numpy as np
    >>> from detcount.estimates import CautiousRule, PercentileRule
    >>> low, high = PercentileRule(np.arange(90.0, 191.0)), PercentileRule(np.arange(100.0, 201.0))
    >>> rule = CautiousRule(lowest=low, highest=high)
    >>> [round(float(limit)) for limit in rule.bounds(0.9)]
    [95, 195]
    """

    lowest: PercentileRule | BCaRule
    highest: PercentileRule | BCaRule

    @property
    def method(self) -> str:
        """Name of the interval, as it is printed."""
        return self.highest.method

    @property
    def draws(self) -> NDArray[np.float64]:
        """Draws of N, persons, those without an estimate infinite."""
        return self.highest.draws

    def bounds(self, level: float) -> tuple[float, float]:
        """Limits of N at a level."""
        lows, highs = zip(self.lowest.bounds(level), self.highest.bounds(level), strict=True)
        return min(lows), max(highs)

    def at(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Numbers of persons at normal scores: by the lowest below the middle, by the highest above."""
        return np.where(scores < 0, self.lowest.at(scores), self.highest.at(scores))

    def monte_carlo_errors(self, level: float) -> tuple[float, float]:
        """Monte Carlo standard errors of the limits at a level, persons."""
        return self.lowest.monte_carlo_errors(level)[0], self.highest.monte_carlo_errors(level)[1]

    def of_draws(self, part: slice) -> CautiousRule:
        """Give the rule that some of the draws make."""
        return CautiousRule(self.lowest.of_draws(part), self.highest.of_draws(part))


def persons(value: float) -> Number | Message:
    """Persons as a whole number, thousands set apart."""
    return Number(value, ",.0f") if math.isfinite(value) else Message("no upper limit")
