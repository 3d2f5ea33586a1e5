"""The process that holds one file: it reads it and answers questions about it, until its input ends.

It is started as ``python -m detcount.page.worker``. Messages come in and go out as `wire` writes them;
nothing is written to a file, and what goes wrong inside is told by its kind alone, as its text could hold a
cell.
"""

from __future__ import annotations

import os
import sys
import threading
import warnings
from collections.abc import Callable
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, BinaryIO

from detcount.errors import DetcountError, DetcountWarning, InputError, error_text
from detcount.page.protocol import LIMITS, MOST_HEAD, Limits, packed, unpacked_head
from detcount.page.question import Question, Reading
from detcount.reading.archives import check_workbook
from detcount.reading.content import Source
from detcount.words import Message, languages, said

if TYPE_CHECKING:
    import pandas as pd

Tell = Callable[[dict[str, Any], bytes], None]
_SHARE_OF_MEMORY = 0.75


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

    def do(self, head: dict[str, Any], body: bytes, tell: Tell) -> None:
        """Do what a message asks for, and tell how it goes; a fault is told as words in every language.

        Parameters
        ----------
        head : dict
            ``do`` is "look" or "answer"; ``name`` and ``reading`` say which file, and how it is read;
            ``question`` and ``lang`` what is asked.
        body : bytes
            The file, where it is not here yet.
        tell : callable
            Takes a message and its bytes.
        """
        try:
            self._do(head, body, tell)
        except (DetcountError, TypeError, OSError) as error:
            if isinstance(error, TypeError) and not _has_words(error):
                tell(_unexpected(error), b"")
            else:
                tell(self._fault(error), b"")
        except MemoryError:
            tell(
                _words({"is": "fault"}, Message("the memory of this computer does not suffice. Send less")),
                b"",
            )
        except Exception as error:  # whatever it is, no text of it may reach the screen
            tell(_unexpected(error), b"")

    def _do(self, head: dict[str, Any], body: bytes, tell: Tell) -> None:
        """Do it, and let faults out."""
        from detcount.page.answering import answer, files_of
        from detcount.page.looking import looked_at, read

        reading = Reading.of(head["reading"])
        if body or self.source is None:
            tell({"is": "stage", "stage": "reading"}, b"")
            check_file(head["name"], body, self.limits)
            self.source, self.frame = Source(head["name"], body), None
        if self.frame is None or reading != self.reading:
            self.frame = None
            tell({"is": "stage", "stage": "reading"}, b"")
            self.frame, self.notices = read(self.source, reading)
            self.reading = reading
        if head["do"] == "look":
            notices = [_in_all(notice) for notice in self.notices]
            looked = looked_at(self.frame).plain() | {"families": _families()}
            tell({"is": "looked", "looked": looked, "notices": notices}, b"")
            return
        tell({"is": "stage", "stage": "fitting"}, b"")
        made = answer(self.frame, reading, Question.of(head["question"]))
        tell({"is": "stage", "stage": "writing"}, b"")
        for name, content in files_of(made, head["lang"]):
            tell({"is": "file", "name": name}, content)
        tell({"is": "answered"}, b"")

    def _fault(self, error: BaseException) -> dict[str, Any]:
        """A message for a fault in the file or in the question, with what would mend it."""
        from detcount.reading.workbooks import sheet_names

        asked = dict(error.ask_for) if isinstance(error, InputError) else {}
        sheets: tuple[str, ...] = ()
        if self.source is not None and self.frame is None:
            try:
                sheets = sheet_names(self.source)
            except DetcountError:
                sheets = ()
        words = {lang: error_text(error, lang) for lang in languages()}
        return {"is": "fault", "words": words, "ask_for": asked, "sheets": list(sheets)}


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


def _families() -> list[dict[str, Any]]:
    """The methods that can be compared, with their names."""
    from detcount.assessment.abundance.families import FAMILIES

    return [{"key": family.key, "name": _in_all(family.name), "lists": family.lists} for family in FAMILIES]


def _has_words(error: TypeError) -> bool:
    """Whether an error is one that we wrote."""
    return bool(error.args) and isinstance(error.args[0], Message)


def _in_all(words: str) -> dict[str, str]:
    """Words in every language."""
    return {lang: said(words, lang) for lang in languages()}


def _words(head: dict[str, Any], words: Message) -> dict[str, Any]:
    """A message that says something."""
    return {**head, "words": _in_all(words), "ask_for": {}, "sheets": []}


def _unexpected(error: BaseException) -> dict[str, Any]:
    """A message for what nobody foresaw."""
    return _words(
        {"is": "fault"},
        Message(
            "something went wrong that should not ({kind}). Nothing was kept. Tell the developers what kind "
            "of file it was, and never send the file",
            kind=type(error).__name__,
        ),
    )


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

    def tell(head: dict[str, Any], body: bytes) -> None:
        try:
            outgoing.write(packed(head, body))
            outgoing.flush()
        except OSError:
            os._exit(0)

    while True:
        head, body = asked.get()
        held.do(head, body, tell)
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
    """Be the process."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints does not go between the messages
    _hold_memory()
    warnings.simplefilter("ignore", DetcountWarning)  # their text stands in the notes of the report
    main(sys.stdin.buffer, out)


if __name__ == "__main__":
    _run()
