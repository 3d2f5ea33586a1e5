"""Capture tables: nobody is lost, whatever the order, the names or the door."""

from itertools import combinations

import numpy as np
import pandas as pd
import polars as pl
from hypothesis import assume, given
from hypothesis import strategies as st

from detcount import CaptureTable, RepeatedCounts
from strategies import capture_tables, count_tables

tables = capture_tables(max_lists=7, max_count=9)


def persons_of(table):
    return np.repeat(table.histories, table.counts, axis=0)


@given(tables)
def test_nobody_is_lost(table):
    persons = persons_of(table)
    assert table.n_observed == len(persons)
    assert list(table.list_sizes.values()) == persons.sum(axis=0).tolist()
    times = np.bincount(persons.sum(axis=1), minlength=table.n_lists + 1)
    assert table.capture_frequencies.tolist() == times[1:].tolist()
    assert table.dense().sum() == table.n_observed
    alone = persons[persons.sum(axis=1) == 1]
    assert list(table.exclusives.values()) == alone.sum(axis=0).tolist()


@given(tables)
def test_inclusion_and_exclusion_of_overlaps_gives_the_listed(table):
    total = sum(
        (-1) ** (size + 1) * table.overlap(*names)
        for size in range(1, table.n_lists + 1)
        for names in combinations(table.lists, size)
    )
    assert total == table.n_observed


@given(tables, st.randoms(use_true_random=False))
def test_every_door_gives_the_same_table(table, random):
    persons = persons_of(table)
    order = random.sample(range(len(persons)), len(persons))
    columns = {name: persons[order, k] for k, name in enumerate(table.lists)}
    lists = list(table.lists)
    assert CaptureTable.from_frame(columns, lists=lists) == table
    assert CaptureTable.from_frame(pd.DataFrame(columns).astype(bool), lists=lists) == table
    assert CaptureTable.from_frame(pl.DataFrame(columns).lazy(), lists=lists) == table
    rows, cols = np.nonzero(persons[order])
    members = {"person": rows, "source": np.array(lists, dtype=object)[cols]}
    door = {"person": "person", "list": "source", "lists": lists}
    assert CaptureTable.from_memberships(members, **door) == table
    assert (
        CaptureTable.from_memberships(pl.DataFrame(members, schema_overrides={"source": pl.String}), **door)
        == table
    )
    frame = table.to_frame().sample(frac=1, random_state=random.randrange(2**31))
    assert CaptureTable.from_frame(frame, lists=lists, count=frame.columns[-1]) == table
    text = {"".join(map(str, h)): int(c) for h, c in zip(table.histories, table.counts, strict=True)}
    assert CaptureTable.from_counts(text, lists=lists) == table


@given(st.data())
def test_keeping_every_list_in_another_order_is_undone(data):
    table = data.draw(tables)
    order = data.draw(st.permutations(table.lists))
    assert table.keep(order).keep(table.lists) == table


@given(st.data())
def test_keep_counts_those_on_any_list_kept(data):
    table = data.draw(tables)
    names = data.draw(st.lists(st.sampled_from(table.lists), min_size=2, unique=True))
    columns = [table.lists.index(name) for name in names]
    persons = persons_of(table)[:, columns]
    assume(persons.any())
    kept = table.keep(names)
    assert kept.n_observed == persons.any(axis=1).sum()
    assert kept.overlap(*names) == table.overlap(*names)
    assert kept == table.drop(*[name for name in table.lists if name not in names]).keep(names)


@given(st.data())
def test_merging_keeps_every_person(data):
    table = data.draw(capture_tables(min_lists=3, max_lists=6, max_count=9))
    names = data.draw(
        st.lists(st.sampled_from(table.lists), min_size=2, max_size=table.n_lists - 1, unique=True)
    )
    merged = table.merge(names, into="united")
    columns = [table.lists.index(name) for name in names]
    assert merged.n_observed == table.n_observed
    assert merged.list_sizes["united"] == persons_of(table)[:, columns].any(axis=1).sum()
    assert merged.lists.index("united") == min(columns)
    for name in set(table.lists) - set(names):
        assert merged.list_sizes[name] == table.list_sizes[name]


@given(count_tables())
def test_repeated_counts_lose_nobody(counts):
    persons = np.repeat(counts.times, counts.counts)
    assert RepeatedCounts.from_persons(persons[::-1]) == counts
    assert RepeatedCounts.from_frequencies(counts.frequencies) == counts
    assert counts.n_observed == len(persons)
    assert (counts.frequencies * np.arange(1, len(counts.frequencies) + 1)).sum() == persons.sum()
