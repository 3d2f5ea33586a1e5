"""How far the errors of an estimator at two dates are one error."""

from __future__ import annotations

import math

import numpy as np

from detcount import arguments
from detcount._numerics.stock.paths import decay_days
from detcount.persons.dates import number_of
from detcount.specification import specification
from detcount.stock.tables import Snapshots


@specification
class ErrorCorrelation:
    """Correlation of the errors of an estimator at two dates: ``rho exp(-|s - t| / ell)``.

    Parameters
    ----------
    rho : float, optional
        Correlation at two dates that lie close, from 0 (every date errs by itself) to 1.
    ell : float, optional
        Days after which it has fallen to rho / e; may be infinite. None takes `stretch` times the days over
        which the people whom two tables share fall to 1/e.
    stretch : float, optional
        By how much longer errors last than people stay.

    Raises
    ------
    InputError
        If a number is out of its range.

    Notes
    -----
    Two tables with the same people on the same lists err alike. Tables that share few people err alike still
    as far as the lists depend on each other in the same way, which no count of shared people shows; hence
    the stretch. With rho = 0 the mean over time has limits that are far too narrow.

    Examples
    --------
    >>> from detcount import stock
    >>> stock.ErrorCorrelation(ell=180.0)
    ErrorCorrelation(ell=180.0)
    """

    rho: float = 0.95
    ell: float | None = None
    stretch: float = 2.0

    def __post_init__(self) -> None:
        arguments.share("rho", self.rho)
        if self.ell is not None and self.ell != math.inf:
            arguments.positive("ell", self.ell)
        arguments.positive("stretch", self.stretch)

    def days(self, snapshots: Snapshots) -> float:
        """Days after which the correlation has fallen to rho / e.

        Parameters
        ----------
        snapshots : Snapshots
            The tables, whose shared people tell it where `ell` is None.

        Returns
        -------
        float
            Days; infinite where it does not fall.
        """
        if self.ell is not None:
            return float(self.ell)
        there = np.array([date in snapshots.tables for date in snapshots.dates])
        days = np.array([number_of(date) for date in snapshots.dates], dtype=np.int64)
        return self.stretch * decay_days(snapshots.shared[np.ix_(there, there)], days[there])
