"""The whole command that would read a file which the command as it was typed does not read."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable
from typing import Any, TypeVar

from detcount.cli.reading import STANDARD
from detcount.cli.values import flag, typed
from detcount.errors import DetcountError, InputError
from detcount.words import Message

Data = TypeVar("Data")
_MOST = 8  # things that a file can have otherwise than expected, one found after another


def read_or_suggest(
    read: Callable[[argparse.Namespace], Data],
    options: argparse.Namespace,
    more: Callable[[argparse.Namespace], dict[str, Any]] | None = None,
) -> Data:
    """Read data; an error says the command that reads them too, if there is one: it was tried.

    Parameters
    ----------
    read : callable
        Reads the data as some options say.
    options : argparse.Namespace
        The options as they were typed.
    more : callable, optional
        Options that a file can show to be lacking, whatever error comes.

    Returns
    -------
    object
        The data.
    """
    try:
        return read(options)
    except InputError as error:
        asked = None if options.file in (None, STANDARD) else _asked(read, options, more)
        if not asked:
            raise
        fault = error.args[0] if error.args else str(error)
        raise InputError(
            Message(
                "{fault}. The whole command, if its options say what the file means: {command}",
                fault=fault,
                command=_command(options.words, asked),
            )
        ) from None


def _asked(
    read: Callable[[argparse.Namespace], object],
    options: argparse.Namespace,
    more: Callable[[argparse.Namespace], dict[str, Any]] | None,
) -> dict[str, Any] | None:
    """The options under which the data can be read; None where none are known."""
    asked: dict[str, Any] = {}
    for _ in range(_MOST):
        tried = argparse.Namespace(**{**vars(options), **asked, "quiet": True})
        try:
            found = {} if more is None else more(tried)
            if not found:
                read(tried)
                return asked
        except InputError as error:
            found = error.ask_for
        except (DetcountError, OSError):
            return None
        if not found or all(asked.get(name) == value for name, value in found.items()):
            return None
        asked |= found
    return None


def _command(words: list[str], asked: dict[str, Any]) -> str:
    """The command as it was typed, with more options."""
    line = [shlex.join(["detcount", *words])]
    for name, value in asked.items():
        line.append(flag(name))
        if value is not True:
            line.append(typed(value) if isinstance(value, (list, tuple)) else shlex.quote(str(value)))
    return " ".join(line)
