"""Rows of text with the lines on which they stand, and the row among them that names the columns.

It is one decision, for lists of names and for frames of marks: what is a name, a title, data, or a total.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from detcount.errors import InputError
from detcount.reading.cells import looks_like_document
from detcount.reading.days import looks_like_day
from detcount.reading.frames import how_to_ask, mark_of, meanings
from detcount.reading.headers import is_known, names_a_column, normal
from detcount.reading.nobody import has_name, without_nobody
from detcount.reading.text import clean, repaired
from detcount.words import N_, Message

COLUMNS_OF_DAYS = N_(
    "{where}: expected a row for each day, got a column for each day, week or month. Write a row for each "
    "source and day, with columns date, source and count, or fecha, fuente and cantidad"
)
NO_ROWS = N_("{where}: expected rows of persons below the names of the columns, got none")
"""Refusal of a list that names nobody."""
_MAYBE_A_PERSON = Message(
    "the first row may be a person, or the names of the columns. Write names of columns above it, such as "
    "nombre or document"
)


@dataclass(frozen=True, repr=False)
class Grid:
    """Cells as they stand in a file or a frame.

    Parameters
    ----------
    rows : list of list
        The cells: text, or the numbers and days of a sheet as a program reads them.
    lines : list of int
        The line of the file, or the row of the sheet, of each row; from 1.
    where : str
        What messages call it.
    of : {"text", "sheet", "frame"}
        What it was read from: the first row of a frame names the columns for certain, and rows of a text end
        where somebody stopped to write.
    notes : tuple of Message, optional
        What had to be guessed.
    """

    rows: list[list[Any]]
    lines: list[int]
    where: str
    of: Literal["text", "sheet", "frame"]
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True, repr=False)
class Table:
    """Columns of text with their names.

    Parameters
    ----------
    names : tuple of str
        Names of the columns.
    shown : tuple of str
        What outputs call them: by number where a name may be somebody's data.
    columns : list of list of str
        The cells of each column.
    numbers : list of int
        The number of each row below the names of the columns, from 1.
    lines : list of int
        The line of each row; empty where there are none, as in a frame.
    where : str
        What messages call the table.
    notes : tuple of Message
        What had to be guessed, or was left out.
    """

    names: tuple[str, ...]
    shown: tuple[str, ...]
    columns: list[list[str]]
    numbers: list[int]
    lines: list[int] = field(default_factory=list)
    where: str = ""
    notes: tuple[Message, ...] = ()

    @property
    def n_rows(self) -> int:
        """Rows of data."""
        return len(self.columns[0]) if self.columns else 0


def as_table(grid: Grid, asked: Collection[str] = ()) -> Table:
    """Find the names of the columns; take off titles, blank rows, repeated names and totals.

    A row that holds all names that somebody asked for names the columns.
    """
    notes = list(grid.notes)
    named = grid.of == "frame"
    texts = [[clean(repaired(cell)) for cell in row] for row in grid.rows]
    kept = [k for k, row in enumerate(texts) if named or any(row)]
    rows = [texts[k] for k in kept]
    lines = [grid.lines[number] for number in kept] if grid.lines else []
    if not rows:
        raise InputError(Message("{where}: expected rows of persons, got an empty table", where=grid.where))
    wanted = {normal(name) for name in asked}
    holding = [k for k, row in enumerate(rows[:LOOKED_AT]) if wanted and wanted <= {*map(normal, row)}]
    head = 0 if named else holding[0] if holding else names_at(rows)
    if head is None and _may_be_a_person(rows):
        raise InputError(Message("{where}: {what}", where=grid.where, what=_MAYBE_A_PERSON))
    if head is None:
        width = max(map(len, rows))
        names = tuple(f"column {number}" for number in range(1, width + 1))
        shown, begin = names, 0
        notes.append(
            Message(
                "{where}: no row names the columns, and they are told apart by what they hold. Name them in "
                "the first row, or say which is which in columns",
                where=grid.where,
            )
        )
    else:
        names, begin = _names(rows, head, ragged=grid.of == "text")
        known = any(map(is_known, names))  # else a frame may have taken its first person for names
        if named and not known and (any(map(is_data, names)) or has_name(names)):
            raise InputError(Message("{where}: {what}", where=grid.where, what=_MAYBE_A_PERSON))
        shown = tuple(
            name if name and (normal(name) in wanted or (known and not is_data(name))) else f"column {number}"
            for number, name in enumerate(names, 1)
        )
        names = tuple(name or f"column {number}" for number, name in enumerate(names, 1))
        notes += titles_left_out(grid.where, rows[:head] if head else [])
    body, body_lines = rows[begin:], lines[begin:]
    header = rows[head] if head is not None else None
    keep, noted = without_nobody(body, header, grid.where, body_lines, of=grid.of, doubts=True)
    notes += noted
    body = [body[k] for k in keep]
    body_lines = [body_lines[k] for k in keep] if lines else []
    _refuse_too_wide(body, body_lines, len(names), grid.where)
    if not body:
        raise InputError(Message(NO_ROWS, where=grid.where))
    columns = [[row[k] if k < len(row) else "" for row in body] for k in range(len(names))]
    numbers = [k + 1 for k in keep]
    return Table(names, shown, columns, numbers, body_lines, grid.where, tuple(notes))


def titles_left_out(where: str, above: Sequence[Sequence[str]]) -> list[Message]:
    """Say that rows above the names of the columns were left out, if any were."""
    n = sum(map(any, above))
    if n == 0:
        return []
    return [
        Message.counted(
            "{where}: 1 row above the names of the columns is taken for a title and was left out",
            "{where}: {n} rows above the names of the columns are taken for titles and were left out",
            n=n,
            where=where,
        )
    ]


def names_at(rows: Sequence[Sequence[str]], *, certain: bool = False) -> int | None:
    """Position of the row that names the columns; None where no row shows that it does.

    It shows it by words that name columns, or by words above figures. Where some row is `certain` to name
    them, small numbers and marks are figures too; else the first person may stand above the age of the next.
    """
    of_days = next((k for k, row in enumerate(rows[:LOOKED_AT]) if _names_days(row)), None)
    if of_days is not None:
        return of_days
    widths = [*map(_n_filled, rows[:200])]
    usual = Counter(widths).most_common(1)[0][0]
    worded = _worded(rows)
    best: tuple[int, int] | None = None
    for position, row in enumerate(rows[:LOOKED_AT]):
        if widths[position] > max(2, usual / 2) and any(map(is_data, row)):
            break
        n_known = sum(names_a_column(cell) for cell in row if cell)
        if any(map(is_data, row)) or not (n_known >= 2 or usual / 2 < widths[position] <= max(2, usual)):
            continue
        if (has_name(row) and 2 * n_known <= widths[position]) or (n_known and _comes_again(rows, position)):
            continue  # somebody who was held in a "Distrito Capital"
        if worded is not None and position > worded and (n_known < 2 or any(map(_is_figure, row))):
            continue  # somebody below names of columns
        # a title such as "Lista de personas detenidas" is one cell above many
        if widths[position] == 1 and max(widths[position + 1 : position + 20], default=1) > 1 and usual > 1:
            continue
        if n_known > (0 if best is None else best[0]):
            best = (n_known, position)
    if best is not None:
        return best[1]
    if worded is None or max(widths[:worded], default=0) > max(widths) / 2:
        return None
    if worded and any(map(_is_short_name, rows[0])):
        return None
    if has_name(rows[worded]) and (worded or not any(map(names_a_column, rows[0]))):
        return None  # persons are called Amparo, and so are writs
    figures = _is_figure if certain else is_data
    return worded if _names_figures(rows[worded], rows[worded + 1 : worded + 20], figures) else None


def _may_be_a_person(rows: Sequence[Sequence[str]]) -> bool:
    """Check whether the first row names several columns, or stands above names of persons alone."""
    widths = [*map(_n_filled, rows[:LOOKED_AT])]
    if any(map(_is_short_name, rows[0])) and widths[0] <= max(widths) / 2:
        return True
    wide = next(k for k, width in enumerate(widths) if width > max(widths) / 2)
    below = rows[wide + 1 : wide + 20]
    if any(any(map(is_data, row)) for row in rows[wide : wide + 20]) or has_name(rows[wide]):
        return False
    return sum(map(has_name, below)) > len(below) / 2


def _comes_again(rows: Sequence[Sequence[str]], position: int) -> bool:
    """Check whether a cell that seems to name a column stands there again, but in the rows beside it."""
    others = [
        row for row in (*rows[: max(position - 1, 0)], *rows[position + 2 : 200]) if row != rows[position]
    ]
    return any(
        names_a_column(cell) and any(column < len(row) and row[column] == cell for row in others)
        for column, cell in enumerate(rows[position])
        if cell
    )


def _names_figures(
    names: Sequence[str], below: Sequence[Sequence[str]], figures: Callable[[str], bool]
) -> bool:
    """Check whether a word stands above figures, which it names."""
    return any(
        cell and sum(figures(row[column]) for row in below if column < len(row)) > len(below) / 2
        for column, cell in enumerate(names)
    )


def _names(rows: Sequence[Sequence[str]], head: int, *, ragged: bool) -> tuple[tuple[str, ...], int]:
    """Names of the columns, and the first row of data; names in two rows are put together."""
    upper = list(rows[head])
    below = rows[head + 1 : head + 2] if ragged else rows[head + 1 : head + 50]
    width = max(len(upper), max(map(len, below), default=0))
    upper += [""] * (width - len(upper))
    together = in_two_rows(upper, rows[head + 1 : head + 2])
    if together:
        return together, head + 2
    if ragged:  # what stands beyond the names has to be blank
        width = len(rows[head])
        del upper[width:]
    while (
        width > 1
        and not upper[-1]
        and all(len(row) < width or not row[width - 1] for row in rows[head + 1 :])
    ):
        upper.pop()
        width -= 1
    return tuple(upper), head + 1


def in_two_rows(upper: Sequence[str], below: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Names of columns that the row below divides, put together; none where it does not."""
    rows = [upper, *below[:1]]
    upper, lower = ([*row, *[""] * (max(map(len, rows)) - len(row))] for row in (upper, rows[-1]))
    filled = [cell for cell in lower if cell]
    n_known = sum(map(names_a_column, filled))
    if (
        not below
        or 2 * n_known < max(len(filled), 1)
        or any(map(_is_figure, filled))
        or not _divided(upper, lower)
    ):
        return ()
    group, names = "", []
    for one, two in zip(upper, lower, strict=True):
        group = one or group
        names.append((f"{one or group} {two}" if one != two else one) if two else one)
    return tuple(name.strip() for name in names)


def _divided(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Check whether the second row divides columns that the first names together."""
    return any(two and not one for one, two in zip(upper, lower, strict=True)) or any(
        two and one and not names_a_column(one) for one, two in zip(upper, lower, strict=True)
    )


def is_data(cell: str) -> bool:
    """Check whether a cell holds what no name of a column does."""
    return bool(cell) and (
        sum(sign.isdigit() for sign in cell) >= 5 or looks_like_document(cell) or looks_like_day(cell)
    )


def _refuse_too_wide(rows: Sequence[Sequence[str]], lines: Sequence[int], width: int, where: str) -> None:
    """Refuse a row with more cells than there are names."""
    for position, row in enumerate(rows):
        if any(row[width:]):
            line = lines[position] if lines else position + 1
            raise InputError(
                Message(
                    "{where}, line {line}: expected {wanted} fields, one for each column, got {found}. Put "
                    "quotes around text that holds the separator, and name every column",
                    where=where,
                    line=line,
                    wanted=width,
                    found=len(row),
                )
            )


@dataclass(frozen=True)
class Tuning:
    """Thresholds of columns that are days.

    Parameters
    ----------
    fewest_days : int, columns
        Fewest columns named by days, weeks or months that make a table one of days across.
        Convention: three; two columns may be two days of a row.
    """

    fewest_days: int = 3


TUNING = Tuning()
FEWEST_DAYS = TUNING.fewest_days

LOOKED_AT = 30  # rows in which a title above the names of the columns shows itself
_FIGURES = re.compile(r"[\d\s.,:/+-]+")
_MARKS = frozenset(("0", "1", "x", "si", "sí", "no", "yes", "true", "false"))
_WHOLE_DAY = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{2,4}( 00:00:00)?")
_DOCUMENT = re.compile(r"(?:[a-z]{1,2}[-. ]?)?\d(?:[ ./-]?\d){5,}")  # or a day, in figures


def refuse_few_names(
    where: str, rows: Sequence[Sequence[str]], lines: Sequence[int], at: int, *, in_sheet: bool
) -> None:
    """Refuse a row of names that fills half of the columns or fewer, where rows below it fill more."""
    width, named = max(map(len, rows)), _n_filled(rows[at])
    if named > width / 2 or max(map(_n_filled, rows[at + 1 :]), default=0) <= max(named, 1):
        return
    likely = _worded(rows[:-1], at + 1)
    if likely is None:
        remedy = Message(
            "If it is a title, say which row names the columns: for the third, {ask}. If it is none, name "
            "every column",
            ask=how_to_ask({"header_row": 3}),
        )
    else:
        remedy = Message(
            "The names seem to stand in {row}, below a title: {ask}",
            row=Message("row {line} of the sheet", line=lines[likely])
            if in_sheet
            else Message("line {line}", line=lines[likely]),
            ask=how_to_ask({"header_row": lines[likely]}),
        )
    raise InputError(
        Message.counted(
            "{where}: expected the names of the columns, got {n} name for {width} columns. {remedy}",
            "{where}: expected the names of the columns, got {n} names for {width} columns. {remedy}",
            where=spot_of(where, lines[at], in_sheet=in_sheet),
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


def _is_short_name(cell: str) -> bool:
    """Check whether a cell is a word or two that name a column, and no title."""
    return len(cell.split()) <= 2 and names_a_column(cell)


def _is_figure(cell: str) -> bool:
    """Check whether a cell holds figures or a mark; "no" may name a column of numbers."""
    marks = mark_of(cell) is not None and not names_a_column(cell)
    return bool(cell) and (marks or is_data(cell) or bool(_FIGURES.fullmatch(cell)))


def _n_filled(row: Sequence[str]) -> int:
    """Cells of a row that hold something."""
    return sum(map(bool, row))


def _worded(rows: Sequence[Sequence[str]], begin: int = 0) -> int | None:
    """Position of the first row of different words in more than half of the columns; None if there is none.

    Neither figures nor marks such as "x" are words.
    """
    most = max(map(_n_filled, rows[:LOOKED_AT]), default=0)
    for position, row in enumerate(rows[begin:LOOKED_AT], begin):
        names = [cell for cell in row if cell]
        if 2 * len(names) > most and len(set(names)) == len(names) and not any(map(_is_figure, names)):
            return position
    return None


def refuse_data(where: str, rows: Sequence[Sequence[str]]) -> None:
    """Refuse a first row that is one of data: it holds a document, or what comes again below it.

    Its cells would be shown as the names of columns, and its person would be lost. Where the names of the
    columns are repeated further below, they are names.
    """
    if _names_days(rows[0]):
        return
    if days_in(rows[0]):
        raise InputError(
            Message(
                COLUMNS_OF_DAYS,
                where=where,
            )
        )
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
        raise InputError(
            Message(
                "{where}: expected the names of the columns, got what seems to be a row of data. Write a row "
                "with the names of the columns above it",
                where=where,
            )
        )


def days_in(names: Sequence[str]) -> list[str]:
    """The names of columns that are days; none where they are few."""
    found = [name for name in names if looks_like_day(name)]
    return found if len(found) >= FEWEST_DAYS else []


def _names_days(row: Sequence[str]) -> bool:
    """Check whether a row names who published, and a whole day in every other column but one at most."""
    days = days_in(row)
    sources = sum("source" in meanings("columns", name) for name in row)
    return (
        bool(days)
        and sources == 1
        and _n_filled(row) - len(days) <= 2
        and all(map(_WHOLE_DAY.fullmatch, days))
    )


def refuse_repeated_columns(where: str, header: Sequence[str]) -> None:
    """Refuse two columns of one name, which pandas would rename."""
    first: dict[str, int] = {}
    for position, name in enumerate(header, 1):
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
