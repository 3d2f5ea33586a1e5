"""Published counts that do not stand together: updates of one day, corrections, and contradictions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from detcount.data.published.counts import AnnouncementKind, PublishedCount, counts_of, kinds_of
from detcount.data.published.rows import Windowed
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

ConflictKind = Literal["update", "correction", "contradiction"]
CONFLICT_KINDS: tuple[ConflictKind, ...] = ("contradiction", "correction", "update")

Counts = Sequence[PublishedCount]
Kinds = Mapping[int, AnnouncementKind]


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
    counts = counts_of(reports)
    kinds = kinds_of(counts)
    found = [
        *_of_one_source(counts, kinds),
        *_part_above_whole(counts, kinds),
        *_announced_twice(counts, kinds),
        *_verified_above(counts, kinds),
    ]
    return tuple(sorted(found, key=lambda each: (each.second, each.first, each.how)))


def conflict_frame(reports: Windowed) -> pd.DataFrame:
    """Updates, corrections and contradictions as a frame."""
    import pandas as pd

    found = conflicts(reports)
    both = {
        side: np.array([getattr(each, side) for each in found], dtype=int) for side in ("first", "second")
    }
    cells = {
        "row": np.arange(len(reports)),
        "source": np.array(reports.source, dtype=object),
        "published": reports.published.astype("datetime64[s]"),
        "count": reports.count,
    }
    columns: dict[str, Any] = {
        "kind": [each.kind for each in found],
        "how": [each.how for each in found],
        "event": [reports.event[row] for row in both["first"]],
    }
    columns |= {f"{side}_{name}": of[both[side]] for name, of in cells.items() for side in both}
    return pd.DataFrame({**columns, "what": [each.what for each in found]})


def _of_one_source(counts: Counts, kinds: Kinds) -> Iterator[Conflict]:
    """Figures of one source on one event that a later one of its own takes the place of."""
    series: dict[tuple[str, str, str], list[PublishedCount]] = {}
    for each in counts:
        earlier = series.setdefault((each.source, each.event, each.role), [])
        higher = next((old for old in reversed(earlier) if old.fell_to(each)), None)
        same = next((old for old in reversed(earlier) if _same_figure(old, each)), None)
        earlier.append(each)
        if higher is not None:
            yield Conflict("correction", "fell", higher.row, each.row, _lowered(higher, each))
        elif same is not None and not same.at_least and same.count < each.count:
            if each.published == same.published:
                yield Conflict("update", "raised", same.row, each.row, _then(same, each))
            elif each.role == "announced" and kinds[each.row] != "running total":
                yield Conflict("correction", "restated", same.row, each.row, _then(same, each))


def _same_figure(one: PublishedCount, other: PublishedCount) -> bool:
    """Check whether two counts of one source are of the same stated days and of the same measure."""
    return one.same_window(other) and one.end is not None and one.measure.words == other.measure.words


def _part_above_whole(counts: Counts, kinds: Kinds) -> Iterator[Conflict]:
    """A window of one source with more than a wider one that it published no earlier."""
    groups: dict[tuple[str, str, str], list[PublishedCount]] = {}
    for each in counts:
        if kinds.get(each.row) != "prospective":
            groups.setdefault((each.source, each.role, each.measure.words), []).append(each)
    for members in groups.values():
        for place, part in enumerate(members):
            whole = next(
                (
                    later
                    for later in members[place + 1 :]
                    if part.within(later)
                    and later.count < part.count
                    and not later.at_least
                    and later.event != part.event
                ),
                None,
            )
            if whole is not None:
                words = Message(
                    "{who}: {part} {window}, but {whole} {wider}",
                    who=part.source,
                    part=part.words,
                    window=_window(part),
                    whole=whole.words,
                    wider=_window(whole),
                )
                at_once = part.published == whole.published
                kind: ConflictKind = "contradiction" if at_once else "correction"
                yield Conflict(kind, "part above whole", part.row, whole.row, words)


def _announced_twice(counts: Counts, kinds: Kinds) -> Iterator[Conflict]:
    """Announced figures of two sources for one event that cannot both be true."""
    for rows in _latest(counts, "announced").values():
        for first, second in combinations(sorted(rows, key=lambda each: each.row), 2):
            if _same_people(first, second) and _excluded(kinds, first, second):
                words = Message(
                    "{first}, {second}, for one event", first=_stated(first), second=_stated(second)
                )
                yield Conflict("contradiction", "announcements differ", first.row, second.row, words)


def _excluded(kinds: Kinds, one: PublishedCount, other: PublishedCount) -> bool:
    """Check whether two announced figures cannot both be true: what is to come contradicts nothing that came.

    Of two totals the one with more days may be the higher. Two figures for single days, or for days that do
    not contain each other, are of one announcement whose days the bodies date at most two days apart.
    """
    both = (kinds[one.row], kinds[other.row])
    if (both[0] == "prospective") != (both[1] == "prospective"):
        return False
    if one.same_window(other):
        return one.excludes(other)
    for inner, outer in ((one, other), (other, one)):
        if inner.within(outer):
            return inner.count > outer.count and not outer.at_least
    return "running total" not in both and one.same_days(other) and one.excludes(other)


def _verified_above(counts: Counts, kinds: Kinds) -> Iterator[Conflict]:
    """More verified than announced, of the same people within the announced days."""
    announced = _latest(counts, "announced")
    for event, rows in _latest(counts, "verified").items():
        for seen, stated in product(rows, announced.get(event, [])):
            if (
                kinds[stated.row] != "prospective"
                and seen.within(stated)
                and seen.count > stated.count
                and not stated.at_least
                and _same_people(seen, stated)
            ):
                words = Message(
                    "{verified}, above {announced}", verified=_stated(seen), announced=_stated(stated)
                )
                first, second = sorted((seen.row, stated.row))
                yield Conflict("contradiction", "verified above announced", first, second, words)


def _latest(counts: Counts, role: str) -> dict[str, list[PublishedCount]]:
    """Last count of each source with a role, by event; events without a name are left out."""
    found: dict[str, dict[str, PublishedCount]] = {}
    for each in counts:
        if each.role == role and each.event:
            found.setdefault(each.event, {})[each.source] = each
    return {event: list(rows.values()) for event, rows in found.items()}


def _same_people(one: PublishedCount, other: PublishedCount) -> bool:
    """Check whether two counts say that they count the same: in the same words, or of the same prisoners."""
    first, second = one.measure, other.measure
    stated = first.who != "unknown" or first.words == second.words
    return first.release == second.release and first.who == second.who and stated


def _lowered(before: PublishedCount, after: PublishedCount) -> Message:
    """Say that a source lowered its figure, and whether it counted otherwise by then."""
    words = _then(before, after)
    if before.measure.words == after.measure.words:
        return words
    return Message("{words}; by their words the two count different things", words=words)


def _then(before: PublishedCount, after: PublishedCount) -> Message:
    """Say one figure of a source and its next."""
    figures = {"who": after.source, "first": before.words, "second": after.words, "day": before.published}
    if before.published == after.published:
        return Message("{who}: {first}, then {second}, both on {day}", **figures)
    later = after.published
    return Message("{who}: {first} on {day}, then {second} on {later}", later=later, **figures)


def _stated(each: PublishedCount) -> Message:
    """Who said how many, of which days, and when."""
    return Message(
        "{source} {n} {window} (published on {day})",
        source=each.source,
        n=each.words,
        window=_window(each),
        day=each.published,
    )


def _window(each: PublishedCount) -> Message:
    """A window in words that can follow a number."""
    start, last = each.start, each.last
    if start is None:
        return Message("up to {day}", day=last)
    if each.end is None:
        return Message("since {first}", first=start)
    if start == last:
        return Message("of {day}", day=last)
    if (start.year, start.month) == (last.year, last.month):
        return Message("from {first} to {last}", first=start.day, last=last)
    if start.year == last.year:
        return Message("from {first:no year} to {last}", first=start, last=last)
    return Message("from {first} to {last}", first=start, last=last)
