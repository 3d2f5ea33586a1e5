"""What an announced number speaks of: releases to come, releases of past days, or a total that runs on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from detcount.published.counts import MATCH_DAYS, PublishedCount

AnnouncementKind = Literal["prospective", "retrospective", "running total"]
KINDS: tuple[AnnouncementKind, ...] = ("prospective", "retrospective", "running total")

# a note that says that nobody had left prison yet; the names of the kinds themselves are read too
_TO_COME = (
    *("will be freed", "will be released", "to be freed", "to be released", "nobody out yet"),
    *("serán liberad", "serán excarcelad", "seront libéré"),
)


def kinds_of(counts: Sequence[PublishedCount]) -> dict[int, AnnouncementKind]:
    """Kind of every announced count by its row, read from its note, its days, and the counts beside it.

    Prospective are releases that will come, with an open end; retrospective, those that came within its
    window; of a running total the last day moves on from figure to figure, so that only its increments are
    new.
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
    if any(words in note for words in _TO_COME) or _to_come(each):
        return "prospective"
    if each.end is None and each.start is not None:
        return "running total"
    # of reviews of custody the releases come after
    return "retrospective" if each.measure.release else "prospective"


def _to_come(each: PublishedCount) -> bool:
    """Whether a window reaches beyond the day of publication, or was just opened and names no last day."""
    start, end, published = each.start, each.end, each.published
    if start is not None and (start > published or (end is None and (published - start).days <= MATCH_DAYS)):
        return True
    return end is not None and end > published


def _growing(announced: Sequence[PublishedCount]) -> set[int]:
    """Rows of totals that rose while their last day moved on.

    A total belongs to one event, or where there is none to one source, and its windows share days and begin
    within two days of each other. Of two bodies the later has to end more than two days later, as they may
    date one announcement differently. Releases to come make no total.
    """
    groups: dict[tuple[bool, str], list[PublishedCount]] = {}
    for each in announced:
        if each.start is not None and not _to_come(each):
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
    """Whether the second count can be the total of the first some days on."""
    moved = 0 if before.source == after.source else MATCH_DAYS
    shared = after.start is not None and after.start <= before.last
    rose = after.count > before.count or after.at_least
    return before.starts_with(after) and (after.last - before.last).days > moved and shared and rose
