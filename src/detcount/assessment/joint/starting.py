"""A folder looked at: what each file seems to be, and what only a person can say; no cell is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from detcount.assessment.joint.entries import read_or_left_aside
from detcount.assessment.joint.folder import Files, entries_in
from detcount.assessment.joint.names import NameSource, same_lists, version_words
from detcount.assessment.joint.settings import OF_FILES, QUESTIONS, Settings, asked_in, settings_of
from detcount.contract.definition import Definition
from detcount.reading.headers import KIND_WORDS
from detcount.reading.tables import READERS
from detcount.words import N_, Message

_LIST_ASKED = N_("{name}: {ask}")

Ask = Callable[[Message], str]
"""Asks a question and gives the answer, which may be blank."""


_LOOKED_AT = 4 << 20  # bytes of a text, some hundred thousand rows, which show what it holds


@dataclass(frozen=True, kw_only=True)
class Started:
    """Contents that a folder seems to have, and its settings.

    Parameters
    ----------
    settings : Settings
        What was said before, what the files seem to be, and what was answered now.
    seems : mapping of str to Message
        What each file, or list of names, seems to be.
    unclear : tuple of str, optional
        Files of which a person is asked what they are.
    columns : mapping of str to tuple, optional
        Columns of each list of names with what they hold, blank where they are not used.
    """

    settings: Settings
    seems: Mapping[str, Message]
    unclear: tuple[str, ...] = ()
    columns: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


def started(folder: Path | Files, ask: Ask | None = None) -> Started:
    """Look at the files of a folder, and ask what they cannot say.

    Parameters
    ----------
    folder : Path or Files
        The folder.
    ask : callable, optional
        Asks a person; without it questions stay open.

    Returns
    -------
    Started
        The settings and what each file seems to be; what was said before is kept.
    """
    stated = folder.settings if isinstance(folder, Files) else settings_of(folder)
    columns: dict[str, tuple[tuple[str, str], ...]] = {}
    names, take, seems, lists, unclear = dict(stated.names), dict(stated.take), {}, [], []
    entries = entries_in(folder)
    known = {entry.name for entry in entries}
    absent = {name for name in take if name not in known}
    absent |= {name for name, each in names.items() if known.isdisjoint(each.entries)}
    for name in absent:
        take.pop(name, None)
        seems[name] = Message("it stands in detcount.toml, and its file is not in the folder")
    for entry in entries:
        name, (row, data) = entry.name, read_or_left_aside(entry, stated, most=_LOOKED_AT)
        if isinstance(data, NameSource):
            names.setdefault(data.called, data.how)
            seems[data.called] = data.seems()
            lists.append(data)
            columns[data.called] = tuple((column, role) for column, role, _ in data.parsed.mapping)
        elif row.kind is not None:
            take.setdefault(name, row.kind)
            seems[name] = Message("{kind}: {what}", kind=KIND_WORDS[row.kind], what=data.headline())
        else:
            seems[name] = (
                Message("not understood: {why}", why=row.why)
                if row.seems
                else Message("left aside: {why}", why=row.why)
            )
            unclear += [name] if row.seems and name not in take else []
        if (
            row.kind
            and entry.workbook is None
            and entry.value.suffix.lower() in READERS[-1].endings
            and entry.value.stat().st_size > _LOOKED_AT
        ):
            called, words = (
                data.called if row.kind == "names" else name,
                Message("of this long file the first {most} MB were looked at", most=_LOOKED_AT >> 20),
            )
            seems[called] = Message.together([seems[called], words], "; ")
    for name, words in version_words(same_lists(lists)).items():
        seems[name] = Message.together([seems[name], words], "; ")
    found = replace(stated, names=names, take=take)
    found = found if ask is None else _asked(found, unclear, ask)
    return Started(
        settings=found,
        seems=seems,
        unclear=tuple(each for each in unclear if each not in found.take),
        columns=columns,
    )


def _asked(settings: Settings, unclear: Sequence[str], ask: Ask) -> Settings:
    """The settings with what a person answers; a blank answer leaves the question open."""
    kinds = {
        name: ask(
            Message(
                _LIST_ASKED,
                name=name,
                ask=Message("What is this file? Write one of {kinds:,}.", kinds=OF_FILES),
            )
        ).strip()
        for name in unclear
    }
    take = {**settings.take, **{name: kind for name, kind in kinds.items() if kind in OF_FILES}}
    definition = settings.definition
    if definition is None and (who := ask(QUESTIONS["who"]).strip()):
        definition = Definition(unit="person", who=who)
    names = {}
    for name, each in settings.names.items():
        answers: dict[str, Any] = {}
        others = [other for other in settings.names if other != name]
        for key in (key for key in asked_in("lists") if getattr(each, key) in (None, ())):
            if (key == "wrong" and "checked" not in answers) or (key == "forwarded_from" and not others):
                continue
            words = ask(Message(_LIST_ASKED, name=name, ask=QUESTIONS[key])).strip()
            if key == "forwarded_from":
                named = {*map(str.strip, words.split(","))}
                answers[key] = tuple(other for other in others if other in named)
            elif words.isdecimal():
                answers[key] = int(words)
        if "wrong" not in answers:
            answers.pop("checked", None)
        names[name] = replace(each, **answers)
    return replace(settings, definition=definition, names=names, take=take)
