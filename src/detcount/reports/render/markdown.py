"""Documents and tables in Markdown that also reads well as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

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

MARKDOWN_MARK = "<!-- made by detcount -->"
"""How a file of ours begins; it is not shown."""
# What opens markup: also the end of a link's words, an entity, a line through words.
_MARKS = re.compile(r"[\\|*_`<~]|\](?=[(\[:])|&(?=#?\w+;)")


def markdown(document: Document, lang: str, *, detail: bool = False) -> str:
    """Set a document in Markdown.

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
        The document, with a newline at its end; figures are left out.
    """
    parts = [_written(block, lang, detail=detail) for block in document.plain]
    return "\n\n".join(part for part in parts if part) + "\n"


def marked_markdown(document: Document, lang: str) -> str:
    """Set a document in Markdown below a line that says who made it, as a file of its own needs it.

    Parameters
    ----------
    document : Document
        The document.
    lang : str
        Code of the language.

    Returns
    -------
    str
        As `markdown` gives it, the mark before it.
    """
    return f"{MARKDOWN_MARK}\n{markdown(document, lang)}"


def _written(block: PlainBlock, lang: str, *, detail: bool) -> str:
    """One block; nothing where Markdown leaves it out."""
    match block:
        case Heading():
            return f"{'#' * block.level} {_text(block.text, lang)}"
        case Paragraph():
            return _text(block.text, lang)
        case Quote():
            return f"> {_text(block.text, lang)}"
        case Bullets():
            return "\n".join(f"- {_text(item, lang)}" for item in block.items)
        case Table():
            return markdown_table(block, lang)
        case FigureSlot():
            return ""
        case Details():
            if not detail:
                return ""
            inner = (_written(each, lang, detail=detail) for each in block.blocks)
            return "\n\n".join([f"**{_text(block.summary, lang)}**", *(part for part in inner if part)])


def markdown_table(table: Table, lang: str) -> str:
    """Set a table in Markdown.

    Parameters
    ----------
    table : Table
        The table.
    lang : str
        Code of the language.

    Returns
    -------
    str
        The table, its last line without a newline.
    """
    rule = "|".join(":---" if side == "l" else "---:" for side in table.align)
    lines = [_row([_text(name, lang) for name in table.columns]), f"|{rule}|"]
    for number, row in enumerate(table.rows):
        words = [translated(cell, lang) for cell in row]
        strong = number in table.strong
        lines.append(
            _row(
                [
                    _code(cell) if k in table.code else escape(cell, strong=strong)
                    for k, cell in enumerate(words)
                ]
            )
        )
    return "\n".join(lines)


def escape(cell: str, *, strong: bool = False) -> str:
    """Write text so that it cannot end a cell or open markup."""
    cell = _MARKS.sub(r"\\\g<0>", cell).replace("\n", " ")
    return f"**{cell}**" if strong and cell else cell


def _text(words: str, lang: str) -> str:
    """Words in the language, which can open no markup."""
    return escape(translated(words, lang))


def _row(cells: Sequence[str]) -> str:
    """One row."""
    return f"| {' | '.join(cells)} |"


def _code(cell: str) -> str:
    """Code in a cell; a bar would end the cell even there."""
    if not cell:
        return ""
    ticks = "`" * (1 + max(map(len, re.findall("`+", cell)), default=0))
    pad = " " if "`" in cell else ""
    return f"{ticks}{pad}{cell}{pad}{ticks}".replace("|", "\\|")
