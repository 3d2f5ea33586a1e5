"""Protocol of the page and its workers: limits, questions, and messages.

A message is a line of JSON that says how many bytes follow. What is asked of a file is plain values: how it
is read, what its columns are, which answer is wanted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from detcount.reading.workbooks import MOST_PARTS, MOST_UNPACKED
from detcount.words import languages, translated

MEGABYTE = 1 << 20
Kind = Literal["columns", "rows", "histories", "names", "releases", "stock", "waves", "audit"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Limits:
    """Limits of what the page takes, and how long it keeps it.

    Parameters
    ----------
    file_bytes : int, optional
        Bytes of a file.
    unpacked_bytes : int, optional
        Bytes of all parts of a workbook, unpacked.
    parts : int, optional
        Parts of a workbook.
    files : int, optional
        Files that are open at once.
    in_folder : int, optional
        Files that a folder may have.
    unseen_at_work : float, optional
        Seconds without a page that asks, after which work is stopped.
    unseen : float, optional
        Seconds without a page that asks, after which a file and its answer are forgotten.
    makes_room : float, optional
        Seconds without a page that asks, after which a file that nobody works on makes room for another.
    """

    file_bytes: int = 100 * MEGABYTE
    unpacked_bytes: int = MOST_UNPACKED
    parts: int = MOST_PARTS
    files: int = 4
    in_folder: int = 300
    unseen_at_work: float = 300.0
    unseen: float = 1800.0
    makes_room: float = 120.0


LIMITS = Limits()
MOST_HEAD = 1 << 22
"""Bytes of the longest line."""


def packed(head: dict[str, Any], body: bytes = b"") -> bytes:
    """Write one message."""
    return json.dumps({**head, "bytes": len(body)}).encode() + b"\n" + body


def unpacked_head(line: bytes) -> tuple[dict[str, Any], int]:
    """Read the line of a message: what it says, and how many bytes follow."""
    head = json.loads(line)
    return head, int(head.pop("bytes"))


@dataclass(frozen=True)
class Reading:
    """Options of reading a file.

    Parameters
    ----------
    sheet : str, optional
        Sheet of a workbook.
    header_row : int, optional
        Row that names the columns, from 1.
    dayfirst : bool, optional
        Whether 31/01/2026 is a day.
    """

    sheet: str | None = None
    header_row: int | None = None
    dayfirst: bool = False


@dataclass(frozen=True)
class Question:
    """Question about a file. Columns are positions from 0; texts are as they were typed.

    Parameters
    ----------
    kind : {"columns", "rows", "histories", "names", "releases", "stock", "waves", "audit"}
        What a row is: a person or history with a column for each list, a person on one list, a history
        written as 101, a name on one list, a published count of releases, a published count of people held, a
        wave of releases, an entry of a list that was checked.
    lists : tuple of int, optional
        Columns that are lists.
    count, person, list, pattern : int, optional
        Columns with the persons of a row, an identifier, the name of a list, a history.
    by : int, optional
        Column of groups.
    names : str, optional
        Names of the lists in the order of a history, between commas.
    yes, no : str, optional
        Marks that mean 1 and 0, between commas.
    blank_is_0 : bool, optional
        Whether a blank means 0.
    who, where, first, last, day : str, optional
        Who is counted.
    families : tuple of str, optional
        The methods to compare; all of them where there is none.
    claim : str, optional
        A number that somebody claims.
    as_of : str, optional
        Last day that may be known.
    full : bool, optional
        Whether small counts are shown.
    scope, fresh : str, optional
        Of waves whose columns do not say it: who is counted among those released; whether the list was fresh.
    take : tuple of tuple, optional
        Of a folder: a file and what it is, each.
    columns : tuple of tuple, optional
        Of a folder: a list of names, what a column holds, and that column, each.
    once : tuple of str, optional
        Lists in a folder on which nobody stands twice.
    sample, chosen, design, clusters, inmates : str, optional
        Of a folder: the list that is a sample, who chose it, how it was drawn, all prisons and their inmates.
    """

    kind: Kind = "columns"
    lists: tuple[int, ...] = ()
    count: int | None = None
    person: int | None = None
    list: int | None = None
    pattern: int | None = None
    by: int | None = None
    names: str = ""
    yes: str = ""
    no: str = ""
    blank_is_0: bool = False
    who: str = ""
    where: str = ""
    first: str = ""
    last: str = ""
    day: str = ""
    families: tuple[str, ...] = ()
    claim: str = ""
    as_of: str = ""
    full: bool = False
    scope: str = ""
    fresh: str = ""
    take: tuple[tuple[str, str], ...] = ()
    columns: tuple[tuple[str, str, str], ...] = ()
    once: tuple[str, ...] = ()
    sample: str = ""
    chosen: str = ""
    design: str = ""
    clusters: str = ""
    inmates: str = ""


def question_of_plain(plain: Mapping[str, Any]) -> Question:
    """A question from its fields, as JSON held them."""
    values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in plain.items()}
    return Question(**values)


def in_all(words: str) -> dict[str, str]:
    """Words in every language."""
    return {lang: translated(words, lang) for lang in languages()}


def fault(
    words: dict[str, str], ask_for: Mapping[str, Any] | None = None, sheets: tuple[str, ...] = ()
) -> dict[str, Any]:
    """A message for what went wrong, with what would mend it and the sheets that a file has."""
    return {"is": "fault", "words": words, "ask_for": dict(ask_for or {}), "sheets": list(sheets)}
