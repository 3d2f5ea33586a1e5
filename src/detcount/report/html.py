"""Documents as one HTML file that needs nothing from anywhere: styles and figures are inside it."""

from __future__ import annotations

import base64
import html
import io
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from detcount.report.document import Block, Bullets, FigureSlot, Heading, Paragraph, Quote
from detcount.report.tables import Table
from detcount.report.writing import GENERATOR

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["page", "svg"]

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --quiet: #595959; --rule: #d9d9d9; --blue: #1f5a8a;
  --tint: #f3f6f9; --paper: #fff; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e4e4e4; --quiet: #a9a9a9; --rule: #444; --blue: #7db3e0; --tint: #1c242c;
    --paper: #121416; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 56rem; padding: 1.5rem 1rem 4rem; color: var(--ink);
  background: var(--paper);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", Arial, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: .5rem 0 1.25rem; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 2.2rem 0 .6rem; }
section.verdict { border-left: .4rem solid var(--blue); background: var(--tint); padding: .9rem 1.1rem; }
section.verdict h2 { margin-top: 0; }
section.verdict ul { margin: .3rem 0 0; }
blockquote { margin: .5rem 0; padding: .2rem 0 .2rem 1rem; border-left: .2rem solid var(--blue);
  font-size: 1.15rem; }
.scroll { overflow-x: auto; margin: .8rem 0; }
.scroll:focus-visible, figure:focus-visible { outline: .15rem solid var(--blue); outline-offset: .15rem; }
table { border-collapse: collapse; font-size: .92rem; line-height: 1.35; }
th, td { padding: .35rem .8rem .35rem 0; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--rule); }
thead th { border-bottom: 2px solid var(--ink); vertical-align: bottom; }
tbody th { font-weight: normal; }
.r { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tr.strong > * { font-weight: 700; }
code { font: .85em/1.4 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  white-space: normal; }
figure { margin: 1rem 0; overflow-x: auto; }
figure img { width: 100%; min-width: 34rem; max-width: 52rem; height: auto; display: block;
  background: #fff; }
caption, figcaption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
.long { overflow-wrap: anywhere; }
@media (max-width: 34rem) {
  body { padding: 1rem .75rem 3rem; } h1 { font-size: 1.4rem; } table { font-size: .85rem; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2 { break-after: avoid; } figure, tr, section.verdict { break-inside: avoid; } p { orphans: 3; widows: 3; }
  blockquote { font-size: 1em; }
  .scroll, figure { overflow: visible; } figure img { min-width: 0; }
  table { font-size: 8.5pt; } thead { display: table-header-group; }
  section.verdict { background: none; }
}
""".strip()


def page(blocks: Iterable[Block], figures: Mapping[str, Figure], *, lang: str, title: str) -> str:
    """Set a document as a page.

    Parameters
    ----------
    blocks : iterable of Block
        The document.
    figures : mapping of str to Figure
        The figures by the key of their place.
    lang : {"en", "es"}
        Language of the page.
    title : str
        Title of the window.

    Returns
    -------
    str
        The page; it loads nothing.
    """
    body: list[str] = []
    open_section = False
    for block in blocks:
        if isinstance(block, Heading) and block.level > 1:
            if open_section:
                body.append("</section>")
            body.append(f'<section class="{block.part.replace(" ", "-")}">')
            open_section = True
        body.append(_block(block, figures))
    if open_section:
        body.append("</section>")
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{lang}">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            GENERATOR,
            f"<title>{html.escape(title)}</title>",
            f"<style>\n{_STYLE}\n</style>",
            "</head>",
            "<body>",
            "<main>",
            *body,
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _block(block: Block, figures: Mapping[str, Figure]) -> str:
    """One block."""
    match block:
        case Heading():
            return f"<h{block.level}>{html.escape(block.text)}</h{block.level}>"
        case Paragraph():
            return f"<p>{html.escape(block.text)}</p>"
        case Quote():
            return f"<blockquote><p>{html.escape(block.text)}</p></blockquote>"
        case Bullets():
            items = "\n".join(f'<li class="long">{html.escape(item)}</li>' for item in block.items)
            return f"<ul>\n{items}\n</ul>"
        case FigureSlot():
            return _figure(block, figures)
        case Table():
            return _table(block)


def _figure(slot: FigureSlot, figures: Mapping[str, Figure]) -> str:
    """A figure, inside the page."""
    if slot.key not in figures:
        return ""
    data = base64.b64encode(svg(figures[slot.key]).encode()).decode("ascii")
    return (
        f'<figure tabindex="0"><img src="data:image/svg+xml;base64,{data}" alt="{html.escape(slot.alt)}">'
        f"<figcaption>{html.escape(slot.title)}</figcaption></figure>"
    )


def _table(table: Table) -> str:
    """A table that scrolls by itself where the page is narrow."""
    head = "".join(
        f'<th scope="col"{_side(side)}>{html.escape(name)}</th>'
        for name, side in zip(table.columns, table.align, strict=True)
    )
    rows = []
    for number, row in enumerate(table.rows):
        cells = []
        for k, (cell, side) in enumerate(zip(row, table.align, strict=True)):
            text = f"<code>{_breakable(cell)}</code>" if k in table.code and cell else html.escape(cell)
            tag = 'th scope="row"' if k == 0 else "td"
            cells.append(f"<{tag}{_side(side)}>{text}</{tag[:2]}>")
        strong = ' class="strong"' if number in table.strong else ""
        rows.append(f"<tr{strong}>{''.join(cells)}</tr>")
    label = html.escape(table.caption)
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
