"""Delay of verification, from cases known only up to a day, and releases still to be verified.

One chapter: the estimate, and the specification that makes it.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detcount._numerics.arrays import ReadOnly
from detcount._numerics.delay import (
    FAMILIES,
    daily_rates,
    discrete_cdf,
    draw_pending,
    from_median,
    log_likelihood,
    pending_mean,
    pending_quantiles,
    triangle,
)
from detcount._numerics.sampler import Prior, sample_posterior
from detcount.assumptions import Assumption
from detcount.contract import arguments, references
from detcount.contract.citation import Reference
from detcount.contract.specification import Specification, specification
from detcount.data.published.cases import MonitoredCases
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import Interval, UncertainCount
from detcount.estimates.count import OfCounts
from detcount.estimates.result import Estimate
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

METHOD = "VerificationDelay"
DelayFamily = Literal["weibull", "log-normal"]


@dataclass(frozen=True)
class Priors:
    """Priors of the verification delay.

    Parameters
    ----------
    centre : tuple of float, days; shape
        Median of the delay, and shape or standard deviation of its logarithm. Convention: a week.
    spread : tuple of float, log
        Standard deviations of the logarithms of both. Scored in benchmarks/results/monitored_coverage.csv.
    fewest : int, cases
        Fewest cases from which a delay is learned. Convention: two parameters.
    tail : float, probability
        Share of longer delays below which no sentence is printed. Convention: 1%.
    """

    centre: tuple[float, float] = (7.0, 1.0)
    spread: tuple[float, float] = (1.5, 0.5)
    fewest: int = 2
    tail: float = 0.01


PRIORS = Priors()


# log median in days, and log shape or log standard deviation: mean and standard deviation of their priors
_PRIOR = Prior(np.log(PRIORS.centre), np.array(PRIORS.spread), np.empty(0), np.empty(0))
_NEVER = Message("Releases that will never be verified are not among the expected.")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class DelayEstimate(ReadOnly, OfCounts, Estimate):
    """Delay of verification, and releases still to be verified.

    Delays are whole days: F(d) is the share, of the releases that are ever verified, whose verification
    comes within d days.

    Parameters
    ----------
    estimator : VerificationDelay
        The specification that made the estimate.
    as_of : datetime.date
        Last day the data could know.
    days : ndarray of datetime64[D], shape (n_days,)
        Release days, from the first one seen to `as_of`.
    verified : ndarray of int64, shape (n_days,)
        Verified by `as_of`, persons.
    parameters : ndarray of float64, shape (n_draws, 2)
        Draws of the parameters of the delay.
    shares : ndarray of float64, shape (n_draws, n_days)
        Share of each day that was verified by then, of those that ever will be.
    rates : ndarray of float64, shape (n_draws, 2)
        Size and mean of the negative binomial distribution of a day's releases.
    digest : str
        SHA-256 of the data.
    seed : int
        Seed of the draws.
    notes : tuple of str, optional
        What a reader must know besides the assumptions.

    See Also
    --------
    VerificationDelay : Makes it.

    Examples
    --------
    >>> import detcount as dc
    >>> rows = {"release": ["2026-01-01"] * 3 + ["2026-01-05"] * 2,
    ...         "monitor": ["2026-01-02", "2026-01-02", "2026-01-04", "2026-01-05", "2026-01-08"]}
    >>> cases = dc.releases.MonitoredCases.from_frame(rows, monitors=["monitor"], as_of="2026-01-10")
    >>> int(dc.releases.VerificationDelay().fit(cases).verified.sum())
    5
    """

    estimator: Specification
    as_of: dt.date
    days: NDArray[np.datetime64]
    verified: NDArray[np.int64]
    parameters: NDArray[np.float64]
    shares: NDArray[np.float64]
    rates: NDArray[np.float64]
    digest: str
    seed: int = 0
    notes: tuple[str, ...] = ()

    @property
    def draws(self) -> NDArray[np.int64]:
        """Draws of the releases that will have been verified in the end, shape (n_draws, n_days)."""
        random = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(1,)))
        return np.asarray(self.verified + draw_pending(self.verified, self.shares, self.rates, random))

    @property
    def pending(self) -> UncertainCount:
        """Releases of all days still to be verified, persons."""
        verified = int(self.verified.sum())
        return UncertainCount.from_draws(
            self.draws.sum(axis=1) - verified, bounds=(0, math.inf), identified_by="data"
        )

    @property
    def eventually_verified(self) -> UncertainCount:
        """Releases of all days that will have been verified in the end, persons."""
        verified = int(self.verified.sum())
        return UncertainCount.from_draws(
            self.draws.sum(axis=1), bounds=(verified, math.inf), identified_by="data"
        )

    def cdf_draws(self, days: ArrayLike) -> NDArray[np.float64]:
        """Give draws of F, shape (n_draws, n_days)."""
        whole = np.atleast_1d(np.asarray(days, dtype=np.int64))
        return discrete_cdf(cast(VerificationDelay, self.estimator).family, self.parameters, whole)

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
        tail = (1 - level) / 2
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
        tail = (1 - level) / 2
        low, high = np.quantile(self._medians, [tail, 1 - tail], method="inverted_cdf")
        return Interval(float(low), float(high), float(level), "posterior")

    @property
    def _medians(self) -> NDArray[np.int64]:
        """The smallest delay at which each draw of F reaches one half."""
        reach = 64
        while reach < 1 << 14 and self.cdf_draws([reach - 1]).min() < 0.5:
            reach *= 2
        return np.asarray((self.cdf_draws(np.arange(reach)) < 0.5).sum(axis=1), dtype=np.int64)

    def nowcast(self, level: float = 0.95) -> pd.DataFrame:
        """Give what will have been verified in the end, a row for each day of release.

        Parameters
        ----------
        level : float, optional
            Credibility of the limits, in (0, 1).

        Returns
        -------
        pandas.DataFrame
            Columns ``day``, ``verified`` (persons so far), ``share`` (verified so far, of those
            that ever will be), ``expected``, ``low``, ``median`` and ``high`` (persons in the end).
        """
        import pandas as pd

        tail = (1 - level) / 2
        low, median, high = pending_quantiles(self.verified, self.shares, self.rates, [tail, 0.5, 1 - tail])
        return pd.DataFrame(
            {
                "day": self.days,
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
            "as_of": self.as_of,
            "verified": int(self.verified.sum()),
            "median_delay_days": {"low": median.low, "point": self.median, "high": median.high},
            "pending": {"low": pending.low, "mean": self.pending.mean, "high": pending.high},
            "level": median.level,
        }

    def headline(self) -> Message:
        """Give the median delay, what was verified and what is to come, in one line."""
        interval = self.interval()
        return Message(
            "half of the verifications within {median} days ({low:.0f} to {high:.0f}, 95%); {verified:,} "
            "verified by {day}, {pending} to come",
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


@specification
class VerificationDelay:
    """Time that a monitor takes to verify a release, from what was known on one day.

    The estimand is F(d), the share of the releases that are ever verified whose verification comes within
    d whole days, and with it the releases of each day that will have been verified in the end. On the day
    of the data the slow ones are missing, so the likelihood is that of right-truncated delays.

    Parameters
    ----------
    family : {"weibull", "log-normal"}, optional
        Form of the delay.
    monitor : str, optional
        Monitor whose delay it is; the only one by default.
    n_draws : int, optional
        Draws from the posterior.

    See Also
    --------
    MonitoredReleases : Two monitors or more, and what none of them will verify.

    Notes
    -----
    With y[t, d] releases of day t verified after d days, seen where t + d <= T, and Y[t] their sum:

    log L = sum y[t, d] log f(d) - sum Y[t] log F(T - t), with f(d) = cdf(d + 1) - cdf(d) as days are whole.
    Posterior by importance sampling, the median log-normal around 7 days (1.5 on the log scale), the shape,
    or the standard deviation of log days, around 1 (0.5).

    Those to come, given F, are negative binomial: the releases of a day are, with a mean and a size learned
    from all days. Data seen up to a day do not show the share of delays longer than the oldest release: it
    rests on the family, and a note says so.

    References
    ----------
    .. [1] Lawless, J. F. (1994). Adjustments for reporting delays and the prediction of occurred but not
       reported events. Canadian Journal of Statistics, 22(1), 15-31. https://doi.org/10.2307/3315826.n1
    .. [2] Höhle, M. and an der Heiden, M. (2014). Bayesian nowcasting during the STEC O104:H4 outbreak in
       Germany, 2011. Biometrics, 70(4), 993-1002. https://doi.org/10.1111/biom.12194

    Examples
    --------
    >>> from detcount import releases
    >>> rows = {"release": ["2026-01-01"] * 6 + ["2026-01-05"] * 4,
    ...         "monitor": ["2026-01-01", "2026-01-02", "2026-01-02", "2026-01-04", "2026-01-05",
    ...                     "2026-01-08", "2026-01-05", "2026-01-06", "2026-01-06", "2026-01-08"]}
    >>> cases = releases.MonitoredCases.from_frame(rows, monitors=["monitor"], as_of="2026-01-31")
    >>> delay = releases.VerificationDelay().fit(cases)
    >>> delay.median, delay.eventually_verified.bounds
    (2, (10.0, inf))
    """

    family: DelayFamily = "weibull"
    monitor: str | None = None
    n_draws: Annotated[int, partial(arguments.whole_number, least=100, most=1_000_000)] = 4000

    assumes: ClassVar[tuple[Assumption, ...]] = (Assumption.COMMON_DELAY, Assumption.UNCHANGED_VERIFICATION)
    references: ClassVar[tuple[Reference, ...]] = (
        references.LAWLESS_1994,
        references.HOEHLE_AN_DER_HEIDEN_2014,
    )

    def __post_init__(self) -> None:
        if self.family not in FAMILIES:
            families = ", ".join(map(repr, FAMILIES))
            raise InputError(
                Message(
                    "family: expected one of {families}, got {got}", families=families, got=repr(self.family)
                )
            )

    def fit(self, cases: MonitoredCases, *, seed: int = 0) -> DelayEstimate:
        """Estimate from dated cases, as known on a day.

        Parameters
        ----------
        cases : MonitoredCases
            Releases with the day of verification.
        seed : int, optional
            Seed of the draws.

        Returns
        -------
        DelayEstimate
            Delay in whole days, and the releases of each day in the end, persons.

        Raises
        ------
        InputError
            If there are several monitors and none is named, or one that is not there.
        NotEstimableError
            If fewer than two cases were known, or all release days are too recent to show a delay.
        """
        if self.monitor is None and len(cases.monitors) > 1:
            raise InputError(
                Message(
                    "monitor: expected one of {monitors!r:,}, got none. Name one", monitors=cases.monitors
                )
            )
        name = self.monitor or cases.monitors[0]
        arguments.one_of("monitor", name, cases.monitors)
        verified = cases.verified[:, cases.monitors.index(name)]
        known = ~np.isnat(verified)
        release, verified = cases.release[known], verified[known]
        if len(release) < PRIORS.fewest:
            raise NotEstimableError(
                METHOD,
                Message(
                    "needs at least {needed} cases verified by {day}, got {found}",
                    needed=PRIORS.fewest,
                    day=cases.as_of,
                    found=len(release),
                ),
                Message("Wait for more, or state a delay: AnnouncedBatches takes one with its prior."),
                advice=Message("Wait for more."),
            )
        days = np.arange(release.min(), np.datetime64(cases.as_of, "D") + 1)
        if len(days) == 1:
            raise NotEstimableError(
                METHOD,
                Message(
                    "every release known is of {day} itself, so no delay has had time to be seen",
                    day=cases.as_of,
                ),
                Message("Wait for some days, or state a delay: AnnouncedBatches takes one with its prior."),
                advice=Message("Wait for some days."),
            )
        delay = (verified - release).astype(np.int64)
        data = triangle(
            (release - days[0]).astype(np.int64), delay, n_days=len(days), longest=int(delay.max())
        )
        random = np.random.default_rng(seed)
        posterior = sample_posterior(
            lambda points: log_likelihood(self.family, from_median(self.family, points), data),
            _PRIOR,
            _PRIOR.mean,
            n_draws=self.n_draws,
            random=random,
        )
        draws = from_median(self.family, posterior.draws)
        shares = discrete_cdf(self.family, draws, data.ages)
        return DelayEstimate(
            estimator=self,
            as_of=cases.as_of,
            days=days,
            verified=data.verified,
            parameters=draws,
            shares=shares,
            rates=daily_rates(data.verified, np.maximum(shares, 1e-12), random),
            digest=cases.digest,
            seed=seed,
            notes=(*cases.notes, self._tail_note(draws, len(days) - 1), _NEVER),
        )

    def _tail_note(self, parameters: NDArray[np.float64], longest: int) -> Message:
        """Say how much of the delay no data could show."""
        beyond = 1 - float(discrete_cdf(self.family, parameters, [longest]).mean())
        if beyond < PRIORS.tail:
            return Message(
                "The oldest release had {longest} days to be verified; the share of longer delays, under 1%, "
                "is not identified by the data and rests on the {family} form.",
                longest=longest,
                family=self.family,
            )
        return Message(
            "The oldest release had {longest} days to be verified; the share of longer delays, {share:.0%}, "
            "is not identified by the data and rests on the {family} form.",
            longest=longest,
            share=beyond,
            family=self.family,
        )
