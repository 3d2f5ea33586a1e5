"""The values that options take, and what is said of those that an option cannot take."""

from __future__ import annotations

import argparse
import csv
import io
import os
from collections.abc import Sequence
from typing import Any

from detcount.errors import InputError
from detcount.words import Message


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
                "{option}: expected names in one line with a comma between them, got something else. "
                "Write {option} one,two,three, with quotation marks around a name that has a comma",
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
    import shlex

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


class Option(argparse.Action):
    """Keep what a word means; each kind of option reads it in its own way."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: Any = None
    ) -> None:
        """Read the word, or each of several."""
        name, before = str(option or self.dest), getattr(namespace, self.dest, None)
        several = isinstance(values, list)
        read = [self.read(word, name, before) for word in (values if several else [values])]
        setattr(namespace, self.dest, read if several else read[0])

    def read(self, word: str, option: str, before: Any) -> object:
        """Give what a word means; `before` is what was kept until now."""
        return word

    def suggestions(self) -> tuple[str, ...]:
        """Give words that a shell may offer."""
        return ()


class Files(Option):
    """Keep the name of a file, or ``-``; shells complete names of files here."""


class Text(Option):
    """Keep a text."""

    def read(self, word: str, option: str, before: Any) -> str:
        """Give the text."""
        return plain_text(word, option)


class Repeated(Option):
    """Keep the texts of an option that may be given several times."""

    def read(self, word: str, option: str, before: Any) -> list[str]:
        """Give all texts until now."""
        return [*(before or ()), plain_text(word, option)]


class RepeatedFiles(Files):
    """Keep the names of files of an option that may be given several times."""

    def read(self, word: str, option: str, before: Any) -> list[str]:
        """Give all names until now."""
        return [*(before or ()), plain_text(word, option)]


class Names(Option):
    """Keep names that stand between commas."""

    def read(self, word: str, option: str, before: Any) -> list[str]:
        """Give the names."""
        return names(plain_text(word, option), option)


class Days(Option):
    """Keep a first and a last day."""

    def read(self, word: str, option: str, before: Any) -> str:
        """Give the word; some versions of Python take the next option for one."""
        if word.startswith("-"):
            raise InputError(too_few_values(option, 2))
        return word


class Whole(Option):
    """Keep a whole number."""

    def read(self, word: str, option: str, before: Any) -> int:
        """Give the number."""
        try:
            return int(word)
        except ValueError:
            raise InputError(
                Message("{option}: expected a whole number, got {got!r}", option=option, got=word)
            ) from None


class Number(Option):
    """Keep a number."""

    def read(self, word: str, option: str, before: Any) -> float:
        """Give the number."""
        try:
            return float(word)
        except ValueError:
            raise InputError(
                Message("{option}: expected a number as in 0.8, got {got!r}", option=option, got=word)
            ) from None


class Choice(Option):
    """Keep one of some words, which `const` holds."""

    def read(self, word: str, option: str, before: Any) -> str:
        """Give the word, if it is one of them."""
        if word not in self.const:
            raise InputError(
                Message(
                    "{option}: expected {known!r:or}, got {got!r}", option=option, known=self.const, got=word
                )
            )
        return word

    def suggestions(self) -> tuple[str, ...]:
        """Give all of them."""
        return tuple(self.const)


class Shipped(Option):
    """Keep the name of a data set; whoever loads it says whether there is one."""

    def suggestions(self) -> tuple[str, ...]:
        """Give the names of the data sets."""
        from detcount import datasets

        return tuple(datasets.names())


class Language(Option):
    """Keep the code of a language; it is checked with the places of the answer."""

    def suggestions(self) -> tuple[str, ...]:
        """Give the codes of the languages."""
        from detcount.words import languages

        return tuple(languages())


_KINDS = (Choice, Days, Files, Language, Names, Number, Repeated, RepeatedFiles, Shipped, Text, Whole)
KINDS: dict[str, Any] = {"Switch": "store_true", "Word": "store", **{kind.__name__: kind for kind in _KINDS}}
"""What an option keeps, by the name that it has in the table of commands."""
