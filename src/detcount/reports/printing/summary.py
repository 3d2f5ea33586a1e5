"""The whole that a result says: headline, paragraph, table, what has to hold, notes."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from detcount.assumptions import Assumption
from detcount.errors import NotEstimableError
from detcount.reports.printing.columns import Columns
from detcount.reports.printing.html import bullets, code, escaped, fragment, html_table
from detcount.words import Message, Sentence, translated

_HOLDS = Message("What has to hold")
_NOTES = Message("Notes")
_REST = Message("Details")
_WITHHELD = Message(
    "Its counts are not shown here: small ones can tell who is on which list. The summary shows them to "
    "those who may see the lists."
)
_MOST_WORDS = 120  # that are read before the fold of a cell


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
        return fragment([*self.first(lang), *self.table(lang), *self.rest(lang)], lang)

    def first(self, lang: str) -> list[str]:
        """Give the headline and the paragraph."""
        words = [f"<p>{escaped(self.sentence, lang)}</p>"] if self.sentence else []
        return [f'<p class="headline">{escaped(self.headline, lang)}</p>', *words]

    def table(self, lang: str) -> list[str]:
        """Give the numbers."""
        if self.columns is None:
            return []
        head, left = self.columns.head, self.columns.left
        align = "".join("l" if k in left else "r" for k in range(len(head)))
        return [html_table(head, self.columns.rows, lang, align=align, caption=self.headline)]

    def rest(self, lang: str) -> list[str]:
        """Give the method, what has to hold, and the notes."""
        parts = [f"<p>{code(self.method)}</p>"] if self.method else []
        for title, points in self.lists:
            parts += [f"<p>{escaped(title, lang)}</p>", bullets(points, lang)]
        return parts

    @property
    def lists(self) -> Iterable[tuple[Message, tuple[str, ...]]]:
        """Assumptions and notes, each under its title; nothing where there is none."""
        held = tuple(Sentence(assumption.sentence) for assumption in self.assumptions)
        return [(title, points) for title, points in ((_HOLDS, held), (_NOTES, self.notes)) if points]

    def __str__(self) -> str:
        return self.translated("en")


def cell_html(whole: Whole, headline: str, plot: Callable[[], Any] | None, lang: str) -> str:
    """Set what a cell of a notebook shows: the answer in words, its picture, and the rest folded.

    Parameters
    ----------
    whole : Whole
        The whole that a result says.
    headline : str
        One short sentence, which stands for a whole that is a document.
    plot : callable or None
        Draws the figure. Without one the table is shown if it is short; where counts are left out, so is the
        figure.
    lang : str
        Code of the language.

    Returns
    -------
    str
        A piece of a page.
    """
    picture = None if whole in (Summary(headline), without_counts(headline)) else _picture(plot)
    if isinstance(whole, Summary):
        first = whole.first(lang)
        parts = [*first, *whole.table(lang)]
        most = len(first if picture else parts)
        shown = 1 + sum(_n_words(parts[:k]) < _MOST_WORDS for k in range(2, most + 1))
        seen, folded = parts[:shown], [*parts[shown:], *whole.rest(lang)]
    else:
        seen, folded = Summary(headline).first(lang), [whole.html(lang)]
    if picture:
        data = base64.b64encode(picture).decode("ascii")
        label = escaped(headline, lang)
        seen = [*seen, f'<img alt="{label}" src="data:image/png;base64,{data}"/>']
    fold = [f"<details><summary>{escaped(_REST, lang)}</summary>", *folded, "</details>"]
    return fragment([*seen, *(fold if folded else ())], lang)


def _n_words(parts: Iterable[str]) -> int:
    """Count the words of pieces of a page, those of a fold's title among them."""
    return len([_REST, *re.sub("<[^>]*>", " ", " ".join(parts)).split()])


def _picture(plot: Callable[[], Any] | None) -> bytes | None:
    """The figure as PNG; None where there is none, or where the result has no answer to draw."""
    if plot is None:
        return None
    try:
        made: bytes = plot()._repr_png_()
    except NotEstimableError:
        return None
    return made


def without_counts(headline: str) -> Summary:
    """View in a notebook of a result that would show small counts: its headline, and how to see more."""
    return Summary(headline, _WITHHELD)
