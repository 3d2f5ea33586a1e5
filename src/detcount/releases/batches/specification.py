"""The specification: announcements of one day, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from detcount import arguments, references
from detcount._numerics.batches import BatchModel
from detcount._numerics.delay import FAMILIES
from detcount.assumptions import Assumption
from detcount.citation import Reference
from detcount.errors import InputError
from detcount.published import PublishedReleases
from detcount.published.releases import require_releases
from detcount.releases.batches.announcement import NAME, Rules
from detcount.releases.batches.notes import NOTE_ALIKE, NOTE_NO_DELAY
from detcount.releases.batches.posterior import exact_estimate, sampled_estimate
from detcount.releases.batches.reading import Read, read_batches, series_of
from detcount.releases.batches.result import BatchesEstimate, DelayFamily
from detcount.releases.batches.split import Problem
from detcount.releases.batches.verification import Beta, Verification, checked_verification, prior_of
from detcount.specification import specification
from detcount.words import Message

__all__ = ["AnnouncedBatches"]

_MOST_SHARE = 0.99  # of a chance or a correlation that leaves something to be learned


@specification
class AnnouncedBatches:
    """What became of announced batches of releases, from the figures that monitors published since.

    The estimand, for each announcement of A releases at one date, is R, the releases that happened in
    the definition the monitors use, and the split of the rest of A: *pending* (happened, to be verified
    later), *unverifiable* (happened, never to be verified) and *unsubstantiated* (did not happen).
    Published totals show the delay of verification and bound R between the verified and the announced;
    the split beyond that rests on stated priors, and every number says which. For running totals whose
    windows move use ``ReleaseProcess``.

    Parameters
    ----------
    delay : {"weibull", "log-normal"} or None, optional
        Family of the fast delays of verification in whole days. None is the plain model of textbooks, against
        which this one is tested: no delay, so that what is not verified yet never will be; nobody verified is
        outside the announcement, and every batch is followed.
    verification : tuple of float, or tuple of (str, tuple of float), optional
        Beta prior of the chance that a monitor ever verifies a true release of a batch that it follows: one
        pair for all monitors, or pairs of a name and its own pair (a mapping is taken too).
    unfollowed : float, optional
        Chance, from 0 to below 1, that a monitor does not follow a batch, and finds a few of it at most.
    stops : float, optional
        Chance, from 0 to below 1, that a monitor stops following a batch after its last figure, before it is
        known for how long it has been silent since. The longer that is beside its own gaps, the likelier it
        is that nothing more will be verified.
    carried_out : tuple of float, optional
        Beta prior of the chance that an announced release is carried out.
    whole : float, optional
        Chance, from 0 to below 1, that an announcement is carried out to the last person or nearly so,
        whatever `carried_out` says.
    alike : float, optional
        Correlation of the normal scores of that chance between batches, from 0 to below 1.
    delay_median : tuple of float, optional
        Prior of the median fast delay: days, and the factor that is one standard deviation (log-normal).
    delay_shape : tuple of float, optional
        Prior of its shape, likewise: of a Weibull, or the reciprocal of the standard deviation of the log
        days of a log-normal.
    slow : tuple of float or None, optional
        Beta prior of the share of verifications that are slow; None for none.
    slow_delay : tuple of float, optional
        A slow delay is log-normal: its median in days, and the factor that is one standard deviation.
    outsiders : tuple of float or None, optional
        Beta prior of the share of a monitor's verified who are not of the announcement, at most half of them;
        None for none.
    handed_over : float, optional
        Chance, from 0 to below 1, that an announcement is carried out whole before the eyes of a monitor, who
        verifies everybody at once, as in an exchange of prisoners. It counts where all figures of a monitor
        are the number announced, the first of them at most a day after the release.
    definition : tuple of float, optional
        Beta prior of the share of an announcement that is in a monitor's definition, where the measures of
        the two differ.
    monitors : tuple of str, optional
        Names of the monitors whose figures are used; None uses all.
    headline : str, optional
        The monitor whose verified figure the split starts from. None takes, for each batch, the one that
        stands against it by the rule of `PublishedReleases.counterparts`: of the same people, with the
        nearest window, exact, most recent; its size plays no part.
    roles : tuple of str, optional
        Roles of the rows that count as verified: ``"verified"``, and ``"reported"`` if asked for.
    max_window : int, optional
        Most days that a batch covers; an announcement over more is declined. Also the most days by which
        a verified window that is matched by its first day may run on.
    n_draws : int, optional
        Posterior draws kept.

    Raises
    ------
    NotEstimableError
        From `fit`, if there is no announced figure, no verified one, or no announcement that is a batch.
    ConvergenceError
        From `fit`, if the posterior is not reached in 200 steps.

    See Also
    --------
    GapEstimate : The result for each batch.
    influence : What each row does to each number.

    Notes
    -----
    R_k | A_k ~ Binomial(A_k, theta_k). Monitor j follows batch k with chance 1 - `unfollowed`, and then ever
    verifies a release with chance pi_jk ~ `verification` (else Beta(1, 30)), times delta_jk ~ `definition`
    where the measures differ. By a day it has verified the share (1 - w_jk) F_jk + w_jk S of these, F_jk of
    `delay` and S of `slow_delay`, in whole days: F(d) = cdf(d + 1). Of its figure V, Y_jk are outside the
    announcement, beta-binomial with `outsiders`, from max(0, V - A) to max(V/2, V - A); X = V - Y is binomial
    of R, and each earlier figure binomial of the next. Y given V so distributed is what follows where every
    further person verified is outside with chance o ~ Beta(a, b), until X of the announcement are found.

    Each unknown is the quantile, at a normal score, of its stated prior. Scores have correlations: theta of
    two batches `alike`; of one monitor in two batches, and of two monitors in one batch, pi 0.4 and 0.2, the
    median of F 0.5 and 0.1, its shape and w 0.5 and 0, Y 0.3 and 0.3, delta 0.3 and 0.5. That two monitors
    find, or miss, or copy the same people of a batch is what the second number is for. R is summed out, every
    number of it where they are few and in even steps below its standard deviation elsewhere; the scores are
    drawn by sequential Monte Carlo. With ``delay=None`` and one batch all is exact, P(R = r) proportional to
    BetaBinomial(r; A, c, d) BetaBinomial(V; r, a, b). Releases announced over several days are spread evenly.

    *A batch* is every announced row of one event; rows with no event go together by their first day, or
    last day where the first was not said. A is the latest figure of whoever announced it first (of two on
    one day the first by name), among those who do not say that they count other people than the monitors
    of the event; figures of others are named in a note. An announcer's figures that rise
    while their last day moves on are a running total, and declined.

    *A verified figure belongs to a batch* of the same event. With no event or another one it belongs by its
    days, give or take two: the same window, one that starts on the same day and runs on for at most
    `max_window` days (or without an end, where the announcement has none), or one inside (then a lower
    bound). Where the announcement has no first day: one that ends on its last day and is no longer than
    `max_window`. A window that covers another batch too belongs to neither. Of several figures of a monitor
    on one day the largest counts; a figure above a later one was withdrawn; "at least" figures enter as
    bounds.

    *Eventual verification is identified by data* if the monitor gave two figures at least, and both 95%
    limits and the quartiles move by less than a tenth of the
    interval's width when the fast delay is of the other family, and when the prior of everything the batch
    rests on is raised to the power 1/2; otherwise by the prior. How the rest splits is identified by priors
    always. Where a monitor counts political prisoners and the announcement prisoners of all offences, the
    rest has bounds alone.

    Assumes that verified releases happened, a delay of the stated form, and the stated priors.

    References
    ----------
    .. [1] Skellam, J. G. (1948). A probability distribution derived from the binomial distribution by
       regarding the probability of success as variable between the sets of trials. Journal of the Royal
       Statistical Society B, 10(2), 257-261.
    .. [2] Lawless, J. F. (1994). Adjustments for reporting delays and the prediction of occurred but not
       reported events. Canadian Journal of Statistics, 22(1), 15-31. https://doi.org/10.2307/3315826.n1
    .. [3] Royle, J. A. (2004). N-mixture models for estimating population size from spatially replicated
       counts. Biometrics, 60(1), 108-115. https://doi.org/10.1111/j.0006-341X.2004.00142.x
    .. [4] Vehtari, A., Simpson, D., Gelman, A., Yao, Y. and Gabry, J. (2024). Pareto smoothed importance
       sampling. Journal of Machine Learning Research, 25(72), 1-58.

    Examples
    --------
    >>> from detcount import PublishedReleases, releases
    >>> reports = PublishedReleases.from_frame({
    ...     "published": ["2025-12-25", "2025-12-29"],
    ...     "source": ["ministry", "monitor"],
    ...     "role": ["announced", "verified"],
    ...     "start": ["2025-12-25", "2025-12-25"],
    ...     "end": ["2025-12-25", "2025-12-25"],
    ...     "count": [99, 61],
    ... })
    >>> batch = releases.AnnouncedBatches(delay=None).fit(reports).batches[0]
    >>> print(batch.carried_out)
    81 (62 to 99, 95%, from the prior)
    """

    delay: DelayFamily | None = "weibull"
    verification: Verification = (2.0, 1.2)
    unfollowed: float = 0.1
    stops: float = 0.15
    carried_out: Beta = (1.2, 0.8)
    whole: float = 0.08
    alike: float = 0.3
    delay_median: tuple[float, float] = (2.0, 5.0)
    delay_shape: tuple[float, float] = (1.0, 1.6)
    slow: Beta | None = (1.0, 3.0)
    slow_delay: tuple[float, float] = (30.0, 2.0)
    outsiders: Beta | None = (1.2, 4.8)
    handed_over: float = 0.04
    definition: Beta = (0.7, 1.3)
    monitors: tuple[str, ...] | None = None
    headline: str | None = None
    roles: tuple[str, ...] = ("verified",)
    max_window: int = 14
    n_draws: int = 4000

    assumes: ClassVar[tuple[Assumption, ...]] = (
        Assumption.VERIFIED_HAPPENED,
        Assumption.DELAY_BY_BATCH,
        Assumption.STATED_VERIFICATION,
        Assumption.ALIKE_MONITORS,
    )
    references: ClassVar[tuple[Reference, ...]] = (
        references.SKELLAM_1948,
        references.LAWLESS_1994,
        references.ROYLE_2004,
        references.VEHTARI_2024,
    )

    def __post_init__(self) -> None:
        if self.delay is not None and self.delay not in FAMILIES:
            raise InputError(
                Message(
                    "delay: expected {families!r:or}, got {got}. None models no delay",
                    families=FAMILIES,
                    got=repr(self.delay),
                )
            )
        put = object.__setattr__
        put(self, "verification", checked_verification(self.verification))
        put(self, "carried_out", arguments.positive_pair("carried_out", self.carried_out))
        for name in ("slow", "outsiders", "definition"):
            if name == "definition" or getattr(self, name) is not None:
                put(self, name, arguments.positive_pair(name, getattr(self, name)))
        for name in ("unfollowed", "stops", "whole", "handed_over", "alike"):
            put(self, name, arguments.number(name, getattr(self, name), least=0.0, most=_MOST_SHARE))
        for name in ("delay_median", "delay_shape", "slow_delay"):
            middle, factor = arguments.positive_pair(name, getattr(self, name))
            if factor <= 1:
                raise InputError(
                    Message(
                        "{name}: expected a factor above 1 as the second number, got {got}. "
                        "It is what one standard deviation multiplies by",
                        name=name,
                        got=repr(factor),
                    )
                )
            put(self, name, (middle, factor))
        if self.monitors is not None:
            put(self, "monitors", arguments.different_names("monitors", self.monitors))
        if self.headline is not None and not isinstance(self.headline, str):
            raise TypeError(
                Message(
                    "headline: expected the name of a monitor, got {kind}", kind=type(self.headline).__name__
                )
            )
        if self.headline is not None and self.monitors is not None and self.headline not in self.monitors:
            raise InputError(
                Message("headline: expected one of monitors, got {headline!r}", headline=self.headline)
            )
        put(self, "roles", arguments.different_names("roles", self.roles))
        if not set(self.roles) <= {"verified", "reported"}:
            raise InputError(
                Message("roles: expected 'verified', 'reported' or both, got {got}", got=repr(self.roles))
            )
        for name, least in (("max_window", 1), ("n_draws", 100)):
            put(self, name, arguments.whole_number(name, getattr(self, name), least=least))

    def fit(self, reports: PublishedReleases, *, seed: int = 0) -> BatchesEstimate:
        """Estimate what became of each announced batch."""
        require_releases(NAME, reports)
        seed = arguments.seed(seed)
        read = read_batches(self.rules, reports)
        model = self.model(read)
        problem = Problem(self, read, model, (*self._notes(read), *read.notes), seed)
        random = np.random.default_rng(seed)
        if problem.is_exact:
            return exact_estimate(problem, self.n_draws, random)
        return sampled_estimate(problem, self.n_draws, random)

    @property
    def rules(self) -> Rules:
        """What reading the rows needs to know."""
        return Rules(
            roles=self.roles,
            monitors=self.monitors,
            headline=self.headline,
            max_window=self.max_window,
            delayed=self.delay is not None,
        )

    def model(self, read: Read) -> BatchModel:
        """The figures and the priors as arrays."""
        plain = self.delay is None
        return BatchModel(
            announced=tuple(batch.announced for batch in read.batches),
            series=series_of(read, 0.0 if plain else self.stops),
            verification=np.array([prior_of(self.verification, name) for name in read.monitors]),
            unfollowed=0.0 if plain else self.unfollowed,
            carried_out=self.carried_out,
            alike=self.alike,
            family=self.delay,
            median=self.delay_median,
            shape=self.delay_shape,
            slow=None if plain else self.slow,
            slow_delay=self.slow_delay,
            outsiders=None if plain else self.outsiders,
            definition=self.definition,
            whole=0.0 if plain else self.whole,
            handed_over=0.0 if plain else self.handed_over,
        )

    def _notes(self, read: Read) -> Iterator[Message]:
        """Notes on all batches together."""
        if len(read.batches) > 1:
            yield Message(NOTE_ALIKE, n=len(read.batches), alike=self.alike)
        if self.delay is None:
            yield Message(NOTE_NO_DELAY, day=read.reports.last_published)
