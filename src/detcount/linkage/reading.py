"""Read lists of names from files and frames: columns found out, cells parsed, what cannot be read named.

It is one chapter: each role of a column, and how its cells are read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

from detcount._numerics.linkage.settings import TUNING
from detcount.contract import arguments
from detcount.contract.arguments import plain
from detcount.errors import InputError
from detcount.linkage.list_notes import notes_of_lists, refuse_days_to_come
from detcount.linkage.name_lists import NameLists, Parsed, Problem, ReleasedLists, without_content
from detcount.linkage.released import Kind
from detcount.linkage.sounds import SPANISH
from detcount.linkage.splitting import NO_NAME, Name, names_nobody, tokens_of
from detcount.reading.cells import (
    EXPECTED_SEX,
    NO_DOCUMENT,
    UNKNOWN,
    is_referred,
    name_and_document,
    place_name,
    read_document,
    read_sexes,
    read_status,
)
from detcount.reading.days import (
    DAY_FIRST,
    MONTH_FIRST,
    Span,
    as_day,
    born_by_age,
    days_within,
    ends_of_stay,
    is_nothing,
    is_unknown,
    looks_like_day,
    number_of,
    order_of,
    read_age,
    read_span,
)
from detcount.reading.grids import Grid, Table, as_table
from detcount.reading.headers import FLOWS, ROLES, normal, roles_of, surname_first
from detcount.reading.roles import Mapped, mapped
from detcount.reading.tables import read_grid
from detcount.reading.text import GIVEN, SURNAMES
from detcount.words import Message

_EXPECTED_NAME = Message("the name of a person")
_ORDERS = {None: (DAY_FIRST, MONTH_FIRST), True: (DAY_FIRST,), False: (MONTH_FIRST,)}
_STATED_ORDER = Message("a day in the stated order of day and month")
_ONE_ORDER = Message("a day that reads in one order, as others of its column have another")
_KINDS = {word: int(kind) for kind, words in SPANISH["kinds of documents"].items() for word in words}
_HELD = ("inside", "unknown")  # statuses without an exit
_WORDS = r"\blibere"  # "libérés", beside those of files of releases
_HEARD = r"\b(?:verifi\w+|confirm\w+|comprob\w+)"
_DETAINED = r"\b(?:deten|detain|detid|pres[oa]s|arrest|held|inmate)"


@without_content
def read_lists(
    lists: Mapping[str, Any],
    columns: Mapping[str, Any] | None = None,
    *,
    released: Mapping[str, Kind] | None = None,
    days: Mapping[str, Any] | None = None,
    checked_from: Mapping[str, str] | None = None,
    allow_future: bool = False,
    dayfirst: bool | None = None,
) -> NameLists:
    """Read lists of names, each in its own columns and ways of writing.

    Every cell is read as text. Which column holds what is found out from its name and its contents, in
    Spanish and English; `NameLists.mapping` lists what was found and why. Cells that cannot be read are in
    `NameLists.problems`; a row without a name and a document stays a person of its own.

    Parameters
    ----------
    lists : mapping of str to path, (path, sheet), stream of bytes, or frame
        Each list by its name: a file of text with any separator and encoding, a workbook, Parquet, JSON, or a
        pandas, polars or pyarrow frame or mapping of columns.
    columns : mapping, optional
        Columns by role, for all lists, or by list and role: ``{"press": {"name": "Detenido"}}``. Roles are
        name (whole), given, surname, document, document_type, born, age, sex, arrested, place, referred_by,
        status, stay (the arrest and the exit in one cell), left, died, listed_on, left_known_on and
        last_confirmed; given, surname and document may be several
        columns. What is not named is found out, and a role whose column is None is left empty.
    released : mapping of str to {"announced", "verified"}, optional
        Lists that name released people, by an authority or by a monitor. They are no lists of the detained:
        their day is that of the release or of its verification, and their prison is not compared.
    days : mapping of str to (day, day), optional
        First and last day of the releases of such a list; without it those of its rows.
    checked_from : mapping of str to str, optional
        For a list of verified releases, the announced list from which its monitor checked.
    allow_future : bool, optional
        True if arrests, exits and listings may have days to come.
    dayfirst : bool, optional
        True if 03/04/2025 is a day of April, False if it is one of March; None for what each column shows.

    Returns
    -------
    NameLists
        The rows, ready to be linked.

    Raises
    ------
    InputError
        If there is no list or an empty one, a file cannot be read, no column holds names or documents, two
        columns fit one role equally well, or a column that was named is not there; a day has not come;
        names are in two scripts and documents do not stand for them.
    MissingExtraError
        If a file needs the extra ``excel`` or ``parquet``.
    OSError
        If there is no such file, or it may not be read.

    Notes
    -----
    Without a mark, a text is UTF-8 or else the alphabet (Windows-1252, DOS 850, Mac Roman) in which its
    bytes are letters of Spanish, line by line where both stand in one file. Letters that were saved in a
    wrong encoding are repaired. Days that end with the year are read day first, unless the column shows the
    month first. An exit such as "sin fecha" is one on an unknown day, if a tenth of the cells without a day
    are blank and no status says otherwise. An age is a year of birth before the day of arrest, or the day on
    which the list named the person, or else all days of arrest of that list. Words are given names or
    surnames by an EM over all lists.

    Examples
    --------
    >>> from detcount import linkage
    >>> lists = linkage.read_lists(
    ...     {
    ...         "press": {"Nombre": ["Ana Pérez Rojas", "Luis Mora"], "Edad": ["31 años", "n/d"]},
    ...         "families": {"Apellidos y nombres": ["PEREZ ROJAS, ANA"], "CI": ["V-12.345.678"]},
    ...     }
    ... )
    >>> lists.records(key="a key of the analyst")
    <Records: 3 rows of 2 lists>
    >>> lists.list_sizes
    {'families': 1, 'press': 2}
    """
    if not lists:
        raise InputError(Message("lists: expected at least one list, got none"))
    if len(lists) > TUNING.most_lists:
        raise InputError(
            Message(
                "lists: expected at most {most}, got {n}. Put lists of one source into one file",
                most=TUNING.most_lists,
                n=len(lists),
            )
        )
    wrong = next((type(name).__name__ for name in lists if not isinstance(name, str)), None)
    if wrong is not None:
        raise InputError(Message("lists: expected names of lists in text, got {kind}", kind=wrong))
    if not all(map(str.strip, lists)):
        raise InputError(Message("lists: expected a name for every list, got an empty one"))
    names = tuple(sorted(lists))
    asked = _asked(names, columns or {})
    kinds = _kinds(names, released or {})
    stated = stated_days(kinds, days or {}), _sources(kinds, checked_from or {})
    later = arguments.true_or_false("allow_future", allow_future)
    if dayfirst is not None:
        arguments.true_or_false("dayfirst", dayfirst)
    parsed = {
        name: read_list(
            name, lists[name], asked[name], released=name in kinds, allow_future=later, dayfirst=dayfirst
        )
        for name in names
    }
    return together(parsed, kinds, *stated)


def together(
    parsed: Mapping[str, Parsed],
    kinds: Mapping[str, Kind],
    days: Mapping[str, Span],
    checked_from: Mapping[str, str],
) -> NameLists:
    """Lists that were read, with those of released people, of a kind each, beside those of the detained."""
    made = lists_of({name: each for name, each in parsed.items() if name not in kinds})
    if not kinds:
        return made
    others = lists_of({name: parsed[name] for name in sorted(kinds)})
    titled = {name: parsed[name].titled for name in sorted(kinds) if name not in days and parsed[name].titled}
    one = {name: spans[0] for name, spans in titled.items() if len(spans) == 1}
    released = ReleasedLists(others, dict(kinds), {**one, **days}, checked_from)
    notes = [_of_title(name, spans) for name, spans in titled.items()]
    return replace(made, notes=(*made.notes, *others.notes, *notes), released=released)


def _of_title(name: str, spans: Sequence[Span]) -> Message:
    """Say which days a list of released people takes from its title, or that it shows too many."""
    if len(spans) > 1:
        return Message(
            "list {name!r}: no row has a day of release, and its title or name shows several days. None is "
            "used. State its first and its last day in days",
            name=name,
        )
    return Message(
        "list {name!r}: no row has a day of release. Its title or name gives {first} as the first day and "
        "{last} as the last. If it is not so, state them in days",
        name=name,
        first=as_day(spans[0].first),
        last=as_day(spans[0].last),
    )


def _kinds(names: Sequence[str], released: Mapping[str, Any]) -> dict[str, Kind]:
    """Kinds of lists of released people."""
    for name, kind in released.items():
        arguments.one_of("released", name, names)
        arguments.one_of("released", kind, ("announced", "verified"))
    if released and len(released) == len(names):
        raise InputError(
            Message(
                "released: expected a list of the detained beside lists of released people, got none. Name "
                "one in lists"
            )
        )
    return dict(released)


def stated_days(kinds: Mapping[str, Kind], days: Mapping[str, Any]) -> dict[str, Span]:
    """First and last day of lists of released people."""
    found = {}
    for name, given in days.items():
        arguments.one_of("days", name, [*kinds])
        if isinstance(given, str) or not isinstance(given, Sequence) or len(given) != 2:
            raise InputError(
                Message("days, list {name!r}: expected two days, the first and the last", name=name)
            )
        first, last = (number_of(arguments.day("days", day)) for day in given)
        if last < first:
            raise InputError(
                Message("days, list {name!r}: expected the first day before the last", name=name)
            )
        found[name] = Span(first, last)
    return found


def _sources(kinds: Mapping[str, Kind], checked_from: Mapping[str, str]) -> dict[str, str]:
    """Announced lists from which verified ones were checked."""
    by_kind = {kind: [name for name in kinds if kinds[name] == kind] for kind in ("verified", "announced")}
    for name, source in checked_from.items():
        arguments.one_of("checked_from", name, by_kind["verified"])
        arguments.one_of("checked_from", source, by_kind["announced"])
    return dict(checked_from)


def lists_of(parsed: Mapping[str, Parsed]) -> NameLists:
    """Lists that were read, together: statements on each, and on each beside the others."""
    made = NameLists(lists=tuple(sorted(parsed)), parsed=parsed)
    notes = [note for name in made.lists for note in parsed[name].notes]
    return NameLists(lists=made.lists, parsed=parsed, notes=(*notes, *notes_of_lists(made)))


def _asked(names: Sequence[str], columns: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Statements of the caller on the columns of each list."""
    by_list = {key for key, value in columns.items() if isinstance(value, Mapping)}
    strange = by_list - set(names)
    if strange:
        raise InputError(
            Message(
                "columns: expected names of lists among {names!r:,}, got {got!r:,}",
                names=list(names),
                got=sorted(map(str, strange)),
            )
        )
    common = {key: value for key, value in columns.items() if key not in by_list}
    return {name: {**common, **columns.get(name, {})} for name in names}


def read_list(
    name: str,
    source: Any,
    asked: Mapping[str, Any],
    *,
    released: bool,
    allow_future: bool,
    dayfirst: bool | None,
) -> Parsed:
    """Read one list, in columns that were stated by role; of released people, exits are their releases."""
    stated = [
        [each] if isinstance(each, str) else each or ()
        for each in asked.values()
        if not isinstance(each, int)
    ]
    named = {column for each in stated for column in each if isinstance(column, str)}
    grid = read_grid(source, Message("list {name!r}", name=name))
    table = as_table(grid, named)
    found = mapped(name, table, {**_of_released(table), **asked} if released else asked)
    kind = None if released else kind_of_released(name, grid, table)
    if kind is not None:
        note = Message(
            "list {name!r} seems to name released people, and is taken for one of the detained. If so, name "
            "it in released, as {kind!r}",
            name=name,
            kind=kind,
        )
        table = replace(table, notes=(*table.notes, note))
    orders = _ORDERS[dayfirst]
    parsed = replace(_parsed(name, *_with_stays(table, found), orders), seems_released=kind)
    if released and not any(parsed.left):
        parsed = replace(parsed, titled=tuple(days_within(f"{name} {_title(grid, table)}", orders)))
    if not allow_future:
        refuse_days_to_come(name, parsed)
    return parsed


def _with_stays(table: Table, found: Mapped) -> tuple[Table, Mapped]:
    """Two columns for one whose cells hold the day of the arrest and that of the exit."""
    lacking = [role for role in ("arrested", "left") if role not in found.of]
    if "stay" not in found.of or not lacking:
        return table, found
    column = found.of["stay"][0]
    ends = zip(*map(ends_of_stay, table.columns[column]), strict=True)
    made = {role: list(cells) for role, cells in zip(("arrested", "left"), ends, strict=True)}
    at = {role: (len(table.columns) + k,) for k, role in enumerate(lacking)}
    more = replace(
        table,
        columns=[*table.columns, *(made[role] for role in lacking)],
        shown=(*table.shown, *[table.shown[column]] * len(lacking)),
    )
    return more, replace(found, of={**found.of, **at})


def kind_of_released(name: str, grid: Grid, table: Table) -> Kind | None:
    """Tell a list of released people by its columns and by the words of its file and of its titles.

    Parameters
    ----------
    name : str
        How the file or the sheet is called.
    grid, table : Grid, Table
        Its cells, and its columns.

    Returns
    -------
    {"announced", "verified"} or None
        None for a list that has a day of arrest, or has no day of release or no word of it. A column
        called after releases with a day in every row is such a word, but in a file called after the detained.
        A day in a title that speaks of releases stands for a column of them.
    """
    roles = [
        role for header in table.names for role, sure in roles_of(header) if sure >= TUNING.stated_arrest
    ]
    headers = " ".join(map(normal, table.names))
    titles = f"{name} {_title(grid, table)}"
    spoken = re.search(f"{FLOWS['releases']}|{_WORDS}", normal(titles))
    heard = re.search(_HEARD, headers)
    titled = spoken and not _some_are_inside(table) and days_within(titles)
    spoken = spoken or (heard and re.search(_HEARD, normal(name)))
    of_release = "left" in roles or "left_known_on" in roles or heard or titled
    if "arrested" in roles or not of_release:
        return None
    if not spoken and (re.search(_DETAINED, normal(name)) or not _all_are_released(table)):
        return None
    return "verified" if re.search(_HEARD, f"{normal(name)} {headers}") else "announced"


def _some_are_inside(table: Table) -> bool:
    """Tell whether a column of statuses says of somebody that he is held."""
    named = [header for header in table.names if "status" in dict(roles_of(header))]
    columns = (table.columns[table.names.index(header)] for header in named)
    return any(cell and read_status(cell)[0] in _HELD for column in columns for cell in column)


def _title(grid: Grid, table: Table) -> str:
    """Join what stands above the names of the columns."""
    above = takewhile(lambda row: not {*map(str, row)} & {*table.names}, grid.rows[: TUNING.title_rows])
    return " ".join(str(cell) for row in above for cell in row if cell)


def _all_are_released(table: Table) -> bool:
    """Tell whether every row has a day in one column of days of release."""
    named = [re.search(FLOWS["releases"], normal(header)) is not None for header in table.names]
    columns = (column for column, of_release in zip(table.columns, named, strict=True) if of_release)
    return any(len(column) and all(cell and looks_like_day(cell) for cell in column) for column in columns)


def _of_released(table: Table) -> dict[str, str | None]:
    """Columns of a list of released people by role: its day is no arrest, and its prison no place of one."""
    found: dict[str, str | None] = {"place": None, "left_known_on": None, "last_confirmed": None}
    days = []
    for column, header in enumerate(table.names):
        filled = [cell for cell in table.columns[column] if cell]
        roles = dict(roles_of(header))
        if "born" in roles or roles.get("arrested", 0.0) >= TUNING.stated_arrest or not filled:
            continue
        if sum(map(looks_like_day, filled)) >= TUNING.days_of_release * len(filled):
            heard = bool(re.search(_HEARD, normal(header)))
            days.append(("left" not in roles, not heard, "listed_on" in roles, column))
    if days:
        found["left"] = table.shown[min(days)[-1]]
    if not any(dict(roles_of(header)).get("arrested", 0.0) >= TUNING.stated_arrest for header in table.names):
        found["arrested"] = None
    return found


class _Reader:
    """The columns of one table, read a role at a time, with what could not be read."""

    def __init__(self, table: Table, found: Mapped, orders: Sequence[str]) -> None:
        self.table = table
        self.orders = orders
        self.of = found.of
        self.problems: list[Problem] = []
        self.notes: list[Message] = []

    def cells(self, role: str) -> list[str]:
        """Cells of the only column of a role; blank ones where there is none."""
        columns = self.of.get(role, ())
        return self.table.columns[columns[0]] if columns else [""] * self.table.n_rows

    def problem(self, row: int, column: int, expected: Message) -> None:
        """Note a cell that could not be read."""
        line = self.table.lines[row] if self.table.lines else None
        self.problems.append(Problem(self.table.numbers[row], line, self.table.shown[column], expected))

    def each(self, role: str, read: Callable[[str], tuple[Any, Message | None]]) -> list[Any]:
        """Values of a role; equal cells are read once."""
        known: dict[str, tuple[Any, Message | None]] = {}
        values = []
        for row, cell in enumerate(self.cells(role)):
            if cell not in known:
                known[cell] = read(cell) if cell else (None, None)
            value, expected = known[cell]
            if expected is not None:
                self.problem(row, self.of[role][0], expected)
            values.append(value)
        return values

    def leave_out(
        self,
        role: str,
        values: list[Any],
        others: Sequence[Any],
        wrong: Callable[..., bool],
        expected: Message,
    ) -> None:
        """Leave out what another cell of the row contradicts: the row stays, and the cell is named."""
        for row, (value, other) in enumerate(zip(values, others, strict=True)):
            if value is not None and wrong(value, other):
                self.problem(row, self.of[role][0], expected)
                values[row] = None

    def days(self, role: str) -> list[Span | None]:
        """Days of a role, in the stated order, or else in the one that the column shows."""
        if role not in self.of:
            return [None] * self.table.n_rows
        cells = self.cells(role)
        orders = [*map(order_of, cells)]
        where, column = self.table.where, self.table.shown[self.of[role][0]]
        order = MONTH_FIRST if MONTH_FIRST in orders and DAY_FIRST not in orders else DAY_FIRST
        order = order if order in self.orders else self.orders[0]
        days = self.each(role, lambda cell: read_span(cell, order, born=role == "born"))
        if len(self.orders) == 1:
            self.leave_out(role, days, orders, lambda _, each: each not in (None, "", order), _STATED_ORDER)
        elif {DAY_FIRST, MONTH_FIRST} <= {*orders}:
            first, second = (self.table.numbers[orders.index(each)] for each in (DAY_FIRST, MONTH_FIRST))
            known = ["" if each == "" else None for each in orders]
            self.leave_out(role, days, known, lambda _, each: each == "", _ONE_ORDER)
            n = orders.count("")
            self.notes.append(
                Message.counted(
                    "{where}: column {column!r} has the day first in row {first} and the month first in row "
                    "{second}. 1 day that reads both ways is not used. Write the days as 2025-01-31",
                    "{where}: column {column!r} has the day first in row {first} and the month first in row "
                    "{second}. {n:,} days that read both ways are not used. Write the days as 2025-01-31",
                    n=n,
                    where=where,
                    column=column,
                    first=first,
                    second=second,
                )
            )
        elif "" in orders and order not in orders:
            self.notes.append(
                Message(
                    "{where}: no row shows whether the day or the month comes first in column {column!r}; "
                    "the day was taken to be first",
                    where=where,
                    column=column,
                )
            )
        return days


def _begins_after(span: Span, other: Span | None) -> bool:
    """Tell if all of some days are after others."""
    return other is not None and span.first > other.last


def _ends_before(span: Span, other: Span | None) -> bool:
    """Tell if all of some days are before others."""
    return other is not None and span.last < other.first


def _is_inside(status: str, left: Span | None) -> bool:
    """Tell if a status is "held" where an exit is known."""
    return status == "inside" and left is not None


def _without(_: Span, exit_: Any) -> bool:
    """Tell if there is nothing that could have become known."""
    return exit_ is None


def _parsed(name: str, table: Table, found: Mapped, orders: Sequence[str]) -> Parsed:
    """Every column read."""
    reader = _Reader(table, found, orders)
    names = _names(reader)
    documents = _documents(reader)
    arrested, listed = reader.days("arrested"), reader.days("listed_on")
    born = _births(reader, arrested, listed)
    sexes, wrong = read_sexes(reader.cells("sex"))
    for row in wrong:
        reader.problem(row, found.of["sex"][0], EXPECTED_SEX)
    left, confirmed = reader.days("left"), reader.days("last_confirmed")
    known = reader.days("left_known_on")
    status = reader.each("status", read_status)
    _let_out(reader, status)
    _ended_by_death(reader.days("died"), left, status)
    reader.leave_out("arrested", arrested, listed, _begins_after, Message("a day up to the day of listing"))
    reader.leave_out("left", left, arrested, _ends_before, Message("a day on or after the arrest"))
    birth = "born" if "born" in found.of else "age"
    reader.leave_out(birth, born, arrested, _begins_after, Message("a day before the arrest"))
    reader.leave_out("last_confirmed", confirmed, left, _begins_after, Message("a day up to the exit"))
    reader.leave_out("status", status, left, _is_inside, Message("a status that agrees with the exit"))
    reader.leave_out("left_known_on", known, left, _ends_before, Message("a day on or after the exit"))
    reader.leave_out("left_known_on", known, listed, _ends_before, Message("a day on or after the listing"))
    exits = [
        out if out is not None or stated in (None, *_HELD) else stated
        for out, stated in zip(left, status, strict=True)
    ]
    reader.leave_out("left_known_on", known, exits, _without, Message("nothing, where no exit is known"))
    whole = found.of.get("name")
    order = {role: position for position, role in enumerate(ROLES)}
    reader.problems.sort(key=lambda problem: (problem.row, problem.column))
    return Parsed(
        rows=table.numbers,
        names=names,
        document=documents,
        born=born,
        arrested=arrested,
        left=left,
        listed_on=listed,
        left_known_on=known,
        last_confirmed=confirmed,
        place=[place_name(cell) for cell in reader.cells("place")],
        sex=sexes,
        referred=[is_referred(cell, name) for cell in reader.cells("referred_by")],
        status=status,
        surname_first=surname_first(table.names[whole[0]]) if whole else None,
        problems=reader.problems,
        mapping=[
            (table.shown[column], role, why)
            for column, role, why in sorted(found.uses, key=lambda use: order.get(use[1], len(order)))
        ],
        notes=(*table.notes, *found.notes, *reader.notes),
    )


def _ended_by_death(died: list[Span | None], left: list[Span | None], status: list[Any]) -> None:
    """Take the day of death for that of the exit where no other is known."""
    for row, day in enumerate(died):
        if day is not None and left[row] is None:
            left[row], status[row] = day, status[row] or "dead"


def _let_out(reader: _Reader, status: list[Any]) -> None:
    """Count persons whose exit has an unknown day as released, where exits of others are left blank."""
    cells = reader.cells("left")
    unknown = [row for row, cell in enumerate(cells) if is_unknown(cell)]
    undated = [row for row in unknown if status[row] is None]
    n_nothing = sum(map(is_nothing, cells))
    are_exits = n_nothing - len(unknown) >= TUNING.blank_exits * n_nothing
    for row in undated if are_exits else ():
        status[row] = "released"
    if undated:
        where, n = reader.table.where, len(undated)
        reader.notes.append(
            Message.counted(
                "{where}: 1 cell says that the day of the exit is not known, and others are blank: 1 person "
                "is taken to have left on an unknown day. Blank the cell if the person is held",
                "{where}: {n:,} cells say that the day of the exit is not known, and others are blank: {n:,} "
                "persons are taken to have left on an unknown day. Blank these cells if the persons are held",
                where=where,
                n=n,
            )
            if are_exits
            else Message(
                "{where}: hardly any cell of the exits is blank, so that the {n:,} cells that say that the "
                "day is not known are taken to say that the person is held. Give a status if some of them "
                "left",
                where=where,
                n=n,
            )
        )


def _names(reader: _Reader) -> list[Name]:
    """Words of the name in each row."""
    whole = reader.of.get("name")
    if whole:
        cells = reader.table.columns[whole[0]]
        several = [row for row, cell in enumerate(cells) if sum(map(_is_whole, cell.split(";"))) > 1]
        if several:
            at, column = reader.table.numbers[several[0]], reader.table.shown[whole[0]]
            raise InputError(
                Message.counted(
                    "column {column!r}: 1 cell names several persons, in row {row}. Write a row for each "
                    "person",
                    "column {column!r}: {n:,} cells name several persons, the first in row {row}. Write a "
                    "row for each person",
                    column=column,
                    n=len(several),
                    row=at,
                )
            )
        return [_name_in(reader, row, whole[0], whole=True) for row in range(reader.table.n_rows)]
    return [_of_parts(reader, row) for row in range(reader.table.n_rows)]


def _is_whole(part: str) -> bool:
    """Tell if a part of a cell names a person by itself: both names, or a document, or a comma between."""
    words = {*plain(part).split()}
    return "," in part or bool(name_and_document(part)[1] or (words & GIVEN and words & SURNAMES))


def _of_parts(reader: _Reader, row: int) -> Name:
    """The name whose parts stand in columns of their own."""
    given, surnames = (
        [_name_in(reader, row, column) for column in reader.of.get(role, ())] for role in ("given", "surname")
    )
    words = tuple(word for part in (*given, *surnames) for word in part.words)
    flagged = tuple(flag for part in (*given, *surnames) for flag in part.flagged)
    return Name(words, flagged, n_given=sum(len(part.words) for part in given) if words else -1)


def _name_in(reader: _Reader, row: int, column: int, *, whole: bool = False) -> Name:
    """Words of a cell; none where it holds more than a name, as comparing its words would take hours."""
    cell, _ = name_and_document(reader.table.columns[column][row])
    name = tokens_of(cell[: TUNING.name_letters + 1])
    longest = max(map(len, name.words), default=0)
    if (
        len(cell) > TUNING.name_letters
        or len(name.words) > TUNING.name_words
        or longest > TUNING.word_letters
    ):
        reader.problem(
            row,
            column,
            Message(
                "the name of one person, of at most {letters} letters and {words} words",
                letters=TUNING.name_letters,
                words=TUNING.name_words,
            ),
        )
        return NO_NAME
    if whole and cell and not (name.words or is_nothing(cell) or names_nobody(cell)):
        reader.problem(row, column, _EXPECTED_NAME)
    return name


def _documents(reader: _Reader) -> list[tuple[int, int]]:
    """Number and kind of the document in each row: of the first column that has one."""
    found = [(NO_DOCUMENT, UNKNOWN)] * reader.table.n_rows
    letters = reader.cells("document_type")
    named = [name_and_document(cell)[1] for cell in reader.cells("name")]
    columns = [(column, reader.table.columns[column]) for column in reader.of.get("document", ())]
    for column, cells in [*columns, (reader.of.get("name", (0,))[0], named)]:
        for row, cell in enumerate(cells):
            if not cell or found[row][0] != NO_DOCUMENT:
                continue
            number, kind, expected = read_document(cell)
            if expected is not None:
                reader.problem(row, column, expected)
            elif number != NO_DOCUMENT:
                found[row] = (number, kind or _kind(letters[row]))
    return found


def _kind(text: str) -> int:
    """Kind of a document by a column of its own."""
    return _KINDS.get(plain(text).strip(" .-"), UNKNOWN)


def _births(reader: _Reader, arrested: list[Span | None], listed: list[Span | None]) -> list[Span | None]:
    """Days of birth, or of an age on the day of arrest or of listing, or on some day of the list."""
    born = reader.days("born")
    if "age" not in reader.of:
        return born
    ages = reader.each("age", read_age)
    known = [span for span in (*arrested, *listed) if span is not None and not span.open]
    some = Span(min(s.first for s in known), max(s.last for s in known)) if known else None
    n_undated = 0
    for row, age in enumerate(ages):
        if age is None or born[row] is not None:
            continue
        own = [span for span in (arrested[row], listed[row]) if span is not None and not span.open]
        day = own[0] if own else some
        if day is None:
            n_undated += 1
        else:
            born[row] = born_by_age(age, day)
    if n_undated:
        reader.notes.append(
            Message.counted(
                "{where}: 1 age is not used, as no row says on which day it was asked",
                "{where}: {n:,} ages are not used, as no row says on which day they were asked",
                n=n_undated,
                where=reader.table.where,
            )
        )
    return born
