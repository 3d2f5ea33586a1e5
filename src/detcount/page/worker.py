"""The process that holds one file: it reads it and answers questions about it, until its input ends.

It is started as ``python -m detcount.page.worker``. Messages come in and go out as `protocol` writes them.
Nothing is written to a file, and internal errors are named by their kind alone, as their text could contain a
cell.
"""

from __future__ import annotations

import os
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, BinaryIO

from detcount.errors import DetcountError, DetcountWarning, InputError, error_text
from detcount.page.protocol import (
    LIMITS,
    MOST_HEAD,
    Kind,
    Limits,
    Question,
    Reading,
    fault,
    in_all,
    packed,
    question_of_plain,
    unpacked_head,
)
from detcount.reading.content import Source
from detcount.reading.headers import KIND_WORDS, ROLE_WORDS
from detcount.reading.workbooks import check_workbook
from detcount.words import Message, languages

if TYPE_CHECKING:
    import pandas as pd

Send = Callable[[dict[str, Any], bytes], None]
_SHARE_OF_MEMORY = 0.75
_MOST_COLUMNS = 2000
_NOTHING = Message("nothing that is needed")
_ASKED = ("name", "document", "born", "arrested", "left", "listed_on", "place")


class Held:
    """One file, and what was read of it.

    Parameters
    ----------
    limits : Limits, optional
        What is taken.
    """

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.limits = limits
        self.source: Source | None = None
        self.reading: Reading | None = None
        self.frame: pd.DataFrame | None = None
        self.notices: tuple[str, ...] = ()
        self.folder: dict[str, bytes] = {}

    def do(self, head: dict[str, Any], body: bytes, send: Send) -> None:
        """Do what a message asks for, and report on it; an error is explained in every language.

        Parameters
        ----------
        head : dict
            ``do`` is "look" or "answer"; ``name`` and ``reading`` say which file, and how it is read;
            ``question`` and ``lang`` what is asked.
        body : bytes
            The file, where it is not here yet.
        send : callable
            Takes a message and its bytes.
        """
        try:
            self._do(head, body, send)
        except MemoryError:
            words = Message("the memory of this computer does not suffice. Send less")
            send(fault(in_all(words)), b"")
        except Exception as error:
            send(self._fault(error), b"")

    def _do(self, head: dict[str, Any], body: bytes, send: Send) -> None:
        """Do what a message asks for; errors are raised."""
        from detcount.page.answering import answer, files_of, of_folder

        reading = Reading(**head["reading"])
        if head.get("parts"):
            if body or not self.folder:
                send({"is": "stage", "stage": "reading"}, b"")
                self.folder, self.notices = folder_of(head["parts"], body, self.limits)
            if head["do"] == "look":
                notices = [in_all(notice) for notice in self.notices]
                send({"is": "looked", "looked": looked_at_folder(self.folder), "notices": notices}, b"")
                return
            send({"is": "stage", "stage": "fitting"}, b"")
            document, record = of_folder(self.folder, reading, question_of_plain(head["question"]))
            self._written(files_of(document, record, head["lang"]), send)
            return
        if body or self.source is None:
            send({"is": "stage", "stage": "reading"}, b"")
            check_file(head["name"], body, self.limits)
            self.source, self.frame = Source(head["name"], body), None
        if self.frame is None or reading != self.reading:
            self.frame = None
            send({"is": "stage", "stage": "reading"}, b"")
            self.frame, self.notices = read(self.source, reading)
            self.reading = reading
        if head["do"] == "look":
            notices = [in_all(notice) for notice in self.notices]
            looked = looked_at(self.frame) | {"families": _families()}
            send({"is": "looked", "looked": looked, "notices": notices}, b"")
            return
        send({"is": "stage", "stage": "fitting"}, b"")
        document, record = answer(self.frame, reading, question_of_plain(head["question"]))
        self._written(files_of(document, record, head["lang"]), send)

    def _written(self, files: Iterator[tuple[str, bytes]], send: Send) -> None:
        """Send the files of an answer."""
        send({"is": "stage", "stage": "writing"}, b"")
        for name, content in files:
            send({"is": "file", "name": name}, content)
        send({"is": "answered"}, b"")

    def _fault(self, error: Exception) -> dict[str, Any]:
        """A message for a fault in the file or in the question; other faults by their kind alone."""
        if not isinstance(
            error, (DetcountError, OSError)
        ):  # whatever it is, no text of it may reach the screen
            words = Message(
                "something went wrong that should not ({kind}). Nothing was kept. Tell the developers what "
                "kind of file it was, and never send the file",
                kind=type(error).__name__,
            )
            return fault(in_all(words))
        from detcount.reading.tables import tables_in

        sheets: tuple[str, ...] = ()
        if self.source is not None and self.frame is None:
            with suppress(DetcountError):
                sheets = tables_in(self.source)
        asked = error.ask_for if isinstance(error, InputError) else None
        return fault({lang: error_text(error, lang) for lang in languages()}, asked, sheets)


def check_file(name: str, content: bytes, limits: Limits) -> None:
    """Refuse a file that is empty, has macros, or unpacks to too much.

    Parameters
    ----------
    name : str
        Name of the file.
    content : bytes
        The file.
    limits : Limits
        What is taken.

    Raises
    ------
    InputError
        If it is one of these.
    """
    if not content:
        raise InputError(Message("{file}: the file is empty. Choose another one", file=name))
    check_workbook(name, content, macros=False, most_bytes=limits.unpacked_bytes, most_parts=limits.parts)


def read(source: Source, reading: Reading) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read a file, with texts for the names of its columns; what had to be guessed comes as words."""
    from detcount.reading.tables import read_with_notes

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
        raise InputError(
            Message(
                "{file}: expected a row of names of columns, and a row for each person or history below it, "
                "got one column. Add those that are lists",
                file=source.name,
            )
        )
    if not all(isinstance(name, str) for name in frame.columns):
        frame.columns = [str(name) for name in frame.columns]
    return frame, tuple(notices)


def looked_at(frame: pd.DataFrame) -> dict[str, Any]:
    """Describe a frame for a form: names of columns and counts, what it seems to be, and no cell.

    ``columns`` are their names, ``n_rows`` the rows below them, ``likely`` the columns that hold marks of
    lists and nothing else, ``question`` the fields of a `Question` to begin with.
    """
    from detcount.reading.frames import columns_of_marks

    names = tuple(str(name) for name in frame.columns)
    marks = columns_of_marks(frame)
    likely = tuple(position for position, name in enumerate(names) if name in marks)
    kind = _kind(frame)
    question = Question(kind=kind)
    if kind == "columns" and len(likely) > 1:
        yes, no = _marks(frame, likely)
        question = Question(kind=kind, lists=likely, count=_count(frame, likely), yes=yes, no=no)
    return {"columns": names, "n_rows": len(frame), "likely": likely, "question": asdict(question)}


def folder_of(
    parts: Sequence[tuple[str, int]], body: bytes, limits: Limits
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Part the files of a folder; workbooks with macros or too much in them are left out, and it is said."""
    files, notices, start = {}, [], 0
    for name, size in parts:
        content = body[start : start + size]
        start += size
        try:
            check_workbook(
                name, content, macros=False, most_bytes=limits.unpacked_bytes, most_parts=limits.parts
            )
        except InputError as error:
            notices.append(error.args[0])
        else:
            files[name] = content
    return files, tuple(notices)


def looked_at_folder(files: Mapping[str, bytes]) -> dict[str, Any]:
    """Describe a folder for a form: what each file seems to be, columns of lists of names, and no cell."""
    from detcount.assessment.joint.folder import Files
    from detcount.assessment.joint.settings import NOTHING
    from detcount.assessment.joint.starting import started
    from detcount.page.answering import stated_in

    found = started(Files(files, stated_in(files)))
    of_list = {name: each.entries[0] for name, each in found.settings.names.items()}
    seen = [
        {
            "name": of_list.get(name, name),
            "seems": in_all(words),
            "list": name if name in of_list else "",
            "columns": found.columns.get(name, ()),
        }
        for name, words in found.seems.items()
    ]
    kinds = {**{kind: in_all(words) for kind, words in KIND_WORDS.items()}, NOTHING: in_all(_NOTHING)}
    roles = {role: in_all(ROLE_WORDS[role]) for role in _ASKED}
    taken = found.settings.take.values()
    beside = {"waves": "waves" in taken, "lists": "lists" in taken or len(found.settings.names) > 1}
    return {"files": seen, "kinds": kinds, "roles": roles, **beside, "question": asdict(Question())}


def _kind(frame: pd.DataFrame) -> Kind:
    """Guess what a row is by the names of the columns."""
    from detcount.reading.kinds import names_of_columns, published_kind

    found = published_kind(names_of_columns(frame))
    return "releases" if found == "flows" else found or "columns"


def _count(frame: pd.DataFrame, likely: tuple[int, ...]) -> int | None:
    """The column that seems to hold the persons of each row."""
    from detcount.data.capture_rows import called_a_count

    for position, name in enumerate(frame.columns):
        if position not in likely and called_a_count(name) and frame[name].dtype.kind in "iu":
            return position
    return None


def _marks(frame: pd.DataFrame, likely: tuple[int, ...]) -> tuple[str, str]:
    """The marks that seem to mean 1 and 0, of a known few; a blank is left to be decided."""
    from detcount.reading.frames.cells import marks_in, together

    asked = together(marks_in(frame.iloc[:, position]) for position in likely)
    return ", ".join(asked.get("yes", ())), ", ".join(asked.get("no", ()))


def _families() -> list[dict[str, Any]]:
    """The methods that can be compared, with their names."""
    from detcount.assessment.abundance.families import FAMILIES

    return [{"key": family.key, "name": in_all(family.name), "lists": family.lists} for family in FAMILIES]


def main(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Do what messages ask for, one after another; end at once when they end, whatever is being done."""
    asked: SimpleQueue[tuple[dict[str, Any], bytes]] = SimpleQueue()

    def listen() -> None:
        while line := incoming.readline(MOST_HEAD):
            head, length = unpacked_head(line)
            asked.put((head, incoming.read(length)))
        os._exit(0)  # nobody is there to be answered

    threading.Thread(target=listen, daemon=True).start()
    held = Held()

    def send(head: dict[str, Any], body: bytes) -> None:
        try:
            outgoing.write(packed(head, body))
            outgoing.flush()
        except OSError:
            os._exit(0)

    while True:
        head, body = asked.get()
        held.do(head, body, send)
        del body


def _hold_memory() -> None:
    """Let a file that needs too much memory fail, and not the computer."""
    try:
        import resource

        most = int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * _SHARE_OF_MEMORY)
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    except (ImportError, OSError, ValueError, AttributeError):  # no such limits on this system
        return


def _run() -> None:
    """Run as the process of one file."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints does not go between the messages
    _hold_memory()
    warnings.simplefilter("ignore", DetcountWarning)  # their text stands in the notes of the report
    main(sys.stdin.buffer, out)


if __name__ == "__main__":
    _run()
