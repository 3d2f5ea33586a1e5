"""Published counts by event: who announced, verified and reported how many, and what that leaves."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from detcount.published.counts import (
    MATCH_DAYS,
    AnnouncementKind,
    Definitions,
    PublishedCount,
    counts_of,
    differences,
    kinds_of,
    same_people,
)
from detcount.published.rows import Windowed

Kinds = Mapping[int, AnnouncementKind]

_SINGLE = 3  # days of the longest single announcement; what is announced of more days is a total


@dataclass(frozen=True)
class PartCounts:
    """Counts of one monitor that are of parts of the days announced, and of no other days.

    Parameters
    ----------
    source : str
        The monitor.
    counts : tuple of PublishedCount
        The counts, which share no day, in the order of their days.
    covered, days : int
        Days announced that they are of, and all the days announced.
    """

    source: str
    counts: tuple[PublishedCount, ...]
    covered: int
    days: int

    @property
    def total(self) -> int:
        """Sum of the counts, persons."""
        return sum(each.count for each in self.counts)

    @property
    def whole(self) -> bool:
        """Whether every day announced was counted."""
        return self.covered >= self.days


@dataclass(frozen=True)
class Event:
    """What was published of one event: one announcement of releases, or those of some days.

    Parameters
    ----------
    name : str
        Its name; empty where nobody gave one.
    announced : tuple of PublishedCount
        The last number of each body, the one that the others are set against first.
    verified, reported : tuple of PublishedCount
        The last count of each source of the same, in the order they became known.
    other_days : tuple of PublishedCount
        Verified counts that bear its name and are of other days than those announced.
    partial : tuple of PublishedCount
        Counts that are of a part alone by their own rows.
    parts : tuple of PartCounts
        Where nobody verified the whole: what monitors counted of parts of its days, the most days first.
    definitions : {"same", "unknown", "different"}
        Whether the announcement and the verified counts are of the same people.
    """

    name: str
    announced: tuple[PublishedCount, ...]
    verified: tuple[PublishedCount, ...]
    reported: tuple[PublishedCount, ...]
    other_days: tuple[PublishedCount, ...]
    partial: tuple[PublishedCount, ...]
    parts: tuple[PartCounts, ...]
    definitions: Definitions

    @property
    def head(self) -> PublishedCount:
        """The count whose days are those of the event: announced, or else reported or verified last."""
        seen = (*self.verified, *self.reported)
        counts = self.announced[:1] or seen or self.other_days or self.partial
        return max(counts, key=lambda each: (each.last, each.row))

    @property
    def in_doubt(self) -> bool:
        """Whether all that is known of it are reported counts that their notes doubt."""
        certain = self.announced or self.verified or not self.reported
        return not certain and all(each.doubted for each in self.reported)

    @property
    def largest(self) -> int | None:
        """The most that one monitor verified of it, persons; None where none did."""
        found = [each.count for each in self.verified] or [each.total for each in self.parts]
        return max(found, default=None)

    @property
    def bounds(self) -> tuple[int, int | None] | None:
        """The least and the most that were let out, if those verified are of this announcement.

        None where nothing was announced or verified, the two are of different people, or more were verified
        than announced; no upper bound where at least so many were announced.
        """
        if not self.announced or self.largest is None or self.definitions == "different":
            return None
        stated = self.announced[0]
        if stated.at_least:
            return self.largest, None
        return (self.largest, stated.count) if self.largest <= stated.count else None


def events_of(reports: Windowed) -> tuple[Event, ...]:
    """Sort the counts by what they are of: those of the last days first, announced before the others.

    Rows of one name are of one event. A row without a name belongs to the announcement whose first and last
    days are at most two days from its own, or that is of releases to come from its first day on.
    """
    counts = counts_of(reports)
    kinds = kinds_of(counts)
    groups = _groups(counts, kinds)
    defined = reports.definition is not None
    lowered = _lowered(counts)
    stated = {name: _announced(group, kinds, lowered) for name, group in enumerate(groups)}
    singles = {
        group[0].event: stated[k][0]
        for k, group in enumerate(groups)
        if stated[k] and group[0].event and _is_single(stated[k][0], kinds)
    }
    verified = [each for each in counts if each.role == "verified"]
    usable = [*(each for each in verified if each.row not in lowered), *differences(verified)]
    found = []
    for k, group in enumerate(groups):
        event = _event(group, stated[k], kinds, lowered, defined=defined)
        if event.announced and not event.verified:
            event = replace(event, parts=_parts(event.announced[0], usable, singles, defined=defined))
        found.append(event)
    return tuple(sorted(found, key=_order))


def _order(event: Event) -> tuple[bool, bool, int, int, int]:
    """Where an event stands: what was announced or only reported first, then by its last day and length."""
    head = event.head
    claimed = bool(event.announced or (event.reported and not event.verified))
    return not claimed, event.in_doubt, -min(head.last, head.published).toordinal(), head.days or 0, head.row


def _groups(counts: Sequence[PublishedCount], kinds: Kinds) -> list[list[PublishedCount]]:
    """Counts of one event together, in the order they became known."""
    groups: list[list[PublishedCount]] = []
    named: dict[str, list[PublishedCount]] = {}
    for each in counts:
        if each.event:
            if each.event not in named:
                groups.append(named.setdefault(each.event, []))
            named[each.event].append(each)
    days = sorted(each.start for each in counts if each.role == "announced" and each.start is not None)
    unnamed = [each for each in counts if not each.event]
    alike: dict[object, list[str]] = {}
    for each in unnamed:
        key = (each.source, each.role, each.published, each.start, each.end)
        alike.setdefault(key, []).append(each.measure.words)
    # words of two counts that one source gave of the same days on one day
    apart = {frozenset(pair) for words in alike.values() for pair in combinations(set(words), 2)}
    for each in sorted(unnamed, key=lambda each: each.role != "announced"):  # announced first
        near = [group for group in groups if any(_of_one(each, other, kinds, days, apart) for other in group)]
        if near:
            min(near, key=lambda group: min(_apart(each, other) for other in group)).append(each)
        else:
            groups.append([each])
    return [sorted(group, key=lambda each: each.row) for group in groups]


def _of_one(
    each: PublishedCount,
    other: PublishedCount,
    kinds: Kinds,
    days: Sequence[dt.date],
    apart: Collection[frozenset[str]],
) -> bool:
    """Whether a count without a name is of the same event as another count.

    Where a source uses two words for different things, counts in these words are of different events.
    """
    if frozenset((each.measure.words, other.measure.words)) in apart:
        return False
    if (each.start, each.last) == (other.start, other.last):
        return True
    if (each.source, each.role, each.start) == (other.source, other.role, other.start):
        if each.role == "announced":
            return kinds[each.row] == kinds[other.row] == "running total"
        return each.start is not None and not other.event
    if "announced" not in (each.role, other.role):
        return False
    if each.same_days(other):
        return True
    stated, seen = (each, other) if each.role == "announced" else (other, each)
    if kinds.get(stated.row) != "prospective" or stated.start is None or seen.start is None:
        return False
    following = bisect_left(days, max(stated.start, stated.end or stated.start) + dt.timedelta(days=1))
    before_next = following == len(days) or seen.last < days[following]
    return abs((seen.start - stated.start).days) <= MATCH_DAYS and before_next


def _apart(one: PublishedCount, other: PublishedCount) -> int:
    """Days between two windows."""
    first = (one.start or one.last), (other.start or other.last)
    return abs((first[0] - first[1]).days) + abs((one.last - other.last).days)


def _lowered(counts: Sequence[PublishedCount]) -> dict[int, int]:
    """Rows whose source gave a lower figure of the same later, each with the row that took its place."""
    series: dict[object, list[PublishedCount]] = {}
    for each in counts:
        if not each.partial:
            series.setdefault((each.source, each.event, each.role, each.measure.words), []).append(each)
    return {
        each.row: after[-1].row
        for rows in series.values()
        for place, each in enumerate(rows)
        if (after := [later for later in rows[place + 1 :] if each.fell_to(later)])
    }


def _last_of_each(
    group: Iterable[PublishedCount], role: str, lowered: dict[int, int]
) -> list[PublishedCount]:
    """The last standing count of each source in a role, with the higher one that it took the place of."""
    last: dict[object, PublishedCount] = {}
    fallen: dict[int, PublishedCount] = {}
    group = list(group)
    rows = {each.row for each in group}
    for each in group:
        if each.role != role or each.partial:
            continue
        # an announcement of some days stands, if a lower total is of other days too
        if each.row in lowered and (role != "announced" or lowered[each.row] in rows):
            fallen[lowered[each.row]] = each
        else:
            last[each.source, each.measure.what] = each
    return [
        replace(each, lowered=fallen.get(each.row)) for each in sorted(last.values(), key=lambda c: c.row)
    ]


def _announced(
    group: Iterable[PublishedCount], kinds: Kinds, lowered: dict[int, int]
) -> list[PublishedCount]:
    """The announced numbers: of a single one the first body's first, of a total the last one published."""
    group = list(group)
    found = _last_of_each(group, "announced", lowered)
    if not found:
        return []
    first = next(each.source for each in group if each.role == "announced" and not each.partial)
    single = [each for each in found if each.source == first and _is_single(each, kinds)]
    head = single[-1] if single else found[-1]
    return [head, *(each for each in reversed(found) if each is not head)]


def _is_single(stated: PublishedCount, kinds: Kinds) -> bool:
    """Whether an announcement is a single one, whose releases may follow on later days."""
    kind = kinds.get(stated.row)
    return kind == "prospective" or (kind == "retrospective" and (stated.days or 1) <= _SINGLE)


def _event(
    group: list[PublishedCount],
    stated: list[PublishedCount],
    kinds: Kinds,
    lowered: dict[int, int],
    *,
    defined: bool,
) -> Event:
    """One event, before the counts of parts of its days are looked for."""
    verified = _last_of_each(group, "verified", lowered)
    of_it = verified
    definitions: Definitions = "unknown"
    if stated:
        head = stated[0]
        if not _is_single(head, kinds):
            of_it = _last_of_each([each for each in group if head.same_days(each)], "verified", lowered)
        known = {same_people(head.measure, each.measure, defined=defined) for each in of_it}
        ranked: tuple[Definitions, ...] = ("same", "unknown", "different")
        definitions = next((each for each in ranked if each in known), "unknown")
        if definitions != "different":  # who counts other people is set against nothing
            of_it = [
                each
                for each in of_it
                if same_people(head.measure, each.measure, defined=defined) != "different"
            ]
    rows = {each.row for each in of_it}
    return Event(
        name=group[0].event,
        announced=tuple(stated),
        verified=tuple(of_it),
        reported=tuple(_last_of_each(group, "reported", lowered)),
        other_days=tuple(each for each in verified if each.row not in rows),
        partial=tuple(each for each in group if each.partial),
        parts=(),
        definitions=definitions,
    )


def _parts(
    stated: PublishedCount,
    usable: Iterable[PublishedCount],
    singles: dict[str, PublishedCount],
    *,
    defined: bool,
) -> tuple[PartCounts, ...]:
    """For each monitor, the counts that share no day and together cover the most days announced."""
    if stated.start is None or stated.days is None:
        return ()
    by_source: dict[str, list[PublishedCount]] = {}
    for each in usable:
        if (
            each.start is not None
            and not each.partial
            and stated.start <= each.start
            and each.last <= stated.last
            and same_people(stated.measure, each.measure, defined=defined) != "different"
        ):
            by_source.setdefault(each.source, []).append(each)
    found = []
    for source, counts in by_source.items():
        chosen = _sharing_no_day(counts, singles)
        covered = sum(_covered(each, singles) for each in chosen)
        found.append(PartCounts(source, tuple(chosen), covered, stated.days))
    return tuple(sorted(found, key=lambda part: (-part.covered, -part.total, -part.counts[-1].row)))


def _covered(each: PublishedCount, singles: dict[str, PublishedCount]) -> int:
    """Days that a count is of: one named for a single announcement counts no more than its days."""
    single = singles.get(each.event)
    days = each.days or 0
    return days if single is None or single.days is None else min(days, single.days)


def _sharing_no_day(counts: list[PublishedCount], singles: dict[str, PublishedCount]) -> list[PublishedCount]:
    """The counts of one source that share no day and together cover most days; of equal choices the last."""
    ordered = sorted(counts, key=lambda each: (each.last, each.row))
    ends = [each.last for each in ordered]
    best: list[tuple[int, int, list[PublishedCount]]] = [(0, 0, [])]
    for place, each in enumerate(ordered):
        before = bisect_left(ends, each.start or each.last, 0, place)
        days, fewer, chosen = best[before]
        with_it = (days + _covered(each, singles), fewer - 1, [*chosen, each])
        without = best[-1]
        best.append(with_it if with_it[:2] >= without[:2] else without)
    return best[-1][2]
