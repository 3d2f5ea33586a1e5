"""A frame of any kind, and its columns by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount.errors import InputError
from detcount.frames.cells import array, one_a_row, several_a_row
from detcount.frames.columns import Column, arrow_rows, as_numpy, collected, count_by, is_lazy, plain_numbers
from detcount.frames.places import DATA_ROWS, Place, RowNames, how_to_ask, message, row_names
from detcount.words import Message


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
        if isinstance(frame, Frame):
            return frame
        if isinstance(frame, Mapping):
            return cls(frame, tuple(frame), DATA_ROWS)
        import narwhals.stable.v2 as nw
        from narwhals.exceptions import DuplicateError

        elsewhere = arrow_rows(frame)
        if elsewhere is not None:
            return cls(elsewhere, tuple(elsewhere.collect_schema().names()), DATA_ROWS)
        try:
            wrapped = nw.from_native(frame)
        except TypeError:
            raise TypeError(message("no frame", kind=type(frame).__name__)) from None
        except DuplicateError:
            raise InputError(Message("the frame has several columns of one name. Rename them")) from None
        return cls(wrapped, tuple(wrapped.collect_schema().names()), row_names(frame))

    def columns(self, places: Mapping[str, tuple[str, Message]]) -> dict[str, Column]:
        """Columns by name; `places` says what a message calls each, and the remedy for a missing value."""
        self.require(places)
        if isinstance(self.data, Mapping):
            columns = {
                name: self._of_mapping(name, Place(*place, self.rows)) for name, place in places.items()
            }
            lengths = {len(column) for column in columns.values()}
            if len(lengths) > 1:
                raise InputError(message("different lengths", lengths=repr(sorted(lengths))))
            return columns
        read = self.read(tuple(places))
        return {
            name: Column(plain_numbers(read[name]), Place(*place, self.rows))
            for name, place in places.items()
        }

    def read(self, names: Sequence[str]) -> Any:
        """Read some columns of a frame that is no mapping, as a narwhals frame."""
        import narwhals.stable.v2 as nw

        if isinstance(self.data, nw.LazyFrame):
            return collected(self.data.select(*names))
        return self.data.select(*names)

    @property
    def is_lazy(self) -> bool:
        """Whether the rows are somewhere else, where they can be counted without reading them here."""
        return not isinstance(self.data, Mapping) and is_lazy(self.data)

    def lazily(self) -> Any:
        """The frame with what is asked of it put off, where its engine counts groups well; else None."""
        import narwhals.stable.v2 as nw

        if isinstance(self.data, nw.DataFrame) and self.data.implementation.is_polars():
            return self.data.lazy()
        return self.data if isinstance(self.data, nw.LazyFrame) else None

    def require(self, places: Mapping[str, tuple[str, Message]]) -> None:
        """Refuse columns that are not there; nothing is read."""
        for name, (where, _) in places.items():
            self._require(name, where, tuple(places))

    def groups(self, keys: Sequence[str]) -> Any:
        """Groups of rows with equal keys, with the number of rows of each under `N_ROWS`."""
        return count_by(self.data, keys)

    def cells(self, names: Sequence[str]) -> dict[str, list[Any]]:
        """Cells of some columns as Python objects, by name."""
        if isinstance(self.data, Mapping):
            return {name: one_a_row(self.data[name], Message("column {name!r}", name=name)) for name in names}
        read = self.read(names)
        return {name: read[name].to_list() for name in names}

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
        return as_numpy(self.read((name,))[name])

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
            raise InputError(several_a_row(place.where, values))
        return Column(values, place)

    def _require(self, name: str, where: str, wanted: Sequence[str]) -> None:
        """Refuse a column that is not there, and say what may be meant."""
        if name in self.names:
            return
        below = self.header_below(wanted)
        if below is not None:
            raise below
        raise InputError(
            message(
                "no such column", where=where, n=len(self.names), remedy=self._split(name) or self._near(name)
            )
        )

    def header_below(self, wanted: Sequence[str]) -> InputError | None:
        """Error for names of columns that stand in a row of the data; None if they do not."""
        row = self._row_of_names(wanted)
        if row is None:
            return None
        lines = self.rows.lines
        if lines is None:
            remedy = message("delete what is above")
            ask_for = {}
        else:
            ask_for = {"header_row": lines.of(row)}
            remedy = Message("If what is above it is a title, {ask}", ask=how_to_ask(ask_for))
        return InputError(
            message("names below", row=self.rows(row), remedy=remedy),
            ask_for=ask_for,
        )

    def _row_of_names(self, wanted: Sequence[str]) -> int | None:
        """Row of the data that holds the names that are wanted."""
        asked = {name.strip().casefold() for name in wanted if isinstance(name, str)}
        try:
            cells = self.head(20)
        except (TypeError, ValueError, KeyError):  # a mapping of something that has no first rows
            return None
        for row in range(max(map(len, cells.values()), default=0)):
            found = {str(column[row]).strip().casefold() for column in cells.values() if row < len(column)}
            if len(asked & found) >= min(2, len(asked)):
                return row
        return None

    def _split(self, name: str) -> Message | None:
        """Say that a name is several names of columns in one, if it is."""
        for separator in (";", "|", ",", "\t", "\n"):
            parts = [part.strip() for part in str(name).split(separator)]
            if len(parts) > 1 and all(part in self.names for part in parts):
                return message("names in one", n=len(parts), names=parts)
        return None

    def _near(self, name: str) -> Message:
        """Name of the nearest column."""
        from difflib import get_close_matches

        known = {str(other).casefold(): str(other) for other in self.names}
        near = get_close_matches(str(name).casefold(), known, n=1)
        # a column with a word more than what was typed may be the whole name of a person
        if near and len(near[0].split()) <= len(str(name).split()):
            return Message("Did you mean {name!r}?", name=known[near[0]])
        return Message("Check the spelling")
