"""Contents of cells: nothing, 0 and 1, whole numbers of persons, or marks such as "x" in place of 0 and 1.

It is one thing: what a column holds, what a message says of it, and what is then read.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount.contract import arguments
from detcount.errors import InputError, InputTypeError
from detcount.reading.frames.places import Place, how_to_ask, meanings
from detcount.words import Message, Number, quoted

MOST_PERSONS = 120_000_000_000  # about as many as have ever lived, and exact in floating point
RECODE = Message("Recode the column first")
MARK = Message("0 or 1")
_MEND_FORMULA = Message("Mend it in a spreadsheet program, and save the file there")
_PERSONS = Message("a whole number of persons")
_TEXT = Message("text")
TO_NUMBERS = Message("Turn the column into numbers first")
_SHOWN_NUMBER = 99  # larger numbers in a column may be identifiers, and are not shown
# what spreadsheets in English and Spanish show where a formula fails
_ERRORS = frozenset(
    ("#N/A", "#N/D", "#REF!", "#¡REF!", "#VALUE!", "#¡VALOR!", "#NAME?", "#¿NOMBRE?", "#DIV/0!", "#¡DIV/0!")
)
_FIGURES = re.compile(r"[+-]?\d{1,15}", re.ASCII)


def missing(value: Any) -> bool:
    """Check that a cell holds nothing."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, np.datetime64):
        return bool(np.isnat(value))
    return isinstance(value, (float, np.floating)) and math.isnan(value)


def refuse_missing(absent: NDArray[Any], place: Place, first_row: int = 0) -> None:
    """Name the first row that has no value."""
    if absent.any():
        raise InputError(missing_value(place, first_row + int(np.flatnonzero(absent)[0])))


def missing_value(place: Place, row: int) -> Message:
    """Message for a row that has no value."""
    return Message("{where}: a value is missing. {remedy}", where=place.at(row), remedy=place.remedy)


def array(values: Any, where: str) -> NDArray[Any]:
    """Array of what was given; rows of different lengths are refused."""
    try:
        made = np.asarray(values)
        # Text beside a number, as nan, would become text.
        mixed = made.dtype.kind == "U" and made.ndim == 1 and not all(isinstance(v, str) for v in values)
        return np.asarray(values, dtype=object) if mixed else made
    except ValueError:
        raise InputError(Message("{where}: expected rows of one length", where=where)) from None


def one_a_row(values: Any, where: str) -> list[Any]:
    """Cells of a column as Python objects, numpy days as they are; something else is refused."""
    if isinstance(values, np.ma.MaskedArray):
        return list(values.tolist())
    if isinstance(values, np.ndarray):
        if values.ndim != 1:
            raise InputError(several_a_row(where, values))
        return list(values) if values.dtype.kind == "M" else list(values.tolist())
    if isinstance(values, str) or not isinstance(values, Iterable):
        kind = type(values).__name__
        raise InputError(Message("{where}: expected one value a row, got {kind}", where=where, kind=kind))
    return list(values)


def several_a_row(where: str, values: NDArray[Any]) -> Message:
    """Message for an array that is no column."""
    shape = repr(values.shape)
    return Message("{where}: expected one value a row, got shape {shape}", where=where, shape=shape)


def shown(value: Any) -> Number | Message:
    """A number as a person writes it; one that could identify somebody is not shown."""
    return Number(float(value), "g") if abs(float(value)) <= _SHOWN_NUMBER else Message("another number")


def indicator(values: NDArray[Any], place: Place, first_row: int = 0) -> NDArray[Any]:
    """Column of 0 and 1; says which row is something else, and shows small numbers only."""
    if values.dtype.kind == "b":
        return values
    if values.dtype.kind == "O":
        values = _numbers(values, place, MARK, first_row)
    if values.dtype.kind not in "iuf":
        raise InputError(other(place.where, MARK, _kind(values), RECODE))
    bad = (values != 0) & (values != 1)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        if np.isnan(values[row]):
            refuse_missing(np.isnan(values), place, first_row)
        raise InputError(other(place.at(first_row + row), MARK, shown(values[row])))
    return values


def whole(
    values: NDArray[Any], place: Place, *, what: Message = _PERSONS, most: int = MOST_PERSONS
) -> NDArray[np.int64]:
    """Whole numbers, not negative, none missing, their sum below `most`; a copy."""
    if values.dtype.kind in "US":
        values = values.astype(object)
    if values.dtype.kind == "O":
        values = _numbers(values, place, what, booleans=False)
    if values.dtype.kind not in "iuf":
        raise InputError(other(place.where, what, _kind(values), RECODE))
    if values.dtype.kind == "f":
        refuse_missing(np.isnan(values), place)
    bad = values < 0
    if values.dtype.kind == "f":
        bad |= values != np.floor(values)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise InputError(other(place.at(row), what, shown(values[row])))
    if values.size and float(values.sum(dtype=np.float64)) >= most:
        fewer = (
            Message("fewer than {most:,} in all, about as many people as have ever lived", most=most)
            if most == MOST_PERSONS
            else Message("fewer than {most:,} in all", most=most)
        )
        raise InputError(
            Message("{where}: expected {what}, got more. Check the column", where=place.where, what=fewer)
        )
    return values.astype(np.int64)


def other(where: str, what: Message, got: str, remedy: Message | None = None) -> Message:
    """Message for a value of another kind than the expected one."""
    if remedy is None:
        return Message("{where}: expected {what}, got {got}", where=where, what=what, got=got)
    return Message(
        "{where}: expected {what}, got {got}. {remedy}", where=where, what=what, got=got, remedy=remedy
    )


def _numbers(
    values: NDArray[Any], place: Place, what: Message, first_row: int = 0, *, booleans: bool = True
) -> NDArray[np.float64]:
    """Numbers kept as Python objects, as an array; anything else is refused by its type."""
    allowed = (int, float, np.bool_, np.integer, np.floating)
    kinds = set(map(type, values))
    if not all(issubclass(kind, allowed) and (booleans or kind not in (bool, np.bool_)) for kind in kinds):
        as_text: int | None = None
        for row, value in enumerate(values, first_row):
            if missing(value):
                raise InputError(missing_value(place, row))
            if isinstance(value, str) and _FIGURES.fullmatch(value.strip()):
                # one cell of words makes text of a whole column of a file: the words are what is to be mended
                as_text = row if as_text is None else as_text
            elif not isinstance(value, allowed) or (not booleans and isinstance(value, (bool, np.bool_))):
                remedy = (
                    Message("Write the number alone, in figures without points or commas")
                    if isinstance(value, str)
                    else RECODE
                )
                raise InputError(other(place.at(row), what, kind_of_cell(value), remedy))
        if as_text is not None:
            got = Message("a number written as text")
            raise InputError(other(place.at(as_text), what, got, TO_NUMBERS))
    try:
        return values.astype(np.float64)
    except OverflowError:
        got = Message("a number beyond every count of persons")
        raise InputError(other(place.where, what, got)) from None


def either(names: Sequence[str]) -> str:
    """Names in quotation marks, "or" between any two of them."""
    return or_between(list(map(quoted, names)))


def or_between(things: Sequence[str]) -> str:
    """Things of which one is meant, "or" between any two of them."""
    return reduce(lambda before, last: Message("{before} or {last}", before=before, last=last), things)


def kind_of_cell(value: Any) -> str:
    """Name the content of a cell in a word."""
    if not isinstance(value, str):
        return type(value).__name__
    if value.lstrip().startswith("="):
        return Message("a formula without its value")
    return Message("an error of a formula") if value.strip().upper() in _ERRORS else _TEXT


def remedy_of_cell(value: Any) -> Message:
    """Choose the remedy for a cell that holds neither a mark nor a number."""
    return RECODE if kind_of_cell(value) in (_TEXT, type(value).__name__) else _MEND_FORMULA


def _kind(values: NDArray[Any]) -> str:
    """Name the content of a column in a word."""
    return _TEXT if values.dtype.kind in "US" else "bool" if values.dtype.kind == "b" else str(values.dtype)


_WITH_ZEROS = re.compile(r"[+-]?\d{1,15}(?:\.0*)?", re.ASCII)

# What people write for "is on the list" and "is not"; a column of nothing else can be described.
YES = ("x", "si", "sí", "s", "yes", "y", "true", "verdadero", "v", "✓", "✔", "*", "+")
NO = ("no", "n", "false", "falso", "f", "-", "–", "—")


@dataclass(frozen=True)
class Marks:
    """Words that mean 1 and 0 in a table because its reader asked for it.

    Parameters
    ----------
    yes, no : sequence of str, optional
        Words for 1 and for 0, beside the figures; spaces, capitals and accents make no difference. A figure 1
        in a column of words has to be one of them.
    blank_is_0 : bool, optional
        Whether a blank cell means 0.
    """

    yes: Sequence[str] = ()
    no: Sequence[str] = ()
    blank_is_0: bool = False
    _known: dict[str, bool] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = {"0": False, "1": True}
        for name, words, means in (("yes", self.yes, True), ("no", self.no, False)):
            for word in _words(name, words):
                if known.setdefault(word, means) is not means:
                    raise InputError(
                        Message(
                            "{name}: {word!r} means {number} already",
                            name=name,
                            word=word,
                            number=int(not means),
                        )
                    )
        arguments.true_or_false("blank_is_0", self.blank_is_0)
        object.__setattr__(self, "yes", tuple(self.yes))
        object.__setattr__(self, "no", tuple(self.no))
        object.__setattr__(self, "_known", known)

    def __bool__(self) -> bool:
        return bool(self.yes or self.no or self.blank_is_0)

    def note(self) -> Message:
        """Note for readers of the table."""
        ones, zeros = _ones_and_zeros(self.yes, self.no, self.blank_is_0)
        if not zeros:
            return Message("in the columns of lists {ones} was read as 1, as was asked", ones=ones)
        if not ones:
            return Message("in the columns of lists {zeros} was read as 0, as was asked", zeros=zeros)
        return Message(
            "in the columns of lists {ones} was read as 1 and {zeros} as 0, as was asked",
            ones=ones,
            zeros=zeros,
        )

    def read(self, cells: Iterable[Any], n_cells: int, place: Place) -> NDArray[np.uint8]:
        """Cells of a column as 0 and 1; the first that is neither is refused, by its row.

        So is a figure 1 among words, unless it is one of them: it may be a slip, or a total.
        """
        seen: dict[Any, bool] = {}
        marks = np.empty(n_cells, dtype=np.uint8)
        words, figure = False, -1
        for row, cell in enumerate(cells):
            try:
                mark = seen.get(cell)
            except TypeError:  # a cell that holds several things
                mark = None
            if mark is None:
                mark = self._meaning(cell, place, row)
                number = number_of(cell)
                words |= number is None and not missing(cell)
                figure = row if number == 1 and figure < 0 else figure
                if cell == cell:
                    seen[cell] = mark
            marks[row] = mark
        if words and figure >= 0 and "1" not in map(arguments.plain, self.yes):
            raise InputError(
                Message(
                    "{where}: expected a word that yes or no names, got the figure 1 in a column of such "
                    "words. If it is meant, {ask}",
                    where=place.at(figure),
                    ask=how_to_ask({"yes": [*self.yes, "1"]}),
                )
            )
        return marks

    def _meaning(self, cell: Any, place: Place, row: int) -> bool:
        """Read a cell as 1 or 0; refuse one that means neither."""
        if missing(cell):
            if self.blank_is_0:
                return False
            raise InputError(
                Message(
                    "{where}: the cell is blank. If that means 0, {ask}; if nobody knows, leave the row out",
                    where=place.at(row),
                    ask=how_to_ask({"blank_is_0": True}),
                ),
                ask_for={"blank_is_0": True},
            )
        number = number_of(cell)
        if isinstance(cell, str) and arguments.plain(cell) in self._known:
            return self._known[arguments.plain(cell)]
        if number is not None and math.isfinite(number) and f"{number:g}" in self._known:
            return self._known[f"{number:g}"]
        mark = mark_of(cell)
        if mark is not None:
            ask_for = {"yes": [*self.yes, mark]} if mark in YES else {"no": [*self.no, mark]}
            raise InputError(
                Message(
                    "{where}: expected 0, 1 or a word that yes or no names, got {mark!r}. If it means "
                    "{number}, {ask}",
                    where=place.at(row),
                    mark=mark,
                    number=int(mark in YES),
                    ask=how_to_ask(ask_for),
                ),
                ask_for=ask_for,
            )
        raise InputError(
            Message(
                "{where}: expected 0, 1 or a word that yes or no names, got {got}",
                where=place.at(row),
                got=shown(number) if number is not None else kind_of_cell(cell),
            )
        )


def _words(name: str, words: Any) -> list[str]:
    """Words as they are compared; one text is not taken for the words of its letters."""
    if isinstance(words, str):
        raise InputError(
            Message(
                "{name}: expected several words, got the text {text!r}. Write [{text!r}]",
                name=name,
                text=words,
            )
        )
    try:
        found = list(words)
    except TypeError:
        raise InputTypeError(
            Message("{name}: expected a sequence of words, got {kind}", name=name, kind=type(words).__name__)
        ) from None
    for word in found:
        if not isinstance(word, str):
            raise InputTypeError(
                Message("{name}: expected words as text, got {kind}", name=name, kind=type(word).__name__)
            )
        if not word.strip():
            raise InputError(
                Message(
                    "{name}: expected words, got a blank one. If blank cells mean 0, {ask}",
                    name=name,
                    ask=how_to_ask({"blank_is_0": True}),
                )
            )
    return [arguments.plain(word) for word in found]


def mark_of(value: Any) -> str | None:
    """A mark that people write in place of 1 and 0, in one spelling."""
    if not isinstance(value, str):
        return None
    plain = unicodedata.normalize("NFC", value.strip()).casefold()
    return plain if plain in YES or plain in NO else None


def all_mean_roles(cells: Iterable[Any]) -> bool:
    """Check that every filled cell means a role, and that one is filled."""
    filled = [cell for cell in cells if not missing(cell)]
    return bool(filled) and all(meanings("roles", cell) for cell in filled)


def means_yes(value: Any) -> bool | None:
    """Read yes or no from a mark or from 1 and 0; None where a cell says neither."""
    mark, number = mark_of(value), number_of(value)
    if mark is not None:
        return mark in YES
    return bool(number) if number in (0, 1) else None


def number_of(value: Any) -> float | None:
    """Number that a cell holds, also as text in figures."""
    if isinstance(value, str):
        return float(value) if _WITH_ZEROS.fullmatch(value.strip()) else None
    if isinstance(value, (bool, int, float, np.bool_, np.integer, np.floating)):
        try:
            return float(value)
        except OverflowError:
            return math.inf
    return None


_FIRST = 1000  # cells of a column that mostly show whether it holds marks


@dataclass(frozen=True)
class FoundMarks:
    """Content of a column that holds nothing but marks, blank cells, 0 and 1.

    Parameters
    ----------
    yes, no : tuple of str
        The marks, each in one spelling.
    blank : bool
        Whether there are blank cells.
    figures : frozenset of int
        Which of 0 and 1 there are.
    """

    yes: tuple[str, ...]
    no: tuple[str, ...]
    blank: bool
    figures: frozenset[int]

    @property
    def ask_for(self) -> dict[str, Any]:
        """Arguments under which the column would be read; nothing where what is meant is not plain.

        Beside a 0, or a word for it, a blank cell seems to be a value that is missing.
        """
        if (1 in self.figures and self.yes) or (0 in self.figures and self.no):
            return {}
        found: dict[str, Any] = {}
        if self.yes:
            found["yes"] = _one_spelling(self.yes)
        if self.no:
            found["no"] = _one_spelling(self.no)
        if self.blank and not self.no and 0 not in self.figures:
            found["blank_is_0"] = True
        return found


def found_marks(cells: Iterable[Any]) -> FoundMarks | None:
    """Marks of a column; None where it holds anything else, of which nothing may be shown."""
    found: set[str] = set()
    figures: set[int] = set()
    blank = False
    for value in cells:
        if missing(value):
            blank = True
        elif (mark := mark_of(value)) is not None:
            found.add(mark)
        elif (number := number_of(value)) in (0, 1):
            figures.add(int(number))
        else:
            return None
    return FoundMarks(
        tuple(mark for mark in YES if mark in found),
        tuple(mark for mark in NO if mark in found),
        blank,
        frozenset(figures),
    )


def columns_of_marks(frame: Any) -> list[str]:
    """Names of the columns of a pandas frame that hold marks of lists and nothing else."""
    return [str(name) for name in frame.columns if frame[name].notna().any() and marks_in(frame[name])]


def marks_in(cells: Any) -> FoundMarks | None:
    """Marks of a pandas series, as `found_marks` finds them; each value is looked at once."""
    if found_marks(cells.iloc[:_FIRST].tolist()) is None:  # as of names, which may all differ
        return None
    return found_marks(cells.unique().tolist())


def together(columns: Iterable[FoundMarks | None]) -> dict[str, Any]:
    """Arguments under which several columns would be read.

    A blank cell that seems to be a value that is missing, in any of them, is left to be decided.
    """
    known = [column for column in columns if column is not None]
    asked: dict[str, Any] = {}
    for column in known:
        for name, value in column.ask_for.items():
            asked[name] = _one_spelling([*asked.get(name, ()), *value]) if name != "blank_is_0" else True
    if any(column.blank and "blank_is_0" not in column.ask_for for column in known):
        asked.pop("blank_is_0", None)
    return {name: asked[name] for name in ("yes", "no", "blank_is_0") if name in asked}


def _one_spelling(marks: Sequence[str]) -> list[str]:
    """Marks without those that differ from another in accents alone."""
    return list({arguments.plain(mark): mark for mark in reversed(marks)}.values())[::-1]


def message_of_marks(cells: Iterable[Any], place: Place) -> Message | None:
    """Say what a column holds in place of 0 and 1, where no arguments would read it: the first such row."""
    first: dict[str, int] = {}  # rows of the first blank cell, mark, figure as text, and cell of another kind
    found: set[str] = set()
    strange: Any = None
    more_marks = 0  # than cells of another kind
    for row, value in enumerate(cells):
        mark = mark_of(value)
        if missing(value):
            first.setdefault("blank", row)
        elif mark is not None:
            found.add(mark)
            first.setdefault("mark", row)
            more_marks += 1
        elif number_of(value) in (0, 1):
            if isinstance(value, str):
                first.setdefault("figure", row)
        else:
            more_marks -= 1
            if first.setdefault("other", row) == row:
                strange = value
    number = number_of(strange)
    got = shown(number) if number is not None else kind_of_cell(strange)
    if "other" in first and more_marks > 0:
        return Message(
            "{where}: expected 0 or 1, got {got} in a column of text such as {marks!r:,}. Mend the cell, or "
            "leave the row out if it is no person but a total",
            where=place.at(first["other"]),
            got=got,
            marks=sorted(found),
        )
    faults = sorted((row, kind) for kind, row in first.items() if kind != "figure")
    if not faults:
        numbers, as_text = Message("0 or 1 as numbers"), Message("0 and 1 written as text")
        return other(place.where, numbers, as_text, TO_NUMBERS) if first else None
    row, kind = faults[0]
    if kind == "blank":
        return missing_value(place, row)
    if kind == "other":
        return other(place.at(row), MARK, got, None if number is not None else remedy_of_cell(strange))
    if "other" in first:  # marks may stand among names, and are not shown
        return other(place.at(row), MARK, _TEXT, RECODE)
    remedy = Message("Write 1 where the person is on the list, and 0 where not")
    return other(place.at(row), MARK, either(sorted(found)), remedy)


def message_of_asking(found: FoundMarks, place: Place, ask_for: dict[str, Any]) -> Message:
    """Say what a column holds in place of 0 and 1, and how to have it read."""
    marks = [*found.yes, *found.no]
    if not marks:
        got = Message("1 and blank cells")
    elif found.blank:
        got = Message("text such as {marks!r:,} and blank cells", marks=marks)
    else:
        got = Message("text such as {marks!r:,}", marks=marks)
    ones, zeros = _ones_and_zeros(ask_for.get("yes", ()), ask_for.get("no", ()), "blank_is_0" in ask_for)
    ask = how_to_ask(ask_for)
    if not zeros:
        remedy = Message("If {ones} means 1 in the columns of lists, {ask}", ones=ones, ask=ask)
    elif not ones:
        remedy = Message("If {zeros} means 0 in the columns of lists, {ask}", zeros=zeros, ask=ask)
    else:
        remedy = Message(
            "If {ones} means 1 and {zeros} means 0 in the columns of lists, {ask}",
            ones=ones,
            zeros=zeros,
            ask=ask,
        )
    return other(place.where, MARK, got, remedy)


def _ones_and_zeros(yes: Sequence[str], no: Sequence[str], blank_is_0: bool) -> tuple[str, str]:
    """List in words the cells that mean 1 and those that mean 0; empty where none does."""
    zeros = [*map(quoted, no), *([Message("a blank cell")] if blank_is_0 else [])]
    return or_between(list(map(quoted, yes))) if yes else "", or_between(zeros) if zeros else ""
