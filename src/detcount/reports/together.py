"""Results that have no report of their own, set one after the other in one document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detcount.printing import Summary
from detcount.reports.blocks import Block, Bullets, Document, Heading, Paragraph, Quote, Table
from detcount.reports.parts import citation_part
from detcount.reports.printed import Printed
from detcount.words import Message


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
