"""A front door as a result: cited, and printed in part for the public, whole for who may see the data."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial
from typing import cast

from detcount.citation import CitationStyle, Reference, cite
from detcount.privacy import Disclosure
from detcount.reports.blocks import Document
from detcount.reports.printed import Printed, WholeDocument, file_of, html_of, markdown_of
from detcount.reports.writing import FileTarget, Target


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


class Disclosed(Printed):
    """A result of which little is printed for the public, and all for those who may see the data."""

    @abstractmethod
    def document(self, *, disclosure: Disclosure | None = None, digest_key: str | None = None) -> Document:
        """Give what a report says, in no language yet.

        Parameters
        ----------
        disclosure : {"public", "full"}, optional
            As in `to_markdown`.
        digest_key : str, optional
            As in `to_markdown`.

        Returns
        -------
        Document
            The blocks, from the title to the citation.
        """

    def summary(
        self, *, disclosure: Disclosure | None = None, digest_key: str | None = None
    ) -> WholeDocument:
        """Give the whole report, to be said in a language.

        Parameters
        ----------
        disclosure : {"public", "full"}, optional
            As in `to_markdown`.
        digest_key : str, optional
            As in `to_markdown`.

        Returns
        -------
        WholeDocument
            ``print`` shows it, and ``summary.say("es")`` says it in Spanish.
        """
        return WholeDocument(self.document(disclosure=disclosure))

    def to_markdown(
        self,
        *,
        lang: str = "en",
        disclosure: Disclosure | None = None,
        digest_key: str | None = None,
    ) -> str:
        """Write the report in Markdown.

        Parameters
        ----------
        lang : str, optional
            Language of the report, one of `detcount.words.languages`.
        disclosure : {"public", "full"}, optional
            "public" prints what no small count of people on lists can be computed from, "full" prints every
            number, for those who may see the lists. By default lists that are public data and published
            totals are printed in full, and others not.
        digest_key : str, optional
            A secret made by `privacy.new_digest_key`; a public report has a digest of the lists only under
            it.

        Returns
        -------
        str
            The report, with a newline at its end.

        Raises
        ------
        InputError
            If the language or the disclosure is unknown, or the key could be guessed.

        Notes
        -----
        A public report of lists is the same, to the letter, for their table and for its companions
        (`privacy.companions`), in which every count of 1 to 4 is another one. For that they are assessed
        too, so that the first public report of a table with such counts takes as long again as `assess` did,
        or a few times as long.
        """
        return markdown_of(self._asked(disclosure, digest_key), lang)

    def to_html(
        self,
        path: Target | None = None,
        *,
        lang: str = "en",
        disclosure: Disclosure | None = None,
        digest_key: str | None = None,
        force: bool = False,
    ) -> str:
        """Write the report as one HTML file that loads nothing from anywhere.

        Parameters
        ----------
        path : str, Path or text stream, optional
            File to write, or an open stream of text such as ``io.StringIO()``. A file that is there is
            replaced in one step, and only where it is a report of detcount.
        lang : str, optional
            Language of the report, one of `detcount.words.languages`.
        disclosure : {"public", "full"}, optional
            As in `to_markdown`.
        digest_key : str, optional
            As in `to_markdown`.
        force : bool, optional
            Whether a file of that name that is no report of detcount may be written over.

        Returns
        -------
        str
            The page.

        Raises
        ------
        InputError
            If the language or the disclosure is unknown, the key could be guessed, or there is a folder of
            that name, or a file that is no report of detcount and not empty.
        TypeError
            If the path is neither the name of a file nor a stream of text.
        """
        return html_of(self._asked(disclosure, digest_key), path, lang, force=force)

    def to_docx(
        self,
        path: FileTarget | None = None,
        *,
        lang: str = "en",
        disclosure: Disclosure | None = None,
        digest_key: str | None = None,
        force: bool = False,
    ) -> bytes:
        """Write the report as a Word file, with its figures; needs ``detcount[word]``.

        Parameters and errors are those of `to_html`, but that the path is no stream; also refused where a
        library is missing. The bytes are the same each time.
        """
        return cast("bytes", file_of(self._asked(disclosure, digest_key), "docx", path, lang, force=force))

    def to_excel(
        self,
        path: FileTarget | None = None,
        *,
        lang: str = "en",
        disclosure: Disclosure | None = None,
        digest_key: str | None = None,
        force: bool = False,
    ) -> bytes:
        """Write the report as an Excel file, a sheet for each section; needs ``detcount[excel]``.

        Parameters, returns and errors are those of `to_docx`.
        """
        return cast("bytes", file_of(self._asked(disclosure, digest_key), "xlsx", path, lang, force=force))

    def to_latex(
        self,
        path: FileTarget | None = None,
        *,
        lang: str = "en",
        disclosure: Disclosure | None = None,
        digest_key: str | None = None,
        force: bool = False,
    ) -> str:
        """Write the report in LaTeX, its figures to a folder beside the file, and without one to none.

        The file is for pdfLaTeX, XeLaTeX or LuaLaTeX; parameters and errors are those of `to_docx`.
        """
        return cast("str", file_of(self._asked(disclosure, digest_key), "tex", path, lang, force=force))

    def _asked(self, disclosure: Disclosure | None, digest_key: str | None) -> Callable[[], Document]:
        """The document that was asked for, which is made when a file is set."""
        return partial(self.document, disclosure=disclosure, digest_key=digest_key)
