"""Words of the reports by key: each front door keeps its English templates in a file ``messages.toml``."""

from __future__ import annotations

from functools import cached_property
from importlib.resources import files
from typing import Any

from detcount.words import Message


class Messages:
    """The templates of a front door: called with a key, gives the message.

    Parameters
    ----------
    job : str
        Folder of the front door.
    """

    def __init__(self, job: str) -> None:
        self._job = job

    @cached_property
    def templates(self) -> dict[str, str]:
        """The templates by key."""
        import tomllib

        place = files("detcount.assessment").joinpath(self._job, "messages.toml")
        return tomllib.loads(place.read_text(encoding="utf-8"))

    def __call__(self, key: str, /, **values: Any) -> Message:
        """Give the message of a key; `values` stand in its braces."""
        return Message(self.templates[key], **values)

    def __contains__(self, key: str) -> bool:
        return key in self.templates
