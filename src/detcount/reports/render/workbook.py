"""Documents as Excel files: words on one sheet, a sheet for each section with tables, and no formulas."""

from __future__ import annotations

import io
import re
from typing import Any

from detcount.reports.blocks import (
    Block,
    Bullets,
    Details,
    Document,
    FigureSlot,
    Heading,
    Paragraph,
    Quote,
    Table,
)
from detcount.reports.packed import packed
from detcount.reports.render.plain import plain
from detcount.words import Message, Number

__all__ = ["workbook"]

_LONGEST_NAME = 31  # letters of a sheet's name
_NO_NAME = re.compile(r"[\[\]:*?/\\']")
_RISKY = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet may take for a formula when it is edited
_PROSE, _LEAST, _MOST = 100, 8, 60  # letters in the breadth of a column


def workbook(document: Document, lang: str) -> bytes:
    """Set a document as an Excel file.

    Parameters
    ----------
    document : Document
        The document; its figures are left out.
    lang : str
        Code of the language.

    Returns
    -------
    bytes
        The file; the same bytes each time. A number is a number, with the digits that are printed and no
        more; every other cell is text.
    """
    import openpyxl

    book = openpyxl.Workbook()
    about = book.properties
    about.title, about.category, about.language = plain(document.title, lang), "detcount", lang
    about.creator = ""
    prose = book.active
    prose.title = plain(Message("Report"), lang)
    prose.column_dimensions["A"].width = _PROSE
    section, sheet = document.title, None
    for block in _blocks(document):
        if isinstance(block, Heading) and (block.level <= 2 or block.part):
            section, sheet = block.text, None
        if isinstance(block, Table):
            if sheet is None:
                sheet = book.create_sheet(_name(plain(section, lang), book))
            _table(sheet, block, lang)
        else:
            _prose(prose, block, lang)
    stream = io.BytesIO()
    book.save(stream)
    return packed(stream.getvalue(), "docProps/core.xml")


def _blocks(document: Document) -> list[Block]:
    """Every block, what is folded away under a heading of its own."""
    found: list[Block] = []
    for block in document.blocks:
        if isinstance(block, Details):
            found += [Heading(block.summary, 3), *block.blocks]
        else:
            found.append(block)
    return found


def _name(words: str, book: Any) -> str:
    """A name for a sheet that no other has."""
    whole = " ".join(_NO_NAME.sub(" ", words).split()) or "-"
    name, number = _cut(whole, _LONGEST_NAME), 1
    taken = {each.lower() for each in book.sheetnames}
    while name.lower() in taken:
        number += 1
        ending = f" ({number})"
        name = _cut(whole, _LONGEST_NAME - len(ending)) + ending
    return name


def _cut(words: str, most: int) -> str:
    """As many whole words as fit."""
    if len(words) <= most:
        return words
    return (words[: most + 1].rpartition(" ")[0] or words[:most]).strip()


def _prose(sheet: Any, block: Block, lang: str) -> None:
    """Add words, a cell each."""
    from openpyxl.styles import Alignment, Font

    texts: tuple[str, ...]
    match block:
        case Heading() | Paragraph() | Quote():
            texts = (block.text,)
        case Bullets():
            texts = block.items
        case FigureSlot():
            texts = (block.alt,)
        case _:
            texts = ()
    for words in texts:
        row = sheet.max_row + (sheet.max_row > 1 or sheet["A1"].value is not None)
        cell = sheet.cell(row, 1)
        _write(cell, plain(words, lang))
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if isinstance(block, Heading):
            cell.font = Font(bold=True, size=max(15 - 2 * block.level, 9))
        elif isinstance(block, Quote):
            cell.font = Font(bold=True)


def _table(sheet: Any, table: Table, lang: str) -> None:
    """Add a table, below those that are there."""
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.utils import get_column_letter

    first = 1 if sheet["A1"].value is None else sheet.max_row + 2
    if first == 1:
        sheet.freeze_panes = "A2"
    sides = ["right" if side == "r" else "left" for side in table.align]
    for k, name in enumerate(table.columns):
        cell = sheet.cell(first, k + 1)
        _write(cell, plain(name, lang))
        cell.font = Font(bold=True)
        cell.border = Border(bottom=Side(style="thin"))
        cell.alignment = Alignment(wrap_text=True, vertical="bottom", horizontal=sides[k])
    for number, row in enumerate(table.rows):
        for k, words in enumerate(row):
            cell = sheet.cell(first + 1 + number, k + 1)
            if isinstance(words, Number):
                cell.value, cell.number_format = _number(words)
            else:
                _write(cell, plain(words, lang))
            cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal=sides[k])
            if number in table.strong:
                cell.font = Font(bold=True)
    for k in range(len(table.columns)):
        letters = max(
            len(plain(words, lang)) for words in (table.columns[k], *(row[k] for row in table.rows))
        )
        dimension = sheet.column_dimensions[get_column_letter(k + 1)]
        dimension.width = max(dimension.width, min(max(letters + 2, _LEAST), _MOST))


def _number(words: Number) -> tuple[float | str, str]:
    """A number with the digits that are printed, and how Excel shows it."""
    printed = str(words).replace(",", "").replace("\u2212", "-")
    share = printed.endswith("%")
    try:
        value = float(printed.rstrip("%"))
    except ValueError:  # infinity, whose sign is printed
        return str(words), "@"
    places = len(printed.rstrip("%").partition(".")[2])
    shown = "#,##0" + ("." + "0" * places if places else "")
    if share:
        return round(value / 100, places + 2), f"0{'.' + '0' * places if places else ''}%"
    return (int(value) if places == 0 and "e" not in printed else value), shown


def _write(cell: Any, words: str) -> None:
    """Write text that stays text, whatever it begins with."""
    cell.value = words
    cell.data_type = "s"
    if words.startswith(_RISKY):
        cell.quotePrefix = True
