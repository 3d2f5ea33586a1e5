"""Resampled tables and the acceleration of the jackknife."""

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


def test_resamples_have_the_mean_and_variance_of_the_table():
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


def test_jackknife_tables_leave_one_person_of_each_history_out():
    tables = jackknife_tables(COUNTS)
    assert tables.tolist() == [[6, 1, 40, 3], [7, 0, 40, 3], [7, 1, 39, 3], [7, 1, 40, 2]]


def test_acceleration_equals_the_sum_over_persons_one_by_one():
    values = np.array([101.0, 90.5, 99.75, 104.0])
    each = np.repeat(values, COUNTS)
    difference = each.mean() - each
    expected = (difference**3).sum() / (6 * (difference**2).sum() ** 1.5)
    assert jackknife_acceleration(values, COUNTS * 1.0) == pytest.approx(expected, rel=EXACT)


def test_a_population_without_bounds_leaves_one_person_listed():
    """Of 1e30 persons with 51 listed, a whole number of draws that numpy can hold is taken."""
    tables = population_resamples(COUNTS, 1e30, 20, seed=1)
    assert (tables.sum(axis=1) == 1).all()
    # and of a population all of whom are listed nobody is lost
    assert (population_resamples(COUNTS, 51.0, 20, seed=1).sum(axis=1) == 51).all()
