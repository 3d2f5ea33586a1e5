"""What every assessment gives: verdict, sentence and report, in part for the public or whole."""

from __future__ import annotations

from abc import abstractmethod
from typing import Generic, Protocol, TypeVar

from detcount.citation import CitationStyle, Reference, cite
from detcount.privacy import Disclosure, check_digest_key, check_disclosure
from detcount.reports.blocks import Document
from detcount.reports.printed import WholeDocument
from detcount.reports.writing import FileTarget, Target
from detcount.shown import Shown
from detcount.words import Message


class Content(Protocol):
    """Rows of a report, in no language."""

    @property
    def sentence(self) -> Message:
        """What can be printed."""


Rows = TypeVar("Rows", bound=Content)


class Assessed(Shown, Generic[Rows]):
    """What `assess` and its like found: little is printed for the public, all for those who may see the data.

    A class gives `_private`, `_content`, `_document`, `references` and `headline`, a frame and a record.
    """

    @property
    @abstractmethod
    def _private(self) -> bool:
        """Whether the data are somebody's own lists, of which little is printed unless it is asked for."""

    @abstractmethod
    def _content(self, disclosure: Disclosure, digest_key: str | None) -> Rows:
        """The rows of a report."""

    @abstractmethod
    def _document(self, content: Rows, *, named: bool) -> Document:
        """A report of some rows; `named` where everything was asked for."""

    @property
    @abstractmethod
    def references(self) -> tuple[Reference, ...]:
        """Papers of the methods that answered."""

    @abstractmethod
    def headline(self, *, disclosure: Disclosure | None = None) -> Message:
        """Give the verdict, in one line.

        Parameters
        ----------
        disclosure : {"public", "full"}, optional
            As in `document`.

        Returns
        -------
        Message
            The line, which can be said in any language.
        """

    def content(self, disclosure: Disclosure | None = None, *, digest_key: str | None = None) -> Rows:
        """Give everything that a report shows, as rows in no language.

        Parameters
        ----------
        disclosure : {"public", "full"}, optional
            As in `document`.
        digest_key : str, optional
            As in `document`.

        Returns
        -------
        object
            The rows, as attributes.
        """
        if digest_key is not None:
            check_digest_key(digest_key)
        return self._content(self._disclosure(disclosure), digest_key)

    def sentence(self, *, lang: str = "en", disclosure: Disclosure | None = None) -> str:
        """Write what can be printed: the floor, and as much as the verdict allows.

        Parameters
        ----------
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.
        disclosure : {"public", "full"}, optional
            As in `document`.

        Returns
        -------
        str
            The sentences. Numbers are rounded, limits outward.
        """
        return self.content(disclosure).sentence.translated(lang)

    def document(self, *, disclosure: Disclosure | None = None, digest_key: str | None = None) -> Document:
        """Give what the report says, in no language yet; `to_html` and its like set it.

        Parameters
        ----------
        disclosure : {"public", "full"}, optional
            "public" prints what no small count of people on lists can be computed from, "full" prints every
            number, for those who may see the lists. By default lists that are public data and published
            counts are printed in full, and others not.
        digest_key : str, optional
            A secret made by `privacy.new_digest_key`; a public report has a digest of the lists only under
            it.

        Returns
        -------
        Document
            The blocks, from the title to the citation.

        Raises
        ------
        InputError
            If the disclosure is unknown, or the key could be guessed.

        Notes
        -----
        A public report of lists is the same, to the letter, for their table and for its companions
        (`privacy.companions`), in which every count of 1 to 4 is another one. For that they are assessed
        too, so that the first public report of a table with such counts takes as long again as `assess` did,
        or a few times as long.
        """
        content = self.content(disclosure, digest_key=digest_key)
        return self._document(content, named=disclosure == "full")

    def summary(
        self, *, disclosure: Disclosure | None = None, digest_key: str | None = None
    ) -> WholeDocument:
        """Give the whole report, to be said in a language.

        Parameters
        ----------
        disclosure : {"public", "full"}, optional
            As in `document`.
        digest_key : str, optional
            As in `document`.

        Returns
        -------
        WholeDocument
            ``print`` shows it, and ``summary.translated("es")`` says it in Spanish.
        """
        return WholeDocument(self.document(disclosure=disclosure, digest_key=digest_key))

    def to_markdown(
        self,
        *,
        lang: str = "en",
        detail: bool = False,
        disclosure: Disclosure | None = None,
        digest_key: str | None = None,
    ) -> str:
        """Write the report in Markdown.

        Parameters
        ----------
        lang : str, optional
            Language of the report, one of `detcount.words.languages`.
        detail : bool, optional
            Whether what the page folds away is written out.
        disclosure : {"public", "full"}, optional
            As in `document`.
        digest_key : str, optional
            As in `document`.

        Returns
        -------
        str
            The report, with a newline at its end.

        Raises
        ------
        InputError
            If the language or the disclosure is unknown, or the key could be guessed.
        """
        return self._markdown(lang, detail, disclosure=disclosure, digest_key=digest_key)

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
            As in `document`.
        digest_key : str, optional
            As in `document`.
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
        InputTypeError
            If the path is neither the name of a file nor a stream of text.
        """
        made: str = self._file("html", path, lang, force, disclosure=disclosure, digest_key=digest_key)
        return made

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
        made: bytes = self._file("docx", path, lang, force, disclosure=disclosure, digest_key=digest_key)
        return made

    def to_excel(
        self,
        path: FileTarget | None = None,
        *,
        lang: str = "en",
        disclosure: Disclosure | None = None,
        digest_key: str | None = None,
        force: bool = False,
    ) -> bytes:
        """Write the report as an Excel file, a sheet for each section.

        Parameters, returns and errors are those of `to_docx`.
        """
        made: bytes = self._file("xlsx", path, lang, force, disclosure=disclosure, digest_key=digest_key)
        return made

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
        made: str = self._file("tex", path, lang, force, disclosure=disclosure, digest_key=digest_key)
        return made

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

    def _disclosure(self, asked: Disclosure | None) -> Disclosure:
        """What is printed: what was asked for, or little of anybody's own lists."""
        return check_disclosure(asked, "" if self._private else "published")

    def _repr_markdown_(self) -> str:
        """Show the report in a notebook that takes Markdown."""
        return self.to_markdown()
