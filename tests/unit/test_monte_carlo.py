"""Limits of N and draws: known values, extremes, Monte Carlo errors, and how numbers are printed."""

import dataclasses
import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import ndtri

from detcount import CaptureTable, abundance
from detcount._numerics import monte_carlo
from detcount._numerics.intervals import bca_bounds, bca_probabilities, log_normal_bounds, percentile_bounds
from detcount.estimates import BCaRule, CautiousRule, PercentileRule

NEAR = 0.02  # of an error: the density of 100,000 draws that are as normal as so many can be
SEEDS = 0.35  # of a standard deviation over 60 seeds, which itself errs by 9%; and of errors by 1,000 draws


def normal(n_draws):
    return 300 + 40 * ndtri((np.arange(n_draws) + 0.5) / n_draws)


def test_next_to_infinity():
    draws = np.array([*range(90), *[math.inf] * 10], dtype=np.float64)
    lower = monte_carlo.quantile_error(draws, 0.5, 100.0)
    assert lower == pytest.approx(0.5 * 100 * 0.1, rel=0.02)  # a rank errs by half a tenth of all
    upper = monte_carlo.quantile_error(draws, 0.89, 100.0)
    assert 2 < upper < 5  # twice the distance below
    assert monte_carlo.quantile_error(draws, 0.95, 100.0) == math.inf


def test_chains_that_stick_are_worth_few_draws():
    random = np.random.default_rng(3)
    free = random.standard_normal((8, 500))
    stuck = np.repeat(random.standard_normal((8, 25)), 20, axis=1)
    assert monte_carlo.quantile_size(free, 0.5) > 3000
    assert monte_carlo.quantile_size(stuck, 0.5) < 500
    rule = PercentileRule(stuck.ravel() + 10, "posterior", n_chains=8)
    blind = PercentileRule(stuck.ravel() + 10, "posterior")
    assert rule.error_at(0.5) > 2 * blind.error_at(0.5)


def test_weighted_draws_are_worth_their_effective_size():
    rule = PercentileRule.of_weighted(normal(5000), 500.0)
    assert rule.effective_size == pytest.approx(1 / (1 / 500 + 1 / 5000))
    assert rule.error_at(0.5) == pytest.approx(40 * 1.2533 / math.sqrt(rule.effective_size), rel=NEAR)


@pytest.mark.parametrize(("point", "acceleration"), [(300.0, 0.0), (290.0, 0.05), (312.0, -0.02)])
def test_bias_corrected_limits_over_seeds(point, acceleration):
    """The share of draws below the point errs as the quantiles do, and together with them."""
    limits, errors = [], []
    for seed in range(60):
        draws = 300 + 40 * np.random.default_rng(seed).standard_normal(1000)
        limits.append(bca_bounds(draws, point, acceleration, 0.95))
        errors.append(monte_carlo.bca_errors(draws, point, acceleration, 0.95))
    assert np.median(errors, axis=0) == pytest.approx(np.std(limits, axis=0, ddof=1), rel=SEEDS)


def test_every_draw_on_one_side_of_the_point():
    draws = np.arange(1.0, 101.0)
    assert all(math.isfinite(error) for error in monte_carlo.bca_errors(draws, 500.0, 0.0, 0.95))
    assert monte_carlo.bca_errors(np.full(50, 7.0), 7.0, 0.0, 0.95) == (0.0, 0.0)


def test_a_rule_of_some_draws():
    draws = normal(1000)
    lowest, highest = BCaRule(draws, 300.0, 0.01), BCaRule(np.where(draws > 390, np.inf, draws), 300.0, 0.01)
    rule = CautiousRule(lowest, highest)
    part = rule.of_draws(slice(0, 500))
    assert len(part.draws) == 500
    assert rule.monte_carlo_errors(0.9)[0] == lowest.monte_carlo_errors(0.9)[0]
    assert rule.monte_carlo_errors(0.9)[1] == highest.monte_carlo_errors(0.9)[1]
    ends = [*lowest.at(np.array([-1.0])), *highest.at(np.array([1.0]))]
    assert rule.at(np.array([-1.0, 1.0])).tolist() == ends


@given(st.floats(0.6, 5e4), st.floats(0, 1e6))
def test_another_seed_changes_what_is_printed_by_one_step_at_most(error, value):
    """In 95 of 100 cases, over all places that the number may have between two round ones."""
    unit = monte_carlo.printed_step(error)
    random = np.random.default_rng(5)
    places = value + unit * random.random(20_000)
    one, other = (places + error * random.standard_normal(20_000) for _ in range(2))
    apart = np.abs(np.round(one / unit) - np.round(other / unit))
    assert np.mean(apart <= 1) > 0.945  # the Monte Carlo error of this share is 0.0015


TABLE = CaptureTable.from_counts(
    {"100": 21, "010": 14, "001": 33, "110": 6, "101": 9, "011": 5, "111": 4}, lists=["a", "b", "c"]
)


@pytest.mark.slow
@pytest.mark.parametrize(
    "estimator",
    [
        abundance.ThresholdedLogLinear(),
        abundance.BayesAveragedLogLinear(),
        abundance.IdentifiedBy(),
        abundance.LogLinear(interval=abundance.BCaBootstrap()),
        abundance.LogLinear(interval=abundance.PercentileBootstrap()),
    ],
    ids=lambda estimator: type(estimator).__name__,
)
def test_what_other_seeds_give(estimator):
    """The error printed is the spread over seeds, and what is printed is steady."""
    estimates = [estimator.fit(TABLE, seed=seed) for seed in range(50)]
    intervals = [estimate.interval() for estimate in estimates]
    numbers = np.array(
        [
            (estimate.point, interval.low, interval.high)
            for estimate, interval in zip(estimates, intervals, strict=True)
        ]
    )
    said = np.array(
        [
            (estimate.monte_carlo_error or 0.0, *interval.monte_carlo_error)
            for estimate, interval in zip(estimates, intervals, strict=True)
        ]
    )
    spread = numbers.std(axis=0, ddof=1)
    for position in range(3):
        if spread[position] > 1:  # below, the draws are whole persons
            assert 0.55 < np.median(said[:, position]) / spread[position] < 2.0
    printed = np.array([estimate.printed() for estimate in estimates])[:, [1, 0, 2]]
    units = np.array([[monte_carlo.printed_step(error) for error in row] for row in said])
    for position in range(3):
        first = np.abs(printed[1:, position] - printed[:-1, position])
        unit = np.maximum(units[1:, position], units[:-1, position])
        assert np.mean(first <= unit) >= 0.85  # 49 pairs, 0.95 expected


def test_exact_numbers_have_none():
    for estimator in (abundance.LogLinear(), abundance.ChaoLowerBound(), abundance.DecomposableGraphs()):
        estimate = estimator.fit(TABLE)
        assert estimate.monte_carlo_error is estimate.interval().monte_carlo_error is None
        assert estimate.record()["monte_carlo_error_low"] is None


def test_they_stand_in_rows_records_and_text():
    estimate = abundance.ThresholdedLogLinear().fit(TABLE)
    low, high = estimate.interval(0.8).monte_carlo_error
    (row,), record = estimate.rows(0.8), estimate.record(0.8)
    for found in (row, record):
        assert found["monte_carlo_error"] == estimate.monte_carlo_error > 0
        assert (found["monte_carlo_error_low"], found["monte_carlo_error_high"]) == (low, high)
    assert f"{estimate.printed()[1]:,.0f} persons ({estimate.printed()[0]:,.0f} to" in str(estimate)
    with pytest.raises(ValueError, match="a Monte Carlo error of -1 persons"):
        dataclasses.replace(estimate, monte_carlo_error=-1)


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


@pytest.mark.slow
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


COUNTS = np.array([7, 1, 40, 3], dtype=np.int64)


def test_a_population_without_bounds_leaves_one_person_listed():
    """Of 1e30 persons with 51 listed, a whole number of draws that numpy can hold is taken."""
    tables = monte_carlo.population_resamples(COUNTS, 1e30, 20, seed=1)
    assert (tables.sum(axis=1) == 1).all()
    # and of a population all of whom are listed nobody is lost
    assert (monte_carlo.population_resamples(COUNTS, 51.0, 20, seed=1).sum(axis=1) == 51).all()
