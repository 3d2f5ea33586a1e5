"""Files that no text can hold: bombs, pipes, workbooks, bytes that are no text."""

from __future__ import annotations

import copy
import io
import json
import os
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

import detcount as dc

Maker = Callable[[Path], None]
_ROWS = "a,b,c,count\n1,0,0,41\n0,1,0,33\n0,0,1,28\n1,1,0,19\n1,0,1,12\n0,1,1,9\n1,1,1,7\n"


def three_lists(path: Path) -> None:
    """Persons by capture history, no two cells alike."""
    path.write_text(_ROWS, encoding="utf-8")


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


@cache
def _record() -> dict[str, Any]:
    """The record of a full report on these lists, by two quick methods."""
    return _assessed().record(disclosure="full")


def _assessed() -> Any:
    return dc.assess(_table(), families=["chao", "chapman"])


def _table() -> dc.CaptureTable:
    frame = pd.read_csv(io.StringIO(_ROWS))
    return dc.CaptureTable.from_frame(frame, lists=["a", "b", "c"], count="count")


def _of_estimator(code: str) -> Maker:
    """A maker of the record of one estimate, whose estimator is some code."""

    def make(path: Path) -> None:
        made = dc.abundance.ChaoLowerBound().fit(_table()).record()
        path.write_text(json.dumps({**made, "estimator": code}), encoding="utf-8")

    return make


def _changed(*way: str, to: object) -> Maker:
    """A maker of a record in which one value is another."""

    def make(path: Path) -> None:
        made = copy.deepcopy(_record())
        inside = made
        for key in way[:-1]:
            inside = inside[key]
        inside[way[-1]] = to
        path.write_text(json.dumps(made), encoding="utf-8")

    return make


record = _changed("seed", to=0)
record_with_function = _of_estimator("known_bank()")
record_with_call = _of_estimator("fitted_unobserved(1, 2)")
record_with_prior = _of_estimator("UniformN()")
record_with_number = _of_estimator("float('inf')")
record_with_pair = _of_estimator("(1, 2)")
record_with_signs = _of_estimator("-" * 50_000 + "1")
record_with_fewer_signs = _of_estimator("-" * 9_000 + "1")
record_with_estimator_as_prior = _of_estimator("DecomposableGraphs(prior=Zelterman())")
record_of_long_version = _changed("versions", "detcount", to="1" * 5000)
record_of_coloured_version = _changed("versions", "detcount", to="\x1b[31m<b>")
record_with_coloured_digest = _changed("data_sha256", to="x\x1b[31m")
record_with_name = _changed("estimates", "chao", "point", to="Zorbaxena")
record_with_named_key = _changed("estimates", "chao", "Zorbaxena", to=1)


def record_with_digits(path: Path) -> None:
    """A record whose seed has more digits than Python reads."""
    path.write_text(json.dumps({**_record(), "seed": 0}).replace('"seed": 0', '"seed": ' + "1" * 5000))


def record_of_brackets(path: Path) -> None:
    """JSON that goes deeper than Python follows."""
    path.write_text("[" * 100_000 + "]" * 100_000, encoding="utf-8")


def workbook_without_names(path: Path) -> None:
    """A sheet whose first row is a person."""
    _workbook(
        path, [["Zorbaxena", 87654321, 1, 0], ["Velquiroz", 17654322, 0, 1], ["Wextrubal", 17654323, 1, 1]]
    )
