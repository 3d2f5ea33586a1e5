"""The bytes of files, pipes and streams, read with a limit of size and a limit of waiting."""

from __future__ import annotations

import os
import re
import stat
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from detcount.errors import InputError, InputTypeError
from detcount.reading import message
from detcount.words import Message

Kind = Literal["workbook", "Parquet", "JSON", "text"]
MOST_BYTES = 1 << 29
"""Bytes of a file: what is longer needs more memory than most computers have once it is a table."""
_PIECE = 1 << 20
_NOBODY, _UNSPOKEN, _BETWEEN = 2.0, 60.0, 0.02  # seconds for somebody to open a pipe, and to write to it
# how a file begins says what it is, whatever it is called
_BEGINNINGS: dict[bytes, Kind] = {
    b"PK\x03\x04": "workbook",
    b"\xd0\xcf\x11\xe0": "workbook",
    b"PAR1": "Parquet",
}
_JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\{\s*"|\[\s*\{\s*")')  # an object, or an array of objects
# what stands in documents of text programs, and in workbooks, which may hold such a document
_TEXTS = (b"word/document.xml", b"opendocument.text", "WordDocument".encode("utf-16-le"))
_SHEETS = (b"xl/", b"opendocument.spreadsheet", *(name.encode("utf-16-le") for name in ("Workbook", "Book")))
_DOCUMENTS = (b"%pdf", b"{\\rtf", b"<!doctype", b"<html", b"\x89png", b"\xff\xd8\xff")


@dataclass(frozen=True)
class Source:
    """Bytes to read, and what messages call them.

    Parameters
    ----------
    name : str
        Name of the file without its folders; a `Message` for a stream.
    content : bytes
        What it holds.
    """

    name: str
    content: bytes

    @classmethod
    def of(cls, source: Any, stream: str | None = None) -> Source:
        """Read a file or an open stream to its end; messages call the stream as `stream` says."""
        if isinstance(source, Source):
            return source
        if isinstance(source, (str, os.PathLike)):
            file = Path(source)
            if file.is_dir():
                raise message.refused("folder", file=file.name or str(file))
            return cls(file.name, content_of(file))
        if not callable(getattr(source, "read", None)):
            raise InputTypeError(message("no source", kind=type(source).__name__))
        name = stream or (Message("standard input") if _is_standard_input(source) else Message("the stream"))
        content = _drained(source, name, MOST_BYTES)
        if not isinstance(content, bytes):
            raise message.refused("stream of text", file=name, mode="rb")
        return cls(name, content)

    @classmethod
    def beginning(cls, file: Path, most: int) -> Source:
        """The first lines of a longer text, up to so many bytes; all of any other file."""
        with file.open("rb") as stream:
            head = cls(file.name, stream.read(most + 1))
        end = head.content.rfind(b"\n", 0, most) + 1
        long = len(head.content) > most and end and b"\0" not in head.content and head.kind == "text"
        return cls(file.name, head.content[:end]) if long else cls.of(file)

    @property
    def kind(self) -> Kind:
        """What it is by how it begins; pages, pictures and documents of text programs are refused."""
        if self.content.lstrip()[:16].lower().startswith(_DOCUMENTS):
            raise message.refused("page or picture", file=self.name)
        if _JSON.match(self.content):
            return "JSON"
        kind: Kind = next(
            (kind for begin, kind in _BEGINNINGS.items() if self.content.startswith(begin)), "text"
        )
        texts, sheets = (any(mark in self.content for mark in marks) for marks in (_TEXTS, _SHEETS))
        if kind == "workbook" and texts and not sheets:
            raise message.refused("document of a text program", file=self.name)
        return kind


def content_of(path: str | os.PathLike[str], *, most: int = MOST_BYTES) -> bytes:
    """Read a file, or a pipe that somebody writes to.

    Parameters
    ----------
    path : str or path-like
        The file.
    most : int, optional
        Bytes that are read at the most.

    Returns
    -------
    bytes
        What it holds.

    Raises
    ------
    InputError
        If it holds more, it is a device or a socket, or nobody writes to the pipe.
    OSError
        If it is not there or may not be read; the error names the file without its folders, which may be
        called after a case.
    """
    file = Path(path)
    fault: OSError | None = None
    try:
        kind = file.stat().st_mode
        if stat.S_ISFIFO(kind):
            return _of_pipe(file, most)
        if stat.S_ISREG(kind) or stat.S_ISDIR(kind):
            with file.open("rb") as stream:
                size = os.fstat(stream.fileno()).st_size
                content = stream.read(most + 1) if size <= most else b""
            if max(size, len(content)) > most:
                raise _too_long(file.name, most)
            return content
    except OSError as error:
        fault = OSError(error.errno, error.strerror, file.name or str(file))
    if fault is not None:
        raise fault
    raise message.refused("device", file=file.name)


def _drained(stream: Any, where: str, most: int, first: bytes = b"") -> Any:
    """Read an open stream to its end; anything else than bytes is given back as it is."""
    pieces = [first]
    total = len(first)
    while piece := stream.read(_PIECE):
        if not isinstance(piece, bytes):
            return piece
        total += len(piece)
        if total > most:
            raise _too_long(where, most)
        pieces.append(piece)
    return b"".join(pieces)


def _of_pipe(file: Path, most: int) -> bytes:
    """Read a pipe: its writer has to open it soon, and may then take time until the first byte."""
    begun = time.monotonic()
    with os.fdopen(os.open(file, os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0) as stream:
        while not (first := stream.read(_PIECE)):  # None where somebody has opened it and writes nothing yet
            if time.monotonic() - begun > (_NOBODY if first is not None else _UNSPOKEN):
                raise message.refused("pipe without a writer", file=file.name)
            time.sleep(_BETWEEN)
        os.set_blocking(stream.fileno(), True)
        return bytes(_drained(stream, file.name, most, first))


def _too_long(where: str, most: int) -> InputError:
    """What is said of a file that holds more than is read."""
    return message.refused("file too long", file=where, most=most >> 20)


def _is_standard_input(stream: object) -> bool:
    """Whether a stream is what is typed or piped into the program."""
    return sys.stdin is not None and stream in (sys.stdin, getattr(sys.stdin, "buffer", None))
