"""Announcements of one day: what became of the releases announced, from the figures of monitors since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from detcount.assumptions import Assumption
from detcount.contract import arguments, references
from detcount.contract.arguments import AtLeast100, PositivePair, TrueOrFalse
from detcount.contract.citation import Reference
from detcount.contract.specification import specification
from detcount.data.published import PublishedReleases
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import (
    GapEstimate,
    Specification,
    UncertainCount,
)
from detcount.estimates.gap import by_counts
from detcount.estimates.result import Estimate
from detcount.releases.announced import read_batches
from detcount.releases.split import Problem, split_batches
from detcount.reports.printing import Column
from detcount.words import Message


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class BatchesEstimate(Estimate):
    """Outcomes of each announcement.

    Parameters
    ----------
    batches : tuple of GapEstimate
        One for each announcement, in the order of their days.
    by_monitor : tuple of dict
        For each announcement, by monitor: what that monitor will have verified in the end.
    declined : dict of str to NotEstimableError
        Announcements without an answer, and why.
    estimator : AnnouncedBatches
        The specification that made the estimate.
    digest : str
        SHA-256 of the data.
    seed : int
        Seed of the fit.
    notes : tuple of str
        What a reader must know of all announcements together; each has its own besides.

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
    >>> fitted = dc.releases.AnnouncedBatches(n_draws=200).fit(reports)
    >>> print(fitted.headline())
    1 announcement with an answer
    """

    batches: tuple[GapEstimate, ...]
    by_monitor: tuple[dict[str, UncertainCount], ...]
    declined: dict[str, NotEstimableError]
    estimator: Specification
    digest: str
    seed: int = 0
    notes: tuple[str, ...] = ()

    def batch(self, label: str) -> GapEstimate:
        """Give the estimate of one announcement by its label."""
        for found in self.batches:
            if found.label == label:
                return found
        if label in self.declined:
            raise self.declined[label]
        known = repr([found.label for found in self.batches])
        raise InputError(Message("label: expected one of {known}, got {got}", known=known, got=repr(label)))

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give the estimates as rows of a table: a dictionary for each announcement and quantity."""
        return [row for found in self.batches for row in found.rows(level)]

    def headline(self) -> Message:
        """Say how many announcements have an answer, and how many have none."""
        answered = Message.counted(
            "{n} announcement with an answer", "{n} announcements with an answer", n=len(self.batches)
        )
        if not self.declined:
            return answered
        return Message("{answered}, {n} without", answered=answered, n=len(self.declined))

    def sentence(self) -> Message:
        """Say what was announced, verified and completed, announcement by announcement."""
        noted = [Message("{gap}.", gap=found.headline()) for found in self.batches]
        noted += [
            Message("{label}: no answer ({reason}).", label=label, reason=error.reason)
            for label, error in self.declined.items()
        ]
        return Message.together(noted)

    @property
    def _items(self) -> tuple[GapEstimate, ...]:
        return self.batches

    @property
    def _columns(self) -> tuple[Column, ...]:
        write = by_counts if getattr(self.estimator, "found", None) is None else UncertainCount.headline
        return (
            Column(value="label", title=Message("Announcement")),
            Column(value="announced_by", title=Message("Announced by"), left=True),
            Column(value="announced", title=Message("Announced"), write=","),
            Column(value="verified", title=Message("Verified"), write=","),
            Column(value="carried_out", title=Message("Completed"), write=write, left=True),
            Column(value="unsubstantiated", title=Message("Unsubstantiated"), write=write, left=True),
        )

    def _recorded(self, level: float) -> dict[str, Any]:
        return {
            "batches": [found.record(level) for found in self.batches],
            "declined": {
                label: {"reason": error.reason, "remedy": error.remedy}
                for label, error in self.declined.items()
            },
        }

    def translated(self, lang: str) -> str:
        """Give the estimates in words, a line each, in one language."""
        return "\n".join(found.translated(lang) for found in self.batches)

    def __str__(self) -> str:
        return "\n".join(map(str, self.batches))

    def __repr__(self) -> str:
        return f"<BatchesEstimate by {self.estimator!r}: {len(self.batches)} batches>"


@specification
class AnnouncedBatches:
    """Outcomes of announced releases, from the figures that monitors published since.

    The estimand, for each announcement of A releases at one date, is R, the releases that happened in
    the definition the monitors use, and the split of A: verified, *pending* (happened, to be verified
    later), *unverifiable* (happened, never to be verified) and *unsubstantiated* (did not happen).
    Published totals show the delay of verification, no more; the split rests on stated priors, or on the
    share that the monitor is supposed to find. For running totals whose windows move use ``ReleaseProcess``.

    Parameters
    ----------
    found : float, optional
        The share, in (0, 1), of the releases that happened which the monitor of the split is supposed to find
        in the end: the *if* of a table of if and then. All whom it verified are then supposed to be of the
        announcement too. None takes the prior `verification`.
    delay : bool, optional
        Whether verification takes time. Without it the model is the plain one of textbooks, against which
        this one is tested: what is not verified yet never will be, and nobody verified is outside the
        announcement.
    verification : tuple of float, optional
        Beta prior of the probability that a monitor ever verifies a true release.
    carried_out : tuple of float, optional
        Beta prior of the probability that an announced release is completed. One announcement in twelve is
        completed whole or nearly so besides.
    n_draws : int, optional
        Posterior draws kept.

    Raises
    ------
    NotEstimableError
        From `fit`, if there is no announced figure, no verified one, or no announcement with an answer.

    See Also
    --------
    GapEstimate : The result for each batch: which attribute is what.

    Notes
    -----
    R | A ~ BetaBinomial(A; `carried_out`), or, one time in twelve, BetaBinomial(A; 30, 0.4). A monitor ever
    verifies a release with probability pi ~ `verification`, times Beta(0.7, 1.3) where it counts a part by
    definition. By a day it has verified the share G = (1 - w) F + w S of these: F of the fast delay, its
    median log-normal around 2 days (a factor of 5 is one standard deviation) and its shape around 1 (1.6); S
    log-normal around 30 days (2); w ~ Beta(1, 3). Of its last figure V, Y are outside the announcement, at
    least V - A, with a probability from Beta(1.2, 7.5); X = V - Y ~ Binomial(R, pi G), and each earlier
    figure is binomial of the next. "At least v" is any number from v on. The normal scores of pi, of the
    median, the shape and w have the correlations 0.7, 0.5, 0.5 and 0.5 between two announcements of one
    monitor, those of pi 0.3 between two monitors of one announcement, who find, miss or copy the same people.

    Of each monitor and announcement the unknown are drawn from their prior and then near what weighs most,
    a thousand at a time, until 400 effective draws weigh; each draw gives a probability of the figures for
    every R, and R is summed out over a grid (every number up to 200). What the other announcements of a
    monitor say of its scores is taken as normal. Without delay all is exact: P(R = r) proportional to
    BetaBinomial(r; A, c, d) BetaBinomial(V; r, a, b). Releases announced over several days are spread evenly.

    *Pending ends.* A monitor stops one time in seven, the likelier the more days have passed beside its own
    gaps; after a year without a figure nothing is pending. *Days that nobody counted are not pending*: where
    the figures of the monitor hold less than half of the days announced, bounds alone are given. They alone
    are given too where the monitor counts political prisoners and the announcement prisoners of all
    offences. A row whose note says that it is partial is a lower bound, from which no share is learned.

    *An announcement* is what a report has as one event (`assess_releases`): announced counts of one source
    for the same days, or of two that are each other's nearest, give or take two days, or bear one name. A is
    the latest figure of whoever announced it first (of two on one day the first by name), among those who do
    not say that they count other people than the monitors of the event; figures of others are named in a
    note. An announcer's figures that rise while their last day moves on are a running total, and declined.

    *A verified figure belongs to an announcement* whose days it is of, as in the report: the same, or nearly,
    or from the first day of a single announcement on. What a monitor counted of parts of the days is added,
    and is a lower bound unless it holds them all. Counts of other days are not used, whatever their name. Of
    several figures of a monitor on one day the largest counts; a figure above a later one was withdrawn.

    *Limits* are equal-tailed, but for what is unverifiable: there the nearest two that hold their level, with
    a fifth at least of what is outside beyond each.

    *Eventual verification is identified by data* if the monitor gave two figures at least, and both 95%
    limits and the quartiles of what is pending move by less than a tenth of the interval's width with either
    family of delays alone, and when the priors of its probability and delay are raised to the power 1/2;
    otherwise by the prior. How the rest splits is identified by priors always.

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
    >>> for found in (0.7, 0.9):
    ...     print(releases.AnnouncedBatches(found=found, delay=False).fit(reports).batches[0].carried_out)
    77 to 98 (95%, if the stated prior holds)
    63 to 74 (95%, if the stated prior holds)
    """

    found: float | None = None
    delay: TrueOrFalse = True
    verification: PositivePair = (2.6, 1.15)
    carried_out: PositivePair = (1.2, 0.8)
    n_draws: AtLeast100 = 4000

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
    )

    def __post_init__(self) -> None:
        if self.found is not None:
            object.__setattr__(self, "found", arguments.level(self.found, "found"))

    def fit(self, reports: PublishedReleases, *, seed: int = 0) -> BatchesEstimate:
        """Estimate what became of each announcement.

        Parameters
        ----------
        reports : PublishedReleases
            Published counts; `reports.as_of(day)` is what was known on a day.
        seed : int, optional
            Seed of the draws.

        Returns
        -------
        BatchesEstimate
            The parts of each announcement, persons.

        Raises
        ------
        NotEstimableError
            If there is no announced figure, no verified one, or no announcement with an answer.
        """
        read = read_batches(reports)
        split = split_batches(
            Problem(
                estimator=self,
                read=read,
                delayed=self.delay,
                verification=self.verification,
                carried_out=self.carried_out,
                found=self.found,
                n_draws=self.n_draws,
                seed=seed,
            )
        )
        notes = []
        if self.found is not None:
            notes.append(
                Message(
                    "Assumed, not estimated: the monitor of each split eventually verifies {found:.0%} of "
                    "the releases that happened.",
                    found=self.found,
                )
            )
        if not self.delay:
            notes.append(
                Message(
                    "No delay was modelled: what had not been verified by {day} counts as never to be "
                    "verified, so that nothing is pending.",
                    day=reports.last_published,
                )
            )
        return BatchesEstimate(
            batches=tuple(gap for gap, _ in split),
            by_monitor=tuple(by_monitor for _, by_monitor in split),
            declined=read.declined,
            estimator=self,
            digest=reports.digest,
            seed=seed,
            notes=(*notes, *read.notes),
        )
