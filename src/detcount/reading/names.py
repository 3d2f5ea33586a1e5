"""The row that names the columns of a frame: found below titles, and refused where it is one of data."""

from __future__ import annotations

import re
from collections.abc import Sequence

from detcount.errors import InputError
from detcount.frames import how_to_ask, mark_of
from detcount.reading import message
from detcount.reading.grids import has_name, is_data, names_figures
from detcount.reading.headers import is_known
from detcount.words import Message

LOOKED_AT = 30  # rows in which a title above the names of the columns shows itself
_FIGURES = re.compile(r"[\d\s.,:/+-]+")
_MARKS = frozenset(("0", "1", "x", "si", "sí", "no", "yes", "true", "false"))
_DOCUMENT = re.compile(r"(?:[a-z]{1,2}[-. ]?)?\d(?:[ ./-]?\d){5,}")  # or a day, in figures


def names_at(
    where: str, rows: Sequence[Sequence[str]], lines: Sequence[int], *, in_sheet: bool, asked: bool
) -> int:
    """Position of the row that names the columns: the first, or one below titles; a doubt is refused.

    The first is a title where it fills half of the columns or fewer and rows below fill more. A row below it
    is taken for the names if it says so itself, with words that name columns or words above figures, and
    nobody asked for the first.
    """
    width, named = max(map(len, rows)), _n_filled(rows[0])
    most = max(map(_n_filled, rows[1:]), default=0)
    if named > width / 2 or most <= max(named, 1):
        return 0
    likely = _likely(rows)
    if likely is not None and not (asked or has_name(rows[likely]) or any(map(_names_a_column, rows[0]))):
        below = rows[likely + 1 :]
        if names_figures(rows[likely], below, _is_figure) or any(map(is_known, rows[likely])):
            return likely
    if likely is None:
        remedy = message("say which row", ask=how_to_ask({"header_row": 3}))
    else:
        remedy = message(
            "names seem below",
            row=Message("row {line} of the sheet" if in_sheet else "line {line}", line=lines[likely]),
            ask=how_to_ask({"header_row": lines[likely]}),
        )
    raise InputError(
        message(
            "too few names",
            where=spot_of(where, lines[0], in_sheet=in_sheet),
            n=named,
            width=width,
            remedy=remedy,
        ),
        ask_for={} if likely is None else {"header_row": lines[likely]},
    )


def spot_of(where: str, line: int, *, in_sheet: bool) -> Message:
    """A line of a text, or a row of a sheet, as messages name it."""
    if in_sheet:
        return Message("{where}, row {row}", where=where, row=line)
    return Message("{file}, line {line}", file=where, line=line)


def _names_a_column(cell: str) -> bool:
    """Whether a cell is a word or two that name a column, and no title."""
    return len(cell.split()) <= 2 and is_known(cell)


def _is_figure(cell: str) -> bool:
    """Whether a cell holds figures or a mark."""
    return bool(cell) and (is_data(cell) or mark_of(cell) is not None or bool(_FIGURES.fullmatch(cell)))


def _n_filled(row: Sequence[str]) -> int:
    """Cells of a row that hold something."""
    return sum(map(bool, row))


def _likely(rows: Sequence[Sequence[str]]) -> int | None:
    """Position of the row below the first that looks like the names of the columns; None if none does.

    Names are different texts, neither figures nor marks such as "x", in more than half of the columns that
    any row fills, with rows below them.
    """
    most = max(map(_n_filled, rows), default=0)
    for position, row in enumerate(rows[1:-1], 1):
        names = [cell for cell in row if cell]
        if (
            len(names) > max(1, most / 2)
            and len(set(names)) == len(names)
            and not any(map(_is_figure, names))
        ):
            return position
    return None


def refuse_data(where: str, rows: Sequence[Sequence[str]]) -> None:
    """Refuse a first row that is one of data: it holds a document, or what comes again below it.

    Its cells would be shown as the names of columns, and its person would be lost. Where the names of the
    columns are repeated further below, they are names.
    """
    first, *below = [[cell.casefold() for cell in row] for row in rows]
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
        raise InputError(message("row of data for names", where=where))


def refuse_repeated_columns(where: str, header: Sequence[str]) -> None:
    """Refuse two columns of one name, which pandas would rename."""
    first: dict[str, int] = {}
    for position, name in enumerate(header, 1):
        earlier = first.setdefault(name, position)
        if earlier != position and name.strip():
            raise InputError(
                message(
                    "columns of one name",
                    where=where,
                    first=earlier,
                    second=position,
                    remedy=Message("If this is a row of data, write the names above it")
                    if name.strip().isdigit()
                    else Message("Rename one of them"),
                )
            )
