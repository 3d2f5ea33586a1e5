"""Documents as one HTML file that needs nothing from anywhere: styles and figures are inside it."""

from __future__ import annotations

import base64
import html
import io
import re
import string
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from detcount.report.blocks import Block, Bullets, Document, FigureSlot, Heading, Paragraph, Quote, Table
from detcount.report.canvas import drawn
from detcount.report.writing import GENERATOR
from detcount.words import said

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["page", "svg"]


def page(document: Document, lang: str) -> str:
    """Set a document as a page.

    Parameters
    ----------
    document : Document
        The document.
    lang : str
        Code of the language.

    Returns
    -------
    str
        The page; it loads nothing.
    """
    body: list[str] = []
    open_section = False
    for block in document.blocks:
        if isinstance(block, Heading) and block.level > 1:
            if open_section:
                body.append("</section>")
            body.append(f'<section class="{block.part.replace(" ", "-")}">')
            open_section = True
        body.append(_block(block, lang))
    if open_section:
        body.append("</section>")
    return string.Template(_file("page.html")).substitute(
        lang=lang,
        generator=GENERATOR,
        title=_text(document.title, lang),
        style=_file("page.css").rstrip("\n"),
        body="\n".join(body),
    )


@cache
def _file(name: str) -> str:
    """The skeleton of the page, or its style."""
    return files("detcount.report.render").joinpath(name).read_text(encoding="utf-8")


def _text(words: str, lang: str) -> str:
    """Words in the language, which can open no markup."""
    return html.escape(said(words, lang))


def _block(block: Block, lang: str) -> str:
    """One block."""
    match block:
        case Heading():
            return f"<h{block.level}>{_text(block.text, lang)}</h{block.level}>"
        case Paragraph():
            return f"<p>{_text(block.text, lang)}</p>"
        case Quote():
            return f"<blockquote><p>{_text(block.text, lang)}</p></blockquote>"
        case Bullets():
            items = "\n".join(f'<li class="long">{_text(item, lang)}</li>' for item in block.items)
            return f"<ul>\n{items}\n</ul>"
        case FigureSlot():
            return _figure(block, lang)
        case Table():
            return _table(block, lang)


def _figure(slot: FigureSlot, lang: str) -> str:
    """A figure, inside the page."""
    data = base64.b64encode(svg(drawn(slot.draw, lang)).encode()).decode("ascii")
    return (
        f'<figure tabindex="0"><img src="data:image/svg+xml;base64,{data}" alt="{_text(slot.alt, lang)}">'
        f"<figcaption>{_text(slot.title, lang)}</figcaption></figure>"
    )


def _table(table: Table, lang: str) -> str:
    """A table that scrolls by itself where the page is narrow."""
    head = "".join(
        f'<th scope="col"{_side(side)}>{_text(name, lang)}</th>'
        for name, side in zip(table.columns, table.align, strict=True)
    )
    rows = []
    for number, row in enumerate(table.rows):
        cells = []
        for k, (cell, side) in enumerate(zip(row, table.align, strict=True)):
            is_code = k in table.code and bool(cell)
            text = f"<code>{_breakable(said(cell, lang))}</code>" if is_code else _text(cell, lang)
            tag = 'th scope="row"' if k == 0 else "td"
            cells.append(f"<{tag}{_side(side)}>{text}</{tag[:2]}>")
        strong = ' class="strong"' if number in table.strong else ""
        rows.append(f"<tr{strong}>{''.join(cells)}</tr>")
    label = _text(table.caption, lang)
    return "\n".join(
        [
            f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">',
            "<table>",
            f"<caption>{label}</caption>",
            f"<thead><tr>{head}</tr></thead>",
            "<tbody>",
            *rows,
            "</tbody>",
            "</table>",
            "</div>",
        ]
    )


def _breakable(code: str) -> str:
    """Code that may break after a bracket or a comma, and inside very long words."""
    code = re.sub(r"(\w{16})(?=\w{24})", "\\1\0", code)
    code = re.sub(r"([(,=])", "\\1\0", code)
    return html.escape(code).replace("\0", "<wbr>")


def _side(side: str) -> str:
    """Numbers stand at the right."""
    return ' class="r"' if side == "r" else ""


def svg(figure: Figure) -> str:
    """Draw a figure as SVG, the same bytes each time; the letters are outlines, so no font is needed."""
    from matplotlib import rc_context

    stream = io.StringIO()
    with rc_context({"svg.hashsalt": "detcount", "svg.fonttype": "path"}):
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()
