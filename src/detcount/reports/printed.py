"""What can be printed: results with a document, alone or together, set in any format and language."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from detcount import arguments
from detcount.printing import Summary
from detcount.reports.blocks import Block, Bullets, Document, Heading, Paragraph, Quote, Table, citation_part
from detcount.reports.canvas import Canvas, drawn
from detcount.reports.formats import FORMATS, FormatName, require
from detcount.reports.render.html import piece
from detcount.reports.render.latex import latex
from detcount.reports.render.markdown import markdown
from detcount.reports.render.pictures import write_pictures
from detcount.reports.render.text import plain_text
from detcount.reports.writing import FileTarget, Target, check_target, write_report
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

    def say(self, lang: str, *, detail: bool = False) -> str:
        """Give the document as text, in one language; with what pages fold away where `detail` is True."""
        return plain_text(self.document, lang, detail=detail)

    def html(self, lang: str) -> str:
        """Give the document as a piece of a page without figures, in one language."""
        return piece(self.document, lang)

    def __str__(self) -> str:
        return self.say("en")


class Printed(ABC):
    """A result with a document: what it prints as text, in Markdown and as a page.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> from detcount.reports import Printed
    >>> isinstance(dc.assess(table, families=["chao"]), Printed)
    True
    """

    @abstractmethod
    def document(self) -> Document:
        """Give what a report says, in no language yet.

        Returns
        -------
        Document
            The blocks, from the title to the citation.
        """

    def to_markdown(self, *, lang: str = "en") -> str:
        """Write the report in Markdown.

        Parameters
        ----------
        lang : str, optional
            Language of the report, one of `detcount.words.languages`.

        Returns
        -------
        str
            The report, with a newline at its end.

        Raises
        ------
        InputError
            If the language is unknown.
        """
        return markdown_of(self.document, lang)

    def to_html(self, path: Target | None = None, *, lang: str = "en", force: bool = False) -> str:
        """Write the report as one HTML file that loads nothing from anywhere.

        Parameters
        ----------
        path : str, Path or text stream, optional
            File to write, or an open stream of text such as ``io.StringIO()``. A file that is there is
            replaced in one step, and only where it is a report of detcount.
        lang : str, optional
            Language of the report, one of `detcount.words.languages`.
        force : bool, optional
            Whether a file of that name that is no report of detcount may be written over.

        Returns
        -------
        str
            The page.

        Raises
        ------
        InputError
            If the language is unknown, or there is a folder of that name, or a file that is no report of
            detcount and not empty.
        TypeError
            If the path is neither the name of a file nor a stream of text.
        """
        return html_of(self.document, path, lang, force=force)

    def to_docx(self, path: FileTarget | None = None, *, lang: str = "en", force: bool = False) -> bytes:
        """Write the report as a Word file, with its figures.

        Needs python-docx: ``pip install 'detcount[word]'``.

        Parameters
        ----------
        path : str or Path, optional
            File to write. A file that is there is replaced in one step, and only where it is a report of
            detcount.
        lang : str, optional
            Language of the report, one of `detcount.words.languages`.
        force : bool, optional
            Whether a file of that name that is no report of detcount may be written over.

        Returns
        -------
        bytes
            The file; the same bytes each time.

        Raises
        ------
        InputError
            If the language is unknown, python-docx is missing, or there is a folder of that name, or a file
            that is no report of detcount and not empty.
        """
        return cast("bytes", file_of(self.document, "docx", path, lang, force=force))

    def to_excel(self, path: FileTarget | None = None, *, lang: str = "en", force: bool = False) -> bytes:
        """Write the report as an Excel file: its words on one sheet, the tables of each section on others.

        No cell is a formula, and a number has the digits that are printed.

        Parameters
        ----------
        path : str or Path, optional
            As in `to_docx`.
        lang : str, optional
            As in `to_docx`.
        force : bool, optional
            As in `to_docx`.

        Returns
        -------
        bytes
            The file; the same bytes each time.

        Raises
        ------
        InputError
            If the language is unknown, or there is a folder of that name, or a file that is none of detcount
            and not empty.
        """
        return cast("bytes", file_of(self.document, "xlsx", path, lang, force=force))

    def to_latex(self, path: FileTarget | None = None, *, lang: str = "en", force: bool = False) -> str:
        """Write the report in LaTeX, its figures to a folder beside the file.

        Parameters
        ----------
        path : str or Path, optional
            As in `to_docx`; without it there are no figures.
        lang : str, optional
            As in `to_docx`.
        force : bool, optional
            As in `to_docx`.

        Returns
        -------
        str
            The file, for pdfLaTeX, XeLaTeX or LuaLaTeX.

        Raises
        ------
        InputError
            As in `to_docx`.
        """
        return cast("str", file_of(self.document, "tex", path, lang, force=force))

    def summary(self) -> WholeDocument:
        """Give the whole: the document, to be said in a language.

        Returns
        -------
        WholeDocument
            ``print`` shows it, and ``summary.say("es")`` says it in Spanish.
        """
        return WholeDocument(self.document())

    def say(self, lang: str) -> str:
        """Give the document as text, in one language."""
        return self.summary().say(lang)

    def __str__(self) -> str:
        return self.say("en")

    def _repr_markdown_(self) -> str:
        """Show the report in a notebook that takes Markdown."""
        return self.to_markdown()

    def _repr_html_(self) -> str:
        """Show the report in a notebook, without its figures."""
        return self.summary().html("en")


def markdown_of(document: Callable[[], Document], lang: str, *, detail: bool = False) -> str:
    """Set a document in Markdown; it is made after the language is found to exist."""
    lang = arguments.language(lang)
    return markdown(document(), lang, detail=detail)


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


def html_of(document: Callable[[], Document], path: Target | None, lang: str, *, force: bool) -> str:
    """Set a document as a page and write it; it is made after language and path are found to be good."""
    return cast("str", file_of(document, "html", path, lang, force=force))


def figure_of(draw: Callable[[Canvas], None], lang: str) -> Figure:
    """Draw a figure; it is drawn after the language is found to exist."""
    return drawn(draw, arguments.language(lang))


@dataclass(frozen=True)
class Together(Printed):
    """Several results as one document, in the order given.

    Parameters
    ----------
    parts : tuple of Summary or Document
        What each result says.
    citation : str
        How to cite, an item a line.
    title : str, optional
        Title of the document; that of the only result where there is one.

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.datasets.load("kosovo")
    >>> both = dc.together(
    ...     [dc.abundance.ChaoLowerBound().fit(table), dc.diagnose.sample_coverage(table)],
    ...     title="Kosovo",
    ... )
    >>> print(both.to_markdown().splitlines()[0])
    # Kosovo
    """

    parts: tuple[Summary | Document, ...]
    citation: str
    title: str = ""

    def document(self) -> Document:
        """Give what the results say, in no language yet.

        Returns
        -------
        Document
            A section for each result, and how to cite detcount.
        """
        alone = len(self.parts) == 1 and not self.title
        title = _named(self.parts[0]) if alone else (self.title or Message("Results"))
        blocks: list[Block] = [Heading(title, 1, "title")]
        for number, part in enumerate(self.parts, start=1):
            name = f"result {number}"
            if isinstance(part, Document):
                blocks += _lower(part, name)
            else:
                blocks += [] if alone else [Heading(part.headline, 2, name)]
                blocks += _of_summary(part)
        return Document(title, (*blocks, *citation_part(self.citation)))


def _named(part: Summary | Document) -> str:
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
        yield Quote(summary.method)
    for title, points in summary.lists:
        yield Heading(title, 3)
        yield Bullets(points)
