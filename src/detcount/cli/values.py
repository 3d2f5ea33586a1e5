"""The values that options take, and what is said of those that an option cannot take."""

from __future__ import annotations

import argparse
import csv
import io
import os
import shlex
from collections.abc import Callable, Sequence
from typing import Any

from detcount.errors import InputError
from detcount.words import Message, languages


def flag(name: str) -> str:
    """An option as it is typed."""
    return f"--{name.replace('_', '-')}"


def plain_text(word: str, option: str) -> str:
    """A word of the command line; bytes that the locale does not have are taken for UTF-8."""
    if not any("\ud800" <= character <= "\udfff" for character in word):
        return word
    try:
        return os.fsencode(word).decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(
            Message("{option}: expected text in UTF-8, got other bytes", option=option)
        ) from None


def names(text: str, option: str) -> list[str]:
    """Names between commas; one that has a comma or a line break stands in quotation marks."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), skipinitialspace=True, strict=True))
    except csv.Error:
        rows = []
    if len(rows) != 1:
        raise InputError(
            Message(
                "{option}: expected names in one line with a comma between them, got something else. Write "
                "{option} one,two,three, with quotation marks around a name that has a comma",
                option=option,
            )
        )
    found = [name.strip() for name in rows[0]]
    if len(found) == 1 and (between := next((mark for mark in ";|\t" if mark in found[0]), None)):
        raise InputError(
            Message(
                "{option}: expected a comma between the names, got {between!r}. Write {option} {instead}",
                option=option,
                between=between,
                instead=typed([part.strip() for part in found[0].split(between)]),
            )
        )
    return found


def typed(words: Sequence[str]) -> str:
    """Names as they are typed, with a comma between them."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="").writerow(words)
    return shlex.quote(stream.getvalue())


def too_few_values(option: str, n_values: int) -> Message:
    """Message for an option that has fewer values than it takes."""
    return Message.counted(
        "{option}: expected a value after it, got none",
        "{option}: expected {n} values after it, got fewer",
        n=n_values,
        option=option,
    )


def whole(word: str, option: str) -> int:
    """A whole number."""
    try:
        return int(word)
    except ValueError:
        raise InputError(
            Message("{option}: expected a whole number, got {got!r}", option=option, got=word)
        ) from None


def number(word: str, option: str) -> float:
    """A number."""
    try:
        return float(word)
    except ValueError:
        raise InputError(
            Message("{option}: expected a number as in 0.8, got {got!r}", option=option, got=word)
        ) from None


def _day(word: str, option: str) -> str:
    """A first or last day as it was typed; some versions of Python take the next option for one."""
    if word.startswith("-"):
        raise InputError(too_few_values(option, 2))
    return word


def _as_typed(word: str, option: str) -> str:
    return word


def _shipped() -> tuple[str, ...]:
    from detcount import datasets

    return tuple(datasets.names())


_READ: dict[str, Callable[[str, str], object]] = {
    "Days": _day,
    "Names": lambda word, option: names(plain_text(word, option), option),
    "Number": number,
    "Repeated": plain_text,
    "RepeatedFiles": plain_text,
    "Text": plain_text,
    "Whole": whole,
}
_SUGGESTED: dict[str, Callable[[], tuple[str, ...]]] = {"Language": languages, "Shipped": _shipped}


class Option(argparse.Action):
    """Keep what a word means, by the kind that the table of commands gives the option.

    Parameters
    ----------
    kind : str
        How the word is read.
    known : tuple of str, optional
        The words that it may be.
    **named
        What `argparse.Action` takes.
    """

    def __init__(self, *, kind: str, known: tuple[str, ...] = (), **named: Any) -> None:
        super().__init__(**named)
        self.kind, self.known = kind, known
        self.is_file = kind in ("Files", "RepeatedFiles")

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: Any = None
    ) -> None:
        """Read the word, or each of several; of an option that may be repeated, keep all."""
        name = str(option or self.dest)
        read = [self._read(word, name) for word in (values if isinstance(values, list) else [values])]
        if self.kind in ("Repeated", "RepeatedFiles"):
            setattr(namespace, self.dest, [*(getattr(namespace, self.dest, None) or ()), *read])
        elif self.is_file and getattr(namespace, self.dest, None) != self.default:
            raise InputError(
                Message(
                    "{option}: expected one file, got two. Leave one out; --out writes as many reports as it "
                    "names",
                    option=name,
                )
            )
        else:
            setattr(namespace, self.dest, read if isinstance(values, list) else read[0])

    def _read(self, word: str, option: str) -> object:
        """Read the meaning of a word."""
        if self.known and word not in self.known:
            raise InputError(
                Message(
                    "{option}: expected {known!r:or}, got {got!r}", option=option, known=self.known, got=word
                )
            )
        return _READ.get(self.kind, _as_typed)(word, option)

    def suggestions(self) -> tuple[str, ...]:
        """Give words that a shell may offer."""
        return self.known or (_SUGGESTED[self.kind]() if self.kind in _SUGGESTED else ())
