"""The persons of a frame, split by a column into strata."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Ints, bincount, reduceat
from detcount._numerics.patterns import tabulate_groups, unpack
from detcount.contract import arguments
from detcount.contract.definition import Definition
from detcount.contract.specification import door
from detcount.data.capture_groups import group_notes, history_groups
from detcount.data.capture_rows import (
    checked_names,
    codes_by_part,
    places,
    refuse_names_of_persons,
    refuse_no_rows,
    refuse_two_roles,
    row_notes,
    unlisted,
)
from detcount.data.captures import CaptureTable
from detcount.errors import InputError
from detcount.reading.frames import (
    CountedRows,
    Frame,
    Marks,
    Place,
    RowNames,
    factorized,
    refuse_missing,
    whole,
)
from detcount.strata.columns import with_groups
from detcount.words import Message


@door
def stratify(
    frame: Any,
    *,
    by: str | Sequence[str],
    lists: Sequence[str],
    count: str | None = None,
    person: str | None = None,
    definition: Definition | None = None,
    yes: Sequence[str] = (),
    no: Sequence[str] = (),
    blank_is_0: bool = False,
    drop_empty: bool = False,
) -> dict[str, CaptureTable]:
    """Split a frame by a column, and count each part by capture history.

    Every row goes into the stratum that its value names; nobody is left out. A list that names nobody in
    a stratum stays a list of its table unless `drop_empty` is True.

    Parameters
    ----------
    frame : pandas, polars or pyarrow frame, mapping of str to array, rows of an engine, or path
        One row a person, or one row a capture history of a stratum when `count` is given. Rows of an
        engine or of Parquet are counted where they are, as by `CaptureTable.from_frame`.
    by : str or sequence of str
        Column with the stratum: a place, a sex, a month; of a pandas frame also several columns, whose values
        stand with a comma between, a blank cell as "–". Its values are shown in results, so they
        must not identify anybody.
    lists : sequence of str
        The columns that are lists, 2 to 60; values 0, 1, True or False.
    count : str, optional
        The column with the number of persons; without it every row is one person.
    person : str, optional
        The column with an identifier of each person, as in `CaptureTable.from_frame`: nobody may stand in two
        strata.
    definition : Definition, optional
        Who is counted in the whole; the strata are parts of it.
    yes, no : sequence of str, optional
        Words that stand for 1 and for 0, as in `CaptureTable.from_frame`.
    blank_is_0 : bool, optional
        Whether a blank cell in the column of a list means 0.
    drop_empty : bool, optional
        Whether a list that names nobody in a stratum is left out of its table, where two lists remain.

    Returns
    -------
    dict of str to CaptureTable
        Persons by capture history in each stratum, sorted by the value of `by`.

    Raises
    ------
    InputError
        If a stratum is missing or written in two ways, if `by` is also a list or the count, if most of 10 or
        more strata have one person, as the values of a column of names do, if a history stands twice in a
        stratum beside its count, or if the frame cannot be read as `CaptureTable.from_frame` reads it. Rows
        are named by their number in the whole frame, from 1.

    Examples
    --------
    >>> from detcount.strata import stratify
    >>> people = {"place": ["north", "south", "north"], "press": [1, 1, 1], "court": [1, 0, 0]}
    >>> stratify(people, by="place", lists=["press", "court"])["north"].n_observed
    2
    """
    names = checked_names(lists)
    asked = Marks(yes, no, blank_is_0)
    if not isinstance(by, str):
        frame, by = with_groups(frame, by, "–")
    drop_empty = arguments.true_or_false("drop_empty", drop_empty)
    refuse_two_roles(names, by=by, count=count, person=person)
    for role, column in (("count", count), ("person", person)):
        if by == column:
            raise InputError(
                Message("by and {role}: both are column {column!r}. Name two columns", role=role, column=by)
            )
    read = Frame.of(frame)
    if count is None and read.is_lazy:
        tables = _counted_elsewhere(read, by, names, person, definition, asked)
        if tables is not None:
            return _without_empty(tables) if drop_empty else tables
    columns = read.columns(places(names, by=by, count=count, person=person))
    n_rows = len(columns[by])
    refuse_no_rows(n_rows)
    labels, strata = labels_of(*factorized(columns[by]), columns[by].place)
    parts = codes_by_part(
        [columns[name] for name in names], names, refuse_unlisted=count is None, asked=asked
    )
    codes = np.concatenate(list(parts))
    where = columns[by].place
    notes: tuple[Message, ...] = (asked.note(),) if asked else ()
    if count is None:
        which, histories, totals = tabulate_groups(strata, codes, len(labels), len(names))
        persons_in = bincount(strata, minlength=len(labels))
    else:
        persons = whole(columns[count].part(0, n_rows), columns[count].place)
        nobody = (codes == 0) & (persons > 0)
        if nobody.any():
            raise InputError(unlisted(int(np.flatnonzero(nobody)[0]), names, read.rows))
        persons_in = bincount(strata, weights=persons, minlength=len(labels))
    _refuse_persons(where, persons_in)
    if count is None:
        notes += row_notes(read, columns, names, person, definition, all_different=1 < n_rows == len(totals))
    else:
        which, histories, totals = _counted(strata, codes, persons, where, read.rows)
    tables = _tables(labels, which, histories, totals, names, notes, definition)
    return _without_empty(tables) if drop_empty else tables


def _without_empty(tables: dict[str, CaptureTable]) -> dict[str, CaptureTable]:
    """Tables of the lists that name somebody, where these are two or more."""
    found = {}
    for name, table in tables.items():
        named = [each for each, size in table.list_sizes.items() if size]
        found[name] = table.keep(named) if 2 <= len(named) < table.n_lists else table
    return found


def _counted_elsewhere(
    read: Frame,
    by: str,
    names: tuple[str, ...],
    person: str | None,
    definition: Definition | None,
    asked: Marks,
) -> dict[str, CaptureTable] | None:
    """Strata of rows that an engine counts; None where they are few, and may be counted already."""
    read.require(places(names, by=by, person=person))
    groups = history_groups(read, names, asked, by=by)
    assert groups.by is not None  # it was asked for
    place = groups.by.place
    values, found = factorized(groups.by)
    if (values < 0).any():  # all of them are the rows without a stratum
        missing = CountedRows(counts=(int(groups.persons[values < 0].sum()),))
        refuse_missing(np.array([True]), replace(place, rows=missing))
    counts = bincount(values, weights=groups.persons, minlength=len(found)).astype(np.int64)
    place = replace(place, rows=CountedRows(counts=tuple(counts.tolist())))
    labels, rank = labels_of(np.arange(len(found)), found, place)
    strata = rank[values]
    persons_in = bincount(strata, weights=groups.persons, minlength=len(labels))
    _refuse_persons(place, persons_in)
    order = np.lexsort((groups.codes, strata))
    which, histories, persons = strata[order], groups.codes[order], groups.persons[order]
    first = np.flatnonzero(
        np.append(True, (which[1:] != which[:-1]) | (histories[1:] != histories[:-1]))
    )  # one history may be written in two ways
    totals = reduceat(np.add, persons, first)
    if len(totals) == groups.n_rows:
        return None
    stated: tuple[Message, ...] = (asked.note(),) if asked else ()
    notes = group_notes(read, names, person, definition, n_rows=groups.n_rows, by=by)
    return _tables(labels, which[first], histories[first], totals, names, (*stated, *notes), definition)


def _refuse_persons(place: Place, persons_in: NDArray[Any]) -> None:
    """Refuse strata that seem to be persons."""
    refuse_names_of_persons(
        place.where,
        persons_in,
        Message("the names of strata"),
        Message("A column that tells who somebody is makes no strata: group its values first"),
    )


def _tables(
    labels: list[str],
    which: Ints,
    histories: NDArray[np.uint64],
    totals: Ints,
    names: tuple[str, ...],
    notes: tuple[Message, ...],
    definition: Definition | None,
) -> dict[str, CaptureTable]:
    """Table of each stratum, from histories that stand in the order of the strata."""
    edges = np.searchsorted(which, np.arange(len(labels) + 1))
    return {
        label: CaptureTable(
            names,
            unpack(histories[first:last], len(names)),
            totals[first:last],
            notes=notes,
            definition=definition,
        )
        for label, first, last in zip(labels, edges[:-1], edges[1:], strict=True)
    }


def _counted(
    strata: Ints, codes: NDArray[np.uint64], persons: Ints, place: Place, rows: RowNames
) -> tuple[Ints, NDArray[np.uint64], Ints]:
    """Strata, histories and persons of rows that are counted already, in order and without empty ones."""
    order = np.lexsort((codes, strata))
    _refuse_repeated_in_stratum(order, codes, strata, rows)
    somebody = order[persons[order] > 0]
    empty = np.setdiff1d(strata, strata[somebody])
    if len(empty):
        row = int(order[np.searchsorted(strata[order], empty[0])])
        raise InputError(
            Message(
                "{place}: every count of this stratum is 0. A capture table needs at least one person; leave "
                "the stratum out",
                place=place.at(row),
            )
        )
    return strata[somebody], codes[somebody], persons[somebody]


def labels_of(codes: NDArray[Any], found: NDArray[Any], place: Place) -> tuple[list[str], Ints]:
    """Values as text, sorted by value, and the place of each row among them."""
    values = found.tolist()
    unnamed = [
        code
        for code, value in enumerate(values)
        if value != value or value is None or (isinstance(value, str) and not value.strip())
    ]
    refuse_missing((codes < 0) | np.isin(codes, unnamed), place)
    used = [code for code in range(len(values)) if code not in unnamed]
    texts = {code: _label(values[code]) for code in used}
    if len(set(texts.values())) < len(texts):
        raise InputError(
            Message(
                "{where}: two different values are written alike. Make them one before counting",
                where=place.where,
            )
        )
    numeric = all(isinstance(values[code], (bool, int, float)) for code in used)
    two = None if numeric else arguments.one_spelling([texts[code] for code in used])
    if two is not None:
        rows = [int(np.flatnonzero(codes == used[position])[0]) for position in two]
        raise InputError(
            Message(
                "{where}, {rows}: {why}",
                where=place.where,
                rows=place.rows.two(*rows),
                why=arguments.TWO_SPELLINGS,
            )
        )
    used.sort(key=(lambda code: values[code]) if numeric else (lambda code: texts[code]))
    rank = np.zeros(len(values), dtype=np.int64)
    rank[used] = np.arange(len(used))
    return [texts[code] for code in used], rank[codes]


def _label(value: Any) -> str:
    """Name of a stratum as a person writes it."""
    if isinstance(value, str):
        return value  # a group keeps its columns
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _refuse_repeated_in_stratum(order: Ints, codes: NDArray[np.uint64], strata: Ints, rows: RowNames) -> None:
    """Refuse a history that stands twice in a stratum beside its count."""
    again = np.flatnonzero((np.diff(codes[order]) == 0) & (np.diff(strata[order]) == 0))
    if len(again):
        two = rows.two(order[again[0]], order[again[0] + 1])
        raise InputError(
            Message(
                "{rows} hold the same capture history of one stratum. Add up their counts first", rows=two
            )
        )
