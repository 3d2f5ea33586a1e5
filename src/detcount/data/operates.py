"""Where and when each list operates: a small table that strata and days are both asked of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount.contract import arguments
from detcount.contract.specification import specification
from detcount.errors import InputError, InputTypeError
from detcount.reading.frames import Frame, column_name, missing
from detcount.reading.tables import read_frame
from detcount.words import Message

__all__ = ["Operates"]

Row = tuple[str, str | None, Any, Any]  # days in any form that `arguments.day` reads, texts once checked


@specification
class Operates:
    """Where and when lists operate: about whom each of them could say anything at all.

    A list that no row names operates everywhere and always; one that rows name operates where and when
    they say, and nowhere else. A list that does not operate in a place has no zeros there: nobody knows
    whom it would have named.

    Parameters
    ----------
    rows : tuple of (str, str or None, str or None, str or None)
        List, place or stratum (None: every one), first and last day as 2026-01-31 (None: no such end); days
        may be given as dates.
    nowhere : tuple of str, optional
        Lists that operate nowhere, as some do in one of several places.

    Raises
    ------
    InputError
        If a name is no text, or a last day is before its first.

    See Also
    --------
    detcount.abundance.PartialLists : N of strata in which not every list operates.
    detcount.stock.snapshots : Tables of dates, each over the lists that operate then.

    Examples
    --------
    >>> from detcount import Operates
    >>> table = {"list": ["court", "court"], "place": ["north", "south"], "from": ["2024-10-01", None]}
    >>> operates = Operates.from_frame(table)
    >>> operates.there(["press", "court"], places=["north", "west"])[:, :, 0].tolist()
    [[True, True], [True, False]]
    """

    rows: tuple[Row, ...]
    nowhere: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        checked = []
        for name, place, *days in self.rows:
            for text in (name, *(() if place is None else (place,))):
                if not isinstance(text, str) or not text.strip():
                    raise InputError(
                        Message(
                            "operates: expected the name of a list and of a place as text, got {got}",
                            got=repr(text),
                        )
                    )
            where = Message("operates, list {name!r}", name=name)
            first, last = (None if missing(day) else arguments.day(where, day).isoformat() for day in days)
            if first is not None and last is not None and last < first:
                raise InputError(
                    Message("{where}: the last day is before the first. Swap the two", where=where)
                )
            checked.append((name, place, first, last))
        object.__setattr__(self, "rows", tuple(checked))
        object.__setattr__(self, "nowhere", tuple(self.nowhere))

    @classmethod
    def from_frame(
        cls, frame: Any, *, list: str = "list", place: str = "place", first: str = "from", last: str = "to"
    ) -> Operates:
        """Read a table with a row for each list, place and period; a blank cell means all of them.

        Parameters
        ----------
        frame : pandas, polars or pyarrow frame, mapping of str to array, or path
            The table, or the file that holds it.
        list : str, optional
            Column with the name of the list.
        place, first, last : str, optional
            Columns with the place (or "stratum") and the first and the last day, as far as there are any.

        Returns
        -------
        Operates
            The same as data.

        Raises
        ------
        InputError
            If there is no column of lists, a column is none of these four, or a cell is no day.
        """
        read = Frame.of(read_frame(frame) if isinstance(frame, (str, Path)) else frame)
        place = "stratum" if place not in read.names and "stratum" in read.names else place
        known = (list, place, first, last)
        if list not in read.names or set(read.names) - {*known}:
            raise InputError(
                Message(
                    "operates: expected the columns {known!r:,} or some of them, the first among them, got "
                    "{found!r:,}. Rename them, or leave the others out",
                    known=known,
                    found=tuple(map(str, read.names)),
                )
            )
        cells = read.cells(read.names)
        empty = [None] * len(cells[list])
        columns = ([None if missing(cell) else cell for cell in cells.get(name, empty)] for name in known)
        return cls(tuple(zip(*columns, strict=True)))

    @classmethod
    def of(cls, given: Any) -> Operates:
        """Take an `Operates`, or a mapping of lists to their first and last day; None limits none."""
        if isinstance(given, cls):
            return given
        if given is not None and not isinstance(given, Mapping):
            raise InputTypeError(
                Message(
                    "operates: expected a mapping of lists to two days, or Operates, got {kind}",
                    kind=type(given).__name__,
                )
            )
        rows: list[Row] = []
        for name, span in (given or {}).items():
            ends = () if isinstance(span, str) or not isinstance(span, Iterable) else tuple(span)
            if len(ends) != 2:
                where = Message("operates, list {name!r}", name=name)
                raise InputError(
                    Message(
                        "{where}: expected two days, the first and the last, None where there is none, got "
                        "{got}",
                        where=where,
                        got=repr(span),
                    )
                )
            rows.append((name, None, *ends))
        return cls(tuple(rows))

    def at(self, place: str) -> Operates:
        """Give what holds in one place, without its name: lists that do not operate there are in `nowhere`.

        Parameters
        ----------
        place : str
            Place or stratum.

        Returns
        -------
        Operates
            Rows with days alone.
        """
        rows = tuple((row[0], None, row[2], row[3]) for row in self.rows if row[1] in (None, place))
        elsewhere = {row[0] for row in self.rows} - {row[0] for row in rows}
        return replace(self, rows=rows, nowhere=tuple(sorted(elsewhere | {*self.nowhere})))

    def there(
        self, lists: Sequence[str], *, places: Sequence[str] = (), days: Sequence[dt.date] = ()
    ) -> NDArray[np.bool_]:
        """Say whether each list operates in each place on each day.

        Parameters
        ----------
        lists : sequence of str
            Names of the lists.
        places : sequence of str, optional
            Places or strata; without any the table may name none.
        days : sequence of date, optional
            Days; without any a list operates in a place if it does on some day.

        Returns
        -------
        ndarray of bool, shape (n_lists, n_places or 1, n_days or 1)
            Whether it operates.

        Raises
        ------
        InputError
            If a row names a list that is not there, or a place where none was asked about.
        """
        lists = arguments.different_names("lists", lists)
        found = np.ones((len(lists), max(len(places), 1), max(len(days), 1)), dtype=bool)
        for name in dict.fromkeys((*(row[0] for row in self.rows), *self.nowhere)):
            if name not in lists:
                raise InputError(
                    Message(
                        "operates: no list {name}: the lists are {lists!r:,}",
                        name=column_name(name),
                        lists=lists,
                    )
                )
            found[lists.index(name)] = False
        for name, place, first, last in self.rows:
            if place is not None and not places:
                code = f"operates.at({place!r})"
                raise InputError(
                    Message(
                        "operates: list {name!r} operates in {place!r}, and no place was asked about. Take "
                        "what holds in one place, {code}",
                        name=name,
                        place=place,
                        code=code,
                    )
                )
            in_place = np.array([place in (None, each) for each in places] or [True])
            on_day = np.array(
                [(first or each) <= each <= (last or each) for each in map(dt.date.isoformat, days)]
                or [True],
                dtype=bool,
            )
            found[lists.index(name)] |= in_place[:, None] & on_day
        return found
