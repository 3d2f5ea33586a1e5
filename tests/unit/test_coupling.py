"""Coupled sums: scores, limits on the log scale, and errors by blocks."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detcount._numerics.intervals import log_normal_bounds, normal_quantile
from detcount._numerics.pooling import LogSpread

ROUNDING = 1e-9


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
