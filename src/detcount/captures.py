"""The data of abundance estimation: who is on which lists, counted by capture history."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detcount._numerics.patterns import pack, tabulate, unpack
from detcount.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CaptureTable", "RepeatedCounts"]

MAX_LISTS = 60
MAX_DENSE_LISTS = 16
_CHUNK = 1 << 20


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

    def __post_init__(self) -> None:
        lists = _checked_names(self.lists)
        raw_histories = np.asarray(self.histories)
        raw_counts = np.asarray(self.counts)
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
        columns = [_indicator(raw_histories[:, k], f"list {name!r}") for k, name in enumerate(lists)]
        histories = np.column_stack(columns).astype(np.uint8)
        counts = _whole_counts(raw_counts, "counts")
        if len(counts) == 0:
            raise InputError("a capture table needs at least one person, got none")
        if (counts == 0).any():
            row = int(np.flatnonzero(counts == 0)[0])
            raise InputError(f"counts, row {row}: expected a count above zero, got 0. Leave the history out")
        codes = pack(histories)
        _refuse_unlisted(codes, lists)
        _refuse_repeated(codes)
        order = np.lexsort(histories.T[::-1])
        histories = np.ascontiguousarray(histories[order])
        counts = np.ascontiguousarray(counts[order])
        histories.flags.writeable = False
        counts.flags.writeable = False
        object.__setattr__(self, "lists", lists)
        object.__setattr__(self, "histories", histories)
        object.__setattr__(self, "counts", counts)

    @classmethod
    def from_frame(cls, frame: Any, *, lists: Sequence[str], count: str | None = None) -> CaptureTable:
        """Read a frame with a 0/1 column for each list.

        Parameters
        ----------
        frame : pandas, polars or pyarrow frame, or mapping of str to array
            One row a person, or one row a capture history when `count` is given.
        lists : sequence of str
            The columns that are lists, 2 to 60; values 0, 1, True or False.
        count : str, optional
            The column with the number of persons; without it every row is one person.

        Returns
        -------
        CaptureTable
            Persons by capture history.

        Raises
        ------
        InputError
            If a column is absent, a value is not 0 or 1, a value or count is missing, a row is on
            no list, or a history stands twice beside its count. Rows are named by number, from 0.
        """
        names = _checked_names(lists)
        source = _Source.of(frame)
        if count is not None and count in names:
            raise InputError(f"count: column {count!r} is also named as a list. A column is one or the other")
        columns = [_indicator(source.column(name, f"list {name!r}"), f"list {name!r}") for name in names]
        n_rows = len(columns[0])
        if n_rows == 0:
            raise InputError("the frame has no rows. A capture table needs at least one person")
        if count is None:
            codes, counts = tabulate(columns)
            if codes[0] == 0:
                _refuse_unlisted_rows(columns, names)
            return cls(names, unpack(codes, len(names)), counts)
        persons = _whole_counts(source.column(count, f"count {count!r}"), f"count {count!r}")
        histories = np.column_stack(columns).astype(np.uint8)
        somebody = persons > 0
        codes = pack(histories)
        _refuse_repeated(codes)
        if not somebody.any():
            raise InputError(f"count {count!r}: every count is 0. A capture table needs at least one person")
        _refuse_unlisted(np.where(somebody, codes, np.uint64(1)), names)
        return cls(names, histories[somebody], persons[somebody])

    @classmethod
    def from_counts(cls, counts: Mapping[str, int], *, lists: Sequence[str]) -> CaptureTable:
        """Read persons by capture history written as text, ``{"110": 12, "011": 5}``.

        Parameters
        ----------
        counts : mapping of str to int
            Persons with each history; character ``k`` is 1 if list ``k`` names them.
        lists : sequence of str
            Names of the lists, in the order of the characters.

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
        for row, pattern in enumerate(counts):
            if not isinstance(pattern, str) or len(pattern) != len(names) or set(pattern) - {"0", "1"}:
                raise InputError(
                    f"capture history {row}: expected {len(names)} characters 0 or 1, one for each list, "
                    "got something else"
                )
        histories = np.array([[int(mark) for mark in pattern] for pattern in counts], dtype=np.uint8)
        frame: dict[str, Any] = {
            name: histories[:, k] if len(histories) else histories for k, name in enumerate(names)
        }
        column = "count" if "count" not in names else "persons by history"
        frame[column] = np.array(list(counts.values()), dtype=object)
        return cls.from_frame(frame, lists=names, count=column)

    @classmethod
    def from_memberships(
        cls, frame: Any, *, person: str, list: str, lists: Sequence[str] | None = None
    ) -> CaptureTable:
        """Read one row for each person on each list.

        Parameters
        ----------
        frame : pandas, polars or pyarrow frame, or mapping of str to array
            One row for each (person, list).
        person : str
            Column with the identifier of the person, the same on every list.
        list : str
            Column with the name of the list.
        lists : sequence of str, optional
            Order of the lists; without it they are sorted by name.

        Returns
        -------
        CaptureTable
            Persons by capture history.

        Raises
        ------
        InputError
            If a value is missing, a person stands twice on one list, or a list is not in `lists`.
        """
        source = _Source.of(frame)
        person_codes = _factorize(source.column(person, f"person {person!r}"), f"person {person!r}")[0]
        list_codes, found = _factorize(source.column(list, f"list {list!r}"), f"list {list!r}")
        if len(person_codes) == 0:
            raise InputError("the frame has no rows. A capture table needs at least one person")
        for value in found:
            if not isinstance(value, str):
                raise InputError(
                    f"list {list!r}: expected names of lists as text, got {type(value).__name__}"
                )
        names = _checked_names(tuple(sorted(found)) if lists is None else lists)
        unknown = [row for row, value in enumerate(found) if value not in names]
        if unknown:
            row = int(np.flatnonzero(list_codes == unknown[0])[0])
            raise InputError(f"list {list!r}, row {row}: the name is not among lists={names!r}")
        bits = np.array([names.index(value) for value in found], dtype=np.uint64)[list_codes]
        key = person_codes.astype(np.uint64) * np.uint64(64) + bits
        order = np.argsort(key, kind="stable")
        again = np.flatnonzero(np.diff(key[order]) == 0)
        if len(again):
            first, second = int(order[again[0]]), int(order[again[0] + 1])
            name = names[int(bits[first])]
            raise InputError(
                f"rows {first} and {second}: the same person stands twice on list {name!r}. "
                "Remove the double entry first"
            )
        codes = np.zeros(int(person_codes.max()) + 1, dtype=np.uint64)
        np.bitwise_or.at(codes, person_codes, np.uint64(1) << bits)
        values, counts = np.unique(codes, return_counts=True)
        return cls(names, unpack(values, len(names)), counts.astype(np.int64))

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
        return pack(self.histories)

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
        content = hashlib.sha256("\x1f".join(self.lists).encode())
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
        if len(names) < 2:
            raise InputError(f"merge: name at least two lists, got {len(names)}")
        columns = self._positions(names)
        united = self.histories[:, columns].any(axis=1).astype(np.uint8)
        first = min(columns)
        rest = [k for k in range(self.n_lists) if k not in columns]
        position = sum(k < first for k in rest)
        new_names = [self.lists[k] for k in rest]
        new_names.insert(position, into)
        histories = np.insert(self.histories[:, rest], position, united, axis=1)
        return self._collapsed(_checked_names(new_names), histories)

    def to_frame(self) -> pd.DataFrame:
        """Give a pandas frame: a 0/1 column for each list, and ``count``."""
        import pandas as pd

        frame = pd.DataFrame(self.histories, columns=list(self.lists))
        return frame.assign(**{"count" if "count" not in self.lists else "persons": self.counts})

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
        return CaptureTable(names, unpack(values[listed], len(names)), counts[listed])

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
        return (CaptureTable, (self.lists, self.histories, self.counts))

    def __repr__(self) -> str:
        return (
            f"<CaptureTable: {self.n_observed:,} persons on {self.n_lists} lists "
            f"({', '.join(self.lists)}), {len(self.counts)} capture histories>"
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

    def __post_init__(self) -> None:
        times = _whole_counts(np.asarray(self.times), "times")
        counts = _whole_counts(np.asarray(self.counts), "counts")
        if times.ndim != 1 or times.shape != counts.shape:
            raise InputError(f"times has shape {times.shape}, but counts has shape {counts.shape}")
        if len(times) == 0 or counts.sum() == 0:
            raise InputError("repeated counts need at least one person, got none")
        for name, values in (("times", times), ("counts", counts)):
            if (values < 1).any():
                row = int(np.flatnonzero(values < 1)[0])
                raise InputError(f"{name}, row {row}: expected 1 or more, got {values[row]}")
        if len(np.unique(times)) < len(times):
            raise InputError("times: expected each value once. Add up the counts of equal values")
        order = np.argsort(times)
        times, counts = times[order], counts[order]
        times.flags.writeable = False
        counts.flags.writeable = False
        object.__setattr__(self, "times", times)
        object.__setattr__(self, "counts", counts)

    @classmethod
    def from_frequencies(cls, frequencies: Mapping[int, int] | ArrayLike) -> RepeatedCounts:
        """Read ``{times: persons}``, or an array whose entry j - 1 counts the persons named j times.

        Frequencies of 0 persons are left out.
        """
        if isinstance(frequencies, Mapping):
            times = np.array(list(frequencies.keys()), dtype=object)
            counts = np.array(list(frequencies.values()), dtype=object)
        else:
            counts = np.asarray(frequencies)
            times = np.arange(1, len(counts) + 1)
        persons = _whole_counts(counts, "frequencies")
        return cls(times[persons > 0], persons[persons > 0])

    @classmethod
    def from_persons(cls, times: ArrayLike) -> RepeatedCounts:
        """Read how often each person is named, one entry a person."""
        values, counts = np.unique(_whole_counts(np.asarray(times), "times"), return_counts=True)
        return cls(values, counts)

    @cached_property
    def n_observed(self) -> int:
        """Persons named at least once."""
        return int(self.counts.sum())

    @cached_property
    def frequencies(self) -> NDArray[np.int64]:
        """Persons named exactly j times, for j = 1 to the largest."""
        values = np.zeros(int(self.times[-1]), dtype=np.int64)
        values[self.times - 1] = self.counts
        return values

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
        return (RepeatedCounts, (self.times, self.counts))

    def __repr__(self) -> str:
        return f"<RepeatedCounts: {self.n_observed:,} persons named up to {self.times[-1]} times>"


@dataclass(frozen=True)
class _Source:
    """Columns of a frame of any kind, or of a mapping, as arrays; missing values are reported by row."""

    frame: Any
    is_mapping: bool

    @classmethod
    def of(cls, frame: Any) -> _Source:
        if isinstance(frame, Mapping):
            return cls(frame, is_mapping=True)
        import narwhals as nw

        try:
            wrapped = nw.from_native(frame)
        except TypeError:
            raise TypeError(
                "frame: expected a pandas, polars or pyarrow frame, or a mapping of columns, "
                f"got {type(frame).__name__}"
            ) from None
        if isinstance(wrapped, nw.LazyFrame):
            wrapped = wrapped.collect()
        return cls(wrapped, is_mapping=False)

    def column(self, name: str, where: str) -> NDArray[Any]:
        available = list(self.frame) if self.is_mapping else self.frame.columns
        n_found = available.count(name)
        if n_found == 0:
            from difflib import get_close_matches

            near = get_close_matches(str(name), [str(other) for other in available], n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise InputError(f"{where}: the frame has no such column among its {len(available)}.{hint}")
        if n_found > 1:
            raise InputError(f"{where}: the frame has {n_found} columns of that name. Rename them")
        if self.is_mapping:
            values = np.asarray(self.frame[name])
            if values.ndim != 1:
                raise InputError(f"{where}: expected one value a row, got shape {values.shape}")
            lengths = {len(self.frame[other]) for other in available}
            if len(lengths) > 1:
                raise InputError(f"{where}: the columns have different lengths, {sorted(lengths)}")
            return values
        series = self.frame[name]
        if series.null_count():
            row = int(np.flatnonzero(series.is_null().to_numpy())[0])
            raise InputError(f"{where}, row {row}: a value is missing. {_MISSING_REMEDY}")
        return np.asarray(series.to_numpy())


_MISSING_REMEDY = "Decide whether it is a 0 or a 1, or leave the row out, before counting"


def _checked_names(lists: Sequence[str]) -> tuple[str, ...]:
    """Names of 2 to 60 lists, text, none twice."""
    if isinstance(lists, str):
        raise InputError(
            f"lists: expected a sequence of names, got the text {lists!r}. Write [{lists!r}, ...]"
        )
    names = tuple(lists)
    for position, name in enumerate(names):
        if not isinstance(name, str) or not name.strip():
            raise InputError(f"lists, position {position}: expected the name of a list as text, got {name!r}")
    seen = [name for position, name in enumerate(names) if name in names[:position]]
    if seen:
        raise InputError(f"lists: {seen[0]!r} is named twice. Every list needs a name of its own")
    if not 2 <= len(names) <= MAX_LISTS:
        remedy = (
            "One list says nothing on who is on none"
            if len(names) < 2
            else "Merge lists that share a source, or keep the largest"
        )
        raise InputError(f"lists: expected 2 to {MAX_LISTS}, got {len(names)}. {remedy}")
    return names


def _indicator(values: NDArray[Any], where: str) -> NDArray[Any]:
    """Column of 0 and 1; says which row is something else, and shows numbers only."""
    if values.dtype == np.bool_:
        return values
    if values.dtype.kind in "iuf":
        for start in range(0, len(values), _CHUNK):
            part = values[start : start + _CHUNK]
            bad = (part != 0) & (part != 1)
            if bad.any():
                row = start + int(np.flatnonzero(bad)[0])
                value = values[row]
                if value != value:  # NaN
                    raise InputError(f"{where}, row {row}: a value is missing. {_MISSING_REMEDY}")
                raise InputError(f"{where}, row {row}: expected 0 or 1, got {_number(value)}")
        return values
    if values.dtype.kind != "O":
        kind = "text" if values.dtype.kind in "US" else str(values.dtype)
        raise InputError(f"{where}: expected 0 or 1, got {kind}. Recode the column first")
    result = np.zeros(len(values), dtype=np.uint8)
    for row, value in enumerate(values):
        if _is_missing(value):
            raise InputError(f"{where}, row {row}: a value is missing. {_MISSING_REMEDY}")
        if not isinstance(value, (bool, int, float, np.bool_, np.integer, np.floating)):
            kind = "text" if isinstance(value, str) else type(value).__name__
            raise InputError(f"{where}, row {row}: expected 0 or 1, got {kind}. Recode the column first")
        if value not in (0, 1):
            raise InputError(f"{where}, row {row}: expected 0 or 1, got {_number(value)}")
        result[row] = value
    return result


def _whole_counts(values: NDArray[Any], where: str) -> NDArray[np.int64]:
    """Counts of persons: whole, not negative, none missing."""
    result = np.zeros(values.shape, dtype=np.int64)
    if values.dtype.kind == "u" or values.dtype.kind == "i":
        if (values < 0).any():
            row = int(np.flatnonzero(values < 0)[0])
            raise InputError(f"{where}, row {row}: expected a whole number of persons, got {values[row]}")
        result[...] = values
        return result
    for row, value in enumerate(values.tolist()):
        if _is_missing(value):
            raise InputError(f"{where}, row {row}: a count is missing. Write 0 where nobody has the history")
        if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
            kind = "text" if isinstance(value, str) else type(value).__name__
            raise InputError(f"{where}, row {row}: expected a whole number of persons, got {kind}")
        if value < 0 or value != int(value):
            raise InputError(f"{where}, row {row}: expected a whole number of persons, got {_number(value)}")
        result[row] = int(value)
    return result


def _factorize(values: NDArray[Any], where: str) -> tuple[NDArray[np.int64], list[Any]]:
    """Number equal values alike, in order of appearance, and give the values."""
    import pandas as pd

    codes, uniques = pd.factorize(values)
    if (codes < 0).any():
        row = int(np.flatnonzero(codes < 0)[0])
        raise InputError(f"{where}, row {row}: a value is missing. Every row needs a person and a list")
    return codes.astype(np.int64), list(uniques)


def _refuse_unlisted(codes: NDArray[np.uint64], names: tuple[str, ...]) -> None:
    """Refuse a history that is all zero."""
    if (codes == 0).any():
        row = int(np.flatnonzero(codes == 0)[0])
        raise InputError(_unlisted(row, names))


def _refuse_unlisted_rows(columns: Sequence[NDArray[Any]], names: tuple[str, ...]) -> None:
    """Name the first person on no list."""
    unlisted = ~np.logical_or.reduce([column.astype(bool) for column in columns])
    raise InputError(_unlisted(int(np.flatnonzero(unlisted)[0]), names))


def _unlisted(row: int, names: tuple[str, ...]) -> str:
    """Message for a row of zeros."""
    return (
        f"row {row}: on none of the lists {', '.join(map(repr, names))}. "
        "A capture table holds listed persons only; leave the row out, or name the list it came from"
    )


def _refuse_repeated(codes: NDArray[np.uint64]) -> None:
    """Refuse a history that stands twice."""
    order = np.argsort(codes, kind="stable")
    again = np.flatnonzero(np.diff(codes[order]) == 0)
    if len(again):
        first, second = sorted((int(order[again[0]]), int(order[again[0] + 1])))
        raise InputError(
            f"rows {first} and {second} hold the same capture history. Add up their counts first"
        )


def _is_missing(value: Any) -> bool:
    """None, NaN, NaT or NA."""
    if value is None:
        return True
    if isinstance(value, (float, np.floating)):
        return bool(value != value)
    return type(value).__name__ in {"NAType", "NaTType"}


def _number(value: Any) -> str:
    """A number as a person writes it."""
    return f"{value:g}" if isinstance(value, (float, np.floating)) else str(value)
