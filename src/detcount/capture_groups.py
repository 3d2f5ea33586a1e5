"""Persons by capture history where the rows are counted elsewhere: by an engine, or from Parquet.

What comes back is a group for each history that is written in one way, so that values are checked on the
groups. Rows of an engine have no number: messages say how many they are.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount.capture_rows import codes_by_part, places, refuse_detentions, refuse_no_rows, unlisted
from detcount.definition import Definition
from detcount.errors import DetcountWarning, InputError
from detcount.frames import N_ROWS, Column, CountedRows, Frame, Marks, Place
from detcount.identity import NOTE_NO_PERSON, likely_count, refuse_repeated_person
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
        """Codes, each once and sorted, and the persons of each: marks of two kinds may mean the same."""
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
    stacklevel: int = 3,
) -> tuple[Message, ...]:
    """Refuse rows that are not one person each, as far as it can be told; say what could not be told."""
    if person is not None:
        refuse_detentions(definition, person)
        refuse_repeated_person(frame.columns(places((), person=person))[person])
        return ()
    taken = [*names] if by is None else [*names, by]
    likely = likely_count(frame, names, taken, n_rows=n_rows)
    if likely is not None:
        warnings.warn(likely, DetcountWarning, stacklevel=stacklevel)
    of_detentions = definition is not None and definition.unit == "detention"
    unchecked = None if of_detentions else Message(NOTE_NO_PERSON)
    return tuple(note for note in (likely, unchecked) if note is not None)


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
