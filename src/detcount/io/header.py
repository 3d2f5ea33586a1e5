"""What the first row of a file must be: the names of the columns, each once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from detcount.errors import InputError
from detcount.frames import how_to_ask, mark_of, row_names
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

LOOKED_AT = 20  # rows in which a title above the names of the columns shows itself
_FIGURES = re.compile(r"[\d\s.,:/+-]+")
_MARKS = frozenset(("0", "1", "x", "si", "sí", "no", "yes", "true", "false"))
_DOCUMENT = re.compile(r"(?:[a-z]{1,2}[-. ]?)?\d(?:[ ./-]?\d){5,}")  # or a day, in figures


def refuse_title(
    where: str, rows: Sequence[Sequence[object]], called: Callable[[int], tuple[int, str]]
) -> None:
    """Refuse a first row that names half of the columns or fewer, where rows below fill more.

    `called` gives the number of a row, and what a message calls it, by its position.
    """
    width, named = len(rows[0]), n_filled(rows[0])
    most = max(map(n_filled, rows[1:]), default=0)
    if width > 1 and named <= width / 2 and most > max(named, 1):
        position = likely_names(rows)
        raise not_the_names(where, named, width, None if position is None else called(position))


def refuse_data(where: str, rows: Sequence[Sequence[object]]) -> None:
    """Refuse a first row that is one of data: it holds a document, or what comes again below it.

    Its cells would be shown as the names of columns, and its person would be lost. Where the names of the
    columns are repeated further below, they are names.
    """
    first, below = (
        [_plainly(cell) for cell in rows[0]],
        [[_plainly(cell) for cell in row] for row in rows[1:]],
    )
    if first in below:
        return
    figures = [cell for cell in first if _FIGURES.fullmatch(cell)]
    again = {
        cell for k, cell in enumerate(first) if cell and any(k < len(row) and row[k] == cell for row in below)
    }
    marks = [cell for cell in first if cell in again and cell in _MARKS]
    words = [cell for cell in again if cell not in _MARKS and not _FIGURES.fullmatch(cell)]
    lists = len(marks) > 1 and set(figures) <= _MARKS  # lists may be called 1, 2 and 3
    if words or lists or any(map(_DOCUMENT.fullmatch, first)):
        raise InputError(
            Message(
                "{where}: expected the names of the columns, got what seems to be a row of data. Write a row "
                "with the names of the columns above it",
                where=where,
            )
        )


def refuse_names_again(where: str, frame: pd.DataFrame) -> None:
    """Refuse a row that repeats the names of the columns, which would count as a person."""
    if not all(kind == "object" or kind == "str" for kind in frame.dtypes):
        return  # a column of numbers has no name in it
    again = None
    for name in frame.columns:
        same = frame[name] == name
        again = same if again is None else again & same
    if again is not None and again.any():
        raise InputError(
            Message(
                "{where}: {row} repeats the names of the columns. Delete it",
                where=where,
                row=row_names(frame)(int(again.to_numpy().argmax())),
            )
        )


def _plainly(cell: object) -> str:
    """A cell as text without spaces around it; a whole number as its figures."""
    if not _filled(cell):
        return ""
    whole = isinstance(cell, float) and cell.is_integer()
    return str(int(cell) if whole else cell).strip().casefold()  # type: ignore[call-overload]


def n_filled(row: Sequence[object]) -> int:
    """Cells of a row that hold something."""
    return sum(_filled(cell) for cell in row)


def _filled(cell: object) -> bool:
    """Whether a cell holds something."""
    return cell is not None and cell == cell and bool(str(cell).strip())


def likely_names(rows: Sequence[Sequence[object]]) -> int | None:
    """Position of the row below the first that looks like the names of the columns; None if none does.

    Names are different texts, neither figures nor marks such as "x", in more than half of the columns that
    any row fills, with rows below them.
    """
    most = max(map(n_filled, rows), default=0)
    for position, row in enumerate(rows[1:-1], 1):
        names = [cell for cell in row if _filled(cell)]
        if len(names) < 2 or len(names) <= most / 2 or len(set(map(str, names))) < len(names):
            continue
        if all(isinstance(name, str) and not _FIGURES.fullmatch(name) for name in names) and not any(
            map(mark_of, names)
        ):
            return position
    return None


def not_the_names(where: str, n_names: int | None, width: int, likely: tuple[int, str] | None) -> InputError:
    """Error for a first row that does not name the columns; `likely` is a row that seems to do it.

    `n_names` is None where the row is split otherwise than the rows below.
    """
    if likely is None:
        remedy = Message(
            "If it is a title, say which row names the columns: for the third, {ask}. If it is none, name "
            "every column",
            ask=how_to_ask({"header_row": 3}),
        )
    else:
        remedy = Message(
            "The names seem to stand in {row}, below a title: {ask}",
            row=likely[1],
            ask=how_to_ask({"header_row": likely[0]}),
        )
    ask_for = {} if likely is None else {"header_row": likely[0]}
    if n_names is None:
        return InputError(
            Message(
                "{where}: expected the names of the columns, got something else above {n} columns. {remedy}",
                where=where,
                n=width,
                remedy=remedy,
            ),
            ask_for=ask_for,
        )
    return InputError(
        Message.counted(
            "{where}: expected the names of the columns, got {n} name for {width} columns. {remedy}",
            "{where}: expected the names of the columns, got {n} names for {width} columns. {remedy}",
            where=where,
            n=n_names,
            width=width,
            remedy=remedy,
        ),
        ask_for=ask_for,
    )


def refuse_repeated_columns(where: str, header: Sequence[Any]) -> None:
    """Refuse two columns of one name, which pandas would rename."""
    first: dict[str, int] = {}
    for position, name in enumerate(map(str, header), 1):
        earlier = first.setdefault(name, position)
        if earlier != position and name.strip():
            raise InputError(
                Message(
                    "{where}: columns {first} and {second} have the same name. {remedy}",
                    where=where,
                    first=earlier,
                    second=position,
                    remedy=Message("If this is a row of data, write the names above it")
                    if name.strip().isdigit()
                    else Message("Rename one of them"),
                )
            )
