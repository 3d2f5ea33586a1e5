"""Rows that stay where they are: an engine, an Arrow Dataset or a folder of Parquet counts them by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detcount.errors import InputError, MissingExtraError
from detcount.frames.cells import RECODE
from detcount.frames.places import column_name
from detcount.words import Message

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
