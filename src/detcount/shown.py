"""What every table and every result can be asked to show: words, a frame, a file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, cast

from detcount.citation import cite
from detcount.errors import InputError
from detcount.printing import (
    Column,
    Columns,
    Summary,
    Whole,
    frame_of,
    plain_rows,
    printed_columns,
    without_counts,
)
from detcount.words import Message, said

if TYPE_CHECKING:
    import pandas as pd

    from detcount.reports.blocks import Document
    from detcount.reports.printed import Together
    from detcount.reports.writing import FileTarget


class Shown(ABC):
    """A table or a result that can be shown: in one short sentence, a paragraph, the whole, a frame.

    A notebook shows the summary, and so does a file. Where that would tell small counts of persons on lists,
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

    def to_docx(self, path: FileTarget | None = None, *, lang: str = "en", force: bool = False) -> bytes:
        """Write what a notebook shows as a Word file.

        Needs python-docx: ``pip install 'detcount[word]'``.

        Parameters
        ----------
        path : str or Path, optional
            File to write. A file that is there is replaced in one step, and only where it is one of detcount.
        lang : str, optional
            Language of the file, one of `detcount.words.languages`.
        force : bool, optional
            Whether a file of that name that is none of detcount may be written over.

        Returns
        -------
        bytes
            The file; the same bytes each time.

        Raises
        ------
        InputError
            If the language is unknown, python-docx is missing, or there is a folder of that name, or a file
            that is none of detcount and not empty.
        """
        return together([self]).to_docx(path, lang=lang, force=force)

    def to_excel(self, path: FileTarget | None = None, *, lang: str = "en", force: bool = False) -> bytes:
        """Write what a notebook shows as an Excel file; no cell of it is a formula.

        Parameters, returns and errors are those of `to_docx`.
        """
        return together([self]).to_excel(path, lang=lang, force=force)

    def to_latex(self, path: FileTarget | None = None, *, lang: str = "en", force: bool = False) -> str:
        """Write what a notebook shows in LaTeX. Parameters, returns and errors are those of `to_docx`."""
        return together([self]).to_latex(path, lang=lang, force=force)

    def _in_notebook(self) -> Whole:
        """What a notebook shows without being asked."""
        return self.summary()

    def _repr_html_(self) -> str:
        """Show the result in a notebook."""
        return self._in_notebook().html("en")


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
        """What the rows are of: objects or dictionaries."""
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

    def _told(self, lang: str, below: Iterable[str] = ()) -> str:
        """The table in words, and what stands below it, a line each."""
        table = self._table
        first = [] if table is None else [table.say(lang)]
        return "\n".join([*first, *(said(line, lang) for line in below)])

    def _in_notebook(self) -> Summary:
        """The whole, or the headline alone where the rest can tell small counts."""
        if self._notebook == "withheld":
            return without_counts(self.headline())
        return self.summary() if self._notebook == "summary" else Summary(self.headline())


class Tabular(Result):
    """A result whose rows users can take as they are."""

    def rows(self) -> list[dict[str, Any]]:
        """Give the numbers as rows of a table, one dictionary a row."""
        return plain_rows(self._columns, self._items)


def together(results: Iterable[Shown], *, title: str = "") -> Together:
    """Set several results one after the other in one document: Word, Excel, LaTeX, Markdown or a page.

    Of each stands what a notebook shows of it, in the order given; counts that a notebook does not show are
    in no file either.

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
    TypeError
        If one of them is no result of detcount.

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.datasets.load("kosovo")
    >>> estimates = [dc.abundance.ChaoLowerBound().fit(table), dc.abundance.LogLinear().fit(table)]
    >>> page = dc.together(estimates, title="Kosovo, 1999").to_html(lang="es")
    """
    from detcount.reports.printed import Together

    given = list(results)
    if not given:
        raise InputError(Message("results: expected one result or more, got none"))
    for number, result in enumerate(given, start=1):
        if not isinstance(result, Shown):
            kind = type(result).__name__
            raise TypeError(
                Message("result {number}: expected one of detcount, got {kind}", number=number, kind=kind)
            )
    return Together(tuple(_part(result) for result in given), cite(), title)


def _part(result: Shown) -> Summary | Document:
    """What a notebook shows, as a summary, or as the document of a report."""
    whole = result._in_notebook()
    if isinstance(whole, Summary):
        return whole
    return cast("Document", whole.document)  # type: ignore[attr-defined]
