"""What a table holds, told by the names of its columns: histories, rows of lists, or published counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal

from detcount.errors import InputError
from detcount.frames import found_marks, meanings, plain_name
from detcount.reading.headers import roles_of
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["lists", "people", "stock", "arrests", "releases", "waves"]
KINDS: tuple[Kind, ...] = ("lists", "people", "stock", "arrests", "releases", "waves")
KIND_WORDS: dict[Kind, Message] = {
    "lists": Message("persons on lists"),
    "people": Message("persons on lists, with days"),
    "stock": Message("published totals of people held"),
    "arrests": Message("published arrests"),
    "releases": Message("announced and verified releases"),
    "waves": Message("waves of releases beside a list"),
}
"""What readers call the kinds of data."""

_COUNTED = ("source", "role", "count")
_WAVES = ("wave", "day", "of_these_on_list")
_WINDOWED = ("published", "start", "end")
_FLOWS: dict[Kind, re.Pattern[str]] = {
    "arrests": re.compile(r"arrest|aprehensi|captura|detencion(?!es? vigente)|detained in|new detentions"),
    "releases": re.compile(r"release|liberad|liberaci|excarcel|freed|suelt|libertad"),
}
# marks of a person that are no list: taken for one, they would make a number of nothing
_NO_LIST = re.compile(
    r"\b(sex\w*|female|male|wom[ae]n|m[ae]n|mujer(es)?|hombres?|minors?|menor(es)?|adult\w*|children|nin[oa]s?|"
    r"released?|liberad\w*|excarcelad\w*|free|freed|libre|dead|died|muert\w*|fallecid\w*|held|detained|detenid\w*|"
    r"pres[oa]s?|active|activ[oa]|verified|verificad\w*|confirmed|confirmad\w*|military|militar(es)?|foreign\w*|"
    r"extranjer\w*|tortur\w*|sick|enferm\w*|duplicad\w*|duplicates?)\b"
)


@dataclass(frozen=True)
class Recognised:
    """What a table was taken for.

    Parameters
    ----------
    kind : {"lists", "people", "stock", "arrests", "releases", "waves"}
        The kind of data.
    why : Message
        What showed it.
    columns : dict of str to object
        Columns of the table by what they are, as the readers of that kind name them.
    """

    kind: Kind
    why: Message
    columns: dict[str, Any]


def recognised(
    frame: pd.DataFrame,
    name: str,
    *,
    kind: Kind | None = None,
    lists: Sequence[str] | None = None,
) -> Recognised | Message:
    """Tell what a table holds.

    Parameters
    ----------
    frame : pandas.DataFrame
        The table.
    name : str
        What it is called: the name of its file. Of tables with the same columns it says which is meant.
    kind : {"lists", "people", "stock", "arrests", "releases", "waves"}, optional
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
    columns = [str(column) for column in frame.columns]
    if kind in ("stock", "arrests", "releases", "waves"):
        return Recognised(kind, Message("it was said to be that"), {})
    if kind is None and set(columns).issuperset(_WAVES):
        return Recognised("waves", Message("columns {names:,}", names=_WAVES), {})
    published = {meaning for column in columns for meaning in meanings("columns", column)}
    if kind is None and published.issuperset(_COUNTED):
        return _published(published, "date" in map(plain_name, columns), name)
    people = None if kind == "lists" else _people(columns, name)
    if people is not None:
        return people
    if kind == "people":
        raise InputError(
            Message(
                "{file}: expected a column that identifies the person, one that names the list and one with "
                "the day of the arrest. Name them id, list and entered",
                file=name,
            )
        )
    found = _lists(frame, columns, name, lists)
    if found is not None:
        return found
    if kind == "lists":
        raise InputError(
            Message(
                "{file}: expected columns of 0 and 1 that are lists, or a person and a list in each row. See "
                "the layouts of detcount assess",
                file=name,
            )
        )
    return _unknown(columns)


def _published(columns: set[str], dated: bool, name: str) -> Recognised:
    """Published counts: a stock has a date; arrests and releases have the same columns, and their name.

    A "fecha" is the day of publication where a window of days stands beside it.
    """
    if dated or ("date" in columns and not columns.issuperset(_WINDOWED)):
        return Recognised("stock", Message("columns {names:,}", names=("date", *_COUNTED)), {})
    words = plain_name(PurePath(name).stem)
    kinds: list[Kind] = [kind for kind, pattern in _FLOWS.items() if pattern.search(words)]
    if len(kinds) == 1:
        why = Message(
            "columns {names:,}, and the name of the file", names=("published", *_COUNTED, *_WINDOWED[1:])
        )
        return Recognised(kinds[0], why, {})
    raise InputError(
        Message(
            "{file}: expected the name of the file to say whether it has arrests or releases, as both have "
            "the same columns. Write arrests or releases into the name, or say --take {file}=releases",
            file=name,
        )
    )


def _people(columns: Sequence[str], name: str) -> Recognised | None:
    """Rows of lists with days, where a person, a list and a day of arrest can be found."""
    roles: dict[str, list[str]] = {}
    for column in columns:
        for role, weight in roles_of(column)[:1]:
            if weight > 0.6 and role in ("arrested", "left", "status", "listed_on", "left_known_on"):
                roles.setdefault("entered" if role == "arrested" else role, []).append(column)
    person, listed = _named(columns, "person"), _named(columns, "list")
    entered = _named(columns, "entered") or roles.get("entered", [])
    if not (person and listed and entered):
        return None
    exact = {plain_name(column).replace(" ", "_"): column for column in columns}
    found: dict[str, Any] = {}
    for what, several in {"person": person, "list": listed, "entered": entered}.items():
        found[what] = _only(several, what, name)
    for what in ("left", "status", "listed_on", "left_known_on", "last_confirmed"):
        several = [exact[what]] if what in exact else roles.get(what, [])
        if several:
            found[what] = _only(several, what, name)
    why = Message(
        "columns {names:,}: a person, a list and a day of arrest in each row", names=tuple(found.values())
    )
    return Recognised("people", why, found)


def _lists(
    frame: pd.DataFrame, columns: Sequence[str], name: str, lists: Sequence[str] | None
) -> Recognised | None:
    """Capture histories: columns of marks, a history as text, or a person and a list in each row."""
    count, pattern = _named(columns, "count"), _named(columns, "pattern")
    if pattern and count:
        if lists is None:
            raise InputError(
                Message(
                    "{file}: expected the names of the lists, in the order of the characters of its "
                    "histories. Say --lists one,two,three",
                    file=name,
                )
            )
        found = {"pattern": _only(pattern, "pattern", name), "count": _only(count, "count", name)}
        return Recognised(
            "lists",
            Message(
                "columns {names:,}: a history in each row, with its persons", names=tuple(found.values())
            ),
            {**found, "lists": list(lists)},
        )
    marked = [str(column) for column in frame.columns if _is_marks(frame, column)]
    if lists is not None:
        if not all(each in columns for each in lists):
            return None
        marked = list(lists)
    if len(marked) > 1:
        doubtful = [] if lists is not None else [each for each in marked if _NO_LIST.search(plain_name(each))]
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
        kept = {"count": [each for each in count if each not in marked]}
        told: dict[str, Any] = {"lists": marked}
        if kept["count"]:
            told["count"] = _only(kept["count"], "count", name)
            why = Message("columns of marks {names:,}, with the persons of each history", names=tuple(marked))
        else:
            why = Message("columns of marks {names:,}, a person in each row", names=tuple(marked))
            person = _named(columns, "person")
            if len(person) == 1:
                told["person"] = person[0]
        return Recognised("lists", why, told)
    person, listed = _named(columns, "person"), _named(columns, "list")
    if person and listed and not count:
        found = {"person": _only(person, "person", name), "list": _only(listed, "list", name)}
        why = Message("columns {names:,}: a person on a list in each row", names=tuple(found.values()))
        return Recognised("lists", why, {**found, "lists": lists})
    return None


def _is_marks(frame: pd.DataFrame, column: Any) -> bool:
    """Whether a column holds marks of lists and nothing else."""
    values = frame[column]
    return bool(values.notna().any()) and found_marks(values.tolist()) is not None


def _named(columns: Sequence[str], what: str) -> list[str]:
    """Columns whose names say one thing."""
    return [column for column in columns if what in meanings("tables", column)]


def _only(several: list[str], what: str, name: str) -> str:
    """The one column that is something; several are refused."""
    if len(several) > 1:
        raise InputError(
            Message(
                "{file}: expected one column with the {what}, got {columns!r:,}. Leave out or rename the "
                "others",
                file=name,
                what=_WHAT[what],
                columns=several,
            )
        )
    return several[0]


_WHAT = {
    "person": Message("number of the person"),
    "list": Message("name of the list"),
    "entered": Message("day of the arrest"),
    "left": Message("day of the exit"),
    "status": Message("status"),
    "listed_on": Message("day of listing"),
    "left_known_on": Message("day on which the exit became known"),
    "last_confirmed": Message("last day on which the person was confirmed as held"),
    "pattern": Message("history"),
    "count": Message("persons"),
}


def _unknown(columns: Sequence[str]) -> Message:
    """Why nothing is known of a table, and what to do where that can be told."""
    roles = {role for column in columns for role, weight in roles_of(column) if weight > 0.8}
    if roles & {"name", "given", "surname", "document"}:
        return Message(
            "it looks like a list of names. detcount link finds who is who on several of them, and writes "
            "histories that can stand here"
        )
    return Message(
        "its columns are neither lists of 0 and 1, nor a person and a list in each row, nor published counts "
        "with source, role and count"
    )
