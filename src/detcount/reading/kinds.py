"""Kind of a table by the names of its columns: histories, rows of lists, or published counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal, get_args

from detcount.errors import InputError
from detcount.reading.cells import as_text
from detcount.reading.frames import all_mean_roles, columns_of_marks, meanings, plain_name
from detcount.reading.grids import COLUMNS_OF_DAYS, FEWEST_DAYS, days_in
from detcount.reading.headers import (
    COUNTED,
    FLOWS,
    NO_LIST,
    PERSON_WORDS,
    SPANS,
    TOTALS,
    columns_of,
    meant,
    numbers_rows,
    roles_of,
)
from detcount.reading.stints import midnights, stints_in
from detcount.words import N_, Message

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS_AND_NAME_OF_THE_FILE = N_("columns {names:,}, and the name of the file")

Kind = Literal["lists", "people", "stock", "arrests", "releases", "waves", "audit", "names"]
KINDS: tuple[Kind, ...] = get_args(Kind)

LIST_OF_NAMES = Message(
    "it looks like a list of names. detcount link finds who is who on several of them, and writes histories "
    "that can stand here"
)
"""Why a list of names is no table of these kinds."""
UNANSWERED = Message("it is a sample of entries to check, and nothing is answered yet")
"""Why a sample is of no use yet."""
_NOBODY_TWICE = Message("its rows are persons with names, each with a number of its own")
_COUNTED = ("source", "role", "count")
_TOTALS = ("date", "source", "count")
_WINDOWED = ("published", "start", "end")
_DISTINCT: dict[Kind, tuple[str, ...]] = {
    "waves": ("wave", "day", "of_these_on_list"),
    "audit": ("belongs",),
    "stock": ("date", *_COUNTED),
}
_DAYS_OF_PERSONS = ("left", "status", "listed_on", "left_known_on", "last_confirmed")


@dataclass(frozen=True)
class Tuning:
    """Thresholds of what a table is about.

    Parameters
    ----------
    sure : float, score
        Score of the name of a column beyond which it stands for a role. Convention: headers.toml gives 0.6
        to words with several meanings.
    very_sure : float, score
        Score from which names of columns alone show that rows are people. Convention: words that
        mean little else score 0.9 or 1.
    """

    sure: float = 0.6
    very_sure: float = 0.8


TUNING = Tuning()

_LOOKED_AT = 100  # cells of a column


@dataclass(frozen=True)
class Recognised:
    """Kind that a table was taken for.

    Parameters
    ----------
    kind : {"lists", "people", "stock", "arrests", "releases", "waves", "audit"}
        The kind of data.
    why : Message
        What showed it.
    columns : dict of str to object
        Columns of the table by what they are, as the readers of that kind name them.
    doubt : Message, optional
        Why the table may be of no use as that kind, where nobody said that it is one.
    """

    kind: Kind
    why: Message
    columns: dict[str, Any]
    doubt: Message | None = None


def recognised(
    frame: pd.DataFrame, name: str, *, kind: Kind | None = None, lists: Sequence[str] | None = None
) -> Recognised | Message:
    """Recognise what a table holds.

    Parameters
    ----------
    frame : pandas.DataFrame
        The table.
    name : str
        What it is called: the name of its file. Of tables with the same columns it says which is meant.
    kind : {"lists", "people", "stock", "arrests", "releases", "waves", "audit"}, optional
        What it was said to be.
    lists : sequence of str, optional
        Columns that are lists, where it was said.

    Returns
    -------
    Recognised or Message
        The kind with the columns, or why nothing is known.

    Raises
    ------
    InputError
        If it could be two things, or a column could be the wrong one.
    """
    frame, _ = with_days_in_rows(frame)
    columns = names_of_columns(frame)
    if kind not in (None, "lists", "people"):
        return Recognised(kind, Message("it was said to be that"), {})
    counted = published_kind(columns) if kind is None else None
    if counted is not None and counted != "flows":
        doubt = None if counted != "audit" or _answered(frame) else UNANSWERED
        return Recognised(counted, Message("columns {names:,}", names=_DISTINCT[counted]), {}, doubt)
    if counted == "flows":
        words = plain_name(PurePath(name).stem)
        flows = _flows(columns, words)
        if not flows and _announces(frame, columns):
            return Recognised(
                "releases",
                Message("columns {names:,}, and something was announced, as arrests are not", names=_COUNTED),
                {},
            )
        if len(flows) != 1:
            raise InputError(
                Message(
                    "{file}: expected the name of the file to say whether it has arrests or releases, as "
                    "both have the same columns. Write arrests or releases into the name, or say --take "
                    "{file}=releases",
                    file=name,
                )
            )
        names = ("published", *_COUNTED, *_WINDOWED[1:])
        return Recognised(flows[0], Message(_COLUMNS_AND_NAME_OF_THE_FILE, names=names), {})
    people = None if kind == "lists" else _people(columns, name)
    if people is None and kind == "people":
        raise InputError(
            Message(
                "{file}: expected a column that identifies the person, one that names the list and one with "
                "the day of the arrest. Name them id, list and entered",
                file=name,
            )
        )
    if people is not None and kind is None and _is_of_names(frame, people.columns["person"]):
        people = replace(people, doubt=_NOBODY_TWICE)
    found = people or _lists(frame, columns, name, lists)
    if found is None and kind == "lists":
        raise InputError(
            Message(
                "{file}: expected columns of 0 and 1 that are lists, or a person and a list in each row. See "
                "the layouts of detcount assess",
                file=name,
            )
        )
    return found or _totals(columns, name) or _unknown(columns, name)


def with_days_in_rows(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Message]]:
    """Totals with a column for each day, or stints, as a row for each source and day; and that they are."""
    stints = stints_in(frame.columns)
    if stints is not None:
        return midnights(frame, stints)
    days = days_in([str(column) for column in frame.columns])
    if not days:
        return frame, []
    sources = [str(column) for column in frame.columns if str(column) not in days]
    rows = frame.rename(columns=str).melt(sources, days, "date", "count").dropna(subset=["count"])
    return rows, [Message("each column of a day is read as a row for each source")]


def names_of_columns(frame: pd.DataFrame) -> list[str]:
    """Names of columns; a column whose cells all are announced, verified or reported is called role."""
    names = [str(column) for column in frame.columns]
    if any("role" in meanings("columns", name) for name in names):
        return names
    return [
        "role" if all_mean_roles(frame[name].dropna().iloc[:_LOOKED_AT]) else str(name)
        for name in frame.columns
    ]


def published_kind(columns: Iterable[str]) -> Literal["waves", "audit", "stock", "flows"] | None:
    """Which counts or answers a table has: a stock has a date; arrests and releases have the same columns.

    A "fecha" or "date" alone is the day of publication where a window of days stands beside it.
    """
    columns = list(columns)
    found = {kind: columns_of(kind, columns) for kind in COUNTED}
    for kind in ("waves", "audit"):
        if found[kind].keys() >= set(_DISTINCT[kind]):
            return kind
    flows = {**found["arrests"], **found["releases"]}
    dated = {"date", "published"} <= set(map(plain_name, columns)) or not flows.keys() >= set(_WINDOWED)
    if dated and found["stock"].keys() >= set(_DISTINCT["stock"]):
        return "stock"
    return "flows" if flows.keys() >= {"published", *_COUNTED} else None


def _answered(frame: pd.DataFrame) -> bool:
    """Check whether a sample has an answer to anything."""
    columns = columns_of("audit", list(map(str, frame.columns)))["belongs"]
    return any(as_text(cell).strip() for column in columns for cell in frame[column])


def _is_of_names(frame: pd.DataFrame, person: str) -> bool:
    """Check whether nobody stands in two rows, beside columns of names: the numbers are those of the rows."""
    roles = {role for column in frame for role, sure in roles_of(str(column)) if sure >= TUNING.very_sure}
    return bool(frame[person].is_unique) and not roles.isdisjoint({"name", "given", "surname"})


def _flows(columns: Sequence[str], words: str) -> list[Any]:
    """Kind of counts in windows: by what only they call a count, or by the name of the file."""
    own = [
        flow
        for flow in FLOWS
        if any(meant(flow, column) and not meant("columns", column) for column in columns)
    ]
    return own or [flow for flow, pattern in FLOWS.items() if re.search(pattern, words)]


def _announces(frame: pd.DataFrame, columns: Sequence[str]) -> bool:
    """Check whether a row is announced: releases are announced, arrests are not."""
    roles = frame.loc[:, ["role" in meanings("columns", name) for name in columns]].iloc[:_LOOKED_AT]
    return any("announced" in meanings("roles", cell) for cell in roles.to_numpy().ravel())


def _totals(columns: Sequence[str], name: str) -> Recognised | None:
    """Totals of people held without a column of roles, where the name of the file says so."""
    found = columns_of("stock", columns).keys()
    words = plain_name(PurePath(name).stem)
    if not found >= set(_TOTALS) or found >= set(_WINDOWED[1:]) or not re.search(TOTALS, words):
        return None
    if any(re.search(pattern, words) for pattern in FLOWS.values()):
        return None
    return Recognised("stock", Message(_COLUMNS_AND_NAME_OF_THE_FILE, names=_TOTALS), {})


def _people(columns: Sequence[str], name: str) -> Recognised | None:
    """Rows of lists with days, where a person, a list and a day of arrest can be found."""
    roles: dict[str, list[str]] = {}
    for column in columns:
        for role, sure in roles_of(column)[:1]:
            if sure > TUNING.sure:
                roles.setdefault(role, []).append(column)
    found = {what: _named(columns, what) for what in ("person", "list", "entered")}
    found["entered"] = found["entered"] or roles.get("arrested", [])
    if not all(found.values()):
        return None
    exact = {plain_name(column).replace(" ", "_"): [column] for column in columns}
    found |= {what: exact.get(what) or roles.get(what, []) for what in _DAYS_OF_PERSONS}
    found["left"] = found["left"] or roles.get("died", [])
    one = _each(found, name)
    return Recognised(
        "people",
        Message(
            "columns {names:,}: a person, a list and a day of arrest in each row", names=tuple(one.values())
        ),
        one,
    )


def _lists(
    frame: pd.DataFrame, columns: Sequence[str], name: str, lists: Sequence[str] | None
) -> Recognised | None:
    """Capture histories: columns of marks, a history as text, or a person and a list in each row."""
    named = {what: _named(columns, what) for what in ("count", "pattern", "person", "list")}
    if named["pattern"] and named["count"]:
        if lists is None:
            raise InputError(
                Message(
                    "{file}: expected the names of the lists, in the order of the characters of its "
                    "histories. Say --lists one,two,three",
                    file=name,
                )
            )
        found = {what: named[what] for what in ("pattern", "count")}
        one = _each(found, name)
        why = Message("columns {names:,}: a history in each row, with its persons", names=tuple(one.values()))
        return Recognised("lists", why, {**one, "lists": list(lists)})
    marked = columns_of_marks(frame) if lists is None else list(lists)
    if not set(marked).issubset(columns):
        return None
    if len(marked) > 1:
        doubtful = [each for each in marked if lists is None and re.search(NO_LIST, plain_name(each))]
        if doubtful:
            raise InputError(
                Message(
                    "{file}: expected to know which of the columns of marks are lists, got {columns!r:,}, "
                    "which may say something of the person and not who names them. Say --lists with those "
                    "that are lists",
                    file=name,
                    columns=doubtful,
                )
            )
        counts = [
            each
            for each in named["count"]
            if each not in marked and not numbers_rows(each, [as_text(cell).strip() for cell in frame[each]])
        ]
        if counts:
            made = {"lists": marked, "count": _only(counts, "count", name)}
            return Recognised(
                "lists",
                Message("columns of marks {names:,}, with the persons of each history", names=marked),
                made,
            )
        person = {"person": named["person"][0]} if len(named["person"]) == 1 else {}
        return Recognised(
            "lists",
            Message("columns of marks {names:,}, a person in each row", names=marked),
            {"lists": marked, **person},
        )
    found = {what: named[what] for what in ("person", "list")}
    if not all(found.values()) or named["count"]:
        return None
    one = _each(found, name)
    why = Message("columns {names:,}: a person on a list in each row", names=tuple(one.values()))
    return Recognised("lists", why, {**one, "lists": lists})


def _named(columns: Sequence[str], what: str) -> list[str]:
    """Columns whose names say one thing."""
    return [column for column in columns if what in meanings("tables", column)]


def _each(found: Mapping[str, list[str]], name: str) -> dict[str, str]:
    """The one column of each thing that is found."""
    return {what: _only(several, what, name) for what, several in found.items() if several}


def _only(several: Sequence[str], what: str, name: str) -> str:
    """The one column that is something; several are refused."""
    if len(several) > 1:
        raise InputError(
            Message(
                "{file}: expected one column with the {what}, got {columns!r:,}. Leave out or rename the "
                "others",
                file=name,
                what=PERSON_WORDS[what],
                columns=several,
            )
        )
    return several[0]


def spans_in(columns: Sequence[str]) -> bool:
    """Check whether columns are days, weeks or months, of which each should be a row."""
    return sum(bool(re.search(SPANS, plain_name(column))) for column in columns) >= FEWEST_DAYS


def _unknown(columns: Sequence[str], name: str) -> Message:
    """Why a table is not recognised, and what to do where that is known."""
    roles = {role for column in columns for role, sure in roles_of(column) if sure > TUNING.very_sure}
    if roles & {"name", "given", "surname", "document"}:
        return LIST_OF_NAMES
    if spans_in(columns):
        return Message(
            COLUMNS_OF_DAYS,
            where=name,
        )
    return Message(
        "its columns are neither lists of 0 and 1, nor a person and a list in each row, nor published counts "
        "with source, role and count"
    )
