"""Workbooks of Excel and other programs: the sheet that is meant, merged cells, formulas never computed."""

from __future__ import annotations

import posixpath
import re
import zlib
from collections.abc import Sequence
from io import BytesIO
from typing import Any
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from detcount.errors import InputError, MissingExtraError
from detcount.frames import column_name
from detcount.reading import message
from detcount.reading.archives import check_workbook, number_of_column
from detcount.reading.content import Source
from detcount.reading.grids import Grid
from detcount.words import Message

_MOST_NAMED = 12  # sheets
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_SPANNING = re.compile(rb'number-rows-spanned="(?:[2-9]|\d\d+)"')
# Excel leaves the value out where a formula was never computed; a computed empty text is of type "str"
_UNCACHED = re.compile(
    rb'<c r="([A-Z]+\d+)"(?![^>]*\bt="str")[^>]*><f[^>]*(?:/>|>[^<]*</f>)(?:<v ?/>|<v></v>)?</c>'
)
# programs that compute nothing write 0 for every formula, and leave the computing to who opens the file
_TO_BE_COMPUTED = re.compile(rb'<calcPr[^>]*\bfullCalcOnLoad="(?:1|true)"')
_FORMULA = re.compile(rb'<c r="([A-Z]+\d+)"[^>]*><f[ >/]')


def read_sheet(source: Source, sheet: str | int | None) -> Grid:
    """Read the sheet that was asked for, or the only one that holds something."""
    file, content = source.name, source.content
    sheets = _sheets(source)
    if sheets is None:
        raise InputError(message("no workbook", file=file))
    chosen = _chosen(file, list(sheets), [name for name in sheets if sheets[name].height > 0], sheet)
    where = Message("{file}, sheet {sheet!r}", file=file, sheet=chosen)
    _refuse_uncached(where, content, chosen)
    rows = sheets[chosen].to_python(skip_empty_area=False)
    notes = []
    if _SPANNING.search(_part(content, "content.xml")):
        notes.append(message("merged cells of ODS", where=where))
    n_filled = _fill(rows, _merged(sheets[chosen], content))
    if n_filled:
        notes.append(message("merged cells filled", n=n_filled, where=where))
    return Grid(rows, list(range(1, len(rows) + 1)), where, of="sheet", notes=tuple(notes))


def sheet_names(source: Source) -> tuple[str, ...]:
    """Names of the sheets; none where the file is no workbook, or cannot be read."""
    return tuple((_sheets(source) if source.kind == "workbook" else None) or ())


def _sheets(source: Source) -> dict[str, Any] | None:
    """The sheets by name; None where the file cannot be read."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        raise MissingExtraError(Message("reading Excel and ODS workbooks"), "excel") from None
    check_workbook(source.name, source.content)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(source.content))
        return {str(name): workbook.get_sheet_by_name(name) for name in workbook.sheet_names}
    except (CalamineError, OSError, ValueError):
        return None


def _chosen(file: str, names: Sequence[str], filled: Sequence[str], sheet: str | int | None) -> str:
    """Name of the sheet."""
    if sheet is None:
        if len(filled) == 1:
            return filled[0]
        if not filled:
            raise InputError(message("empty workbook", file=file))
        raise InputError(
            message(
                "several sheets",
                file=file,
                n=len(filled),
                sheets=_some(filled),
                code=f"({file!r}, {filled[0]!r})",
            )
        )
    if isinstance(sheet, int) and 0 <= sheet < len(names):
        return names[sheet]
    if sheet not in names:
        raise InputError(message("no such sheet", file=file, sheet=column_name(sheet), sheets=_some(names)))
    return str(sheet)


def _some(sheets: Sequence[str]) -> list[str]:
    """Names of sheets, as many as anybody reads."""
    return [*sheets[:_MOST_NAMED], *(["..."] if len(sheets) > _MOST_NAMED else [])]


def _merged(sheet: Any, content: bytes) -> list[Any]:
    """Merged cells, as the first and the last row and column of each block, from 0."""
    found = getattr(sheet, "merged_cell_ranges", None)
    if found is not None:
        return list(found)
    return [  # of older readers, which do not say it
        ((int(top) - 1, number_of_column(left) - 1), (int(bottom) - 1, number_of_column(right) - 1))
        for left, top, right, bottom in _MERGED.findall(_cells(content, sheet.name))
    ]


def _fill(rows: list[list[Any]], merged: Sequence[Any]) -> int:
    """Write the value of merged cells into every row that they reach over; how many cells that fills.

    A number is not repeated: it may be one count of several rows.
    """
    n_filled = 0
    for (top, left), (bottom, _) in merged:
        value = rows[top][left] if top < len(rows) and left < len(rows[top]) else ""
        if value == "" or isinstance(value, (int, float)):
            continue
        for row in rows[top + 1 : bottom + 1]:
            if left < len(row) and row[left] == "":
                row[left] = value
                n_filled += 1
    return n_filled


def _part(content: bytes, part: str) -> bytes:
    """A part of a file that is an archive; nothing where there is none, or it is damaged."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            return archive.read(part)
    except (
        BadZipFile,
        EOFError,
        KeyError,
        NotImplementedError,
        OSError,
        RuntimeError,
        ValueError,
        zlib.error,
    ):
        return b""


def _cells(content: bytes, sheet: str) -> bytes:
    """Cells of a sheet of an xlsx file, as its XML; nothing where the sheet is found some other way."""
    try:
        workbook = ElementTree.fromstring(_part(content, "xl/workbook.xml"))
        links = ElementTree.fromstring(_part(content, "xl/_rels/workbook.xml.rels"))
        of_sheet = (x for x in workbook.iter() if x.get("name") == sheet and x.tag.endswith("}sheet"))
        key = next(value for name, value in next(of_sheet).items() if name.endswith("}id"))
        target = next(link.get("Target", "") for link in links if link.get("Id") == key)
    except (ElementTree.ParseError, StopIteration):
        return b""
    return _part(content, posixpath.normpath(posixpath.join("xl", target)).lstrip("/"))


def _refuse_uncached(where: str, content: bytes, sheet: str) -> None:
    """Refuse a formula without a value: the cell would be read as empty, and a last row not at all."""
    cells = _cells(content, sheet)
    found = _UNCACHED.search(cells)
    if found is None and _TO_BE_COMPUTED.search(_part(content, "xl/workbook.xml")):
        found = _FORMULA.search(cells)
    if found is not None:
        raise InputError(message("formula not computed", where=where, cell=found[1].decode()))
