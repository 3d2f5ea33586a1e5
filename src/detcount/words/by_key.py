"""Sentences by key: a room keeps its English templates in a file ``messages.toml``."""

from __future__ import annotations

import tomllib
from functools import cached_property
from importlib.resources import files
from typing import Any

from detcount.words.message import Message


class Messages:
    """The templates of a room: called with a key, gives the message.

    Parameters
    ----------
    package : str
        Folder of the room, whose ``messages.toml`` has a template for each key, or two: one for a single
        thing, and one for any other number, ``n``.
    """

    def __init__(self, package: str) -> None:
        self._package = package

    @cached_property
    def templates(self) -> dict[str, Any]:
        """The templates by key."""
        text = files(self._package).joinpath("messages.toml").read_text(encoding="utf-8")
        return tomllib.loads(text)

    def __call__(self, key: str, /, **values: Any) -> Message:
        """Give the message of a key; `values` stand in its braces."""
        template = self.templates[key]
        if isinstance(template, str):
            return Message(template, **values)
        return Message.counted(*template, **values)

    def __contains__(self, key: str) -> bool:
        return key in self.templates
