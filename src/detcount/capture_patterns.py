"""A column of capture histories written as text, such as "101", as a column of 0 and 1 for each list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount.capture_rows import free_name
from detcount.errors import InputError
from detcount.frames import Frame, Place, column_name, missing
from detcount.words import Message

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
    """Figures of a cell of text or of an exact whole number."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, (bool, np.bool_)) or not isinstance(cell, (int, float, np.integer, np.floating)):
        return None
    if isinstance(cell, (float, np.floating)) and not (0 <= cell < _EXACT and cell == int(cell)):
        return None
    return str(int(cell))
