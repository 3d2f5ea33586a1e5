"""Rows that a list repeats to the last cell: they are one person, and are joined before rows are compared."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import replace

import numpy as np

from detcount._numerics.arrays import Ints
from detcount.linkage.records import MISSING_DAY, Records
from detcount.linkage.result import Linkage
from detcount.words import Message

_NAMESAKES = (
    20  # rows of a list that may bear one name, and are different persons of whom nothing else is known
)
_SHARE = 0.01  # or this share of the rows of a list


def first_of_alike(records: Records, but: Collection[int], apart: Collection[tuple[int, int]]) -> Ints:
    """First of the rows that are alike to the last cell, for each row.

    Rows of one list are joined if they bear a document, or the day of the birth or of the arrest beside the
    name. Rows of which nothing is known but a name can be of namesakes: they are joined if there are more of
    them than namesakes can be.

    Parameters
    ----------
    records : Records
        Rows of all lists.
    but : collection of int
        Lists of which it is stated how many rows one person has: none of theirs are joined.
    apart : collection of (int, int)
        Pairs of rows that are decided to be two persons.

    Returns
    -------
    ndarray of int64, shape (n,)
        Row that stands for each.
    """
    n = len(records)
    by_row = np.lexsort((records.word_place, records.word_record))
    ends = np.searchsorted(records.word_record[by_row], np.arange(1, n))
    words, given = (np.split(values[by_row], ends) for values in (records.word, records.word_given))
    exact = np.zeros(n, dtype=bool)
    for days in (records.born, records.arrested):
        exact |= (days[:, 0] == days[:, 1]) & (days[:, 0] != MISSING_DAY)
    told = exact | (records.document >= 0)
    codes = (records.list_of, records.referred, records.document, records.document_kind)
    cells = np.column_stack([*codes, records.born, records.arrested, records.place, records.sex])
    groups: dict[Hashable, list[int]] = {}
    for row in np.flatnonzero(records.linkable & ~np.isin(records.list_of, list(but))).tolist():
        content = cells[row].tobytes(), words[row].tobytes(), given[row].tobytes()
        groups.setdefault(content, []).append(row)
    first = np.arange(n)
    by_list = np.bincount(records.list_of)
    for rows in groups.values():
        least = 1 if told[rows[0]] else max(_NAMESAKES, _SHARE * by_list[records.list_of[rows[0]]])
        if len(rows) > least:
            first[rows] = rows[0]
    for one, two in apart:
        if first[one] == first[two]:  # decided to be namesakes
            alike = np.flatnonzero(first == first[one])
            first[alike] = alike
    return first


def with_double_entries(linked: Linkage, every: Records, kept: Ints, entry: Ints) -> Linkage:
    """The linkage of all rows, those that repeat another one beside it."""
    again = np.setdiff1d(np.arange(len(every)), kept)
    none = np.zeros(len(again))
    note = Message.counted(
        "1 row repeats another of its list in every cell, and is taken for the same person",
        "{n:,} rows repeat another of their list in every cell, and are taken for the same person",
        n=len(again),
    )
    return replace(
        linked,
        list_of=every.list_of,
        row=every.row,
        person=linked.person[entry],
        draws=linked.draws[:, entry],
        pair_first=np.concatenate([kept[linked.pair_first], kept[entry[again]]]),
        pair_second=np.concatenate([kept[linked.pair_second], again]),
        pair_probability=np.concatenate([linked.pair_probability, none + 1.0]),
        pair_evidence={name: np.concatenate([told, none]) for name, told in linked.pair_evidence.items()},
        doubtful_relatives=kept[linked.doubtful_relatives],
        referred=every.referred,
        linkable=every.linkable,
        digests=every.key,
        counts=np.ones(len(every), dtype=bool),
        notes=(*linked.notes, note),
    )
