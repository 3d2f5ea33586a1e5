"""The specification: announcements of one day, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from detcount import arguments, references
from detcount._numerics.batches import BatchModel, sample_posterior
from detcount._numerics.delay import FAMILIES
from detcount.assumptions import Assumption
from detcount.citation import Reference
from detcount.errors import ConvergenceError, InputError
from detcount.published import PublishedReleases
from detcount.releases.batches.announcement import NAME, Rules
from detcount.releases.batches.notes import NOTE_LONE, NOTE_NO_DELAY, NOTE_ONE_CHANCE, NOTE_POOLED
from detcount.releases.batches.posterior import exact_estimate, sampled_estimate
from detcount.releases.batches.reading import Read, read_batches, series_of
from detcount.releases.batches.result import BatchesEstimate, DelayFamily
from detcount.releases.batches.split import Problem
from detcount.releases.batches.verification import Beta, Verification, checked_verification, prior_of
from detcount.specification import specification
from detcount.words import Message

__all__ = ["AnnouncedBatches"]

_TOO_FEW = 50  # below, the draws show no distribution


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
        Family of the delay of verification in whole days, one distribution for each monitor, the same
        for all batches. None models no delay: what is not verified yet never will be.
    verification : tuple of float, or tuple of (str, tuple of float), optional
        Beta prior of the chance that a monitor ever verifies a true release: one pair for all monitors,
        or pairs of a name and its own pair (a mapping is taken too).
    verification_varies : bool, optional
        Whether that chance is another one in every batch, each with the prior. Otherwise it is one for each
        monitor, and a batch that a monitor verified whole says that it finds nearly everybody.
    carried_out : tuple of float, optional
        Beta prior of the chance that an announced release is carried out: of a batch alone, and of the
        mean over batches that are pooled.
    concentration : float, optional
        Prior median of the concentration kappa of that chance over pooled batches. Large: batches alike.
    pooled : bool, optional
        Whether batches inform each other on that chance. Otherwise each has the prior `carried_out`.
    delay_median : tuple of float, optional
        Prior of the median delay: days, and the factor that is one standard deviation (log-normal).
    delay_shape : tuple of float, optional
        Prior of the shape, likewise: of a Weibull, or the reciprocal of the standard deviation of the
        log days of a log-normal.
    shared_delay : bool, optional
        Whether all monitors have one delay distribution.
    odds_ratio : float, optional
        Sensitivity, for batches with two monitors: odds ratio between being verified by the one and by the
        other, among the releases that happened. 1 means independent; above 1, both find the same people.
    monitors : tuple of str, optional
        Names of the monitors whose figures are used; None uses all.
    headline : str, optional
        The monitor whose verified figure the split starts from. None takes, for each batch, the one
        that verified most.
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
        From `fit`, if the importance weights collapse.

    See Also
    --------
    GapEstimate : The result for each batch.

    Notes
    -----
    R | A, theta ~ Binomial(A, theta); theta ~ Beta(mu kappa, (1 - mu) kappa) over batches, with mu ~
    Beta(c, d) and log kappa logistic around the log of `concentration`; a batch alone has theta ~
    Beta(c, d). Monitor j verifies each of the R with probability pi_j F_j(delay) by a day, pi_j ~
    Beta(a, b), so that increments between its figures are multinomial. R is summed out exactly between the
    verified and A, the other parameters by importance sampling; with no delay and one batch all is exact,
    P(R = r) proportional to BetaBinomial(r; A, c, d) BetaBinomial(V; r, a, b). A delay of d whole days has
    F(d) = cdf(d + 1); releases announced over several days are spread evenly over them.

    *A batch* is every announced row of one event; rows with no event go together by their first day, or
    last day where the first was not said. A is the latest figure of whoever announced it first (of two on
    one day the first by name); figures of others are named in a note. An announcer's figures that rise
    while their last day moves on are a running total, and declined.

    *A verified figure belongs to a batch* of the same event. With no event or another one it belongs by
    its days: the same window, one that starts on the same day and runs on for at most `max_window` days,
    or one inside (then a lower bound). Where the announcement has no first day: one that ends on its last
    day and is no longer than `max_window`. A window that covers another batch too belongs to neither. Of
    several figures of a monitor on one day the largest counts; a figure above a later one was withdrawn;
    "at least" figures enter as bounds.

    *Eventual verification is identified by data* if the monitor has two or more pairs of successive
    figures, over all batches (of all monitors, with `shared_delay`), and the posterior standard deviation
    of the logit of F at its last figure is at most half the prior's, and the mean moves by at most a
    quarter of its standard deviation when the priors of both chances are made uniform and that of the delay
    is raised to the power 1/2. Otherwise by the prior. How the rest splits is identified by priors
    always, unless all announced releases were verified.

    Assumes that verified releases happened and are among those announced, a delay that is the same for
    all batches of a monitor, the stated priors, and monitors that are independent given R unless an odds
    ratio is stated (then the released who were not yet verified have the chance of a later verification
    that they would have without it).

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
    74 (62 to 97, 95%, from the prior)
    """

    delay: DelayFamily | None = "weibull"
    verification: Verification = (8.0, 2.0)
    verification_varies: bool = False
    carried_out: Beta = (1.0, 1.0)
    concentration: float = 10.0
    pooled: bool = True
    delay_median: tuple[float, float] = (5.0, 3.0)
    delay_shape: tuple[float, float] = (1.0, 1.6)
    shared_delay: bool = False
    odds_ratio: float = 1.0
    monitors: tuple[str, ...] | None = None
    headline: str | None = None
    roles: tuple[str, ...] = ("verified",)
    max_window: int = 14
    n_draws: int = 4000

    assumes: ClassVar[tuple[Assumption, ...]] = (
        Assumption.VERIFIED_HAPPENED,
        Assumption.COMMON_DELAY,
        Assumption.STATED_VERIFICATION,
        Assumption.INDEPENDENT_MONITORS,
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
        put(self, "concentration", arguments.positive("concentration", self.concentration))
        put(self, "odds_ratio", arguments.positive("odds_ratio", self.odds_ratio))
        for name in ("delay_median", "delay_shape"):
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
        for name in ("verification_varies", "pooled", "shared_delay"):
            arguments.true_or_false(name, getattr(self, name))
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
        if not isinstance(reports, PublishedReleases):
            raise TypeError(
                Message(
                    "{estimator}: expected PublishedReleases, got {kind}. "
                    "Use PublishedReleases.from_frame(frame)",
                    estimator=NAME,
                    kind=type(reports).__name__,
                )
            )
        seed = arguments.seed(seed)
        read = read_batches(self._rules, reports)
        model = self._model(read)
        problem = Problem(self, read, model, (*self._notes(read), *read.notes), seed)
        random = np.random.default_rng(seed)
        if problem.is_exact:
            return exact_estimate(problem, self.n_draws, random)
        posterior = sample_posterior(model, self.n_draws, random)
        if posterior.effective_size < _TOO_FEW:
            raise ConvergenceError(
                Message(
                    "{estimator}: {n} draws are worth {size:.0f}. "
                    "State tighter priors, or use shared_delay=True",
                    estimator=NAME,
                    n=posterior.n_proposals,
                    size=posterior.effective_size,
                ),
                last=posterior,
            )
        return sampled_estimate(problem, posterior, random)

    @property
    def _rules(self) -> Rules:
        """What reading the rows needs to know."""
        return Rules(
            roles=self.roles,
            monitors=self.monitors,
            headline=self.headline,
            max_window=self.max_window,
            delayed=self.delay is not None,
            odds_ratio=self.odds_ratio,
        )

    def _model(self, read: Read) -> BatchModel:
        """The figures and the priors as arrays."""
        names = read.monitors
        own = [name for batch in read.batches for name in batch.figures]
        return BatchModel(
            announced=tuple(batch.announced for batch in read.batches),
            series=series_of(read, varies=self.verification_varies),
            n_monitors=len(names),
            verification=np.array(
                [prior_of(self.verification, name) for name in (own if self.verification_varies else names)]
            ),
            carried_out=self.carried_out,
            concentration=self.concentration if self.pooled and len(read.batches) > 1 else None,
            family=self.delay,
            median=self.delay_median,
            shape=self.delay_shape,
            shared=self.shared_delay,
            odds_ratio=self.odds_ratio,
        )

    def _notes(self, read: Read) -> Iterator[Message]:
        """Notes on all batches together."""
        n = len(read.batches)
        c, d = self.carried_out
        if n == 1:
            yield Message(NOTE_LONE, c=c, d=d)
        elif self.pooled:
            yield Message(NOTE_POOLED, n=n, c=c, d=d, concentration=self.concentration)
        if n > 1 and not self.verification_varies:
            yield Message(NOTE_ONE_CHANCE)
        if self.delay is None:
            yield Message(NOTE_NO_DELAY, day=read.reports.last_published)
