"""What the first row of a file must be: the names of the columns, each once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detcount.errors import InputError
from detcount.words import Message

__all__ = ["LOOKED_AT", "TITLE", "refuse_repeated_columns", "refuse_title", "too_few_names"]

LOOKED_AT = 20  # rows in which a title above the names of the columns shows itself
TITLE = Message("If it is a title, delete what stands above the names of the columns; else name every column")


def refuse_title(where: str, rows: Sequence[Sequence[object]]) -> None:
    """Refuse a first row that names half of the columns or fewer, where rows below fill more."""

    def filled(row: Sequence[object]) -> int:
        return sum(cell is not None and cell == cell and bool(str(cell).strip()) for cell in row)

    width, named = len(rows[0]), filled(rows[0])
    most = max((filled(row) for row in rows[1:]), default=0)
    if width > 1 and named <= width / 2 and most > max(named, 1):
        raise InputError(too_few_names(where, named, width))


def too_few_names(where: str, n_names: int, width: int) -> Message:
    """Message for a first row that does not name the columns."""
    return Message.counted(
        "{where}: expected the names of the columns, got {n} name for {width} columns. {remedy}",
        "{where}: expected the names of the columns, got {n} names for {width} columns. {remedy}",
        where=where,
        n=n_names,
        width=width,
        remedy=TITLE,
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
