"""Files that no text can hold: bombs, pipes, workbooks, bytes that are no text."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

__all__ = ["far_cell", "pipe", "zeros"]

_ONE, _OTHER = "A1", "XFD1048576"


def _workbook(path: Path, rows: list[list[object]]) -> None:
    """Write a sheet, every row of it."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


def _with_part(path: Path, name: str, change: tuple[bytes, bytes]) -> None:
    """Change what stands in a part of an archive."""
    old = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            inside = old.read(each)
            new.writestr(each, inside.replace(*change) if each == name else inside)


def far_cell(path: Path) -> None:
    """A sheet of two rows, and one cell at the last row and column that a sheet can have."""
    _workbook(path, [["a", "b"], [1, 0], [0, 1], [1, 1]])
    last = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    _with_part(path, "xl/worksheets/sheet1.xml", (b"</sheetData>", last))


def pipe(path: Path) -> None:
    """A pipe that nobody writes to."""
    os.mkfifo(path)


def zeros(path: Path) -> None:
    """A link to a device that never ends."""
    path.symlink_to("/dev/zero")
