"""Contents of a column by its name, in Spanish, English and other languages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from importlib import resources

from detcount.reading.frames import meanings, plain_name
from detcount.words import Message

_CAMEL = re.compile(r"(?<=[a-záéíóúñ])(?=[A-ZÁÉÍÓÚÑ\d])")
_ENDINGS = re.compile(r"(?<=\w)(?:\((?:e|es|a|as|o|os|s)\)|/(?:as?|e|os?)\b)")
_HEADERS = tomllib.loads((resources.files("detcount.reading") / "headers.toml").read_text(encoding="utf-8"))
ROLE_WORDS, KIND_WORDS, PERSON_WORDS = (
    {name: Message(words) for name, words in _HEADERS[part].items()} for part in ("roles", "kinds", "persons")
)
"""What readers call what columns can hold, in the order in which they are settled, kinds and persons."""
ROLES = tuple(ROLE_WORDS)
COUNTED = ("stock", "releases", "arrests", "waves", "audit")
"""Kinds of tables that are no rows of persons on lists; each has words of its own for its columns."""


def _pattern(text: str) -> str:
    """A pattern of the file, with its parts; it is compiled when it is first asked for."""
    for name, part in _HEADERS["parts"].items():
        text = text.replace(f"<{name}>", part)
    return text.replace("\n", "")


_OTHERS, NAMED_DAY, SPANS = (_pattern(_HEADERS[part]) for part in ("others", "named_day", "spans"))
"""What is of no use here; days of something; and spans of days of which each should be a row."""
NO_LIST = _pattern(_HEADERS["no_list"])
TOTALS, AUDITS = _pattern(_HEADERS["totals"]), _pattern(_HEADERS["audits"])
"""How names of files with totals of people held, and with entries that were checked, are written."""
FLOWS = {flow: _pattern(text) for flow, text in _HEADERS["flows"].items()}
"""How names of files with arrests and with releases are written."""
STINTS: dict[str, list[str]] = _HEADERS["stints"]
"""How columns of stints are called, by what they hold, the first first."""
_NUMBER_OF = re.compile(_HEADERS["number_of"])
_OF_NO_USE, _COUNTS = (frozenset(_HEADERS[part]) for part in ("of_no_use", "counts"))
_PATTERNS = tuple((_pattern(each["pattern"]), tuple(each["roles"].items())) for each in _HEADERS["columns"])


def normal(header: str) -> str:
    """The name of a column in small letters and figures, words with one space between, of one gender."""
    return plain_name(_CAMEL.sub(" ", _of_one_gender(header)))


def _of_one_gender(header: str) -> str:
    """A name without the other ending: "Libéré(e) le" as "Libéré le", "liberados/as" as "liberados"."""
    return _ENDINGS.sub("", header).replace("@", "o")


def roles_of(header: str) -> tuple[tuple[str, float], ...]:
    """Roles that the name of a column can have, with how sure each is; none where it says nothing."""
    words = normal(header)
    if not words or re.search(_OTHERS, words):
        return ()
    return next((roles for pattern, roles in _PATTERNS if re.search(pattern, words)), ())


def is_known(header: str) -> bool:
    """Check that a text is a known name of a column, also one of no use here."""
    words = normal(header)
    if len(words.split()) > 7 or re.search(r"\b\d{3,}\b", words):
        return False
    return bool(roles_of(header)) or bool(re.search(_OTHERS, words)) or words in _OF_NO_USE


def names_a_column(cell: str) -> bool:
    """Check that a cell of a list of names, of marks or of counts names the column below it."""
    return is_known(cell) or any(meant(kind, cell) for kind in ("columns", "tables", *COUNTED))


def meant(kind: str, words: str) -> tuple[str, ...]:
    """Meanings of the name of a column in a table of a kind; the number of something is that thing."""
    counted = meanings(kind, _NUMBER_OF.sub("", plain_name(words)))
    return meanings(kind, words) or tuple(name for name in counted if name in _COUNTS)


def numbers_rows(heading: str, cells: Sequence[str]) -> bool:
    """Check whether a column only numbers the rows: by its name, as "N°", and by what it holds."""
    figures = [int(cell) for cell in cells if cell.isdecimal()]
    running = [*range(figures[0], figures[0] + len(cells))] if figures else []
    return len(cells) > 1 and normal(heading) in _OF_NO_USE and figures == running


def columns_of(kind: str, headings: Iterable[str]) -> dict[str, list[str]]:
    """Columns of counts, waves or audits by what they mean in a table of a kind.

    One that may number the rows, as "N°", is left out beside another.
    """
    found: dict[str, list[str]] = {}
    for heading in sorted(headings, key=lambda each: normal(each) in _OF_NO_USE):
        words = _of_one_gender(heading)
        for name in dict.fromkeys((*meant("columns", words), *meant(kind, words))):
            if name not in found or normal(heading) not in _OF_NO_USE:
                found.setdefault(name, []).append(heading)
    return found


def holds_counts(heading: str) -> bool:
    """Check that a column of some kind of table holds numbers of persons, by its name."""
    return any(not _COUNTS.isdisjoint(columns_of(kind, [heading])) for kind in (*COUNTED, "tables"))


def surname_first(header: str) -> bool | None:
    """Read from the name of a column that surnames stand first; None where it does not say."""
    words = normal(header)
    surname = re.search(r"\b(apellidos?|surnames?|last ?names?|family ?names?)\b", words)
    given = re.search(r"\b(nombres?|names?|given|first)\b", words)
    return None if surname is None or given is None else surname.start() < given.start()
