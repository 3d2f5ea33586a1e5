"""Lists of names as grids of text: from files, from a sheet of a workbook, and from frames."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from detcount.errors import InputError
from detcount.frames import Frame
from detcount.reading import message
from detcount.reading.cells import as_text
from detcount.reading.content import Source
from detcount.reading.grids import Grid
from detcount.reading.headers import is_known
from detcount.reading.tables import read_parquet
from detcount.reading.text import text_of
from detcount.reading.workbooks import read_sheet


def read_grid(given: Any, where: str) -> Grid:
    """Rows of a path, of a pair of a path and a sheet, of a stream of bytes, or of a frame."""
    sheet: str | int | None = None
    if isinstance(given, tuple) and len(given) == 2:
        given, sheet = given
    if isinstance(given, (str, os.PathLike)) and Path(given).is_dir():
        with suppress(ArithmeticError, LookupError, OSError, RuntimeError, TypeError, ValueError):
            return _of_frame(Path(given).name, str(given))
        raise InputError(message("folder without Parquet", file=Path(given).name))
    if not (isinstance(given, (str, os.PathLike)) or callable(getattr(given, "read", None))):
        return _of_frame(where, given)
    source = Source.of(given, where)
    if source.kind == "workbook":
        grid = read_sheet(source, sheet)
        return replace(grid, rows=[list(map(as_text, row)) for row in grid.rows])
    if source.kind == "Parquet":
        return _of_frame(source.name, read_parquet(source))
    if sheet is not None:
        raise InputError(message("sheet of no workbook", file=source.name))
    text = text_of(source)
    rows, lines = text.rows()
    return Grid(rows, lines, source.name, "text", text.notes)


def _of_frame(where: str, frame: Any) -> Grid:
    """Rows of a frame of any kind; its columns have names for certain."""
    if frame is None or isinstance(frame, (int, float, list, set, tuple)):
        raise TypeError(message("no list", where=where, kind=type(frame).__name__))
    pandas = type(frame).__module__.partition(".")[0] == "pandas"
    names = list(getattr(frame, "columns", ())) if pandas else []
    if not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        raise InputError(message("names of columns of a frame", where=where))
    read = Frame.of(frame)
    columns = _cells(read, read.names)
    for number, name in enumerate(read.names, 1):
        filled = [cell for cell in columns[name] if cell is not None]
        if is_known(name) and filled and all(isinstance(cell, (dict, list, np.ndarray)) for cell in filled):
            raise InputError(message("several values in a cell", where=where, number=number))
    texts = [list(map(as_text, columns[name])) for name in read.names]
    if len({len(column) for column in texts}) > 1:
        raise InputError(
            message("different lengths", lengths=repr(sorted({len(column) for column in texts})))
        )
    rows = [list(map(str, read.names)), *map(list, zip(*texts, strict=True))]
    return Grid(rows, [], where, "frame")


def _cells(frame: Frame, names: Sequence[str]) -> dict[str, list[Any]]:
    """Cells of some columns by name; lists of nothing for instants that no calendar has."""
    with suppress(OverflowError):
        return frame.cells(names)
    if len(names) == 1:
        return {names[0]: [[]]}
    return {name: _cells(frame, (name,))[name] for name in names}
