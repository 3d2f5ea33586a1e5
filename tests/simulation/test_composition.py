"""Shares of groups on simulated truths and on members of real lists."""

import numpy as np
import pytest

from detcount import CaptureTable, datasets, simulate
from detcount.strata import composition
from detcount.strata.composing import shipped_tilt
from detcount.strata.parts import Parts

pytestmark = pytest.mark.slow

N_WORLDS = 400


def worlds(level):
    """How often limits cover the shares of the unlisted that the model itself draws."""
    rng = np.random.default_rng(7)
    inside = []
    for world in range(N_WORLDS):
        listed = rng.integers(12, 400, size=5).astype(float)
        spreads = np.sqrt(shipped_tilt().own_spread ** 2 + shipped_tilt().own_persons / listed)
        weights = np.log(listed) + rng.normal(0, 0.3, size=5)
        unlisted = int(listed.sum())
        shares = np.exp(weights + spreads * rng.normal(size=5))
        truth = listed + rng.multinomial(unlisted, shares / shares.sum())
        parts = Parts(tuple("abcde"), listed, weights, spreads, tuple("abcde"), 0.0)
        drawn = parts.drawn(np.full(800, truth.sum()), world)
        low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
        inside.append((low <= truth) & (truth <= high))
    return np.array(inside)


@pytest.mark.parametrize("level", [0.5, 0.95])
def test_limits_cover_what_the_model_draws_as_often_as_they_say_and_no_more(level):
    inside = worlds(level)
    error = inside.mean(axis=1).std() / np.sqrt(N_WORLDS)
    assert inside.mean() == pytest.approx(level, abs=3 * error + 0.01)


def test_lists_that_miss_a_group_give_shares_nearer_to_the_truth_than_the_listed():
    """Lists are independent within a group, and reach one of three groups half as well."""
    nearer, far, near = 0, [], []
    for seed in range(20):
        sizes = {"a": 4000, "b": 1500, "c": 1500}
        reach = {"a": [0.35, 0.3, 0.2], "b": [0.35, 0.3, 0.2], "c": [0.17, 0.15, 0.1]}
        tables = {
            name: simulate.population(sizes[name], reach[name], seed=10 * seed + k).table
            for k, name in enumerate(sizes)
        }
        found = composition(tables)
        true = {name: size / 7000 for name, size in sizes.items()}
        listed = sum(abs(found.listed_shares[name] - true[name]) for name in true) / 2
        estimated = sum(abs(found.shares[name] - true[name]) for name in true) / 2
        far.append(listed)
        near.append(estimated)
        nearer += estimated < listed
        low, high = found.share_limits()["c"]
        assert low <= true["c"] <= high
    assert nearer >= 19
    assert np.mean(near) < 0.75 * np.mean(far)


def test_members_of_lists_of_peru_whose_groups_are_known():
    """Who is held responsible, by period, among the members of three of the lists."""
    strata = {
        f"{who} {period}": datasets.load(f"peru_{who}_{period}")
        for who in ("STATE", "SHINING_PATH", "OTHER")
        for period in ("1980_84", "1985_89", "1990_2002")
    }
    inside, ratios = [], []
    for source in ("CVR", "COMISEDH", "CNDDHH"):
        tables, sizes = {}, {}
        for name, table in strata.items():
            k = table.lists.index(source)
            on = table.histories[:, k] == 1
            others, counts = np.delete(table.histories, k, axis=1)[on], table.counts[on]
            seen = others.any(axis=1)
            if seen.any():
                names = tuple(each for each in table.lists if each != source)
                tables[name] = CaptureTable(names, others[seen], counts[seen])
                sizes[name] = counts.sum()
        found = composition(tables)
        true = {name: size / sum(sizes.values()) for name, size in sizes.items()}
        apart = [
            sum(abs(shares[name] - true[name]) for name in true)
            for shares in (found.shares, found.listed_shares)
        ]
        ratios.append(apart[0] / apart[1])
        inside += [low <= true[name] <= high for name, (low, high) in found.share_limits().items()]
    assert max(ratios) < 1
    assert np.mean(ratios) < 0.9
    assert np.mean(inside) > 0.8


def test_a_thousand_groups_take_seconds():
    import time

    rng = np.random.default_rng(0)
    histories = np.array([[int(mark) for mark in f"{code:04b}"] for code in range(1, 16)], dtype=np.uint8)
    tables = {}
    for k in range(1000):
        reach = np.clip(np.array([0.3, 0.25, 0.2, 0.12]) * np.exp(rng.normal(0, 0.3, size=4)), 0, 0.8)
        chances = np.prod(np.where(histories, reach, 1 - reach), axis=1)
        counts = rng.multinomial(rng.integers(200, 2001), np.append(chances, 1 - chances.sum()))[:-1]
        tables[f"place {k}"] = CaptureTable(("a", "b", "c", "d"), histories[counts > 0], counts[counts > 0])
    before = time.process_time()
    found = composition(tables)
    assert time.process_time() - before < 20
    assert found.draws.sum(axis=1) == pytest.approx(found.total.draws, rel=1e-12)
