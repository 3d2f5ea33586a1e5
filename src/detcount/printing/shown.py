"""What every table and every result can be asked to show."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Protocol

from detcount.printing.summary import Summary
from detcount.words import Message, said

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Shown", "Whole", "without_counts"]

_WITHHELD = Message(
    "Its counts are not shown here: small ones can tell who is on which list. The summary shows them to "
    "those who may see the lists."
)


class Whole(Protocol):
    """Everything that a result says, to be said in a language or set as a piece of a page."""

    def say(self, lang: str) -> str:
        """Give the whole as text, in one language."""
        ...

    def html(self, lang: str) -> str:
        """Give the whole as a piece of a page, in one language."""
        ...


class Shown(ABC):
    """A table or a result that can be shown: in one short sentence, a paragraph, the whole, a frame.

    A notebook shows the summary. Where that would tell small counts of persons on lists, `_in_notebook`
    leaves them out.
    """

    @abstractmethod
    def headline(self) -> str:
        """Give one short sentence; a `Message`, which can be said in other languages.

        Returns
        -------
        str
            What stands at the top of everything else.
        """

    @abstractmethod
    def sentence(self) -> str:
        """Give a paragraph that says the numbers and what they count; a `Message`.

        Returns
        -------
        str
            Whole sentences.
        """

    @abstractmethod
    def summary(self) -> Whole:
        """Give the whole: headline, paragraph, table, what has to hold and notes.

        Returns
        -------
        Whole
            ``print`` shows it, and ``summary.say("es")`` says it in Spanish.
        """

    @abstractmethod
    def to_frame(self) -> pd.DataFrame:
        """Give the numbers as a pandas frame.

        Returns
        -------
        pandas.DataFrame
            A row a number, with limits beside it where it has any.
        """

    def say(self, lang: str) -> str:
        """Give the result in words, in one language."""
        return said(self.headline(), lang)

    def __str__(self) -> str:
        return self.say("en")

    def _in_notebook(self) -> Whole:
        """What a notebook shows without being asked."""
        return self.summary()

    def _repr_html_(self) -> str:
        """Show the result in a notebook."""
        return self._in_notebook().html("en")


def without_counts(headline: str) -> Summary:
    """What a notebook shows of a result that would tell small counts: its headline, and how to see more."""
    return Summary(headline, _WITHHELD)
