"""Results: an estimate of abundance, its interval, and what an estimator promises."""

from __future__ import annotations

import math
import operator
import platform
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from detcount import arguments
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
from detcount.assumptions import Assumption
from detcount.captures import CaptureTable
from detcount.citation import CitationStyle, Reference, cite
from detcount.definition import Definition, checked

__all__ = [
    "PRIVATE",
    "AbundanceEstimate",
    "BCaRule",
    "CautiousRule",
    "Estimator",
    "Interval",
    "IntervalRule",
    "LogNormalRule",
    "PercentileRule",
    "Specification",
    "provenance",
    "versions",
]

PRIVATE = "whoever holds it can recover the cells: share it only with those who may see the lists"

_ROUNDING = 1e-12  # a point this little below n is n: formulas lose a few last bits


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

    def __str__(self) -> str:
        low, high = self.printed
        return f"{_persons(low)} to {_persons(high)}, {100 * self.level:.10g}% {self.method}"

    @property
    def finite_errors(self) -> tuple[float | None, float | None]:
        """Monte Carlo errors of the limits, persons; None for an exact limit, or an error without end."""
        low, high = self.monte_carlo_error or (math.inf, math.inf)
        return low if math.isfinite(low) else None, high if math.isfinite(high) else None

    @property
    def printed(self) -> tuple[float, float]:
        """Limits in the steps that their Monte Carlo errors support, persons, outwards: for people."""
        low, high = self.monte_carlo_error or (None, None)
        return rounded(self.low, low, towards="down"), rounded(self.high, high, towards="up")


class IntervalRule(Protocol):
    """What an estimate needs to answer for an interval at any level."""

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
class PercentileRule:
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
        Independent draws that these are worth, where they were weighted; None for as many as there are, or
        as the chains say.
    """

    draws: NDArray[np.float64]
    method: str = "percentile bootstrap"
    n_chains: int = 1
    effective_size: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "draws", _frozen(self.draws))

    def __reduce__(self) -> tuple[Any, ...]:
        return (PercentileRule, (self.draws, self.method, self.n_chains, self.effective_size))

    def bounds(self, level: float) -> tuple[float, float]:
        """Limits of N at a level."""
        return percentile_bounds(self.draws, level)

    def at(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Numbers of persons at standard normal scores of the distribution."""
        return quantiles(self.draws, ndtr(scores))

    @classmethod
    def of_weighted(cls, draws: NDArray[np.float64], effective_size: float) -> PercentileRule:
        """Make the rule of a posterior whose draws were taken from weighted ones, which are worth fewer."""
        worth = 1 / (1 / max(effective_size, 1.0) + 1 / len(draws))
        return cls(draws, "posterior", effective_size=worth)

    def error_at(self, probability: float) -> float:
        """Monte Carlo standard error of a quantile of the draws, persons."""
        size = float(len(self.draws)) if self.effective_size is None else self.effective_size
        if self.n_chains > 1:
            size = quantile_size(self.draws.reshape(self.n_chains, -1), probability)
        return quantile_error(self.draws, probability, size)

    def monte_carlo_errors(self, level: float) -> tuple[float, float]:
        """Monte Carlo standard errors of the limits at a level, persons."""
        tail = (1 - level) / 2
        return self.error_at(tail), self.error_at(1 - tail)

    def of_draws(self, part: slice) -> PercentileRule:
        """Give the rule that some of the draws make."""
        return PercentileRule(self.draws[part], self.method)


@dataclass(frozen=True, eq=False)
class BCaRule:
    """Bias-corrected accelerated limits of bootstrap draws of N.

    Parameters
    ----------
    draws : ndarray of float64, shape (n_resamples,)
        Bootstrap draws of N, persons.
    point : float
        The estimate itself, persons.
    acceleration : float
        From the jackknife over persons.
    """

    draws: NDArray[np.float64]
    point: float
    acceleration: float
    method: ClassVar[str] = "BCa bootstrap"

    def __post_init__(self) -> None:
        object.__setattr__(self, "draws", _frozen(self.draws))

    def __reduce__(self) -> tuple[Any, ...]:
        return (BCaRule, (self.draws, self.point, self.acceleration))

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


class Specification(Protocol):
    """What every estimator says of itself, whatever data it takes."""

    assumes: ClassVar[tuple[Assumption, ...]]
    references: ClassVar[tuple[Reference, ...]]


@runtime_checkable
class Estimator(Specification, Protocol):
    """A specification that turns a capture table into an estimate of abundance.

    An estimator is a frozen dataclass of its options. Its ``repr`` is the methods sentence and can
    be evaluated back. ``assumes`` and ``references`` are class attributes.
    """

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate the size of the population that the lists were made of."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class AbundanceEstimate:
    """How many persons there are, listed or not.

    Parameters
    ----------
    point : float
        Estimate of N, persons; at least `n_observed`.
    n_observed : int
        Persons on at least one list.
    estimator : Specification
        The specification that made the estimate; ``estimate.estimator.fit(...)`` makes it again.
    interval_rule : IntervalRule
        Gives the limits at any level.
    digest : str
        SHA-256 of the data.
    seed : int
        Seed of the fit; deterministic estimators carry it too.
    standard_error : float, optional
        Standard error of the point, persons, where the method has one.
    notes : tuple of str, optional
        What a reader must know besides the assumptions: warnings, corrections, caps.
    detail : object, optional
        The typed detail of the estimator: models, weights, coefficients.
    draws : ndarray of float64, shape (n_draws,), optional
        Bootstrap or posterior draws of N, persons.
    monte_carlo_error : float, optional
        Monte Carlo standard error of the point, persons, where the point is a quantile of random draws:
        how far another seed would move it. None where the point is exact; `interval` has those of the
        limits.
    definition : Definition, optional
        Who is counted, as the data say it.

    Examples
    --------
    >>> from detcount import CaptureTable, abundance
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> print(abundance.Chapman().fit(table))
    234 persons (184 to 325, 95% log-normal); 120 listed
    """

    point: float
    n_observed: int
    estimator: Specification
    interval_rule: IntervalRule
    digest: str
    seed: int = 0
    standard_error: float | None = None
    notes: tuple[str, ...] = ()
    detail: object = None
    draws: NDArray[np.float64] | None = None
    monte_carlo_error: float | None = None
    definition: Definition | None = None

    def __post_init__(self) -> None:
        checked(self.definition)
        listed = operator.index(self.n_observed)
        least = listed * (1 - _ROUNDING)
        if not (math.isfinite(self.point) and self.point >= least):
            raise self._defect(f"a point of {self.point} persons with {listed} listed")
        if self.standard_error is not None:
            if not 0 <= self.standard_error < math.inf:
                raise self._defect(f"a standard error of {self.standard_error} persons")
            object.__setattr__(self, "standard_error", float(self.standard_error))
        if self.monte_carlo_error is not None:
            if not self.monte_carlo_error >= 0:
                raise self._defect(f"a Monte Carlo error of {self.monte_carlo_error} persons")
            object.__setattr__(self, "monte_carlo_error", float(self.monte_carlo_error))
        if self.draws is not None:
            draws = np.array(self.draws, dtype=np.float64)
            if not (draws >= least).all():
                raise self._defect(f"a draw of {draws.min()} persons with {listed} listed")
            object.__setattr__(self, "draws", _frozen(np.maximum(draws, listed)))
        object.__setattr__(self, "point", max(float(self.point), float(listed)))
        object.__setattr__(self, "n_observed", listed)
        object.__setattr__(self, "seed", arguments.seed(self.seed))
        object.__setattr__(self, "notes", tuple(self.notes))

    def _defect(self, what: str) -> ValueError:
        """Error for a number that no estimator may give."""
        return ValueError(f"{self.estimator!r}: {what} is a defect of the estimator")

    def interval(self, level: float = 0.95) -> Interval:
        """Give the limits of N at a level.

        Parameters
        ----------
        level : float, optional
            Confidence or credibility aimed for, in (0, 1).

        Returns
        -------
        Interval
            Limits in persons, never below `n_observed`.

        Raises
        ------
        InputError
            If the level is not between 0 and 1.
        """
        level = arguments.level(level)
        low, high = map(float, self.interval_rule.bounds(level))
        if not low <= high:
            raise self._defect(f"an interval from {low} to {high}")
        floor = float(self.n_observed)
        low = self.point if low == math.inf else max(low, floor)
        sampled = getattr(self.interval_rule, "monte_carlo_errors", None)
        errors = None if sampled is None else sampled(level)
        return Interval(low, max(high, floor), float(level), self.interval_rule.method, errors)

    def printed(self, level: float = 0.95) -> tuple[float, float, float]:
        """Give lower limit, point and upper limit as people are shown them, persons.

        Parameters
        ----------
        level : float, optional
            Confidence or credibility aimed for, in (0, 1).

        Returns
        -------
        tuple of float
            Persons, from low to high, none below `n_observed`.

        Notes
        -----
        A number from random draws is printed in steps of 1, 2, 5, 10, 20, 50 and so on, the least that is
        twice its Monte Carlo standard error, so that another seed changes what is printed by one step at most
        in 95 of 100 cases. Limits are rounded outwards. Exact numbers are printed to the person.
        """
        floor = float(self.n_observed)
        low, high = (max(limit, floor) for limit in self.interval(level).printed)
        return low, min(max(rounded(self.point, self.monte_carlo_error), low), high), high

    @property
    def n_unobserved(self) -> float:
        """Estimate of the persons on no list, n_0 = N - n."""
        return self.point - self.n_observed

    @property
    def documented_share(self) -> float:
        """Share of the estimated population that is listed, n / N."""
        return self.n_observed / self.point

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What has to hold for the number to mean what it says."""
        return self.estimator.assumes

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give the estimate as rows of a table, one dictionary a row."""
        interval = self.interval(level)
        return [
            {
                "estimator": repr(self.estimator),
                "n_observed": self.n_observed,
                "low": interval.low,
                "point": self.point,
                "high": interval.high,
                "level": interval.level,
                "interval": interval.method,
                "standard_error": self.standard_error,
                "monte_carlo_error": self.monte_carlo_error,
                "monte_carlo_error_low": interval.finite_errors[0],
                "monte_carlo_error_high": interval.finite_errors[1],
            }
        ]

    def record(self, level: float = 0.95) -> dict[str, Any]:
        """Give everything needed to make the number again, as plain values that JSON can hold."""
        interval = self.interval(level)
        return {
            "private": PRIVATE,
            "estimator": repr(self.estimator),
            "point": self.point,
            "low": interval.low,
            "high": interval.high if math.isfinite(interval.high) else None,
            "level": interval.level,
            "interval": interval.method,
            "n_observed": self.n_observed,
            "definition": None if self.definition is None else self.definition.record(),
            "standard_error": self.standard_error,
            "monte_carlo_error": self.monte_carlo_error,
            "monte_carlo_error_low": interval.finite_errors[0],
            "monte_carlo_error_high": interval.finite_errors[1],
            "seed": self.seed,
            "data_sha256": self.digest,
            "assumptions": [str(assumption) for assumption in self.assumptions],
            "notes": list(self.notes),
            **provenance(),
        }

    def cite(self, style: CitationStyle = "text") -> str:
        """Say how to cite the library and the papers of the method used."""
        return cite(style, references=self.estimator.references)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if self.draws is not None:
            object.__setattr__(self, "draws", _frozen(self.draws))

    def __str__(self) -> str:
        interval = self.interval()
        low, point, high = self.printed()
        limits = replace(interval, low=low, high=high, monte_carlo_error=None)
        return f"{_persons(point)} persons ({limits}); {self.n_observed:,} listed"

    def __repr__(self) -> str:
        return f"<AbundanceEstimate by {self.estimator!r}: {self}>"


def provenance() -> dict[str, Any]:
    """Say where a number was made: the platform, and the versions it depends on.

    Returns
    -------
    dict
        ``platform``, and ``versions`` of Python, detcount, numpy and scipy.
    """
    return {"platform": f"{platform.system()} {platform.machine()}", "versions": versions()}


def versions() -> dict[str, str]:
    """Say which software the numbers depend on, and its versions.

    Returns
    -------
    dict of str to str
        Versions of detcount, numpy, scipy and Python.
    """
    from importlib import metadata

    names = ("detcount", "numpy", "scipy")
    return {**{name: metadata.version(name) for name in names}, "python": platform.python_version()}


def _frozen(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Make a read-only copy."""
    copy = np.array(values, dtype=np.float64)
    copy.flags.writeable = False
    return copy


def _persons(value: float) -> str:
    """Persons as a whole number, thousands set apart."""
    return f"{value:,.0f}" if math.isfinite(value) else "no upper limit"
