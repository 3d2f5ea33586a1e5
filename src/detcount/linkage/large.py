"""Which rows to compare where there are too many for memory: Splink on a private DuckDB.

No name and no document enters the engine. Words are numbers of likely true words, and documents and days are
numbers too.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.linkage.agreement import connected, numbered
from detcount._numerics.linkage.candidates import missed_draws
from detcount._numerics.linkage.decision import grow_clusters
from detcount.errors import MissingExtraError
from detcount.linkage.candidates import RULES, Candidates, Missed
from detcount.linkage.channel import TokenChannel
from detcount.linkage.pairs import score
from detcount.linkage.private_engine import private_connection, quietly
from detcount.linkage.records import MISSING_DAY, Records
from detcount.words import Message

__all__ = ["LARGE", "LargePairs", "columns_of", "large_candidates", "large_pairs", "partition_of_scores"]

LARGE = 100_000
"""Rows above which Splink chooses what is compared."""
_MOST_PAIRS_OF_EM = 3e6
_LEAST_PROBABILITY = 0.01  # of Splink, from which a pair is compared by our own model
_UNKNOWN = -(10**9)  # no word, document, place or day


@dataclass(frozen=True, eq=False)
class LargePairs:
    """Pairs of rows that Splink finds likely enough to be looked at."""

    first: Ints
    second: Ints
    probability: Floats


def columns_of(records: Records, channel: TokenChannel) -> dict[str, Ints]:
    """Columns that are compared, all of them numbers.

    Two given names and two surnames, each the number of the likeliest true word; the document; the middle of
    the days of birth and of arrest, and how wide they are.
    """
    n = len(records)
    columns = {
        name: np.full(n, _UNKNOWN, np.int64) for name in ("given_1", "given_2", "family_1", "family_2")
    }
    likely = _likeliest(records, channel)[records.word]
    given = records.word_given > 0.5
    order = np.lexsort((records.word_place, records.word_record))
    for role, names in ((True, ("given_1", "given_2")), (False, ("family_1", "family_2"))):
        mine = order[given[order] == role]
        owner = records.word_record[mine]
        start = np.searchsorted(owner, owner)  # first word of the same row
        nth = np.arange(len(mine)) - start
        for place, name in enumerate(names):
            at = nth == place
            columns[name][owner[at]] = likely[mine[at]]
    for name, values in (("document", records.document), ("place", records.place), ("sex", records.sex)):
        columns[name] = np.where(values >= 0, values, _UNKNOWN)
    for name, days in (("born", records.born), ("arrested", records.arrested)):
        known = days[:, 0] != MISSING_DAY
        columns[name] = np.where(known, days[:, 0], _UNKNOWN)
        columns[f"{name}_middle"] = np.where(known, days[:, 0] // 2 + days[:, 1] // 2, _UNKNOWN)
        columns[f"{name}_width"] = np.where(known, days[:, 1] - days[:, 0], 0)
    return columns


def _likeliest(records: Records, channel: TokenChannel) -> Ints:
    """Number of the likeliest true word of each written one, but for initials."""
    given = channel.given.tocsr()
    found = np.full(len(records.words), _UNKNOWN, np.int64)
    for k in np.flatnonzero(np.diff(given.indptr) > 0).tolist():
        row = slice(given.indptr[k], given.indptr[k + 1])
        found[k] = int(given.indices[row][np.argmax(given.data[row])])
    return np.where([len(word) > 1 for word in records.words], found, _UNKNOWN)


def large_pairs(
    records: Records, channel: TokenChannel, *, seed: int = 0, memory: str = "3GB", threads: int | None = None
) -> LargePairs:
    """Block and score the pairs of many rows.

    Parameters
    ----------
    records : Records
        Rows of all lists.
    channel : TokenChannel
        True words behind the written ones.
    seed : int, optional
        Seed of the samples that rates are learned from.
    memory : str, optional
        Most memory of the engine.
    threads : int, optional
        Threads of the engine.

    Returns
    -------
    LargePairs
        Pairs with a probability of 1% or more, in order.

    Raises
    ------
    MissingExtraError
        If the extra ``linkage`` is absent.
    EngineError
        If the engine fails, as when memory runs short.
    """
    try:
        import splink  # noqa: F401
    except ImportError:
        raise MissingExtraError(Message("linking more than 100,000 rows"), "linkage") from None
    columns = columns_of(records, channel)
    linkable = np.flatnonzero(records.linkable)
    with private_connection(memory=memory, threads=threads) as connection:
        return quietly(lambda: _by_splink(connection, columns, linkable, seed))


def large_candidates(records: Records, channel: TokenChannel, *, seed: int = 0) -> Candidates:
    """Choose the pairs of many rows that our own model compares.

    Parameters
    ----------
    records : Records
        Rows of all lists.
    channel : TokenChannel
        True words behind the written ones.
    seed : int, optional
        Seed of the samples that Splink learns rates from.

    Returns
    -------
    Candidates
        Pairs that Splink finds likely enough, and the share of true pairs that it never saw.
    """
    found = large_pairs(records, channel, seed=seed)
    rules = _rules_of(columns_of(records, channel), found)
    nothing = Missed(share=0.0, low=0.0, high=0.0, n_compared=0.0)
    pairs = Candidates(first=found.first, second=found.second, rules=rules, missed=nothing)
    return Candidates(
        first=pairs.first,
        second=pairs.second,
        rules=rules,
        missed=_missed(records, pairs, score(records, channel, pairs).probability),
        notes=(
            Message(
                "{n:,} rows are more than are compared by all rules: Splink chose {pairs:,} pairs by codes "
                "for words, documents and days",
                n=len(records),
                pairs=len(pairs),
            ),
        ),
    )


def _rules_of(columns: dict[str, Ints], found: LargePairs) -> np.ndarray:
    """Which kinds of rules would have brought each pair together by themselves."""
    a, b = found.first, found.second
    rules = np.zeros((len(a), len(RULES)), dtype=np.bool_)

    def same(one: str, other: str | None = None) -> np.ndarray:
        left, right = columns[one][a], columns[other or one][b]
        return np.asarray((left == right) & (left != _UNKNOWN))

    words = same("family_1").astype(int) + same("family_2") + same("given_1") + same("given_2")
    rules[:, RULES.index("two words")] = words >= 2
    rules[:, RULES.index("word and day")] = (words >= 1) & (same("born") | same("arrested"))
    rules[:, RULES.index("document")] = same("document")
    near = (np.abs(columns["arrested"][a] - columns["arrested"][b]) <= 8) & (
        columns["arrested"][a] != _UNKNOWN
    )
    rules[:, RULES.index("birth and arrest")] = same("born") & near
    return rules


def _missed(records: Records, pairs: Candidates, probability: Floats) -> Missed:
    """Share of true pairs that no rule found, by rules that use words and rules that do not."""
    worded = pairs.rules[:, [RULES.index("two words"), RULES.index("word and day")]].any(axis=1)
    without = pairs.rules[:, [RULES.index("document"), RULES.index("birth and arrest")]].any(axis=1)
    able = (records.document[pairs.first] >= 0) & (records.document[pairs.second] >= 0)
    both, alone, words = (
        float(probability[able & which].sum())
        for which in (without & worded, without & ~worded, ~without & worded)
    )
    rest = float(probability[~able].sum())
    draws = missed_draws((both, alone, words), rest, np.random.default_rng(0), 4000)
    low, high = np.quantile(draws, [0.025, 0.975]).tolist()
    return Missed(share=float(draws.mean()), low=low, high=high, n_compared=both + alone + words)


def partition_of_scores(n: int, first: Ints, second: Ints, probability: Floats) -> Ints:
    """Give one partition of many rows, from the probabilities of pairs.

    Rows that pairs connect are looked at together: two rows are one person from 1/2 up, and more rows are put
    together as long as the probabilities of the pairs within, less 1/2 each, add up to more.

    Parameters
    ----------
    n : int
        Number of rows.
    first, second : ndarray of int64, shape (p,)
        Pairs.
    probability : ndarray of float64, shape (p,)
        Probability that each is one person.

    Returns
    -------
    ndarray of int64, shape (n,)
        Person of each row, numbered by first rows.
    """
    kept = probability > 0.05
    first, second, gain = first[kept], second[kept], probability[kept] - 0.5
    group = connected(n, first, second)
    sizes = np.bincount(group, minlength=1)
    labels = np.arange(n)
    two = (sizes[group[first]] == 2) & (gain > 0)
    labels[second[two]] = first[two]
    more = np.flatnonzero(sizes[group[first]] > 2)
    more = more[np.argsort(group[first[more]], kind="stable")]
    starts = np.flatnonzero(np.diff(group[first[more]], prepend=-1))
    for pairs in np.split(more, starts[1:]) if len(more) else []:
        rows, local = np.unique(np.concatenate([first[pairs], second[pairs]]), return_inverse=True)
        found = grow_clusters(len(rows), local[: len(pairs)], local[len(pairs) :], gain[pairs])
        head = np.full(int(found.max()) + 1, n)
        np.minimum.at(head, found, rows)
        labels[rows] = head[found]
    return numbered(labels)


def _by_splink(connection: Any, columns: dict[str, Ints], linkable: Ints, seed: int) -> LargePairs:
    """The work of Splink."""
    import pandas as pd
    from splink import DuckDBAPI, Linker

    logger = logging.getLogger("splink")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        frame = pd.DataFrame({name: values[linkable] for name, values in columns.items()})
        frame.insert(0, "unique_id", linkable)
        frame = frame.astype("Int64").mask(frame == _UNKNOWN) if len(frame) else frame
        engine = DuckDBAPI(connection=connection)
        linker = Linker(
            engine.register(frame), _settings(), log_level=logging.CRITICAL, validate_settings=False
        )
        training = linker.training
        training.estimate_probability_two_random_records_match(list(_TRAINING[:2]), recall=0.6)
        training.estimate_u_using_random_sampling(max_pairs=2e6, seed=seed + 1)
        for rule in _TRAINING:
            training.estimate_parameters_using_expectation_maximisation(
                rule,
                estimate_without_term_frequencies=True,
                max_pairs=_MOST_PAIRS_OF_EM,
            )
        found = linker.inference.predict(threshold_match_probability=_LEAST_PROBABILITY)
        table = connection.sql(
            f"select unique_id_l as a, unique_id_r as b, match_probability as p from {found.physical_name}"
        ).fetchnumpy()
    finally:
        logger.setLevel(level)
    first, second = np.asarray(table["a"], np.int64), np.asarray(table["b"], np.int64)
    low, high = np.minimum(first, second), np.maximum(first, second)
    order = np.lexsort((high, low))
    return LargePairs(low[order], high[order], np.asarray(table["p"], np.float64)[order])


_TRAINING = (
    "l.document = r.document",
    "l.given_1 = r.given_1 and l.family_1 = r.family_1 and l.born = r.born",
    "l.family_1 = r.family_1 and l.family_2 = r.family_2 and l.given_1 = r.given_1",
)
_NAMES = "l.family_1 = r.family_1 and l.given_1 = r.given_1 and "
_BLOCKING = (
    "l.document = r.document",
    # one digit of the document masked
    *(
        f"l.document // {10 ** (k + 1)} = r.document // {10 ** (k + 1)} and l.document % {10**k} = "
        f"r.document % {10**k} and l.family_1 = r.family_1"
        for k in range(8)
    ),
    f"{_NAMES}l.family_2 = r.family_2",
    f"{_NAMES}l.given_2 = r.given_2",
    f"{_NAMES}l.born_middle // 732 = r.born_middle // 732",
    f"{_NAMES}(l.born_middle + 366) // 732 = (r.born_middle + 366) // 732",
    f"{_NAMES}l.arrested_middle // 31 = r.arrested_middle // 31",
    f"{_NAMES}(l.arrested_middle + 15) // 31 = (r.arrested_middle + 15) // 31",
    f"{_NAMES}l.place = r.place",
    "l.family_1 = r.family_1 and l.born = r.born",
    "l.given_1 = r.given_1 and l.born = r.born",
    "l.born = r.born and l.arrested // 8 = r.arrested // 8",
    "l.family_1 = r.family_1 and l.arrested = r.arrested and l.place = r.place",
    "l.given_1 = r.given_1 and l.arrested = r.arrested and l.place = r.place",
    "l.family_1 = r.family_1 and l.family_2 = r.family_2 and l.place = r.place",
    "l.family_2 = r.family_2 and l.given_1 = r.given_1 and l.place = r.place",
    "l.family_1 = r.family_2 and l.given_1 = r.given_1",
    "l.family_1 = r.given_1 and l.given_1 = r.family_1",
)


def _settings() -> Any:
    """Columns with their levels, and what is compared."""
    from splink import SettingsCreator

    def level(sql: str, label: str, term: str | None = None) -> dict[str, Any]:
        found: dict[str, Any] = {"sql_condition": sql, "label_for_charts": label}
        if term is not None:
            found |= {"tf_adjustment_column": term, "tf_adjustment_weight": 1.0}
        return found

    def nothing(column: str, both: str = "or") -> dict[str, Any]:
        return {
            "sql_condition": f"{column}_l is null {both} {column}_r is null",
            "label_for_charts": "null",
            "is_null_level": True,
        }

    other = {"sql_condition": "ELSE", "label_for_charts": "other"}
    words: list[Any] = []
    for role in ("family", "given"):
        one, two = f"{role}_1", f"{role}_2"
        words.append(
            {
                "output_column_name": role,
                "comparison_levels": [
                    nothing(one),
                    level(f"{one}_l = {one}_r and {two}_l = {two}_r", "both", one),
                    level(f"{one}_l = {one}_r and ({two}_l is null or {two}_r is null)", "first", one),
                    level(f"{one}_l = {one}_r", "first alone", one),
                    level(f"{one}_l = {two}_r or {two}_l = {one}_r or {two}_l = {two}_r", "crossed"),
                    other,
                ],
            }
        )
    digits = " or ".join(
        f"(document_l // {10 ** (k + 1)} = document_r // {10 ** (k + 1)} and document_l % {10**k} = "
        f"document_r % {10**k})"
        for k in range(8)
    )
    rest: list[Any] = [
        {
            "output_column_name": "document",
            "comparison_levels": [
                nothing("document"),
                level("document_l = document_r", "same"),
                level(digits, "one digit"),
                other,
            ],
        },
        {
            "output_column_name": "born",
            "comparison_levels": [
                nothing("born"),
                level("born_l = born_r and born_width_l = 0 and born_width_r = 0", "same day"),
                level(
                    "born_l <= born_r + born_width_r and born_r <= born_l + born_width_l",
                    "spans that overlap",
                ),
                level("abs(born_l - born_r) <= 732", "two years"),
                other,
            ],
        },
        {
            "output_column_name": "arrested",
            "comparison_levels": [
                nothing("arrested"),
                level("arrested_l = arrested_r and arrested_width_l = arrested_width_r", "same"),
                level(
                    "arrested_l <= arrested_r + arrested_width_r + 3 and arrested_r <= arrested_l + "
                    "arrested_width_l + 3",
                    "within three days",
                ),
                level("abs(arrested_l - arrested_r) <= 31", "a month"),
                other,
            ],
        },
        *(
            {
                "output_column_name": name,
                "comparison_levels": [nothing(name), level(f"{name}_l = {name}_r", "same"), other],
            }
            for name in ("place", "sex")
        ),
    ]
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[*words, *rest],
        blocking_rules_to_generate_predictions=cast("Any", list(_BLOCKING)),
        retain_matching_columns=False,
        probability_two_random_records_match=1e-6,
    )
