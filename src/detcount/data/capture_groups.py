"""Persons by capture history where the rows are counted elsewhere: by an engine, or from Parquet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount.contract.arguments import one_spelling
from detcount.contract.definition import Definition
from detcount.data.capture_rows import (
    called_a_person,
    codes_by_part,
    likely_count,
    places,
    refuse_detentions,
    refuse_no_rows,
    refuse_repeated_person,
    unchecked_notes,
    unlisted,
)
from detcount.errors import InputError
from detcount.reading.frames import N_ROWS, Column, CountedRows, Frame, Marks, Place, collected
from detcount.words import Message


@dataclass(frozen=True)
class Groups:
    """Rows that were counted elsewhere.

    Parameters
    ----------
    codes : ndarray of uint64
        Code of the capture history of each group.
    persons : ndarray of int64
        Rows of each group.
    by : Column, optional
        Stratum of each group.
    """

    codes: NDArray[np.uint64]
    persons: NDArray[np.int64]
    by: Column | None = None

    @property
    def n_rows(self) -> int:
        """Rows in all."""
        return int(self.persons.sum())

    def tabulated(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """Each code once, sorted, with its persons: two groups may have one code."""
        codes, inverse = np.unique(self.codes, return_inverse=True)
        persons = np.zeros(len(codes), dtype=np.int64)
        np.add.at(persons, inverse, self.persons)
        return codes, persons


def history_groups(frame: Frame, names: tuple[str, ...], asked: Marks, *, by: str | None = None) -> Groups:
    """Groups of rows that are alike in the lists, and in their stratum; all of their values are checked."""
    called = places(names, by=by)
    frame.require(called)
    found = frame.groups(tuple(called))
    persons = _persons(found)
    refuse_no_rows(len(persons))
    columns = {name: _by_value(found, name, *place) for name, place in called.items()}
    for name in names:  # each value once, so that a message counts every row that holds it
        _checked(columns[name], [columns[other] for other in names], asked)
    rows = CountedRows(counts=tuple(persons.tolist()))
    marks = [Column(found[name], Place(*called[name], rows)) for name in names]
    parts = list(codes_by_part(marks, names, refuse_unlisted=False, asked=asked))
    codes = np.concatenate(parts).astype(np.uint64)
    nobody = codes == 0
    if nobody.any():
        raise InputError(unlisted(0, names, CountedRows(counts=(int(persons[nobody].sum()),))))
    return Groups(codes, persons, None if by is None else Column(found[by], columns[by].place))


def group_notes(
    frame: Frame,
    names: Sequence[str],
    person: str | None,
    definition: Definition | None,
    *,
    n_rows: int,
    by: str | None = None,
) -> tuple[Message, ...]:
    """Refuse rows that are not one person each, as far as the data show it; note what they do not."""
    if person is not None:
        refuse_detentions(definition, person)
        refuse_repeated_person(frame.columns(places((), person=person))[person])
        return ()
    taken = [*names] if by is None else [*names, by]
    return unchecked_notes(likely_count(frame, names, taken, n_rows=n_rows), definition)


def _persons(found: Any) -> NDArray[np.int64]:
    """Rows of each group."""
    return np.asarray(found[N_ROWS].to_numpy(), dtype=np.int64)


def _by_value(found: Any, name: str, where: str, remedy: Message) -> Column:
    """Values of a column, each once, whose rows are those that hold it."""
    import narwhals.stable.v2 as nw

    each = found.group_by(name).agg(nw.col(N_ROWS).sum())
    return Column(each[name], Place(where, remedy, CountedRows(counts=tuple(_persons(each).tolist()))))


def _checked(column: Column, beside: Sequence[Column], asked: Marks) -> None:
    """Refuse values that are neither 0 nor 1 nor were asked for."""
    column = column.read_as(asked) if asked else column
    column.marks(0, len(column), beside)


_LONG = 300_000  # rows: fewer are counted before polars is imported
_FEWEST_NAMES = 10  # from so many names of lists on it is asked whether they are persons
_FIGURES = re.compile(r"(?:\d\D*){6}")  # of a document
# Identifiers of these characters, all in capitals or none, cannot be two spellings of one.
_NO_SMALL = r"[^!-\-/-`{-~]"
_NO_CAPITAL = r"[^!-\-/-@\[-~]"
_HISTORY, _PERSONS, _SMALL, _CAPITAL, _BLANK = (
    f"detcount: {name}" for name in ("history", "persons", "small", "capital", "blank")
)


def counted_memberships(
    frame: Frame, person: str, column: str, lists: Sequence[str] | None, most_lists: int
) -> tuple[tuple[str, ...], NDArray[np.uint64], NDArray[np.int64]] | None:
    """Names of lists, codes of histories and persons; None where rows have to be read one by one."""
    if person == column or not {person, column} <= set(frame.names):
        return None
    frame = _quickly(frame, person, column)
    lazy = frame.lazily()
    if lazy is None:
        return None
    import narwhals.stable.v2 as nw

    kind = lazy.collect_schema()[person]
    is_text = kind == nw.String
    if not (is_text or kind.is_integer()):
        return None
    names = _names(frame, column, lists, most_lists)
    if names is None:
        return None
    rows = lazy.select(nw.col(person), _bit(lazy, column, names).alias(_HISTORY))
    persons = rows.group_by(person).agg(
        nw.col(_HISTORY).sum().cast(nw.Int64), nw.len().cast(nw.Int64).alias(N_ROWS)
    )
    text = nw.col(person)
    blank = text.is_null() | (text == "") if is_text else text.is_null()
    odd = {
        _SMALL: text.str.contains(_NO_SMALL) if is_text else blank,
        _CAPITAL: text.str.contains(_NO_CAPITAL) if is_text else blank,
        _BLANK: blank,
    }
    marked = persons.with_columns(*(test.cast(nw.Int64).alias(name) for name, test in odd.items()))
    found = collected(
        marked.group_by(_HISTORY, N_ROWS).agg(
            nw.len().alias(_PERSONS), *(nw.col(name).sum().alias(name) for name in odd)
        )
    )
    value = {name: np.asarray(found[name].to_numpy(), dtype=np.int64) for name in found.columns}
    if value[_BLANK].any() or (value[_SMALL].any() and value[_CAPITAL].any()):
        return None
    codes = value[_HISTORY].astype(np.uint64)
    # a sum of powers of two has as many bits as terms where none stands twice
    if not len(codes) or (np.bitwise_count(codes) != value[N_ROWS]).any():
        return None
    if lists is None and len(names) > value[_PERSONS].sum():
        return None
    order = np.argsort(codes)
    return names, codes[order], value[_PERSONS][order]


def _quickly(frame: Frame, person: str, column: str) -> Frame:
    """Long columns of text as columns of polars where it is installed, as it counts text fastest."""
    if isinstance(frame.data, Mapping) or frame.is_lazy or frame.lazily() is not None:
        return frame
    import narwhals.stable.v2 as nw

    kinds = frame.data.collect_schema()
    if len(frame.data) < _LONG or kinds[person] != nw.String or find_spec("polars") is None:
        return frame
    try:
        read = frame.data.select(person, column).to_polars()
    except (ImportError, TypeError, ValueError):  # objects of two kinds: the rows are read, and it is said
        return frame
    return Frame.of(read)


def _names(frame: Frame, column: str, lists: Sequence[str] | None, most: int) -> tuple[str, ...] | None:
    """Names of the lists where there is no doubt about them."""
    found = frame.groups((column,))[column].to_list()
    if not found or not all(isinstance(name, str) and name.isprintable() and name.strip() for name in found):
        return None
    if one_spelling(found) is not None or any(each in name for name in found for each in ";|\t\n,/+&"):
        return None
    if lists is None:
        few = 2 <= len(found) < min(_FEWEST_NAMES, most + 1)
        few &= not (called_a_person(column) or any(map(_FIGURES.search, found)))
        return tuple(sorted(found)) if few else None
    plain = isinstance(lists, (list, tuple)) and all(isinstance(name, str) for name in lists)
    wanted = tuple(map(str, lists)) if plain else ()
    good = set(found) <= set(wanted) and 2 <= len(set(wanted)) == len(wanted) <= most
    return wanted if good and one_spelling(wanted) is None else None


def _bit(lazy: Any, column: str, names: Sequence[str]) -> Any:
    """The bit of the list that a row names."""
    import narwhals.stable.v2 as nw

    bits = {name: 1 << position for position, name in enumerate(names)}
    if lazy.implementation.is_polars():
        return nw.col(column).replace_strict(list(bits), list(bits.values()), return_dtype=nw.Int64)
    bit = nw.lit(0)
    for name, value in bits.items():
        bit = nw.when(nw.col(column) == name).then(nw.lit(value)).otherwise(bit)
    return bit.cast(nw.Int64)
