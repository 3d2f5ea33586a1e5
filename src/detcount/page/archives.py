"""Workbooks before they are read: no macros, and no archive that unpacks to more than memory holds."""

from __future__ import annotations

import zlib
from copy import copy
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from detcount.errors import InputError
from detcount.page.limits import Limits
from detcount.words import Message

__all__ = ["check_file"]

_ARCHIVE = b"PK\x03\x04"
_OLD = b"\xd0\xcf\x11\xe0"  # Excel up to 2003, whose parts have names in UTF-16
_PIECE = 1 << 18
_WITHOUT_END = 1 << 62
_OLD_MACROS = tuple(name.encode("utf-16-le") for name in ("_VBA_PROJECT", "Macros"))


def check_file(name: str, content: bytes, limits: Limits) -> None:
    """Refuse a file with macros, or one that unpacks to too much; nothing in it is run or kept.

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
        If the file is empty, has macros, or unpacks to too much.
    """
    if not content:
        raise InputError(Message("{file}: the file is empty. Choose another one", file=name))
    if content.startswith(_OLD) and any(mark in content for mark in _OLD_MACROS):
        raise InputError(_with_macros(name))
    if not content.startswith(_ARCHIVE):
        return
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if any(map(_is_macro, parts)):
                raise InputError(_with_macros(name))
            if len(parts) > limits.parts or _unpacked(archive, parts, limits.unpacked_bytes) is None:
                raise InputError(
                    Message(
                        "{file}: expected a workbook of at most {most} MB when it is unpacked, got more. "
                        "Save the one sheet that is needed as CSV",
                        file=name,
                        most=limits.unpacked_bytes >> 20,
                    )
                )
    except (BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        raise InputError(
            Message(
                "{file}: the file cannot be read as a workbook. Save it again, without a password", file=name
            )
        ) from None


def _is_macro(part: ZipInfo) -> bool:
    """Whether a part holds macros: those of Excel, its old sheets of macros, or those of LibreOffice."""
    name = part.filename.lower()
    return (
        name.endswith("vbaproject.bin") or "macrosheets/" in name or name.startswith(("basic/", "scripts/"))
    )


def _unpacked(archive: ZipFile, parts: list[ZipInfo], most: int) -> int | None:
    """Bytes of all parts, counted and not as the archive says; None where they are too many."""
    total = 0
    for part in parts:
        counted = copy(part)
        counted.file_size = _WITHOUT_END  # else the reader stops where the archive says that a part ends
        with archive.open(counted) as stream:
            while piece := stream.read(_PIECE):
                total += len(piece)
                if total > most:
                    return None
    return total


def _with_macros(name: str) -> Message:
    """Message for a file with macros."""
    return Message(
        "{file}: expected a workbook without macros, got one with macros. They were not run. Save it as xlsx "
        "without macros, or as CSV",
        file=name,
    )
