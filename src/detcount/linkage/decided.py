"""Rows of all lists in the order of their content, with what is decided of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Ints
from detcount.errors import InputError
from detcount.linkage.content_order import content_order
from detcount.linkage.records import Records
from detcount.words import Message

_ANY_COPIES = 10**9


@dataclass(frozen=True, eq=False)
class Problem:
    """Rows in the order of their content, and what is decided of them.

    Parameters
    ----------
    order, rank : ndarray of int64, shape (n,)
        Row as it was given at each place, and place of each row as it was given.
    list_of : ndarray of int64, shape (n,)
        List of each row; lists by name.
    n_lists : int
        Number of lists.
    referred, linkable : ndarray of bool, shape (n,)
        Rows that another list forwarded; rows with a name or a document.
    units : list of ndarray of int64
        Rows that are decided to be one person; most units are one row.
    unit : ndarray of int64, shape (n,)
        Unit of each row.
    apart : list of (int, int)
        Units that are decided to be two people.
    most : ndarray of int64, shape (n_lists,)
        Rows that one person can have in each list.
    """

    order: Ints
    rank: Ints
    list_of: Ints
    n_lists: int
    referred: np.ndarray
    linkable: np.ndarray
    units: list[Ints]
    unit: Ints
    apart: list[tuple[int, int]]
    most: Ints


def prepared(
    records: Records,
    together: Sequence[tuple[int, int]],
    apart: Sequence[tuple[int, int]],
    max_copies: Mapping[str, int] | None,
) -> Problem:
    """Put rows in order, and join those that are decided to be one person."""
    order = content_order(records)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    by_name = {name: place for place, name in enumerate(sorted(records.lists))}
    place = np.array([by_name[name] for name in records.lists], dtype=np.int64)
    n = len(order)
    parent = list(range(n))

    def root(row: int) -> int:
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    for one, two in together:
        a, b = sorted((root(int(rank[one])), root(int(rank[two]))))
        parent[b] = a
    roots = np.array([root(row) for row in range(n)], dtype=np.int64)
    _, unit = np.unique(roots, return_inverse=True)
    unit = unit.reshape(-1)
    by_unit = np.argsort(unit, kind="stable")
    units = np.split(by_unit, np.cumsum(np.bincount(unit))[:-1]) if n else []
    for one, two in apart:
        if unit[rank[one]] == unit[rank[two]]:
            raise InputError(
                Message(
                    "{one} and {two}: decided to be two people, but other decisions make them one person. "
                    "Take back one of these decisions.",
                    one=_row(records, one),
                    two=_row(records, two),
                )
            )
    most = np.full(len(records.lists), _ANY_COPIES)
    for name, copies in (max_copies or {}).items():
        if name not in by_name:
            raise InputError(
                Message(
                    "max_copies: expected names of lists, {lists:or}, got {name!r}",
                    lists=sorted(by_name),
                    name=name,
                )
            )
        most[by_name[name]] = copies
    list_of = place[records.list_of[order]]
    for rows in units:
        counts = np.bincount(list_of[rows], minlength=len(most))
        if len(rows) > 1 and (counts > most).any():
            which = int(np.argmax(counts > most))
            raise InputError(
                Message(
                    "list {name!r}: decisions give one person {n} rows ({rows}), max_copies allows {most}. "
                    "Take back a decision or allow more.",
                    name=sorted(by_name)[which],
                    n=int(counts[which]),
                    rows=sorted(int(records.row[order[row]]) for row in rows if list_of[row] == which),
                    most=int(most[which]),
                )
            )
    return Problem(
        order,
        rank,
        list_of,
        len(records.lists),
        records.referred[order],
        records.linkable[order],
        units,
        unit,
        sorted({_sorted_pair(int(unit[rank[one]]), int(unit[rank[two]])) for one, two in apart}),
        most,
    )


def _sorted_pair(one: int, two: int) -> tuple[int, int]:
    return (one, two) if one <= two else (two, one)


def _row(records: Records, row: int) -> Message:
    return Message(
        "list {name!r}, row {row}", name=records.lists[int(records.list_of[row])], row=int(records.row[row])
    )
