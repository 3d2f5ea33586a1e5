"""How what an assessment rests on is cited: the library, and the papers of its methods."""

from __future__ import annotations

from abc import ABC, abstractmethod

from detcount.citation import CitationStyle, Reference, cite


class Cited(ABC):
    """A result that knows the papers behind it."""

    @property
    @abstractmethod
    def references(self) -> tuple[Reference, ...]:
        """Papers of the methods that answered."""

    def cite(self, style: CitationStyle = "text") -> str:
        """Say how to cite the library and the papers of the methods that answered.

        Parameters
        ----------
        style : {"text", "bibtex", "cff"}, optional
            A line of prose each, BibTeX entries, or a Citation File Format document.

        Returns
        -------
        str
            The citation.

        Raises
        ------
        InputError
            If the style is none of the three.
        """
        return cite(style, references=self.references)
