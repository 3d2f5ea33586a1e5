"""What detcount asks of python-calamine, done by openpyxl, where a distribution of Pyodide has no calamine.

It reads xlsx and xlsm alone. In the page it is installed under the name `python_calamine`.
"""

from datetime import datetime, time
from enum import Enum
from zipfile import BadZipFile

from openpyxl import load_workbook


class CalamineError(Exception):
    """A file that is no workbook."""


class SheetVisibleEnum(Enum):
    """Whether a program shows a sheet."""

    Visible = "visible"
    Hidden = "hidden"
    VeryHidden = "veryHidden"


class CalamineSheet:
    """The cells of a sheet."""

    def __init__(self, sheet):
        self.name, self.visible = sheet.title, SheetVisibleEnum(sheet.sheet_state)
        rows = [[_value(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        while rows and not any(cell != "" for cell in rows[-1]):
            rows.pop()
        self.rows, self.height = rows, len(rows)
        merged = sheet.merged_cells.ranges
        self.merged_cell_ranges = [
            ((b.min_row - 1, b.min_col - 1), (b.max_row - 1, b.max_col - 1)) for b in merged
        ]

    def to_python(self, skip_empty_area=True, nrows=None):
        """The rows, from the first cell of the sheet."""
        return [list(row) for row in self.rows[:nrows]]


class CalamineWorkbook:
    """The sheets of a workbook."""

    def __init__(self, stream):
        try:
            read = load_workbook(stream, data_only=True)
        except (BadZipFile, KeyError, OSError, TypeError, ValueError) as error:
            raise CalamineError from error
        self.sheets_metadata = [CalamineSheet(sheet) for sheet in read.worksheets]
        self.sheet_names = [sheet.name for sheet in self.sheets_metadata]

    @classmethod
    def from_filelike(cls, stream):
        """Read a workbook."""
        return cls(stream)

    def get_sheet_by_name(self, name):
        """Give a sheet."""
        return self.sheets_metadata[self.sheet_names.index(name)]


def _value(cell):
    """A cell as calamine gives it: numbers as floats, days without a time as days."""
    if cell is None:
        return ""
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date()
    return float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell
