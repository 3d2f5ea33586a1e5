"""Capture tables at some dates, with the floor and the named of every day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detcount import arguments
from detcount._numerics.arrays import frozen
from detcount.captures import CaptureTable
from detcount.definition import NOT_DEFINED, Definition
from detcount.errors import InputError
from detcount.persons import PersonLists
from detcount.printing import Columns, Summary
from detcount.shown import Shown
from detcount.words import Message, Number

if TYPE_CHECKING:
    import pandas as pd

DAY, LATEST = "day", "latest"
_MOST_SHOWN = 12  # dates of a printed table


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Snapshots(Shown):
    """Who is taken to be held at the end of some dates, as capture tables; and the floor of every day.

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
        Who is counted.
    notes : tuple of str, optional
        What a reader must know besides.
    people : PersonLists, optional
        The lists on which the tables rest, without persons; exits of which no list knows yet are judged from
        them.
    operates : mapping of str to two days, optional
        First and last day of the dates about which a list could say anything, as given.

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
    floors: NDArray[np.int64]
    left_later: NDArray[np.int64]
    not_left: NDArray[np.int64]
    names: NDArray[np.int64]
    shared: NDArray[np.int64]
    digest: str
    definition: Definition | None = None
    notes: tuple[str, ...] = ()
    people: PersonLists | None = None
    operates: Mapping[str, tuple[Any, Any]] | None = None

    def __post_init__(self) -> None:
        for name in ("floors", "left_later", "not_left", "names", "shared"):
            object.__setattr__(self, name, frozen(getattr(self, name), np.int64))

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
        """Say how many dates there are, and on what they rest, in one line."""
        basis = (
            Message("each as known on its own day")
            if self.as_of == DAY
            else Message("as known on {day}", day=self._basis)
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
        """Say how many are named and how many are certain on the last date, and who is counted."""
        last = self.dates[-1]
        table = self.tables.get(last)
        listed = 0 if table is None else table.n_observed
        told = Message(
            "Of the people on the lists, {listed:,} are not known to have left by the end of {day}, and "
            "{floor:,} are known to have been inside, by evidence of that day or later. How many are on no "
            "list is not said here.",
            listed=listed,
            day=last,
            floor=self.floor(last),
        )
        who = NOT_DEFINED if self.definition is None else self.definition.sentence()
        return Message.together((told, who))

    def summary(self) -> Summary:
        """Give the whole: the dates with the named and the floor, and the notes."""
        chosen = [
            self.dates[k]
            for k in np.unique(np.linspace(0, len(self.dates) - 1, _MOST_SHOWN).round().astype(int))
        ]
        rows = []
        for date in chosen:
            table = self.tables.get(date)
            listed = Message("none") if table is None else Number(table.n_observed, ",")
            rows.append((Message("{day}", day=date), listed, Number(self.floor(date), ",")))
        head = (Message("Date"), Message("Persons in the table"), Message("Floor"))
        return Summary(self.headline(), self.sentence(), Columns(head, tuple(rows)), notes=self.notes)

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

    def _in_notebook(self) -> Summary:
        """The headline, which counts no persons."""
        return Summary(self.headline())

    def __repr__(self) -> str:
        return f"<Snapshots: {self.headline()}>"
