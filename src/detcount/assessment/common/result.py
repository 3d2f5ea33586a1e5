"""Base of every assessment: sentence, verdict and report, in full or for the public."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from functools import cached_property
from typing import Any, Self, cast

from detcount.contract.citation import CitationStyle, Reference, cite
from detcount.errors import InputError
from detcount.privacy import Disclosure, check_digest_key
from detcount.reports.blocks import Document
from detcount.reports.printed import WholeDocument
from detcount.reports.shown import Shown
from detcount.words import Message


class Assessed(Shown):
    """Result of `assess` and its like; `public` and `full` give what may be known of it by whom.

    Where neither was asked for, somebody's own lists are printed as for the public, and public data and
    published counts in full.

    A class is a frozen dataclass with a field `disclosure` that is None by default. It gives `statement`,
    `references`, `_private`, `_for_public`, `_document` and `_headline`, a frame and a record; all of them
    read the assessment as it stands.
    """

    @property
    @abstractmethod
    def disclosure(self) -> Disclosure | None:
        """For whom it was made: "public", "full", or None where nobody chose."""

    @property
    @abstractmethod
    def statement(self) -> Message:
        """Statement for print: the floor, and as much as the verdict allows; in no language yet."""

    @property
    @abstractmethod
    def references(self) -> tuple[Reference, ...]:
        """Papers of the methods that answered."""

    @property
    @abstractmethod
    def _private(self) -> bool:
        """True if the data are somebody's own lists, of which little is printed unless it is asked for."""

    @abstractmethod
    def _for_public(self) -> Self:
        """Give what anybody may know, without a digest of anybody's lists."""

    @abstractmethod
    def _document(self) -> Document:
        """The report."""

    @abstractmethod
    def _headline(self) -> Message:
        """The verdict, in one line."""

    def public(self, digest_key: str | None = None) -> Self:
        """Give what anybody may know: coarse numbers, and nothing of what they were made from.

        Parameters
        ----------
        digest_key : str, optional
            A secret made by `privacy.new_digest_key`; a digest of the lists is given only under it. Limits of
            lists of names then have noise that is drawn with it, in place of the coarse grid.

        Returns
        -------
        Assessed
            An assessment of the same class. No small count of people on lists can be computed from it, be it
            printed, written to a file or stored.

        Raises
        ------
        InputError
            If the key could be guessed, or the assessment is public already and has no data to make a digest
            of.
        InputTypeError
            If the key is not text.

        Notes
        -----
        What is public of lists is the same, to the letter, for their table and for its companions
        (`privacy.companions`), in which every count of 1 to 4 is another one. For that they are assessed
        too, so that the first call for a table with such counts takes as long again as `assess` did, or a few
        times as long.
        """
        if digest_key is not None:
            check_digest_key(digest_key)
        if self.disclosure != "public":
            return self._published if digest_key is None else self._with_digest(self._published, digest_key)
        if digest_key is not None:
            raise withheld("digest_key")
        return self

    def full(self) -> Self:
        """Give the same assessment, of which every number is printed: for those who may see the lists.

        Returns
        -------
        Assessed
            An assessment of the same class.

        Raises
        ------
        InputError
            If the assessment is public, and has no other numbers than those for the public.
        """
        if self.disclosure == "public":
            raise withheld("full")
        return cast("Self", replace(cast("Any", self), disclosure="full"))

    @cached_property
    def _published(self) -> Self:
        """Public part, made once."""
        return self._for_public()

    @cached_property
    def _printed(self) -> Self:
        """Part that is printed: as chosen; where nothing was, little of anybody's own lists."""
        return self.public() if self.disclosure is None and self._private else self

    def _with_digest(self, public: Self, digest_key: str) -> Self:
        """Give what anybody may know, with a digest of somebody's own lists where there are any."""
        return public

    def headline(self) -> Message:
        """Give the verdict, in one line.

        Returns
        -------
        Message
            The line, which can be said in any language.
        """
        return self._printed._headline()

    def sentence(self, *, lang: str = "en") -> str:
        """Write what can be printed: the floor, and as much as the verdict allows.

        Parameters
        ----------
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.

        Returns
        -------
        str
            The sentences. Numbers are rounded, limits outward.
        """
        return self._printed.statement.translated(lang)

    def document(self) -> Document:
        """Give what the report says, in no language yet; `to_html` and its like set it.

        Returns
        -------
        Document
            The blocks, from the title to the citation.
        """
        return self._printed._document()

    def summary(self) -> WholeDocument:
        """Give the whole report, to be said in a language.

        Returns
        -------
        WholeDocument
            ``print`` shows it, and ``summary.translated("es")`` says it in Spanish.
        """
        return WholeDocument(self.document())

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

    def translated(self, lang: str) -> str:
        """Give the report as text, in one language."""
        return self.summary().translated(lang)

    def _repr_markdown_(self) -> str:
        """Show the report in a notebook that takes Markdown."""
        return self.to_markdown()


def withheld(name: str) -> InputError:
    """The error where something is asked of a public assessment that nobody but its owner may know."""
    return InputError(
        Message(
            "{name}: expected an assessment of data, got what is public of one, which holds nothing else. "
            "Ask the assessment this was made from",
            name=name,
        )
    )
