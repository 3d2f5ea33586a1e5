"""A column of any frame, read as numpy and its equal values numbered, and rows that an engine counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount.errors import InputError, MissingExtraError
from detcount.frames.cells import RECODE, indicator, refuse_missing
from detcount.frames.marks import FoundMarks, Marks, found_marks, together, told_of_asking, told_of_marks
from detcount.frames.places import Place, column_name, message
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
            message("several values in a cell", where=column.place.where, remedy=RECODE)
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
        from pyarrow import acero

        names = {f"key {k}": name for k, name in enumerate(keys)}
        import pyarrow.compute as pc

        def plain(name: str) -> Any:
            kind = self.dataset.schema.field(name).type
            value = getattr(kind, "value_type", None) if str(kind).startswith("dictionary") else None
            return pc.field(name) if value is None else pc.field(name).cast(value)

        plan = acero.Declaration.from_sequence(
            [
                acero.Declaration(
                    "scan", acero.ScanNodeOptions(self.dataset, columns=list(dict.fromkeys(keys)))
                ),
                acero.Declaration(
                    "project", acero.ProjectNodeOptions([plain(name) for name in keys], list(names))
                ),
                acero.Declaration(
                    "aggregate",
                    acero.AggregateNodeOptions([([], "hash_count_all", None, N_ROWS)], keys=list(names)),
                ),
            ]
        )
        found = plan.to_table(use_threads=False)
        return nw.from_native(found.select([*names, N_ROWS]).rename_columns([*keys, N_ROWS]))


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
        return ArrowRows(dataset.dataset(path, format="parquet", partitioning="hive"))
    module = type(frame).__module__
    return ArrowRows(frame) if module.startswith("pyarrow") and hasattr(frame, "get_fragments") else None


def is_lazy(data: Any) -> bool:
    """Whether rows are somewhere else until they are asked for."""
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
            message("several values in cells", columns=[column_name(key) for key in keys], remedy=RECODE)
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
