"""What is at fault, in one line on standard error, in the language that was asked for."""

from __future__ import annotations

import os
import sys

from detcount.errors import DetcountError, error_text, system_words
from detcount.words import Message, said, visible

FAULT = 2
INTERRUPTED = 130


def fault_words(error: DetcountError | OSError, lang: str) -> str:
    """What an error says, in a language."""
    if isinstance(error, DetcountError):
        return error_text(error, lang)
    return said(_without_folders(error), lang)


def at_fault(words: str) -> int:
    """Say what is at fault."""
    tell(words)
    return FAULT


def tell(words: str) -> None:
    """Say something beside the answer, in one line whatever the words hold."""
    if sys.stderr is not None:  # as it is where it was closed; print would go to the answer
        print(f"detcount: {visible(words)}", file=sys.stderr)


def _without_folders(error: OSError) -> str:
    """The message of the system, with the name of the file and not of its folders."""
    if error.filename is None or error.strerror is None:
        return error.strerror or Message("the file cannot be read or written")
    name = os.path.basename(os.fsdecode(error.filename))
    return Message("{file}: {what}", file=name, what=system_words(error))
