"""Words, lists and tables as HTML, which no name can open: for reports and for notebooks."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Sequence

from detcount.words import said

_MOST_BESIDE = 3  # columns that a telephone shows side by side; of more each row is set as lines
# For notebooks, whose pages have colours of their own: nothing here names one but the grey of rules.
_STYLE = (
    ".detcount{max-width:60rem;line-height:1.45}"
    ".detcount p{margin:.4em 0}"
    ".detcount .headline{font-weight:600}"
    ".detcount h1{font-size:1.3em;margin:.2em 0 .5em}"
    ".detcount h2{font-size:1.1em;margin:1em 0 .3em}"
    ".detcount ul{margin:.2em 0 .6em;padding-left:1.3em}"
    ".detcount .scroll{overflow-x:auto}"
    ".detcount blockquote{margin:.5em 0;padding-left:.8em;border-left:.2em solid #8886}"
    ".detcount table{border-collapse:collapse;margin:.5em 0;font-size:inherit;"
    "font-variant-numeric:tabular-nums}"
    ".detcount th,.detcount td{padding:.2em 1.2em .2em 0;text-align:left;vertical-align:top;"
    "border-bottom:1px solid #8884;background:none}"
    ".detcount thead th{font-weight:600;vertical-align:bottom;border-bottom:1px solid}"
    ".detcount tbody th{font-weight:normal}"
    ".detcount tr.strong>*{font-weight:700}"
    ".detcount .r{text-align:right;white-space:nowrap}"
    ".detcount thead .r{white-space:normal}"
    ".detcount caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}"
    ".detcount code{white-space:normal;overflow-wrap:anywhere}"
    ".detcount .long{overflow-wrap:anywhere}"
)


def escaped(words: str, lang: str) -> str:
    """Words in the language, which can open no markup."""
    return html.escape(said(words, lang))


def code(words: str) -> str:
    """Code that may break after a bracket or a comma, and inside very long words."""
    words = re.sub(r"(\w{16})(?=\w{24})", "\\1\0", words)
    words = re.sub(r"([(,=])", "\\1\0", words)
    words = html.escape(words).replace("\0", "<wbr>")
    return f"<code>{words}</code>"


def bullets(items: Iterable[str], lang: str) -> str:
    """A list of points."""
    points = "\n".join(f'<li class="long">{escaped(item, lang)}</li>' for item in items)
    return f"<ul>\n{points}\n</ul>"


def html_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    lang: str,
    *,
    align: str,
    caption: str = "",
    codes: Collection[int] = (),
    strong: Collection[int] = (),
    anchors: Sequence[str] = (),
) -> str:
    """A table that scrolls by itself where the page is narrow; one of many columns has its heads in each row.

    Parameters
    ----------
    columns : sequence of str
        The headings.
    rows : iterable of sequences of str
        The cells.
    lang : str
        Code of the language.
    align : str
        A letter a column: ``l`` or ``r``.
    caption : str, optional
        What the table shows, for readers who cannot see it whole.
    codes : collection of int, optional
        Columns that hold specifications, set as code.
    strong : collection of int, optional
        Rows to be set apart.
    anchors : sequence of str, optional
        For each row the place on the page that its first cell leads to; none where rows lead nowhere.

    Returns
    -------
    str
        The table.
    """
    head = "".join(
        f'<th scope="col"{_side(side)}>{escaped(name, lang)}</th>'
        for name, side in zip(columns, align, strict=True)
    )
    stacked = len(columns) > _MOST_BESIDE
    body = []
    for number, row in enumerate(rows):
        cells = []
        for k, (cell, side) in enumerate(zip(row, align, strict=True)):
            text = code(said(cell, lang)) if k in codes and cell else escaped(cell, lang)
            if k == 0 and anchors and anchors[number]:
                text = f'<a href="#{html.escape(anchors[number])}">{text}</a>'
            tag = 'th scope="row"' if k == 0 else "td"
            label = f' data-head="{escaped(columns[k], lang)}"' if stacked and k else ""
            cells.append(f"<{tag}{_side(side)}{label}>{text}</{tag[:2]}>")
        kind = ' class="strong"' if number in strong else ""
        body.append(f"<tr{kind}>{''.join(cells)}</tr>")
    label = escaped(caption, lang)
    return "\n".join(
        [
            f'<div class="scroll{" stacked" * stacked}" role="group" tabindex="0" aria-label="{label}">',
            "<table>",
            f"<caption>{label}</caption>",
            f"<thead><tr>{head}</tr></thead>",
            "<tbody>",
            *body,
            "</tbody>",
            "</table>",
            "</div>",
        ]
    )


def _side(side: str) -> str:
    """Numbers stand at the right."""
    return ' class="r"' if side == "r" else ""


def fragment(parts: Iterable[str], lang: str) -> str:
    """Parts as a piece of a notebook's page, with a style that touches nothing else there."""
    body = "\n".join(parts)
    return f'<div class="detcount" lang="{html.escape(lang)}">\n<style>{_STYLE}</style>\n{body}\n</div>'
