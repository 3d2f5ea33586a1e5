"""What a register's published figures say of a course, as residuals of unit variance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.stock.integrated.compartments import Course

_COUNT = 3 / 8  # Anscombe's number, with which roots of counts have a variance near one quarter


@dataclass(frozen=True)
class Observations:
    """Figures of a register, each of a span of steps.

    Parameters
    ----------
    entered, struck_off, change, totals : tuple of ndarray
        Of each kind of figure, the share of each step that its span covers, shape (n_figures, n_steps), and
        the figures, shape (n_figures,): entries and exits as printed, change of the total where not both of
        them are, and growth of a running total.
    change_error : ndarray of float64
        Standard deviation of the changes.
    more : float
        Standard deviation of the root of a printed flow, over that of a Poisson count.
    total_more : float
        The same for the growth of a running total.
    """

    entered: tuple[Floats, Floats]
    struck_off: tuple[Floats, Floats]
    change: tuple[Floats, Floats]
    change_error: Floats
    totals: tuple[Floats, Floats]
    more: float
    total_more: float


def residuals_of(course: Course, observed: Observations) -> Floats:
    """Residuals of the figures, shape (n_draws, n_figures)."""
    parts = [
        _roots(observed.entered, course.entered) / observed.more,
        _roots(observed.struck_off, course.struck_off) / observed.more,
        ((observed.change[0] @ (course.entered - course.struck_off)).T - observed.change[1])
        / observed.change_error,
        _roots(observed.totals, course.entered) / observed.total_more,
    ]
    return np.concatenate(parts, axis=1)


def shares_of_steps(first: Ints, last: Ints, edges: Ints) -> Floats:
    """Share of each step, between two edges, that lies after one day and up to another, a row a span."""
    overlap = np.minimum(last[:, None], edges[1:]) - np.maximum(first[:, None], edges[:-1])
    return np.asarray(np.maximum(overlap, 0) / np.diff(edges), dtype=np.float64)


def _roots(figures: tuple[Floats, Floats], flow: Floats) -> Floats:
    """Twice the root of what is expected less that of what is printed: of variance 1 for Poisson counts."""
    shares, counts = figures
    expected = (shares @ flow).T
    return np.asarray(2 * (np.sqrt(expected + _COUNT) - np.sqrt(counts + _COUNT)), dtype=np.float64)
