"""A scale of each source's own: how large interactions are in one table, compared with what is usual.

Interactions of a table have the standard deviations of `Sizes` times lambda = exp(omega zeta), zeta having
Student's t-distribution of four degrees of freedom. Tables of one group, which share people and sources,
share lambda; the next table has one of its own. In learning the evidence, which is smooth in log lambda, is
computed at Chebyshev's points and interpolated: the evidence of many tables makes the integral over zeta
narrow, so that a few points of a quadrature would miss it.

In populations of known size every cell is seen, so that the likelihood of sizes and omega can be computed.
Cases of one group share people: the logarithm of the evidence of each is multiplied by its weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.interactions import (
    HIGH,
    LOW,
    N_SIZES,
    FittedSizes,
    Sizes,
    slopes_of_evidence,
    student,
)
from detcount.errors import ConvergenceError
from detcount.words import Message


@dataclass(frozen=True)
class Priors:
    """Priors of learned interactions.

    Parameters
    ----------
    mean_sd : float, log odds ratio
        Standard deviation of the mean of pairs. Convention: a factor of e either way.
    size : float, log odds ratio
        Prior median of the standard deviations and of omega. Convention: a half.
    size_spread : float, log
        Standard deviation of the logarithms of these. Convention: a factor of e either way.
    """

    mean_sd: float = 1.0
    size: float = 0.5
    size_spread: float = 1.0


PRIORS = Priors()


@dataclass(frozen=True)
class Tuning:
    """Learning of interactions from populations of known size.

    Parameters
    ----------
    scores : int, nodes
        Normal scores over which the scale of a source is summed. Computational (`test_numbers`).
    points : int, nodes
        Chebyshev points of the log scale in learning. Convention: interpolation error below a printed digit.
    flat : float, log posterior
        Slope at which the search ends. Computational (`test_numbers`).
    settled : float
        Step at which the search ends: where a score meets a bound the top is a crease. Computational
        (`test_numbers`).
    start : tuple of float, log odds ratio
        Mean and standard deviations at which the search begins. Computational (`test_numbers`).
    largest_step : float, log
        Largest step. Computational (`test_numbers`).
    steps : int, steps
        Most Newton steps; six are usual. Computational (`test_numbers`).
    difference : float, log
        Step of second differences. Convention: digits lost to rounding and curvature balance.
    """

    scores: int = 161
    points: int = 13
    flat: float = 1e-4
    settled: float = 1e-7
    start: tuple[float, ...] = (0.5, 0.75, 0.6, 0.4, 0.4)
    largest_step: float = 0.7
    steps: int = 60
    difference: float = 1e-3


TUNING = Tuning()


def _points(n_points: int) -> Floats:
    """Chebyshev's points on log lambda."""
    angles = (np.arange(n_points) + 0.5) * np.pi / n_points
    return np.asarray(LOW + (HIGH - LOW) * (1 - np.cos(angles)) / 2)


def _interpolation(places: Floats, shifts: Floats) -> Floats:
    """Barycentric weights from Chebyshev's points to places."""
    weights = _barycentric(len(shifts))
    apart = places[:, None] - shifts
    met = apart == 0
    parts = weights / np.where(met, 1.0, apart)
    parts = np.where(met.any(axis=1, keepdims=True), met.astype(np.float64), parts)
    return np.asarray(parts / parts.sum(axis=1, keepdims=True))


def _barycentric(n_points: int) -> Floats:
    """Weights of Chebyshev's points in Lagrange's formula, up to a factor."""
    numbers = np.arange(n_points)
    return np.asarray((-1.0) ** numbers * np.sin((numbers + 0.5) * np.pi / n_points))


def _differentiation(shifts: Floats) -> Floats:
    """From values at Chebyshev's points to the slope of their polynomial there."""
    weights = _barycentric(len(shifts))
    apart = shifts[:, None] - shifts + np.eye(len(shifts))
    slopes = weights / weights[:, None] / apart
    np.fill_diagonal(slopes, 0.0)
    np.fill_diagonal(slopes, -slopes.sum(axis=1))
    return np.asarray(slopes)


def learn(tables: Sequence[Floats], groups: Ints, weights: Floats) -> FittedSizes:
    """Sizes and omega at the mode of the posterior, from tables with every cell.

    Parameters
    ----------
    tables : sequence of ndarray of float64, shape (2**K,) each
        Persons by capture history in populations of known size, the unlisted first. K may differ.
    groups : ndarray of int64, shape (n_tables,)
        Number of the group that shares one lambda.
    weights : ndarray of float64, shape (n_tables,)
        Of the logarithm of each table's evidence.

    Returns
    -------
    FittedSizes
        The mean on its own scale and the others on the logarithmic one, where their priors are normal.

    Raises
    ------
    ConvergenceError
        If the search does not end.
    """
    evidence = _Evidence(tables, groups, weights)
    point = np.array([TUNING.start[0], *np.log(TUNING.start[1:])])
    value, slope = evidence.posterior(point)
    for _ in range(TUNING.steps):
        if np.abs(slope).max() < TUNING.flat:
            return FittedSizes(_sizes(point), float(np.exp(point[-1])))
        step = np.linalg.solve(_upright(evidence.curvature(point)), slope)
        step *= min(1.0, TUNING.largest_step / np.abs(step).max())
        while True:
            trial = point + step
            trial_value, trial_slope = evidence.posterior(trial)
            if trial_value >= value or np.abs(step).max() < TUNING.settled:
                break
            step = step / 2
        point, value, slope = trial, trial_value, trial_slope
        if np.abs(step).max() < TUNING.settled:
            return FittedSizes(_sizes(point), float(np.exp(point[-1])))
    raise ConvergenceError(
        Message("the sizes of interactions in the cases: the search did not end"), last=point
    )


def _sizes(point: Floats) -> Sizes:
    """Sizes of a point: the mean, and logarithms of the others, that of omega aside."""
    return Sizes(float(point[0]), *np.exp(point[1:N_SIZES]).tolist())


def _upright(curvature: Floats) -> Floats:
    """A curvature of at least 1 in every direction, so that a step goes up."""
    values, vectors = np.linalg.eigh(curvature)
    return np.asarray((vectors * np.maximum(values, 1.0)) @ vectors.T)


class _Evidence:
    """The log posterior of sizes and omega, given whole tables."""

    def __init__(self, tables: Sequence[Floats], groups: Ints, weights: Floats) -> None:
        n_groups = int(groups.max()) + 1
        self._stacks = []
        for n_cells in sorted({len(table) for table in tables}):
            chosen = [k for k, table in enumerate(tables) if len(table) == n_cells]
            share = np.zeros((n_groups, len(chosen)))
            share[groups[chosen], np.arange(len(chosen))] = weights[chosen]
            stack = np.array([tables[k] for k in chosen], dtype=np.float64)
            self._stacks.append((stack, stack.sum(axis=1), share))
        self._n_groups = n_groups

    def posterior(self, point: Floats) -> tuple[float, Floats]:
        """The log posterior and its slope."""
        sizes = _sizes(point)
        shifts = _points(TUNING.points)
        zeta, log_weights = student(TUNING.scores)
        place = np.exp(point[-1]) * zeta
        between = _interpolation(np.clip(place, LOW, HIGH), shifts)
        values = np.zeros((TUNING.points, self._n_groups))
        slopes = np.zeros((N_SIZES, TUNING.points, self._n_groups))
        for k, factor in enumerate(np.exp(shifts).tolist()):
            for stack, n_persons, share in self._stacks:
                evidence, slope = slopes_of_evidence(stack, sizes.scaled(factor), n_persons)
                values[k] += share @ evidence
                slopes[:, k] += slope @ share.T
        over = between @ values + log_weights[:, None]
        by_group = np.logaddexp.reduce(over, axis=0)
        likely = np.exp(over - by_group)
        moved = np.array([(likely * (between @ slope)).sum() for slope in slopes])
        # Where log lambda is held at a bound it does not move.
        inside = np.where((place > LOW) & (place < HIGH), place, 0.0)
        wider = (likely * (between @ _differentiation(shifts) @ values) * inside[:, None]).sum()
        away = np.concatenate(
            [[point[0] / PRIORS.mean_sd], (point[1:] - np.log(PRIORS.size)) / PRIORS.size_spread]
        )
        scale = np.array([PRIORS.mean_sd, *[PRIORS.size_spread] * N_SIZES])
        return float(by_group.sum() - 0.5 * away @ away), np.append(moved, wider) - away / scale

    def curvature(self, point: Floats) -> Floats:
        """Negative second derivative, by differences of the slope."""
        steps = TUNING.difference * np.eye(len(point))
        rows = [self.posterior(point + each)[1] - self.posterior(point - each)[1] for each in steps]
        second = -np.array(rows) / (2 * TUNING.difference)
        return np.asarray((second + second.T) / 2)
