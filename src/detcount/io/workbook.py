"""Workbooks of Excel and other programs: the sheet that is meant, and formulas that were never computed."""

from __future__ import annotations

import posixpath
import re
from io import BytesIO
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from detcount.errors import InputError, MissingExtraError
from detcount.files import check_workbook
from detcount.frames import Lines, attach_lines, column_name
from detcount.io.content import Source
from detcount.io.header import LOOKED_AT, n_filled, refuse_repeated_columns, refuse_title
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_workbook", "sheet_names"]

_WITH_FORMULAS = (".xlsx", ".xlsm")
# Excel leaves the value out where a formula was never computed; a computed empty text is of type "str".
_UNCACHED = re.compile(
    rb'<c r="([A-Z]+\d+)"(?![^>]*\bt="str")[^>]*><f[^>]*(?:/>|>[^<]*</f>)(?:<v ?/>|<v></v>)?</c>'
)
# programs that compute nothing write 0 for every formula, and leave the computing to who opens the file
_TO_BE_COMPUTED = re.compile(rb'<calcPr[^>]*\bfullCalcOnLoad="(?:1|true)"')
_FORMULA = re.compile(rb'<c r="([A-Z]+\d+)"[^>]*><f[ >/]')


def sheet_names(source: Source) -> tuple[str, ...]:
    """Names of the sheets; none where the file cannot be read."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        raise MissingExtraError(Message("reading Excel and ODS workbooks"), "excel") from None
    try:
        return tuple(CalamineWorkbook.from_filelike(BytesIO(source.read())).sheet_names)
    except CalamineError:
        return ()


def read_workbook(source: Source, sheet: str | int | None, header_row: int | None) -> pd.DataFrame:
    """Read one sheet of a workbook, from the row on that names the columns."""
    try:
        from python_calamine import CalamineError
    except ImportError:
        raise MissingExtraError(Message("reading Excel and ODS workbooks"), "excel") from None
    import pandas as pd

    content = BytesIO(source.read())
    check_workbook(source.name, content.getvalue())
    named = header_row or 1
    try:
        with pd.ExcelFile(content, engine="calamine") as workbook:
            chosen = _chosen_sheet(source.name, [str(name) for name in workbook.sheet_names], sheet)
            where = Message("{file}, sheet {sheet!r}", file=source.name, sheet=chosen)
            first = pd.read_excel(
                workbook, sheet_name=chosen, header=None, skiprows=named - 1, nrows=LOOKED_AT, dtype=object
            )
            rows = first.to_numpy().tolist()
            if not rows or (header_row is not None and not n_filled(rows[0])):
                raise InputError(_nothing_there(where, header_row))
            if source.suffix in _WITH_FORMULAS:
                _refuse_uncached(where, content.getvalue(), chosen)
            where = Message("{where}, row {row}", where=where, row=named)
            refuse_title(
                where,
                rows,
                lambda row: (named + row, Message("row {line} of the sheet", line=named + row)),
            )
            refuse_repeated_columns(where, ["" if name != name else name for name in rows[0]])
            frame = pd.read_excel(workbook, sheet_name=chosen, skiprows=named - 1)
    except CalamineError:
        raise InputError(
            Message(
                "{file}: the file cannot be read as a workbook. Save it again, without a password",
                file=source.name,
            )
        ) from None
    attach_lines(frame, Lines(((0, named + 1),), len(frame), in_sheet=True))
    return frame


def _nothing_there(where: str, header_row: int | None) -> Message:
    """Message for a sheet that holds nothing, or nothing in the row that should name the columns."""
    if header_row is None:
        return Message("{where}: the sheet is empty. Its first row must name the columns", where=where)
    return Message(
        "{where}: expected the names of the columns in row {row}, as header_row says, got nothing there",
        where=where,
        row=header_row,
    )


def _refuse_uncached(where: str, content: bytes, sheet: str) -> None:
    """Refuse a formula without a value: the cell would be read as empty, and a last row not at all."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            cells = archive.read(_sheet_part(archive, sheet))
            found = _UNCACHED.search(cells)
            if found is None and _TO_BE_COMPUTED.search(archive.read("xl/workbook.xml")):
                found = _FORMULA.search(cells)
    except (BadZipFile, ElementTree.ParseError, KeyError, StopIteration):
        return  # the reader of the workbook has found its sheet some other way
    if found is not None:
        raise InputError(
            Message(
                "{where}, cell {cell}: expected a value, got a formula that was never computed. Open the "
                "file in a spreadsheet program, save it there, and read it again",
                where=where,
                cell=found[1].decode(),
            )
        )


def _sheet_part(archive: ZipFile, sheet: str) -> str:
    """Path of a sheet within the file of its workbook."""
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    node = next(node for node in workbook.iter() if node.get("name") == sheet and node.tag.endswith("}sheet"))
    key = next(value for name, value in node.items() if name.endswith("}id"))
    target = next(link.get("Target", "") for link in links if link.get("Id") == key)
    return posixpath.normpath(posixpath.join("xl", target)).lstrip("/")


def _chosen_sheet(file: str, sheets: list[str], sheet: str | int | None) -> str:
    """Name of the sheet asked for, or of the only one."""
    if sheet is None:
        if len(sheets) > 1:
            raise InputError(
                Message(
                    "{file}: the workbook has {n} sheets, {sheets!r:,}. Name one as sheet",
                    file=file,
                    n=len(sheets),
                    sheets=sheets,
                )
            )
        return sheets[0]
    if isinstance(sheet, int) and 0 <= sheet < len(sheets):
        return sheets[sheet]
    if sheet not in sheets:
        raise InputError(
            Message(
                "{file}: no sheet {sheet}: the workbook has {sheets!r:,}",
                file=file,
                sheet=column_name(sheet),
                sheets=sheets,
            )
        )
    return str(sheet)
