"""The specification: the continuing process of releases, and the priors of its parts."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from detcount import arguments, references
from detcount._numerics.delay import FAMILIES
from detcount._numerics.process import Scales, fit_process
from detcount.assumptions import Assumption
from detcount.citation import Reference
from detcount.errors import InputError, NotEstimableError
from detcount.published import PublishedReleases
from detcount.releases.process.increments import Errors, increments_of
from detcount.releases.process.layout import lay_out
from detcount.releases.process.notes import (
    NOTE_DELAY_PRIOR,
    NOTE_MIXING,
    NOTE_NO_ANNOUNCEMENT,
    REASON_LARGE,
    REMEDY_LARGE,
)
from detcount.releases.process.result import ProcessEstimate
from detcount.releases.process.series import read_series
from detcount.specification import specification
from detcount.words import Message

__all__ = ["ReleaseProcess"]

_MOST = 100_000_000  # persons: ten times the releases of a year from all jails of the largest systems
_ENOUGH = 3  # successive counts that say something of the delay
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
    releases_per_day : tuple of float, optional
        Prior of the usual number of releases a day: median, and standard deviation of its log.
    day_scale : tuple of float, optional
        Prior of the scale on which neighbouring days differ, of the log: most days bring little, single
        days ten times as much. Median, and standard deviation of its log.
    campaign_scale : tuple of float, optional
        Prior of the scale of the slow part, of the log: campaigns and lulls.
    memory : float, optional
        Days after which a campaign has lost two thirds of its effect.
    jump : float, optional
        Scale of the jump of the log intensity on the days of announcements.
    jump_memory : float, optional
        Days after which two thirds of such a jump are over.
    clusters : tuple of float, optional
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
    (people are verified in clusters). An announced figure has mean kappa times the releases that follow
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
    releases_per_day: tuple[float, float] = (1.0, 1.2)
    day_scale: tuple[float, float] = (1.2, 0.3)
    campaign_scale: tuple[float, float] = (1.0, 0.4)
    memory: float = 14.0
    jump: float = 1.0
    jump_memory: float = 4.0
    clusters: tuple[float, float] = (1.0, 0.7)
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
            raise InputError(
                Message(
                    "delay: expected one of {known}, got {got}. 'weibull' is usual",
                    known=repr(FAMILIES),
                    got=repr(self.delay),
                )
            )
        pairs = ("verification", "median_delay", "delay_shape", "releases_per_day", "day_scale")
        for name in (*pairs, "campaign_scale", "clusters", "announced_ratio"):
            object.__setattr__(self, name, arguments.positive_pair(name, getattr(self, name)))
        for name in ("memory", "jump_memory", "monitor_ratio", "announced_error", "reported_error"):
            arguments.positive(name, getattr(self, name))
        arguments.number("jump", self.jump, least=0, remedy=Message("0 means no jumps"))
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
                Message(
                    "{estimator}: expected PublishedReleases, got {kind}. "
                    "Use PublishedReleases.from_frame(frame)",
                    estimator="ReleaseProcess",
                    kind=type(reports).__name__,
                )
            )
        seed = arguments.seed(seed)
        if (largest := int(reports.count.max())) > _MOST:
            raise NotEstimableError(
                "ReleaseProcess", Message(REASON_LARGE, n=largest, most=_MOST), Message(REMEDY_LARGE)
            )
        series, notes = read_series(reports)
        if not any(one.role != "announced" for one in series):
            raise NotEstimableError(
                "ReleaseProcess",
                Message("no count of a monitor says which days it covers"),
                Message("Add verified counts with the first day of their window."),
            )
        last = int(reports.published[-1].astype(np.int64))
        layout = lay_out(series, last)
        data = increments_of(series, layout, self._errors)
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
    def _errors(self) -> Errors:
        """The priors of what sources count for the same releases."""
        return Errors(
            announced=self.announced_error,
            reported=self.reported_error,
            announced_ratio=self.announced_ratio,
            monitor_ratio=self.monitor_ratio,
        )

    @property
    def _scales(self) -> Scales:
        """The priors as the numbers need them."""
        return Scales(
            level=(math.log(self.releases_per_day[0]), self.releases_per_day[1]),
            median_delay=self.median_delay,
            delay_shape=self.delay_shape,
            spread=self.clusters,
            day=self.day_scale,
            campaign=self.campaign_scale,
            jump=float(self.jump),
            jump_memory=float(self.jump_memory),
            memory=float(self.memory),
            family=self.delay,
        )
