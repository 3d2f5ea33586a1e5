"""The prior of a partition, the list of all partitions, splits and merges, and the partition to show."""

import itertools
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from scipy.sparse.csgraph import minimum_spanning_tree

from detcount._numerics.linkage import partitions as gibbs

BELL = {1: 1, 2: 2, 3: 5, 4: 15, 5: 52, 6: 203}


def set_partitions(rows):
    if not rows:
        yield ()
        return
    first, *rest = rows
    for smaller in set_partitions(rest):
        yield ((first,), *smaller)
        for k, cluster in enumerate(smaller):
            yield (*smaller[:k], (first, *cluster), *smaller[k + 1 :])


def canonical(labels):
    clusters = {}
    for row, label in enumerate(labels):
        clusters.setdefault(int(label), []).append(row)
    return tuple(sorted(tuple(rows) for rows in clusters.values()))


def test_draws_of_the_parameters_of_the_prior_have_their_means():
    random = np.random.default_rng(3)
    shapes = gibbs.pattern_shapes(np.arange(4), 2)
    drawn = np.array(
        [gibbs.draw_patterns(np.array([0, 9.0, 4, 20]), shapes, 0.5, random) for _ in range(4000)]
    )
    assert_allclose(drawn[:, 1:].mean(axis=0), (shapes[1:] + np.array([9, 4, 20])) / 1.5, rtol=0.05)
    copies = np.array(
        [gibbs.draw_copies(np.array([30.0, 5]), np.array([34.0, 5]), 1, 19, random) for _ in range(4000)]
    )
    assert_allclose(copies.mean(axis=0), [(1 + 4) / (20 + 34), 1 / 25], rtol=0.05)


@pytest.mark.parametrize("n", [*BELL])
def test_all_partitions_are_listed(n):
    masks = [*range(1, 2**n)]
    assert len(gibbs.partitions(masks, n)) == BELL[n]
    found = {
        tuple(sorted(tuple(row for row in range(n) if masks[k] >> row & 1) for k in one))
        for one in gibbs.partitions(masks, n)
    }
    assert found == {
        tuple(sorted(tuple(sorted(rows)) for rows in one)) for one in set_partitions([*range(n)])
    }


def test_table_gives_the_probabilities_of_partitions_and_draws_them():
    random = np.random.default_rng(8)
    groups = [([1, 2, 4, 3, 6, 7], 3), ([1], 1), ([1, 2, 3], 2)]
    names = [np.arange(6), np.array([6]), np.array([7, 8, 9])]
    weights = random.normal(size=10)
    table, crowded = gibbs.partition_table(groups, names)
    assert not len(crowded)
    fewer, crowded = gibbs.partition_table(groups, names, 2)
    assert crowded.tolist() == [0]
    assert fewer.start.tolist() == [0, 1, 3]
    chance = table.probabilities(weights)
    assert len(chance) == 4 + 1 + 2
    expected = np.exp(
        [weights[[0, 1, 2]].sum(), weights[0] + weights[4], weights[3] + weights[2], weights[5]]
    )
    assert_allclose(np.sort(chance[:4]), np.sort(expected / expected.sum()))
    assert_allclose(chance[4], 1.0)
    n_draws = 20_000
    drawn = np.array([table.draw(chance, random) for _ in range(n_draws)])
    for partition, p in enumerate(chance):
        share = (drawn == partition).any(axis=1).mean()
        assert abs(share - p) < 4 * np.sqrt(p * (1 - p) / n_draws) + 1e-12
    best = table.best(table.totals(weights))
    assert best.tolist() == [int(np.argmax(chance[:4])), 4, 5 + int(np.argmax(chance[5:]))]
    assert sorted(table.chosen_clusters(np.array([best[0], 4])).tolist())[-1] == 6


def weighed(random, n):
    return {
        rows: float(random.normal(0.0, 0.8))
        for size in range(1, n + 1)
        for rows in itertools.combinations(range(n), size)
    }


def many_copies(n, free, monkeypatch, n_steps=40, n_copies=3000):
    """Splits and merges in many copies of the same rows: how often each partition is found, and exactly."""
    monkeypatch.setattr(gibbs, "TUNING", replace(gibbs.TUNING, free_rows=free))
    random = np.random.default_rng(10 * n + free)
    weight = weighed(random, n)
    exact = {
        tuple(sorted(tuple(sorted(rows)) for rows in one)): sum(weight[tuple(sorted(rows))] for rows in one)
        for one in set_partitions([*range(n)])
    }
    share = np.exp(np.array([*exact.values()]))
    share /= share.sum()
    by_bits = np.array(
        [0.0] + [weight[tuple(row for row in range(n) if bits >> row & 1)] for bits in range(1, 2**n)]
    )

    bit = 1 << (np.arange(n * n_copies) % n)

    def log_weight(keys, members):
        rows, sizes = members(np.arange(len(keys)))
        assert (np.add.reduceat(bit[rows], np.cumsum(sizes) - sizes) == keys).all()
        return by_bits[keys.astype(np.int64)]

    one, two = np.array([*itertools.combinations(range(n), 2)]).T
    base = np.arange(n_copies)[:, None] * n
    labels = np.arange(n * n_copies)
    for _ in range(n_steps):
        labels = gibbs.chaperone_step(
            labels, (base + one).ravel(), (base + two).ravel(), bit.astype(np.uint64), log_weight, random
        )
    found = Counter(canonical(mine) for mine in (labels.reshape(n_copies, n) - base).tolist())
    counts = np.array([found[key] for key in exact])
    assert counts.sum() == n_copies
    return counts, n_copies * share


@pytest.mark.parametrize(
    ("n", "free"), [(4, 6), *(pytest.param(*each, marks=pytest.mark.slow) for each in ((5, 1), (6, 2)))]
)
def test_splits_and_merges_find_the_posterior(n, free, monkeypatch):
    counts, expected = many_copies(n, free, monkeypatch)
    assert chi_squared(counts, expected) < 1.0


def chi_squared(counts, expected):
    """Chi-squared over its 99.9% point; cells that are rarely expected are put together."""
    rare = expected < 5
    counts = np.append(counts[~rare], counts[rare].sum())
    expected = np.append(expected[~rare], max(expected[rare].sum(), 1e-9))
    return ((counts - expected) ** 2 / expected).sum() / stats.chi2.ppf(0.999, len(expected) - 1)


def test_threshold_is_half_of_the_best_expected_f1():
    chance = np.array([0.99, 0.9, 0.6, 0.46, 0.3, 0.1])

    def decide(threshold):
        kept = chance >= threshold
        return float(kept.sum()), float(chance[kept].sum())

    threshold = gibbs.threshold_of_f1(decide, float(chance.sum()))
    values = [gibbs.expected_f1(k, float(chance[:k].sum()), float(chance.sum())) for k in range(1, 7)]
    kept = int((chance >= threshold).sum())
    assert kept == int(np.argmax(values)) + 1
    assert threshold == pytest.approx(max(values) / 2, abs=1e-6)
    assert gibbs.expected_f1(0.0, 0.0, 0.0) == 1.0


@pytest.mark.parametrize("size", [2, 3, 4, 5, 6])
def test_the_largest_tree_is_that_of_another_algorithm(size):
    random = np.random.default_rng(size)
    two, one = gibbs.pairs_of(size)
    pairs = random.exponential(size=(50, len(one))) * (random.random((50, len(one))) < 0.8)
    for row, found in zip(pairs, gibbs.largest_tree(pairs, size), strict=True):
        dense = np.zeros((size, size))
        dense[one, two] = 100.0 - row  # no pair weighs nothing, which would stand for no pair
        tree = minimum_spanning_tree(dense)
        assert found == pytest.approx(100.0 * (size - 1) - tree.sum(), abs=1e-9)
