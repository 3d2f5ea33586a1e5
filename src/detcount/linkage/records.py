"""The rows of all lists as arrays, and those that a list repeats to the last cell."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NoReturn

import numpy as np

from detcount._numerics.arrays import Bools, Floats, Ints, ReadOnly, bincount
from detcount._numerics.linkage.fields import MISSING_DAY as MISSING_DAY
from detcount._numerics.linkage.settings import PRIORS
from detcount.words import Message

NEVER_PICKLED = Message(
    "lists of names hold people's names and are never pickled. Read the files again where they are needed"
)
"""The error where names would be written somewhere."""
_OF_ROWS = (
    *("list_of", "row", "document", "document_kind", "born", "arrested", "place", "sex"),
    *("referred", "linkable", "key"),
)


class NeverPickled:
    """Base of classes that hold names and are never pickled."""

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError(NEVER_PICKLED)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Records(NeverPickled, ReadOnly):
    """The rows of all lists, one after the other, as arrays; words are held once and named by number.

    It holds what people wrote, so that it never leaves the linkage and shows nothing of itself.

    Parameters
    ----------
    lists : tuple of str
        Names of the lists.
    list_of : ndarray of int64, shape (n,)
        List of each record, a position in `lists`.
    row : ndarray of int64, shape (n,)
        Row number in its list, as a person counts the data rows, from 1.
    words : tuple of str
        The distinct words written in names: small letters, no accents, without particles; a hyphenated or
        compound name is several words. A nickname stands as it is written; `sounds.meanings` lists
        the names that it can stand for.
    word_record, word : ndarray of int64, shape (m,)
        Each written word: its record, and its position in `words`; in the order of records and of places.
    word_place : ndarray of int64, shape (m,)
        Place of the word in the name as written, from 0.
    word_given : ndarray of float64, shape (m,)
        Probability that it is a given name and not a surname.
    document : ndarray of int64, shape (n,)
        Number of the document; -1 where none is written.
    document_kind : ndarray of int64, shape (n,)
        0 for none or unknown, 1 a citizen's, 2 a foreigner's, 3 a passport's.
    born, arrested : ndarray of int64, shape (n, 2)
        First and last possible day, days since 1 January 1970; both `MISSING_DAY` where unknown. An age gives
        an interval of a year.
    place, sex : ndarray of int64, shape (n,)
        A code for equal spellings; -1 where none is written.
    referred : ndarray of bool, shape (n,)
        Rows that another list forwarded.
    linkable : ndarray of bool, shape (n,)
        Rows with a name or a document; the others are people of their own.
    key : ndarray of bytes, shape (n,)
        Keyed digest of the content of each row, which stays the same when rows or lists change their order.

    Examples
    --------
    >>> from detcount.linkage import Records
    >>> sorted(Records.__dataclass_fields__)[:3]
    ['arrested', 'born', 'document']
    """

    lists: tuple[str, ...]
    list_of: Ints
    row: Ints
    words: tuple[str, ...]
    word_record: Ints
    word: Ints
    word_place: Ints
    word_given: Floats
    document: Ints
    document_kind: Ints
    born: Ints
    arrested: Ints
    place: Ints
    sex: Ints
    referred: Bools
    linkable: Bools
    key: np.ndarray

    def __len__(self) -> int:
        return len(self.list_of)

    def by_row(self, values: np.ndarray) -> list[list[Any]]:
        """Values of words, row by row."""
        ends = np.searchsorted(self.word_record, np.arange(len(self) + 1)).tolist()
        return [values[low:high].tolist() for low, high in pairwise(ends)]

    def taken(self, order: Ints) -> Records:
        """Some of the rows, or all of them, in another order."""
        rank = np.full(len(self), -1)
        rank[order] = np.arange(len(order))
        place = rank[self.word_record]
        words = np.lexsort((self.word_place, place))[(place < 0).sum() :]
        columns = {name: getattr(self, name)[order] for name in _OF_ROWS}
        of_words = {name: getattr(self, name)[words] for name in ("word", "word_place", "word_given")}
        return replace(self, **columns, **of_words, word_record=place[words])

    def __repr__(self) -> str:
        return f"<Records: {len(self)} rows of {len(self.lists)} lists>"


def _contents(records: Records) -> list[tuple[Any, ...]]:
    """Contents of each row, without its place, as tuples that can be ordered."""
    of_words = (records.word_place, records.word, records.word_given.round(6))
    spelled = [
        tuple(sorted((place, records.words[word], given) for place, word, given in zip(*row, strict=True)))
        for row in zip(*map(records.by_row, of_words), strict=True)
    ]
    document, kind, sex, referred, linkable = (
        getattr(records, name).tolist()
        for name in ("document", "document_kind", "sex", "referred", "linkable")
    )
    born, arrested = (map(tuple, days.tolist()) for days in (records.born, records.arrested))
    names = [records.lists[k] for k in records.list_of.tolist()]
    return [*zip(names, spelled, document, kind, born, arrested, sex, referred, linkable, strict=True)]


def content_order(records: Records) -> Ints:
    """Order rows by their list's name, words, document, days and sex, then by how places are shared.

    Codes of places depend on the order of rows; they are compared by how frequent they are and by the first
    row, in this order, that names them.
    """
    n = len(records)
    keys = _contents(records)
    frequency = bincount(records.place + 1, minlength=2)
    first_key: dict[int, tuple[object, ...]] = {}
    for row in sorted(range(n), key=lambda row: keys[row]):
        first_key.setdefault(int(records.place[row]), keys[row])
    places = sorted(first_key, key=lambda code: (code >= 0, int(frequency[code + 1]), first_key[code]))
    rank = {code: place for place, code in enumerate(places)}
    order = sorted(range(n), key=lambda row: (keys[row], rank[int(records.place[row])], records.key[row]))
    return np.array(order, dtype=np.int64)


def stretches(days: Ints, width: int, widest: int) -> tuple[np.ndarray, list[Ints]]:
    """Number stretches of days, which begin in two ways, so that days near each other share one.

    Parameters
    ----------
    days : ndarray of int64, shape (n, 2)
        First and last possible day of each row.
    width : int
        Days of a stretch.
    widest : int
        Days between the first and the last up to which the stretch is known.

    Returns
    -------
    known : ndarray of bool, shape (n,)
        True where the stretch is known.
    numbers : list of ndarray of int64
        Numbers of both kinds of stretches.
    """
    known = (days[:, 0] != MISSING_DAY) & (days[:, 1] - days[:, 0] <= widest)
    middle = np.where(known, days[:, 0] // 2 + days[:, 1] // 2, 0)
    return known, [(middle + shift) // width for shift in (0, width // 2)]


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
    content = [*zip(_contents(records), records.place.tolist(), strict=True)]
    exact = np.zeros(n, dtype=bool)
    for days in (records.born, records.arrested):
        exact |= (days[:, 0] == days[:, 1]) & (days[:, 0] != MISSING_DAY)
    distinctive = exact | (records.document >= 0)
    groups: dict[Hashable, list[int]] = {}
    for row in np.flatnonzero(records.linkable & ~np.isin(records.list_of, list(but))).tolist():
        groups.setdefault(content[row], []).append(row)
    first = np.arange(n)
    by_list = bincount(records.list_of)
    for rows in groups.values():
        least = (
            1
            if distinctive[rows[0]]
            else max(PRIORS.namesakes, PRIORS.namesakes_share * by_list[records.list_of[rows[0]]])
        )
        if len(rows) > least:
            first[rows] = rows[0]
    for one, two in apart:
        if first[one] == first[two]:  # decided to be namesakes
            alike = np.flatnonzero(first == first[one])
            first[alike] = alike
    return first


def written_again(records: Records, start: int) -> Bools:
    """Mark rows from `start` on whose words, one at most left out, an earlier row wrote: perhaps copies."""
    seen: set[tuple[int, ...]] = set()
    again = np.zeros(len(records), dtype=np.bool_)
    for row, words in enumerate(records.by_row(records.word)):
        name = tuple(sorted(words))
        parts = [name[:k] + name[k + 1 :] for k in range(len(name))] if len(name) > 2 else []
        again[row] = row >= start and not seen.isdisjoint({name, *parts})
        seen.update((name, *parts))
    return again
