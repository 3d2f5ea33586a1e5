"""Weighted draws: closed forms of their worth, and draws as often as the weights say."""

from __future__ import annotations

import numpy as np
import pytest

from detcount._numerics.monte_carlo import effective_size, largest_power, positions, resample, rows_by_weight

EXACT = 1e-12  # the same sums in another order


def test_the_effective_size_of_equal_weights_is_their_number() -> None:
    assert effective_size(np.full(7, -800.0)) == pytest.approx(7, abs=EXACT)
    assert effective_size(np.log([3.0, 1.0])) == pytest.approx(16 / 10, abs=EXACT)


@pytest.mark.parametrize("log_weights", [np.empty(0), np.full(3, -np.inf), np.array([0.0, np.nan])])
def test_weights_of_nothing_are_worth_nothing(log_weights: np.ndarray) -> None:
    assert effective_size(log_weights) == 0.0


def test_rows_come_within_one_of_their_share() -> None:
    weights = np.array([0.0, 0.2, 0.5, 0.0, 0.3])
    times = np.bincount(positions(7 * weights, 1001, np.random.default_rng(2)), minlength=5)
    assert (abs(times - 1001 * weights) <= 1).all()
    assert times[[0, 3]].tolist() == [0, 0]
    with np.errstate(divide="ignore"):
        rows = rows_by_weight(np.log(weights), 1001, np.random.default_rng(2))
    assert np.bincount(rows, minlength=5).tolist() == times.tolist()
    assert (np.diff(rows) < 0).any()


def test_values_drawn_have_the_weighted_quantiles() -> None:
    values, log_weights = np.array([4.0, -1.0, 9.0]), np.log([0.5, 0.3, 0.2])
    drawn = np.sort(resample(values, log_weights, 100, np.random.default_rng(1)))
    assert drawn[[5, 28, 31, 78, 81]].tolist() == [-1.0, -1.0, 4.0, 4.0, 9.0]


def test_the_largest_power_leaves_the_size_asked_for() -> None:
    log_weights = np.linspace(-30.0, 0.0, 50)
    power = largest_power(lambda candidate: candidate * log_weights, 10.0, 0.0, 1.0)
    assert effective_size(power * log_weights) == pytest.approx(10.0, rel=1e-6)
