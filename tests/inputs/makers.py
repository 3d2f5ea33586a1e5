"""Files that no text can hold: bombs, pipes, workbooks, bytes that are no text."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path

import pandas as pd

import detcount as dc

__all__ = ["far_cell", "link_to_c", "pipe", "record", "three_lists", "zeros"]

_ROWS = "a,b,c,count\n1,0,0,41\n0,1,0,33\n0,0,1,28\n1,1,0,19\n1,0,1,12\n0,1,1,9\n1,1,1,7\n"


def three_lists(path: Path) -> None:
    """Persons by capture history, no two cells alike."""
    path.write_text(_ROWS, encoding="utf-8")


def record(path: Path) -> None:
    """The record of a full report on these lists, by two quick methods."""
    table = pd.read_csv(io.StringIO(_ROWS))
    lists = ["a", "b", "c"]
    made = dc.assess(
        dc.CaptureTable.from_frame(table, lists=lists, count="count"), families=["chao", "chapman"]
    )
    path.write_text(json.dumps(made.record(disclosure="full")), encoding="utf-8")


def link_to_c(path: Path) -> None:
    """Another name of the file with the data."""
    path.symlink_to("c.csv")


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
