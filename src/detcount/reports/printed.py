"""Documents set in any format and language, alone or several together, and written to files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from detcount.contract import arguments
from detcount.contract.citation import cite
from detcount.reports.blocks import (
    Block,
    Bullets,
    Document,
    Heading,
    Paragraph,
    Quote,
    Table,
    citation_part,
)
from detcount.reports.canvas import Canvas, drawn
from detcount.reports.formats import FORMATS, FormatName, require
from detcount.reports.printing import Summary
from detcount.reports.render.html import piece
from detcount.reports.render.latex import latex
from detcount.reports.render.pictures import write_pictures
from detcount.reports.render.text import plain_text
from detcount.reports.writing import Target, check_target, write_report
from detcount.words import Message

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class WholeDocument:
    """A document as the whole that a result says.

    Parameters
    ----------
    document : Document
        What it says, in no language yet.
    """

    document: Document

    def translated(self, lang: str, *, detail: bool = False) -> str:
        """Give the document as text, in one language; with what pages fold away where `detail` is True."""
        return plain_text(self.document, lang, detail=detail)

    def html(self, lang: str) -> str:
        """Give the document as a piece of a page without figures, in one language."""
        return piece(self.document, lang)

    def __str__(self) -> str:
        return self.translated("en")


def file_of(
    document: Callable[[], Document], name: FormatName, path: Target | None, lang: str, *, force: bool
) -> str | bytes:
    """Set a document in a format and write it; it is made after language and place are found to be good.

    The figures of LaTeX go to a folder beside the file, and are left out where there is none.
    """
    lang, made = arguments.language(lang), FORMATS[name]
    require(made)
    check_target(path, force=force, marks=made.marks)
    what = document()
    if name == "tex" and isinstance(path, (str, os.PathLike)):
        content: str | bytes = _latex_with_pictures(what, Path(path), lang, force=force)
    else:
        content = made.render(what, lang)
    write_report(content, path, force=force, marks=made.marks, private=what.private)
    return content


def _latex_with_pictures(document: Document, path: Path, lang: str, *, force: bool) -> str:
    """Write the figures to a folder that is named after the file, and give the file that shows them."""
    folder = path.with_name(f"{path.stem}-figures")
    files = write_pictures(document, folder, "png", lang, force=force)
    return latex(document, lang, {file.stem: f"{folder.name}/{file.name}" for file in files})


def figure_of(draw: Callable[[Canvas], None], lang: str) -> Figure:
    """Draw a figure; it is drawn after the language is found to exist."""
    return drawn(draw, arguments.language(lang))


def joined(parts: Sequence[Summary | Document], citation: str, title: str = "") -> Document:
    """Set what several results say one after the other; alone, a result gives the title too."""
    alone = len(parts) == 1 and not title
    title = _named(parts[0]) if alone else (title or Message("Results"))
    blocks: list[Block] = [Heading(title, 1, "title")]
    for number, part in enumerate(parts, start=1):
        name = f"result {number}"
        if isinstance(part, Document):
            blocks += _lower(part, name)
        else:
            blocks += [] if alone else [Heading(part.headline, 2, name)]
            blocks += _of_summary(part)
    return Document(title, (*blocks, *citation_part(citation)))


def opened(blocks: Iterable[Block], summary: Summary, sentences: Iterable[str]) -> Document:
    """Set a result as a page that opens with its answers; what they rest on is folded away.

    Parameters
    ----------
    blocks : iterable of Block
        The opening.
    summary : Summary
        The whole that the result says.
    sentences : iterable of str
        What can be printed of it, with what it rests on.

    Returns
    -------
    Document
        The blocks, the table and the rest, and how to cite detcount.
    """
    first = list(blocks)
    rest = [*_of_summary(replace(summary, sentence=""))]
    tables = [block for block in rest if isinstance(block, Table)]
    return Document(
        next(block.text for block in first if isinstance(block, Heading)),
        (
            *first,
            Heading(Message("The numbers"), 2, "numbers"),
            *tables,
            Heading(Message("What can be printed, with what it rests on"), 2, "rest"),
            *map(Quote, sentences),
            *(block for block in rest if block not in tables),
            *citation_part(cite()),
        ),
        folded={"rest": "", "citation": ""},
    )


def _named(part: Summary | Document) -> str:
    """The title of a part."""
    return part.title if isinstance(part, Document) else part.headline


def _lower(document: Document, name: str) -> Iterator[Block]:
    """The blocks of a report of its own, its title a section and its sections inside that."""
    for block in document.blocks:
        if isinstance(block, Heading):
            part = name if block.level == 1 else f"{name} {block.part}".strip()
            yield Heading(block.text, min(block.level + 1, 3), part, block.anchor)
        else:
            yield block


def _of_summary(summary: Summary) -> Iterator[Block]:
    """Headline, paragraph, numbers, method, what has to hold, notes."""
    if summary.sentence:
        yield Paragraph(summary.sentence)
    if summary.columns is not None:
        head, left = summary.columns.head, summary.columns.left
        align = "".join("l" if k in left else "r" for k in range(len(head)))
        rows = tuple(tuple(row) for row in summary.columns.rows)
        yield Table(tuple(head), rows, align, caption=summary.headline)
    if summary.method:
        yield Paragraph(Message("Method: {method}", method=summary.method))
    for title, points in summary.lists:
        yield Heading(title, 3)
        yield Bullets(points)
