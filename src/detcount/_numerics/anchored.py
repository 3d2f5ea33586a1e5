"""Evidence of a random sample on the persons on no list: points, errors, limits and likelihoods.

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
        Step of these scores. Computational (`test_numbers`).
    cells : int, cells
        Cells of the posterior. Computational (`test_numbers`).
    apart : float, probability
        Prior probability that what lists say does not hold here. Chosen on populations that are not scored in
        benchmarks/results/anchored.csv.
    vague : float, share
        Level of the limits of the sample between which U is then evenly spread on the scale of logarithms.
        Convention: one in a thousand outside.
    """

    end: float = 6.0
    step: float = 0.25
    cells: int = 4096
    apart: float = 0.2
    vague: float = 0.999


TUNING = Tuning()


class Evidence(Protocol):
    """Evidence of a sample of known design on the persons on no list, U.

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
    freedom : float
        Degrees of freedom; 0 where all clusters were visited.
    most : float
        Persons whom those on no list cannot exceed: inmates who were not visited, and those found.
    """

    found: int
    point: float
    standard_error: float
    freedom: float
    most: float
    method: ClassVar[str] = "Student's t"

    @property
    def spread(self) -> float:
        """Standard error of the logarithm."""
        return self.standard_error / self.point if self.standard_error else 0.0

    def bounds(self, level: float) -> tuple[float, float]:
        """Limits of U, none below those found or above all who are inside."""
        from scipy.stats import t

        if not self.spread:
            return self.point, self.point
        with np.errstate(over="ignore"):
            factor = float(np.exp(t.isf((1 - level) / 2, self.freedom) * self.spread))
        return max(self.point / factor, float(self.found)), min(self.point * factor, self.most)

    def log_likelihood(self, unlisted: Floats) -> Floats:
        """Logarithm of the density of t at the distance on the scale of logarithms."""
        distance = np.log(np.maximum(unlisted, self.found) / self.point) / self.spread
        return -0.5 * (self.freedom + 1) * np.log1p(distance**2 / self.freedom)


def totals(
    inmates: Floats, unlisted: Floats, clusters: int, inside: float | None
) -> tuple[float, float, float]:
    """Estimate U of one stratum, its variance and degrees of freedom, from the clusters that were visited.

    Horvitz and Thompson's estimate is C mean(u_j). With the inmates of all clusters, M, Hajek's is M sum(u_j)
    / sum(m_j): the same with sizes m_j for 1. The variance is that of the jackknife, with the correction for
    C clusters. The degrees of freedom are sum(m_j)^2 / sum(m_j^2) - 1, as large clusters decide more.

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
    total, variance, freedom : float
        Persons, persons squared, and degrees of freedom; the last two are 0 where all were visited.
    """
    n = len(unlisted)
    if n == clusters:
        return float(unlisted.sum()), 0.0, 0.0
    sizes, whole = (np.ones(n), float(clusters)) if inside is None else (inmates, float(inside))
    rate = unlisted.sum() / sizes.sum()
    apart = (unlisted - rate * sizes) / (sizes.sum() - sizes)  # by which the rate without each differs
    variance = whole**2 * (1 - n / clusters) * (n - 1) / n * (apart @ apart)
    return float(whole * rate), float(variance), float(sizes.sum() ** 2 / (sizes @ sizes) - 1)


def scored(listed: int, lists: Callable[[float], tuple[float, float]]) -> tuple[Floats, Floats]:
    """Give what limits at many levels say of U: rising values of log(U + 1/2), and their normal scores."""
    scores = np.arange(TUNING.step, TUNING.end + TUNING.step / 2, TUNING.step)
    limits = np.array([lists(float(1 - 2 * ndtr(-score))) for score in scores])
    persons = np.concatenate([limits[::-1, 0], limits[:, 1]])
    both = np.concatenate([-scores[::-1], scores])
    known = np.isfinite(persons)
    places, last = np.unique(np.log(np.maximum(persons[known] - listed, 0) + 0.5)[::-1], return_index=True)
    return places, both[known][::-1][last]  # of equal numbers the greatest score: the probability up to there


def combined(
    evidence: Evidence, listed: int, lists: Callable[[float], tuple[float, float]]
) -> tuple[Floats, Floats]:
    """Weigh what lists say of U by the likelihood of a sample.

    The limits that lists give at many levels are their distribution of U: normal scores as a monotone
    function of log(U + 1/2). With a probability of one in five it does not hold, and log(U + 1/2) is evenly
    spread over wide limits of the sample, so that a sample that contradicts the lists prevails. This mixture
    is multiplied by the likelihood in narrow cells.

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
        Edges of cells of U, persons, and the probability below each.
    """
    from scipy.interpolate import PchipInterpolator

    places, both = scored(listed, lists)
    low, high = evidence.bounds(float(1 - 2 * ndtr(-TUNING.end)))
    least, most = (math.log(limit + 0.5) for limit in evidence.bounds(TUNING.vague))
    edges = np.linspace(
        math.log(low + 0.5), min(math.log(high + 0.5), max(most, places[-1])), TUNING.cells + 1
    )
    middles = (edges[1:] + edges[:-1]) / 2
    below = np.where(edges < places[0], 0.0, 1.0)
    if len(places) > 1:
        inside = ndtr(PchipInterpolator(places, both)(np.clip(edges, places[0], places[-1])))
        below = np.where((edges < places[0]) | (edges > places[-1]), below, inside)
    masses = np.diff(below)
    if low == 0:
        masses[0] += below[0]  # nobody is on no list
    even = ((middles >= least) & (middles <= most)).astype(np.float64)
    prior = (1 - TUNING.apart) * masses + TUNING.apart * even / even.sum()
    logs = evidence.log_likelihood(np.clip(np.exp(middles) - 0.5, low, high))
    weights = prior * np.exp(logs - logs.max())
    return np.exp(edges) - 0.5, np.concatenate([[0.0], np.cumsum(weights) / weights.sum()])


def _log_ways(total: Floats, chosen: int) -> Floats:
    """Logarithm of the ways to choose some of a total."""
    return np.asarray(gammaln(total + 1) - gammaln(total - chosen + 1) - gammaln(chosen + 1))
