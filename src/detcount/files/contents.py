"""The bytes of files, pipes and streams: so many and no more, and never a wait without an end."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

from detcount.errors import InputError
from detcount.words import Message

MOST_BYTES = 1 << 29
"""Bytes of a file: what is longer needs more memory than most computers have once it is a table."""
_PIECE = 1 << 20
_WAIT = 10_000  # milliseconds for whoever writes to a pipe


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
    name = file.name or str(file)
    fault: OSError | None = None
    try:
        kind = file.stat().st_mode
        if stat.S_ISFIFO(kind):
            return _of_pipe(file, most)
        if stat.S_ISREG(kind) or stat.S_ISDIR(kind):
            with file.open("rb") as stream:
                return _whole(stream, file.name, most, os.fstat(stream.fileno()).st_size)
    except OSError as error:
        fault = OSError(error.errno, error.strerror, name)
    if fault is not None:
        raise fault
    raise InputError(
        Message(
            "{file}: expected a file, got a device or a socket. Copy the data into a file", file=file.name
        )
    )


def drained(stream: Any, where: str, *, most: int = MOST_BYTES) -> Any:
    """Read an open stream to its end; what is no bytes comes back as it is, to be refused by who asked.

    Parameters
    ----------
    stream : binary stream
        Where the bytes come from.
    where : str
        What messages call it.
    most : int, optional
        Bytes that are read at the most.

    Returns
    -------
    bytes
        What it holds.

    Raises
    ------
    InputError
        If it holds more.
    """
    pieces: list[bytes] = []
    total = 0
    while piece := stream.read(_PIECE):
        if not isinstance(piece, bytes):
            return piece
        total += len(piece)
        if total > most:
            raise _too_long(where, most)
        pieces.append(piece)
    return b"".join(pieces)


def _whole(stream: Any, name: str, most: int, size: int) -> bytes:
    """A regular file, whose size is known before it is read."""
    content = stream.read(most + 1) if size <= most else b""
    if max(size, len(content)) > most:
        raise _too_long(name, most)
    return bytes(content)


def _of_pipe(file: Path, most: int) -> bytes:
    """A pipe, if somebody writes to it before long."""
    import select

    end = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(end, "rb", buffering=0) as stream:
        waiting = select.poll()
        waiting.register(end, select.POLLIN)
        if not waiting.poll(_WAIT):
            raise InputError(
                Message(
                    "{file}: expected a file, got a pipe that nobody writes to. Name the file with the data",
                    file=file.name,
                )
            )
        os.set_blocking(end, True)
        return bytes(drained(stream, file.name, most=most))


def _too_long(where: str, most: int) -> InputError:
    """What is said of a file that holds more than is read."""
    return InputError(
        Message(
            "{file}: expected a file of at most {most} MB, got a longer one. Leave out what is not needed",
            file=where,
            most=most >> 20,
        )
    )
