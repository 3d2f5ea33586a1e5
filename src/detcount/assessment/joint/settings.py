"""What only a person knows of a folder of lists: ``detcount.toml``, read and checked.

Nothing in it is taken from a cell of a list: it has names of files, sheets, columns and lists.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import Any

from detcount.contract import arguments
from detcount.contract.arguments import Sentences
from detcount.contract.definition import Definition
from detcount.errors import InputError
from detcount.reading.content import content_of
from detcount.reading.frames import refuse_to_come
from detcount.reading.kinds import KINDS

message = Sentences("detcount.assessment.joint")
SETTINGS = "detcount.toml"
"""The name of the file."""
NOTHING = "nothing"
"""What a file is taken for that is to be left aside."""

OF_FILES = (*KINDS, NOTHING)
"""What a file can be said to be."""


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _number(value: Any, *kinds: type) -> bool:
    return isinstance(value, kinds) and not isinstance(value, bool)


def _day(value: Any) -> bool:
    try:
        return bool(arguments.day("", value))
    except InputError:
        return False


_KINDS: dict[str, Callable[[Any], bool]] = {
    "text": _text,
    "texts": _texts,
    "day": _day,
    "days": lambda value: isinstance(value, list) and len(value) == 2 and all(map(_day, value)),
    "yes or no": lambda value: isinstance(value, bool),
    "1 or more": lambda value: _number(value, int) and value >= 1,
    "share": lambda value: _number(value, int, float) and 0 <= value < float("inf"),
    "columns": lambda value: (
        isinstance(value, dict) and all(_text(of) or _texts(of) for of in value.values())
    ),
    "scope": lambda value: value in ("same", "official", "wider", "returned", "first"),
    "fresh": lambda value: value in ("yes", "no"),
    "released": lambda value: value in ("announced", "verified", "no"),
    "part": lambda value: isinstance(value, dict),
    "file": lambda value: value in OF_FILES,
}
"""What a value of each kind is; what is said of it stands in the messages, under the same word."""
_KNOWN = tomllib.loads((resources.files(__package__) / "settings.toml").read_text(encoding="utf-8"))


def asked_in(part: str) -> dict[str, str]:
    """What a part of the settings is asked for, with an example of each."""
    return {key: example for key, (_, *examples) in _KNOWN[part].items() for example in examples}


@dataclass(frozen=True, kw_only=True)
class NamesOf:
    """One list of names of a folder.

    Parameters
    ----------
    file : str
        Name of its file.
    sheet : str, optional
        Sheet of a workbook that has several.
    columns : mapping of str to object, optional
        Columns by role, as `linkage.read_lists` takes them.
    max_copies : int, optional
        Rows that one person can have at most; None where nobody said.
    forwarded_from : tuple of str, optional
        Lists that forward names to it.
    checked : int, optional
        Entries on no other list that were checked at random.
    wrong : int or float, optional
        How many of those checked do not belong; without a check the share of all entries that do not.
    released : {"announced", "verified", "no"}, optional
        Kind of a list of released people, or that it is none; None where nobody said.
    days : sequence of datetime.date, optional
        First and last day of release of such a list.
    checked_from : str, optional
        The announced list from which the monitor of a verified one checked.
    announced : int, optional
        Number announced beside such a list.
    """

    file: str
    sheet: str | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)
    max_copies: int | None = None
    forwarded_from: tuple[str, ...] = ()
    checked: int | None = None
    wrong: float | None = None
    released: str | None = None
    days: Sequence[Any] | None = None
    checked_from: str | None = None
    announced: int | None = None

    @property
    def entries(self) -> tuple[str, ...]:
        """How it may be called among the entries of the folder: its sheet, or its file."""
        return (self.file,) if self.sheet is None else (f"{self.file}:{self.sheet}", self.file)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What was said of a folder.

    Parameters
    ----------
    definition : Definition, optional
        Who is counted.
    names : mapping of str to NamesOf, optional
        The lists of names, by name.
    take : mapping of str to str, optional
        What other files are, by their names; sheets as ``file:sheet``.
    read : mapping of str to object, optional
        How files are read: what `report` takes, the file of decisions, and that of where lists operate.
    """

    definition: Definition | None = None
    names: Mapping[str, NamesOf] = field(default_factory=dict)
    take: Mapping[str, str] = field(default_factory=dict)
    read: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, kind in self.take.items():
            if kind not in OF_FILES:
                raise message.refused("unknown kind", kinds=OF_FILES, name=str(name))

    def over(self, stated: Settings) -> Settings:
        """What was asked, and where nothing was, what was said of a folder."""
        asked = {
            key: value
            for key, value in self.read.items()
            if value or (key == "dayfirst" and value is not None)  # False is the month first
        }
        take, definition = {**stated.take, **self.take}, self.definition or stated.definition
        others = {name for name, kind in self.take.items() if kind != "names"}
        names = {name: each for name, each in stated.names.items() if others.isdisjoint(each.entries)}
        return replace(stated, definition=definition, names=names, take=take, read={**stated.read, **asked})

    def list_of(self, file: str, sheet: str | None) -> str | None:
        """The list of names that a file, or a sheet of it, was said to be; None where nobody said so."""
        return next(
            (name for name, each in self.names.items() if each.file == file and sheet in (None, each.sheet)),
            None,
        )


def settings_of(folder: Path) -> Settings:
    """Read what was said of a folder; nothing where nobody said anything.

    Raises
    ------
    InputError
        If the file is no TOML, or says what nobody asked, something of another kind, or two things at once.
    """
    if not (folder / SETTINGS).exists():
        return Settings()
    stated = _toml(content_of(folder / SETTINGS))
    names: dict[str, NamesOf] = {}
    parts: dict[str, Any] = {part: {} for part in ("counted", "read", "files", "lists")}
    parts |= _checked(stated, "", dict.fromkeys(parts, ("part",)))
    counted, read = (_checked(parts[part], part, _KNOWN[part]) for part in ("counted", "read"))
    files = _checked(parts["files"], "files", dict.fromkeys(parts["files"], ("file",)))
    lists = _checked(parts["lists"], "lists", dict.fromkeys(parts["lists"], ("part",)))
    for name, stated in lists.items():
        each = _checked(stated, f"lists.{name}", _KNOWN["lists"])
        others = tuple(each.get("forwarded_from", ()))
        fault = next((key for key, holds in _faults(name, each, lists, files) if holds), None)
        if fault is not None:
            raise message.refused(fault, file=SETTINGS, name=name, key="forwarded_from")
        names[name] = NamesOf(**each | {"forwarded_from": others})
    if "as_of" in read and not read.get("allow_future"):
        day = arguments.day("as_of", read["as_of"])
        refuse_to_come([day], f"{SETTINGS}, as_of", rows=None, remedy=message("day that has come"))
    if counted and "who" not in counted:
        raise message.refused("counted without who", file=SETTINGS, keys=[*counted])
    try:
        definition = Definition(**{"unit": "person", **counted}) if counted else None
    except InputError as error:
        raise message.refused("fault of settings", file=SETTINGS, fault=error.args[0]) from None
    return Settings(definition=definition, names=names, take=files, read=read)


def _toml(content: bytes) -> dict[str, Any]:
    """The settings as they are written; what is no TOML is refused with its line."""
    try:
        text = content.replace(b"\0", b"\xff").decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        coding = "UTF-16 (Unicode)" if b"\0" in content else "Latin-1 (ANSI)"
        raise message.refused("settings in another coding", file=SETTINGS, line=line, coding=coding) from None
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + (not text.endswith("\n"))
        raise message.refused("settings are no toml", file=SETTINGS, line=line) from None


def _faults(
    name: str, stated: Mapping[str, Any], lists: Mapping[str, Any], files: Mapping[str, str]
) -> Iterator[tuple[str, bool]]:
    """Each fault that a list of the settings can have, and whether it has it."""
    others, wrong, checked = stated.get("forwarded_from", ()), stated.get("wrong"), stated.get("checked")
    place = stated.get("file"), stated.get("sheet")
    yield "list without its file", place[0] is None
    taken = {files.get(entry) for entry in NamesOf(file=str(place[0]), sheet=place[1]).entries}
    yield "list and another kind of file", bool(taken - {None, "names"})
    alike = [of for of, each in lists.items() if (each.get("file"), each.get("sheet")) == place]
    yield "file of two lists", len(alike) > 1
    yield "list forwarded from itself", name in others
    yield "list forwarded from none", not set(others) <= lists.keys()
    yield "checked without wrong", checked is not None and wrong is None
    yield "checked and forwarded", checked is not None and bool(others)
    yield "checked with a share", checked is not None and wrong is not None and wrong % 1 != 0
    yield "more wrong than checked", checked is not None and wrong is not None and wrong > checked
    yield "share of one or more", checked is None and wrong is not None and wrong >= 1


def _checked(stated: Mapping[str, Any], part: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """A part of the settings, of which every word is known and of its kind."""
    where = f"{SETTINGS}, [{part}]" if part else SETTINGS
    for key, value in stated.items():
        if key not in known:
            raise message.refused("unknown setting", where=where, known=[*known], key=key)
        kind = known[key][0]
        if not _KINDS[kind](value):
            wanted = message("kind file", kinds=OF_FILES) if kind == "file" else message(f"kind {kind}")
            got = message(f"got {type(value).__name__}")
            raise message.refused("settings of another kind", where=where, key=key, wanted=wanted, got=got)
    return dict(stated)
