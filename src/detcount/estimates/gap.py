"""Outcomes of an announced number of releases: verified, pending, unverifiable, unsubstantiated."""

from __future__ import annotations

import datetime as dt
import operator
from dataclasses import dataclass
from typing import Any

from detcount.contract import arguments
from detcount.contract.definition import Definition
from detcount.contract.specification import Specification
from detcount.data.published.counts import MATCH_DAYS
from detcount.estimates.count import QUANTITIES, OfCounts, UncertainCount, quantity_columns
from detcount.estimates.interval import Interval, persons
from detcount.estimates.result import Estimate
from detcount.reports.printing import Columns
from detcount.words import Message

_RECORDED = (
    *("label", "start", "end", "as_of", "announced", "announced_by", "at_least", "verified", "verified_by"),
    *("verified_on", "verified_start", "verified_end", "silent_days", "bounds_assume", "windows_match"),
    "definition",
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class GapEstimate(OfCounts, Estimate):
    """Outcomes of an announced number of releases: one event, or one window of days.

    The announced number A is split, draw by draw, into the verified so far V, the *pending* (true,
    and still to be verified by the same monitor), the *unverifiable* (true, and never to be verified)
    and the *unsubstantiated* (announced, and not completed). The verified are those of the
    monitor's figure, which may count persons outside the announcement; the other parts are persons of
    the announcement, and with those verified of it they add up to A.

    Parameters
    ----------
    label : str
        What was announced, as the source names it.
    start, end : datetime.date or None
        First and last day of the releases counted; None where the source did not say.
    as_of : datetime.date
        Last day the data could know.
    announced : int
        Releases announced, A, persons.
    announced_by : str
        Who announced them.
    at_least : bool
        Whether the announcement said "at least".
    verified : int
        Releases verified by `as_of`, V, persons.
    verified_by : str
        Whose verification it is.
    eventually_verified : UncertainCount
        What the monitor's figure will be in the end, V(infinity), with whoever else it counts.
    carried_out : UncertainCount
        Releases that happened, R, in the definition used.
    pending : UncertainCount
        Happened, to be verified later: of the announcement alone.
    unverifiable : UncertainCount
        Happened, and will never be verified: R less those of the announcement in V(infinity).
    unsubstantiated : UncertainCount
        Announced, and not completed: max(A - R, 0).
    estimator : Specification
        The specification that made the estimate.
    digest : str
        SHA-256 of the data.
    seed : int
        Seed of the fit.
    notes : tuple of str, optional
        What a reader must know besides the assumptions.
    definition : Definition, optional
        Who is counted, as the data say it.
    verified_on : datetime.date, optional
        Day on which the monitor published the verified figure; never the last day of the file.
    verified_start, verified_end : datetime.date, optional
        First and last day of the releases that the verified figure counts; None where it was not said.
    outside : UncertainCount, optional
        Of those verified by `as_of`, the ones outside the announcement. None: all are of it.
    bounds_assume : Message, optional
        What the bounds take for granted, as a clause; None for nothing beyond the assumptions.

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
    >>> gap = dc.releases.AnnouncedBatches(n_draws=200).fit(reports).batches[0]
    >>> print(gap.announced, gap.verified, gap.at_least)
    90 44 False
    """

    label: str
    start: dt.date | None
    end: dt.date | None
    as_of: dt.date
    announced: int
    announced_by: str
    at_least: bool
    verified: int
    verified_by: str
    eventually_verified: UncertainCount
    carried_out: UncertainCount
    pending: UncertainCount
    unverifiable: UncertainCount
    unsubstantiated: UncertainCount
    estimator: Specification
    digest: str
    seed: int = 0
    notes: tuple[str, ...] = ()
    definition: Definition | None = None
    verified_on: dt.date | None = None
    verified_start: dt.date | None = None
    verified_end: dt.date | None = None
    outside: UncertainCount | None = None
    bounds_assume: Message | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "announced", operator.index(self.announced))
        object.__setattr__(self, "verified", operator.index(self.verified))
        object.__setattr__(self, "seed", arguments.seed(self.seed))
        object.__setattr__(self, "notes", tuple(self.notes))

    @property
    def point(self) -> float:
        """The release gap: announced minus the median of the eventually verified, persons."""
        median = self.eventually_verified.median
        low, _ = self.eventually_verified.bounds
        return float(self.announced - (low if median is None else median))

    @property
    def silent_days(self) -> int | None:
        """Days from the verified figure to `as_of`, in which the monitor published no later one."""
        return None if self.verified_on is None else (self.as_of - self.verified_on).days

    @property
    def window_shift(self) -> tuple[int | None, int | None]:
        """Days by which the verified window starts and ends after the announced one; None: not said."""
        pairs = ((self.verified_start, self.start), (self.verified_end, self.end))
        first, last = (None if one is None or other is None else (one - other).days for one, other in pairs)
        return first, last

    @property
    def windows_match(self) -> bool | None:
        """True if verified and announced cover the same days, give or take two; None: nobody said."""
        shifts = self.window_shift
        if any(shift is not None and abs(shift) > MATCH_DAYS for shift in shifts):
            return False
        return None if None in shifts else True

    @property
    def p_all_carried_out(self) -> float | None:
        """Probability that at least as many releases happened as were announced."""
        return self.carried_out.probability(at_least=self.announced)

    def interval(self, level: float = 0.95) -> Interval:
        """Give the limits of the releases completed, persons."""
        return self.carried_out.interval(level)

    @property
    def parts(self) -> dict[str, UncertainCount]:
        """The three parts of the gap, by name, in the order a report prints them."""
        return {name: getattr(self, name) for name in ("pending", "unverifiable", "unsubstantiated")}

    @property
    def _quantities(self) -> dict[str, UncertainCount]:
        """Every uncertain number, in the order of the rows."""
        first = {"eventually verified": self.eventually_verified, "completed": self.carried_out}
        return first | self.parts

    def _beside(self, name: str) -> dict[str, Any]:
        known = {"announced": self.announced, "verified": self.verified}
        return {"label": self.label, "quantity": name, **known}

    def _recorded(self, level: float) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _RECORDED} | {"quantities": self.rows(level)}

    @property
    def _table(self) -> Columns:
        """Every part with its bounds, or with the limits that counts or a supposed share give it."""
        share = getattr(self.estimator, "found", None)
        supposed = (
            None
            if share is None
            else Message("if {monitor} finds {share:.0%}", monitor=self.verified_by, share=share)
        )
        counts = ((QUANTITIES[name], count) for name, count in self._quantities.items())
        return quantity_columns(counts, supposed)

    def headline(self) -> Message:
        """Give what was announced, verified and completed, in one line."""
        return Message(
            "{label}: {announced:,} announced, {verified:,} verified by {day}; completed {least:,} to {most} "
            "if those verified are of it, and 0 to {most} if that is not known",
            label=self.label,
            announced=self.announced,
            verified=self.verified,
            day=(self.verified_on or self.as_of).isoformat(),
            least=min(self.verified, self.announced),
            most=persons(self.carried_out.bounds[1]),
        )

    def sentence(self) -> Message:
        """Say who announced and verified how many, and what the difference may consist of."""
        known = (
            Message(
                "{announcer} announced at least {announced:,} releases, of which {monitor} had verified "
                "{verified:,} by {day}.",
                announcer=self.announced_by,
                announced=self.announced,
                monitor=self.verified_by,
                verified=self.verified,
                day=self.verified_on or self.as_of,
            )
            if self.at_least
            else Message(
                "{announcer} announced {announced:,} releases, of which {monitor} had verified {verified:,} "
                "by {day}.",
                announcer=self.announced_by,
                announced=self.announced,
                monitor=self.verified_by,
                verified=self.verified,
                day=self.verified_on or self.as_of,
            )
        )
        parts = Message(
            "Of the difference, releases that will still be verified are {pending}; releases that will never "
            "be are {unverifiable}; what was announced and not completed is {unsubstantiated}.",
            pending=by_counts(self.pending),
            unverifiable=by_counts(self.unverifiable),
            unsubstantiated=by_counts(self.unsubstantiated),
        )
        return Message.together((known, parts))


def by_counts(part: UncertainCount) -> Message:
    """A part by its limits where the counts give these, else by its bounds: no sentence rests on a prior."""
    if part.identified_by != "prior":
        return part.headline()
    return Message(
        "{least} to {most}, by its bounds alone", least=persons(part.bounds[0]), most=persons(part.bounds[1])
    )
