"""Notes on lists as they were read, days that are refused, and lists that are one list.

Two lists are versions or copies of each other if eight in ten rows of the shorter agree with a row of the
other in name, document, birth and arrest, as far as both lists have them; nineteen in twenty where both have
names alone. Lists that are made apart do not, as each writes names, documents and days in its own way.

Sheets of one workbook, or files of one folder within, that have the same columns and hardly anybody in
common are parts of one list, as prisons or states are: of two lists of the same people each knows some whom
the other knows, and where they share nobody no number comes of taking them for two.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any

import numpy as np

from detcount._numerics.linkage.settings import TUNING
from detcount.errors import InputError
from detcount.linkage.name_lists import NameLists, Parsed
from detcount.linkage.records import Records
from detcount.linkage.splitting import NO_NAME
from detcount.reading.cells import NO_DOCUMENT
from detcount.reading.frames import plain_name
from detcount.reading.frames.places import refuse_to_come
from detcount.reading.headers import ROLE_WORDS
from detcount.reading.text import NAMES
from detcount.words import Message


def refuse_days_to_come(name: str, each: Parsed) -> None:
    """Refuse arrests, exits and listings of days that have not come."""
    for role in ("arrested", "left", "listed_on", "left_known_on", "last_confirmed"):
        known = [
            (row, span.first)
            for row, span in zip(each.rows, getattr(each, role), strict=True)
            if span is not None and not span.open
        ]
        refuse_to_come(
            np.array([day for _, day in known], dtype="datetime64[D]"),
            Message("list {name!r}, {role}", name=name, role=ROLE_WORDS[role]),
            shown=False,
            rows=partial(_row_of, known),
        )


def _row_of(known: Sequence[tuple[int, int]], position: int) -> Message:
    """The row of a day, as a person counts."""
    return Message("row {row}", row=known[position][0])


def notes_of_lists(lists: NameLists) -> list[Message]:
    """Further notes on the lists."""
    notes = _script_notes(lists)
    for name in lists.lists:
        each = lists.parsed[name]
        missing = lists.unlinkable[name]
        if missing:
            notes.append(
                Message(
                    "list {name!r}: {n:,} of {n_rows:,} rows have neither a name nor a document, the first "
                    "of them row {row}; each counts as a person of its own and is never linked",
                    name=name,
                    n=len(missing),
                    n_rows=len(each),
                    row=missing[0],
                )
            )
        rows: dict[int, list[int]] = {}
        for row, (number, _) in zip(each.rows, each.document, strict=True):
            rows.setdefault(number, []).append(row)
        often = [
            number for number in rows if number != NO_DOCUMENT and len(rows[number]) >= TUNING.strangers_rows
        ]
        for number in sorted(often, key=lambda number: -len(rows[number]))[: TUNING.shown_documents]:
            n, row = len(rows[number]), rows[number][0]
            notes.append(
                Message(
                    "list {name!r}: {n:,} rows bear one and the same document, the first of them row {row}; "
                    "as no names confirm that it is of one person, nothing is linked by it",
                    name=name,
                    n=n,
                    row=row,
                )
                if number in lists.disbelieved
                else Message(
                    "list {name!r}: {n:,} rows bear one and the same document, the first of them row {row}",
                    name=name,
                    n=n,
                    row=row,
                )
            )
        days = sorted((span.last, row) for row, span in zip(each.rows, each.arrested, strict=True) if span)
        early = [row for day, row in days if day < days[len(days) // 10][0] - TUNING.early_arrest]
        if early:
            notes.append(
                Message.counted(
                    "list {name!r}: 1 arrest is 20 years or more before nine in ten others, in row {row}. "
                    "Check its day",
                    "list {name!r}: {n:,} arrests are 20 years or more before nine in ten others, the first "
                    "in row {row}. Check their days",
                    name=name,
                    n=len(early),
                    row=early[0],
                )
            )
        named = [person.words for person in each.names if person.words]
        if len(named) > 2 and len({*named}) == 1:
            notes.append(
                Message(
                    "list {name!r}: all {n:,} names are the same. Check the column", name=name, n=len(named)
                )
            )
    return notes


_LATIN = "LATIN"
_SCRIPTS = {
    _LATIN: Message("Latin letters"),
    "CYRILLIC": Message("Cyrillic letters"),
    "ARABIC": Message("Arabic letters"),
    "GREEK": Message("Greek letters"),
    "HEBREW": Message("Hebrew letters"),
    "CJK": Message("Chinese or Japanese characters"),
}
_ONE = {"HIRAGANA": "CJK", "KATAKANA": "CJK"}  # that stand in one name


@cache
def _of_letter(letter: str) -> str:
    script = unicodedata.name(letter, "").partition(" ")[0] if letter.isalpha() else ""
    return _ONE.get(script, script)


def _of_name(words: Sequence[str]) -> str:
    """Script of most letters of a name."""
    if all(map(str.isascii, words)):
        return _LATIN
    counts = Counter(map(_of_letter, "".join(words)))
    counts.pop("", None)
    return counts.most_common(1)[0][0] if counts else _LATIN


def scripts_of(records: Records) -> list[str]:
    """Script of most words of each list."""
    found = []
    for k in range(len(records.lists)):
        mine = np.unique(records.word[records.list_of[records.word_record] == k])
        found.append(_of_name([records.words[word] for word in mine.tolist()]))
    return found


def _script_notes(lists: NameLists) -> list[Message]:
    """Say how names in another script than the Latin one are compared; refuse a list in two scripts.

    It is refused if more than one of its names, and more than 1 of 100, is in another script than its others,
    and fewer than 9 of 10 rows of either bear a document.
    """
    notes: list[Message] = []
    most_of: dict[str, str] = {}
    for name in lists.lists:
        each = lists.parsed[name]
        rows: Counter[str] = Counter()
        documented: Counter[str] = Counter()
        for who, (document, _) in zip(each.names, each.document, strict=True):
            if who.words:
                script = _of_name(who.words)
                rows[script] += 1
                documented[script] += document != NO_DOCUMENT
        (most, _), *others = rows.most_common() or [(_LATIN, 0)]
        most_of[name] = most
        if not others:
            continue
        many = others[0][1] > max(1, TUNING.script_slips * rows.total())
        if many and any(documented[script] < TUNING.script_documented * n for script, n in rows.items()):
            script, n = others[0]
            raise InputError(
                Message(
                    "list {name!r}: {n:,} names are in {script}, and others in {most}, so that one person "
                    "would count as two. Give documents in both, ask who keeps the list for all names in one "
                    "script, or give the names of each script as a list of their own",
                    name=name,
                    n=n,
                    script=letters_of(script),
                    most=letters_of(most),
                )
            )
        notes.append(
            Message.counted(
                "list {name!r}: 1 name is not in {most}: only its document and days can tell who it is",
                "list {name!r}: {n:,} names are not in {most}: only their documents and days can tell who "
                "they are",
                name=name,
                n=sum(n for _, n in others),
                most=letters_of(most),
            )
        )
    scripts = sorted(set(most_of.values()))
    if len(scripts) == 1 and scripts != [_LATIN]:
        notes.append(
            Message(
                "all names are in {script}: they were compared letter by letter, without what is known of "
                "spellings in Spanish",
                script=letters_of(scripts[0]),
            )
        )
    if len(scripts) > 1:
        notes.append(
            Message(
                "lists are in several scripts ({scripts}): how one writes the names of another is learned "
                "from likely persons",
                scripts=[letters_of(script) for script in scripts],
            )
        )
    return notes


def letters_of(script: str) -> Message:
    """Name the letters of a script."""
    return _SCRIPTS.get(script, Message("letters of another script"))


_STATED = ("document", "born", "arrested")
_OF_COLUMNS = ("problems", "mapping", "notes")  # of what was read of a list, and of no row
_MONTHS = "|".join(" ".join(NAMES["months"]).split()).replace("_", " ")
_PART = re.compile(
    rf"\b(?:(?:partes?|parts?|partie|tomo) \w{{1,3}}(?: (?:de|of) \d+)?|(?:{_MONTHS})(?: \d{{4}})?)$"
)


def one_list(parsed: Mapping[str, Parsed], group: Mapping[str, str] | None = None) -> dict[str, str]:
    """Lists that are another list too, by name, each with that other.

    Parameters
    ----------
    parsed : mapping of str to Parsed
        Contents of each list.
    group : mapping of str to str, optional
        The workbook or the folder within of each list that stands in one with others.

    Returns
    -------
    dict of str to str
        Versions and copies with the list that knows most exits, or has most rows; parts with the first part.
    """
    n_out = {name: len(each) - each.left.count(None) for name, each in parsed.items()}
    order = sorted(parsed, key=lambda name: (-n_out[name], -len(parsed[name]), name))
    found, bases = dict[str, str](), dict[str, str]()
    for k, name in enumerate(order):
        base = whole_name(name)
        whole = next((other for other in order[:k] if _are_same(parsed[name], parsed[other])), None)
        if whole is None and base != plain_name(name):
            whole = bases.setdefault(base, name)
        if whole is None and group is not None and name in group:
            beside = [other for other in order[:k] if group.get(other) == group[name]]
            whole = next((other for other in beside if _are_parts(parsed[name], parsed[other])), None)
        if whole is not None and whole != name:
            found[name] = found.get(whole, whole)
    return found


def whole_name(name: str) -> str:
    """Name of a list or a file without the mark of its part or month."""
    return _PART.sub("", plain_name(name)).strip()


def without_same_rows(lists: NameLists, same: Mapping[str, str]) -> NameLists:
    """Leave out the rows of versions and copies that stand in the list that they are of."""
    parsed = dict(lists.parsed)
    for name, whole in same.items():
        each = parsed.pop(name)
        mine, theirs = _rows(each, lists.parsed[whole])
        others = {*mine} - {*theirs}
        kept = [k for k, row in enumerate(mine) if row in others]
        columns: dict[str, Any] = {
            role: [values[k] for k in kept]
            for role, values in vars(each).items()
            if isinstance(values, list) and role not in _OF_COLUMNS
        }
        parsed |= {name: replace(each, **columns)} if kept else {}
    return replace(lists, lists=tuple(sorted(parsed)), parsed=parsed)


def _are_same(one: Parsed, other: Parsed) -> bool:
    """Tell if one of two lists is a version or a copy of the other."""
    mine, theirs = _rows(one, other)
    both = {*mine} & {*theirs}
    n_same = sum(row in both for row in mine if row[0])
    least = TUNING.versions_names if len(mine[0]) == 1 else TUNING.versions_rows
    return n_same >= max(TUNING.versions_fewest, least * min(len(mine), len(theirs)))


def _are_parts(one: Parsed, other: Parsed) -> bool:
    """Tell if two lists have the same columns and hardly anybody in common, by documents and by names."""
    columns, others = ([(role, column) for column, role, _ in each.mapping] for each in (one, other))
    documents, names = (
        [{*getattr(each, stated)} - {nothing} for each in (one, other)]
        for stated, nothing in (("document", (NO_DOCUMENT, 0)), ("names", NO_NAME))
    )
    least = TUNING.parts_shared * min(len(one), len(other))
    return columns == others and all(len(mine & theirs) <= least for mine, theirs in (documents, names))


def _rows(one: Parsed, other: Parsed) -> list[list[tuple[Any, ...]]]:
    """Contents of each row of two lists that both lists have: words of names, documents and days."""
    stated = [role for role in _STATED if all(len({*getattr(each, role)}) > 1 for each in (one, other))]
    return [
        [
            (tuple(sorted(who.words)), *values)
            for who, *values in zip(each.names, *(getattr(each, role) for role in stated), strict=True)
        ]
        for each in (one, other)
    ]
