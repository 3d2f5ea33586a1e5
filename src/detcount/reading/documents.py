"""Tables of documents as grids: merged cells, which of the tables hold data, and which one is asked for.

It is what saved pages, text programs, PDF and JSON share once their tables are found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from detcount.errors import InputError
from detcount.reading.grids import LOOKED_AT, Grid, names_at
from detcount.words import N_, Message

NO_TABLE = N_(
    "{file}: expected a table, got a document without one. Copy what it holds into a spreadsheet, and save "
    "it there as xlsx or CSV"
)
BROKEN = N_("{file}: the file is damaged or has a password. Open it in its program, and save it without")


@dataclass(frozen=True)
class Tuning:
    """Limits of what is read from documents.

    Parameters
    ----------
    most_cells : int
        Cells of a table, with those that merged cells reach over. Convention: as many as in a workbook.
    most_columns : int
        Columns that a cell may reach over. Convention: as many as in a spreadsheet.
    deepest : int
        Tables within tables. Convention: layouts of pages have some ten.
    most_named : int
        Tables that a message names. Convention: as for sheets.
    """

    most_cells: int = 10_000_000
    most_columns: int = 16_384
    deepest: int = 60
    most_named: int = 12


TUNING = Tuning()


@dataclass(repr=False)
class Cell:
    """A cell while it is read.

    Parameters
    ----------
    columns, rows : int, optional
        Columns and rows that it reaches over; 0 rows is to the end.
    continued : bool, optional
        Whether it continues the cell above.
    pieces : list of str, optional
        What it holds.
    pictures : int, optional
        How many pictures it holds.
    """

    columns: int = 1
    rows: int = 1
    continued: bool = False
    pieces: list[str] = field(default_factory=list)
    pictures: int = 0

    @property
    def text(self) -> str:
        """Its words with one space between."""
        return " ".join("".join(self.pieces).split())


@dataclass(repr=False)
class Found:
    """A table while it is read: its rows of cells, and what has to be said of it."""

    kind: str = "table"
    rows: list[list[Cell]] = field(default_factory=list)
    last: list[list[Cell]] = field(default_factory=list)  # its foot, which may stand before them
    inner: list[Found] = field(default_factory=list)
    hidden: int = 0  # rows
    notes: list[Message] = field(default_factory=list)


class Builder:
    """Tables as a document opens and closes them, those within others as well."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.done: list[Found] = []
        self._open: list[Found] = []
        self._cells: list[Cell | None] = []

    @property
    def cell(self) -> Cell | None:
        """The cell that is being read."""
        return self._cells[-1] if self._cells else None

    @property
    def is_open(self) -> bool:
        """True if a table or a list is being read."""
        return bool(self._open)

    @property
    def in_list(self) -> bool:
        """True if a list is being read, and no table within it."""
        return self.is_open and self._open[-1].kind != "table"

    def open(self, kind: str = "table") -> None:
        """Begin a table."""
        if len(self._open) >= TUNING.deepest:
            raise InputError(
                Message(
                    "{file}: expected at most {most} tables within each other, got more. Copy the table that "
                    "is needed into a spreadsheet, and save it there",
                    file=self.file,
                    most=TUNING.deepest,
                )
            )
        self._open.append(Found(kind))
        self._cells.append(None)

    def row(self, *, foot: bool = False, hidden: bool = False) -> None:
        """Begin a row of the innermost table."""
        if self._open:
            self._cells[-1] = None
            table = self._open[-1]
            (table.last if foot else table.rows).append([])
            table.hidden += hidden

    def begin(self, cell: Cell, *, foot: bool = False) -> None:
        """Begin a cell of the last row; a table without rows gets one."""
        if not self._open:
            return
        rows = self._open[-1].last if foot else self._open[-1].rows
        if not rows:
            rows.append([])
        rows[-1].append(cell)
        self._cells[-1] = cell

    def text(self, text: str) -> None:
        """Add text to the cell that is open."""
        if self._cells and (cell := self._cells[-1]) is not None:
            cell.pieces.append(text)

    def close(self) -> None:
        """End the innermost table; its text stands in the cell of the outer one as well."""
        if not self._open:
            return
        self._cells.pop()
        table = self._open.pop()
        if table.inner and not _has_names(_laid_out(self.file, table)[0]):
            self.done.extend(table.inner)  # it only says where they stand on the page
        elif self._open:
            self._open[-1].inner.append(table)
        elif table.kind == "items" and self.done and self.done[-1].kind == "items":
            self.done[-1].rows += table.rows
        else:
            self.done.append(table)
        if self.cell is not None:
            words = (cell.text for row in (*table.rows, *table.last) for cell in row)
            self.cell.pieces.append(f" {' '.join(words)} ")

    def close_all(self) -> None:
        """End what was never ended."""
        while self._open:
            self.close()

    def grids(self, notes: Sequence[Message] = ()) -> dict[str, Grid]:
        """The tables that hold data by name, or the lists where there is no table."""
        self.close_all()
        laid = [(each, *_laid_out(self.file, each)) for each in self.done]
        filled = [(each, rows, n) for each, rows, n in laid if any(map(any, rows))]
        return named_tables(self.file, [each for each in filled if each[0].kind == "table"] or filled, notes)


def _laid_out(file: str, table: Found) -> tuple[list[list[str]], int]:
    """Rows of text in which every column is in its place, and how many cells merged ones fill.

    A number is not repeated: it may be one count of several rows.
    """
    below: dict[int, tuple[int, str]] = {}  # columns that a cell above reaches over: rows to come, its value
    made: list[list[str]] = []
    n_filled = n_cells = 0
    cells = [*table.rows, *table.last]
    for row in cells:
        texts: list[str] = []
        given: Iterator[Cell] = iter(row)
        while True:
            if (above := below.pop(len(texts), None)) is not None:
                left, value = above
                if left > 1:
                    below[len(texts)] = (left - 1, value)
                texts.append(value)
                n_filled += bool(value)
                continue
            cell = next(given, None)
            if cell is None:
                if not any(column > len(texts) for column in below):
                    break
                texts.append("")
                continue
            at, value = len(texts), cell.text
            if cell.continued and made and at < len(made[-1]):
                value = _repeated(made[-1][at])
                n_filled += bool(value)
            wide = min(max(cell.columns, 1), TUNING.most_columns)
            texts += [value, *[""] * (wide - 1)]
            if cell.rows != 1:
                high = cell.rows or len(cells)
                below |= {at + k: (high - 1, "" if k else _repeated(value)) for k in range(wide)}
        n_cells += len(texts)
        if n_cells > TUNING.most_cells:
            raise InputError(
                Message(
                    "{file}: expected a table of at most {most:,} cells, got more. Copy what is needed into "
                    "a spreadsheet, and save it there",
                    file=file,
                    most=TUNING.most_cells,
                )
            )
        made.append(texts)
    return made, n_filled


def _repeated(value: str) -> str:
    """Text that a merged cell writes into the rows below its first."""
    return "" if value.replace(".", "").replace(",", "").isdigit() else value


def cells_filled(where: str, n: int) -> list[Message]:
    """Say that merged cells were filled, if any were."""
    if not n:
        return []
    return [
        Message.counted(
            "{where}: 1 cell that is merged with the one above was filled with its value",
            "{where}: {n:,} cells that are merged with one above were filled with its value",
            n=n,
            where=where,
        )
    ]


def named_tables(
    file: str, found: Sequence[tuple[Found, Sequence[list[str]], int]], notes: Sequence[Message]
) -> dict[str, Grid]:
    """Tables by name; where a row names the columns of some, others are left out, which is said."""
    names: list[Message] = []
    for number, (table, _, _) in enumerate(found, 1):
        shown = N_("table {n}") if table.kind == "table" else N_("list {n}")
        names.append(Message(shown, n=number))
    named = [_has_names(rows) for _, rows, _ in found]
    wide = [max(map(len, rows)) > 1 and len(rows) > 1 for _, rows, _ in found]
    kept = next((each for each in (named, wide) if any(each)), [True] * len(found))
    left = [name for name, keep in zip(names, kept, strict=True) if not keep]
    aside = (
        [
            Message.counted(
                "{file}: {tables:and} has no names of columns and was left out",
                "{file}: {tables:and} have no names of columns and were left out",
                n=len(left),
                file=file,
                tables=[*left[: TUNING.most_named], *["..."] * (len(left) > TUNING.most_named)],
            )
        ]
        if left
        else []
    )
    grids = {}
    for name, keep, (table, rows, n_filled) in zip(names, kept, found, strict=True):
        if not keep:
            continue
        where = Message("{file}, {table}", file=file, table=name) if sum(kept) > 1 else file
        noted = [*notes, *aside, *cells_filled(where, n_filled), *_noted(where, table), *table.notes]
        grids[str(name)] = Grid(list(rows), list(range(1, len(rows) + 1)), where, "sheet", tuple(noted))
    return grids


def _has_names(rows: Sequence[Sequence[str]]) -> bool:
    """Check whether a row names the columns of a table with rows below."""
    first = [row for row in rows[:LOOKED_AT] if any(row)]
    return len(first) > 1 and max(map(len, first)) > 1 and names_at(first, certain=True) is not None


def _noted(where: str, table: Found) -> Iterator[Message]:
    """Notes on hidden rows, and on cells that hold pictures alone."""
    if table.hidden:
        yield Message.counted(
            "{where}: 1 row is hidden on the page, and was read",
            "{where}: {n:,} rows are hidden on the page, and were read",
            n=table.hidden,
            where=where,
        )
    pictures = sum(bool(cell.pictures and not cell.text) for row in table.rows for cell in row)
    if pictures:
        yield Message.counted(
            "{where}: 1 cell holds a picture alone, and is blank. Write what it shows",
            "{where}: {n:,} cells hold pictures alone, and are blank. Write what they show",
            n=pictures,
            where=where,
        )


def chosen(file: str, tables: Mapping[str, Grid | list[Any]], table: str | int | None) -> str:
    """The name of the table that is asked for, or of the only one."""
    names = list(tables)
    if not names:
        raise InputError(Message(NO_TABLE, file=file))
    if isinstance(table, int) and 0 <= table < len(names):
        return names[table]
    if table in tables or (table is None and len(names) == 1):
        return names[0] if table is None else str(table)
    rows = {name: each.rows if isinstance(each, Grid) else each for name, each in tables.items()}
    sizes = [
        Message(
            "{table!r} ({n:,} rows of {k} columns)", table=name, n=len(each), k=max(map(len, each), default=0)
        )
        for name, each in list(rows.items())[: TUNING.most_named]
    ]
    raise InputError(
        Message(
            "{file}: expected the name of one of {n} tables as sheet, in lists of names as {code} or "
            "--sheet: {tables:,}. Name one, or save it in a file of its own",
            file=file,
            n=len(names),
            code=f"({file!r}, {names[0]!r})",
            tables=[*sizes, *["..."] * (len(names) > len(sizes))],
        )
    )
