"""What can be printed of lists of names: little for the public, all for those who may see them."""

from __future__ import annotations

from abc import abstractmethod
from functools import partial
from typing import cast

from detcount.privacy import Disclosure
from detcount.reports.blocks import Document
from detcount.reports.formats import FormatName
from detcount.reports.printed import Printed, WholeDocument, file_of, html_of, markdown_of
from detcount.reports.writing import FileTarget, Target

__all__ = ["Disclosed"]


class Disclosed(Printed):
    """A result of which little is printed for the public, and all for those who may see the data."""

    @abstractmethod
    def document(self, *, disclosure: Disclosure | None = None) -> Document:
        """Give what a report says, in no language yet.

        Parameters
        ----------
        disclosure : {"public", "full"}, optional
            As in `to_markdown`.

        Returns
        -------
        Document
            The blocks, from the title to the citation.
        """

    def summary(self, *, disclosure: Disclosure | None = None) -> WholeDocument:
        """Give the whole report, to be said in a language.

        Parameters
        ----------
        disclosure : {"public", "full"}, optional
            As in `to_markdown`.

        Returns
        -------
        WholeDocument
            ``print`` shows it, and ``summary.say("es")`` says it in Spanish.
        """
        return WholeDocument(self.document(disclosure=disclosure))

    def to_markdown(self, *, lang: str = "en", disclosure: Disclosure | None = None) -> str:
        """Write the report in Markdown.

        Parameters
        ----------
        lang : str, optional
            Language of the report, one of `detcount.words.languages`.
        disclosure : {"public", "full"}, optional
            "public" keeps back or rounds what rests on lists of names, "full" prints every number, for those
            who may see the lists. By default "public" where there are lists of names that are not public
            data; published totals are printed in full.

        Returns
        -------
        str
            The report, with a newline at its end.

        Raises
        ------
        InputError
            If the language or the disclosure is unknown.
        """
        return markdown_of(partial(self.document, disclosure=disclosure), lang)

    def to_html(
        self,
        path: Target | None = None,
        *,
        lang: str = "en",
        disclosure: Disclosure | None = None,
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
        force : bool, optional
            Whether a file of that name that is no report of detcount may be written over.

        Returns
        -------
        str
            The page.

        Raises
        ------
        InputError
            If the language or the disclosure is unknown, or there is a folder of that name, or a file that is
            no report of detcount and not empty.
        TypeError
            If the path is neither the name of a file nor a stream of text.
        """
        return html_of(partial(self.document, disclosure=disclosure), path, lang, force=force)

    def to_docx(
        self,
        path: FileTarget | None = None,
        *,
        lang: str = "en",
        disclosure: Disclosure | None = None,
        force: bool = False,
    ) -> bytes:
        """Write the report as a Word file, with its figures; needs ``detcount[word]``.

        Parameters
        ----------
        path : str or Path, optional
            File to write, as in `to_html`.
        lang : str, optional
            As in `to_html`.
        disclosure : {"public", "full"}, optional
            As in `to_markdown`.
        force : bool, optional
            As in `to_html`.

        Returns
        -------
        bytes
            The file; the same bytes each time.

        Raises
        ------
        InputError
            As in `to_html`; also where a library is missing.
        """
        return self._bytes("docx", path, lang, disclosure, force=force)

    def to_excel(
        self,
        path: FileTarget | None = None,
        *,
        lang: str = "en",
        disclosure: Disclosure | None = None,
        force: bool = False,
    ) -> bytes:
        """Write the report as an Excel file, its words on one sheet; needs ``detcount[excel]``.

        Parameters
        ----------
        path : str or Path, optional
            File to write, as in `to_html`.
        lang : str, optional
            As in `to_html`.
        disclosure : {"public", "full"}, optional
            As in `to_markdown`.
        force : bool, optional
            As in `to_html`.

        Returns
        -------
        bytes
            The file; the same bytes each time.

        Raises
        ------
        InputError
            As in `to_docx`.
        """
        return self._bytes("xlsx", path, lang, disclosure, force=force)

    def to_latex(
        self,
        path: FileTarget | None = None,
        *,
        lang: str = "en",
        disclosure: Disclosure | None = None,
        force: bool = False,
    ) -> str:
        """Write the report in LaTeX, its figures to a folder beside the file.

        Parameters
        ----------
        path : str or Path, optional
            File to write, as in `to_html`; without it there are no figures.
        lang : str, optional
            As in `to_html`.
        disclosure : {"public", "full"}, optional
            As in `to_markdown`.
        force : bool, optional
            As in `to_html`.

        Returns
        -------
        str
            The file, for pdfLaTeX, XeLaTeX or LuaLaTeX.

        Raises
        ------
        InputError
            As in `to_docx`.
        """
        document = partial(self.document, disclosure=disclosure)
        return cast("str", file_of(document, "tex", path, lang, force=force))

    def _bytes(
        self,
        name: FormatName,
        path: FileTarget | None,
        lang: str,
        disclosure: Disclosure | None,
        *,
        force: bool,
    ) -> bytes:
        """Write an office file."""
        return cast(
            "bytes", file_of(partial(self.document, disclosure=disclosure), name, path, lang, force=force)
        )
