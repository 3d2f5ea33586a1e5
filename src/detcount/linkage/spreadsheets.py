"""Cells that a spreadsheet program shows as text and never computes, and the sheets made of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from detcount.errors import InputError, MissingExtraError
from detcount.words import Message

__all__ = ["read_table", "safe_text", "write_table"]

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_text(text: str) -> str:
    """Text that no spreadsheet program takes for a formula: an apostrophe stands before one."""
    return f"'{text}" if text.lstrip(" ").startswith(_STARTS_A_FORMULA) else text


def _plain(text: str) -> str:
    """Text as it was before `safe_text`."""
    return text[1:] if text.startswith("'") and text[1:].lstrip(" ").startswith(_STARTS_A_FORMULA) else text


def write_table(
    path: Path, head: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int]
) -> None:
    """Write a sheet of Excel, every text of it as text."""
    try:
        from openpyxl import Workbook
        from openpyxl.styles import Font
    except ImportError:
        raise MissingExtraError(Message("writing Excel workbooks"), "excel") from None
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "review"
    for row, cells in enumerate((head, *rows), 1):
        for column, value in enumerate(cells, 1):
            cell = sheet.cell(row=row, column=column)
            if isinstance(value, str):
                cell.value = safe_text(value)
                cell.data_type = "s"
            else:
                cell.value = value
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, width in enumerate(widths):
        sheet.column_dimensions[sheet.cell(row=1, column=column + 1).column_letter].width = width
    sheet.freeze_panes = "A2"
    workbook.save(path)


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
