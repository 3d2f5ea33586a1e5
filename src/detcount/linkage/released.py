"""Rows of lists of released people as persons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from detcount._numerics.arrays import Ints, ReadOnly, ShortInts
from detcount.words import Message

Kind = Literal["announced", "verified"]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ReleasedRows(ReadOnly):
    """Rows of lists of released people as persons, in the labels of the draws of a linkage.

    Rows are numbers here: no name and no document is kept. They were attached to the persons of registers in
    each draw, and registers' own links do not rest on them.

    Parameters
    ----------
    lists : tuple of str
        Names of the lists.
    kinds : tuple of {"announced", "verified"}
        Kind of each.
    days : ndarray of int64, shape (n_lists, 2)
        First and last day of each list since 1970; `LONG_AGO` and `NEVER` where unknown.
    checked_from : dict of str to str
        Announced list from which a verified one was checked.
    list_of, row : ndarray of int64, shape (n_rows,)
        List of each row, a position in `lists`, and its number in the list, from 1.
    day : ndarray of int64, shape (n_rows,)
        Day of the release or of its verification; `NEVER` where unknown.
    ended : tuple of str
        What the row says of the exit: released, house arrest, dead, transferred, inside, or nothing.
    person : ndarray of int32, shape (n_draws, n_rows)
        Person of each row in each draw of the linkage; a label above all of that draw is a person on no
        register, and rows that share it are one person.
    best : ndarray of int64, shape (n_rows,)
        The same for the partition with the greatest expected F1.
    n_registered : int
        Persons of registers in that partition.
    without_limits : tuple of Message
        Why no interval can be claimed; empty where there is one.

    Examples
    --------
    >>> import detcount as dc
    >>> names = {"Nombre": ["Ana Pérez Rojas", "Luis Mora"], "Cédula": ["V-12.345.678", "V-9.876.543"]}
    >>> official = {"Nombre": ["PEREZ ROJAS ANA"], "Cédula": ["12345678"]}
    >>> lists = dc.linkage.read_lists(
    ...     {"press": names, "official": official}, released={"official": "announced"}
    ... )
    >>> dc.linkage.link(lists, n_draws=100).released
    <ReleasedRows: 1 row of 1 list, 1 of them on a register>
    """

    lists: tuple[str, ...]
    kinds: tuple[Kind, ...]
    days: Ints
    checked_from: Mapping[str, str]
    list_of: Ints
    row: Ints
    day: Ints
    ended: tuple[str, ...]
    person: ShortInts
    best: Ints
    n_registered: int
    without_limits: tuple[Message, ...] = ()

    def __repr__(self) -> str:
        rows, lists = len(self.row), len(self.lists)
        on = int((self.best < self.n_registered).sum())
        return (
            f"<ReleasedRows: {rows} row{'s' * (rows != 1)} of {lists} list{'s' * (lists != 1)}, "
            f"{on} of them on a register>"
        )
