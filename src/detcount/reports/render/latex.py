"""Documents in LaTeX, for pdfLaTeX, XeLaTeX and LuaLaTeX alike; figures are files beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from detcount.reports import resource
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
from detcount.reports.widths import column_widths
from detcount.words import translated

LATEX_MARK = "% Made by detcount"
"""How every file of ours begins."""

_ROOM = 17.0  # cm between the margins
_GUTTER = 0.42  # cm between two columns
_BABEL = {"en": "british", "es": "spanish"}
_SECTIONS = {1: "section", 2: "subsection", 3: "subsubsection", 4: "paragraph"}
_SPECIAL: dict[str, str] = json.loads(resource("latex.json"))  # signs that are commands, or in no font
_MARKS = re.compile("|".join(map(re.escape, _SPECIAL)))


def latex(document: Document, lang: str, pictures: Mapping[str, str] | None = None) -> str:
    """Set a document in LaTeX.

    Parameters
    ----------
    document : Document
        The document; what pages fold away is written out.
    lang : str
        Code of the language.
    pictures : mapping of str to str, optional
        File of each figure by its key with dashes, from where LaTeX runs; the others are left out.

    Returns
    -------
    str
        A whole file, with a newline at its end.
    """
    head = resource("preamble.tex") % {
        "babel": _BABEL.get(lang.split("-", maxsplit=1)[0], "english"),
        "title": escaped_latex(translated(document.title, lang)),
    }
    body = [part for block in document.plain if (part := _block(block, lang, pictures or {}))]
    return f"{LATEX_MARK}\n{head}\n" + "\n\n".join(body) + "\n\n\\end{document}\n"


def escaped_latex(words: str) -> str:
    """Write text so that nothing in it is a command."""
    return _MARKS.sub(lambda found: _SPECIAL[found[0]], words)


def _block(block: PlainBlock, lang: str, pictures: Mapping[str, str]) -> str:
    """One block."""
    match block:
        case Heading():
            return rf"\{_SECTIONS[block.level]}{{{_text(block.text, lang)}}}"
        case Paragraph():
            return _text(block.text, lang)
        case Quote():
            return "\\begin{quote}\n" + _text(block.text, lang) + "\n\\end{quote}"
        case Bullets():
            items = "\n".join(rf"\item {_text(item, lang)}" for item in block.items)
            return "\\begin{itemize}\n" + items + "\n\\end{itemize}" if items else ""
        case FigureSlot():
            return _figure(block, lang, pictures)
        case Table():
            return _table(block, lang)
        case Details():
            inner = (_block(each, lang, pictures) for each in block.blocks)
            return "\n\n".join(
                [rf"\paragraph{{{_text(block.summary, lang)}}}", *(part for part in inner if part)]
            )


def _figure(slot: FigureSlot, lang: str, pictures: Mapping[str, str]) -> str:
    """A figure that is a file, and the words that say what it shows."""
    file_name = pictures.get(slot.key.replace(" ", "-"))
    if file_name is None:
        return ""
    alt = _text(slot.alt, lang)
    file = rf"\includegraphics[width=\linewidth,height=.8\textheight,keepaspectratio]{{{file_name}}}"
    return f"\\begin{{center}}\n{file}\n\n{{\\footnotesize {alt}}}\n\\end{{center}}"


def _table(table: Table, lang: str) -> str:
    """A table that goes on over pages, its head on each."""
    columns = [translated(name, lang) for name in table.columns]
    rows = [[translated(cell, lang) for cell in row] for row in table.rows]
    widths, size = column_widths(columns, rows, table.code, _ROOM)
    shape = "".join(
        rf">{{\{'raggedleft' if side == 'r' else 'raggedright'}\arraybackslash}}p{{{width - _GUTTER:.2f}cm}}"
        for side, width in zip(table.align, widths, strict=True)
    )
    head = _row([rf"\textbf{{{escaped_latex(name)}}}" for name in columns])
    lines = [
        rf"{{\fontsize{{{size:g}}}{{{1.2 * size:g}}}\selectfont",
        rf"\begin{{longtable}}[l]{{@{{}}{shape}@{{}}}}",
        rf"{head}\midrule\endhead",
    ]
    for number, row in enumerate(rows):
        cells = [_code(cell) if k in table.code else escaped_latex(cell) for k, cell in enumerate(row)]
        strong = number in table.strong
        lines.append(_row([rf"\textbf{{{cell}}}" if strong and cell else cell for cell in cells]))
    return "\n".join([*lines, r"\bottomrule", r"\end{longtable}}"])


def _text(words: str, lang: str) -> str:
    """Words in the language, which are no command."""
    return escaped_latex(translated(words, lang))


def _row(cells: list[str]) -> str:
    """One row."""
    return " & ".join(cells) + r" \\"


def _code(cell: str) -> str:
    """Code that may break after a bracket or a comma."""
    broken = re.sub(r"([(,=])", "\\1\0", cell)
    return rf"\texttt{{{escaped_latex(broken)}}}".replace("\0", r"\allowbreak{}") if cell else ""
