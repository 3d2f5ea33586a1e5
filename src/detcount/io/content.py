"""The bytes of a file."""

from __future__ import annotations

from pathlib import Path

__all__ = ["bytes_of"]


def bytes_of(file: Path) -> bytes:
    """Bytes of a file; a folder may be called after a case, and is not shown."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise OSError(error.errno, error.strerror, file.name) from None
