"""What a reader must know of lists as they were read, and days that are refused."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial

import numpy as np

from detcount.errors import InputError
from detcount.frames.places import refuse_to_come
from detcount.linkage.name_lists import NameLists, Parsed
from detcount.linkage.shared_documents import MANY
from detcount.reading.cells import NO_DOCUMENT
from detcount.reading.headers import ROLE_WORDS
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
            told=False,
            rows=partial(_row_of, known),
        )


def _row_of(known: Sequence[tuple[int, int]], position: int) -> Message:
    """The row of a day, as a person counts."""
    return Message("row {row}", row=known[position][0])


def told_of_lists(lists: NameLists) -> list[Message]:
    """What a reader must know of the lists besides."""
    told = told_of_scripts(
        {
            name: [
                (who.words, document != NO_DOCUMENT)
                for who, (document, _) in zip(each.names, each.document, strict=True)
            ]
            for name, each in lists.parsed.items()
        }
    )
    for name in lists.lists:
        each = lists.parsed[name]
        missing = len(lists.unlinkable[name])
        if missing:
            told.append(
                Message(
                    "list {name!r}: {n:,} of {n_rows:,} rows have neither a name nor a document, the "
                    "first of them row "
                    "{row}; each counts as a person of its own and is never linked",
                    name=name,
                    n=missing,
                    n_rows=len(each),
                    row=lists.unlinkable[name][0],
                )
            )
        documents = Counter(number for number, _ in each.document if number != NO_DOCUMENT)
        often = [number for number, n in documents.most_common() if n >= MANY]
        for number in often[:3]:
            row = next(row for row, (own, _) in zip(each.rows, each.document, strict=True) if own == number)
            words = {"name": name, "n": documents[number], "row": row}
            told.append(
                Message(
                    "list {name!r}: {n:,} rows bear one and the same document, the first of them row {row}; "
                    "as no names confirm that it is of one person, nothing is linked by it",
                    **words,
                )
                if number in lists.disbelieved
                else Message(
                    "list {name!r}: {n:,} rows bear one and the same document, the first of them row {row}",
                    **words,
                )
            )
        different = {person.words for person in each.names if person.words}
        n_named = sum(bool(person.words) for person in each.names)
        if len(different) == 1 and n_named > 2:
            told.append(
                Message("list {name!r}: all {n:,} names are the same. Check the column", name=name, n=n_named)
            )
    return told


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


def told_of_scripts(lists: Mapping[str, Iterable[tuple[Sequence[str], bool]]]) -> list[Message]:
    """Say how names in another script than the Latin one are compared; refuse names in two scripts.

    Parameters
    ----------
    lists : mapping of str to iterable of (sequence of str, bool)
        By list: the words of each name, and whether its row bears a document.

    Returns
    -------
    list of Message
        Notes.

    Raises
    ------
    InputError
        If more than one name, and more than 1 of 100, is in another script than the others, and fewer than 9
        of 10 rows of either bear a document.
    """
    rows: Counter[str] = Counter()
    documented: Counter[str] = Counter()
    first: dict[str, str] = {}
    for name, names in lists.items():
        for words, has_document in names:
            if words:
                script = _of_name(words)
                rows[script] += 1
                documented[script] += has_document
                first.setdefault(script, name)
    (most, _), *others = rows.most_common() or [(_LATIN, 0)]
    n_others = sum(n for _, n in others)
    if not n_others:
        if most == _LATIN:
            return []
        return [
            Message(
                "all names are in {script}: they were compared letter by letter, without what is known of "
                "spellings in Spanish",
                script=_letters(most),
            )
        ]
    many = others[0][1] > max(1, _FEW * rows.total())
    if many and any(documented[script] < _DOCUMENTED * n for script, n in rows.items()):
        raise InputError(
            Message(
                "list {name!r}: {n:,} names are in {script}, and others in {most}, so that one person would "
                "count as two. Write all names in one script, or give documents in both",
                name=first[others[0][0]],
                n=others[0][1],
                script=_letters(others[0][0]),
                most=_letters(most),
            )
        )
    return [
        Message.counted(
            "1 name is not in {most}: only its document and days can tell who it is",
            "{n:,} names are not in {most}: only their documents and days can tell who they are",
            n=n_others,
            most=_letters(most),
        )
    ]


def _letters(script: str) -> Message:
    return _SCRIPTS.get(script, Message("letters of another script"))
