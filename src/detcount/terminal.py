"""Terminals that cannot write every character: the answer comes out, some characters as others."""

from __future__ import annotations

import codecs
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from typing import TextIO

from detcount.words import visible

_NAME = "detcount.degraded"
# What stands for a character; every encoding of a terminal has these.
_INSTEAD = {
    "\u00a0": " ",
    "\u2007": " ",
    "\u2009": " ",
    "\u202f": " ",
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2013": "-",
    "\u2014": "-",
    "\u2212": "-",
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u00ab": '"',
    "\u00bb": '"',
    "\u2022": "*",
    "\u2026": "...",
    "\u2032": "'",
    "\u2190": "<-",
    "\u2192": "->",
    "\u2248": "~",
    "\u2260": "!=",
    "\u2264": "<=",
    "\u2265": ">=",
    "\u221e": "inf",
    "\u2605": "*",
    "\u2713": "x",
    "\u00a1": "!",
    "\u00aa": "a",
    "\u00b0": " deg",
    "\u00b1": "+/-",
    "\u00b7": "-",
    "\u00ba": "o",
    "\u00bf": "?",
    "\u00d7": "x",
    "\u00df": "ss",
    "\u00e6": "ae",
    "\u00c6": "AE",
    "\u00f8": "o",
    "\u00d8": "O",
    "\u0153": "oe",
    "\u0152": "OE",
    "\u20ac": "EUR",
}


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
    """Let one stream do so, and leave it as it was."""
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
    """What an encoding writes in place of characters that it does not have."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return degraded(error.object[error.start : error.end]), error.end


def _degraded(character: str) -> str:
    """One character in ASCII."""
    if character.isascii():
        return character
    if character in _INSTEAD:
        return _INSTEAD[character]
    plain = "".join(part for part in unicodedata.normalize("NFKD", character) if part.isascii())
    return plain or ("" if unicodedata.combining(character) else "?")
