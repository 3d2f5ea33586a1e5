"""What a reader must know of lists as they were read, and days that are refused."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache, partial

import numpy as np

from detcount.arguments import Sentences
from detcount.frames.places import refuse_to_come
from detcount.linkage.name_lists import NameLists, Parsed
from detcount.linkage.splitting import MANY
from detcount.reading.cells import NO_DOCUMENT
from detcount.reading.headers import ROLE_WORDS
from detcount.words import Message

message = Sentences("detcount.linkage")

_MOST_DOCUMENTS = 3  # of a list, that are named


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
    """What a reader must know of the lists besides."""
    notes = _script_notes(lists)
    for name in lists.lists:
        each = lists.parsed[name]
        missing = lists.unlinkable[name]
        if missing:
            notes.append(
                message(
                    "rows of a list without anybody",
                    name=name,
                    n=len(missing),
                    n_rows=len(each),
                    row=missing[0],
                )
            )
        rows: dict[int, list[int]] = {}
        for row, (number, _) in zip(each.rows, each.document, strict=True):
            rows.setdefault(number, []).append(row)
        often = [number for number in rows if number != NO_DOCUMENT and len(rows[number]) >= MANY]
        for number in sorted(often, key=lambda number: -len(rows[number]))[:_MOST_DOCUMENTS]:
            n, row = len(rows[number]), rows[number][0]
            notes.append(
                message("document of strangers", name=name, n=n, row=row)
                if number in lists.disbelieved
                else message("document on many rows", name=name, n=n, row=row)
            )
        named = [person.words for person in each.names if person.words]
        if len(named) > 2 and len({*named}) == 1:
            notes.append(message("all names the same", name=name, n=len(named)))
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
_FEW = 0.01  # share of the names in another script up to which they are slips
_DOCUMENTED = 0.9  # share of rows with documents from which names need not be compared


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


def _script_notes(lists: NameLists) -> list[Message]:
    """Say how names in another script than the Latin one are compared; refuse names in two scripts.

    They are refused if more than one name, and more than 1 of 100, is in another script than the others, and
    fewer than 9 of 10 rows of either bear a document.
    """
    rows: Counter[str] = Counter()
    documented: Counter[str] = Counter()
    first: dict[str, str] = {}
    for name in lists.lists:
        each = lists.parsed[name]
        for who, (document, _) in zip(each.names, each.document, strict=True):
            if who.words:
                script = _of_name(who.words)
                rows[script] += 1
                documented[script] += document != NO_DOCUMENT
                first.setdefault(script, name)
    (most, _), *others = rows.most_common() or [(_LATIN, 0)]
    n_others = sum(n for _, n in others)
    if not n_others:
        if most == _LATIN:
            return []
        return [message("all names in another script", script=_letters(most))]
    many = others[0][1] > max(1, _FEW * rows.total())
    if many and any(documented[script] < _DOCUMENTED * n for script, n in rows.items()):
        script, n = others[0]
        raise message.refused(
            "names in two scripts", name=first[script], n=n, script=_letters(script), most=_letters(most)
        )
    return [message("names in another script", n=n_others, most=_letters(most))]


def _letters(script: str) -> Message:
    return _SCRIPTS.get(script, Message("letters of another script"))
