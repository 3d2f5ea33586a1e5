"""A file as the form shows it: names of its columns, how many rows there are, and what they seem to be."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from detcount.page.question import Kind, Question, Reading

if TYPE_CHECKING:
    import pandas as pd

    from detcount.reading.content import Source

_RELEASES = {"published", "source", "role", "start", "end", "count"}
_STOCK = {"date", "source", "role", "count"}
_WAVES = {"wave", "day", "of_these_on_list"}
_MOST_COLUMNS = 2000


@dataclass(frozen=True)
class Looked:
    """What a form shows of a file: names and counts, and no cell.

    Parameters
    ----------
    columns : tuple of str
        Names of the columns.
    n_rows : int
        Rows below them.
    likely : tuple of int
        Columns that hold marks of lists and nothing else.
    question : dict
        What the file seems to be, as a `Question` to begin with.
    """

    columns: tuple[str, ...]
    n_rows: int
    likely: tuple[int, ...]
    question: dict[str, Any]

    def plain(self) -> dict[str, Any]:
        """Give the fields as values that JSON can hold."""
        return asdict(self)


def read(source: Source, reading: Reading) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read a file, with texts for the names of its columns; what had to be guessed comes as words."""
    from detcount.errors import InputError
    from detcount.reading.tables import read_with_notes
    from detcount.words import Message

    frame, notices = read_with_notes(source, reading.sheet, reading.header_row)
    if len(frame.columns) > _MOST_COLUMNS:
        raise InputError(
            Message(
                "{file}: expected at most {most} columns, got {found}. Keep those that are needed",
                file=source.name,
                most=_MOST_COLUMNS,
                found=len(frame.columns),
            )
        )
    if len(frame.columns) == 1 and not frame.iloc[:, 0].astype(str).str.fullmatch("[01 ]+").all():
        raise InputError(  # its name may be that of a person
            Message(
                "{file}: expected a row of names of columns, and a row for each person or history below it, "
                "got one column. Add those that are lists",
                file=source.name,
            )
        )
    if not all(isinstance(name, str) for name in frame.columns):
        frame.columns = [str(name) for name in frame.columns]
    return frame, tuple(notices)


def looked_at(frame: pd.DataFrame) -> Looked:
    """Say what a frame seems to be."""
    from detcount.frames import columns_of_marks

    names = tuple(str(name) for name in frame.columns)
    marks = columns_of_marks(frame)
    likely = tuple(position for position, name in enumerate(names) if name in marks)
    kind = _kind(names)
    question = Question(kind=kind)
    if kind == "columns" and len(likely) > 1:
        yes, no = _marks(frame, likely)
        question = Question(kind=kind, lists=likely, count=_count(frame, likely), yes=yes, no=no)
    return Looked(names, len(frame), likely, question.plain())


def _kind(names: tuple[str, ...]) -> Kind:
    """What a row seems to be, by the names of the columns."""
    from detcount.frames import meanings

    found = {meaning for name in names for meaning in meanings("columns", name)}
    if found >= _RELEASES:
        return "releases"
    if set(names) >= _WAVES:
        return "waves"
    return "stock" if found >= _STOCK else "columns"


def _count(frame: pd.DataFrame, likely: tuple[int, ...]) -> int | None:
    """The column that seems to hold the persons of each row."""
    from detcount.identity import called_a_count

    for position, name in enumerate(frame.columns):
        if position not in likely and called_a_count(name) and frame[name].dtype.kind in "iu":
            return position
    return None


def _marks(frame: pd.DataFrame, likely: tuple[int, ...]) -> tuple[str, str]:
    """The marks that seem to mean 1 and 0, of a known few; a blank is left to be decided."""
    from detcount.frames.marks import marks_in, together

    asked = together(marks_in(frame.iloc[:, position]) for position in likely)
    return ", ".join(asked.get("yes", ())), ", ".join(asked.get("no", ()))
