"""Files and frames as tables: as frames of pandas whose rows know their lines, or as grids of text.

It is every kind of file behind one door, and half of it is the documentation of that door.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
import re
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from io import BytesIO, StringIO
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from detcount.contract import arguments
from detcount.contract.specification import door
from detcount.errors import InputError, InputTypeError, MissingExtraError, warn
from detcount.reading.cells import as_text
from detcount.reading.content import Source
from detcount.reading.documents import chosen
from detcount.reading.frames import Frame, Lines, attach_lines
from detcount.reading.grids import (
    LOOKED_AT,
    Grid,
    in_two_rows,
    names_at,
    refuse_data,
    refuse_few_names,
    refuse_repeated_columns,
    spot_of,
    titles_left_out,
)
from detcount.reading.headers import holds_counts, is_known
from detcount.reading.markup import is_page, kind_of_document, tables_of_document, tables_of_page
from detcount.reading.nobody import may_be_nobody, without_nobody
from detcount.reading.pdf import tables_of_pdf
from detcount.reading.records import records_in
from detcount.reading.text import Text, text_of
from detcount.reading.workbooks import filled_sheets, read_sheet, sheets_of_stints
from detcount.words import N_, Message

if TYPE_CHECKING:
    import os

    import pandas as pd

_MOST_ROWS = 10**9
# what stands in old documents of Word, and in old workbooks, which may hold such a document
_OLD_WORD = "WordDocument".encode("utf-16-le")
_OLD_SHEETS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))
_REFUSED = (
    (
        (b"\x89png", b"\xff\xd8\xff", b"gif8", b"ii*\0", b"mm\0*"),
        N_(
            "{file}: expected a table, got a picture, of which no letter can be read. Type the table "
            "into a spreadsheet, have a second person compare it, and save it there"
        ),
    ),
)
"""How files begin that hold no table that is read, and what to do."""
_IN_THREES = r"[1-9]\d{0,2}(?:[.,]\d{3})+"  # figures with a sign between thousands


@door
def read_frame(
    path: str | os.PathLike[str] | IO[bytes], *, sheet: str | int | None = None, header_row: int | None = None
) -> pd.DataFrame:
    r"""Read a file into a pandas frame; how it begins says what it is, whatever it is called.

    Names of columns and values come as they are in the file, but for letters that were saved in a wrong
    encoding. Titles, rows that repeat the names of the columns, and totals are left out, and a warning says
    so. No message shows the contents of a cell, or more of the path than the name of the file.

    Sheets of stints, a row for each place under an anonymous identifier with columns such as "Detention Book
    In Date Time", are read one after another where no sheet is named; `PublishedStock.from_frame` counts who
    is held at every midnight.

    Parameters
    ----------
    path : str, path-like or binary stream
        A text, a workbook (``.xlsx``, ``.xlsm``, ``.xlsb``, ``.xls``, ``.ods``), a saved web page, a document
        of a text program (``.docx``, ``.odt``), a PDF with text, Parquet, or JSON with a record a line or
        arrays of records. Or an open stream of bytes, such as ``sys.stdin.buffer``.
    sheet : str or int, optional
        Sheet of a workbook, or table of a document, by name or by position from 0. Needed when several hold
        something.
    header_row : int, optional
        The row that names the columns, counted from 1 as a spreadsheet or an editor counts them; what is
        above it, such as a title, is not read. By default the row is looked for below titles, and names in
        two rows are put together.

    Returns
    -------
    pandas.DataFrame
        The rows of the file. Messages about this very frame name the line (of a sheet, the row) as well as
        the data row; a frame that is made from it has other rows, and only those are named.

    Raises
    ------
    InputError
        If the file is empty or no table, nothing shows which row names the columns (the message says which
        seems to, as `header_row`), two columns have one name, a row has more fields than the header, a
        formula was never computed, or the sheet is not named and several hold something.
    MissingExtraError
        If the file needs the extra ``excel``, ``parquet`` or ``pdf``.
    OSError
        If there is no such file, or it may not be read.

    Warns
    -----
    DetcountWarning
        If the encoding of a text is a guess, letters were repaired or lost, or rows were left out.

    See Also
    --------
    detcount.CaptureTable.from_frame : Turn the frame into persons by capture history.

    Notes
    -----
    A text without a mark is UTF-8, or else the alphabet (Windows-1252, DOS 850, Mac Roman) in which its bytes
    are letters of Spanish, line by line where two stand in one file. The separator is the comma, the
    semicolon, the tabulator or the vertical bar: the one that splits most rows into the same number of
    fields, or the one that a first line such as ``sep=;`` names. Blank rows are passed over. Excel writes
    semicolons where the comma is the decimal sign. So in files with semicolons the comma is the decimal sign,
    and ``1.000`` is not taken for a one.

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
    found, notes = read_with_notes(Source.of(path), sheet, header_row)
    for note in notes:
        warn(note)
    return found


def read_with_notes(
    source: Source, sheet: str | int | None = None, header_row: int | None = None
) -> tuple[pd.DataFrame, list[Message]]:
    """Read a file as `read_frame` does; what had to be guessed or left out comes as words."""
    if header_row is not None:
        header_row = arguments.whole_number("header_row", header_row, least=1, most=_MOST_ROWS)
    return _reader(source, sheet).frame(source, sheet, header_row)


def _of_parquet(source: Source) -> Any:
    """Parquet as a table of Arrow."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise MissingExtraError(Message("reading Parquet"), "parquet") from None
    try:
        return parquet.read_table(BytesIO(source.content))
    except (pyarrow.ArrowException, OSError):
        raise InputError(
            Message("{file}: the file cannot be read as Parquet. Write it again", file=source.name)
        ) from None


def _of_workbook(
    source: Source, sheet: str | int | None, header_row: int | None
) -> tuple[pd.DataFrame, list[Message]]:
    """One sheet of a workbook, or all that hold stints, as these go on from sheet to sheet."""
    import pandas as pd

    names = sheets_of_stints(source) if sheet is None else ()
    if not names:
        return _of_sheet(source, sheet, header_row)
    frames, notes = zip(*(_of_sheet(source, name, header_row) for name in names), strict=True)
    others = [name for name in filled_sheets(source) if name not in names]
    aside = Message("{file}: {sheets!r:and} holds no stints and is not read", file=source.name, sheets=others)
    return pd.concat(frames, ignore_index=True), [*chain(*notes), *[aside][: len(others)]]


def _of_sheet(
    source: Source, sheet: str | int | None, header_row: int | None
) -> tuple[pd.DataFrame, list[Message]]:
    """One sheet of a workbook."""
    from pandas.io.parsers import TextParser  # type: ignore[attr-defined]

    grid = read_sheet(source, sheet)
    texts = [[cell.strip() if isinstance(cell, str) else str(cell) for cell in row] for row in grid.rows]
    written = [line for line, row in enumerate(texts, 1) if line >= (header_row or 1) and any(row)]
    if header_row is not None and header_row not in written:
        raise _nothing_in(grid.where, header_row)
    if not written:
        raise InputError(
            Message("{where}: the sheet is empty. Its first row must name the columns", where=grid.where)
        )
    lines = range(written[0], written[-1] + 1)  # a blank row in the middle may be a person
    first = [[as_text(cell).strip() for cell in grid.rows[line - 1]] for line in lines[:LOOKED_AT]]
    head, names = _names_at(grid.where, first, lines, in_sheet=True, asked=header_row is not None)
    at = head + bool(names)
    body = [*lines[at + 1 :]]
    cells = [texts[line - 1] for line in body]
    keep, noted = without_nobody(cells, texts[lines[at] - 1], grid.where, body, of="sheet")
    body = [body[k] for k in keep]
    rows = [[_as_pandas_has_it(cell) for cell in grid.rows[line - 1]] for line in (lines[at], *body)]
    rows[0] = [*names] or rows[0]
    frame = TextParser(rows, header=0, skip_blank_lines=False).read()
    attach_lines(frame, Lines.at(body, in_sheet=True))
    return frame, [*grid.notes, *titles_left_out(grid.where, first[:head]), *noted]


def _as_pandas_has_it(cell: Any) -> Any:
    """A cell as pandas reads it from a workbook: whole numbers without a fraction, days with a time."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, dt.date) and not isinstance(cell, dt.datetime):
        return dt.datetime.combine(cell, dt.time())
    return cell


def _framed(
    text: Text, header_row: int | None, *, in_sheet: bool = False
) -> tuple[pd.DataFrame, list[Message]]:
    """The frame of a text, or of a table of a document whose rows are its lines."""
    if header_row is not None:
        text = text.from_line(header_row)
        if not text.content or text.content[0] in "\r\n":
            raise _nothing_in(text.file, header_row)
    filled = list(islice(text.filled(head=True), LOOKED_AT))
    if not filled:  # no names, or names longer than that reader takes
        filled = [(text.line, [])]
    lines = [line for line, _ in filled]
    first = [[cell.strip() for cell in row] for _, row in filled]
    head, names = _names_at(text.file, first, lines, in_sheet=in_sheet, asked=header_row is not None)
    at = head + bool(names)
    text = text.from_line(lines[at]).without_blank_end()
    kept, notes = _without_others(text, first[at])
    frame = _parsed(text, kept, names)
    starts = text.starts(len(frame)) if kept is None else Lines.at([line for line, _ in kept[1:]])
    if starts is not None and len(frame.columns) == len(names or first[at]):
        attach_lines(frame, replace(starts, in_sheet=in_sheet))
    return frame, [*text.notes, *titles_left_out(text.file, first[:head]), *notes]


def _names_at(
    where: str, rows: Sequence[Sequence[str]], lines: Sequence[int], *, in_sheet: bool, asked: bool
) -> tuple[int, tuple[str, ...]]:
    """Position of the row that names the columns, and the names where they stand in two rows.

    A row of data and a name that comes twice are refused.
    """
    at = 0 if asked else names_at(rows, certain=True) or 0
    refuse_few_names(where, rows, lines, at, in_sheet=in_sheet)
    together = () if asked else in_two_rows(rows[at], rows[at + 1 : at + 2])
    names = tuple(name or f"Unnamed: {k}" for k, name in enumerate(together))  # as pandas calls them
    spot = spot_of(where, lines[at], in_sheet=in_sheet)
    refuse_repeated_columns(spot, names or rows[at])
    if not asked:
        refuse_data(spot, [[*names], *rows[at + 2 :]] if names else rows[at:])
    return at, names


def _nothing_in(where: str, row: int) -> InputError:
    """Error for a row that should name the columns and holds nothing."""
    return InputError(
        Message(
            "{where}: expected the names of the columns in row {row}, as header_row says, got nothing there",
            where=where,
            row=row,
        )
    )


def _without_others(
    text: Text, header: Sequence[str]
) -> tuple[list[tuple[int, list[str]]] | None, list[Message]]:
    """Rows with their lines, where some are totals or names again and are left out; else None."""
    end = re.search(r"[\r\n]", text.content)
    names = text.content if end is None else text.content[: end.start()]
    again = any(text.content.find(sign + names, len(names)) >= 0 for sign in "\r\n")
    if not header or text.separator is None or not (again or may_be_nobody(text.content, text.separator)):
        return None, []
    rows = list(text.filled())
    cells = [[cell.strip() for cell in row] for _, row in rows[1:]]
    lines = [line for line, _ in rows[1:]]
    keep, notes = without_nobody(cells, header, text.file, lines, of="text")
    return ([rows[0], *(rows[1 + k] for k in keep)] if notes else None), notes


def _parsed(text: Text, kept: Sequence[tuple[int, list[str]]] | None, names: Sequence[str]) -> pd.DataFrame:
    """The frame of a text, or of some of its rows; under the names that are given, if any are."""
    import pandas as pd

    stream = StringIO(text.content)
    if kept is not None:
        stream = StringIO()
        csv.writer(stream, delimiter=text.separator or ",").writerows(row for _, row in kept)
        stream.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            how: dict[str, Any] = {
                "sep": text.separator or ",",
                "header": 0,
                "names": [*names] or None,
                "index_col": False,
                "low_memory": False,
            }
            frame: pd.DataFrame = pd.read_csv(stream, decimal="," if text.separator == ";" else ".", **how)
            # persons are no fractions: 1.077 or 2.000 has a sign of thousands, and stays text
            counts = [k for k in range(len(frame.columns)) if frame.iloc[:, k].dtype.kind == "f"]
            counts = [k for k in counts if holds_counts(str(frame.columns[k]))]
            if counts:
                stream.seek(0)
                texts = pd.read_csv(stream, **how | {"dtype": str})
                for k in counts:
                    if texts.iloc[:, k].str.fullmatch(_IN_THREES).any():
                        frame[frame.columns[k]] = texts.iloc[:, k]
            return frame
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        raise InputError(_broken(text, str(error))) from None
    except pd.errors.EmptyDataError:
        raise InputError(
            Message("{file}: the file is empty. Its first row must name the columns", file=text.file)
        ) from None


def _broken(text: Text, error: str) -> Message:
    """Message for a row with more fields than names, or for a quotation that never ends."""
    if "EOF inside string" in error:
        return Message(
            "{file}, a quotation never ends. Put quotes around text that holds the separator", file=text.file
        )
    records = text.filled(head=True)
    _, header = next(records, (0, []))
    for line, record in records:
        if len(record) > len(header):
            return Message(
                "{file}, line {line}: expected {wanted} fields, as many as line {first} names, got {found}. "
                "Put quotes around text that holds the separator, and name every column",
                file=text.file,
                line=line,
                wanted=len(header),
                first=text.line,
                found=len(record),
            )
    return Message("{file}: the file cannot be read as a table. Save it again as CSV", file=text.file)


def read_grid(given: Any, where: str) -> Grid:
    """Rows of a path, a `Source`, a stream of bytes, a pair of one of these and a sheet, or a frame."""
    sheet: str | int | None = None
    if isinstance(given, tuple) and len(given) == 2:
        given, sheet = given
    if isinstance(given, (str, os.PathLike)) and Path(given).is_dir():
        with suppress(ArithmeticError, LookupError, OSError, RuntimeError, TypeError, ValueError):
            return _of_frame(Path(given).name, str(given))
        raise InputError(
            Message(
                "{file}: expected a file, or a folder of Parquet, got another folder", file=Path(given).name
            )
        )
    if not (isinstance(given, (str, os.PathLike, Source)) or callable(getattr(given, "read", None))):
        return _of_frame(where, given)
    source = Source.of(given, where)
    return _reader(source, sheet).grid(source, sheet)


def _grid_of_sheet(source: Source, sheet: str | int | None) -> Grid:
    """Rows of one sheet of a workbook."""
    grid = read_sheet(source, sheet)
    return replace(grid, rows=[list(map(as_text, row)) for row in grid.rows])


def _grid_of_text(source: Source, sheet: str | int | None) -> Grid:
    """Rows of a text."""
    text = text_of(source)
    rows, lines = text.rows()
    return Grid(rows, lines, source.name, "text", text.notes)


def _names_its_columns(header_row: int | None) -> None:
    """Refuse a row of names that is asked for in a file whose columns are named in itself."""
    if header_row is not None:
        raise InputError(
            Message(
                "header_row: expected a text or a workbook, got Parquet or JSON, which names its columns "
                "itself"
            )
        )


def _frame_of_parquet(
    source: Source, sheet: str | int | None, header_row: int | None
) -> tuple[pd.DataFrame, list[Message]]:
    """Parquet as a frame."""
    _names_its_columns(header_row)
    return _of_parquet(source).to_pandas(), []


def _frame_of_json(
    source: Source, sheet: str | int | None, header_row: int | None
) -> tuple[pd.DataFrame, list[Message]]:
    """Records of JSON as a frame."""
    import pandas as pd

    _names_its_columns(header_row)
    tables, notes = records_in(source)
    return pd.DataFrame(tables[chosen(source.name, tables, sheet)], dtype=object).infer_objects(), [*notes]


def _grid_of_json(source: Source, sheet: str | int | None) -> Grid:
    """Records of JSON as rows of text."""
    frame, notes = _frame_of_json(source, sheet, None)
    return replace(_of_frame(source.name, frame), notes=tuple(notes))


def _document(
    endings: tuple[str, ...], begins: Callable[[bytes], object], tables: Callable[[Source], dict[str, Grid]]
) -> Reader:
    """The reader of a kind of document, in which several tables can stand."""

    def grid(source: Source, sheet: str | int | None) -> Grid:
        found = tables(source)
        return found[chosen(source.name, found, sheet)]

    def frame(
        source: Source, sheet: str | int | None, header_row: int | None
    ) -> tuple[pd.DataFrame, list[Message]]:
        found = grid(source, sheet)
        lines = StringIO()
        csv.writer(lines, lineterminator="\n").writerows(found.rows)
        return _framed(Text(found.where, lines.getvalue(), ",", 1, found.notes), header_row, in_sheet=True)

    return Reader(endings, begins, frame, grid, lambda source: tuple(tables(source)))


def _of_frame(where: str, frame: Any) -> Grid:
    """Rows of a frame of any kind; its columns have names for certain."""
    if frame is None or isinstance(frame, (int, float, list, set, tuple)):
        raise InputTypeError(
            Message(
                "{where}: expected a file, a pair of a workbook and a sheet, bytes, or a frame, got {kind}. "
                "Rows in a list become a frame with pandas.DataFrame",
                where=where,
                kind=type(frame).__name__,
            )
        )
    pandas = type(frame).__module__.partition(".")[0] == "pandas"
    names = list(getattr(frame, "columns", ())) if pandas else []
    if not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        raise InputError(
            Message(
                "{where}: expected a name in text for every column, each of its own, got numbers or names "
                "that come twice. Rename the columns",
                where=where,
            )
        )
    read = Frame.of(frame)
    columns = _cells(read, read.names)
    for number, name in enumerate(read.names, 1):
        filled = [cell for cell in columns[name] if cell is not None]
        if is_known(name) and filled and all(isinstance(cell, (dict, list, np.ndarray)) for cell in filled):
            raise InputError(
                Message(
                    "{where}, column {number}: expected cells of text, numbers or days, got several values "
                    "in one cell, or a day that no calendar has. Write the column as text",
                    where=where,
                    number=number,
                )
            )
    texts = [list(map(as_text, columns[name])) for name in read.names]
    if len({len(column) for column in texts}) > 1:
        raise InputError(
            Message(
                "the columns have different lengths, {lengths}",
                lengths=repr(sorted({len(column) for column in texts})),
            )
        )
    rows = [list(map(str, read.names)), *map(list, zip(*texts, strict=True))]
    return Grid(rows, [], where, "frame")


def _cells(frame: Frame, names: Sequence[str]) -> dict[str, list[Any]]:
    """Cells of some columns by name; of a column with a time that Python cannot hold, one empty list."""
    with suppress(OverflowError):
        return frame.cells(names)
    if len(names) == 1:
        return {names[0]: [[]]}
    return {name: _cells(frame, (name,))[name] for name in names}


@dataclass(frozen=True)
class Reader:
    """Reader of one kind of file: every command, the report of a folder and the page take all `READERS`.

    Parameters
    ----------
    endings : tuple of str
        Endings of names, of which files of a folder are taken for tables.
    begins : callable
        Whether a file is of this kind, by how it begins and whatever it is called.
    frame : callable
        Reads a file as a frame with notes, given the table that is named and the row of names.
    grid : callable
        Reads a file and the table of it that is named as rows of text.
    tables : callable, optional
        Names the tables of a file that hold something, where one file can have several.
    """

    endings: tuple[str, ...]
    begins: Callable[[bytes], object]
    frame: Callable[[Source, str | int | None, int | None], tuple[pd.DataFrame, list[Message]]]
    grid: Callable[[Source, str | int | None], Grid]
    tables: Callable[[Source], tuple[str, ...]] | None = None


_TEXT = Reader(
    (".csv", ".tsv", ".txt"),
    re.compile(b"").match,
    lambda source, sheet, header_row: _framed(text_of(source), header_row),
    _grid_of_text,
)
READERS = (
    _document((".docx", ".docm", ".odt"), kind_of_document, tables_of_document),
    Reader(
        (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"),
        re.compile(rb"PK\x03\x04|\xd0\xcf\x11\xe0").match,
        _of_workbook,
        _grid_of_sheet,
        lambda source: () if sheets_of_stints(source) else filled_sheets(source),  # stints are read together
    ),
    Reader(
        (".parquet", ".pq"),
        re.compile(b"PAR1").match,
        _frame_of_parquet,
        lambda source, sheet: _of_frame(source.name, _of_parquet(source)),
    ),
    _document((".pdf",), re.compile(rb"\s*%PDF-").match, tables_of_pdf),
    _document((".html", ".htm", ".xhtml", ".mhtml", ".mht"), is_page, tables_of_page),
    Reader(
        (".jsonl", ".json", ".ndjson", ".geojson"),
        # an object, or an array of objects or of arrays; also without any
        re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:(?:\[\s*\]|\{\s*\})\s*\Z|\{\s*"|\[\s*\{\s*"|\[\s*\[)').match,
        _frame_of_json,
        _grid_of_json,
        lambda source: tuple(records_in(source)[0]),
    ),
    _TEXT,
)
"""The kinds of files that are read; the last takes what none before it does."""
ENDINGS = tuple(ending for reader in READERS for ending in reader.endings)


def _reader(source: Source, sheet: str | int | None) -> Reader:
    """The reader of a file; a sheet of a file that has none is refused, and what is no table."""
    begin = source.content.lstrip()[:16].lower()
    for begins, why in _REFUSED:
        if begin.startswith(begins):
            raise InputError(Message(why, file=source.name))
    found = next(reader for reader in READERS if reader.begins(source.content))
    is_old = _OLD_WORD in source.content and not any(mark in source.content for mark in _OLD_SHEETS)
    if begin.startswith(b"{\\rtf") or (begin.startswith(b"\xd0\xcf") and is_old):
        raise InputError(
            Message(
                "{file}: expected a table, got an old document of a text program such as Word. Save it there "
                "as docx",
                file=source.name,
            )
        )
    if sheet is not None and found.tables is None:
        raise InputError(
            Message("{file}: expected a workbook, as a sheet is named, got another file", file=source.name)
        )
    return found


def tables_in(source: Source) -> tuple[str, ...]:
    """Give the names of the tables of a file that hold something; none where it has one table alone."""
    names = _reader(source, None).tables
    return () if names is None else names(source)


def beginning_of(file: Path, most: int) -> Source:
    """Read the first lines of a longer text, up to so many bytes; all of any other file."""
    with file.open("rb") as stream:
        head = Source(file.name, stream.read(most + 1))
    end = head.content.rfind(b"\n", 0, most) + 1
    long = len(head.content) > most and end and b"\0" not in head.content and _reader(head, None) is _TEXT
    return Source(file.name, head.content[:end]) if long else Source.of(file)
