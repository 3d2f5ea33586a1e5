"""Releases that two monitors or more verified case by case: how many happened, seen or not."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from detcount import arguments, references
from detcount._numerics.arrays import frozen
from detcount._numerics.delay import (
    FAMILIES,
    daily_rates,
    discrete_cdf,
    draw_pending,
    from_median,
    generalised_dirichlet,
    reverse_hazard,
    sample_posterior,
    triangle,
)
from detcount._numerics.monitored import (
    Registers,
    allocate,
    draw_futures,
    log_likelihood_of_histories,
    registers,
    seen_shares,
    start_and_prior,
)
from detcount.assumptions import Assumption
from detcount.citation import CitationStyle, Reference, cite
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import (
    AbundanceEstimate,
    Estimator,
    GapEstimate,
    Interval,
    PercentileRule,
    UncertainCount,
    provenance,
)
from detcount.published.cases import MonitoredCases
from detcount.published.days import read_day
from detcount.releases.delay import VerificationDelay
from detcount.specification import specification
from detcount.words import Message, Name

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ANY_MONITOR",
    "NOTE_ALONE",
    "NOTE_ESTIMATOR",
    "NOTE_EXCEEDED",
    "NOTE_FIRST_DELAY",
    "NOTE_SHORT",
    "NOTE_TAIL",
    "NOTE_TWO_MONITORS",
    "NOTE_WITHIN",
    "MonitoredEstimate",
    "MonitoredReleases",
]

NOTE_TWO_MONITORS = (
    "With two monitors the data cannot show whether one follows the other: that they work independently "
    "is assumed."
)
NOTE_ALONE = (
    "Monitor {monitor!r} shares no release with another, so the share it verifies rests on the prior."
)
NOTE_TAIL = (
    "The oldest release had {longest} days to be verified; the share of longer delays of {monitor!r}, "
    "{share:.0%}, is not identified by the data and rests on the {family} form."
)
NOTE_WITHIN = (
    "Every release was given {within} days to be verified: {n:,} releases of the days to {last} that some "
    "monitor verified in that time went to {estimator}."
)
NOTE_SHORT = (
    "Within {within} days monitor {monitor!r} verifies {share:.0%} of what it ever verifies; more days would "
    "leave fewer than half of the releases."
)
NOTE_FIRST_DELAY = (
    "How many will never be verified rests on the {family} form of the first verification's delay."
)
NOTE_EXCEEDED = "More releases were verified than announced: {verified:,} of {announced:,}."
NOTE_ESTIMATOR = "{estimator}: {note}"

ANY_MONITOR = "any monitor"
_WHAT = "MonitoredReleases"
_SETTLED = 0.95  # share of a monitor's verifications that the days given should let in
_LEAST_SETTLED = 0.5  # share of the releases seen that must be old enough
_LEAST_PRIOR = 0.25
_CONCENTRATION = 0.1  # Dirichlet prior of the delay of the first verification
_TAILS = np.concatenate([np.geomspace(0.0005, 0.01, 10), np.linspace(0.02, 0.49, 48)])


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class MonitoredEstimate:
    """Releases that happened, by day: seen, still to be verified, and never to be verified.

    Parameters
    ----------
    estimator : MonitoredReleases
        The specification that made the estimate.
    as_of : datetime.date
        Last day the data could know.
    monitors : tuple of str
        Names of the monitors.
    days : ndarray of datetime64[D], shape (n_days,)
        Days of release, from the first one seen to `as_of`.
    seen : ndarray of int64, shape (n_days,)
        Releases verified by some monitor by `as_of`, persons.
    listed : ndarray of int64, shape (n_days, n_monitors)
        Releases on the register of each monitor by `as_of`, persons.
    pending_draws : ndarray of int64, shape (n_draws, n_days)
        Draws of the releases seen by nobody so far that some monitor will verify.
    unverifiable_draws : ndarray of int64, shape (n_draws, n_days)
        Draws of the releases that no monitor will ever verify.
    monitor_pending_draws : ndarray of int64, shape (n_monitors, n_draws, n_days)
        Draws of the releases that a monitor has not verified so far and will.
    point : float
        Releases that happened on all days, persons.
    digest : str
        SHA-256 of the cases.
    seed : int
        Seed of the draws.
    shares : ndarray of float64, shape (n_draws, n_monitors), optional
        Draws of the share of the releases that each monitor ever verifies, where the monitors are taken
        as independent.
    delays : ndarray of float64, shape (n_draws, n_monitors, 2), optional
        Draws of the parameters of each monitor's delay.
    detail : AbundanceEstimate, optional
        The estimate of the releases old enough, where another estimator made it.
    notes : tuple of str, optional
        What a reader must know besides the assumptions.
    """

    estimator: MonitoredReleases
    as_of: dt.date
    monitors: tuple[str, ...]
    days: NDArray[np.datetime64]
    seen: NDArray[np.int64]
    listed: NDArray[np.int64]
    pending_draws: NDArray[np.int64]
    unverifiable_draws: NDArray[np.int64]
    monitor_pending_draws: NDArray[np.int64]
    point: float
    digest: str
    seed: int = 0
    shares: NDArray[np.float64] | None = None
    delays: NDArray[np.float64] | None = None
    detail: AbundanceEstimate | None = None
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
    def n_seen(self) -> int:
        """Releases verified by some monitor by `as_of`, persons."""
        return int(self.seen.sum())

    @property
    def release_draws(self) -> NDArray[np.int64]:
        """Draws of the releases that happened, shape (n_draws, n_days)."""
        return np.asarray(self.seen + self.pending_draws + self.unverifiable_draws)

    @property
    def draws(self) -> NDArray[np.float64]:
        """Draws of the releases that happened on all days, persons."""
        return np.asarray(self.release_draws.sum(axis=1), dtype=np.float64)

    @property
    def carried_out(self) -> UncertainCount:
        """Releases that happened, persons."""
        return _count(self.release_draws.sum(axis=1), self.n_seen)

    @property
    def pending(self) -> UncertainCount:
        """Releases seen by nobody so far that some monitor will verify, persons."""
        return _count(self.pending_draws.sum(axis=1), 0)

    @property
    def unverifiable(self) -> UncertainCount:
        """Releases that no monitor will ever verify, persons."""
        return _count(self.unverifiable_draws.sum(axis=1), 0)

    @property
    def pending_by_monitor(self) -> dict[str, UncertainCount]:
        """Releases that each monitor has not verified so far and will, persons."""
        return {
            name: _count(draws.sum(axis=1), 0)
            for name, draws in zip(self.monitors, self.monitor_pending_draws, strict=True)
        }

    @property
    def abundance(self) -> AbundanceEstimate:
        """The releases that happened, as an estimate of abundance.

        Its draws and limits are those of `carried_out`.
        """
        return AbundanceEstimate(
            point=self.point,
            n_observed=self.n_seen,
            estimator=self.estimator,
            interval_rule=PercentileRule(self.draws, "posterior"),
            digest=self.digest,
            seed=self.seed,
            standard_error=float(self.draws.std(ddof=1)),
            notes=self.notes,
            detail=self.detail,
            draws=self.draws,
        )

    def interval(self, level: float = 0.95) -> Interval:
        """Give the limits of the releases that happened, persons."""
        return self.carried_out.interval(level)

    def daily(self, level: float = 0.95) -> pd.DataFrame:
        """Give the releases of each day.

        Parameters
        ----------
        level : float, optional
            Credibility of the limits, in (0, 1).

        Returns
        -------
        pandas.DataFrame
            Columns ``day``, ``seen`` (persons verified by some monitor so far), ``expected``, ``low``,
            ``median``, ``high`` (persons released), ``pending`` and ``unverifiable`` (means, persons).
        """
        import pandas as pd

        level = arguments.level(level)
        tail = (1 - level) / 2
        draws = self.release_draws
        low, median, high = np.quantile(draws, [tail, 0.5, 1 - tail], axis=0, method="inverted_cdf")
        return pd.DataFrame(
            {
                "day": self.days,
                "seen": self.seen,
                "expected": draws.mean(axis=0),
                "low": low,
                "median": median,
                "high": high,
                "pending": self.pending_draws.mean(axis=0),
                "unverifiable": self.unverifiable_draws.mean(axis=0),
            }
        )

    def gap(
        self,
        announced: int,
        *,
        announced_by: str,
        label: str = "",
        verified_by: str | None = None,
        start: Any = None,
        end: Any = None,
        at_least: bool = False,
    ) -> GapEstimate:
        """Hold an announced number against the releases that happened.

        Parameters
        ----------
        announced : int
            Releases announced, persons.
        announced_by : str
            Who announced them.
        label : str, optional
            What was announced; the days by default.
        verified_by : str, optional
            The monitor whose verification it is; any of them by default.
        start, end : day, optional
            First and last day of the releases announced; all days by default.
        at_least : bool, optional
            Whether the announcement said "at least".

        Returns
        -------
        GapEstimate
            Verified, pending, unverifiable and unsubstantiated, persons, all identified by the data.

        Raises
        ------
        InputError
            If the count is no whole number, the monitor is unknown, or no day lies in the window.
        """
        announced = arguments.whole_number("announced", announced, most=10**9)
        first = self.days[0] if start is None else read_day(start, "start")
        last = self.days[-1] if end is None else read_day(end, "end")
        chosen = (self.days >= first) & (self.days <= last)
        if not chosen.any():
            raise InputError(
                f"start and end: expected days between {self.days[0]} and {self.days[-1]}, "
                f"got {first} to {last}"
            )
        if verified_by is None:
            verified = int(self.seen[chosen].sum())
            pending = self.pending_draws[:, chosen].sum(axis=1)
        elif verified_by in self.monitors:
            j = self.monitors.index(verified_by)
            verified = int(self.listed[chosen, j].sum())
            pending = self.monitor_pending_draws[j][:, chosen].sum(axis=1)
        else:
            raise InputError(
                f"verified_by: expected one of {', '.join(map(repr, self.monitors))}, got another name"
            )
        carried_out = self.release_draws[:, chosen].sum(axis=1)
        least = int(self.seen[chosen].sum())
        notes = list(self.notes)
        if verified > announced:
            notes.append(Message(NOTE_EXCEEDED, verified=verified, announced=announced))
        return GapEstimate(
            label=label or _named(first.astype(object), last.astype(object)),
            start=first.astype(object),
            end=last.astype(object),
            as_of=self.as_of,
            announced=announced,
            announced_by=announced_by,
            at_least=bool(at_least),
            verified=verified,
            verified_by=verified_by or ANY_MONITOR,
            eventually_verified=_count(verified + pending, verified),
            carried_out=_count(carried_out, least),
            pending=_count(pending, 0),
            unverifiable=_count(carried_out - verified - pending, 0),
            unsubstantiated=UncertainCount.from_draws(
                np.maximum(announced - carried_out, 0),
                bounds=(0, max(announced - least, 0)),
                identified_by="data",
            ),
            estimator=self.estimator,
            digest=self.digest,
            seed=self.seed,
            notes=tuple(notes),
        )

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What has to hold for the numbers to mean what they say."""
        return self.estimator.assumes

    def record(self, level: float = 0.95) -> dict[str, Any]:
        """Give everything needed to make the numbers again, as plain values that JSON can hold."""
        counts = {
            "carried out": self.carried_out,
            "pending": self.pending,
            "unverifiable": self.unverifiable,
            **{f"pending, {name}": count for name, count in self.pending_by_monitor.items()},
        }
        quantities = []
        for name, count in counts.items():
            interval = count.interval(level)
            quantities.append(
                {
                    "quantity": name,
                    "low": interval.low,
                    "mean": count.mean,
                    "high": interval.high if math.isfinite(interval.high) else None,
                    "level": interval.level,
                    "identified_by": count.identified_by,
                }
            )
        return {
            "estimator": repr(self.estimator),
            "as_of": self.as_of.isoformat(),
            "verified": self.n_seen,
            "quantities": quantities,
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
        return f"{self.n_seen:,} releases verified by {self.as_of.isoformat()}; happened {self.carried_out}"

    def __repr__(self) -> str:
        return f"<MonitoredEstimate by {self.estimator!r}: {self}>"


@specification
class MonitoredReleases:
    """Releases that happened, from the overlap of two or more monitors that verify with delay.

    The estimand is the number of persons released on the days from the first release seen to the day of
    the data, verified or not. A plain capture-recapture of the registers takes a release that a monitor has
    not reached yet for one that it missed, most of all where another has; here every monitor has its own
    delay. What the monitors' overlap identifies is how many releases none of them will ever verify, which no
    published total can show.

    Parameters
    ----------
    estimator : Estimator, optional
        An estimator of abundance, such as `abundance.LogLinear` with interactions or `Calibrated`, that
        takes the place of independent monitors.
    family : {"weibull", "log-normal"}, optional
        Form of the delay of each monitor.
    within : int, optional
        Days that every release is given to be verified, with `estimator`; by default as many as let in 95%
        of what each monitor ever verifies, or leave half of the releases seen.
    verification_prior : tuple of float, optional
        Parameters (a, b) of the beta prior of the share that a monitor ever verifies, at least 0.25.
    median_prior : tuple of float, optional
        Prior of a monitor's median delay, log-normal: days, and standard deviation of the logarithm.
    spread_prior : tuple of float, optional
        Prior of the Weibull shape, or of the standard deviation of log days, log-normal: value, and
        standard deviation of the logarithm.
    n_draws : int, optional
        Draws from the posterior.

    See Also
    --------
    VerificationDelay : One monitor: what it will still verify.
    AnnouncedBatches : Published totals without cases; a prior then says what is never verified.

    Notes
    -----
    A release of day t is on monitor j's register by day T with probability p[j, t] = pi[j] F[j](T - t), and
    the monitors are independent. The likelihood is that of the histories given that some monitor had
    verified, with f[j](d)/F[j](T - t) for the delays of those on the register. With seen[t] releases of day
    t, the releases of that day are seen[t]/(1 - product of (1 - p[j, t])): the point. The draws are from the
    posterior, the releases of a day being negative binomial with a mean and a size that all days share.

    With an `estimator` the delay is taken out first: every release at least w days old is given w days, and
    is on a monitor's list if it was verified in that time. These lists are of one closed population, the
    releases of those days, with the same time for all, so any estimator may take them, under its own
    assumptions. Its answer gives the share of releases that some monitor verifies within w days,
    c = n/N. A release of a later day t has been seen with probability c G(T - t), with G the distribution of
    the delay of the first verification among those within w days: reverse hazards under a Dirichlet prior,
    which need no independence either. The point is then the median of the draws. Only how many of the unseen
    will be verified later than w days rests on the form of the delay.

    Two monitors cannot show whether they depend on each other. Where one passes its cases to another the
    number is too low; an `estimator` with three monitors or more, or `Calibrated`, may be held against it.

    References
    ----------
    .. [1] Chapman, D. G. (1951). Some properties of the hypergeometric distribution with applications
       to zoological sample censuses. University of California Publications in Statistics, 1(7), 131-160.
    .. [2] Lawless, J. F. (1994). Adjustments for reporting delays and the prediction of occurred but not
       reported events. Canadian Journal of Statistics, 22(1), 15-31. https://doi.org/10.2307/3315826.n1

    Examples
    --------
    >>> import numpy as np
    >>> from detcount import releases
    >>> days = np.repeat(np.arange("2026-01-01", "2026-01-11", dtype="datetime64[D]"), 12)
    >>> committee = np.where(np.arange(120) % 3 < 2, days + np.arange(120) % 5, np.datetime64("NaT"))
    >>> lawyers = np.where(np.arange(120) % 4 < 2, days + np.arange(120) % 7, np.datetime64("NaT"))
    >>> seen = ~(np.isnat(committee) & np.isnat(lawyers))
    >>> cases = releases.MonitoredCases.from_frame(
    ...     {"release": days[seen], "committee": committee[seen], "lawyers": lawyers[seen]},
    ...     monitors=["committee", "lawyers"], as_of="2026-01-20")
    >>> estimate = releases.MonitoredReleases().fit(cases)
    >>> estimate.n_seen, 110 < estimate.point < 130
    (100, True)
    """

    estimator: Estimator | None = None
    family: Literal["weibull", "log-normal"] = "weibull"
    within: int | None = None
    verification_prior: tuple[float, float] = (1.0, 1.0)
    median_prior: tuple[float, float] = (7.0, 1.5)
    spread_prior: tuple[float, float] = (1.0, 0.5)
    n_draws: int = 4000

    assumes: ClassVar[tuple[Assumption, ...]] = (
        Assumption.ERROR_FREE_LINKAGE,
        Assumption.NO_OVERCOVERAGE,
        Assumption.INDEPENDENT_MONITORS,
        Assumption.HOMOGENEOUS_PERSONS,
        Assumption.COMMON_DELAY,
        Assumption.STEADY_VERIFICATION,
    )
    references: ClassVar[tuple[Reference, ...]] = (references.CHAPMAN_1951, references.LAWLESS_1994)

    def __post_init__(self) -> None:
        if self.estimator is not None:
            if isinstance(self.estimator, type) or not isinstance(self.estimator, Estimator):
                raise TypeError(
                    "estimator: expected an estimator of abundance, such as abundance.LogLinear(), got "
                    f"{getattr(self.estimator, '__name__', type(self.estimator).__name__)}"
                )
            own = (Assumption.COMMON_DELAY, Assumption.STEADY_VERIFICATION)
            object.__setattr__(self, "assumes", tuple(dict.fromkeys((*self.estimator.assumes, *own))))
            papers = dict.fromkeys((*self.estimator.references, references.LAWLESS_1994))
            object.__setattr__(self, "references", tuple(papers))
        if self.family not in FAMILIES:
            raise InputError(f"family: expected 'weibull' or 'log-normal', got {self.family!r}")
        if self.within is not None:
            if self.estimator is None:
                raise InputError(
                    "within: is for an estimator; independent monitors use every day. Leave it out"
                )
            within = arguments.whole_number("within", self.within, most=3650)
            object.__setattr__(self, "within", within)
        for name in ("verification_prior", "median_prior", "spread_prior"):
            object.__setattr__(self, name, arguments.positive_pair(name, getattr(self, name)))
        if min(self.verification_prior) < _LEAST_PRIOR:
            raise InputError(
                f"verification_prior: expected two numbers of at least {_LEAST_PRIOR}, got "
                f"{self.verification_prior}. Below, nearly all of the prior says never or always"
            )
        n_draws = arguments.whole_number("n_draws", self.n_draws, least=100, most=1_000_000)
        object.__setattr__(self, "n_draws", n_draws)

    def fit(self, cases: MonitoredCases, *, seed: int = 0) -> MonitoredEstimate:
        """Estimate the releases that happened.

        Parameters
        ----------
        cases : MonitoredCases
            Releases with the day of verification by each monitor.
        seed : int, optional
            Seed of the draws, and of the estimator.

        Returns
        -------
        MonitoredEstimate
            Releases by day, persons.

        Raises
        ------
        NotEstimableError
            If there is one monitor only, a monitor verified nobody, no release was verified by two, or
            the estimator declines or sets no upper limit.
        """
        if not isinstance(cases, MonitoredCases):
            raise TypeError(
                f"{_WHAT}: expected MonitoredCases, got {type(cases).__name__}. "
                "Use MonitoredCases.from_frame(frame, monitors=[...], as_of=...)"
            )
        seed = arguments.seed(seed)
        _require_monitors(cases)
        random = np.random.default_rng(seed)
        first = cases.release.min()
        last = np.datetime64(cases.as_of, "D")
        days = first + np.arange(int((last - first).astype(np.int64)) + 1)
        number = (cases.release - first).astype(np.int64)
        delay = np.where(
            np.isnat(cases.verified),
            -1,
            (cases.verified - cases.release[:, None]).astype("timedelta64[D]").astype(np.int64),
        )
        data = registers(number, delay, len(days))
        common = {
            "estimator": self,
            "as_of": cases.as_of,
            "monitors": cases.monitors,
            "days": days,
            "seen": data.seen,
            "listed": data.listed,
            "digest": cases.digest,
            "seed": seed,
        }
        if self.estimator is None:
            return MonitoredEstimate(**common, **self._independent(cases, data, random))
        return MonitoredEstimate(
            **common, **self._with(self.estimator, cases, data, number, delay, random, seed)
        )

    def _independent(
        self, cases: MonitoredCases, data: Registers, random: np.random.Generator
    ) -> dict[str, Any]:
        """Fields of the estimate with independent monitors."""
        n_monitors = len(cases.monitors)
        start, prior = start_and_prior(
            self.median_prior, self.spread_prior, self.verification_prior, n_monitors
        )
        posterior = sample_posterior(
            lambda points: log_likelihood_of_histories(self.family, points, data),
            prior,
            start,
            n_draws=self.n_draws,
            random=random,
        )
        seen_share, chances, shares = seen_shares(self.family, posterior.draws, data.ages, n_monitors)
        rates = daily_rates(data.seen, seen_share, random)
        unseen = draw_pending(data.seen, seen_share, rates, random)
        futures = draw_futures(unseen, data, chances, shares, random)
        at_mode, _, _ = seen_shares(self.family, posterior.mode, data.ages, n_monitors)
        notes = list(cases.notes)
        if n_monitors == 2:
            notes.append(Message(NOTE_TWO_MONITORS))
        together = ~np.isnat(cases.verified)
        for j, name in enumerate(cases.monitors):
            others = np.delete(together, j, axis=1).any(axis=1)
            if not (together[:, j] & others).any():
                notes.append(Message(NOTE_ALONE, monitor=name))
        delays = np.stack([_parameters(self.family, posterior.draws, j) for j in range(n_monitors)], axis=1)
        notes += self._tails(cases.monitors, delays, int(data.ages.max()))
        return {
            "point": float((data.seen / at_mode).sum()),
            "pending_draws": futures.pending,
            "unverifiable_draws": futures.unverifiable,
            "monitor_pending_draws": futures.by_monitor,
            "shares": shares,
            "delays": delays,
            "notes": tuple(notes),
        }

    def _with(
        self,
        estimator: Estimator,
        cases: MonitoredCases,
        data: Registers,
        number: NDArray[np.int64],
        delay: NDArray[np.int64],
        random: np.random.Generator,
        seed: int,
    ) -> dict[str, Any]:
        """Fields of the estimate where another estimator takes the releases old enough."""
        n_days, last = len(data.ages), cases.as_of
        own = VerificationDelay(
            family=self.family,
            median_prior=self.median_prior,
            spread_prior=self.spread_prior,
            n_draws=self.n_draws,
        )
        fitted = [
            own.fit_cases(cases.release, cases.verified[:, j], as_of=last, seed=seed)
            for j in range(len(cases.monitors))
        ]
        within, notes = self._days_given(cases, data, fitted)
        table = cases.table(within=within)
        estimate = estimator.fit(table, seed=seed)
        notes.append(
            Message(
                NOTE_WITHIN,
                within=within,
                n=table.n_observed,
                last=last - dt.timedelta(days=within),
                estimator=type(estimator).__name__,
            )
        )
        notes += [
            Message(NOTE_ESTIMATOR, estimator=type(estimator).__name__, note=note) for note in estimate.notes
        ]
        totals = _draws_of(estimate, self.n_draws, random)
        share = table.n_observed / totals
        first_delay = np.where(delay >= 0, delay, np.iinfo(np.int64).max).min(axis=1)
        old = data.ages >= within
        counted = first_delay <= within
        tri = triangle(number[counted], first_delay[counted], n_days=n_days, longest=within)
        reached = (
            generalised_dirichlet(reverse_hazard(tri), _CONCENTRATION, self.n_draws, random)
            if within
            else np.ones((self.n_draws, 1))
        )
        within_seen = tri.verified
        chance = np.maximum(share[:, None] * reached[:, np.minimum(data.ages, within)], 1e-12)
        rates = daily_rates(within_seen, chance, random)
        unseen = draw_pending(within_seen, chance, rates, random)
        unseen[:, old] = allocate(totals - table.n_observed, within_seen[old], random)
        unseen = np.maximum(unseen - (data.seen - within_seen), 0)
        # of the unseen, those that some monitor reaches after the last day
        first_verified = own.fit_cases(
            cases.release, cases.release + first_delay.astype("timedelta64[D]"), as_of=last, seed=seed
        )
        parameters = first_verified.parameters
        assert parameters is not None
        by_age = discrete_cdf(self.family, parameters, data.ages)
        ever = np.minimum(share / discrete_cdf(self.family, parameters, [within])[:, 0], 1.0)[:, None]
        later = np.clip(ever * (1 - by_age) / np.maximum(1 - ever * by_age, 1e-15), 0.0, 1.0)
        pending = random.binomial(unseen, later)
        notes.append(Message(NOTE_FIRST_DELAY, family=self.family))
        released = data.seen + unseen
        monitor_pending = np.stack(
            [
                np.minimum(self._own_pending(one.parameters, data, j, random), released - data.listed[:, j])
                for j, one in enumerate(fitted)
            ]
        )
        delays = np.stack([one.parameters for one in fitted if one.parameters is not None], axis=1)
        notes += self._tails(cases.monitors, delays, int(data.ages.max()))
        return {
            "point": float(np.median(released.sum(axis=1))),
            "pending_draws": pending,
            "unverifiable_draws": unseen - pending,
            "monitor_pending_draws": monitor_pending,
            "delays": delays,
            "detail": estimate,
            "notes": (*cases.notes, *notes),
        }

    def _own_pending(
        self,
        parameters: NDArray[np.float64] | None,
        data: Registers,
        j: int,
        random: np.random.Generator,
    ) -> NDArray[np.int64]:
        """Draw what one monitor will still verify, from its own delay."""
        assert parameters is not None
        reached = np.maximum(discrete_cdf(self.family, parameters, data.ages), 1e-12)
        listed = data.listed[:, j]
        return draw_pending(listed, reached, daily_rates(listed, reached, random), random)

    def _days_given(self, cases: MonitoredCases, data: Registers, fitted: list[Any]) -> tuple[int, list[str]]:
        """Days that every release is given, and a note where they are fewer than wished."""
        if self.within is not None:
            if self.within > data.ages.max():
                raise NotEstimableError(
                    _WHAT,
                    Message("no release is {days} days old", days=self.within),
                    Message("Use within={most} or less.", most=int(data.ages.max())),
                    advice=Message("Wait for some days."),
                )
            return self.within, []
        cumulated = np.cumsum(data.seen)
        most = int(data.ages[np.argmax(cumulated >= _LEAST_SETTLED * cumulated[-1])])
        cdf = np.stack([one.cdf(np.arange(most + 1)) for one in fitted])
        enough = np.flatnonzero(cdf.min(axis=0) >= _SETTLED)
        if len(enough):
            return int(enough[0]), []
        slowest = int(cdf[:, -1].argmin())
        share = float(cdf[slowest, -1])
        return most, [Message(NOTE_SHORT, within=most, monitor=cases.monitors[slowest], share=share)]

    def _tails(self, monitors: tuple[str, ...], delays: NDArray[np.float64], longest: int) -> list[str]:
        """Say where a share of delays that no data could show is worth a word."""
        notes: list[str] = []
        for j, name in enumerate(monitors):
            beyond = 1 - float(discrete_cdf(self.family, delays[:, j], [longest]).mean())
            if beyond >= 0.01:
                notes.append(
                    Message(NOTE_TAIL, longest=longest, monitor=name, share=beyond, family=self.family)
                )
        return notes


def _named(first: dt.date, last: dt.date) -> Name:
    """Name of the releases of some days."""
    words = Message("releases of {first} to {second}", first=first, second=last)
    return Name(f"releases of {first} to {last}", words)


def _require_monitors(cases: MonitoredCases) -> None:
    """Decline cases from which the monitors' overlap cannot be read."""
    if len(cases.monitors) < 2:
        raise NotEstimableError(
            _WHAT,
            Message(
                "needs at least 2 monitors, got 1, and one register has no overlap: the releases that "
                "happened "
                "are at least the {seen:,} seen, and nothing bounds them from above",
                seen=len(cases),
            ),
            Message(
                "VerificationDelay says what this monitor will still verify; AnnouncedBatches takes the "
                "share it "
                "ever verifies as a stated prior."
            ),
            advice=Message("Report those seen as a floor, or add a monitor."),
        )
    on = ~np.isnat(cases.verified)
    for name, column in zip(cases.monitors, on.T, strict=True):
        if not column.any():
            raise NotEstimableError(
                _WHAT,
                Message("monitor {monitor!r} had verified nobody by {day}", monitor=name, day=cases.as_of),
                Message("Leave its column out."),
                advice=Message("Leave it out."),
            )
    if not (on.sum(axis=1) > 1).any():
        raise NotEstimableError(
            _WHAT,
            Message("the monitors share no release, so the data set no upper limit to those that happened"),
            Message("Check that the people are matched over the monitors, or report those seen."),
        )


def _parameters(family: str, draws: NDArray[np.float64], j: int) -> NDArray[np.float64]:
    """Delay parameters of one monitor from coordinates."""
    return from_median(family, draws[..., 2 * j : 2 * j + 2])


def _draws_of(estimate: AbundanceEstimate, n_draws: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Draw whole persons from an estimate: from its own draws, or from its limits at many levels."""
    if estimate.draws is not None and len(estimate.draws):
        order = np.sort(estimate.draws)
        places = (np.arange(n_draws) + random.random()) / n_draws * len(order)
        drawn = order[np.minimum(places.astype(np.int64), len(order) - 1)]
    else:
        at = [estimate.interval(1 - 2 * tail) for tail in _TAILS]
        levels = np.concatenate([_TAILS, [0.5], 1 - _TAILS[::-1]])
        limits = np.array([one.low for one in at] + [estimate.point] + [one.high for one in at[::-1]])
        if not np.isfinite(estimate.interval(0.95).high):
            raise NotEstimableError(
                _WHAT,
                Message(
                    "{estimator} sets no upper limit to the releases old enough",
                    estimator=type(estimate.estimator).__name__,
                ),
                Message("Report those seen as a floor, or use another estimator."),
            )
        finite = np.isfinite(limits)
        steps = (np.arange(n_draws) + random.random(n_draws)) / n_draws
        drawn = np.interp(steps, levels[finite], np.maximum.accumulate(limits[finite]))
    whole = np.floor(drawn + random.random(n_draws)).astype(np.int64)
    return np.asarray(random.permutation(np.maximum(whole, estimate.n_observed)))


def _count(draws: NDArray[np.int64], least: int) -> UncertainCount:
    """Make a count that the data identify."""
    return UncertainCount.from_draws(draws, bounds=(least, math.inf), identified_by="data")
