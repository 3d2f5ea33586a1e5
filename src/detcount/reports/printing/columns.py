"""Rows as lines of text in columns, and columns declared once for frames and for people."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, cast

from detcount.words import Message, Number, translated

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Columns:
    """A small table of words and numbers, in no language yet.

    Parameters
    ----------
    head : tuple of str
        The headings.
    rows : tuple of tuple of str
        The cells: messages, or names and codes as plain texts.
    left : tuple of int, optional
        Positions of the columns that are aligned to the left.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: tuple[int, ...] = (0,)

    def translated(self, lang: str) -> str:
        """Give the table as text, in one language."""
        return text_in_columns([self.head, *self.rows], lang, left=self.left)


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a result, declared once: what frames call it, and what people read.

    Parameters
    ----------
    name : str, optional
        Its name in rows and frames; without one it is for people alone.
    value : str or callable, optional
        Where a row's value is: an attribute, also one with dots, or a function. By default the name.
    title : str, optional
        Its heading for people; without one it is in frames alone.
    write : str or callable, optional
        How people read a value: a format of numbers such as ``",.1f"``, "text" for what is printed as it is,
        "day", or a function of the value.
    missing : str, optional
        What people read in place of None.
    left : bool, optional
        Whether people read it aligned to the left.
    if_any : bool, optional
        Whether it is left out for people where it has nothing to say in any row.
    """

    name: str = ""
    value: str | Callable[[Any], Any] = ""
    title: str | None = None
    write: str | Callable[[Any], str] = "text"
    missing: str = "–"
    left: bool = False
    if_any: bool = False

    def of(self, row: Any) -> Any:
        """Value of a row: an object, or a dictionary."""
        if callable(self.value):
            return self.value(row)
        where = self.value or self.name
        return row[where] if isinstance(row, Mapping) else attrgetter(where)(row)

    def cell(self, row: Any) -> str:
        """Write a cell of a row for readers."""
        value = self.of(row)
        if value is None:
            return self.missing
        if callable(self.write):
            return self.write(value)
        if self.write == "text":
            return cast("str", value)
        return Message("{day}", day=value) if self.write == "day" else Number(value, self.write)


def plain_rows(columns: Iterable[Column], rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Rows as dictionaries of the values that frames have."""
    named = [column for column in columns if column.name]
    return [{column.name: column.of(row) for column in named} for row in rows]


def printed_columns(columns: Iterable[Column], rows: Iterable[Any]) -> Columns | None:
    """Rows as people read them; None where there are none."""
    found = list(rows)
    shown = []
    for column in columns:
        cells = [column.cell(row) for row in found]
        if column.title is not None and (any(cells) or not column.if_any):
            shown.append((column, cells))
    if not found or not shown:
        return None
    head = tuple(column.title or "" for column, _ in shown)
    left = (0, *(k for k, (column, _) in enumerate(shown) if k and column.left))
    return Columns(head, tuple(zip(*(cells for _, cells in shown), strict=True)), left)


def text_in_columns(lines: Sequence[Sequence[str]], lang: str, *, left: Collection[int] = (0,)) -> str:
    """Cells said in a language, in columns; those whose positions are in `left` are aligned to the left."""
    rows = [[translated(cell, lang) for cell in line] for line in lines]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in rows
    )


def frame_of(rows: Iterable[Mapping[str, Any]], columns: Sequence[str] = ()) -> pd.DataFrame:
    """Pandas frame of the rows; `columns` name them when there are none."""
    import pandas as pd

    found = list(rows)
    return pd.DataFrame(found) if found else pd.DataFrame(columns=list(columns))
