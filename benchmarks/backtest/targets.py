"""What is forecast: pairs of reports found by rule, in campaigns that are left out whole."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detcount import datasets
from detcount.data.published import PublishedReleases
from detcount.releases.totals import CAMPAIGNS, Campaign

NEAR = 7  # days ahead: every later figure within these is a target
CLOSED = 7  # days: a window that ended this long before the figure about it is closed
LOTS = ("event ", "round ")  # names of rows about one announced lot, whatever else happened in those days
EVERY = ("",)  # where every named event is a lot
VENEZUELA, ELSEWHERE, NINE_MONTHS = "Venezuela", "elsewhere", "nine months"


@dataclass(frozen=True)
class Question:
    """What will `source` publish on day `on` for the window from `start` to `end`?

    `lot` is the name of the announced lot where the count is about one, and None for a window of days.
    """

    source: str
    start: np.datetime64
    end: np.datetime64
    on: np.datetime64 | None
    lot: str | None = None


@dataclass(frozen=True)
class Target:
    """A report, a later one about the same, and what was known at the first."""

    series: str
    question: Question
    as_of: np.datetime64
    latest: int
    at_least: bool
    outcome: int
    known: NDArray[np.int64] = field(compare=False)  # rows
    campaign: str = ""

    @property
    def days_ahead(self) -> int:
        """Days from the report to the later one."""
        assert self.question.on is not None
        return int((self.question.on - self.as_of) // np.timedelta64(1, "D"))

    @property
    def window(self) -> tuple[object, ...]:
        """What the target is about, whichever report it is forecast from."""
        return (self.campaign, self.series, self.question.end, self.question.on)

    @property
    def key(self) -> tuple[str, ...]:
        """What a file of forecasts knows it by."""
        return (self.campaign, self.series, str(self.as_of), str(self.latest), str(self.question.on))


def series_of(
    reports: PublishedReleases, row: int, lots: tuple[str, ...] = LOTS
) -> tuple[str, str, str, str]:
    """What makes two rows looks at the same thing: source, measure, start, and the lot if there is one."""
    event = reports.event[row]
    lot = event if event and event.startswith(lots) else ""
    return (reports.source[row], reports.measure[row], str(reports.start[row]), lot)


def targets(
    reports: PublishedReleases, *, same_day: bool = False, lots: tuple[str, ...] = LOTS
) -> list[Target]:
    """Pairs of reports by these rules.

    1. Both rows are verified counts (one by one), by one source, of one measure, with the same first day,
       which is stated.
    2. Both are about one announced lot (an event whose name begins with one of `lots`: the same
       name), or neither is (running totals, months, weeks, days: the first day alone tells them apart).
    3. The later row covers at least the window of the earlier. Where an end is not stated it is the day of
       publication.
    4. The later row is of a later day, the last figure that the source gave for the series on that day, and
       no "at least".
    5. It is the next report of the series, or at most 7 days ahead, or it is the last of the series and its
       window had been closed for 7 days or more when it was published.
    6. Known at the earlier row is everything published by the end of its day, less what the same source
       published later on that day, and its verified counts of another measure.

    With `same_day` the pairs of one day are given instead, each row with the last of its day (rule 4
    otherwise): they are told apart by the order of rows alone, and models of whole days know nothing of it.
    """
    end = np.where(np.isnat(reports.end), reports.published, reports.end)
    members: dict[tuple[str, str, str, str], list[int]] = {}
    for row in range(len(reports)):
        if reports.role[row] == "verified" and not np.isnat(reports.start[row]):
            members.setdefault(series_of(reports, row, lots), []).append(row)
    found = []
    for (source, measure, start, lot), rows in members.items():
        last_of_day = {reports.published[row]: row for row in rows}
        other_measure = [
            (reports.source[k], reports.role[k]) == (source, "verified") and reports.measure[k] != measure
            for k in range(len(reports))
        ]
        for row in rows:
            as_of = reports.published[row]
            later_days = sorted(day for day in last_of_day if (day == as_of if same_day else day > as_of))
            for position, day in enumerate(later_days):
                then = last_of_day[day]
                closed = day - end[then] >= np.timedelta64(CLOSED, "D") and then == rows[-1]
                near = position == 0 or day - as_of <= np.timedelta64(NEAR, "D") or closed
                if then == row or reports.at_least[then] or end[then] < end[row] or not near:
                    continue
                later_that_day = np.array(
                    [
                        (reports.published[k] == as_of and k > row and reports.source[k] == source)
                        or other_measure[k]
                        for k in range(len(reports))
                    ]
                )
                found.append(
                    Target(
                        series=f"{source}, {lot or 'from ' + start}",
                        question=Question(source, np.datetime64(start, "D"), end[then], day, lot or None),
                        as_of=as_of,
                        latest=int(reports.count[row]),
                        at_least=bool(reports.at_least[row]),
                        outcome=int(reports.count[then]),
                        known=np.flatnonzero((reports.published <= as_of) & ~later_that_day),
                    )
                )
    return found


@dataclass(frozen=True)
class Collection:
    """Campaigns of one table of counts."""

    name: str  # Venezuela or elsewhere
    dataset: str
    lots: tuple[str, ...]

    @property
    def reports(self) -> PublishedReleases:
        """The counts."""
        return datasets.load(self.dataset)

    @property
    def targets(self) -> list[Target]:
        """Pairs of reports, each with its campaign."""
        found = []
        for target in targets(self.reports, lots=self.lots):
            campaign = campaign_of(self.dataset, target.question.start)
            found.append(Target(**{**vars(target), "campaign": campaign.name}))
        return found


COLLECTIONS = (
    Collection(VENEZUELA, "venezuela_releases", LOTS),
    Collection(ELSEWHERE, "cuba_releases_2025", EVERY),
    Collection(ELSEWHERE, "myanmar_releases_2011", EVERY),
    Collection(ELSEWHERE, "myanmar_releases_2022", EVERY),
    Collection(ELSEWHERE, "venezuela_releases_2017", EVERY),
    Collection(NINE_MONTHS, "cuba_releases_2010", EVERY),
)


def campaign_of(dataset: str, start: np.datetime64) -> Campaign:
    """The campaign of a window."""
    (found,) = (one for one in CAMPAIGNS if one.dataset == dataset and one.holds(start))
    return found


def collection_of(campaign: str) -> str:
    """Venezuela, elsewhere or nine months, by the name of a campaign."""
    (dataset,) = (one.dataset for one in CAMPAIGNS if one.name == campaign)
    (found,) = (one.name for one in COLLECTIONS if one.dataset == dataset)
    return found


def every_target() -> list[tuple[Target, PublishedReleases]]:
    """Each target, and what was known of its campaign then."""
    return [
        (target, reports.where(target.known))
        for collection in COLLECTIONS
        for reports in [collection.reports]
        for target in collection.targets
    ]
