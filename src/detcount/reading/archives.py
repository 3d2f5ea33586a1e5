"""Workbooks before they are read: nothing that unpacks, or spreads out, to more than memory holds."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from copy import copy
from io import BytesIO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from detcount.errors import InputError
from detcount.reading import message

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
    """What is in a workbook is more than is taken."""


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
        The file; what is no workbook is left to who reads it.
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
                raise InputError(message("too many parts", file=name, most=most_parts, n=len(parts)))
            left = most_bytes
            for part in parts:
                left = _checked(name, archive, part, left)
    except _TooMuch:
        raise InputError(message("workbook unpacks to too much", file=name, most=most_bytes >> 20)) from None
    except (BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        raise InputError(message("no workbook", file=name)) from None


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
                message("far cell", file=name, most=_MOST_CELLS, row=reach.rows, column=reach.columns)
            )
    return left


def _pieces(archive: ZipFile, part: ZipInfo, most: int) -> Iterator[bytes]:
    """What a part holds, counted and not as the archive says."""
    counted = copy(part)
    counted.file_size = _WITHOUT_END  # else the reader stops where the archive says that a part ends
    with archive.open(counted) as stream:
        while piece := stream.read(_PIECE):
            most -= len(piece)
            if most < 0:
                raise _TooMuch
            yield piece


class _OfSheet:
    """How far the cells of a sheet of Excel reach that hold something."""

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
    """How far the cells of a document of LibreOffice reach that hold something, repeated ones too."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self._row = self._column = 0
        self._repeated = 1
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._begins

    def read(self, piece: bytes) -> None:
        """Take the next bytes of the document; what is no XML is left to who reads it."""
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
    """How often a row or a cell stands there."""
    written = attributes.get(name, "1")
    return int(written) if written.isdecimal() and len(written) < 10 else 1


def number_of_column(letters: bytes) -> int:
    """Number of a column, from 1."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number


def _is_macro(part: ZipInfo) -> bool:
    """Whether a part holds macros: those of Excel, its old sheets of macros, or those of LibreOffice."""
    name = part.filename.lower()
    return (
        name.endswith("vbaproject.bin") or "macrosheets/" in name or name.startswith(("basic/", "scripts/"))
    )


def _with_macros(name: str) -> InputError:
    """Error for a file with macros."""
    return InputError(message("workbook with macros", file=name))
