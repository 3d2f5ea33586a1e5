"""Where lists come from: files of text, workbooks, Parquet and frames, as rows of text."""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import numpy as np

from detcount.errors import InputError, MissingExtraError
from detcount.files import content_of, drained
from detcount.frames import Frame
from detcount.linkage.cells import as_text
from detcount.linkage.encoding import decoded
from detcount.linkage.grids import Grid
from detcount.linkage.headers import is_known
from detcount.linkage.sheets import read_sheet
from detcount.words import Message

_SEPARATORS = (";", "\t", "|", ",")
_LOOKED_AT = 200  # rows that show the separator
_NAMED_SEPARATOR = re.compile(r'\ufeff?"?sep=(.)"?(?:\r\n|\r|\n)', re.IGNORECASE)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_PARQUET = b"PAR1"
_DOCUMENTS = (b"%PDF", b"{\\rtf", b"<!DOCTYPE", b"<html", b"\x89PNG", b"\xff\xd8\xff")


def read_grid(source: Any, where: str) -> Grid:
    """Rows of a path, of a pair of a path and a sheet, of a stream of bytes, or of a frame."""
    sheet: str | int | None = None
    if isinstance(source, tuple) and len(source) == 2:
        source, sheet = source
    if isinstance(source, (str, os.PathLike)):
        path = Path(source)
        if not path.is_dir():
            return _of_bytes(path.name, content_of(path), sheet)
        return _of_folder(path)
    if callable(getattr(source, "read", None)):
        content = drained(source, where)
        if not isinstance(content, bytes):
            raise InputError(
                Message(
                    "{file}: expected bytes, got text. Open the file in the mode {mode!r}",
                    file=where,
                    mode="rb",
                )
            )
        return _of_bytes(where, content, sheet)
    return _of_frame(where, source)


def _of_bytes(file: str, content: bytes, sheet: str | int | None) -> Grid:
    """Rows of a file, whose beginning says what it is."""
    if content.startswith(_PARQUET):
        return _of_parquet(file, content)
    if content.startswith(_WORKBOOKS):
        return read_sheet(file, content, sheet)
    if content.lstrip()[:16].startswith(_DOCUMENTS):
        raise InputError(
            Message(
                "{file}: expected a table, got a page or a picture. Copy the table into a spreadsheet, and "
                "save it there",
                file=file,
            )
        )
    if sheet is not None:
        raise InputError(
            Message("{file}: expected a workbook, as a sheet is named, got another file", file=file)
        )
    text = decoded(file, content)
    rows, lines = _rows_of_text(file, text.text)
    return Grid(rows, lines, file, ragged=True, notes=text.notes)


def _of_folder(path: Path) -> Grid:
    """Rows of a folder of Parquet."""
    with suppress(ArithmeticError, LookupError, OSError, RuntimeError, TypeError, ValueError):
        return _of_frame(path.name, str(path))
    raise InputError(
        Message("{file}: expected a file, or a folder of Parquet, got another folder", file=path.name)
    )


def _of_parquet(file: str, content: bytes) -> Grid:
    """Rows of a Parquet file."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise MissingExtraError(Message("reading Parquet"), "parquet") from None
    table = None
    with suppress(pyarrow.ArrowException, OSError):
        table = parquet.read_table(BytesIO(content))
    if table is None:
        raise InputError(Message("{file}: the file cannot be read as Parquet. Write it again", file=file))
    return _of_frame(file, table)


def _of_frame(where: str, frame: Any) -> Grid:
    """Rows of a frame of any kind; its columns have names for certain."""
    if frame is None or isinstance(frame, (int, float, list, set, tuple)):
        raise TypeError(
            Message(
                "{where}: expected a file, a pair of a workbook and a sheet, bytes, or a frame, got {kind}. "
                "Rows in a list become a frame with pandas.DataFrame",
                where=where,
                kind=type(frame).__name__,
            )
        )
    pandas = type(frame).__module__.partition(".")[0] == "pandas"
    names = list(getattr(frame, "columns", ())) if pandas else []
    if not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        raise InputError(
            Message(
                "{where}: expected a name in text for every column, each of its own, got numbers or names "
                "that come twice. Rename the columns",
                where=where,
            )
        )
    read = Frame.of(frame)
    columns = _cells(read, read.names)
    for number, name in enumerate(read.names, 1):
        filled = [cell for cell in columns[name] if cell is not None]
        if is_known(name) and filled and all(isinstance(cell, (dict, list, np.ndarray)) for cell in filled):
            raise InputError(
                Message(
                    "{where}, column {number}: expected cells of text, numbers or days, got several values "
                    "in one cell, or a day that no calendar has. Write the column as text",
                    where=where,
                    number=number,
                )
            )
    texts = [list(map(as_text, columns[name])) for name in read.names]
    if len({len(column) for column in texts}) > 1:
        raise InputError(
            Message(
                "the columns have different lengths, {lengths}",
                lengths=repr(sorted({len(column) for column in texts})),
            )
        )
    rows = [list(map(str, read.names)), *map(list, zip(*texts, strict=True))]
    return Grid(rows, [], where, named=True)


def _cells(frame: Frame, names: Sequence[str]) -> dict[str, list[Any]]:
    """Cells of some columns by name; lists of nothing for instants that no calendar has."""
    with suppress(OverflowError):
        return frame.cells(names)
    if len(names) == 1:
        return {names[0]: [[]]}
    return {name: _cells(frame, (name,))[name] for name in names}


def _rows_of_text(file: str, text: str) -> tuple[list[list[str]], list[int]]:
    """Cells of a text, and the line on which each row begins."""
    named = _NAMED_SEPARATOR.match(text)
    start = 0 if named is None else named.end()
    separator = _separator(file, text[start:]) if named is None else named[1]
    first = 1 if named is None else 2
    if separator is None:  # one column, in which commas stand between surnames and given names
        lines = text[start:].splitlines()
        return [[line.strip().strip('"')] for line in lines], list(range(first, first + len(lines)))
    rows: list[list[str]] = []
    numbers: list[int] = []
    for number, row in _records(file, text[start:], separator):
        rows.append(row)
        numbers.append(number + first - 1)
    if text.count('"') % 2 and rows and "\n" in "".join(rows[-1]).strip("\n"):
        raise InputError(
            Message(
                "{file}, line {line}: a quotation begins in this row and never ends. Put quotes around text "
                "that holds the separator",
                file=file,
                line=numbers[-1],
            )
        )
    return rows, numbers


def _records(file: str, text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Fields of each row, and the line on which it begins."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    begins = 1
    while True:
        too_long = False
        try:
            row = next(reader, None)
        except csv.Error:
            too_long, row = True, None
        if too_long:
            raise InputError(
                Message(
                    "{file}, line {line}: a cell is longer than any cell of a list of names. Look for a "
                    "quotation that never ends",
                    file=file,
                    line=begins,
                )
            )
        if row is None:
            return
        yield begins, row
        begins = reader.line_num + 1


def _separator(file: str, text: str) -> str | None:
    """The separator that splits most rows into the same number of fields; None where there is one column."""
    head = text[: 1 << 18]
    best: tuple[float, int, str] | None = None
    for separator in _SEPARATORS:
        widths = list(_widths(file, head, separator))
        if not widths:
            continue
        (width, n_rows), *_ = Counter(width for width in widths if width > 1).most_common(1) or [(1, 0)]
        share = n_rows / len(widths)
        if width > 1 and (
            best is None or (share > 0.5, share * min(width, 4)) > (best[0] > 0.5, best[0] * min(best[1], 4))
        ):
            best = (share, width, separator)
    if best is None:
        return None
    share, width, separator = best
    names = next(
        (row for _, row in _records(file, head, separator) if any(field.strip() for field in row)), []
    )
    if separator == "," and width == 2 and len(names) == 1:
        # "nombre" above "PEREZ, JUAN": the comma belongs to the name, unless a row below names two columns
        second = any(
            len(row) == 2 and all(is_known(field) for field in row)
            for _, row in _first(_records(file, head, separator), 30)
        )
        return separator if second else None
    return separator


def _first(rows: Iterable[tuple[int, list[str]]], n: int) -> Iterator[tuple[int, list[str]]]:
    """The first rows."""
    for _, row in zip(range(n), rows, strict=False):
        yield row


def _widths(file: str, text: str, separator: str) -> Iterator[int]:
    """Fields of the first rows that hold something."""
    for _, (_, row) in zip(range(_LOOKED_AT), _records(file, text, separator), strict=False):
        if any(field.strip() for field in row):
            yield len(row)
