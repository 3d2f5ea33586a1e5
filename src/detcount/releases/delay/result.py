"""How long verification takes, and what is still to be verified: the estimate."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detcount import arguments
from detcount._numerics.delay import discrete_cdf, draw_pending, pending_mean, pending_quantiles
from detcount.estimates import Interval, UncertainCount
from detcount.estimates.count import QUANTITIES, quantity_columns
from detcount.estimates.result import Estimate, ReadOnly
from detcount.printing import Columns
from detcount.specification import Specification
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd


class DelaySpecification(Specification, Protocol):
    """What an estimate of delay asks of the specification that made it."""

    @property
    def family(self) -> str:
        """Form of the delay."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class DelayEstimate(ReadOnly, Estimate):
    """How long verification takes, and what is still to be verified.

    Delays are whole days: F(d) is the share, of the releases that are ever verified, whose verification
    comes within d days.

    Parameters
    ----------
    estimator : VerificationDelay
        The specification that made the estimate.
    as_of : datetime.date
        Last day the data could know.
    start, end : ndarray of datetime64[D], shape (n_rows,)
        Release days, a row for each day or for each window of days.
    verified : ndarray of int64, shape (n_rows,)
        Verified by `as_of`, persons; by the last total where the rows are windows.
    shares : ndarray of float64, shape (n_draws, n_rows)
        Share of each row that was verified by then, of those that ever will be.
    rates : ndarray of float64, shape (n_draws, 2)
        Size and mean of the negative binomial distribution of a row's releases.
    digest : str
        SHA-256 of the data.
    seed : int
        Seed of the draws.
    parameters : ndarray of float64, shape (n_draws, 2), optional
        Draws of the parameters of a parametric family.
    table : ndarray of float64, shape (n_draws, maximum + 1), optional
        Draws of F(0) to F(maximum) of the other family.
    notes : tuple of str, optional
        What a reader must know besides the assumptions.

    See Also
    --------
    VerificationDelay : Makes it.

    Examples
    --------
    >>> import detcount as dc
    >>> rows = {
    ...     "published": ["2026-01-03", "2026-01-04", "2026-01-12"],
    ...     "start": ["2026-01-02"] * 3,
    ...     "end": ["2026-01-03"] * 3,
    ...     "event": ["January"] * 3,
    ...     "source": ["ministry", "monitor", "monitor"],
    ...     "role": ["announced", "verified", "verified"],
    ...     "measure": ["people"] * 3,
    ...     "count": [90, 31, 44],
    ... }
    >>> reports = dc.PublishedReleases.from_frame(rows)
    >>> dc.releases.VerificationDelay().fit(reports).verified
    array([44])
    """

    estimator: DelaySpecification
    as_of: dt.date
    start: NDArray[np.datetime64]
    end: NDArray[np.datetime64]
    verified: NDArray[np.int64]
    shares: NDArray[np.float64]
    rates: NDArray[np.float64]
    digest: str
    seed: int = 0
    parameters: NDArray[np.float64] | None = None
    table: NDArray[np.float64] | None = None
    notes: tuple[str, ...] = ()

    @property
    def draws(self) -> NDArray[np.int64]:
        """Draws of the releases that will have been verified in the end, shape (n_draws, n_rows)."""
        random = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(1,)))
        return np.asarray(self.verified + draw_pending(self.verified, self.shares, self.rates, random))

    @property
    def pending(self) -> UncertainCount:
        """Releases of all rows still to be verified, persons."""
        verified = int(self.verified.sum())
        return UncertainCount.from_draws(
            self.draws.sum(axis=1) - verified, bounds=(0, math.inf), identified_by="data"
        )

    @property
    def eventually_verified(self) -> UncertainCount:
        """Releases of all rows that will have been verified in the end, persons."""
        verified = int(self.verified.sum())
        return UncertainCount.from_draws(
            self.draws.sum(axis=1), bounds=(verified, math.inf), identified_by="data"
        )

    def cdf_draws(self, days: ArrayLike) -> NDArray[np.float64]:
        """Give draws of F, shape (n_draws, n_days)."""
        whole = np.atleast_1d(np.asarray(days, dtype=np.int64))
        if self.parameters is not None:
            return discrete_cdf(self.estimator.family, self.parameters, whole)
        assert self.table is not None
        return np.where(whole >= 0, self.table[:, np.clip(whole, 0, self.table.shape[1] - 1)], 0.0)

    def cdf(self, days: ArrayLike) -> NDArray[np.float64]:
        """Share of the releases ever verified that are verified within so many days.

        Parameters
        ----------
        days : array_like of int
            Delays, whole days.

        Returns
        -------
        ndarray of float64
            F at each of them: the mean of the draws.
        """
        return np.asarray(self.cdf_draws(days).mean(axis=0))

    def share_verified_by(self, days: int, level: float = 0.95) -> tuple[float, float, float]:
        """Give lower limit, estimate and upper limit of F at a delay, of the releases ever verified."""
        tail = (1 - arguments.level(level)) / 2
        low, high = np.quantile(self.cdf_draws([days])[:, 0], [tail, 1 - tail])
        return float(low), float(self.cdf([days])[0]), float(high)

    @property
    def median(self) -> int:
        """Days within which half of the releases ever verified are verified: the median of its draws."""
        return int(np.quantile(self._medians, 0.5, method="inverted_cdf"))

    def interval(self, level: float = 0.95) -> Interval:
        """Give the limits of the median delay, days.

        Parameters
        ----------
        level : float, optional
            Credibility, in (0, 1).

        Returns
        -------
        Interval
            Limits in whole days.

        Raises
        ------
        InputError
            If the level is not between 0 and 1.
        """
        tail = (1 - arguments.level(level)) / 2
        low, high = np.quantile(self._medians, [tail, 1 - tail], method="inverted_cdf")
        return Interval(float(low), float(high), float(level), "posterior")

    @property
    def _medians(self) -> NDArray[np.int64]:
        """The smallest delay at which each draw of F reaches one half."""
        reach = 64 if self.table is None else self.table.shape[1]
        while self.table is None and reach < 1 << 14 and self.cdf_draws([reach - 1]).min() < 0.5:
            reach *= 2
        return np.asarray((self.cdf_draws(np.arange(reach)) < 0.5).sum(axis=1), dtype=np.int64)

    def nowcast(self, level: float = 0.95) -> pd.DataFrame:
        """Give what will have been verified in the end, a row for each day or window of release.

        Parameters
        ----------
        level : float, optional
            Credibility of the limits, in (0, 1).

        Returns
        -------
        pandas.DataFrame
            Columns ``start``, ``end``, ``verified`` (persons so far), ``share`` (verified so far, of those
            that ever will be), ``expected``, ``low``, ``median`` and ``high`` (persons in the end).
        """
        import pandas as pd

        tail = (1 - arguments.level(level)) / 2
        low, median, high = pending_quantiles(self.verified, self.shares, self.rates, [tail, 0.5, 1 - tail])
        return pd.DataFrame(
            {
                "start": self.start,
                "end": self.end,
                "verified": self.verified,
                "share": self.shares.mean(axis=0),
                "expected": self.verified + pending_mean(self.verified, self.shares, self.rates),
                "low": self.verified + low,
                "median": self.verified + median,
                "high": self.verified + high,
            }
        )

    def _recorded(self, level: float) -> dict[str, Any]:
        median, pending = self.interval(level), self.pending.interval(level)
        return {
            "as_of": self.as_of.isoformat(),
            "verified": int(self.verified.sum()),
            "median_delay_days": {"low": median.low, "point": self.median, "high": median.high},
            "pending": {"low": pending.low, "mean": self.pending.mean, "high": pending.high},
            "level": median.level,
        }

    @property
    def _table(self) -> Columns:
        """Every number with its limits."""
        return quantity_columns((QUANTITIES[name], count) for name, count in self._quantities.items())

    def headline(self) -> Message:
        """Give the median delay, what was verified and what is to come, in one line."""
        interval = self.interval()
        return Message(
            "half of the verifications within {median} days ({low:.0f} to {high:.0f}, 95%); "
            "{verified:,} verified by {day}, {pending} to come",
            median=self.median,
            low=interval.low,
            high=interval.high,
            verified=int(self.verified.sum()),
            day=self.as_of.isoformat(),
            pending=self.pending.headline(),
        )

    def sentence(self) -> Message:
        """Say how long verification takes, and how much of it is still to come."""
        interval = self.interval()
        delay = Message(
            "Of the releases that are ever verified, half are verified within {median} days ({low:.0f} to "
            "{high:.0f}, with a probability of 95%).",
            median=self.median,
            low=interval.low,
            high=interval.high,
        )
        rest = Message(
            "By {day} {verified:,} had been verified, and in the end it will be {total}.",
            day=self.as_of,
            verified=int(self.verified.sum()),
            total=self.eventually_verified.headline(),
        )
        return Message.together((delay, rest))

    @property
    def _quantities(self) -> dict[str, UncertainCount]:
        """Every uncertain number of persons, in the order of the rows."""
        return {"pending": self.pending, "eventually verified": self.eventually_verified}

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give what is still to be verified, and all that will have been, one dictionary a quantity."""
        return [
            {"quantity": name, **row} for name, count in self._quantities.items() for row in count.rows(level)
        ]
