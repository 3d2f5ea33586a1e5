"""The mixture behind missing values, against closed forms."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from detcount._numerics.imputing import _drawn, _Patterns, _sweep, impute


def table(seed: int = 3) -> np.ndarray:
    """Two lists and two columns of 2 and 3 values that hang together, with a third of the last missing."""
    random = np.random.default_rng(seed)
    kind = random.random(900) < 0.4
    lists = random.random((900, 2)) < np.where(kind[:, None], [0.8, 0.3], [0.3, 0.7])
    first = random.random(900) < np.where(kind, 0.9, 0.2)
    last = np.where(kind, random.choice([0, 1, 2], 900, p=[0.6, 0.3, 0.1]), random.choice([1, 2], 900))
    codes = np.column_stack([lists, first, last]).astype(np.int16)
    codes[random.random(900) < np.where(lists[:, 0], 0.5, 0.2), 3] = -1
    return codes


def test_what_is_known_stays_and_what_nobody_has_is_not_made_up():
    codes = table()
    found = impute(codes, n_draws=5, n_classes=10, seed=1)
    known = codes >= 0
    assert found.tables.shape == (5, 900, 4)
    assert all((each[known] == codes[known]).all() for each in found.tables)
    assert set(np.unique(found.tables[:, ~known[:, 3], 3])) == {0, 1, 2}
    assert found.r_hat < 1.1


def test_one_class_draws_from_the_shares_of_all():
    # with one column that is constant and one that is missing at random nothing separates classes
    random = np.random.default_rng(2)
    codes = np.zeros((3000, 2), dtype=np.int16)
    codes[:, 1] = random.random(3000) < 0.3
    hidden = random.random(3000) < 0.3
    share = codes[~hidden, 1].mean()
    codes[hidden, 1] = -1
    found = impute(codes, n_draws=20, n_classes=2, seed=0)
    drawn = found.tables[:, hidden, 1].mean(axis=1)
    # beta-binomial: the share among those known errs, and the draw does
    spread = np.sqrt(share * (1 - share) * (1 / (~hidden).sum() + 1 / hidden.sum()))
    assert drawn.mean() == pytest.approx(share, abs=4 * spread / np.sqrt(20))
    assert 0.5 * spread < drawn.std(ddof=1) < 2 * spread


def test_rows_of_a_pattern_are_filled_without_regard_to_their_order():
    codes = table()
    order = np.argsort(codes[:, 3] >= 0, kind="stable")
    codes = codes[order]  # the missing ones first
    found = impute(codes, n_draws=20, n_classes=10, seed=0)
    rows = np.flatnonzero(codes[:, 3] < 0)
    halves = [found.tables[:, part, 3] == 2 for part in np.array_split(rows, 2)]
    assert halves[0].mean() == pytest.approx(halves[1].mean(), abs=0.06)


def test_nothing_missing_gives_the_table_itself():
    codes = table()[:60]
    codes[:, 3] = np.maximum(codes[:, 3], 0)
    found = impute(codes, n_draws=5, n_classes=3, seed=0)
    assert (found.tables == codes).all()
    assert found.r_hat == 1.0


def test_without_rows_a_sweep_leaves_the_prior_as_it_is():
    """Minus the logarithm of the last weight is a gamma variable of H - 1 over another of a quarter."""
    random, n = np.random.default_rng(4), 1000
    patterns = _Patterns.of(table())
    nobody = np.zeros((len(patterns.counts), 4), dtype=np.int64)
    patterns = replace(patterns, counts=nobody[:, 0])
    last, shares = [], []
    for _ in range(n):
        state, _ = _sweep(patterns, _drawn(patterns, nobody, random.gamma(0.25, 4.0), random), random)
        last.append(-state.log_weights[-1])
        shares.append(state.shares.mean(axis=1))
    for place in (1.0, 4.0, 15.0):
        expected = stats.betaprime.cdf(place / 0.25, 3, 0.25)
        error = 4 * np.sqrt(expected * (1 - expected) / n)
        assert np.mean(np.array(last) <= place) == pytest.approx(expected, abs=error)
    error = 4 * np.std(shares, axis=0) / np.sqrt(n)
    assert (np.abs(np.mean(shares, axis=0) - patterns.shares) < error).all()


def test_a_tie_of_two_blank_columns_that_no_class_holds_is_drawn():
    # the two classes are taken up by the lists; among children half are girls, among others a sixth women
    random = np.random.default_rng(7)
    kind, child = random.random((2, 2400)) < [[0.5], [0.2]]
    lists = random.random((2400, 5)) < np.where(kind, 0.85, 0.15)[:, None]
    codes = np.column_stack([lists, random.random(2400) < np.where(child, 0.5, 1 / 6), child]).astype(
        np.int16
    )
    blank = random.random((2400, 2)) < 0.3
    truth = (codes[:, 5] * codes[:, 6])[blank.any(axis=1)].sum()
    codes[:, 5:][blank] = -1
    found = impute(codes, n_draws=10, n_classes=2, seed=0).tables[:, blank.any(axis=1)]
    girls = (found[:, :, 5] * found[:, :, 6]).sum(axis=1)
    assert girls.mean() == pytest.approx(truth, rel=0.15)  # without the tie it is half of that
