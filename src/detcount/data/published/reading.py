"""Reading columns of published counts, waves and audits from frames of any kind, by what they mean.

One chapter: which columns are read, and how a number, a flag, a text, a word and a day are. Messages name
row and column as the user has them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from detcount.contract import arguments
from detcount.contract.arguments import FIRST_YEAR, HOW_TO_WRITE_A_DAY, LAST_YEAR, TWO_SPELLINGS
from detcount.contract.arguments import one_spelling as _two_spellings
from detcount.errors import InputError
from detcount.reading.cells import as_text
from detcount.reading.days import DAY_FIRST, MONTH_FIRST, is_nothing, order_of, orders_shown, read_span
from detcount.reading.frames import (
    DATA_ROWS,
    Frame,
    KeptRows,
    RowNames,
    all_mean_roles,
    how_to_ask,
    meanings,
    means_yes,
    missing,
    one_a_row,
    plain_name,
    read_as,
    shown,
    words_for,
)
from detcount.reading.grids import COLUMNS_OF_DAYS
from detcount.reading.headers import columns_of
from detcount.reading.kinds import spans_in, with_days_in_rows
from detcount.reading.nobody import names_a_total
from detcount.words import N_, Message, Name

_COUNT_AS_TEXT = N_(
    "{where}: expected a whole number of persons, got {kind}. Write the number alone, in figures"
)
_FLAG = N_("{where}: expected yes, no or nothing, got {kind}. Write yes or no")
_ORDER_OF_DAYS = N_("{where}: expected a day as in 2026-01-31, got {got}. {remedy}")


Kind = Literal["day", "count", "optional count", "flag", "text", "roles", "scopes", "answers", "entries"]
"""What a column holds; the last four are kinds of words."""
ROLES = ("announced", "verified", "reported")
MOST_ALIVE = 10_000_000_000  # persons; no count of people held or let out is above
# similarity of two words of which one is the other with a slip; "freed" is like "reported" by 0.6
_MISSPELT = 0.8
_WHICH_ROLE, _ANOTHER_WORD = (
    Message(
        "A body of the state announced a count, a monitor verified it case by case, or somebody reported it "
        "without that claim: write which"
    ),
    Message("another word. Write one of them, or leave the cell empty"),
)
_ANOTHER, _NO_ANSWER = Message("something else"), " -–—./?¿"
_IN_THREES = re.compile(
    r"\d{1,3}(?:([.,\u00a0\u202f\u2009' ])\d{3})(?:\1\d{3}){0,4}", re.ASCII
)  # no person is a fraction
_FIGURES = re.compile(rf"\d{{1,15}}|{_IN_THREES.pattern}", re.ASCII)


@dataclass(frozen=True)
class Column:
    """A column: what it holds, whether a frame has to have it, and whether every cell has to be filled.

    It need not be there where the one that `unless` names is.
    """

    name: str
    kind: Kind
    in_frame: bool = True
    filled: bool = True
    one_spelling: bool = False
    unless: str = ""

    def read(self, values: Any, rows: RowNames, where: str, order: str | None = None) -> Any:
        """Check the cells; a message says which row is at fault."""
        if self.kind == "day":
            return read_days(values, where, required=self.filled, rows=rows, order=order)
        if self.kind in ("count", "optional count"):
            return read_counts(values, where, required=self.kind == "count", rows=rows)
        if self.kind == "flag":
            return read_flags(values, where, rows=rows)
        if self.kind != "text":
            return read_words(values, where, self.kind, required=self.filled, rows=rows)
        texts = read_texts(values, where, required=self.filled, rows=rows, who=self.name == "source")
        if self.one_spelling:
            one_spelling(texts, where, rows=rows)
        return texts

    def nothing(self, n_rows: int) -> list[Any]:
        """Cells of a column that the frame does not have."""
        nothing: dict[Kind, Any] = {"flag": False, "roles": "reported"}
        return [nothing.get(self.kind)] * n_rows


@dataclass(frozen=True)
class Read:
    """The columns of a frame, read.

    Parameters
    ----------
    values, cells : dict of str to object
        What every column holds, and the cells of those that are there, by what they mean.
    called : dict of str to str
        What the frame calls each column, or its own name where it is not there.
    rows : RowNames
        What messages call the rows.
    notes : tuple of Message
        What was read as what, and rows left out.
    """

    values: dict[str, Any]
    cells: dict[str, list[Any]]
    called: dict[str, str]
    rows: RowNames
    notes: tuple[Message, ...]


def read_columns(
    frame: Any,
    columns: Sequence[Column],
    kind: str,
    *,
    dayfirst: bool | None = None,
    others: bool = False,
) -> Read:
    """Read the columns of a table of a kind, under whatever names that mean the same.

    Rows that are totals are left out. A column that may be misspelt is refused, unless a file has `others`.
    Days that end with the year are read in one order: that of `dayfirst`, or the one that a row shows.
    """
    notes: list[Message] = []
    if kind == "stock" and callable(getattr(frame, "melt", None)) and hasattr(frame, "iloc"):
        frame, notes = with_days_in_rows(frame)
    whole = Frame.of(frame)
    found = _present(whole, columns, kind, others)
    held = whole.cells(list(dict.fromkeys(found.values())))
    cells = {name: held[written] for name, written in found.items()}
    lengths = {len(values) for values in cells.values()}
    if len(lengths) > 1:
        raise InputError(
            Message(
                "the columns have different lengths, {lengths}. Every row needs every column",
                lengths=str(sorted(lengths)),
            )
        )
    kept, rows = _kept(cells, columns), whole.rows
    if not kept:
        raise InputError(Message("the frame has no rows. Write at least one below the names of the columns"))
    if len(kept) < max(lengths):
        cells = {name: [values[row] for row in kept] for name, values in cells.items()}
        rows = KeptRows(rows.lines, kept=tuple(kept))
        notes.append(
            Message.counted(
                "1 row is a total, a source or a note, and was left out",
                "{n:,} rows are totals, sources or notes, and were left out",
                n=max(lengths) - len(kept),
            )
        )
    called = {column.name: found.get(column.name, column.name) for column in columns}
    days = [column.name for column in columns if column.kind == "day" and column.name in cells]
    order, shows = _order_of([cell for name in days for cell in cells[name]], dayfirst)
    values = {
        column.name: column.read(
            cells.get(column.name, column.nothing(len(kept))), rows, called[column.name], order
        )
        for column in columns
    }
    of_words = [each.name for each in columns if each.kind in ("roles", "scopes") and each.name in cells]
    words = [
        *read_as(found.items()),
        *(word for name in of_words for word in read_as(zip(values[name], cells[name], strict=True))),
    ]
    notes += [Message("it was read so: {words:,}", words=words)] if words else []
    return Read(values, cells, called, rows, (*notes, *shows))


def _present(whole: Frame, columns: Sequence[Column], kind: str, others: bool) -> dict[str, str]:
    """Columns to read, as the frame names them; absent ones are named together, with what may be meant."""
    known = [column.name for column in columns]
    names = [str(name) for name in whole.names]
    if len(set(names)) < len(names):
        raise InputError(Message("the frame has several columns of one name. Rename them"))
    free = [name for name in names if name not in known]
    found = {name: name for name in known if name in names}
    meant = columns_of(kind, free) if kind else {}
    for name, role in ((each.name, each.kind == "roles") for each in columns if each.name not in found):
        same = meant.get(name, [])
        if role and not same:
            same = [other for other in free if all_mean_roles(whole.cells([other])[other])]
        if len(same) > 1:
            raise InputError(
                Message(
                    "columns {columns!r:,}: expected one read as {name!r}, got {n}. Rename the others",
                    columns=same,
                    name=name,
                    n=len(same),
                )
            )
        if same:
            found[name] = same[0]
    free = [name for name in free if name not in found.values()]
    absent = [
        each.name for each in columns if each.in_frame and each.name not in found and each.unless not in found
    ]
    near = {name: _near(name, free) for name in known if name not in found}
    if absent:
        required = [column.name for column in columns if column.in_frame]
        below = whole.header_below(required)
        if below is not None:
            raise below
        if kind == "stock" and spans_in(names):
            raise InputError(
                Message(
                    COLUMNS_OF_DAYS,
                    where="date",
                )
            )
        hints = {near[name]: name for name in absent if near[name] is not None}
        optional = [name for name in known if name not in required]
        remedy = Message(
            "It needs {required}, and may have {optional}",
            required=", ".join(required),
            optional=", ".join(optional),
        )
        if hints:
            remedy = Message("Rename the columns that are meant, as in {hints}", hints=repr(hints))
        raise InputError(
            Message.counted(
                "the frame has no column {names}. {remedy}",
                "the frame has no columns {names}. {remedy}",
                n=len(absent),
                names=[_with_words(kind, name) for name in absent],
                remedy=remedy,
            )
        )
    for name in () if others else known:
        if near.get(name) is not None:
            raise InputError(
                Message(
                    "column {column!r}: is not among those that are read. Did you mean {name!r}? Rename it, "
                    "or drop it",
                    column=str(near[name]),
                    name=name,
                )
            )
    return {name: found[name] for name in known if name in found}


_FEW = 3  # words beside the name of a column, of which those of data are in Spanish first


def _with_words(kind: str, name: str) -> Message | str:
    """A column by its name and by words that people write for it."""
    words = [*words_for(kind, name), *words_for("columns", name)][:_FEW]
    return Message("{name!r} (or {words!r:,})", name=name, words=words) if words else repr(name)


def _near(name: str, others: Sequence[str]) -> str | None:
    """Column that seems to be meant by another name."""
    from difflib import get_close_matches

    for other in others:
        if name in meanings("perhaps_columns", other):
            return other
    plain = {plain_name(other): other for other in others}
    near = get_close_matches(plain_name(name), plain, n=1, cutoff=_MISSPELT)
    return plain[near[0]] if near else None


def _kept(cells: dict[str, list[Any]], columns: Sequence[Column]) -> list[int]:
    """Rows that are no totals: a row is one that says so where it should say who or when, and has no day."""
    needed = [each for each in columns if each.filled and each.name in cells]
    words = [cells[each.name] for each in needed if each.kind in ("day", "text", "roles")]
    days = [cells[each.name] for each in needed if each.kind == "day"]
    return [
        row
        for row in range(len(next(iter(cells.values()))))
        if not days
        or not all(missing(of[row]) or _is_total(of[row]) for of in days)
        or not any(map(_is_total, (of[row] for of in words)))
    ]


def _is_total(cell: Any) -> bool:
    """Check whether a cell says that the row is a total, a source or a note."""
    return isinstance(cell, str) and not cell.strip()[:1].isdigit() and names_a_total(cell)


_DAY_LEADS = Message("days are read with the day first, as a row shows")
_MONTH_LEADS = Message("days are read with the month first, as a row shows")


def _order_of(cells: Sequence[Any], dayfirst: bool | None) -> tuple[str | None, list[Message]]:
    """The order of days that end with the year, None where nothing shows it; and a note where a row does."""
    if dayfirst is not None:
        return DAY_FIRST if dayfirst else MONTH_FIRST, []
    day_leads, month_leads = orders_shown(cell for cell in cells if isinstance(cell, str))
    if bool(day_leads) == bool(month_leads):
        return None, []
    return (DAY_FIRST, [_DAY_LEADS]) if day_leads else (MONTH_FIRST, [_MONTH_LEADS])


def read_counts(
    values: Any, where: str, *, required: bool = True, rows: RowNames = DATA_ROWS
) -> NDArray[Any]:
    """Whole numbers of persons, 0 or more; NaN where there is none, if that is allowed.

    One sign at most parts the thousands of a column.
    """
    from decimal import Decimal

    cells = one_a_row(values, where)
    texts = {row: cell.strip() for row, cell in enumerate(cells) if isinstance(cell, str) and cell.strip()}
    parted = {found[1] for text in texts.values() if (found := _IN_THREES.fullmatch(text))}
    if len(parted) > 1:
        raise InputError(
            Message(
                "{where}: expected one sign between thousands, got two, such as 1.200 and 1,200. Write the "
                "numbers in figures alone",
                where=where,
            )
        )
    # a file with one cell of words is read as text throughout: the words are what there is to mend
    words = [row for row, text in texts.items() if not _FIGURES.fullmatch(text)]
    if words:
        raise InputError(Message(_COUNT_AS_TEXT, where=place(where, rows(words[0])), kind=Message("text")))
    read: list[float] = []
    for row, cell in enumerate(cells):
        value = int(re.sub(r"\D", "", cell)) if row in texts else cell
        if missing(value) or (isinstance(value, Decimal) and value.is_nan()):
            if required:
                raise InputError(
                    Message(
                        "{where}: the count is missing. Leave the row out, or write the number published",
                        where=place(where, rows(row)),
                    )
                )
            read.append(np.nan)
            continue
        if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.number, Decimal)):
            raise InputError(
                Message(_COUNT_AS_TEXT, where=place(where, rows(row)), kind=type(value).__name__)
            )
        number: Any = value
        if isinstance(number, (complex, np.complexfloating)) or not abs(number) < MOST_ALIVE:
            raise InputError(
                Message(
                    "{where}: expected a number of persons, got more than are alive. Check it",
                    where=place(where, rows(row)),
                )
            )
        whole = int(number)
        if whole != number or whole < 0:
            raise InputError(
                Message(
                    "{where}: expected a whole number of persons, 0 or more, got {got}. Write it without "
                    "points or commas, as in 1200",
                    where=place(where, rows(row)),
                    got=shown(number),
                )
            )
        read.append(whole)
    return np.array(read, dtype=np.int64 if required else np.float64)


def read_flags(values: Any, where: str, *, rows: RowNames = DATA_ROWS) -> NDArray[np.bool_]:
    """True or False; an empty cell is False, as the source did not say it."""
    stated = [False if missing(value) else means_yes(value) for value in one_a_row(values, where)]
    if None in stated:
        raise InputError(Message(_FLAG, where=place(where, rows(stated.index(None))), kind=_ANOTHER))
    return np.array(stated, dtype=bool)


def read_texts(
    values: Any, where: str, *, required: bool, rows: RowNames = DATA_ROWS, who: bool = False
) -> tuple[str, ...]:
    """Text; an empty cell is the empty text, if that is allowed. `who` says that it names who published."""
    cells = ["" if missing(value) else value for value in one_a_row(values, where)]
    if not who:  # waves and lists may have numbers for names
        cells = [as_text(value) if type(value) in (int, float) else value for value in cells]
    for row, value in enumerate(cells):
        if value == "" and required:
            cell = place(where, rows(row))
            raise InputError(
                Message("{where}: is blank. Say who published the count", where=cell)
                if who
                else Message("{where}: expected a name, got nothing. Say what the row is of", where=cell)
            )
        if not isinstance(value, str):
            raise InputError(
                Message(
                    "{where}: expected text, got {kind}. Write the column as text",
                    where=place(where, rows(row)),
                    kind=type(value).__name__,
                )
            )
    return tuple(value if isinstance(value, Name) else str(value) for value in cells)


def read_words(
    values: Any, where: str, kind: str, *, required: bool, rows: RowNames = DATA_ROWS
) -> tuple[str, ...]:
    """Words of a kind as they are spelled here, whatever means the same; of a role the nearest is named."""
    read = []
    for row, value in enumerate(one_a_row(values, where)):
        text = as_text(value)
        found = meanings(kind, text) or (() if required or text.strip(_NO_ANSWER) else ("",))
        if not found and kind in ("answers", "entries"):
            raise InputError(Message(_FLAG, where=place(where, rows(row)), kind=_ANOTHER))
        if not found:
            got = _other_role(value) if kind == "roles" else _ANOTHER_WORD
            known = words_for(kind)
            raise InputError(
                Message(
                    "{where}: expected {known!r:or}, got {got}",
                    where=place(where, rows(row)),
                    known=known,
                    got=got,
                )
            )
        read.append(found[0])
    return tuple(read)


def _other_role(value: Any) -> Message:
    """Describe what stands in the place of a role, and which role may be meant."""
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


# the hour of a day: 31.01.2026 14:30
_HOUR = re.compile(r"\d[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
_NO_DAY: np.datetime64 = np.datetime64("NaT", "D")


def read_days(
    values: Any, where: str, *, required: bool, rows: RowNames = DATA_ROWS, order: str | None = None
) -> NDArray[np.datetime64]:
    """Days as people write them; NaT where there is none, if that is allowed.

    Without an `order` those that end with the year are refused, and the refusal says how to ask for one.
    """
    if isinstance(values, np.ndarray) and values.dtype.kind == "M":
        days = values.astype("datetime64[D]")
    else:
        known: dict[str | None, np.datetime64] = {}
        read: list[np.datetime64] = []
        cells = one_a_row(values, where)
        order = order or _order_of(cells, None)[0]
        for row, value in enumerate(cells):
            text = as_text(value) if value is None or isinstance(value, (str, int, float)) else None
            if text is None or text not in known:
                if text is not None:
                    _check_order_of(text, order, place(where, rows(row)), cells)
                known[text] = _day(value, text, place(where, rows(row)), order or DAY_FIRST)
            read.append(known[text])
        days = np.array(read, dtype="datetime64[D]")
    if days.ndim != 1:
        raise InputError(
            Message("{where}: expected one day a row, got shape {shape}", where=where, shape=str(days.shape))
        )
    absent = np.isnat(days)
    if required and absent.any():
        row = int(np.flatnonzero(absent)[0])
        raise InputError(_missing(place(where, rows(row))))
    years = days.astype("datetime64[Y]").astype(np.int64) + 1970
    outside = ~absent & ((years < FIRST_YEAR) | (years > LAST_YEAR))
    if outside.any():
        row = int(np.flatnonzero(outside)[0])
        raise InputError(
            Message(
                "{where}: expected a year from {first} to {last}, got {got}. Write the year in four digits",
                where=place(where, rows(row)),
                first=FIRST_YEAR,
                last=LAST_YEAR,
                got=str(years[row]),
            )
        )
    return days


def _day(value: Any, text: str | None, where: str, order: str) -> np.datetime64:
    """One day; NaT where a cell is empty or says that nobody knows it."""
    if missing(value) or (text is not None and is_nothing(text)):
        return _NO_DAY
    span = None if text is None or isinstance(value, bool) else read_span(text, order)[0]
    if span is not None and (span.first < span.last or span.open):
        raise InputError(
            Message(
                "{where}: expected one day, got a month, a year or several days. {remedy}",
                where=where,
                remedy=HOW_TO_WRITE_A_DAY,
            )
        )
    return np.datetime64(arguments.day(where, value) if span is None else span.first, "D")


def by_hour(values: Any, days: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Order of the rows in which rows of one day follow their hours, where they carry one.

    A row without an hour keeps its place. Midnight is none: tables of days without hours are full of it.
    """
    hours = np.array([_seconds(value) for value in values], dtype=np.float64)
    hours[hours == 0] = np.nan
    timed = np.flatnonzero(~np.isnan(hours))
    order = np.arange(len(hours))
    for day in np.unique(days[timed]):
        places = timed[days[timed] == day]
        order[places] = places[np.argsort(hours[places], kind="stable")]
    return order


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


def _check_order_of(text: str, order: str | None, where: str, cells: Sequence[Any]) -> None:
    """Refuse a day that ends with the year where no order is known, or it can only be read in another."""
    own = order_of(text)
    if own is None or own == order or (order and not own):
        return
    if order is None and not any(orders_shown(each for each in cells if isinstance(each, str))):
        ask_for = {"dayfirst": True}
        got = Message("the year last, and no row shows whether the day or the month comes first")
        code, option = "dayfirst=False", "--monthfirst"
        remedy = Message(
            "If it is the day, {ask}; if it is the month, {code}, or {option}",
            ask=how_to_ask(ask_for),
            code=code,
            option=option,
        )
        raise InputError(Message(_ORDER_OF_DAYS, where=where, got=got, remedy=remedy), ask_for=ask_for)
    first = {
        DAY_FIRST: Message("the day first, then the month and the year"),
        MONTH_FIRST: Message("the month first, then the day and the year"),
    }
    got = first[own] if order else Message("the day first in some rows and the month in others")
    raise InputError(Message(_ORDER_OF_DAYS, where=where, got=got, remedy=HOW_TO_WRITE_A_DAY))


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
        raise InputError(
            Message(
                "{where}: expected a day on or after the release, got {got}, before {release}. Correct one "
                "of the two days, or leave the row out",
                where=place(where, rows(row)),
                got=str(verification[row]),
                release=str(release[row]),
            )
        )


def days_between(first: np.datetime64, last: np.datetime64) -> int:
    """Days from one day to another."""
    return int((last - first).astype("timedelta64[D]").astype(np.int64))
