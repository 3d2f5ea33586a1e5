"""Documents as plain text, for a terminal."""

from __future__ import annotations

import textwrap

from detcount.reports.blocks import (
    Bullets,
    Details,
    Document,
    FigureSlot,
    Heading,
    Paragraph,
    PlainBlock,
    Quote,
    Table,
)
from detcount.words import translated

_WIDTH = 100
_NARROWEST = 16


def plain_text(document: Document, lang: str, *, detail: bool = False) -> str:
    """Set a document for a terminal; some parts are left to the report.

    Parameters
    ----------
    document : Document
        The document.
    lang : str
        Code of the language.
    detail : bool, optional
        Whether what pages fold away is written out.

    Returns
    -------
    str
        The document, without a newline at its end.
    """
    parts: list[str] = []
    skipping = False
    before: PlainBlock | None = None
    for block in document.plain:
        if isinstance(block, Heading):
            skipping = block.part in document.not_in_terminal
        if not skipping:
            text = _plain(block, lang, detail=detail)
            if text:
                apart = isinstance(block, Quote) and isinstance(before, Quote)
                parts.append(f"\n{text}" if apart else text)
        before = block
    return "\n".join(parts).strip("\n")


def _plain(block: PlainBlock, lang: str, *, detail: bool) -> str:
    """One block as text."""
    match block:
        case Heading(level=1):
            text = translated(block.text, lang)
            return f"{text}\n{'=' * len(text)}"
        case Heading():
            return f"\n{translated(block.text, lang)}"
        case Paragraph() | Quote():
            text = translated(block.text, lang)
            return textwrap.fill(text, _WIDTH, initial_indent="  ", subsequent_indent="  ")
        case Bullets():
            return "\n".join(
                textwrap.fill(translated(item, lang), _WIDTH, initial_indent="  - ", subsequent_indent="    ")
                for item in block.items
            )
        case Table():
            return _plain_table(block, lang)
        case FigureSlot():
            return ""
        case Details():
            if not detail:
                return ""
            inner = (_plain(each, lang, detail=detail) for each in block.blocks)
            return "\n".join([f"  {translated(block.summary, lang)}", *(part for part in inner if part)])


def _plain_table(table: Table, lang: str) -> str:
    """Columns in line; long words wrap in the last column, or where there is most to say."""
    columns = [k for k in range(len(table.columns)) if k not in table.details]
    rows = [tuple(translated(row[k], lang) for k in columns) for row in (table.columns, *table.rows)]
    align = "".join(table.align[k] for k in columns)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    room = _WIDTH - 2 - 2 * (len(columns) - 1)
    while sum(widths) > room:
        widest = max(range(len(columns)), key=lambda k: (align[k] == "l", widths[k]))
        if widths[widest] <= _NARROWEST:
            break
        widths[widest] -= 1
    return "\n".join(_plain_row(row, widths, align) for row in rows)


def _plain_row(cells: tuple[str, ...], widths: list[int], align: str) -> str:
    """One row, of as many lines as its longest cell needs."""
    wrapped = [
        textwrap.wrap(cell, width, break_on_hyphens=False) or [""]
        for cell, width in zip(cells, widths, strict=True)
    ]
    height = max(len(lines) for lines in wrapped)
    rows = []
    for number in range(height):
        shown = [lines[number] if number < len(lines) else "" for lines in wrapped]
        padded = [
            text.rjust(width) if side == "r" else text.ljust(width)
            for text, width, side in zip(shown, widths, align, strict=True)
        ]
        rows.append(f"  {'  '.join(padded)}".rstrip())
    return "\n".join(rows)
