"""A frame of any kind: its columns by name, read as numpy, and rows that an engine counts.

It is one thing: the ways in which libraries of frames differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount.errors import InputError, InputTypeError, MissingExtraError
from detcount.reading.frames.cells import (
    RECODE,
    FoundMarks,
    Marks,
    array,
    found_marks,
    indicator,
    message_of_asking,
    message_of_marks,
    one_a_row,
    refuse_missing,
    several_a_row,
    together,
)
from detcount.reading.frames.places import DATA_ROWS, Place, RowNames, column_name, how_to_ask, row_names
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
            raise self._explained(error, beside) from None

    def read_as(self, asked: Marks) -> Column:
        """Column of 0 and 1 in place of the marks that were asked for."""
        return Column(asked.read(self.cells(), len(self), self.place), self.place)

    def _explained(self, error: InputError, beside: Sequence[Column]) -> InputError:
        """The error of one slice in the words that hold for the whole column."""
        found = self.found_marks()
        if found is not None and found.ask_for:
            ask_for = together([found, *(column.found_marks() for column in beside if column is not self)])
            return InputError(message_of_asking(found, self.place, ask_for), ask_for=ask_for)
        noted = message_of_marks(self.cells(), self.place) if self._may_be_text() else None
        return error if noted is None else InputError(noted)

    def found_marks(self) -> FoundMarks | None:
        """Marks of a column that holds nothing else."""
        return found_marks(self.cells())

    def _may_be_text(self) -> bool:
        """Check whether cells can be text."""
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


N_ROWS = "detcount: rows"  # no column of a frame is called so


@dataclass(frozen=True)
class ArrowRows:
    """Rows of an Arrow Dataset.

    Parameters
    ----------
    dataset : pyarrow.dataset.Dataset
        The rows, of which some at a time are in memory.
    """

    dataset: Any

    def collect_schema(self) -> Any:
        """Names of the columns and their types, as frames give them."""
        import narwhals.stable.v2 as nw

        return nw.from_native(self.dataset.schema.empty_table()).collect_schema()

    def head(self, n_rows: int) -> Any:
        """The first rows, as a frame."""
        import narwhals.stable.v2 as nw

        return nw.from_native(self.dataset.head(n_rows))

    def select(self, *names: str) -> Any:
        """Some columns, all rows of them."""
        import narwhals.stable.v2 as nw

        return nw.from_native(self.dataset.to_table(columns=list(names)))

    def count_by(self, keys: Sequence[str]) -> Any:
        """Groups of equal keys, and how many rows each has."""
        import narwhals.stable.v2 as nw
        import pyarrow as pa
        import pyarrow.compute as pc

        def plain(name: str) -> Any:  # categories as what they stand for, as each file may number them anew
            kind = self.dataset.schema.field(name).type
            return pc.field(name).cast(kind.value_type) if pa.types.is_dictionary(kind) else pc.field(name)

        reader = self.dataset.scanner(columns={name: plain(name) for name in keys}).to_reader()
        counted = [
            pa.Table.from_batches(batches, reader.schema).group_by([*keys]).aggregate([([], "count_all")])
            for batches in ([], *([batch] for batch in reader))
        ]
        found = pa.concat_tables(counted).group_by([*keys]).aggregate([("count_all", "sum")])
        return nw.from_native(found.select([*keys, "count_all_sum"]).rename_columns([*keys, N_ROWS]))


def arrow_rows(frame: Any) -> ArrowRows | None:
    """Rows of an Arrow Dataset, or of Parquet at a path; None for anything else."""
    if isinstance(frame, (str, Path)):
        path = Path(frame)
        if not (path.is_dir() or path.suffix == ".parquet"):
            return None
        try:
            from pyarrow import dataset
        except ImportError:
            raise MissingExtraError(Message("reading Parquet"), "parquet") from None
        if not path.exists():
            raise FileNotFoundError(2, "No such file or directory", str(path))
        try:
            return ArrowRows(dataset.dataset(path, format="parquet", partitioning="hive"))
        except ValueError:  # of a folder that holds something else
            raise InputError(
                Message("{file}: expected a file, or a folder of Parquet, got another folder", file=path.name)
            ) from None
    module = type(frame).__module__
    return ArrowRows(frame) if module.startswith("pyarrow") and hasattr(frame, "get_fragments") else None


def is_lazy(data: Any) -> bool:
    """Check whether rows are somewhere else until they are asked for."""
    if isinstance(data, ArrowRows):
        return True
    import narwhals.stable.v2 as nw

    return isinstance(data, nw.LazyFrame)


def count_by(data: Any, keys: Sequence[str]) -> Any:
    """Groups of rows with equal keys as a frame in memory, how many rows each has under `N_ROWS`."""
    import narwhals.stable.v2 as nw

    try:
        if isinstance(data, ArrowRows):
            return data.count_by(keys)
        return collected(data.select(*keys).group_by(*keys).agg(nw.len().alias(N_ROWS)))
    except (TypeError, ValueError, NotImplementedError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            Message(
                "{columns!r:,}: expected one value in each cell, text or a number, got something else. "
                "{remedy}",
                columns=[column_name(key) for key in keys],
                remedy=RECODE,
            )
        ) from None


def collected(lazy: Any) -> Any:
    """A lazy frame in memory; polars reads some rows at a time where it can."""
    import narwhals.stable.v2 as nw

    if isinstance(lazy, nw.DataFrame):
        return lazy
    if lazy.implementation.is_polars():
        native = lazy.to_native()
        try:
            return nw.from_native(native.collect(engine="streaming"))
        except (TypeError, ValueError):  # before there was this engine
            return nw.from_native(native.collect())
    return lazy.collect()


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
            raise InputTypeError(
                Message(
                    "frame: expected a pandas, polars or pyarrow frame, rows of an engine, a folder of "
                    "Parquet, or a mapping of columns, got {kind}",
                    kind=type(frame).__name__,
                )
            ) from None
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
                raise InputError(
                    Message("the columns have different lengths, {lengths}", lengths=repr(sorted(lengths)))
                )
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
        """True if the rows are somewhere else, where they can be counted without reading them here."""
        return not isinstance(self.data, Mapping) and is_lazy(self.data)

    def lazily(self) -> Any:
        """A lazy frame of the same rows, where its engine counts groups well; else None."""
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
            Message(
                "{where}: the frame has no such column among its {n}. {remedy}",
                where=where,
                n=len(self.names),
                remedy=self._split(name) or self._near(name),
            )
        )

    def header_below(self, wanted: Sequence[str]) -> InputError | None:
        """Error for names of columns that stand in a row of the data; None if they do not."""
        row = self._row_of_names(wanted)
        if row is None:
            return None
        lines = self.rows.lines
        if lines is None:
            remedy = Message(
                "Delete what is above it, such as a title, so that the first row names the columns"
            )
            ask_for = {}
        else:
            ask_for = {"header_row": lines.of(row)}
            remedy = Message("If what is above it is a title, {ask}", ask=how_to_ask(ask_for))
        return InputError(
            Message(
                "the names that were asked for stand in {row}, and not above the data. {remedy}",
                row=self.rows(row),
                remedy=remedy,
            ),
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
                return Message(
                    "It is {n} names in one: write each by itself, {names!r:,}", n=len(parts), names=parts
                )
        return None

    def _near(self, name: str) -> Message:
        """Name of the nearest column."""
        from difflib import get_close_matches

        known = {str(other).casefold().strip(): str(other) for other in self.names}
        near = get_close_matches(str(name).casefold().strip(), known, n=1)
        # a column with a word more than what was typed may be the whole name of a person
        if near and len(near[0].split()) <= len(str(name).split()):
            return Message("Did you mean {name!r}?", name=known[near[0]])
        return Message("Check the spelling")
