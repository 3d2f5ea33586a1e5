"""Rows of a frame as entries of persons on lists, in days since 1970; what cannot be true is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Ints
from detcount._numerics.stock.spells import LONG_AGO, NEVER, Spells, starts_of_spells
from detcount.errors import InputError
from detcount.frames import Frame, RowNames, column_name, missing, read_as
from detcount.frames.places import refuse_to_come
from detcount.persons.dates import INSIDE, STATUSES, UNKNOWN, as_day, message, read_spans, read_statuses
from detcount.words import Message

_YEAR = 366
_RELEASED = STATUSES.index("released")


@dataclass(frozen=True, eq=False)
class Entries:
    """What the rows say; days since 1970."""

    entered_first: Ints
    entered_last: Ints
    left_first: Ints
    left_last: Ints
    status: Ints
    listed: Ints
    left_known: Ints
    confirmed: Ints  # last day on which the list named or confirmed the person as held
    latest: int  # last day on which any list said anything
    n_undated: int  # exits without any day
    n_listed_unsaid: int  # rows that do not say when the list named the person
    n_known_unsaid: int  # exits that do not say when the list knew
    words: tuple[Message, ...]  # for the statuses, where they are others


def read_entries(
    read: Frame,
    *,
    entered: str,
    left: str | None,
    status: str | None,
    listed_on: str | None,
    left_known_on: str | None,
    last_confirmed: str | None = None,
    allow_future: bool = False,
) -> Entries:
    """Read the columns of days and of the status; those that are None are not there."""
    rows = read.rows
    asked = {
        "entered": entered,
        "left": left,
        "status": status,
        "listed_on": listed_on,
        "left_known_on": left_known_on,
        "last_confirmed": last_confirmed,
    }
    where = {
        role: Message("{role} {column}", role=role, column=column_name(column))
        for role, column in asked.items()
        if column is not None
    }
    read.columns({column: (where[role], Message("")) for role, column in asked.items() if column is not None})
    cells: dict[str, list[Any]] = {
        role: read.cells([column])[column] for role, column in asked.items() if column is not None
    }
    n = len(cells["entered"])
    nothing = (np.full(n, LONG_AGO), np.full(n, NEVER), np.zeros(n, dtype=bool))

    def span(role: str) -> tuple[Ints, Ints, NDArray[np.bool_]]:
        if role not in cells:
            return nothing
        found = read_spans(cells[role], where[role], rows)
        if not allow_future:
            first, last = (np.where(each == NEVER, LONG_AGO, each) for each in found[:2])
            days = np.maximum(first, last - _YEAR).astype(
                "datetime64[D]"
            )  # this month or year may not be over
            refuse_to_come(days, where[role], rows=rows, told=False)
        return found

    e_first, e_last, _ = span("entered")
    x_first, x_last, x_said = span("left")
    _, listed, listed_said = span("listed_on")
    _, known, known_said = span("left_known_on")
    confirmed, _, _ = span("last_confirmed")
    refuse_open(listed_said & (listed == NEVER), where.get("listed_on", ""), rows)
    refuse_open(known_said & (known == NEVER), where.get("left_known_on", ""), rows)
    if "status" in cells:
        state = read_statuses(cells["status"], where["status"], rows)
        said = [(STATUSES[k], cell) for k, cell in zip(state, cells["status"], strict=True)]
        words = read_as(pair for pair in dict.fromkeys(said) if not missing(pair[1]))
        bad = x_said & (state == INSIDE)
        _refuse(
            bad,
            "left",
            rows,
            message("inside with exit"),
        )
    else:
        state, words = np.where(x_said, _RELEASED, INSIDE), []
    dated = x_said & ((x_first > LONG_AGO) | (x_last < NEVER))
    out = (state != INSIDE) & ((state != UNKNOWN) | dated)
    _refuse(
        known_said & ~out,
        "left_known_on",
        rows,
        message("known without exit"),
    )

    unsaid = ~listed_said
    least_listed = np.where(unsaid, np.where(e_first > LONG_AGO, e_first, e_last), listed)
    _refuse(
        least_listed == NEVER,
        "entered",
        rows,
        message("nothing places in time"),
    )
    _refuse(
        least_listed < e_first,
        "listed_on",
        rows,
        message("listed before arrest"),
    )
    _refuse(
        out & (x_last < e_first),
        "left",
        rows,
        message("exit before arrest"),
    )
    happened = np.where(x_first > LONG_AGO, x_first, np.where(x_last < NEVER, x_last, LONG_AGO))
    _refuse(
        known_said & (known < np.where(x_first > LONG_AGO, x_first, e_first)),
        "left_known_on",
        rows,
        message("known before exit"),
    )
    _refuse(
        known_said & listed_said & (known < listed),
        "left_known_on",
        rows,
        message("known before listed"),
    )
    _refuse(
        out & (confirmed > x_last),
        "last_confirmed",
        rows,
        message("confirmed after exit"),
    )
    latest = _latest(confirmed, least_listed, np.where(out, np.where(known_said, known, happened), LONG_AGO))
    e_last = np.maximum(np.minimum(e_last, np.where(unsaid, latest, listed)), e_first)
    listed = np.where(unsaid, e_last, listed)
    no_day = out & (happened == LONG_AGO)
    until = np.where(known_said, known, latest)
    x_last = np.maximum(np.minimum(x_last, until), np.maximum(x_first, e_first))
    known = np.where(known_said, known, np.maximum(x_last, listed))
    return Entries(
        entered_first=e_first,
        entered_last=e_last,
        left_first=np.where(out, x_first, NEVER),
        left_last=np.where(out, x_last, NEVER),
        status=state,
        listed=listed,
        left_known=np.where(out, known, NEVER),
        confirmed=np.maximum(listed, confirmed),
        latest=latest,
        n_undated=int(no_day.sum()),
        n_listed_unsaid=int(unsaid.sum()),
        n_known_unsaid=int((out & ~known_said).sum()),
        words=tuple(words),
    )


def refuse_open(open_ended: NDArray[np.bool_], where: str, rows: RowNames) -> None:
    """Refuse a day of knowledge without an end: nothing could be known on any day."""
    if open_ended.any():
        raise InputError(
            message("open day of knowledge", where=where, row=rows(int(np.flatnonzero(open_ended)[0])))
        )


def refuse_overlaps(person: Ints, on: Ints, read: Entries, names: tuple[str, ...], rows: RowNames) -> None:
    """Refuse two rows of a person on one list whose spells may overlap."""
    order, new = starts_of_spells(
        person, read.entered_first, read.entered_last, read.left_first, read.left_last, read.listed
    )
    spell = np.cumsum(new)
    key = spell * len(names) + on[order]
    again = np.argsort(key, kind="stable")
    twice = np.flatnonzero(np.diff(key[again]) == 0)
    if len(twice):
        first, second = order[again[twice[0]]], order[again[twice[0] + 1]]
        raise InputError(
            message("twice on one list", rows=rows.two(first, second), name=names[int(on[first])])
        )


def _latest(*days: Ints) -> int:
    """The last of some days."""
    return int(max(each.max() for each in days))


def _refuse(bad: NDArray[np.bool_], role: str, rows: RowNames, fault: Message) -> None:
    """Refuse the first row in which something cannot be true."""
    if bad.any():
        row = rows(int(np.flatnonzero(bad)[0]))
        raise InputError(Message("{role}, {row}: {fault}", role=role, row=row, fault=fault))


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
