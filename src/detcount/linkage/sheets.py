"""Sheets of workbooks as rows of text, merged cells filled downwards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from detcount.errors import InputError, MissingExtraError
from detcount.files import cells_of, check_workbook, part_of, refuse_uncached
from detcount.linkage.cells import as_text
from detcount.linkage.grids import Grid
from detcount.words import Message, quoted

_MERGED = re.compile(rb'<mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')

_SPANNING = re.compile(rb'number-rows-spanned="(?:[2-9]|\d\d+)"')

Range = tuple[tuple[int, int], tuple[int, int]]


def read_sheet(file: str, content: bytes, sheet: str | int | None) -> Grid:
    """Read the sheet that was asked for, or the only one that holds something."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        raise MissingExtraError(Message("reading Excel and ODS workbooks"), "excel") from None
    unreadable = Message(
        "{file}: the file cannot be read as a workbook. Save it again, without a password", file=file
    )
    check_workbook(file, content)
    failed = False
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        names = [str(name) for name in workbook.sheet_names]
        sheets = {name: workbook.get_sheet_by_name(name) for name in names}
    except (CalamineError, OSError, ValueError):
        failed = True
    if failed:
        raise InputError(unreadable)
    chosen = _chosen(file, names, [name for name in names if sheets[name].height > 0], sheet)
    refuse_uncached(Message("{file}, sheet {sheet!r}", file=file, sheet=chosen), content, chosen)
    found = sheets[chosen]
    rows = [[as_text(cell) for cell in row] for row in found.to_python(skip_empty_area=False)]
    where = Message("{file}, sheet {sheet!r}", file=file, sheet=chosen)
    notes = []
    if _SPANNING.search(part_of(content, "content.xml")):
        notes.append(
            Message(
                "{where}: merged cells of ODS workbooks are not filled, and the cells below them are blank. "
                "Save it as xlsx to have them filled",
                where=where,
            )
        )
    merged = _merged(found, content, chosen)
    n_filled = _fill(rows, merged)
    if n_filled:
        notes.append(
            Message.counted(
                "{where}: 1 cell that is merged with the one above was filled with its value",
                "{where}: {n:,} cells that are merged with one above were filled with its value",
                n=n_filled,
                where=where,
            )
        )
    return Grid(rows, list(range(1, len(rows) + 1)), where, notes=tuple(notes))


def _chosen(file: str, names: Sequence[str], filled: Sequence[str], sheet: str | int | None) -> str:
    """Name of the sheet."""
    if sheet is None:
        if len(filled) == 1:
            return filled[0]
        if not filled:
            raise InputError(Message("{file}: expected rows of persons, got an empty workbook", file=file))
        raise InputError(
            Message(
                "{file}: the workbook has {n} sheets, {sheets!r:,}. Save the one with the list in a file of "
                "its own, or in Python give the list as {code}",
                file=file,
                n=len(filled),
                sheets=list(filled),
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
                sheet=quoted(sheet) if isinstance(sheet, str) else repr(sheet),
                sheets=list(names),
            )
        )
    return str(sheet)


def _merged(sheet: Any, content: bytes, name: str) -> list[Range]:
    """Merged cells, as the first and the last row and column of each block, from 0."""
    found = getattr(sheet, "merged_cell_ranges", None)
    if found is not None:
        return [((int(a), int(b)), (int(c), int(d))) for (a, b), (c, d) in found]
    return [  # of older readers, which do not say it
        ((int(top) - 1, _column(left)), (int(bottom) - 1, _column(right)))
        for left, top, right, bottom in _MERGED.findall(cells_of(content, name))
    ]


def _column(letters: bytes) -> int:
    """Position of a column, from 0."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number - 1


def _fill(rows: list[list[str]], merged: Sequence[Range]) -> int:
    """Write the value of merged cells into every row that they reach over; how many cells that fills."""
    n_filled = 0
    for (top, left), (bottom, _) in merged:
        if top >= len(rows) or left >= len(rows[top]) or not rows[top][left]:
            continue
        for row in rows[top + 1 : bottom + 1]:
            if left < len(row) and not row[left]:
                row[left] = rows[top][left]
                n_filled += 1
    return n_filled
