"""What Splink compares, by which rules, and how likely it takes each pair to be one person."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount.linkage.blocks import UNKNOWN, Blocks

LEAST_PROBABILITY = 0.002
"""Probability of Splink from which a pair is compared by our own model."""
_MOST_PAIRS_OF_EM = 3e6
_MOST_PAIRS_OF_CHANCE = 2e6
_EXPECTED = 1e-6
_TRAINING = (
    "l.document = r.document",
    "l.given_1 = r.given_1 and l.family_1 = r.family_1 and l.born = r.born",
    "l.family_1 = r.family_1 and l.family_2 = r.family_2 and l.given_1 = r.given_1",
)


@dataclass(frozen=True, eq=False)
class SplinkPairs:
    """Pairs that Splink finds likely enough.

    Parameters
    ----------
    first, second : ndarray of int64, shape (p,)
        The pairs, first < second, in order.
    probability, without_document : ndarray of float64, shape (p,)
        That each is one person, as Splink has it, with documents and without.
    """

    first: Ints
    second: Ints
    probability: Floats
    without_document: Floats


def rows_as_frame(columns: dict[str, Ints], blocks: Blocks, rows: Ints) -> Any:
    """Put codes and blocks of some rows into one frame of 32-bit numbers, what is unknown as null."""
    import pandas as pd

    held = {"unique_id": pd.arrays.IntegerArray(rows.astype(np.int32), np.zeros(len(rows), np.bool_))}
    for name, values in columns.items():
        held[name] = _nullable(values[rows], UNKNOWN)
    for name, place in block_names(blocks).items():
        held[place] = _nullable(blocks.keys[name][rows], -1)
    return pd.DataFrame(held, copy=False)


def _nullable(values: Ints, unknown: int) -> Any:
    """Make a column with nulls."""
    import pandas as pd

    missing = values == unknown
    return pd.arrays.IntegerArray(np.where(missing, 0, values).astype(np.int32), missing)


def block_names(blocks: Blocks) -> dict[str, str]:
    """Name the columns of blocks as an engine can."""
    return {name: f"block_{k}" for k, name in enumerate(blocks.keys)}


@dataclass(frozen=True, eq=False)
class Learned:
    """What Splink has learned of how rows of one person differ.

    Parameters
    ----------
    comparisons : list of dict
        Levels with their probabilities.
    expected : float
        Probability that two rows are one person.
    """

    comparisons: list[dict[str, Any]]
    expected: float


def learn_levels(engine: Any, frame: Any, seed: int) -> Learned:
    """Learn from samples of pairs how often each level is met, in one person and by chance.

    Parameters
    ----------
    engine : splink database API
        The engine.
    frame : pandas.DataFrame
        Codes, as `rows_as_frame` gives them.
    seed : int
        Seed of the sample of pairs that chance agreement is learned from.

    Returns
    -------
    Learned
        Levels with their probabilities.
    """
    from splink import Linker

    with _silence():
        linker = Linker(
            engine.register(frame),
            _settings(_comparisons(frame.columns), _EXPECTED, []),
            log_level=logging.CRITICAL,
            validate_settings=False,
        )
        training = linker.training
        training.estimate_probability_two_random_records_match(list(_TRAINING[:2]), recall=0.6)
        training.estimate_u_using_random_sampling(max_pairs=_MOST_PAIRS_OF_CHANCE, seed=seed + 1)
        for rule in _TRAINING:
            training.estimate_parameters_using_expectation_maximisation(
                rule, estimate_without_term_frequencies=True, max_pairs=_MOST_PAIRS_OF_EM
            )
        model = linker.misc.save_model_to_json()
    return Learned(model["comparisons"], float(model["probability_two_random_records_match"]))


def pairs_by_splink(
    engine: Any,
    frame: Any,
    blocks: Blocks,
    learned: Learned,
    fetch: Callable[[str], dict[str, np.ndarray]],
    blocked: Any = None,
) -> SplinkPairs:
    """Compare the rows that share a block, and fetch likely pairs.

    Parameters
    ----------
    engine : splink database API
        The engine.
    frame : object
        Codes and blocks as `rows_as_frame` gives them, in a form that the engine takes.
    blocks : Blocks
        The rules.
    learned : Learned
        Levels with their probabilities.
    fetch : callable
        Gives the columns of a query as arrays.
    blocked : object, optional
        The pairs that share a block, as a table that the engine takes; without it Splink joins the rows rule
        by rule.

    Returns
    -------
    SplinkPairs
        Pairs with a probability of 0.2% or more.
    """
    from splink import Linker

    rules = _rules(blocks) if blocked is None else []
    with _silence():
        linker = Linker(
            engine.register(frame),
            _settings(learned.comparisons, learned.expected, rules),
            log_level=logging.CRITICAL,
            validate_settings=False,
        )
        if blocked is not None:
            linker.table_management.register_blocked_pairs_for_predict(engine.register(blocked))
        found = linker.inference.predict(threshold_match_probability=LEAST_PROBABILITY)
        table = fetch(
            "select unique_id_l as a, unique_id_r as b, match_weight as weight, mw_document as document "
            f"from {found.physical_name}"
        )
    one, other = np.asarray(table["a"], np.int64), np.asarray(table["b"], np.int64)
    weight, document = np.asarray(table["weight"], np.float64), np.asarray(table["document"], np.float64)
    low, high = np.minimum(one, other), np.maximum(one, other)
    order = np.lexsort((high, low))
    return SplinkPairs(
        first=low[order],
        second=high[order],
        probability=_probability(weight[order]),
        without_document=_probability((weight - document)[order]),
    )


def _probability(weight: Floats) -> Floats:
    """Turn logarithms of odds, to base 2, into probabilities."""
    return np.asarray(1.0 / (1.0 + np.exp2(-np.clip(weight, -500.0, 500.0))))


@contextmanager
def _silence() -> Iterator[None]:
    """Keep Splink from telling what it does: it quotes values."""
    logger = logging.getLogger("splink")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _rules(blocks: Blocks) -> list[str]:
    """Write what rows have to share as conditions."""
    names = block_names(blocks)
    rules = []
    for one, other in blocks.pairs:
        rules.append(f"l.{names[one]} = r.{names[other]}")
        if one != other:
            rules.append(f"l.{names[other]} = r.{names[one]}")
    return rules


def _settings(comparisons: list[Any], expected: float, rules: list[str]) -> Any:
    """Put together what is compared, and how."""
    from splink import SettingsCreator

    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=cast("Any", rules),
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=True,
        probability_two_random_records_match=expected,
    )


def _comparisons(columns: Any) -> list[Any]:
    """Columns with their levels."""
    words = [_words(role) for role in ("family", "given")]
    near = [name for name in columns if str(name).startswith("near_")]
    return [*words, _document(near), _born(), _arrested(), _same("place"), _same("sex")]


_OTHER = {"sql_condition": "ELSE", "label_for_charts": "other"}


def _level(sql: str, label: str, term: str | None = None) -> dict[str, Any]:
    """Make one level, with a weight for how common the value of a column is."""
    found: dict[str, Any] = {"sql_condition": sql, "label_for_charts": label}
    if term is not None:
        found |= {"tf_adjustment_column": term, "tf_adjustment_weight": 1.0}
    return found


def _nothing(column: str) -> dict[str, Any]:
    """Make the level of pairs that say nothing."""
    return {
        "sql_condition": f"{column}_l is null or {column}_r is null",
        "label_for_charts": "null",
        "is_null_level": True,
    }


def _compared(name: str, *levels: dict[str, Any]) -> Any:
    """Compare something at some levels."""
    return {"output_column_name": name, "comparison_levels": [*levels, _OTHER]}


def _words(role: str) -> Any:
    """Compare two words of one role."""
    one, two = f"{role}_1", f"{role}_2"
    return _compared(
        role,
        _nothing(one),
        _level(f"{one}_l = {one}_r and {two}_l = {two}_r", "both", one),
        _level(f"{one}_l = {one}_r and ({two}_l is null or {two}_r is null)", "first", one),
        _level(f"{one}_l = {one}_r", "first alone", one),
        _level(f"{one}_l = {two}_r or {two}_l = {one}_r or {two}_l = {two}_r", "crossed"),
    )


def _document(near: list[str]) -> Any:
    """Compare documents: equal, or but for one digit or two neighbours."""
    levels = [_nothing("document"), _level("document_l = document_r", "same")]
    if near:
        levels.append(_level(" or ".join(f"{name}_l = {name}_r" for name in near), "one digit"))
    return _compared("document", *levels)


def _born() -> Any:
    """Compare days of birth."""
    return _compared(
        "born",
        _nothing("born"),
        _level("born_l = born_r and born_width_l = 0 and born_width_r = 0", "same day"),
        _level("born_l <= born_r + born_width_r and born_r <= born_l + born_width_l", "spans that overlap"),
        _level("abs(born_l - born_r) <= 732", "two years"),
    )


def _arrested() -> Any:
    """Compare days of arrest."""
    return _compared(
        "arrested",
        _nothing("arrested"),
        _level("arrested_l = arrested_r and arrested_width_l = arrested_width_r", "same"),
        _level(
            "arrested_l <= arrested_r + arrested_width_r + 3 and arrested_r <= arrested_l + "
            "arrested_width_l + 3",
            "within three days",
        ),
        _level("abs(arrested_l - arrested_r) <= 31", "a month"),
    )


def _same(name: str) -> Any:
    """Compare a code."""
    return _compared(name, _nothing(name), _level(f"{name}_l = {name}_r", "same"))


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
