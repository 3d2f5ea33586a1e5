"""Resampled tables and the acceleration of the jackknife."""

from __future__ import annotations

import numpy as np
import pytest

from detcount._numerics.monte_carlo import (
    jackknife_acceleration,
    jackknife_tables,
    multinomial_resamples,
    population_resamples,
)

EXACT = 1e-12  # the same sums in another order
STANDARD_ERRORS = 5.0  # a mean of resamples leaves this band once in a million

COUNTS = np.array([7, 1, 40, 3], dtype=np.int64)


def test_resamples_keep_every_person() -> None:
    tables = multinomial_resamples(COUNTS, 500, seed=3)
    assert tables.shape == (500, 4)
    assert tables.dtype == np.int64
    assert (tables.sum(axis=1) == COUNTS.sum()).all()
    assert (tables >= 0).all()


def test_resamples_have_the_mean_and_variance_of_the_table() -> None:
    n_resamples = 20_000
    tables = multinomial_resamples(COUNTS, n_resamples, seed=5)
    n = COUNTS.sum()
    variance = COUNTS * (1 - COUNTS / n)
    error = np.sqrt(variance / n_resamples)
    assert (np.abs(tables.mean(axis=0) - COUNTS) < STANDARD_ERRORS * error).all()
    relative = np.sqrt(
        2 / n_resamples + 1 / (n_resamples * variance)
    )  # fourth moment of a near-Poisson count
    assert (np.abs(tables.var(axis=0) / variance - 1) < STANDARD_ERRORS * relative).all()


def test_same_seed_same_resamples_and_another_seed_others() -> None:
    one = multinomial_resamples(COUNTS, 50, seed=1)
    assert (one == multinomial_resamples(COUNTS, 50, seed=1)).all()
    assert (one != multinomial_resamples(COUNTS, 50, seed=2)).any()


def test_jackknife_tables_leave_one_person_of_each_history_out() -> None:
    tables = jackknife_tables(COUNTS)
    assert tables.tolist() == [[6, 1, 40, 3], [7, 0, 40, 3], [7, 1, 39, 3], [7, 1, 40, 2]]


def test_acceleration_equals_the_sum_over_persons_one_by_one() -> None:
    values = np.array([101.0, 90.5, 99.75, 104.0])
    each = np.repeat(values, COUNTS)
    difference = each.mean() - each
    expected = (difference**3).sum() / (6 * (difference**2).sum() ** 1.5)
    assert jackknife_acceleration(values, COUNTS * 1.0) == pytest.approx(expected, rel=EXACT)


def test_acceleration_of_the_mean_is_a_sixth_of_the_skewness_over_root_n() -> None:
    # For a mean, leaving x out moves it by (x - mean)/(n - 1), so the sum has a closed form.
    x = np.array([1.0, 2.0, 4.0, 10.0, 11.0])
    left_out = (x.sum() - x) / 4
    centred = x - x.mean()
    expected = (centred**3).mean() / (centred**2).mean() ** 1.5 / (6 * np.sqrt(5))
    assert jackknife_acceleration(left_out, np.ones(5)) == pytest.approx(expected, rel=EXACT)


@pytest.mark.parametrize("shift", [1e-3, 1e9])
def test_acceleration_does_not_depend_on_unit_or_origin(shift: float) -> None:
    values = np.array([101.0, 90.0, 99.0, 104.0])
    base = jackknife_acceleration(values, COUNTS * 1.0)
    assert jackknife_acceleration(values * 1024.0, COUNTS * 1.0) == pytest.approx(base, rel=EXACT)
    rounding = 1e-12 + 1e-15 * shift * 10  # the origin costs digits of the differences
    assert jackknife_acceleration(values + shift, COUNTS * 1.0) == pytest.approx(base, rel=rounding)


def test_values_without_an_answer_are_left_out() -> None:
    values = np.array([101.0, np.inf, 99.75, 104.0])
    kept = np.array([0, 2, 3])
    expected = jackknife_acceleration(values[kept], COUNTS[kept] * 1.0)
    assert jackknife_acceleration(values, COUNTS * 1.0) == expected
    assert jackknife_acceleration(np.full(4, np.inf), COUNTS * 1.0) == 0.0


def test_an_estimate_that_nobody_moves_has_no_acceleration() -> None:
    assert jackknife_acceleration(np.full(4, 88.125), COUNTS * 1.0) == 0.0


def test_a_population_without_bounds_leaves_one_person_listed() -> None:
    """Of 1e30 persons with 51 listed, a whole number of draws that numpy can hold is taken."""
    tables = population_resamples(COUNTS, 1e30, 20, seed=1)
    assert (tables.sum(axis=1) == 1).all()
    # and of a population all of whom are listed nobody is lost
    assert (population_resamples(COUNTS, 51.0, 20, seed=1).sum(axis=1) == 51).all()
