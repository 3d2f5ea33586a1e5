"""Views of every table and every result: words, a frame, a file in any format."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, cast

from detcount.contract import arguments
from detcount.contract.citation import cite
from detcount.contract.specification import door, doors
from detcount.errors import InputError
from detcount.reports.printing import (
    Column,
    Columns,
    Summary,
    Whole,
    cell_html,
    frame_of,
    plain_rows,
    printed_columns,
    without_counts,
)
from detcount.words import Message, translated

if TYPE_CHECKING:
    import pandas as pd

    from detcount.reports.blocks import Document
    from detcount.reports.formats import FormatName
    from detcount.reports.writing import FileTarget, Target


class Printed(ABC):
    """Result that has a document, and is written in any format."""

    @abstractmethod
    def document(self) -> Document:
        """Give what is printed, before it is translated.

        Returns
        -------
        Document
            The blocks, from the title to the citation.
        """

    def to_markdown(self, *, lang: str = "en", detail: bool = False) -> str:
        """Write the document in Markdown.

        Parameters
        ----------
        lang : str, optional
            Language of the text, one of `detcount.words.languages`.
        detail : bool, optional
            Whether what a page folds away is written out.

        Returns
        -------
        str
            The text, with a newline at its end.

        Raises
        ------
        InputError
            If the language is unknown.
        """
        from detcount.reports.render.markdown import markdown

        lang = arguments.language(lang)  # before the document is made
        return markdown(self.document(), lang, detail=detail)

    def to_html(self, path: Target | None = None, *, lang: str = "en", force: bool = False) -> str:
        """Write the document as one HTML file that loads nothing from anywhere.

        Parameters
        ----------
        path : str, Path or text stream, optional
            File to write, or an open stream of text such as ``io.StringIO()``. An existing file is replaced
            in one step, and only if detcount wrote it.
        lang : str, optional
            Language of the file, one of `detcount.words.languages`.
        force : bool, optional
            Whether an existing file that detcount did not write may be replaced.

        Returns
        -------
        str
            The page.

        Raises
        ------
        InputError
            If the language is unknown, or the path is a folder or a file that detcount did not write and that
            is not empty.
        InputTypeError
            If the path is neither the name of a file nor a stream of text.
        """
        made: str = self._file("html", path, lang, force)
        return made

    def to_docx(self, path: FileTarget | None = None, *, lang: str = "en", force: bool = False) -> bytes:
        """Write the document as a Word file, with its figures; needs ``detcount[word]``.

        Parameters and errors are those of `to_html`, except that the path cannot be a stream, and that a
        missing library is an error too. The bytes are the same each time.
        """
        made: bytes = self._file("docx", path, lang, force)
        return made

    def to_excel(self, path: FileTarget | None = None, *, lang: str = "en", force: bool = False) -> bytes:
        """Write the document as an Excel file, the tables of each section on a sheet; no cell is a formula.

        Parameters, returns and errors are those of `to_docx`.
        """
        made: bytes = self._file("xlsx", path, lang, force)
        return made

    def to_latex(self, path: FileTarget | None = None, *, lang: str = "en", force: bool = False) -> str:
        """Write the document in LaTeX; its figures go to a folder beside the file, if a path is given.

        The file is for pdfLaTeX, XeLaTeX or LuaLaTeX; parameters and errors are those of `to_docx`.
        """
        made: str = self._file("tex", path, lang, force)
        return made

    def _file(self, name: FormatName, path: Target | None, lang: str, force: bool) -> Any:
        """The document in a format, written where a path is given."""
        from detcount.reports.printed import file_of

        return file_of(self.document, name, path, lang, force=force)


class Shown(Printed):
    """A table or a result that can be shown: in one short sentence, a paragraph, the whole, a frame.

    A notebook shows the summary, and so does a file. Where that would show small counts of persons on lists,
    `_in_notebook` leaves them out.
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
            ``print`` shows it, and ``summary.translated("es")`` says it in Spanish.
        """

    @abstractmethod
    def to_frame(self) -> pd.DataFrame:
        """Give the numbers as a pandas frame.

        Returns
        -------
        pandas.DataFrame
            A row a number, with limits beside it where it has any.
        """

    def __init_subclass__(cls, **options: Any) -> None:
        """Check what each public method is given."""
        super().__init_subclass__(**options)
        doors(cls)

    _prints: ClassVar[Sequence[str]] = ("headline",)
    """What ``print`` shows: names of a text, a table or lines, each a method or an attribute."""

    def translated(self, lang: str) -> str:
        """Give the result in words, in one language."""
        made = [getattr(self, name) for name in self._prints]
        parts = [part() if callable(part) else part for part in made]
        there = [part for part in parts if part is not None]  # a table without rows is none
        lines = [line for part in there for line in (part if isinstance(part, (tuple, list)) else [part])]
        shown = (
            line.translated(lang) if isinstance(line, Columns) else translated(line, lang) for line in lines
        )
        return "\n".join(shown)

    def __str__(self) -> str:
        return self.translated("en")

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.headline()}>"

    def document(self) -> Document:
        """Give what a notebook shows as a document, in no language yet.

        Returns
        -------
        Document
            The headline, what it says, and how to cite detcount.
        """
        return together([self]).document()

    def _in_notebook(self) -> Whole:
        """View in a notebook."""
        return self.summary()

    def _repr_html_(self) -> str:
        """Show the result in a notebook: the answer, its picture, and the rest folded."""
        return cell_html(self._in_notebook(), self.headline(), getattr(self, "plot", None), "en")


class Result(Shown):
    """A result whose summary and frame are made from what it declares.

    A class gives `headline` and `sentence`, the `_columns` of its table and the `_items` that are a row each;
    `estimator`, `assumptions` and `notes` stand in the summary where it has them.
    """

    _notebook: ClassVar[Literal["summary", "headline", "withheld"]] = "summary"

    @property
    def _columns(self) -> Sequence[Column]:
        """The columns, of frames and of what people read."""
        return ()

    @property
    def _items(self) -> Iterable[Any]:
        """Items of the rows: objects or dictionaries."""
        return ()

    @property
    def _table(self) -> Columns | None:
        """The rows as people read them."""
        return printed_columns(self._columns, self._items)

    @property
    def _method(self) -> str:
        """The specification that made it, as code; nothing where there is none."""
        estimator = getattr(self, "estimator", "")
        return estimator if isinstance(estimator, str) else repr(estimator)

    def to_frame(self) -> pd.DataFrame:
        """Give the rows as a pandas frame."""
        columns = [column.name for column in self._columns if column.name]
        return frame_of(plain_rows(self._columns, self._items), columns)

    def summary(self) -> Summary:
        """Give the whole: headline, paragraph, table, the method, what has to hold and the notes."""
        return Summary(
            self.headline(),
            self.sentence(),
            self._table,
            self._method,
            getattr(self, "assumptions", ()),
            getattr(self, "notes", ()),
        )

    def _in_notebook(self) -> Summary:
        """The whole, or the headline alone where the rest can show small counts."""
        if self._notebook == "withheld":
            return without_counts(self.headline())
        return self.summary() if self._notebook == "summary" else Summary(self.headline())


class Tabular(Result):
    """A result whose rows users can take as they are."""

    def rows(self) -> list[dict[str, Any]]:
        """Give the numbers as rows of a table, one dictionary a row."""
        return plain_rows(self._columns, self._items)


class Levelled(Result):
    """A result whose numbers have limits of any level; a class gives `rows`, or `_columns_at` a level."""

    def _columns_at(self, level: float) -> Sequence[Column]:
        """The columns, with limits of a level."""
        raise NotImplementedError

    @property
    def _columns(self) -> Sequence[Column]:
        """The columns, as people read them."""
        return self._columns_at(0.95)

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give the numbers as rows of a table, one dictionary a row.

        Parameters
        ----------
        level : float, optional
            Level of the limits, in (0, 1).

        Returns
        -------
        list of dict
            The rows.
        """
        return plain_rows(self._columns_at(arguments.level(level)), self._items)

    def to_frame(self, level: float = 0.95) -> pd.DataFrame:
        """Give the rows as a pandas frame; parameters are those of `rows`."""
        return frame_of(self.rows(level))


@dataclass(frozen=True)
class Together(Printed):
    """Several results as one document, in the order given.

    Parameters
    ----------
    results : tuple of Shown
        The results; each is shown as in a notebook.
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

    results: tuple[Shown, ...]
    title: str = ""

    def document(self) -> Document:
        """Give what the results say, in no language yet.

        Returns
        -------
        Document
            A section for each result, and how to cite detcount.
        """
        from detcount.reports.printed import joined

        shown = [result._in_notebook() for result in self.results]
        parts = [whole if isinstance(whole, Summary) else cast("Any", whole).document for whole in shown]
        return joined(parts, cite(), self.title)


@door
def together(results: Iterable[Shown], *, title: str = "") -> Together:
    """Set several results one after the other in one document: Word, Excel, LaTeX, Markdown or a page.

    Each result is shown as in a notebook, in the order given; counts that a notebook does not show are in no
    file either.

    Parameters
    ----------
    results : iterable of Shown
        Estimates, tables, tests, whole assessments.
    title : str, optional
        Title of the document.

    Returns
    -------
    Together
        With ``to_docx``, ``to_excel``, ``to_latex``, ``to_html`` and ``to_markdown``.

    Raises
    ------
    InputError
        If there is no result.
    InputTypeError
        If one of them is not a result of detcount.

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.datasets.load("kosovo")
    >>> estimates = [dc.abundance.ChaoLowerBound().fit(table), dc.abundance.LogLinear().fit(table)]
    >>> page = dc.together(estimates, title="Kosovo, 1999").to_html(lang="es")
    """
    given = list(results)
    if not given:
        raise InputError(Message("results: expected one result or more, got none"))
    return Together(tuple(given), title)
