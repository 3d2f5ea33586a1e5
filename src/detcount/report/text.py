"""Documents as plain text and as Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from detcount.report.document import Block, Bullets, FigureSlot, Heading, Paragraph, Quote
from detcount.report.tables import Table, escape, markdown_table

__all__ = ["markdown", "plain_text"]

_WIDTH = 100
_NARROWEST = 16
_LEFT_OUT = ("overlaps", "provenance", "citation")


def markdown(blocks: Iterable[Block]) -> str:
    """Set a document in Markdown that also reads well as it is."""
    parts = []
    for block in blocks:
        match block:
            case Heading():
                parts.append(f"{'#' * block.level} {escape(block.text)}")
            case Paragraph():
                parts.append(escape(block.text))
            case Quote():
                parts.append(f"> {escape(block.text)}")
            case Bullets():
                parts.append("\n".join(f"- {escape(item)}" for item in block.items))
            case Table():
                parts.append(markdown_table(block))
            case FigureSlot():
                pass
    return "\n\n".join(parts) + "\n"


def plain_text(blocks: Iterable[Block], *, leave_out: tuple[str, ...] = _LEFT_OUT) -> str:
    """Set a document for a terminal; some sections are left to the report."""
    parts: list[str] = []
    skipping = False
    before: Block | None = None
    for block in blocks:
        if isinstance(block, Heading):
            skipping = block.part in leave_out
        if not skipping:
            text = _plain(block)
            if text:
                apart = isinstance(block, Quote) and isinstance(before, Quote)
                parts.append(f"\n{text}" if apart else text)
        before = block
    return "\n".join(parts).strip("\n")


def _plain(block: Block) -> str:
    """One block as text."""
    match block:
        case Heading(level=1):
            return f"{block.text}\n{'=' * len(block.text)}"
        case Heading():
            return f"\n{block.text}"
        case Paragraph():
            return textwrap.fill(block.text, _WIDTH, initial_indent="  ", subsequent_indent="  ")
        case Quote():
            return textwrap.fill(block.text, _WIDTH, initial_indent="  ", subsequent_indent="  ")
        case Bullets():
            return "\n".join(
                textwrap.fill(item, _WIDTH, initial_indent="  - ", subsequent_indent="    ")
                for item in block.items
            )
        case Table():
            return _plain_table(block)
        case FigureSlot():
            return ""


def _plain_table(table: Table) -> str:
    """Columns in line; long words wrap in the last column, or where there is most to say."""
    kept = [k for k in range(len(table.columns)) if k not in table.details]
    rows = [tuple(row[k] for k in kept) for row in (table.columns, *table.rows)]
    align = "".join(table.align[k] for k in kept)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    room = _WIDTH - 2 - 2 * (len(kept) - 1)
    while sum(widths) > room:
        widest = max(range(len(kept)), key=lambda k: (align[k] == "l", widths[k]))
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
