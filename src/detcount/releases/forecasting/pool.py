"""A linear pool of forecasts of what a monitor publishes next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.forecasting import pooled_draws
from detcount.published import PublishedReleases
from detcount.releases.forecasting.elsewhere import growth_known, other_campaigns
from detcount.releases.forecasting.figures import Figures, announced_for, figures_of
from detcount.releases.forecasting.members import GrowthShape, growth_elsewhere

__all__ = ["POOL", "Pool", "pooled_with"]


@dataclass(frozen=True)
class Pool:
    """Weights of a pool, and the constants of growth elsewhere.

    Parameters
    ----------
    structural, growth : float
        Weight of the model of releases, and of growth elsewhere.
    shape : GrowthShape
        Constants of growth elsewhere.
    """

    structural: float
    growth: float
    shape: GrowthShape


# Chosen by the rule of docs/backtest.md, on the eight campaigns that ship.
POOL = Pool(structural=0.5, growth=0.5, shape=GrowthShape())


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
    """Pool draws of the model of releases with the growth of totals in other campaigns.

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
    if grown is not None and most is not None:
        grown = _within(grown, most, random)
    if grown is None:
        return None
    members = np.array([structural.astype(np.float64), grown])
    return np.asarray(pooled_draws(members, np.array([pool.structural, pool.growth])).astype(np.int64))


def _within(
    draws: NDArray[np.float64], highest: int, random: np.random.Generator
) -> NDArray[np.float64] | None:
    """Draws up to a limit, drawn again as many times; None where none is left."""
    kept = draws[draws <= highest]
    return random.choice(kept, len(draws)) if len(kept) else None
