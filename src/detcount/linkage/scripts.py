"""Scripts in which names are written: letters of two scripts cannot be compared."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from detcount.errors import InputError
from detcount.words import Message

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
