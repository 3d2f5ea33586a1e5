"""What an assessment of releases says, in no language yet: plain rows that every report is made from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from detcount.assessment.releases.counts import CountRow
from detcount.assessment.releases.days import days_differ
from detcount.assumptions import Assumption
from detcount.definition import Definition
from detcount.estimates import GapEstimate, UncertainCount
from detcount.published.conflicts import ConflictKind
from detcount.published.measures import Definitions
from detcount.stock import StockFlowAudit
from detcount.words import Message

__all__ = [
    "FEWEST",
    "RECENT",
    "AnnouncedLine",
    "AuditRow",
    "ComparedRow",
    "ConflictRow",
    "DelayRow",
    "FanContent",
    "FanDay",
    "GapRow",
    "InfluenceRow",
    "ReleasesContent",
    "SilentRow",
]

FEWEST = 4
"""Counts that a total needs to be drawn as it grows."""
RECENT = 60
"""Days since its last count after which a total is no longer followed."""


@dataclass(frozen=True)
class InfluenceRow:
    """What the number carried out would be without one published count.

    Parameters
    ----------
    count : CountRow
        The count left out.
    low, high : float
        Limits of the number carried out without it, persons.
    median : float or None
        Its median, persons; None where only bounds are known.
    moves : bool, optional
        Whether that is more than a tenth of the width of the interval.
    row : int, optional
        Its number in the counts.
    moved : float, optional
        How far a limit or the median moved, over the width of the interval; chance in the draws is in it.
    error : float, optional
        Monte Carlo standard error of the limits and the median without it, persons.
    whole : tuple of float, optional
        Lower limit, median and upper limit with all counts, as exactly as those without it.
    """

    count: CountRow
    low: float
    median: float | None
    high: float
    moves: bool = True
    row: int = 0
    moved: float = 0.0
    error: float = 0.0
    whole: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class GapRow:
    """One announced number, what became of it, and the published counts that it is told from.

    Parameters
    ----------
    gap : GapEstimate
        The split of the gap.
    beside : tuple of CountRow, optional
        What others verified or reported of the same, and other totals of the same monitor.
    announced_on : datetime.date, optional
        Day on which the announced number was published; None where it is not known.
    at_least : bool, optional
        Whether the monitor said "at least".
    silent_days : int, optional
        Days in which the monitor has published no figure of these releases alone.
    fallen : CountRow, optional
        A higher figure of the same monitor that it published before, and lowered.
    influence : tuple of InfluenceRow, optional
        What the number carried out would be without each count that moves it, the most first.
    reviews : bool, optional
        Whether reviews of custody were announced, which are no releases.
    covered : tuple of int, optional
        Of a sum of counts: the days announced that they are of, and all the days announced.
    definitions : {"same", "unknown", "different"}, optional
        Whether announcement and monitor count the same people.
    of_all : bool, optional
        Whether the announcement says that it counts all prisoners; None where that is not known.
    completed : CountRow, optional
        What an authority announced later, as released so far of the same announcement.
    apart : tuple of str, optional
        What has to be said where the two stand side by side: days and people that are not the same.
    notes : tuple of str, optional
        What else a reader must know of this announcement alone.
    """

    gap: GapEstimate
    beside: tuple[CountRow, ...] = ()
    announced_on: dt.date | None = None
    at_least: bool = False
    silent_days: int = 0
    fallen: CountRow | None = None
    influence: tuple[InfluenceRow, ...] = ()
    reviews: bool = False
    covered: tuple[int, int] | None = None
    definitions: Definitions = "same"
    of_all: bool | None = None
    completed: CountRow | None = None
    apart: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def verified_on(self) -> dt.date:
        """Day of the verified figure."""
        return self.gap.verified_on or self.gap.as_of

    @property
    def other_people(self) -> bool:
        """Whether announcement and monitor say that they count different people: nothing of it is split."""
        return self.definitions == "different"

    @property
    def in_part(self) -> bool:
        """Whether the verified figure is a sum of counts of some of the days announced."""
        return self.covered is not None and self.covered[0] < self.covered[1]

    @property
    def unlike(self) -> bool:
        """Whether the verified figure is of other or fewer days than the announcement, or of other people."""
        gap = self.gap
        other_days = days_differ(gap.verified_start, gap.verified_end, gap.start, gap.end)
        return self.other_people or self.in_part or other_days

    @property
    def split(self) -> bool:
        """Whether the number carried out has a distribution, and not bounds alone."""
        return not self.other_people and self.gap.carried_out.median is not None

    @property
    def largest_beside(self) -> CountRow | None:
        """The largest of what stands beside; of equal ones a verified one, and the first published."""

        def rank(row: CountRow) -> tuple[int, bool, int]:
            return row.count, row.role == "verified", -row.published.toordinal()

        return max(self.beside, key=rank, default=None)


@dataclass(frozen=True)
class ConflictRow:
    """Published counts that do not stand together.

    Parameters
    ----------
    kind : {"update", "correction", "contradiction"}
        A figure raised on the same day, a figure lowered or restated, or two that cannot both be true.
    what : Message
        A sentence without its full stop.
    first, second : CountRow
        The two, in the order they became known.
    """

    kind: ConflictKind
    what: Message
    first: CountRow
    second: CountRow


@dataclass(frozen=True)
class DelayRow:
    """The share of verifications that had come by some days after the release.

    Parameters
    ----------
    days : int
        Days since the release.
    share, low, high : float
        Share of the releases ever verified that are verified by then, with its 95% limits.
    """

    days: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class FanDay:
    """What a monitor's total will be on a day.

    Parameters
    ----------
    day : datetime.date
        Day of publication.
    total : UncertainCount
        The total, persons.
    """

    day: dt.date
    total: UncertainCount


@dataclass(frozen=True)
class AnnouncedLine:
    """An announced total beside a monitor's.

    Parameters
    ----------
    count : CountRow
        The announcement.
    same_window : bool
        Whether its window starts on the same day as the monitor's.
    """

    count: CountRow
    same_window: bool


@dataclass(frozen=True)
class FanContent:
    """One monitor's totals by day of publication, what they will be, and what was announced.

    Parameters
    ----------
    source, event : str
        Whose totals, and of what.
    start : datetime.date or None
        First day of the releases counted.
    observed : tuple of CountRow
        The totals published so far.
    expected : tuple of FanDay
        What the total for the same releases will be, from the last day known on.
    eventually : UncertainCount or None
        What it will be in the end.
    announced : tuple of AnnouncedLine
        The announced totals.
    """

    source: str
    event: str
    start: dt.date | None
    observed: tuple[CountRow, ...]
    expected: tuple[FanDay, ...]
    eventually: UncertainCount | None
    announced: tuple[AnnouncedLine, ...]

    @property
    def verified(self) -> int:
        """The last total, persons."""
        return self.observed[-1].count if self.observed else 0

    def raised(self, limit: float) -> float:
        """Give a limit of what the total will be, persons, which is not below what is verified."""
        return max(float(limit), float(self.verified))


@dataclass(frozen=True)
class ComparedRow:
    """A published total of releases beside the exits that an audit implies.

    Parameters
    ----------
    count : CountRow
        The total.
    excess : int, optional
        Persons by which it is above the exits implied, below 0 if under them; None where it is of other days.
    low, high : float
        Limits of that, persons.
    """

    count: CountRow
    excess: int | None
    low: float
    high: float


@dataclass(frozen=True)
class AuditRow:
    """Exits that a monitor's own stock and arrests imply, against published totals of releases.

    Parameters
    ----------
    audit : StockFlowAudit
        The audit.
    compared : tuple of ComparedRow
        Published totals of the same days, the largest first.
    """

    audit: StockFlowAudit
    compared: tuple[ComparedRow, ...]


@dataclass(frozen=True)
class SilentRow:
    """A part of the report that has no answer.

    Parameters
    ----------
    part : {"batches", "process", "total", "audit"}
        Which part.
    label : str
        Of which announcement; empty where of all.
    reason, advice : str
        What the data lack, and what a reader can do; a `Message` where it has a language.
    """

    part: str
    label: str
    reason: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class ReleasesContent:
    """Everything that a report about releases shows.

    Parameters
    ----------
    as_of : datetime.date
        Last day the data could know.
    first, last : datetime.date
        Days of the first and of the last count.
    n_counts : int
        Published counts.
    counts : tuple of CountRow
        The last count of every source about every event.
    conflicts : tuple of ConflictRow
        Counts that do not stand together.
    announced : tuple of GapRow
        The announced numbers, those of the last days first.
    delays : tuple of DelayRow
        How long verification takes.
    fans : tuple of FanContent
        The monitors' running totals.
    audit : AuditRow or None
        The stock-flow audit.
    silent : tuple of SilentRow
        The parts that have no answer.
    assumptions : tuple of Assumption
        What the numbers assume.
    notes : tuple of str
        What a reader must know of all announcements together.
    specifications : tuple of str
        The specifications of the fits.
    seed : int
        Seed of the fits.
    digest : str
        SHA-256 of the data.
    versions : tuple of (str, str)
        Software and versions.
    citation : str
        The library and the papers of the methods, one a line.
    definition : Definition, optional
        Who is counted; None where nobody said so.
    left_out : bool, optional
        Whether each count was left out in turn.
    """

    as_of: dt.date
    first: dt.date
    last: dt.date
    n_counts: int
    counts: tuple[CountRow, ...]
    conflicts: tuple[ConflictRow, ...]
    announced: tuple[GapRow, ...]
    delays: tuple[DelayRow, ...]
    fans: tuple[FanContent, ...]
    audit: AuditRow | None
    silent: tuple[SilentRow, ...]
    assumptions: tuple[Assumption, ...]
    notes: tuple[str, ...]
    specifications: tuple[str, ...]
    seed: int
    digest: str
    versions: tuple[tuple[str, str], ...]
    citation: str
    definition: Definition | None = None
    left_out: bool = False
