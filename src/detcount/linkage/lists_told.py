"""What a reader must know of lists as they were read, and days that are refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial

import numpy as np

from detcount.frames.places import ALLOW_FUTURE, refuse_to_come
from detcount.linkage.name_lists import NameLists, Parsed
from detcount.linkage.scripts import told_of_scripts
from detcount.linkage.shared_documents import MANY
from detcount.reading.documents import NO_DOCUMENT
from detcount.reading.headers import ROLE_WORDS
from detcount.words import Message


def refuse_days_to_come(name: str, each: Parsed) -> None:
    """Refuse arrests, exits and listings of days that have not come."""
    for role in ("arrested", "left", "listed_on", "left_known_on"):
        known = [
            (row, span.first)
            for row, span in zip(each.rows, getattr(each, role), strict=True)
            if span is not None and not span.open
        ]
        refuse_to_come(
            np.array([day for _, day in known], dtype="datetime64[D]"),
            Message("list {name!r}, {role}", name=name, role=ROLE_WORDS[role]),
            remedy=ALLOW_FUTURE,
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
