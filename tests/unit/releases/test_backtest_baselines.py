"""Baselines of the backtest: against closed forms, brute force and rows made for them."""

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor_series import figures, random

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))

from backtest.baselines import chain_ladder, daily_increments, increment_draws, own_increments


def test_what_came_between_two_figures_is_spread_over_its_days():
    daily = daily_increments(np.array([3, 4, 8, 9]), np.array([10, 13, 21, 20]), 21)
    assert daily.tolist() == [3, 2, 2, 2, 2, -1]
    assert daily_increments(np.array([3, 4, 8, 9]), np.array([10, 13, 21, 20]), 3).tolist() == [2, 2, -1]


@given(
    daily=st.lists(st.integers(-3, 40), min_size=1, max_size=6),
    ahead=st.integers(1, 7),
    block=st.integers(1, 4),
)
def test_increments_ahead_are_those_of_brute_force(daily, ahead, block):
    drawn = increment_draws(np.array(daily, dtype=float), ahead, block, 300, random())
    n_blocks = -(-ahead // block)
    possible = set()
    for starts in np.ndindex(*(len(daily),) * min(n_blocks, 4)):
        path = [daily[(start + k) % len(daily)] for start in starts for k in range(block)]
        possible.add(sum(path[:ahead]))
    if n_blocks <= 4:
        assert set(drawn.tolist()) <= possible
    # each day counts as often as any other
    error = np.sqrt(drawn.var() / 300) + 1e-9
    assert abs(drawn.mean() - ahead * np.mean(daily)) <= 6 * error


def test_a_steady_series_goes_on_and_two_figures_are_too_few():
    later = own_increments(figures([7 * k for k in range(1, 10)]), 5, 200, random())
    assert set(later.tolist()) == {63.0 + 35.0}
    assert own_increments(figures([7, 14]), 5, 200, random()) is None


def test_a_total_is_never_below_nobody():
    later = own_increments(figures([40, 20, 3]), 7, 200, random())
    assert later.min() == 0


def test_chain_ladder_continues_steady_growth():
    known = figures([round(1e6 * 1.3**k) - 1 for k in range(8)])
    draws = chain_ladder(known, 3, [known], 400, random())
    # totals are rounded to persons, a millionth of them, and so are the factors
    assert np.allclose(draws, 1e6 * 1.3**10, rtol=1e-5)


def test_chain_ladder_takes_the_factor_of_an_age_from_older_series():
    old = figures([99, 199, 199, 199], first="2026-01-01", source="o")
    one = figures([999_999])
    draws = chain_ladder(one, 1, [old, one], 4000, random())
    # most redrawn factors hold the doubling; the noise at a million persons is a hundredth
    assert np.median(draws) == pytest.approx(2e6, rel=0.05)


def test_chain_ladder_with_too_little_history_says_between_none_and_a_few_times_as_many():
    known = figures([100, 130])
    draws = chain_ladder(known, 4, [known], 4000, random())
    assert draws.min() >= 130
    # the median of a half-normal is 0.6745 standard deviations; 4,000 draws give it to some hundredths
    assert np.log(np.median(draws) / 130) == pytest.approx(0.6745 * np.log(2), rel=0.1)
