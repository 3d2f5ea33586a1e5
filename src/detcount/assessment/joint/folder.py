"""Contents of a folder: each file, and each sheet of a workbook that has several, by its name."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from detcount.assessment.joint.settings import SETTINGS, Settings
from detcount.errors import DetcountError, InputError
from detcount.reading.content import Source
from detcount.reading.frames import plain_name
from detcount.reading.tables import ENDINGS, READERS, beginning_of, tables_in
from detcount.reports.formats import FORMATS
from detcount.words import Message

NO_FILE = Message("it is no file with data, but a pipe, a device or a link to a file that is gone")
"""The reason to leave something aside that is neither a file nor a folder."""

_WITH_TABLES = tuple(ending for reader in READERS if reader.tables for ending in reader.endings)
_OURS = (
    *(mark for made in FORMATS.values() for mark in made.marks),
    '"made_by": "detcount"',
    "family,recommended,",
    "label,quantity,announced,verified,",
    "answer,recommended,",
    "job,question,verdict,",
)
_OLD = {"old", "viejo", "viejos", "vieja", "viejas", "anterior", "anteriores", "backup", "respaldo", "draft"}
_HEAD = 4096  # bytes in which a file of ours has its mark


@dataclass(frozen=True, eq=False)
class Entry:
    """One file or sheet of a folder, or one entry of a mapping.

    Parameters
    ----------
    name : str
        Name in the folder, or the key of the mapping.
    value : object
        The file as a `Path`, or what stands in the mapping.
    sheet : str, optional
        The sheet of a workbook that has several.
    called : str, optional
        Name of its list, if it is a list of names; by default the name without folders and ending.
    workbook : Source, optional
        What the file holds, where it was read for its sheets.
    """

    name: str
    value: Any
    sheet: str | None = None
    called: str = ""
    workbook: Source | None = None

    @property
    def file(self) -> Path | None:
        """The file; None for data in memory."""
        return Path(self.value) if isinstance(self.value, (str, os.PathLike)) else None

    @property
    def within(self) -> str:
        """The name without the sheet."""
        return self.name.removesuffix(f":{self.sheet}")

    def source(self, most: int | None) -> Source:
        """Read the file; of a text that is longer than `most` bytes its beginning."""
        if self.workbook is not None:
            return self.workbook
        if most is None or Path(self.value).stat().st_size <= most:
            return Source.of(self.value)
        return beginning_of(Path(self.value), most)


@dataclass(frozen=True, eq=False)
class Files:
    """A folder in memory.

    Parameters
    ----------
    content : mapping of str to bytes
        What its files hold, by their names in it.
    settings : Settings, optional
        What was said of it.
    """

    _made_within: ClassVar = True  # no error says that users could give one

    content: Mapping[str, bytes]
    settings: Settings = field(default_factory=Settings)


def files_of(folder: str | os.PathLike[str]) -> list[Path]:
    """Give what is in a folder and one folder below, by name, but for what is hidden, locked or old.

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
        if place.exists():
            raise InputError(
                Message(
                    "{file}: expected a folder, got a file. Name the folder that it is in", file=place.name
                )
            )
        raise InputError(Message("{file}: there is no such folder. Check its name", file=place.name))
    found: list[Path] = []
    for file in _visible(place):
        within: list[Path] = []
        if file.is_dir() and not _OLD.intersection(plain_name(file.name).split()):
            with suppress(OSError):  # which is then said of the folder
                within = _visible(file)
        found += within or [file]
    return found


def _visible(place: Path) -> list[Path]:
    """Visible files of a folder, by name."""
    known = (file for file in place.iterdir() if not file.name.startswith((".", "~$")))
    return sorted((file for file in known if file.name != SETTINGS), key=lambda file: file.name)


def entries_in(folder: Path | Files) -> list[Entry]:
    """Each file or sheet by its name, with what its list is called: its sheet or file, if no other is so."""
    there: list[tuple[Path, Source | None]]
    if isinstance(folder, Files):
        known = [(Path(name), content) for name, content in sorted(folder.content.items())]
        there = [(file, Source(file.name, content)) for file, content in known if _is_read(file)]
        within = Path()
    else:
        there, within = [(file, None) for file in files_of(folder)], folder
    places = [(file, *each) for file, source in there for each in _sheets_of(file, source)]
    # bytes of a name that are no text are written by their codes, as no settings can hold them
    texts = [
        Path(os.fsencode(file.relative_to(within)).decode("utf-8", "backslashreplace")) for file, *_ in places
    ]
    sheets = [sheet for _, sheet, _ in places]
    names = [
        text.as_posix() + (f":{sheet}" if sheet else "") for text, sheet in zip(texts, sheets, strict=True)
    ]
    tables = [k for k, (file, *_) in enumerate(places) if file.suffix.lower() in ENDINGS]
    called = [sheet or text.stem for text, sheet in zip(texts, sheets, strict=True)]
    for part in (r"\.\w+(?=:|$)", ""):
        twice = {word for word, n in Counter(called[k] for k in tables).items() if n > 1}
        longer = [re.sub("[/:]", " ", re.sub(part, "", name)) for name in names]
        called = [long if word in twice else word for word, long in zip(called, longer, strict=True)]
    return [
        Entry(name, file, sheet, word, workbook)
        for name, (file, sheet, workbook), word in zip(names, places, called, strict=True)
    ]


def _is_read(file: Path) -> bool:
    """Check whether a file in memory would be read in a folder: not if hidden, old or two folders below."""
    hidden = any(part.startswith((".", "~$")) for part in file.parts)
    old = any(_OLD.intersection(plain_name(part).split()) for part in file.parts[:-1])
    return not hidden and not old and len(file.parts) <= 2 and file.name != SETTINGS


def _sheets_of(file: Path, source: Source | None) -> list[tuple[str | None, Source | None]]:
    """The sheets of a workbook with several that hold something, and its bytes; else no sheet."""
    there = source is not None or file.is_file()
    if file.suffix.lower() in _WITH_TABLES and there and not is_ours(file, source):
        with suppress(DetcountError, OSError):
            book = source or Source.of(file)
            sheets = tables_in(book)
            if len(sheets) > 1:
                return [(sheet, book) for sheet in sheets]
    return [(None, source)]


def aside(file: Path, source: Source | None = None) -> Message | None:
    """Why something of a folder is no table; None where it may be one."""
    if source is None and file.is_dir():
        return Message("it is a folder that is empty, of old files, or within another: nothing of it is read")
    if source is None and not file.is_file():
        return NO_FILE
    if is_ours(file, source):
        return Message("detcount wrote it")
    return None if file.suffix.lower() in ENDINGS else Message("it is no table, by its ending")


def is_ours(file: Path, source: Source | None = None) -> bool:
    """Find whether a file is a report or a table that detcount wrote.

    Parameters
    ----------
    file : Path
        The file.
    source : Source, optional
        What it holds, where it was read.

    Returns
    -------
    bool
        Whether it bears our mark; a file that is not there, is empty or may not be read, does not.
    """
    head = b"" if source is None else source.content[:_HEAD]
    if source is None and file.is_file():  # a pipe would be waited for
        with suppress(OSError), file.open("rb") as stream:
            head = stream.read(_HEAD)
    return any(mark.encode() in head for mark in _OURS)
