"""Entries that do not belong, by the day of the arrest: of long ago they are most of the open ones."""

import numpy as np
import pytest

from detcount._numerics.stock.inside import strange_by_day


def system(share, seed):
    """One list: who belongs leaves in time, and the strange never do."""
    rng = np.random.default_rng(seed)
    entered = rng.integers(0, 1000, 6000)
    strange = rng.random(6000) < share
    is_open = strange | (entered + rng.exponential(120, 6000) > 1000)
    return entered, strange, is_open


def weights(entered, is_open, share):
    n = len(entered)
    code, shares = np.zeros(n, dtype=int), np.array([share])
    return strange_by_day(entered, is_open, code, np.array([0]), shares, entered, np.zeros(n, dtype=int))


@pytest.mark.parametrize("share", [0.01, 0.03, 0.06])
def test_the_share_by_day_is_near_the_truth_of_a_simulation(share):
    missed, flat = [], []
    for seed in range(8):
        entered, strange, is_open = system(share, seed)
        among = strange[is_open].mean()
        by_day = among * weights(entered, is_open, among)
        for low in range(0, 1000, 200):
            there = is_open & (entered >= low) & (entered < low + 200)
            missed.append(by_day[there].sum() - strange[there].sum())
            flat.append(among * there.sum() - strange[there].sum())
    assert np.abs(missed).mean() < 0.5 * np.abs(flat).mean()


def test_it_is_one_on_average_and_leaves_a_few_of_each_group():
    entered, _, is_open = system(0.05, 3)
    for share in (0.05, 0.4, 0.9):
        found = weights(entered, is_open, share)
        assert found[is_open].mean() == pytest.approx(1.0, abs=1e-9)
        assert (found[~is_open] == 1).all()
        assert (share * found[is_open]).max() <= 0.95 + 1e-9
        assert found[is_open & (entered < 300)].mean() >= found[is_open & (entered > 900)].mean() - 1e-9


def test_histories_of_several_lists_and_of_few_entries_are_left_alone():
    entered, _, is_open = system(0.05, 4)
    code = (np.arange(len(entered)) % 3 == 0).astype(int)
    on = np.zeros(len(entered), dtype=int)
    found = strange_by_day(entered, is_open, code, np.array([-1, 0]), np.array([0.2, 0.2]), entered, on)
    assert (found[code == 0] == 1).all()
    assert found[is_open & (code == 1)].std() > 0
    few = np.flatnonzero(is_open)[:20]
    assert (weights(entered[few], is_open[few], 0.2) == 1).all()
