"""What a random sample says of the persons on no list: points, errors, limits and likelihoods.

U persons are on no list, and u of them were found. Three designs: n drawn of M, everybody seen with one
probability, and whole clusters. The last functions weigh what lists say of U by the likelihood of a sample.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from scipy.special import betainc, gammaln, ndtr

from detcount._numerics.arrays import Floats
from detcount._numerics.withdrawn import exact_limits, sample_limits


@dataclass(frozen=True)
class Tuning:
    """Grids of the combination of lists and a sample.

    Parameters
    ----------
    end : float, standard deviations
        Normal scores at which the limits that lists give are read end here. Convention: one in a billion.
    step : float, standard deviations
        Step of these scores. Computational: no printed number moves (test).
    cells : int, cells
        Cells of the posterior. Computational: no printed number moves (test).
    """

    end: float = 6.0
    step: float = 0.25
    cells: int = 4096


TUNING = Tuning()


class Evidence(Protocol):
    """What a sample of known design says of the persons on no list, U.

    Parameters
    ----------
    point, standard_error : float
        Estimate of U, persons, and its standard error; 0 where everybody was seen.
    method : str
        Name of the limits, as it is printed.
    """

    @property
    def point(self) -> float: ...

    @property
    def standard_error(self) -> float: ...

    @property
    def method(self) -> str: ...

    def bounds(self, level: float) -> tuple[float, float]:
        """Limits of U at a level."""
        ...

    def log_likelihood(self, unlisted: Floats) -> Floats:
        """Logarithm of the likelihood at each U, but for a constant; U is within the widest limits."""
        ...


@dataclass(frozen=True)
class Drawn:
    """u persons on no list among n that were drawn at random of M: hypergeometric.

    Parameters
    ----------
    found, drawn, frame : int
        u, n and M, persons.
    """

    found: int
    drawn: int
    frame: int
    method: ClassVar[str] = "exact hypergeometric"

    @property
    def point(self) -> float:
        """Estimate of U: u M / n."""
        return self.found * self.frame / self.drawn

    @property
    def standard_error(self) -> float:
        """Standard error, with the correction for a finite population."""
        if self.drawn == self.frame:
            return 0.0
        share = self.found / self.drawn
        variance = share * (1 - share) * (1 - self.drawn / self.frame) / max(self.drawn - 1, 1)
        return self.frame * math.sqrt(variance)

    def bounds(self, level: float) -> tuple[float, float]:
        """Exact limits of U."""
        low, high = sample_limits(self.frame, self.drawn, self.found, level)
        least, most = self.found, self.frame - (self.drawn - self.found)
        return float(max(round(low * self.frame), least)), float(min(round(high * self.frame), most))

    def log_likelihood(self, unlisted: Floats) -> Floats:
        """Logarithm of the hypergeometric probability, between whole numbers too."""
        others, missed = self.frame - unlisted, self.drawn - self.found
        return _log_ways(unlisted, self.found) + _log_ways(others, missed)


@dataclass(frozen=True)
class Seen:
    """u persons on no list, each of all of them seen with one probability: binomial.

    Parameters
    ----------
    found : int
        u, persons.
    share : float
        The probability, in (0, 1].
    """

    found: int
    share: float
    method: ClassVar[str] = "exact binomial"

    @property
    def point(self) -> float:
        """Estimate of U: u over the probability, that of greatest likelihood."""
        return self.found / self.share

    @property
    def standard_error(self) -> float:
        """Standard error."""
        return math.sqrt(self.found * (1 - self.share)) / self.share

    def bounds(self, level: float) -> tuple[float, float]:
        """Exact limits of U."""
        if self.share == 1:
            return float(self.found), float(self.found)
        u = self.found
        low, high = exact_limits(
            range(u, sys.maxsize),
            at_least=lambda number: float(betainc(u, number - u + 1, self.share)) if u else 1.0,
            at_most=lambda number: float(betainc(number - u, u + 1, 1 - self.share)) if number > u else 1.0,
            tail=(1 - level) / 2,
        )
        return float(low), float(high)

    def log_likelihood(self, unlisted: Floats) -> Floats:
        """Logarithm of the binomial probability, between whole numbers too."""
        return _log_ways(unlisted, self.found) + (unlisted - self.found) * math.log1p(-self.share)


@dataclass(frozen=True)
class Visited:
    """Clusters with everybody in them: Student's t for the logarithm of U.

    Parameters
    ----------
    found : int
        Persons on no list in the clusters visited.
    point, standard_error : float
        Estimate of U, persons, and its standard error.
    freedom : int
        Clusters visited less strata, where not all were visited.
    """

    found: int
    point: float
    standard_error: float
    freedom: int
    method: ClassVar[str] = "Student's t"

    @property
    def spread(self) -> float:
        """Standard error of the logarithm."""
        return self.standard_error / self.point if self.standard_error else 0.0

    def bounds(self, level: float) -> tuple[float, float]:
        """Limits of U, none below those found."""
        from scipy.stats import t

        if not self.spread:
            return self.point, self.point
        with np.errstate(over="ignore"):
            factor = float(np.exp(t.isf((1 - level) / 2, self.freedom) * self.spread))
        return max(self.point / factor, float(self.found)), self.point * factor

    def log_likelihood(self, unlisted: Floats) -> Floats:
        """Logarithm of the density of t at the distance on the scale of logarithms."""
        distance = np.log(np.maximum(unlisted, self.found) / self.point) / self.spread
        return -0.5 * (self.freedom + 1) * np.log1p(distance**2 / self.freedom)


def totals(inmates: Floats, unlisted: Floats, clusters: int, inside: float | None) -> tuple[float, float]:
    """Estimate U of one stratum, and its variance, from the clusters of it that were visited.

    Horvitz and Thompson's estimate C mean(u_j); with the inmates of all clusters, M, Hajek's M sum(u_j) /
    sum(m_j), whose residuals are u_j - m_j sum(u_j) / sum(m_j). Both with the correction for C clusters.

    Parameters
    ----------
    inmates, unlisted : ndarray of float64, shape (n_visited,)
        Inmates of each cluster, m_j, and persons counted who are on no list, u_j.
    clusters : int
        Clusters of the stratum, C.
    inside : float or None
        Inmates of all of them, M, where that is known.

    Returns
    -------
    total, variance : float
        Persons, and persons squared.
    """
    n = len(unlisted)
    if inside is None:
        total, residuals, scale = clusters * unlisted.mean(), unlisted - unlisted.mean(), float(clusters)
    else:
        rate = unlisted.sum() / inmates.sum()
        total, residuals, scale = inside * rate, unlisted - rate * inmates, inside / inmates.mean()
    if n == clusters:
        return float(unlisted.sum()), 0.0
    return float(total), float(scale**2 * (1 - n / clusters) * (residuals @ residuals) / (n - 1) / n)


def combined(
    evidence: Evidence, listed: int, lists: Callable[[float], tuple[float, float]]
) -> tuple[Floats, Floats]:
    """Weigh what lists say of U by the likelihood of a sample.

    The limits that lists give at many levels are their distribution of U: normal scores as a monotone
    function of log(U + 1/2). It is multiplied by the likelihood in narrow cells.

    Parameters
    ----------
    evidence : Evidence
        The sample, which did not see everybody.
    listed : int
        Persons on the lists, L.
    lists : callable
        Gives the limits of N = L + U at a level.

    Returns
    -------
    edges, cumulative : ndarray of float64, shape (n_cells + 1,)
        Edges of cells of U, persons, and the probability below each; both empty where lists give no
        probability to any U that the sample allows.
    """
    from scipy.interpolate import PchipInterpolator

    scores = np.arange(TUNING.step, TUNING.end + TUNING.step / 2, TUNING.step)
    limits = np.array([lists(float(1 - 2 * ndtr(-score))) for score in scores])
    persons = np.concatenate([limits[::-1, 0], limits[:, 1]])
    both = np.concatenate([-scores[::-1], scores])
    known = np.isfinite(persons)
    places, last = np.unique(np.log(np.maximum(persons[known] - listed, 0) + 0.5)[::-1], return_index=True)
    both = both[known][::-1][last]  # of equal numbers the greatest score: the probability up to there
    low, high = evidence.bounds(float(1 - 2 * ndtr(-TUNING.end)))
    edges = np.linspace(math.log(low + 0.5), min(math.log(high + 0.5), places[-1]), TUNING.cells + 1)
    if len(places) < 2 or edges[-1] <= edges[0]:
        return np.zeros(0), np.zeros(0)
    inside = np.clip(edges, places[0], places[-1])
    below = np.where(edges < places[0], 0.0, ndtr(PchipInterpolator(places, both)(inside)))
    masses = np.diff(below)
    if low == 0:
        masses[0] += below[0]  # nobody is on no list
    unlisted = np.clip(np.exp((edges[1:] + edges[:-1]) / 2) - 0.5, low, high)
    weights = evidence.log_likelihood(unlisted)
    weights = masses * np.exp(weights - weights[masses > 0].max(initial=-np.inf)) if masses.any() else masses
    if not weights.sum() > 0:
        return np.zeros(0), np.zeros(0)
    cumulative = np.concatenate([[0.0], np.cumsum(weights) / weights.sum()])
    return np.exp(edges) - 0.5, cumulative


def _log_ways(total: Floats, chosen: int) -> Floats:
    """Logarithm of the ways to choose some of a total."""
    return np.asarray(gammaln(total + 1) - gammaln(total - chosen + 1) - gammaln(chosen + 1))
