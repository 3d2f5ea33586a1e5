"""The data of abundance estimation: who is on which lists, counted by capture history.

It is one class with its four readers, most of it their documentation; `capture_rows` holds what they check.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import ReadOnly, bincount, frozen
from detcount._numerics.patterns import pack, tabulate, unpack
from detcount.contract.definition import NOT_DEFINED, Definition, checked
from detcount.data.capture_groups import counted_memberships, group_notes, history_groups
from detcount.data.capture_rows import (
    COUNTS,
    MAX_DENSE_LISTS,
    MAX_LISTS,
    MISSING_MARK,
    as_columns_of_lists,
    checked_names,
    codes_by_part,
    free_name,
    memberships,
    places,
    refuse_detentions,
    refuse_no_rows,
    refuse_repeated_history,
    refuse_two_roles,
    refuse_unlisted_history,
    row_notes,
)
from detcount.errors import InputError
from detcount.reading.frames import Frame, Marks, Place, array, column_name, indicator, whole
from detcount.reports.overlaps import OverlapRow, draw_overlaps
from detcount.reports.shown import Result
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["CaptureTable"]


@dataclass(frozen=True, eq=False, repr=False)
class CaptureTable(ReadOnly, Result):
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
        lists = checked_names(self.lists)
        raw_histories = array(self.histories, "histories")
        raw_counts = array(self.counts, "counts")
        if raw_histories.ndim != 2 or raw_histories.shape[1] != len(lists):
            raise InputError(
                Message(
                    "histories: expected shape (n_patterns, {n}), a column for each of the {n} lists, got "
                    "shape {shape}",
                    n=len(lists),
                    shape=repr(raw_histories.shape),
                )
            )
        if raw_counts.shape != (len(raw_histories),):
            raise InputError(
                Message(
                    "{lists} lists have {n} capture histories, but counts has shape {shape}",
                    lists=len(lists),
                    n=len(raw_histories),
                    shape=repr(raw_counts.shape),
                )
            )
        histories = np.empty(raw_histories.shape, dtype=np.uint8)
        for k, name in enumerate(lists):
            histories[:, k] = indicator(
                raw_histories[:, k], Place(Message("list {name!r}", name=name), MISSING_MARK)
            )
        counts = whole(raw_counts, COUNTS)
        if len(counts) == 0:
            raise InputError(Message("a capture table needs at least one person, got none"))
        if (counts == 0).any():
            at = COUNTS.at(int(np.flatnonzero(counts == 0)[0]))
            raise InputError(
                Message("{where}: expected a count above zero, got 0. Leave the history out", where=at)
            )
        codes = pack(histories)
        refuse_unlisted_history(codes, lists)
        refuse_repeated_history(codes)
        order = np.lexsort(histories.T[::-1])
        object.__setattr__(self, "lists", lists)
        object.__setattr__(self, "histories", histories[order])
        object.__setattr__(self, "counts", counts[order])
        super().__post_init__()

    @classmethod
    def from_frame(
        cls,
        frame: Any,
        *,
        lists: Sequence[str],
        count: str | None = None,
        person: str | None = None,
        definition: Definition | None = None,
        yes: Sequence[str] = (),
        no: Sequence[str] = (),
        blank_is_0: bool = False,
    ) -> CaptureTable:
        """Read a frame with a 0/1 column for each list.

        Parameters
        ----------
        frame : pandas, polars or pyarrow frame, mapping of str to array, rows of an engine, or path
            One row a person, or one row a capture history when `count` is given. Rows of a lazy polars frame,
            a DuckDB relation, a Dask frame, an Arrow Dataset, and of Parquet at the path of a file or folder
            are counted where they are.
        lists : sequence of str
            The columns that are lists, 2 to 60; values 0, 1, True or False.
        count : str, optional
            The column with the number of persons; without it every row is one person.
        person : str, optional
            The column with an identifier of each person, for frames with a row a person. It is checked that
            none is missing or stands twice, and not kept. Without it `notes` says that nobody checked.
        definition : Definition, optional
            Who is counted.
        yes, no : sequence of str, optional
            Words that stand for 1 and for 0 in the columns of lists, such as ``["x", "sí"]`` and
            ``["no"]``; spaces, capitals and accents make no difference, and a figure 1 among words has to
            be one of them. Without them no word stands for anything, and the error that meets such a column
            says what to write. `notes` says what was asked for.
        blank_is_0 : bool, optional
            Whether a blank cell in the column of a list means that the person is not on it.

        Returns
        -------
        CaptureTable
            Persons by capture history.

        Raises
        ------
        InputError
            If a column is absent, a value is neither 0 nor 1 nor was asked for, a value or count is missing,
            a row is on no list, or a history stands twice beside its count; if one list is named in two
            spellings; if an identifier stands twice, also in two spellings (``1`` and ``1.0``); or if the
            rows are all different histories beside a column of whole numbers that neither `count` nor
            `person` names, so that the rows seem to be counted already. Rows are named by number from 1, and
            by their line where the frame was read from a file; rows that are counted elsewhere have no
            number, and the message says how many they are. No cell that could identify somebody is shown.

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
        names = checked_names(lists)
        asked = Marks(yes, no, blank_is_0)
        refuse_two_roles(names, count=count, person=person)
        read = Frame.of(frame)
        stated = (asked.note(),) if asked else ()
        if count is None and read.is_lazy:
            read.require(places(names, person=person))
            groups = history_groups(read, names, asked)
            codes, totals = groups.tabulated()
            if groups.n_rows > len(codes):  # else they are few, and may be counted already
                notes = group_notes(read, names, person, definition, n_rows=groups.n_rows)
                return cls(
                    names, unpack(codes, len(names)), totals, notes=(*stated, *notes), definition=definition
                )
        columns = read.columns(places(names, count=count, person=person))
        n_rows = len(columns[names[0]])
        refuse_no_rows(n_rows)
        if asked:
            columns |= {name: columns[name].read_as(asked) for name in names}
        parts = codes_by_part([columns[name] for name in names], names, refuse_unlisted=count is None)
        if count is None:
            codes, totals = tabulate(parts, len(names))
            notes = row_notes(
                read, columns, names, person, definition, all_different=1 < n_rows == len(codes)
            )
            return cls(
                names, unpack(codes, len(names)), totals, notes=(*stated, *notes), definition=definition
            )
        codes = np.concatenate([part.astype(np.uint64) for part in parts])
        persons = whole(columns[count].part(0, n_rows), columns[count].place)
        somebody = persons > 0
        if not somebody.any():
            raise InputError(
                Message(
                    "{where}: every count is 0. A capture table needs at least one person",
                    where=columns[count].place.where,
                )
            )
        refuse_unlisted_history(np.where(somebody, codes, np.uint64(1)), names, read.rows)
        refuse_repeated_history(codes, read.rows)
        return cls(
            names, unpack(codes[somebody], len(names)), persons[somebody], notes=stated, definition=definition
        )

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
        names = checked_names(lists)
        if not counts:
            raise InputError(
                Message("counts has no capture histories. A capture table needs at least one person")
            )
        for row, pattern in enumerate(counts):
            if not isinstance(pattern, str) or len(pattern) != len(names) or set(pattern) - {"0", "1"}:
                raise InputError(
                    Message(
                        "capture history {row}: expected {n} characters 0 or 1, one for each list, got "
                        "something else",
                        row=row + 1,
                        n=len(names),
                    )
                )
        histories = np.array([[int(mark) for mark in pattern] for pattern in counts], dtype=np.uint8)
        frame: dict[str, Any] = {name: histories[:, k] for k, name in enumerate(names)}
        column = free_name("count", names)
        frame[column] = np.array(list(counts.values()), dtype=object)
        return cls.from_frame(frame, lists=names, count=column, definition=definition)

    @classmethod
    def from_patterns(
        cls,
        frame: Any,
        *,
        pattern: str,
        lists: Sequence[str],
        count: str | None = None,
        person: str | None = None,
        definition: Definition | None = None,
    ) -> CaptureTable:
        """Read a frame with a column of capture histories written as text, such as ``101``.

        Parameters
        ----------
        frame : pandas, polars or pyarrow frame, or mapping of str to array
            One row a person, or one a capture history when `count` is given.
        pattern : str
            Column with the histories: character ``k`` is 1 if list ``k`` names the person. Where a program
            has turned them into numbers, the leading zeros are put back.
        lists : sequence of str
            Names of the lists, in the order of the characters.
        count : str, optional
            The column with the number of persons; without it every row is one person.
        person : str, optional
            The column with an identifier of each person, as in `from_frame`.
        definition : Definition, optional
            Who is counted.

        Returns
        -------
        CaptureTable
            Persons by capture history.

        Raises
        ------
        InputError
            If a column is absent, a history has another length or other characters, or as in `from_frame`.

        Examples
        --------
        >>> from detcount import CaptureTable
        >>> rows = {"history": ["10", "01", "11"], "n": [40, 60, 20]}
        >>> lists = ["press", "families"]
        >>> CaptureTable.from_patterns(rows, pattern="history", count="n", lists=lists).n_observed
        120
        """
        names = checked_names(lists)
        others = [column for column in (count, person) if column is not None]
        read, renamed = as_columns_of_lists(frame, pattern, names, others)
        new = dict(zip(others, renamed, strict=True))
        return cls.from_frame(
            read,
            lists=names,
            count=None if count is None else new[count],
            person=None if person is None else new[person],
            definition=definition,
        )

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
            Who is counted, in persons: an identifier of persons unites all detentions of one person.

        Returns
        -------
        CaptureTable
            Persons by capture history.

        Raises
        ------
        InputError
            If a value is missing, a cell names several lists, a person stands twice on one list, an
            identifier or the name of a list is written in two ways (``1`` and ``1.0``, ``press`` and
            ``Press``), a list is not in `lists`, or, where `lists` is not given, the lists seem to be
            persons: at least 10, most with one person; or if the unit of the definition is the detention.

        Examples
        --------
        >>> from detcount import CaptureTable
        >>> rows = {"id": ["V-1", "V-1", "V-2"], "source": ["press", "court", "press"]}
        >>> CaptureTable.from_memberships(rows, person="id", list="source").list_sizes
        {'court': 1, 'press': 2}
        """
        refuse_detentions(definition, person)
        read = Frame.of(frame)
        counted = counted_memberships(read, person, list, lists, MAX_LISTS)
        names, codes, counts = counted or memberships(read, person, list, lists)
        return cls(names, unpack(codes, len(names)), counts, definition=definition)

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
        return frozen(pack(self.histories))

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
        return bincount(times, weights=self.counts, minlength=self.n_lists + 1)[1:].astype(np.int64)

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
            raise InputError(Message("overlap: name at least one list"))
        columns = self._positions(names)
        return int(self.counts[self.histories[:, columns].all(axis=1)].sum())

    def dense(self) -> NDArray[np.int64]:
        """Give the counts of all 2**K - 1 histories, in the order of their bit codes 1, 2, 3, ...

        Entry ``code - 1`` counts the persons whose history has that code; list k is bit k.
        """
        if self.n_lists > MAX_DENSE_LISTS:
            raise InputError(
                Message(
                    "dense: expected at most {most} lists, got {n}. Keep fewer lists, or merge some",
                    most=MAX_DENSE_LISTS,
                    n=self.n_lists,
                )
            )
        cells = np.zeros((1 << self.n_lists) - 1, dtype=np.int64)
        cells[self.codes.astype(np.int64) - 1] = self.counts
        return cells

    def keep(self, names: Sequence[str]) -> CaptureTable:
        """Keep some lists, in the order given; persons on none of them are no longer listed."""
        names = checked_names(names)
        columns = self._positions(names)
        return self._collapsed(names, self.histories[:, columns])

    def drop(self, *names: str) -> CaptureTable:
        """Leave some lists out; persons on no other list are no longer listed."""
        self._positions(names)
        return self.keep([name for name in self.lists if name not in names])

    def merge(self, names: Sequence[str], *, into: str) -> CaptureTable:
        """Unite some lists into one, which takes the place of the first of them."""
        if isinstance(names, str) or len(set(names)) < 2:
            raise InputError(Message("merge: name at least two lists, got {got}", got=repr(names)))
        columns = sorted(set(self._positions(names)))
        united = self.histories[:, columns].any(axis=1).astype(np.uint8)
        rest = [k for k in range(self.n_lists) if k not in columns]
        position = columns[0]
        new_names = [self.lists[k] for k in rest]
        new_names.insert(position, into)
        histories = np.insert(self.histories[:, rest], position, united, axis=1)
        return self._collapsed(checked_names(new_names), histories)

    def to_frame(self) -> pd.DataFrame:
        """Give a pandas frame: a 0/1 column for each list, and last the persons, ``count``.

        Where a list is called ``count``, the last column is ``count 2``.
        """
        import pandas as pd

        columns = {name: self.histories[:, k].copy() for k, name in enumerate(self.lists)}
        return pd.DataFrame({**columns, free_name("count", self.lists): self.counts.copy()})

    @property
    def patterns(self) -> tuple[OverlapRow, ...]:
        """Persons on exactly these lists, the most frequent first."""
        order = np.lexsort((self.codes, -self.counts))  # the same whatever the platform
        return tuple(
            OverlapRow(
                tuple(name for name, mark in zip(self.lists, self.histories[k], strict=True) if mark),
                int(self.counts[k]),
            )
            for k in order.tolist()
        )

    def plot(self, *, lang: str = "en") -> Figure:
        """Draw the persons on exactly each combination of lists, a bar each.

        Small bars can tell who is on which list: the figure is for those who may see the lists.

        Parameters
        ----------
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, on a canvas of its own; ``figure.savefig("lists.png")`` writes it.

        Raises
        ------
        InputError
            If the language is unknown.

        Examples
        --------
        >>> from detcount import CaptureTable
        >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
        >>> table.plot().axes[0].get_title(loc="left")
        'People by the lists that name them'
        """
        from detcount.reports.printed import figure_of

        sizes: dict[str, int | None] = {**self.list_sizes}
        return figure_of(partial(draw_overlaps, rows=self.patterns, sizes=sizes), lang)

    def _positions(self, names: Iterable[str]) -> list[int]:
        """Column of each list named."""
        for name in names:
            if name not in self.lists:
                raise InputError(
                    Message(
                        "no list {name}: the lists are {lists!r:,}", name=column_name(name), lists=self.lists
                    )
                )
        return [self.lists.index(name) for name in names]

    def _collapsed(self, names: tuple[str, ...], histories: NDArray[np.uint8]) -> CaptureTable:
        """Table of the histories that somebody has, equal ones added up."""
        codes = pack(histories)
        values, inverse = np.unique(codes, return_inverse=True)
        counts = bincount(inverse, weights=self.counts).astype(np.int64)
        listed = values != 0
        if not listed.any():
            raise InputError(Message("nobody is on any of the lists {names!r:,}", names=names))
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

    def __getstate__(self) -> dict[str, Any]:  # without what was computed of it: workers get many tables
        return {each.name: vars(self)[each.name] for each in fields(self)}

    _notebook = "headline"

    def headline(self) -> Message:
        """Say how many persons are on how many lists, in one line."""
        return Message(
            "{persons} on {n_lists} lists ({lists:,}), {histories}",
            persons=Message.counted("1 person", "{n:,} persons", n=self.n_observed),
            n_lists=self.n_lists,
            lists=self.lists,
            histories=Message.counted("1 capture history", "{n:,} capture histories", n=len(self.counts)),
        )

    def sentence(self) -> Message:
        """Say how many persons the lists name, and who is counted."""
        named = Message.counted(
            "1 person is named on at least one of {k} lists.",
            "{n:,} people are named on at least one of {k} lists.",
            n=self.n_observed,
            k=self.n_lists,
        )
        who = NOT_DEFINED if self.definition is None else self.definition.sentence()
        return Message.together((named, who))

    def __str__(self) -> str:
        return repr(self)
