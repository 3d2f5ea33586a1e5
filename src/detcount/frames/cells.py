"""What cells hold: nothing, 0 and 1, marks in their place, or whole numbers of persons."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount.errors import InputError
from detcount.frames.places import Place
from detcount.words import Message, Number, quoted

__all__ = [
    "MOST_PERSONS",
    "RECODE",
    "array",
    "either",
    "indicator",
    "missing",
    "one_a_row",
    "refuse_missing",
    "several_a_row",
    "shown",
    "told_of_marks",
    "whole",
]

MOST_PERSONS = 120_000_000_000  # about as many as have ever lived, and exact in floating point
RECODE = Message("Recode the column first")
_MARK = Message("0 or 1")
_PERSONS = Message("a whole number of persons")
_TEXT = Message("text")
_TO_NUMBERS = Message("Turn the column into numbers first")
_SHOWN_NUMBER = 99  # larger numbers in a column may be identifiers, and are not shown
_FIGURES = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_WITH_ZEROS = re.compile(r"[+-]?\d{1,15}(?:\.0*)?", re.ASCII)

# What people write for "is on the list" and "is not"; a column of nothing else can be described.
_YES = ("x", "si", "sí", "s", "yes", "y", "true", "verdadero", "v", "✓", "✔", "*", "+")
_NO = ("no", "n", "false", "falso", "f", "-", "–", "—")


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
        raise InputError(_missing_value(place, first_row + int(np.flatnonzero(absent)[0])))


def _missing_value(place: Place, row: int) -> Message:
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
        values = _numbers(values, place, _MARK, first_row)
    if values.dtype.kind not in "iuf":
        raise InputError(_other(place.where, _MARK, _kind(values), RECODE))
    bad = (values != 0) & (values != 1)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        if np.isnan(values[row]):
            refuse_missing(np.isnan(values), place, first_row)
        raise InputError(_other(place.at(first_row + row), _MARK, shown(values[row])))
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
        raise InputError(_other(place.where, what, _kind(values), RECODE))
    if values.dtype.kind == "f":
        refuse_missing(np.isnan(values), place)
    bad = values < 0
    if values.dtype.kind == "f":
        bad |= values != np.floor(values)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise InputError(_other(place.at(row), what, shown(values[row])))
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


def _other(where: str, what: Message, got: str, remedy: Message | None = None) -> Message:
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
                raise InputError(_missing_value(place, row))
            if isinstance(value, str) and _FIGURES.fullmatch(value.strip()):
                # one cell of words makes text of a whole column of a file: the words are what is to be mended
                as_text = row if as_text is None else as_text
            elif not isinstance(value, allowed) or (not booleans and isinstance(value, (bool, np.bool_))):
                remedy = (
                    Message("Write the number alone, in figures without points or commas")
                    if isinstance(value, str)
                    else RECODE
                )
                raise InputError(_other(place.at(row), what, _kind_of_cell(value), remedy))
        if as_text is not None:
            got = Message("a number written as text")
            raise InputError(_other(place.at(as_text), what, got, _TO_NUMBERS))
    try:
        return values.astype(np.float64)
    except OverflowError:
        got = Message("a number beyond every count of persons")
        raise InputError(_other(place.where, what, got)) from None


def told_of_marks(cells: Iterable[Any], place: Place) -> Message | None:
    """Say what a column holds in place of 0 and 1: the first such row, or the marks of the column."""
    first: dict[str, int] = {}  # rows of the first blank cell, mark, figure as text, and 0 or 1 of any kind
    found: set[str] = set()
    for row, value in enumerate(cells):
        mark, number = _mark(value), _number(value)
        if missing(value):
            first.setdefault("blank", row)
        elif mark is not None:
            found.add(mark)
            first.setdefault("mark", row)
        elif number in (0, 1):
            first.setdefault("number", row)
            if isinstance(value, str):
                first.setdefault("figure", row)
        else:  # it can be anything, so that nothing of the column is shown
            if row > (blank := first.get("blank", row)) and blank <= first.get("mark", blank):
                return _missing_value(place, blank)
            if "mark" in first:
                return _other(place.at(first["mark"]), _MARK, _TEXT, RECODE)
            if number is not None:
                return _other(place.at(row), _MARK, shown(number))
            return _other(place.at(row), _MARK, _kind_of_cell(value), RECODE)
    if found and "number" not in first:
        return _other(place.where, _MARK, *_marks_in_words(found, "blank" in first))
    if "blank" in first and first["blank"] < first.get("mark", first["blank"] + 1):
        return _missing_value(place, first["blank"])
    if found:
        remedy = Message("Write 1 where the person is on the list, and 0 where not")
        return _other(place.at(first["mark"]), _MARK, either(sorted(found)), remedy)
    if "figure" in first:
        numbers, got = Message("0 or 1 as numbers"), Message("0 and 1 written as text")
        return _other(place.where, numbers, got, _TO_NUMBERS)
    return None


def either(names: Sequence[str]) -> str:
    """Names in quotation marks, "or" between any two of them."""
    return reduce(
        lambda before, last: Message("{before} or {last}", before=before, last=last), map(quoted, names)
    )


def _each(things: Sequence[str]) -> str:
    """Things of which all are meant, "and" between any two of them."""
    return reduce(lambda before, last: Message("{before} and {last}", before=before, last=last), things)


def _mark(value: Any) -> str | None:
    """A mark that people write in place of 1 and 0, in one spelling."""
    if not isinstance(value, str):
        return None
    plain = unicodedata.normalize("NFC", value.strip()).casefold()
    return plain if plain in _YES or plain in _NO else None


def _number(value: Any) -> float | None:
    """Number that a cell holds, also as text in figures."""
    if isinstance(value, str):
        return float(value) if _WITH_ZEROS.fullmatch(value.strip()) else None
    if isinstance(value, (bool, int, float, np.bool_, np.integer, np.floating)):
        try:
            return float(value)
        except OverflowError:
            return math.inf
    return None


def _kind_of_cell(value: Any) -> str:
    """What a cell holds, in a word."""
    return _TEXT if isinstance(value, str) else type(value).__name__


def _marks_in_words(found: set[str], blanks: bool) -> tuple[Message, Message]:
    """The marks of a column, and what to write in their place."""
    yes = [mark for mark in _YES if mark in found]
    no = [mark for mark in _NO if mark in found]
    if blanks:
        got = Message("text such as {marks!r:,} and blank cells", marks=yes + no)
    else:
        got = Message("text such as {marks!r:,}", marks=yes + no)
    zeros = [*map(quoted, no), *([Message("a blank cell")] if blanks else [])]
    if not zeros:
        return got, Message("Write 1 for {ones!r:,} first, if that is what they mean", ones=yes)
    if not yes:
        return got, Message("Write 0 for {zeros} first, if that is what they mean", zeros=_each(zeros))
    return got, Message(
        "Write 1 for {ones!r:,} and 0 for {zeros} first, if that is what they mean",
        ones=yes,
        zeros=_each(zeros),
    )


def _kind(values: NDArray[Any]) -> str:
    """What a column holds, in a word."""
    return _TEXT if values.dtype.kind in "US" else "bool" if values.dtype.kind == "b" else str(values.dtype)
