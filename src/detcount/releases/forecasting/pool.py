"""A pool of forecasts of what a monitor publishes next, with weights by its number of figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.forecasting import pooled_draws
from detcount.published import PublishedReleases
from detcount.releases.forecasting.elsewhere import growth_known, other_campaigns
from detcount.releases.forecasting.figures import Figures, announced_for, figures_of
from detcount.releases.forecasting.members import GrowthShape, growth_elsewhere, own_increments

__all__ = ["MANY_FIGURES", "POOL", "Pool", "few_figures", "pooled_with"]

MANY_FIGURES = 2  # with this many figures after the first, weights are half way to those of many


@dataclass(frozen=True)
class Pool:
    """Weights of the members of a pool: at the first figure of a series, and after many.

    Parameters
    ----------
    structural, growth, own : tuple of float
        Weight of the model of releases, of growth elsewhere and of the monitor's own increments, at the
        first figure and after many.
    shape : GrowthShape
        Constants of growth elsewhere.
    """

    structural: tuple[float, float]
    growth: tuple[float, float]
    own: tuple[float, float]
    shape: GrowthShape

    def weights(self, n_figures: int) -> NDArray[np.float64]:
        """Weights of the three members for a series of so many figures."""
        few = few_figures(n_figures)
        first, many = np.array([self.structural, self.growth, self.own]).T
        return np.asarray(few * first + (1 - few) * many)


# Chosen by the rule of docs/backtest.md, on the eight campaigns that ship.
POOL = Pool(structural=(0.0, 1 / 3), growth=(1.0, 1 / 3), own=(0.0, 1 / 3), shape=GrowthShape())


def few_figures(n_figures: int) -> float:
    """Weight of the first figure's weights: 1 for one figure, and towards 0 with more."""
    return (1 + MANY_FIGURES) / (n_figures + MANY_FIGURES)


def asked_of(
    reports: PublishedReleases, source: str, start: np.datetime64, end: np.datetime64, on: np.datetime64
) -> Figures | None:
    """The figures that a later one continues; None if nothing is released between the last and the end.

    Of a window that had ended by the last figure only late verifications come: the model speaks of these.
    """
    figures = figures_of(reports, source, start)
    if figures is None or on <= figures.days[-1] or end <= figures.ends[-1]:
        return None
    return figures


def pooled_with(
    structural: NDArray[np.int64],
    reports: PublishedReleases,
    source: str,
    window: tuple[np.datetime64, np.datetime64],
    on: np.datetime64,
    random: np.random.Generator,
    *,
    most: int | None = None,
    pool: Pool = POOL,
) -> NDArray[np.int64] | None:
    """Pool draws of the model of releases with forecasts that need none.

    Parameters
    ----------
    structural : ndarray of int64, shape (n_draws,)
        Draws of what the source will have published for the window by the day.
    reports : PublishedReleases
        What is known.
    source : str
        The monitor.
    window : tuple of numpy.datetime64
        First and last day of the releases counted.
    on : numpy.datetime64
        Day of publication.
    random : numpy.random.Generator
        Source of randomness.
    most : int, optional
        The largest total that there can be, persons; draws above it are left out.
    pool : Pool, optional
        The weights.

    Returns
    -------
    ndarray of int64, shape (n_draws,), or None
        Draws in the order of the structural ones, the smallest for the smallest; None where the source
        has no figure that a later one would continue.
    """
    start, end = window
    figures = asked_of(reports, source, start, end, on)
    if figures is None:
        return None
    n_draws, ahead = len(structural), figures.days_ahead(end, on)
    elsewhere = growth_known(reports, figures, other_campaigns(start))
    grown = growth_elsewhere(
        figures, ahead, elsewhere, pool.shape, announced_for(reports, figures), n_draws, random
    )
    own = own_increments(figures, ahead, n_draws, random)
    highest = np.inf if most is None else most
    members = [structural.astype(np.float64), *(_within(draws, highest, random) for draws in (grown, own))]
    weights = pool.weights(len(figures.days))
    there = [(draws, weight) for draws, weight in zip(members, weights, strict=True) if draws is not None]
    if not sum(weight for _, weight in there):
        return None
    draws = pooled_draws(np.array([one for one, _ in there]), np.array([weight for _, weight in there]))
    return np.asarray(draws.astype(np.int64))


def _within(
    draws: NDArray[np.float64] | None, highest: float, random: np.random.Generator
) -> NDArray[np.float64] | None:
    """Draws up to a limit, drawn again as many times; None where none is left."""
    if draws is None or (draws <= highest).all():
        return draws
    kept = draws[draws <= highest]
    return random.choice(kept, len(draws)) if len(kept) else None
