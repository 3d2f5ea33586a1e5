"""The bytes of files, pipes and streams, read with a limit of size and a limit of waiting."""

from __future__ import annotations

import os
import stat
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detcount.errors import InputError, InputTypeError
from detcount.words import Message

MOST_BYTES = 1 << 29
"""Bytes of a file: what is longer needs more memory than most computers have once it is a table."""
_PIECE = 1 << 20
_NOBODY, _UNSPOKEN, _BETWEEN = 2.0, 60.0, 0.02  # seconds for somebody to open a pipe, and to write to it


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
                raise InputError(
                    Message(
                        "{file}: expected a file, got a folder. The command detcount report reads folders",
                        file=file.name or str(file),
                    )
                )
            return cls(file.name, content_of(file))
        if not callable(getattr(source, "read", None)):
            raise InputTypeError(
                Message(
                    "source: expected a path or an open binary stream, got {kind}", kind=type(source).__name__
                )
            )
        name = stream or (Message("standard input") if _is_standard_input(source) else Message("the stream"))
        content = _drained(source, name, MOST_BYTES)
        if not isinstance(content, bytes):
            raise InputError(
                Message(
                    "{file}: expected bytes, got text. Open the file in the mode {mode!r}",
                    file=name,
                    mode="rb",
                )
            )
        return cls(name, content)


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
    raise InputError(
        Message(
            "{file}: expected a file, got a device or a socket. Copy the data into a file", file=file.name
        )
    )


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
                raise InputError(
                    Message(
                        "{file}: expected a file, got a pipe that nobody writes to. Name the file with the "
                        "data",
                        file=file.name,
                    )
                )
            time.sleep(_BETWEEN)
        os.set_blocking(stream.fileno(), True)
        return bytes(_drained(stream, file.name, most, first))


def _too_long(where: str, most: int) -> InputError:
    """Error about a file that holds more than is read."""
    return InputError(
        Message(
            "{file}: expected a file of at most {most} MB, got a longer one. Leave out what is not needed",
            file=where,
            most=most >> 20,
        )
    )


def _is_standard_input(stream: object) -> bool:
    """Check whether a stream is what is typed or piped into the program."""
    return sys.stdin is not None and stream in (sys.stdin, getattr(sys.stdin, "buffer", None))
