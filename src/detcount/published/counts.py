"""Published counts as they were read: each with its days, and what its row says of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from detcount.published.days import as_date
from detcount.published.measures import Measure, measures
from detcount.published.windowed import Windowed
from detcount.words import Message, Number

MATCH_DAYS = 2
"""Days by which the first and the last days of two windows may differ where they are still compared."""

_DATED = ("", "stated", "weekday")  # how a day of publication was found where the source gave it
# words of notes, without accents; one that says less of a count would be read in every other note
_PARTIAL = re.compile(
    r"\b(partial|parcial(mente)?|partiel\w*|different universe|own members|propios miembros)\b"
)
_DOUBT = re.compile(
    r"misprint|errat|\berror\b|approximate|aproximad|\bconflict|contradic|mislabel|mixes|mezcla|undefined"
    r"|without saying|sin decir|around \d|so it counts|is missing|one outlet|not yet verified"
)


@dataclass(frozen=True)
class PublishedCount:
    """One published count, with what its row says of it.

    Parameters
    ----------
    row : int
        Its row; of a difference that of the wider total.
    source, role, event : str
        Who published it, as what, and the name of what was counted.
    count : int
        Persons.
    at_least : bool
        Whether the source said "at least".
    published : datetime.date
        Day by which it was published.
    start, end : datetime.date or None
        First and last day of its window, as far as said.
    measure : Measure
        What is counted, and of whom.
    partial : bool
        Whether its row says that it is of a part alone: it is set against nothing.
    doubted : bool
        Whether its note doubts it.
    dated : bool
        Whether the day of publication was stated; else it is the last day on which it can have been.
    note : str
        What its row notes.
    lowered : PublishedCount, optional
        A higher figure of the same source that this one took the place of.
    less : PublishedCount, optional
        The total that was taken from a wider one, where this count is their difference.
    """

    row: int
    source: str
    role: str
    event: str
    count: int
    at_least: bool
    published: dt.date
    start: dt.date | None
    end: dt.date | None
    measure: Measure
    partial: bool
    doubted: bool
    dated: bool
    note: str = ""
    lowered: PublishedCount | None = None
    less: PublishedCount | None = None

    @property
    def last(self) -> dt.date:
        """Last day of its window; the day of publication where nobody said."""
        return self.end or self.published

    @property
    def days(self) -> int | None:
        """Days of its window; None where nobody said from which day on it counts."""
        return None if self.start is None else (self.last - self.start).days + 1

    @property
    def words(self) -> str:
        """The number, and where the source said it "at least"."""
        number = Number(self.count)
        return Message("at least {number}", number=number) if self.at_least else number

    def same_window(self, other: PublishedCount) -> bool:
        """Whether two windows are the same, as far as anybody said."""
        return (self.start, self.end) == (other.start, other.end)

    def same_days(self, other: PublishedCount) -> bool:
        """Whether the first and the last days of two windows are said, and at most two days apart."""
        return self.starts_with(other) and abs((self.last - other.last).days) <= MATCH_DAYS

    def starts_with(self, other: PublishedCount) -> bool:
        """Whether the first days of two windows are said, and at most two days apart."""
        if self.start is None or other.start is None:
            return False
        return abs((self.start - other.start).days) <= MATCH_DAYS

    def within(self, other: PublishedCount) -> bool:
        """Whether its window lies in another; one whose start nobody said lies in none."""
        if self.start is None or other.start is None:
            return False
        return self.start >= other.start and self.last <= other.last

    def fell_to(self, later: PublishedCount) -> bool:
        """Whether a later total is lower although its window is known to be no smaller."""
        lower = later.count < self.count and not later.at_least
        return lower and (self.within(later) or self.same_window(later))

    def excludes(self, other: PublishedCount) -> bool:
        """Whether two counts of one window cannot both be true."""
        low, high = sorted((self, other), key=lambda each: each.count)
        return low.count < high.count and not low.at_least


def counts_of(reports: Windowed) -> tuple[PublishedCount, ...]:
    """Read every row, with what its note and the basis of its day say of it."""
    basis = getattr(reports, "date_basis", None) or ("",) * len(reports)
    partial = getattr(reports, "partial", np.zeros(len(reports), dtype=bool))
    found = []
    for row, measure in enumerate(measures(reports)):
        note = reports.note[row].casefold()
        found.append(
            PublishedCount(
                row,
                reports.source[row],
                reports.role[row],
                reports.event[row],
                int(reports.count[row]),
                bool(reports.at_least[row]),
                as_date(reports.published[row]),
                None if np.isnat(reports.start[row]) else as_date(reports.start[row]),
                None if np.isnat(reports.end[row]) else as_date(reports.end[row]),
                measure,
                bool(partial[row]) or bool(_PARTIAL.search(note)),
                bool(_DOUBT.search(note)),
                basis[row] in _DATED,
                reports.note[row],
            )
        )
    return tuple(found)


def differences(counts: Iterable[PublishedCount]) -> tuple[PublishedCount, ...]:
    """What a total has before a narrower one of its source, both published on one day and up to one day."""
    groups: dict[object, list[PublishedCount]] = {}
    for each in counts:
        if each.start is not None and not (each.at_least or each.partial or each.doubted):
            key = (each.source, each.role, each.published, each.last, each.measure)
            groups.setdefault(key, []).append(each)
    found = []
    for group in groups.values():
        for one, other in combinations(group, 2):
            wide, narrow = sorted((one, other), key=lambda each: each.start or dt.date.min)
            if narrow.start is None or wide.start == narrow.start or wide.count < narrow.count:
                continue
            day_before = narrow.start - dt.timedelta(days=1)
            rest = wide.count - narrow.count
            found.append(replace(wide, event="", count=rest, end=day_before, less=narrow))
    return tuple(found)
