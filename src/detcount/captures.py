"""The data of abundance estimation: who is on which lists, counted by capture history."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detcount._numerics.patterns import CHUNK, pack, tabulate, unpack
from detcount.arguments import TWO_SPELLINGS, one_spelling
from detcount.definition import Definition, checked
from detcount.errors import DetcountWarning, InputError
from detcount.frames import (
    DATA_ROWS,
    Column,
    Frame,
    Place,
    RowNames,
    array,
    indicator,
    numbered,
    whole,
)
from detcount.identity import (
    NOTE_NO_PERSON,
    one_identifier,
    refuse_names_of_persons,
    refuse_repeated_person,
    unnamed_count,
)
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CaptureTable", "RepeatedCounts"]

MAX_LISTS = 60
MAX_DENSE_LISTS = 16
MOST_TIMES = 1_000_000  # nobody is named more often by one list
MISSING_MARK = "Decide whether it is a 0 or a 1, or leave the row out, before counting"
MISSING_COUNT = "Write 0 where there is nobody"
_COUNTS = Place("counts", MISSING_COUNT)
_MISSING_NAME = "Every row needs a person and a list"
MISSING_PERSON = "Every row needs an identifier; give one to the persons who have none"
_SWAPPED = "Are person and list the wrong way round? If not, name the lists, lists=[...]"
_TOO_MANY = "Merge lists that share a source, or keep the largest"


@dataclass(frozen=True, eq=False, repr=False)
class CaptureTable:
    """Persons counted by capture history: on which of the lists each of them is named.

    The table is sparse: only histories that somebody has are kept. Nobody is dropped, merged or
    recoded on the way in; data that cannot mean what they say are refused.

    Parameters
    ----------
    lists : tuple of str
        Names of the 2 to 60 lists.
    histories : ndarray of uint8, shape (n_patterns, n_lists)
        The observed capture histories, each once, none all zero. Kept sorted.
    counts : ndarray of int64, shape (n_patterns,)
        Persons with each history, above zero.
    dataset : str, optional
        Name of the public data set that the table comes from, given by `datasets.load` alone; empty for
        any other. It is no part of equality or of the digest.
    notes : tuple of str, optional
        What a reader must know of how the persons were counted. No part of equality or of the digest.
    definition : Definition, optional
        Who is counted. It changes no number, and is no part of equality or of the digest.

    Raises
    ------
    InputError
        If names, histories or counts are not as described.

    See Also
    --------
    RepeatedCounts : How often a single list names each person.

    Examples
    --------
    >>> from detcount import CaptureTable
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> table.n_observed, table.overlap("press", "families")
    (120, 20)
    """

    lists: tuple[str, ...]
    histories: NDArray[np.uint8]
    counts: NDArray[np.int64]
    dataset: str = ""
    notes: tuple[str, ...] = ()
    definition: Definition | None = None

    def __post_init__(self) -> None:
        checked(self.definition)
        lists = _checked_names(self.lists)
        raw_histories = array(self.histories, "histories")
        raw_counts = array(self.counts, "counts")
        if raw_histories.ndim != 2 or raw_histories.shape[1] != len(lists):
            raise InputError(
                f"histories: expected shape (n_patterns, {len(lists)}), a column for each of the "
                f"{len(lists)} lists, got shape {raw_histories.shape}"
            )
        if raw_counts.shape != (len(raw_histories),):
            raise InputError(
                f"{len(lists)} lists have {len(raw_histories)} capture histories, but counts has shape "
                f"{raw_counts.shape}"
            )
        histories = np.empty(raw_histories.shape, dtype=np.uint8)
        for k, name in enumerate(lists):
            histories[:, k] = indicator(raw_histories[:, k], Place(f"list {name!r}", MISSING_MARK))
        counts = whole(raw_counts, _COUNTS)
        if len(counts) == 0:
            raise InputError("a capture table needs at least one person, got none")
        if (counts == 0).any():
            at = _COUNTS.at(int(np.flatnonzero(counts == 0)[0]))
            raise InputError(f"{at}: expected a count above zero, got 0. Leave the history out")
        codes = pack(histories)
        _refuse_unlisted(codes, lists)
        _refuse_repeated(codes)
        order = np.lexsort(histories.T[::-1])
        object.__setattr__(self, "lists", lists)
        object.__setattr__(self, "histories", _frozen(histories[order]))
        object.__setattr__(self, "counts", _frozen(counts[order]))
        object.__setattr__(self, "notes", tuple(self.notes))

    @classmethod
    def from_frame(
        cls,
        frame: Any,
        *,
        lists: Sequence[str],
        count: str | None = None,
        person: str | None = None,
        definition: Definition | None = None,
    ) -> CaptureTable:
        """Read a frame with a 0/1 column for each list.

        Parameters
        ----------
        frame : pandas, polars or pyarrow frame, or mapping of str to array
            One row a person, or one row a capture history when `count` is given.
        lists : sequence of str
            The columns that are lists, 2 to 60; values 0, 1, True or False.
        count : str, optional
            The column with the number of persons; without it every row is one person.
        person : str, optional
            The column with an identifier of each person, for frames with a row a person. It is checked that
            none is missing or stands twice, and not kept. Without it `notes` says that nobody checked.
        definition : Definition, optional
            Who is counted.

        Returns
        -------
        CaptureTable
            Persons by capture history.

        Raises
        ------
        InputError
            If a column is absent, a value is not 0 or 1, a value or count is missing, a row is on
            no list, or a history stands twice beside its count; if one list is named in two spellings; if an
            identifier stands twice, also in two spellings (``1`` and ``1.0``); or if the rows are all
            different histories beside a column of whole numbers that neither `count` nor `person` names, so
            that the rows seem to be counted already. Rows are named by number from 1, and by their line where
            the frame was read from a file; no cell is shown that could tell who somebody is.

        Warns
        -----
        DetcountWarning
            If a column of whole numbers that is called like a count was not named as `count`.

        Notes
        -----
        Rows whose count is 0 are left out, the history that is all zero among them. The frame is read
        a slice at a time, so that what is held besides it stays small.

        Examples
        --------
        >>> from detcount import CaptureTable
        >>> people = {"id": ["V-1", "V-2", "V-3"], "press": [1, 0, 1], "court": [1, 1, 0]}
        >>> CaptureTable.from_frame(people, lists=["press", "court"], person="id").n_observed
        3
        """
        names = _checked_names(lists)
        _refuse_two_roles(names, count=count, person=person)
        places = {name: (f"list {name!r}", MISSING_MARK) for name in names}
        if count is not None:
            places[count] = (f"count {count!r}", MISSING_COUNT)
        if person is not None:
            places[person] = (f"person {person!r}", MISSING_PERSON)
        read = Frame.of(frame)
        columns = read.columns(places)
        n_rows = len(columns[names[0]])
        if n_rows == 0:
            raise InputError("the frame has no rows. A capture table needs at least one person")
        marks = _marks([columns[name] for name in names], names, refuse_unlisted=count is None)
        if count is None:
            codes, totals = tabulate(marks, len(names))
            notes = row_notes(
                read, columns, names, person, definition, all_different=1 < n_rows == len(codes)
            )
            return cls(names, unpack(codes, len(names)), totals, notes=notes, definition=definition)
        histories = np.concatenate([np.column_stack(part).astype(np.uint8) for part in marks])
        persons = whole(columns[count].part(0, n_rows), columns[count].place)
        somebody = persons > 0
        if not somebody.any():
            raise InputError(f"count {count!r}: every count is 0. A capture table needs at least one person")
        codes = pack(histories)
        _refuse_unlisted(np.where(somebody, codes, np.uint64(1)), names, read.rows)
        _refuse_repeated(codes, read.rows)
        return cls(names, histories[somebody], persons[somebody], definition=definition)

    @classmethod
    def from_counts(
        cls, counts: Mapping[str, int], *, lists: Sequence[str], definition: Definition | None = None
    ) -> CaptureTable:
        """Read persons by capture history written as text, ``{"110": 12, "011": 5}``.

        Parameters
        ----------
        counts : mapping of str to int
            Persons with each history; character ``k`` is 1 if list ``k`` names them.
        lists : sequence of str
            Names of the lists, in the order of the characters.
        definition : Definition, optional
            Who is counted.

        Returns
        -------
        CaptureTable
            Persons by capture history. Histories with a count of 0 are left out.

        Raises
        ------
        InputError
            If a history has the wrong length, a character is not 0 or 1, or a count is not whole.
        """
        names = _checked_names(lists)
        if not isinstance(counts, Mapping):
            raise TypeError(
                f"counts: expected a mapping of capture histories to counts, got {type(counts).__name__}"
            )
        if not counts:
            raise InputError("counts has no capture histories. A capture table needs at least one person")
        for row, pattern in enumerate(counts):
            if not isinstance(pattern, str) or len(pattern) != len(names) or set(pattern) - {"0", "1"}:
                raise InputError(
                    f"capture history {row + 1}: expected {len(names)} characters 0 or 1, one for each list, "
                    "got something else"
                )
        histories = np.array([[int(mark) for mark in pattern] for pattern in counts], dtype=np.uint8)
        frame: dict[str, Any] = {name: histories[:, k] for k, name in enumerate(names)}
        column = _free_name("count", names)
        frame[column] = np.array(list(counts.values()), dtype=object)
        return cls.from_frame(frame, lists=names, count=column, definition=definition)

    @classmethod
    def from_memberships(
        cls,
        frame: Any,
        *,
        person: str,
        list: str,
        lists: Sequence[str] | None = None,
        definition: Definition | None = None,
    ) -> CaptureTable:
        """Read one row for each person on each list.

        Parameters
        ----------
        frame : pandas, polars or pyarrow frame, or mapping of str to array
            One row for each (person, list).
        person : str
            Column with the identifier of the person, the same on every list. It is not kept.
        list : str
            Column with the name of the list.
        lists : sequence of str, optional
            Order of the lists; without it they are sorted by name.
        definition : Definition, optional
            Who is counted, in persons: an identifier of persons makes one of all the detentions of a person.

        Returns
        -------
        CaptureTable
            Persons by capture history.

        Raises
        ------
        InputError
            If a value is missing, a person stands twice on one list, an identifier or the name of a list is
            written in two ways (``1`` and ``1.0``, ``press`` and ``Press``), a list is not in `lists`, or,
            where `lists` is not given, the lists seem to be persons: at least 10, most with one person;
            or if the unit of the definition is the detention.

        Examples
        --------
        >>> from detcount import CaptureTable
        >>> rows = {"id": ["V-1", "V-1", "V-2"], "source": ["press", "court", "press"]}
        >>> CaptureTable.from_memberships(rows, person="id", list="source").list_sizes
        {'court': 1, 'press': 2}
        """
        _refuse_detentions(definition, person)
        if person == list:
            raise InputError(f"person and list: both are column {person!r}. Name two columns")
        read = Frame.of(frame)
        columns = read.columns(
            {person: (f"person {person!r}", _MISSING_NAME), list: (f"list {list!r}", _MISSING_NAME)}
        )
        if len(columns[person]) == 0:
            raise InputError("the frame has no rows. A capture table needs at least one person")
        place = columns[list].place
        list_codes, found = numbered(columns[list])
        person_codes, persons_found = numbered(columns[person])
        if lists is None:
            refuse_names_of_persons(
                place.where,
                np.bincount(list_codes, minlength=len(found)),
                f"the names of 2 to {MAX_LISTS} lists",
                _SWAPPED,
                n_persons=len(persons_found),
            )
        for code, value in enumerate(found.tolist()):
            if not isinstance(value, str):
                raise InputError(
                    f"{place.at(_first_row(list_codes, code))}: expected the name of a list as text, "
                    f"got {type(value).__name__}"
                )
        if lists is None and not 2 <= len(found) <= MAX_LISTS:
            raise InputError(
                f"list {list!r}: expected the names of 2 to {MAX_LISTS} lists, got {len(found)} different "
                f"values. {'One list says nothing on who is on none' if len(found) < 2 else _TOO_MANY}"
            )
        two = one_spelling(found.tolist())
        if two is not None:
            rows = read.rows.two(*(_first_row(list_codes, code) for code in two))
            raise InputError(f"{place.where}, {rows}: {TWO_SPELLINGS}")
        names = _checked_names(sorted(found.tolist()) if lists is None else lists)
        position = {name: k for k, name in enumerate(names)}
        unknown = [code for code, value in enumerate(found.tolist()) if value not in position]
        if unknown:
            raise InputError(
                f"{place.at(_first_row(list_codes, unknown[0]))}: the name is not among lists={names!r}"
            )
        bits = np.array([position[value] for value in found.tolist()], dtype=np.int64)[list_codes]
        one_identifier(person_codes, persons_found, columns[person])
        key = person_codes * MAX_LISTS
        key += bits
        key.sort()
        if (key[1:] == key[:-1]).any():
            key = person_codes * MAX_LISTS + bits
            order = np.argsort(key, kind="stable")
            again = int(np.flatnonzero(np.diff(key[order]) == 0)[0])
            raise InputError(
                f"{read.rows.two(order[again], order[again + 1])}: the same person stands twice on one list. "
                "Remove the double entry first"
            )
        persons, marks = np.divmod(key, MAX_LISTS)
        starts = np.flatnonzero(np.diff(persons, prepend=-1))
        codes = np.bitwise_or.reduceat(np.uint64(1) << marks.astype(np.uint64), starts)
        values, counts = np.unique(codes, return_counts=True)
        return cls(names, unpack(values, len(names)), counts, definition=definition)

    @property
    def n_lists(self) -> int:
        """Number of lists, K."""
        return len(self.lists)

    @cached_property
    def n_observed(self) -> int:
        """Persons on at least one list, n."""
        return int(self.counts.sum())

    @cached_property
    def codes(self) -> NDArray[np.uint64]:
        """Bit code of each capture history: list k is bit k."""
        return _frozen(pack(self.histories))

    @property
    def list_sizes(self) -> dict[str, int]:
        """Persons on each list."""
        return dict(zip(self.lists, (self.counts @ self.histories).tolist(), strict=True))

    @property
    def exclusives(self) -> dict[str, int]:
        """Persons on each list and on no other."""
        alone = self.histories.sum(axis=1) == 1
        return dict(zip(self.lists, (self.counts[alone] @ self.histories[alone]).tolist(), strict=True))

    @property
    def capture_frequencies(self) -> NDArray[np.int64]:
        """Persons on exactly j lists, for j = 1 to K."""
        times = self.histories.sum(axis=1, dtype=np.int64)
        return np.bincount(times, weights=self.counts, minlength=self.n_lists + 1)[1:].astype(np.int64)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the names, histories and counts: the same table, the same digest."""
        content = hashlib.sha256(json.dumps(self.lists).encode())
        content.update(np.ascontiguousarray(self.histories).tobytes())
        content.update(self.counts.astype("<i8").tobytes())
        return content.hexdigest()

    def overlap(self, *names: str) -> int:
        """Count the persons named on every one of the lists given."""
        if not names:
            raise InputError("overlap: name at least one list")
        columns = self._positions(names)
        return int(self.counts[self.histories[:, columns].all(axis=1)].sum())

    def dense(self) -> NDArray[np.int64]:
        """Give the counts of all 2**K - 1 histories, in the order of their bit codes 1, 2, 3, ...

        Entry ``code - 1`` counts the persons whose history has that code; list k is bit k.
        """
        if self.n_lists > MAX_DENSE_LISTS:
            raise InputError(
                f"dense: expected at most {MAX_DENSE_LISTS} lists, got {self.n_lists}. "
                "Keep fewer lists, or merge some"
            )
        cells = np.zeros((1 << self.n_lists) - 1, dtype=np.int64)
        cells[self.codes.astype(np.int64) - 1] = self.counts
        return cells

    def keep(self, names: Sequence[str]) -> CaptureTable:
        """Keep some lists, in the order given; persons on none of them are no longer listed."""
        names = _checked_names(names)
        columns = self._positions(names)
        return self._collapsed(names, self.histories[:, columns])

    def drop(self, *names: str) -> CaptureTable:
        """Leave some lists out; persons on no other list are no longer listed."""
        self._positions(names)
        return self.keep([name for name in self.lists if name not in names])

    def merge(self, names: Sequence[str], *, into: str) -> CaptureTable:
        """Unite some lists into one, which takes the place of the first of them."""
        if isinstance(names, str) or len(set(names)) < 2:
            raise InputError(f"merge: name at least two lists, got {names!r}")
        columns = sorted(set(self._positions(names)))
        united = self.histories[:, columns].any(axis=1).astype(np.uint8)
        rest = [k for k in range(self.n_lists) if k not in columns]
        position = columns[0]
        new_names = [self.lists[k] for k in rest]
        new_names.insert(position, into)
        histories = np.insert(self.histories[:, rest], position, united, axis=1)
        return self._collapsed(_checked_names(new_names), histories)

    def to_frame(self) -> pd.DataFrame:
        """Give a pandas frame: a 0/1 column for each list, and last the persons, ``count``.

        Where a list is called ``count``, the last column is ``count 2``.
        """
        import pandas as pd

        columns = {name: self.histories[:, k].copy() for k, name in enumerate(self.lists)}
        return pd.DataFrame({**columns, _free_name("count", self.lists): self.counts.copy()})

    def _positions(self, names: Iterable[str]) -> list[int]:
        """Column of each list named."""
        for name in names:
            if name not in self.lists:
                raise InputError(f"no list {name!r}: the lists are {', '.join(map(repr, self.lists))}")
        return [self.lists.index(name) for name in names]

    def _collapsed(self, names: tuple[str, ...], histories: NDArray[np.uint8]) -> CaptureTable:
        """Table of the histories that somebody has, equal ones added up."""
        codes = pack(histories)
        values, inverse = np.unique(codes, return_inverse=True)
        counts = np.bincount(inverse, weights=self.counts).astype(np.int64)
        listed = values != 0
        if not listed.any():
            raise InputError(f"nobody is on any of the lists {', '.join(map(repr, names))}")
        return CaptureTable(
            names,
            unpack(values[listed], len(names)),
            counts[listed],
            self.dataset,
            self.notes,
            self.definition,
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CaptureTable):
            return NotImplemented
        return (
            self.lists == other.lists
            and np.array_equal(self.histories, other.histories)
            and np.array_equal(self.counts, other.counts)
        )

    def __hash__(self) -> int:
        return hash(self.digest)

    def __reduce__(self) -> tuple[Any, ...]:
        fields = (self.lists, self.histories, self.counts, self.dataset, self.notes, self.definition)
        return (CaptureTable, fields)

    def __repr__(self) -> str:
        return (
            f"<CaptureTable: {_counted(self.n_observed, 'person', 'persons')} on {self.n_lists} lists "
            f"({', '.join(self.lists)}), "
            f"{_counted(len(self.counts), 'capture history', 'capture histories')}>"
        )


@dataclass(frozen=True, eq=False, repr=False)
class RepeatedCounts:
    """Persons counted by how often one list names them.

    Parameters
    ----------
    times : ndarray of int64, shape (m,)
        How often a person is named: 1 or more, each value once. Kept sorted.
    counts : ndarray of int64, shape (m,)
        Persons named that often, above zero.
    definition : Definition, optional
        Who is counted. It changes no number, and is no part of equality or of the digest.

    Raises
    ------
    InputError
        If a value is not whole, below 1, or stands twice.

    See Also
    --------
    CaptureTable : Persons by the lists that name them.

    Examples
    --------
    >>> from detcount import RepeatedCounts
    >>> RepeatedCounts.from_frequencies({1: 54, 2: 17, 4: 3}).n_observed
    74
    """

    times: NDArray[np.int64]
    counts: NDArray[np.int64]
    definition: Definition | None = None

    def __post_init__(self) -> None:
        checked(self.definition)
        times = _times(array(self.times, "times"), "times")
        counts = whole(array(self.counts, "counts"), _COUNTS)
        if times.ndim != 1 or times.shape != counts.shape:
            raise InputError(f"times has shape {times.shape}, but counts has shape {counts.shape}")
        if len(times) == 0:
            raise InputError("repeated counts need at least one person, got none")
        if (counts == 0).any():
            at = _COUNTS.at(int(np.flatnonzero(counts == 0)[0]))
            raise InputError(f"{at}: expected a count above zero, got 0. Leave the row out")
        if len(np.unique(times)) < len(times):
            raise InputError("times: expected each value once. Add up the counts of equal values")
        order = np.argsort(times)
        object.__setattr__(self, "times", _frozen(times[order]))
        object.__setattr__(self, "counts", _frozen(counts[order]))

    @classmethod
    def from_frequencies(
        cls, frequencies: Mapping[int, int] | ArrayLike, *, definition: Definition | None = None
    ) -> RepeatedCounts:
        """Read ``{times: persons}``, or an array whose entry j - 1 counts the persons named j times.

        Frequencies of 0 persons are left out.
        """
        if isinstance(frequencies, Mapping):
            times = _times(np.array(list(frequencies.keys()), dtype=object), "frequencies")
            counts = np.array(list(frequencies.values()), dtype=object)
        else:
            counts = array(frequencies, "frequencies")
            if counts.ndim != 1:
                raise InputError(f"frequencies: expected one row of counts, got shape {counts.shape}")
            times = np.arange(1, len(counts) + 1)
        persons = whole(counts, Place("frequencies", MISSING_COUNT))
        return cls(times[persons > 0], persons[persons > 0], definition)

    @classmethod
    def from_persons(cls, times: ArrayLike, *, definition: Definition | None = None) -> RepeatedCounts:
        """Read how often each person is named, one entry a person."""
        named = array(times, "times")
        if named.ndim != 1:
            raise InputError(f"times: expected one entry a person, got shape {named.shape}")
        values, counts = np.unique(_times(named, "times"), return_counts=True)
        return cls(values, counts, definition)

    @cached_property
    def n_observed(self) -> int:
        """Persons named at least once."""
        return int(self.counts.sum())

    @cached_property
    def frequencies(self) -> NDArray[np.int64]:
        """Persons named exactly j times, for j = 1 to the largest."""
        values = np.zeros(int(self.times[-1]), dtype=np.int64)
        values[self.times - 1] = self.counts
        return _frozen(values)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of times and counts: the same data, the same digest."""
        content = hashlib.sha256(self.times.astype("<i8").tobytes())
        content.update(self.counts.astype("<i8").tobytes())
        return content.hexdigest()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RepeatedCounts):
            return NotImplemented
        return np.array_equal(self.times, other.times) and np.array_equal(self.counts, other.counts)

    def __hash__(self) -> int:
        return hash(self.digest)

    def __reduce__(self) -> tuple[Any, ...]:
        return (RepeatedCounts, (self.times, self.counts, self.definition))

    def __repr__(self) -> str:
        return (
            f"<RepeatedCounts: {_counted(self.n_observed, 'person', 'persons')} named up to "
            f"{_counted(int(self.times[-1]), 'time', 'times')}>"
        )


def _marks(
    columns: Sequence[Column], names: tuple[str, ...], *, refuse_unlisted: bool
) -> Iterator[list[NDArray[Any]]]:
    """Columns of 0 and 1, checked, some rows at a time."""
    for start in range(0, len(columns[0]), CHUNK):
        marks = [column.marks(start, start + CHUNK) for column in columns]
        if refuse_unlisted:
            listed = marks[0].astype(bool)
            for mark in marks[1:]:
                listed |= mark.astype(bool)
            if not listed.all():
                row = start + int(np.flatnonzero(~listed)[0])
                raise InputError(_unlisted(row, names, columns[0].place.rows))
        yield marks


def row_notes(
    frame: Frame,
    columns: Mapping[str, Column],
    names: Sequence[str],
    person: str | None,
    definition: Definition | None,
    *,
    all_different: bool,
) -> tuple[Message, ...]:
    """Refuse rows that are not one person each, as far as it can be told; say what could not be told."""
    if person is not None:
        _refuse_detentions(definition, person)
        refuse_repeated_person(columns[person])
        return ()
    lists = {name: columns[name] for name in names}
    likely = unnamed_count(frame, lists, columns, all_different=all_different)
    if likely is not None:
        warnings.warn(likely, DetcountWarning, stacklevel=3)
    of_detentions = definition is not None and definition.unit == "detention"  # a person may have several
    unchecked = None if of_detentions else Message(NOTE_NO_PERSON)
    return tuple(note for note in (likely, unchecked) if note is not None)


def _refuse_two_roles(
    names: Sequence[str], *, count: str | None, person: str | None, by: str | None = None
) -> None:
    """Refuse a column in two roles, and a person beside a count."""
    for role, column in (("count", count), ("person", person), ("by", by)):
        if column is not None and column in names:
            raise InputError(
                f"{role}: column {column!r} is also named as a list. A column is one or the other"
            )
    if count is not None and person is not None:
        raise InputError(
            "person and count: expected one of them, got both. A row is one person, or a history with its "
            "count"
        )


def _checked_names(lists: Sequence[str]) -> tuple[str, ...]:
    """Names of 2 to 60 lists, text, none twice."""
    if isinstance(lists, str):
        raise InputError(
            f"lists: expected a sequence of names, got the text {lists!r}. Write [{lists!r}, ...]"
        )
    if isinstance(lists, (set, frozenset)):
        raise InputError("lists: expected names in an order, got a set. Write a list or a tuple")
    try:
        names = tuple(lists)
    except TypeError:
        raise TypeError(f"lists: expected a sequence of names, got {type(lists).__name__}") from None
    for position, name in enumerate(names):
        if not isinstance(name, str) or not name.strip():
            raise InputError(
                f"lists, position {position + 1}: expected the name of a list as text, got {name!r}"
            )
    seen = [name for position, name in enumerate(names) if name in names[:position]]
    if seen:
        raise InputError(f"lists: {seen[0]!r} is named twice. Every list needs a name of its own")
    spellings = one_spelling(names)
    if spellings is not None:
        raise InputError(
            f"lists, positions {spellings[0] + 1} and {spellings[1] + 1}: {TWO_SPELLINGS}, or rename one of "
            "them"
        )
    if not 2 <= len(names) <= MAX_LISTS:
        remedy = "One list says nothing on who is on none" if len(names) < 2 else _TOO_MANY
        if len(names) == 1 and any(separator in names[0] for separator in ";|,\t\n"):
            remedy = "If its name is several names in one, write each by itself"
        raise InputError(f"lists: expected 2 to {MAX_LISTS}, got {len(names)}. {remedy}")
    return tuple(str(name) for name in names)


def _free_name(name: str, taken: Sequence[str]) -> str:
    """Name for a column that no list has."""
    number = 2
    free = name
    while free in taken:
        free, number = f"{name} {number}", number + 1
    return free


def _counted(number: int, one: str, many: str) -> str:
    """Number with its noun."""
    return f"{number:,} {one if number == 1 else many}"


def _frozen(values: NDArray[Any]) -> NDArray[Any]:
    """Make an array of ours read-only."""
    values = np.ascontiguousarray(values)
    values.flags.writeable = False
    return values


def _times(values: NDArray[Any], where: str) -> NDArray[np.int64]:
    """How often persons are named: 1 or more."""
    what = "how often a person is named, a whole number of at least 1"
    place = Place(where, "Leave the row out, or find out, before counting")
    times = whole(values, place, what=what, most=1 << 53)
    bad = (times < 1) | (times > MOST_TIMES)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        found = "0" if times[row] == 0 else f"more than {MOST_TIMES:,}"
        raise InputError(f"{place.at(row)}: expected {what}, got {found}")
    return times


def _refuse_detentions(definition: Definition | None, person: str) -> None:
    """Refuse to count detentions by an identifier of persons."""
    definition = checked(definition)
    if definition is not None and definition.unit == "detention":
        raise InputError(
            f"definition: expected the unit 'person', as {person!r} identifies persons and makes one of all "
            "the detentions of a person, got 'detention'. Count persons, or give CaptureTable.from_frame a "
            "row for each detention, without an identifier of persons"
        )


def _first_row(codes: NDArray[np.int64], code: int) -> int:
    """First row that holds a value, by its number."""
    return int(np.flatnonzero(codes == code)[0])


def _refuse_unlisted(codes: NDArray[np.uint64], names: tuple[str, ...], rows: RowNames = DATA_ROWS) -> None:
    """Refuse a history that is all zero."""
    if (codes == 0).any():
        raise InputError(_unlisted(int(np.flatnonzero(codes == 0)[0]), names, rows))


def _unlisted(row: int, names: tuple[str, ...], rows: RowNames) -> str:
    """Message for a row of zeros."""
    return (
        f"{rows(row)}: on none of the lists {', '.join(map(repr, names))}. "
        "A capture table holds listed persons only; leave the row out, or name the list it came from"
    )


def _refuse_repeated(codes: NDArray[np.uint64], rows: RowNames = DATA_ROWS) -> None:
    """Refuse a history that stands twice."""
    order = np.argsort(codes, kind="stable")
    again = np.flatnonzero(np.diff(codes[order]) == 0)
    if len(again):
        two = rows.two(order[again[0]], order[again[0] + 1])
        raise InputError(f"{two} hold the same capture history. Add up their counts first")
