"""What a reader must know of how the rows of lists were read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detcount._numerics.stock.spells import LONG_AGO, NEVER, Spells
from detcount.persons.reading import Entries
from detcount.words import Message

__all__ = ["MONTHS_APART", "reading_notes"]

MONTHS_APART = 61  # days: lists that lie so far apart on an exit may speak of different spells


def reading_notes(read: Entries, spells: Spells, held: Sequence[str]) -> tuple[Message, ...]:
    """What has to be known of the rows, and of where lists contradict each other."""
    notes = []
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
