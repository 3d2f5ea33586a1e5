"""Where a table is read from: a file, or a stream of bytes such as standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from detcount.errors import InputError
from detcount.files import content_of, drained
from detcount.words import Message

# how the files begin that a stream can hold; one that begins otherwise is text
_BEGINNINGS = {b"PK\x03\x04": ".xlsx", b"\xd0\xcf\x11\xe0": ".xls", b"PAR1": ".parquet"}
_BEGINS_ALIKE = {".xlsm": ".xlsx", ".xlsb": ".xlsx", ".ods": ".xlsx", ".pq": ".parquet"}


@dataclass(frozen=True)
class Source:
    """Bytes to read, what messages call them, and the suffix that says how they are read.

    Parameters
    ----------
    name : str
        Name of the file without its folders; a `Message` for a stream.
    suffix : str
        Suffix of the file in small letters; of a stream, that of the files that begin like it.
    read : callable
        Gives the bytes.
    """

    name: str
    suffix: str
    read: Callable[[], bytes]

    @classmethod
    def of(cls, source: str | os.PathLike[str] | IO[bytes] | Source) -> Source:
        """Take a path, or read an open stream to its end."""
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
            return cls(file.name, file.suffix.lower(), lambda: content_of(file))
        read: Any = getattr(source, "read", None)
        if not callable(read):
            raise TypeError(
                Message(
                    "source: expected a path or an open binary stream, got {kind}", kind=type(source).__name__
                )
            )
        name = Message("standard input") if _is_standard_input(source) else Message("the stream")
        content = drained(source, name)
        if not isinstance(content, bytes):
            raise InputError(
                Message(
                    "{file}: expected bytes, got text. Open the file in the mode {mode!r}",
                    file=name,
                    mode="rb",
                )
            )
        return cls(name, _suffix_by_beginning(content) or ".csv", lambda: content)

    @classmethod
    def named(cls, name: str, content: bytes) -> Source:
        """Take the bytes of a file that has a name: how it begins counts for more than how its name ends."""
        suffix, by_beginning = Path(name).suffix.lower(), _suffix_by_beginning(content)
        if by_beginning and _BEGINS_ALIKE.get(suffix, suffix) != by_beginning:
            suffix = by_beginning
        return cls(name, suffix, lambda: content)


def _suffix_by_beginning(content: bytes) -> str:
    """Suffix of the files that begin so; empty for text."""
    return next((found for begin, found in _BEGINNINGS.items() if content.startswith(begin)), "")


def _is_standard_input(stream: object) -> bool:
    """Whether a stream is what is typed or piped into the program."""
    return sys.stdin is not None and stream in (sys.stdin, getattr(sys.stdin, "buffer", None))
