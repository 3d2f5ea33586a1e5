"""What cells hold: nothing, 0 and 1, or whole numbers of persons."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount.errors import InputError
from detcount.frames.places import Place, message
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
    """Whether a cell holds nothing."""
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
        return np.asarray(values)
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
        raise InputError(message("more than have lived", where=place.where, what=fewer))
    return values.astype(np.int64)


def other(where: str, what: Message, got: str, remedy: Message | None = None) -> Message:
    """Message for something else than was expected."""
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
    """What a cell holds, in a word."""
    if not isinstance(value, str):
        return type(value).__name__
    if value.lstrip().startswith("="):
        return Message("a formula without its value")
    return Message("an error of a formula") if value.strip().upper() in _ERRORS else _TEXT


def remedy_of_cell(value: Any) -> Message:
    """What to do about a cell that holds neither a mark nor a number."""
    return RECODE if kind_of_cell(value) in (_TEXT, type(value).__name__) else _MEND_FORMULA


def _kind(values: NDArray[Any]) -> str:
    """What a column holds, in a word."""
    return _TEXT if values.dtype.kind in "US" else "bool" if values.dtype.kind == "b" else str(values.dtype)
