"""Coupled sums: scores, limits on the log scale, and errors by blocks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detcount._numerics.intervals import log_normal_bounds, normal_quantile
from detcount._numerics.pooling import (
    N_BLOCKS,
    LogSpread,
    block_errors,
    blocks,
    coupled_scores,
    middle_and_limits,
    stratified_scores,
    sums_for,
)

ROUNDING = 1e-9


def test_scores_are_normal_evenly_spread_and_differ_by_block():
    scores = stratified_scores(20_000, np.random.default_rng(1))
    assert np.mean(scores) == pytest.approx(0, abs=1e-3)
    assert np.std(scores) == pytest.approx(1, abs=2e-3)
    by_block = scores.reshape(N_BLOCKS, -1)
    medians = np.median(by_block, axis=1)
    assert len(set(medians)) == N_BLOCKS
    assert np.abs(medians).max() < 0.002  # 0.04 for scores drawn at random
    assert abs(np.corrcoef(by_block[0], by_block[1])[0, 1]) < 0.15


@pytest.mark.parametrize("shared", [0.0, 0.3, 1.0])
def test_correlation_of_two_strata(shared):
    random = np.random.default_rng(7)
    common, *own = (random.standard_normal(200_000) for _ in range(3))
    one, other = (coupled_scores(common, each, shared) for each in own)
    assert np.corrcoef(one, other)[0, 1] == pytest.approx(shared, abs=0.01)
    assert np.std(one) == pytest.approx(1, abs=0.01)


@given(st.integers(0, 10**6), st.floats(1, 1e6), st.floats(0.01, 100), st.floats(0.5, 0.99))
def test_log_normal_limits_are_given_back(n_observed, unlisted, ratio, level):
    low, high = log_normal_bounds(
        n_unobserved=unlisted, variance=(ratio * unlisted) ** 2, n_observed=n_observed, level=level
    )
    spread = LogSpread(n_observed, n_observed + unlisted, low, high, level)
    z = normal_quantile(level)
    found = spread.at(np.array([-z, 0.0, z]), own_share=0.0)
    if low > n_observed * (1 + 1e-9) + 1e-6:
        assert found == pytest.approx([low, n_observed + unlisted, high], rel=1e-6)
    assert (spread.at(np.linspace(-5, 5, 41), own_share=1.0) >= n_observed).all()


def test_own_errors_cancel_on_the_scale_of_persons():
    spread = LogSpread(100, 150.0, 100 + 50 * math.exp(-1.2), 100 + 50 * math.exp(1.2), 0.95)
    scores = np.random.default_rng(4).standard_normal(400_000)
    assert spread.at(scores, own_share=1.0).mean() == pytest.approx(150, abs=0.3)
    assert np.median(spread.at(scores, own_share=0.0)) == pytest.approx(150, abs=0.3)


def test_limits_at_the_listed_and_without_end():
    at_listed = LogSpread(100, 110.0, 100.0, 140.0, 0.9)
    z = normal_quantile(0.9)
    assert at_listed.at(np.array([-z, 0.0, z]), 0.0) == pytest.approx([100, 110, 140], rel=ROUNDING)
    assert at_listed.at(np.array([-9.0]), 0.0) == [100.0]
    endless = LogSpread(100, 110.0, 104.0, math.inf, 0.9)
    low, middle, below, above = endless.at(np.array([-z, 0.0, 0.99 * z, z]), 0.0)
    assert (low, middle, above) == (pytest.approx(104), pytest.approx(110), math.inf)
    assert 110 < below < 126
    assert LogSpread(100, 100.0, 100.0, 100.0, 0.9).at(np.zeros(3), 1.0).tolist() == [100.0] * 3


def test_limits_of_sums():
    low, middle, high = middle_and_limits(np.arange(1001.0), 0.9)
    assert (low, middle, high) == (pytest.approx(50), 500, pytest.approx(950))


@pytest.mark.parametrize("n_values", [20, 1003, 7])
def test_blocks_hold_every_value_once(n_values):
    parts = blocks(n_values)
    assert len(parts) == N_BLOCKS
    assert [k for part in parts for k in range(part.start, part.stop)] == list(range(n_values))


def test_errors_by_blocks():
    random = np.random.default_rng(2)
    errors = block_errors(np.column_stack([random.standard_normal(N_BLOCKS), np.ones(N_BLOCKS)]))
    assert errors[0] == pytest.approx(1 / math.sqrt(N_BLOCKS), rel=0.5)
    assert errors[1] is None
    assert block_errors(np.full((N_BLOCKS, 1), math.inf)) == (None,)


@pytest.mark.parametrize(
    ("n_strata", "n_sums"), [(2, 100_000), (100, 40_000), (1000, 20_000), (10**5, 20_000)]
)
def test_fewer_sums_of_more_strata(n_strata, n_sums):
    assert sums_for(n_strata) == n_sums
