"""What an announced number speaks of: releases to come, releases of past days, or a total that runs on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from detcount.published.days import as_date
from detcount.published.measures import measure_of
from detcount.published.relations import MATCH_DAYS, days_apart, end_of, number_words
from detcount.published.windowed import Windowed
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

AnnouncementKind = Literal["prospective", "retrospective", "running total"]
KINDS: tuple[AnnouncementKind, ...] = ("prospective", "retrospective", "running total")

# a note that says that nobody had left prison yet; the names of the kinds themselves are read too
_TO_COME = (
    *("will be freed", "will be released", "to be freed", "to be released", "nobody out yet"),
    *("serán liberad", "serán excarcelad", "seront libéré"),
)


@dataclass(frozen=True)
class Announcement:
    """One announced count, and what it speaks of.

    Parameters
    ----------
    row : int
        Its row.
    kind : {"prospective", "retrospective", "running total"}
        Releases that will come, with an open end; releases that came within its window; or a total whose
        last day moves on from figure to figure, so that only its increments are new.
    why : str
        From what it was read, as a sentence.
    """

    row: int
    kind: AnnouncementKind
    why: str


def announcements(reports: Windowed) -> tuple[Announcement, ...]:
    """Read the kind of every announced count, from its note, its days, and the counts beside it."""
    rows = [row for row, role in enumerate(reports.role) if role == "announced"]
    growing = _growing(reports, rows)
    return tuple(_read(reports, row, growing.get(row)) for row in rows)


def announcement_frame(reports: Windowed) -> pd.DataFrame:
    """Announced counts with their kinds, as a frame."""
    columns = ["event", "row", "source", "published", "start", "end", "count", "at_least", "kind", "why"]
    found = announcements(reports)
    rows = [each.row for each in found]
    read: dict[str, Any] = {
        "row": rows,
        "kind": [each.kind for each in found],
        "why": [each.why for each in found],
    }
    return reports.to_frame().iloc[rows].assign(**read)[columns].reset_index(drop=True)


def _read(reports: Windowed, row: int, growth: tuple[int, int] | None) -> Announcement:
    """The kind of one count; `growth` names an earlier and a later row of the total that it belongs to."""
    note = reports.note[row].casefold()
    start, end, published = reports.start[row], reports.end[row], reports.published[row]
    stated = [kind for kind in KINDS if kind in note]
    if len(stated) == 1:
        return Announcement(row, stated[0], Message("Its note says so."))
    if growth is not None:
        return Announcement(row, "running total", _growth_words(reports, *growth))
    if any(words in note for words in _TO_COME):
        return Announcement(row, "prospective", Message("Its note says that the releases are to come."))
    if start > published:
        why = Message("It was published on {day}, before its first day.", day=as_date(published))
        return Announcement(row, "prospective", why)
    if end > published:
        why = Message(
            "It was published on {day}, and its days go on to {end}.",
            day=as_date(published),
            end=as_date(end),
        )
        return Announcement(row, "prospective", why)
    if np.isnat(end) and not np.isnat(start):
        if published - start <= np.timedelta64(MATCH_DAYS, "D"):
            why = Message("It was published when its days began, and names no last day.")
            return Announcement(row, "prospective", why)
        why = Message(
            "It counts from {start}, names no last day, and was published on {day}.",
            start=as_date(start),
            day=as_date(published),
        )
        return Announcement(row, "running total", why)
    if not measure_of(reports.measure[row]).release:
        why = Message("It counts reviews of custody, and the releases come after these.")
        return Announcement(row, "prospective", why)
    why = Message("Its last day, {end}, was not after its publication.", end=as_date(end_of(reports, row)))
    return Announcement(row, "retrospective", why)


def _growing(reports: Windowed, rows: list[int]) -> dict[int, tuple[int, int]]:
    """Rows of totals that rose while their last day moved on, each with two rows that show it.

    A total belongs to one event, or where there is none to one source, and its windows share days and begin
    within two days of each other. Of two bodies the later has to end more than two days later, as they may
    date one announcement differently. Releases to come make no total.
    """
    groups: dict[Any, list[int]] = {}
    for row in rows:
        if not (np.isnat(reports.start[row]) or _to_come(reports, row)):
            key = ("event", reports.event[row]) if reports.event[row] else ("source", reports.source[row])
            groups.setdefault(key, []).append(row)
    found: dict[int, tuple[int, int]] = {}
    for members in groups.values():
        for place, row in enumerate(members):
            before = next((old for old in members[:place] if _grew(reports, old, row)), None)
            if before is not None:
                found.setdefault(before, (before, row))
                found[row] = (before, row)
        whose = {
            (reports.source[row], str(reports.start[row])): found[row] for row in members if row in found
        }
        for row in members:  # a figure that stands still, or fell, is still one of its total
            total = whose.get((reports.source[row], str(reports.start[row])))
            if total is not None:
                found.setdefault(row, total)
    return found


def _to_come(reports: Windowed, row: int) -> bool:
    """Whether a window reaches beyond the day of publication, or was just opened and names no last day."""
    start, end, published = reports.start[row], reports.end[row], reports.published[row]
    just_opened = np.isnat(end) and published - start <= np.timedelta64(MATCH_DAYS, "D")
    return bool(start > published or end > published or just_opened)


def _grew(reports: Windowed, before: int, after: int) -> bool:
    """Whether the second count can be the total of the first some days on."""
    start, end = days_apart(reports, before, after)
    moved = 0 if reports.source[before] == reports.source[after] else MATCH_DAYS
    shared = reports.start[after] <= end_of(reports, before)
    rose = reports.count[after] > reports.count[before] or reports.at_least[after]
    return bool(start is not None and abs(start) <= MATCH_DAYS and end > moved and shared and rose)


def _growth_words(reports: Windowed, before: int, after: int) -> Message:
    """Say how a total grew."""
    return Message(
        "Its last day moves on: {first} up to {one}, {second} up to {other}.",
        first=number_words(int(reports.count[before]), at_least=bool(reports.at_least[before])),
        one=as_date(end_of(reports, before)),
        second=number_words(int(reports.count[after]), at_least=bool(reports.at_least[after])),
        other=as_date(end_of(reports, after)),
    )
