"""Partitions compared in pairs of rows, counted by history, and measured on labelled clusters."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detcount._numerics.linkage import agreement

LABELS = st.lists(st.integers(0, 5), min_size=1, max_size=12)


def pairs_of(labels):
    return {(i, j) for i, j in itertools.combinations(range(len(labels)), 2) if labels[i] == labels[j]}


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=12))
def test_pairs_are_those_counted_one_by_one(both):
    one, other = (np.array(labels) for labels in zip(*both, strict=True))
    assert agreement.pairs_within(one) == len(pairs_of(one))
    assert agreement.shared_pairs(one, other) == len(pairs_of(one) & pairs_of(other))
    (precision,), (recall,), (f1,) = agreement.agreement(one, other[None])
    kept, true = pairs_of(one), pairs_of(other)
    right = len(kept & true)
    assert precision == (right / len(kept) if kept else 1)
    assert recall == (right / len(true) if true else 1)
    assert f1 == pytest.approx(2 * right / (len(kept) + len(true)) if kept or true else 1)


@given(LABELS)
def test_numbers_go_by_first_rows(labels):
    new = agreement.numbered(np.array(labels))
    assert pairs_of(new) == pairs_of(labels)
    seen = list(dict.fromkeys(new.tolist()))
    assert seen == list(range(len(seen)))


@given(st.integers(1, 9), st.data())
def test_connected_rows_are_reached_step_by_step(n, data):
    pairs = data.draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=8))
    label = list(range(n))
    for _ in range(n):
        for i, j in pairs:
            label[i] = label[j] = min(label[i], label[j])
    first, second = (np.array([pair[k] for pair in pairs], dtype=np.int64) for k in (0, 1))
    assert pairs_of(agreement.connected(n, first, second)) == pairs_of(label)


def test_histories_are_counted_and_rows_that_do_not_count_are_no_captures():
    labels, list_of = np.array([0, 0, 1, 2, 2, 2]), np.array([0, 1, 1, 0, 0, 2])
    counts = np.array([True, True, True, True, True, False])
    assert agreement.codes_of(labels, list_of, counts).tolist() == [3, 2, 1]
    codes, persons = agreement.counted(np.array([3, 2, 1, 1, 0]))
    assert dict(zip(codes.tolist(), persons.tolist(), strict=True)) == {1: 2, 2: 1, 3: 1}


def test_an_effect_is_what_putting_two_persons_together_does():
    draws = np.array([[0, 1, 2, 2], [0, 0, 1, 1]])
    list_of, counts = np.array([0, 1, 0, 2]), np.ones(4, bool)
    gradient = {1: 10.0, 2: 20.0, 3: 5.0, 4: 7.0, 5: 1.0, 7: 100.0}
    effects = agreement.mean_effects(
        draws, list_of, counts, np.array([0, 1, 2]), np.array([1, 2, 3]), gradient
    )
    first = 5.0 - 10.0 - 20.0  # only the first draw has rows 0 and 1 apart
    second = np.mean([100.0 - 20.0 - 1.0, 100.0 - 5.0 - 1.0])  # code 2 or 3 meets code 5
    assert effects.tolist() == [first, second, 0.0]  # rows 2 and 3 are never apart
    assert agreement.mean_effects(draws, list_of, counts, np.array([0]), np.array([1]), {}).tolist() == [0.0]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=12))
def test_with_every_cluster_labelled_the_shares_are_those_of_all_pairs(both):
    truth, point = (agreement.numbered(np.array(labels)) for labels in zip(*both, strict=True))
    counts = agreement.count_pairs(point, np.arange(len(truth)), truth)
    kept, true = pairs_of(point), pairs_of(truth)
    assert counts.right.sum() == len(kept & true)
    assert counts.true.sum() == len(true)
    assert counts.kept.sum() == len(kept)  # a pair that crosses is half of each cluster


def world(seed, n=400):
    """Clusters of one to four rows, and a partition that splits some and joins others."""
    rng = np.random.default_rng(seed)
    truth = np.repeat(np.arange(n), rng.integers(1, 5, n))
    point = truth.copy()
    split = rng.random(len(truth)) < 0.06
    point[split] = n + np.arange(split.sum())
    for a, b in rng.integers(0, n, (14, 2)).tolist():
        point[point == b] = a
    return truth, agreement.numbered(point)


def test_limits_from_a_sample_of_clusters_hold_the_truth():
    held = {"precision": 0, "recall": 0, "f1": 0}
    runs, sampled = 150, 120
    for seed in range(runs):
        truth, point = world(seed)
        rng = np.random.default_rng(1000 + seed)
        chosen = rng.choice(len(np.bincount(truth)), sampled, replace=False)
        every = agreement.count_pairs(point, np.arange(len(truth)), truth)
        tops = {"precision": every.right, "recall": every.right, "f1": 2 * every.right}
        bottoms = {"precision": every.kept, "recall": every.true, "f1": every.kept + every.true}
        for name in held:
            real = tops[name].sum() / bottoms[name].sum()
            low, high = agreement.ratio_limits(tops[name][chosen], bottoms[name][chosen], 0.9)
            held[name] += low <= real <= high
            assert low <= agreement.ratio(tops[name][chosen], bottoms[name][chosen]) <= high
    for name, times in held.items():
        # 3 binomial standard deviations beside the level of 90%, and a point for the skewness of ratios; a
        # sample of 120 out of 400 clusters without replacement holds more
        assert 0.9 - 3 * 0.0245 - 0.01 < times / runs <= 0.995, name


def test_without_any_error_the_limits_are_those_of_clopper_and_pearson():
    top = np.array([1.0, 0.0, 3.0, 1.0])
    low, high = agreement.ratio_limits(top, top, 0.95)
    assert high == 1.0
    assert low == pytest.approx(0.025 ** (1 / 3))  # three clusters have pairs
    assert agreement.ratio_limits(0 * top, top, 0.95) == (0.0, pytest.approx(1 - 0.025 ** (1 / 3)))
    assert agreement.ratio_limits(0 * top, 0 * top, 0.95) == (0.0, 1.0)
