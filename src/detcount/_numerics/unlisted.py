"""Posterior of the persons on no list, given how large interactions are and how much that differs.

In a table at hand one cell is not seen. Given sizes and lambda each possible count of that cell has an
evidence. Lambda is integrated out, and the logarithm of the count is evaluated on a grid.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from detcount._numerics.arrays import Floats, ReadOnly
from detcount._numerics.interactions import FittedSizes, evidence_and_modes, factors_of
from detcount.errors import ConvergenceError
from detcount.words import Message


@dataclass(frozen=True)
class Tuning:
    """Grid of the log of the unlisted.

    Parameters
    ----------
    scores : int, nodes
        Normal scores of the scale of the source. Convention: three times as many move no limit by a hundredth
        of the width.
    n_whole : int, persons
        Number below which each number is summed. Convention: a grid of logarithms is finer beyond.
    coarse : float, log
        Step of the search for the posterior. Convention: narrower than any posterior.
    negligible : float, log
        Density behind the greatest at which the grid ends. Convention: 1e-8 of the greatest.
    unlikely : float, log
        Density behind the greatest at which a scale is dropped. Convention: 1e-6 of the greatest.
    rounds : int, rounds
        Most halvings of the grid. Convention: the grid then moves no printed figure.
    high : float, log
        Density behind the top down to which the grid is refined. Convention: 3e-4 of the greatest.
    steep : float, log
        Change between two points above which the grid is refined. Convention: a factor of e.
    n_fine : int, points
        Points of the tabulated distribution. Convention: finer than a printed figure.
    farthest : float, log
        Log ratio of unlisted to listed beyond which no posterior reaches. Convention: more than all the
        people there are.
    """

    scores: int = 17
    n_whole: int = 32
    coarse: float = 1.0
    negligible: float = 18.0
    unlikely: float = 12.0
    rounds: int = 12
    high: float = 8.0
    steep: float = 1.0
    n_fine: int = 4001
    farthest: float = 60.0


TUNING = Tuning()


@dataclass(frozen=True, eq=False)
class Tabulated(ReadOnly):
    """A distribution of log n_0 by its distribution function at points.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        Increasing. The first stands for nobody, and may have probability.
    cumulatives : ndarray of float64, shape (n,)
        Probability of at most each value; linear between them.
    """

    values: Floats
    cumulatives: Floats

    def cumulative(self, value: float) -> float:
        """Probability of at most a value."""
        return float(np.interp(value, self.values, self.cumulatives, left=0.0))

    def draws(self, size: int, random: np.random.Generator) -> Floats:
        """Values drawn at random."""
        return np.asarray(np.interp(random.random(size), self.cumulatives, self.values))


def unlisted(
    counts: Floats, learned: FittedSizes, n_scores: int = TUNING.scores, *, listed: float = 0.0
) -> Tabulated:
    """Give the posterior of log n_0, the persons on no list, of a table.

    Parameters
    ----------
    counts : ndarray of float64, shape (2**K,)
        Persons by capture history, the unlisted first; that cell is not read.
    learned : FittedSizes
        Sizes of interactions, and how much they differ from source to source.
    n_scores : int, optional
        Number of evenly spaced normal scores at which lambda is evaluated.
    listed : float, optional
        The prior is multiplied by the share of all persons who are listed, raised to this power.

    Returns
    -------
    Tabulated
        n_0 counts as nobody below half a person.

    Raises
    ------
    ConvergenceError
        If Newton's method does not end, or the posterior has no upper end.
    """
    return _unlisted(counts[1:].tobytes(), learned, n_scores, listed)


@lru_cache(maxsize=32)
def _unlisted(seen: bytes, learned: FittedSizes, n_scores: int, listed: float) -> Tabulated:
    """The same, of the bytes of the cells that are seen; a report and its parts ask for a table twice."""
    counts = np.concatenate([[0.0], np.frombuffer(seen)])
    n_observed = float(counts[1:].sum())
    # Of two lists nothing is seen of lambda, so that its tails would be tails of the answer.
    factors, log_weights = factors_of(learned.omega, n_scores, cut=len(counts) == 4)
    used = np.arange(len(factors))
    modes = _Modes()

    def evidence(n_unlisted: Floats) -> Floats:
        share = -np.log1p(n_unlisted / n_observed)
        return np.asarray(np.logaddexp.reduce(by_factor(n_unlisted), axis=0) + listed * share)

    def by_factor(n_unlisted: Floats) -> Floats:
        tables = np.tile(counts, (len(n_unlisted), 1))
        tables[:, 0] = n_unlisted
        n_persons = np.full(len(tables), n_observed)
        given = np.zeros((len(used), len(tables)))
        for row, k in enumerate(used):
            start = modes.near(int(k), n_unlisted)
            given[row], found = evidence_and_modes(tables, learned.sizes.scaled(factors[k]), n_persons, start)
            modes.keep(int(k), n_unlisted, found)
        return given + log_weights[used, None]

    def log_density(logs: Floats) -> Floats:
        return evidence(np.exp(logs)) + logs

    grid, density = _reach(log_density, n_observed)
    shares = by_factor(np.exp(grid)) + grid
    used = np.flatnonzero(shares.max(axis=1) > density.max() - TUNING.unlikely)
    log_masses = np.zeros(0)
    if grid[0] <= np.log(0.5):
        log_masses = evidence(np.arange(float(TUNING.n_whole)))
        beyond = np.log(TUNING.n_whole - 0.5)
        kept = grid > beyond + 0.5 * TUNING.coarse
        added = np.array([beyond, beyond + TUNING.coarse] if not kept.any() else [beyond])
        grid = np.concatenate([added, grid[kept]])
        density = np.concatenate([log_density(added), density[kept]])
    grid, density = _refined(log_density, grid, density)
    return _tabulated(grid, density, log_masses)


class _Modes:
    """Posterior modes found so far, by value of lambda: they say where to look for the next.

    A mode is a smooth function of the logarithm of n_0. From a line between its neighbours Newton's method
    takes two or three steps, and eight from the counts themselves.
    """

    def __init__(self) -> None:
        self._places: dict[int, Floats] = {}
        self._modes: dict[int, Floats] = {}

    def keep(self, factor: int, n_unlisted: Floats, modes: Floats) -> None:
        """Remember the modes of tables with so many unlisted."""
        places = np.log(n_unlisted + 0.5)
        if factor in self._places:
            places = np.concatenate([self._places[factor], places])
            modes = np.concatenate([self._modes[factor], modes])
        places, first = np.unique(places, return_index=True)
        self._places[factor], self._modes[factor] = places, modes[first]

    def near(self, factor: int, n_unlisted: Floats) -> Floats | None:
        """Modes to be expected, from those of this value of lambda or else of the last one before it."""
        known = [k for k in self._places if k <= factor]
        if not known:
            return None
        places, modes = self._places[max(known)], self._modes[max(known)]
        if len(places) < 2:
            return None
        wanted = np.log(n_unlisted + 0.5)
        k = np.clip(np.searchsorted(places, wanted) - 1, 0, len(places) - 2)
        share = (wanted - places[k]) / (places[k + 1] - places[k])
        return np.asarray(modes[k] + share[:, None] * (modes[k + 1] - modes[k]))


def _reach(log_density: Callable[[Floats], Floats], n_observed: float) -> tuple[Floats, Floats]:
    """Places, a step apart, between which a density of log n_0 is not negligible, and its logarithm there."""
    low, high = np.log(0.5), np.log(n_observed) + 4 * TUNING.coarse
    values = np.arange(low, high + TUNING.coarse, TUNING.coarse)
    density = log_density(values)
    while density[-1] > density.max() - TUNING.negligible:
        if values[-1] > np.log(n_observed) + TUNING.farthest:
            raise ConvergenceError(
                Message("the persons on no list: their posterior has no upper end"), last=density
            )
        more = values[-1] + TUNING.coarse * np.arange(1, 5)
        values, density = np.concatenate([values, more]), np.concatenate([density, log_density(more)])
    enough = np.flatnonzero(density > density.max() - TUNING.negligible)
    kept = slice(max(int(enough[0]) - 1, 0), int(enough[-1]) + 2)
    return values[kept], density[kept]


def _refined(log_density: Callable[[Floats], Floats], grid: Floats, density: Floats) -> tuple[Floats, Floats]:
    """More places where the density is high and changes fast, until a spline through them is exact."""
    for _ in range(TUNING.rounds):
        high = density > density.max() - TUNING.high
        steep = np.abs(np.diff(density)) > TUNING.steep
        near = np.pad(steep, 1)
        chosen = (near[:-2] | near[1:-1] | near[2:]) & (high[:-1] | high[1:])
        if not chosen.any():
            break
        middle = 0.5 * (grid[:-1] + grid[1:])[chosen]
        places = np.concatenate([grid, middle])
        values = np.concatenate([density, log_density(middle)])
        order = np.argsort(places)
        grid, density = places[order], values[order]
    return grid, density


def _tabulated(grid: Floats, log_density: Floats, log_masses: Floats) -> Tabulated:
    """Distribution function by a spline through the log density, above whole numbers from 0, if any."""
    values = np.linspace(grid[0], grid[-1], TUNING.n_fine)
    top = max(log_density.max(), log_masses.max(initial=-np.inf))
    density = np.exp(_spline(grid, log_density, values) - top)
    steps = 0.5 * (density[1:] + density[:-1]) * np.diff(values)
    if len(log_masses) == 0:
        cumulatives = np.concatenate([[0.0], np.cumsum(steps)])
        return Tabulated(values, cumulatives / cumulatives[-1])
    masses = np.exp(log_masses - top)
    # A whole number ends half a person above it; nobody is an atom below half a person.
    ends = np.log(np.arange(len(masses)) + 0.5)
    values = np.concatenate([[ends[0] - np.log(2.0)], ends, values[1:]])
    cumulatives = np.cumsum(np.concatenate([masses[:1], [0.0], masses[1:], steps]))
    return Tabulated(values, cumulatives / cumulatives[-1])


def _spline(grid: Floats, heights: Floats, places: Floats) -> Floats:
    """The cubic spline whose third derivative is continuous at the second and the last point but one.

    Written here, as the first import of scipy.interpolate takes longer than an estimate.
    """
    steps, slopes = np.diff(grid), np.diff(heights) / np.diff(grid)
    n_points = len(grid)
    if n_points < 4:
        return np.interp(places, grid, heights)
    system, right = np.zeros((n_points, n_points)), np.zeros(n_points)
    inner = np.arange(1, n_points - 1)
    system[inner, inner - 1], system[inner, inner + 1] = steps[:-1], steps[1:]
    system[inner, inner] = 2 * (steps[:-1] + steps[1:])
    right[inner] = 6 * np.diff(slopes)
    system[0, :3] = steps[1], -(steps[0] + steps[1]), steps[0]
    system[-1, -3:] = steps[-1], -(steps[-1] + steps[-2]), steps[-2]
    bends = np.linalg.solve(system, right)
    k = np.clip(np.searchsorted(grid, places) - 1, 0, n_points - 2)
    before, after = places - grid[k], grid[k + 1] - places
    bent = (bends[k] * after**3 + bends[k + 1] * before**3) / (6 * steps[k])
    left = heights[k] / steps[k] - bends[k] * steps[k] / 6
    right_side = heights[k + 1] / steps[k] - bends[k + 1] * steps[k] / 6
    return np.asarray(bent + left * after + right_side * before)
