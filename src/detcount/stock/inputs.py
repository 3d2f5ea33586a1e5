"""Arguments of the methods: correlation of errors, quantiles of estimates, and floors of some days."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import ndtri

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.stock.held import PRIORS
from detcount._numerics.stock.paths import SCORES, decay_days, score_probabilities
from detcount.calibration import Calibrated
from detcount.contract import arguments
from detcount.contract.arguments import Proportion
from detcount.contract.specification import specification
from detcount.estimates import AbundanceEstimate, StockPath
from detcount.reading.days import number_of
from detcount.stock.snapshots import Snapshots


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
    Two tables with the same people on the same lists err alike. Tables that share few people still err alike
    as far as the lists depend on each other in the same way, which no count of shared people shows; hence the
    factor of two. With rho = 0 the mean over time has limits that are far too narrow.

    Examples
    --------
    >>> from detcount import stock
    >>> stock.ErrorCorrelation(ell=180.0)
    ErrorCorrelation(ell=180.0)
    """

    rho: Proportion = 0.95
    ell: float | None = None

    def __post_init__(self) -> None:
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
        return PRIORS.error_lasts * decay_days(snapshots.shared[np.ix_(there, there)], days[there])


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


def has_prior_of_share(estimate: AbundanceEstimate) -> bool:
    """Check that `quantiles_inside` gives the share on lists the prior Beta(2, 1)."""
    made = estimate.estimator
    return isinstance(made, Calibrated) and made.base is None and not made.listed


def quantiles_inside(estimate: AbundanceEstimate) -> Floats:
    """Quantiles of an estimate of people held, or arrested, at the scores, persons.

    Of `Calibrated`, which took 1/N beforehand, where the share on lists is Beta(2, 1) beforehand instead: the
    draws are weighed by the square of the share.
    """
    levels = quantiles_of(estimate)
    if not has_prior_of_share(estimate):
        return levels
    share = estimate.n_observed / np.maximum(levels, estimate.n_observed)
    weights = np.exp(-0.5 * SCORES**2) * share**PRIORS.listed_power
    below = np.cumsum(weights) - weights / 2
    return np.asarray(np.interp(SCORES, ndtri(below / weights.sum()), levels))


def floor_of(given: Any, days: Ints) -> Ints:
    """Lower bound of each of some days: of lists, of a path, of some days or of every one; 0 without any."""
    found = np.zeros(len(days), dtype=np.int64)
    if isinstance(given, Snapshots | StockPath):
        first = given.first_day if isinstance(given, Snapshots) else given.dates[0]
        values = given.floors if isinstance(given, Snapshots) else given.floor
        at = days - number_of(first)
        there = (at >= 0) & (at < len(values))
        found[there] = values[at[there]]
    elif isinstance(given, Mapping):
        for date, value in given.items():
            least = arguments.whole_number("floor", value, unit="of persons")
            found[days == number_of(arguments.day("floor", date))] = least
    elif given is not None:
        found[:] = arguments.whole_number("floor", given, unit="of persons")
    return found
