"""Rows of a frame, or histories written as text, as persons on lists: what tables and strata read.

It is one thing: each way in which rows say who is on which list, and what is refused of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount._numerics import patterns
from detcount._numerics.arrays import bincount, reduceat
from detcount._numerics.patterns import pack_columns
from detcount.contract.arguments import TWO_SPELLINGS, one_spelling, plain
from detcount.contract.definition import Definition, checked
from detcount.errors import InputError, InputTypeError, warn
from detcount.reading.frames import (
    DATA_ROWS,
    Column,
    Frame,
    Marks,
    Place,
    RowNames,
    column_name,
    either,
    how_to_ask,
    meanings,
    missing,
    numbered,
)
from detcount.words import N_, Message

_NAME_OF_A_LIST = N_("{where}: expected the name of a list as text, got {got}")

NOTE_NO_PERSON = Message(
    "each row was counted as one person, and no column with an identifier was given that could show it: "
    "a person who stands in two rows is counted twice"
)
NOTE_LIKELY_COUNT = N_(
    "each row was counted as one person, although the column {column!r} holds whole numbers and is called "
    "like a count: if it says how many persons a row stands for, they were not counted"
)
_FEWEST_NAMES = 10  # so many lists or strata, most of one person each, are persons
_FIGURES_OF_DOCUMENTS = 6
_AT_HAND = 3  # suspects that a message names
_WHOLE_AS_TEXT = re.compile(r"(\d+)\.0+", re.ASCII)
_COUNT_AS_TEXT = re.compile(r"\d+|\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+", re.ASCII)
_NEEDS_CARE = re.compile(r"[\s.]")  # what spellings of one identifier can differ in, besides letters


def refuse_repeated_person(column: Column) -> None:
    """Refuse an identifier that is missing, stands twice, or stands in two spellings."""
    codes, found = numbered(column)
    if len(found) < len(codes):
        order = np.argsort(codes, kind="stable")
        again = int(np.flatnonzero(np.diff(codes[order]) == 0)[0])
        two = column.place.rows.two(order[again], order[again + 1])
        raise InputError(
            Message(
                "{where}, {rows}: the same identifier stands twice, so that one person would count as two. "
                "Unite the rows, or leave one of them out",
                where=column.place.where,
                rows=two,
            )
        )
    one_identifier(codes, found, column)


def one_identifier(codes: NDArray[np.int64], found: NDArray[Any], column: Column) -> None:
    """Refuse one identifier in two spellings; `codes` numbers the rows by the values that were `found`."""
    if found.dtype.kind != "O":
        return
    values = found.tolist()
    if _one_by_one(values):
        return
    first: dict[str, int] = {}
    for code, value in enumerate(values):
        earlier = first.setdefault(_identifier(value), code)
        if earlier != code:
            rows = [int(np.flatnonzero(codes == each)[0]) for each in (earlier, code)]
            raise InputError(
                Message(
                    "{where}, {rows}: one identifier in two spellings, which differ in spaces, capitals, the "
                    "way accents are stored or a number is written (1 and 1.0). Write it one way, so that "
                    "one person does not count as two",
                    where=column.place.where,
                    rows=column.place.rows.two(*rows),
                )
            )


def _one_by_one(values: Sequence[Any]) -> bool:
    """Check whether different values surely are different identifiers, as most in one plain alphabet are."""
    try:
        together = "\0".join(values)
    except TypeError:
        return False
    one_case = together == together.upper() or together == together.lower()
    return together.isascii() and one_case and _NEEDS_CARE.search(together) is None


def _identifier(value: Any) -> str:
    """An identifier in one spelling."""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    text = " ".join(unicodedata.normalize("NFC", str(value)).split()).casefold()
    whole = _WHOLE_AS_TEXT.fullmatch(text)
    return text if whole is None else whole[1]


def refuse_names_of_persons(
    where: str,
    persons_each: NDArray[Any],
    expected: Message,
    remedy: Message,
    *,
    n_persons: int | None = None,
    column: str = "",
    values: Sequence[object] = (),
) -> None:
    """Refuse values that seem to be persons, by how many they are, by their digits and by the column's name.

    A column of persons would otherwise be printed as the names of lists, however few they are.
    """
    n_values = len(persons_each)
    found: Message | None = None
    if n_values >= _FEWEST_NAMES and 2 * int((persons_each <= 1).sum()) > n_values:
        found = Message("more than half of them for one person each")
    elif n_persons is not None and n_values > max(n_persons, 1):
        found = Message.counted("for {n} person", "for {n} persons", n=n_persons)
    elif called_a_person(column):
        found = Message("in a column that is called like one of persons")
    elif any(sum(sign.isdigit() for sign in str(value)) >= _FIGURES_OF_DOCUMENTS for value in values):
        found = Message("some of them with as many figures as documents have")
    if found is not None:
        raise InputError(
            Message(
                "{where}: expected {what}, got {n} different values, {found}. {remedy}",
                where=where,
                what=expected,
                n=n_values,
                found=found,
                remedy=remedy,
            )
        )


def called_a_person(column: object) -> bool:
    """Check whether the name of a column says that it identifies persons."""
    return isinstance(column, str) and any(
        "person" in meanings("perhaps_called", word) for word in re.split(r"[^a-z]+", plain(column))
    )


def unnamed_count(
    frame: Frame, lists: Mapping[str, Column], taken: Collection[str], *, all_different: bool
) -> Message | None:
    """Refuse a column that must be the count of each row; give a note of one that is likely to be.

    Where all rows are different histories, any column of whole numbers must be; else one that is called so.
    A running number, a mark and the number of lists of each person are not counts.
    """
    others = [name for name in frame.names if isinstance(name, str) and name not in taken]
    called = [name for name in others if called_a_count(name)]
    n_rows = len(next(iter(lists.values())))
    suspects = []
    for name in called + [name for name in others if name not in called] if all_different else called:
        numbers = _whole_numbers(frame, name, text=name in called)
        if numbers is None or len(numbers) != n_rows or numbers.max(initial=0) <= 1:
            continue
        if _runs(numbers) and not (all_different and name in called):
            continue
        if not np.array_equal(numbers, _times_listed(lists)):
            suspects.append(name)
    if not suspects:
        return None
    if not all_different:
        return Message(NOTE_LIKELY_COUNT, column=suspects[0])
    raise InputError(
        Message(
            "the {n} rows are {n} different capture histories, and column {columns} holds whole numbers: it "
            "may say how many persons have each history. Name it as the count (count={column!r}; on the "
            "command line, --count). If each row is one person, name the column that identifies them "
            "(person=...; --person), or leave the column of numbers out",
            n=n_rows,
            columns=either(suspects[:_AT_HAND]),
            column=suspects[0],
        )
    )


def likely_count(
    frame: Frame, lists: Sequence[str], taken: Collection[str], *, n_rows: int
) -> Message | None:
    """Note on a column that is likely to be the count of each row, in a frame that is counted elsewhere."""
    for name in frame.names:
        if not isinstance(name, str) or name in taken or not called_a_count(name):
            continue
        each = frame.groups((name,))
        values = Frame(each, (name,), frame.rows)
        numbers = _whole_numbers(values, name, text=True)
        if numbers is None or numbers.max(initial=0) <= 1:
            continue
        if len(numbers) == n_rows and numbers.max() - numbers.min() == n_rows - 1:  # an index
            continue
        if numbers.max() <= len(lists):
            by_history = Frame(frame.groups((*lists, name)), (*lists, name), frame.rows)
            columns = {each: Column(by_history.data[each], Place("", Message.together(()))) for each in lists}
            times = _whole_numbers(by_history, name, text=True)
            if times is not None and np.array_equal(times, _times_listed(columns)):
                continue
        return Message(NOTE_LIKELY_COUNT, column=name)
    return None


def called_a_count(name: str) -> bool:
    """Check whether the name of a column says that it holds counts."""
    found = {each for word in re.split(r"[\W_]+", plain(name)) for each in meanings("perhaps_called", word)}
    return "count" in found and "no_count" not in found


def _whole_numbers(frame: Frame, name: str, *, text: bool) -> NDArray[np.float64] | None:
    """Column of whole numbers of 0 and more, 0 where there is none; None if it holds anything else."""
    values = frame.values(name)
    if values is None:
        return None
    if values.dtype.kind == "O" or values.dtype.kind in "US":
        read = [_count(value, text) for value in values.tolist()]
        if any(number is None for number in read):
            return None
        values = np.array(read, dtype=np.float64)
    if values.dtype.kind not in "iuf":
        return None
    numbers = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=-1.0)
    return numbers if ((numbers >= 0) & (numbers == np.floor(numbers))).all() else None


def _count(value: Any, text: bool) -> float | None:
    """A cell as a count; 0 where nothing stands, None where it is something else."""
    if missing(value):
        return 0.0
    if isinstance(value, str):
        figures = text and _COUNT_AS_TEXT.fullmatch(value.strip())
        return float(re.sub(r"\D", "", value)) if figures else None
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
        return None
    return float(value) if -1e300 < value < 1e300 else None


def _runs(numbers: NDArray[np.float64]) -> bool:
    """Check whether numbers run with the rows, as those of an index do."""
    return bool((np.diff(numbers) == 1).all())


def _times_listed(lists: Mapping[str, Column]) -> NDArray[np.float64]:
    """On how many lists each row is."""
    columns = list(lists.values())
    total = np.zeros(len(columns[0]))
    for column in columns:
        total += column.marks(0, len(column)).astype(np.float64)
    return total


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
    """Name each column that is read in messages, with what to do where a value is missing."""
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
    columns: Sequence[Column], names: tuple[str, ...], *, refuse_unlisted: bool, asked: Marks | None = None
) -> Iterator[NDArray[Any]]:
    """Codes of capture histories, some rows at a time, from columns of 0 and 1 or of the words asked for."""
    if asked:
        columns = [column.read_as(asked) for column in columns]
    rows = patterns.TUNING.chunk
    for start in range(0, len(columns[0]), rows):
        codes = pack_columns([column.marks(start, start + rows, columns) for column in columns])
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
        raise InputError(
            Message(
                "{rows}: the same person stands twice on one list. Remove the double entry first",
                rows=read.rows.two(order[again], order[again + 1]),
            )
        )
    persons, marks = np.divmod(key, MAX_LISTS)
    starts = np.flatnonzero(np.diff(persons, prepend=-1))
    codes = reduceat(np.bitwise_or, np.uint64(1) << marks.astype(np.uint64), starts)
    values, counts = np.unique(codes, return_counts=True)
    return names, values, counts


def persons_on_lists(
    read: Frame, person: str, column: str, lists: Sequence[str] | None
) -> tuple[tuple[str, ...], NDArray[np.int64], NDArray[np.int64]]:
    """Names of lists, and of each row the position of its list and a number for its person."""
    if person == column:
        raise InputError(
            Message("person and list: both are column {column}. Name two columns", column=column_name(person))
        )
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
            bincount(list_codes, minlength=len(found)),
            Message("the names of 2 to {most} lists", most=MAX_LISTS),
            Message(
                "Are person and list the wrong way round? If not, name the lists, {code}", code="lists=[...]"
            ),
            n_persons=len(persons_found),
            column=column,
            values=found.tolist(),
        )
    for code, value in enumerate(found.tolist()):
        if not isinstance(value, str):
            raise InputError(
                Message(
                    _NAME_OF_A_LIST, where=place.at(_first_row(list_codes, code)), got=type(value).__name__
                )
            )
    if lists is None and not 2 <= len(found) <= MAX_LISTS:
        raise InputError(
            Message(
                "{where}: expected the names of 2 to {most} lists, got {n} different values. {remedy}",
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
            Message(
                "{where}: expected the name of one list, got the names of several. Write a row for each of "
                "them",
                where=place.at(_first_row(list_codes, several)),
            )
        )
    names = checked_names(sorted(found.tolist()) if lists is None else lists)
    position = {name: k for k, name in enumerate(names)}
    unknown = [code for code, value in enumerate(found.tolist()) if value not in position]
    if unknown:
        raise InputError(
            Message(
                "{where}: the name is not among lists={names}",
                where=place.at(_first_row(list_codes, unknown[0])),
                names=repr(names),
            )
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
    """Refuse rows that are not one person each, as far as the data show it; note what they do not."""
    if person is not None:
        refuse_detentions(definition, person)
        refuse_repeated_person(columns[person])
        return ()
    lists = {name: columns[name] for name in names}
    return unchecked_notes(unnamed_count(frame, lists, columns, all_different=all_different), definition)


def unchecked_notes(likely: Message | None, definition: Definition | None) -> tuple[Message, ...]:
    """Notes on rows that no identifier shows to be a person each; a column that is likely a count warns."""
    if likely is not None:
        warn(likely)
    of_detentions = definition is not None and definition.unit == "detention"  # a person may have several
    return tuple(note for note in (likely, None if of_detentions else NOTE_NO_PERSON) if note is not None)


def refuse_two_roles(
    names: Sequence[str], *, count: str | None, person: str | None, by: str | None = None
) -> None:
    """Refuse a column in two roles, and a person beside a count."""
    for role, column in (("count", count), ("person", person), ("by", by)):
        if column is not None and column in names:
            raise InputError(
                Message(
                    "{role}: column {column!r} is also named as a list. A column is one or the other",
                    role=role,
                    column=column,
                )
            )
    if count is not None and person is not None:
        raise InputError(
            Message(
                "person and count: expected one of them, got both. A row is one person, or a history with "
                "its count"
            )
        )


def checked_names(lists: Sequence[str]) -> tuple[str, ...]:
    """Names of 2 to 60 lists, text, none twice."""
    if isinstance(lists, str):
        if len(_split(lists)) > 1:
            raise _several_in_one(_split(lists))
        raise InputError(
            Message(
                "lists: expected a sequence of names, got the text {text!r}. Write [{text!r}, ...]",
                text=lists,
            )
        )
    if isinstance(lists, (set, frozenset)):
        raise InputError(Message("lists: expected names in an order, got a set. Write a list or a tuple"))
    try:
        names = tuple(lists)
    except TypeError:
        raise InputTypeError(
            Message("lists: expected a sequence of names, got {kind}", kind=type(lists).__name__)
        ) from None
    for position, name in enumerate(names, 1):
        if not isinstance(name, str) or not name.strip():
            raise InputError(
                Message(
                    _NAME_OF_A_LIST,
                    where=Message("lists, position {position}", position=position),
                    got=repr(name),
                )
            )
    seen = [name for position, name in enumerate(names) if name in names[:position]]
    if seen:
        raise InputError(
            Message("lists: {name!r} is named twice. Every list needs a name of its own", name=seen[0])
        )
    spellings = one_spelling(names)
    if spellings is not None:
        raise InputError(
            Message(
                "lists, positions {first} and {second}: {fault}, or rename one of them",
                first=spellings[0] + 1,
                second=spellings[1] + 1,
                fault=TWO_SPELLINGS,
            )
        )
    if not 2 <= len(names) <= MAX_LISTS:
        remedy = _ONE_LIST if len(names) < 2 else _TOO_MANY
        if len(names) == 1 and len(_split(names[0])) > 1:
            raise _several_in_one(_split(names[0]))
        raise InputError(
            Message(
                "lists: expected 2 to {most}, got {n}. {remedy}", most=MAX_LISTS, n=len(names), remedy=remedy
            )
        )
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
        Message(
            "lists: expected a sequence of names, got one text that seems to hold {n}. If they are {n} "
            "lists, {ask}",
            n=len(names),
            ask=how_to_ask({"lists": names}),
        ),
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
        raise InputError(
            Message(
                "definition: expected the unit 'person', as {column} identifies persons and makes one of all "
                "the detentions of a person, got 'detention'. Count persons, or give CaptureTable.from_frame "
                "a row for each detention, without an identifier of persons",
                column=column_name(person),
            )
        )


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
    return Message(
        "{row}: on none of the lists {names!r:,}. A capture table holds listed persons only; leave the row "
        "out, or name the list it came from",
        row=rows(row),
        names=names,
    )


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
        raise InputError(
            Message("pattern: column {column} is named twice. Name two columns", column=column_name(pattern))
        )
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
    """One history; a number gets back the leading zeros that a spreadsheet took away."""
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
    raise InputError(
        Message(
            "{where}: expected {n} characters 0 or 1, one for each list, got {got}. If the numbers lost "
            "figures, write the column as text",
            where=place.at(row),
            n=n_lists,
            got=got,
        )
    )


def _figures(cell: Any) -> str | None:
    """Digits of a cell of text or of an exact whole number."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, (bool, np.bool_)) or not isinstance(cell, (int, float, np.integer, np.floating)):
        return None
    if isinstance(cell, (float, np.floating)) and not (0 <= cell < _EXACT and cell == int(cell)):
        return None
    return str(int(cell))
