"""How long verification takes, from cases or totals that are known only up to a day."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detcount import arguments, references
from detcount._numerics.arrays import frozen
from detcount._numerics.delay import (
    FAMILIES,
    FromTotals,
    Prior,
    Triangle,
    daily_rates,
    discrete_cdf,
    draw_pending,
    draw_reverse_cdf,
    fit_hazard,
    from_median,
    generalised_dirichlet,
    log_likelihood,
    log_likelihood_of_totals,
    negative_binomial,
    pending_mean,
    pending_quantiles,
    prediction_variance,
    reverse_hazard,
    sample_posterior,
    triangle,
)
from detcount.assumptions import Assumption
from detcount.citation import CitationStyle, Reference, cite
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import Interval, UncertainCount, provenance
from detcount.published import PublishedReleases
from detcount.published.cases import NOTE_LATER
from detcount.published.days import check_order, read_day, read_days
from detcount.specification import specification
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DelayEstimate", "DelayFamily", "VerificationDelay"]

DelayFamily = Literal["weibull", "log-normal", "reverse-hazard", "generalised-dirichlet", "hazard"]

NOTE_LONGER = "Releases verified after more than {maximum} days are counted at {maximum} days: {n:,}."
NOTE_NOT_BEYOND = (
    "What is known up to a day cannot show the share of longer delays: that every verification comes "
    "within {maximum} days is assumed."
)
NOTE_TAIL = (
    "The oldest release had {longest} days to be verified; the share of longer delays, {share:.0%}, is not "
    "identified by the data and rests on the {family} form."
)
NOTE_TAIL_SMALL = (
    "The oldest release had {longest} days to be verified; the share of longer delays, under 1%, is not "
    "identified by the data and rests on the {family} form."
)
NOTE_NEVER = "Releases that will never be verified are not among the expected."
NOTE_WITHIN_WINDOW = "Within each window the days of release are taken as equally likely."
NOTE_NO_START = "Totals whose window has no first day are left out: {n:,}."
NOTE_NO_END = "Totals whose window has no last day, and may still grow, are left out: {n:,}."
NOTE_ONE_LOOK = "Windows with a single total say nothing about delay and are left out: {n:,}."
NOTE_CORRECTED = "Totals above a later total of the same window are taken as corrected and left out: {n:,}."
NOTE_AT_LEAST = 'Totals published as "at least" are taken as exact: {n:,}.'
NOTE_SEVERAL_MONITORS = "The delays of {n:,} monitors are taken as one distribution."
NOTES_LEFT_OUT = (NOTE_NO_START, NOTE_NO_END, NOTE_ONE_LOOK, NOTE_CORRECTED, NOTE_AT_LEAST)

_WHAT = "VerificationDelay"
_LEAST_CASES = 2
_SETTLED = 1e-4


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class DelayEstimate:
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
        Draws of F(0) to F(maximum) of the other families.
    point_cdf : ndarray of float64, shape (maximum + 1,), optional
        F of the reverse hazards themselves, where they are the estimate.
    standard_errors : ndarray of float64, shape (n_rows,), optional
        Standard errors of prediction of the reverse-hazard estimate, persons.
    report_day_effects : dict of datetime.date to float, optional
        Mean effect of report days on the logit of the hazard.
    notes : tuple of str, optional
        What a reader must know besides the assumptions.

    See Also
    --------
    VerificationDelay : Makes it.
    """

    estimator: VerificationDelay
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
    point_cdf: NDArray[np.float64] | None = None
    standard_errors: NDArray[np.float64] | None = None
    report_day_effects: dict[dt.date, float] | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self._freeze()
        object.__setattr__(self, "notes", tuple(self.notes))

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._freeze()

    def _freeze(self) -> None:
        """Make the arrays read-only."""
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray):
                object.__setattr__(self, name, frozen(value))

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
            F at each of them: the mean of the draws, or the reverse-hazard estimate itself.
        """
        whole = np.atleast_1d(np.asarray(days, dtype=np.int64))
        if self.point_cdf is not None:
            return np.where(whole >= 0, self.point_cdf[np.clip(whole, 0, len(self.point_cdf) - 1)], 0.0)
        return np.asarray(self.cdf_draws(whole).mean(axis=0))

    def share_verified_by(self, days: int, level: float = 0.95) -> tuple[float, float, float]:
        """Give lower limit, estimate and upper limit of F at a delay, of the releases ever verified."""
        tail = (1 - arguments.level(level)) / 2
        low, high = np.quantile(self.cdf_draws([days])[:, 0], [tail, 1 - tail])
        return float(low), float(self.cdf([days])[0]), float(high)

    @property
    def median(self) -> int:
        """Days within which half of the releases ever verified are verified: the median of its draws.

        For reverse hazards, that of the estimate itself.
        """
        if self.point_cdf is not None:
            return int(self._delays_at(0.5, self.point_cdf[None])[0])
        medians = self._delays_at(0.5, self.cdf_draws(np.arange(self._reach)))
        return int(np.quantile(medians, 0.5, method="inverted_cdf"))

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
        medians = self._delays_at(0.5, self.cdf_draws(np.arange(self._reach)))
        low, high = np.quantile(medians, [tail, 1 - tail], method="inverted_cdf")
        return Interval(float(low), float(high), float(level), "posterior")

    @property
    def _reach(self) -> int:
        """Delays to look at for a median."""
        if self.table is not None:
            return int(self.table.shape[1])
        assert self.parameters is not None
        reach = 64
        while (
            reach < 1 << 14 and discrete_cdf(self.estimator.family, self.parameters, [reach - 1]).min() < 0.5
        ):
            reach *= 2
        return reach

    @staticmethod
    def _delays_at(share: float, cdf: NDArray[np.float64]) -> NDArray[np.int64]:
        """Smallest delay at which each row of F reaches a share."""
        return np.asarray((cdf < share).sum(axis=1), dtype=np.int64)

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
        share = self.shares.mean(axis=0)
        expected = self.verified + pending_mean(self.verified, self.shares, self.rates)
        if self.point_cdf is not None:
            ages = (np.datetime64(self.as_of) - self.start).astype(np.int64)
            share = self.cdf(ages)
            expected = self.verified / share
        return pd.DataFrame(
            {
                "start": self.start,
                "end": self.end,
                "verified": self.verified,
                "share": share,
                "expected": expected,
                "low": self.verified + low,
                "median": self.verified + median,
                "high": self.verified + high,
            }
        )

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What has to hold for the numbers to mean what they say."""
        return self.estimator.assumes

    def record(self, level: float = 0.95) -> dict[str, Any]:
        """Give everything needed to make the numbers again, as plain values that JSON can hold."""
        median, pending = self.interval(level), self.pending.interval(level)
        return {
            "estimator": repr(self.estimator),
            "as_of": self.as_of.isoformat(),
            "verified": int(self.verified.sum()),
            "median_delay_days": {"low": median.low, "point": self.median, "high": median.high},
            "pending": {"low": pending.low, "mean": self.pending.mean, "high": pending.high},
            "level": median.level,
            "seed": self.seed,
            "data_sha256": self.digest,
            "assumptions": [str(assumption) for assumption in self.assumptions],
            "notes": list(self.notes),
            **provenance(),
        }

    def cite(self, style: CitationStyle = "text") -> str:
        """Say how to cite the library and the papers of the method used."""
        return cite(style, references=self.estimator.references)

    def __str__(self) -> str:
        interval = self.interval()
        verified = int(self.verified.sum())
        return (
            f"half of the verifications within {self.median} days ({interval.low:.0f} to "
            f"{interval.high:.0f}, 95%); {verified:,} verified by {self.as_of.isoformat()}, "
            f"{self.pending} to come"
        )

    def __repr__(self) -> str:
        return f"<DelayEstimate by {self.estimator!r}: {self}>"


@specification
class VerificationDelay:
    """How long a monitor takes to verify a release, from what was known on one day.

    The estimand is F(d), the share of the releases that are ever verified whose verification comes within
    d whole days, and with it the releases of each day that will have been verified in the end. On the day
    of the data the slow ones are missing, so the likelihood is that of right-truncated delays. Prefer a
    parametric family where cases are few or the delays may be longer than the data are old;
    ``"generalised-dirichlet"`` where there are many cases and a longest delay is known; ``"hazard"`` where
    a monitor accepts cases in batches on certain days.

    Parameters
    ----------
    family : {"weibull", "log-normal", "reverse-hazard", "generalised-dirichlet", "hazard"}, optional
        Form of the delay: two parametric families; the reverse hazards of Lawless; their exact posterior
        under a Dirichlet prior; a discrete-time hazard with effects of report days.
    maximum : int, optional
        Longest delay D, days, of the last three families, which assume F(D) = 1; the longest one
        observed by default.
    source : str, optional
        Monitor whose published totals are used; all that verify by default.
    report_days : tuple of str, optional
        Days, as in ``"2026-01-12"``, on which a monitor accepted many cases at once, each with an effect
        of its own on the hazard; ``("every",)`` gives one to every day. For ``"hazard"`` only.
    median_prior : tuple of float, optional
        Prior of the median delay of a parametric family, log-normal: days, and standard deviation of the
        logarithm.
    spread_prior : tuple of float, optional
        Prior of the Weibull shape, or of the standard deviation of log days, log-normal: value, and
        standard deviation of the logarithm.
    concentration : float, optional
        Of the symmetric Dirichlet prior of the delays 0 to D.
    daily : tuple of float, optional
        Mean and variance of the negative binomial prior of the releases of a day that are ever verified;
        learned from the days by default.
    n_draws : int, optional
        Draws from the posterior.

    See Also
    --------
    MonitoredReleases : Two monitors or more, and what none of them will verify.

    Notes
    -----
    With y[t, d] releases of day t verified after d days, seen where t + d <= T, and Y[t] their sum:

    Parametric: log L = sum y[t, d] log f(d) - sum Y[t] log F(T - t), with f(d) = cdf(d + 1) - cdf(d) as days
    are whole. From successive totals of one window, the increments are multinomial given the last total.
    Posterior by importance sampling.

    Reverse hazard: g[d] is the share of the releases at least d days old and verified within d days whose
    verification came on day d; F(d) = product of 1 - g[k] over k = d + 1 to D; N[t] = Y[t]/F(T - t), with the
    variance of prediction Y(Y + 1) var(F)/F^4 + Y(1 - F)/F^2. Its limits come from draws, with log(1 - g[d])
    normal. Under a symmetric Dirichlet prior with concentration k, g[d] ~ Beta(k + n[d], k d + N[d] - n[d]).

    Hazard: logit h[t, d] = gamma[d] + delta[t + d], gamma a random walk, delta normal, both spreads averaged
    by their evidence; posterior by Laplace.

    Those to come, given F, are negative binomial: the releases of a day are, with a mean and a size learned
    from all days or stated in `daily`. Data seen up to a day do not show the share of delays longer than the
    oldest release: it rests on the family, or is assumed to be 0 beyond D, and a note says which.

    References
    ----------
    .. [1] Lawless, J. F. (1994). Adjustments for reporting delays and the prediction of occurred but not
       reported events. Canadian Journal of Statistics, 22(1), 15-31. https://doi.org/10.2307/3315826.n1
    .. [2] Höhle, M. and an der Heiden, M. (2014). Bayesian nowcasting during the STEC O104:H4 outbreak in
       Germany, 2011. Biometrics, 70(4), 993-1002. https://doi.org/10.1111/biom.12194

    Examples
    --------
    >>> from detcount import releases
    >>> released = ["2026-01-01"] * 6 + ["2026-01-05"] * 4
    >>> verified = ["2026-01-01", "2026-01-02", "2026-01-02", "2026-01-04", "2026-01-05", "2026-01-08",
    ...             "2026-01-05", "2026-01-06", "2026-01-06", "2026-01-08"]
    >>> delay = releases.VerificationDelay().fit_cases(released, verified, as_of="2026-01-31")
    >>> delay.median, delay.eventually_verified.bounds
    (2, (10.0, inf))
    """

    family: DelayFamily = "weibull"
    maximum: int | None = None
    source: str | None = None
    report_days: tuple[str, ...] = ()
    median_prior: tuple[float, float] = (7.0, 1.5)
    spread_prior: tuple[float, float] = (1.0, 0.5)
    concentration: float = 0.1
    daily: tuple[float, float] | None = None
    n_draws: int = 4000

    assumes: ClassVar[tuple[Assumption, ...]] = (
        Assumption.COMMON_DELAY,
        Assumption.STEADY_VERIFICATION,
    )
    references: ClassVar[tuple[Reference, ...]] = (
        references.LAWLESS_1994,
        references.HOEHLE_AN_DER_HEIDEN_2014,
    )

    def __post_init__(self) -> None:
        if self.family not in get_args(DelayFamily):
            raise InputError(
                f"family: expected one of {', '.join(map(repr, get_args(DelayFamily)))}, got {self.family!r}"
            )
        if self.maximum is not None:
            if self.family in FAMILIES:
                raise InputError(f"maximum: a {self.family} delay has none. Leave it out")
            object.__setattr__(
                self, "maximum", arguments.whole_number("maximum", self.maximum, least=1, most=3650)
            )
        days = (self.report_days,) if isinstance(self.report_days, str) else tuple(self.report_days)
        if days and self.family != "hazard":
            raise InputError(f"report_days: a {self.family} delay has no report days. Use family='hazard'")
        if days != ("every",):
            read = sorted({str(read_day(day, "report_days")) for day in days})
            days = tuple(read)
        object.__setattr__(self, "report_days", days)
        object.__setattr__(self, "median_prior", arguments.positive_pair("median_prior", self.median_prior))
        object.__setattr__(self, "spread_prior", arguments.positive_pair("spread_prior", self.spread_prior))
        object.__setattr__(self, "concentration", arguments.positive("concentration", self.concentration))
        if self.daily is not None:
            mean, variance = arguments.positive_pair("daily", self.daily)
            if variance <= mean:
                raise InputError(
                    f"daily: expected a variance above the mean {mean:g}, got {variance:g}. "
                    "Releases vary more from day to day than chance alone would have them"
                )
            object.__setattr__(self, "daily", (mean, variance))
        n_draws = arguments.whole_number("n_draws", self.n_draws, least=100, most=1_000_000)
        object.__setattr__(self, "n_draws", n_draws)

    def fit_cases(
        self, release_days: Any, verification_days: Any, *, as_of: Any, seed: int = 0
    ) -> DelayEstimate:
        """Estimate from dated cases, as known on a day.

        Parameters
        ----------
        release_days : sequence of days, shape (n_cases,)
            Day of release of each case.
        verification_days : sequence of days, shape (n_cases,)
            Day on which the monitor verified it, not before the release. Cases verified after `as_of` are
            left out: nobody knew of them.
        as_of : day
            Last day the data could know.
        seed : int, optional
            Seed of the draws.

        Returns
        -------
        DelayEstimate
            Delay in whole days, and the releases of each day in the end, persons.

        Raises
        ------
        InputError
            If a day is missing or has no year, a verification comes before its release, or the two
            columns differ in length.
        NotEstimableError
            If fewer than two cases were known, all release days are too recent to show a delay, or a
            reverse hazard leaves a share of 0.
        """
        seed = arguments.seed(seed)
        last = read_day(as_of, "as_of")
        release = read_days(release_days, "release_days", required=True)
        verification = read_days(verification_days, "verification_days", required=False)
        if len(release) != len(verification):
            raise InputError(
                f"release_days and verification_days: expected as many of each, got {len(release)} and "
                f"{len(verification)}. Give every case both, NaT where it is not verified"
            )
        check_order(release, verification, "verification_days")
        known = verification <= last  # NaT is not
        notes: list[str] = []
        n_later = int((verification > last).sum())
        if n_later:
            notes.append(Message(NOTE_LATER, day=last.astype(object), n=n_later))
        release, verification = release[known], verification[known]
        if len(release) < _LEAST_CASES:
            raise NotEstimableError(
                _WHAT,
                Message(
                    "needs at least {needed} cases verified by {day}, got {found}",
                    needed=_LEAST_CASES,
                    day=last.astype(object),
                    found=len(release),
                ),
                Message("Wait for more, or state a delay: AnnouncedBatches takes one with its prior."),
                advice=Message("Wait for more."),
            )
        first = release.min()
        number = (release - first).astype(np.int64)
        delay = (verification - release).astype(np.int64)
        n_days = int((last - first).astype(np.int64)) + 1
        if n_days == 1:
            raise NotEstimableError(
                _WHAT,
                Message(
                    "every release known is of {day} itself, so no delay has had time to be seen",
                    day=last.astype(object),
                ),
                Message("Wait for some days, or state a delay: AnnouncedBatches takes one with its prior."),
                advice=Message("Wait for some days."),
            )
        longest = int(delay.max())
        if self.family not in FAMILIES:
            longest = max(longest, 1) if self.maximum is None else self.maximum
            if longest >= n_days:
                raise NotEstimableError(
                    _WHAT,
                    Message(
                        "a longest delay of {longest} days cannot be seen in {days} days of releases",
                        longest=longest,
                        days=n_days,
                    ),
                    Message("Use maximum={most} or less, or a parametric family.", most=n_days - 1),
                    advice=Message("Wait for some days."),
                )
            n_longer = int((delay > longest).sum())
            if n_longer:
                notes.append(Message(NOTE_LONGER, maximum=longest, n=n_longer))
        data = triangle(number, delay, n_days=n_days, longest=longest)
        content = hashlib.sha256(str(last).encode())
        content.update(np.sort(number * (1 << 32) + delay).astype("<i8").tobytes())
        content.update(str(first).encode())
        days = first + np.arange(n_days)
        random = np.random.default_rng(seed)
        fitted = self._fit_triangle(data, days, random)
        verified = data.verified
        if self.family in FAMILIES:
            notes.append(self._note_on_tail(fitted["parameters"], n_days - 1))
        else:
            notes.append(Message(NOTE_NOT_BEYOND, maximum=longest))
        notes.append(Message(NOTE_NEVER))
        return DelayEstimate(
            estimator=self,
            as_of=last.astype(object),
            start=days,
            end=days,
            verified=verified,
            rates=self._rates(verified, fitted["shares"], random),
            digest=content.hexdigest(),
            seed=seed,
            notes=tuple(notes),
            **fitted,
        )

    def fit(self, reports: PublishedReleases, *, seed: int = 0) -> DelayEstimate:
        """Estimate from successive verified totals of the same windows of release days.

        Parameters
        ----------
        reports : PublishedReleases
            Published counts; the rows used are verified ones, of windows with a first and a last day that
            one monitor counted twice or more after the last day.
        seed : int, optional
            Seed of the draws.

        Returns
        -------
        DelayEstimate
            Delay in whole days, and each window in the end, persons.

        Raises
        ------
        NotEstimableError
            If no window was counted twice, or the family needs dated cases.
        """
        if not isinstance(reports, PublishedReleases):
            raise TypeError(
                f"{_WHAT}: expected PublishedReleases, got {type(reports).__name__}. "
                "fit_cases takes dated cases"
            )
        seed = arguments.seed(seed)
        if self.family not in FAMILIES:
            raise NotEstimableError(
                _WHAT,
                Message("a {family} delay needs dated cases, and totals have none", family=self.family),
                Message("Use family='weibull' or family='log-normal'."),
                advice=Message("Use a parametric form of the delay."),
            )
        windows, notes = self._windows(reports)
        data = [
            FromTotals(
                (window.looks[:, None] - np.arange(window.start, window.end + 1)[None, :]).astype(np.int64),
                np.diff(window.counts, prepend=0),
            )
            for window in windows
        ]
        random = np.random.default_rng(seed)
        draws = self._posterior(
            lambda parameters: log_likelihood_of_totals(self.family, parameters, data), random
        )
        shares = np.stack(
            [discrete_cdf(self.family, draws, window.delays[-1]).mean(axis=-1) for window in data], axis=1
        )
        verified = np.array([window.counts[-1] for window in windows], dtype=np.int64)
        longest = max(int(window.delays.max()) for window in data)
        notes += [Message(NOTE_WITHIN_WINDOW), self._note_on_tail(draws, longest), Message(NOTE_NEVER)]
        last_day = max(window.looks[-1] for window in windows)
        return DelayEstimate(
            estimator=self,
            as_of=np.datetime64(int(last_day), "D").astype(object),
            start=np.array([window.start for window in windows]).astype("datetime64[D]"),
            end=np.array([window.end for window in windows]).astype("datetime64[D]"),
            verified=verified,
            shares=shares,
            rates=self._rates(verified, shares, random),
            parameters=draws,
            digest=reports.digest,
            seed=seed,
            notes=tuple(notes),
        )

    def _fit_triangle(
        self, data: Triangle, days: NDArray[np.datetime64], random: np.random.Generator
    ) -> dict[str, Any]:
        """Fields of the estimate that depend on the family."""
        if self.family in FAMILIES:
            draws = self._posterior(lambda parameters: log_likelihood(self.family, parameters, data), random)
            return {"parameters": draws, "shares": discrete_cdf(self.family, draws, data.ages)}
        place = np.minimum(data.ages, data.longest)
        if self.family == "hazard":
            report_day, named = self._report_days(days)
            fit = fit_hazard(data, report_day, n_effects=len(named), n_draws=self.n_draws, random=random)
            effects = dict(zip(named, fit.effects.mean(axis=0).tolist(), strict=True))
            return {"table": fit.cdf, "shares": fit.shares, "report_day_effects": effects}
        counts = reverse_hazard(data)
        if self.family == "generalised-dirichlet":
            table = generalised_dirichlet(counts, self.concentration, self.n_draws, random)
            return {"table": table, "shares": table[:, place]}
        cdf = counts.cdf
        lost = (cdf[place] <= 0) & (data.verified > 0)
        if lost.any():
            raise NotEstimableError(
                _WHAT,
                Message(
                    "no release old enough to tell was verified within {days} days, so the reverse hazards "
                    "set "
                    "no upper limit for recent ones",
                    days=int(data.ages[lost].max()),
                ),
                Message("Use family='generalised-dirichlet', or a parametric family."),
                advice=Message("Use a parametric form of the delay."),
            )
        point = np.maximum(cdf, 1e-12)
        table = np.maximum(draw_reverse_cdf(counts, self.n_draws, random), 1e-12)
        variance = prediction_variance(
            data.verified.astype(np.float64), point[place], counts.log_cdf_variance[place]
        )
        return {
            "table": table,
            "shares": table[:, place],
            "point_cdf": point,
            "standard_errors": np.sqrt(np.where(data.verified > 0, variance, 0.0)),
        }

    def _report_days(self, days: NDArray[np.datetime64]) -> tuple[NDArray[np.int64], list[dt.date]]:
        """Number of the effect of each day, -1 for none, and the days that have one."""
        if self.report_days == ("every",):
            return np.arange(len(days)), [day.astype(object) for day in days]
        number = np.full(len(days), -1, dtype=np.int64)
        named: list[dt.date] = []
        for text in self.report_days:
            where = np.flatnonzero(days == np.datetime64(text, "D"))
            if len(where):
                number[where[0]] = len(named)
                named.append(days[where[0]].astype(object))
        return number, named

    def _posterior(
        self,
        likelihood: Callable[[NDArray[np.float64]], NDArray[np.float64]],
        random: np.random.Generator,
    ) -> NDArray[np.float64]:
        """Draws of the parameters of a parametric family."""
        posterior = sample_posterior(
            lambda points: likelihood(from_median(self.family, points)),
            delay_prior(self.median_prior, self.spread_prior),
            np.array([math.log(self.median_prior[0]), math.log(self.spread_prior[0])]),
            n_draws=self.n_draws,
            random=random,
        )
        return from_median(self.family, posterior.draws)

    def _rates(
        self, verified: NDArray[np.int64], shares: NDArray[np.float64], random: np.random.Generator
    ) -> NDArray[np.float64]:
        """Size and mean of the releases of a row, a draw each."""
        if self.daily is not None:
            return np.tile(negative_binomial(*self.daily), (len(shares), 1))
        return daily_rates(verified, np.maximum(shares, 1e-12), random)

    def _note_on_tail(self, parameters: NDArray[np.float64], longest: int) -> str:
        """Say how much of the delay no data could show."""
        beyond = 1 - float(discrete_cdf(self.family, parameters, [longest]).mean())
        if beyond < 0.01:
            return Message(NOTE_TAIL_SMALL, longest=longest, family=self.family)
        return Message(NOTE_TAIL, longest=longest, share=beyond, family=self.family)

    def _windows(self, reports: PublishedReleases) -> tuple[list[_Window], list[str]]:
        """Windows counted more than once, and what was left out."""
        role = np.array(reports.role)
        source = np.array(reports.source)
        chosen = role == "verified"
        if self.source is not None:
            chosen &= source == self.source
        if not chosen.any():
            reason = Message("no total is verified")
            if self.source is not None:
                reason = Message("no total by {source!r} is verified", source=self.source)
            raise NotEstimableError(
                _WHAT,
                reason,
                Message("Check the columns role and source (reports.windows())."),
                advice=Message("Check who published the counts, and which of them are verified."),
            )
        no_start = chosen & np.isnat(reports.start)
        no_end = chosen & ~no_start & np.isnat(reports.end)
        usable = np.flatnonzero(chosen & ~no_start & ~no_end)
        groups: dict[tuple[str, str, int, int], list[int]] = {}
        for row in usable.tolist():
            key = (
                reports.source[row],
                reports.event[row],
                int(reports.start[row].astype(np.int64)),
                int(reports.end[row].astype(np.int64)),
            )
            groups.setdefault(key, []).append(row)
        windows: list[_Window] = []
        monitors = set()
        n_single = n_corrected = n_at_least = 0
        for (monitor, _, start, end), rows in groups.items():
            later = np.minimum.accumulate(reports.count[rows][::-1])[::-1]
            kept = [row for row, least in zip(rows, later, strict=True) if reports.count[row] <= least]
            looks: dict[int, int] = {}
            for row in kept:
                looks[int(reports.published[row].astype(np.int64))] = int(reports.count[row])
            if len(looks) < 2 or not max(looks.values()):
                n_single += 1
                continue
            n_corrected += len(rows) - len(kept)
            n_at_least += int(reports.at_least[kept].sum())
            monitors.add(monitor)
            windows.append(
                _Window(start, end, np.array(list(looks)), np.array(list(looks.values()), dtype=np.int64))
            )
        if not windows:
            raise NotEstimableError(
                _WHAT,
                Message("no window with a first and a last day was counted on two days by one monitor"),
                Message("ReleaseProcess takes windows that move; reports.windows() shows those there are."),
                advice=Message("Follow totals whose window stays the same."),
            )
        counted = (int(no_start.sum()), int(no_end.sum()), n_single, n_corrected, n_at_least)
        notes: list[str] = [Message(NOTES_LEFT_OUT[k], n=n) for k, n in enumerate(counted) if n]
        if len(monitors) > 1:
            notes.append(Message(NOTE_SEVERAL_MONITORS, n=len(monitors)))
        return windows, notes


@dataclass(frozen=True)
class _Window:
    """Totals of one window by one monitor; days are numbers from 1970."""

    start: int
    end: int
    looks: NDArray[np.int64]
    counts: NDArray[np.int64]


def delay_prior(median: tuple[float, float], spread: tuple[float, float]) -> Prior:
    """Prior of (log median, log spread) of a parametric delay."""
    none = np.empty(0)
    return Prior(np.log([median[0], spread[0]]), np.array([median[1], spread[1]]), none, none)
