"""Terminals that cannot write every character: the answer is printed with others in their place."""

from __future__ import annotations

import codecs
import json
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib.resources import files
from io import TextIOWrapper
from typing import TextIO

from detcount.words import visible

_NAME = "detcount.degraded"


def print_beside(words: str) -> None:
    """Print something beside the answer, in one line whatever the words hold."""
    if sys.stderr is not None:  # as it is where it was closed; print would go to the answer
        sys.stderr.write(f"detcount: {visible(words)}\n")


def degraded(text: str) -> str:
    """Write text in ASCII: letters without their marks, signs by what looks like them, else "?"."""
    return "".join(_degraded(character) for character in text)


@contextmanager
def forgiving_streams() -> Iterator[None]:
    """Let standard output and error write what their encoding has, and the rest degraded."""
    codecs.register_error(_NAME, _replacement)
    with ExitStack() as stack:
        for stream in (sys.stdout, sys.stderr):
            stack.enter_context(_forgiving(stream))
        yield


@contextmanager
def _forgiving(stream: TextIO | None) -> Iterator[None]:
    """The same for one stream, which is restored afterwards."""
    if not isinstance(stream, TextIOWrapper):
        yield  # no console at all, or one of a program that takes every character
        return
    before = stream.errors
    stream.reconfigure(errors=_NAME)
    try:
        yield
    finally:
        stream.reconfigure(errors=before)


def _replacement(error: UnicodeError) -> tuple[str, int]:
    """Give what an encoding writes in place of characters that it does not have."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return degraded(error.object[error.start : error.end]), error.end


@cache
def _instead() -> dict[str, str]:
    """Give a substitute for each character; every encoding of a terminal has it."""
    found: dict[str, str] = json.loads((files("detcount.cli") / "terminal.json").read_text(encoding="utf-8"))
    return found


def _degraded(character: str) -> str:
    """One character in ASCII."""
    if character.isascii():
        return character
    if character in _instead():
        return _instead()[character]
    plain = "".join(part for part in unicodedata.normalize("NFKD", character) if part.isascii())
    return plain or ("" if unicodedata.combining(character) else "?")
