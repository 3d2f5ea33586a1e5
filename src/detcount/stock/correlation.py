"""How far the errors of an estimator at two dates are one error."""

from __future__ import annotations

import math
from typing import Any, TypeVar

import numpy as np

from detcount import arguments
from detcount._numerics.arrays import Floats
from detcount._numerics.stock.paths import SCORES, decay_days, score_probabilities
from detcount.estimates import AbundanceEstimate
from detcount.persons.dates import number_of
from detcount.specification import specification
from detcount.stock.tables import Snapshots
from detcount.words import Message

T = TypeVar("T")
_STRETCH = 2.0  # errors last so much longer than people stay


def of_kind(name: str, value: Any, kind: type[T]) -> T:
    """Refuse what is of another kind."""
    if isinstance(value, kind):
        return value
    got, wanted = type(value).__name__, kind.__name__
    raise TypeError(Message("{name}: expected {wanted}, got {got}", name=name, wanted=wanted, got=got))


@specification
class ErrorCorrelation:
    """Correlation of the errors of an estimator at two dates: ``rho exp(-|s - t| / ell)``.

    Parameters
    ----------
    rho : float, optional
        Correlation at two dates that lie close, from 0 (every date errs by itself) to 1.
    ell : float, optional
        Days after which it has fallen to rho / e; may be infinite. None takes twice the days over which
        the people whom two tables share fall to 1/e.

    Raises
    ------
    InputError
        If a number is out of its range.

    Notes
    -----
    Two tables with the same people on the same lists err alike. Tables that share few people err alike still
    as far as the lists depend on each other in the same way, which no count of shared people shows; hence
    twice. With rho = 0 the mean over time has limits that are far too narrow.

    Examples
    --------
    >>> from detcount import stock
    >>> stock.ErrorCorrelation(ell=180.0)
    ErrorCorrelation(ell=180.0)
    """

    rho: float = 0.95
    ell: float | None = None

    def __post_init__(self) -> None:
        arguments.share("rho", self.rho)
        if self.ell is not None and self.ell != math.inf:
            arguments.positive("ell", self.ell)

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
        return _STRETCH * decay_days(snapshots.shared[np.ix_(there, there)], days[there])


def quantiles_of(estimate: AbundanceEstimate) -> Floats:
    """Quantiles of an estimate at the scores: of its draws, or else its limits at every level, persons."""
    probabilities = score_probabilities()
    if estimate.draws is not None and len(estimate.draws) > 1:
        return np.asarray(np.quantile(estimate.draws, probabilities), dtype=np.float64)
    found = np.empty(len(SCORES))
    middle = len(SCORES) // 2
    for k in range(middle):
        limits = estimate.interval(1 - 2 * probabilities[k])
        found[k], found[-1 - k] = limits.low, limits.high
    found[middle] = estimate.point
    return np.maximum.accumulate(found)
