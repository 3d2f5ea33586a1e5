"""What reports add to each other, and counts of people verified in clusters."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from detcount._numerics.process import clusters
from detcount._numerics.process.reports import Plan, Superseded, best_cover, plan_reports

# sums of a few hundred probabilities
SUM = 1e-10
# central differences of second order with steps of 1e-5
SLOPE = 1e-6
# Monte Carlo error of a mean of 200,000 draws, four standard errors
FOUR_ERRORS = 4.0


def plan(rows: list[tuple[int, int, int, int]], at_least: list[int] | None = None) -> Plan:
    """Plan of rows (start, end, published, count)."""
    start, end, published, count = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    least = np.zeros(len(rows), dtype=bool)
    least[at_least or []] = True
    return plan_reports(start, end, published, count, least)


def test_a_running_total_stands_on_the_one_before() -> None:
    made = plan([(0, 1, 1, 9), (0, 2, 2, 16), (0, 4, 4, 56)])
    assert made.rows == (0, 1, 2)
    assert made.bases == {0: (), 1: (0,), 2: (1,)}
    assert (made.superseded, made.n_overlapping) == ((), 0)


def test_a_day_inside_a_running_total_is_not_counted_twice() -> None:
    # 110 of day 17 and 156 up to day 15 make the 266 up to day 18; 383 of a longer window holds the 266
    made = plan([(0, 15, 15, 156), (17, 17, 18, 110), (0, 18, 18, 266), (-38, 18, 18, 383)])
    assert made.bases[2] == (0, 1)
    assert made.bases[3] == (2,)
    assert made.n_overlapping == 0


def test_a_total_that_falls_is_a_correction() -> None:
    made = plan([(0, 1, 1, 75), (0, 2, 4, 61), (0, 3, 5, 64)])
    assert made.superseded == (Superseded(0, 1, "correction"),)
    assert made.bases == {1: (), 2: (1,)}


def test_the_later_figure_of_a_day_wins() -> None:
    made = plan([(0, 4, 4, 41), (0, 4, 4, 56), (0, 5, 5, 56)])
    assert made.superseded == (Superseded(0, 1, "same day"),)
    assert made.bases == {1: (), 2: (1,)}


def test_a_lower_bound_below_what_is_known_says_nothing() -> None:
    made = plan([(0, 4, 4, 41), (0, 5, 5, 30)], at_least=[1])
    assert made.superseded == (Superseded(1, 0, "no news"),)


def test_windows_that_cross_are_counted_as_overlapping() -> None:
    assert plan([(0, 5, 5, 20), (4, 9, 9, 30)]).n_overlapping == 1
    assert plan([(0, 5, 5, 20), (6, 9, 9, 30)]).n_overlapping == 0


windows = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 6), st.integers(0, 40)), min_size=1, max_size=7
)


@given(windows)
def test_the_best_cover_is_that_of_all_subsets(rows: list[tuple[int, int, int]]) -> None:
    start = np.array([row[0] for row in rows])
    end = start + np.array([row[1] for row in rows])
    weight = np.array([row[2] for row in rows], dtype=float)
    chosen = list(best_cover(start, end, weight))

    def disjoint(subset: tuple[int, ...]) -> bool:
        return all(end[a] < start[b] or end[b] < start[a] for a, b in itertools.combinations(subset, 2))

    best = max(
        weight[list(subset)].sum()
        for size in range(len(rows) + 1)
        for subset in itertools.combinations(range(len(rows)), size)
        if disjoint(subset)
    )
    assert disjoint(tuple(chosen))
    assert weight[chosen].sum() == best


@given(
    st.lists(
        st.tuples(
            st.integers(0, 12), st.integers(0, 6), st.integers(0, 5), st.integers(0, 60), st.booleans()
        ),
        min_size=1,
        max_size=8,
    )
)
def test_a_plan_accounts_for_every_report(rows: list[tuple[int, int, int, int, bool]]) -> None:
    start = np.array([row[0] for row in rows])
    end = start + np.array([row[1] for row in rows])
    published = end + np.array([row[2] for row in rows])
    count = np.array([row[3] for row in rows])
    least = np.array([row[4] for row in rows])
    made = plan_reports(start, end, published, count, least)
    gone = [one.old for one in made.superseded]
    assert sorted([*made.rows, *gone]) == list(range(len(rows)))
    for row in made.rows:
        below = list(made.bases[row])
        assert set(below) <= set(made.rows)
        assert count[below].sum() <= count[row]
        assert (start[below] >= start[row]).all()
        assert (end[below] <= end[row]).all()
        assert (published[below] <= published[row]).all()
        days = [day for base in below for day in range(start[base], end[base] + 1)]
        assert len(days) == len(set(days))


@pytest.mark.parametrize(("mean", "spread"), [(0.3, 0.7), (4.0, 2.5), (90.0, 9.0)])
def test_clusters_are_the_negative_binomial_of_scipy(mean: float, spread: float) -> None:
    counts = np.arange(0, 2000.0)
    ours = clusters.log_clusters(counts, np.array(mean), np.array(spread))
    theirs = stats.nbinom.logpmf(counts, mean / spread, 1 / (1 + spread))
    np.testing.assert_allclose(ours, theirs, atol=1e-8, rtol=1e-10)  # log gamma at a few thousand
    probability = np.exp(ours)
    assert probability.sum() == pytest.approx(1, abs=SUM)
    assert probability @ counts == pytest.approx(mean, rel=1e-6)  # what lies above 2,000
    assert probability @ (counts - mean) ** 2 == pytest.approx(mean * (1 + spread), rel=1e-4)


def test_clusters_add_up_to_clusters() -> None:
    # a register that is cut in cells is as uncertain as one that is not
    counts = np.arange(60.0)
    one, two, both = (
        np.exp(clusters.log_clusters(counts, np.array(mean), np.array(1.7))) for mean in (2.5, 4.0, 6.5)
    )
    np.testing.assert_allclose(np.convolve(one, two)[:60], both, atol=SUM)


def test_the_score_is_the_slope() -> None:
    count, spread, step = np.array([0.0, 3, 50]), np.array(2.2), 1e-5
    for mean in (0.4, 7.0):
        up, down = (
            clusters.log_clusters(count, np.array(mean * np.exp(sign * step)), spread) for sign in (1, -1)
        )
        score = clusters.score_clusters(count, np.array(mean), spread)
        np.testing.assert_allclose(score, (up - down) / (2 * step), rtol=SLOPE, atol=SLOPE)


def test_draws_have_mean_and_variance() -> None:
    n_draws, mean, spread = 200_000, 6.0, 3.0
    draws = clusters.draw_clusters(np.full(n_draws, mean), np.full(n_draws, spread), np.random.default_rng(5))
    error = math.sqrt(mean * (1 + spread) / n_draws)
    assert abs(draws.mean() - mean) < FOUR_ERRORS * error
    assert draws.var() == pytest.approx(mean * (1 + spread), rel=0.05)  # fourth moments: 2% is two errors


def test_excess_above_a_lower_bound_is_by_rule_of_bayes() -> None:
    n_draws, count, mean, spread, scale = 200_000, 12, 14.0, 0.8, 3.0
    draws = clusters.draw_excess(
        count, np.full(n_draws, mean), np.full(n_draws, spread), scale, np.random.default_rng(6)
    )
    excess = np.arange(200)
    joint = (
        stats.nbinom.pmf(count + excess, mean / spread, 1 / (1 + spread)) * (scale / (1 + scale)) ** excess
    )
    expected = joint @ excess / joint.sum()
    assert draws.min() == 0
    assert abs(draws.mean() - expected) < FOUR_ERRORS * draws.std() / math.sqrt(n_draws)
