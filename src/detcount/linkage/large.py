"""Candidate pairs of more rows than memory holds: Splink on a private DuckDB or Spark.

No name and no document enters the engine, only codes for them. What Splink compares is in ``many_rows.toml``.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from copy import deepcopy
from typing import Any, NamedTuple

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.linkage.settings import TUNING
from detcount.errors import MissingExtraError
from detcount.linkage.blocks import BLOCK, TABLES, UNKNOWN, Blocks, blocks_of, columns_of
from detcount.linkage.candidates import Candidates
from detcount.linkage.channel import TokenChannel
from detcount.linkage.engines import private_connection, private_session, quietly, silenced
from detcount.linkage.records import Records
from detcount.words import Message

ENGINES = ("duckdb", "spark")
"""Where Splink compares many rows."""
Fetch = Callable[[str], dict[str, np.ndarray]]


class SplinkPairs(NamedTuple):
    """Pairs in order, and the probability of each, with its documents and without them."""

    first: Ints
    second: Ints
    probability: Floats
    without_document: Floats


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
        Where pairs are compared: in memory, or on Spark, which uses a disk too.
    seed : int, optional
        Seed of the samples that Splink learns rates from.

    Returns
    -------
    Candidates
        Pairs that Splink finds likely enough.

    Raises
    ------
    MissingExtraError
        If the extra ``linkage``, or ``spark``, is absent.
    EngineError
        If the engine fails, as when memory runs short.
    """
    found, blocks = splink_pairs(records, channel, engine=engine, seed=seed)
    free, worded = blocks.by_rule(found.first, found.second)
    notes = [
        Message(
            "{n:,} rows are more than are compared by all rules: Splink chose {pairs:,} pairs by codes for "
            "words, documents and days",
            n=len(records),
            pairs=len(found.first),
        )
    ]
    if blocks.n_left:
        notes.append(
            Message.counted(
                "1 row shares its first name and surname with more than 200 others, and nothing else with "
                "anybody: it is not compared with them",
                "{n:,} rows share their first name and surname with more than 200 others, and nothing else "
                "with anybody: they are not compared with them",
                n=blocks.n_left,
            )
        )
    return Candidates(
        first=found.first,
        second=found.second,
        free=free,
        # a pair without documents would have been dropped had the rest not been likely enough by itself
        worded=worded & (found.without_document >= TUNING.engine_least),
        notes=tuple(notes),
    )


def splink_pairs(
    records: Records, channel: TokenChannel, *, engine: str = "duckdb", seed: int = 0
) -> tuple[SplinkPairs, Blocks]:
    """Pairs that share a block and have a probability of 0.2% or more; and what rows have to share."""
    try:
        from splink import DuckDBAPI
    except ImportError:
        raise MissingExtraError(Message("linking more than 100,000 rows"), "linkage") from None
    columns = columns_of(records, channel)
    blocks = blocks_of(records, columns)
    frame = _as_frame(columns, blocks, np.flatnonzero(records.linkable))
    del columns
    # Splink learns on DuckDB from samples of pairs, for which memory is enough
    with private_connection() as connection, silenced("splink"):

        def fetch(query: str) -> dict[str, np.ndarray]:
            return dict(connection.sql(query).fetchnumpy())

        settings = quietly(lambda: _learned(DuckDBAPI(connection=connection), _codes(frame), seed))
        if engine == "duckdb":
            rules = _conditions(blocks)
            return quietly(
                lambda: _found(DuckDBAPI(connection=connection), frame, settings, rules, fetch)
            ), blocks
    with private_session() as session, silenced("splink"):
        return quietly(lambda: _on_spark(session, frame, blocks, settings)), blocks


def _as_frame(columns: dict[str, Ints], blocks: Blocks, rows: Ints) -> Any:
    """Codes and blocks of some rows as 32-bit numbers, what is unknown as null."""
    import pandas as pd

    held = {"unique_id": pd.array(rows, "Int32")}
    for values, unknown in ((columns, UNKNOWN), (blocks.keys, -1)):
        for name, each in values.items():
            missing = each[rows] == unknown
            codes = np.where(missing, 0, each[rows]).astype(np.int32)
            held[name] = pd.arrays.IntegerArray(codes, missing)
    return pd.DataFrame(held, copy=False)


def _codes(frame: Any) -> Any:
    """The columns without those of blocks."""
    return frame[[name for name in frame.columns if not name.startswith(BLOCK)]]


def _linker(engine: Any, frame: Any, settings: dict[str, Any]) -> Any:
    """Let Splink take rows and settings."""
    from splink import Linker, SettingsCreator

    made = SettingsCreator(**settings)
    return Linker(engine.register(frame), made, log_level=logging.CRITICAL, validate_settings=False)


def _learned(engine: Any, frame: Any, seed: int) -> dict[str, Any]:
    """Learn how often each level is met, in one person and at random; give settings that hold it."""
    near = [f"{name}_l = {name}_r" for name in frame.columns if name.startswith("near_")]
    settings: dict[str, Any] = deepcopy(TABLES["splink"])
    for comparison in settings["comparisons"]:
        for level in comparison["comparison_levels"]:
            if level["sql_condition"] == "near":
                level["sql_condition"] = " or ".join(near) or "false"
    linker = _linker(engine, frame, settings)
    rules = TABLES["training"]["rules"]
    training = linker.training
    training.estimate_probability_two_random_records_match(rules[:2], recall=TUNING.engine_recall)
    training.estimate_u_using_random_sampling(max_pairs=TUNING.engine_random_pairs, seed=seed + 1)
    for rule in rules:
        training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=True, max_pairs=TUNING.engine_em_pairs
        )
    model = linker.misc.save_model_to_json()
    learned = ("comparisons", "probability_two_random_records_match")
    return settings | {name: model[name] for name in learned}


def _found(
    engine: Any, frame: Any, settings: dict[str, Any], rules: list[str], fetch: Fetch, blocked: Any = None
) -> SplinkPairs:
    """Let Splink compare the pairs that share a block, by rules or from a table, and fetch likely ones."""
    linker = _linker(engine, frame, settings | {"blocking_rules_to_generate_predictions": rules})
    if blocked is not None:
        linker.table_management.register_blocked_pairs_for_predict(engine.register(blocked))
    found = linker.inference.predict(threshold_match_probability=TUNING.engine_least)
    table = fetch(
        "select unique_id_l as a, unique_id_r as b, match_weight as weight, mw_document as document "
        f"from {found.physical_name}"
    )
    ends = np.sort(np.stack([np.asarray(table[name], np.int64) for name in "ab"]), axis=0)
    weight, document = (np.asarray(table[name], np.float64) for name in ("weight", "document"))
    order = np.lexsort(ends[::-1])
    # weights are logarithms of odds, to base 2
    with_document, without = (
        1.0 / (1.0 + np.exp2(-np.clip(each[order], -500.0, 500.0))) for each in (weight, weight - document)
    )
    return SplinkPairs(ends[0][order], ends[1][order], with_document, without)


def _conditions(blocks: Blocks) -> list[str]:
    """Write what rows have to share as conditions."""
    sides = dict.fromkeys(pair for one, other in blocks.pairs for pair in ((one, other), (other, one)))
    return [f"l.{one} = r.{other}" for one, other in sides]


_ROWS = "detcount_blocks"
_PAIRS = """
select least(l.id, r.id) as a, greatest(l.id, r.id) as b from {left} l
join {right} r on l.rule = r.rule and l.block = r.block
where l.id < r.id or l.id > r.id and l.rule >= {n_alike}
"""


def _on_spark(session: Any, frame: Any, blocks: Blocks, settings: dict[str, Any]) -> SplinkPairs:
    """Let Splink compare on Spark; what has to be kept is held by Spark, and not written in clear."""
    from splink.backends.spark import SparkAPI

    def fetch(query: str) -> dict[str, np.ndarray]:
        table = session.sql(query).toArrow()
        return {name: table[name].to_numpy() for name in table.column_names}

    make: Any = SparkAPI
    engine = make(spark_session=session, break_lineage_method="persist", register_udfs_automatically=False)
    blocked = _blocked_on_spark(session, frame, blocks)
    return _found(engine, _as_spark(session, _codes(frame)), settings, [], fetch, blocked)


def _as_spark(session: Any, frame: Any) -> Any:
    """Hand a frame of numbers to Spark, what is unknown as null."""
    import pyarrow as pa

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about versions of pandas
        return session.createDataFrame(pa.Table.from_pandas(frame, preserve_index=False))


def _blocked_on_spark(session: Any, frame: Any, blocks: Blocks) -> Any:
    """The pairs of rows that share a block of any rule, each once, in the columns that Splink expects."""
    _as_spark(session, frame[["unique_id", *blocks.keys]]).createOrReplaceTempView(_ROWS)
    n_alike = sum(one == other for one, other in blocks.pairs)  # which come first
    left, right = (_long(list(names)) for names in zip(*blocks.pairs, strict=True))
    found = session.sql(_PAIRS.format(left=left, right=right, n_alike=n_alike)).distinct()
    return found.selectExpr("'0' as match_key", "a as join_key_l", "b as join_key_r").persist()


def _long(names: list[str]) -> str:
    """Put columns of blocks under each other."""
    stacked = ", ".join(f"{rule}, {name}" for rule, name in enumerate(names))
    return (
        f"(select * from (select unique_id as id, stack({len(names)}, {stacked}) as (rule, block) from "
        f"{_ROWS}) where block is not null)"
    )
