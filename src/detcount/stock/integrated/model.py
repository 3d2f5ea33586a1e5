"""The grid of steps, and the figures of a register upon it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.stock.integrated.bridges import AnchorTarget, at_days
from detcount._numerics.stock.integrated.compartments import Course, course, first_state
from detcount._numerics.stock.integrated.forces import PriorValues, forces
from detcount._numerics.stock.integrated.observed import Observations, residuals_of, shares_of_steps
from detcount.stock.integrated.reading import Figures, Spans

WEEK = 7
"""Days of a step, and more where a series is long."""

_MOST_STEPS = 130

_USUAL = 0.005  # share of a register that is entered or struck off in a day, where no flow is printed
_MORE = 1.3


@dataclass(frozen=True)
class Grid:
    """Ends of the steps.

    Parameters
    ----------
    edges : ndarray of int64, shape (n_steps + 1,)
        Days since 1970; the first is that of the first bulletin.
    register : ndarray of float64, shape (n_steps + 1,)
        What the register holds: as published, on the logarithm straight between; NaN after the last bulletin.
    step : int
        Days of a step.
    """

    edges: Ints
    register: Floats
    step: int

    def further(self, steps: int) -> Grid:
        """The grid with more steps, of which nothing is published."""
        more = self.edges[-1] + self.step * np.arange(1, steps + 1)
        return Grid(np.append(self.edges, more), np.append(self.register, np.full(steps, np.nan)), self.step)


def grid_of(figures: Figures, last: int) -> Grid:
    """Steps from the first bulletin, up to a day at least."""
    first = int(figures.days[0])
    step = max(WEEK, -(-(last - first) // _MOST_STEPS))
    n_steps = max(2, -(-(last - first) // step))
    edges = first + step * np.arange(n_steps + 1)
    known = np.exp(np.interp(edges, figures.days, np.log(np.maximum(figures.totals, 1.0))))
    return Grid(edges, np.where(edges <= figures.days[-1], known, np.nan), step)


def observed_on(
    grid: Grid, figures: Figures, totals: Spans, flow_error: float, total_error: float
) -> Observations:
    """Figures by the steps that their spans cover."""

    def on(spans: Spans) -> tuple[Floats, Floats]:
        return shares_of_steps(spans.first, spans.last, grid.edges), spans.count

    return Observations(
        entered=on(figures.entered),
        struck_off=on(figures.struck_off),
        change=on(figures.change),
        change_error=change_errors(figures),
        totals=on(totals),
        more=flow_error,
        total_more=total_error,
    )


def change_errors(figures: Figures) -> Floats:
    """Standard deviation of each change of the total: as of the flows that there usually are."""
    days = figures.change.last - figures.change.first
    flow = np.maximum(np.abs(figures.change.count), _USUAL * float(figures.totals.mean()) * days)
    return np.asarray(np.sqrt(_MORE * flow + 1), dtype=np.float64)


def paths_of(z: Floats, grid: Grid, prior: PriorValues) -> Course:
    """Follow the paths of some numbers."""
    driven = forces(z, grid.step, prior)
    return course(driven, first_state(float(grid.register[0]), driven), grid.register, grid.step)


def residuals_on(
    grid: Grid, observed: Observations, prior: PriorValues, days: Ints, target: AnchorTarget | None
) -> Callable[[Floats], Floats]:
    """Residuals of numbers: of the figures, and of the normal that stands for the anchors."""

    def residuals(z: Floats) -> Floats:
        followed = paths_of(z, grid, prior)
        found = residuals_of(followed, observed)
        if target is None:
            return found
        values = at_days(np.log(np.maximum(followed.stock.T, 1.0)), grid.edges, days)
        return np.concatenate([found, target.residuals(values)], axis=1)

    return residuals
