"""Any frame: its columns, its rows as a person counts them, and names that are one name in two spellings."""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount.errors import InputError

__all__ = [
    "DATA_ROWS",
    "MOST_PERSONS",
    "Column",
    "Frame",
    "Lines",
    "Place",
    "RowNames",
    "array",
    "attach_lines",
    "factorized",
    "indicator",
    "missing",
    "numbered",
    "refuse_missing",
    "row_names",
    "shown",
    "whole",
]

MOST_PERSONS = 120_000_000_000  # about as many as have ever lived, and exact in floating point
RECODE = "Recode the column first"
_SHOWN_NUMBER = 99  # larger numbers in a column may be identifiers, and are not shown
_LINES = "_detcount_lines"
_FIGURES = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_WITH_ZEROS = re.compile(r"[+-]?\d{1,15}(?:\.0*)?", re.ASCII)
# What people write for "is on the list" and "is not"; a column of nothing else can be described.
_YES = ("x", "si", "sí", "s", "yes", "y", "true", "verdadero", "v", "✓", "✔", "*", "+")
_NO = ("no", "n", "false", "falso", "f", "-", "–", "—")


@dataclass(frozen=True)
class Lines:
    """Where the rows of a frame stand in the file it was read from.

    Parameters
    ----------
    starts : tuple of tuple of int
        (row from 0, line of the file): from each such row on, every row is one line further.
    word : str
        What a line is called, ``"line {}"`` or ``"row {} of the sheet"``.
    n_rows : int
        Rows of the frame.
    """

    starts: tuple[tuple[int, int], ...]
    word: str
    n_rows: int

    def of(self, row: int) -> int:
        """Line on which a row begins."""
        start, line = self.starts[bisect_right(self.starts, (row, math.inf)) - 1]
        return line + row - start


@dataclass(frozen=True)
class RowNames:
    """What messages call the rows: "data row 1" is the first, with its line where a file was read.

    Parameters
    ----------
    lines : Lines, optional
        The lines of the file.
    """

    lines: Lines | None = None

    def __call__(self, row: int) -> str:
        """One row, as a person finds it."""
        return f"data row {self._number(row)}"

    def two(self, first: int, second: int) -> str:
        """Two rows, in the order of the frame."""
        first, second = sorted((int(first), int(second)))
        return f"data rows {self._number(first)} and {self._number(second)}"

    def _number(self, row: int) -> str:
        """Number from 1, and the line."""
        number = str(int(row) + 1)
        if self.lines is None or not 0 <= row < self.lines.n_rows:
            return number
        return f"{number} ({self.lines.word.format(self.lines.of(int(row)))})"


DATA_ROWS = RowNames()


def attach_lines(frame: Any, lines: Lines) -> None:
    """Make a pandas frame know its lines; a frame made from it, with other rows, does not."""
    object.__setattr__(frame, _LINES, lines)


def row_names(frame: Any) -> RowNames:
    """Names of the rows, with their lines if this very frame was read from a file and has its rows still."""
    lines = getattr(frame, "__dict__", {}).get(_LINES)
    if not isinstance(lines, Lines) or lines.n_rows != len(frame):
        return DATA_ROWS
    index = frame.index
    in_order = lines.n_rows == 0 or (getattr(index, "start", None) == 0 and getattr(index, "step", None) == 1)
    return RowNames(lines) if in_order else DATA_ROWS


@dataclass(frozen=True)
class Place:
    """Where a value stands, for messages.

    Parameters
    ----------
    where : str
        What a message calls the column.
    remedy : str
        What to do where a value is missing, a sentence without a full stop.
    rows : RowNames
        What it calls the rows.
    """

    where: str
    remedy: str
    rows: RowNames = DATA_ROWS

    def at(self, row: int) -> str:
        """Column and row."""
        return f"{self.where}, {self.rows(row)}"


@dataclass(frozen=True)
class Frame:
    """A pandas, polars or pyarrow frame, a lazy one, or a mapping of columns.

    Parameters
    ----------
    data : mapping of str to array, or narwhals frame
        The columns; nothing is read before it is asked for.
    names : tuple of str
        Names of the columns.
    rows : RowNames
        What messages call the rows.
    """

    data: Any = field(repr=False)
    names: tuple[str, ...]
    rows: RowNames

    @classmethod
    def of(cls, frame: Any) -> Frame:
        """Take a frame of any kind; something else is refused."""
        if isinstance(frame, Mapping):
            return cls(frame, tuple(frame), DATA_ROWS)
        import narwhals.stable.v2 as nw
        from narwhals.exceptions import DuplicateError

        try:
            wrapped = nw.from_native(frame)
        except TypeError:
            raise TypeError(
                "frame: expected a pandas, polars or pyarrow frame, or a mapping of columns, "
                f"got {type(frame).__name__}"
            ) from None
        except DuplicateError:
            raise InputError("the frame has several columns of one name. Rename them") from None
        return cls(wrapped, tuple(wrapped.collect_schema().names()), row_names(frame))

    def columns(self, places: Mapping[str, tuple[str, str]]) -> dict[str, Column]:
        """Columns by name; `places` says what a message calls each, and the remedy for a missing value."""
        for name, (where, _) in places.items():
            self._require(name, where, tuple(places))
        if isinstance(self.data, Mapping):
            columns = {name: self._of_mapping(name, Place(*place)) for name, place in places.items()}
            lengths = {len(column) for column in columns.values()}
            if len(lengths) > 1:
                raise InputError(f"the columns have different lengths, {sorted(lengths)}")
            return columns
        read = self.read(tuple(places))
        return {name: Column(read[name], Place(*place, self.rows)) for name, place in places.items()}

    def read(self, names: Sequence[str]) -> Any:
        """Read some columns of a frame that is no mapping, as a narwhals frame."""
        import narwhals.stable.v2 as nw

        if isinstance(self.data, nw.LazyFrame):
            return self.data.select(*names).collect()
        return self.data.select(*names)

    def values(self, name: str) -> NDArray[Any] | None:
        """One column as an array; None where a mapping holds something else."""
        if isinstance(self.data, Mapping):
            try:
                values = np.ma.filled(np.asarray(self.data[name]), 0)
            except (TypeError, ValueError):
                return None
            return values if values.ndim == 1 else None
        import narwhals.stable.v2 as nw

        dtype = self.data.collect_schema()[name]
        if dtype.is_temporal() or dtype.is_nested() or dtype == nw.Boolean:
            return None
        return _as_numpy(self.read((name,))[name])

    def head(self, n_rows: int) -> dict[str, list[Any]]:
        """First cells of every column."""
        import narwhals.stable.v2 as nw

        if isinstance(self.data, Mapping):
            return {name: list(values[:n_rows]) for name, values in self.data.items()}
        first = self.data.head(n_rows)
        first = first.collect() if isinstance(first, nw.LazyFrame) else first
        return {name: column.to_list() for name, column in zip(self.names, first.iter_columns(), strict=True)}

    def _of_mapping(self, name: str, place: Place) -> Column:
        """Column of a mapping of arrays."""
        given = self.data[name]
        values = given if isinstance(given, np.ma.MaskedArray) else array(given, place.where)
        if values.ndim != 1:
            raise InputError(f"{place.where}: expected one value a row, got shape {values.shape}")
        return Column(values, place)

    def _require(self, name: str, where: str, wanted: Sequence[str]) -> None:
        """Refuse a column that is not there, and say what may be meant."""
        if name in self.names:
            return
        raise InputError(
            f"{where}: the frame has no such column among its {len(self.names)}. "
            f"{self.header_below(wanted) or self._split(name) or self._near(name)}"
        )

    def header_below(self, wanted: Sequence[str]) -> str:
        """Say that the names of the columns stand in a row of the data; empty if they do not."""
        asked = {name.strip().casefold() for name in wanted if isinstance(name, str)}
        try:
            cells = self.head(20)
        except (TypeError, ValueError, KeyError):  # a mapping of something that has no first rows
            return ""
        for row in range(max(map(len, cells.values()), default=0)):
            found = {str(column[row]).strip().casefold() for column in cells.values() if row < len(column)}
            if len(asked & found) >= min(2, len(asked)):
                return (
                    f"The names that were asked for stand in {self.rows(row)}: delete what is above them, "
                    "such as a title, so that the first row names the columns"
                )
        return ""

    def _split(self, name: str) -> str:
        """Say that a name is several names of columns in one, if it is."""
        for separator in (";", "|", ",", "\t", "\n"):
            parts = [part.strip() for part in str(name).split(separator)]
            if len(parts) > 1 and all(part in self.names for part in parts):
                return f"It is {len(parts)} names in one: write each by itself, {', '.join(map(repr, parts))}"
        return ""

    def _near(self, name: str) -> str:
        """Name of the nearest column."""
        from difflib import get_close_matches

        known = {str(other).casefold(): str(other) for other in self.names}
        near = get_close_matches(str(name).casefold(), known, n=1)
        return f"Did you mean {known[near[0]]!r}?" if near else "Check the spelling"


@dataclass(frozen=True)
class Column:
    """A column of a frame of any kind, read as numpy a slice at a time; refuses missing values.

    Parameters
    ----------
    values : ndarray or narwhals series
        The cells.
    place : Place
        What messages call it.
    """

    values: Any
    place: Place

    def __len__(self) -> int:
        return len(self.values)

    def part(self, start: int, stop: int) -> NDArray[Any]:
        """Rows from `start` up to `stop`."""
        values = self.values[start:stop]
        if isinstance(values, np.ma.MaskedArray):
            refuse_missing(np.ma.getmaskarray(values), self.place, start)
            return np.asarray(values.data)
        if isinstance(values, np.ndarray):
            return values
        if values.null_count():
            refuse_missing(values.is_null().to_numpy(), self.place, start)
        return _as_numpy(values)

    def marks(self, start: int, stop: int) -> NDArray[Any]:
        """Rows from `start` up to `stop` of a column of 0 and 1."""
        try:
            return indicator(self.part(start, stop), self.place, start)
        except InputError as error:  # of the whole column more can be said, if it is text
            told = _told_of_marks(self.cells(), self.place) if self._may_be_text() else None
            raise (error if told is None else InputError(told)) from None

    def _may_be_text(self) -> bool:
        """Whether cells can be text."""
        if isinstance(self.values, np.ndarray):
            return self.values.dtype.kind in "OUS"
        import narwhals.stable.v2 as nw

        dtype = self.values.dtype
        return not (dtype.is_numeric() or dtype.is_temporal() or dtype == nw.Boolean)

    def cells(self) -> Iterator[Any]:
        """Cells one by one, as Python objects."""
        for start in range(0, len(self), 1 << 16):
            yield from _listed(self.values[start : start + (1 << 16)])


def _as_numpy(values: Any) -> NDArray[Any]:
    """Array of a narwhals series; numbers of 128 bits, which numpy lacks, as floats."""
    import narwhals.stable.v2 as nw

    if values.dtype in (nw.Int128, nw.UInt128):
        values = values.cast(nw.Float64)
    return np.asarray(values.to_numpy())


def _listed(values: Any) -> list[Any]:
    """Cells of a slice as Python objects."""
    return list(values.tolist() if isinstance(values, np.ndarray) else values.to_list())


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


def _told_of_marks(cells: Iterable[Any], place: Place) -> str | None:
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


def numbered(column: Column) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Number equal values alike, and give the values.

    Missing and blank values are refused: they would make one person of all who have none.
    """
    codes, found = factorized(column)
    absent = codes < 0
    blank: list[int] = []
    if found.dtype.kind == "O":
        blank = [k for k, value in enumerate(found.tolist()) if isinstance(value, str) and not value.strip()]
    elif found.dtype.kind == "f":
        blank = np.flatnonzero(np.isnan(found)).tolist()
    if blank:
        absent |= np.isin(codes, blank)
    refuse_missing(absent, column.place)
    return codes.astype(np.int64, copy=False), found


def factorized(column: Column) -> tuple[NDArray[Any], NDArray[Any]]:
    """Codes and values; -1 where a value is missing. Cells that cannot be compared are refused."""
    try:
        return _factorized(column)
    except InputError:
        raise
    except (TypeError, ValueError, NotImplementedError):
        raise InputError(
            f"{column.place.where}: expected one value in each cell, text or a number, got something else. "
            f"{RECODE}"
        ) from None


def _factorized(column: Column) -> tuple[NDArray[Any], NDArray[Any]]:
    """Codes and values by the fastest way the frame offers; -1 where a value is missing."""
    import narwhals.stable.v2 as nw
    import pandas as pd

    values = column.values
    if isinstance(values, np.ndarray):
        cells = column.part(0, len(column))
        codes, found = pd.factorize(cells.astype(object) if cells.dtype.kind in "US" else cells)
        return codes, np.asarray(found)
    native = values.to_native()
    if isinstance(native, pd.Series):
        codes, index = pd.factorize(native)
        return codes, np.asarray(index)
    # categories may be unused, or stand twice; numbers of 128 bits have no other reader
    if values.dtype in (nw.Categorical, nw.Enum, nw.Int128, nw.UInt128):
        values = values.cast(nw.String)
    try:
        encoded = values.to_arrow().dictionary_encode()
    except ImportError:  # polars without pyarrow
        codes, found = pd.factorize(np.asarray(values.to_numpy()))
        return codes, np.asarray(found)
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return codes, encoded.dictionary.to_numpy(zero_copy_only=False)
