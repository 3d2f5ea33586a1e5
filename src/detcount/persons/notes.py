"""What a reader must know of how the rows of lists were read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detcount._numerics.arrays import Ints
from detcount._numerics.stock.spells import LONG_AGO, NEVER, Spells
from detcount.persons.dates import as_day, message
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
        notes.append(message("days as spans", n=partial))
    if (read.entered_first == LONG_AGO).any():
        notes.append(message("arrests without first day", n=int((read.entered_first == LONG_AGO).sum())))
    if read.n_undated:
        notes.append(message("exits without day", n=read.n_undated))
    if read.n_listed_unsaid:
        notes.append(message("listed unsaid", n=read.n_listed_unsaid))
    if read.n_known_unsaid:
        notes.append(message("known unsaid", n=read.n_known_unsaid))
    behind = _far_behind(np.concatenate([read.listed, read.left_known[read.left_known < NEVER]]))
    if behind is not None:
        day, days, n = behind
        notes.append(message("days far behind", n=n, days=days, day=as_day(day)))
    far = int((spells.left_apart > MONTHS_APART).sum())
    if far:
        notes.append(message("exits that contradict", n=far, most=int(np.max(spells.left_apart))))
    if held:
        notes.append(message("held besides", held=tuple(held)))
    return tuple(notes)
