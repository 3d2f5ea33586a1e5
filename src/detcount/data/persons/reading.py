"""Rows of a frame as entries of persons on lists, in days since 1970; what cannot be true is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Ints
from detcount._numerics.stock.spells import LONG_AGO, NEVER, Spells, starts_of_spells
from detcount.data.persons.dates import INSIDE, STATUSES, UNKNOWN, read_spans, read_statuses
from detcount.errors import InputError
from detcount.reading.days import as_day
from detcount.reading.frames import Frame, RowNames, column_name, missing, read_as
from detcount.reading.frames.places import refuse_to_come
from detcount.words import Message

_OPEN_DAY_OF_KNOWLEDGE = Message(
    "expected a day, a month or a year, or before one of them, got none of these"
)


@dataclass(frozen=True)
class Tuning:
    """Days that may be slips.

    Parameters
    ----------
    gap : int, days
        Distance of a day from all others that may be a slip. Convention: half a year.
    rare : int, rows
        One row in so many at most. Convention: 1%.
    fewest : int, rows
        Rows from which days are tested. Convention: twenty.
    months_apart : int, days
        Distance of exits that may be of different spells. Convention: two months.
    """

    gap: int = 183
    rare: int = 100
    fewest: int = 20
    months_apart: int = 61


TUNING = Tuning()


_RELEASED = STATUSES.index("released")


@dataclass(frozen=True, eq=False)
class Entries:
    """Entries of the rows; days since 1970."""

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
    n_listed_unstated: int  # rows that do not say when the list named the person
    n_known_unstated: int  # exits that do not say when the list knew
    words: tuple[Message, ...]  # for the statuses, where they are others


def read_entries(read: Frame, asked: Mapping[str, str], *, allow_future: bool) -> Entries:
    """Days and statuses of every row, of the columns that are asked for by what they hold."""
    rows = read.rows
    where = {
        role: Message("{role} {column}", role=role, column=column_name(name)) for role, name in asked.items()
    }
    read.columns({column: (where[role], Message.together(())) for role, column in asked.items()})
    cells = {role: read.cells([column])[column] for role, column in asked.items()}
    n = len(cells["entered"])

    def span(role: str) -> tuple[Ints, Ints, NDArray[np.bool_]]:
        if role not in cells:
            return np.full(n, LONG_AGO), np.full(n, NEVER), np.zeros(n, dtype=bool)
        found = read_spans(cells[role], where[role], rows)
        if not allow_future:  # of this month or year, which may not be over, the first day has come
            first, last = (np.where(each == NEVER, LONG_AGO, each) for each in found[:2])
            days = np.maximum(first, last - 366).astype("datetime64[D]")
            refuse_to_come(days, where[role], rows=rows, shown=False)
        return found

    e_first, e_last, _ = span("entered")
    x_first, x_last, x_stated = span("left")
    _, listed, listed_stated = span("listed_on")
    _, known, known_stated = span("left_known_on")
    confirmed, _, _ = span("last_confirmed")
    state, words = np.where(x_stated, _RELEASED, INSIDE), []
    if "status" in cells:
        state = read_statuses(cells["status"], where["status"], rows)
        stated = [(STATUSES[k], cell) for k, cell in zip(state, cells["status"], strict=True)]
        words = read_as(pair for pair in dict.fromkeys(stated) if not missing(pair[1]))
    dated = x_stated & ((x_first > LONG_AGO) | (x_last < NEVER))
    out = (state != INSIDE) & ((state != UNKNOWN) | dated)
    unstated = ~listed_stated
    least_listed = np.where(unstated, np.where(e_first > LONG_AGO, e_first, e_last), listed)
    happened = np.where(x_first > LONG_AGO, x_first, np.where(x_last < NEVER, x_last, LONG_AGO))
    exit_begins = np.where(x_first > LONG_AGO, x_first, e_first)
    impossible = (
        ("listed_on", listed_stated & (listed == NEVER), _OPEN_DAY_OF_KNOWLEDGE),
        ("left_known_on", known_stated & (known == NEVER), _OPEN_DAY_OF_KNOWLEDGE),
        (
            "left",
            x_stated & (state == INSIDE),
            Message("the status is inside, and there is a day of exit. Correct one of the two"),
        ),
        (
            "left_known_on",
            known_stated & ~out,
            Message(
                "there is a day on which an exit became known, and no exit. Write the status, or leave it out"
            ),
        ),
        (
            "entered",
            least_listed == NEVER,
            Message(
                "neither the day of arrest nor the day on which the list named the person is known, so that "
                "nothing places the person in time. Write one of them, at least as before 2026-01-31"
            ),
        ),
        (
            "listed_on",
            least_listed < e_first,
            Message("the list named the person before the arrest. Correct one of the two days"),
        ),
        (
            "left",
            out & (x_last < e_first),
            Message("the exit is before the arrest. Correct one of the two days"),
        ),
        (
            "left_known_on",
            known_stated & (known < exit_begins),
            Message("the exit became known before it happened. Correct one of the two days"),
        ),
        (
            "left_known_on",
            known_stated & listed_stated & (known < listed),
            Message("the exit became known before the list named the person. Correct one of the two days"),
        ),
        (
            "last_confirmed",
            out & (confirmed > x_last),
            Message(
                "the list confirmed that the person was held after the exit. Correct one of the two days"
            ),
        ),
    )
    for role, bad, fault in impossible:
        if bad.any():
            row = rows(int(np.flatnonzero(bad)[0]))
            raise InputError(Message("{role}, {row}: {fault}", role=role, row=row, fault=fault))
    learned = np.where(out, np.where(known_stated, known, happened), LONG_AGO)
    latest = int(max(each.max() for each in (confirmed, least_listed, learned)))
    e_last = np.maximum(np.minimum(e_last, np.where(unstated, latest, listed)), e_first)
    listed = np.where(unstated, e_last, listed)
    no_day = out & (happened == LONG_AGO)
    until = np.where(known_stated, known, latest)
    x_last = np.maximum(np.minimum(x_last, until), np.maximum(x_first, e_first))
    known = np.where(known_stated, known, np.maximum(x_last, listed))
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
        n_listed_unstated=int(unstated.sum()),
        n_known_unstated=int((out & ~known_stated).sum()),
        words=tuple(words),
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
            Message(
                "{rows}: the same person stands twice on list {name!r}, and the second spell may have begun "
                "before the first was over. Unite the rows, or write when the first spell ended",
                rows=rows.two(first, second),
                name=names[int(on[first])],
            )
        )


def _far_behind(stated: Ints) -> tuple[int, int, int]:
    """The last day, its distance from all others, and how many days lie so far behind."""
    ordered = np.sort(stated)
    few = max(1, len(ordered) // TUNING.rare)
    if len(ordered) < TUNING.fewest:
        return 0, 0, 0
    gaps = np.diff(ordered[-few - 1 :])
    far = np.flatnonzero(gaps > TUNING.gap)
    return (int(ordered[-1]), int(gaps[far[0]]), few - int(far[0])) if len(far) else (0, 0, 0)


def reading_notes(read: Entries, spells: Spells, held: Sequence[str]) -> tuple[Message, ...]:
    """Write the notes on the rows, and on lists that contradict each other."""
    spans = (read.entered_first < read.entered_last).sum()
    spans += ((read.left_last < NEVER) & (read.left_first < read.left_last)).sum()
    no_first = (read.entered_first == LONG_AGO).sum()
    day, days, n_behind = _far_behind(np.concatenate([read.listed, read.left_known[read.left_known < NEVER]]))
    apart = (spells.left_apart > TUNING.months_apart).sum()
    notes = (
        (read.words, Message("Statuses were read so: {words:,}.", words=read.words)),
        (
            spans,
            Message.counted(
                "1 day of arrest or exit is known only as a span: a table takes its middle, and the floor "
                "counts nobody on a day that is in doubt.",
                "{n:,} days of arrest or exit are known only as spans: a table takes their middle, and the "
                "floor counts nobody on a day that is in doubt.",
                n=spans,
            ),
        ),
        (
            no_first,
            Message.counted(
                "1 arrest has no first possible day and is placed on its last.",
                "{n:,} arrests have no first possible day and are placed on their last.",
                n=no_first,
            ),
        ),
        (
            read.n_undated,
            Message.counted(
                "1 exit has no day: it counts as known since the last day of the data, unless the list says "
                "when it was known, and as having happened in the middle of the time before that.",
                "{n:,} exits have no day: they count as known since the last day of the data, unless the "
                "list says when they were known, and as having happened in the middle of the time before "
                "that.",
                n=read.n_undated,
            ),
        ),
        (
            read.n_listed_unstated,
            Message.counted(
                "1 row does not say when the list named the person, who counts as listed since the arrest.",
                "{n:,} rows do not say when the list named the person, who counts as listed since the "
                "arrest.",
                n=read.n_listed_unstated,
            ),
        ),
        (
            read.n_known_unstated,
            Message.counted(
                "1 exit does not say when the list knew it, and counts as known since it happened.",
                "{n:,} exits do not say when the list knew them, and count as known since they happened.",
                n=read.n_known_unstated,
            ),
        ),
        (
            n_behind,
            Message.counted(
                "1 day of a list entry is {days:,} days or more after all others, the last {day}. If it is a "
                "typing error, correct it: everything is judged by what was known on the last day.",
                "{n:,} days of list entries are {days:,} days or more after all others, the last {day}. If "
                "they are typing errors, correct them: everything is judged by what was known on the last "
                "day.",
                n=n_behind,
                days=days,
                day=as_day(day),
            ),
        ),
        (
            apart,
            Message.counted(
                "Lists contradict each other by more than two months on 1 exit, by up to {most:,} days: any "
                "day between is taken as possible.",
                "Lists contradict each other by more than two months on {n:,} exits, by up to {most:,} days: "
                "any day between is taken as possible.",
                n=apart,
                most=np.max(spells.left_apart, initial=0),
            ),
        ),
        (
            held,
            Message("These states count as held: {held!r:,}.", held=tuple(held)),
        ),
    )
    return tuple(note for holds, note in notes if holds)
