"""Persons held on each of some dates, on what was known: the tables, and the verb that makes them.

It is one result and what it is made of, most of it the documentation of both.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Floats, Ints, ReadOnly, bincount
from detcount._numerics.patterns import unpack
from detcount._numerics.stock.held import TUNING
from detcount._numerics.stock.learning import evidence_of
from detcount._numerics.stock.spells import (
    NEVER,
    Covered,
    as_known_daily,
    codes_at,
    covered,
    per_day,
    shared_at,
)
from detcount.contract import arguments
from detcount.contract.definition import NOT_DEFINED, Definition
from detcount.contract.specification import door
from detcount.data.captures import CaptureTable
from detcount.data.operates import Operates
from detcount.data.persons import PersonLists
from detcount.errors import InputError
from detcount.reading.days import as_day, number_of
from detcount.reports.printing import Columns
from detcount.reports.shown import Result
from detcount.words import Message, Number

if TYPE_CHECKING:
    import pandas as pd


DAY, LATEST = "day", "latest"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Snapshots(ReadOnly, Result):
    """Persons taken to be held at the end of some dates, as capture tables; and the floor of every day.

    Parameters
    ----------
    dates : tuple of datetime.date
        The dates, in order.
    tables : dict of datetime.date to CaptureTable
        Persons held, by capture history over the lists that operate; dates without a table are in `declined`.
    declined : dict of datetime.date to str
        Why a date has no table.
    as_of : str or datetime.date
        On what was known: "latest" (the last day of the data), "day" (each date itself), or one day.
    known_until : datetime.date
        Last day on which any list said anything.
    first_day : datetime.date
        First day of `floors` and `names`.
    floors : ndarray of int64, shape (n_days,)
        Persons known to have been inside at the end of each day, by evidence of that day or later.
    left_later : ndarray of int64, shape (n_days,)
        Those of them who left on a known day after it.
    not_left : ndarray of int64, shape (n_days,)
        Persons who had been arrested by the end of each day and of whom no exit by then is known at the
        latest day: no bound, as exits are learned late or never, and some entries do not belong.
    names : ndarray of int64, shape (n_days,)
        Persons taken to be held at the end of each day, as known on that day.
    shared : ndarray of int64, shape (n_dates, n_dates)
        Persons held without interruption from one date to another and taken into the tables of both.
    digest : str
        SHA-256 of the lists and of what was asked.
    definition : Definition, optional
        Definition of who is counted.
    notes : tuple of str, optional
        Notes for a reader.
    people : PersonLists, optional
        The lists on which the tables rest, without persons; exits of which no list knows yet are judged from
        them.
    operates : Operates, optional
        The dates about which a list could say anything.

    See Also
    --------
    snapshots : Makes them.

    Examples
    --------
    >>> import detcount as dc
    >>> known = dc.simulate.detention_system(seed=1).people
    >>> taken = dc.stock.snapshots(known, ["2025-06-30", "2025-07-14"])
    >>> print(taken.headline())
    2 dates from 30 June 2025 to 14 July 2025, as known on 20 December 2025
    """

    dates: tuple[dt.date, ...]
    tables: dict[dt.date, CaptureTable]
    declined: dict[dt.date, str]
    as_of: str | dt.date
    known_until: dt.date
    first_day: dt.date
    floors: Ints
    left_later: Ints
    not_left: Ints
    names: Ints
    shared: Ints
    digest: str
    definition: Definition | None = None
    notes: tuple[str, ...] = ()
    people: PersonLists | None = None
    operates: Operates | None = None

    _notebook: ClassVar[Literal["summary", "headline", "withheld"]] = "headline"  # which counts no persons

    def floor(self, date: Any) -> int:
        """Count those known to have been inside at the end of a day, by evidence of that day or later.

        They had been arrested, and left on a known later day or were named as held by a list on that day or
        later. It is a lower bound of the stock as far as entries belong and days are right. A partial date
        counts only where every day that it can mean agrees.

        Parameters
        ----------
        date : date, str or numpy.datetime64
            Any day up to the last of the data.

        Returns
        -------
        int
            Persons.

        Raises
        ------
        InputError
            If the day is after the last on which any list said anything.
        """
        return self._on(self.floors, date)

    def not_known_to_have_left(self, date: Any) -> int:
        """Count the named who had been arrested and are not known to have left by the end of a day.

        It is no bound: exits are learned late or never, and some entries are of people who do not belong.

        Parameters
        ----------
        date : date, str or numpy.datetime64
            Any day up to the last of the data.

        Returns
        -------
        int
            Persons.

        Raises
        ------
        InputError
            If the day is after the last on which any list said anything.
        """
        return self._on(self.not_left, date)

    def evidence(self, date: Any) -> dict[str, int]:
        """Give what the floor of a day rests on, persons.

        Parameters
        ----------
        date : date, str or numpy.datetime64
            Any day up to the last of the data.

        Returns
        -------
        dict of str to int
            ``left_later``: they left on a known day after it; ``named_later``: the others, whom a list named
            as held on that day or later.

        Raises
        ------
        InputError
            If the day is after the last on which any list said anything.
        """
        left_later = self._on(self.left_later, date)
        return {"left_later": left_later, "named_later": self.floor(date) - left_later}

    def named(self, date: Any) -> int:
        """Count the named who were taken to be held at the end of a day, as known on that very day.

        It is no bound: exits are learned late, so that it can be above the stock.

        Parameters
        ----------
        date : date, str or numpy.datetime64
            Any day up to the last of the data.

        Returns
        -------
        int
            Persons.

        Raises
        ------
        InputError
            If the day is after the last on which any list said anything.
        """
        return self._on(self.names, date)

    def _on(self, counts: NDArray[np.int64], date: Any) -> int:
        """A count of a day; 0 before the first arrest."""
        day = arguments.day("date", date)
        position = (day - self.first_day).days
        if position >= len(counts):
            raise InputError(
                Message(
                    "date: expected a day up to {latest}, the last on which any list said anything, got "
                    "{day}",
                    latest=self.known_until,
                    day=day,
                )
            )
        return 0 if position < 0 else int(counts[position])

    def headline(self) -> Message:
        """State the number of dates, and on what they rest, in one line."""
        own = self.as_of == DAY
        basis = (
            Message("each as known on its own day") if own else Message("as known on {day}", day=self._basis)
        )
        return Message(
            "{dates} from {first} to {last}, {basis}",
            dates=Message.counted("1 date", "{n:,} dates", n=len(self.dates)),
            first=self.dates[0],
            last=self.dates[-1],
            basis=basis,
        )

    @property
    def _basis(self) -> dt.date:
        """The one day on whose knowledge the tables rest."""
        return self.as_of if isinstance(self.as_of, dt.date) else self.known_until

    def sentence(self) -> Message:
        """State how many are named and how many are certain on the last date, and who is counted."""
        last = self.dates[-1]
        table = self.tables.get(last)
        listed = 0 if table is None else table.n_observed
        stated = Message(
            "Of the people on the lists, {listed:,} are not known to have left by the end of {day}, and "
            "{floor:,} are known to have been inside, by evidence of that day or later. How many are on no "
            "list is not said here.",
            listed=listed,
            day=last,
            floor=self.floor(last),
        )
        who = NOT_DEFINED if self.definition is None else self.definition.sentence()
        return Message.together((stated, who))

    @property
    def _table(self) -> Columns:
        """Some of the dates, with the named and the floor."""
        rows = []
        for k in np.unique(np.linspace(0, len(self.dates) - 1, TUNING.dates_shown).round().astype(int)):
            date = self.dates[k]
            table = self.tables.get(date)
            listed = Message("none") if table is None else Number(table.n_observed, ",")
            rows.append((Message("{day}", day=date), listed, Number(self.floor(date), ",")))
        head = (Message("Date"), Message("Persons in the table"), Message("Floor"))
        return Columns(head, tuple(rows))

    def to_frame(self) -> pd.DataFrame:
        """Give a pandas frame with a row for each date.

        Returns
        -------
        pandas.DataFrame
            Columns ``date``, ``lists`` (how many operate), ``listed`` (persons in the table; missing where
            there is none), ``floor``, ``not_left`` and ``named``.
        """
        import pandas as pd

        tables = [self.tables.get(date) for date in self.dates]
        return pd.DataFrame(
            {
                "date": np.array(self.dates, dtype="datetime64[s]"),
                "lists": [0 if table is None else table.n_lists for table in tables],
                "listed": pd.array(
                    [None if table is None else table.n_observed for table in tables], "Int64"
                ),
                "floor": [self.floor(date) for date in self.dates],
                "not_left": [self.not_known_to_have_left(date) for date in self.dates],
                "named": [self.named(date) for date in self.dates],
            }
        )


@door
def snapshots(
    people: PersonLists,
    dates: Iterable[Any],
    *,
    as_of: Any = LATEST,
    operates: Operates | Mapping[str, tuple[Any, Any]] | None = None,
    wrong: Mapping[str, float] | None = None,
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
    operates : Operates, or mapping of str to two days, optional
        The dates about which a list could say anything: a table, or for each list the first and the last day,
        None where there is none. On other dates the list is absent from the table. A list that names nobody
        on a date is absent anyway.
    wrong : mapping of str to float, optional
        Share of the entries of a list that is stated to be of people who do not belong; the floor is less by
        them. `series` takes them out of the number.

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
    basis, at, stretches = _known(people, as_of)
    days = _days(dates, at.latest)
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
    floors, left_later = _floors(people, first, n_days, wrong or {})
    asked = [people.digest, days.tolist(), str(basis), there.astype(int).tolist()]
    content = hashlib.sha256(json.dumps([*asked, wrong] if wrong else asked).encode())
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
        operates=None if operates is None else Operates.of(operates),
    )


def _floors(people: PersonLists, first: int, n_days: int, wrong: Mapping[str, float]) -> tuple[Ints, Ints]:
    """Persons of each day known to be inside by evidence of that day or later; those who left later.

    Of a list with a share that is stated not to belong, those on it alone and without a known exit are fewer
    by as many.
    """
    spells = people.spells
    evidence = evidence_of(spells, people.entries, people.n_lists)
    dated = (evidence.until < NEVER) & ~evidence.undated
    left = np.where(dated, spells.left_first, spells.entered_last)
    until = np.maximum(np.where(dated, left, evidence.seen + 1), spells.entered_last)
    later = per_day(spells.entered_last, left, first, n_days)
    less = np.zeros(n_days)
    if wrong.keys() - {*people.lists}:
        raise InputError(
            Message(
                "shares: expected one of the lists {lists!r:,}, got another. Write it as the data do",
                lists=people.lists,
            )
        )
    for name, share in wrong.items():
        k = people.lists.index(name)
        alone = (evidence.until == NEVER) & (spells.code == np.uint64(1 << k))
        of_them = min(share * (people.on == k).sum() / max(alone.sum(), 1), 1.0)
        less += of_them * per_day(spells.entered_last[alone], until[alone], first, n_days)
    named = per_day(spells.entered_last, until, first, n_days)
    return named - np.ceil(less - 1e-9).astype(np.int64), later


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
    """Notes for a reader of the tables."""
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
    """Mask of the lists that operate on each day, shape (n_lists, n_days); all where nothing is stated."""
    there = Operates.of(operates).there(lists, days=[as_day(day) for day in days.tolist()])
    return np.asarray(there[:, 0])


def table_of(
    codes: NDArray[np.uint64], counts: Ints | Floats, there: NDArray[np.bool_], people: PersonLists
) -> tuple[CaptureTable | Message, int]:
    """Table of a date over the lists that operate and name somebody, and persons on none of those."""
    histories = unpack(codes, people.n_lists).astype(bool)
    named = there & (histories & (counts[:, None] > 0)).any(axis=0)
    if named.sum() < 2:
        reason = Message("only one list names anybody") if named.any() else Message("no list names anybody")
        return reason, int(counts.sum()) if not named.any() else 0
    retained = np.flatnonzero(named)
    bits = histories[:, retained]
    listed = bits.any(axis=1) & (counts > 0)
    patterns, inverse = np.unique(bits[listed], axis=0, return_inverse=True)
    totals = np.rint(bincount(inverse.ravel(), weights=counts[listed])).astype(np.int64)
    patterns, totals = patterns[totals > 0], totals[totals > 0]
    if (patterns.any(axis=0).sum() if len(patterns) else 0) < 2:
        return Message("only one list names anybody"), 0
    if not patterns.any(axis=0).all():
        retained, patterns = retained[patterns.any(axis=0)], patterns[:, patterns.any(axis=0)]
    table = CaptureTable(
        tuple(people.lists[k] for k in retained),
        patterns.astype(np.uint8),
        totals,
        notes=people.notes,
        definition=people.definition,
    )
    return table, int(counts[~bits.any(axis=1)].sum())
