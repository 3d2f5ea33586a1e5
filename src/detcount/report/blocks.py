"""The blocks that documents are made of: words in no language yet, and figures not yet drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detcount.report.canvas import Canvas

__all__ = [
    "Block",
    "Bullets",
    "Document",
    "FigureSlot",
    "Heading",
    "Paragraph",
    "Quote",
    "Table",
]


@dataclass(frozen=True)
class Heading:
    """A heading.

    Parameters
    ----------
    text : str
        Its words.
    level : int, optional
        1 for the title, 2 for a section.
    part : str, optional
        Name of the section, the same in every language.
    """

    text: str
    level: int = 2
    part: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Plain prose.

    Parameters
    ----------
    text : str
        Its words.
    """

    text: str


@dataclass(frozen=True)
class Quote:
    """Words that can be printed as they stand.

    Parameters
    ----------
    text : str
        The words.
    """

    text: str


@dataclass(frozen=True)
class Bullets:
    """A list of points.

    Parameters
    ----------
    items : tuple of str
        The points.
    """

    items: tuple[str, ...]


@dataclass(frozen=True)
class FigureSlot:
    """The place of a figure; text leaves it out.

    Parameters
    ----------
    key : str
        Name of the figure, the same in every language.
    title : str
        Its title.
    alt : str
        What it shows, for readers who cannot see it.
    draw : callable
        Draws it on a `Canvas`.
    """

    key: str
    title: str
    alt: str
    draw: Callable[[Canvas], None]


@dataclass(frozen=True)
class Table:
    """Cells of text under headings.

    Parameters
    ----------
    columns : tuple of str
        The headings.
    rows : tuple of tuple of str
        The cells.
    align : str
        A letter a column: ``l`` or ``r``.
    caption : str, optional
        What the table shows, for readers who cannot see it whole.
    code : tuple of int, optional
        Columns that hold specifications, set as code.
    details : tuple of int, optional
        Columns that a terminal leaves out.
    strong : tuple of int, optional
        Rows to be set apart.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: str
    caption: str = ""
    code: tuple[int, ...] = ()
    details: tuple[int, ...] = ()
    strong: tuple[int, ...] = ()


Block = Heading | Paragraph | Quote | Bullets | FigureSlot | Table


@dataclass(frozen=True)
class Document:
    """What a report says, from its title to its last note; renderers set it in a language and a format.

    Every text is a `words.Message`, or another text that can be said in a language; a plain `str` is a name
    or a code, and is printed as it is.

    Parameters
    ----------
    title : str
        Its title.
    blocks : tuple of Block
        What it says.
    not_in_terminal : tuple of str, optional
        Parts that a terminal leaves to the report.
    """

    title: str
    blocks: tuple[Block, ...]
    not_in_terminal: tuple[str, ...] = ()
