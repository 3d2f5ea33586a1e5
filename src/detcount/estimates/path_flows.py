"""Limits of each day, arrests and exits by a path of the stock."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints, ReadOnly
from detcount.errors import NotEstimableError
from detcount.estimates.count import IdentifiedBySource, UncertainCount
from detcount.words import Message


@dataclass(frozen=True, eq=False)
class PathInterval(ReadOnly):
    """Two limits for the stock of each day, each day by itself.

    Parameters
    ----------
    dates : tuple of datetime.date
        The days.
    low, high : ndarray of float64, shape (n_days,)
        Limits, persons.
    level : float
        The credibility of each day's limits, in (0, 1).
    method : str
        How the limits were found.

    Examples
    --------
    >>> import detcount as dc
    >>> known = dc.simulate.detention_system(seed=1).people
    >>> taken = dc.stock.snapshots(known, ["2025-06-30", "2025-07-14"])
    >>> path = dc.stock.series(dc.abundance.LogLinear(), taken, n_draws=100)
    >>> path.interval(0.9).level
    0.9
    """

    dates: tuple[dt.date, ...]
    low: Floats
    high: Floats
    level: float
    method: str

    @classmethod
    def of_draws(cls, dates: tuple[dt.date, ...], draws: Ints, level: float) -> PathInterval:
        """Equal-tailed limits of each day, from draws of the path with a row a draw."""
        tail = (1 - level) / 2
        low, high = np.quantile(draws, [tail, 1 - tail], axis=0, method="inverted_cdf")
        return cls(dates, low, high, level, "posterior")


@dataclass(frozen=True, eq=False)
class PathFlows(ReadOnly):
    """Arrests of a path, draw by draw.

    Parameters
    ----------
    arrested : ndarray of int64, shape (n_draws, n_days)
        Persons arrested after the end of the first day, up to the end of each.
    identified_by : {"data", "prior"}
        What arrests and exits rest on.
    """

    arrested: Ints
    identified_by: IdentifiedBySource

    def between(self, before: Ints, after: Ints, i: int, j: int) -> tuple[UncertainCount, UncertainCount]:
        """Arrests, and exits by balance, after the end of one day up to the end of another.

        Parameters
        ----------
        before, after : ndarray of int64, shape (n_draws,)
            Stock at the end of the two days.
        i, j : int
            Numbers of the days.
        """
        arrests = np.maximum(self.arrested[:, j] - self.arrested[:, i], np.maximum(after - before, 0))
        arrived, left = (
            UncertainCount.from_draws(draws, bounds=(0, math.inf), identified_by=self.identified_by)
            for draws in (arrests, before + arrests - after)
        )
        return arrived, left


def flows_or_decline(flows: PathFlows | None) -> PathFlows:
    """The flows of a path, or the refusal of one that has none."""
    if flows is None:
        raise NotEstimableError(
            "StockPath",
            Message("the path was made without flows"),
            Message("Take the integrated model of one register, or count the flows of lists."),
        )
    return flows
