"""From draws of paths to the stock of every day, its arrests, and what the register prints."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.stock.integrated.bridges import at_days, drifted
from detcount.estimates.path_flows import RegisterDraws
from detcount.persons.dates import as_day
from detcount.stock.integrated.drawing import Drawn
from detcount.stock.integrated.reading import Figures

_TAIL = 4  # degrees of freedom of what a register does besides
_LATEST = 26  # changes of the total from which its usual change is taken
_NORMAL_MEAN = 0.7979
_BETWEEN = 0.01  # standard deviation, a week, of the logarithm of a register between two totals


@dataclass(frozen=True)
class Daily:
    """The stock of each day, and the arrests up to it, each of shape (n_draws, n_days), persons."""

    stock: Ints
    arrested: Ints
    raised: float


def daily(drawn: Drawn, bent: Floats, days: Ints, drift: Floats, floor: Ints) -> Daily:
    """The chosen paths on every day, bent, and not below the floor.

    Parameters
    ----------
    drawn : Drawn
        The paths, and which of them are chosen.
    bent, drift : ndarray of float64, shape (n_draws, n_days)
        What is added to the logarithm.
    days : ndarray of int64, shape (n_days,)
        Days since 1970.
    floor : ndarray of int64, shape (n_days,)
        Lower bounds.
    """
    course, path, grid = drawn.course, drawn.path, drawn.grid
    logs = at_days(np.log(np.maximum(course.stock.T[path], 1.0)), grid.edges, days)
    stock = np.rint(np.exp(logs + bent + drift)).astype(np.int64)
    raised = float((stock < floor).mean())
    arrests = np.concatenate([np.zeros((len(path), 1)), np.cumsum(course.arrests.T[path], axis=1)], axis=1)
    by_day = np.diff(at_days(arrests, grid.edges, days), axis=1, prepend=0.0) * np.exp(bent)
    return Daily(np.maximum(stock, floor), np.rint(np.cumsum(by_day, axis=1)).astype(np.int64), raised)


def register_draws(
    drawn: Drawn, figures: Figures, last: int, more: float, rng: np.random.Generator
) -> RegisterDraws:
    """What the register holds: as published, in between, and as forecast after the last bulletin.

    Parameters
    ----------
    drawn : Drawn
        The paths, up to the last day of the forecast at least.
    figures : Figures
        What was published.
    last : int
        Last day of the forecast, days since 1970.
    more : float
        Standard deviation of the root of a flow, over that of a Poisson count.
    rng : numpy.random.Generator
        Source of random numbers.
    """
    course, path, grid = drawn.course, drawn.path, drawn.grid
    first, newest = int(figures.days[0]), int(figures.days[-1])
    known = np.arange(first, newest + 1)
    logs = np.interp(known, figures.days, np.log(np.maximum(figures.totals, 0.5)))
    past = np.exp(logs + drifted(figures.days, known, _BETWEEN, len(path), rng))
    past[:, figures.days - first] = figures.totals
    coming = np.arange(newest, last + 1)
    held = at_days(course.register.T[path], grid.edges, coming)
    flows = np.concatenate(
        [np.zeros((len(path), 1)), np.cumsum((course.entered + course.struck_off).T[path], axis=1)], axis=1
    )
    spread = np.diff(at_days(flows, grid.edges, coming), axis=1)
    noise = np.cumsum(more * np.sqrt(np.maximum(spread, 0)) * rng.standard_normal(spread.shape), axis=1)
    ahead = np.maximum(figures.totals[-1] + held[:, 1:] - held[:, :1] + noise, 0)
    restless = _usual_change(figures) * rng.standard_t(_TAIL, spread.shape) / np.sqrt(7)
    ahead *= np.exp(np.cumsum(restless, axis=1))
    draws = np.rint(np.concatenate([past, ahead], axis=1)).astype(np.int64)
    return RegisterDraws(as_day(first), draws, as_day(newest))


def _usual_change(figures: Figures) -> float:
    """Scale of a week's change of the logarithm of the totals, by the mean over the last of them."""
    weeks = np.diff(figures.days)[-_LATEST:] / 7
    change = np.abs(np.diff(np.log(np.maximum(figures.totals, 1.0)))[-_LATEST:]) / np.sqrt(weeks)
    return float(change.mean()) / _NORMAL_MEAN
