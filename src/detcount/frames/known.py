"""What words of a file mean: one dictionary, in ``words.toml``, for columns and roles."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

from detcount.arguments import plain
from detcount.words import Message


def plain_name(name: object) -> str:
    """Write a name in small letters without accents, with a space for what parts words."""
    return " ".join(re.findall(r"[a-z0-9]+", plain(str(name))))


@cache
def _dictionary() -> dict[str, dict[str, list[str]]]:
    """What each word means, by kind: ``columns``, ``roles``, ``tables`` and those in doubt."""
    import tomllib

    text = (resources.files("detcount.frames") / "words.toml").read_text(encoding="utf-8")
    found: dict[str, dict[str, list[str]]] = {}
    for kind, names in tomllib.loads(text).items():
        for name, words in names.items():
            own = [] if kind.startswith("perhaps") else [plain_name(name)]
            for word in (*own, *words):
                found.setdefault(kind, {}).setdefault(word, []).append(name)
    return found


def meanings(kind: str, word: Any) -> tuple[str, ...]:
    """What a word means among the things of a kind; none where it is not known, several for some columns."""
    return tuple(_dictionary()[kind].get(plain_name(word), ())) if isinstance(word, str) else ()


def read_as(pairs: Iterable[tuple[str, Any]]) -> list[Message]:
    """Say of each word that is not the name itself what it is read as, of names and words that mean them."""
    found = {word.strip(): name for name, word in pairs if isinstance(word, str)}
    return [
        Message("{word!r} as {name!r}", word=word, name=name) for word, name in found.items() if word != name
    ]
