"""Settings of a folder of lists that only a person knows: ``detcount.toml``, read and checked.

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
from detcount.contract.definition import Definition
from detcount.errors import InputError
from detcount.reading.content import content_of
from detcount.reading.frames import refuse_to_come
from detcount.reading.kinds import KINDS
from detcount.words import N_, Message

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
    "chosen": lambda value: value in ("lot", "hand"),
    "released": lambda value: value in ("announced", "verified", "no"),
    "part": lambda value: isinstance(value, dict),
    "file": lambda value: value in OF_FILES,
}
"""Checks of a value of each kind."""
_KIND_WORDS = {
    "text": Message("a text in quotation marks"),
    "texts": Message('texts in brackets, as ["one", "two"]'),
    "day": Message("a day, as 2025-01-31"),
    "days": Message("two days in brackets, as [2024-07-29, 2025-01-31]"),
    "yes or no": Message("true or false, without quotation marks"),
    "1 or more": Message("a whole number of 1 or more"),
    "share": Message("a number of 0 or more"),
    "columns": Message("names of columns in braces, each under what it holds"),
    "scope": Message("'same', 'official', 'wider', 'returned' or 'first'"),
    "released": Message("'announced', 'verified' or 'no'"),
    "fresh": Message("'yes' or 'no'"),
    "chosen": Message("'lot' or 'hand'"),
    "part": Message("a part with lines of its own"),
}
_GOT = {
    "str": Message("other text"),
    "int": Message("a number"),
    "float": Message("a number"),
    "bool": Message("true or false"),
    "list": Message("other things in brackets"),
    "dict": Message("something in braces"),
    "date": Message("a day"),
    "datetime": Message("a day with an hour"),
    "time": Message("an hour"),
}
QUESTIONS = {
    "released_counts": Message(
        "Waves: who is counted among the released, where the file does not say it? Those who may be on the "
        "list (same), all whom an office counts (official), others too (wider), everybody who came back "
        "(returned), or those confirmed first (first)."
    ),
    "list_is_fresh": Message(
        "Waves: was the list free of people who were dead, free or named twice, where the file does not "
        "say it? yes or no"
    ),
    "who": Message("Who is counted, in words? It stands first in every report."),
    "period": Message(
        "Between which days is somebody counted who was held? Without an answer reports leave it open."
    ),
    "as_of": Message("Which is the last day that may be known? Without an answer the last of the data."),
    "decisions": Message(
        "Did somebody decide which rows are one person? Name the review, whose key stands beside it."
    ),
    "max_copies": Message("How many rows can one person have at most? 1 where nobody stands twice."),
    "forwarded_from": Message("Which of the other lists forward names to it, without marking them?"),
    "checked": Message("Of those on no other list, how many were drawn at random and checked?"),
    "wrong": Message(
        "How many of those checked do not belong on it? Without a check: which share, such as 0.03?"
    ),
    "operates": Message(
        "Is a list made in some places or months alone? Name a file with columns list, place, from and to."
    ),
    "list": Message("Is one of the lists a sample, as a visit of prisons or interviews? Name that list."),
    "chosen": Message("Were its people or prisons drawn by lot (lot), or did somebody choose them (hand)?"),
    "design": Message(
        "How was it drawn? 120/1500 if 120 persons were drawn from a roll of 1500; 0.1 if one in ten was "
        "drawn; or the file of the prisons or persons drawn."
    ),
    "clusters": Message("How many prisons were they drawn from, where that file does not say it?"),
    "inmates": Message("How many inmates do they all have, for whatever reason, where that is known?"),
}
"""Questions about settings, by their keys."""
_KNOWN = tomllib.loads((resources.files(__package__) / "settings.toml").read_text(encoding="utf-8"))


def asked_in(part: str) -> dict[str, str]:
    """Questions of a part of the settings, with an example of each."""
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
        """Names that it may have among the entries of the folder: its sheet, or its file."""
        return (self.file,) if self.sheet is None else (f"{self.file}:{self.sheet}", self.file)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Settings of a folder.

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
    sample : mapping of str to object, optional
        The list that is a random sample, and its design.
    """

    definition: Definition | None = None
    names: Mapping[str, NamesOf] = field(default_factory=dict)
    take: Mapping[str, str] = field(default_factory=dict)
    read: Mapping[str, Any] = field(default_factory=dict)
    sample: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sample_file(self) -> str | None:
        """The file of what was drawn, where the design of the sample is no number."""
        design = str(self.sample.get("design", ""))
        return None if not design or re.fullmatch(r"\d+/\d+|\d*\.?\d+", design) else design

    def __post_init__(self) -> None:
        for name, kind in self.take.items():
            if kind not in OF_FILES:
                raise InputError(
                    Message(
                        "take: expected {kinds!r:or} for {name!r}, got another word",
                        kinds=OF_FILES,
                        name=str(name),
                    )
                )

    def over(self, stated: Settings) -> Settings:
        """Settings of the call, and where there are none, those of the folder."""
        asked = {
            key: value
            for key, value in self.read.items()
            if value or (key == "dayfirst" and value is not None)  # False is the month first
        }
        take, definition = {**stated.take, **self.take}, self.definition or stated.definition
        others = {name for name, kind in self.take.items() if kind != "names"}
        names = {name: each for name, each in stated.names.items() if others.isdisjoint(each.entries)}
        read, sample = {**stated.read, **asked}, self.sample or stated.sample
        return replace(stated, definition=definition, names=names, take=take, read=read, sample=sample)

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
    return settings_in(content_of(folder / SETTINGS)) if (folder / SETTINGS).exists() else Settings()


def settings_in(content: bytes) -> Settings:
    """Read settings as they are written, as `settings_of` does."""
    stated = _toml(content)
    names: dict[str, NamesOf] = {}
    parts: dict[str, Any] = {part: {} for part in ("counted", "read", "sample", "files", "lists")}
    parts |= _checked(stated, "", dict.fromkeys(parts, ("part",)))
    counted, read, sample = (
        _checked(parts[part], part, _KNOWN[part]) for part in ("counted", "read", "sample")
    )
    check_sample(sample)
    files = _checked(parts["files"], "files", dict.fromkeys(parts["files"], ("file",)))
    lists = _checked(parts["lists"], "lists", dict.fromkeys(parts["lists"], ("part",)))
    for name, stated in lists.items():
        each = _checked(stated, f"lists.{name}", _KNOWN["lists"])
        others = tuple(each.get("forwarded_from", ()))
        fault = next((key for key, holds in _faults(name, each, lists, files) if holds), None)
        if fault is not None:
            raise InputError(Message(fault, file=SETTINGS, name=name, key="forwarded_from"))
        names[name] = NamesOf(**each | {"forwarded_from": others})
    if "as_of" in read and not read.get("allow_future"):
        day = arguments.day("as_of", read["as_of"])
        refuse_to_come([day], f"{SETTINGS}, as_of", rows=None, remedy=Message("Name a day that has come"))
    if counted and "who" not in counted:
        raise InputError(
            Message(
                "{file}, [counted]: expected who beside {keys!r:and}, got none. Say in words who is counted",
                file=SETTINGS,
                keys=[*counted],
            )
        )
    try:
        definition = Definition(**{"unit": "person", **counted}) if counted else None
    except InputError as error:
        raise InputError(Message("{file}, [counted]: {fault}", file=SETTINGS, fault=error.args[0])) from None
    return Settings(definition=definition, names=names, take=files, read=read, sample=sample)


def check_sample(stated: Mapping[str, Any]) -> None:
    """Refuse a sample that was chosen by hand, or of whose design nobody said enough."""
    if stated.get("chosen") == "hand":
        raise InputError(
            Message(
                "sample: expected people or prisons drawn by lot, got some that somebody chose, who stand "
                "for nobody else. Take the answers out, and the list is one as any other"
            )
        )
    missing = [key for key in ("list", "chosen", "design") if not stated.get(key)]
    if stated and missing:
        raise InputError(
            Message(
                "sample: expected answers under list, chosen and design, got none under {missing:and}. What "
                "nobody states is not guessed. {questions}",
                missing=missing,
                questions=Message.together(QUESTIONS[key] for key in missing),
            )
        )


def _toml(content: bytes) -> dict[str, Any]:
    """The settings as they are written; what is no TOML is refused with its line."""
    try:
        text = content.replace(b"\0", b"\xff").decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        coding = "UTF-16 (Unicode)" if b"\0" in content else "Latin-1 (ANSI)"
        raise InputError(
            Message(
                "{file}, line {line}: expected UTF-8, got {coding}. Open it in an editor, and save it as "
                "UTF-8",
                file=SETTINGS,
                line=line,
                coding=coding,
            )
        ) from None
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + (not text.endswith("\n"))
        raise InputError(
            Message(
                "{file}, line {line}: expected TOML, got something else. Correct that line; or give the file "
                "another name, and detcount start asks everything anew",
                file=SETTINGS,
                line=line,
            )
        ) from None


def _faults(
    name: str, stated: Mapping[str, Any], lists: Mapping[str, Any], files: Mapping[str, str]
) -> Iterator[tuple[str, bool]]:
    """Each fault that a list of the settings can have, and whether it has it."""
    others, wrong, checked = stated.get("forwarded_from", ()), stated.get("wrong"), stated.get("checked")
    place = stated.get("file"), stated.get("sheet")
    yield (
        N_("{file}, list {name!r}: expected the name of its file under file, got none. Add it"),
        place[0] is None,
    )
    taken = {files.get(entry) for entry in NamesOf(file=str(place[0]), sheet=place[1]).entries}
    yield (
        N_(
            "{file}, list {name!r}: its file stands under [files] too, where it is said to be something "
            "else. Delete one of the two"
        ),
        bool(taken - {None, "names"}),
    )
    alike = [of for of, each in lists.items() if (each.get("file"), each.get("sheet")) == place]
    yield (
        N_(
            "{file}, list {name!r}: expected a file or a sheet of its own, got that of another list too. "
            "Delete one of the two"
        ),
        len(alike) > 1,
    )
    yield (
        N_("{file}, list {name!r}: expected other lists under {key!r}, got itself. Delete it there"),
        name in others,
    )
    yield (
        N_(
            "{file}, list {name!r}: expected names of other lists of this file under {key!r}, got another. "
            "Correct it"
        ),
        not set(others) <= lists.keys(),
    )
    yield (
        N_(
            "{file}, list {name!r}: expected beside checked how many of these do not belong, under wrong, "
            "got none. Add wrong, which may be 0"
        ),
        checked is not None and wrong is None,
    )
    yield (
        N_(
            "{file}, list {name!r}: checked cannot stand beside {key!r}, as those checked say nothing of "
            "the other list. Delete one of the two"
        ),
        checked is not None and bool(others),
    )
    yield (
        N_(
            "{file}, list {name!r}: expected a whole number under wrong, of those checked, got a share. "
            "Write the number, or delete checked"
        ),
        checked is not None and wrong is not None and wrong % 1 != 0,
    )
    yield (
        N_(
            "{file}, list {name!r}: expected at most as many under wrong as under checked, got more. "
            "Correct them"
        ),
        checked is not None and wrong is not None and wrong > checked,
    )
    yield (
        N_(
            "{file}, list {name!r}: expected a share below 1 under wrong, such as 0.03, got 1 or more. "
            "Correct it, or say under checked how many were drawn"
        ),
        checked is None and wrong is not None and wrong >= 1,
    )


def _checked(stated: Mapping[str, Any], part: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """A part of the settings, of which every word is known and of its kind."""
    where = f"{SETTINGS}, [{part}]" if part else SETTINGS
    for key, value in stated.items():
        if key not in known:
            raise InputError(
                Message(
                    "{where}: expected {known!r:or}, got {key!r}. Correct the word",
                    where=where,
                    known=[*known],
                    key=key,
                )
            )
        kind = known[key][0]
        if not _KINDS[kind](value):
            wanted = Message("{kinds!r:or}", kinds=OF_FILES) if kind == "file" else _KIND_WORDS[kind]
            got = _GOT[type(value).__name__]
            raise InputError(
                Message(
                    "{where}, {key!r}: expected {wanted}, got {got}. Correct it",
                    where=where,
                    key=key,
                    wanted=wanted,
                    got=got,
                )
            )
    return dict(stated)
