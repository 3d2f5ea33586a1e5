"""A column of any frame, read as numpy, and its equal values numbered alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount.errors import InputError
from detcount.frames.cells import RECODE, indicator, refuse_missing
from detcount.frames.found import FoundMarks, found_marks, together, told_of_asking, told_of_marks
from detcount.frames.marks import Marks
from detcount.frames.places import Place
from detcount.words import Message


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
        return as_numpy(values)

    def marks(self, start: int, stop: int, beside: Sequence[Column] = ()) -> NDArray[Any]:
        """Rows from `start` up to `stop` of a column of 0 and 1.

        An error says how to ask for other marks, also for those of the columns `beside` it.
        """
        try:
            return indicator(self.part(start, stop), self.place, start)
        except InputError as error:
            raise self._told(error, beside) from None

    def read_as(self, asked: Marks) -> Column:
        """Column of 0 and 1 in place of the marks that were asked for."""
        return Column(asked.read(self.cells(), len(self), self.place), self.place)

    def _told(self, error: InputError, beside: Sequence[Column]) -> InputError:
        """What the whole column says of a fault in it."""
        found = self.found_marks()
        if found is not None and found.ask_for:
            ask_for = together([found, *(column.found_marks() for column in beside if column is not self)])
            return InputError(told_of_asking(found, self.place, ask_for), ask_for=ask_for)
        told = told_of_marks(self.cells(), self.place) if self._may_be_text() else None
        return error if told is None else InputError(told)

    def found_marks(self) -> FoundMarks | None:
        """Marks of a column that holds nothing else."""
        return found_marks(self.cells())

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


def as_numpy(values: Any) -> NDArray[Any]:
    """Array of a narwhals series; numbers of 128 bits, which numpy lacks, as floats."""
    import narwhals.stable.v2 as nw

    if values.dtype in (nw.Int128, nw.UInt128):
        values = values.cast(nw.Float64)
    return np.asarray(values.to_numpy())


def plain_numbers(values: Any) -> Any:
    """The array below a pandas series of numbers or of True and False; another series as it is.

    Slices of an array cost nothing, and those of a series a tenth of a millisecond each.
    """
    native = values.to_native()
    kind = getattr(native, "dtype", None)
    plain = isinstance(kind, np.dtype) and kind.kind in "biuf" and hasattr(native, "to_numpy")
    return native.to_numpy() if plain else values


def _listed(values: Any) -> list[Any]:
    """Cells of a slice as Python objects."""
    return list(values.tolist() if isinstance(values, np.ndarray) else values.to_list())


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
            Message(
                "{where}: expected one value in each cell, text or a number, got something else. {remedy}",
                where=column.place.where,
                remedy=RECODE,
            )
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
