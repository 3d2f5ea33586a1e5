"""Who is on which list, since when and until when, as far as it is known.

It is one class with its reader, most of it their documentation; `reading` holds what they check.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Ints, ReadOnly
from detcount._numerics.stock.spells import NEVER, Rows, Spells, copying, joined
from detcount.contract import arguments
from detcount.contract.definition import NOT_DEFINED, Definition
from detcount.data.capture_rows import persons_on_lists, refuse_detentions
from detcount.data.persons.dates import INSIDE, STATUSES, checked_held
from detcount.data.persons.reading import read_entries, reading_notes, refuse_overlaps
from detcount.errors import InputError
from detcount.reading.cells import Status
from detcount.reading.days import as_day, number_of
from detcount.reading.frames import Frame, column_name
from detcount.reports.printing import Column
from detcount.reports.shown import Result
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

_ARRAYS = (
    *("person", "on", "entered_first", "entered_last", "left_first", "left_last"),
    *("status", "listed", "left_known", "row", "confirmed"),
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class PersonLists(ReadOnly, Result):
    """Who is on which list, since when and until when, as far as it is known.

    One entry is what one list says of one spell in detention of one person. Persons are numbers here: no name
    and no identifier is kept. Read it with `from_frame`.

    Parameters
    ----------
    lists : tuple of str
        Names of the lists.
    person : ndarray of int64, shape (n_entries,)
        Number of the person, from 0.
    on : ndarray of int64, shape (n_entries,)
        Position in `lists` of the list that says it.
    entered_first, entered_last : ndarray of int64, shape (n_entries,)
        First and last possible day of the arrest, days since 1970; -1,000,000 where the first is open.
    left_first, left_last : ndarray of int64, shape (n_entries,)
        First and last possible day of the exit; 1,000,000 where no exit is known.
    status : ndarray of int64, shape (n_entries,)
        Position in `STATUSES` of what the list says of the person.
    listed, left_known : ndarray of int64, shape (n_entries,)
        Day on which the list named the person, and on which it knew the exit; 1,000,000 for never.
    row : ndarray of int64, shape (n_entries,)
        Row of the frame, from 0.
    confirmed : ndarray of int64, shape (n_entries,)
        Last day on which the list named the person as held, or confirmed it.
    latest : int
        Last day on which any list said anything, or the day of `as_of`; days since 1970.
    held : tuple of str, optional
        Statuses besides "inside" of which the definition says that people are held.
    definition : Definition, optional
        Who is counted. It is no part of equality or of the digest.
    notes : tuple of str, optional
        What a reader must know of how the rows were read.
    audited : tuple of str, optional
        Lists of which an audit found how many entries do not belong, and took as many away.
    forwarded : tuple of str, optional
        Lists to which others forwarded names, by a column that says so.

    See Also
    --------
    CaptureTable : Persons by capture history, without days.

    Examples
    --------
    >>> from detcount import PersonLists
    >>> rows = {
    ...     "id": ["a", "a", "b"],
    ...     "source": ["press", "court", "press"],
    ...     "arrest": ["2024-08", "2024-08-20", "before 2024-07"],
    ...     "exit": [None, "2024-11-02", None],
    ...     "seen": ["2024-09-01", "2024-12-01", "2024-09-01"],
    ... }
    >>> people = PersonLists.from_frame(
    ...     rows, person="id", list="source", entered="arrest", left="exit", listed_on="seen"
    ... )
    >>> people.n_persons, people.latest_day
    (2, datetime.date(2024, 12, 1))
    """

    lists: tuple[str, ...]
    person: Ints
    on: Ints
    entered_first: Ints
    entered_last: Ints
    left_first: Ints
    left_last: Ints
    status: Ints
    listed: Ints
    left_known: Ints
    row: Ints
    confirmed: Ints
    latest: int
    held: tuple[Status, ...] = ()
    definition: Definition | None = None
    notes: tuple[str, ...] = ()
    audited: tuple[str, ...] = ()
    forwarded: tuple[str, ...] = ()
    _notebook = "headline"  # which counts all persons together
    _columns: ClassVar = (
        Column(name="list", title=Message("List")),
        Column(name="persons", title=Message("Persons"), write=","),
        *(Column(name=name) for name in ("entries", "exits", "first_listed", "last_listed")),
    )

    @classmethod
    def from_frame(
        cls,
        frame: Any,
        *,
        person: str,
        list: str,
        entered: str,
        left: str | None = None,
        status: str | None = None,
        listed_on: str | None = None,
        left_known_on: str | None = None,
        last_confirmed: str | None = None,
        lists: Sequence[str] | None = None,
        held: Iterable[Status] = (),
        definition: Definition | None = None,
        allow_future: bool = False,
    ) -> PersonLists:
        """Read a frame with a row for each spell of each person on each list.

        Parameters
        ----------
        frame : pandas, polars or pyarrow frame, or mapping of str to array
            One row for each (person, list, spell).
        person : str
            Column with the identifier of the person, the same on every list. It is not kept.
        list : str
            Column with the name of the list.
        entered, left : str
            Columns with the day of the arrest and of the exit. A day may be 2024-08-15, 2024-08, 2024,
            before 2024-08, after 2024-08, or two days with / between; blank or unknown where nobody knows.
            A blank exit is none, if the status says nothing else; an exit on an unknown day is written
            unknown.
        status : str, optional
            Column with what the list says of the person: inside, released, dead, transferred, house arrest or
            unknown. Without it, whoever has an exit was released and everybody else is inside.
        listed_on : str, optional
            Column with the day on which the list named the person. Where it is not known the person counts as
            listed since the arrest.
        left_known_on : str, optional
            Column with the day on which the list knew the exit. Where it is not known the exit counts as
            known since it happened; an exit without any day, since the last day of the data.
        last_confirmed : str, optional
            Column with the last day on which the list confirmed that the person was held. Entries that stop
            being confirmed while others are show exits that nobody reported.
        lists : sequence of str, optional
            Order of the lists; without it they are sorted by name.
        held : tuple of {"transferred", "house arrest"}, optional
            Statuses of which the definition says that people are held still. Without it they are exits.
        definition : Definition, optional
            Who is counted, in persons.
        allow_future : bool, optional
            Whether days that have not come are kept. Without it they are refused as slips of the pen.

        Returns
        -------
        PersonLists
            The entries, without the identifiers.

        Raises
        ------
        InputError
            If a column is absent, a cell cannot be read, a person or a list is missing or written in two
            ways; if a day has not come; if an exit is before the arrest, or known before it happened, or
            stands beside the status inside; if a person was listed before the arrest, or nothing places the
            person in time; or if two spells of a person on one list may overlap. Rows are named by number,
            and no cell is shown.
        """
        refuse_detentions(definition, person)
        asked = {"entered": entered, "left": left, "status": status, "listed_on": listed_on}
        asked |= {"left_known_on": left_known_on, "last_confirmed": last_confirmed}
        columns = {role: column for role, column in asked.items() if column is not None}
        named = [person, list, *columns.values()]
        twice = [column for position, column in enumerate(named) if column in named[:position]]
        if twice:
            raise InputError(
                Message(
                    "column {column} is named for two things. Every argument needs a column of its own",
                    column=column_name(twice[0]),
                )
            )
        kept = checked_held(held)
        read = Frame.of(frame)
        names, on, code = persons_on_lists(read, person, list, lists)
        allow_future = arguments.true_or_false("allow_future", allow_future)
        entries = read_entries(read, columns, allow_future=allow_future)
        stays = np.isin(entries.status, [STATUSES.index(status) for status in kept])
        entries = replace(
            entries,
            left_first=np.where(stays, NEVER, entries.left_first),
            left_last=np.where(stays, NEVER, entries.left_last),
            left_known=np.where(stays, NEVER, entries.left_known),
        )
        refuse_overlaps(code, on, entries, names, read.rows)
        read_of = {name: getattr(entries, name) for name in _ARRAYS if hasattr(entries, name)}
        made = cls(
            **read_of,
            lists=names,
            person=np.unique(code, return_inverse=True)[1],
            on=on,
            row=np.arange(len(on)),
            latest=entries.latest,
            held=kept,
            definition=definition,
        )
        return replace(made, notes=reading_notes(entries, made.spells, kept))

    @property
    def n_lists(self) -> int:
        """Number of lists."""
        return len(self.lists)

    @cached_property
    def n_persons(self) -> int:
        """Persons on at least one list."""
        return len(np.unique(self.person))

    @property
    def list_sizes(self) -> dict[str, int]:
        """Persons on each list."""
        return {name: len(np.unique(self.person[self.on == k])) for k, name in enumerate(self.lists)}

    @property
    def latest_day(self) -> dt.date:
        """Last day on which any list said anything, or the day of `as_of`."""
        return as_day(self.latest)

    @cached_property
    def spells(self) -> Spells:
        """Spells in detention, each once: what the lists say of it joined, by number of the person."""
        return joined(self.entries)

    @cached_property
    def entries(self) -> Rows:
        """Entries, as functions of arrays take them."""
        return Rows(*(getattr(self, each.name) for each in fields(Rows)))

    @cached_property
    def copied(self) -> tuple[str, ...]:
        """Lists that took names from another: by `forwarded`, or as names come too soon after it."""
        found = {self.lists[second] for _, second in copying(self.spells, self.entries, self.n_lists)}
        return tuple(name for name in self.lists if name in found or name in self.forwarded)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the names of lists, which were audited, and the entries: same data, same digest."""
        audited = [self.audited] if self.audited else []
        content = hashlib.sha256(json.dumps([self.lists, self.held, self.latest, *audited]).encode())
        repeated = () if np.array_equal(self.confirmed, self.listed) else ("confirmed",)
        for name in (*_ARRAYS[:-2], *repeated):
            content.update(getattr(self, name).astype("<i8").tobytes())
        return content.hexdigest()

    def as_of(self, day: Any) -> PersonLists:
        """Keep what was known on a day: who was listed by then, and the exits known by then.

        Parameters
        ----------
        day : date, str or numpy.datetime64
            The day.

        Returns
        -------
        PersonLists
            Entries of the lists up to that day; an exit that nobody knew yet is none, and the status beside
            it is inside.

        Raises
        ------
        InputError
            If nobody was listed on that day, or the day is after the last on which any list said anything.
        """
        last = number_of(arguments.day("as_of", day))
        if last > self.latest:
            raise InputError(
                Message(
                    "as_of: expected a day up to {latest}, the last day with an entry on any list, got {day}",
                    latest=self.latest_day,
                    day=as_day(last),
                )
            )
        there = self.listed <= last
        if not there.any():
            raise InputError(
                Message(
                    "as_of: nobody was listed by {day}; the first was on {first}",
                    day=as_day(last),
                    first=as_day(int(self.listed.min())),
                )
            )
        known = self.left_known[there] <= last
        kept = {name: getattr(self, name)[there] for name in _ARRAYS}
        kept["confirmed"] = np.where(kept["confirmed"] <= last, kept["confirmed"], kept["listed"])
        return replace(self, **kept, latest=last)._with_exits(known)

    def _with_exits(self, known: NDArray[np.bool_]) -> PersonLists:
        """The same entries with some of the exits."""
        hidden = ~known & (self.left_last < NEVER)
        return replace(
            self,
            left_first=np.where(known, self.left_first, NEVER),
            left_last=np.where(known, self.left_last, NEVER),
            left_known=np.where(known, self.left_known, NEVER),
            status=np.where(hidden, INSIDE, self.status),
        )

    def conflicts(self, *, beyond: int = 0) -> pd.DataFrame:
        """Give the spells in which lists contradict each other on a day.

        Parameters
        ----------
        beyond : int, optional
            Leave out contradictions of this many days or fewer.

        Returns
        -------
        pandas.DataFrame
            Columns ``what`` ("entered" or "left"), ``days`` by which the lists lie apart, and ``rows``, the
            numbers of the rows from 1; the widest first. No person is named.

        Raises
        ------
        InputError
            If `beyond` is not a whole number of days.
        """
        import pandas as pd

        beyond = arguments.whole_number("beyond", beyond, unit="of days")
        spells = self.spells
        ends = np.cumsum(spells.n_rows)
        lines: list[dict[str, Any]] = []
        for what, apart in (("entered", spells.entered_apart), ("left", spells.left_apart)):
            for spell in np.flatnonzero(apart > beyond).tolist():
                mine = spells.rows[ends[spell] - spells.n_rows[spell] : ends[spell]]
                rows = tuple(sorted((self.row[mine] + 1).tolist()))
                lines.append({"what": what, "days": int(apart[spell]), "rows": rows})
        lines.sort(key=lambda line: (-line["days"], line["what"], line["rows"]))
        return pd.DataFrame(lines, columns=["what", "days", "rows"])

    def headline(self) -> Message:
        """Say how many persons are on how many lists, and until when, in one line."""
        return Message(
            "{persons} on {n_lists} lists ({lists:,}), {entries}, known until {day}",
            persons=Message.counted("1 person", "{n:,} persons", n=self.n_persons),
            n_lists=self.n_lists,
            lists=self.lists,
            entries=Message.counted("1 entry", "{n:,} entries", n=len(self.person)),
            day=self.latest_day,
        )

    def sentence(self) -> Message:
        """Say how many persons the lists name, in how many spells, and who is counted."""
        spells = self.spells
        named = Message(
            "{persons} on at least one list, in {spells}; an exit is known of {left:,} of these.",
            persons=Message.counted("1 person is", "{n:,} persons are", n=self.n_persons),
            spells=Message.counted("1 spell in detention", "{n:,} spells in detention", n=len(spells.owner)),
            left=int((spells.left_last < NEVER).sum()),
        )
        who = NOT_DEFINED if self.definition is None else self.definition.sentence()
        return Message.together((named, who))

    @property
    def _items(self) -> list[dict[str, Any]]:
        lines = []
        for k, name in enumerate(self.lists):
            mine = self.on == k
            lines.append(
                {
                    "list": name,
                    "persons": len(np.unique(self.person[mine])),
                    "entries": int(mine.sum()),
                    "exits": int((self.left_last[mine] < NEVER).sum()),
                    "first_listed": as_day(int(self.listed[mine].min())) if mine.any() else None,
                    "last_listed": as_day(int(self.listed[mine].max())) if mine.any() else None,
                }
            )
        return lines

    def __eq__(self, other: object) -> bool:
        return self.digest == other.digest if isinstance(other, PersonLists) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.digest)

    def __str__(self) -> str:
        return repr(self)
