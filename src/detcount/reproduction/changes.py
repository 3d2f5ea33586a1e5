"""What the change log says of numbers that changed since a version."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

_VERSION = re.compile(r"^## (\d+\.\d+\.\d+).*$", re.MULTILINE)
_NUMBERS = re.compile(r"^### Numbers that change\n(.*?)(?=^#|\Z)", re.MULTILINE | re.DOTALL)


def changed_numbers(since: str) -> tuple[tuple[str, str], ...]:
    """Give what is said of numbers that changed after a version.

    Parameters
    ----------
    since : str
        The version that made a record.

    Returns
    -------
    tuple of (str, str)
        Version and text, the newest first; empty where no number changed, or the version is a newer one.
    """
    text = _change_log()
    marks = list(_VERSION.finditer(text))
    found = []
    for k, mark in enumerate(marks):
        end = marks[k + 1].start() if k + 1 < len(marks) else len(text)
        numbers = _NUMBERS.search(text, mark.end(), end)
        text_of = numbers[1].strip() if numbers else ""
        if text_of and _parts(mark[1]) > _parts(since):
            found.append((mark[1], text_of))
    return tuple(found)


def _parts(version: str) -> tuple[int, ...]:
    """A version as numbers."""
    return tuple(int(part) for part in re.findall(r"\d{1,9}", version)[:3])


def _change_log() -> str:
    """The change log, which is beside the package once installed, and at the root of a checkout."""
    inside = files("detcount").joinpath("CHANGELOG.md")
    if inside.is_file():
        return inside.read_text(encoding="utf-8")
    at_root = Path(__file__).parents[3] / "CHANGELOG.md"
    return at_root.read_text(encoding="utf-8") if at_root.is_file() else ""
