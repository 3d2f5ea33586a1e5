"""Reports to files: whole or not at all, and never over a file that is not a report of ours."""

from __future__ import annotations

import errno
import json
import os
import secrets
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from detcount.errors import InputError, InputTypeError
from detcount.words import Message, escaped_controls

FileTarget = str | os.PathLike[str]
"""Where a report that is no text goes: the name of a file."""

Target = str | os.PathLike[str] | TextIO
"""Where a report goes: the name of a file, or a stream of text that is open."""

GENERATOR = '<meta name="generator" content="detcount">'
# how the style of pages up to 0.2.0 begins, which have no mark
_BEFORE = ":root { --ink: #1b1b1b; --quiet: #595959; --rule: #d9d9d9; --blue: #1f5a8a; --tint: #f3f6f9; }"
REPORT_MARKS = (GENERATOR, _BEFORE)
"""What stands near the beginning of every report of ours, and of no other file."""
_PRIVATE = 0o600
_HEAD = 4096  # bytes in which a report of ours has its mark

MADE_BY = "detcount"
"""What our files of numbers say they were made by."""


def numbers_text(record: dict[str, Any]) -> str:
    """Give a record as JSON, which says first what made it, and commands no terminal."""
    text = json.dumps({"made_by": MADE_BY, **record}, ensure_ascii=False, indent=2)
    return escaped_controls(text)


def check_target(target: Any, *, force: bool = False, marks: Sequence[str] = REPORT_MARKS) -> None:
    """Refuse a place that a report must not be written to.

    Parameters
    ----------
    target : str, path-like, text stream or None
        Where the report is to go; None goes nowhere.
    force : bool, optional
        Whether a file that is no report of detcount may be written over.
    marks : sequence of str, optional
        What stands near the beginning of the files that may be written over: one of these.

    Raises
    ------
    InputError
        If there is a folder of that name, or a file that is no report of detcount and not empty.
    OSError
        If the folder does not exist, or the file may not be read or written.
    InputTypeError
        If it is neither the name of a file nor a stream of text.
    """
    if target is None or _is_stream(target):
        return
    path = Path(target)
    if not path.absolute().parent.is_dir():
        raise FileNotFoundError(
            errno.ENOENT, Message("the folder to write to does not exist. Make it first"), path.name
        )
    if path.is_dir():
        raise InputError(
            Message(
                "{file}: expected the name of a file, got that of a folder. Add a name to it",
                file=path.name or str(path),
            )
        )
    if not path.exists():
        return
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path.name)
    if not force and _is_regular(path) and not _is_ours(path, marks):
        raise InputError(
            Message(
                "{file}: there is a file of this name that is no report of detcount. Choose another name; "
                "force=True, or --force of the command, writes over it",
                file=path.name,
            )
        )


def write_report(
    content: str | bytes,
    target: Any,
    *,
    force: bool = False,
    marks: Sequence[str] = REPORT_MARKS,
    private: bool = False,
) -> None:
    """Write a report, so that whatever fails a file is there as it was, or whole.

    Parameters
    ----------
    content : str or bytes
        The report; bytes, as those of a picture, go to files alone.
    target : str, path-like, text stream or None
        Where the report is to go, as `check_target` allows it; None goes nowhere. A stream stays open.
    force : bool, optional
        Whether a file that is no report of detcount may be written over.
    marks : sequence of str, optional
        As in `check_target`.
    private : bool, optional
        Whether nobody else may read the file, as it holds names of persons or a secret.

    Notes
    -----
    The text goes to a new file in the same folder, which nobody else can read, and which then takes the name.
    A link stays a link, and permissions stay. A pipe or a device, as ``/dev/stdout``, is written to
    directly.
    """
    check_target(target, force=force, marks=marks)
    if target is None:
        return
    if _is_stream(target):
        target.write(content)
        return
    path = Path(target)
    written = content.encode() if isinstance(content, str) else content
    if path.exists() and not _is_regular(path):
        path.write_bytes(written)
    else:
        _replace(Path(os.path.realpath(path)), written, private=private)


def _replace(path: Path, content: bytes, *, private: bool) -> None:
    """Write a new file beside the old one, and give it the name of the old one; `path` is no link."""
    beside = path.with_name(f".detcount-{secrets.token_hex(8)}.tmp")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        mode = _PRIVATE if private else stat.S_IMODE(path.stat().st_mode) if path.exists() else _usual_mode()
        os.replace(beside, path)
        os.chmod(path, mode)
    except OSError as error:
        raise OSError(error.errno, error.strerror, path.name) from error
    finally:
        with suppress(OSError):
            beside.unlink()


def _usual_mode() -> int:
    """Permissions of a new file, as whoever runs the program wants them."""
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask | _PRIVATE  # in a browser the mask leaves nothing


def _is_stream(target: Any) -> bool:
    """Check whether a target is a stream of text; refused is what is neither that nor a name of a file."""
    if isinstance(target, (str, os.PathLike)):
        return False
    if callable(getattr(target, "write", None)):
        try:
            target.write("")
        except TypeError:  # it takes bytes
            pass
        else:
            return True
    raise InputTypeError(
        Message(
            "path: expected the name of a file or a stream of text such as io.StringIO(), got {kind}. Write "
            "to_html('report.html')",
            kind=type(target).__name__,
        )
    )


def _is_regular(path: Path) -> bool:
    """Check whether a file is one that keeps what is written to it."""
    return stat.S_ISREG(path.stat().st_mode)


def _is_ours(path: Path, marks: Sequence[str]) -> bool:
    """Check whether a file is a report of detcount, or has nothing in it."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    return not head or any(mark.encode() in head for mark in marks)
