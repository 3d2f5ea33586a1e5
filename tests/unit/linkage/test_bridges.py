"""Pairs without which a person falls into two, and persons put together for pairs that nobody compared."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detcount import linkage, simulate
from detcount._numerics.linkage.agreement import (
    bridges,
    codes_of,
    connected,
    kinds_of_merges,
    merged_at_random,
    numbered,
)
from invented_linkage import invented_linkage


def bits(list_of, rows):
    return int(np.bitwise_or.reduce(1 << list_of[rows]))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(2, 12), share=st.floats(0.2, 1.0))
def test_parts_are_those_that_remain_when_the_pair_is_taken_out(seed, n, share):
    random = np.random.default_rng(seed)
    list_of = random.integers(0, 3, n)
    pairs = np.array(list(itertools.combinations(range(n), 2)))
    pairs = pairs[random.random(len(pairs)) < share * 2 / n]
    first, second = pairs[:, 0], pairs[:, 1]
    labels = connected(n, first, second)
    found, weight = bridges(labels, list_of, first, second)
    for k, (one, two) in enumerate(pairs.tolist()):
        left = connected(n, np.delete(first, k), np.delete(second, k))
        if left[one] == left[two]:
            assert found[k].tolist() == [0, 0]
        else:
            sides = sorted(bits(list_of, np.flatnonzero(left == left[end])) for end in (one, two))
            assert found[k].tolist() == sides
            assert weight[k] == pytest.approx(1 / np.prod([(left == left[end]).sum() for end in (one, two)]))


def test_missed_pairs_are_like_those_that_were_seen():
    cell = np.array([0, 0, 0, 0, 1])
    parts = np.array([[1, 2], [1, 2], [1, 6], [0, 0], [1, 4]])
    kinds, expected = kinds_of_merges(cell, parts, np.array([1, 1, 0.5, 1, 1]), np.array([[8.0, 3.0, 5.0]]))
    # of a cell in which no pair was seen nothing is known
    assert dict(zip(map(tuple, kinds.tolist()), expected[0].tolist(), strict=True)) == {
        (1, 2): 4.0,
        (1, 6): 1.0,
        (1, 4): 3.0,
    }


@given(seed=st.integers(0, 1000), number=st.lists(st.integers(0, 6), min_size=3, max_size=3))
def test_so_many_persons_become_one_as_are_asked_for_and_there_are(seed, number):
    random = np.random.default_rng(seed)
    list_of = np.repeat([0, 1, 2], [20, 20, 10])
    labels = numbered(np.concatenate([np.arange(20), np.arange(20) + 10, np.arange(10) + 25]))
    kinds = np.array([[1, 2], [1, 1], [2, 4]])
    before = np.bincount(codes_of(labels, list_of, np.ones(50, bool)), minlength=8)
    merged = numbered(merged_at_random(labels, list_of, kinds, np.array(number), random))
    after = np.bincount(codes_of(merged, list_of, np.ones(50, bool)), minlength=8)
    left, made = before.copy(), np.zeros(3, int)
    for k, ((one, two), times) in enumerate(zip(kinds.tolist(), number, strict=True)):
        while made[k] < times and left[one] >= 1 + (one == two) and left[two]:
            left[one] -= 1
            left[two] -= 1
            made[k] += 1
    for (one, two), times in zip(kinds.tolist(), made.tolist(), strict=True):
        left[one | two] += times
    assert after.tolist() == left.tolist()
    # nobody is taken apart
    assert all(len(np.unique(merged[labels == label])) == 1 for label in range(labels.max() + 1))


def test_nothing_is_put_together_where_nothing_is_missing():
    labels = np.arange(4)
    assert merged_at_random(labels, np.zeros(4, int), np.array([[1, 1]]), np.array([0]), None) is labels


def test_drawn_tables_and_persons_hold_links_that_were_never_compared():
    plain = invented_linkage()
    kinds, expected = np.array([[1, 2], [1, 4]]), np.array([[6.0, 0.0], [8.0, 0.0]])
    carried = replace(plain, missed_kinds=kinds, missed_draws=expected)
    one, two, three = plain.lists
    gains = {
        names: np.mean(
            [
                after.overlap(*names) - before.overlap(*names)
                for before, after in zip(plain.tables(200), carried.tables(200), strict=True)
            ]
        )
        for names in ((one, two), (one, three))
    }
    assert gains[one, two] == pytest.approx(7.0, abs=0.8)
    assert gains[one, three] == 0.0
    assert carried.tables(5, seed=3)[4].to_frame().equals(carried.tables(5, seed=3)[4].to_frame())
    low, high = plain.persons_interval()
    assert low - 16 < carried.persons_interval().low < low - 4
    assert carried.persons_interval().high < high


@pytest.mark.slow
def test_what_may_be_anything_is_not_carried_and_is_said():
    invented = simulate.name_lists(450, seed=5)
    frames = {name: frame.drop(columns="Cédula") for name, frame in invented.frames.items()}
    without = linkage.link(linkage.read_lists(frames), n_draws=20)
    assert without.missed_draws is None
    assert any("may never have been compared" in str(note) for note in without.notes)
    known = linkage.link(linkage.read_lists(invented.frames), n_draws=20)
    assert 0 < known.missed_draws.sum(axis=1).mean() < 0.02 * known.n_rows
