"""Limits of N on arrays: known values, extremes, order."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from detcount._numerics.intervals import bca_bounds, bca_probabilities, log_normal_bounds, percentile_bounds

LAST_BITS = 1e-12  # the same formula in another order of operations

levels = st.floats(0.001, 0.999)
positive = st.floats(1e-3, 1e9)


@given(positive, positive, st.integers(1, 10**6), levels)
def test_log_normal_limits_are_quantiles_of_the_log_normal(n_unobserved, deviation, n_observed, level):
    bounds = log_normal_bounds(
        n_unobserved=n_unobserved, variance=deviation**2, n_observed=n_observed, level=level
    )
    sigma = math.sqrt(np.log1p((deviation / n_unobserved) ** 2))
    if sigma > 0:
        expected = n_observed + stats.lognorm.ppf(
            [(1 - level) / 2, (1 + level) / 2], s=sigma, scale=n_unobserved
        )
        assert bounds == pytest.approx(expected, rel=1e-9)  # two ways to the normal quantile
    assert n_observed <= bounds[0] <= n_observed + n_unobserved <= bounds[1]


def test_log_normal_limits_at_extremes(subtests):
    persons = [5e-324, 1e-200, 1e-9, 1.0, 1e15, 1e300]
    variances = [0.0, 5e-324, 1e-200, 1.0, 1e30, 1e300, math.inf]
    for case in itertools.product(persons, variances, [1e-9, 0.5, 0.95, 1 - 1e-16]):
        n_unobserved, variance, level = case
        with subtests.test(str(case)):
            low, high = log_normal_bounds(
                n_unobserved=n_unobserved, variance=variance, n_observed=7, level=level
            )
            assert 7 <= low <= 7 + n_unobserved <= high
            if variance == 0:
                assert (low, high) == (7 + n_unobserved, 7 + n_unobserved)
            if variance == math.inf:
                assert (low, high) == (7, math.inf)


def test_nobody_unlisted_has_limits_at_the_listed():
    assert log_normal_bounds(n_unobserved=0.0, variance=4.0, n_observed=7, level=0.95) == (7, 7)


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=60), levels)
def test_percentile_limits_are_numpys(draws, level):
    low, high = percentile_bounds(np.array(draws), level)
    expected = np.quantile(draws, [(1 - level) / 2, 1 - (1 - level) / 2])
    assert (low, high) == pytest.approx(expected, rel=1e-9, abs=1e-300)  # numpy interpolates from either side


def test_infinite_draws_are_above_every_number():
    draws = np.array([10.0, 20.0, 30.0, np.inf])
    assert percentile_bounds(draws, 0.95)[1] == math.inf
    assert percentile_bounds(draws, 1 / 3) == (pytest.approx(20.0), pytest.approx(30.0))
    assert percentile_bounds(np.full(5, np.inf), 0.5) == (math.inf, math.inf)
    assert bca_bounds(draws, 20.0, 0.05, 0.95)[1] == math.inf
    assert percentile_bounds(np.array([42.0]), 0.9) == (42.0, 42.0)


def test_bca_without_corrections_is_the_percentile_interval():
    draws = np.arange(1.0, 101.0)
    assert bca_bounds(draws, 50.5, 0.0, 0.9) == pytest.approx(percentile_bounds(draws, 0.9), rel=LAST_BITS)


def test_bca_probabilities_by_the_formula():
    draws = np.array([3.0, 5.0, 8.0, 9.0, 12.0, 15.0, 20.0, 30.0, 31.0, 50.0])
    point, acceleration, level = 10.0, 0.06, 0.9
    bias = stats.norm.ppf(0.4)
    z = stats.norm.ppf([0.05, 0.95])
    expected = stats.norm.cdf(bias + (bias + z) / (1 - acceleration * (bias + z)))
    assert bca_probabilities(draws, point, acceleration, level) == pytest.approx(expected, rel=1e-10)


@given(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=40),
    st.floats(0, 1e6),
    st.floats(-2, 2),
    st.floats(0.01, 0.99),
    st.floats(0.01, 0.99),
)
def test_bca_limits_are_ordered_and_nested(draws, point, acceleration, one, other):
    draws = np.array(draws)
    inner, outer = (bca_bounds(draws, point, acceleration, level) for level in sorted((one, other)))
    assert inner[0] <= inner[1]
    assert outer[0] <= inner[0]
    assert inner[1] <= outer[1]
