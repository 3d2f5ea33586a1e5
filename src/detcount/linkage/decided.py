"""Rows of all lists in the order of their content, with what is decided of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Ints
from detcount.errors import InputError
from detcount.linkage.records import Records
from detcount.words import Message

ANY_COPIES = 10**9


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
    most = np.full(len(records.lists), ANY_COPIES)
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


def content_order(records: Records) -> Ints:
    """Order rows by their list's name, words, document, days and sex, then by how places are shared.

    Codes of places depend on the order of rows; they are compared by how frequent they are and by the first
    row, in this order, that names them.
    """
    n = len(records)
    spelled: list[list[tuple[int, str, float]]] = [[] for _ in range(n)]
    for row, word, place, given in zip(
        records.word_record.tolist(),
        records.word.tolist(),
        records.word_place.tolist(),
        records.word_given.tolist(),
        strict=True,
    ):
        spelled[row].append((place, records.words[word], round(given, 6)))
    keys = [
        (
            records.lists[records.list_of[row]],
            tuple(sorted(spelled[row])),
            int(records.document[row]),
            int(records.document_kind[row]),
            tuple(records.born[row].tolist()),
            tuple(records.arrested[row].tolist()),
            int(records.sex[row]),
            bool(records.referred[row]),
            bool(records.linkable[row]),
        )
        for row in range(n)
    ]
    frequency = np.bincount(records.place + 1, minlength=2)
    first_key: dict[int, tuple[object, ...]] = {}
    for row in sorted(range(n), key=lambda row: keys[row]):
        first_key.setdefault(int(records.place[row]), keys[row])
    places = sorted(first_key, key=lambda code: (code >= 0, int(frequency[code + 1]), first_key[code]))
    rank = {code: place for place, code in enumerate(places)}
    order = sorted(range(n), key=lambda row: (keys[row], rank[int(records.place[row])], records.key[row]))
    return np.array(order, dtype=np.int64)
