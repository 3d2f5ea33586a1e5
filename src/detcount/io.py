"""Read the files that analysts have: CSV as Excel writes it, Excel workbooks, Parquet."""

from __future__ import annotations

import codecs
import csv
import posixpath
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from detcount.errors import InputError, MissingExtraError
from detcount.frames import Lines, attach_lines, column_name
from detcount.words import Message

if TYPE_CHECKING:
    import os

    import pandas as pd

__all__ = ["read_frame"]

_TEXT = (".csv", ".tsv")
_PARQUET = (".parquet", ".pq")
_EXCEL = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_WITH_FORMULAS = (".xlsx", ".xlsm")
_SEPARATORS = (",", ";", "\t", "|")
_LOOKED_AT = 20  # rows in which a title above the names of the columns shows itself
_HEAD = 1 << 18  # characters that hold them
_TITLE = Message(
    "If it is a title, delete what stands above the names of the columns; else name every column"
)
# Excel leaves the value out where a formula was never computed; a computed empty text is of type "str".
_UNCACHED = re.compile(
    rb'<c r="([A-Z]+\d+)"(?![^>]*\bt="str")[^>]*><f[^>]*(?:/>|>[^<]*</f>)(?:<v ?/>|<v></v>)?</c>'
)
_NAMED_SEPARATOR = re.compile(r'"?sep=(.)"?(?:\r\n|\r|\n)', re.IGNORECASE)  # as Excel writes it
_BLANK_LINES = re.compile(r"(?: *(?:\r\n|\r|\n))*")


def read_frame(path: str | os.PathLike[str], *, sheet: str | int | None = None) -> pd.DataFrame:
    r"""Read a file into a pandas frame, by its suffix.

    Nothing is cleaned: names of columns and values come as they are in the file. No message shows
    the contents of a cell, or more of the path than the name of the file.

    Parameters
    ----------
    path : str or path-like
        A file ending in ``.csv``, ``.tsv``, ``.parquet``, ``.pq``, ``.xlsx``, ``.xlsm``, ``.xlsb``,
        ``.xls`` or ``.ods``, with the names of the columns in its first row.
    sheet : str or int, optional
        Sheet of a workbook by name, or by position from 0. Needed when there are several.

    Returns
    -------
    pandas.DataFrame
        The rows of the file. Messages about this very frame name the line (of a sheet, the row) as well as
        the data row; a frame that is made from it has other rows, and only those are named.

    Raises
    ------
    InputError
        If the suffix is unknown, the file is empty or not what its suffix says, a title stands above the
        names of the columns, two columns have one name, a row has more fields than the header, a formula
        was never computed, or the sheet is not named and there are several.
    MissingExtraError
        If the file needs the extra ``excel`` or ``parquet``.
    OSError
        If there is no such file, or it may not be read.

    See Also
    --------
    detcount.CaptureTable.from_frame : Turn the frame into persons by capture history.

    Notes
    -----
    A CSV file is read as UTF-8 (or UTF-16, if it begins with that mark); a file that is not valid UTF-8 is
    read as Windows-1252, the Latin alphabet of Western European Excel. The separator is the comma, the
    semicolon, the tabulator or the vertical bar, whichever splits the first row into more columns, or the one
    that a first line such as ``sep=;`` names. Blank lines are passed over. In files with semicolons,
    which Excel writes where the comma is the decimal sign, the decimal sign is the comma, so that ``1.000``
    is not taken for a one.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from detcount import CaptureTable
    >>> from detcount.io import read_frame
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "lists.csv")
    ...     _ = file.write_text("prensa;familias\n1;0\n1;1\n0;1\n", encoding="utf-8")
    ...     CaptureTable.from_frame(read_frame(file), lists=["prensa", "familias"])
    <CaptureTable: 3 persons on 2 lists (prensa, familias), 3 capture histories>
    """
    file = Path(path)
    suffix = file.suffix.lower()
    if suffix in _EXCEL:
        return _read_excel(file, sheet)
    if sheet is not None:
        raise InputError(
            Message(
                "sheet: expected an Excel or ODS workbook, got {got}",
                got=suffix or Message("a file without suffix"),
            )
        )
    if suffix in _TEXT:
        return _read_text(file)
    if suffix in _PARQUET:
        return _read_parquet(file)
    raise InputError(
        Message(
            "{file}: expected a file ending in {known:,}, got {got}. Save it as one",
            file=file.name,
            known=(*_TEXT, *_PARQUET, *_EXCEL),
            got=suffix or Message("no suffix"),
        )
    )


@dataclass(frozen=True)
class _Text:
    """Text of a file from the line that names the columns on, with its separator and that line's number."""

    content: str
    separator: str
    line: int

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Fields of each record that is not blank, and the line of the file on which it begins."""
        reader = csv.reader(StringIO(self.content, newline=""), delimiter=self.separator)
        begins = self.line
        try:
            for record in reader:
                if len(record) > 1 or (record and (not record[0] or record[0].strip())):
                    yield begins, record
                begins = self.line + reader.line_num
        except csv.Error:  # a field longer than that reader takes; pandas takes it
            return

    def lines(self, n_rows: int) -> Lines | None:
        """Lines on which the rows of the frame begin; None if the file is not read the same way twice."""
        end = "\n" if "\n" in self.content else "\r"
        if self.content.rstrip("\r\n").count(end) == n_rows:  # no blank line, no break within quotation marks
            return Lines(((0, self.line + 1),), n_rows)
        starts: list[tuple[int, int]] = []
        row = -1
        for row, (line, _) in enumerate(self.records(), -1):
            if row >= 0 and (not starts or line - row != starts[-1][1] - starts[-1][0]):
                starts.append((row, line))
        return Lines(tuple(starts), n_rows) if row + 1 == n_rows and starts else None


def _read_text(file: Path) -> pd.DataFrame:
    """Read a CSV or TSV file, its encoding and separator found out."""
    import pandas as pd

    text = _started(_decoded(file, _content(file)))
    if not text.content.strip():
        raise InputError(
            Message("{file}: the file is empty. Its first row must name the columns", file=file.name)
        )
    try:
        header = _checked_header(file, text)
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame = pd.read_csv(
                StringIO(text.content),
                sep=text.separator,
                decimal="," if text.separator == ";" else ".",
                index_col=False,
                low_memory=False,
            )
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        raise InputError(_broken(file, text, str(error))) from None
    lines = text.lines(len(frame))
    if lines is not None and len(frame.columns) == len(header):
        attach_lines(frame, lines)
    return frame


def _content(file: Path) -> bytes:
    """Bytes of a file; a folder may be called after a case, and is not shown."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise OSError(error.errno, error.strerror, file.name) from None


def _decoded(file: Path, content: bytes) -> str:
    """Text of a file: UTF-16 by its mark, UTF-8, or else Windows-1252."""
    encodings: tuple[str, ...] = ("utf-8-sig", "cp1252", "latin-1")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ("utf-16",)
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
        break
    raise InputError(
        Message(
            "{file}: expected text, got bytes that are none in UTF-8, Windows-1252 or marked UTF-16. Save it "
            'as "CSV UTF-8"',
            file=file.name,
        )
    )


def _started(text: str) -> _Text:
    """Pass over blank lines, and find the separator: the one named, or that of most columns."""
    blank = _BLANK_LINES.match(text)
    start = 0 if blank is None else blank.end()
    named = _NAMED_SEPARATOR.match(text, start)
    start = start if named is None else named.end()
    line = 1 + len(re.findall(r"\r\n|\r|\n", text[:start]))
    rest = text[start:]

    def n_columns(separator: str) -> int:
        try:
            return len(next(csv.reader(StringIO(rest[:_HEAD], newline=""), delimiter=separator), []))
        except csv.Error:
            return 0

    return _Text(rest, max(_SEPARATORS, key=n_columns) if named is None else named[1], line)


def _checked_header(file: Path, text: _Text) -> list[str]:
    """Names of the columns; a title in their place and a name that stands twice are refused."""
    head = _Text(text.content[:_HEAD], text.separator, text.line)
    first = [record for _, record in islice(head.records(), _LOOKED_AT)]
    if not first:
        return []
    header = first[0]
    where = Message("{file}, line {line}", file=file.name, line=text.line)
    _refuse_title(where, first)
    if len(header) == 1 or max(map(len, first[1:]), default=2) == 1:  # the rows below may be split otherwise
        for separator in _SEPARATORS:
            split = islice(_Text(head.content, separator, 1).records(), 1, _LOOKED_AT)
            widths = {len(record) for _, record in split} or {0}
            if separator != text.separator and min(widths) > 1:
                raise InputError(
                    Message(
                        "{where}: expected the names of the columns, got something else above {n} columns. "
                        "{remedy}",
                        where=where,
                        n=max(widths),
                        remedy=_TITLE,
                    )
                )
    if len(header) == 1 and max(map(len, first), default=1) > 1:
        raise InputError(_too_few_names(where, 1, max(map(len, first))))
    _refuse_repeated_columns(where, header)
    return header


def _refuse_title(where: str, rows: Sequence[Sequence[object]]) -> None:
    """Refuse a first row that names half of the columns or fewer, where rows below fill more."""

    def filled(row: Sequence[object]) -> int:
        return sum(cell is not None and cell == cell and bool(str(cell).strip()) for cell in row)

    width, named = len(rows[0]), filled(rows[0])
    most = max((filled(row) for row in rows[1:]), default=0)
    if width > 1 and named <= width / 2 and most > max(named, 1):
        raise InputError(_too_few_names(where, named, width))


def _too_few_names(where: str, n_names: int, width: int) -> Message:
    """Message for a first row that does not name the columns."""
    return Message.counted(
        "{where}: expected the names of the columns, got {n} name for {width} columns. {remedy}",
        "{where}: expected the names of the columns, got {n} names for {width} columns. {remedy}",
        where=where,
        n=n_names,
        width=width,
        remedy=_TITLE,
    )


def _broken(file: Path, text: _Text, error: str) -> Message:
    """Where a file has more fields than names, or a quotation that never ends."""
    if "EOF inside string" in error:
        return Message(
            "{file}, a quotation never ends. Put quotes around text that holds the separator", file=file.name
        )
    records = text.records()
    _, header = next(records, (0, []))
    for line, record in records:
        if len(record) > len(header):
            return Message(
                "{file}, line {line}: expected {wanted} fields, as many as line {first} names, got {found}. "
                "Put quotes around text that holds the separator, and name every column",
                file=file.name,
                line=line,
                wanted=len(header),
                first=text.line,
                found=len(record),
            )
    return Message("{file}: the file cannot be read as a table. Save it again as CSV", file=file.name)


def _read_parquet(file: Path) -> pd.DataFrame:
    """Read a Parquet file."""
    try:
        import pyarrow
    except ImportError:
        raise MissingExtraError(Message("reading Parquet"), "parquet") from None
    import pandas as pd

    try:
        return pd.read_parquet(BytesIO(_content(file)), engine="pyarrow")
    except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError):
        raise InputError(
            Message("{file}: the file cannot be read as Parquet. Write it again", file=file.name)
        ) from None


def _read_excel(file: Path, sheet: str | int | None) -> pd.DataFrame:
    """Read one sheet of a workbook."""
    try:
        from python_calamine import CalamineError
    except ImportError:
        raise MissingExtraError(Message("reading Excel and ODS workbooks"), "excel") from None
    import pandas as pd

    content = BytesIO(_content(file))
    try:
        with pd.ExcelFile(content, engine="calamine") as workbook:
            chosen = _chosen_sheet(file, [str(name) for name in workbook.sheet_names], sheet)
            where = Message("{file}, sheet {sheet!r}", file=file.name, sheet=chosen)
            first = pd.read_excel(workbook, sheet_name=chosen, header=None, nrows=_LOOKED_AT, dtype=object)
            if first.empty:
                raise InputError(
                    Message("{where}: the sheet is empty. Its first row must name the columns", where=where)
                )
            if file.suffix.lower() in _WITH_FORMULAS:
                _refuse_uncached(where, content.getvalue(), chosen)
            rows = first.to_numpy().tolist()
            where = Message("{where}, row 1", where=where)
            _refuse_title(where, rows)
            _refuse_repeated_columns(where, ["" if name != name else name for name in rows[0]])
            frame = pd.read_excel(workbook, sheet_name=chosen)
    except CalamineError:
        raise InputError(
            Message(
                "{file}: the file cannot be read as a workbook. Save it again, without a password",
                file=file.name,
            )
        ) from None
    attach_lines(frame, Lines(((0, 2),), len(frame), in_sheet=True))
    return frame


def _refuse_uncached(where: str, content: bytes, sheet: str) -> None:
    """Refuse a formula without a value: the cell would be read as empty, and a last row not at all."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            found = _UNCACHED.search(archive.read(_sheet_part(archive, sheet)))
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


def _chosen_sheet(file: Path, sheets: list[str], sheet: str | int | None) -> str:
    """Name of the sheet asked for, or of the only one."""
    if sheet is None:
        if len(sheets) > 1:
            raise InputError(
                Message(
                    "{file}: the workbook has {n} sheets, {sheets!r:,}. Name one as sheet",
                    file=file.name,
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
                file=file.name,
                sheet=column_name(sheet),
                sheets=sheets,
            )
        )
    return str(sheet)


def _refuse_repeated_columns(where: str, header: Sequence[Any]) -> None:
    """Refuse two columns of one name, which pandas would rename."""
    first: dict[str, int] = {}
    for position, name in enumerate(map(str, header), 1):
        earlier = first.setdefault(name, position)
        if earlier != position and name.strip():
            raise InputError(
                Message(
                    "{where}: columns {first} and {second} have the same name. {remedy}",
                    where=where,
                    first=earlier,
                    second=position,
                    remedy=Message("If this is a row of data, write the names above it")
                    if name.strip().isdigit()
                    else Message("Rename one of them"),
                )
            )
