"""Starting points of the search for the mode: arrests and exits read off the published flows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.stock.course import CONSTANTS, TUNING, Course, PriorValues, numbers_of


@dataclass(frozen=True)
class Observations:
    """Figures of a register, each of a span of steps.

    Parameters
    ----------
    entered, removed, change, totals : tuple of ndarray
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
    removed: tuple[Floats, Floats]
    change: tuple[Floats, Floats]
    change_error: Floats
    totals: tuple[Floats, Floats]
    more: float
    total_more: float


def residuals_of(course: Course, observed: Observations) -> Floats:
    """Residuals of the figures, shape (n_draws, n_figures)."""
    parts = [
        _roots(observed.entered, course.entered) / observed.more,
        _roots(observed.removed, course.removed) / observed.more,
        ((observed.change[0] @ (course.entered - course.removed)).T - observed.change[1])
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
    anscombe = 3 / 8  # Anscombe 1948: the variance of such a root is near one quarter
    expected = (shares @ flow).T
    return np.asarray(2 * (np.sqrt(expected + anscombe) - np.sqrt(counts + anscombe)), dtype=np.float64)


@dataclass(frozen=True)
class Crude:
    """Entries and exits of each step as printed, or as the changes of the total allow.

    Parameters
    ----------
    came, went : ndarray of float64, shape (n_steps,)
        Persons, above 0.
    ordinary : ndarray of float64, shape (n_steps,)
        Median of the entries of the steps around.
    episodes : list of ndarray of int64
        Steps in a row in which far more than the ordinary were entered, the largest first.
    """

    came: Floats
    went: Floats
    ordinary: Floats
    episodes: list[Ints]

    @property
    def surge_steps(self) -> Ints:
        """Steps in which there may be a surge: those of the episodes, and one on each side."""
        steps = np.concatenate([np.empty(0, dtype=np.int64), *self.episodes])
        around = np.unique(np.concatenate([steps - 1, steps, steps + 1]))
        return around[(around >= 0) & (around < len(self.came))].astype(np.int64)


def crude_flows(observed: Observations, register: Floats) -> Crude:
    """Read entries and exits off the figures.

    Parameters
    ----------
    observed : Observations
        Figures of the register.
    register : ndarray of float64, shape (n_steps + 1,)
        What it holds at the end of each step.
    """
    known = _filled(register)
    rise = np.diff(known)
    came, went = (_a_step(*figures) for figures in (observed.entered, observed.removed))
    usual = (
        float(np.nanmedian(went)) if np.isfinite(went).any() else TUNING.usual_removed * float(known.mean())
    )
    went = np.where(
        np.isfinite(went), went, np.where(np.isfinite(came), came - rise, usual - np.minimum(rise, 0))
    )
    came = np.where(np.isfinite(came), came, np.maximum(rise + went, 0.2 * usual))
    came, went = np.maximum(came, 0.5), np.maximum(went, 0.5)
    ordinary = _median_around(came)
    raised = (came > 1.5 * ordinary) & (came - ordinary > 3 * np.sqrt(ordinary))
    raised[: TUNING.around] = False
    steps = np.flatnonzero(raised)
    episodes = [each for each in np.split(steps, np.flatnonzero(np.diff(steps) > 2) + 1) if len(each)]
    episodes.sort(key=lambda each: -float((came - ordinary)[each].sum()))
    return Crude(came, went, ordinary, episodes[: TUNING.most_episodes])


def starting_numbers(crude: Crude, register: Floats, step: int, prior: PriorValues) -> list[Floats]:
    """Numbers to begin with: entries as arrests some days before, or as people known late.

    The same rise of the entries can come of arrests, quickly or slowly entered, or of a surge in which people
    are entered who were held for long. Each reading can be a mode of its own.

    Parameters
    ----------
    crude : Crude
        Entries and exits.
    register : ndarray of float64, shape (n_steps + 1,)
        What the register holds at the end of each step.
    step : int
        Days of a step.
    prior : PriorValues
        The prior.
    """
    known = _filled(register)
    hazard = np.append(crude.went[1:], crude.went[-1]) / known[1:]
    coverage = 1 / (1 + math.exp(-prior.centre[CONSTANTS.index("coverage")]))

    def start(entries: Floats, delay: float, surging: Floats) -> Floats:
        smooth = np.convolve(np.pad(entries, 1, mode="edge"), [0.25, 0.5, 0.25], "valid")
        waiting = np.append(smooth, smooth[-1]) * delay / step
        fewest = 0.15 * np.minimum(smooth, np.median(smooth))
        arrests = np.maximum(smooth + np.diff(waiting), fewest) / coverage
        first = {"entry_delay": delay, "waiting": float(np.clip(waiting[0] / known[0], 0.01, 3))}
        return numbers_of(first, arrests, hazard, surging, step, prior)

    none = np.zeros(len(prior.surge_steps))
    found = [start(crude.came, delay, none) for delay in TUNING.delays]
    for episode in crude.episodes:
        within = np.isin(np.arange(len(crude.came)), episode)
        surging = np.where(np.isin(prior.surge_steps, episode), TUNING.surging, 0.0)
        found.append(start(np.where(within, crude.ordinary, crude.came), TUNING.delays[0], surging))
    return found


def _filled(register: Floats) -> Floats:
    """The register with its last total carried on."""
    last = register[~np.isnan(register)][-1]
    return np.where(np.isnan(register), last, register)


def _a_step(shares: Floats, counts: Floats) -> Floats:
    """Figures spread evenly over the steps of their spans; NaN where there are none."""
    length = np.maximum(shares.sum(axis=1), 1e-9)
    weight = shares.sum(axis=0)
    total = (shares * (counts / length)[:, None]).sum(axis=0)
    return np.where(weight > 0, total / np.maximum(weight, 1e-9), np.nan)


def _median_around(values: Floats) -> Floats:
    """Median of the steps around each."""
    n = len(values)
    return np.array([np.median(values[max(0, k - TUNING.around) : k + TUNING.around + 1]) for k in range(n)])
