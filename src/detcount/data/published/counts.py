"""One published count: what it says, what it counts and of whom, and what an announced number speaks of."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from itertools import combinations
from typing import Any, Literal

import numpy as np

from detcount.data.published.reading import as_date
from detcount.data.published.rows import Windowed
from detcount.errors import InputError
from detcount.reading.frames import plain_name
from detcount.words import Message, Number

Who = Literal["all", "political", "unknown"]
What = Literal["release", "review", "house arrest"]
Definitions = Literal["same", "unknown", "different"]
Standing = Literal["stands", "replaced", "earlier", "part", "other days", "other people", "partial"]
"""How a count stands in its event; of those that do not stand the first reason."""

ALL_PRISONERS = "all prisoners"
POLITICAL_PRISONERS = "political prisoners"
REVIEWS = "reviews of custody"
MEASURES = (ALL_PRISONERS, POLITICAL_PRISONERS, REVIEWS)
"""Words that can be stated for a measure; each is read as itself."""


@cache
def _words() -> dict[str, list[str]]:
    """Words of sources, by what they say."""
    return tomllib.loads(files("detcount.data.published").joinpath("words.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Measure:
    """Quantity of one published count.

    Parameters
    ----------
    who : {"all", "political", "unknown"}
        Prisoners whatever their offence, political prisoners, or not said.
    what : {"release", "review", "house arrest"}
        People who left prison; reviews of custody measures, and measures lifted, which are no releases; or
        people moved to house arrest.
    words : str
        The words of the source, without capitals, accents and signs.
    read_in : {"measure", "note", ""}
        Where it was read who is counted: in the column ``measure``, in a note of the source, or nowhere.
    """

    who: Who
    what: What
    words: str
    read_in: Literal["measure", "note", ""]

    @property
    def release(self) -> bool:
        """True if the count is of people who left prison."""
        return self.what == "release"


@lru_cache(maxsize=4096)
def measure_of(measure: str, note: str = "") -> Measure:
    """Read what a count counts from the words of its measure, and where these leave it open of its note."""
    words = plain_name(measure)
    who = _who(words, "political")
    what: What = "review" if _mentions(words, "review") else "release"
    if _mentions(words, "house arrest"):
        what = "house arrest"
    if who != "unknown":
        return Measure(who, what, words, "measure")
    noted = _who(plain_name(note), "political in a note")
    return Measure(noted, what, words, "" if noted == "unknown" else "note")


def measures(reports: Windowed) -> tuple[Measure, ...]:
    """Read the quantity of each count; a source's note holds for its other counts in the same words."""
    read = [measure_of(*texts) for texts in zip(reports.measure, reports.note, strict=True)]
    noted: dict[tuple[str, str], set[Who]] = {}
    for source, found in zip(reports.source, read, strict=True):
        if found.read_in == "note":
            noted.setdefault((source, found.words), set()).add(found.who)
    for row, found in enumerate(read):
        stated = noted.get((reports.source[row], found.words), set())
        if not found.read_in and len(stated) == 1:
            read[row] = Measure(next(iter(stated)), found.what, found.words, "note")
    return tuple(read)


def same_people(one: Measure, other: Measure, *, defined: bool = False) -> Definitions:
    """Check whether two counts are of the same people; `defined` says that counts in the same words are."""
    if one.what != other.what or (one.who != other.who and "unknown" not in (one.who, other.who)):
        return "different"
    known = one.who == other.who != "unknown"
    return "same" if known or (defined and one.words == other.words) else "unknown"


def checked_mapping(mapping: Any, known: tuple[str, ...]) -> dict[str, str]:
    """Refuse a mapping from measures that no row has, or to words that are no kind of measure."""
    for measure, stated in mapping.items():
        if measure not in known:
            raise InputError(
                Message(
                    "measures: expected texts that stand in the column, got another. set(reports.measure) "
                    "has those there are"
                )
            )
        if stated not in MEASURES:
            raise InputError(
                Message("measures: expected {kinds!r:or}, got something else", kinds=list(MEASURES))
            )
    return dict(mapping)


def _mentions(words: str, *kinds: str) -> bool:
    """Check whether one of the phrases of some kinds stands among the words."""
    return any(
        re.search(r"\b" + re.escape(phrase).replace(r"\*", r"\w*") + r"\b", words)
        for kind in kinds
        for phrase in _words()[kind]
    )


def _who(words: str, political: str) -> Who:
    """Who is counted; unknown where nothing or both are said."""
    everybody = _mentions(words, "all", "not only political")
    some = _mentions(words, political) and not _mentions(words, "not only political")
    if everybody == some:
        return "unknown"
    return "all" if everybody else "political"


MATCH_DAYS = 2
"""Days by which the first and the last days of two windows may differ where they are still compared."""

SINGLE_DAYS = 3
"""Days of the longest single announcement; what is announced of more days is a total."""

_DATED = ("", "stated", "weekday")  # how a day of publication was found where the source gave it
# words of notes, without accents; one that says less of a count would be read in every other note
_PARTIAL = re.compile(
    r"\b(partial|parcial(mente)?|partiel\w*|different universe|own members|propios miembros)\b"
)
_DOUBT = re.compile(
    r"misprint|errat|\berror\b|approximate|aproximad|\bconflict|contradic|mislabel|mixes|mezcla|undefined"
    r"|without saying|sin decir|around \d|so it counts|is missing|one outlet|not yet verified"
)
# a note that says of which announcement its count is: "of the 99 announced", "de las 99 anunciadas"
_OF_ANNOUNCED = re.compile(r"\b(\d+)(?: \w+)? (?:announced|anunciad[oa]s)\b")


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
    standing : str, optional
        How it stands beside the other counts of its event.
    words_apart : str, optional
        The words of its measure, where a source gave counts of the same days in these and in other words.
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
    standing: Standing = "stands"
    words_apart: str = ""

    @property
    def last(self) -> dt.date:
        """Last day of its window; the day of publication where nobody said."""
        return self.end or self.published

    @property
    def order(self) -> tuple[object, ...]:
        """Key that sorts counts as they became known, of one day the higher last, in any order of rows."""
        first = self.start or dt.date.min
        texts = (self.source, self.role, self.event, self.measure.words, self.note)
        return (self.published, self.last, self.count, self.at_least, first, self.end is None, *texts)

    @property
    def of_announced(self) -> int | None:
        """The number announced that its note says it is of."""
        found = {int(number) for number in _OF_ANNOUNCED.findall(self.note.casefold())}
        return found.pop() if len(found) == 1 else None

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
        """Check whether two windows are the same, as far as anybody said."""
        return self.start == other.start and (self.end == other.end or self.last == other.last)

    def same_days(self, other: PublishedCount) -> bool:
        """Check whether the first and the last days of two windows are said, and at most two days apart."""
        return self.starts_with(other) and abs((self.last - other.last).days) <= MATCH_DAYS

    def starts_with(self, other: PublishedCount) -> bool:
        """Check whether the first days of two windows are said, and at most two days apart."""
        if self.start is None or other.start is None:
            return False
        return abs((self.start - other.start).days) <= MATCH_DAYS

    def within(self, other: PublishedCount) -> bool:
        """Check whether its window lies in another; one whose start nobody said lies in none."""
        if self.start is None or other.start is None:
            return False
        return self.start >= other.start and self.last <= other.last

    def fell_to(self, later: PublishedCount) -> bool:
        """Check whether a later total is lower although its window is known to be no smaller."""
        lower = later.count < self.count and not later.at_least
        return lower and (self.within(later) or self.same_window(later))

    def people(self, other: PublishedCount, *, defined: bool = False) -> Definitions:
        """Check whether two counts are of the same people; not where a source tells their words apart."""
        if self.words_apart and other.words_apart and self.words_apart != other.words_apart:
            return "different"
        return same_people(self.measure, other.measure, defined=defined)

    def excludes(self, other: PublishedCount) -> bool:
        """Check whether two counts of one window cannot both be true."""
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
    """Wider total less narrower total of one source, of those published on one day that end on one day."""
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


AnnouncementKind = Literal["prospective", "retrospective", "running total"]
KINDS: tuple[AnnouncementKind, ...] = ("prospective", "retrospective", "running total")


def kinds_of(counts: Sequence[PublishedCount]) -> dict[int, AnnouncementKind]:
    """Kind of every announced count by its row, read from its note, its days, and the counts beside it.

    A prospective count is of releases to come, and has an open end. A retrospective one is of releases within
    its window. The last day of a running total moves on from figure to figure, so that only its increments
    are new.
    """
    announced = [each for each in counts if each.role == "announced"]
    growing = _growing(announced)
    return {each.row: _kind(each, growing=each.row in growing) for each in announced}


def _kind(each: PublishedCount, *, growing: bool) -> AnnouncementKind:
    """The kind of one count; `growing` says that its total rose while its last day moved on."""
    note = each.note.casefold()
    stated = [kind for kind in KINDS if kind in note]
    if len(stated) == 1:
        return stated[0]
    if growing:
        return "running total"
    if any(words in note for words in _words()["to come in a note"]) or _to_come(each):
        return "prospective"
    if each.end is None and each.start is not None:
        return "running total"
    # of reviews of custody the releases come after
    return "retrospective" if each.measure.release else "prospective"


def _to_come(each: PublishedCount) -> bool:
    """Check whether a window ends after the day of publication, or was just opened and has no last day."""
    start, end, published = each.start, each.end, each.published
    if start is not None and (start > published or (end is None and (published - start).days <= MATCH_DAYS)):
        return True
    return end is not None and end > published


def _growing(announced: Sequence[PublishedCount]) -> set[int]:
    """Rows of totals that rose while their last day moved on.

    A total belongs to one event, or where there is none to one source, and its windows share days and begin
    within two days of each other. Of two bodies the later has to end more than two days later, as they may
    date one announcement differently. Releases to come make no total, and without a name nor does a single
    announcement.
    """
    groups: dict[tuple[bool, str], list[PublishedCount]] = {}
    for each in announced:
        single = not each.event and each.end is not None and (each.days or 0) <= SINGLE_DAYS
        if each.start is not None and not _to_come(each) and not single:
            groups.setdefault((bool(each.event), each.event or each.source), []).append(each)
    found: set[int] = set()
    for members in groups.values():
        for place, each in enumerate(members):
            before = next((old for old in members[:place] if _grew(old, each)), None)
            if before is not None:
                found |= {before.row, each.row}
        # a figure that stands still, or fell, is still one of its total
        totals = {(each.source, each.start) for each in members if each.row in found}
        found |= {each.row for each in members if (each.source, each.start) in totals}
    return found


def _grew(before: PublishedCount, after: PublishedCount) -> bool:
    """Check whether the second count can be the total of the first some days on."""
    moved = 0 if before.source == after.source else MATCH_DAYS
    shared = after.start is not None and after.start <= before.last
    rose = after.count > before.count or after.at_least
    return before.starts_with(after) and (after.last - before.last).days > moved and shared and rose
