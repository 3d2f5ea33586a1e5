"""The blocks that documents are made of: words in no language yet, and figures not yet drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from detcount.assumptions import Assumption
from detcount.contract.definition import NOT_DEFINED, Definition
from detcount.reports.numbers import NOTHING
from detcount.words import Message, Sentence

if TYPE_CHECKING:
    from detcount.reports.canvas import Canvas


@dataclass(frozen=True)
class Heading:
    """A heading.

    Parameters
    ----------
    text : str
        Its words.
    level : int, optional
        1 for the title, 2 for a section, 3 inside one.
    part : str, optional
        Name of the section, the same in every language.
    anchor : str, optional
        What the rows of a table lead here by, the same in every language.

    Examples
    --------
    >>> from detcount.reports.blocks import Heading
    >>> Heading("How many", level=2).text
    'How many'
    """

    text: str
    level: int = 2
    part: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Plain prose.

    Parameters
    ----------
    text : str
        Its words.

    Examples
    --------
    >>> from detcount.reports.blocks import Paragraph
    >>> Paragraph("At least 120 persons are listed.").text
    'At least 120 persons are listed.'
    """

    text: str


@dataclass(frozen=True)
class Quote:
    """Words that can be printed as they stand.

    Parameters
    ----------
    text : str
        The words.

    Examples
    --------
    >>> from detcount.reports.blocks import Quote
    >>> Quote("At least 120 persons are listed.").text
    'At least 120 persons are listed.'
    """

    text: str


@dataclass(frozen=True)
class Bullets:
    """A list of points.

    Parameters
    ----------
    items : tuple of str
        The points.

    Examples
    --------
    >>> from detcount.reports.blocks import Bullets
    >>> Bullets(("one", "two")).items
    ('one', 'two')
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

    Examples
    --------
    >>> from detcount.reports.blocks import FigureSlot
    >>> FigureSlot("sizes", "Sizes", "A bar for each list.", lambda canvas: None).alt
    'A bar for each list.'
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
    anchors : tuple of str, optional
        For each row the heading that its first cell leads to; none where rows lead nowhere.

    Examples
    --------
    >>> from detcount.reports.blocks import Table
    >>> Table(("list", "persons"), (("press", "60"), ("families", "80")), align="lr").columns
    ('list', 'persons')
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: str
    caption: str = ""
    code: tuple[int, ...] = ()
    details: tuple[int, ...] = ()
    strong: tuple[int, ...] = ()
    anchors: tuple[str, ...] = ()


Grade = Literal["good", "fair", "poor"]


@dataclass(frozen=True)
class Answer:
    """The answer to one question, in a sentence that can be printed.

    Parameters
    ----------
    question : str
        What is asked.
    number : str
        The number; a dash where none is to be printed.
    limits : str
        Its limits, or why there is no number.
    sentence : str
        The sentence; empty where the title of the page is it.
    verdict : str
        What can be printed, in a few words.
    grade : {"good", "fair", "poor"}
        Whether that is an estimate, limits or a floor, or no number of the whole.
    anchor : str, optional
        The heading that the question leads to.

    Examples
    --------
    >>> from detcount.reports.blocks import Answer
    >>> Answer("How many?", "230", "200 to 280", "About 230.", "print the estimate", "good").mark
    '●'
    """

    question: str
    number: str
    limits: str
    sentence: str
    verdict: str
    grade: Grade
    anchor: str = ""

    @property
    def mark(self) -> str:
        """The grade as a sign that is read without colours."""
        return {"good": "●", "fair": "◐", "poor": "○"}[self.grade]


@dataclass(frozen=True)
class Answers:
    """Answers beside each other; where a format has no room for that, one below the other.

    Parameters
    ----------
    items : tuple of Answer
        The answers.

    Examples
    --------
    >>> from detcount.reports.blocks import Answer, Answers
    >>> answer = Answer("How many?", "230", "200 to 280", "About 230.", "print the estimate", "good")
    >>> [type(block).__name__ for block in Answers((answer,)).plain()]
    ['Paragraph', 'Quote']
    """

    items: tuple[Answer, ...]

    def plain(self) -> Iterator[Paragraph | Quote]:
        """Give the answers as plain blocks, one below the other."""
        for each in self.items:
            known = {"question": each.question, "number": each.number, "limits": each.limits}
            words = Message("{question}: {number}; {limits}", **known)
            verdict = Message("{mark} {verdict}", mark=each.mark, verdict=each.verdict)
            yield Paragraph(Message("{words}. {verdict}.", words=words, verdict=verdict))
            if each.sentence:
                yield Quote(each.sentence)


@dataclass(frozen=True)
class Details:
    """Blocks that are folded away until a reader asks for them; text leaves them out unless asked.

    Parameters
    ----------
    summary : str
        What is folded away.
    blocks : tuple of Block
        The blocks; no headings, and no further details.

    Examples
    --------
    >>> from detcount.reports.blocks import Details, Paragraph
    >>> Details("More", (Paragraph("What else there is."),)).summary
    'More'
    """

    summary: str
    blocks: tuple[Heading | Paragraph | Quote | Bullets | FigureSlot | Table, ...]


PlainBlock = Heading | Paragraph | Quote | Bullets | FigureSlot | Table | Details
Block = PlainBlock | Answers


def unfolded(blocks: Iterable[Block]) -> Iterator[Block]:
    """Give every block, those of details too, in their order; the details themselves are left out.

    Parameters
    ----------
    blocks : iterable of Block
        Blocks of a document.

    Yields
    ------
    Block
        Each, and in the place of details what is in them.

    Examples
    --------
    >>> from detcount.reports.blocks import Details, Heading, Paragraph, unfolded
    >>> blocks = [Heading("First"), Details("More", (Paragraph("Words."),))]
    >>> [type(block).__name__ for block in unfolded(blocks)]
    ['Heading', 'Paragraph']
    """
    for block in blocks:
        if isinstance(block, Details):
            yield from block.blocks
        else:
            yield block


@dataclass(frozen=True)
class Document:
    """Content of a report, from its title to its last note; renderers set it in a language and a format.

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
    private : bool, optional
        Whether it has counts of persons for those alone who may see the lists: its files are their owner's.
    folded : mapping of str to str, optional
        Parts that a page folds away below what is to be printed of them, and under which words; where there
        are no words, the heading folds all of its part.

    Examples
    --------
    >>> from detcount.reports.blocks import Document, Heading, Paragraph
    >>> Document("Title", (Heading("First"), Paragraph("Words."))).title
    'Title'
    """

    title: str
    blocks: tuple[Block, ...]
    not_in_terminal: tuple[str, ...] = ()
    private: bool = False
    folded: Mapping[str, str] = field(default_factory=dict)

    @property
    def plain(self) -> Iterator[PlainBlock]:
        """The blocks, for formats in which answers stand one below the other."""
        for block in self.blocks:
            yield from block.plain() if isinstance(block, Answers) else (block,)


def title_part(title: str, definition: Definition | None) -> list[Block]:
    """Say what the report is about, and who is counted."""
    counted = NOT_DEFINED if definition is None else definition.sentence()
    return [Heading(title, 1, "title"), Paragraph(counted)]


def assumptions_part(assumptions: Iterable[Assumption], title: str) -> list[Block]:
    """Say what has to hold; nothing where there is nothing."""
    sentences = tuple(Sentence(assumption.sentence) for assumption in assumptions)
    return [Heading(title, 2, "assumptions"), Bullets(sentences)] if sentences else []


def notes_part(notes: Iterable[str]) -> list[Block]:
    """Say what a reader must know besides; nothing where there is nothing."""
    items = tuple(notes)
    return [Heading(Message("Notes"), 2, "notes"), Bullets(items)] if items else []


def provenance_part(rows: Iterable[tuple[str, str]]) -> list[Block]:
    """Say what it takes to make the numbers again: names, each with its value."""
    title = Message("To make the numbers again")
    heads = (Message("Item"), Message("Value"))
    return [Heading(title, 2, "provenance"), Table(heads, tuple(rows), "ll", caption=title, code=(1,))]


def software_rows(versions: Iterable[tuple[str, str]], seed: int) -> list[tuple[str, str]]:
    """Say with what software, and from which seed, the numbers were made."""
    software = ", ".join(f"{name} {version}" for name, version in versions)
    return [(Message("Software"), software), (Message("Seed"), str(seed))]


def citation_part(citation: str) -> list[Block]:
    """Say how to cite, an item a line."""
    return [Heading(Message("Citation"), 2, "citation"), Bullets(tuple(citation.splitlines()))]


def table_of_known(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    align: str,
    *,
    caption: str,
    first: int = 1,
    strong: tuple[int, ...] = (),
) -> Table:
    """A table without the columns that say nothing in any row; the `first` of them stay."""
    known = [k for k in range(len(head)) if k < first or any(row[k] not in ("", NOTHING) for row in rows)]
    return Table(
        tuple(head[k] for k in known),
        tuple(tuple(row[k] for k in known) for row in rows),
        "".join(align[k] for k in known),
        caption=caption,
        strong=strong,
    )
