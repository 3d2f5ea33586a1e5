"""Documents as Excel files: words on one sheet, a sheet for each section with tables, and no formulas."""

from __future__ import annotations

import re
from collections.abc import Iterable

from detcount.reports.blocks import (
    Answers,
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
from detcount.reports.sheets import Cell, Sheet, workbook_of
from detcount.words import Message, Number, translated

_LONGEST_NAME = 31  # letters of a sheet's name
_NO_NAME = re.compile(r"[\[\]:*?/\\']")
_ANSWERS = Message("Answers")
_OF_ANSWERS = Message("Question"), Message("Number"), Message("Limits"), Message("Verdict")
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
    prose = Sheet(translated(Message("Report"), lang), widths=[_PROSE])
    book = [prose]
    section, sheet = document.title, None
    for block in _blocks(document):
        if isinstance(block, Heading) and (block.level <= 2 or block.part):
            section, sheet = block.text, None
        if isinstance(block, Table):
            if sheet is None:
                sheet = Sheet(_name(translated(section, lang), [each.name for each in book]), head_stays=True)
                book.append(sheet)
            _table(sheet, block, lang)
        else:
            prose.rows += [[cell] for cell in _prose(block, lang)]
    return workbook_of(book, title=translated(document.title, lang), spoken=lang)


def _blocks(document: Document) -> list[Block]:
    """Every block; answers as a table too, and what is folded away under a heading of its own."""
    found: list[Block] = []
    for block in document.blocks:
        match block:
            case Answers():
                rows = tuple((each.question, each.number, each.limits, each.verdict) for each in block.items)
                found += [Heading(_ANSWERS, 2), Table(_OF_ANSWERS, rows, "lrll", caption=_ANSWERS)]
                found += block.plain()
            case Details():
                found += [Heading(block.summary, 3), *block.blocks]
            case _:
                found.append(block)
    return found


def _name(words: str, names: Iterable[str]) -> str:
    """A name for a sheet that no other has."""
    whole = " ".join(_NO_NAME.sub(" ", words).split()) or "-"
    name, number = _cut(whole, _LONGEST_NAME), 1
    taken = {each.lower() for each in names}
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


def _prose(block: Block, lang: str) -> Iterable[Cell]:
    """Words, a cell each."""
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
    size = max(15 - 2 * block.level, 9) if isinstance(block, Heading) else 11
    for words in texts:
        yield Cell(translated(words, lang), bold=isinstance(block, (Heading, Quote)), wrapped=True, size=size)


def _table(sheet: Sheet, table: Table, lang: str) -> None:
    """Add a table, below those that are there."""
    if sheet.rows:
        sheet.rows.append([])
    right = [side == "r" for side in table.align]
    sheet.rows.append(
        [
            Cell(translated(name, lang), bold=True, ruled=True, wrapped=True, right=side)
            for name, side in zip(table.columns, right, strict=True)
        ]
    )
    for number, row in enumerate(table.rows):
        cells = []
        for words, side in zip(row, right, strict=True):
            value, digits = _number(words) if isinstance(words, Number) else (translated(words, lang), "")
            strong = number in table.strong
            cells.append(Cell(value, digits, bold=strong, wrapped=True, right=side))
        sheet.rows.append(cells)
    widths = [float(_LEAST)] * max(len(table.columns), len(sheet.widths))
    for k, width in enumerate(sheet.widths):
        widths[k] = width
    for k, columns in enumerate(zip(table.columns, *table.rows, strict=True)):
        letters = max(len(translated(words, lang)) for words in columns)
        widths[k] = max(widths[k], min(letters + 2, _MOST))
    sheet.widths = widths


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
