"""What a reader must know of how the rows of lists were read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detcount._numerics.arrays import Ints
from detcount._numerics.stock.spells import LONG_AGO, NEVER, Spells
from detcount.persons.dates import as_day
from detcount.persons.reading import Entries
from detcount.words import Message

_GAP = 183  # days after all others, beyond which a day may be a slip of the pen,
_RARE = 100  # where it is one of so many at most,
_FEWEST = 20  # and not one of a few

MONTHS_APART = 61  # days: lists that lie so far apart on an exit may speak of different spells


def _far_behind(said: Ints) -> tuple[int, int, int] | None:
    """The last day, its distance from all others, and how many days lie so far behind; None where none do."""
    ordered = np.sort(said)
    few = max(1, len(ordered) // _RARE)
    if len(ordered) < _FEWEST:
        return None
    gaps = np.diff(ordered[-few - 1 :])
    far = np.flatnonzero(gaps > _GAP)
    return (int(ordered[-1]), int(gaps[far[0]]), few - int(far[0])) if len(far) else None


def reading_notes(read: Entries, spells: Spells, held: Sequence[str]) -> tuple[Message, ...]:
    """What has to be known of the rows, and of where lists contradict each other."""
    notes = [Message("Statuses were read so: {words:,}.", words=read.words)] if read.words else []
    partial = int((read.entered_first < read.entered_last).sum())
    partial += int(((read.left_last < NEVER) & (read.left_first < read.left_last)).sum())
    if partial:
        notes.append(
            Message.counted(
                "1 day of arrest or exit is known only as a span: a table takes its middle, and the floor "
                "counts nobody on a day that is in doubt.",
                "{n:,} days of arrest or exit are known only as spans: a table takes their middle, and the "
                "floor counts nobody on a day that is in doubt.",
                n=partial,
            )
        )
    if (read.entered_first == LONG_AGO).any():
        notes.append(
            Message.counted(
                "Of 1 arrest nobody knows a first possible day: it is taken at the last.",
                "Of {n:,} arrests nobody knows a first possible day: they are taken at the last.",
                n=int((read.entered_first == LONG_AGO).sum()),
            )
        )
    if read.n_undated:
        notes.append(
            Message.counted(
                "1 exit has no day: it counts as known since the last day of the data, unless the list says "
                "when it was known, and as having happened in the middle of the time before that.",
                "{n:,} exits have no day: they count as known since the last day of the data, unless "
                "the list says when they were known, and as having happened in the middle of the time "
                "before that.",
                n=read.n_undated,
            )
        )
    if read.n_listed_unsaid:
        notes.append(
            Message.counted(
                "1 row does not say when the list named the person, who counts as listed since the arrest.",
                "{n:,} rows do not say when the list named the person, who counts as listed since the "
                "arrest.",
                n=read.n_listed_unsaid,
            )
        )
    if read.n_known_unsaid:
        notes.append(
            Message.counted(
                "1 exit does not say when the list knew it, and counts as known since it happened.",
                "{n:,} exits do not say when the list knew them, and count as known since they happened.",
                n=read.n_known_unsaid,
            )
        )
    behind = _far_behind(np.concatenate([read.listed, read.left_known[read.left_known < NEVER]]))
    if behind is not None:
        day, days, n = behind
        notes.append(
            Message.counted(
                "1 day on which a list said something is {days:,} days or more after all others, the last "
                "{day}. If that is a slip of the pen, correct it: everything is judged as known on the "
                "last day.",
                "{n:,} days on which a list said something are {days:,} days or more after all others, "
                "the last {day}. If these are slips of the pen, correct them: everything is judged as "
                "known on the last day.",
                n=n,
                days=days,
                day=as_day(day),
            )
        )
    far = int((spells.left_apart > MONTHS_APART).sum())
    if far:
        notes.append(
            Message.counted(
                "Lists contradict each other by more than two months on 1 exit, by up to {most:,} days: any "
                "day between is taken as possible.",
                "Lists contradict each other by more than two months on {n:,} exits, by up to {most:,} days: "
                "any day between is taken as possible.",
                n=far,
                most=int(np.max(spells.left_apart)),
            )
        )
    if held:
        notes.append(
            Message(
                "Whoever is said to be in one of these states counts as held: {held!r:,}.", held=tuple(held)
            )
        )
    return tuple(notes)
