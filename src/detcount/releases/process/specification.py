"""The specification: the continuing process of releases, and the priors of its parts."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from detcount import arguments, references
from detcount._numerics.delay import FAMILIES
from detcount._numerics.process import Scales, fit_process
from detcount.assumptions import Assumption
from detcount.citation import Reference
from detcount.errors import InputError, NotEstimableError
from detcount.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.published.days import as_date
from detcount.published.releases import require_releases
from detcount.releases.forecasting.notes import pool_note
from detcount.releases.process.basis import looked_at_twice
from detcount.releases.process.layout import lay_out
from detcount.releases.process.limit import read_limit
from detcount.releases.process.lots import read_lots
from detcount.releases.process.notes import (
    NOTE_DELAY_PRIOR,
    NOTE_MIXING,
    NOTE_NO_ANNOUNCEMENT,
    NOTE_STOCK,
    REASON_LARGE,
    REMEDY_LARGE,
)
from detcount.releases.process.result import ProcessEstimate
from detcount.releases.process.rows import register_of
from detcount.releases.process.series import read_series
from detcount.specification import specification
from detcount.words import Message

__all__ = ["ReleaseProcess"]

_MOST = 100_000_000  # persons: ten times the releases of a year from all jails of the largest systems
_GOOD_R_HAT = 1.05
_FEWEST = 400  # independent draws below which limits are said to be approximate
_PAIRS = (
    "verification",
    "carried_out",
    "median_delay",
    "delay_shape",
    "slow_share",
    "wave_rate",
    "wave_size",
    "wave_decay",
    "campaign_days",
    "lull_days",
    "background",
    "announced_share",
    "wider_share",
    "clusters",
)


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
    carried_out : tuple of float, optional
        Beta prior of the share of an announcement that was carried out, where it splits a gap.
    delay : {"weibull", "log-normal"}, optional
        Family of the days between release and verification.
    median_delay : tuple of float, optional
        Prior of the median delay: days, and standard deviation of its log. By default half of the
        verified releases are verified within half a day, give or take a factor of 5.
    delay_shape : tuple of float, optional
        Prior of the shape: median, and standard deviation of its log. Below 1 some verifications
        take far longer than most.
    slow_share : tuple of float, optional
        Beta prior of the share of verifications that take a month rather than days.
    wave_rate : tuple of float, optional
        Prior of the waves that begin in a day while a campaign lasts: median, and standard deviation of
        the log.
    wave_size : tuple of float, optional
        Prior of the median size of a wave, persons: median, and standard deviation of its log.
    wave_spread : float, optional
        Standard deviation of the log size from wave to wave.
    wave_decay : tuple of float, optional
        Prior of the days after which two thirds of a wave have been released: median, and standard
        deviation of its log.
    campaign_days : tuple of float, optional
        Prior of the mean days that a campaign lasts: median, and standard deviation of its log.
    lull_days : tuple of float, optional
        Prior of the mean days until another campaign begins without an announcement: median, and standard
        deviation of its log.
    background : tuple of float, optional
        Gamma prior of the releases a day besides: shape, and mean.
    announced_share : tuple of float, optional
        Beta prior of the share of an announced lot that a monitor verifies in the end: carried out, within
        the definition of the monitor, and found by it.
    wider_share : tuple of float, optional
        The same for a lot said to be of all prisoners, where monitors count political ones.
    clusters : tuple of float, optional
        Prior of the persons verified together, less one: median, and standard deviation of the log.
    monitor_ratio : float, optional
        Standard deviation of the log of what one monitor verifies over what another does.
    reported_error : float, optional
        Relative error of a single figure that was passed on.
    pooled : bool, optional
        Whether forecasts of what a monitor publishes on a later day are pooled with the growth of totals
        in other campaigns; False for the model alone.
    n_draws : int, optional
        Draws kept.

    See Also
    --------
    VerificationDelay : The delay alone, from dated cases.

    Notes
    -----
    Waves of releases begin at a rate nu while a campaign lasts; it ends with a hazard eta, and may begin
    again, with a chance of its own where something is announced. Of a wave begun on day w with size S
    releases of day d have mean S (exp(-(d - w)/tau) - exp(-(d - w + 1)/tau)), log S being normal. An
    announcement is a lot: of the A announced a share, with a Beta prior, is released over the days it names
    and shortly after, or, where it names no end, as time goes. What a later announcement adds to those it
    contains is a lot of its own. Every release belongs to a wave, a lot or a constant background. A release
    of day d joins monitor j's register by day t with probability pi_j F(t - d), F being quick for most and
    slow for some, so a total over the window [s, e] published on t has the mean of these over its days, and
    of two nested totals the later adds an independent increment; increments are negative binomial with
    variance proportional to the mean (people are verified in clusters). Only the products of the releases
    and pi_j are identified from totals. A total below an earlier one that it contains is a correction: the
    later wins, and forecasts allow for further ones, less with the age of a figure. "At least" figures are
    taken to be below the register by a tenth on average. Gibbs sampling with clusters as latent data [1]_
    and whole paths of the states drawn at once [2]_.

    References
    ----------
    .. [1] Zhou, M., & Carin, L. (2015). Negative binomial process count and mixture modeling. IEEE
       Transactions on Pattern Analysis and Machine Intelligence, 37, 307-320.
       https://doi.org/10.1109/TPAMI.2013.211
    .. [2] Scott, S. L. (2002). Bayesian methods for hidden Markov models: recursive computing in the 21st
       century. Journal of the American Statistical Association, 97, 337-351.
       https://doi.org/10.1198/016214502753479464

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
    carried_out: tuple[float, float] = (1.0, 1.0)
    delay: str = "weibull"
    median_delay: tuple[float, float] = (0.5, 1.6)
    delay_shape: tuple[float, float] = (0.8, 0.5)
    slow_share: tuple[float, float] = (1.0, 9.0)
    wave_rate: tuple[float, float] = (0.4, 0.7)
    wave_size: tuple[float, float] = (8.0, 1.0)
    wave_spread: float = 1.7
    wave_decay: tuple[float, float] = (1.0, 0.6)
    campaign_days: tuple[float, float] = (12.0, 0.8)
    lull_days: tuple[float, float] = (60.0, 0.7)
    background: tuple[float, float] = (0.3, 0.6)
    announced_share: tuple[float, float] = (0.7, 0.9)
    wider_share: tuple[float, float] = (0.4, 1.6)
    clusters: tuple[float, float] = (4.0, 0.8)
    monitor_ratio: float = 0.35
    reported_error: float = 0.4
    pooled: bool = True
    n_draws: int = 4000
    assumes: ClassVar[tuple[Assumption, ...]] = (
        Assumption.STATED_WINDOWS,
        Assumption.RELEASE_CAMPAIGNS,
        Assumption.COMMON_DELAY,
        Assumption.STATED_VERIFICATION,
    )
    references: ClassVar[tuple[Reference, ...]] = (
        references.ZHOU_CARIN_2015,
        references.SCOTT_2002,
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
        for name in _PAIRS:
            object.__setattr__(self, name, arguments.positive_pair(name, getattr(self, name)))
        for name in ("wave_spread", "monitor_ratio", "reported_error"):
            arguments.positive(name, getattr(self, name))
        arguments.true_or_false("pooled", self.pooled)
        object.__setattr__(self, "n_draws", arguments.whole_number("n_draws", self.n_draws, least=100))

    def fit(
        self,
        reports: PublishedReleases,
        *,
        seed: int = 0,
        stock: PublishedStock | float | None = None,
        arrests: PublishedArrests | float | None = None,
    ) -> ProcessEstimate:
        """Estimate the process from published counts.

        Parameters
        ----------
        reports : PublishedReleases
            Published counts; `reports.as_of(day)` is what was known on a day.
        seed : int, optional
            Seed of the draws.
        stock : PublishedStock or float, optional
            Persons held when the releases began, by the last count before, or as a number.
        arrests : PublishedArrests or float, optional
            Persons arrested since. With a stock, draws with more releases than these are left out.

        Returns
        -------
        ProcessEstimate
            Daily and cumulative releases, ratios between sources, nowcasts and gaps, in persons.

        Raises
        ------
        NotEstimableError
            If no monitor's count says which days it covers, or none was verified and all are 0.
        """
        require_releases("ReleaseProcess", reports)
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
        lots = read_lots(reports)
        data = register_of(series, layout, lots, self)
        if not len(data.count):
            raise NotEstimableError(
                "ReleaseProcess",
                Message("no monitor verified anything itself, and every figure passed on is 0"),
                Message("Add counts of a monitor that say how many releases it verified."),
            )
        random = np.random.default_rng([seed, len(reports)])
        posterior = fit_process(data, self._scales, self.n_draws, random)
        limit = read_limit(stock, arrests, layout.first)
        if limit is not None:
            notes.append(Message(NOTE_STOCK, persons=limit.persons, day=as_date(limit.day)))
        if not looked_at_twice(series):
            notes.append(Message(NOTE_DELAY_PRIOR))
        if not any(one.role == "announced" for one in series):
            notes.append(Message(NOTE_NO_ANNOUNCEMENT))
        if self.pooled:
            notes.append(pool_note())
        if posterior.r_hat > _GOOD_R_HAT or posterior.effective < min(_FEWEST, self.n_draws / 10):
            notes.append(Message(NOTE_MIXING, r_hat=posterior.r_hat, effective=posterior.effective))
        return ProcessEstimate(
            reports=reports,
            series=tuple(series),
            layout=layout,
            lots=lots,
            posterior=posterior,
            estimator=self,
            limit=limit,
            seed=seed,
            notes=tuple(notes),
        )

    @property
    def _scales(self) -> Scales:
        """The priors as the numbers need them."""
        ends = ((1 / days, spread) for days, spread in (self.campaign_days, self.lull_days))
        pairs = (
            self.median_delay,
            self.delay_shape,
            self.wave_decay,
            self.clusters,
            self.wave_size,
            self.wave_rate,
            *ends,
        )
        return Scales(
            globals=np.array(pairs),
            wave_spread=float(self.wave_spread),
            background=self.background,
            ratio=float(self.monitor_ratio),
            slow=self.slow_share,
            family=self.delay,
        )
