"""Parts of a workbook as its file holds them: the cells of a sheet, and formulas that nobody computed."""

from __future__ import annotations

import posixpath
import re
import zlib
from io import BytesIO
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from detcount.errors import InputError
from detcount.words import Message

_UNCACHED = re.compile(
    rb'<c r="([A-Z]+\d+)"(?![^>]*\bt="str")[^>]*><f[^>]*(?:/>|>[^<]*</f>)(?:<v ?/>|<v></v>)?</c>'
)
# programs that compute nothing write 0 for every formula, and leave the computing to who opens the file
_TO_BE_COMPUTED = re.compile(rb'<calcPr[^>]*\bfullCalcOnLoad="(?:1|true)"')
_FORMULA = re.compile(rb'<c r="([A-Z]+\d+)"[^>]*><f[ >/]')


def part_of(content: bytes, part: str) -> bytes:
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


def cells_of(content: bytes, sheet: str) -> bytes:
    """Cells of a sheet of an xlsx file, as its XML; nothing where the sheet is found some other way."""
    try:
        workbook = ElementTree.fromstring(part_of(content, "xl/workbook.xml"))
        links = ElementTree.fromstring(part_of(content, "xl/_rels/workbook.xml.rels"))
        of_sheet = (x for x in workbook.iter() if x.get("name") == sheet and x.tag.endswith("}sheet"))
        key = next(value for name, value in next(of_sheet).items() if name.endswith("}id"))
        target = next(link.get("Target", "") for link in links if link.get("Id") == key)
    except (ElementTree.ParseError, StopIteration):
        return b""
    return part_of(content, posixpath.normpath(posixpath.join("xl", target)).lstrip("/"))


def refuse_uncached(where: str, content: bytes, sheet: str) -> None:
    """Refuse a formula without a value: the cell would be read as empty, and a last row not at all."""
    cells = cells_of(content, sheet)
    found = _UNCACHED.search(cells)
    if found is None and _TO_BE_COMPUTED.search(part_of(content, "xl/workbook.xml")):
        found = _FORMULA.search(cells)
    if found is not None:
        raise InputError(
            Message(
                "{where}, cell {cell}: expected a value, got a formula that was never computed. Open the "
                "file in a spreadsheet program, save it there, and read it again",
                where=where,
                cell=found[1].decode(),
            )
        )
