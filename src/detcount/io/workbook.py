"""Workbooks of Excel and other programs: the sheet that is meant, and formulas that were never computed."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from detcount.errors import InputError, MissingExtraError
from detcount.files import check_workbook, refuse_uncached
from detcount.frames import Lines, attach_lines, column_name
from detcount.io.content import Source
from detcount.io.header import (
    LOOKED_AT,
    n_filled,
    refuse_data,
    refuse_names_again,
    refuse_repeated_columns,
    refuse_title,
)
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

_MOST_NAMED = 12  # sheets
_WITH_FORMULAS = (".xlsx", ".xlsm")
# Excel leaves the value out where a formula was never computed; a computed empty text is of type "str".


def sheet_names(source: Source) -> tuple[str, ...]:
    """Names of the sheets; none where the file cannot be read."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        raise MissingExtraError(Message("reading Excel and ODS workbooks"), "excel") from None
    try:
        return tuple(CalamineWorkbook.from_filelike(BytesIO(source.read())).sheet_names)
    except CalamineError:
        return ()


def read_workbook(source: Source, sheet: str | int | None, header_row: int | None) -> pd.DataFrame:
    """Read one sheet of a workbook, from the row on that names the columns."""
    try:
        from python_calamine import CalamineError
    except ImportError:
        raise MissingExtraError(Message("reading Excel and ODS workbooks"), "excel") from None
    import pandas as pd

    content = BytesIO(source.read())
    check_workbook(source.name, content.getvalue())
    named = header_row or 1
    try:
        with pd.ExcelFile(content, engine="calamine") as workbook:
            chosen = _chosen_sheet(source.name, [str(name) for name in workbook.sheet_names], sheet)
            where = Message("{file}, sheet {sheet!r}", file=source.name, sheet=chosen)
            first = pd.read_excel(
                workbook, sheet_name=chosen, header=None, skiprows=named - 1, nrows=LOOKED_AT, dtype=object
            )
            rows = first.to_numpy().tolist()
            if not rows or (header_row is not None and not n_filled(rows[0])):
                raise InputError(_nothing_there(where, header_row))
            if source.suffix in _WITH_FORMULAS:
                refuse_uncached(where, content.getvalue(), chosen)
            where = Message("{where}, row {row}", where=where, row=named)
            refuse_title(
                where,
                rows,
                lambda row: (named + row, Message("row {line} of the sheet", line=named + row)),
            )
            refuse_repeated_columns(where, ["" if name != name else name for name in rows[0]])
            if header_row is None:
                refuse_data(where, rows)
            frame = pd.read_excel(workbook, sheet_name=chosen, skiprows=named - 1)
    except CalamineError:
        raise InputError(
            Message(
                "{file}: the file cannot be read as a workbook. Save it again, without a password",
                file=source.name,
            )
        ) from None
    attach_lines(frame, Lines(((0, named + 1),), len(frame), in_sheet=True))
    refuse_names_again(source.name, frame)
    return frame


def _nothing_there(where: str, header_row: int | None) -> Message:
    """Message for a sheet that holds nothing, or nothing in the row that should name the columns."""
    if header_row is None:
        return Message("{where}: the sheet is empty. Its first row must name the columns", where=where)
    return Message(
        "{where}: expected the names of the columns in row {row}, as header_row says, got nothing there",
        where=where,
        row=header_row,
    )


def _chosen_sheet(file: str, sheets: list[str], sheet: str | int | None) -> str:
    """Name of the sheet asked for, or of the only one."""
    if sheet is None:
        if len(sheets) > 1:
            raise InputError(
                Message(
                    "{file}: the workbook has {n} sheets, {sheets!r:,}. Name one as sheet",
                    file=file,
                    n=len(sheets),
                    sheets=_some(sheets),
                )
            )
        return sheets[0]
    if isinstance(sheet, int) and 0 <= sheet < len(sheets):
        return sheets[sheet]
    if sheet not in sheets:
        raise InputError(
            Message(
                "{file}: no sheet {sheet}: the workbook has {sheets!r:,}",
                file=file,
                sheet=column_name(sheet),
                sheets=_some(sheets),
            )
        )
    return str(sheet)


def _some(sheets: list[str]) -> list[str]:
    """Names of sheets, as many as anybody reads."""
    return sheets if len(sheets) <= _MOST_NAMED else [*sheets[:_MOST_NAMED], "..."]
