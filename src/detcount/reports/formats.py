"""The files that a document can be set in: by which ending they are known, and how each bears our mark."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from detcount.errors import InputError, MissingExtraError
from detcount.reports.blocks import Document
from detcount.reports.render.html import page
from detcount.reports.render.latex import LATEX_MARK, latex
from detcount.reports.render.markdown import MARKDOWN_MARK, marked_markdown
from detcount.reports.render.word import word
from detcount.reports.render.workbook import workbook
from detcount.reports.writing import REPORT_MARKS
from detcount.words import Message

FormatName = Literal["html", "docx", "xlsx", "tex", "md"]


@dataclass(frozen=True)
class Format:
    """A kind of file.

    Parameters
    ----------
    render : callable
        Sets a document in a language; gives the file.
    marks : tuple of str
        What stands near the beginning of such a file of ours; a file without it is not written over.
    needs : str, optional
        The library that it needs, as it is imported.
    extra : str, optional
        The extra that installs the library.
    """

    render: Callable[[Document, str], str | bytes]
    marks: Sequence[str]
    needs: str = ""
    extra: str = ""


_OFFICE = ("<cp:category>detcount</cp:category>",)
FORMATS: dict[FormatName, Format] = {
    "html": Format(page, REPORT_MARKS),
    "docx": Format(word, _OFFICE, "docx", "word"),
    "xlsx": Format(workbook, _OFFICE),
    "tex": Format(latex, (LATEX_MARK,)),
    "md": Format(marked_markdown, (MARKDOWN_MARK,)),
}
ENDINGS = tuple(f".{name}" for name in FORMATS)
"""The endings of files that a report can be written to."""


def format_of(path: str | os.PathLike[str], argument: str = "path", also: Sequence[str] = ()) -> FormatName:
    """Find a format by the ending of a file.

    Parameters
    ----------
    path : str or path-like
        The file.
    argument : str, optional
        What to call it in a message.
    also : sequence of str, optional
        Other endings that the message is to name.

    Returns
    -------
    str
        The format.

    Raises
    ------
    InputError
        If no report has such an ending.
    """
    ending = Path(path).suffix.lower()
    for name in FORMATS:
        if ending == f".{name}":
            return name
    raise InputError(
        Message(
            "{argument}: expected a file that ends in {endings:or}, got {found!r}. Choose one of these",
            argument=argument,
            endings=[*ENDINGS, *also],
            found=ending,
        )
    )


def require(made: Format) -> None:
    """Refuse a format whose library is missing, before minutes are spent.

    Parameters
    ----------
    made : Format
        The format.

    Raises
    ------
    MissingExtraError
        If its library is not installed.
    """
    import importlib.util

    if made.needs and importlib.util.find_spec(made.needs) is None:
        raise MissingExtraError(Message("this file"), made.extra)
