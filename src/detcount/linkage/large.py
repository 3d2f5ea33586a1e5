"""Which rows to compare where there are too many for memory: Splink on a private DuckDB or Spark.

No name and no document enters the engine, only codes for them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detcount.errors import MissingExtraError
from detcount.linkage.blocks import Blocks, blocks_of, columns_of
from detcount.linkage.candidates import Candidates
from detcount.linkage.channel import TokenChannel
from detcount.linkage.engines import private_connection, private_session, quietly
from detcount.linkage.records import Records
from detcount.linkage.splink_model import (
    LEAST_PROBABILITY,
    Learned,
    SplinkPairs,
    as_spark,
    blocked_on_spark,
    learn_levels,
    pairs_by_splink,
    rows_as_frame,
)
from detcount.words import Message

LARGE = 100_000
"""Rows above which Splink chooses what is compared."""
ENGINES = ("duckdb", "spark")
"""Where Splink compares many rows."""


def large_pairs(
    records: Records,
    channel: TokenChannel,
    *,
    engine: str = "duckdb",
    seed: int = 0,
    memory: str = "3GB",
    threads: int | None = None,
) -> tuple[SplinkPairs, Blocks]:
    """Block and score the pairs of many rows.

    Parameters
    ----------
    records : Records
        Rows of all lists.
    channel : TokenChannel
        True words behind the written ones.
    engine : {"duckdb", "spark"}, optional
        Where pairs are compared: in memory, or on Spark, which uses a disk too.
    seed : int, optional
        Seed of the samples that rates are learned from.
    memory : str, optional
        Most memory of the engine.
    threads : int, optional
        Threads of the engine.

    Returns
    -------
    pairs : SplinkPairs
        Pairs with a probability of 0.2% or more, in order.
    blocks : Blocks
        What rows have to share to be compared.

    Raises
    ------
    MissingExtraError
        If the extra ``linkage``, or ``spark``, is absent.
    EngineError
        If the engine fails, as when memory runs short.
    """
    try:
        import splink  # noqa: F401
    except ImportError:
        raise MissingExtraError(Message("linking more than 100,000 rows"), "linkage") from None
    columns = columns_of(records, channel)
    blocks = blocks_of(records, columns)
    frame = rows_as_frame(columns, blocks, np.flatnonzero(records.linkable))
    del columns
    with private_connection(memory=memory, threads=threads) as connection:
        learned = quietly(lambda: _learned(connection, frame, seed))
        if engine == "duckdb":
            found = quietly(lambda: _on_duckdb(connection, frame, blocks, learned))
    if engine == "spark":
        with private_session(memory=memory, threads=threads) as session:
            found = quietly(lambda: _on_spark(session, frame, blocks, learned))
    return found, blocks


def _learned(connection: Any, frame: Any, seed: int) -> Learned:
    """Let Splink learn, from samples of pairs, so that memory is enough on any engine."""
    from splink import DuckDBAPI

    return learn_levels(DuckDBAPI(connection=connection), _codes(frame), seed)


def _on_duckdb(connection: Any, frame: Any, blocks: Blocks, learned: Learned) -> SplinkPairs:
    """Let Splink compare on DuckDB."""
    from splink import DuckDBAPI

    def fetch(query: str) -> dict[str, np.ndarray]:
        return dict(connection.sql(query).fetchnumpy())

    return pairs_by_splink(DuckDBAPI(connection=connection), frame, blocks, learned, fetch)


def _on_spark(session: Any, frame: Any, blocks: Blocks, learned: Learned) -> SplinkPairs:
    """Let Splink compare on Spark; what has to be kept is held by Spark, and not written in clear."""
    from splink.backends.spark import SparkAPI

    def fetch(query: str) -> dict[str, np.ndarray]:
        table = session.sql(query).toArrow()
        return {name: table[name].to_numpy() for name in table.column_names}

    make: Any = SparkAPI
    engine = make(spark_session=session, break_lineage_method="persist", register_udfs_automatically=False)
    blocked = blocked_on_spark(session, frame, blocks)
    return pairs_by_splink(engine, as_spark(session, _codes(frame)), blocks, learned, fetch, blocked)


def _codes(frame: Any) -> Any:
    """Leave the columns of blocks away."""
    return frame[[name for name in frame.columns if not name.startswith("block_")]]


def large_candidates(
    records: Records, channel: TokenChannel, *, engine: str = "duckdb", seed: int = 0
) -> Candidates:
    """Choose the pairs of many rows that our own model compares.

    Parameters
    ----------
    records : Records
        Rows of all lists.
    channel : TokenChannel
        True words behind the written ones.
    engine : {"duckdb", "spark"}, optional
        Where pairs are compared.
    seed : int, optional
        Seed of the samples that Splink learns rates from.

    Returns
    -------
    Candidates
        Pairs that Splink finds likely enough.
    """
    found, blocks = large_pairs(records, channel, engine=engine, seed=seed)
    free, worded = blocks.by_rule(found.first, found.second)
    return Candidates(
        first=found.first,
        second=found.second,
        free=free,
        # a pair without documents would have been dropped had the rest not been likely enough by itself
        worded=worded & (found.without_document >= LEAST_PROBABILITY),
        notes=_notes(len(records), len(found.first), blocks.n_left),
    )


def _notes(n: int, n_pairs: int, n_left: int) -> tuple[Message, ...]:
    """Say how pairs were chosen, and what was left out."""
    notes = [
        Message(
            "{n:,} rows are more than are compared by all rules: Splink chose {pairs:,} pairs by codes for "
            "words, documents and days",
            n=n,
            pairs=n_pairs,
        )
    ]
    if n_left:
        notes.append(
            Message.counted(
                "1 row shares its first name and surname with more than 200 others, and nothing else with "
                "anybody: it is not compared with them",
                "{n:,} rows share their first name and surname with more than 200 others, and nothing else "
                "with anybody: they are not compared with them",
                n=n_left,
            )
        )
    return tuple(notes)
