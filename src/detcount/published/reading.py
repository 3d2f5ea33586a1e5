"""Reading columns of published counts from frames of any kind, with messages that name row and column.

One chapter: which columns are read, and how a number, a flag, a text, a role and a day are.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount import arguments
from detcount.arguments import FIRST_YEAR, HOW_TO_WRITE_A_DAY, LAST_YEAR, TWO_SPELLINGS, Sentences
from detcount.arguments import one_spelling as _two_spellings
from detcount.errors import InputError
from detcount.frames import (
    DATA_ROWS,
    Frame,
    RowNames,
    all_mean,
    how_to_ask,
    meanings,
    means_yes,
    missing,
    one_a_row,
    plain_name,
    shown,
)
from detcount.reading.days import day_first, orders_shown
from detcount.words import Message, Name

message = Sentences("detcount.published")

ROLES = ("announced", "verified", "reported")
MOST_ALIVE = 10_000_000_000  # persons; no count of people held or let out is above
# similarity of two words of which one is the other with a slip; "freed" is like "reported" by 0.6
_MISSPELT = 0.8
_WHICH_ROLE = message("which role")
_IN_THREES = re.compile(
    r"\d{1,3}(?:([.,\u00a0\u202f\u2009' ])\d{3})(?:\1\d{3})*", re.ASCII
)  # no person is a fraction
_FIGURES = re.compile(rf"\d+|{_IN_THREES.pattern}", re.ASCII)


def read_columns(
    frame: Any, *, required: Sequence[str], optional: Sequence[str]
) -> tuple[dict[str, list[Any]], list[str]]:
    """Values of the columns that are there, by name, and their names as the frame has them.

    A column is read under other names that mean the same; one that may be misspelt is refused.
    """
    whole = Frame.of(frame)
    found = _present([str(name) for name in whole.names], required, optional, whole)
    cells = whole.cells(list(found.values()))
    columns = {name: cells[written] for name, written in found.items()}
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        raise message.refused("lengths of frame", lengths=str(sorted(lengths)))
    return columns, list(found.values())


def _present(
    available: Sequence[str], required: Sequence[str], optional: Sequence[str], frame: Frame
) -> dict[str, str]:
    """Columns to read, as the frame names them; absent ones are named together, with what may be meant."""
    known = [*required, *optional]
    if len(set(available)) < len(available):
        raise InputError(Message("the frame has several columns of one name. Rename them"))
    others = [name for name in available if name not in known]
    found = {name: name for name in known if name in available}
    for name in known:
        same = [other for other in others if name in meanings("columns", other)]
        if name == "role" and not same:
            same = [other for other in others if all_mean("roles", frame.cells([other])[other])]
        if name not in found and len(same) > 1:
            raise message.refused("two columns read as one", columns=same, name=name, n=len(same))
        if name not in found and same:
            found[name] = same[0]
    others = [name for name in others if name not in found.values()]
    missing = [name for name in required if name not in found]
    meant = {name: _meant(name, others) for name in known if name not in found}
    if missing:
        below = frame.header_below(required)
        if below is not None:
            raise below
        hints = {meant[name]: name for name in known if meant.get(name) is not None}
        remedy = (
            Message("Rename the columns that are meant, as in {hints}", hints=repr(hints))
            if hints
            else message("columns needed", required=", ".join(required), optional=", ".join(optional))
        )
        raise InputError(
            Message.counted(
                "the frame has no column {names}. {remedy}",
                "the frame has no columns {names}. {remedy}",
                n=len(missing),
                names=", ".join(map(repr, missing)),
                remedy=remedy,
            )
        )
    for name in optional:
        if meant.get(name) is not None:
            raise message.refused("column misspelt", column=str(meant[name]), name=name)
    return {name: found[name] for name in known if name in found}


def _meant(name: str, others: Sequence[str]) -> str | None:
    """Column that seems to be meant by another name."""
    from difflib import get_close_matches

    for other in others:
        if name in meanings("perhaps_columns", other):
            return other
    plain = {plain_name(other): other for other in others}
    near = get_close_matches(plain_name(name), plain, n=1, cutoff=0.8)
    return plain[near[0]] if near else None


def read_whole_counts(values: Any, where: str, *, rows: RowNames = DATA_ROWS) -> NDArray[np.int64]:
    """Whole numbers of persons, 0 or more, none missing."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "iu" and values.ndim == 1:
        negative = values < 0 if values.dtype.kind == "i" else np.zeros(len(values), dtype=bool)
        if not (negative.any() or (values >= MOST_ALIVE).any()):
            return values.astype(np.int64)
    counts = _numbers(values, where, rows)
    absent = [row for row, value in enumerate(counts) if value is None]
    if absent:
        raise message.refused("count missing", where=place(where, rows(absent[0])))
    return np.array(counts, dtype=np.int64)


def read_optional_counts(values: Any, where: str, *, rows: RowNames = DATA_ROWS) -> NDArray[np.float64]:
    """Whole numbers of persons, 0 or more; NaN where there is none."""
    return np.array(
        [np.nan if value is None else value for value in _numbers(values, where, rows)], dtype=np.float64
    )


def _numbers(values: Any, where: str, rows: RowNames) -> list[int | None]:
    """Whole numbers; None where one is missing."""
    from decimal import Decimal

    cells = one_a_row(values, where)
    texts = [value.strip() for value in cells if isinstance(value, str) and value.strip()]
    if any(map(_IN_THREES.fullmatch, texts)) and all(map(_FIGURES.fullmatch, texts)):
        cells = [
            int(re.sub(r"\D", "", each)) if isinstance(each, str) and each.strip() else each for each in cells
        ]
    # a file with one cell of words is read as text throughout: the words are what there is to mend
    words = [
        row
        for row, value in enumerate(cells)
        if isinstance(value, str) and value.strip() and not value.strip().isdigit()
    ]
    if words:
        raise message.refused("count as text", where=place(where, rows(words[0])), kind=Message("text"))
    read: list[int | None] = []
    for row, value in enumerate(cells):
        if missing(value) or (isinstance(value, Decimal) and value.is_nan()):
            read.append(None)
            continue
        if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.number, Decimal)):
            raise message.refused(
                "count as text",
                where=place(where, rows(row)),
                kind=Message("text") if isinstance(value, str) else type(value).__name__,
            )
        number: Any = value
        if isinstance(number, (complex, np.complexfloating)) or not abs(number) < MOST_ALIVE:
            raise message.refused("count too large", where=place(where, rows(row)))
        whole = int(number)
        if whole != number or whole < 0:
            raise message.refused("count not whole", where=place(where, rows(row)), got=shown(number))
        read.append(whole)
    return read


def read_flags(values: Any, where: str, *, rows: RowNames = DATA_ROWS) -> NDArray[np.bool_]:
    """True or False; an empty cell is False, as the source did not say it."""
    if isinstance(values, np.ndarray) and values.dtype.kind == "b" and values.ndim == 1:
        return values.astype(bool)
    read = []
    for row, value in enumerate(one_a_row(values, where)):
        stated = False if missing(value) else means_yes(value)
        if stated is not None:
            read.append(stated)
        else:
            raise message.refused(
                "flag",
                where=place(where, rows(row)),
                kind=Message("text") if isinstance(value, str) else Message("something else"),
            )
    return np.array(read, dtype=bool)


def read_texts(values: Any, where: str, *, required: bool, rows: RowNames = DATA_ROWS) -> tuple[str, ...]:
    """Text; an empty cell is the empty text, if that is allowed."""
    read: list[str] = []
    for row, value in enumerate(one_a_row(values, where)):
        if missing(value):
            if required:
                cell = place(where, rows(row))
                empty = message("blank", where=cell) if where == "source" else message("no name", where=cell)
                raise InputError(empty)
            read.append("")
        elif isinstance(value, str):
            read.append(value if isinstance(value, Name) else str(value))
        else:
            raise message.refused("no text", where=place(where, rows(row)), kind=type(value).__name__)
    return tuple(read)


def read_roles(values: Any, where: str, *, rows: RowNames = DATA_ROWS) -> tuple[str, ...]:
    """Roles, as they are spelled here or mean the same; of another word the nearest is named."""
    read = []
    for row, value in enumerate(one_a_row(values, where)):
        role = meanings("roles", value)
        if not role:
            raise message.refused("role", where=place(where, rows(row)), roles=ROLES, got=_other_role(value))
        read.append(role[0])
    return tuple(read)


def _other_role(value: Any) -> Message:
    """What stands in the place of a role, and which role may be meant."""
    from difflib import get_close_matches

    if missing(value):
        return Message("nothing. Say what kind of count it is")
    if not isinstance(value, str):
        return Message("{kind}. Write it as text", kind=type(value).__name__)
    plain = value.strip().casefold()
    near = get_close_matches(plain, ROLES, n=1, cutoff=_MISSPELT) or meanings("perhaps_roles", value)
    hint = Message("Did you mean {name!r}?", name=near[0]) if near else _WHICH_ROLE
    return Message("another word. {hint}", hint=hint)


def one_spelling(values: Sequence[str], where: str, *, rows: RowNames = DATA_ROWS) -> None:
    """Refuse a name that is written in two ways: one body would count as two."""
    found = _two_spellings(values)
    if found is not None:
        raise InputError(Message("{where}: {what}", where=place(where, rows.two(*found)), what=TWO_SPELLINGS))


def no_such(what: str, name: object, known: Sequence[str]) -> InputError:
    """Make the error for a label that is not there, with the nearest ones."""
    from difflib import get_close_matches

    labels = {label.casefold(): label for label in known if label}
    near = get_close_matches(str(name).casefold(), labels, n=2, cutoff=0.5)
    if near:
        hint = Message("Did you mean {names!r:or}?", names=[labels[label] for label in near])
    else:
        hint = Message("The counts have {n} of them; see to_frame()", n=len(labels))
    return InputError(Message("no {what} {name}. {hint}", what=what, name=repr(name), hint=hint))


def place(where: str, row: str) -> Message:
    """Name a cell by its column and its row."""
    return Message("{where}, {row}", where=where, row=row)


# figures that end with the year: 31/01/2026, 31-1-2026, 31.01.2026 14:30
_HOUR = re.compile(r"\d[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
_NO_DAY: np.datetime64 = np.datetime64("NaT", "D")


def read_days(
    values: Any, where: str, *, required: bool, rows: RowNames = DATA_ROWS, dayfirst: bool | None = None
) -> NDArray[np.datetime64]:
    """Days; NaT where there is none, if that is allowed.

    With `dayfirst` 31/01/2026 is a day too; where it is False, the refusal says how to ask for it.
    """
    if isinstance(values, np.ndarray) and values.dtype.kind == "M":
        days = values.astype("datetime64[D]")
    else:
        known: dict[str, np.datetime64] = {}
        read: list[np.datetime64] = []
        cells = one_a_row(values, where)
        for row, value in enumerate(cells):
            if missing(value):
                read.append(_NO_DAY)
                continue
            text = value if isinstance(value, str) else None
            if text in known:
                read.append(known[text])
                continue
            if text is not None and dayfirst is not None and day_first(text) != text:
                if not dayfirst:
                    raise _order_not_asked_for(place(where, rows(row)), cells)
                value = day_first(text)
            try:
                day = np.datetime64(arguments.day(where, value), "D")
            except InputError:  # once more, as the message names the row
                day = np.datetime64(arguments.day(place(where, rows(row)), value), "D")
            if text is not None:
                known[text] = day
            read.append(day)
        days = np.array(read, dtype="datetime64[D]")
    if days.ndim != 1:
        raise message.refused("days shape", where=where, shape=str(days.shape))
    absent = np.isnat(days)
    if required and absent.any():
        row = int(np.flatnonzero(absent)[0])
        raise InputError(_missing(place(where, rows(row))))
    years = days.astype("datetime64[Y]").astype(np.int64) + 1970
    outside = ~absent & ((years < FIRST_YEAR) | (years > LAST_YEAR))
    if outside.any():
        row = int(np.flatnonzero(outside)[0])
        raise message.refused(
            "year", where=place(where, rows(row)), first=FIRST_YEAR, last=LAST_YEAR, got=str(years[row])
        )
    return days


def by_hour(values: Any, days: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Order of the rows in which rows of one day follow their hours, where they carry one.

    A row without an hour keeps its place. Midnight is none: tables of days without hours are full of it.
    """
    hours = _hours(values)
    timed = np.flatnonzero(~np.isnan(hours))
    order = np.arange(len(hours))
    for day in np.unique(days[timed]):
        places = timed[days[timed] == day]
        order[places] = places[np.argsort(hours[places], kind="stable")]
    return order


def _hours(values: Any) -> NDArray[np.float64]:
    """Seconds since midnight of each row; NaN where there is no hour."""
    if isinstance(values, np.ndarray) and values.dtype.kind == "M":
        seconds = (values.astype("datetime64[s]") - values.astype("datetime64[D]")).astype(np.float64)
        seconds[np.isnat(values)] = np.nan
    else:
        seconds = np.array([_seconds(value) for value in values], dtype=np.float64)
    return np.where(seconds == 0, np.nan, seconds)


def _seconds(value: Any) -> float:
    """Seconds since midnight of one cell; NaN where it has no hour."""
    if isinstance(value, np.datetime64):
        since = value.astype("datetime64[s]") - value.astype("datetime64[D]")
        return float("nan") if np.isnat(since) else float(since.astype(np.int64))
    if isinstance(value, dt.datetime):
        return value.hour * 3600 + value.minute * 60 + value.second
    found = _HOUR.search(value) if isinstance(value, str) else None
    return (
        float("nan")
        if found is None
        else sum(int(part or 0) * scale for part, scale in zip(found.groups(), (3600, 60, 1), strict=True))
    )


def _order_not_asked_for(where: str, cells: Sequence[Any]) -> InputError:
    """Error for days that end with the year, with what the whole column shows of their order."""
    day_leads, month_leads = orders_shown(cell for cell in cells if isinstance(cell, str))
    ask_for = {"dayfirst": True}
    if day_leads and month_leads:
        got, remedy = Message("the day first in some rows and the month in others"), HOW_TO_WRITE_A_DAY
    elif month_leads:
        got, remedy = Message("the month first, then the day and the year"), HOW_TO_WRITE_A_DAY
    elif day_leads:
        got = Message("the day first, then the month and the year")
        remedy = Message("Rewrite it, or {ask}", ask=how_to_ask(ask_for))
    else:
        got = Message("the year last, and no row shows whether the day or the month comes first")
        remedy = Message("If it is the day, {ask}", ask=how_to_ask(ask_for))
    return message.refused(
        "order of days",
        where=where,
        got=got,
        remedy=remedy,
        ask_for=ask_for if day_leads and not month_leads else {},
    )


def _missing(where: str) -> Message:
    """Say that a day is missing."""
    return Message("{where}: the day is missing. {remedy}", where=where, remedy=HOW_TO_WRITE_A_DAY)


def read_day(value: Any, where: str) -> np.datetime64:
    """One day given as an argument."""
    if missing(value):
        raise InputError(_missing(where))
    return np.datetime64(arguments.day(where, value), "D")


def as_date(day: Any) -> dt.date:
    """A numpy day as a date of the standard library."""
    date: dt.date = np.datetime64(day, "D").astype(object)
    return date


def check_order(
    release: NDArray[np.datetime64],
    verification: NDArray[np.datetime64],
    where: str,
    rows: RowNames = DATA_ROWS,
) -> None:
    """Refuse a verification before its release."""
    early = verification < release  # never of NaT
    if early.any():
        row = int(np.flatnonzero(early)[0])
        raise message.refused(
            "before the release",
            where=place(where, rows(row)),
            got=str(verification[row]),
            release=str(release[row]),
        )


def days_between(first: np.datetime64, last: np.datetime64) -> int:
    """Days from one day to another."""
    return int((last - first).astype("timedelta64[D]").astype(np.int64))
