"""How to ask that data be read as they are meant: arguments in Python, and options of the command."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from detcount.words import Message

_PLAIN = re.compile(r"[\w,.:/@%+-]+")


def how_to_ask(arguments: Mapping[str, Any]) -> Message:
    """What to write, the end of a sentence."""
    return Message(
        "write {code}, or {options} in the command",
        code=", ".join(f"{name}={value!r}" for name, value in arguments.items()),
        options=command_options(arguments),
    )


def command_options(arguments: Mapping[str, Any]) -> str:
    """Arguments as options of the command, quoted for a shell."""
    words: list[str] = []
    for name, value in arguments.items():
        words.append("--" + name.replace("_", "-"))
        if value is not True:
            words.append(str(value) if not isinstance(value, (list, tuple)) else ",".join(map(str, value)))
    return " ".join(word if _PLAIN.fullmatch(word) else _quoted(word) for word in words)


def _quoted(word: str) -> str:
    """A word between quotation marks, as a shell takes it for one."""
    return "'" + word.replace("'", "'\"'\"'") + "'"
