"""Read the files that analysts have: CSV as Excel writes it, Excel workbooks, Parquet."""

from __future__ import annotations

import codecs
import csv
import re
import warnings
from collections.abc import Iterable
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from detcount.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    import os

    import pandas as pd

__all__ = ["read_frame"]

_TEXT = (".csv", ".tsv")
_PARQUET = (".parquet", ".pq")
_EXCEL = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_SEPARATORS = (",", ";", "\t")


def read_frame(path: str | os.PathLike[str], *, sheet: str | int | None = None) -> pd.DataFrame:
    r"""Read a file into a pandas frame, by its suffix.

    Nothing is cleaned: names of columns and values come as they are in the file. No message shows
    the contents of a cell.

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
        The rows of the file.

    Raises
    ------
    InputError
        If the suffix is unknown, the file is empty or not what its suffix says, two columns have one
        name, a row has more fields than the header, or the sheet is not named and there are several.
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
    semicolon or the tabulator, whichever splits the first row into more columns. In files with semicolons,
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
        raise InputError(f"sheet: expected an Excel or ODS workbook, got {suffix or 'a file without suffix'}")
    if suffix in _TEXT:
        return _read_text(file)
    if suffix in _PARQUET:
        return _read_parquet(file)
    known = ", ".join((*_TEXT, *_PARQUET, *_EXCEL))
    raise InputError(
        f"{file.name}: expected a file ending in {known}, got {suffix or 'no suffix'}. Save it as one"
    )


def _read_text(file: Path) -> pd.DataFrame:
    """Read a CSV or TSV file, its encoding and separator found out."""
    import pandas as pd

    text = _decoded(file.read_bytes())
    if not text.strip():
        raise InputError(f"{file.name}: the file is empty. Its first row must name the columns")
    separator = _separator(text)
    header = next(csv.reader(StringIO(text), delimiter=separator))
    _refuse_repeated_columns(file, header)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            return pd.read_csv(
                StringIO(text),
                sep=separator,
                decimal="," if separator == ";" else ".",
                index_col=False,
                low_memory=False,
            )
    except pd.errors.ParserError as error:
        found = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", str(error))
        where = (
            f"line {found[2]}: expected {found[1]} fields, got {found[3]}"
            if found
            else "a quotation never ends"
        )
        raise InputError(f"{file.name}, {where}. Put quotes around text that holds the separator") from None
    except pd.errors.ParserWarning:
        raise InputError(
            f"{file.name}: the rows have more fields than the header names, {len(header)}. Name every column"
        ) from None


def _decoded(content: bytes) -> str:
    """Text of a file: UTF-16 by its mark, UTF-8, or else Windows-1252."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _separator(text: str) -> str:
    """Separator that splits the first row into most columns."""

    def n_columns(separator: str) -> int:
        return len(next(csv.reader(StringIO(text), delimiter=separator)))

    return max(_SEPARATORS, key=n_columns)


def _read_parquet(file: Path) -> pd.DataFrame:
    """Read a Parquet file."""
    try:
        import pyarrow
    except ImportError:
        raise MissingExtraError("reading Parquet", "parquet") from None
    import pandas as pd

    try:
        return pd.read_parquet(file, engine="pyarrow")
    except pyarrow.ArrowInvalid:
        raise InputError(f"{file.name}: the file cannot be read as Parquet. Write it again") from None


def _read_excel(file: Path, sheet: str | int | None) -> pd.DataFrame:
    """Read one sheet of a workbook."""
    try:
        from python_calamine import CalamineError
    except ImportError:
        raise MissingExtraError("reading Excel and ODS workbooks", "excel") from None
    import pandas as pd

    content = BytesIO(file.read_bytes())
    try:
        with pd.ExcelFile(content, engine="calamine") as workbook:
            chosen = _chosen_sheet(file, [str(name) for name in workbook.sheet_names], sheet)
            header = pd.read_excel(workbook, sheet_name=chosen, header=None, nrows=1, dtype=object)
            if header.empty:
                raise InputError(
                    f"{file.name}, sheet {chosen!r}: the sheet is empty. Its first row must name the columns"
                )
            _refuse_repeated_columns(file, header.iloc[0].dropna())
            return pd.read_excel(workbook, sheet_name=chosen)
    except CalamineError:
        raise InputError(
            f"{file.name}: the file cannot be read as a workbook. Save it again, without a password"
        ) from None


def _chosen_sheet(file: Path, sheets: list[str], sheet: str | int | None) -> str:
    """Name of the sheet asked for, or of the only one."""
    listed = ", ".join(map(repr, sheets))
    if sheet is None:
        if len(sheets) > 1:
            raise InputError(
                f"{file.name}: the workbook has {len(sheets)} sheets, {listed}. Name one as sheet"
            )
        return sheets[0]
    if isinstance(sheet, int) and 0 <= sheet < len(sheets):
        return sheets[sheet]
    if sheet not in sheets:
        raise InputError(f"{file.name}: no sheet {sheet!r}: the workbook has {listed}")
    return str(sheet)


def _refuse_repeated_columns(file: Path, header: Iterable[object]) -> None:
    """Refuse two columns of one name, which pandas would rename."""
    names = [str(name) for name in header]
    first: dict[str, int] = {}
    for position, name in enumerate(names):
        if name in first:
            raise InputError(
                f"{file.name}: columns {first[name]} and {position} have the same name. Rename one of them"
            )
        first[name] = position
