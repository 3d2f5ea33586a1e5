"""Rows of a frame as persons on lists, or histories written as text: what tables and strata read.

It is one thing: each way in which rows say who is on which list, and what is refused of them.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.patterns import CHUNK, pack_columns
from detcount.arguments import TWO_SPELLINGS, one_spelling, plain
from detcount.definition import Definition, checked
from detcount.errors import DetcountWarning, InputError
from detcount.frames import (
    DATA_ROWS,
    Column,
    Frame,
    Marks,
    Place,
    RowNames,
    column_name,
    how_to_ask,
    missing,
    numbered,
)
from detcount.frames.places import message
from detcount.identity import (
    NOTE_NO_PERSON,
    one_identifier,
    refuse_names_of_persons,
    refuse_repeated_person,
    unnamed_count,
)
from detcount.words import Message

MAX_LISTS = 60
MAX_DENSE_LISTS = 16
MISSING_MARK = Message("Decide whether it is a 0 or a 1, or leave the row out, before counting")
MISSING_COUNT = Message("Write 0 where there is nobody")
COUNTS = Place("counts", MISSING_COUNT)
_MISSING_NAME = Message("Every row needs a person and a list")
_MISSING_PERSON = Message("Every row needs an identifier; give one to the persons who have none")
_MISSING_STRATUM = Message("Every row needs a stratum; name one for the persons whose stratum is not known")
_ONE_LIST = Message("One list says nothing on who is on none")
_TOO_MANY = Message("Merge lists that share a source, or keep the largest")


def places(
    names: Sequence[str], *, by: str | None = None, count: str | None = None, person: str | None = None
) -> dict[str, tuple[str, Message]]:
    """What messages call each column that is read, and what to do where a value is missing."""
    found: dict[str, tuple[str, Message]] = {
        name: (Message("list {name!r}", name=name), MISSING_MARK) for name in names
    }
    if by is not None:
        found[by] = (Message("by {column}", column=column_name(by)), _MISSING_STRATUM)
    if count is not None:
        found[count] = (Message("count {column}", column=column_name(count)), MISSING_COUNT)
    if person is not None:
        found[person] = (Message("person {column}", column=column_name(person)), _MISSING_PERSON)
    return found


def codes_by_part(
    columns: Sequence[Column],
    names: tuple[str, ...],
    *,
    refuse_unlisted: bool,
    asked: Marks | None = None,
) -> Iterator[NDArray[Any]]:
    """Codes of the capture histories of some rows at a time, from columns of 0 and 1 or of what was asked."""
    if asked:
        columns = [column.read_as(asked) for column in columns]
    for start in range(0, len(columns[0]), CHUNK):
        codes = pack_columns([column.marks(start, start + CHUNK, columns) for column in columns])
        if refuse_unlisted and not codes.all():
            row = start + int(np.flatnonzero(codes == 0)[0])
            raise InputError(unlisted(row, names, columns[0].place.rows))
        yield codes


def memberships(
    frame: Any, person: str, column: str, lists: Sequence[str] | None
) -> tuple[tuple[str, ...], NDArray[np.uint64], NDArray[np.int64]]:
    """Names of lists, codes of histories and persons, of a frame with a row for each person on each list."""
    read = Frame.of(frame)
    names, bits, person_codes = persons_on_lists(read, person, column, lists)
    key = person_codes * MAX_LISTS
    key += bits
    key.sort()
    if (key[1:] == key[:-1]).any():
        key = person_codes * MAX_LISTS + bits
        order = np.argsort(key, kind="stable")
        again = int(np.flatnonzero(np.diff(key[order]) == 0)[0])
        raise InputError(message("twice on one list", rows=read.rows.two(order[again], order[again + 1])))
    persons, marks = np.divmod(key, MAX_LISTS)
    starts = np.flatnonzero(np.diff(persons, prepend=-1))
    codes = np.bitwise_or.reduceat(np.uint64(1) << marks.astype(np.uint64), starts)
    values, counts = np.unique(codes, return_counts=True)
    return names, values, counts


def persons_on_lists(
    read: Frame, person: str, column: str, lists: Sequence[str] | None
) -> tuple[tuple[str, ...], NDArray[np.int64], NDArray[np.int64]]:
    """Names of lists, and of each row the position of its list and a number for its person."""
    if person == column:
        raise InputError(message("person is list", column=column_name(person)))
    columns = read.columns(
        {
            person: (Message("person {column}", column=column_name(person)), _MISSING_NAME),
            column: (Message("list {column}", column=column_name(column)), _MISSING_NAME),
        }
    )
    refuse_no_rows(len(columns[person]))
    place = columns[column].place
    list_codes, found = numbered(columns[column])
    person_codes, persons_found = numbered(columns[person])
    if lists is None:
        refuse_names_of_persons(
            place.where,
            np.bincount(list_codes, minlength=len(found)),
            Message("the names of 2 to {most} lists", most=MAX_LISTS),
            message("swapped", code="lists=[...]"),
            n_persons=len(persons_found),
            column=column,
            values=found.tolist(),
        )
    for code, value in enumerate(found.tolist()):
        if not isinstance(value, str):
            raise InputError(
                message(
                    "name of a list", where=place.at(_first_row(list_codes, code)), got=type(value).__name__
                )
            )
    if lists is None and not 2 <= len(found) <= MAX_LISTS:
        raise InputError(
            message(
                "number of lists",
                where=place.where,
                most=MAX_LISTS,
                n=len(found),
                remedy=_ONE_LIST if len(found) < 2 else _TOO_MANY,
            )
        )
    two = one_spelling(found.tolist())
    if two is not None:
        rows = read.rows.two(*(_first_row(list_codes, code) for code in two))
        raise InputError(
            Message("{where}, {rows}: {fault}", where=place.where, rows=rows, fault=TWO_SPELLINGS)
        )
    several = _several_lists_in_one(found.tolist(), lists)
    if several is not None:
        raise InputError(
            message("several lists in one cell", where=place.at(_first_row(list_codes, several)))
        )
    names = checked_names(sorted(found.tolist()) if lists is None else lists)
    position = {name: k for k, name in enumerate(names)}
    unknown = [code for code, value in enumerate(found.tolist()) if value not in position]
    if unknown:
        raise InputError(
            message("not among lists", where=place.at(_first_row(list_codes, unknown[0])), names=repr(names))
        )
    bits = np.array([position[value] for value in found.tolist()], dtype=np.int64)[list_codes]
    one_identifier(person_codes, persons_found, columns[person])
    return names, bits, person_codes


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
        refuse_detentions(definition, person)
        refuse_repeated_person(columns[person])
        return ()
    lists = {name: columns[name] for name in names}
    likely = unnamed_count(frame, lists, columns, all_different=all_different)
    if likely is not None:
        warnings.warn(likely, DetcountWarning, stacklevel=3)
    of_detentions = definition is not None and definition.unit == "detention"  # a person may have several
    unchecked = None if of_detentions else Message(NOTE_NO_PERSON)
    return tuple(note for note in (likely, unchecked) if note is not None)


def refuse_two_roles(
    names: Sequence[str], *, count: str | None, person: str | None, by: str | None = None
) -> None:
    """Refuse a column in two roles, and a person beside a count."""
    for role, column in (("count", count), ("person", person), ("by", by)):
        if column is not None and column in names:
            raise InputError(message("list in another role", role=role, column=column))
    if count is not None and person is not None:
        raise InputError(message("person and count"))


def checked_names(lists: Sequence[str]) -> tuple[str, ...]:
    """Names of 2 to 60 lists, text, none twice."""
    if isinstance(lists, str):
        if len(_split(lists)) > 1:
            raise _several_in_one(_split(lists))
        raise InputError(message("one text for lists", text=lists))
    if isinstance(lists, (set, frozenset)):
        raise InputError(Message("lists: expected names in an order, got a set. Write a list or a tuple"))
    try:
        names = tuple(lists)
    except TypeError:
        raise TypeError(message("no sequence of lists", kind=type(lists).__name__)) from None
    for position, name in enumerate(names, 1):
        if not isinstance(name, str) or not name.strip():
            raise InputError(
                message(
                    "name of a list",
                    where=Message("lists, position {position}", position=position),
                    got=repr(name),
                )
            )
    seen = [name for position, name in enumerate(names) if name in names[:position]]
    if seen:
        raise InputError(message("list named twice", name=seen[0]))
    spellings = one_spelling(names)
    if spellings is not None:
        raise InputError(
            message(
                "two spellings of lists", first=spellings[0] + 1, second=spellings[1] + 1, fault=TWO_SPELLINGS
            )
        )
    if not 2 <= len(names) <= MAX_LISTS:
        remedy = _ONE_LIST if len(names) < 2 else _TOO_MANY
        if len(names) == 1 and len(_split(names[0])) > 1:
            raise _several_in_one(_split(names[0]))
        raise InputError(message("2 to 60 lists", most=MAX_LISTS, n=len(names), remedy=remedy))
    return tuple(str(name) for name in names)


def _split(text: str) -> list[str]:
    """Names in a text, by the separator that stands in it; the text alone where none does."""
    separator = next((each for each in ";|\t\n," if each in text), None)
    return [text] if separator is None else [name.strip() for name in text.split(separator) if name.strip()]


def _several_lists_in_one(values: Sequence[str], lists: Sequence[str] | None) -> int | None:
    """Position of the first value that is several names of lists; None if each is one name."""
    known = {plain(name) for name in lists or values if isinstance(name, str)}
    for position, value in enumerate(values):
        if lists is not None and value in lists:
            continue
        for separator in ";|\t\n,/+&":
            parts = [plain(part) for part in value.split(separator)]
            if len(parts) > 1 and known.issuperset(parts):
                return position
    return None


def _several_in_one(names: list[str]) -> InputError:
    """Error for the names of several lists that were written as one text."""
    return InputError(
        message("several lists in one text", n=len(names), ask=how_to_ask({"lists": names})),
        ask_for={"lists": names},
    )


def free_name(name: str, taken: Sequence[str]) -> str:
    """Name for a column that no list has."""
    number = 2
    free = name
    while free in taken:
        free, number = f"{name} {number}", number + 1
    return free


def refuse_detentions(definition: Definition | None, person: str) -> None:
    """Refuse to count detentions by an identifier of persons."""
    definition = checked(definition)
    if definition is not None and definition.unit == "detention":
        raise InputError(message("detentions by person", column=column_name(person)))


def _first_row(codes: NDArray[np.int64], code: int) -> int:
    """First row that holds a value, by its number."""
    return int(np.flatnonzero(codes == code)[0])


def refuse_unlisted_history(
    codes: NDArray[np.uint64], names: tuple[str, ...], rows: RowNames = DATA_ROWS
) -> None:
    """Refuse a history that is all zero."""
    if (codes == 0).any():
        raise InputError(unlisted(int(np.flatnonzero(codes == 0)[0]), names, rows))


def unlisted(row: int, names: tuple[str, ...], rows: RowNames) -> Message:
    """Message for a row of zeros."""
    return message("on no list", row=rows(row), names=names)


def refuse_no_rows(n_rows: int) -> None:
    """Refuse a frame that has none."""
    if n_rows == 0:
        raise InputError(Message("the frame has no rows. A capture table needs at least one person"))


def refuse_repeated_history(codes: NDArray[np.uint64], rows: RowNames = DATA_ROWS) -> None:
    """Refuse a history that stands twice."""
    order = np.argsort(codes, kind="stable")
    again = np.flatnonzero(np.diff(codes[order]) == 0)
    if len(again):
        two = rows.two(order[again[0]], order[again[0] + 1])
        raise InputError(Message("{rows} hold the same capture history. Add up their counts first", rows=two))


_MISSING = Message("Write a 0 or a 1 for each list")
_EXACT = 10**15  # whole numbers below it are exact in a workbook


def as_columns_of_lists(
    frame: Any, pattern: str, names: Sequence[str], others: Sequence[str]
) -> tuple[Frame, tuple[str, ...]]:
    """Frame with a column for each list and the `others`, which may be renamed; their names beside it."""
    if pattern in others:
        raise InputError(message("pattern named twice", column=column_name(pattern)))
    read = Frame.of(frame)
    where = Message("pattern {column}", column=column_name(pattern))
    wanted = {pattern: (where, _MISSING)}
    for other in others:
        wanted[other] = (Message("column {name!r}", name=other), _MISSING)
    read.columns(wanted)
    cells = read.cells([pattern, *others])
    marks = _marks(cells[pattern], Place(where, _MISSING, read.rows), len(names))
    columns: dict[str, Any] = {name: marks[:, k] for k, name in enumerate(names)}
    renamed = []
    for other in others:
        renamed.append(free_name(other, tuple(columns)))
        values = np.empty(len(marks), dtype=object)
        values[:] = cells[other]
        columns[renamed[-1]] = values
    return Frame(columns, tuple(columns), read.rows), tuple(renamed)


def _marks(cells: Sequence[Any], place: Place, n_lists: int) -> NDArray[np.uint8]:
    """Row of 0 and 1 for each cell."""
    known: dict[Any, list[int]] = {}
    marks = np.empty((len(cells), n_lists), dtype=np.uint8)
    for row, cell in enumerate(cells):
        try:
            found = known.get(cell)
        except TypeError:
            found = None
        if found is None:
            found = _history(cell, place, row, n_lists)
            known[cell] = found
        marks[row] = found
    return marks


def _history(cell: Any, place: Place, row: int, n_lists: int) -> list[int]:
    """One history; a number gets the zeros back that a spreadsheet took from its front."""
    if missing(cell):
        raise InputError(
            Message("{where}: a value is missing. {remedy}", where=place.at(row), remedy=_MISSING)
        )
    text = _figures(cell)
    if text is not None and not isinstance(cell, str):
        text = text.zfill(n_lists)
    if text is None or set(text) - {"0", "1"}:
        got = Message("something else")
    elif len(text) != n_lists:
        got = Message("{n} characters", n=len(text))
    else:
        return [int(mark) for mark in text]
    raise InputError(message("no history", where=place.at(row), n=n_lists, got=got))


def _figures(cell: Any) -> str | None:
    """Figures of a cell of text or of an exact whole number."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, (bool, np.bool_)) or not isinstance(cell, (int, float, np.integer, np.floating)):
        return None
    if isinstance(cell, (float, np.floating)) and not (0 <= cell < _EXACT and cell == int(cell)):
        return None
    return str(int(cell))
