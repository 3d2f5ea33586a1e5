"""What differs from source to source: how large interactions are, and how many are beyond what they say.

Interactions of a table have the standard deviations of `Sizes` times lambda = exp(omega zeta), zeta
having Student's t-distribution of four degrees of freedom, and the logarithm of the unlisted lies d above
what interactions say, d normal. Tables of one group, which share people and sources, share lambda and d;
the next table has ones of its own. In learning the evidence, which is smooth in log lambda and d, is
computed at Chebyshev's points and interpolated: the evidence of many tables makes the integral over them
narrow, so that a few points of a quadrature would miss it.

Of populations of known size every cell is seen, and so how likely the numbers are. Cases of one group
share people: the logarithm of the evidence of each is multiplied by its weight. Few groups show omega
badly, and how far the next source may lie hangs on it; so its posterior, the other numbers held, goes
into the next lambda.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from detcount._numerics.chebyshev import differentiation, interpolation, points
from detcount._numerics.interactions import N_SLOPES, Sizes, slopes_of_evidence
from detcount.errors import ConvergenceError
from detcount.words import Message

__all__ = ["Learned", "factors_of", "learn"]

Floats = NDArray[np.float64]

# The numbers learned: mean, growth, and logarithms of pairs, triples, higher, omega; beyond, log unlisted.
_OMEGA, _BEYOND, _UNLISTED = 5, 6, 7
_HALF_LOG = np.log(0.5)
# Odds ratios of a factor e either way are nothing unusual, nor are spreads between 0.2 and 1.4.
_CENTRE = np.array([0.0, 0.0, *[_HALF_LOG] * 4, 0.0, _HALF_LOG])
_SPREAD = np.array([1.0, 0.5, *[1.0] * 6])
_START = np.array([0.4, 0.2, np.log(0.7), np.log(0.6), np.log(0.45), np.log(0.45), 0.3, np.log(0.25)])
_LOW, _HIGH = -2.0, 2.5  # of log lambda; what lies beyond counts as there
_LEAST, _MOST = -2.5, 2.5  # of d
_N_POINTS, _N_ACROSS = 13, 7  # where the evidence is computed in learning, on log lambda and on d
_N_SCORES, _FARTHEST = 161, 4.0  # normal scores over which zeta is added up
_CUT = 2.0537489106318225  # normal score of 98%, where tails are cut
_N_NORMAL, _NORMAL_ENDS = 41, 4.0  # even values over which a normal is added up
_FLAT = 1e-4  # slope of the log posterior at which the search ends
_SETTLED = 1e-7  # steps below end it too: where a zeta meets a bound of log lambda the top is a crease
_LARGEST_STEP = 0.7  # of a logarithm at a time: further away the evidence is of another kind
_STEPS = 60  # of the search; eight are usual
_FRESH = 8  # steps after which second derivatives are computed anew
_DIFFERENCE = 1e-3  # of a number, for second derivatives
_OMEGAS = np.linspace(-4.5, 1.5, 61)  # log omega, where its posterior is read


@dataclass(frozen=True)
class Learned:
    """How lists depend on each other, and how much that differs from source to source.

    Parameters
    ----------
    sizes : Sizes
        Where lambda is 1.
    omega : float
        Spread of the logarithm of lambda.
    doubt : float, optional
        Standard deviation of the logarithm of omega, which is normal around that of `omega`.
    """

    sizes: Sizes
    omega: float
    doubt: float = 0.0


def factors_of(learned: Learned, n_scores: int, *, cut: bool = False) -> tuple[Floats, Floats]:
    """Give values of lambda of a table at hand, with their probabilities.

    Parameters
    ----------
    learned : Learned
        Spread of log lambda, and how well it is known.
    n_scores : int
        Even normal scores at which its distribution is read.
    cut : bool, optional
        Whether what lies outside its central 96% is cut off.

    Returns
    -------
    tuple of ndarray of float64
        Values of lambda, ascending, and the logarithms of their probabilities.
    """
    if not learned.omega:
        return np.ones(1), np.zeros(1)
    end = _CUT if cut else _FARTHEST
    scores = np.linspace(-end, end, n_scores)
    weights = np.exp(-0.5 * scores**2)
    weights[[0, -1]] *= 0.5
    omegas, shares = _normal(np.log(learned.omega), learned.doubt)
    places = _shifts(scores, np.exp(omegas), shares)
    shifts, place = np.unique(places, return_inverse=True)
    weights = np.bincount(place, weights=weights / weights.sum())
    return np.exp(shifts), np.log(weights)


def _shifts(scores: Floats, omegas: Floats, shares: Floats) -> Floats:
    """Values of log lambda at normal scores: quantiles of a mixture of t-distributions, by bisection."""
    wanted = ndtr(scores)
    low, high = np.full(len(scores), _LOW), np.full(len(scores), _HIGH)
    for _ in range(60):
        middle = 0.5 * (low + high)
        above = _student_below(middle[:, None] / omegas) @ shares < wanted
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.asarray(0.5 * (low + high))


def _student_below(values: Floats) -> Floats:
    """Distribution function of Student's t with four degrees of freedom (Shaw 2006)."""
    share = values / np.sqrt(4 + values**2)
    return np.asarray(0.5 + share * (3 - share**2) / 4)


def _normal(centre: float, spread: float) -> tuple[Floats, Floats]:
    """Values of a normal, and their probabilities."""
    if spread == 0:
        return np.array([centre]), np.ones(1)
    scores = np.linspace(-_NORMAL_ENDS, _NORMAL_ENDS, _N_NORMAL)
    shares = np.exp(-0.5 * scores**2)
    return centre + spread * scores, shares / shares.sum()


@cache
def _student(n_scores: int) -> tuple[Floats, Floats]:
    """Values of zeta at even normal scores, and logarithms of their probabilities.

    The quantile of the t-distribution of four degrees of freedom has a closed form (Shaw 2006).
    """
    scores = np.linspace(-_FARTHEST, _FARTHEST, n_scores)
    tail = ndtr(-np.abs(scores))
    alpha = 4 * tail * (1 - tail)
    root = np.cos(np.arccos(np.sqrt(alpha)) / 3) / np.sqrt(alpha)
    zeta = np.sign(scores) * 2 * np.sqrt(np.maximum(root - 1, 0.0))
    log_weights = -0.5 * scores**2
    return zeta, log_weights - np.logaddexp.reduce(log_weights)


def learn(tables: Sequence[Floats], groups: NDArray[np.int64], weights: Floats) -> Learned:
    """The numbers of the greatest posterior, from tables with every cell.

    Parameters
    ----------
    tables : sequence of ndarray of float64, shape (2**K,) each
        Persons by capture history in populations of known size, the unlisted first. K may differ.
    groups : ndarray of int64, shape (n_tables,)
        Number of the group that shares one lambda and one d.
    weights : ndarray of float64, shape (n_tables,)
        Of the logarithm of each table's evidence.

    Returns
    -------
    Learned
        Means on their own scale and the others on the logarithmic one, where their priors are normal.

    Raises
    ------
    ConvergenceError
        If the search does not end.
    """
    evidence = _Evidence(tables, groups, weights)
    point = _START.copy()
    value, slope = evidence.posterior(point)
    curvature = evidence.curvature(point, slope)
    for taken in range(1, _STEPS + 1):
        if np.abs(slope).max() < _FLAT:
            return _learned(evidence, point)
        step: Floats = np.asarray(np.linalg.solve(_upright(curvature), slope), dtype=np.float64)
        step *= min(1.0, _LARGEST_STEP / np.abs(step).max())
        while True:
            trial = point + step
            trial_value, trial_slope = evidence.posterior(trial)
            if trial_value >= value or np.abs(step).max() < _SETTLED:
                break
            step = step / 2
        bent: Floats = np.asarray(slope - trial_slope)
        point, value, slope = trial, trial_value, trial_slope
        if np.abs(step).max() < _SETTLED:
            return _learned(evidence, point)
        curvature = (
            evidence.curvature(point, slope)
            if taken % _FRESH == 0 or bent @ step <= 0
            else _updated(_upright(curvature), step, bent)
        )
    raise ConvergenceError(
        Message("the sizes of interactions in the cases: the search did not end"), last=point
    )


def _learned(evidence: _Evidence, point: Floats) -> Learned:
    """What a point says, and how well omega is known, the other numbers held."""
    values = []
    for log_omega in _OMEGAS.tolist():
        moved = point.copy()
        moved[_OMEGA] = log_omega
        values.append(evidence.posterior(moved)[0])
    shares = np.exp(np.array(values) - max(values))
    shares /= shares.sum()
    doubt = np.sqrt(shares @ _OMEGAS**2 - (shares @ _OMEGAS) ** 2)
    spread = float(np.exp(point[_UNLISTED]))
    sizes = replace(_sizes(point), beyond=float(point[_BEYOND]), unlisted=spread)
    return Learned(sizes, float(np.exp(point[_OMEGA])), float(doubt))


def _sizes(point: Floats) -> Sizes:
    """Sizes of a point, without what is beyond interactions."""
    pairs, triples, higher = np.exp(point[2:N_SLOPES]).tolist()
    return Sizes(float(point[0]), pairs, triples, higher, growth=float(point[1]))


def _upright(curvature: Floats) -> Floats:
    """A curvature with no direction flatter than a normal of 1, so that a step goes up."""
    values, vectors = np.linalg.eigh(curvature)
    return np.asarray((vectors * np.maximum(values, 1.0)) @ vectors.T)


def _updated(curvature: Floats, step: Floats, bent: Floats) -> Floats:
    """A curvature that has the change of slope just seen (Broyden, Fletcher, Goldfarb, Shanno)."""
    pushed = curvature @ step
    return np.asarray(
        curvature - np.outer(pushed, pushed) / (step @ pushed) + np.outer(bent, bent) / (bent @ step)
    )


class _Evidence:
    """The log posterior of the numbers learned, given whole tables."""

    def __init__(self, tables: Sequence[Floats], groups: NDArray[np.int64], weights: Floats) -> None:
        n_groups = int(groups.max()) + 1
        self._stacks = []
        for n_cells in sorted({len(table) for table in tables}):
            chosen = [k for k, table in enumerate(tables) if len(table) == n_cells]
            share = np.zeros((n_groups, len(chosen)))
            share[groups[chosen], np.arange(len(chosen))] = weights[chosen]
            stack = np.array([tables[k] for k in chosen], dtype=np.float64)
            self._stacks.append((stack, stack.sum(axis=1), share))
        self._n_groups = n_groups
        self._shifts, self._beyond = points(_LOW, _HIGH, _N_POINTS), points(_LEAST, _MOST, _N_ACROSS)
        self._modes: dict[tuple[int, int, int], Floats] = {}
        self._known: tuple[Floats, Floats, Floats] | None = None

    def posterior(self, point: Floats) -> tuple[float, Floats]:
        """The log posterior and its slope."""
        values, slopes = self._surface(point[:N_SLOPES])
        zeta, log_weights = _student(_N_SCORES)
        place = np.exp(point[_OMEGA]) * zeta
        scores, shares = _normal(0.0, 1.0)
        away = np.exp(point[_UNLISTED]) * scores
        across = point[_BEYOND] + away
        along = interpolation(np.clip(place, _LOW, _HIGH), self._shifts)
        over = interpolation(np.clip(across, _LEAST, _MOST), self._beyond)

        def read(first: Floats, second: Floats, surface: Floats) -> Floats:
            return np.asarray(first @ surface @ second.T)

        heights = read(along, over, values) + log_weights[:, None] + np.log(shares)
        by_group = np.logaddexp.reduce(heights, axis=(1, 2))
        likely = np.exp(heights - by_group[:, None, None])
        moved = [float((likely * read(along, over, slope)).sum()) for slope in slopes]
        # Where log lambda or d is held at a bound it does not move.
        inside = np.where((place > _LOW) & (place < _HIGH), place, 0.0)
        held = (across > _LEAST) & (across < _MOST)
        wider = likely * read(along @ differentiation(self._shifts), over, values)
        higher = likely * read(along, over @ differentiation(self._beyond), values)
        moved += [
            float((wider * inside[:, None]).sum()),
            float((higher * held).sum()),
            float((higher * held * away).sum()),
        ]
        units = (point - _CENTRE) / _SPREAD
        return float(by_group.sum() - 0.5 * units @ units), np.array(moved) - units / _SPREAD

    def _surface(self, numbers: Floats) -> tuple[Floats, Floats]:
        """Log evidence of each group and its slopes, by log lambda and d; the last one is kept."""
        if self._known is not None and (self._known[0] == numbers).all():
            return self._known[1:]
        sizes = _sizes(numbers)
        values = np.zeros((self._n_groups, _N_POINTS, _N_ACROSS))
        slopes = np.zeros((N_SLOPES, *values.shape))
        for i, factor in enumerate(np.exp(self._shifts).tolist()):
            for j, beyond in enumerate(self._beyond.tolist()):
                at = replace(sizes.scaled(factor), beyond=beyond)
                for k, (stack, n_persons, share) in enumerate(self._stacks):
                    start = self._modes.get((i, j, k), self._modes.get((i, j - 1, k)))
                    evidence, slope, modes = slopes_of_evidence(stack, at, n_persons, start)
                    self._modes[i, j, k] = modes
                    values[:, i, j] += share @ evidence
                    slopes[:, :, i, j] += slope @ share.T
        self._known = (numbers.copy(), values, slopes)
        return values, slopes

    def curvature(self, point: Floats, slope: Floats) -> Floats:
        """Negative second derivative, by differences of the slope."""
        # The numbers that leave the evidence as it is come first, while that is still known.
        rows = np.zeros((len(point), len(point)))
        for k in reversed(range(len(point))):
            step = np.zeros(len(point))
            step[k] = _DIFFERENCE
            rows[k] = (slope - self.posterior(point + step)[1]) / _DIFFERENCE
        return np.asarray((rows + rows.T) / 2)
