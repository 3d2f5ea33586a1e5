"""Reading columns of published counts from frames of any kind, with messages that name row and column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount.arguments import TWO_SPELLINGS
from detcount.arguments import one_spelling as _two_spellings
from detcount.errors import InputError
from detcount.frames import (
    DATA_ROWS,
    Frame,
    RowNames,
    meanings,
    means_yes,
    missing,
    one_a_row,
    plain_name,
    shown,
)
from detcount.words import Message, Name

ROLES = ("announced", "verified", "reported")
MOST_ALIVE = 10_000_000_000  # persons; no count of people held or let out is above
# likeness of two words of which one is the other with a slip; "freed" is like "reported" by 0.6
_MISSPELT = 0.8
_WHICH_ROLE = Message(
    "A body of the state announced a count, a monitor verified it case by case, or somebody reported it "
    "without that claim: write which"
)


def read_columns(
    frame: Any, *, required: Sequence[str], optional: Sequence[str]
) -> tuple[dict[str, list[Any]], list[str]]:
    """Values of the columns that are there, by name, and their names as the frame has them.

    A column is read under other names that mean the same; one that may be misspelt is refused.
    """
    whole = Frame.of(frame)
    found = _present([str(name) for name in whole.names], required, optional, whole)
    cells = whole.cells(list(found.values()))
    columns = {name: cells[written] for name, written in found.items()}
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        raise InputError(
            Message(
                "the columns have different lengths, {lengths}. Every row needs every column",
                lengths=str(sorted(lengths)),
            )
        )
    return columns, list(found.values())


def _present(
    available: Sequence[str], required: Sequence[str], optional: Sequence[str], frame: Frame
) -> dict[str, str]:
    """Columns to read, as the frame names them; absent ones are named together, with what may be meant."""
    known = [*required, *optional]
    if len(set(available)) < len(available):
        raise InputError(Message("the frame has several columns of one name. Rename them"))
    others = [name for name in available if name not in known]
    found = {name: name for name in known if name in available}
    for name in known:
        same = [other for other in others if name in meanings("columns", other)]
        if name not in found and len(same) > 1:
            raise InputError(
                Message(
                    "columns {columns!r:,}: expected one read as {name!r}, got {n}. Rename the others",
                    columns=same,
                    name=name,
                    n=len(same),
                )
            )
        if name not in found and same:
            found[name] = same[0]
    others = [name for name in others if name not in found.values()]
    missing = [name for name in required if name not in found]
    meant = {name: _meant(name, others) for name in known if name not in found}
    if missing:
        below = frame.header_below(required)
        if below is not None:
            raise below
        hints = {meant[name]: name for name in known if meant.get(name) is not None}
        remedy = (
            Message("Rename the columns that are meant, as in {hints}", hints=repr(hints))
            if hints
            else Message(
                "It needs {required}, and may have {optional}",
                required=", ".join(required),
                optional=", ".join(optional),
            )
        )
        raise InputError(
            Message.counted(
                "the frame has no column {names}. {remedy}",
                "the frame has no columns {names}. {remedy}",
                n=len(missing),
                names=", ".join(map(repr, missing)),
                remedy=remedy,
            )
        )
    for name in optional:
        if meant.get(name) is not None:
            raise InputError(
                Message(
                    "column {column!r}: is not among those that are read. Did you mean {name!r}? "
                    "Rename it, or drop it",
                    column=str(meant[name]),
                    name=name,
                )
            )
    return {name: found[name] for name in known if name in found}


def _meant(name: str, others: Sequence[str]) -> str | None:
    """Column that seems to be meant by another name."""
    from difflib import get_close_matches

    for other in others:
        if name in meanings("perhaps_columns", other):
            return other
    plain = {plain_name(other): other for other in others}
    near = get_close_matches(plain_name(name), plain, n=1, cutoff=0.8)
    return plain[near[0]] if near else None


def read_whole_counts(values: Any, where: str, *, rows: RowNames = DATA_ROWS) -> NDArray[np.int64]:
    """Whole numbers of persons, 0 or more, none missing."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "iu" and values.ndim == 1:
        negative = values < 0 if values.dtype.kind == "i" else np.zeros(len(values), dtype=bool)
        if not (negative.any() or (values >= MOST_ALIVE).any()):
            return values.astype(np.int64)
    counts = _numbers(values, where, rows)
    absent = [row for row, value in enumerate(counts) if value is None]
    if absent:
        raise InputError(
            Message(
                "{where}: the count is missing. Leave the row out, or write the number published",
                where=place(where, rows(absent[0])),
            )
        )
    return np.array(counts, dtype=np.int64)


def read_optional_counts(values: Any, where: str, *, rows: RowNames = DATA_ROWS) -> NDArray[np.float64]:
    """Whole numbers of persons, 0 or more; NaN where there is none."""
    return np.array(
        [np.nan if value is None else value for value in _numbers(values, where, rows)], dtype=np.float64
    )


def _numbers(values: Any, where: str, rows: RowNames) -> list[int | None]:
    """Whole numbers; None where one is missing."""
    from decimal import Decimal

    cells = one_a_row(values, where)
    # a file with one cell of words is read as text throughout: the words are what there is to mend
    words = [
        row
        for row, value in enumerate(cells)
        if isinstance(value, str) and value.strip() and not value.strip().isdigit()
    ]
    if words:
        raise InputError(
            Message(
                "{where}: expected a whole number of persons, got {kind}. Write the number alone, in figures",
                where=place(where, rows(words[0])),
                kind=Message("text"),
            )
        )
    read: list[int | None] = []
    for row, value in enumerate(cells):
        if missing(value) or (isinstance(value, Decimal) and value.is_nan()):
            read.append(None)
            continue
        if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.number, Decimal)):
            raise InputError(
                Message(
                    "{where}: expected a whole number of persons, got {kind}. "
                    "Write the number alone, in figures",
                    where=place(where, rows(row)),
                    kind=Message("text") if isinstance(value, str) else type(value).__name__,
                )
            )
        number: Any = value
        if isinstance(number, (complex, np.complexfloating)) or not abs(number) < MOST_ALIVE:
            raise InputError(
                Message(
                    "{where}: expected a number of persons, got more than are alive. Check it",
                    where=place(where, rows(row)),
                )
            )
        whole = int(number)
        if whole != number or whole < 0:
            raise InputError(
                Message(
                    "{where}: expected a whole number of persons, 0 or more, got {got}",
                    where=place(where, rows(row)),
                    got=shown(number),
                )
            )
        read.append(whole)
    return read


def read_flags(values: Any, where: str, *, rows: RowNames = DATA_ROWS) -> NDArray[np.bool_]:
    """True or False; an empty cell is False, as the source did not say it."""
    if isinstance(values, np.ndarray) and values.dtype.kind == "b" and values.ndim == 1:
        return values.astype(bool)
    read = []
    for row, value in enumerate(one_a_row(values, where)):
        said = False if missing(value) else means_yes(value)
        if said is not None:
            read.append(said)
        else:
            raise InputError(
                Message(
                    "{where}: expected yes, no or nothing, got {kind}. Write yes or no",
                    where=place(where, rows(row)),
                    kind=Message("text") if isinstance(value, str) else Message("something else"),
                )
            )
    return np.array(read, dtype=bool)


def read_texts(values: Any, where: str, *, required: bool, rows: RowNames = DATA_ROWS) -> tuple[str, ...]:
    """Text; an empty cell is the empty text, if that is allowed."""
    read: list[str] = []
    for row, value in enumerate(one_a_row(values, where)):
        if missing(value):
            if required:
                raise InputError(
                    Message("{where}: is blank. Say who published the count", where=place(where, rows(row)))
                )
            read.append("")
        elif isinstance(value, str):
            read.append(value if isinstance(value, Name) else str(value))
        else:
            raise InputError(
                Message(
                    "{where}: expected text, got {kind}. Write the column as text",
                    where=place(where, rows(row)),
                    kind=type(value).__name__,
                )
            )
    return tuple(read)


def read_roles(values: Any, where: str, *, rows: RowNames = DATA_ROWS) -> tuple[str, ...]:
    """Roles, as they are spelled here or mean the same; of another word the nearest is named."""
    read = []
    for row, value in enumerate(one_a_row(values, where)):
        role = meanings("roles", value)
        if not role:
            raise InputError(
                Message(
                    "{where}: expected {roles!r:or}, got {got}",
                    where=place(where, rows(row)),
                    roles=ROLES,
                    got=_other_role(value),
                )
            )
        read.append(role[0])
    return tuple(read)


def _other_role(value: Any) -> Message:
    """What stands in the place of a role, and which role may be meant."""
    from difflib import get_close_matches

    if missing(value):
        return Message("nothing. Say what kind of count it is")
    if not isinstance(value, str):
        return Message("{kind}. Write it as text", kind=type(value).__name__)
    plain = value.strip().casefold()
    near = get_close_matches(plain, ROLES, n=1, cutoff=_MISSPELT) or meanings("perhaps_roles", value)
    hint = Message("Did you mean {name!r}?", name=near[0]) if near else _WHICH_ROLE
    return Message("another word. {hint}", hint=hint)


def one_spelling(values: Sequence[str], where: str, *, rows: RowNames = DATA_ROWS) -> None:
    """Refuse a name that is written in two ways: one body would count as two."""
    found = _two_spellings(values)
    if found is not None:
        raise InputError(Message("{where}: {what}", where=place(where, rows.two(*found)), what=TWO_SPELLINGS))


def no_such(what: str, name: object, known: Sequence[str]) -> InputError:
    """Make the error for a label that is not there, with the nearest ones."""
    from difflib import get_close_matches

    labels = {label.casefold(): label for label in known if label}
    near = get_close_matches(str(name).casefold(), labels, n=2, cutoff=0.5)
    if near:
        hint = Message("Did you mean {names!r:or}?", names=[labels[label] for label in near])
    else:
        hint = Message("The counts have {n} of them; see to_frame()", n=len(labels))
    return InputError(Message("no {what} {name}. {hint}", what=what, name=repr(name), hint=hint))


def place(where: str, row: str) -> Message:
    """Name a cell by its column and its row."""
    return Message("{where}, {row}", where=where, row=row)
