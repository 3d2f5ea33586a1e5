"""The continuing process of releases: totals over windows that move, compared like with like."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from detcount import arguments, references
from detcount._numerics.delay import FAMILIES, discrete_cdf
from detcount._numerics.process import (
    EXACT,
    LEAST,
    ROBUST,
    ROBUST_LEAST,
    Increments,
    Posterior,
    Scales,
    fit_process,
)
from detcount._numerics.thinning import (
    Plan,
    best_cover,
    cover_weight,
    draw_batches,
    draw_excess,
    plan_reports,
)
from detcount.assumptions import Assumption
from detcount.citation import CitationStyle, Reference, cite
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import GapEstimate, IdentifiedBySource, UncertainCount, provenance
from detcount.published import PublishedReleases
from detcount.published.days import read_day
from detcount.specification import specification
from detcount.words import Message, Name

__all__ = ["ProcessEstimate", "ReleaseProcess"]

NOTE_NO_START = (
    "Counts that do not say from which day they count were left out: {n:,} (published by {sources:;})."
)
NOTE_NO_END = "Of counts that do not say up to which day they count the day of publication is taken: {n:,}."
NOTE_EARLY = "Counts published before the first day they count were left out: {n:,}."
NOTE_CORRECTION = (
    "{source} had {old:,} on {old_day} for days that its total of {new:,} of {new_day} contains: "
    "the later figure counts, and at least {withdrawn:,} persons were withdrawn."
)
NOTE_SAME_DAY = (
    "{source} published {old:,} and later {new:,} on {day} for the same days; the later figure counts."
)
NOTE_NO_NEWS = (
    '{source} said "at least {old:,}" on {day}, less than its earlier figures for the same days; '
    "that adds nothing and was left out."
)
NOTE_OVERLAP = (
    "{source}: pairs of its counts share some days although neither window lies in the other, {n:,} in all; "
    "they are taken as separate evidence, and intervals may be somewhat too narrow."
)
NOTE_DELAY_PRIOR = (
    "Too few successive counts to learn how long verification takes: "
    "what is still to be verified rests on the stated prior of the delay."
)
NOTE_VERIFICATION_PRIOR = (
    "How many releases happened and will never be verified cannot be learned from totals: it rests on the "
    "stated prior, that a true release has a chance of {mean:.2f} ({low:.2f} to {high:.2f}) of ever being "
    "verified."
)
NOTE_NO_ANNOUNCEMENT = (
    "No announced count could be used: there is nothing to compare the verified releases with."
)
NOTE_MIXING = (
    "The chains of draws have not mixed fully (R-hat {r_hat:.2f}, {effective:,.0f} effective draws): "
    "read the limits as approximate."
)
NOTE_MORE_VERIFIED = (
    "{verified_by} verified {verified:,} releases for these days, more than the {announced:,} announced; "
    "the windows or the definitions differ, or the announcement left people out."
)
NOTE_ANNOUNCED_SUM = (
    "The announced number is the sum of {n:,} announcements of {announced_by} inside the window."
)
NOTE_ANNOUNCED_PART = (
    "The announcements of {announced_by} inside the window cover {covered:,} of its {days:,} days."
)
NOTE_NOTHING_VERIFIED = (
    "{verified_by} has no count that lies inside the window: its releases there are estimated."
)
NOTE_THINNED = (
    "Of many counts, those of the last {days:,} days are all used, and of older ones the last of each "
    "period: "
    "the counts between them say little more."
)
NOTE_FUTURE = "The window ends after the last count; the gap is that of the days up to {as_of}."

REASON_LARGE = "a count of {n:,} releases is above the {most:,} up to which the model computes"
REMEDY_LARGE = "Check that figure, or leave it out."

Array = NDArray[np.float64]
Days = NDArray[np.int64]

_LEVEL = 0.95
_MOST = 100_000_000  # persons: ten times the releases of a year from all jails of the largest systems
_AHEAD = 10  # days after the last count on which earlier announcements may still be carried out
_NEAR = 10  # days before a count within which each day stands for itself
_BLOCKS = (7, 14, 28, 56, 112)  # days taken together where nothing tells them apart
_MOST_BLOCKS = 260
_RECENT = 90  # days that stay single however many counts there are
_EXCESS = 0.1  # share by which a figure said to be a lower bound is too low, on average
_CARRIED_OUT = (
    0.75  # of the releases on a day after an announcement, what still follows from it: falls by this
)
_CORRECTED = (1.0, 24.0)  # Beta prior: of 25 totals one is later lowered
_LOWERED = (1.0, 7.0)  # Beta: by an eighth on average
_ENOUGH = 3  # successive counts that say something of the delay
_FIRST_HORIZON = 366 * 3  # days a forecast may reach beyond the last count
_MOST_COUNTS = 150  # beyond, older counts are thinned
_THINNED = ((60, 7), (30, 7), (14, 14), (7, 28), (2, 56))  # days all are kept of, days one is kept of before
_GOOD_R_HAT = 1.2  # many short chains: each is told from the others early


@specification
class ReleaseProcess:
    """Releases day by day, from announced and verified totals over any windows.

    The estimands are the releases that each monitor will have verified for any window of days, by any
    publication day or in the end, the ratios between sources for the same releases, and what is left of
    an announcement. Totals are compared as sums over the days each of them covers, so windows may
    differ, overlap, nest and move. For a few separate announcements prefer `AnnouncedBatches`.

    Parameters
    ----------
    verification : tuple of float, optional
        Beta prior of the chance that a true release is ever verified by a monitor that looks for it.
        Totals say nothing of it.
    delay : {"weibull", "log-normal"}, optional
        Family of the days between release and verification.
    median_delay : tuple of float, optional
        Prior of the median delay: days, and standard deviation of its log. By default half of the
        verified releases are verified within a day and a half, give or take a factor of 2.
    delay_shape : tuple of float, optional
        Prior of the shape: median, and standard deviation of its log. Below 1 some verifications
        take far longer than most.
    releases_a_day : tuple of float, optional
        Prior of the usual number of releases a day: median, and standard deviation of its log.
    day_scale : tuple of float, optional
        Prior of the scale on which neighbouring days differ, of the log: most days bring little, single
        days ten times as much. Median, and standard deviation of its log.
    campaign_scale : tuple of float, optional
        Prior of the scale of the slow part, of the log: campaigns and lulls.
    memory : float, optional
        Days after which a campaign has lost two thirds of its pull.
    jump : float, optional
        Scale of the jump of the log intensity on the days of announcements.
    jump_memory : float, optional
        Days after which two thirds of such a jump are over.
    batches : tuple of float, optional
        Prior of the persons verified together, less one: median, and standard deviation of the log.
    announced_ratio : tuple of float, optional
        Prior of announced releases to those a monitor will verify, for the same days: median, and
        standard deviation of the log.
    monitor_ratio : float, optional
        Standard deviation of the log of what one monitor verifies over what another does.
    announced_error, reported_error : float, optional
        Scale of the log error of a single announced or passed-on figure, with heavy tails.
    n_draws : int, optional
        Draws kept.

    See Also
    --------
    VerificationDelay : The delay alone, from dated cases.

    Notes
    -----
    Releases of day d have mean exp(x_d), x a constant, an Ornstein-Uhlenbeck process with jumps on days
    of announcements and an independent part of each day. A release of day d joins monitor j's register by
    day t with probability pi_j F(t - d), so a total over the window [s, e] published on t has mean
    sum over d in [s, min(e, t)] of exp(x_d) pi_j F(t - d), and of two nested totals the later adds an
    independent increment; increments are negative binomial with variance proportional to the mean
    (people are verified in batches). An announced figure has mean kappa times the releases that follow
    from its window, and an error with heavy tails for what lies outside the definition. Only
    exp(x) pi_j is identified from totals. A total below an earlier one that it contains is a correction:
    the later wins, and forecasts allow for further ones. "At least" figures are taken to be below the
    register by a tenth on average. Nested Laplace starts many short Hamiltonian chains, which make the
    draws exact.

    References
    ----------
    .. [1] Rue, H., Martino, S., & Chopin, N. (2009). Approximate Bayesian inference for latent Gaussian
       models by using integrated nested Laplace approximations. Journal of the Royal Statistical Society
       Series B, 71, 319-392. https://doi.org/10.1111/j.1467-9868.2008.00700.x
    .. [2] Shahbaba, B., Lan, S., Johnson, W. O., & Neal, R. M. (2014). Split Hamiltonian Monte Carlo.
       Statistics and Computing, 24, 339-349. https://doi.org/10.1007/s11222-012-9373-1
    .. [3] Margossian, C. C., Hoffman, M. D., Sountsov, P., Riou-Durand, L., Vehtari, A., & Gelman, A.
       (2024). Nested R-hat: assessing the convergence of Markov chain Monte Carlo when running many short
       chains. Bayesian Analysis. https://doi.org/10.1214/24-BA1453

    Examples
    --------
    >>> from detcount import PublishedReleases
    >>> reports = PublishedReleases.from_frame(
    ...     {
    ...         "published": ["2026-01-09", "2026-01-10", "2026-01-11", "2026-01-13"],
    ...         "source": ["monitor"] * 4,
    ...         "role": ["verified"] * 4,
    ...         "start": ["2026-01-08"] * 4,
    ...         "end": ["2026-01-09", "2026-01-10", "2026-01-11", "2026-01-13"],
    ...         "count": [9, 16, 17, 56],
    ...     }
    ... )
    >>> estimate = ReleaseProcess(n_draws=500).fit(reports)
    >>> later = estimate.nowcast("monitor", start="2026-01-08", end="2026-01-13")
    >>> later.median >= 56
    True
    """

    verification: tuple[float, float] = (8.0, 2.0)
    delay: str = "weibull"
    median_delay: tuple[float, float] = (1.5, 0.7)
    delay_shape: tuple[float, float] = (0.7, 0.25)
    releases_a_day: tuple[float, float] = (1.0, 1.2)
    day_scale: tuple[float, float] = (1.2, 0.3)
    campaign_scale: tuple[float, float] = (1.0, 0.4)
    memory: float = 14.0
    jump: float = 1.0
    jump_memory: float = 4.0
    batches: tuple[float, float] = (1.0, 0.7)
    announced_ratio: tuple[float, float] = (1.5, 0.5)
    monitor_ratio: float = 0.35
    announced_error: float = 0.6
    reported_error: float = 0.4
    n_draws: int = 4000
    assumes: ClassVar[tuple[Assumption, ...]] = (
        Assumption.STATED_WINDOWS,
        Assumption.RELEASE_CAMPAIGNS,
        Assumption.COMMON_DELAY,
        Assumption.STATED_VERIFICATION,
    )
    references: ClassVar[tuple[Reference, ...]] = (
        references.RUE_2009,
        references.SHAHBABA_2014,
        references.MARGOSSIAN_2024,
    )

    def __post_init__(self) -> None:
        if self.delay not in FAMILIES:
            raise InputError(f"delay: expected one of {FAMILIES}, got {self.delay!r}. 'weibull' is usual")
        pairs = ("verification", "median_delay", "delay_shape", "releases_a_day", "day_scale")
        for name in (*pairs, "campaign_scale", "batches", "announced_ratio"):
            object.__setattr__(self, name, arguments.positive_pair(name, getattr(self, name)))
        for name in ("memory", "jump_memory", "monitor_ratio", "announced_error", "reported_error"):
            arguments.positive(name, getattr(self, name))
        arguments.number("jump", self.jump, least=0, remedy="0 means no jumps")
        object.__setattr__(self, "n_draws", arguments.whole_number("n_draws", self.n_draws, least=100))

    def fit(self, reports: PublishedReleases, *, seed: int = 0) -> ProcessEstimate:
        """Estimate the process from published counts.

        Parameters
        ----------
        reports : PublishedReleases
            Published counts; `reports.as_of(day)` is what was known on a day.
        seed : int, optional
            Seed of the draws.

        Returns
        -------
        ProcessEstimate
            Daily and cumulative releases, ratios between sources, nowcasts and gaps, in persons.

        Raises
        ------
        NotEstimableError
            If no monitor's count says which days it covers.
        """
        if not isinstance(reports, PublishedReleases):
            raise TypeError(
                f"ReleaseProcess: expected PublishedReleases, got {type(reports).__name__}. "
                "Use PublishedReleases.from_frame(frame)"
            )
        seed = arguments.seed(seed)
        if (largest := int(reports.count.max())) > _MOST:
            raise NotEstimableError(
                "ReleaseProcess", Message(REASON_LARGE, n=largest, most=_MOST), Message(REMEDY_LARGE)
            )
        series, notes = _series(reports)
        if not any(one.role != "announced" for one in series):
            raise NotEstimableError(
                "ReleaseProcess",
                Message("no count of a monitor says which days it covers"),
                Message("Add verified counts with the first day of their window."),
            )
        last = int(reports.published[-1].astype(np.int64))
        layout = _layout(series, last)
        data = _increments(self, series, layout)
        random = np.random.default_rng([seed, len(reports)])
        posterior = fit_process(data, self._scales, self.n_draws, random)
        successive = sum(
            len(one.plan.bases[row]) > 0 for one in series if one.role != "announced" for row in one.plan.rows
        )
        if successive < _ENOUGH:
            notes.append(Message(NOTE_DELAY_PRIOR))
        if not any(one.role == "announced" for one in series):
            notes.append(Message(NOTE_NO_ANNOUNCEMENT))
        if posterior.r_hat > _GOOD_R_HAT:
            notes.append(Message(NOTE_MIXING, r_hat=posterior.r_hat, effective=posterior.effective))
        return ProcessEstimate(
            reports=reports,
            series=tuple(series),
            layout=layout,
            posterior=posterior,
            estimator=self,
            delay_from_data=successive >= _ENOUGH,
            seed=seed,
            notes=tuple(notes),
        )

    @property
    def _scales(self) -> Scales:
        """The priors as the numbers need them."""
        return Scales(
            level=(math.log(self.releases_a_day[0]), self.releases_a_day[1]),
            median_delay=self.median_delay,
            delay_shape=self.delay_shape,
            spread=self.batches,
            day=self.day_scale,
            campaign=self.campaign_scale,
            jump=float(self.jump),
            jump_memory=float(self.jump_memory),
            memory=float(self.memory),
            family=self.delay,
        )


@dataclass(frozen=True)
class _Series:
    """The counts of one source in one role, days as whole numbers since 1970."""

    source: str
    role: str
    start: Days
    end: Days
    published: Days
    count: Days
    at_least: NDArray[np.bool_]
    plan: Plan

    @property
    def total(self) -> int:
        return int(self.count[list(self.plan.rows)].max(initial=0))

    def cover(self, start: int, end: int, on: int) -> tuple[int, ...]:
        """Reports inside a window, published by a day, on disjoint days."""
        rows = np.array(
            [
                row
                for row in self.plan.rows
                if self.start[row] >= start and self.end[row] <= end and self.published[row] <= on
            ],
            dtype=np.int64,
        )
        weight = cover_weight(self.start[rows], self.end[rows], self.published[rows], self.count[rows])
        return tuple(int(rows[k]) for k in best_cover(self.start[rows], self.end[rows], weight))


@dataclass(frozen=True)
class _Layout:
    """Days from the first release day to some days after the last count, in blocks."""

    first: int
    today: int
    last: int
    starts: Days  # first day of each block, from 0

    @property
    def n_days(self) -> int:
        return self.last - self.first + 1

    @property
    def widths(self) -> Days:
        return np.diff(np.append(self.starts, self.n_days))

    def block(self, days: Days) -> Days:
        """Block of each day since 1970."""
        return np.searchsorted(self.starts, days - self.first, side="right") - 1


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ProcessEstimate:
    """Releases day by day, what each monitor will have verified, and what is left of announcements.

    Parameters
    ----------
    reports : PublishedReleases
        The counts.
    series : tuple
        Counts of each source and role, each written as earlier ones and an increment.
    layout : object
        The days, in blocks.
    posterior : object
        Draws of the intensity and of the global parameters.
    estimator : ReleaseProcess
        The specification.
    delay_from_data : bool
        Whether successive counts say something of the delay.
    seed : int
        Seed of the fit.
    notes : tuple of str
        What a reader must know besides the assumptions.
    """

    reports: PublishedReleases
    series: tuple[_Series, ...]
    layout: _Layout
    posterior: Posterior
    estimator: ReleaseProcess
    delay_from_data: bool
    seed: int
    notes: tuple[str, ...]

    @property
    def as_of(self) -> dt.date:
        """Day of the last count."""
        return _date(self.layout.today)

    @property
    def sources(self) -> tuple[str, ...]:
        """Sources whose totals can be forecast."""
        return tuple(dict.fromkeys(one.source for one in self.series if one.role != "announced"))

    @property
    def main(self) -> str:
        """The monitor in whose definition carried out releases are given: the one that said most."""
        return self.series[self._main].source

    @cached_property
    def _main(self) -> int:
        order = {"verified": 1, "reported": 0, "announced": -1}
        return max(
            range(len(self.series)),
            key=lambda k: (
                order[self.series[k].role],
                len(self.series[k].plan.rows),
                self.series[k].total,
                -k,
            ),
        )

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What has to hold for the numbers to mean what they say."""
        return self.estimator.assumes

    @property
    def diagnostics(self) -> dict[str, float]:
        """How well the draws were made: Pareto k, effective sizes, and the global parameters' means."""
        posterior = self.posterior
        reached = discrete_cdf(self.estimator.delay, posterior.delay, np.array([0, 2, 6, 13]))
        return {
            "r_hat": posterior.r_hat,
            "effective_draws": posterior.effective,
            "pareto_k": posterior.pareto_k,
            "effective_points": posterior.effective_globals,
            "verified_same_day": float(reached[:, 0].mean()),
            "verified_in_3_days": float(reached[:, 1].mean()),
            "verified_in_a_week": float(reached[:, 2].mean()),
            "verified_in_two_weeks": float(reached[:, 3].mean()),
            "batch_spread": float(posterior.spread.mean()),
            "day_scale": float(posterior.day.mean()),
            "campaign_scale": float(posterior.campaign.mean()),
            "n_counts": float(sum(len(one.plan.rows) for one in self.series)),
            "n_blocks": float(len(self.layout.starts)),
        }

    def nowcast(self, source: str, *, start: Any, end: Any, on: Any = None) -> UncertainCount:
        """Forecast the total that a source will publish for a window of release days.

        Parameters
        ----------
        source : str
            A monitor, by the name it has in the counts.
        start, end : date
            First and last release day counted. `end` may lie after the last count: releases still to
            come are then forecast.
        on : date, optional
            Day of publication; None for the total in the end.

        Returns
        -------
        UncertainCount
            Persons: the latest total of the source inside the window, unless it is corrected, and what
            will be added.

        Raises
        ------
        InputError
            If the source is unknown, the window ends before it starts, or `on` lies before the window.
        """
        which = self._monitor(source)
        first, last = _window(start, end)
        day = None if on is None else _day_number("on", on)
        if day is not None and day < first:
            raise InputError(
                f"on: expected a day in or after the window from {_date(first)}, got {_date(day)}. "
                "A total can be published from the first day it counts"
            )
        self._reachable(first, last)
        random = np.random.default_rng([self.seed, 1, which, abs(first), abs(last), abs(day or 0)])
        known, added = self._totals(which, first, last, day, random)
        corrections, comparisons = self._corrections(which)
        chance = (_CORRECTED[0] + corrections) / (sum(_CORRECTED) + comparisons)
        lowered = random.random(len(added)) < chance
        share = random.beta(*_LOWERED, size=len(added))
        withdrawn = np.where(lowered, np.ceil(share * known), 0).astype(np.int64)
        return UncertainCount.from_draws(
            known - withdrawn + added,
            bounds=(0, math.inf),
            identified_by=self._identified,
            effective_size=self.posterior.effective,
        )

    def gap(
        self, start: Any, end: Any, *, announced_by: str | None = None, verified_by: str | None = None
    ) -> GapEstimate:
        """Split what was announced for a window of days and not verified.

        Parameters
        ----------
        start, end : date
            First and last release day.
        announced_by : str, optional
            Whose announcements; by default those that cover most days of the window.
        verified_by : str, optional
            Whose verification; by default that of `main`.

        Returns
        -------
        GapEstimate
            Parts in persons.

        Raises
        ------
        InputError
            If a source is unknown or the window ends before it starts.
        NotEstimableError
            If nothing was announced for days inside the window.
        """
        first, last = _window(start, end)
        notes = []
        if last > self.layout.today:
            last = self.layout.today
            notes.append(Message(NOTE_FUTURE, as_of=self.as_of))
            if last < first:
                raise InputError(f"start: expected a day up to {self.as_of}, got {_date(first)}. Use nowcast")
        self._reachable(first, last)
        announcer, cover = self._announced(first, last, announced_by)
        announced = int(announcer.count[list(cover)].sum())
        covered = int((announcer.end[list(cover)] - announcer.start[list(cover)] + 1).sum())
        if len(cover) > 1:
            notes.append(Message(NOTE_ANNOUNCED_SUM, n=len(cover), announced_by=announcer.source))
        if covered < last - first + 1:
            notes.append(
                Message(
                    NOTE_ANNOUNCED_PART, announced_by=announcer.source, covered=covered, days=last - first + 1
                )
            )
        which = self._main if verified_by is None else self._monitor(verified_by)
        monitor = self.series[which]
        inside = monitor.cover(first, last, self.layout.today)
        verified = int(monitor.count[list(inside)].sum()) if inside else 0
        if not inside:
            notes.append(Message(NOTE_NOTHING_VERIFIED, verified_by=monitor.source))
        if verified > announced:
            notes.append(
                Message(
                    NOTE_MORE_VERIFIED, verified_by=monitor.source, verified=verified, announced=announced
                )
            )
        random = np.random.default_rng([self.seed, 2, which, abs(first), abs(last)])
        _, pending = self._totals(which, first, last, None, random)
        days = np.arange(first, last + 1)
        chance = self._chance
        mean = (self._rates(days) * np.exp(self.posterior.ratio[:, [which]])).sum(axis=1)
        never = random.poisson(mean * (1 - chance) / chance)
        carried_out = verified + pending + never
        infinite, worth = math.inf, self.posterior.effective
        return GapEstimate(
            label=_named(announcer.source, _date(first), _date(last)),
            start=_date(first),
            end=_date(last),
            as_of=self.as_of,
            announced=announced,
            announced_by=announcer.source,
            at_least=bool(announcer.at_least[list(cover)].any()),
            verified=verified,
            verified_by=monitor.source,
            verified_on=_date(int(monitor.published[list(inside)].max())) if inside else None,
            eventually_verified=UncertainCount.from_draws(
                verified + pending,
                bounds=(verified, infinite),
                identified_by=self._identified,
                effective_size=worth,
            ),
            carried_out=UncertainCount.from_draws(
                carried_out, bounds=(verified, infinite), identified_by="prior", effective_size=worth
            ),
            pending=UncertainCount.from_draws(
                pending, bounds=(0, infinite), identified_by=self._identified, effective_size=worth
            ),
            unverifiable=UncertainCount.from_draws(
                never, bounds=(0, infinite), identified_by="prior", effective_size=worth
            ),
            unsubstantiated=UncertainCount.from_draws(
                np.maximum(announced - carried_out, 0),
                bounds=(0, max(announced - verified, 0)),
                identified_by="prior",
                effective_size=worth,
            ),
            estimator=self.estimator,
            digest=self.reports.digest,
            definition=self.reports.definition,
            seed=self.seed,
            notes=(*notes, *self.notes, self._verification_note),
        )

    @property
    def daily(self) -> Any:
        """Releases of each day that each monitor will have verified, and those carried out: a frame."""
        return self._frame(cumulative=False)

    @property
    def cumulative(self) -> Any:
        """Running totals of `daily`: a frame."""
        return self._frame(cumulative=True)

    @property
    def ratios(self) -> Any:
        """What each source counts for one release that `main` will verify, for the same days: a frame."""
        import pandas as pd

        rows = []
        own = self.posterior.ratio[:, self._main]
        for k, one in enumerate(self.series):
            if k == self._main:
                continue
            ratio = np.exp(self.posterior.ratio[:, k] - own)
            low, high = np.quantile(ratio, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
            rows.append(
                {
                    "source": one.source,
                    "role": one.role,
                    "relative_to": self.main,
                    "mean": float(ratio.mean()),
                    "low": float(low),
                    "high": float(high),
                    "n_counts": len(one.plan.rows),
                }
            )
        columns = ["source", "role", "relative_to", "mean", "low", "high", "n_counts"]
        return pd.DataFrame(rows, columns=columns)

    def record(self, level: float = 0.95) -> dict[str, Any]:
        """Give everything needed to make the numbers again, as plain values that JSON can hold."""
        totals = {}
        for one in self.series:
            if one.role == "announced" or not one.plan.rows:
                continue
            first, last = int(one.start.min()), self.layout.today
            count = self.nowcast(one.source, start=_date(first), end=_date(last))
            interval = count.interval(level)
            totals[one.source] = {
                "start": _date(first).isoformat(),
                "end": _date(last).isoformat(),
                "low": interval.low,
                "mean": count.mean,
                "high": interval.high,
                "level": level,
                "identified_by": count.identified_by,
            }
        return {
            "estimator": repr(self.estimator),
            "as_of": self.as_of.isoformat(),
            "eventually_verified": totals,
            "ratios": self.ratios.to_dict("records"),
            "diagnostics": {
                key: value if math.isfinite(value) else None for key, value in self.diagnostics.items()
            },
            "seed": self.seed,
            "data_sha256": self.reports.digest,
            "assumptions": [str(assumption) for assumption in self.assumptions],
            "notes": list(self.notes),
            **provenance(),
        }

    def cite(self, style: CitationStyle = "text") -> str:
        """Say how to cite the library and the papers of the method used."""
        return cite(style, references=self.estimator.references)

    def __str__(self) -> str:
        main = self.series[self._main]
        first = _date(int(main.start.min()))
        later = self.nowcast(main.source, start=first, end=self.as_of)
        return (
            f"{len(self.series)} series of counts from {len(self.reports):,} rows up to {self.as_of}; "
            f"{main.source} will have verified {later} of the releases since {first}"
        )

    def __repr__(self) -> str:
        return f"<ProcessEstimate by {self.estimator!r}: {self}>"

    # what the numbers above are made of

    @property
    def _identified(self) -> IdentifiedBySource:
        return "data" if self.delay_from_data else "prior"

    @cached_property
    def _chance(self) -> Array:
        """Draws of the chance that a true release is ever verified, the same for every question."""
        random = np.random.default_rng([self.seed, 3])
        return random.beta(*self.estimator.verification, size=len(self.posterior.level))

    @property
    def _verification_note(self) -> str:
        low, high = np.quantile(self._chance, [0.025, 0.975])
        a, b = self.estimator.verification
        return Message(NOTE_VERIFICATION_PRIOR, mean=a / (a + b), low=low, high=high)

    def _monitor(self, source: str) -> int:
        """Series of a monitor by its name; verified counts before those passed on."""
        found = [k for k, one in enumerate(self.series) if one.source == source and one.role != "announced"]
        if not found:
            raise InputError(
                f"source: expected one of {', '.join(map(repr, self.sources))}, got {source!r}. "
                "Only sources with counts of releases in a known window can be forecast"
            )
        return max(found, key=lambda k: self.series[k].role == "verified")

    def _announced(self, first: int, last: int, source: str | None) -> tuple[_Series, tuple[int, ...]]:
        """Announcements inside a window."""
        names = [one.source for one in self.series if one.role == "announced"]
        if source is not None and source not in names:
            raise InputError(
                f"announced_by: expected one of {', '.join(map(repr, names)) or 'none'}, got {source!r}. "
                "Name a source with announced counts"
            )
        found = []
        for one in self.series:
            if one.role == "announced" and (source is None or one.source == source):
                cover = one.cover(first, last, self.layout.today)
                if cover:
                    rows = list(cover)
                    days = int((one.end[rows] - one.start[rows] + 1).sum())
                    found.append((days, int(one.published[rows].max()), one, cover))
        if not found:
            raise NotEstimableError(
                "ReleaseProcess.gap",
                Message(
                    "nothing was announced for days inside {first} to {last}",
                    first=_date(first),
                    last=_date(last),
                ),
                Message("Ask for a window that holds the window of an announcement."),
            )
        _, _, one, cover = max(found, key=lambda item: item[:2])
        return one, cover

    def _corrections(self, which: int) -> tuple[int, int]:
        """How often a source lowered a total, of how many successive ones."""
        plan = self.series[which].plan
        lowered = len({gone.new for gone in plan.superseded if gone.why == "correction"})
        return lowered, sum(len(plan.bases[row]) > 0 for row in plan.rows) + lowered

    def _reachable(self, first: int, last: int) -> None:
        """Refuse a window too far from the counts."""
        if first < self.layout.first - _FIRST_HORIZON or last > self.layout.today + _FIRST_HORIZON:
            raise InputError(
                f"window: expected days within {_FIRST_HORIZON} of the counts, got {_date(first)} to "
                f"{_date(last)}. Nothing published says anything of days so far away"
            )

    def _rates(self, days: Days) -> Array:
        """Draws of releases a day on the reference register, shape (n_draws, n_days)."""
        layout, posterior = self.layout, self.posterior
        inside = np.clip(days, layout.first, layout.last)
        rates = np.exp(np.minimum(posterior.log_rate[:, layout.block(inside)], 30.0))
        for beyond, state, tag in (
            (days - layout.last, posterior.last, 4),
            (layout.first - days, posterior.first, 5),
        ):
            steps = int(beyond.max(initial=0))
            if steps <= 0:
                continue
            random = np.random.default_rng([self.seed, tag])
            kept = math.exp(-1 / self.estimator.memory)
            fresh = posterior.campaign * math.sqrt(1 - kept**2)
            path = np.empty((len(state), steps))
            for step in range(steps):
                noise = random.standard_normal((2, len(state)))
                state = kept * state + fresh * noise[0]
                path[:, step] = posterior.level + state + posterior.day * noise[1]
            outside = beyond > 0
            rates[:, outside] = np.exp(np.minimum(path[:, beyond[outside] - 1], 30.0))
        return rates

    def _reached(self, days: Days, on: int | None, first: int, last: int) -> Array:
        """Draws of the chance to be verified by a day, 0 outside a window; shape (n_draws, n_days)."""
        inside = (days >= first) & (days <= last)
        if on is None:
            return np.broadcast_to(inside * 1.0, (len(self.posterior.level), len(days)))
        lags = np.where(inside, on - days, -1)
        least, most = int(lags.min(initial=0)), int(lags.max(initial=0))
        table = discrete_cdf(self.estimator.delay, self.posterior.delay, np.arange(least, most + 1))
        return table[:, lags - least]

    def _mean(self, which: int, first: int, last: int, on: int | None, bases: tuple[int, ...]) -> Array:
        """Draws of what a total adds to the reports it stands on, by day: (n_draws, n_days)."""
        monitor = self.series[which]
        days = np.arange(first, last + 1)
        share = self._reached(days, on, first, last).copy()
        for base in bases:
            share -= self._reached(
                days, int(monitor.published[base]), int(monitor.start[base]), int(monitor.end[base])
            )
        return np.maximum(share, 0.0) * self._rates(days) * np.exp(self.posterior.ratio[:, [which]])

    def _totals(
        self, which: int, first: int, last: int, on: int | None, random: np.random.Generator
    ) -> tuple[int, NDArray[np.int64]]:
        """The sum of the reports inside a window, and draws of what will be added to it."""
        monitor = self.series[which]
        if on is not None:
            last = min(last, on)
        today = self.layout.today if on is None else min(on, self.layout.today)
        bases = monitor.cover(first, last, today)
        known = int(monitor.count[list(bases)].sum()) if bases else 0
        mean = self._mean(which, first, last, on, bases).sum(axis=1)
        added = draw_batches(mean, self.posterior.spread, random)
        for base in bases:
            if monitor.at_least[base] and not any(
                base in monitor.plan.bases[row] and not monitor.at_least[row] for row in monitor.plan.rows
            ):
                below = monitor.plan.bases[base]
                own = self._mean(
                    which,
                    int(monitor.start[base]),
                    int(monitor.end[base]),
                    int(monitor.published[base]),
                    below,
                ).sum(axis=1)
                increment = int(monitor.count[base] - monitor.count[list(below)].sum())
                added = added + draw_excess(
                    increment, own, self.posterior.spread, _excess(int(monitor.count[base])), random
                )
        return known, added

    def _by_day(self, which: int, random: np.random.Generator) -> NDArray[np.int64]:
        """Draws of the verified in the end by release day, summing to the reports: (n_draws, n_days)."""
        monitor = self.series[which]
        first, last = self.layout.first, self.layout.today
        total = np.zeros((len(self.posterior.level), last - first + 1), dtype=np.int64)

        def share_out(count: int, mean: Array, start: int) -> None:
            whole = mean.sum(axis=1, keepdims=True)
            even = np.full_like(mean, 1 / mean.shape[1])
            shares = np.where(whole > 0, mean / np.where(whole > 0, whole, 1.0), even)
            total[:, start - first : start - first + mean.shape[1]] += random.multinomial(count, shares)

        def report(row: int) -> None:
            below = monitor.plan.bases[row]
            start, end = int(monitor.start[row]), int(monitor.end[row])
            increment = int(monitor.count[row] - monitor.count[list(below)].sum())
            share_out(increment, self._mean(which, start, end, int(monitor.published[row]), below), start)
            for base in below:
                report(base)

        top = monitor.cover(first, last, last)
        mean = self._mean(which, first, last, None, top)
        total += draw_batches(mean, self.posterior.spread[:, None], random)
        for row in top:
            report(row)
        return total

    def _frame(self, *, cumulative: bool) -> Any:
        """One row a day and quantity."""
        import pandas as pd

        frames = []
        dates = pd.to_datetime(np.arange(self.layout.first, self.layout.today + 1).astype("datetime64[D]"))
        for k, one in enumerate(self.series):
            if one.role == "announced":
                continue
            random = np.random.default_rng([self.seed, 6, k])
            verified = self._by_day(k, random)
            quantities = [("verified in the end", verified, self._identified)]
            if k == self._main:
                days = np.arange(self.layout.first, self.layout.today + 1)
                mean = self._rates(days) * np.exp(self.posterior.ratio[:, [k]])
                chance = self._chance[:, None]
                never = random.poisson(mean * (1 - chance) / chance)
                quantities.append(("carried out", verified + never, "prior"))
            for name, draws, identified in quantities:
                if cumulative:
                    draws = draws.cumsum(axis=1)
                low, high = np.quantile(
                    draws, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2], axis=0, method="inverted_cdf"
                )
                frames.append(
                    pd.DataFrame(
                        {
                            "date": dates,
                            "quantity": name,
                            "source": one.source,
                            "role": one.role,
                            "mean": draws.mean(axis=0),
                            "low": low,
                            "high": high,
                            "identified_by": identified,
                        }
                    )
                )
        return pd.concat(frames, ignore_index=True)


def _series(reports: PublishedReleases) -> tuple[list[_Series], list[str]]:
    """Sort the counts by source and role; say what was left out and what was corrected."""
    published = reports.published.astype(np.int64)
    unknown = np.isnat(reports.start)
    open_end = np.isnat(reports.end) & ~unknown
    start = np.where(unknown, 0, reports.start.astype(np.int64))
    end = np.where(np.isnat(reports.end), published, reports.end.astype(np.int64))
    notes: list[str] = []
    if unknown.any():
        sources = sorted({reports.source[k] for k in np.flatnonzero(unknown)})
        notes.append(Message(NOTE_NO_START, n=int(unknown.sum()), sources=sources))
    if open_end.any():
        notes.append(Message(NOTE_NO_END, n=int(open_end.sum())))
    early = int((~unknown & (start > published)).sum())
    if early:
        notes.append(Message(NOTE_EARLY, n=early))
    found: dict[tuple[str, str], list[int]] = {}
    used, recent = _thinned(reports, np.flatnonzero(~unknown & (start <= published)), start, published)
    if recent is not None:
        notes.append(Message(NOTE_THINNED, days=recent))
    for k in used:
        found.setdefault((reports.source[k], reports.role[k]), []).append(int(k))
    series = []
    for (source, role), rows in found.items():
        at = np.array(rows)
        stop = np.minimum(end[at], published[at])
        fits = stop >= start[at]
        at, stop = at[fits], stop[fits]
        if not len(at):
            continue
        plan = plan_reports(start[at], stop, published[at], reports.count[at], reports.at_least[at])
        one = _Series(
            source, role, start[at], stop, published[at], reports.count[at], reports.at_least[at], plan
        )
        series.append(one)
        for gone in plan.superseded:
            old, new = int(one.count[gone.old]), int(one.count[gone.new])
            day = _date(int(one.published[gone.old]))
            if gone.why == "correction":
                notes.append(
                    Message(
                        NOTE_CORRECTION,
                        source=source,
                        old=old,
                        old_day=day,
                        new=new,
                        new_day=_date(int(one.published[gone.new])),
                        withdrawn=max(old - new, 0),
                    )
                )
            elif gone.why == "same day":
                notes.append(Message(NOTE_SAME_DAY, source=source, old=old, new=new, day=day))
            else:
                notes.append(Message(NOTE_NO_NEWS, source=source, old=old, day=day))
        if plan.n_overlapping:
            notes.append(Message(NOTE_OVERLAP, source=source, n=plan.n_overlapping))
    return series, notes


def _thinned(reports: PublishedReleases, rows: Days, start: Days, published: Days) -> tuple[Days, int | None]:
    """Of many counts keep the recent ones, and of the older the last of each week or month."""
    today = published[-1]
    recent = None
    for days, period in _THINNED:
        if len(rows) <= _MOST_COUNTS:
            break
        recent = days
        last = {}
        for k in rows:
            age = int(today - published[k])
            bucket = -1 - int(k) if age < days else age // period
            last[reports.source[k], reports.role[k], int(start[k]), bucket] = int(k)
        rows = np.array(sorted(last.values()), dtype=np.int64)
    return rows, recent


def _layout(series: list[_Series], today: int) -> _Layout:
    """Lay the days out in blocks: single where counts tell them apart, longer elsewhere."""
    first = min(int(one.start[row]) for one in series for row in one.plan.rows)
    last = today + _AHEAD
    n_days = last - first + 1
    single = np.zeros(n_days + 1, dtype=bool)
    edge = np.zeros(n_days + 1, dtype=bool)
    single[max(today - _NEAR - first, 0) :] = True
    edge[0] = True
    for one in series:
        for row in one.plan.rows:
            start, end, published = (int(part[row]) - first for part in (one.start, one.end, one.published))
            edge[[start, min(end + 1, n_days)]] = True
            if one.role == "announced":
                single[max(end - 1, start) : end + 3] = True
                single[start : min(start + 3, end + 1)] = True
            else:
                single[max(start, published - _NEAR) : end + 1] = True
    for longest in _BLOCKS:
        starts = _blocks(single, edge, n_days, longest)
        if len(starts) <= _MOST_BLOCKS:
            break
        old = max(n_days - _RECENT, 0)
        single[:old] = False
        edge[1:old] = False
    return _Layout(first, today, last, starts)


def _blocks(single: NDArray[np.bool_], edge: NDArray[np.bool_], n_days: int, longest: int) -> Days:
    """First days of the blocks."""
    starts = []
    length = 0
    for day in range(n_days):
        if day == 0 or edge[day] or single[day] or single[day - 1] or length >= longest:
            starts.append(day)
            length = 0
        length += 1
    return np.array(starts, dtype=np.int64)


def _increments(spec: ReleaseProcess, series: list[_Series], layout: _Layout) -> Increments:
    """Set the reports out as increments."""
    days = np.arange(layout.first, layout.last + 1)
    first_days = layout.first + layout.starts
    last_days = first_days + layout.widths - 1
    near: list[Days] = []
    far: list[Days] = []
    fixed: list[Array] = []
    position: dict[tuple[int, int], int] = {}
    for k, one in enumerate(series):
        for row in one.plan.rows:
            position[k, row] = len(near)
            start, end, published = int(one.start[row]), int(one.end[row]), int(one.published[row])
            if one.role == "announced":
                by_day = np.where(days >= start, _follow(days - end), 0.0)
                near.append(np.zeros(len(first_days), dtype=np.int64))
                far.append(np.zeros(len(first_days), dtype=np.int64))
                fixed.append(np.add.reduceat(by_day, layout.starts))
            else:
                low, high = np.maximum(first_days, start), np.minimum(last_days, end)
                inside = low <= high
                near.append(np.where(inside, published - high, 0))
                far.append(np.where(inside, published - low + 1, 0))
                fixed.append(np.zeros(len(first_days)))
    report, stands_on, whose, kind, count, error, keys = [], [], [], [], [], [], []
    for k, one in enumerate(series):
        for row in one.plan.rows:
            below = list(one.plan.bases[row])
            increment = int(one.count[row] - one.count[below].sum())
            if one.role != "verified" and increment == 0:
                continue  # the same figure again: passed on, it says nothing of the days between
            report.append(position[k, row])
            stands_on.append([position[k, base] for base in below])
            whose.append(k)
            keys.append((k, row))
            count.append(increment)
            if one.role == "verified":
                kind.append(LEAST if one.at_least[row] else EXACT)
                error.append(_excess(int(one.count[row])))
            else:
                kind.append(ROBUST_LEAST if one.at_least[row] else ROBUST)
                error.append(spec.announced_error if one.role == "announced" else spec.reported_error)
    following = np.full(len(count), -1)
    taken: set[int] = set()
    for i, (k, row) in enumerate(keys):
        if kind[i] != LEAST:
            continue
        for other, (whom, later) in enumerate(keys):
            if whom == k and kind[other] == EXACT and row in series[k].plan.bases[later]:
                if other not in taken:
                    following[i] = other
                    taken.add(other)
                else:
                    kind[i] = EXACT
                break
    most = max((len(line) for line in stands_on), default=0)
    announced = np.array([one.role == "announced" for one in series])
    covariance = np.diag(np.where(announced, (0.6 * spec.announced_ratio[1]) ** 2, spec.monitor_ratio**2))
    covariance += np.outer(announced, announced) * (0.8 * spec.announced_ratio[1]) ** 2
    jumps = sorted(
        {int(day) for one in series if one.role == "announced" for day in one.start[list(one.plan.rows)]}
    )
    return Increments(
        near=np.array(near),
        far=np.array(far),
        fixed=np.array(fixed),
        report=np.array(report, dtype=np.int64),
        below=np.array([line + [-1] * (most - len(line)) for line in stands_on], dtype=np.int64),
        centre=layout.first + layout.starts + (layout.widths - 1) / 2,
        width=layout.widths.astype(np.float64),
        series=np.array(whose, dtype=np.int64),
        kind=np.array(kind, dtype=np.int64),
        count=np.array(count, dtype=np.float64),
        following=following,
        error=np.array(error),
        ratio_mean=np.where(announced, math.log(spec.announced_ratio[0]), 0.0),
        ratio_covariance=covariance,
        jumps=np.array(jumps, dtype=np.float64),
    )


def _follow(days: Days) -> Array:
    """Share of the releases of a day, days after an announcement, that still follow from it."""
    return np.where(days > 0, _CARRIED_OUT ** np.maximum(days, 0), 1.0)


def _excess(count: int) -> float:
    """Persons by which a figure said to be a lower bound is too low, on average."""
    return _EXCESS * count + 1


def _window(start: Any, end: Any) -> tuple[int, int]:
    """Days of a window."""
    first, last = _day_number("start", start), _day_number("end", end)
    if last < first:
        raise InputError(
            f"end: expected a day from {_date(first)} on, got {_date(last)}. Swap them, or mend the dates"
        )
    return first, last


def _day_number(name: str, value: Any) -> int:
    """Days since 1970."""
    return int(read_day(value, name).astype(np.int64))


def _named(source: str, first: dt.date, last: dt.date) -> Name:
    """Name of what a source announced for some days."""
    words = Message("{source}, {first} to {second}", source=source, first=first, second=last)
    return Name(f"{source}, {first} to {last}", words)


def _date(day: int) -> dt.date:
    """Date of a day since 1970."""
    date: dt.date = np.datetime64(day, "D").astype(object)
    return date
