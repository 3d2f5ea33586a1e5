"""Two limits for each day of a path."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints, frozen


@dataclass(frozen=True, eq=False)
class PathInterval:
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

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", frozen(self.low, np.float64))
        object.__setattr__(self, "high", frozen(self.high, np.float64))

    @classmethod
    def of_draws(cls, dates: tuple[dt.date, ...], draws: Ints, level: float) -> PathInterval:
        """Equal-tailed limits of each day, from draws of the path with a row a draw."""
        tail = (1 - level) / 2
        low, high = np.quantile(draws, [tail, 1 - tail], axis=0, method="inverted_cdf")
        return cls(dates, low, high, level, "posterior")
