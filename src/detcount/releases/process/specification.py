"""The specification: the next totals of monitors."""

from __future__ import annotations

from typing import ClassVar

from detcount import arguments, references
from detcount.assumptions import Assumption
from detcount.citation import Reference
from detcount.errors import NotEstimableError
from detcount.published import PublishedReleases
from detcount.published.releases import require_releases
from detcount.releases.process.figures import every_series
from detcount.releases.process.result import ProcessEstimate
from detcount.specification import specification
from detcount.words import Message


@specification
class ReleaseProcess:
    """What monitors will have published on a later day: running totals of verified releases, continued.

    The estimand is the total, persons, that a monitor publishes for a window of release days on a day to
    come. It says nothing of what was announced and not verified: for that see `AnnouncedBatches`.

    Parameters
    ----------
    n_draws : int, optional
        Draws of each forecast.

    See Also
    --------
    AnnouncedBatches : What became of an announcement.
    VerificationDelay : How long verification takes, from dated cases.

    Notes
    -----
    A linear pool of two forecasts. *Own steps*: what each figure added to the one before (the first, since
    the window began) is negative binomial, its variance over its mean learned from successive steps and a
    prior of 12; the rate is gamma, of steps weighed by exp(-days ago / (7 + days ahead)), drifts by a
    log-normal factor, and releases end after 80 days on average. *Growth elsewhere*: totals of the campaigns
    that ship, and of the same campaign so far, grew by powers of the days of their windows, 0 where nothing
    more came; a power is drawn, those of like totals over like days more often. Time ahead runs out in days,
    and a total runs out near the number announced for windows that begin within two days of it.

    With k figures, and h days ahead, own steps weigh m / (m + 6), m = (k - 1)(1 + h / 7). The campaign that
    the counts may belong to is never learned from. Of a window that had ended by the last figure, growth
    elsewhere alone speaks. The rule of choice and the scores, long campaigns among them, stand in the
    page on the backtest.

    References
    ----------
    .. [1] van Noortwijk, J. M. (2009). A survey of the application of gamma processes in maintenance.
       Reliability Engineering and System Safety, 94(1), 2-21. https://doi.org/10.1016/j.ress.2007.03.019

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
    >>> later = estimate.nowcast("monitor", start="2026-01-08", end="2026-01-20", on="2026-01-20")
    >>> later.median >= 56
    True
    """

    n_draws: int = 4000
    assumes: ClassVar[tuple[Assumption, ...]] = (Assumption.STATED_WINDOWS, Assumption.LIKE_CAMPAIGNS)
    references: ClassVar[tuple[Reference, ...]] = (references.VAN_NOORTWIJK_2009,)

    def __post_init__(self) -> None:
        object.__setattr__(self, "n_draws", arguments.whole_number("n_draws", self.n_draws, least=100))

    def fit(self, reports: PublishedReleases, *, seed: int = 0) -> ProcessEstimate:
        """Read the running totals that can be continued.

        Parameters
        ----------
        reports : PublishedReleases
            Published counts; `reports.as_of(day)` is what was known on a day.
        seed : int, optional
            Seed of the draws.

        Returns
        -------
        ProcessEstimate
            What can be asked for any day to come.

        Raises
        ------
        NotEstimableError
            If no verified count says from which day it counts.
        """
        require_releases("ReleaseProcess", reports)
        seed = arguments.seed(seed)
        if not every_series(reports):
            raise NotEstimableError(
                "ReleaseProcess",
                Message("no count of a monitor says which days it covers"),
                Message("Add verified counts with the first day of their window."),
            )
        return ProcessEstimate(reports=reports, estimator=self, seed=seed)
