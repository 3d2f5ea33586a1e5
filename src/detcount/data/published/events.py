"""Published counts by event: who announced, verified and reported how many, and what that leaves.

One chapter, in three steps: announced counts make events; every other count goes to one event; and of each
announcement it is found what each source verified of its days.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from detcount.data.published.counts import (
    MATCH_DAYS,
    SINGLE_DAYS,
    AnnouncementKind,
    Definitions,
    PublishedCount,
    Standing,
    counts_of,
    differences,
    kinds_of,
)
from detcount.data.published.rows import Windowed

Counts = Sequence[PublishedCount]
Kinds = Mapping[int, AnnouncementKind]

RUNS_ON = 14
"""Days by which a count that begins with an announcement may end after it and still be set beside it."""

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class PartCounts:
    """Counts of one monitor that are of parts of the days announced, and of no other days.

    Parameters
    ----------
    source : str
        The monitor.
    counts : tuple of PublishedCount
        Those that share no day and add up to the most, in the order of their days.
    covered, days : int
        Days announced that any of its counts is of, and all the days announced.
    at_least : bool
        Whether more may have been verified of the days that were counted.
    most : int, optional
        The most that its counts of these days allow, persons; None where they leave days open.
    """

    source: str
    counts: tuple[PublishedCount, ...]
    covered: int
    days: int
    at_least: bool = False
    most: int | None = None

    @property
    def total(self) -> int:
        """Sum of the counts, persons: the least that it verified of the days announced."""
        return sum(each.count for each in self.counts)

    @property
    def whole(self) -> bool:
        """True if every day announced was counted."""
        return self.covered >= self.days


@dataclass(frozen=True)
class Event:
    """Counts of one event: one announcement of releases, or the releases of some days.

    Parameters
    ----------
    name : str
        Its name; empty where nobody gave one.
    counts : tuple of PublishedCount
        All its counts in the order they became known, each with its `standing`.
    announced : tuple of PublishedCount
        The announced numbers that stand, the one that the others are set against first.
    parts : tuple of PartCounts
        What monitors counted of parts of its days, where that is more than they counted of the whole; the
        most days first.
    definitions : {"same", "unknown", "different"}
        Whether the announcement and the verified counts are of the same people.
    undecided : bool
        Whether counts of its days may be of another announcement, or of one of several.
    """

    name: str
    counts: tuple[PublishedCount, ...]
    announced: tuple[PublishedCount, ...] = ()
    parts: tuple[PartCounts, ...] = ()
    definitions: Definitions = "unknown"
    undecided: bool = False

    def _with(self, role: str, standing: Standing = "stands") -> tuple[PublishedCount, ...]:
        return tuple(each for each in self.counts if (each.role, each.standing) == (role, standing))

    @property
    def verified(self) -> tuple[PublishedCount, ...]:
        """The verified counts of its days that stand, in the order they became known."""
        return self._with("verified")

    @property
    def reported(self) -> tuple[PublishedCount, ...]:
        """The reported counts that stand."""
        return self._with("reported")

    @property
    def other_days(self) -> tuple[PublishedCount, ...]:
        """The verified counts of other days than those announced, or of other people."""
        others = [*self._with("verified", "other days"), *self._with("verified", "other people")]
        return tuple(sorted(others, key=lambda each: each.order))

    @property
    def partial(self) -> tuple[PublishedCount, ...]:
        """The counts that are of a part alone by their own rows."""
        return tuple(each for each in self.counts if each.standing == "partial")

    @property
    def head(self) -> PublishedCount:
        """The count whose days are those of the event: announced, or else reported or verified last."""
        seen = (*self.verified, *self.reported)
        counts = self.announced[:1] or seen or self.other_days or self.partial or self.counts
        return max(counts, key=lambda each: (each.last, each.order))

    @property
    def in_doubt(self) -> bool:
        """True if nothing but reported counts that their notes doubt is known of it."""
        certain = self.announced or self.verified or not self.reported
        return not certain and all(each.doubted for each in self.reported)

    @property
    def whole(self) -> bool:
        """True if a monitor counted all the days announced."""
        return bool(self.verified) or any(part.whole for part in self.parts[:1])

    @property
    def largest(self) -> int | None:
        """The most that one monitor is known to have verified of it, persons; None where none counted any."""
        found = [each.count for each in self.verified] + [each.total for each in self.parts]
        return max(found, default=0 if self._with("verified", "other days") else None)

    @property
    def bounds(self) -> tuple[int, int | None] | None:
        """The least and the most that were let out, if those verified are of this announcement.

        None where nothing was announced or verified, the two are of different people, or more were verified
        than announced; no upper bound where at least so many were announced. A count of other days leaves 0.
        """
        if not self.announced or self.largest is None or self.definitions == "different":
            return None
        stated = self.announced[0]
        if stated.at_least:
            return self.largest, None
        return (self.largest, stated.count) if self.largest <= stated.count else None


def events_of(reports: Windowed) -> tuple[Event, ...]:
    """Sort the counts by what they are of: those of the last days first, announced before the others.

    Every count is of one event. Announced counts of one source are of one event if they are of the same days,
    or are a total that runs on from one day; those of two sources if they have one name, or if each is the
    nearest of the other by days that differ by two at most. A verified or reported count is of the event of
    its name, else of the announcement of its days, else of an event that nobody announced. The order of rows
    is of no account: of two figures of one day the higher is the later.
    """
    counts = [*_with_words_apart(sorted(counts_of(reports), key=lambda each: each.order))]
    stated = _announcements([each for each in counts if _announces(each)], kinds_of(counts))
    unannounced: dict[object, list[PublishedCount]] = {}
    reported = {(each.start, each.last) for each in counts if each.role == "reported"}
    for each in (each for each in counts if not _announces(each)):
        alone = each.role != "verified" or (each.start, each.last) in reported
        home = _home(each, stated, alone=alone)
        key = each.event, each.words_apart, each.start, None if each.start else each.last
        (home.others if home else unannounced.setdefault(key, [])).append(each)
    found = []
    for rows in unannounced.values():
        event = Event(rows[0].event, (*_stood(rows),))
        within = any(event.head.within(one.head) for one in stated)
        found.append(replace(event, undecided=within))
    own = {each.row: one for one in stated for each in one.others}
    for one in stated:
        one.others = [*_stood(one.others)]
    stood = [
        each for rows in (*(one.others for one in stated), *(one.counts for one in found)) for each in rows
    ]
    verified = [each for each in stood if each.role == "verified" and each.standing in _USABLE]
    by_source: dict[str, list[PublishedCount]] = {}
    for each in (*verified, *differences(verified)):
        by_source.setdefault(each.source, []).append(each)
    defined = reports.definition is not None
    found += [_event(one, by_source, own, stated, defined=defined) for one in stated]
    return tuple(sorted(found, key=_order))


_USABLE = ("stands", "earlier")


def _announces(each: PublishedCount) -> bool:
    """Check whether a count can be an announcement."""
    return each.role == "announced" and not each.partial


def _order(event: Event) -> tuple[object, ...]:
    """Where an event stands: what was announced or only reported first, then by its last day and length."""
    head = event.head
    claimed = bool(event.announced or (event.reported and not event.verified))
    latest = min(head.last, head.published).toordinal()
    return not claimed, event.in_doubt, -latest, head.days or 0, head.order


# --- which announced counts are one event


@dataclass(eq=False)
class _Stated:
    """The announced counts of one event, and the others that go to it."""

    rows: list[PublishedCount]
    head: PublishedCount
    single: bool
    prospective: bool
    others: list[PublishedCount] = field(default_factory=list)

    @cached_property
    def span(self) -> tuple[dt.date, dt.date]:
        """First and last day of counts that may be of it."""
        days = [day for each in self.rows for day in (each.start or each.last, each.last)]
        return min(days) - MATCH_DAYS * _DAY, max(days) + RUNS_ON * _DAY

    @cached_property
    def names(self) -> set[str]:
        """Names of its announced counts."""
        return {each.event for each in self.rows}

    @property
    def last(self) -> dt.date:
        """Last day of the releases announced; of those to come the last that anybody counted."""
        first = self.head.start
        seen = [each for each in self.others if each.role == "verified" and each.start]
        later = [each.last for each in seen if first and each.start and each.start >= first]
        return max([self.head.last, *(later if self.prospective else [])])


def _announcements(rows: Counts, kinds: Kinds) -> list[_Stated]:
    """Announced counts of one event together, in the order they became known."""
    totals: dict[object, list[list[PublishedCount]]] = {}
    for each in rows:
        single = each.start is None or _is_single(each, kinds)
        days = each.start, each.end if single else None, single
        what = each.measure.what, each.words_apart
        key = (each.source, each.event) if each.event else (each.source, *what, *days)
        threads = totals.setdefault(key, [])
        runs_on = [one for one in threads if _goes_on(one, each, kinds)]
        if runs_on:
            max(runs_on, key=lambda one: one[-1].last).append(each)
        else:
            threads.append([each])
    found = []
    for group in _joined([thread for threads in totals.values() for thread in threads]):
        of_group = [*_stood(each for thread in group for each in thread)]
        head = _head(of_group, kinds)
        to_come = kinds[head.row] == "prospective"
        found.append(_Stated(of_group, head, _is_single(head, kinds), to_come))
    return found


def _goes_on(thread: Counts, each: PublishedCount, kinds: Kinds) -> bool:
    """Check whether a total goes on: published later with a later end, or again of days given before."""
    if any(_apart(one, each) == 0 for one in thread):
        return True
    if each.event:
        total = {kinds[one.row] for one in (*thread, each)} == {"running total"}
        return any(one.start == each.start or (total and one.starts_with(each)) for one in thread)
    latest = max(thread, key=lambda one: one.last)
    return latest.published < each.published and latest.last < each.last


def _with_words_apart(counts: Iterable[PublishedCount]) -> Iterator[PublishedCount]:
    """Say of counts without a name which words a source uses for different things of the same days."""
    alike: dict[object, set[str]] = {}
    unnamed = [each for each in counts if not each.event]
    for each in unnamed:
        alike.setdefault((each.source, each.role, each.published, each.start, each.end), set()).add(
            each.measure.words
        )
    words = {word for found in alike.values() if len(found) > 1 for word in found}
    for each in counts:
        apart = each.measure.words in words and not each.event
        yield replace(each, words_apart=each.measure.words) if apart else each


def _is_single(stated: PublishedCount, kinds: Kinds) -> bool:
    """Check whether an announcement is a single one, whose releases may follow on later days."""
    kind = kinds.get(stated.row)
    return kind == "prospective" or (kind == "retrospective" and (stated.days or 1) <= SINGLE_DAYS)


def _head(rows: Counts, kinds: Kinds) -> PublishedCount:
    """The number announced: of a single one the first body's, of a total the last one published."""
    stands = [each for each in rows if each.standing == "stands"] or [*rows]
    first = min(rows, key=lambda each: (each.published, each.source)).source
    single = [each for each in stands if each.source == first and _is_single(each, kinds)]
    return (single or stands)[-1]


def _joined(threads: list[list[PublishedCount]]) -> list[list[list[PublishedCount]]]:
    """Counts of several sources that are of one event: of one name, or each the nearest of the other."""
    groups = [[k] for k in range(len(threads))]

    def join(one: int, other: int) -> None:
        both = *groups[one], *groups[other]
        if len({threads[k][0].source for k in both}) == len(both):  # so that no source is in it twice
            joined = sorted(both)
            for k in both:
                groups[k] = joined

    named: dict[str, list[int]] = {}
    for k, thread in enumerate(threads):
        named.setdefault(thread[0].event, []).append(k)
    for event, members in named.items():
        if event and len({threads[k][0].source for k in members}) == len(members):
            for k in members[1:]:
                join(members[0], k)
    for _, one, other in sorted(_nearest(threads)):
        names = threads[one][0].event, threads[other][0].event
        if not all(names) or names[0] == names[1]:
            join(one, other)
    return [[threads[k] for k in group] for first, group in enumerate(groups) if group[0] == first]


def _nearest(threads: list[list[PublishedCount]]) -> Iterator[tuple[int, int, int]]:
    """Pairs of threads of two sources, each the one nearest of the other, with the days between them."""
    begun: dict[dt.date | None, list[tuple[int, PublishedCount]]] = {}
    for k, thread in enumerate(threads):
        for each in thread:
            begun.setdefault(each.start, []).append((k, each))
    apart: dict[tuple[int, str], dict[int, int]] = {}
    for k, each in (pair for pairs in begun.values() for pair in pairs):
        for shift in range(-MATCH_DAYS, MATCH_DAYS + 1) if each.start else (0,):
            for other, row in begun.get(each.start and each.start + shift * _DAY, ()):
                days = _apart(each, row)
                if row.source != each.source and days is not None:
                    near = apart.setdefault((k, row.source), {})
                    near[other] = min(days, near.get(other, days))
    nearest = {key: _first((days, k) for k, days in near.items()) for key, near in apart.items()}
    for (k, source), found in nearest.items():
        if found is not None and k < found and nearest[found, threads[k][0].source] == k:
            yield apart[k, source][found], k, found


def _first(ranked: Iterable[tuple[int, int]]) -> int | None:
    """The one that stands first by its number; None where two do."""
    first, *others = [*sorted(ranked), (-1, -1)]
    return None if not others or others[0][0] == first[0] else first[1]


def _apart(one: PublishedCount, other: PublishedCount) -> int | None:
    """Days between two windows; None where they are not the same or at most two days apart at either end."""
    if one.start == other.start and (one.last == other.last or (one.start and one.end == other.end)):
        return 0
    return _days_between(one, other) if one.same_days(other) else None


def _days_between(one: PublishedCount, other: PublishedCount) -> int:
    """Days between the first and between the last days of two windows, as far as anybody said."""
    first = (one.start or one.last) - (other.start or other.last)
    return abs(first.days) + abs((one.last - other.last).days)


# --- to which event another count goes


def _home(each: PublishedCount, stated: Sequence[_Stated], *, alone: bool) -> _Stated | None:
    """The announcement that a verified or reported count is of; None where it is of none.

    `alone` says that it is of none of whose days it is a part.
    """
    if each.event:
        named = [one for one in stated if each.event in one.names]
        stated = named or [one for one in stated if not one.head.event]
        if named:
            return min(
                named,
                key=lambda one: (not each.within(one.head), _days_between(each, one.head), one.head.order),
            )
    stated = [
        one
        for one in stated
        if one.span[0] <= each.last and (each.start or each.last) <= one.span[1]
        if not each.words_apart or one.head.words_apart in ("", each.words_apart)
    ]
    known = [one for one in stated if one.rows[0].published <= each.published]
    noted = [one for one in known if each.of_announced in {row.count for row in one.rows}]
    if not each.event and len(noted) == 1:
        return noted[0]
    apart = {k: _least_apart(each, one) for k, one in enumerate(stated)}
    if 0 in apart.values():
        same = _first((_unlike(each, stated[k]), k) for k, days in apart.items() if days == 0)
        return None if same is None else stated[same]
    for among in (known, stated):
        near = {
            k: days
            for k, days in apart.items()
            if days is not None and stated[k] in among and (alone or not each.within(stated[k].head))
        }
        nearest = _first((3 * days + _unlike(each, stated[k]), k) for k, days in near.items())
        following = _first(
            (_unlike(each, one), k) for k, one in enumerate(among) if _runs_on(each, one, among)
        )
        if nearest is not None or following is not None:
            return among[following or 0] if nearest is None else stated[nearest]
    around = [(one.head.days or 0, k) for k, one in enumerate(stated) if each.within(one.head)]
    narrowest = None if alone or each.event else _first(around)
    return None if narrowest is None else stated[narrowest]


def _unlike(each: PublishedCount, one: _Stated) -> int:
    """Measure how little is known of whether a count and an announcement are of the same people: 0 to 2."""
    return ("same", "unknown", "different").index(one.head.people(each))


def _least_apart(each: PublishedCount, one: _Stated) -> int | None:
    """Days between a count and the nearest of the announced counts of an event."""
    return min((days for row in one.rows if (days := _apart(each, row)) is not None), default=None)


def _runs_on(each: PublishedCount, one: _Stated, among: Sequence[_Stated]) -> bool:
    """Check whether a count begins with an announcement and ends after it, before the next one begins."""
    start, head = each.start, one.head
    if start is None or head.start is None or each.last < head.last:
        return False
    if one.prospective:
        later = head.end is None and 0 <= (start - head.start).days <= RUNS_ON
        begins = each.starts_with(head) or later
    else:
        begins = start == head.start and (each.last - head.last).days <= RUNS_ON
    return begins and not any(
        other is not one
        and other.head.start is not None
        and (head.start if one.prospective else head.last) < other.head.start <= each.last
        for other in among
    )


# --- how the counts of one event stand, and what each source verified of it


def _stood(rows: Iterable[PublishedCount]) -> Iterator[PublishedCount]:
    """Counts of one event, each with how it stands beside the others of its source."""
    rows = sorted(rows, key=lambda each: each.order)
    fell_to: dict[int, PublishedCount] = {}
    standing: dict[int, Standing] = {}
    series: dict[object, list[PublishedCount]] = {}
    for each in rows:
        key = (each.source, each.role, each.measure.what, each.words_apart)
        series.setdefault((*key, each.partial), []).append(each)
    for members in series.values():
        for place, each in enumerate(members):
            later, before = members[place + 1 :], members[:place]
            lower = [other for other in later if each.fell_to(other)]
            again = [other for other in later if each.same_window(other) and not _is_less(other, each)]
            kept = [other for other in before if standing[other.row] != "replaced"]
            more = [other for other in kept if each.same_window(other) and _is_less(each, other)]
            if lower:
                fell_to[lower[-1].row] = each
            how: Standing = "earlier" if any(_holds(other, each) for other in members) else "stands"
            how = "replaced" if lower or again or more else how
            standing[each.row] = "partial" if each.partial else how
    for each in rows:
        yield replace(each, standing=standing[each.row], lowered=fell_to.get(each.row))


def _holds(total: PublishedCount, each: PublishedCount) -> bool:
    """Check whether one count of a source is a total that runs on beyond the days of another."""
    begins = total.start == each.start or (each.role == "announced" and total.starts_with(each))
    return each.start is not None and begins and total.last > each.last


def _is_less(later: PublishedCount, before: PublishedCount) -> bool:
    """Check whether a later figure is "at least" fewer than were counted before."""
    return later.at_least and (later.count, before.at_least) < (before.count, True)


def _event(
    one: _Stated,
    by_source: Mapping[str, Counts],
    own: Mapping[int, _Stated],
    stated: Sequence[_Stated],
    *,
    defined: bool,
) -> Event:
    """One announcement with its counts, and what each source verified of its days."""
    head = one.head
    seen = [each for each in one.others if each.role == "verified" and each.standing in _USABLE]
    people = {each.row: head.people(each, defined=defined) for each in seen}
    alike = [each for each in seen if people[each.row] != "different"]
    counted = {each.row: each for each in _of_its_days(one, alike or seen)}
    parts: list[PartCounts] = []
    rivals = [other for other in stated if other is not one and _rivals(one, other)]
    undecided = False
    first = head.start or dt.date.max
    for source, counts in by_source.items() if alike or not seen else ():
        inside = [each for each in counts if each.start and first <= each.start and each.last <= one.last]
        kept = [each for each in inside if not _of_another(each, one, own.get(each.row), rivals)]
        unsure = [each for each in inside if own.get(each.row) is None]
        undecided |= len(unsure) > sum(own.get(each.row) is None for each in kept)
        part = _in_parts(source, kept, one, own, defined=defined)
        whole = [each for each in counted.values() if each.source == source]
        if part is not None and all(part.total > each.count for each in whole):
            parts.append(part)
            added = {each.row for each in part.counts}
            counted = {row: each for row, each in counted.items() if row not in added}
    others = []
    for each in one.others:
        if each.row in people:
            how = _beside(one, each, counted)
            other = how != "stands" and people[each.row] == "different"
            each = replace(each, standing="other people" if other else how)
        others.append(each)
    known = {people[row] for row in counted}
    ranked: tuple[Definitions, ...] = ("same", "unknown", "different")
    stands = [each for each in one.rows if each.standing == "stands" and each is not head]
    return Event(
        name=next((each.event for each in one.rows if each.event), ""),
        counts=tuple(sorted((*one.rows, *others), key=lambda each: each.order)),
        announced=(head, *reversed(stands)),
        parts=tuple(sorted(parts, key=lambda part: (-part.covered, -part.total, part.source))),
        definitions=next((each for each in ranked if each in known), "unknown"),
        undecided=undecided,
    )


def _rivals(one: _Stated, other: _Stated) -> bool:
    """Check whether two announcements may be of different people released on the same days.

    They are of one source or of the same days, and the second is no part of the first.
    """
    same = one.head.source == other.head.source or one.head.start == other.head.start
    near = other.span[0] <= one.last and (one.head.start or one.last) <= other.span[1]
    if not (same and near):
        return False
    equal = _apart(one.head, other.head) == 0
    return (equal or one.head.source == other.head.source) and not _holds_days(one, other)


def _holds_days(one: _Stated, other: _Stated) -> bool:
    """Check whether the days of an announcement hold those of another, and more."""
    return other.head.within(one.head) and (other.head.days or 0) < (one.head.days or 0)


def _of_another(each: PublishedCount, one: _Stated, home: _Stated | None, rivals: Sequence[_Stated]) -> bool:
    """Check whether a count within the days announced is, or may be, of another announcement."""
    if home is not None:
        return home in rivals
    return any(each.within(other.head) and not _holds_days(other, one) for other in rivals)


def _beside(one: _Stated, each: PublishedCount, counted: Mapping[int, PublishedCount]) -> Standing:
    """Classify a count beside those that are set against the announcement."""
    if each.row in counted:
        return "stands"
    begins = [of for of in counted.values() if (of.source, of.start) == (each.source, each.start)]
    if any(each.last < of.last for of in begins):
        return "earlier"
    inside = one.head.start and each.start and one.head.start <= each.start and each.last <= one.last
    return "part" if inside else "other days"


def _of_its_days(one: _Stated, counts: Counts) -> Iterator[PublishedCount]:
    """The count of each source that is set against an announcement: of the nearest days, the latest."""
    groups: dict[object, list[tuple[tuple[int, int], PublishedCount]]] = {}
    for each in counts:
        found = _rank(one, each)
        if found is not None:
            groups.setdefault((each.source, each.measure.what, each.words_apart), []).append((found, each))
    for ranked in groups.values():
        best = min(found for found, _ in ranked)
        yield max((each for found, each in ranked if found == best), key=lambda each: each.order)


def _rank(one: _Stated, each: PublishedCount) -> tuple[int, int] | None:
    """Rank the nearness of its days to those announced; None where they are others, or a part of them."""
    head = one.head
    if each.start is None or head.start is None:
        undated = each.start is each.end is None or head.start is head.end is None
        near = undated or each.same_window(head) or abs((each.last - head.last).days) <= MATCH_DAYS
        return (0, 0) if near else None
    first = abs((each.start - head.start).days)
    if each.last < head.start or each.start > one.last:  # they share no day
        return None
    if each.same_window(head):
        return 0, 0
    if each.within(head):
        return None
    if one.prospective:
        return (0, first) if first <= MATCH_DAYS else None
    if each.same_days(head):
        return 1, first
    return (2, first) if one.single and first == 0 and each.last > head.last else None


def _in_parts(
    source: str, counts: Counts, one: _Stated, own: Mapping[int, _Stated], *, defined: bool
) -> PartCounts | None:
    """Add the counts of a source that share no day of those announced, for the largest sum."""
    first, last = one.head.start or one.last, one.last
    alike = [each for each in counts if one.head.people(each, defined=defined) != "different"]
    alike.sort(key=lambda each: (each.last, each.start or each.last, each.order))
    inside = [(*_days_of(each, own), each) for each in alike]
    if not inside:
        return None
    ends = [each.last for _, _, each in inside]
    best: list[tuple[int, int, int, list[int]]] = [(0, 0, 0, [])]
    for place, (start, end, each) in enumerate(inside):
        # by the days of its row, not those of its announcement: counts that may share a person never add
        total, added, fewer, chosen = best[bisect_left(ends, each.start or each.last, 0, place)]
        with_it = (total + each.count, added + (end - start).days + 1, fewer - 1, [*chosen, place])
        best.append(with_it if with_it[:3] >= best[-1][:3] else best[-1])
    _, added, _, chosen = best[-1]
    covered, reached = 0, first - _DAY
    for start, end, _ in sorted(inside, key=lambda part: part[:2]):
        covered += max((end - max(start - _DAY, reached)).days, 0)
        reached = max(reached, end)
    added_counts = tuple(inside[place][2] for place in chosen)
    at_least = any(each.at_least for each in added_counts) or added < covered
    days = (last - first).days + 1
    most = _covering(inside, first, last) if covered >= days else None
    least = sum(each.count for each in added_counts)
    return PartCounts(
        source, added_counts, covered, days, at_least, None if most is None else max(most, least)
    )


def _days_of(each: PublishedCount, own: Mapping[int, _Stated]) -> tuple[dt.date, dt.date]:
    """Days that a count is of: one that is of a single announcement counts no more than its days."""
    start, end = each.start or each.last, each.last
    of = own.get(each.row)
    if of is None or each.less is not None or not of.single or of.prospective or of.head.start is None:
        return start, end
    inner = max(start, of.head.start), min(end, of.head.last)
    return inner if inner[0] <= inner[1] else (start, end)


def _covering(
    inside: Sequence[tuple[dt.date, dt.date, PublishedCount]], first: dt.date, last: dt.date
) -> int | None:
    """The fewest persons that counts of one source which hold all the days add up to; None if none do.

    Of counts from one day the last holds those before.
    """
    widest = {start: (start, end, each.count) for start, end, each in inside if not each.at_least}
    reached: list[tuple[dt.date, int]] = []  # last days held from the first on, and the persons
    for start, end, count in sorted(widest.values(), key=lambda part: part[:2]):
        before = [n for until, n in reached if until >= start - _DAY] + ([0] if start <= first else [])
        if before:
            reached.append((end, min(before) + count))
    return min((n for until, n in reached if until >= last), default=None)
