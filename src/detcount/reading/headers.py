"""What the name of a column says of its contents, in Spanish and English."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from typing import Literal, get_args

from detcount.frames import plain_name
from detcount.words import Message

Role = Literal[
    "name",
    "given",
    "surname",
    "document",
    "document_type",
    "born",
    "age",
    "sex",
    "arrested",
    "place",
    "referred_by",
    "status",
    "left",
    "listed_on",
    "left_known_on",
]
ROLES: tuple[Role, ...] = get_args(Role)
ROLE_WORDS: dict[str, Message] = {
    "name": Message("whole names"),
    "given": Message("given names"),
    "surname": Message("surnames"),
    "document": Message("documents"),
    "document_type": Message("kinds of documents"),
    "born": Message("days of birth"),
    "age": Message("ages"),
    "sex": Message("sex"),
    "arrested": Message("days of arrest"),
    "place": Message("places"),
    "referred_by": Message("who forwarded the row"),
    "status": Message("statuses"),
    "left": Message("days of exit"),
    "listed_on": Message("days of listing"),
    "left_known_on": Message("days on which exits became known"),
}
"""What readers call the roles."""

_CAMEL = re.compile(r"(?<=[a-záéíóúñ])(?=[A-ZÁÉÍÓÚÑ\d])")
_WORDS = tomllib.loads((resources.files("detcount.reading") / "headers.toml").read_text(encoding="utf-8"))


def _pattern(text: str) -> re.Pattern[str]:
    """A pattern of the file, with its parts."""
    for name, part in _WORDS["parts"].items():
        text = text.replace(f"<{name}>", part)
    return re.compile(text.replace("\n", ""))


_OTHERS = _pattern(_WORDS["others"])
_PATTERNS = tuple((_pattern(each["pattern"]), tuple(each["roles"].items())) for each in _WORDS["columns"])


def normal(header: str) -> str:
    """The name of a column in small letters and figures, words with one space between."""
    return plain_name(_CAMEL.sub(" ", header))


def roles_of(header: str) -> tuple[tuple[Role, float], ...]:
    """Roles that the name of a column can have, with how sure each is; none where it says nothing."""
    words = normal(header)
    if not words or _OTHERS.search(words):
        return ()
    for pattern, roles in _PATTERNS:
        if pattern.search(words):
            return roles
    return ()


def is_known(header: str) -> bool:
    """Whether a text is a name of a column that says something, also one of no use here."""
    words = normal(header)
    few = len(words.split()) <= 7
    if not few or any(figure.isdigit() and len(figure) > 2 for figure in words.split()):
        return False
    return bool(roles_of(header)) or bool(_OTHERS.search(words)) or words in _NUMBERS


_NUMBERS = frozenset(
    ("n", "no", "nro", "num", "numero", "item", "id", "observaciones", "notas", "notes", "remarks")
)


def surname_first(header: str) -> bool | None:
    """Whether the name of a column says that surnames stand first; None where it does not say."""
    words = normal(header)
    surname = re.search(r"\b(apellidos?|surnames?|last ?names?|family ?names?)\b", words)
    given = re.search(r"\b(nombres?|names?|given|first)\b", words)
    if surname is None or given is None:
        return None
    return surname.start() < given.start()
