"""What cells hold: nothing, 0 and 1, marks in their place, or whole numbers of persons."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount.errors import InputError
from detcount.frames.places import Place

__all__ = [
    "MOST_PERSONS",
    "RECODE",
    "array",
    "indicator",
    "missing",
    "one_a_row",
    "refuse_missing",
    "shown",
    "told_of_marks",
    "whole",
]

MOST_PERSONS = 120_000_000_000  # about as many as have ever lived, and exact in floating point
RECODE = "Recode the column first"
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
        row = first_row + int(np.flatnonzero(absent)[0])
        raise InputError(f"{place.at(row)}: a value is missing. {place.remedy}")


def array(values: Any, where: str) -> NDArray[Any]:
    """Array of what was given; rows of different lengths are refused."""
    try:
        return np.asarray(values)
    except ValueError:
        raise InputError(f"{where}: expected rows of one length") from None


def one_a_row(values: Any, where: str) -> list[Any]:
    """Cells of a column as Python objects, numpy days as they are; something else is refused."""
    if isinstance(values, np.ma.MaskedArray):
        return list(values.tolist())
    if isinstance(values, np.ndarray):
        if values.ndim != 1:
            raise InputError(f"{where}: expected one value a row, got shape {values.shape}")
        return list(values) if values.dtype.kind == "M" else list(values.tolist())
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise InputError(f"{where}: expected one value a row, got {type(values).__name__}")
    return list(values)


def shown(value: Any) -> str:
    """A number as a person writes it; one that could identify somebody is not shown."""
    return f"{float(value):g}" if abs(float(value)) <= _SHOWN_NUMBER else "another number"


def indicator(values: NDArray[Any], place: Place, first_row: int = 0) -> NDArray[Any]:
    """Column of 0 and 1; says which row is something else, and shows small numbers only."""
    if values.dtype.kind == "b":
        return values
    if values.dtype.kind == "O":
        values = _numbers(values, place, "0 or 1", first_row)
    if values.dtype.kind not in "iuf":
        raise InputError(f"{place.where}: expected 0 or 1, got {_kind(values)}. {RECODE}")
    bad = (values != 0) & (values != 1)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        if np.isnan(values[row]):
            refuse_missing(np.isnan(values), place, first_row)
        raise InputError(f"{place.at(first_row + row)}: expected 0 or 1, got {shown(values[row])}")
    return values


def whole(
    values: NDArray[Any], place: Place, *, what: str = "a whole number of persons", most: int = MOST_PERSONS
) -> NDArray[np.int64]:
    """Whole numbers, not negative, none missing, their sum below `most`; a copy."""
    if values.dtype.kind in "US":
        values = values.astype(object)
    if values.dtype.kind == "O":
        values = _numbers(values, place, what, booleans=False)
    if values.dtype.kind not in "iuf":
        raise InputError(f"{place.where}: expected {what}, got {_kind(values)}. {RECODE}")
    if values.dtype.kind == "f":
        refuse_missing(np.isnan(values), place)
    bad = values < 0
    if values.dtype.kind == "f":
        bad |= values != np.floor(values)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise InputError(f"{place.at(row)}: expected {what}, got {shown(values[row])}")
    if values.size and float(values.sum(dtype=np.float64)) >= most:
        why = ", about as many people as have ever lived" if most == MOST_PERSONS else ""
        raise InputError(
            f"{place.where}: expected fewer than {most:,} in all{why}, got more. Check the column"
        )
    return values.astype(np.int64)


def _numbers(
    values: NDArray[Any], place: Place, what: str, first_row: int = 0, *, booleans: bool = True
) -> NDArray[np.float64]:
    """Numbers kept as Python objects, as an array; anything else is refused by its type."""
    allowed = (int, float, np.bool_, np.integer, np.floating)
    kinds = set(map(type, values))
    if not all(issubclass(kind, allowed) and (booleans or kind not in (bool, np.bool_)) for kind in kinds):
        as_text: int | None = None
        for row, value in enumerate(values, first_row):
            if missing(value):
                raise InputError(f"{place.at(row)}: a value is missing. {place.remedy}")
            if isinstance(value, str) and _FIGURES.fullmatch(value.strip()):
                # one cell of words makes text of a whole column of a file: the words are what is to be mended
                as_text = row if as_text is None else as_text
            elif not isinstance(value, allowed) or (not booleans and isinstance(value, (bool, np.bool_))):
                kind = "text" if isinstance(value, str) else type(value).__name__
                remedy = (
                    "Write the number alone, in figures without points or commas"
                    if kind == "text"
                    else RECODE
                )
                raise InputError(f"{place.at(row)}: expected {what}, got {kind}. {remedy}")
        if as_text is not None:
            raise InputError(
                f"{place.at(as_text)}: expected {what}, got a number written as text. Turn the column into "
                "numbers first"
            )
    try:
        return values.astype(np.float64)
    except OverflowError:
        raise InputError(
            f"{place.where}: expected {what}, got a number beyond every count of persons"
        ) from None


def told_of_marks(cells: Iterable[Any], place: Place) -> str | None:
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
                return f"{place.at(blank)}: a value is missing. {place.remedy}"
            if "mark" in first:
                return f"{place.at(first['mark'])}: expected 0 or 1, got text. {RECODE}"
            return f"{place.at(row)}: expected 0 or 1, got {_got(value)}"
    if found and "number" not in first:
        return f"{place.where}: expected 0 or 1, got {_marks_in_words(found, 'blank' in first)}"
    if "blank" in first and first["blank"] < first.get("mark", first["blank"] + 1):
        return f"{place.at(first['blank'])}: a value is missing. {place.remedy}"
    if found:
        return (
            f"{place.at(first['mark'])}: expected 0 or 1, got {' or '.join(map(repr, sorted(found)))}. "
            "Write 1 where the person is on the list, and 0 where not"
        )
    if "figure" in first:
        return (
            f"{place.where}: expected 0 or 1 as numbers, got 0 and 1 written as text. Turn the column into "
            "numbers first"
        )
    return None


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


def _got(value: Any) -> str:
    """What a cell holds that is no mark and no 0 or 1, and what to do."""
    number = _number(value)
    if number is not None:
        return shown(number)
    return f"{'text' if isinstance(value, str) else type(value).__name__}. {RECODE}"


def _marks_in_words(found: set[str], blanks: bool) -> str:
    """The marks of a column, and what to write in their place."""
    yes = [mark for mark in _YES if mark in found]
    no = [mark for mark in _NO if mark in found]
    blank = ["a blank cell"] if blanks else []
    got = f"text such as {', '.join(map(repr, yes + no))}" + (" and blank cells" if blank else "")
    ones = ", ".join(map(repr, yes))
    zeros = " and ".join([*map(repr, no), *blank])
    steps = [f"{digit} for {marks}" for digit, marks in (("1", ones), ("0", zeros)) if marks]
    return f"{got}. Write {' and '.join(steps)} first, if that is what they mean"


def _kind(values: NDArray[Any]) -> str:
    """What a column holds, in a word."""
    return {"U": "text", "S": "text", "b": "bool"}.get(values.dtype.kind, str(values.dtype))
