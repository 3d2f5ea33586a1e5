"""Rows on Spark, and the pairs of them that share a block, in one join instead of one for each rule."""

from __future__ import annotations

import warnings
from typing import Any

from detcount.linkage.blocks import Blocks
from detcount.linkage.splink_model import block_names

_ROWS = "detcount_blocks"
_WITHIN = """
select l.id as a, r.id as b from {long} l
join {long} r on l.rule = r.rule and l.block = r.block and l.id < r.id
"""
_ACROSS = """
select least(l.id, r.id) as a, greatest(l.id, r.id) as b from {left} l
join {right} r on l.rule = r.rule and l.block = r.block and l.id <> r.id
"""


def as_spark(session: Any, frame: Any) -> Any:
    """Hand a frame of numbers to Spark, what is unknown as null."""
    import pyarrow as pa

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about versions of pandas
        return session.createDataFrame(pa.Table.from_pandas(frame, preserve_index=False))


def blocked_on_spark(session: Any, frame: Any, blocks: Blocks) -> Any:
    """Give the pairs of rows that share a block of any rule, each once.

    Parameters
    ----------
    session : pyspark.sql.SparkSession
        The session.
    frame : pandas.DataFrame
        Codes and blocks, as `rows_as_frame` gives them.
    blocks : Blocks
        The rules.

    Returns
    -------
    pyspark.sql.DataFrame
        The pairs, in the columns that Splink expects.
    """
    names = block_names(blocks)
    as_spark(session, frame[["unique_id", *names.values()]]).createOrReplaceTempView(_ROWS)
    alike = [(k, names[one]) for k, (one, other) in enumerate(blocks.pairs) if one == other]
    parts = [_WITHIN.format(long=_long(alike))] if alike else []
    crossed = [(k, pair) for k, pair in enumerate(blocks.pairs) if pair[0] != pair[1]]
    if crossed:
        sides = [_long([(k, names[pair[side]]) for k, pair in crossed]) for side in (0, 1)]
        parts.append(_ACROSS.format(left=sides[0], right=sides[1]))
    found = session.sql(" union all ".join(parts)).distinct()
    return found.selectExpr("'0' as match_key", "a as join_key_l", "b as join_key_r").persist()


def _long(columns: list[tuple[int, str]]) -> str:
    """Put columns of blocks under each other."""
    stacked = ", ".join(f"{rule}, {name}" for rule, name in columns)
    return (
        f"(select * from (select unique_id as id, stack({len(columns)}, {stacked}) as (rule, block) from "
        f"{_ROWS}) where block is not null)"
    )
