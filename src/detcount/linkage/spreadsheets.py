"""Cells that a spreadsheet program shows as text and never computes, and the sheets made of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from detcount.errors import InputError, MissingExtraError
from detcount.reports.sheets import Cell, Sheet, safe_text, workbook_of
from detcount.reports.writing import write_report
from detcount.words import Message

__all__ = ["read_table", "safe_text", "write_table"]


def _plain(text: str) -> str:
    """Text as it was before `safe_text`."""
    return text[1:] if text.startswith("'") and safe_text(text[1:]) != text[1:] else text


def write_table(
    path: Path,
    head: Sequence[str],
    rows: Iterable[Sequence[Any]],
    widths: Sequence[int],
    *,
    private: bool = False,
) -> None:
    """Write a sheet of Excel, every text of it as text; no other file is made on the way."""
    cells = [[Cell(safe_text(x) if isinstance(x, str) else x) for x in row] for row in rows]
    sheet = Sheet("review", [[Cell(name, bold=True) for name in head], *cells], widths, head_stays=True)
    write_report(workbook_of([sheet]), path, force=True, private=private)


def read_table(path: Path) -> tuple[list[str], list[list[str]]]:
    """Head and rows of the first sheet of a workbook, or of a CSV file, every cell as text."""
    if path.suffix.lower() == ".csv":
        import csv

        with path.open(encoding="utf-8-sig", newline="") as stream:
            lines = [list(map(_plain, line)) for line in csv.reader(stream)]
    else:
        lines = _sheet(path)
    if not lines:
        raise InputError(Message("{file}: expected a head and rows, got an empty file", file=path.name))
    return lines[0], lines[1:]


def _sheet(path: Path) -> list[list[str]]:
    """The cells of the first sheet."""
    try:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError:
        raise MissingExtraError(Message("reading Excel workbooks"), "excel") from None
    from zipfile import BadZipFile

    try:
        workbook = load_workbook(path, read_only=True, data_only=True)
        try:
            found = [list(row) for row in workbook.worksheets[0].iter_rows(values_only=True)]
        finally:
            workbook.close()
    except (BadZipFile, InvalidFileException, KeyError, ValueError):
        raise InputError(
            Message("{file}: the file cannot be read as a workbook. Save it again as .xlsx", file=path.name)
        ) from None
    return [["" if cell is None else _plain(str(cell)) for cell in row] for row in found]
