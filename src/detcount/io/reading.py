"""Read the files that analysts have: CSV as Excel writes it, Excel workbooks, Parquet."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import IO, TYPE_CHECKING

from detcount import arguments
from detcount.errors import DetcountWarning, InputError, MissingExtraError
from detcount.io.content import Source
from detcount.io.text import read_text
from detcount.io.workbook import read_workbook, sheet_names
from detcount.words import Message

if TYPE_CHECKING:
    import os

    import pandas as pd

_MOST_ROWS = 10**9
_TEXT = (".csv", ".tsv", ".txt")
_PARQUET = (".parquet", ".pq")
_EXCEL = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


def read_frame(
    path: str | os.PathLike[str] | IO[bytes] | Source,
    *,
    sheet: str | int | None = None,
    header_row: int | None = None,
) -> pd.DataFrame:
    r"""Read a file into a pandas frame, by its suffix.

    Nothing is cleaned: names of columns and values come as they are in the file. No message shows
    the contents of a cell, or more of the path than the name of the file.

    Parameters
    ----------
    path : str, path-like or binary stream
        A file ending in ``.csv``, ``.tsv``, ``.txt``, ``.parquet``, ``.pq``, ``.xlsx``, ``.xlsm``, ``.xlsb``,
        ``.xls`` or ``.ods``, with the names of the columns in its first row. Or an open stream of bytes, such
        as ``sys.stdin.buffer``: whether it holds a workbook, Parquet or text is told by how it begins.
    sheet : str or int, optional
        Sheet of a workbook by name, or by position from 0. Needed when there are several.
    header_row : int, optional
        The row that names the columns, counted from 1 as a spreadsheet or an editor counts them; what is
        above it, such as a title, is not read. By default the first row that is not blank.

    Returns
    -------
    pandas.DataFrame
        The rows of the file. Messages about this very frame name the line (of a sheet, the row) as well as
        the data row; a frame that is made from it has other rows, and only those are named.

    Raises
    ------
    InputError
        If the suffix is unknown, the file is empty or not what its suffix says, a title stands above the
        names of the columns (the message says which row seems to name them, as `header_row`), two columns
        have one name, a row has more fields than the header, a formula
        was never computed, or the sheet is not named and there are several.
    MissingExtraError
        If the file needs the extra ``excel`` or ``parquet``.
    OSError
        If there is no such file, or it may not be read.

    Warns
    -----
    DetcountWarning
        If the encoding of a text is a guess, as it is no valid UTF-8.

    See Also
    --------
    detcount.CaptureTable.from_frame : Turn the frame into persons by capture history.

    Notes
    -----
    A CSV file is read as UTF-8 (or UTF-16, if it begins with that mark); a file that is not valid UTF-8 is
    read as Windows-1252, the Latin alphabet of Western European Excel. The separator is the comma, the
    semicolon, the tabulator or the vertical bar, whichever splits the first row into more columns, or the one
    that a first line such as ``sep=;`` names. Blank lines are passed over, and so are rows of
    separators alone below the table. In files with semicolons,
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
    source = Source.of(path)
    suffix = source.suffix
    if header_row is not None:
        header_row = arguments.whole_number("header_row", header_row, least=1, most=_MOST_ROWS)
    if suffix in _EXCEL:
        return read_workbook(source, sheet, header_row)
    if sheet is not None:
        raise InputError(
            Message(
                "sheet: expected an Excel or ODS workbook, got {got}",
                got=suffix or Message("a file without suffix"),
            )
        )
    if suffix in _TEXT:
        return read_text(source, header_row)
    if suffix in _PARQUET:
        if header_row is not None:
            raise InputError(
                Message(
                    "header_row: expected a text or a workbook, got Parquet, which names its columns itself"
                )
            )
        return _read_parquet(source)
    raise InputError(
        Message(
            "{file}: expected a file ending in {known:,}, got {got}. Save it as one",
            file=source.name,
            known=(*_TEXT, *_PARQUET, *_EXCEL),
            got=suffix or Message("no suffix"),
        )
    )


def read_with_notices(
    source: str | os.PathLike[str] | IO[bytes] | Source,
    *,
    sheet: str | int | None = None,
    header_row: int | None = None,
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read a file as `read_frame` does; what had to be guessed comes as words and not as warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DetcountWarning)
        frame = read_frame(source, sheet=sheet, header_row=header_row)
    notices: list[str] = []
    for warning in caught:
        if issubclass(warning.category, DetcountWarning):
            notices.append(_text(warning.message))
        else:
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
    return frame, tuple(notices)


def sheets_of(source: Source) -> tuple[str, ...]:
    """Names of the sheets of a workbook; none where the file is no workbook."""
    return sheet_names(source) if source.suffix in _EXCEL else ()


def _text(warning: Warning | str) -> str:
    """What a warning says."""
    return warning.args[0] if isinstance(warning, Warning) and warning.args else str(warning)


def _read_parquet(source: Source) -> pd.DataFrame:
    """Read a Parquet file."""
    try:
        import pyarrow
    except ImportError:
        raise MissingExtraError(Message("reading Parquet"), "parquet") from None
    import pandas as pd

    try:
        return pd.read_parquet(BytesIO(source.read()), engine="pyarrow")
    except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError):
        raise InputError(
            Message("{file}: the file cannot be read as Parquet. Write it again", file=source.name)
        ) from None
