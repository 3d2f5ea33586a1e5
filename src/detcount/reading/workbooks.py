"""Workbooks of Excel and other programs: they are checked, the sheet is chosen, and its cells are read.

It is one way from a workbook to cells, whatever program wrote it.
"""

from __future__ import annotations

import posixpath
import re
import zlib
from collections.abc import Iterator, Sequence
from copy import copy
from io import BytesIO
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from detcount.errors import InputError, MissingExtraError
from detcount.reading.content import Source
from detcount.reading.documents import cells_filled
from detcount.reading.frames import column_name
from detcount.reading.grids import LOOKED_AT, Grid
from detcount.reading.stints import stints_in
from detcount.words import N_, Message

_NO_WORKBOOK = N_("{file}: the file cannot be read as a workbook. Save it again, without a password")

MOST_UNPACKED = 1 << 29
"""Bytes of all parts of a workbook, unpacked."""
MOST_PARTS = 5000
"""Parts of a workbook."""
_MOST_CELLS = 10_000_000  # from the first row and column to the last that hold something
_ARCHIVE = b"PK\x03\x04"
_OLD = b"\xd0\xcf\x11\xe0"  # Excel up to 2003, whose parts have names in UTF-16
_PIECE = 1 << 18  # bytes; no cell is as long
_WITHOUT_END = 1 << 62
_OLD_MACROS = tuple(name.encode("utf-16-le") for name in ("_VBA_PROJECT", "Macros"))
_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Za-z]{1,9})(\d{1,9})[\"'][^>]*(?<!/)>")
_CELL_IN_ORDER = re.compile(rb"<(?:\w+:)?c(?=[\s>])(?![^>]*\br\s*=)[^>]*(?<!/)>")  # which does not say where
_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s>])(?:[^>]*?\br\s*=\s*[\"'](\d{1,9})[\"'])?")


class _TooMuch(Exception):
    """A workbook holds more than the limit."""


def check_workbook(
    name: str,
    content: bytes,
    *,
    macros: bool = True,
    most_bytes: int = MOST_UNPACKED,
    most_parts: int = MOST_PARTS,
) -> None:
    """Refuse a workbook that needs more memory than it seems to; nothing in it is run or kept.

    Parameters
    ----------
    name : str
        Name of the file.
    content : bytes
        The file; one that is no workbook passes here, and is refused by its reader.
    macros : bool, optional
        Whether it may have macros, which are never run.
    most_bytes, most_parts : int, optional
        Bytes of all its parts when they are unpacked, and how many parts there may be.

    Raises
    ------
    InputError
        If it has macros where it may not, or unpacks to too much, or has a cell too far from the others.
    """
    if not macros and content.startswith(_OLD) and any(mark in content for mark in _OLD_MACROS):
        raise _with_macros(name)
    if not content.startswith(_ARCHIVE):
        return
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if not macros and any(map(_is_macro, parts)):
                raise _with_macros(name)
            if len(parts) > most_parts:
                raise InputError(
                    Message(
                        "{file}: expected a workbook of at most {most:,} parts, got {n:,}. Save the one "
                        "sheet that is needed as CSV",
                        file=name,
                        most=most_parts,
                        n=len(parts),
                    )
                )
            left = most_bytes
            for part in parts:
                left = _checked(name, archive, part, left)
    except _TooMuch:
        raise InputError(
            Message(
                "{file}: expected a workbook of at most {most} MB when it is unpacked, got more. Save the "
                "one sheet that is needed as CSV",
                file=name,
                most=most_bytes >> 20,
            )
        ) from None
    except (BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        raise InputError(Message(_NO_WORKBOOK, file=name)) from None


def _checked(name: str, archive: ZipFile, part: ZipInfo, left: int) -> int:
    """Read a part and forget it; give how many bytes may still come after it."""
    pieces = _pieces(archive, part, left)
    is_text = part.filename.lower().endswith((".xml", ".rels"))
    reach = _OfDocument() if part.filename == "content.xml" else _OfSheet()
    for piece in pieces:
        left -= len(piece)
        if is_text and len(piece) == _PIECE and b"<" not in piece:
            raise _TooMuch
        reach.read(piece)
        if reach.rows * reach.columns > _MOST_CELLS:
            raise InputError(
                Message(
                    "{file}: expected a sheet of at most {most:,} cells, got one that reaches to row {row:,} "
                    "and column {column:,}. Delete what stands far from the table, or save the sheet as CSV",
                    file=name,
                    most=_MOST_CELLS,
                    row=reach.rows,
                    column=reach.columns,
                )
            )
    return left


def _pieces(archive: ZipFile, part: ZipInfo, most: int) -> Iterator[bytes]:
    """Pieces of a part, counted and not as the archive says."""
    counted = copy(part)
    counted.file_size = _WITHOUT_END  # else the reader stops where the archive says that a part ends
    with archive.open(counted) as stream:
        while piece := stream.read(_PIECE):
            most -= len(piece)
            if most < 0:
                raise _TooMuch
            yield piece


class _OfSheet:
    """Extent of the filled cells of an Excel sheet."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self._rest = b""
        self._in_order = 0  # cells of the row that do not say where they are

    def read(self, piece: bytes) -> None:
        """Take the next bytes of the sheet."""
        whole = self._rest + piece
        cut = whole.rfind(b"<") if len(piece) == _PIECE else len(whole)
        text, self._rest = whole[:cut], whole[cut:][:_PIECE]
        found = _CELL.findall(text)
        if found:
            letters, numbers = zip(*found, strict=True)
            self.rows = max(self.rows, *map(int, set(numbers)))
            self.columns = max(self.columns, *map(number_of_column, set(letters)))
        if _CELL_IN_ORDER.search(text):
            begins = [*_ROW.finditer(text)]
            self.rows = max([self.rows, *(int(row[1] or 0) for row in begins)])
            ends = [row.start() for row in begins]
            for begin, end in zip([0, *ends], [*ends, len(text)], strict=True):
                self._in_order = len(_CELL_IN_ORDER.findall(text, begin, end)) + (
                    0 if begin in ends else self._in_order
                )
                self.columns = max(self.columns, self._in_order)


class _OfDocument:
    """Extent of the filled cells of a LibreOffice document; repeated cells count."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self._row = self._column = 0
        self._repeated = 1
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._begins

    def read(self, piece: bytes) -> None:
        """Take the next bytes of the document; what is no XML passes here, and is refused by its reader."""
        try:
            self._parser.Parse(piece)
        except expat.ExpatError:
            return

    def _begins(self, name: str, attributes: dict[str, str]) -> None:
        """Count a row or a cell."""
        kind = name.rpartition(":")[2]
        if kind == "table":
            self._row = 0
        elif kind == "table-row":
            self._repeated = _repeats(attributes, "table:number-rows-repeated")
            self._row, self._column = self._row + self._repeated, 0
        elif kind in ("table-cell", "covered-table-cell"):
            self._column += _repeats(attributes, "table:number-columns-repeated")
            if "office:value-type" in attributes:
                self.rows, self.columns = max(self.rows, self._row), max(self.columns, self._column)


def _repeats(attributes: dict[str, str], name: str) -> int:
    """Number of times that a row or a cell stands there."""
    written = attributes.get(name, "1")
    return int(written) if written.isdecimal() and len(written) < 10 else 1


def number_of_column(letters: bytes) -> int:
    """Number of a column, from 1."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number


def _is_macro(part: ZipInfo) -> bool:
    """Check whether a part holds macros: of Excel, of its old macro sheets, or of LibreOffice."""
    name = part.filename.lower()
    return (
        name.endswith("vbaproject.bin") or "macrosheets/" in name or name.startswith(("basic/", "scripts/"))
    )


def _with_macros(name: str) -> InputError:
    """Error for a file with macros."""
    return InputError(
        Message(
            "{file}: expected a workbook without macros, got one with macros. They were not run. Save it as "
            "xlsx without macros, or as CSV",
            file=name,
        )
    )


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
        raise InputError(Message(_NO_WORKBOOK, file=file))
    chosen = _chosen(file, list(sheets), [name for name in sheets if sheets[name].height > 0], sheet)
    where = Message("{file}, sheet {sheet!r}", file=file, sheet=chosen)
    _refuse_uncached(where, content, chosen)
    rows = sheets[chosen].to_python(skip_empty_area=False)
    notes = (
        [
            Message(
                "{where}: the sheet is hidden in its workbook, and is read. Delete it there if it is no part "
                "of the data",
                where=where,
            )
        ]
        if _is_hidden(content, chosen)
        else []
    )
    if _SPANNING.search(_part(content, "content.xml")):
        notes.append(
            Message(
                "{where}: merged cells of ODS workbooks are not filled, and the cells below them are blank. "
                "Save it as xlsx to have them filled",
                where=where,
            )
        )
    notes += cells_filled(where, _fill(rows, _merged(sheets[chosen], content)))
    return Grid(rows, list(range(1, len(rows) + 1)), where, of="sheet", notes=tuple(notes))


def filled_sheets(source: Source) -> tuple[str, ...]:
    """Names of the sheets that hold something; none where the file cannot be read."""
    return tuple(name for name, sheet in (_sheets(source) or {}).items() if sheet.height > 0)


def sheets_of_stints(source: Source) -> tuple[str, ...]:
    """Names of the sheets whose first rows name the columns of stints."""
    return tuple(
        name
        for name, sheet in (_sheets(source) or {}).items()
        if any(map(stints_in, sheet.to_python(skip_empty_area=False, nrows=LOOKED_AT)))
    )


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


def _is_hidden(content: bytes, sheet: str) -> bool:
    """Check whether a program shows a sheet to nobody."""
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    known = CalamineWorkbook.from_filelike(BytesIO(content)).sheets_metadata
    return any(str(each.name) == sheet and each.visible != SheetVisibleEnum.Visible for each in known)


def _chosen(file: str, names: Sequence[str], filled: Sequence[str], sheet: str | int | None) -> str:
    """Name of the sheet."""
    if sheet is None:
        if len(filled) == 1:
            return filled[0]
        if not filled:
            raise InputError(
                Message("{file}: expected rows below names of columns, got an empty workbook", file=file)
            )
        raise InputError(
            Message(
                "{file}: the workbook has {n} sheets, {sheets!r:,}. Name one as sheet, in lists of names as "
                "{code} or --sheet, or save it in a file of its own",
                file=file,
                n=len(filled),
                sheets=_some(filled),
                code=f"({file!r}, {filled[0]!r})",
            )
        )
    if isinstance(sheet, int) and 0 <= sheet < len(names):
        return names[sheet]
    if sheet not in names:
        raise InputError(
            Message(
                "{file}: no sheet {sheet}: the workbook has {sheets!r:,}",
                file=file,
                sheet=column_name(sheet),
                sheets=_some(names),
            )
        )
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
        raise InputError(
            Message(
                "{where}, cell {cell}: expected a value, got a formula that was never computed. Open the "
                "file in a spreadsheet program, save it there, and read it again",
                where=where,
                cell=found[1].decode(),
            )
        )
