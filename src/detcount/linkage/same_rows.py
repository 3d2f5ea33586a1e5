"""Lists of names that are one list: versions or copies, whose rows are the same letter for letter, and parts.

Two lists are versions or copies if eight of ten rows of the shorter say of a name, a document, a birth and an
arrest, as far as both lists have them, what a row of the other says; nineteen of twenty where both have names
alone. Lists that are made apart do not, as each writes names, documents and days in its own way.

Sheets of one workbook, or files of one folder within, that have the same columns and hardly anybody in
common are parts of one list, as prisons or states are: of two lists of the same people each knows some whom
the other knows, and where they share nobody no number comes of taking them for two.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from detcount.frames import plain_name
from detcount.linkage.name_lists import NameLists, Parsed
from detcount.linkage.splitting import NO_NAME
from detcount.reading.cells import NO_DOCUMENT
from detcount.reading.text import NAMES

_MOST_SHARED = 0.02  # of the persons of the shorter of two parts of one list
_MOST, _MOST_NAMES = 0.8, 0.95  # shares of rows; of names alone, which lists made apart can share too
_FEWEST = 10  # rows that are the same
_STATED = ("document", "born", "arrested")
_OF_COLUMNS = ("problems", "mapping", "notes")  # of what was read of a list, and of no row
_MONTHS = "|".join(" ".join(NAMES["months"]).split())
_PART = re.compile(
    rf"\b(?:(?:partes?|parts?|partie|tomo) \w{{1,3}}(?: (?:de|of) \d+)?|(?:{_MONTHS})(?: \d{{4}})?)$"
)


def one_list(parsed: Mapping[str, Parsed], group: Mapping[str, str] | None = None) -> dict[str, str]:
    """Lists that are another list too, by name, each with that other.

    Parameters
    ----------
    parsed : mapping of str to Parsed
        What was read of each list.
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
    """The name of a list, or of a file, without what says which part or month it is."""
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
    """Whether of two lists one is a version or a copy of the other."""
    mine, theirs = _rows(one, other)
    both = {*mine} & {*theirs}
    n_same = sum(row in both for row in mine if row[0])
    least = _MOST_NAMES if len(mine[0]) == 1 else _MOST
    return n_same >= max(_FEWEST, least * min(len(mine), len(theirs)))


def _are_parts(one: Parsed, other: Parsed) -> bool:
    """Whether two lists have the same columns and hardly anybody in common, by documents and by names."""
    columns, others = ([(role, column) for column, role, _ in each.mapping] for each in (one, other))
    documents, names = (
        [{*getattr(each, stated)} - {nothing} for each in (one, other)]
        for stated, nothing in (("document", (NO_DOCUMENT, 0)), ("names", NO_NAME))
    )
    least = _MOST_SHARED * min(len(one), len(other))
    return columns == others and all(len(mine & theirs) <= least for mine, theirs in (documents, names))


def _rows(one: Parsed, other: Parsed) -> list[list[tuple[Any, ...]]]:
    """What each row of two lists says, as far as both say it: words of names, documents and days."""
    stated = [role for role in _STATED if all(len({*getattr(each, role)}) > 1 for each in (one, other))]
    return [
        [
            (tuple(sorted(who.words)), *values)
            for who, *values in zip(each.names, *(getattr(each, role) for role in stated), strict=True)
        ]
        for each in (one, other)
    ]
