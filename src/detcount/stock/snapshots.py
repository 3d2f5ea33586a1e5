"""The verb that makes snapshots: who was held on each of some dates, on what was known."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount import arguments
from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.patterns import unpack
from detcount._numerics.stock.learning import evidence_of
from detcount._numerics.stock.spells import (
    LONG_AGO,
    NEVER,
    Covered,
    as_known_daily,
    codes_at,
    covered,
    per_day,
    shared_at,
)
from detcount.captures import CaptureTable
from detcount.errors import InputError
from detcount.frames import column_name
from detcount.persons import PersonLists
from detcount.persons.dates import as_day, number_of
from detcount.stock.correlation import of_kind
from detcount.stock.tables import DAY, LATEST, Snapshots
from detcount.words import Message


def snapshots(
    people: PersonLists,
    dates: Iterable[Any],
    *,
    as_of: Any = LATEST,
    operates: Mapping[str, tuple[Any, Any]] | None = None,
) -> Snapshots:
    """Make a capture table of those who were held at the end of each of some dates.

    The estimand that the tables lead to is the stock, the people held at the end of a day. Whoever entered
    on a day and left on a later one is held at the end of the days from the first to the day before the exit.

    Parameters
    ----------
    people : PersonLists
        Who is on which list, since when and until when.
    dates : iterable of date, str or numpy.datetime64
        The dates, each once; at most the last on which any list said anything.
    as_of : {"latest", "day"} or date, optional
        On what was known: at the last day of the data, on each date itself, or on one day.
    operates : mapping of str to two days, optional
        First and last day, None where there is none, of the dates about which a list could say anything. On
        other dates the list is absent from the table. A list that names nobody on a date is absent anyway.

    Returns
    -------
    Snapshots
        A table for each date, in persons, and the floor for every day.

    Raises
    ------
    InputError
        If a date is not a day, stands twice, or is after the last day known; or a list is not there.

    Notes
    -----
    A person's entry is a span of days, the days that all lists allow; where they contradict each other, all
    from the first to the last of them. For the table it is the middle of the span, or its last day where
    nobody knows the first. An exit that one list knows holds for the person on all of them. The floor counts
    whoever had entered by the last possible day and left on a known day after it, by the first possible one,
    or was named as held on the day or later; nobody is on it for want of an exit.

    Examples
    --------
    >>> from detcount import PersonLists, stock
    >>> rows = {
    ...     "id": ["a", "a", "b", "c"],
    ...     "source": ["press", "court", "press", "court"],
    ...     "arrest": ["2024-08", "2024-08-20", "before 2024-07", "2024-09"],
    ...     "exit": [None, "2024-11-02", None, None],
    ... }
    >>> people = PersonLists.from_frame(rows, person="id", list="source", entered="arrest", left="exit")
    >>> taken = stock.snapshots(people, ["2024-09-01", "2024-10-01"])
    >>> [table.n_observed for table in taken.tables.values()], taken.floor("2024-09-20")
    ([2, 3], 1)
    """
    of_kind("people", people, PersonLists)
    basis, at, known = _known(people, as_of)
    days = _days(dates, at.latest)
    stretches = known
    codes, counts = codes_at(stretches, days)
    there = operating(operates, people.lists, days)
    tables: dict[dt.date, CaptureTable] = {}
    declined: dict[dt.date, str] = {}
    n_outside = 0
    for k, number in enumerate(days.tolist()):
        table, outside = table_of(codes, counts[:, k], there[:, k], people)
        n_outside += outside
        if isinstance(table, CaptureTable):
            tables[as_day(number)] = table
        else:
            declined[as_day(number)] = table
    spells = people.spells
    daily = as_known_daily(people.entries)
    first = int(min(people.spells.entered.min(), days[0]))
    n_days = people.latest - first + 1
    floors, left_later = _floors(people, first, n_days)
    content = hashlib.sha256(
        json.dumps([people.digest, days.tolist(), str(basis), there.astype(int).tolist()]).encode()
    )
    return Snapshots(
        dates=tuple(map(as_day, days.tolist())),
        tables=tables,
        declined=declined,
        as_of=basis,
        known_until=people.latest_day,
        first_day=as_day(first),
        floors=floors,
        left_later=left_later,
        not_left=per_day(spells.entered, spells.left, first, n_days),
        names=per_day(daily.start, daily.stop, first, n_days),
        shared=shared_at(stretches.start, stretches.stop, days),
        digest=content.hexdigest(),
        definition=people.definition,
        notes=(*people.notes, *_notes(people, tables, declined, n_outside)),
        people=at,
        operates=None if operates is None else dict(operates),
    )


def _floors(people: PersonLists, first: int, n_days: int) -> tuple[Ints, Ints]:
    """Persons of each day known to be inside by evidence of that day or later; those who left later."""
    spells = people.spells
    evidence = evidence_of(spells, people.entries, people.n_lists)
    dated = (evidence.until < NEVER) & ~evidence.undated
    left = np.where(dated, spells.left_first, spells.entered_last)
    until = np.maximum(np.where(dated, left, evidence.seen + 1), spells.entered_last)
    later = per_day(spells.entered_last, left, first, n_days)
    return per_day(spells.entered_last, until, first, n_days), later


def _known(people: PersonLists, as_of: Any) -> tuple[str | dt.date, PersonLists, Covered]:
    """On what was known, the lists as known then, and the stretches over which somebody is held."""
    if isinstance(as_of, str) and as_of == LATEST:
        return LATEST, people, covered(people.spells)
    if isinstance(as_of, str) and as_of == DAY:
        return DAY, people, as_known_daily(people.entries)
    earlier = people.as_of(as_of)
    return earlier.latest_day, earlier, covered(earlier.spells)


def _days(dates: Any, latest: int) -> Ints:
    """Dates in order, each once, none after the last day known."""
    if isinstance(dates, (str, dt.date)) or not isinstance(dates, Iterable):
        raise TypeError(
            Message("dates: expected several days, got {kind}. Write [...]", kind=type(dates).__name__)
        )
    days = np.array([number_of(arguments.day("dates", date)) for date in dates], dtype=np.int64)
    if not len(days):
        raise InputError(Message("dates: expected at least one day, got none"))
    days.sort()
    twice = np.flatnonzero(np.diff(days) == 0)
    if len(twice):
        raise InputError(Message("dates: {day} stands twice", day=as_day(int(days[twice[0]]))))
    if days[-1] > latest:
        raise InputError(
            Message(
                "dates: expected days up to {latest}, the last on which what is asked for was known, got "
                "{day}",
                latest=as_day(latest),
                day=as_day(int(days[-1])),
            )
        )
    return days


def _notes(
    people: PersonLists,
    tables: Mapping[dt.date, CaptureTable],
    declined: Mapping[dt.date, str],
    n_outside: int,
) -> list[Message]:
    """What a reader must know of the tables."""
    notes = []
    fewer = sum(table.n_lists < people.n_lists for table in tables.values())
    if fewer:
        notes.append(
            Message.counted(
                "On 1 date a list does not operate or names nobody, and is absent from the table.",
                "On {n:,} dates a list does not operate or names nobody, and is absent from the tables.",
                n=fewer,
            )
        )
    if declined:
        notes.append(
            Message.counted(
                "1 date has no table, as fewer than two lists name anybody.",
                "{n:,} dates have no table, as fewer than two lists name anybody.",
                n=len(declined),
            )
        )
    if n_outside:
        notes.append(
            Message.counted(
                "Whoever is only on lists that do not operate on a date is not in its table: 1 person of all "
                "dates together. The floor counts them.",
                "Whoever is only on lists that do not operate on a date is not in its table: {n:,} persons "
                "of all dates together. The floor counts them.",
                n=n_outside,
            )
        )
    return notes


def operating(operates: Any, lists: Sequence[str], days: Ints) -> NDArray[np.bool_]:
    """Whether each list operates on each day, shape (n_lists, n_days); all do where nothing is said."""
    there = np.ones((len(lists), len(days)), dtype=bool)
    if operates is None:
        return there
    if not isinstance(operates, Mapping):
        raise TypeError(
            Message(
                "operates: expected a mapping of lists to two days, got {kind}", kind=type(operates).__name__
            )
        )
    for name, span in operates.items():
        if name not in lists:
            raise InputError(
                Message(
                    "operates: no list {name}: the lists are {lists!r:,}", name=column_name(name), lists=lists
                )
            )
        first, last = _span(name, span)
        there[lists.index(name)] = (days >= first) & (days <= last)
    return there


def _span(name: str, span: Any) -> tuple[int, int]:
    """First and last day of a list."""
    where = Message("operates, list {name!r}", name=name)
    ends = () if isinstance(span, str) or not isinstance(span, Iterable) else tuple(span)
    if len(ends) != 2:
        raise InputError(
            Message(
                "{where}: expected two days, the first and the last, None where there is none, got {got}",
                where=where,
                got=repr(span),
            )
        )
    first = LONG_AGO if ends[0] is None else number_of(arguments.day(where, ends[0]))
    last = NEVER if ends[1] is None else number_of(arguments.day(where, ends[1]))
    if last < first:
        raise InputError(Message("{where}: the last day is before the first. Swap the two", where=where))
    return first, last


def table_of(
    codes: NDArray[np.uint64], counts: Ints | Floats, there: NDArray[np.bool_], people: PersonLists
) -> tuple[CaptureTable | Message, int]:
    """Table of a date over the lists that operate and name somebody, and persons on none of those."""
    histories = unpack(codes, people.n_lists).astype(bool)
    named = there & (histories & (counts[:, None] > 0)).any(axis=0)
    if named.sum() < 2:
        reason = Message("only one list names anybody") if named.any() else Message("no list names anybody")
        return reason, int(counts.sum()) if not named.any() else 0
    kept = np.flatnonzero(named)
    bits = histories[:, kept]
    listed = bits.any(axis=1) & (counts > 0)
    patterns, inverse = np.unique(bits[listed], axis=0, return_inverse=True)
    totals = np.rint(np.bincount(inverse.ravel(), weights=counts[listed])).astype(np.int64)
    patterns, totals = patterns[totals > 0], totals[totals > 0]
    if (patterns.any(axis=0).sum() if len(patterns) else 0) < 2:
        return Message("only one list names anybody"), 0
    if not patterns.any(axis=0).all():
        kept, patterns = kept[patterns.any(axis=0)], patterns[:, patterns.any(axis=0)]
    table = CaptureTable(
        tuple(people.lists[k] for k in kept),
        patterns.astype(np.uint8),
        totals,
        notes=people.notes,
        definition=people.definition,
    )
    return table, int(counts[~bits.any(axis=1)].sum())
