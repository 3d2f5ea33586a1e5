"""The data of a report: which file of a folder was taken for what, and why others were not."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from detcount.assessment.joint.content import message
from detcount.captures import CaptureTable
from detcount.definition import Definition
from detcount.errors import DetcountError, InputError
from detcount.persons import PersonLists
from detcount.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.quality import AuditAnswers
from detcount.reading.content import Source
from detcount.reading.kinds import KINDS, Kind, Recognised, recognised
from detcount.reading.tables import read_with_notes
from detcount.reports.formats import FORMATS
from detcount.stock import ReleaseWaves
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

NOTHING = "nothing"
"""What a file is taken for that is to be left aside."""

_CLASSES: dict[Kind, Any] = {
    "lists": CaptureTable,
    "people": PersonLists,
    "stock": PublishedStock,
    "arrests": PublishedArrests,
    "releases": PublishedReleases,
    "waves": ReleaseWaves,
    "audit": AuditAnswers,
}
_TABLES = (".csv", ".tsv", ".txt", ".parquet", ".pq", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_OURS = (
    *(mark for made in FORMATS.values() for mark in made.marks),
    '"made_by": "detcount"',
    "family,recommended,",
    "label,quantity,announced,verified,",
    "answer,recommended,",
    "job,question,verdict,",
)
_HEAD = 4096  # bytes in which a file of ours has its mark


@dataclass(frozen=True)
class SourceRow:
    """One file, or one entry of a mapping, and what it was taken for.

    Parameters
    ----------
    name : str
        Name of the file without its folders, or the key of the mapping.
    kind : {"lists", "people", "stock", "arrests", "releases", "waves", "audit"}, optional
        What it was taken for; None where it was left aside.
    why : Message
        What showed it, or why it was left aside.
    """

    name: str
    kind: Kind | None
    why: Message


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How tables are read.

    Parameters
    ----------
    take : mapping of str to str, optional
        What files are, by name, where that is said; "nothing" leaves one aside.
    lists : sequence of str, optional
        Columns that are lists.
    yes, no : sequence of str, optional
        Marks that mean 1 and 0 in columns that are lists.
    blank_is_0 : bool, optional
        Whether a blank in such a column means 0.
    dayfirst : bool, optional
        Whether 31/01/2026 is a day.
    allow_future : bool, optional
        Whether counts of days that have not come are accepted.
    definition : Definition, optional
        Who is counted in tables that are read.
    """

    take: Mapping[str, Kind | Literal["nothing"]]
    lists: Sequence[str] | None = None
    yes: Sequence[str] = ()
    no: Sequence[str] = ()
    blank_is_0: bool = False
    dayfirst: bool = False
    allow_future: bool = False
    definition: Definition | None = None

    def __post_init__(self) -> None:
        for name, kind in self.take.items():
            if kind not in (*KINDS, NOTHING):
                raise InputError(message("unknown kind", kinds=(*KINDS, NOTHING), name=str(name)))


@dataclass(frozen=True)
class Gathered:
    """The data of a report.

    Parameters
    ----------
    data : dict of str to object
        The data, by kind.
    rows : tuple of SourceRow
        Every file, in the order of the names, with what it was taken for.
    """

    data: dict[Kind, Any]
    rows: tuple[SourceRow, ...]


def gathered(given: Any, reading: Reading) -> Gathered:
    """Read all that is given.

    Parameters
    ----------
    given : str, path-like or mapping
        A folder, or data by name.
    reading : Reading
        How tables are read.

    Returns
    -------
    Gathered
        The data by kind, and what each file was taken for.

    Raises
    ------
    InputError
        If nothing can be used, two files are of one kind, a file could be two things, or one that is
        understood cannot be read.
    TypeError
        If what is given is neither a folder nor a mapping.
    """
    if isinstance(given, Mapping):
        entries: Iterable[tuple[str, Any]] = [(str(name), value) for name, value in given.items()]
        known = {name for name, _ in entries}
    elif isinstance(given, (str, os.PathLike)):
        files = files_of(given)
        entries, known = [(file.name, file) for file in files], {file.name for file in files}
    else:
        raise TypeError(message("no folder or mapping", kind=type(given).__name__))
    unknown = [name for name in reading.take if name not in known]
    if unknown:
        raise InputError(
            Message("take: expected names of files of the folder, got {names!r:,}. Check them", names=unknown)
        )
    data: dict[Kind, Any] = {}
    rows: list[SourceRow] = []
    for name, value in entries:
        row, read = _read(name, value, reading)
        if row.kind is not None:
            other = next((each.name for each in rows if each.kind == row.kind), None)
            if other is not None:
                raise InputError(
                    Message(
                        "{one} and {two}: expected one file of {kind!r}, got two. Leave one aside with "
                        "--take {two}=nothing",
                        one=other,
                        two=name,
                        kind=row.kind,
                    )
                )
            data[row.kind] = read
        rows.append(row)
    if not data:
        raise InputError(
            message(
                "nothing understood",
                why=[Message("{file}: {why}", file=row.name, why=row.why) for row in rows[:_MOST_TOLD]]
                or [Message("there is no file")],
            )
        )
    return Gathered(data, tuple(rows))


_MOST_TOLD = 5


def files_of(folder: str | os.PathLike[str]) -> list[Path]:
    """Give what is in a folder, by name, but for what is hidden or locked.

    Parameters
    ----------
    folder : str or path-like
        The folder.

    Returns
    -------
    list of Path
        Files and folders in it.

    Raises
    ------
    InputError
        If there is no such folder, or it is a file.
    """
    place = Path(folder)
    if not place.is_dir():
        raise InputError(
            message("a file for a folder" if place.exists() else "no such folder", file=place.name)
        )
    return sorted(
        (file for file in place.iterdir() if not file.name.startswith((".", "~$"))),
        key=lambda file: file.name,
    )


def _read(name: str, value: Any, reading: Reading) -> tuple[SourceRow, Any]:
    """Read one entry, and say what it was taken for."""
    said = reading.take.get(name)
    if said == NOTHING:
        return SourceRow(name, None, Message("it was said to be left aside")), None
    kind: Kind | None = next((each for each in KINDS if each in (said, name)), None)
    for each, of_kind in _CLASSES.items():
        if isinstance(value, of_kind):
            if kind not in (None, each):
                raise InputError(
                    message("another kind", name=name, kind=_CLASSES[kind].__name__, got=of_kind.__name__)
                )
            return SourceRow(name, each, Message("it was given as such")), value
    if isinstance(value, (str, os.PathLike)):
        file = Path(value)
        aside = _aside(file)
        if aside is not None:
            return SourceRow(name, None, aside), None
        try:
            frame, read_notes = read_with_notes(Source.of(file))
        except DetcountError as error:
            if kind is not None:
                raise
            return SourceRow(name, None, Message("it cannot be read: {why}", why=_said(error))), None
    else:
        frame, read_notes = _as_frame(name, value), []
    found = recognised(frame, name, kind=kind, lists=reading.lists)
    if isinstance(found, Message):
        return SourceRow(name, None, found), None
    made = _made(frame, found, name, reading)
    if isinstance(made, PublishedArrests | PublishedReleases | PublishedStock):
        read_notes = [*read_notes, *made.notes]
    return SourceRow(name, found.kind, Message.together([found.why, *read_notes], "; ")), made


def _aside(file: Path) -> Message | None:
    """Why something of a folder is no table; None where it may be one."""
    if file.is_dir():
        return Message("it is a folder; what is in folders is not read")
    if not file.is_file():
        return Message("it is no file with data, but a pipe or a device")
    if is_ours(file):
        return Message("detcount wrote it")
    if file.suffix.lower() not in _TABLES:
        return Message("it is no table, by its ending")
    return None


def is_ours(file: Path) -> bool:
    """Find whether a file is a report or a table that detcount wrote.

    Parameters
    ----------
    file : Path
        The file.

    Returns
    -------
    bool
        Whether it bears our mark; a file that is not there, or is empty, does not.
    """
    if not file.is_file():
        return False
    with file.open("rb") as stream:
        head = stream.read(_HEAD)
    return any(mark.encode() in head for mark in _OURS)


def _as_frame(name: str, value: Any) -> pd.DataFrame:
    """A table in memory as a frame of pandas."""
    import pandas as pd

    if isinstance(value, pd.DataFrame):
        return value
    if isinstance(value, Mapping):
        return pd.DataFrame(dict(value))
    for method in ("to_pandas", "df"):
        if callable(getattr(value, method, None)):
            made = getattr(value, method)()
            if isinstance(made, pd.DataFrame):
                return made
    raise TypeError(message("no data of detcount", name=name, kind=type(value).__name__))


def _made(frame: pd.DataFrame, found: Recognised, name: str, reading: Reading) -> Any:
    """The data that a table holds; what is wrong with it is said with the name of the file."""
    try:
        if found.kind == "lists":
            return _table(frame, found.columns, reading)
        if found.kind == "people":
            return PersonLists.from_frame(
                frame, definition=reading.definition, allow_future=reading.allow_future, **found.columns
            )
        if found.kind == "audit":
            return AuditAnswers.from_frame(frame, name=Path(name).stem)
        return _CLASSES[found.kind].from_frame(
            frame,
            definition=None if found.kind == "arrests" else reading.definition,
            allow_future=reading.allow_future,
            dayfirst=reading.dayfirst,
        )
    except InputError as error:
        raise InputError(
            Message("{file}, taken for {kind!r}: {fault}", file=name, kind=found.kind, fault=_said(error))
        ) from None


def _table(frame: pd.DataFrame, columns: dict[str, Any], reading: Reading) -> CaptureTable:
    """Persons on lists, in any layout."""
    named: dict[str, Any] = {**columns, "definition": reading.definition}
    if "list" in columns:
        return CaptureTable.from_memberships(frame, **named)
    if "pattern" in columns:
        return CaptureTable.from_patterns(frame, **named)
    return CaptureTable.from_frame(
        frame, yes=reading.yes, no=reading.no, blank_is_0=reading.blank_is_0, **named
    )


def _said(error: DetcountError) -> str:
    """What an error says, as a message where it is one."""
    said: str = getattr(error, "message", None) or (error.args[0] if error.args else str(error))
    return said
