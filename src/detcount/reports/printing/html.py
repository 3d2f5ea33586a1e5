"""Words, lists and tables as HTML, which no name can open: for reports and for notebooks."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from importlib.resources import files

from detcount.words import translated

_MOST_BESIDE = 3  # columns that a telephone shows side by side; of more each row is set as lines


@cache
def _style() -> str:
    """The style for notebooks. Their pages have colours of their own, so it names only the grey of rules."""
    return (
        files("detcount.reports.printing")
        .joinpath("notebook.css")
        .read_text(encoding="utf-8")
        .replace("\n", "")
    )


def escaped(words: str, lang: str) -> str:
    """Words in the language, which can open no markup."""
    return html.escape(translated(words, lang))


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
            text = code(translated(cell, lang)) if k in codes and cell else escaped(cell, lang)
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
    return f'<div class="detcount" lang="{html.escape(lang)}">\n<style>{_style()}</style>\n{body}\n</div>'
