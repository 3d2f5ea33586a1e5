"""Published counts that do not stand together: updates of one day, corrections, and contradictions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from detcount.published.announcements import AnnouncementKind, announcements
from detcount.published.days import as_date
from detcount.published.measures import Measure, measures
from detcount.published.relations import (
    differ,
    end_of,
    ends,
    fell,
    latest,
    number_words,
    same_window,
    series,
    windows_match,
    within,
)
from detcount.published.windowed import Windowed
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

ConflictKind = Literal["update", "correction", "contradiction"]
CONFLICT_KINDS: tuple[ConflictKind, ...] = ("contradiction", "correction", "update")

_OF_EACH = ("row", "source", "published", "count")
_COLUMNS = (
    *("kind", "how", "event"),
    *(f"{which}_{name}" for name in _OF_EACH for which in ("first", "second")),
    "what",
)


@dataclass(frozen=True)
class Conflict:
    """Two published counts that do not stand together.

    Parameters
    ----------
    kind : {"update", "correction", "contradiction"}
        A source raised its own figure on one day; a source lowered or restated its own figure; or two
        figures cannot both be true and neither takes the place of the other.
    how : str
        In which way, one of those that ``PublishedReleases.conflicts`` names.
    first, second : int
        Their rows, in the order they became known.
    what : Message
        A sentence without its full stop.
    """

    kind: ConflictKind
    how: str
    first: int
    second: int
    what: Message


def conflicts(reports: Windowed) -> tuple[Conflict, ...]:
    """Find updates, corrections and contradictions, in the order they became known."""
    read = measures(reports)
    kinds = {found.row: found.kind for found in announcements(reports)}
    found = [
        *_of_one_source(reports, kinds),
        *_part_above_whole(reports, kinds),
        *_announced_twice(reports, read, kinds),
        *_verified_above(reports, read, kinds),
    ]
    return tuple(sorted(found, key=lambda each: (each.second, each.first, each.how)))


def conflict_frame(reports: Windowed) -> pd.DataFrame:
    """Updates, corrections and contradictions as a frame."""
    import pandas as pd

    def values(row: int) -> tuple[Any, ...]:
        return row, reports.source[row], np.datetime64(reports.published[row], "s"), int(reports.count[row])

    lines = []
    for found in conflicts(reports):
        both = zip(values(found.first), values(found.second), strict=True)
        told = (found.kind, found.how, reports.event[found.first], *(one for pair in both for one in pair))
        lines.append(dict(zip(_COLUMNS, (*told, found.what), strict=True)))
    kinds = {"row": "int64", "published": "datetime64[s]", "count": "int64"}
    typed = {f"{which}_{name}": kind for name, kind in kinds.items() for which in ("first", "second")}
    return pd.DataFrame(lines, columns=list(_COLUMNS)).astype(typed)


def _of_one_source(reports: Windowed, kinds: dict[int, AnnouncementKind]) -> Iterator[Conflict]:
    """Figures of one source on one event that a later one of its own takes the place of."""
    for (_, _, role), rows in series(reports).items():
        for place, row in enumerate(rows):
            earlier = np.array(rows[:place], dtype=np.int64)[::-1]
            above = earlier[reports.count[earlier] > reports.count[row]].tolist()
            higher = next((old for old in above if fell(reports, old, row)), None)
            if higher is not None:
                yield Conflict("correction", "fell", higher, row, _lowered(reports, higher, row))
                continue
            alike = earlier[reports.end[earlier] == reports.end[row]].tolist()
            same = next((old for old in alike if _same_figure(reports, old, row)), None)
            if same is None or reports.at_least[same] or reports.count[same] >= reports.count[row]:
                continue
            words = _then(reports, same, row)
            if reports.published[row] == reports.published[same]:
                yield Conflict("update", "raised", same, row, words)
            elif role == "announced" and kinds[row] != "running total":
                yield Conflict("correction", "restated", same, row, words)


def _same_figure(reports: Windowed, one: int, other: int) -> bool:
    """Whether two rows of one source are of the same days, both of them said, and of the same measure."""
    return bool(
        same_window(reports, one, other)
        and not np.isnat(reports.end[one])
        and reports.measure[one] == reports.measure[other]
    )


def _part_above_whole(reports: Windowed, kinds: dict[int, AnnouncementKind]) -> Iterator[Conflict]:
    """A window of one source with more than a wider one that it published no earlier."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for row, key in enumerate(zip(reports.source, reports.role, reports.measure, strict=True)):
        if kinds.get(row) != "prospective":
            groups.setdefault(key, []).append(row)
    end = ends(reports)
    for members in groups.values():
        rows = np.array(members)
        for part in members:
            later = rows[rows >= part]
            above = (
                (reports.start[later] <= reports.start[part])
                & (end[later] >= end[part])
                & (reports.count[later] < reports.count[part])
                & ~reports.at_least[later]
            )
            wholes = [row for row in later[above].tolist() if reports.event[row] != reports.event[part]]
            if wholes:
                whole = wholes[0]
                at_once = reports.published[part] == reports.published[whole]
                yield Conflict(
                    "contradiction" if at_once else "correction",
                    "part above whole",
                    part,
                    whole,
                    Message(
                        "{who}: {part} {window}, but {whole} {wider}",
                        who=reports.source[part],
                        part=_number(reports, part),
                        window=_window(reports, part),
                        whole=_number(reports, whole),
                        wider=_window(reports, whole),
                    ),
                )


def _announced_twice(
    reports: Windowed, read: tuple[Measure, ...], kinds: dict[int, AnnouncementKind]
) -> Iterator[Conflict]:
    """Announced figures of two sources for one event that cannot both be true."""
    for rows in latest(reports, "announced").values():
        for first, second in combinations(sorted(rows), 2):
            if _same_people(read, first, second) and _excluded(reports, kinds, first, second):
                words = Message(
                    "{first}, {second}, for one event",
                    first=_said(reports, first),
                    second=_said(reports, second),
                )
                yield Conflict("contradiction", "announcements differ", first, second, words)


def _excluded(reports: Windowed, kinds: dict[int, AnnouncementKind], one: int, other: int) -> bool:
    """Whether two announced figures cannot both be true: what is to come contradicts nothing that came.

    Of two totals the one with more days may be the higher. Two figures for single days, or for days that do
    not contain each other, speak of one lot that the bodies date differently by no more than two days.
    """
    if (kinds[one] == "prospective") != (kinds[other] == "prospective"):
        return False
    if same_window(reports, one, other):
        return differ(reports, one, other)
    for inner, outer in ((one, other), (other, one)):
        if within(reports, inner, outer):
            return bool(reports.count[inner] > reports.count[outer] and not reports.at_least[outer])
    lots = "running total" not in (kinds[one], kinds[other])
    return lots and windows_match(reports, one, other) and differ(reports, one, other)


def _verified_above(
    reports: Windowed, read: tuple[Measure, ...], kinds: dict[int, AnnouncementKind]
) -> Iterator[Conflict]:
    """More verified than announced, of the same people within the announced days."""
    announced = latest(reports, "announced")
    for event, rows in latest(reports, "verified").items():
        for verified in rows:
            for official in announced.get(event, []):
                if (
                    kinds[official] != "prospective"
                    and within(reports, verified, official)
                    and reports.count[verified] > reports.count[official]
                    and not reports.at_least[official]
                    and _same_people(read, verified, official)
                ):
                    words = Message(
                        "{verified}, above {announced}",
                        verified=_said(reports, verified),
                        announced=_said(reports, official),
                    )
                    first, second = sorted((verified, official))
                    yield Conflict("contradiction", "verified above announced", first, second, words)


def _same_people(read: tuple[Measure, ...], one: int, other: int) -> bool:
    """Whether two rows say that they count the same: in the same words, or of the same prisoners."""
    first, second = read[one], read[other]
    said = first.who != "unknown" or first.words == second.words
    return first.release == second.release and first.who == second.who and said


def _lowered(reports: Windowed, before: int, after: int) -> Message:
    """Say that a source lowered its figure, and whether it counted otherwise by then."""
    words = _then(reports, before, after)
    if reports.measure[before] == reports.measure[after]:
        return words
    return Message("{words}; by their words the two count different things", words=words)


def _then(reports: Windowed, before: int, after: int) -> Message:
    """Say one figure of a source and its next."""
    if reports.published[before] == reports.published[after]:
        return Message(
            "{who}: {first}, then {second}, both on {day}",
            who=reports.source[after],
            first=_number(reports, before),
            second=_number(reports, after),
            day=as_date(reports.published[after]),
        )
    return Message(
        "{who}: {first} on {day}, then {second} on {later}",
        who=reports.source[after],
        first=_number(reports, before),
        day=as_date(reports.published[before]),
        second=_number(reports, after),
        later=as_date(reports.published[after]),
    )


def _number(reports: Windowed, row: int) -> str:
    """A count in words."""
    return number_words(int(reports.count[row]), at_least=bool(reports.at_least[row]))


def _said(reports: Windowed, row: int) -> Message:
    """Who said how many, of which days, and when."""
    return Message(
        "{source} {n} {window} (published on {day})",
        source=reports.source[row],
        n=_number(reports, row),
        window=_window(reports, row),
        day=as_date(reports.published[row]),
    )


def _window(reports: Windowed, row: int) -> Message:
    """A window in words that can follow a number."""
    first, last = reports.start[row], as_date(end_of(reports, row))
    if np.isnat(first):
        return Message("up to {day}", day=last)
    start = as_date(first)
    if np.isnat(reports.end[row]):
        return Message("since {first}", first=start)
    if start == last:
        return Message("of {day}", day=last)
    if (start.year, start.month) == (last.year, last.month):
        return Message("from {first} to {last}", first=start.day, last=last)
    if start.year == last.year:
        return Message("from {first:no year} to {last}", first=start, last=last)
    return Message("from {first} to {last}", first=start, last=last)
