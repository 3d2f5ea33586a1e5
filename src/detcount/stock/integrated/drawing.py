"""Paths drawn given the register and the anchors, one of them chosen for each joint draw of these."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.stock.integrated.bridges import AnchorTarget, at_days, chosen_paths
from detcount._numerics.stock.integrated.compartments import Course
from detcount._numerics.stock.integrated.forces import constants_of, continued
from detcount._numerics.stock.integrated.observed import shares_of_steps
from detcount._numerics.stock.integrated.posterior import sample_posterior
from detcount._numerics.stock.integrated.starts import crude_flows, starting_numbers
from detcount.stock.integrated.model import Grid, grid_of, observed_on, paths_of, residuals_on
from detcount.stock.integrated.prior import Stated, prior_values
from detcount.stock.integrated.reading import Figures, Spans

_PATHS, _MOVES, _STATES = 1600, 5, 5
_TOTAL_ERROR = 2.5  # standard deviation of the root of the growth of a running total, which is often stale
_SHOWN = ("coverage", "entry_delay", "exit_delay", "stay", "brief_share", "brief_stay")


@dataclass(frozen=True)
class Drawn:
    """A path for each joint draw of the anchors.

    Parameters
    ----------
    course : Course
        All paths, up to the last day of the forecast.
    grid : Grid
        Their steps.
    path : ndarray of int64, shape (n_draws,)
        Number of the path of each joint draw.
    at_anchors : ndarray of float64, shape (n_draws, n_anchors)
        Logarithm of its stock at the anchors.
    constants : dict of str to tuple of float
        Limits at 95% and the median of the constants.
    n_paths, n_modes : int
        Paths, and modes that they come from.
    effective, softened, acceptance : float
        As in `IntegratedDetail`.
    """

    course: Course
    grid: Grid
    path: Ints
    at_anchors: Floats
    constants: Mapping[str, tuple[float, float, float]]
    n_paths: int
    n_modes: int
    effective: float
    softened: float
    acceptance: float


def draw_paths(
    figures: Figures,
    totals: Spans,
    announced: Spans,
    days: Ints,
    joint: Floats,
    stated: Stated,
    horizon: int,
    rng: np.random.Generator,
) -> Drawn:
    """Draw paths given the register and the anchors, and choose one for each joint draw of these.

    Parameters
    ----------
    figures : Figures
        What the register prints.
    totals, announced : Spans
        Growth of a running total, and windows of releases.
    days : ndarray of int64, shape (n_anchors,)
        Days of the anchors.
    joint : ndarray of float64, shape (n_draws, n_anchors)
        Logarithms of their joint draws.
    stated : Stated
        Prior and errors.
    horizon : int
        Days after the last bulletin that the paths have to reach.
    rng : numpy.random.Generator
        Source of random numbers.
    """
    grid = grid_of(figures, max(int(figures.days[-1]), int(days[-1])))
    observed = observed_on(grid, figures, totals, stated.flow_error, _TOTAL_ERROR)
    crude = crude_flows(observed, grid.register)
    more = math.ceil(horizon / grid.step) + 1
    ahead = grid.further(more)
    shares = shares_of_steps(announced.first, announced.last, ahead.edges)
    with_waves = np.asarray(shares.any(axis=0), dtype=np.bool_)
    held, n_steps = float(figures.totals.mean()), len(grid.edges) - 1
    prior = prior_values(stated, held, with_waves[:n_steps], crude.surge_steps, n_steps)
    target = AnchorTarget.of(joint, stated.bend)
    posterior = sample_posterior(
        residuals_on(grid, observed, prior, days, target),
        starting_numbers(crude, grid.register, grid.step, prior),
        _PATHS,
        _MOVES,
        _STATES,
        rng,
    )
    z = continued(posterior.z, n_steps, len(crude.surge_steps), more, rng)
    further = prior_values(stated, held, with_waves, crude.surge_steps, n_steps)
    course = paths_of(z, ahead, further)
    values = at_days(np.log(np.maximum(course.stock.T, 1.0)), ahead.edges, days)
    chosen = chosen_paths(joint, values, target, stated.bend, rng)
    constants = constants_of(z[chosen.path], prior)
    limits = {name: np.quantile(constants[name], [0.025, 0.5, 0.975]).tolist() for name in _SHOWN}
    return Drawn(
        course=course,
        grid=ahead,
        path=chosen.path,
        at_anchors=values[chosen.path],
        constants={name: (low, middle, high) for name, (low, middle, high) in limits.items()},
        n_paths=len(z),
        n_modes=posterior.modes,
        effective=min(chosen.effective, float(posterior.effective) * _STATES),
        softened=chosen.softened,
        acceptance=posterior.acceptance,
    )
