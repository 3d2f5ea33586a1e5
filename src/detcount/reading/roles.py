"""Which column holds what: proposed from headers and contents, with reasons; the user may settle it.

It is one decision: what is asked, what fits, and which is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detcount.contract.arguments import plain
from detcount.errors import InputError
from detcount.reading.cells import (
    looks_like_document,
    looks_like_sex,
    name_and_document,
    place_name,
    read_document,
    read_status,
)
from detcount.reading.days import ends_of_stay, looks_like_day, read_age, read_span
from detcount.reading.frames.places import how_to_ask
from detcount.reading.grids import Table
from detcount.reading.headers import NAMED_DAY, ROLE_WORDS, ROLES, is_known, normal, roles_of
from detcount.reading.text import GIVEN, SURNAMES
from detcount.words import Message

SEVERAL: tuple[str, ...] = ("given", "surname", "document")
"""Roles that several columns can have together."""
_LOOKED_AT = 400  # cells of a column


@dataclass(frozen=True)
class Tuning:
    """Thresholds of the roles of columns.

    Parameters
    ----------
    fewest : int, cells
        Filled cells that can speak against the name of a column. Convention: three.
    least_fit : float, share
        Share of cells that fit, below which the name of a column is not believed. Convention: one in five.
    sure : float, score
        Score of the name of a column from which a note says that its cells contradict it. Convention: words
        that mean little else score 0.9 or 1.
    clear : float, score
        Difference by which the score of one column must exceed that of another. Convention: 15 points of
        a hundred.
    by_content : float, share
        Share of cells that fit, where nothing else shows what a column holds. Convention: four in five.
    """

    fewest: int = 3
    least_fit: float = 0.2
    sure: float = 0.9
    clear: float = 0.15
    by_content: float = 0.8


TUNING = Tuning()

_OTHER_KINDS = re.compile(r"\b(rif|pasaporte|passport)\b")  # of documents than a card of identity
_LETTERS = re.compile(r"[^\W\d_]+")
_WHO: tuple[str, ...] = ("name", "given", "surname", "document")
_FREE: tuple[str, ...] = ("place", "referred_by", "document_type")  # any text fits them


@dataclass(frozen=True)
class Mapped:
    """The columns of one list by role.

    Parameters
    ----------
    of : mapping of str to tuple of int
        Positions of the columns of each role.
    uses : tuple of (int, str, Message)
        Every column with its role, which is empty where it is not used, and why.
    notes : tuple of Message
        Columns whose cells contradict their name.
    """

    of: Mapping[str, tuple[int, ...]]
    uses: tuple[tuple[int, str, Message], ...]
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True)
class _Candidate:
    role: str
    column: int
    score: float
    why: Message


def mapped(name: str, table: Table, asked: Mapping[str, Any] | None) -> Mapped:
    """Columns by role; what was asked for first, then what is unambiguous. Two candidates are refused."""
    settled = _asked(name, table, asked or {})
    taken = {column for columns in settled.values() for column in columns}
    why: dict[int, tuple[str, Message]] = {
        column: (role, Message("as columns says")) for role, columns in settled.items() for column in columns
    }
    candidates: dict[str, list[_Candidate]] = {}
    against: list[tuple[int, str]] = []
    for column in range(len(table.names)):
        if column in taken:
            continue
        found = _candidates(table, column)
        if not found and (role := _contradicted(table, column)) is not None:
            against.append((column, role))
            why[column] = ("", Message("its name says so, and hardly any of its cells can be read"))
        for candidate in found:
            candidates.setdefault(candidate.role, []).append(candidate)
    has_surname = bool(settled.get("surname") or candidates.get("surname"))
    whole, parts = candidates.pop("name", []), candidates.get("given", [])
    if settled.get("name"):
        candidates.pop("given", None)
        candidates.pop("surname", None)
    elif has_surname:
        given = {candidate.column for candidate in parts}
        if given or settled.get("given"):
            for candidate in whole:
                if candidate.column not in given:
                    why[candidate.column] = (
                        "",
                        Message("given names and surnames have columns of their own"),
                    )
        else:  # surnames in one column, and all that is left of names in another
            candidates["given"] = [_Candidate("given", c.column, c.score, c.why) for c in whole]
    elif not settled.get("given"):
        both = {candidate.column for candidate in whole}
        left = [candidate for candidate in parts if candidate.column not in both]
        candidates["name"] = whole
        candidates["given"] = left if not whole else []
    for role in ROLES:
        found = [c for c in candidates.get(role, []) if c.column not in taken]
        if role in settled:
            for candidate in found:
                why.setdefault(candidate.column, ("", Message("another column holds it, as columns says")))
            continue
        if not found:
            continue
        chosen = _chosen(name, table, role, found)
        settled[role] = tuple(chosen)
        taken |= set(chosen)
        for candidate in found:
            if candidate.column in chosen:
                why[candidate.column] = (role, candidate.why)
            else:
                why.setdefault(candidate.column, ("", Message("another column fits better")))
    against = [(column, role) for column, role in against if role not in settled]
    notes = tuple(
        Message(
            "list {name!r}: column {column!r} is not used. By its name it holds {role}, and hardly any of "
            "its cells can be read as such, from row {row} on. Mend them, or name another column in columns",
            name=name,
            column=table.shown[column],
            role=ROLE_WORDS[role],
            row=next(n for n, cell in zip(table.numbers, table.columns[column], strict=True) if cell),
        )
        for column, role in against
    )
    if not any(settled.get(role) for role in _WHO):
        spoken = [note for note, (_, role) in zip(notes, against, strict=True) if role in _WHO]
        raise InputError(spoken[0] if spoken else _nobody(name, table))
    not_needed = ("", Message("neither its name nor its contents say that it is needed"))
    uses = tuple((column, *why.get(column, not_needed)) for column in range(len(table.names)))
    return Mapped({role: columns for role, columns in settled.items() if columns}, uses, notes)


def _nobody(name: str, table: Table) -> Message:
    """Message for a list in which no column holds names or documents."""
    ask = Message(
        "call it {header!r} in the file, or {ask}",
        header="nombre",
        ask=how_to_ask({"columns": {name: {"name": "..."}}}),
    )
    if any(map(is_known, table.names)):
        return Message(
            "list {name!r}: expected a column of names or of documents, got {columns!r:,}. Say which it is: "
            "{ask}",
            name=name,
            columns=list(table.shown),
            ask=ask,
        )
    return Message.counted(
        "list {name!r}: expected a column of names or of documents, got 1 column without a name that is "
        "known. Say what it is: {ask}",
        "list {name!r}: expected a column of names or of documents, got {n:,} columns, none with a name that "
        "is known. Say which it is: {ask}",
        n=len(table.names),
        name=name,
        ask=ask,
    )


def _contradicted(table: Table, column: int) -> str | None:
    """The role that the name of a column states for certain; it is asked for where its cells fit no role."""
    if not any(table.columns[column]):
        return None
    return next(
        (role for role, sure in roles_of(table.names[column]) if sure >= TUNING.sure and role not in _FREE),
        None,
    )


def _asked(name: str, table: Table, asked: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    """Columns that the user named, by role."""
    settled: dict[str, tuple[int, ...]] = {}
    for role, given in asked.items():
        if role not in ROLES:
            raise InputError(
                Message(
                    "columns, list {name!r}: expected roles among {roles!r:,}, got {got}",
                    name=name,
                    roles=ROLES,
                    got=repr(role),
                )
            )
        wanted = [given] if isinstance(given, (str, int)) else list(given or ())
        if len(wanted) > 1 and role not in SEVERAL:
            raise InputError(
                Message(
                    "columns, list {name!r}: expected one column for {role!r}, got {n}",
                    name=name,
                    role=role,
                    n=len(wanted),
                )
            )
        settled[role] = tuple(_position(name, table, column) for column in wanted)
    flat = [column for columns in settled.values() for column in columns]
    twice = next((column for k, column in enumerate(flat) if column in flat[:k]), None)
    if twice is not None:
        raise InputError(
            Message(
                "columns, list {name!r}: column {column!r} is named for two things. Every role needs a "
                "column of its own",
                name=name,
                column=table.shown[twice],
            )
        )
    return settled


def _position(name: str, table: Table, column: Any) -> int:
    """Position of a column by its name, or by its number from 1 where it has none."""
    if column in table.names:
        return table.names.index(column)
    near = [k for k, known in enumerate(table.names) if normal(known) == normal(str(column))]
    if len(near) == 1:
        return near[0]
    if isinstance(column, str) and column in table.shown:
        return table.shown.index(column)
    raise InputError(
        Message(
            "columns, list {name!r}: the table has no column {column!r}; it has {columns!r:,}",
            name=name,
            column=str(column),
            columns=list(table.shown),
        )
    )


def _candidates(table: Table, column: int) -> list[_Candidate]:
    """Kinds that a column can have, by its name and its contents."""
    header = table.names[column]
    cells = table.columns[column]
    step = max(1, len(cells) // (4 * _LOOKED_AT))
    sample = [cell for cell in cells[::step] if cell][:_LOOKED_AT]
    shown = table.shown[column]
    found = []
    for role, sure in roles_of(header):
        fit = _fit(role, sample) if sure >= 0.5 or role != "document" else _fit_of_numbers(sample)
        if len(sample) >= TUNING.fewest and fit < TUNING.least_fit:
            continue
        believed = role not in _FREE and len(sample) >= TUNING.fewest
        if sure < 0.5 and not (believed and fit > TUNING.by_content):
            continue
        noted = (
            Message("its name {column!r} says so, and {share:.0%} of its cells fit", column=shown, share=fit)
            if believed
            else Message("its name {column!r} says so", column=shown)
        )
        found.append(_Candidate(role, column, sure + (0.3 * fit if believed else 0.3), noted))
    statuses = [candidate for candidate in found if candidate.role == "status"]
    if statuses and _fit("status", sample) > 0.5:  # an "estado" may be a state of the country, or of somebody
        found = statuses
    if found or is_known(header) or len(sample) < 1:
        return found
    return _by_content(table, column, sample)


def _by_content(table: Table, column: int, sample: Sequence[str]) -> list[_Candidate]:
    """Kinds that a column without a telling name can have."""
    different = len({plain(cell) for cell in sample}) / len(sample)
    years = [span.first / 365.25 + 1970 for cell in sample if (span := read_span(cell)[0])]
    fits: dict[str, float] = {}
    if different > 0.5:
        fits["document"] = _share(sample, lambda cell: looks_like_document(cell) and not looks_like_day(cell))
        fits.update(_names_by_content(sample))
    days = _share(sample, looks_like_day)
    if days and years and not re.search(NAMED_DAY, normal(table.names[column])):
        middle = sorted(years)[len(years) // 2]
        fits["born" if middle < 2008 else "arrested"] = days
    if looks_like_sex(sample):
        fits["sex"] = 1.0
    whole = [int(cell) for cell in sample if cell.isdigit()]
    if len(set(whole)) > 4 and whole != sorted(whole) and all(10 <= age <= 99 for age in whole):
        fits["age"] = len(whole) / len(sample)
    return [
        _Candidate(
            role,
            column,
            0.5 * fit,
            Message("{share:.0%} of its cells hold what such a column does", share=fit),
        )
        for role, fit in fits.items()
        if fit >= TUNING.by_content
    ]


def _names_by_content(sample: Sequence[str]) -> dict[str, float]:
    """Whole names, given names or surnames, by their words."""
    if _share(sample, _is_words) < TUNING.by_content:
        return {}
    given = surname = both = 0
    for cell in sample:
        words = _LETTERS.findall(plain(cell))
        has_given = any(word in GIVEN for word in words)
        has_surname = any(word in SURNAMES for word in words)
        both += has_given and has_surname
        given += has_given and not has_surname
        surname += has_surname and not has_given
    n = len(sample)
    if both >= 0.3 * n:
        return {"name": 0.9}
    if given >= 0.4 * n and given > 2 * surname:
        return {"given": 0.9}
    if surname >= 0.4 * n and surname > 2 * given:
        return {"surname": 0.9}
    return {}


def _is_words(cell: str) -> bool:
    """Check whether a cell can be a name."""
    name, _ = name_and_document(cell)
    words = _LETTERS.findall(name)
    return 1 <= len(words) <= 8 and not any(sign.isdigit() for sign in name)


def _fit(role: str, sample: Sequence[str]) -> float:
    """Share of the cells that a column of this role could have."""
    tests = {
        "name": _is_words,
        "given": _is_words,
        "surname": _is_words,
        "document": lambda cell: read_document(cell)[2] is None,
        "born": lambda cell: read_span(cell)[1] is None,
        "arrested": lambda cell: read_span(cell)[1] is None,
        "left": lambda cell: read_span(cell)[1] is None,
        "stay": lambda cell: all(read_span(day)[1] is None for day in ends_of_stay(cell)),
        "died": lambda cell: read_span(cell)[1] is None,
        "listed_on": lambda cell: read_span(cell)[1] is None,
        "left_known_on": lambda cell: read_span(cell)[1] is None,
        "age": lambda cell: read_age(cell)[1] is None,
        "status": lambda cell: read_status(cell)[0] is not None,
        "place": lambda cell: any(sign.isalpha() for sign in cell) or not place_name(cell),
        "sex": lambda cell: looks_like_sex([cell]) or not place_name(cell),
    }
    test = tests.get(role)
    return 1.0 if test is None else _share(sample, test)


def _fit_of_numbers(sample: Sequence[str]) -> float:
    """Share of documents among numbers; 0 where they only go up, as numbers of rows do."""
    whole = [int(cell) for cell in sample if cell.isdigit()]
    return 0.0 if whole == sorted(whole) and len(whole) > 1 else _share(sample, looks_like_document)


def _share(sample: Sequence[str], test: Any) -> float:
    """Share of cells for which a test holds."""
    return sum(map(bool, map(test, sample))) / len(sample) if sample else 0.0


def _chosen(name: str, table: Table, role: str, found: Sequence[_Candidate]) -> list[int]:
    """The columns of a role; two that fit equally well and hold different cells are refused."""
    best = sorted(found, key=lambda c: (-c.score, *_first(table, role, c.column), c.column))
    if role in ("given", "surname"):
        least = best[0].score - 0.5
        return sorted((c.column for c in found if c.score > least), key=lambda k: _ordinal(table.names[k], k))
    if role == "place" or len(best) == 1:
        return [best[0].column]
    close = [c for c in best[1:] if best[0].score - c.score < TUNING.clear]
    differing = [c for c in close if _differ(table, best[0].column, c.column)]
    if differing and not (role == "document" and _other_kind(table, best[0].column, differing)):
        first, second = (table.shown[k] for k in sorted((best[0].column, differing[0].column)))
        ask_for = {"columns": {name: {role: first}}}
        raise InputError(
            Message(
                "list {name!r}: expected one column for {role!r}, got two that fit, {first!r} and "
                "{second!r}. If it is the first, {ask}",
                name=name,
                role=role,
                first=first,
                second=second,
                ask=how_to_ask(ask_for),
            ),
            ask_for=ask_for,
        )
    return [best[0].column, *(c.column for c in close)] if role == "document" else [best[0].column]


def _first(table: Table, role: str, column: int) -> tuple[Any, ...]:
    """Which of two columns that fit equally well is taken, whatever the order in which they stand."""
    if role == "place":  # the same in every list
        return (normal(table.names[column]),)
    filled = [cell for cell in table.columns[column] if cell]
    other = bool(_OTHER_KINDS.search(normal(table.names[column])))
    return other, -len(filled), min(filled, default=""), max(filled, default="")


def _other_kind(table: Table, first: int, others: Sequence[_Candidate]) -> bool:
    """Check whether other columns of documents hold passports or the numbers of taxpayers."""
    return all(_OTHER_KINDS.search(normal(table.names[c.column])) for c in others) or bool(
        _OTHER_KINDS.search(normal(table.names[first]))
    )


def _differ(table: Table, first: int, second: int) -> bool:
    """Check whether two columns say different things in any row."""
    return any(
        one and two and plain(one) != plain(two)
        for one, two in zip(table.columns[first], table.columns[second], strict=True)
    )


def _ordinal(header: str, column: int) -> tuple[int, int]:
    """Place of a column among those of its role: the second surname after the first."""
    words = normal(header)
    if re.search(r"\b(segundo|2do|2|dos|materno|second|middle|otros|maternal)\b", words):
        return 2, column
    if re.search(r"\b(tercer|tercero|3|third)\b", words):
        return 3, column
    return 1, column
