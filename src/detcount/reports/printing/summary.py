"""The whole that a result says: headline, paragraph, table, what has to hold, notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from detcount.assumptions import Assumption
from detcount.reports.printing.columns import Columns
from detcount.reports.printing.html import bullets, code, escaped, fragment, html_table
from detcount.words import Message, Sentence, translated

_HOLDS = Message("What has to hold")
_NOTES = Message("Notes")
_WITHHELD = Message(
    "Its counts are not shown here: small ones can tell who is on which list. The summary shows them to "
    "those who may see the lists."
)


class Whole(Protocol):
    """Everything that a result says, to be said in a language or set as a piece of a page."""

    def translated(self, lang: str) -> str:
        """Give the whole as text, in one language."""
        ...

    def html(self, lang: str) -> str:
        """Give the whole as a piece of a page, in one language."""
        ...


@dataclass(frozen=True)
class Summary:
    """The whole that a result says, in no language yet; `print` shows it in English.

    Parameters
    ----------
    headline : str
        One short sentence.
    sentence : str, optional
        A paragraph.
    columns : Columns, optional
        Its numbers.
    method : str, optional
        The specification that made it, as code.
    assumptions : tuple of Assumption, optional
        What has to hold for the numbers to mean what they say.
    notes : tuple of str, optional
        What a reader must know besides.

    Examples
    --------
    >>> from detcount import CaptureTable
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> print(table.summary().headline)
    120 persons on 2 lists (press, families), 3 capture histories
    """

    headline: str
    sentence: str = ""
    columns: Columns | None = None
    method: str = ""
    assumptions: tuple[Assumption, ...] = ()
    notes: tuple[str, ...] = ()

    def translated(self, lang: str) -> str:
        """Give the whole as text, in one language."""
        parts = [translated(self.headline, lang)]
        if self.sentence:
            parts.append(translated(self.sentence, lang))
        if self.columns is not None:
            parts.append(self.columns.translated(lang))
        if self.method:
            parts.append(self.method)
        for title, points in self.lists:
            items = "\n".join(f"- {translated(point, lang)}" for point in points)
            parts.append(f"{translated(title, lang)}\n{items}")
        return "\n\n".join(parts)

    def html(self, lang: str) -> str:
        """Give the whole as a piece of a page, in one language."""
        parts = [f'<p class="headline">{escaped(self.headline, lang)}</p>']
        if self.sentence:
            parts.append(f"<p>{escaped(self.sentence, lang)}</p>")
        if self.columns is not None:
            head, left = self.columns.head, self.columns.left
            align = "".join("l" if k in left else "r" for k in range(len(head)))
            parts.append(html_table(head, self.columns.rows, lang, align=align, caption=self.headline))
        if self.method:
            parts.append(f"<p>{code(self.method)}</p>")
        for title, points in self.lists:
            parts += [f"<p>{escaped(title, lang)}</p>", bullets(points, lang)]
        return fragment(parts, lang)

    @property
    def lists(self) -> Iterable[tuple[Message, tuple[str, ...]]]:
        """What has to hold, and the notes, each under its title; nothing where there is none."""
        held = tuple(Sentence(assumption.sentence) for assumption in self.assumptions)
        return [(title, points) for title, points in ((_HOLDS, held), (_NOTES, self.notes)) if points]

    def __str__(self) -> str:
        return self.translated("en")


def without_counts(headline: str) -> Summary:
    """What a notebook shows of a result that would show small counts: its headline, and how to see more."""
    return Summary(headline, _WITHHELD)
